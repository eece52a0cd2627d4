//! Each person of the first trial as a bar, arm by arm, best first.

use super::{colour, drawn, ticks, wrapped};
use crate::ReportError;
use crate::units::of_change;
use gutskin_study::trial::TrialSummary;
use plotters::prelude::*;

/// Height of a line of a title, px.
const TITLE: u32 = 17;
/// Letters of a title that fit over the whole width.
const FIT: usize = 90;

/// One panel an arm, all on one scale.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn waterfall(summary: &TrialSummary) -> Result<String, ReportError> {
    drawn("waterfall", |svg| draw(summary, svg))
}

fn draw(summary: &TrialSummary, svg: &mut String) -> Result<(), String> {
    let arms: Vec<(&str, &[f64])> = (summary.arms.iter())
        .filter_map(|a| Some((a.name.as_str(), a.reported.as_ref()?.outcomes.as_slice())))
        .collect();
    let (low, high) = super::axis::bounds(arms.iter().flat_map(|a| a.1.iter().copied()));
    let columns = arms.len().clamp(1, 3);
    let lines = arms.len().div_ceil(columns).max(1);
    let titles: Vec<Vec<String>> = arms
        .iter()
        .map(|a| wrapped(a.0, FIT / columns, 4))
        .collect();
    let title = TITLE * titles.iter().map(Vec::len).max().unwrap_or(1) as u32 + 8;
    let height = (250 + title) * u32::try_from(lines).unwrap_or(1);
    let size = (super::axis::WIDTH, height);
    let described = of_change(summary);
    let area = SVGBackend::with_string(svg, size).into_drawing_area();
    for ((number, (_, values)), panel) in arms
        .iter()
        .enumerate()
        .zip(area.split_evenly((lines, columns)))
    {
        let text = |e: DrawingAreaErrorKind<_>| e.to_string();
        let (above, panel) = panel.split_vertically(title);
        for (line, y) in titles[number].iter().zip((6..).step_by(TITLE as usize)) {
            let text_of = Text::new(line.clone(), (56, y), ("sans-serif", 14));
            above.draw(&text_of).map_err(text)?;
        }
        let mut chart = ChartBuilder::on(&panel)
            .margin(8)
            .y_label_area_size(if number % columns == 0 { 62 } else { 44 })
            .x_label_area_size(8)
            .build_cartesian_2d(0.0..values.len().max(1) as f64, low..high)
            .map_err(text)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .light_line_style(WHITE)
            .bold_line_style(BLACK.mix(0.12))
            .y_labels(6)
            .y_label_formatter(&ticks(low, high))
            .y_desc(if number % columns == 0 {
                described.as_str()
            } else {
                ""
            })
            .label_style(("sans-serif", 12))
            .draw()
            .map_err(text)?;
        let bar = |(i, v): (usize, &f64)| {
            let x = i as f64;
            Rectangle::new(
                [(x + 0.1, 0.0), (x + 0.9, *v)],
                colour(number).mix(0.75).filled(),
            )
        };
        chart
            .draw_series(values.iter().enumerate().map(bar))
            .map_err(text)?;
        let zero = vec![(0.0, 0.0), (values.len().max(1) as f64, 0.0)];
        chart
            .draw_series([PathElement::new(zero, BLACK)])
            .map_err(text)?;
    }
    area.present().map_err(|e| e.to_string())
}
