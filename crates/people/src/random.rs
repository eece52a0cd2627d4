//! Draws in sequence from the counter-based generator of the engine: the same numbers whatever thread asks first.

use gutskin_engine::random::philox4x32;

/// A stream of numbers for one seed, purpose and index.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    words: [u32; 4],
    used: usize,
}

impl Stream {
    /// The stream of `seed` for `purpose` (a number a use) and `index` (a number a feature).
    #[must_use]
    pub const fn new(seed: u64, purpose: u32, index: u32) -> Self {
        Self {
            key: [seed as u32, (seed >> 32) as u32],
            counter: [0, 0, purpose, index],
            words: [0; 4],
            used: 4,
        }
    }

    /// The next 32 random bits.
    pub fn bits(&mut self) -> u32 {
        if self.used == 4 {
            self.words = philox4x32(self.counter, self.key);
            self.counter[0] = self.counter[0].wrapping_add(1);
            if self.counter[0] == 0 {
                self.counter[1] = self.counter[1].wrapping_add(1);
            }
            self.used = 0;
        }
        let word = self.words[self.used];
        self.used += 1;
        word
    }

    /// A whole number below `limit` (at least 1), without bias.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u32::try_from(limit.max(1)).unwrap_or(u32::MAX);
        let threshold = limit.wrapping_neg() % limit;
        loop {
            let product = u64::from(self.bits()) * u64::from(limit);
            if product as u32 >= threshold {
                return (product >> 32) as usize;
            }
        }
    }

    /// Shuffles in place (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_a_limit_are_even() {
        let mut stream = Stream::new(1, 2, 3);
        let mut counts = [0_usize; 7];
        for _ in 0..70_000 {
            counts[stream.below(7)] += 1;
        }
        assert!(
            counts.iter().all(|count| (9_500..10_500).contains(count)),
            "{counts:?}"
        );
    }
}
