//! What is said of a twin.

use super::courses::Courses;
use crate::Effort;
use crate::scenario::{Forecast, TOO_STRONG};
use gutskin_people::person::Told;
use gutskin_people::weights::Weights;
use serde::Serialize;

/// Probabilities of the quantiles that are given.
pub const PROBABILITIES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Two courses that are the same but for their steps differ by less than this many relative tolerances (some three were seen).
const ROUNDED: f64 = 1e2;
/// Smaller mean effects are said to be none: they print as nothing.
const NOTHING: f64 = 0.005;

/// Everything that is said of a person.
#[derive(Clone, Debug, Serialize)]
pub struct Twin {
    /// Name or number, as given.
    pub name: String,
    /// Skin condition.
    pub condition: String,
    /// Model.
    pub model: String,
    /// Score that is forecast, and its observable.
    pub score: String,
    /// Observable of the score.
    pub observable: String,
    /// Days of the visits from today.
    pub days: Vec<f64>,
    /// As now, then the options.
    pub arms: Vec<ArmForecast>,
    /// Least change that matters, in the unit of `important_unit`.
    pub important: f64,
    /// `points`, or `%` of the score today.
    pub important_unit: String,
    /// How well the draws fit.
    pub fit: Fit,
    /// What is told of the person beside readings.
    pub told: Vec<Told>,
    /// What stands behind each reading.
    pub readings: Vec<ReadingFit>,
    /// Share of each option's effect that each route from body to skin carries; empty unless asked for.
    pub routes: Vec<Route>,
    /// Antibiotics that options give, whose damage to the gut is too strong in the model.
    pub antibiotics: Vec<Antibiotic>,
    /// What could be measured, the most useful first.
    pub measure: Vec<Worth>,
    /// What is not known of the model beside what is not known of the person.
    pub apart: Vec<Apart>,
    /// What is doubtful, or told and not used.
    pub notes: Vec<String>,
    /// Method of integration and class of arithmetic.
    pub method: String,
    /// Relative tolerance of the solves.
    pub relative_tolerance: f64,
    /// Steady states sought and courses followed.
    pub solves: [usize; 2],
    /// What the courses took.
    pub effort: Effort,
}

impl Twin {
    /// What the options come to, in a sentence or two.
    #[must_use]
    pub fn answer(&self) -> String {
        let effects = self
            .arms
            .iter()
            .filter_map(|a| Some((a, a.effect.as_ref()?)));
        let Some((best, e)) = effects.min_by(|a, b| a.1.mean.total_cmp(&b.1.mean)) else {
            return "No option is asked for: the course is that of going on as now.".to_owned();
        };
        let (name, score) = (&best.name, &self.score);
        let alone = self.arms.iter().filter(|a| a.effect.is_some()).count() == 1;
        let unit = match self.condition.as_str() {
            "acne" => "lesions",
            _ => "points",
        };
        let points = |value: f64| format!("{:.2}", value + 0.0);
        let [low, high] = [e.quantiles[0], e.quantiles[4]].map(|q| {
            // Rounding leaves no sign on a zero.
            if q.abs() < NOTHING { 0.0 } else { q }
        });
        if e.mean.abs() < NOTHING {
            return match alone {
                true => format!(
                    "“{name}” does not change {score} (90 % of the twins: {} to {} {unit}).",
                    points(low),
                    points(high)
                ),
                false => format!(
                    "None of these options lowers {score}: “{name}” does not change it (90 % of the twins: {} to {} {unit}), the others change it as little or raise it.",
                    points(low),
                    points(high)
                ),
            };
        }
        if e.mean > 0.0 {
            let rise = format!(
                "by {} {unit} against going on as now (90 % of the twins: {} to {})",
                points(e.mean),
                points(low),
                points(high)
            );
            return match alone {
                true => format!("“{name}” raises {score} {rise}."),
                false => format!(
                    "None of these options lowers {score}; “{name}” raises it least: {rise}."
                ),
            };
        }
        let which = match alone {
            true => format!("“{name}” lowers {score} by"),
            false => format!("Of these options “{name}” lowers {score} most: by"),
        };
        format!(
            "{which} {} {unit} against going on as now (90 % of the twins: {} to {}). It is an improvement that matters in {:.0} % of them.",
            points(-e.mean),
            points(-high),
            points(-low),
            100.0 * e.matters
        )
    }
}

/// Forecast under one option.
#[derive(Clone, Debug, Serialize)]
pub struct ArmForecast {
    /// Name.
    pub name: String,
    /// Quantiles of the true score at each visit, at 5, 25, 50, 75 and 95 %.
    pub bands: Vec<[f64; 5]>,
    /// Mean at each visit.
    pub mean: Vec<f64>,
    /// Chance that the score improves by what matters from today to the end.
    pub chance: f64,
    /// Score at the end minus that of going on as now, each against themselves: mean and quantiles; nothing for as now.
    pub effect: Option<Effect>,
}

/// Difference from going on as now.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    /// Mean.
    pub mean: f64,
    /// Quantiles at 5, 25, 50, 75 and 95 %.
    pub quantiles: [f64; 5],
    /// Chance that it is an improvement at all, beyond what solving rounds.
    pub better: f64,
    /// Chance that it is an improvement by what matters.
    pub matters: f64,
}

/// How the draws were made and how many fit.
#[derive(Clone, Debug, Serialize)]
pub struct Fit {
    /// Draws that were weighed.
    pub drawn: usize,
    /// Of them without a stable steady state.
    pub without_rest: usize,
    /// Why the first has none.
    pub first_without: Option<String>,
    /// Effective sample size.
    pub effective: f64,
    /// Draws after resampling, and how many different ones.
    pub draws: usize,
    /// Different ones.
    pub different: usize,
    /// Of these not followed to the end.
    pub failed: usize,
    /// Why the first was not.
    pub first_failure: Option<String>,
    /// Numbers of a person that were drawn from where they fit.
    pub proposed: usize,
    /// Profiles: median and 95 % quantile of Bray–Curtis distances between what was drawn and what the model shows.
    pub profile_distance: Option<[f64; 2]>,
    /// What a reader must be warned of.
    pub warning: Option<String>,
}

/// A reading beside what those who fit show.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingFit {
    /// What was read.
    pub what: String,
    /// Unit.
    pub unit: String,
    /// Day.
    pub day: f64,
    /// Value.
    pub value: f64,
    /// Quantiles of the true value in those who fit, at 5, 25, 50, 75 and 95 %.
    pub shown: [f64; 5],
}

/// What one route carries of an option's effect.
#[derive(Clone, Debug, Serialize)]
pub struct Route {
    /// Option.
    pub arm: String,
    /// Route that was closed.
    pub route: String,
    /// People.
    pub people: usize,
    /// Mean effect with every route open.
    pub whole: f64,
    /// Mean effect with this one closed.
    pub without: f64,
}

/// An antibiotic that an option gives, with and without what it does to the skin by way of the body.
#[derive(Clone, Debug, Serialize)]
pub struct Antibiotic {
    /// Option.
    pub arm: String,
    /// Drug, as asked for.
    pub drug: String,
    /// People.
    pub people: usize,
    /// Mean effect of the option in them.
    pub whole: f64,
    /// The same with every route from body to skin closed.
    pub without: f64,
}

impl Antibiotic {
    /// What a reader must know of it.
    #[must_use]
    pub fn in_words(&self) -> String {
        let two = |value: f64| format!("{:+.2}", (100.0 * value).round() / 100.0 + 0.0);
        format!(
            "“{}” gives an antibiotic ({}): {TOO_STRONG}. With every route from body to skin closed the effect at the end is {} in the mean of {} twins, in whom it is {} with all open: the truth may well lie nearer to the first",
            self.arm,
            self.drug,
            two(self.without),
            self.people,
            two(self.whole)
        )
    }
}

/// What a measurement would be worth.
#[derive(Clone, Debug, Serialize)]
pub struct Worth {
    /// What would be measured.
    pub what: String,
    /// Whose forecast it narrows: as now, or the effect of an option.
    pub of: String,
    /// Expected share of its variance that the measurement takes away.
    pub share: f64,
}

/// Two kinds of not knowing, of one option's score at the end or effect.
#[derive(Clone, Debug, Serialize)]
pub struct Apart {
    /// Whose.
    pub of: String,
    /// Share of the variance that comes from gains of links, with its standard error (no number where it has none).
    pub share: f64,
    /// Standard error of the share.
    pub error: f64,
    /// Standard deviation from gains of links, which are alike in everybody and not known.
    pub parameters: f64,
    /// Standard deviation from what is not known of the person.
    pub person: f64,
    /// People with whom it was parted.
    pub people: usize,
    /// Sets of gains that each was followed with.
    pub sets: usize,
}

impl Apart {
    /// Whether the share is larger than its error, or the error small whatever the share.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.error <= self.share.max(KNOWN)
    }

    /// The share with its error, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let [share, error] = [self.share, self.error].map(|s| (100.0 * s).round() + 0.0);
        match (self.is_known(), self.error.is_finite()) {
            (true, _) => format!("{share} ± {error} %"),
            (false, true) => format!("not known at this size ({share} ± {error} %)"),
            (false, false) => "not known at this size".to_owned(),
        }
    }
}

/// Error of a share that is small enough to know it by.
const KNOWN: f64 = 0.1;

/// Which change of the score matters.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Matters {
    Points(f64),
    Percent(f64),
}

impl Matters {
    /// By the condition's parameter, where the score has one.
    pub fn of(forecast: &Forecast, table: &gutskin_network::ParameterTable) -> Option<Self> {
        let scenario = &forecast.scenario;
        let observable = scenario
            .network
            .observables
            .get(scenario.endpoint.observable as usize)?;
        let value = |name: &str| table.get(name).map(|p| p.value);
        match observable.name.as_str() {
            "score.easi" => value("score.easi_important").map(Self::Points),
            "score.scorad" => value("score.scorad_important").map(Self::Points),
            "score.pasi" => value("score.pasi_important").map(Self::Points),
            name if name.starts_with("acne.") => value("score.acne_important").map(Self::Percent),
            _ => None,
        }
    }

    pub fn reached(self, before: f64, after: f64) -> bool {
        match self {
            Self::Points(points) => before - after >= points,
            Self::Percent(percent) => before - after >= percent / 100.0 * before,
        }
    }
}

/// The forecast of each arm.
pub(crate) fn arms(
    forecast: &Forecast,
    (courses, weights): (&[Courses], &Weights),
    (matters, relative_tolerance): (Option<Matters>, f64),
) -> Vec<ArmForecast> {
    let scenario = &forecast.scenario;
    let values = |arm: usize, visit: usize| -> Vec<f64> {
        courses.iter().map(|c| c.arms[arm][visit]).collect()
    };
    let last = scenario.visits.len().saturating_sub(1);
    let share = |of: &dyn Fn(&Courses) -> bool| {
        let yes: Vec<f64> = courses.iter().map(|c| f64::from(u8::from(of(c)))).collect();
        weights.mean(&yes)
    };
    let one = |(arm, name): (usize, &str)| {
        let visits: Vec<Vec<f64>> = (0..=last).map(|v| values(arm, v)).collect();
        let reached =
            |c: &Courses| matters.is_some_and(|m| m.reached(c.arms[0][0], c.arms[arm][last]));
        let effects: Vec<f64> = courses
            .iter()
            .map(|c| c.arms[arm][last] - c.arms[0][last])
            .collect();
        ArmForecast {
            name: name.to_owned(),
            bands: visits
                .iter()
                .map(|v| PROBABILITIES.map(|p| weights.quantile(v, p)))
                .collect(),
            mean: visits.iter().map(|v| weights.mean(v)).collect(),
            chance: if matters.is_some() {
                share(&reached)
            } else {
                f64::NAN
            },
            effect: (arm > 0).then(|| Effect {
                mean: weights.mean(&effects),
                quantiles: PROBABILITIES.map(|p| weights.quantile(&effects, p)),
                better: share(&|c| {
                    let (now, then) = (c.arms[0][last], c.arms[arm][last]);
                    now - then > ROUNDED * relative_tolerance * now.abs().max(1.0)
                }),
                matters: share(&|c| {
                    matters.is_some_and(|m| m.reached(c.arms[0][last], c.arms[arm][last]))
                }),
            }),
        }
    };
    let names = scenario.arms.iter().map(|a| a.name.as_str());
    names.enumerate().map(one).collect()
}
