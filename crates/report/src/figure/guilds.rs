//! Composition of the community: stacked bars, two an arm.

use super::axis::WIDTH;
use super::{drawn, wrapped};
use crate::ReportError;
use gutskin_study::trial::{ArmSummary, GuildShare};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

const LEFT: i32 = 80;
const RIGHT: i32 = 20;
const BAR: i32 = 22;
/// From one bar to the next.
const STEP: i32 = 27;
/// From one line of text to the next.
const LINE: i32 = 16;
/// Letters of an arm's name that fit over the bars.
const NAME: usize = 100;
/// Letters that fit into a column of the legend.
const FIT: usize = 50;

/// Guilds in the order of the stack with fill and whether text on it is white; those of the lean colon, which are sums,
/// stand where their largest part does. Neighbours differ in lightness or hue.
const GUILDS: [(&str, RGBColor, bool); 21] = [
    ("BAC", RGBColor(27, 58, 107), true),
    ("PRE", RGBColor(156, 201, 240), false),
    ("FAE", RGBColor(20, 100, 74), true),
    ("BUT", RGBColor(150, 215, 90), false),
    ("ROS", RGBColor(166, 219, 160), false),
    ("ANA", RGBColor(0, 150, 130), true),
    ("RUM", RGBColor(232, 196, 160), false),
    ("FIB", RGBColor(120, 82, 30), true),
    ("BLA", RGBColor(190, 190, 60), false),
    ("COL", RGBColor(60, 120, 160), true),
    ("BIF", RGBColor(250, 230, 110), false),
    ("AKK", RGBColor(96, 52, 140), true),
    ("PRP", RGBColor(245, 190, 215), false),
    ("LAB", RGBColor(176, 82, 0), true),
    ("LAC", RGBColor(220, 130, 40), false),
    ("ENT", RGBColor(255, 160, 130), false),
    ("MET", RGBColor(70, 70, 70), true),
    ("H2U", RGBColor(110, 110, 110), true),
    ("SRB", RGBColor(195, 195, 195), false),
    ("CDI", RGBColor(190, 0, 60), true),
    ("YEA", RGBColor(185, 235, 235), false),
];

/// Place of a guild in the stack, fill, and whether text on it is white; one that is not known comes last.
fn band(guild: &str) -> (usize, RGBColor, bool) {
    let place = GUILDS.iter().position(|g| g.0 == guild);
    match place.and_then(|place| Some((place, GUILDS.get(place)?))) {
        Some((place, &(_, fill, dark))) => (place, fill, dark),
        None => (GUILDS.len(), RGBColor(225, 225, 245), false),
    }
}

/// Stacked bars under the arms' names; `day` is when the second bar of an arm was seen.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn guilds(arms: &[ArmSummary], day: f64) -> Result<String, ReportError> {
    drawn("guilds", |svg| {
        draw(arms, day, svg).map_err(|e| e.to_string())
    })
}

type Drawn = Result<(), Box<dyn std::error::Error>>;
type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;

fn draw(arms: &[ArmSummary], day: f64, svg: &mut String) -> Drawn {
    let mut order: Vec<&GuildShare> = arms
        .first()
        .map_or(Vec::new(), |a| a.guilds.iter().collect());
    order.sort_by_key(|g| band(&g.guild).0);
    let names: Vec<Vec<String>> = arms.iter().map(|a| wrapped(&a.name, NAME, 2)).collect();
    let lines = i32::try_from(names.iter().map(Vec::len).sum::<usize>())?;
    let bars = (2 * STEP + STEP / 2) * i32::try_from(arms.len())?;
    let height = 10 + LINE * lines + bars + 40 + legend_height(&order)? + 8;
    let root = SVGBackend::with_string(svg, (WIDTH, u32::try_from(height)?)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut y = 10;
    for (arm, name) in arms.iter().zip(names) {
        for line in name {
            root.draw(&Text::new(
                line,
                (LEFT, y + 6),
                text(13, &BLACK, HPos::Left),
            ))?;
            y += LINE;
        }
        let mut found: Vec<&GuildShare> = arm.guilds.iter().collect();
        found.sort_by_key(|g| band(&g.guild).0);
        let entry = found.iter().map(|g| (g.guild.as_str(), g.entry));
        bar(&root, y, "entry", entry)?;
        let later = found.iter().map(|g| (g.guild.as_str(), g.later));
        bar(&root, y + STEP, &format!("day {day}"), later)?;
        y += 2 * STEP + STEP / 2;
    }
    scale(&root, y)?;
    legend(&root, y + 34, &order)?;
    root.present()?;
    Ok(())
}

fn text(size: i32, ink: &RGBColor, across: HPos) -> TextStyle<'static> {
    let style = ("sans-serif", size).into_font().color(ink);
    style.pos(Pos::new(across, VPos::Center))
}

fn bar<'g>(
    root: &Area<'_>,
    y: i32,
    name: &str,
    shares: impl Iterator<Item = (&'g str, f64)>,
) -> Drawn {
    let span = WIDTH as i32 - LEFT - RIGHT;
    let name = Text::new(
        name.to_owned(),
        (LEFT - 8, y + BAR / 2),
        text(13, &BLACK, HPos::Right),
    );
    root.draw(&name)?;
    let mut from = 0.0;
    for (guild, share) in shares.filter(|s| s.1.is_finite()) {
        let to = from + share;
        let at = |share: f64| LEFT + (share * f64::from(span)).round() as i32;
        let (x0, x1) = (at(from), at(to));
        let (_, fill, dark) = band(guild);
        if x1 > x0 {
            root.draw(&Rectangle::new([(x0, y), (x1, y + BAR)], fill.filled()))?;
            root.draw(&Rectangle::new(
                [(x0, y), (x1, y + BAR)],
                WHITE.stroke_width(1),
            ))?;
        }
        if x1 - x0 >= 30 {
            let ink = if dark { WHITE } else { BLACK };
            let place = ((x0 + x1) / 2, y + BAR / 2);
            root.draw(&Text::new(
                guild.to_owned(),
                place,
                text(12, &ink, HPos::Center),
            ))?;
        }
        from = to;
    }
    Ok(())
}

fn scale(root: &Area<'_>, y: i32) -> Drawn {
    let span = WIDTH as i32 - LEFT - RIGHT;
    for tick in 0..=4 {
        let x = LEFT + span * tick / 4;
        root.draw(&PathElement::new(vec![(x, y), (x, y + 5)], BLACK))?;
        let label = format!("{} %", 25 * tick);
        root.draw(&Text::new(
            label,
            (x, y + 14),
            text(13, &BLACK, HPos::Center),
        ))?;
    }
    Ok(())
}

/// Rows of the legend, two guilds each, with the lines of text that each needs.
fn legend_rows<'g>(guilds: &[&'g GuildShare]) -> Vec<Vec<(&'g GuildShare, Vec<String>)>> {
    let lines = |g: &&'g GuildShare| (*g, wrapped(&g.members, FIT, 3));
    guilds
        .chunks(2)
        .map(|row| row.iter().map(lines).collect())
        .collect()
}

fn row_height(row: &[(&GuildShare, Vec<String>)]) -> Result<i32, std::num::TryFromIntError> {
    let most = row.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
    Ok(6 + LINE * i32::try_from(most)?)
}

fn legend_height(guilds: &[&GuildShare]) -> Result<i32, std::num::TryFromIntError> {
    legend_rows(guilds).iter().map(|row| row_height(row)).sum()
}

fn legend(root: &Area<'_>, top: i32, guilds: &[&GuildShare]) -> Drawn {
    let mut y = top;
    for row in legend_rows(guilds) {
        for ((guild, lines), x) in row.iter().zip([10, 385]) {
            let (_, fill, dark) = band(&guild.guild);
            root.draw(&Rectangle::new([(x, y), (x + 32, y + 16)], fill.filled()))?;
            let ink = if dark { WHITE } else { BLACK };
            let label = guild.guild.clone();
            let place = (x + 16, y + 8);
            root.draw(&Text::new(label, place, text(11, &ink, HPos::Center)))?;
            for (line, at) in lines.iter().zip((y + 8..).step_by(LINE as usize)) {
                let place = (x + 39, at);
                root.draw(&Text::new(
                    line.clone(),
                    place,
                    text(12, &BLACK, HPos::Left),
                ))?;
            }
        }
        y += row_height(&row)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::GUILDS;

    #[test]
    fn every_guild_has_a_colour_of_its_own_and_neighbours_are_far_apart() {
        for (i, a) in GUILDS.iter().enumerate() {
            for (j, b) in GUILDS.iter().enumerate().skip(i + 1) {
                let between = |x: u8, y: u8| (f64::from(x) - f64::from(y)).powi(2);
                let apart = between(a.1.0, b.1.0) + between(a.1.1, b.1.1) + between(a.1.2, b.1.2);
                let least = if j == i + 1 { 40.0 } else { 20.0 };
                assert!(
                    apart.sqrt() > least,
                    "{} and {}: {:.0}",
                    a.0,
                    b.0,
                    apart.sqrt()
                );
            }
        }
    }
}
