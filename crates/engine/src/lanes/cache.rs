//! How much working memory a group of lanes may fill. Only speed depends on it: results are the same in any number of
//! lanes.

use std::sync::OnceLock;

/// Second-level cache that is taken for granted where the processor does not tell its own.
const USUAL: usize = 1024 * 1024;
/// What a core can be expected to have; a figure outside was made up by a virtual machine.
const PLAUSIBLE: std::ops::RangeInclusive<usize> = 128 * 1024..=16 * 1024 * 1024;

/// Bytes that rows may fill: three quarters of a core's second-level cache, beside code and tables.
pub(super) fn working_set() -> usize {
    static BYTES: OnceLock<usize> = OnceLock::new();
    *BYTES.get_or_init(|| {
        let told = second_level().filter(|bytes| PLAUSIBLE.contains(bytes));
        told.unwrap_or(USUAL) / 4 * 3
    })
}

/// The size that the processor reports, in bytes.
#[cfg(target_arch = "x86_64")]
fn second_level() -> Option<usize> {
    use raw_cpuid::{CacheType, CpuId};
    let serves = |kind| matches!(kind, CacheType::Data | CacheType::Unified);
    let cache = CpuId::new()
        .get_cache_parameters()?
        .find(|cache| cache.level() == 2 && serves(cache.cache_type()))?;
    [
        cache.associativity(),
        cache.physical_line_partitions(),
        cache.coherency_line_size(),
        cache.sets(),
    ]
    .into_iter()
    .try_fold(1usize, usize::checked_mul)
}

#[cfg(not(target_arch = "x86_64"))]
fn second_level() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_working_set_is_a_part_of_a_plausible_cache() {
        let bytes = working_set();
        println!("second level {:?}, working set {bytes}", second_level());
        assert!(bytes >= PLAUSIBLE.start() / 4 * 3 && bytes <= PLAUSIBLE.end() / 4 * 3);
    }
}
