//! A row of estimates over one horizontal axis: text on the left, marks on the right.

use super::{ticks, wrapped};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

/// Width of a figure, px.
pub(super) const WIDTH: u32 = 760;
/// Where the axis begins, px.
const TEXT: u32 = 270;
/// Letters of usual width before it.
const FIT: usize = 42;
/// Height of a row with two lines of text, px.
pub(super) const ROW: u32 = 30;

pub(super) type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;
pub(super) type Chart<'s> =
    ChartContext<'s, SVGBackend<'s>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Bounds that hold all values and zero, with some room.
pub(super) fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let finite = values.filter(|v| v.is_finite());
    let (low, high) = finite.fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
    let room = 0.06 * (high - low).max(1e-6);
    (low - room, high + room)
}

/// A chart with one row a line of text, counted from the top; zero is marked.
pub(super) fn rows<'s>(
    area: &Area<'s>,
    labels: &[String],
    (low, high): (f64, f64),
    description: &str,
) -> Result<Chart<'s>, String> {
    let count = labels.len() as f64;
    let text = |e: DrawingAreaErrorKind<_>| e.to_string();
    let mut chart = ChartBuilder::on(area)
        .margin(10)
        .margin_left(TEXT)
        .x_label_area_size(42)
        .build_cartesian_2d(low..high, count..0.0)
        .map_err(text)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.12))
        .x_labels(8)
        .x_desc(description)
        .x_label_formatter(&ticks(low, high))
        .label_style(("sans-serif", 13))
        .draw()
        .map_err(text)?;
    chart
        .draw_series([PathElement::new(
            vec![(0.0, 0.0), (0.0, count)],
            BLACK.stroke_width(1),
        )])
        .map_err(text)?;
    for (row, label) in labels.iter().enumerate() {
        let (_, y) = chart.backend_coord(&(0.0, row as f64 + 0.5));
        let lines = wrapped(label, FIT, 2);
        let (size, step) = if lines.len() > 1 { (12, 13) } else { (13, 14) };
        let top = y - step * i32::try_from(lines.len()).unwrap_or(1) / 2;
        for (line, at) in lines.into_iter().zip((top..).step_by(step as usize)) {
            area.draw(&Text::new(line, (10, at), ("sans-serif", size)))
                .map_err(text)?;
        }
    }
    Ok(chart)
}

/// A range in a row, as a line with a point.
pub(super) fn range(
    chart: &mut Chart<'_>,
    row: usize,
    (low, middle, high): (f64, f64, f64),
    (colour, width): (RGBColor, u32),
) -> Result<(), String> {
    if ![low, middle, high].iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    let (y, text) = (row as f64 + 0.5, |e: DrawingAreaErrorKind<_>| e.to_string());
    chart
        .draw_series([PathElement::new(
            vec![(low, y), (high, y)],
            colour.stroke_width(width),
        )])
        .map_err(text)?;
    chart
        .draw_series([Circle::new((middle, y), 5, colour.filled())])
        .map_err(text)?;
    Ok(())
}
