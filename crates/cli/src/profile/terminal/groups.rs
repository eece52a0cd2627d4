//! The comparison of groups.

use std::io::{Result, Write};

use comfy_table::CellAlignment;
use gutskin_people::profile::compare::{Comparison, Contrast, Effect, p_text};

use super::{short, table, trimmed, wrap};

const SHOWN: usize = 15;

/// Prints a comparison.
pub fn print(out: &mut impl Write, comparison: &Comparison) -> Result<()> {
    let groups: Vec<String> = comparison
        .groups
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    writeln!(
        out,
        "\nGroups by `{}`: {}",
        comparison.column,
        groups.join(", ")
    )?;
    for contrast in &comparison.contrasts {
        one(out, contrast, comparison.paired)?;
    }
    for note in &comparison.notes {
        writeln!(out, " - {}", wrap(note, 3))?;
    }
    Ok(())
}

fn one(out: &mut impl Write, contrast: &Contrast, paired: bool) -> Result<()> {
    let unit = if paired { "subjects" } else { "samples" };
    let size = if paired {
        format!("{} {unit}", contrast.from_count)
    } else {
        format!("{} and {} {unit}", contrast.from_count, contrast.to_count)
    };
    writeln!(out, "\n {} → {} ({size})", contrast.from, contrast.to)?;
    if let Some((share, p)) = contrast.whole {
        writeln!(
            out,
            "   whole composition: the groups hold {:.1} % of the squared Aitchison distances, p {}",
            100.0 * share,
            p_equals(p)
        )?;
    }
    let shown = chosen(&contrast.effects);
    let mut table = table();
    table.set_header([
        "   ",
        "feature",
        "from",
        "to",
        "effect",
        "95 % interval",
        "delta",
        "p",
        "q",
    ]);
    for effect in &shown {
        table.add_row(row(effect));
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "{}", trimmed(&table))?;
    let below = contrast
        .effects
        .iter()
        .filter(|effect| effect.q < 0.1)
        .count();
    writeln!(
        out,
        "   {below} of {} features with q < 0.1; effect: fold change of guilds and genera, difference of measures",
        contrast.effects.len()
    )
}

/// `= 0.0123` or `< 0.0001`.
fn p_equals(p: f64) -> String {
    let text = p_text(p, 4);
    match text.strip_prefix('<') {
        Some(least) => format!("< {least}"),
        None => format!("= {text}"),
    }
}

/// All guilds and measures with q below 0.1 first, then genera, up to the number shown.
fn chosen(effects: &[Effect]) -> Vec<&Effect> {
    let mut found: Vec<&Effect> = effects
        .iter()
        .filter(|effect| effect.kind != "genus")
        .take(SHOWN)
        .collect();
    found.extend(
        effects
            .iter()
            .filter(|effect| effect.kind == "genus" && effect.q < 0.1)
            .take(SHOWN.saturating_sub(5)),
    );
    found
}

fn row(effect: &Effect) -> Vec<String> {
    let value = |value: f64| match effect.fold {
        Some(_) => format!("{:.2} %", 100.0 * value),
        None if value.abs() >= 1e5 => format!("{value:.2e}"),
        None => format!("{value:.3}"),
    };
    let (change, interval) = match effect.fold {
        Some(fold) => (
            format!("× {fold:.2}"),
            format!("{:.2} to {:.2}", effect.low.exp(), effect.high.exp()),
        ),
        None if effect.difference.abs() >= 1e5 => (
            format!("{:+.2e}", effect.difference),
            format!("{:+.2e} to {:+.2e}", effect.low, effect.high),
        ),
        None => (
            format!("{:+.3}", effect.difference),
            format!("{:+.3} to {:+.3}", effect.low, effect.high),
        ),
    };
    vec![
        format!("  {}", if effect.q < 0.1 { "*" } else { " " }),
        short(&effect.feature, 22),
        value(effect.from_mean),
        value(effect.to_mean),
        change,
        interval,
        format!("{:+.2}", effect.delta),
        p_text(effect.p, 4),
        p_text(effect.q, 3),
    ]
}
