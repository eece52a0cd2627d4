//! Kernels of the joined axis, compiled ahead of time.
//!
//! Nothing here is written by hand: the build script lowers the shipped models to the program that the interpreter runs,
//! and writes it as Rust. So the kernels are never older than the equations, and a program that was changed (a strain or
//! a drug added, an equation edited) is not theirs: their fingerprint tells, and the interpreter serves. Without the
//! feature `axis`, and in debug builds, the list is empty.

use gutskin_engine::lanes::CompiledKernels;

include!(concat!(env!("OUT_DIR"), "/list.rs"));
