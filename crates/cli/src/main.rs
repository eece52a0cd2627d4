//! The `gutskin` command line.
fn main() {}
