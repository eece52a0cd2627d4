//! The result in one figure: true effects, what trials of this size report, and the first of them.

use super::axis::{WIDTH, bounds, range, rows};
use super::{COLOURS, drawn};
use crate::ReportError;
use crate::units::of_effect;
use gutskin_study::trial::TrialSummary;
use plotters::prelude::*;

/// One row each, an arm after the other.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn effects(summary: &TrialSummary) -> Result<String, ReportError> {
    drawn("effects", |svg| draw(summary, svg))
}

/// Label, low, middle, high, place in the order of kinds.
fn lines(summary: &TrialSummary) -> Vec<(String, (f64, f64, f64), usize)> {
    let mut lines = Vec::new();
    for c in &summary.comparisons {
        lines.push((
            format!("true effect: {}", c.arm),
            (c.effect.low, c.effect.mean, c.effect.high),
            0,
        ));
        if let Some(t) = &c.trials {
            lines.push((
                "– 95 % of such trials report".to_owned(),
                (t.quantiles[0], t.quantiles[2], t.quantiles[4]),
                1,
            ));
        }
        if let Some(e) = c.reported.as_ref().and_then(|r| r.estimate) {
            lines.push((
                "– the first of them reports".to_owned(),
                (e.low, e.value, e.high),
                2,
            ));
        }
    }
    lines
}

fn draw(summary: &TrialSummary, svg: &mut String) -> Result<(), String> {
    let lines = lines(summary);
    let height = 70 + 30 * u32::try_from(lines.len()).unwrap_or(1).min(60);
    let area = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
    let labels: Vec<String> = lines.iter().map(|l| l.0.clone()).collect();
    let all = bounds(lines.iter().flat_map(|l| [l.1.0, l.1.2]));
    let mut chart = rows(&area, &labels, all, &of_effect(summary))?;
    for (row, (_, ends, kind)) in lines.into_iter().enumerate() {
        // Kinds differ by thickness, so that they are told apart in grey.
        let style = [(COLOURS[0], 6), (COLOURS[1], 3), (COLOURS[2], 1)][kind.min(2)];
        range(&mut chart, row, ends, style)?;
    }
    drop(chart);
    area.present().map_err(|e| e.to_string())
}
