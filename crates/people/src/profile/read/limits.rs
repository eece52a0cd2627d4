//! Limits that keep memory bounded whatever a file claims.

/// Limits of one file.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of text after decompression.
    pub text_bytes: u64,
    /// Bytes of a file or archive member that must be held whole (HDF5, JSON, archives).
    pub whole_bytes: u64,
    /// Bytes of one line.
    pub line_bytes: usize,
    /// Non-zero cells.
    pub cells: usize,
    /// Samples.
    pub samples: usize,
    /// Features (rows of taxa).
    pub features: usize,
}

impl Default for Limits {
    /// Generous for real cohorts, small enough for a laptop.
    fn default() -> Self {
        const GIB: u64 = 1 << 30;
        Self {
            text_bytes: 8 * GIB,
            whole_bytes: GIB,
            line_bytes: 64 << 20,
            cells: 60_000_000,
            samples: 1_000_000,
            features: 2_000_000,
        }
    }
}

impl Limits {
    /// Small limits for tests and fuzzing.
    #[must_use]
    pub const fn small() -> Self {
        Self {
            text_bytes: 4 << 20,
            whole_bytes: 4 << 20,
            line_bytes: 1 << 20,
            cells: 200_000,
            samples: 10_000,
            features: 50_000,
        }
    }
}
