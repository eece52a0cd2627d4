//! Stool profiles: reading them, saying what they hold, refusing what is none.

pub mod analyse;
mod by_metadata;
pub mod cohort;
pub mod communities;
pub mod compare;
pub mod detect;
pub mod diversity;
pub mod indices;
pub mod method;
mod nesting;
pub mod ordination;
pub mod read;
pub mod readings;
pub mod reference;
pub mod resolve;
pub mod rules;
pub mod sample;
mod scale;
pub mod study;
pub mod text;
