//! The batched half: thousands of patients in structure-of-arrays lanes.

pub mod vecmath;
