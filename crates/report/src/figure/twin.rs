//! One panel an option: median, half and 90 % of a person's twins over time.

use super::drawn;
use crate::ReportError;
use gutskin_study::twin::{ArmForecast, Twin};
use plotters::coord::Shift;
use plotters::prelude::*;

/// Panels side by side.
const ACROSS: usize = 2;
/// Height of a row of panels.
const HEIGHT: u32 = 230;
/// Colour of bands and of the median.
const BAND: RGBColor = RGBColor(0, 114, 178);

/// Forecasts of a twin, as SVG.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn twin(twin: &Twin) -> Result<String, ReportError> {
    drawn("forecasts", |svg| draw(twin, svg))
}

fn draw(twin: &Twin, svg: &mut String) -> Result<(), String> {
    let rows = twin.arms.len().div_ceil(ACROSS);
    let height = HEIGHT * u32::try_from(rows).unwrap_or(1);
    let area = SVGBackend::with_string(svg, (super::axis::WIDTH, height)).into_drawing_area();
    let top = twin
        .arms
        .iter()
        .flat_map(|a| a.bands.iter().map(|b| b[4]))
        .filter(|v| v.is_finite())
        .fold(1.0, f64::max);
    for (panel, arm) in area.split_evenly((rows, ACROSS)).iter().zip(&twin.arms) {
        one(panel, twin, arm, 1.05 * top).map_err(|e| e.to_string())?;
    }
    area.present().map_err(|e| e.to_string())
}

type Panel<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn one(
    panel: &Panel<'_>,
    twin: &Twin,
    arm: &ArmForecast,
    top: f64,
) -> Result<(), Box<dyn std::error::Error>> {
    let weeks: Vec<f64> = twin.days.iter().map(|d| d / 7.0).collect();
    let last = weeks.last().copied().unwrap_or(1.0);
    let mut chart = ChartBuilder::on(panel)
        .margin(8)
        .x_label_area_size(34)
        .y_label_area_size(42)
        .caption(&arm.name, ("sans-serif", 15))
        .build_cartesian_2d(0.0..last, 0.0..top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.1))
        .x_desc("week")
        .y_desc(&twin.score)
        .x_labels(6)
        .y_labels(5)
        .label_style(("sans-serif", 12))
        .draw()?;
    let along = |bands: &[[f64; 5]], which: usize| -> Vec<(f64, f64)> {
        weeks
            .iter()
            .zip(bands)
            .map(|(&t, b)| (t, b[which]))
            .collect()
    };
    for (low, high, shade) in [(0, 4, 0.16), (1, 3, 0.3)] {
        let lower = along(&arm.bands, low);
        let outline: Vec<_> = along(&arm.bands, high)
            .into_iter()
            .chain(lower.into_iter().rev())
            .collect();
        chart.draw_series([Polygon::new(outline, BAND.mix(shade))])?;
    }
    if let (Some(now), true) = (twin.arms.first(), arm.effect.is_some()) {
        let line =
            DashedLineSeries::new(along(&now.bands, 2), 4, 4, BLACK.mix(0.6).stroke_width(1));
        chart.draw_series(line)?;
    }
    chart.draw_series(LineSeries::new(along(&arm.bands, 2), BAND.stroke_width(3)))?;
    Ok(())
}
