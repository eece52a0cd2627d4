//! Composition of the community: stacked bars, two an arm.

use super::axis::WIDTH;
use super::drawn;
use crate::ReportError;
use crate::profile::palette::BANDS;
use gutskin_study::trial::{ArmSummary, GuildShare};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

const LEFT: i32 = 190;
const RIGHT: i32 = 20;
const BAR: i32 = 22;
/// From one bar to the next; between arms there is half of it more.
const STEP: i32 = 27;
const LEGEND_ROW: i32 = 20;

/// Groups of the lean colon and the bands whose colours they take.
const LEAN: [(&str, &str); 3] = [("BUT", "ROS"), ("LAC", "LAB"), ("H2U", "oth")];

/// Place of a guild in the stack, fill, and whether text on it is white.
fn band(guild: &str) -> (usize, RGBColor, bool) {
    let alias = LEAN.iter().find(|(lean, _)| *lean == guild);
    let label = alias.map_or(guild, |(_, label)| *label);
    let holds = |band: &&crate::profile::palette::Band| {
        let of_band = |g: &gutskin_people::taxonomy::Guild| g.code() == label;
        band.label == label || band.guilds.iter().any(of_band)
    };
    let found = BANDS.iter().position(|band| holds(&band));
    let place = found.unwrap_or(BANDS.len() - 1);
    (place, BANDS[place].fill, BANDS[place].dark)
}

/// Stacked bars, the arms' names cut to fit; `day` is when the second bar of an arm was seen.
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
    let bars = 2 * STEP + STEP / 2;
    let count = i32::try_from(arms.len())?;
    let legend_rows = i32::try_from(order.len().div_ceil(2))?;
    let height = 10 + bars * count + 40 + LEGEND_ROW * legend_rows + 8;
    let root = SVGBackend::with_string(svg, (WIDTH, u32::try_from(height)?)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut y = 10;
    for arm in arms {
        let mut found: Vec<&GuildShare> = arm.guilds.iter().collect();
        found.sort_by_key(|g| band(&g.guild).0);
        let entry = found.iter().map(|g| (g.guild.as_str(), g.entry));
        bar(&root, y, &format!("{}, entry", shortened(&arm.name)), entry)?;
        let later = found.iter().map(|g| (g.guild.as_str(), g.later));
        bar(&root, y + STEP, &format!("day {day}"), later)?;
        y += 2 * STEP;
        y += STEP / 2;
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

fn legend(root: &Area<'_>, top: i32, guilds: &[&GuildShare]) -> Drawn {
    /// Letters that fit into a column.
    const FIT: usize = 54;
    for (position, guild) in guilds.iter().enumerate() {
        let position = i32::try_from(position)?;
        let (x, y) = (10 + position % 2 * 375, top + position / 2 * LEGEND_ROW);
        let (_, fill, dark) = band(&guild.guild);
        root.draw(&Rectangle::new([(x, y), (x + 32, y + 16)], fill.filled()))?;
        let ink = if dark { WHITE } else { BLACK };
        root.draw(&Text::new(
            guild.guild.clone(),
            (x + 16, y + 8),
            text(11, &ink, HPos::Center),
        ))?;
        let members = cut(&guild.members, FIT);
        root.draw(&Text::new(
            members,
            (x + 39, y + 8),
            text(12, &BLACK, HPos::Left),
        ))?;
    }
    Ok(())
}

fn shortened(name: &str) -> String {
    cut(name, 22)
}

fn cut(text: &str, fit: usize) -> String {
    if text.chars().count() <= fit {
        return text.to_owned();
    }
    text.chars().take(fit - 1).chain(['…']).collect()
}
