//! Means over the visits with a band.

use super::{colour, drawn, legend, line, ticks, times};
use crate::ReportError;
use gutskin_study::trial::{ArmSummary, TrialSummary};
use plotters::prelude::*;

/// Mean of the observable as seen, one line an arm, over the visits; bands hold 90 % of people, that of the comparator
/// filled, those of the others between thin lines.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn time_course(summary: &TrialSummary, title: &str, unit: &str) -> Result<String, ReportError> {
    drawn("time course", |svg| draw(summary, title, unit, svg))
}

fn draw(summary: &TrialSummary, title: &str, unit: &str, svg: &mut String) -> Result<(), String> {
    let weeks: Vec<f64> = summary.visits.iter().map(|d| d / 7.0).collect();
    let last = weeks.last().copied().unwrap_or(1.0);
    let bands = summary
        .arms
        .iter()
        .flat_map(|a| a.course.iter().map(|c| c[2]));
    let (_, top) = super::axis::bounds(bands);
    let text = |e: DrawingAreaErrorKind<_>| e.to_string();
    let names: Vec<String> = summary.arms.iter().map(|a| a.name.clone()).collect();
    let size = (super::axis::WIDTH, 400 + legend::height(&names));
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    let (area, below) = root.split_vertically(400);
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(42)
        .y_label_area_size(64)
        .caption(title, ("sans-serif", 16))
        .build_cartesian_2d(0.0..last, 0.0..top)
        .map_err(text)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.1))
        .x_desc("week")
        .y_desc(unit)
        .x_label_formatter(&times(last))
        .y_label_formatter(&ticks(0.0, top))
        .label_style(("sans-serif", 13))
        .draw()
        .map_err(text)?;
    let along = |arm: &ArmSummary, which: usize| -> Vec<(f64, f64)> {
        weeks
            .iter()
            .zip(&arm.course)
            .map(|(&t, c)| (t, c[which]))
            .collect()
    };
    for (i, arm) in summary.arms.iter().enumerate() {
        let (lower, upper) = (along(arm, 1), along(arm, 2));
        if i == 0 {
            let outline: Vec<_> = upper.into_iter().chain(lower.into_iter().rev()).collect();
            chart
                .draw_series([Polygon::new(outline, BLACK.mix(0.09))])
                .map_err(text)?;
        } else {
            for edge in [lower, upper] {
                let thin = colour(i).mix(0.45).stroke_width(1);
                chart
                    .draw_series(DashedLineSeries::new(edge, 2, 3, thin))
                    .map_err(text)?;
            }
        }
    }
    for (i, arm) in summary.arms.iter().enumerate() {
        line(&mut chart, i, along(arm, 0))?;
    }
    drop(chart);
    legend::draw(&below, &names)?;
    root.present().map_err(text)
}
