//! When people respond or relapse: steps after Kaplan and Meier in the first trial.

use super::axis::WIDTH;
use super::{drawn, legend, line, times};
use crate::ReportError;
use crate::units::is_relapse;
use gutskin_study::trial::{ArmResponse, TrialSummary};
use plotters::prelude::*;

/// Share with the event over time, a step line an arm; `last` is the day of the endpoint.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn events(summary: &TrialSummary, last: f64) -> Result<String, ReportError> {
    drawn("events", |svg| draw(summary, last, svg))
}

/// Week and share with the event, a corner each.
fn steps(arm: &ArmResponse, last: f64) -> Vec<(f64, f64)> {
    let mut corners = vec![(0.0, 0.0)];
    let mut reached = 0.0;
    for &(day, without) in &arm.without_response {
        let week = day / 7.0;
        corners.push((week, reached));
        reached = 1.0 - without;
        corners.push((week, reached));
    }
    corners.push((last / 7.0, reached));
    corners
}

fn draw(summary: &TrialSummary, last: f64, svg: &mut String) -> Result<(), String> {
    let arms: Vec<(&str, &ArmResponse)> = (summary.arms.iter())
        .filter_map(|a| Some((a.name.as_str(), a.reported.as_ref()?)))
        .collect();
    // Of a relapse only who had responded is at risk.
    let people = |arm: &ArmResponse| arm.at_risk.first().map_or(arm.allocated, |r| r.1);
    let label = |(name, arm): &(&str, &ArmResponse)| format!("{name} ({} people)", people(arm));
    let labels: Vec<String> = arms.iter().map(label).collect();
    let event = if is_relapse(summary) {
        "have relapsed"
    } else {
        "have responded"
    };
    let text = |e: DrawingAreaErrorKind<_>| e.to_string();
    let size = (WIDTH, 360 + legend::height(&labels));
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    let (area, below) = root.split_vertically(360);
    let weeks = (last / 7.0).max(1e-9);
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(42)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..weeks, 0.0..1.0)
        .map_err(text)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.1))
        .x_desc("week")
        .y_desc(format!("share who {event}"))
        .x_label_formatter(&times(weeks))
        .y_label_formatter(&|share| format!("{:.0} %", 100.0 * share))
        .label_style(("sans-serif", 13))
        .draw()
        .map_err(text)?;
    for (i, (_, arm)) in arms.iter().enumerate() {
        line(&mut chart, i, steps(arm, last))?;
    }
    drop(chart);
    legend::draw(&below, &labels)?;
    root.present().map_err(text)
}
