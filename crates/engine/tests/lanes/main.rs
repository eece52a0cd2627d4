//! The lanes against the scalar solver and against themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agreement;
mod blocks;
mod bytes;
mod models;
mod random;
