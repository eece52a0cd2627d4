//! Which links carry the effect.

use super::axis::{WIDTH, bounds, rows};
use super::{COLOURS, drawn};
use crate::ReportError;
use gutskin_study::trial::Why;
use plotters::prelude::*;

/// Bars: the whole effect, what each link carries, what is left without all of them.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn why(why: &Why, unit: &str) -> Result<String, ReportError> {
    drawn("why", |svg| draw(why, unit, svg))
}

fn draw(why: &Why, unit: &str, svg: &mut String) -> Result<(), String> {
    let mut bars = vec![("whole effect".to_owned(), why.whole.mean, 0)];
    let carried = why.links.iter().map(|l| {
        (
            format!("– carried by {} ({})", l.link, l.grade),
            l.carried,
            1,
        )
    });
    bars.extend(carried);
    bars.push(("left without all of them".to_owned(), why.without_all, 0));
    let height = 70 + 24 * u32::try_from(bars.len()).unwrap_or(1).min(100);
    let area = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
    let labels: Vec<String> = bars.iter().map(|b| b.0.clone()).collect();
    let all = bounds(bars.iter().map(|b| b.1));
    let mut chart = rows(&area, &labels, all, &format!("mean effect ({unit})"))?;
    for (row, (_, value, kind)) in bars
        .into_iter()
        .enumerate()
        .filter(|(_, b)| b.1.is_finite())
    {
        let (top, bottom) = (row as f64 + 0.22, row as f64 + 0.78);
        let bar = Rectangle::new([(0.0, top), (value, bottom)], COLOURS[kind].filled());
        chart.draw_series([bar]).map_err(|e| e.to_string())?;
    }
    drop(chart);
    area.present().map_err(|e| e.to_string())
}
