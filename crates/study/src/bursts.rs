//! Bursts of bacterial DNA: as their mean, or drawn one by one from their hazard, each person's own.
//!
//! Where they are drawn, the hazard of a person is read once a day, at an hour that is theirs, and held for the number of bursts of a
//! day: what it is at an hour of chance is, on average, what it is over the day. The number is the quantile of its Poisson distribution
//! at a uniform number of person and day. So bursts are the same in two arms wherever their hazards are, and an arm with more hazard
//! has those of the other and more. Nothing depends on order or threads.

use crate::models::skin_of;
use crate::scenario::Scenario;
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_engine::{Decision, DecisionContext};
use gutskin_network::{Action, Change, Network, Target};

/// Input that says which share of the bursts flows in as their mean.
pub(crate) const AS_MEAN: &str = "input.bursts_as_mean";
/// Observable that holds their hazard, 1/d.
const HAZARD: &str = "endotoxin.burst_hazard";
/// State to which a burst adds 1.
const POOL: &str = "endotoxin.bacterial_dna";
/// Day 0 among the days of a person, some of which lie before it.
const DAY_ZERO: u32 = 1 << 20;
/// More bursts in a day than this tell of a hazard that nobody has.
const MOST: u32 = 1_000;

/// How bursts of bacterial DNA come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Bursts {
    /// Not at all; their hazard can be read.
    #[default]
    None,
    /// As their mean, a steady flow.
    Mean,
    /// One by one, after a rest with their mean.
    Drawn,
}

impl Bursts {
    /// All by name.
    pub const ALL: [(&'static str, Self); 3] = [
        ("none", Self::None),
        ("mean", Self::Mean),
        ("drawn", Self::Drawn),
    ];

    /// Name in files and receipts.
    #[must_use]
    pub fn name(self) -> &'static str {
        let of = |(_, how): &&(&str, Self)| *how == self;
        Self::ALL.iter().find(of).map_or("none", |(name, _)| name)
    }

    /// What holds unless a scenario says otherwise: their mean where they drive the skin, which is in psoriasis.
    pub(crate) fn usual(network: &Network) -> Self {
        match skin_of(&network.name) {
            Some("pso") if possible(network) => Self::Mean,
            _ => Self::None,
        }
    }

    /// Does the pool of this network stay empty, for neither their mean flows in nor any is drawn?
    pub(crate) fn none_come(network: &Network) -> bool {
        let input = network.inputs.iter().find(|i| i.name == AS_MEAN);
        input.is_some_and(|i| i.default == 0.0)
    }

    /// Lets people of this model rest with bursts as their mean, where they come at all.
    pub(crate) fn lay_into(self, network: &mut Network) {
        if self == Self::None {
            return;
        }
        if let Some(input) = network.inputs.iter_mut().find(|i| i.name == AS_MEAN) {
            input.default = 1.0;
        }
    }

    /// A sentence for reports, where there is something to say.
    pub(crate) fn in_words(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Mean => Some(
                "bursts of bacterial DNA flow in as their mean (hazard of the person at each moment), none is drawn",
            ),
            Self::Drawn => Some(
                "bursts of bacterial DNA are drawn one by one from the hazard of each person, the same in every arm where it is the same; people rest with their mean before",
            ),
        }
    }
}

/// Does the model have bursts?
pub(crate) fn possible(network: &Network) -> bool {
    Draw::of(network, 0).is_some()
}

/// Bursts that are drawn, in one network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    seed: u64,
    hazard: u32,
    pool: u32,
    as_mean: u32,
}

impl Draw {
    /// Where they stand in this network, if they do.
    pub fn of(network: &Network, seed: u64) -> Option<Self> {
        Some(Self {
            seed,
            hazard: network.observable(HAZARD)?,
            pool: network.state(POOL)?,
            as_mean: network.input(AS_MEAN)?,
        })
    }

    /// Those of a scenario, where it draws them.
    pub fn of_scenario(scenario: &Scenario) -> Option<Self> {
        let drawn = scenario.bursts == Bursts::Drawn;
        Self::of(&scenario.network, scenario.seed).filter(|_| drawn)
    }

    /// From then on bursts do not flow in as their mean.
    pub fn begin(self, time: f64) -> Change {
        Change {
            time,
            target: Target::Input(self.as_mean),
            action: Action::Set(0.0),
        }
    }

    fn chance(self, person: u32, what: &str, day: u32) -> f64 {
        RandomStream::new(self.seed, person, StreamId::named("bursts", what)).uniform_at(day)
    }

    /// When the hazard of a person is read: once in each day from `begin`, before `end`.
    pub fn times(self, person: u32, (begin, end): (f64, f64)) -> Vec<f64> {
        let days = begin.floor() as i64..=end.floor() as i64;
        let hour = |day: i64| day as f64 + self.chance(person, "hour", number(day as f64));
        days.map(hour).filter(|t| begin <= *t && *t < end).collect()
    }

    /// The bursts of a person at such a time.
    pub fn decide(self, person: u32, context: &DecisionContext<'_>) -> Vec<Decision> {
        let hazard = context.observables.get(self.hazard as usize);
        let chance = self.chance(person, "comes", number(context.time.floor()));
        match bursts(chance, hazard.copied().unwrap_or_default()) {
            0 => Vec::new(),
            count => vec![Decision::Now {
                target: Target::State(self.pool),
                action: Action::Add(f64::from(count)),
            }],
        }
    }
}

fn number(day: f64) -> u32 {
    (f64::from(DAY_ZERO) + day) as u32
}

/// The quantile of a Poisson distribution.
fn bursts(chance: f64, mean: f64) -> u32 {
    let mut probability = (-mean).exp();
    let (mut below, mut count) = (probability, 0);
    // A mean that is no number has no bursts: the solve ends by its own reason.
    while chance >= below && count < MOST && mean.is_finite() {
        count += 1;
        probability *= mean / f64::from(count);
        below += probability;
    }
    count
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const DRAW: Draw = Draw {
        seed: 7,
        hazard: 0,
        pool: 3,
        as_mean: 1,
    };

    fn counted(person: u32, hazard: f64) -> Vec<f64> {
        let times = DRAW.times(person, (0.0, 100.0));
        let at = |time: &f64| {
            let decided = DRAW.decide(
                person,
                &DecisionContext {
                    index: 0,
                    time: *time,
                    state: &[],
                    observables: &[hazard],
                    inputs: &[],
                },
            );
            decided.iter().fold(0.0, |sum, d| match d {
                Decision::Now { action, .. } => action.apply(sum),
                _ => f64::NAN,
            })
        };
        times.iter().map(at).collect()
    }

    #[test]
    fn they_come_at_their_hazard() {
        for hazard in [0.05, 0.5, 2.0] {
            let all: Vec<f64> = (0..100).flat_map(|p| counted(p, hazard)).collect();
            assert_eq!(all.len(), 10_000);
            let mean = crate::statistics::mean(&all);
            let variance = crate::statistics::variance(&all);
            let error = (hazard / 10_000.0_f64).sqrt();
            assert!((mean - hazard).abs() < 4.0 * error, "{hazard}: {mean}");
            assert!(
                (variance / hazard - 1.0).abs() < 0.15,
                "{hazard}: {variance}"
            );
        }
    }

    #[test]
    fn a_higher_hazard_has_those_of_a_lower_one_and_more() {
        let (few, many) = (counted(5, 0.3), counted(5, 0.6));
        assert!(few.iter().zip(&many).all(|(a, b)| a <= b));
        assert!(few.iter().sum::<f64>() < many.iter().sum::<f64>());
        assert_eq!(counted(5, 0.3), few);
        assert_ne!(counted(6, 0.3), few);
    }

    #[test]
    fn once_a_day_within_the_span() {
        let whole = DRAW.times(2, (-3.0, 10.5));
        assert!((13..=14).contains(&whole.len()), "{whole:?}");
        assert!(whole.windows(2).all(|w| w[0].floor() + 1.0 == w[1].floor()));
        // A course in parts asks at the same times as one that is whole.
        let parts = [(-3.0, 2.2), (2.2, 10.5)].map(|span| DRAW.times(2, span));
        assert_eq!(parts.concat(), whole);
    }

    #[test]
    fn what_is_no_hazard_brings_none() {
        for hazard in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(bursts(0.999, hazard), 0, "{hazard}");
        }
        assert!(bursts(0.999, 1e6) <= MOST);
    }
}
