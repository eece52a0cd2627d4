//! The lanes against the scalar solver and against themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agreement;
mod blocks;
mod bytes;
mod compiled;
#[rustfmt::skip]
#[allow(clippy::all, missing_docs, unused_mut, unused_variables)]
mod loop_kernels;
mod models;
mod random;
mod refill;
mod spread;
mod steady;
mod trouble;
