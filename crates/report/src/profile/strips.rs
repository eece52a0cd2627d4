//! Strip plots: each sample's value, beside the range of the reference of the same method.

use gutskin_people::profile::method::Unit;
use gutskin_people::profile::reference::{Reference, Spread};
use gutskin_people::profile::sample::SampleReport;
use gutskin_people::profile::study::Study;
use gutskin_people::taxonomy::Guild;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::error::{ReportError, Result};

use super::Figure;
use super::bars::clip;
use super::ordination::{groups, marker};

const PANEL: (i32, i32) = (236, 250);
const ACROSS: i32 = 4;

struct Panel {
    title: &'static str,
    percent: bool,
    values: Vec<(usize, usize, f64)>,
    band: Option<[f64; 3]>,
}

/// Draws the strips; `None` where no sample was analysed.
pub fn draw(study: &Study, references: &[Reference]) -> Result<Option<Figure>> {
    let analysed: Vec<usize> = (0..study.samples.len())
        .filter(|at| study.samples[*at].refused.is_none())
        .collect();
    let Some(first) = analysed.first().map(|at| &study.samples[*at]) else {
        return Ok(None);
    };
    let one_method = analysed.iter().all(|at| {
        study.samples[*at].method == first.method && study.samples[*at].unit == first.unit
    });
    let reference = references.iter().find(|reference| {
        one_method
            && reference.spread == Spread::People
            && reference.method == first.method
            && !first.compared.is_empty()
    });
    let (names, group_of) = groups(study, &analysed);
    let panels = panels(study, &analysed, &group_of, reference);
    let mut svg = String::new();
    paint(&mut svg, &panels, &names, reference.is_some()).map_err(|error| ReportError::Figure {
        figure: "strips",
        detail: error.to_string(),
    })?;
    let caption = match reference {
        Some(reference) => format!(
            "Each mark is a sample. Grey: 5th to 95th percentile of the reference, line: its median ({}).",
            reference.title
        ),
        None => "Each mark is a sample. No reference for this method ships, so no range is drawn."
            .to_owned(),
    };
    Ok(Some(Figure {
        name: "strips",
        caption,
        svg,
    }))
}

fn panels(
    study: &Study,
    analysed: &[usize],
    group_of: &[usize],
    reference: Option<&Reference>,
) -> Vec<Panel> {
    type Get = fn(&SampleReport) -> Option<f64>;
    let shannon = |sample: &SampleReport| {
        let beside = sample.beside("shannon").map(|found| found.value);
        beside.or(Some(sample.diversity.shannon))
    };
    let other_unit = analysed
        .iter()
        .find_map(|at| study.samples[*at].shannon_of_the_reference());
    let list: [(&'static str, Option<Guild>, &str, bool, Get); 7] = [
        ("dysbiosis distance", None, "distance", false, |sample| {
            sample.dysbiosis.as_ref().map(|found| found.distance)
        }),
        (
            "butyrate producers",
            None,
            "butyrate_producers",
            true,
            |sample| Some(sample.butyrate_producers),
        ),
        ("Faecalibacterium", Some(Guild::Fae), "", true, |sample| {
            Some(sample.guild(Guild::Fae))
        }),
        ("Bifidobacterium", Some(Guild::Bif), "", true, |sample| {
            Some(sample.guild(Guild::Bif))
        }),
        ("Bacteroides group", Some(Guild::Bac), "", true, |sample| {
            Some(sample.guild(Guild::Bac))
        }),
        ("Enterobacteriaceae", Some(Guild::Ent), "", true, |sample| {
            Some(sample.guild(Guild::Ent))
        }),
        ("Akkermansia", Some(Guild::Akk), "", true, |sample| {
            Some(sample.guild(Guild::Akk))
        }),
    ];
    let place = |values: Vec<Option<f64>>| -> Vec<(usize, usize, f64)> {
        values
            .into_iter()
            .enumerate()
            .filter_map(|(position, value)| Some((position, group_of[position], value?)))
            .collect()
    };
    let band = |quantiles: Option<&Vec<f64>>| {
        quantiles
            .filter(|values| values.len() == 9)
            .map(|values| [values[1], values[4], values[7]])
    };
    let mut panels = vec![Panel {
        title: match other_unit.map(|found| found.unit) {
            None => "Shannon",
            Some(Unit::Genus) => "Shannon over genera",
            Some(_) => "Shannon, unit of reference",
        },
        percent: false,
        values: place(
            analysed
                .iter()
                .map(|at| shannon(&study.samples[*at]))
                .collect(),
        ),
        band: band(reference.and_then(|reference| reference.quantiles.get("shannon"))),
    }];
    for (title, guild, metric, percent, get) in list {
        let quantiles = reference.and_then(|reference| match guild {
            Some(guild) => reference.guild_quantiles.get(guild.code()),
            None => reference.quantiles.get(metric),
        });
        let values = place(analysed.iter().map(|at| get(&study.samples[*at])).collect());
        if !values.is_empty() {
            panels.push(Panel {
                title,
                percent,
                values,
                band: band(quantiles),
            });
        }
    }
    panels
}

type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

fn paint(svg: &mut String, panels: &[Panel], names: &[String], banded: bool) -> Drawn {
    let down = (panels.len() as i32 + ACROSS - 1) / ACROSS;
    let legend = if names.len() > 1 {
        20 + 24 * ((names.len() as i32 + 3) / 4)
    } else {
        8
    };
    let root = SVGBackend::with_string(
        svg,
        (
            (PANEL.0 * ACROSS + 16) as u32,
            (PANEL.1 * down + legend) as u32,
        ),
    )
    .into_drawing_area();
    root.fill(&WHITE)?;
    for (position, panel) in panels.iter().enumerate() {
        let corner = (
            position as i32 % ACROSS * PANEL.0 + 8,
            position as i32 / ACROSS * PANEL.1,
        );
        one(&root, corner, panel, names.len())?;
    }
    if names.len() > 1 {
        for (position, name) in names.iter().enumerate() {
            let (x, y) = (
                30 + position as i32 % 4 * 230,
                PANEL.1 * down + 12 + 24 * (position as i32 / 4),
            );
            marker(&root, (x, y), position, 6)?;
            let style = ("sans-serif", 14)
                .into_font()
                .color(&BLACK)
                .pos(Pos::new(HPos::Left, VPos::Center));
            root.draw(&Text::new(clip(name, 24), (x + 14, y), style))?;
        }
    }
    let _ = banded;
    root.present()?;
    Ok(())
}

fn one<B: DrawingBackend>(
    root: &DrawingArea<B, plotters::coord::Shift>,
    corner: (i32, i32),
    panel: &Panel,
    groups: usize,
) -> Drawn
where
    B::ErrorType: 'static,
{
    let (left, top, right, bottom) = (
        corner.0 + 52,
        corner.1 + 34,
        corner.0 + PANEL.0 - 10,
        corner.1 + PANEL.1 - 20,
    );
    let highest = panel
        .values
        .iter()
        .map(|entry| entry.2)
        .chain(panel.band.map(|band| band[2]))
        .fold(0.0, f64::max);
    let (step, digits) = tick(highest);
    let top_value = (highest / step).ceil().max(1.0) * step;
    let y = |value: f64| bottom - ((value / top_value) * f64::from(bottom - top)).round() as i32;
    let title = ("sans-serif", 14)
        .into_font()
        .color(&BLACK)
        .pos(Pos::new(HPos::Center, VPos::Center));
    root.draw(&Text::new(
        panel.title,
        ((left + right) / 2, corner.1 + 18),
        title,
    ))?;
    if let Some([low, median, high]) = panel.band {
        root.draw(&Rectangle::new(
            [(left, y(high.min(top_value))), (right, y(low))],
            RGBColor(222, 222, 222).filled(),
        ))?;
        root.draw(&PathElement::new(
            vec![(left, y(median)), (right, y(median))],
            RGBColor(90, 90, 90).stroke_width(2),
        ))?;
    }
    root.draw(&PathElement::new(
        vec![(left, top), (left, bottom), (right, bottom)],
        BLACK,
    ))?;
    let mut value = 0.0;
    while value <= top_value * 1.0001 {
        root.draw(&PathElement::new(
            vec![(left - 4, y(value)), (left, y(value))],
            BLACK,
        ))?;
        let text = if panel.percent {
            format!("{:.*} %", digits.saturating_sub(2), 100.0 * value)
        } else {
            format!("{value:.digits$}")
        };
        let style = ("sans-serif", 12)
            .into_font()
            .color(&BLACK)
            .pos(Pos::new(HPos::Right, VPos::Center));
        root.draw(&Text::new(text, (left - 7, y(value)), style))?;
        value += step;
    }
    let width = f64::from(right - left) / groups.max(1) as f64;
    for (position, group, value) in &panel.values {
        // a low-discrepancy sequence spreads the marks the same way every time
        let spread = (*position as f64 * 0.618_033_988_75).fract();
        let x = f64::from(left) + width * (*group as f64 + 0.2 + 0.6 * spread);
        marker(
            root,
            (x.round() as i32, y(*value)),
            *group,
            if panel.values.len() > 120 { 2 } else { 4 },
        )?;
    }
    Ok(())
}

/// A round step that gives three to six ticks, and the decimals it needs.
fn tick(highest: f64) -> (f64, usize) {
    if !(highest > 0.0 && highest.is_finite()) {
        return (1.0, 0);
    }
    let rough = highest / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= rough)
        .unwrap_or(10.0)
        * power;
    (step, (-(step * 1.0001).log10().floor()).max(0.0) as usize)
}
