//! All that is said of a trial.

use super::contrast::{Contrast, contrasts};
use super::estimate::method;
use super::guilds::{self, GuildShare};
use super::operating::{Operating, available, operating};
use super::reported::{self, ArmResponse, Drawn, Reported, measure_in_words};
use super::residual;
use super::run::{Patient, TrialRun};
use super::subgroup::{SubgroupResult, subgroups};
use super::tighter::Tighter;
use super::truth::{comparator_parts, individuals, pool_records, true_effect};
use super::uncertainty::Uncertainty;
use super::why::Why;
use crate::scenario::{Dependence, Kind, Measure, Scenario};
use crate::statistics::{Interval, mean, quantile, sorted, variance};
use gutskin_network::Observable;
use serde::Serialize;

/// Unit of shares of people.
const SHARE: &str = "share";

/// How the trial is run.
#[derive(Clone, Debug, Serialize)]
pub struct DesignSummary {
    /// Kind, in a word.
    pub kind: &'static str,
    /// People an arm.
    pub per_arm: usize,
    /// Trials drawn.
    pub replicates: usize,
    /// What is asked about people after rescue.
    pub estimand: &'static str,
    /// What judges the endpoint.
    pub method: &'static str,
    /// What else happens, a sentence each.
    pub events: Vec<String>,
    /// Is the pool at least five times the trial? Otherwise trials share many people and differ too little.
    pub pool_is_large: bool,
    /// Whether people are let in or kept out by the reading of the endpoint at entry.
    pub screened: bool,
}

/// From drawn people to the pool.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Flow {
    /// People drawn until the pool was full.
    pub screened: usize,
    /// People left out because no stable steady state was found.
    pub without_steady_state: usize,
    /// Of these, people slower to settle than three years (psoriasis): drawn again like the others.
    pub too_slow: usize,
    /// People who did not satisfy the inclusion rules.
    pub excluded: usize,
    /// People simulated in every arm.
    pub pool: usize,
    /// Of these, people whose equations could be solved in every arm: trials are drawn from them.
    pub available: usize,
}

/// One arm.
#[derive(Clone, Debug, Serialize)]
pub struct ArmSummary {
    /// Name.
    pub name: String,
    /// People of the pool who completed.
    pub completed: usize,
    /// People whose equations could not be solved.
    pub failed: usize,
    /// Why the first one failed.
    pub first_failure: Option<String>,
    /// Change from entry of this arm as seen (placebo course and noise included), everyone followed; of responses and
    /// times to them the share that responds at the endpoint's visit.
    pub seen: Interval,
    /// The same without placebo course and noise: what the equations do.
    pub modelled: Interval,
    /// Share of people who get rescue.
    pub rescued: f64,
    /// Mean and 5–95 % band of the observable as seen, one a visit.
    pub course: Vec<[f64; 3]>,
    /// Mean composition of the community, where the model has a colon.
    pub guilds: Vec<GuildShare>,
    /// The arm in the reported trial.
    pub reported: Option<ArmResponse>,
}

/// A comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// What is compared: an arm, a treatment or a factor.
    pub arm: String,
    /// With what.
    pub against: String,
    /// True effect in the pool. Of changes: the mean over people, each against themselves, with the interval of that mean.
    pub effect: Interval,
    /// Standard deviation of the effect between people, of changes.
    pub between_people: f64,
    /// Percentiles 0, 5 … 100 of the effect over people, of changes.
    pub individual: Vec<f64>,
    /// Share of people whose own effect is an improvement.
    pub improved_share: f64,
    /// Half width of the 95 % interval that a trial of this size reports on average.
    pub trial_half_width: f64,
    /// Chance that such a trial finds p < 0.05.
    pub power: f64,
    /// Many trials of this size.
    pub trials: Option<Operating>,
    /// The first of them.
    pub reported: Option<Reported>,
    /// Who responds.
    pub subgroups: Vec<SubgroupResult>,
}

impl Comparison {
    /// Is it the interaction of two factors, which nobody is given?
    #[must_use]
    pub fn is_interaction(&self) -> bool {
        self.against == super::contrast::INTERACTION
    }

    /// Is there a result at all: has anyone completed both arms?
    #[must_use]
    pub fn has_result(&self) -> bool {
        self.effect.mean.is_finite()
    }
}

/// The whole result.
#[derive(Clone, Debug, Serialize)]
pub struct TrialSummary {
    /// Title of the scenario.
    pub name: String,
    /// Question of the scenario.
    pub question: String,
    /// Endpoint, in words.
    pub endpoint: String,
    /// What counts as a response, in words.
    pub response: String,
    /// Unit of the effect.
    pub unit: String,
    /// Unit of what is said of each arm.
    pub arm_unit: String,
    /// Is a lower value of the observable better?
    pub lower_is_better: bool,
    /// How the trial is run.
    pub design: DesignSummary,
    /// Visit times, days from randomisation.
    pub visits: Vec<f64>,
    /// From drawn people to the pool.
    pub flow: Flow,
    /// Arms.
    pub arms: Vec<ArmSummary>,
    /// The comparisons of the design.
    pub comparisons: Vec<Comparison>,
    /// Part of the comparator's change that its own changes make: 0 where nothing changes in it.
    pub from_comparator: f64,
    /// Part of the comparator's change that entry on a noisy value creates (regression to the mean).
    pub from_screening: f64,
    /// Part of the comparator's change that noise makes whoever is let in: a ratio to a noisy entry rises with its noise.
    pub from_noise: f64,
    /// Size of the placebo course over the usual one, 0 to 2: set before the trial, for the whole arm to change as in the trials
    /// that the usual one is fitted to, whatever entry and noise make of it.
    pub placebo_size: f64,
    /// Part of the comparator's change due to placebo and natural course.
    pub from_placebo: f64,
    /// Part of what the comparator shows that rescue makes.
    pub from_rescue: f64,
    /// Effects under other draws of what is not known.
    pub uncertainty: Option<Uncertainty>,
    /// How far the tolerance of the solver moves results.
    pub tighter: Option<Tighter>,
    /// What each link carries, where asked for; one entry a comparison.
    pub why: Vec<Why>,
}

impl TrialSummary {
    /// What is said of each arm, in words.
    #[must_use]
    pub fn of_each_arm(&self) -> String {
        match self.arm_unit.as_str() {
            SHARE => "share that responds at the endpoint's visit".to_owned(),
            "" | "1" => "change".to_owned(),
            unit => format!("change, {unit}"),
        }
    }

    /// The first arm that nobody completed.
    #[must_use]
    pub fn empty_arm(&self) -> Option<&ArmSummary> {
        self.arms.iter().find(|arm| arm.completed == 0)
    }
}

/// Summarises a run.
pub fn summarise(scenario: &Scenario, run: &TrialRun) -> TrialSummary {
    let observable = &scenario.network.observables[scenario.endpoint.observable as usize];
    let drawn = Drawn::first(scenario, run);
    let drawn = drawn.as_ref();
    let parts = comparator_parts(scenario, run);
    TrialSummary {
        name: scenario.name.clone(),
        question: scenario.question.clone(),
        endpoint: format!(
            "{} of {} from entry to day {}",
            measure_in_words(scenario.endpoint.measure),
            observable.name,
            scenario.visits[scenario.endpoint.visit]
        ),
        response: scenario.endpoint.response_in_words(),
        unit: match scenario.endpoint.measure {
            Measure::TimeToResponse | Measure::TimeToRelapse => "ln hazard ratio".to_owned(),
            _ => arm_unit(scenario, observable),
        },
        arm_unit: arm_unit(scenario, observable),
        lower_is_better: scenario.endpoint.lower_is_better,
        design: {
            let mut design = design(scenario);
            design
                .events
                .extend(super::truth::carry_over(scenario, run));
            design
        },
        visits: scenario.visits.clone(),
        flow: Flow {
            screened: run.screened,
            without_steady_state: run.without_steady_state,
            too_slow: run.too_slow,
            excluded: run
                .screened
                .saturating_sub(run.without_steady_state + run.patients.len()),
            pool: run.patients.len(),
            available: available(run).len(),
        },
        arms: (0..scenario.arms.len())
            .map(|arm| arm_summary(scenario, run, drawn, arm))
            .collect(),
        comparisons: comparisons(scenario, run, drawn),
        from_comparator: parts.own,
        from_screening: parts.screening,
        from_noise: parts.noise,
        placebo_size: run.placebo_sizes.first().copied().unwrap_or(1.0),
        from_placebo: parts.placebo,
        from_rescue: parts.rescue,
        uncertainty: run.uncertainty.clone(),
        tighter: run.tighter,
        why: Vec::new(),
    }
}

impl TrialSummary {
    /// What is said of the size of the placebo course; nothing where it is about the usual one.
    #[must_use]
    pub fn resized_placebo(&self) -> Option<String> {
        let size = self.placebo_size;
        let far = (size - 1.0).abs() >= TOLD_FROM;
        far.then(|| {
            let end = if [residual::SMALLEST, residual::LARGEST].contains(&size) {
                ", as far as it goes: the whole arm changes otherwise than in those trials"
            } else {
                ""
            };
            format!(
                "the placebo course has {size:.2} times its usual size, for entry on noisy readings makes another part of the arm \
                 than in the trials it is fitted to{end}"
            )
        })
    }
}

/// Distance from the usual size from which on it is told.
const TOLD_FROM: f64 = 0.05;

/// Unit of what is said of an arm: of changes theirs, else a share of people.
fn arm_unit(scenario: &Scenario, observable: &Observable) -> String {
    match scenario.endpoint.measure {
        Measure::PercentChange => "%".to_owned(),
        Measure::Change => unit_in_words(observable),
        _ => SHARE.to_owned(),
    }
}

/// The unit of an observable; scores count in points.
fn unit_in_words(observable: &Observable) -> String {
    match &observable.unit {
        Some(unit) if unit.to_string() == "1" && observable.name.starts_with("score.") => {
            "points".to_owned()
        }
        unit => unit.as_ref().map_or(String::new(), ToString::to_string),
    }
}

fn design(scenario: &Scenario) -> DesignSummary {
    let design = &scenario.design;
    let people = scenario.population.size * scenario.arms.len();
    DesignSummary {
        kind: scenario.design.kind.name(),
        per_arm: scenario.population.size,
        replicates: design.replicates,
        estimand: scenario.estimand().name(),
        method: method(scenario),
        events: events(scenario),
        screened: scenario.screened_by_endpoint(),
        pool_is_large: design.pool >= 5 * people,
    }
}

/// What happens in the trial beside treatment.
fn events(scenario: &Scenario) -> Vec<String> {
    let design = &scenario.design;
    let mut events = Vec::new();
    if let Some(stage) = &scenario.life_stage {
        events.push(format!(
            "everyone is of the life stage `{stage}`: the colon and what is eaten are of that age, skin, immunity and stress are those of adults"
        ));
    }
    if let Some(ages) = scenario.population.ages {
        events.push(match &scenario.life_stage {
            Some(stage) => format!(
                "people are {}, all as the life stage `{stage}` stands for them",
                ages.in_words()
            ),
            None => format!(
                "people are {}: adults, among whom age is in no equation",
                ages.in_words()
            ),
        });
    }
    for one in &scenario.population.background.told {
        events.push(format!("everyone is on {one}, in every arm"));
    }
    events.extend(scenario.bursts.in_words().map(str::to_owned));
    if let Kind::Crossover { washout, .. } = &design.kind {
        events.push(format!("each person has both treatments, {washout} d of washout between them; the true effect is that over both periods, each from its own entry; flow and responders are those of the first"));
    }
    if design.run_in > 0.0 {
        events.push(format!(
            "run-in of {} d between screening and randomisation",
            design.run_in
        ));
    }
    if design.follow_up > 0.0 {
        events.push(format!(
            "follow-up of {} d after treatment",
            design.follow_up
        ));
    }
    if let Some(a) = design.adherence {
        events.push(format!("people take {:.0} % of what is prescribed, with a standard deviation of {:.0} % between them", 100.0 * a.mean, 100.0 * a.sd));
    }
    if let Some(d) = design.drop_out {
        let on = match d.depends_on {
            Dependence::Nothing => "whatever their score (missing completely at random)".to_owned(),
            Dependence::Reading => format!(
                "those who stay as they were {} times as often as those who clear, by the last reading (missing at random)",
                d.ratio
            ),
            Dependence::Score => format!(
                "those who stay as they were {} times as often as those who clear, by the true score (missing not at random)",
                d.ratio
            ),
        };
        events.push(format!(
            "{:.0} % of people whose score stays leave before the last visit, {on}",
            100.0 * d.share
        ));
    }
    if design.missing > 0.0 {
        events.push(format!(
            "{:.0} % of single visits are missed",
            100.0 * design.missing
        ));
    }
    if let Some(r) = &design.rescue {
        events.push(format!(
            "rescue with {} on the treating physician's own reading; estimand: {}",
            r.name,
            r.estimand.name()
        ));
    }
    if let Some(i) = design.interim {
        events.push(format!("a look for futility at {:.0} % of the people: stop below a conditional power of {:.0} %", 100.0 * i.at, 100.0 * i.conditional_power));
    }
    events
}

fn arm_summary(
    scenario: &Scenario,
    run: &TrialRun,
    drawn: Option<&Drawn<'_>>,
    arm: usize,
) -> ArmSummary {
    let failures: Vec<&String> = run
        .patients
        .iter()
        .filter_map(|p| p.arms.get(arm)?.as_ref().err())
        .collect();
    let completed = run.patients.len() - failures.len();
    let records = pool_records(scenario, run, arm);
    let rescued = run.patients.iter().filter(|p| has_rescue(p, arm)).count();
    let visit = scenario.endpoint.visit;
    let seen = records
        .iter()
        .filter_map(|r| r.of_arm(&scenario.endpoint, visit, scenario.estimand()));
    let modelled = run.patients.iter().filter_map(|p| {
        let values = &p.arms.get(arm)?.as_ref().ok()?.values[0];
        let change = super::record::as_modelled(&scenario.endpoint, values[0], values[visit]);
        Some(change).filter(|v| v.is_finite())
    });
    ArmSummary {
        name: scenario.arms[arm].name.clone(),
        completed,
        failed: failures.len(),
        first_failure: failures.first().map(|f| (*f).clone()),
        seen: Interval::of_mean(&seen.collect::<Vec<_>>()),
        modelled: Interval::of_mean(&modelled.collect::<Vec<_>>()),
        rescued: rescued as f64 / completed.max(1) as f64,
        course: (0..scenario.visits.len())
            .map(|v| band(&records, v))
            .collect(),
        guilds: guilds::composition(scenario, run, arm),
        reported: drawn.map(|d| reported::arm(scenario, d, arm)),
    }
}

fn has_rescue(patient: &Patient, arm: usize) -> bool {
    let course = patient.arms.get(arm).and_then(|a| a.as_ref().ok());
    course.is_some_and(|c| c.rescued.is_some())
}

fn band(records: &[super::record::Record], visit: usize) -> [f64; 3] {
    let values = sorted(records.iter().map(|r| r.readings[visit]).collect());
    [
        mean(&values),
        quantile(&values, 0.05),
        quantile(&values, 0.95),
    ]
}

fn comparisons(scenario: &Scenario, run: &TrialRun, drawn: Option<&Drawn<'_>>) -> Vec<Comparison> {
    let contrasts = contrasts(scenario);
    let truths: Vec<Interval> = contrasts
        .iter()
        .map(|contrast| true_effect(scenario, run, contrast))
        .collect();
    let means: Vec<f64> = truths.iter().map(|t| t.mean).collect();
    let trials = operating(scenario, run, &means);
    let one =
        |((contrast, effect), trials)| comparison(scenario, run, drawn, (contrast, effect, trials));
    contrasts.iter().zip(truths).zip(trials).map(one).collect()
}

fn comparison(
    scenario: &Scenario,
    run: &TrialRun,
    drawn: Option<&Drawn<'_>>,
    (contrast, effect, trials): (&Contrast, Interval, Option<Operating>),
) -> Comparison {
    let individual = sorted(individuals(scenario, &run.patients, contrast));
    let better = |d: &&f64| {
        if scenario.endpoint.lower_is_better {
            **d < 0.0
        } else {
            **d > 0.0
        }
    };
    let improved = individual.iter().filter(better).count();
    let followed = drawn.map(|d| d.arms.as_slice());
    Comparison {
        arm: contrast.name.clone(),
        against: contrast.against.clone(),
        effect,
        between_people: variance(&individual).sqrt(),
        improved_share: improved as f64 / individual.len() as f64,
        individual: (0..=20)
            .map(|q| quantile(&individual, f64::from(q) / 20.0))
            .collect(),
        trial_half_width: trials.as_ref().map_or(f64::NAN, |t| t.half_width),
        power: trials.as_ref().map_or(f64::NAN, |t| t.power.share),
        trials,
        reported: drawn.map(|d| reported::reported(scenario, run, d, contrast)),
        subgroups: subgroups(scenario, run, contrast, followed),
    }
}
