//! Limits that keep memory bounded whatever a file claims.

/// Limits of one file.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of text after decompression.
    pub text_bytes: u64,
    /// Bytes of a file or archive member that must be held whole (HDF5, JSON, archives).
    pub whole_bytes: u64,
    /// How many times its size compressed text may unpack to beyond a quarter of `whole_bytes`. Tables of numbers reach
    /// some tens.
    pub unpack_ratio: u64,
    /// Bytes of one line.
    pub line_bytes: usize,
    /// Non-zero cells.
    pub cells: usize,
    /// Non-zero cells that are held in memory; the others wait in a temporary file.
    pub held: usize,
    /// Samples.
    pub samples: usize,
    /// Features (rows of taxa).
    pub features: usize,
}

impl Default for Limits {
    /// Generous for real cohorts, small enough for a laptop.
    fn default() -> Self {
        Self {
            text_bytes: 8 << 30,
            whole_bytes: Self::UNPACKED_MIB << 20,
            unpack_ratio: 200,
            line_bytes: 8 << 20,
            cells: 60_000_000,
            held: 1 << 20,
            samples: 200_000,
            features: 2_000_000,
        }
    }
}

impl Limits {
    /// Mebibytes that a file may unpack to where the user names no other limit.
    pub const UNPACKED_MIB: u64 = 256;

    /// The default limits with another bound on what is unpacked or held whole, in MiB.
    #[must_use]
    pub fn unpacking(mebibytes: u64) -> Self {
        Self {
            whole_bytes: mebibytes.saturating_mul(1 << 20),
            ..Self::default()
        }
    }

    /// Bytes to which compressed text may unpack whatever its ratio.
    #[must_use]
    pub const fn ratio_free(&self) -> u64 {
        self.whole_bytes / 4
    }

    /// Small limits for tests and fuzzing.
    #[must_use]
    pub const fn small() -> Self {
        Self {
            text_bytes: 4 << 20,
            whole_bytes: 4 << 20,
            unpack_ratio: 200,
            line_bytes: 1 << 20,
            cells: 200_000,
            held: 3_000,
            samples: 10_000,
            features: 50_000,
        }
    }
}
