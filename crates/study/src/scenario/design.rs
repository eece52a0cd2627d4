//! How a trial is run: who stays, who takes what is prescribed, what happens to those who get worse.

use super::ScenarioError;
use super::file;
use super::resolve::Resolver;
use super::timeline;
use gutskin_biology::catalogue::SkinDrug;
use gutskin_network::Network;
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// How people and arms meet.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Each person is in one arm.
    Parallel,
    /// Each person has both treatments, one after the other; the arms are the two sequences.
    Crossover {
        /// Days without treatment between the periods.
        washout: f64,
        /// Names of the treatments, the comparator first.
        treatments: [String; 2],
        /// Visits of a period.
        visits: usize,
    },
    /// Two factors, each present or absent.
    Factorial {
        /// Their names.
        factors: [String; 2],
    },
}

impl Kind {
    /// Days from randomisation to the end of the last treatment, where one lasts `duration`.
    #[must_use]
    pub fn length(&self, duration: f64) -> f64 {
        match self {
            Self::Crossover { washout, .. } => 2.0 * duration + washout,
            _ => duration,
        }
    }

    /// In a word.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Parallel => "parallel",
            Self::Crossover { .. } => "crossover",
            Self::Factorial { .. } => "factorial",
        }
    }
}

/// The design of a trial.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// How people and arms meet.
    pub kind: Kind,
    /// People simulated, from whom trials are drawn.
    pub pool: usize,
    /// Trials drawn from them.
    pub replicates: usize,
    /// Days between screening and randomisation, on the first arm's usual course.
    pub run_in: f64,
    /// Days after treatment during which people are seen.
    pub follow_up: f64,
    /// Who takes what is prescribed; everybody all of it unless given.
    pub adherence: Option<Adherence>,
    /// Who leaves the study; nobody unless given.
    pub drop_out: Option<DropOut>,
    /// Share of single visits after entry that are missed.
    pub missing: f64,
    /// What those get who become worse.
    pub rescue: Option<Rescue>,
    /// A look before the end.
    pub interim: Option<Interim>,
}

/// Share of the prescribed that a person takes: a trait of the person, the same in every arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adherence {
    /// Mean share.
    pub mean: f64,
    /// Standard deviation between people.
    pub sd: f64,
}

/// What leaving the study depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependence {
    /// Nothing: missing completely at random.
    Nothing,
    /// The last reading: missing at random.
    Reading,
    /// The true score, unseen: missing not at random.
    Score,
}

/// Who leaves the study.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DropOut {
    /// Share of people who leave before the last visit, of those whose score stays where it was.
    pub share: f64,
    /// What it depends on.
    pub depends_on: Dependence,
    /// Hazard of those whose score stays over that of those whose score falls to nothing.
    pub ratio: f64,
}

/// What is asked about people after rescue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimand {
    /// The effect whatever else was taken: readings after rescue count as they are.
    TreatmentPolicy,
    /// The effect had there been no rescue: readings after it are set aside.
    Hypothetical,
    /// Rescue is a failure: no change from entry, no response.
    Composite,
}

impl Estimand {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TreatmentPolicy => "treatment policy",
            Self::Hypothetical => "hypothetical",
            Self::Composite => "composite",
        }
    }
}

/// When rescue is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trigger {
    /// The reading exceeds that at entry by this share.
    Worsening(f64),
    /// The reading exceeds this.
    Above(f64),
}

/// Rescue medication.
#[derive(Clone, Debug, PartialEq)]
pub struct Rescue {
    /// Its name.
    pub name: String,
    /// When it is given.
    pub trigger: Trigger,
    /// First day on which it may be given.
    pub from: f64,
    /// Inputs that it sets.
    pub inputs: Vec<(u32, f64)>,
    /// Drug that it gives, with the days between doses.
    pub drug: Option<(SkinDrug, Option<f64>)>,
    /// What is asked.
    pub estimand: Estimand,
}

/// A look for futility.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interim {
    /// Share of the people whose outcome is known.
    pub at: f64,
    /// The trial stops below this chance of p < 0.05 at its end, the trend of the look going on.
    pub conditional_power: f64,
}

/// People simulated for each one in a trial.
pub(super) const POOL: usize = 5;
/// Trials drawn unless the file says otherwise.
const REPLICATES: usize = 1000;

impl Resolver<'_> {
    pub(super) fn design(
        &self,
        raw: Option<&Spanned<file::Design>>,
        (network, drugs): (&Network, &[SkinDrug]),
        (people, arms): (usize, &[Spanned<file::Arm>]),
    ) -> Result<Design> {
        let none = file::Design::default();
        let design = raw.map_or(&none, Spanned::as_ref);
        let time = |t: &Option<Spanned<String>>| t.as_ref().map_or(Ok(0.0), |t| self.length(t));
        Ok(Design {
            kind: self.kind(design, arms)?,
            pool: self.pool(design, people)?,
            replicates: match &design.replicates {
                None => REPLICATES,
                Some(n) => self.count("replicates", n, 10..=1_000_000)?,
            },
            run_in: time(&design.run_in)?,
            follow_up: time(&design.follow_up)?,
            adherence: design
                .adherence
                .as_ref()
                .map(|a| self.adherence(a))
                .transpose()?,
            drop_out: design
                .drop_out
                .as_ref()
                .map(|d| self.drop_out(d))
                .transpose()?,
            missing: match &design.missing {
                None => 0.0,
                Some(m) => self.share("missing visits", *m.as_ref(), m.span())?,
            },
            rescue: match &design.rescue {
                None => None,
                Some(r) => Some(self.rescue(r, (network, drugs), arms)?),
            },
            interim: design
                .interim
                .as_ref()
                .map(|i| self.interim(i, people / arms.len().max(1)))
                .transpose()?,
        })
    }

    fn pool(&self, design: &file::Design, people: usize) -> Result<usize> {
        match &design.pool {
            None => Ok(POOL * people),
            Some(pool) => {
                let size = self.count("people in the pool", pool, 1..=super::resolve::LARGEST)?;
                if size < people {
                    return Err(self
                        .error(
                            pool.span(),
                            format!(
                                "a pool of {size} people cannot fill the arms, which hold {people}"
                            ),
                        )
                        .with_help(format!(
                            "at least {people}; without the line it is {}",
                            POOL * people
                        )));
                }
                Ok(size)
            }
        }
    }

    fn share(&self, what: &str, value: f64, span: std::ops::Range<usize>) -> Result<f64> {
        if (0.0..1.0).contains(&value) {
            return Ok(value);
        }
        Err(self
            .error(span, format!("the share of {what} is {value}"))
            .with_help("a share lies between 0 and 1, for example 0.15"))
    }

    fn adherence(&self, raw: &Spanned<file::Adherence>) -> Result<Adherence> {
        let file::Adherence { mean, sd } = *raw.as_ref();
        // A share with this mean cannot spread further, whatever its distribution.
        let widest = (mean * (1.0 - mean)).max(0.0).sqrt();
        if !(mean > 0.0 && mean <= 1.0 && sd >= 0.0 && (sd == 0.0 || sd < widest)) {
            return Err(self
                .error(raw.span(), format!("nobody's adherence has mean {mean} and standard deviation {sd}"))
                .with_help("the mean lies above 0 and up to 1; the standard deviation below the root of mean·(1 − mean), for example mean = 0.8, sd = 0.15"));
        }
        Ok(Adherence { mean, sd })
    }

    fn drop_out(&self, raw: &Spanned<file::DropOut>) -> Result<DropOut> {
        let drop = raw.as_ref();
        let depends_on = match drop.depends_on.as_ref() {
            None => Dependence::Nothing,
            Some(text) => match text.as_ref().as_str() {
                "nothing" => Dependence::Nothing,
                "reading" => Dependence::Reading,
                "score" => Dependence::Score,
                _ => {
                    return Err(self.unknown(
                        "dependence",
                        text,
                        ["nothing", "reading", "score"].into_iter(),
                    ));
                }
            },
        };
        let ratio = match (depends_on, drop.ratio) {
            (Dependence::Nothing, None) => 1.0,
            (Dependence::Nothing, Some(_)) => {
                return Err(self
                    .error(
                        raw.span(),
                        "a ratio says how drop-out depends on the score, but it depends on nothing",
                    )
                    .with_help(
                        "add depends_on = \"reading\" or \"score\", or leave the ratio out",
                    ));
            }
            (_, None) => {
                return Err(self
                    .error(raw.span(), "how much drop-out depends on the score is missing")
                    .with_help("add ratio, for example 3: those who stay as they were leave three times as often as those who clear"));
            }
            (_, Some(ratio)) if ratio > 0.0 && ratio.is_finite() => ratio,
            (_, Some(ratio)) => {
                return Err(self.error(
                    raw.span(),
                    format!("the ratio of hazards is {ratio}; it must be above 0"),
                ));
            }
        };
        Ok(DropOut {
            share: self.share("people who leave", drop.share, raw.span())?,
            depends_on,
            ratio,
        })
    }

    fn rescue(
        &self,
        raw: &Spanned<file::Rescue>,
        (network, drugs): (&Network, &[SkinDrug]),
        arms: &[Spanned<file::Arm>],
    ) -> Result<Rescue> {
        let rescue = raw.as_ref();
        let estimand = match rescue.estimand.as_ref().as_str() {
            "treatment_policy" => Estimand::TreatmentPolicy,
            "hypothetical" => Estimand::Hypothetical,
            "composite" => Estimand::Composite,
            _ => {
                let known = ["treatment_policy", "hypothetical", "composite"];
                return Err(self.unknown("estimand", &rescue.estimand, known.into_iter()));
            }
        };
        let trigger = match (rescue.worsening, rescue.above) {
            (Some(share), None) if share > -1.0 && share.is_finite() => Trigger::Worsening(share),
            (None, Some(value)) if value.is_finite() => Trigger::Above(value),
            _ => {
                return Err(self
                    .error(raw.span(), "rescue needs one rule that says when it is given")
                    .with_help("worsening = 0.25 (a quarter above the reading at entry) or above = 30 (points)"));
            }
        };
        let change = Spanned::new(raw.span(), rescue_change(rescue));
        let moves = self.moves(&change, network)?;
        let drug = self.rescue_drug(rescue, drugs, arms)?;
        let inputs = (moves.inputs.iter())
            .map(|&(input, effect)| (input, effect.on(timeline::usual(network, input))))
            .collect();
        let named = [&rescue.drug, &rescue.exposure, &rescue.input];
        let name = named.into_iter().flatten().next();
        Ok(Rescue {
            name: name.map_or(String::new(), |n| n.as_ref().clone()),
            trigger,
            from: rescue.from.as_ref().map_or(Ok(0.0), |t| self.days(t))?,
            inputs,
            drug,
            estimand,
        })
    }

    fn rescue_drug(
        &self,
        rescue: &file::Rescue,
        drugs: &[SkinDrug],
        arms: &[Spanned<file::Arm>],
    ) -> Result<Option<(SkinDrug, Option<f64>)>> {
        let Some(name) = &rescue.drug else {
            return Ok(None);
        };
        let given = |arm: &&Spanned<file::Arm>| {
            let drugs = arm
                .as_ref()
                .changes
                .iter()
                .filter_map(|c| c.as_ref().drug.as_ref());
            drugs.into_iter().any(|d| d.as_ref() == name.as_ref())
        };
        if let Some(arm) = arms.iter().find(given) {
            return Err(self
                .error(
                    name.span(),
                    format!(
                        "\"{}\" is already given in the arm \"{}\"",
                        name.as_ref(),
                        arm.as_ref().name
                    ),
                )
                .with_help("name another drug for rescue"));
        }
        // A drug of the gut moves inputs only.
        let Some(drug) = drugs.iter().find(|d| d.id == *name.as_ref()) else {
            return Ok(None);
        };
        let interval = self.interval(&rescue_change(rescue), drug)?;
        Ok(Some((drug.clone(), interval)))
    }

    fn interim(&self, raw: &Spanned<file::Interim>, per_arm: usize) -> Result<Interim> {
        let file::Interim {
            at,
            conditional_power,
        } = *raw.as_ref();
        if !(at > 0.0 && at < 1.0 && (0.0..1.0).contains(&conditional_power)) {
            return Err(self
                .error(raw.span(), format!("a look at a share of {at} with a limit of {conditional_power} is not possible"))
                .with_help("both lie between 0 and 1, for example at = 0.5, conditional_power = 0.1"));
        }
        /// Fewer people an arm have no spread.
        const FEWEST: f64 = 2.0;
        let seen = (at * per_arm as f64).round();
        if seen < FEWEST {
            return Err(self
                .error(
                    raw.span(),
                    format!("a look at {at} of {per_arm} people an arm sees {seen}"),
                )
                .with_help("look later, for example at = 0.5; two people an arm at least"));
        }
        Ok(Interim {
            at,
            conditional_power,
        })
    }
}

/// Rescue as a change of an arm, whose rules of writing it shares.
fn rescue_change(rescue: &file::Rescue) -> file::Change {
    file::Change {
        input: rescue.input.clone(),
        value: rescue.value.clone(),
        exposure: rescue.exposure.clone(),
        drug: rescue.drug.clone(),
        interval: rescue.interval.clone(),
        dose: rescue.dose.clone(),
        ..file::Change::default()
    }
}
