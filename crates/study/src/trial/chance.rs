//! Chance in one drawn trial: who is in which arm, noise of readings, who leaves, which visits are missed.

use gutskin_engine::random::{RandomStream, StreamId};

/// The random numbers of one drawn trial.
pub(super) struct Chance {
    noise: RandomStream,
    stay: RandomStream,
    visit: RandomStream,
    allocation: RandomStream,
    visits: usize,
    /// Whether a person may be in a trial twice, as if the pool had no end.
    again: bool,
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Chance {
    /// Those of trial number `replicate`.
    pub fn of(seed: u64, replicate: usize, visits: usize) -> Self {
        let stream =
            |name| RandomStream::new(seed, index(replicate), StreamId::named("drawn trial", name));
        Self {
            noise: stream("noise"),
            stay: stream("stay"),
            visit: stream("visit"),
            allocation: stream("allocation"),
            visits,
            again: false,
        }
    }

    /// Those of a trial in which a person may be twice.
    pub fn endless(self) -> Self {
        Self {
            again: true,
            ..self
        }
    }

    /// Standard normal noise of the reading of the person in this place of the trial.
    pub fn noise(&self, place: usize, visit: usize) -> f64 {
        self.noise.normal_at(index(place * self.visits + visit))
    }

    /// Cumulated hazard that the person in this place bears before leaving: exponential with mean 1.
    pub fn stays(&self, place: usize) -> f64 {
        self.stay.exponential_at(index(place))
    }

    /// Uniform number that decides whether a visit is missed.
    pub fn misses(&self, place: usize, visit: usize) -> f64 {
        self.visit.uniform_at(index(place * self.visits + visit))
    }

    /// Places of a trial filled from a pool: nobody twice where the pool is large enough.
    pub fn allocation(&self, pool: usize, places: usize) -> Vec<usize> {
        let pick = |i: usize, among: usize| {
            let at = (self.allocation.uniform_at(index(i)) * among as f64) as usize;
            at.min(among.saturating_sub(1))
        };
        if self.again || pool < places {
            return (0..places).map(|i| pick(i, pool)).collect();
        }
        let mut order: Vec<usize> = (0..pool).collect();
        for i in 0..places {
            order.swap(i, i + pick(i, pool - i));
        }
        order.truncate(places);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn nobody_is_in_a_trial_twice_and_everybody_can_be_in_it() {
        let mut seen = BTreeSet::new();
        for replicate in 0..200 {
            let places = Chance::of(1, replicate, 3).allocation(50, 20);
            let distinct: BTreeSet<usize> = places.iter().copied().collect();
            assert_eq!((places.len(), distinct.len()), (20, 20));
            seen.extend(distinct);
        }
        assert_eq!(seen.len(), 50);
    }
}
