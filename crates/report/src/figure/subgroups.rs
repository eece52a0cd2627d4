//! Who responds: mean true effects on both sides of a cut.

use super::axis::{ROW, WIDTH, bounds, range, rows};
use super::{COLOURS, drawn};
use crate::ReportError;
use gutskin_study::trial::{Comparison, Half};
use plotters::prelude::*;

/// Two rows a trait; `described` is what an effect on one person is.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn subgroups(comparison: &Comparison, described: &str) -> Result<String, ReportError> {
    drawn("subgroups", |svg| draw(comparison, described, svg))
}

fn draw(comparison: &Comparison, described: &str, svg: &mut String) -> Result<(), String> {
    let mut halves: Vec<(String, &Half)> = Vec::new();
    for g in &comparison.subgroups {
        halves.push((format!("{} ≤ {:.3}", g.name, g.cut), &g.low));
        halves.push((format!("{} > {:.3}", g.name, g.cut), &g.high));
    }
    let height = 70 + ROW * u32::try_from(halves.len()).unwrap_or(1).min(80);
    let area = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
    let labels: Vec<String> = halves.iter().map(|h| h.0.clone()).collect();
    let all = bounds(
        halves
            .iter()
            .flat_map(|(_, h)| [h.effect.low, h.effect.high]),
    );
    let mut chart = rows(&area, &labels, all, &format!("mean {described}"))?;
    for (row, (_, half)) in halves.into_iter().enumerate() {
        let e = half.effect;
        let style = (COLOURS[row % 2], if row % 2 == 0 { 4 } else { 2 });
        range(&mut chart, row, (e.low, e.mean, e.high), style)?;
    }
    drop(chart);
    area.present().map_err(|e| e.to_string())
}
