//! Courses of several arms and scenarios, one name.

use super::axis::WIDTH;
use super::{colour, drawn, legend, line, ticks, times};
use crate::ReportError;
use gutskin_study::measured::Point;
use gutskin_study::simulate::Series;
use plotters::prelude::*;

/// Means as lines, 90 % of people between thin ones where there are several; measurements as dots with their standard
/// deviations.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn courses(all: &[&Series], measured: &[Point]) -> Result<String, ReportError> {
    drawn("courses", |svg| draw(all, measured, svg))
}

fn draw(all: &[&Series], measured: &[Point], svg: &mut String) -> Result<(), String> {
    let shown = measured.iter().filter(|p| all.iter().any(|s| p.is_of(s)));
    let reach = |p: &Point| [p.value - p.sd.unwrap_or(0.0), p.value + p.sd.unwrap_or(0.0)];
    let values = all
        .iter()
        .flat_map(|s| s.low.iter().chain(&s.high).copied())
        .chain(shown.flat_map(reach));
    let (low, high) = span(values);
    let last = all
        .iter()
        .filter_map(|s| s.days.last())
        .fold(1e-9_f64, |a, b| a.max(*b));
    let first = all.first();
    let title = first.map_or(String::new(), |s| format!("{} ({})", s.name, s.meaning));
    // What has no unit is named at its axis.
    let unit = first.map_or("", |s| match s.unit.as_str() {
        "" | "1" => s.name.as_str(),
        unit => unit,
    });
    let several = all
        .iter()
        .any(|s| s.scenario != first.map_or("", |f| f.scenario.as_str()));
    let text = |e: DrawingAreaErrorKind<_>| e.to_string();
    let label = |s: &&Series| match several {
        true => format!("{}: {}", s.scenario, s.arm),
        false => s.arm.clone(),
    };
    let labels: Vec<String> = all.iter().map(label).collect();
    let size = (WIDTH, 400 + legend::height(&labels));
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    let (area, below) = root.split_vertically(400);
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(42)
        .y_label_area_size(64)
        .caption(title, ("sans-serif", 14))
        .build_cartesian_2d(0.0..last, low..high)
        .map_err(text)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.1))
        .x_desc("day")
        .y_desc(unit)
        .x_label_formatter(&times(last))
        .y_label_formatter(&ticks(low, high))
        .label_style(("sans-serif", 13))
        .draw()
        .map_err(text)?;
    for (i, s) in all.iter().enumerate() {
        let along = |v: &[f64]| -> Vec<(f64, f64)> {
            s.days.iter().copied().zip(v.iter().copied()).collect()
        };
        if s.people > 1 {
            for edge in [&s.low, &s.high] {
                let thin = colour(i).mix(0.45).stroke_width(1);
                chart
                    .draw_series(DashedLineSeries::new(along(edge), 2, 3, thin))
                    .map_err(text)?;
            }
        }
        line(&mut chart, i, along(&s.mean))?;
    }
    for (i, s) in all.iter().enumerate() {
        for p in measured.iter().filter(|p| p.is_of(s) && p.day <= last) {
            let [from, to] = reach(p);
            let bar = PathElement::new(vec![(p.day, from), (p.day, to)], colour(i).stroke_width(1));
            chart.draw_series([bar]).map_err(text)?;
            let ring = Circle::new((p.day, p.value), 5, WHITE.filled());
            let dot = Circle::new((p.day, p.value), 4, colour(i).stroke_width(2));
            chart.draw_series([ring, dot]).map_err(text)?;
        }
    }
    drop(chart);
    legend::draw(&below, &labels)?;
    root.present().map_err(text)
}

/// Bounds with room; zero is in them only where it is near.
fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let finite = values.filter(|v| v.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
        (l.min(v), h.max(v))
    });
    if low > high {
        return (0.0, 1.0);
    }
    let room = (0.08 * (high - low)).max(1e-6 * high.abs()).max(1e-12);
    let low = if low >= 0.0 && low < 0.5 * high {
        0.0
    } else {
        low - room
    };
    (low, high + room)
}
