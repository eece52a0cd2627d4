//! Stool profiles: reading them, saying what they hold, refusing what is none.

pub mod analyse;
pub mod cohort;
pub mod compare;
pub mod detect;
pub mod diversity;
pub mod indices;
pub mod method;
pub mod ordination;
pub mod read;
pub mod reference;
pub mod resolve;
pub mod rules;
pub mod sample;
mod scale;
pub mod study;
