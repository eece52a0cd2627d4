//! The benchmark model's kernels, compiled ahead of time.
//!
//! `kernels.rs` is generated from the model's program by
//! `cargo run --profile quick --workspace --bin generate -- ../shared/bench`; a test of `gutskin-peers` sees to it that the
//! generator still gives the same bytes. Debug builds leave it out, so that they stay quick: there the interpreter
//! serves.

use gutskin_engine::lanes::CompiledKernels;

#[cfg(not(debug_assertions))]
#[rustfmt::skip]
#[allow(clippy::all, unused_mut, unused_variables)]
mod kernels;

/// All kernels of this crate.
#[cfg(not(debug_assertions))]
pub const KERNELS: &[&CompiledKernels] = &[&kernels::KERNELS];

/// All kernels of this crate: none in a debug build.
#[cfg(debug_assertions)]
pub const KERNELS: &[&CompiledKernels] = &[];
