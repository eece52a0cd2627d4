//! Reports of Kraken 2, KrakenUniq and Centrifuge, and Bracken tables.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Builder, Cohort, Counting, Format};

use super::input::Input;
use super::lines::{Lines, fields};
use super::preview::Preview;
use super::table::{ragged, shorten};

/// Reads of one clade may exceed its parent's by rounding in percentages only.
const PERCENT_ROUNDING: f64 = 0.011;

/// Positions of the fields of a report.
#[derive(Debug, Clone, Copy)]
struct Columns {
    percent: usize,
    clade: usize,
    direct: usize,
    rank: usize,
    name: usize,
    width: usize,
}

struct Node {
    depth: usize,
    level: String,
    name: String,
    clade: f64,
    direct: f64,
    children: f64,
    lineage: Vec<String>,
    line: u64,
}

/// Whether the first rows are a report without a header: percentage, reads, reads, rank, id, name.
#[must_use]
pub fn is_report(preview: &Preview) -> bool {
    preview.delimiter == '\t'
        && preview.header.is_empty()
        && !preview.raw_rows.is_empty()
        && preview.raw_rows.iter().take(20).all(|row| {
            let parts: Vec<&str> = row.split('\t').collect();
            report_columns(parts.len()).is_some_and(|columns| {
                parts[columns.percent].trim().parse::<f64>().is_ok()
                    && parts[columns.clade].trim().parse::<u64>().is_ok()
                    && parts[columns.direct].trim().parse::<u64>().is_ok()
                    && is_rank_code(parts[columns.rank].trim())
            })
        })
}

/// Whether the header is that of a KrakenUniq report.
#[must_use]
pub fn is_krakenuniq(preview: &Preview) -> bool {
    preview.column(&["taxreads"]).is_some() && preview.column(&["taxname"]).is_some()
}

const fn report_columns(width: usize) -> Option<Columns> {
    match width {
        6 => Some(Columns {
            percent: 0,
            clade: 1,
            direct: 2,
            rank: 3,
            name: 5,
            width,
        }),
        8 => Some(Columns {
            percent: 0,
            clade: 1,
            direct: 2,
            rank: 5,
            name: 7,
            width,
        }),
        _ => None,
    }
}

fn is_rank_code(code: &str) -> bool {
    let mut chars = code.chars();
    matches!(
        chars.next(),
        Some('U' | 'R' | 'D' | 'K' | 'P' | 'C' | 'O' | 'F' | 'G' | 'S' | '-')
    ) && chars.all(|c| c.is_ascii_digit())
        || code.eq_ignore_ascii_case("no rank")
}

/// Reads a report.
///
/// # Errors
/// When lines are ragged, or reads and percentages contradict each other.
pub fn report(input: Input, preview: &Preview) -> Result<Cohort> {
    let unique = is_krakenuniq(preview);
    let columns = if unique {
        let at = |names: &[&str]| preview.column(names).unwrap_or(0);
        Columns {
            percent: at(&["%"]),
            clade: at(&["reads"]),
            direct: at(&["taxreads"]),
            rank: at(&["rank"]),
            name: at(&["taxname"]),
            width: preview.header.len(),
        }
    } else {
        let width = preview
            .raw_rows
            .first()
            .map_or(6, |row| row.split('\t').count());
        report_columns(width).unwrap_or(Columns {
            percent: 0,
            clade: 1,
            direct: 2,
            rank: 3,
            name: 5,
            width: 6,
        })
    };
    let dashes = preview
        .raw_rows
        .iter()
        .any(|row| row.split('\t').nth(columns.rank).map(str::trim) == Some("-"));
    let format = match (unique, dashes) {
        (true, _) => Format::KrakenUniq,
        (false, true) => Format::Centrifuge,
        (false, false) => Format::Kraken2,
    };
    let sample = input.stem();
    let mut builder = Builder::new(&input.name, format, input.limits);
    builder.cohort().counting = Counting::Exclusive;
    let sample = builder.sample(&sample)?;
    let mut state = Report {
        stack: Vec::new(),
        unlisted: 0.0,
        total: 0.0,
        roots: 0.0,
        unclassified: 0.0,
        ratio: None,
        seen: Vec::new(),
        unclassified_again: None,
    };
    let mut lines = Lines::new(input);
    let file = lines.name().to_owned();
    while let Some((number, line)) = lines.next_row(preview.skip)? {
        if line.trim_start().starts_with("%\t") {
            return Err(second_report(&file, number, "the header"));
        }
        let node = parse_node(&file, number, &line, columns)?;
        state.begins_again(&file, &node)?;
        state.percent_fits(&file, &line, columns, &node)?;
        if node.is_unclassified() {
            builder.unclassified(sample, node.clade, &|| format!("line {number}"))?;
            state.unclassified += node.clade;
            continue;
        }
        state.push(&file, node, sample, &mut builder)?;
    }
    let file = builder.cohort().file.clone();
    state.close(&file, 0, sample, &mut builder)?;
    if state.unlisted > 0.0 {
        builder.note(format!(
            "{:.0} reads belong to clades whose rows are not in the report (a cut or filtered report); they are counted at the clade above",
            state.unlisted
        ));
    }
    Ok(builder.finish())
}

struct Report {
    stack: Vec<Node>,
    unlisted: f64,
    total: f64,
    roots: f64,
    unclassified: f64,
    ratio: Option<(f64, u64)>,
    /// Names of the clades that no other holds.
    seen: Vec<String>,
    /// A row of unclassified reads behind other rows: here a second report may begin.
    unclassified_again: Option<u64>,
}

/// The error for two reports in one file.
fn second_report(file: &str, line: u64, again: &str) -> PeopleError {
    PeopleError::Malformed {
        file: file.to_owned(),
        place: format!("line {line}"),
        found: format!("{again} once more"),
        expected: "one report a file".to_owned(),
        advice: "A second report begins here: split the file there, one file a sample".to_owned(),
    }
}

impl Node {
    fn is_unclassified(&self) -> bool {
        self.level == "U" || self.name.trim() == "unclassified" && self.depth <= 1
    }
}

impl Report {
    /// A row that only the beginning of a report has.
    fn begins_again(&mut self, file: &str, node: &Node) -> Result<()> {
        let outermost = self
            .stack
            .first()
            .is_none_or(|first| first.depth >= node.depth);
        let name = node.name.trim();
        if node.is_unclassified() {
            if self.seen.iter().any(|seen| seen == name) {
                let line = self.unclassified_again.unwrap_or(node.line);
                return Err(second_report(file, line, &format!("`{name}`")));
            }
            self.unclassified_again = (!self.seen.is_empty()).then_some(node.line);
        } else if let Some(line) = self.unclassified_again {
            return Err(second_report(
                file,
                line,
                "the row of unclassified reads, behind other rows,",
            ));
        } else if outermost && self.seen.iter().any(|seen| seen == name) {
            return Err(second_report(file, node.line, &format!("`{name}`")));
        }
        if node.is_unclassified() || outermost {
            self.seen.push(name.to_owned());
        }
        Ok(())
    }

    fn push(
        &mut self,
        file: &str,
        mut node: Node,
        sample: usize,
        builder: &mut Builder,
    ) -> Result<()> {
        self.close(file, node.depth, sample, builder)?;
        if let Some(parent) = self.stack.last_mut() {
            parent.children += node.clade;
            if parent.children > parent.clade {
                return Err(PeopleError::Malformed {
                    file: file.to_owned(),
                    place: format!("line {} (`{}`)", node.line, shorten(node.name.trim())),
                    found: format!("{} reads in the clades below `{}`", parent.children, parent.name.trim()),
                    expected: format!("at most its own {}", parent.clade),
                    advice: "The report is damaged or was edited: make it again from the classifier's output".to_owned(),
                });
            }
            node.lineage = parent.lineage.clone();
        } else {
            self.roots += node.clade;
        }
        if let Some(mark) = rank_mark(&node.level) {
            let name = node.name.trim();
            let bare = name
                .split_once("__")
                .filter(|(head, _)| head.len() <= 2)
                .map_or(name, |(_, bare)| bare);
            node.lineage.push(format!("{mark}__{bare}"));
        }
        self.stack.push(node);
        Ok(())
    }

    fn close(
        &mut self,
        file: &str,
        depth: usize,
        sample: usize,
        builder: &mut Builder,
    ) -> Result<()> {
        while self
            .stack
            .last()
            .is_some_and(|top| top.depth >= depth || depth == 0)
        {
            let Some(node) = self.stack.pop() else { break };
            let rest = node.clade - node.children;
            if rest > node.direct {
                self.unlisted += rest - node.direct;
            }
            self.total += rest;
            if rest > 0.0 {
                let id = if node.lineage.is_empty() {
                    node.name.trim().to_owned()
                } else {
                    node.lineage.join("|")
                };
                let feature = builder.feature_again(&id, None)?;
                let place = || format!("line {} of {file}", node.line);
                builder.value(sample, feature, rest, &place)?;
            }
        }
        Ok(())
    }

    /// Percentage and reads must agree over the whole report.
    fn percent_fits(
        &mut self,
        file: &str,
        line: &str,
        columns: Columns,
        node: &Node,
    ) -> Result<()> {
        let percent: f64 = line
            .split('\t')
            .nth(columns.percent)
            .and_then(|text| text.trim().trim_end_matches('%').parse().ok())
            .unwrap_or(0.0);
        let misfit = |found: String, expected: String| {
            PeopleError::Malformed {
            file: file.to_owned(),
            place: format!("line {} (`{}`)", node.line, shorten(node.name.trim())),
            found,
            expected,
            advice: "Percentages and reads contradict each other, so the report is damaged or was edited: make it again from the classifier's output".to_owned(),
        }
        };
        if !(0.0..=100.0 + PERCENT_ROUNDING).contains(&percent) {
            return Err(misfit(format!("{percent} %"), "0 to 100 %".to_owned()));
        }
        match self.ratio {
            Some((total, first)) => {
                let expected = 100.0 * node.clade / total;
                let slack = PERCENT_ROUNDING + expected * 1e-3;
                if (percent - expected).abs() > slack {
                    return Err(misfit(
                        format!("{percent} % for {} reads", node.clade),
                        format!("{expected:.2} % by the reads and percentage of line {first}"),
                    ));
                }
            }
            None if percent >= 5.0 && node.clade > 0.0 => {
                self.ratio = Some((100.0 * node.clade / percent, node.line));
            }
            None => {}
        }
        Ok(())
    }
}

fn rank_mark(level: &str) -> Option<char> {
    Some(match level {
        "D" | "superkingdom" | "domain" => 'd',
        "K" | "kingdom" => 'k',
        "P" | "phylum" => 'p',
        "C" | "class" => 'c',
        "O" | "order" => 'o',
        "F" | "family" => 'f',
        "G" | "genus" => 'g',
        "S" | "species" => 's',
        _ => return None,
    })
}

fn parse_node(file: &str, number: u64, line: &str, columns: Columns) -> Result<Node> {
    let parts: Vec<&str> = line.split('\t').collect();
    if parts.len() != columns.width {
        return Err(ragged(file, number, parts.len(), columns.width));
    }
    let reads = |at: usize| -> Result<f64> {
        parts[at]
            .trim()
            .parse::<u64>()
            .map(|count| count as f64)
            .map_err(|_| PeopleError::Malformed {
                file: file.to_owned(),
                place: format!("line {number}, field {}", at + 1),
                found: format!("`{}`", shorten(parts[at])),
                expected: "a number of reads".to_owned(),
                advice: "The report is damaged: make it again from the classifier's output"
                    .to_owned(),
            })
    };
    let name = parts[columns.name];
    let blanks = name.len() - name.trim_start_matches(' ').len();
    Ok(Node {
        depth: blanks / 2 + 1,
        level: parts[columns.rank].trim().to_owned(),
        name: name.to_owned(),
        clade: reads(columns.clade)?,
        direct: reads(columns.direct)?,
        children: 0.0,
        lineage: Vec::new(),
        line: number,
    })
}

/// Whether the header is that of Bracken.
#[must_use]
pub fn is_bracken(preview: &Preview) -> bool {
    preview.column(&["taxonomy_lvl"]).is_some()
}

/// Reads a Bracken table, one sample or combined.
///
/// # Errors
/// When a row is ragged or its fractions contradict its reads.
pub fn bracken(input: Input, preview: &Preview) -> Result<Cohort> {
    let stem = input.stem();
    let mut builder = Builder::new(&input.name, Format::Bracken, input.limits);
    builder.cohort().counting = Counting::Exclusive;
    let mut samples: Vec<(usize, usize, Option<usize>)> = Vec::new();
    if let Some(reads) = preview.column(&["new_est_reads"]) {
        let sample = builder.sample(&stem)?;
        samples.push((sample, reads, preview.column(&["fraction_total_reads"])));
    }
    for (position, name) in preview.header.iter().enumerate() {
        if let Some(sample) = name.strip_suffix("_num") {
            let fraction = preview
                .header
                .iter()
                .position(|other| *other == format!("{sample}_frac"));
            let sample = builder.sample(
                sample
                    .trim_end_matches(".bracken")
                    .trim_end_matches("_bracken"),
            )?;
            samples.push((sample, position, fraction));
        }
    }
    if samples.is_empty() {
        return Err(PeopleError::Malformed {
            file: input.name.clone(),
            place: "header".to_owned(),
            found: "no column of reads".to_owned(),
            expected: "`new_est_reads`, or `…_num` for each sample".to_owned(),
            advice: "Use Bracken's own output or that of combine_bracken_outputs.py".to_owned(),
        });
    }
    let name_at = preview.column(&["name"]).unwrap_or(0);
    let mut totals: HashMap<usize, (f64, f64)> = HashMap::new();
    let mut lines = Lines::new(input);
    loop {
        let file = lines.name().to_owned();
        let Some(line) = lines.next_line()? else {
            break;
        };
        let line = line.to_owned();
        let number = lines.number();
        if number <= preview.skip || line.trim().is_empty() {
            continue;
        }
        let parts = fields(&line, preview.delimiter);
        if parts.len() != preview.header.len() {
            return Err(ragged(&file, number, parts.len(), preview.header.len()));
        }
        let feature = builder.feature(&parts[name_at])?;
        for (sample, reads_at, fraction_at) in &samples {
            let place = || format!("line {number} (`{}`)", shorten(&parts[name_at]));
            let reads = bracken_number(&file, number, &parts[*reads_at])?;
            builder.value(*sample, feature, reads, &place)?;
            if let Some(fraction_at) = fraction_at {
                let fraction = bracken_number(&file, number, &parts[*fraction_at])?;
                fraction_fits(
                    &file,
                    number,
                    reads,
                    fraction,
                    totals.entry(*sample).or_default(),
                )?;
            }
        }
    }
    Ok(builder.finish())
}

fn bracken_number(file: &str, number: u64, text: &str) -> Result<f64> {
    text.trim().parse().map_err(|_| PeopleError::Malformed {
        file: file.to_owned(),
        place: format!("line {number}"),
        found: format!("`{}`", shorten(text)),
        expected: "a number".to_owned(),
        advice: "The table is damaged: make it again with Bracken".to_owned(),
    })
}

/// `seen` holds the sum of fractions and the total of reads that the first usable row implies.
fn fraction_fits(
    file: &str,
    number: u64,
    reads: f64,
    fraction: f64,
    seen: &mut (f64, f64),
) -> Result<()> {
    const USABLE: f64 = 0.01;
    let wrong = |found: String, expected: String| {
        PeopleError::Malformed {
        file: file.to_owned(),
        place: format!("line {number}"),
        found,
        expected,
        advice: "Fractions and reads contradict each other, so the table is damaged or was edited: make it again with Bracken".to_owned(),
    }
    };
    seen.0 += fraction;
    if !(0.0..=1.0).contains(&fraction) || seen.0 > 1.0 + 1e-3 {
        return Err(wrong(
            format!("fractions that add up to {:.5}", seen.0),
            "at most 1".to_owned(),
        ));
    }
    if fraction >= USABLE && reads > 0.0 {
        let total = reads / fraction;
        if seen.1 == 0.0 {
            seen.1 = total;
        } else if (total / seen.1 - 1.0).abs() > 0.02 {
            return Err(wrong(
                format!("{reads} reads with the fraction {fraction}"),
                format!("the fraction {:.5} by the rows above", reads / seen.1),
            ));
        }
    }
    Ok(())
}

/// Whether the header is that of Centrifuge's own report.
#[must_use]
pub fn is_centrifuge_table(preview: &Preview) -> bool {
    preview.column(&["taxrank"]).is_some() && preview.column(&["numreads"]).is_some()
}

/// Reads Centrifuge's own report (`name, taxID, taxRank, genomeSize, numReads, numUniqueReads, abundance`).
///
/// # Errors
/// When a row is ragged or a number is damaged.
pub fn centrifuge_table(input: Input, preview: &Preview) -> Result<Cohort> {
    let stem = input.stem();
    let mut builder = Builder::new(&input.name, Format::Centrifuge, input.limits);
    builder.cohort().counting = Counting::Exclusive;
    let sample = builder.sample(&stem)?;
    let name_at = preview.column(&["name"]).unwrap_or(0);
    let reads_at = preview.column(&["numreads"]).unwrap_or(4);
    let rank_at = preview.column(&["taxrank"]).unwrap_or(2);
    let share_at = preview.column(&["abundance"]);
    let mut shares = 0.0;
    let mut lines = Lines::new(input);
    loop {
        let file = lines.name().to_owned();
        let Some(line) = lines.next_line()? else {
            break;
        };
        let line = line.to_owned();
        let number = lines.number();
        if number <= preview.skip || line.trim().is_empty() {
            continue;
        }
        let parts = fields(&line, preview.delimiter);
        if parts.len() != preview.header.len() {
            return Err(ragged(&file, number, parts.len(), preview.header.len()));
        }
        let reads = bracken_number(&file, number, &parts[reads_at])?;
        shares += share_at
            .and_then(|at| parts[at].parse::<f64>().ok())
            .filter(|share| share.is_finite())
            .unwrap_or(0.0);
        if parts[rank_at].eq_ignore_ascii_case("unclassified") || parts[name_at] == "unclassified" {
            builder.unclassified(sample, reads, &|| format!("line {number}"))?;
            continue;
        }
        let feature = builder.feature(&parts[name_at])?;
        let place = || format!("line {number}");
        builder.value(sample, feature, reads, &place)?;
    }
    // all zero where Centrifuge did not estimate them
    if shares > 0.0 && (shares - 1.0).abs() > 0.01 {
        builder.note(format!(
            "the column `abundance` adds up to {shares:.3} instead of 1: rows are missing, or the file is cut short"
        ));
    }
    builder.note("Centrifuge counts a read that fits several taxa at each of them: shares are of assignments, not of reads");
    Ok(builder.finish())
}
