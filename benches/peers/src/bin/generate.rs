//! Writes the benchmark model's compiled kernels.
//!
//! `generate FOLDER [FILE]`; the file is the one of `benches/surrogate-compiled` unless told otherwise.

use std::path::{Path, PathBuf};

use gutskin_peers::{Failure, kernel_source};
use gutskin_surrogate::Surrogate;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("give the folder of the benchmark")?;
    let file = arguments.next().map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../surrogate-compiled/src/kernels.rs"),
        PathBuf::from,
    );
    let surrogate = Surrogate::read(Path::new(&folder), 1.0)?;
    std::fs::write(&file, kernel_source(&surrogate)?)?;
    println!("{} written", file.display());
    Ok(())
}
