//! Report of stool profiles: figures, tables, one HTML page that opens offline.

mod bars;
mod html;
mod ordination;
pub(crate) mod palette;
mod parquet;
mod strips;

pub use html::page;
pub use parquet::{samples_table, values_table};

use gutskin_people::profile::reference::Reference;
use gutskin_people::profile::study::Study;

use crate::error::Result;

/// A figure as SVG text.
#[derive(Debug, Clone)]
pub struct Figure {
    /// File name without ending.
    pub name: &'static str,
    /// Caption.
    pub caption: String,
    /// SVG.
    pub svg: String,
}

/// Draws the figures that the study allows.
///
/// # Errors
/// When the drawing library fails.
pub fn figures(study: &Study, references: &[Reference]) -> Result<Vec<Figure>> {
    let mut figures = vec![bars::draw(study)?];
    figures.extend(ordination::draw(study)?);
    figures.extend(strips::draw(study, references)?);
    Ok(figures)
}
