//! Stacked bars of the guilds, one bar a sample.

use gutskin_people::profile::sample::SampleReport;
use gutskin_people::profile::study::Study;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::error::{ReportError, Result};

use super::Figure;
use super::palette::BANDS;

/// Named horizontal bars up to this number of samples.
const MOST_NAMED: usize = 48;
/// Thin bars; of more samples every n-th is drawn.
const MOST_BARS: usize = 480;
const WIDTH: u32 = 960;
const LEFT: i32 = 190;
const RIGHT: i32 = 20;
const LEGEND_ROWS: i32 = 4;

/// Draws the bars.
pub fn draw(study: &Study) -> Result<Figure> {
    let order = ordered(study);
    let step = order.len().div_ceil(MOST_BARS).max(1);
    let shown: Vec<(&SampleReport, Option<&str>)> = order.into_iter().step_by(step).collect();
    let mut svg = String::new();
    let named = shown.len() <= MOST_NAMED;
    let drawn = if named {
        rows(&mut svg, &shown)
    } else {
        columns(&mut svg, &shown)
    };
    drawn.map_err(|error| ReportError::Figure {
        figure: "guilds",
        detail: error.to_string(),
    })?;
    let mut caption = "Functional guilds, shares of bacteria, archaea and fungi. Samples are ordered by group, then by the share of the Bacteroides group.".to_owned();
    if step > 1 {
        caption.push_str(&format!(" One of {step} samples is drawn."));
    }
    Ok(Figure {
        name: "guilds",
        caption,
        svg,
    })
}

/// Analysed samples with their groups, in the order of the figure.
fn ordered(study: &Study) -> Vec<(&SampleReport, Option<&str>)> {
    let mut found: Vec<(&SampleReport, Option<&str>)> = study
        .samples
        .iter()
        .enumerate()
        .filter(|(_, sample)| sample.refused.is_none())
        .map(|(at, sample)| {
            (
                sample,
                study
                    .groups
                    .as_ref()
                    .and_then(|groups| groups[at].as_deref()),
            )
        })
        .collect();
    if study.groups.is_some() || found.len() > 12 {
        found.sort_by(|a, b| {
            let missing = |group: Option<&str>| group.is_none();
            missing(a.1)
                .cmp(&missing(b.1))
                .then(a.1.cmp(&b.1))
                .then(BANDS[0].share(b.0).total_cmp(&BANDS[0].share(a.0)))
        });
    }
    found
}

type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

fn rows(svg: &mut String, shown: &[(&SampleReport, Option<&str>)]) -> Drawn {
    const BAR: i32 = 20;
    const STEP: i32 = 25;
    let groups = breaks(shown);
    let height = 70 + STEP * shown.len() as i32 + 24 * groups.len() as i32 + 24 * LEGEND_ROWS;
    let root = SVGBackend::with_string(svg, (WIDTH, height as u32)).into_drawing_area();
    root.fill(&WHITE)?;
    let span = WIDTH as i32 - LEFT - RIGHT;
    let small = ("sans-serif", 13).into_font().color(&BLACK);
    let mut y = 10;
    for (position, (sample, _)) in shown.iter().enumerate() {
        if let Some((_, name)) = groups.iter().find(|(start, _)| *start == position) {
            let style = ("sans-serif", 14)
                .into_font()
                .style(FontStyle::Bold)
                .color(&BLACK);
            root.draw(&Text::new((*name).to_owned(), (LEFT, y + 2), style))?;
            y += 24;
        }
        let style = small.clone().pos(Pos::new(HPos::Right, VPos::Center));
        root.draw(&Text::new(
            clip(&sample.id, 25),
            (LEFT - 8, y + BAR / 2),
            style,
        ))?;
        let mut from = 0.0;
        for band in &BANDS {
            let to = from + band.share(sample);
            let (x0, x1) = (
                LEFT + (from * f64::from(span)).round() as i32,
                LEFT + (to * f64::from(span)).round() as i32,
            );
            if x1 > x0 {
                root.draw(&Rectangle::new(
                    [(x0, y), (x1, y + BAR)],
                    band.fill.filled(),
                ))?;
                root.draw(&Rectangle::new(
                    [(x0, y), (x1, y + BAR)],
                    WHITE.stroke_width(1),
                ))?;
            }
            if x1 - x0 >= 34 {
                let ink = if band.dark { &WHITE } else { &BLACK };
                let style = ("sans-serif", 12)
                    .into_font()
                    .color(ink)
                    .pos(Pos::new(HPos::Center, VPos::Center));
                root.draw(&Text::new(band.label, ((x0 + x1) / 2, y + BAR / 2), style))?;
            }
            from = to;
        }
        y += STEP;
    }
    for tick in 0..=4 {
        let x = LEFT + span * tick / 4;
        root.draw(&PathElement::new(vec![(x, y), (x, y + 5)], BLACK))?;
        let style = small.clone().pos(Pos::new(HPos::Center, VPos::Top));
        root.draw(&Text::new(format!("{} %", 25 * tick), (x, y + 8), style))?;
    }
    legend(&root, 16, y + 38)?;
    root.present()?;
    Ok(())
}

fn columns(svg: &mut String, shown: &[(&SampleReport, Option<&str>)]) -> Drawn {
    const TOP: i32 = 34;
    const TALL: i32 = 320;
    let groups = breaks(shown);
    let root = SVGBackend::with_string(svg, (WIDTH, (TOP + TALL + 50 + 24 * LEGEND_ROWS) as u32))
        .into_drawing_area();
    root.fill(&WHITE)?;
    let left = 60;
    let span = f64::from(WIDTH as i32 - left - RIGHT);
    let width = span / shown.len() as f64;
    let small = ("sans-serif", 13).into_font().color(&BLACK);
    for (position, (sample, _)) in shown.iter().enumerate() {
        let x0 = left + (position as f64 * width).round() as i32;
        let x1 = left + ((position + 1) as f64 * width).round() as i32;
        let mut from = 0.0;
        for band in &BANDS {
            let to = from + band.share(sample);
            let (y0, y1) = (
                TOP + TALL - (from * f64::from(TALL)).round() as i32,
                TOP + TALL - (to * f64::from(TALL)).round() as i32,
            );
            if y0 > y1 && x1 > x0 {
                root.draw(&Rectangle::new([(x0, y1), (x1, y0)], band.fill.filled()))?;
            }
            from = to;
        }
    }
    for (start, name) in &groups {
        let x = left + (*start as f64 * width).round() as i32;
        root.draw(&PathElement::new(
            vec![(x, TOP - 20), (x, TOP + TALL)],
            BLACK.stroke_width(2),
        ))?;
        let style = ("sans-serif", 14)
            .into_font()
            .style(FontStyle::Bold)
            .color(&BLACK);
        root.draw(&Text::new((*name).to_owned(), (x + 4, TOP - 20), style))?;
    }
    for tick in 0..=4 {
        let y = TOP + TALL - TALL * tick / 4;
        root.draw(&PathElement::new(vec![(left - 5, y), (left, y)], BLACK))?;
        let style = small.clone().pos(Pos::new(HPos::Right, VPos::Center));
        root.draw(&Text::new(format!("{} %", 25 * tick), (left - 8, y), style))?;
    }
    let style = small.pos(Pos::new(HPos::Center, VPos::Top));
    root.draw(&Text::new(
        format!("{} samples", shown.len()),
        (left + span as i32 / 2, TOP + TALL + 8),
        style,
    ))?;
    legend(&root, 16, TOP + TALL + 38)?;
    root.present()?;
    Ok(())
}

/// Positions where a group begins.
fn breaks<'a>(shown: &[(&SampleReport, Option<&'a str>)]) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    let any = shown.iter().any(|(_, group)| group.is_some());
    for (position, (_, group)) in shown.iter().enumerate() {
        let before = position.checked_sub(1).map(|at| shown[at].1);
        if any && before != Some(*group) {
            found.push((position, group.unwrap_or("no group")));
        }
    }
    found
}

fn legend<B: DrawingBackend>(
    root: &DrawingArea<B, plotters::coord::Shift>,
    left: i32,
    top: i32,
) -> Drawn
where
    B::ErrorType: 'static,
{
    for (position, band) in BANDS.iter().enumerate() {
        let (row, column) = (position as i32 / 3, position as i32 % 3);
        let (x, y) = (left + column * 315, top + row * 22);
        root.draw(&Rectangle::new(
            [(x, y), (x + 30, y + 16)],
            band.fill.filled(),
        ))?;
        let ink = if band.dark { &WHITE } else { &BLACK };
        let inside = ("sans-serif", 11)
            .into_font()
            .color(ink)
            .pos(Pos::new(HPos::Center, VPos::Center));
        root.draw(&Text::new(band.label, (x + 15, y + 8), inside))?;
        let style = ("sans-serif", 13)
            .into_font()
            .color(&BLACK)
            .pos(Pos::new(HPos::Left, VPos::Center));
        root.draw(&Text::new(band.legend, (x + 37, y + 8), style))?;
    }
    Ok(())
}

/// A name cut in the middle.
pub fn clip(name: &str, width: usize) -> String {
    let count = name.chars().count();
    if count <= width {
        return name.to_owned();
    }
    let head: String = name.chars().take(width - 8).collect();
    let tail: String = name.chars().skip(count - 7).collect();
    format!("{head}…{tail}")
}
