//! A legend below a figure, so that it covers nothing.

use super::{colour, dash, wrapped};
use plotters::coord::Shift;
use plotters::prelude::*;

/// Height of a line of text, px.
const LINE: i32 = 17;
/// Length of the sample of a line, px.
const SAMPLE: i32 = 40;
/// Letters that fit beside a sample over the whole width.
const FIT: usize = 98;

fn lines(label: &str) -> Vec<String> {
    wrapped(label, FIT, 3)
}

/// How high the legend of these labels is, px.
pub(super) fn height(labels: &[String]) -> u32 {
    let rows: usize = labels.iter().map(|l| lines(l).len()).sum();
    LINE.unsigned_abs() * u32::try_from(rows).unwrap_or(200).min(200) + 10
}

/// One row a label, in order, each with the line of its arm.
pub(super) fn draw(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    labels: &[String],
) -> Result<(), String> {
    let text = |e: DrawingAreaErrorKind<_>| e.to_string();
    let (left, mut y) = (20, 2);
    for (arm, label) in labels.iter().enumerate() {
        let middle = y + LINE / 2;
        for (from, to) in strokes(dash(arm)) {
            let points = vec![(left + from, middle), (left + to, middle)];
            area.draw(&PathElement::new(points, colour(arm).stroke_width(3)))
                .map_err(text)?;
        }
        for line in lines(label) {
            let at = (left + SAMPLE + 10, y + 2);
            area.draw(&Text::new(line, at, ("sans-serif", 13)))
                .map_err(text)?;
            y += LINE;
        }
    }
    Ok(())
}

/// From where to where the sample of a line is drawn.
fn strokes((dash, gap): (i32, i32)) -> Vec<(i32, i32)> {
    if dash == 0 {
        return vec![(0, SAMPLE)];
    }
    let count = SAMPLE / (dash + gap) + 1;
    let starts = (0..count).map(|i| i * (dash + gap));
    starts
        .filter(|start| *start < SAMPLE)
        .map(|start| (start, (start + dash).min(SAMPLE)))
        .collect()
}
