//! Figures as SVG text: colour-blind safe, told apart in grey by line style and label.

use crate::ReportError;
use gutskin_study::trial::TrialSummary;
use plotters::prelude::*;

/// Okabe–Ito colours, dark enough to read in grey.
const COLOURS: [RGBColor; 5] = [
    RGBColor(0, 0, 0),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
];

/// Mean of the observable as seen, one line an arm, over the visits; the band of the comparator holds 90 % of people.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn time_course(summary: &TrialSummary, title: &str, unit: &str) -> Result<String, ReportError> {
    let mut svg = String::new();
    draw_course(summary, title, unit, &mut svg).map_err(|detail| ReportError::Figure {
        figure: "time course",
        detail,
    })?;
    Ok(svg)
}

fn draw_course(
    summary: &TrialSummary,
    title: &str,
    unit: &str,
    svg: &mut String,
) -> Result<(), String> {
    let weeks: Vec<f64> = summary.visits.iter().map(|d| d / 7.0).collect();
    let last = weeks.last().copied().unwrap_or(1.0);
    let top = summary
        .arms
        .iter()
        .flat_map(|a| a.course.iter().map(|c| c[2]))
        .fold(0.0, f64::max);
    let area = SVGBackend::with_string(svg, (760, 380)).into_drawing_area();
    let text = |e: DrawingAreaErrorKind<_>| e.to_string();
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(42)
        .y_label_area_size(56)
        .caption(title, ("sans-serif", 17))
        .build_cartesian_2d(0.0..last, 0.0..top * 1.05)
        .map_err(text)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .x_desc("week")
        .y_desc(unit)
        .label_style(("sans-serif", 13))
        .draw()
        .map_err(text)?;
    if let Some(comparator) = summary.arms.first() {
        let upper = weeks
            .iter()
            .zip(&comparator.course)
            .map(|(&t, c)| (t, c[2]));
        let lower = weeks
            .iter()
            .zip(&comparator.course)
            .map(|(&t, c)| (t, c[1]));
        let outline: Vec<(f64, f64)> = upper.chain(lower.rev()).collect();
        chart
            .draw_series([Polygon::new(outline, BLACK.mix(0.08))])
            .map_err(text)?;
    }
    for (i, arm) in summary.arms.iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let points: Vec<(f64, f64)> = weeks
            .iter()
            .zip(&arm.course)
            .map(|(&t, c)| (t, c[0]))
            .collect();
        let dash = [(0, 0), (10, 5), (3, 4), (14, 4), (6, 2)][i % 5];
        let style = colour.stroke_width(2);
        let series = if dash.0 == 0 {
            chart
                .draw_series(LineSeries::new(points, style))
                .map_err(text)?
        } else {
            chart
                .draw_series(DashedLineSeries::new(points, dash.0, dash.1, style))
                .map_err(text)?
        };
        series
            .label(arm.name.clone())
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 22, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .label_font(("sans-serif", 13))
        .draw()
        .map_err(text)?;
    drop(chart);
    area.present().map_err(text)?;
    Ok(())
}
