//! Counter-based random numbers (Philox 4×32-10): the same numbers whatever thread asks first.
//!
//! Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", 2011; known answers from the
//! reference implementation Random123.

const MULTIPLIERS: (u32, u32) = (0xD251_1F53, 0xCD9E_8D57);
const WEYL: (u32, u32) = (0x9E37_79B9, 0xBB67_AE85);
const ROUNDS: usize = 10;

/// Four random words for a counter and a key.
#[must_use]
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let mut state = counter;
    let mut key = key;
    for round in 0..ROUNDS {
        if round > 0 {
            key = [key[0].wrapping_add(WEYL.0), key[1].wrapping_add(WEYL.1)];
        }
        let (high_0, low_0) = multiply(MULTIPLIERS.0, state[0]);
        let (high_1, low_1) = multiply(MULTIPLIERS.1, state[2]);
        state = [
            high_1 ^ state[1] ^ key[0],
            low_1,
            high_0 ^ state[3] ^ key[1],
            low_0,
        ];
    }
    state
}

fn multiply(a: u32, b: u32) -> (u32, u32) {
    let product = u64::from(a) * u64::from(b);
    ((product >> 32) as u32, product as u32)
}

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
            self.words = philox(self.counter, self.key);
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
    fn known_answers_of_random123() {
        assert_eq!(
            philox([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

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
