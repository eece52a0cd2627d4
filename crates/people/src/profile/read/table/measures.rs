//! Columns that are no samples of their own: one sample in another unit, and results of comparisons.

use super::super::numbers::{Cell, cell};
use super::super::preview::Preview;
use super::columns::NO_SAMPLE;

/// Words in names of columns that say how taxa were measured, not of whom.
const MEASURES: &[&str] = &[
    "count", "read", "abund", "percent", "pct", "%", "share", "frac", "prop", "freq", "hit", "cpm",
    "value", "abs", "relab", "cells", "total", "relat",
];
/// Words beside them that say neither how taxa were measured nor of whom.
const NEUTRAL: &[&str] = &[
    "of",
    "per",
    "g",
    "gram",
    "ml",
    "the",
    "in",
    "new",
    "est",
    "estimated",
    "number",
    "num",
    "no",
    "nr",
    "assigned",
    "mapped",
    "all",
    "tax",
    "taxon",
    "norm",
    "ppm",
    "normalised",
    "normalized",
    "n",
    "ra",
    "rel",
];
/// Words that say it of a share of a whole, which tells less than a count.
const SHARES: &[&str] = &[
    "percent", "pct", "%", "share", "frac", "prop", "freq", "rel", "cpm", "norm",
];
/// Whole names, or last words of names, that say how taxa were measured.
const SHORT: &[&str] = &["n", "rel", "ra", "norm", "ppm"];
/// Columns of p values where no other column holds numbers, and where another one is surely of p values.
const BARE_P_VALUES: &[&str] = &["p", "q"];

/// Names of columns of p values, without what is no letter: a table with one may hold the results of a comparison …
const P_VALUES: &[&str] = &[
    "pval",
    "pvalue",
    "pvalues",
    "padj",
    "padjusted",
    "pvaladj",
    "pvalueadj",
    "adjp",
    "adjpval",
    "adjpvalue",
    "adjustedp",
    "adjustedpvalue",
    "qval",
    "qvalue",
    "fdr",
];
/// … and then these are results too.
const RESULTS: &[&str] = &[
    "basemean",
    "lfcse",
    "stat",
    "coef",
    "coefficient",
    "stderr",
    "n",
    "n.not.0",
    "n.not.zero",
    "effect",
    "w",
    "lr",
    "lfc",
    "logcpm",
    "aveexpr",
    "t",
    "b",
    "beta",
    "statistic",
    "estimate",
    "lda",
    "or",
    "odds ratio",
    "odds_ratio",
    "value",
];
/// … and so are columns with such a word in their names.
const RESULT_WORDS: &[&str] = &[
    "mean", "median", "log", "fold", "ratio", "effect", "conf", "signif",
];

/// Whether a column's name says how taxa were measured.
pub(super) fn is_measure(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let last = lower.rsplit(|sign: char| !sign.is_alphanumeric()).next();
    let words = [Some(lower.as_str()), last];
    words
        .into_iter()
        .flatten()
        .any(|word| SHORT.contains(&word))
        || MEASURES.iter().any(|word| lower.contains(word))
}

/// Whether a column holds p values by its name.
pub(super) fn is_p_value(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let letters: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
    P_VALUES.contains(&letters.as_str())
        || ["pval_", "qval_", "q_", "p_adj_", "padj_"]
            .iter()
            .any(|start| lower.starts_with(start))
}

/// Whether a table holds p values: a column is named so, or `p` or `q`, all of it within 0 to 1 but no composition, and
/// nothing else holds numbers but results.
pub(super) fn has_p_values(header: &[String], preview: &Preview) -> bool {
    let numeric: Vec<(usize, &String)> = (header.iter().enumerate().skip(1))
        .filter(|(position, _)| !preview.is_text(*position) && !preview.is_empty(*position))
        .collect();
    let bare = |name: &str| BARE_P_VALUES.contains(&name.trim().to_lowercase().as_str());
    let chances = |position: usize| {
        let values = numbers(preview, position);
        let sum: f64 = values.iter().sum();
        values.iter().all(|value| (0.0..=1.0).contains(value)) && (sum - 1.0).abs() > 0.05
    };
    header.iter().any(|name| is_p_value(name))
        || (numeric.iter().any(|(_, name)| bare(name))
            && (numeric.iter()).all(|(position, name)| {
                if bare(name) {
                    chances(*position)
                } else {
                    is_result(name)
                }
            }))
}

/// Whether a column holds results of a comparison by its name, in a table that has p values.
pub(super) fn is_result(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    RESULTS.contains(&lower.as_str())
        || BARE_P_VALUES.contains(&lower.as_str())
        || RESULT_WORDS.iter().any(|word| lower.contains(word))
}

/// Columns that hold the same sample as another in another unit: both named by how they were measured, and in proportion.
/// Counts are kept.
pub(super) fn repeated(header: &[String], preview: &Preview) -> Vec<usize> {
    let is_share = |name: &str| {
        let lower = name.to_lowercase();
        SHARES.iter().any(|word| lower.contains(word))
    };
    let mut columns: Vec<(bool, usize)> = (header.iter().enumerate().skip(1))
        .filter(|(position, name)| is_measure(name) && !preview.is_text(*position))
        .filter(|(_, name)| !NO_SAMPLE.contains(&name.to_lowercase().as_str()))
        .map(|(position, name)| (is_share(name), position))
        .collect();
    columns.sort_unstable();
    // `S1` beside `S1_pct`: the first names no measure
    let plain = (header.iter().enumerate().skip(1))
        .filter(|(position, name)| !is_measure(name) && !preview.is_text(*position))
        .map(|(position, name)| (subject(name), numbers(preview, position)))
        .filter(|(subject, _)| !subject.is_empty());
    let plain: Vec<(Vec<String>, Vec<f64>)> = plain.collect();
    let mut kept: Vec<(Vec<String>, Vec<f64>)> = Vec::new();
    let mut repeated = Vec::new();
    for (_, position) in columns {
        let values = numbers(preview, position);
        let subject = subject(&header[position]);
        let last_place = half_a_place(preview, position);
        let of_plain = |(other, theirs): &(Vec<String>, Vec<f64>)| {
            *other == subject && in_proportion(theirs, &values, last_place)
        };
        if plain.iter().any(of_plain) {
            repeated.push(position);
            continue;
        }
        let same = |(other, theirs): &(Vec<String>, Vec<f64>)| {
            (other.is_empty() || subject.is_empty() || *other == subject)
                && in_proportion(theirs, &values, last_place)
        };
        if kept.iter().any(same) {
            repeated.push(position);
        } else {
            kept.push((subject, values));
        }
    }
    repeated
}

/// The words of a column's name that say of whom: `control` in `control_count`.
fn subject(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    lower
        .split(|sign: char| !(sign.is_alphanumeric() || sign == '%'))
        .filter(|word| !word.is_empty() && !NEUTRAL.contains(word))
        .filter(|word| !MEASURES.iter().any(|measure| word.contains(measure)))
        .map(str::to_owned)
        .collect()
}

fn numbers(preview: &Preview, position: usize) -> Vec<f64> {
    let field = |row: &Vec<String>| match row.get(position).map(|text| cell(text, preview.commas)) {
        Some(Cell::Number(value)) if value.is_finite() => value,
        _ => 0.0,
    };
    preview.rows.iter().map(field).collect()
}

/// Half of the last place in which a column is written: 0.005 for two decimals.
fn half_a_place(preview: &Preview, position: usize) -> f64 {
    let decimals = |text: &String| {
        text.rsplit_once(['.', ','])
            .map_or(0, |(_, tail)| tail.len())
    };
    let fields = preview.rows.iter().filter_map(|row| row.get(position));
    let places = fields.map(decimals).max().unwrap_or(0).min(12);
    0.5 * 10_f64.powi(-i32::try_from(places).unwrap_or(12))
}

/// Whether one column is the other times a number, but for rounding and the last place of the other.
fn in_proportion(one: &[f64], other: &[f64], last_place: f64) -> bool {
    /// Fewer values that are not 0 may be so by chance.
    const FEWEST: usize = 2;
    /// Of a value, and of the largest.
    const ROUNDING: (f64, f64) = (0.02, 1e-3);
    let largest = |column: &[f64]| column.iter().copied().fold(0.0, f64::max);
    let (top, bottom) = (largest(one), largest(other));
    let there = other.iter().filter(|value| **value > 0.0).count();
    let agree = |(a, b): (&f64, &f64)| {
        let expected = a * bottom / top;
        (expected - b).abs() <= ROUNDING.0 * expected + ROUNDING.1 * bottom + 2.0 * last_place
    };
    top > 0.0 && bottom > 0.0 && there >= FEWEST && one.iter().zip(other).all(agree)
}
