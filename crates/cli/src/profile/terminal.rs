//! The terminal: one card for a single sample, one line a sample for more, within 100 columns.

mod card;
mod groups;

use std::io::{Result, Write};

use comfy_table::{CellAlignment, Table, presets};
use gutskin_people::profile::analyse::percent;
use gutskin_people::profile::reference::Reference;
use gutskin_people::profile::sample::{SampleReport, WarningKind};
use gutskin_people::profile::study::Study;
use gutskin_people::taxonomy::Guild;

/// Columns that every terminal has.
pub const WIDTH: u16 = 96;
/// Lines of samples printed; all are in `--json` and `--out`.
const MOST_LINES: usize = 40;

/// Prints a study.
pub fn print(out: &mut impl Write, study: &Study, references: &[Reference]) -> Result<()> {
    if study.samples.len() == 1 {
        for sample in &study.samples {
            card::print(out, sample, references)?;
        }
    } else {
        lines(out, study)?;
        warnings(out, study)?;
    }
    if let Some(comparison) = &study.comparison {
        groups::print(out, comparison)?;
    }
    notes(out, study)?;
    writeln!(out, "\nA research tool, not medical advice.")
}

/// An empty table in the house's plain style.
pub fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_width(WIDTH);
    table
}

/// Text wrapped to the width, with an indent for further lines.
pub fn wrap(text: &str, indent: usize) -> String {
    let width = usize::from(WIDTH) - 2;
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let limit = if lines.len() == 1 {
            width
        } else {
            width - indent
        };
        if let Some(line) = lines.last_mut() {
            if line.is_empty() {
                line.push_str(word);
            } else if line.chars().count() + 1 + word.chars().count() <= limit {
                line.push(' ');
                line.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

fn lines(out: &mut impl Write, study: &Study) -> Result<()> {
    let mut table = table();
    table.set_header([
        "sample", "BAC", "PRE", "BIF", "FAE", "ENT", "butyrate", "Shannon", "genera", "pct",
        "GMWI2", "dysb", "warn",
    ]);
    for sample in study.samples.iter().take(MOST_LINES) {
        table.add_row(line(sample));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    if let Some(last) = table.column_iter_mut().last() {
        last.set_cell_alignment(CellAlignment::Left);
    }
    writeln!(out, "{}", trimmed(&table))?;
    let more = study.samples.len().saturating_sub(MOST_LINES);
    if more > 0 {
        writeln!(out, " … and {more} more samples (all with --json or --out)")?;
    }
    summary(out, study)?;
    let over = study
        .analysed()
        .find_map(SampleReport::shannon_of_the_reference)
        .map_or_else(String::new, |found| {
            format!(" over {}", found.unit.plural())
        });
    writeln!(
        out,
        "\n{}",
        wrap(
            &format!(
                "Shares in % of bacteria, archaea and fungi. BAC Bacteroides group, PRE Prevotella group, BIF Bifidobacterium, FAE Faecalibacterium, ENT Enterobacteriaceae and relatives; butyrate: share of its producers; Shannon over the file's own rows (natural log); genera: number of named genera; pct: percentile of Shannon{over} among the reference of the same method; dysb: distance to that reference (* beyond its 90th percentile)."
            ),
            0
        )
    )
}

fn line(sample: &SampleReport) -> Vec<String> {
    let name = short(&sample.id, 20);
    if sample.refused.is_some() {
        let mut row = vec![
            name,
            "nothing".to_owned(),
            "to".to_owned(),
            "say".to_owned(),
        ];
        row.resize(13, "–".to_owned());
        return row;
    }
    let share = |guild| format!("{:.1}", 100.0 * sample.guild(guild));
    let dash = || "–".to_owned();
    vec![
        name,
        share(Guild::Bac),
        share(Guild::Pre),
        share(Guild::Bif),
        share(Guild::Fae),
        share(Guild::Ent),
        format!("{:.1}", 100.0 * sample.butyrate_producers),
        format!("{:.2}", sample.diversity.shannon),
        sample.genus_diversity.richness.to_string(),
        percentile(sample, "shannon").unwrap_or_else(dash),
        sample
            .gmwi2
            .map_or_else(dash, |score| format!("{score:+.2}")),
        sample.dysbiosis.as_ref().map_or_else(dash, |found| {
            format!(
                "{:.2}{}",
                found.distance,
                if found.beyond { "*" } else { " " }
            )
        }),
        codes(sample),
    ]
}

/// Percentile of a metric, where there is a reference.
pub fn percentile(sample: &SampleReport, metric: &str) -> Option<String> {
    let found = sample
        .compared
        .iter()
        .find(|compared| compared.metric == metric)?;
    Some(match found.position.percentile {
        value if value <= 1.0 => "<1".to_owned(),
        value if value >= 99.0 => ">99".to_owned(),
        value => format!("{value:.0}"),
    })
}

const fn code(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::NonGut => "site",
        WarningKind::Infant => "infant",
        WarningKind::PostAntibiotic => "abx",
        WarningKind::Mouse => "mouse",
        WarningKind::Mock => "mock",
        WarningKind::LowDepth => "depth",
        WarningKind::Unmapped => "map",
        WarningKind::Host => "host",
        WarningKind::Load => "load",
    }
}

fn codes(sample: &SampleReport) -> String {
    let mut found: Vec<&str> = sample
        .warnings
        .iter()
        .map(|warning| code(warning.kind))
        .collect();
    found.dedup();
    found.join(" ")
}

fn summary(out: &mut impl Write, study: &Study) -> Result<()> {
    let mut rows: Vec<(&str, Vec<f64>)> = vec![
        (
            "butyrate producers, %",
            study
                .analysed()
                .map(|sample| 100.0 * sample.butyrate_producers)
                .collect(),
        ),
        (
            "propionate producers, %",
            study
                .analysed()
                .map(|sample| 100.0 * sample.propionate_producers)
                .collect(),
        ),
        (
            "LPS agonist load, × mean western adult",
            study
                .analysed()
                .map(|sample| sample.lps.agonist_ratio)
                .collect(),
        ),
        (
            "opportunists, %",
            study
                .analysed()
                .map(|sample| 100.0 * sample.opportunists)
                .collect(),
        ),
        (
            "Shannon",
            study
                .analysed()
                .map(|sample| sample.diversity.shannon)
                .collect(),
        ),
        (
            "Shannon over what the reference counts",
            study
                .analysed()
                .filter_map(|sample| sample.shannon_of_the_reference().map(|found| found.value))
                .collect(),
        ),
        (
            "Firmicutes/Bacteroidetes (never scored)",
            study
                .analysed()
                .filter_map(|sample| sample.firmicutes_bacteroidetes)
                .collect(),
        ),
        (
            "share in the guilds, %",
            study
                .analysed()
                .map(|sample| 100.0 * sample.mapping.in_guild)
                .collect(),
        ),
    ];
    let loads: Vec<f64> = study
        .analysed()
        .filter_map(|sample| sample.load_cells_per_gram)
        .collect();
    if !loads.is_empty() {
        rows.push((
            "load, 1e9 cells/g",
            loads.iter().map(|load| load / 1e9).collect(),
        ));
    }
    writeln!(
        out,
        "\n {} samples: median (10th to 90th percentile)",
        study.analysed().count()
    )?;
    for (name, mut values) in rows {
        values.sort_by(f64::total_cmp);
        if let (Some(low), Some(middle), Some(high)) = (
            quantile(&values, 0.1),
            quantile(&values, 0.5),
            quantile(&values, 0.9),
        ) {
            writeln!(out, "   {name:<40} {middle:>8.2} ({low:.2} to {high:.2})")?;
        }
    }
    Ok(())
}

fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    sorted
        .get(((sorted.len().checked_sub(1)?) as f64 * share).round() as usize)
        .copied()
}

fn warnings(out: &mut impl Write, study: &Study) -> Result<()> {
    let kinds = [
        WarningKind::NonGut,
        WarningKind::Infant,
        WarningKind::PostAntibiotic,
        WarningKind::Mouse,
        WarningKind::Mock,
        WarningKind::LowDepth,
        WarningKind::Unmapped,
        WarningKind::Host,
        WarningKind::Load,
    ];
    let mut first = true;
    for kind in kinds {
        let hit: Vec<(&SampleReport, &str)> = study
            .samples
            .iter()
            .filter_map(|sample| {
                sample
                    .warnings
                    .iter()
                    .find(|warning| warning.kind == kind)
                    .map(|warning| (sample, warning.text.as_str()))
            })
            .collect();
        let Some((sample, text)) = hit.first() else {
            continue;
        };
        if first {
            writeln!(out, "\nWarnings")?;
            first = false;
        }
        let many = if hit.len() == 1 {
            format!("`{}`", sample.id)
        } else {
            format!("{} samples, such as `{}`", hit.len(), sample.id)
        };
        writeln!(
            out,
            " {}",
            wrap(&format!("{:<6} {many}: {text}", code(kind)), 8)
        )?;
    }
    let refused: Vec<&SampleReport> = study
        .samples
        .iter()
        .filter(|sample| sample.refused.is_some())
        .collect();
    if let Some(sample) = refused.first() {
        writeln!(
            out,
            " {}",
            wrap(
                &format!(
                    "{} samples hold nothing to analyse, such as: {}",
                    refused.len(),
                    sample.refused.clone().unwrap_or_default()
                ),
                8
            )
        )?;
    }
    Ok(())
}

fn notes(out: &mut impl Write, study: &Study) -> Result<()> {
    writeln!(out, "\nWhat was assumed")?;
    let mut seen: Vec<(&str, usize, &str)> = Vec::new();
    for file in &study.files {
        for note in &file.notes {
            match seen.iter_mut().find(|known| known.0 == note) {
                Some(known) => known.1 += 1,
                None => seen.push((note, 1, &file.file)),
            }
        }
    }
    for (note, count, file) in seen {
        let of = if study.files.len() == 1 {
            String::new()
        } else if count == 1 {
            format!("{}: ", gutskin_people::profile::read::stem(file))
        } else {
            format!("{count} of {} files: ", study.files.len())
        };
        writeln!(out, " - {}", wrap(&format!("{of}{note}"), 3))?;
    }
    for note in &study.notes {
        writeln!(out, " - {}", wrap(note, 3))?;
    }
    // the card of a single sample says its reasons itself
    let told = study.samples.len() == 1;
    let mut reasons: Vec<&str> = study
        .samples
        .iter()
        .filter(|_| !told)
        .flat_map(|sample| [&sample.reference_note, &sample.gmwi2_note])
        .flatten()
        .map(gutskin_people::profile::text::Text::as_str)
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    // what a file says of itself is not said again of its samples
    reasons.retain(|reason| {
        let of_file = study.files.iter().flat_map(|file| &file.notes);
        !of_file.map(String::as_str).any(|note| note == *reason)
    });
    for reason in reasons.into_iter().take(6) {
        writeln!(out, " - {}", wrap(reason, 3))?;
    }
    Ok(())
}

/// A name cut in the middle.
pub fn short(name: &str, width: usize) -> String {
    let count = name.chars().count();
    if count <= width {
        return name.to_owned();
    }
    let head: String = name.chars().take(width - 8).collect();
    let tail: String = name.chars().skip(count - 7).collect();
    format!("{head}…{tail}")
}

/// A table without blanks at the ends of its lines.
pub fn trimmed(table: &Table) -> String {
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Percentage of a share, right-aligned.
pub fn share(value: f64) -> String {
    percent(value)
}
