//! What a person brings along beside parameters: placebo course, noise of readings, adherence. Each is a function of
//! seed and draw, the same in every arm.

use crate::scenario::{Adherence, Flares, Observation, Scenario};
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_network::{Action, Change, Network, Schedule, ScheduleError, Target};
use statrs::distribution::{Beta, ContinuousCDF};

/// Seed and number of the draw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Who {
    pub seed: u64,
    pub draw: u32,
}

impl Who {
    fn stream(self, name: &str) -> RandomStream {
        RandomStream::new(self.seed, self.draw, StreamId::named("observation", name))
    }

    /// exp(s·f(t)·(ln µ + σ·z) + natural·t), f(t) = 1 − e^(−t/τ), or exp(−s·f(t)·e) in those who improve by far more; z, e and
    /// who that is are the person's, s is the size of the course over the usual one.
    pub fn placebo(self, o: &Observation, size: f64, times: &[f64]) -> Vec<f64> {
        let exponent = if self.stream("improver").uniform_at(0) < o.improver_share {
            -o.improver_mean * self.stream("improvement").exponential_at(0)
        } else {
            o.placebo_ratio.ln() + o.placebo_sd_ln * self.stream("placebo").normal_at(0)
        };
        let factor =
            |t: &f64| (size * (1.0 - (-t / o.placebo_time).exp()) * exponent + o.natural * t).exp();
        times.iter().map(factor).collect()
    }

    /// The same for the endpoint and what is looked at beside, in these sizes.
    pub fn placebos(self, scenario: &Scenario, sizes: &[f64], times: &[f64]) -> Vec<Vec<f64>> {
        std::iter::once(&scenario.endpoint)
            .chain(&scenario.secondary)
            .zip(sizes)
            .map(|(e, size)| self.placebo(&e.observation, *size, times))
            .collect()
    }

    /// Standard normal noise of the reading at a visit; each observable has its own.
    pub fn noise(self, observable: usize, visit: usize) -> f64 {
        let stream = match observable {
            0 => self.stream("noise"),
            n => self.stream(&format!("noise {n}")),
        };
        stream.normal_at(u32::try_from(visit).unwrap_or(u32::MAX))
    }

    /// Noise of the reading at screening, where there is a run-in after it.
    pub fn screening_noise(self) -> f64 {
        self.stream("screening").normal_at(0)
    }

    /// Noise of a reading at entry on which nobody was let in or kept out.
    pub fn unscreened_noise(self, reading: u32) -> f64 {
        self.stream("unscreened").normal_at(reading)
    }

    /// Noise of a reading at entry from which it is found, before the trial, what such entry makes.
    pub fn noise_before(self, reading: u32) -> f64 {
        self.stream("before").normal_at(reading)
    }

    /// Noise of the treating physician's own reading, on which rescue is decided.
    pub fn clinical_noise(self, visit: usize) -> f64 {
        let index = u32::try_from(visit).unwrap_or(u32::MAX);
        self.stream("clinical").normal_at(index)
    }

    /// Share of the prescribed that the person takes.
    pub fn adherence(self, spread: Option<Adherence>) -> f64 {
        let Some(Adherence { mean, sd }) = spread else {
            return 1.0;
        };
        let sum = mean * (1.0 - mean) / (sd * sd) - 1.0;
        match Beta::new(mean * sum, (1.0 - mean) * sum) {
            Ok(beta) if sd > 0.0 => beta.inverse_cdf(self.stream("adherence").uniform_at(0)),
            _ => mean,
        }
    }

    /// Flares over so many days, at most one a month.
    pub fn flares(self, flares: &Flares, days: f64) -> Vec<Change> {
        const MONTH: f64 = 365.25 / 12.0;
        let own = |[median, sd]: [f64; 2], name: &str| {
            median * (sd * self.stream(name).normal_at(0)).exp()
        };
        let (rate, size) = (
            own(flares.rate, "flare rate"),
            own(flares.size, "flare size"),
        );
        let (comes, when) = (self.stream("flare"), self.stream("flare day"));
        let [shortest, longest] = flares.length;
        let long = self.stream("flare length");
        let mut changes = Vec::new();
        for month in 0..(days / MONTH).ceil() as u32 {
            if comes.uniform_at(month) < rate {
                let length = shortest + (longest - shortest) * long.uniform_at(month);
                let room = (MONTH - length).max(0.0);
                let start = f64::from(month) * MONTH + room * when.uniform_at(month);
                for (time, value) in [(start, size), (start + length, 0.0)] {
                    changes.push(Change {
                        time,
                        target: Target::Input(flares.input),
                        action: Action::Set(value),
                    });
                }
            }
        }
        changes.retain(|c| c.time < days);
        changes
    }

    /// A schedule as taken: of an input that share of its distance from usual, of doses after the first that share at
    /// random.
    pub fn taken(
        self,
        schedule: &Schedule,
        network: &Network,
        adherence: f64,
    ) -> Result<Schedule, ScheduleError> {
        if adherence >= 1.0 {
            return Ok(schedule.clone());
        }
        let chance = self.stream("doses");
        let mut begun: Vec<u32> = Vec::new();
        let mut kept = Vec::new();
        for (index, change) in schedule.changes().iter().enumerate() {
            match (change.target, change.action) {
                (Target::Input(input), Action::Set(value)) => {
                    let usual = network
                        .inputs
                        .get(input as usize)
                        .map_or(0.0, |i| i.default);
                    kept.push(Change {
                        action: Action::Set(usual + adherence * (value - usual)),
                        ..*change
                    });
                }
                (Target::State(state), Action::Add(_)) if begun.contains(&state) => {
                    let index = u32::try_from(index).unwrap_or(u32::MAX);
                    if chance.uniform_at(index) < adherence {
                        kept.push(*change);
                    }
                }
                (Target::State(state), _) => {
                    begun.push(state);
                    kept.push(*change);
                }
                _ => kept.push(*change),
            }
        }
        Schedule::sorted(kept)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::statistics::{mean, variance};

    #[test]
    fn adherence_has_the_mean_and_spread_asked_for() {
        let spread = Some(Adherence {
            mean: 0.8,
            sd: 0.15,
        });
        let of = |draw| Who { seed: 3, draw }.adherence(spread);
        let all: Vec<f64> = (0..4000).map(of).collect();
        assert!((mean(&all) - 0.8).abs() < 0.01, "{}", mean(&all));
        assert!((variance(&all).sqrt() - 0.15).abs() < 0.01);
        assert!(all.iter().all(|a| (0.0..=1.0).contains(a)));
        let alike = Some(Adherence { mean: 0.7, sd: 0.0 });
        assert_eq!(Who { seed: 3, draw: 1 }.adherence(alike), 0.7);
    }

    #[test]
    fn flares_come_at_their_rate_and_never_two_at_once() {
        let flares = Flares {
            input: 3,
            rate: [0.7, 0.0],
            size: [1.0, 0.3],
            length: [5.0, 10.0],
        };
        let mut count = 0;
        for draw in 0..200 {
            let changes = Who { seed: 5, draw }.flares(&flares, 365.25);
            assert!(changes.windows(2).all(|w| w[0].time < w[1].time), "{draw}");
            let sizes = changes.iter().map(|c| c.action.apply(0.0));
            count += sizes.filter(|size| *size > 0.0).count();
        }
        let monthly = f64::from(u32::try_from(count).unwrap()) / (200.0 * 12.0);
        assert!((monthly - 0.7).abs() < 0.03, "{monthly}");
    }

    #[test]
    fn the_first_dose_is_never_missed_and_later_ones_at_their_rate() {
        let table = gutskin_biology::parameter_table().unwrap();
        let network = gutskin_biology::thin::network(&table).unwrap();
        let dose = |day: u32| Change {
            time: f64::from(day),
            target: Target::State(0),
            action: Action::Add(1.0),
        };
        let schedule = Schedule::new((0..2000).map(dose).collect()).unwrap();
        let taken = Who { seed: 1, draw: 9 }
            .taken(&schedule, &network, 0.6)
            .unwrap();
        assert_eq!(taken.changes()[0].time, 0.0);
        let share = (taken.changes().len() - 1) as f64 / 1999.0;
        assert!((share - 0.6).abs() < 0.04, "{share}");
    }
}
