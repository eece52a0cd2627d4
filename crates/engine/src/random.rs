//! Counter-based random numbers: Philox4x32-10.
//!
//! Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011),
//! doi 10.1145/2063384.2063405. A random number is a pure function of its coordinates (seed,
//! patient, stream, index). Nothing is advanced, so a result depends neither on the order nor on
//! the number of draws, nor on threads: the same patient has the same numbers in every arm.
//!
//! The coordinates fill key and counter without overlap:
//!
//! ```text
//! key     = seed (64 bits)
//! counter = index of the block (32 bits) | patient (32 bits) | stream (64 bits)
//! ```
//!
//! Uniform numbers need only exact arithmetic. Normal and exponential numbers go through square
//! root (correctly rounded by IEEE 754) and `libm::log`, which is portable Rust code, so that the
//! bytes are the same on every platform.

mod quantile;

pub use quantile::{standard_normal_probability, standard_normal_quantile};

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const KEY_INCREMENTS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// The Philox4x32-10 function: four random words of a counter and a key.
#[must_use]
pub fn philox4x32(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        let (high0, low0) = wide_product(MULTIPLIERS[0], c0);
        let (high1, low1) = wide_product(MULTIPLIERS[1], c2);
        (c0, c1, c2, c3) = (high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0);
        k0 = k0.wrapping_add(KEY_INCREMENTS[0]);
        k1 = k1.wrapping_add(KEY_INCREMENTS[1]);
    }
    [c0, c1, c2, c3]
}

fn wide_product(a: u32, b: u32) -> (u32, u32) {
    let product = u64::from(a) * u64::from(b);
    ((product >> 32) as u32, product as u32)
}

/// Which of a patient's independent sequences: a number that names a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

impl StreamId {
    /// The stream of a use and a name, such as (`parameter`, `barrier.leak`): the 64-bit FNV-1a
    /// hash of both with a zero byte between them, which no later version may change.
    #[must_use]
    pub fn named(purpose: &str, name: &str) -> StreamId {
        let bytes = purpose.bytes().chain([0]).chain(name.bytes());
        StreamId(fnv1a(bytes))
    }
}

/// Fowler, Noll and Vo's hash, variant 1a, 64 bits.
fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

/// One patient's random numbers of one stream, read at any index.
///
/// The methods with the same index read the same bits: take one kind of number from a stream and
/// another stream for another use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomStream {
    key: [u32; 2],
    patient: u32,
    stream: [u32; 2],
}

impl RandomStream {
    /// The numbers of a patient in a stream under a seed.
    #[must_use]
    pub fn new(seed: u64, patient: u32, stream: StreamId) -> RandomStream {
        RandomStream {
            key: words(seed),
            patient,
            stream: words(stream.0),
        }
    }

    fn block(&self, index: u32) -> [u32; 4] {
        let [low, high] = self.stream;
        philox4x32([index, self.patient, low, high], self.key)
    }

    /// 32 random bits.
    #[must_use]
    pub fn u32_at(&self, index: u32) -> u32 {
        self.block(index / 4)[index as usize % 4]
    }

    /// 64 random bits.
    #[must_use]
    pub fn u64_at(&self, index: u32) -> u64 {
        let block = self.block(index / 2);
        let at = index as usize % 2 * 2;
        u64::from(block[at]) | u64::from(block[at + 1]) << 32
    }

    /// Uniform on the open interval (0, 1): the midpoints of 2^52 equal cells, so that 0 and 1
    /// never occur and the distribution is symmetric about 1/2 exactly.
    #[must_use]
    pub fn uniform_at(&self, index: u32) -> f64 {
        open_unit(self.u64_at(index))
    }

    /// Standard normal, by inversion of the distribution function (Wichura's AS 241, relative
    /// error about 1e-16), within ±8.2.
    #[must_use]
    pub fn normal_at(&self, index: u32) -> f64 {
        standard_normal_quantile(self.uniform_at(index))
    }

    /// Exponential with mean 1, by inversion.
    #[must_use]
    pub fn exponential_at(&self, index: u32) -> f64 {
        -libm::log(self.uniform_at(index))
    }
}

/// The midpoint of the cell that the upper 52 bits name; exact.
fn open_unit(bits: u64) -> f64 {
    const CELL: f64 = 1.0 / (1_u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * CELL
}

fn words(value: u64) -> [u32; 2] {
    [value as u32, (value >> 32) as u32]
}

#[cfg(test)]
mod tests;
