//! Figures as SVG text: colour-blind safe, told apart in grey by line style, hatching and label.

mod axis;
mod course;
mod courses;
mod effects;
mod guilds;
mod subgroups;
mod sweep;
mod twin;
mod waterfall;
mod why;

pub use course::time_course;
pub use courses::courses;
pub use effects::effects;
pub use guilds::guilds;
pub use subgroups::subgroups;
pub use sweep::sweep;
pub use twin::twin;
pub use waterfall::waterfall;
pub use why::why;

use crate::ReportError;
use plotters::prelude::*;

/// Okabe–Ito colours, dark enough to read in grey.
const COLOURS: [RGBColor; 5] = [
    RGBColor(0, 0, 0),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
];

/// Dash and gap of the line of an arm; a whole line where both are 0.
const DASHES: [(i32, i32); 5] = [(0, 0), (10, 5), (3, 4), (14, 4), (6, 2)];

fn colour(arm: usize) -> RGBColor {
    COLOURS[arm % COLOURS.len()]
}

/// A figure by its name, drawn by a function that says what went wrong in words.
fn drawn(
    figure: &'static str,
    draw: impl FnOnce(&mut String) -> Result<(), String>,
) -> Result<String, ReportError> {
    let mut svg = String::new();
    draw(&mut svg).map_err(|detail| ReportError::Figure { figure, detail })?;
    Ok(svg)
}
