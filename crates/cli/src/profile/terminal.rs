//! The terminal table.

use std::io::{Result, Write};

use gutskin_people::profile::reference::Reference;
use gutskin_people::profile::study::Study;

/// Prints a study.
pub fn print(out: &mut impl Write, study: &Study, _references: &[Reference]) -> Result<()> {
    for sample in &study.samples {
        writeln!(
            out,
            "{} {:?} {:?}",
            sample.id, sample.gmwi2, sample.diversity
        )?;
    }
    Ok(())
}
