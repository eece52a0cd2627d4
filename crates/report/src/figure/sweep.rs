//! What comes of varying one thing.

use super::axis::WIDTH;
use super::{colour, drawn, legend, line, ticks};
use crate::ReportError;
use crate::units::of_effect;
use gutskin_study::sweep::Point;
use gutskin_study::trial::Comparison;
use plotters::coord::Shift;
use plotters::prelude::*;

/// True effect with its interval above, share of trials with p < 0.05 below, over the values.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn sweep(name: &str, points: &[Point]) -> Result<String, ReportError> {
    drawn("sweep", |svg| draw(name, points, svg))
}

fn draw(name: &str, points: &[Point], svg: &mut String) -> Result<(), String> {
    let names = names(points);
    let size = (WIDTH, 620 + legend::height(&names));
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    let (area, key) = root.split_vertically(620);
    let (above, below) = area.split_vertically(310);
    let described = points
        .first()
        .map_or(String::new(), |p| of_effect(&p.summary));
    let effect = |c: &Comparison| Some([c.effect.low, c.effect.mean, c.effect.high]);
    let power = |c: &Comparison| {
        let t = c.trials.as_ref()?;
        let e = 1.96 * t.power.monte_carlo_error;
        Some([t.power.share - e, t.power.share, t.power.share + e])
    };
    let all = points
        .iter()
        .flat_map(|p| &p.summary.comparisons)
        .filter_map(effect)
        .flatten();
    let (low, high) = super::axis::bounds(all);
    panel(
        &above,
        points,
        (name, &format!("true {described}")),
        (low, high),
        &effect,
    )?;
    panel(
        &below,
        points,
        (name, "share of trials with p < 0.05"),
        (0.0, 1.02),
        &power,
    )?;
    legend::draw(&key, &names)?;
    root.present().map_err(|e| e.to_string())
}

/// The comparisons; one alone needs no legend.
fn names(points: &[Point]) -> Vec<String> {
    let all = points.first().map_or(&[][..], |p| &p.summary.comparisons);
    match all {
        [_] => Vec::new(),
        all => all.iter().map(|c| c.arm.clone()).collect(),
    }
}

type Read<'f> = &'f dyn Fn(&Comparison) -> Option<[f64; 3]>;

/// Numbers in front of the units; places in order where a value has none.
fn places(points: &[Point]) -> Vec<f64> {
    let number = |p: &Point| p.value.split_whitespace().next()?.parse::<f64>().ok();
    let read: Option<Vec<f64>> = points.iter().map(number).collect();
    read.unwrap_or_else(|| (0..points.len()).map(|i| i as f64).collect())
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    points: &[Point],
    (name, described): (&str, &str),
    (low, high): (f64, f64),
    read: Read<'_>,
) -> Result<(), String> {
    let text = |e: DrawingAreaErrorKind<_>| e.to_string();
    let xs = places(points);
    let (left, right) = xs
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(*v), h.max(*v))
        });
    let room = (0.04 * (right - left)).max(1e-9 + 1e-6 * right.abs());
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d(left - room..right + room, low..high)
        .map_err(text)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.1))
        .x_desc(name)
        .y_desc(described)
        .x_label_formatter(&ticks(left - room, right + room))
        .y_label_formatter(&ticks(low, high))
        .label_style(("sans-serif", 13))
        .draw()
        .map_err(text)?;
    let count = points.first().map_or(0, |p| p.summary.comparisons.len());
    for i in 0..count {
        let read_at = |(x, p): (&f64, &Point)| Some((*x, read(p.summary.comparisons.get(i)?)?));
        let found: Vec<(f64, [f64; 3])> = xs
            .iter()
            .zip(points)
            .filter_map(read_at)
            .filter(|(_, v)| v.iter().all(|v| v.is_finite()))
            .collect();
        for (x, [a, _, b]) in &found {
            chart
                .draw_series([PathElement::new(
                    vec![(*x, *a), (*x, *b)],
                    colour(i).stroke_width(1),
                )])
                .map_err(text)?;
        }
        chart
            .draw_series(
                found
                    .iter()
                    .map(|(x, v)| Circle::new((*x, v[1]), 4, colour(i).filled())),
            )
            .map_err(text)?;
        let means: Vec<(f64, f64)> = found.iter().map(|(x, v)| (*x, v[1])).collect();
        line(&mut chart, i, means)?;
    }
    Ok(())
}
