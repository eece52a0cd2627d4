//! Scatter of the ordination, groups by colour and shape.

use gutskin_people::profile::analyse::percent;
use gutskin_people::profile::study::Study;
use plotters::prelude::*;

use crate::error::{ReportError, Result};

use super::Figure;
use super::bars::clip;
use super::palette::GROUPS;

const SIZE: (u32, u32) = (760, 560);

/// Draws the ordination; `None` where there is none.
pub fn draw(study: &Study) -> Result<Option<Figure>> {
    let Some(ordination) = &study.ordination else {
        return Ok(None);
    };
    let mut svg = String::new();
    scatter(&mut svg, study).map_err(|error| ReportError::Figure {
        figure: "ordination",
        detail: error.to_string(),
    })?;
    let pulls: Vec<String> = ordination
        .strongest
        .iter()
        .enumerate()
        .map(|(axis, names)| {
            let names: Vec<String> = names
                .iter()
                .map(|(name, loading)| format!("{name} {}", if *loading > 0.0 { "+" } else { "−" }))
                .collect();
            format!("axis {}: {}", axis + 1, names.join(", "))
        })
        .collect();
    let caption = format!(
        "Principal coordinates of Aitchison distances over {} genera ({} samples); a genus that a sample lacks counts as {} of it (1/D², as scikit-bio takes), which has weight where many lack it. Genera that pull most along {}.",
        ordination.genera,
        ordination.samples.len(),
        percent(ordination.zero_share),
        pulls.join("; along ")
    );
    Ok(Some(Figure {
        name: "ordination",
        caption,
        svg,
    }))
}

type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

fn scatter(svg: &mut String, study: &Study) -> Drawn {
    let Some(ordination) = &study.ordination else {
        return Ok(());
    };
    let (names, group_of) = groups(study, &ordination.samples);
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (plot, side) = root.split_horizontally(if names.len() > 1 {
        SIZE.0 - 170
    } else {
        SIZE.0 - 10
    });
    let (x, y) = (
        range(ordination.coordinates.iter().map(|point| point[0])),
        range(ordination.coordinates.iter().map(|point| point[1])),
    );
    let (x_span, y_span) = (x.end - x.start, y.end - y.start);
    let mut chart = ChartBuilder::on(&plot)
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(58)
        .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(RGBColor(228, 228, 228))
        .x_desc(format!("axis 1 ({:.1} %)", 100.0 * ordination.explained[0]))
        .y_desc(format!("axis 2 ({:.1} %)", 100.0 * ordination.explained[1]))
        .label_style(("sans-serif", 13))
        .axis_desc_style(("sans-serif", 14))
        .x_label_formatter(&|value| tick(*value, x_span))
        .y_label_formatter(&|value| tick(*value, y_span))
        .draw()?;
    let radius = if ordination.samples.len() > 300 { 3 } else { 5 };
    let to_pixel = |point: &[f64; 2]| chart.backend_coord(&(point[0], point[1]));
    let pixels: Vec<(i32, i32)> = ordination.coordinates.iter().map(to_pixel).collect();
    for (point, group) in pixels.iter().zip(&group_of) {
        marker(&root, *point, *group, radius)?;
    }
    if names.len() > 1 {
        let left = SIZE.0 as i32 - 160;
        for (position, name) in names.iter().enumerate() {
            let top = 40 + 26 * position as i32;
            marker(&root, (left, top), position, 6)?;
            let style = ("sans-serif", 14).into_font().color(&BLACK).pos(
                plotters::style::text_anchor::Pos::new(
                    plotters::style::text_anchor::HPos::Left,
                    plotters::style::text_anchor::VPos::Center,
                ),
            );
            root.draw(&Text::new(clip(name, 18), (left + 14, top), style))?;
        }
    }
    drop(side);
    root.present()?;
    Ok(())
}

/// Names of groups and the group of each sample placed; one group where none is named.
pub fn groups(study: &Study, samples: &[usize]) -> (Vec<String>, Vec<usize>) {
    let Some(groups) = &study.groups else {
        return (vec!["all".to_owned()], vec![0; samples.len()]);
    };
    let mut names: Vec<String> = samples
        .iter()
        .map(|at| groups[*at].clone().unwrap_or_else(|| "no group".to_owned()))
        .collect();
    let of = names.clone();
    names.sort();
    names.dedup();
    names.truncate(GROUPS.len());
    let index = of
        .iter()
        .map(|name| {
            names
                .iter()
                .position(|known| known == name)
                .unwrap_or(GROUPS.len() - 1)
        })
        .collect();
    (names, index)
}

/// A mark whose shape and colour tell the group.
pub fn marker<B: DrawingBackend>(
    root: &DrawingArea<B, plotters::coord::Shift>,
    (x, y): (i32, i32),
    group: usize,
    radius: i32,
) -> Drawn
where
    B::ErrorType: 'static,
{
    let colour = GROUPS[group % GROUPS.len()];
    let fill = colour.mix(0.75).filled();
    match group % 4 {
        0 => root.draw(&Circle::new((x, y), radius, fill))?,
        1 => root.draw(&Polygon::new(
            vec![
                (x, y - radius - 1),
                (x + radius + 1, y + radius),
                (x - radius - 1, y + radius),
            ],
            fill,
        ))?,
        2 => root.draw(&Rectangle::new(
            [
                (x - radius + 1, y - radius + 1),
                (x + radius - 1, y + radius - 1),
            ],
            colour.stroke_width(2),
        ))?,
        _ => {
            root.draw(&PathElement::new(
                vec![(x - radius, y - radius), (x + radius, y + radius)],
                colour.stroke_width(2),
            ))?;
            root.draw(&PathElement::new(
                vec![(x - radius, y + radius), (x + radius, y - radius)],
                colour.stroke_width(2),
            ))?;
        }
    }
    Ok(())
}

/// A number beside a tick with as many digits as the width of the axis asks for.
fn tick(value: f64, span: f64) -> String {
    let digits = (1.0 - (span / 2.0).log10().floor()).clamp(0.0, 6.0) as usize;
    // no minus before a zero
    let value = if value.abs() < span * 1e-9 {
        0.0
    } else {
        value
    };
    format!("{value:.digits$}")
}

fn range(values: impl Iterator<Item = f64>) -> std::ops::Range<f64> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values {
        low = low.min(value);
        high = high.max(value);
    }
    if !(low.is_finite() && high.is_finite()) {
        return -1.0..1.0;
    }
    let margin = ((high - low) * 0.06).max(0.5);
    low - margin..high + margin
}

#[cfg(test)]
mod tests {
    use super::tick;

    #[test]
    fn ticks_of_an_axis_differ() {
        let of = |span: f64, values: &[f64]| {
            let texts: Vec<String> = values.iter().map(|value| tick(*value, span)).collect();
            texts.join(" ")
        };
        assert_eq!(of(2.4, &[-1.0, -0.5, -0.0, 0.5]), "-1.0 -0.5 0.0 0.5");
        assert_eq!(of(40.0, &[-10.0, 0.0, 5.0]), "-10 0 5");
        assert_eq!(of(0.5, &[0.05, 0.1]), "0.05 0.10");
    }
}
