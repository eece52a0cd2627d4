//! Parquet tables: one row a sample, and one row a sample and quantity; units and meanings in the field metadata.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, StringArray, UInt64Array};
use gutskin_people::profile::sample::SampleReport;
use gutskin_people::profile::study::Study;
use gutskin_people::taxonomy::Guild;

use crate::error::Result;
use crate::table::{Column, column, write_parts};

/// Samples of which a part of a table is made at a time.
const PART: usize = 512;

/// Samples in parts; one empty part where there are none, for the columns' sake.
fn parts(study: &Study) -> impl Iterator<Item = (usize, &[SampleReport])> {
    let count = study.samples.len().div_ceil(PART).max(1);
    (0..count).map(|part| {
        let from = part * PART;
        let to = (from + PART).min(study.samples.len());
        (from, &study.samples[from..to])
    })
}

fn numbers(samples: &[SampleReport], get: impl Fn(&SampleReport) -> Option<f64>) -> ArrayRef {
    let of = |sample: &SampleReport| {
        if sample.refused.is_some() {
            None
        } else {
            get(sample).filter(|value| value.is_finite())
        }
    };
    Arc::new(Float64Array::from_iter(samples.iter().map(of)))
}

fn texts(values: impl Iterator<Item = Option<String>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(values))
}

/// Writes one row a sample.
///
/// # Errors
/// When writing fails.
pub fn samples_table(study: &Study, out: impl Write + Send) -> Result<()> {
    write_parts(
        out,
        parts(study).map(|(from, samples)| sample_columns(study, from, samples)),
    )
}

/// The columns of the samples that begin at `from`.
fn sample_columns(study: &Study, from: usize, samples: &[SampleReport]) -> Vec<Column> {
    let mut columns = vec![
        column(
            "sample",
            "",
            "name of the sample",
            texts(samples.iter().map(|sample| Some(sample.id.clone()))),
        ),
        column(
            "file",
            "",
            "file it comes from",
            texts(samples.iter().map(|sample| Some(sample.file.to_string()))),
        ),
        column(
            "group",
            "",
            "group by the metadata column named",
            texts(
                (from..from + samples.len())
                    .map(|at| study.groups.as_ref().and_then(|groups| groups[at].clone())),
            ),
        ),
        column(
            "method",
            "",
            "method that made the profile",
            texts(
                samples
                    .iter()
                    .map(|sample| Some(sample.method.id().to_owned())),
            ),
        ),
        column(
            "refused",
            "",
            "why nothing could be said; null where something could",
            texts(samples.iter().map(|sample| sample.refused.clone())),
        ),
        column(
            "warnings",
            "",
            "what the sample may be instead of an adult's stool",
            texts(samples.iter().map(|sample| {
                (!sample.warnings.is_empty()).then(|| {
                    sample
                        .warnings
                        .iter()
                        .map(|warning| warning.text.clone())
                        .collect::<Vec<_>>()
                        .join(" | ")
                })
            })),
        ),
        column(
            "total",
            "file's own scale",
            "sum of the sample, unclassified included",
            numbers(samples, |sample| Some(sample.total)),
        ),
        column(
            "load",
            "cells/g",
            "cells per gram of stool, where given",
            numbers(samples, |sample| sample.load_cells_per_gram),
        ),
        column(
            "unclassified",
            "1",
            "share not classified by the profiler",
            numbers(samples, |sample| Some(sample.left_out.unclassified)),
        ),
        column(
            "richness",
            "1",
            "taxa found, in the file's own rows",
            Arc::new(UInt64Array::from_iter(samples.iter().map(|sample| {
                sample
                    .refused
                    .is_none()
                    .then_some(sample.diversity.richness as u64)
            }))),
        ),
        column(
            "shannon",
            "nat",
            "Shannon entropy over the file's own rows",
            numbers(samples, |sample| Some(sample.diversity.shannon)),
        ),
        column(
            "simpson",
            "1",
            "1 − Σp² over the file's own rows",
            numbers(samples, |sample| Some(sample.diversity.simpson)),
        ),
        column(
            "genus_shannon",
            "nat",
            "Shannon entropy over named genera",
            numbers(samples, |sample| Some(sample.genus_diversity.shannon)),
        ),
        column(
            "in_guilds",
            "1",
            "share in the guilds of the model",
            numbers(samples, |sample| Some(sample.mapping.in_guild)),
        ),
        column(
            "unlisted",
            "1",
            "share of taxa that the taxon table does not list",
            numbers(samples, |sample| Some(sample.mapping.unlisted)),
        ),
        column(
            "butyrate_producers",
            "1",
            "share of butyrate producers",
            numbers(samples, |sample| Some(sample.butyrate_producers)),
        ),
        column(
            "propionate_producers",
            "1",
            "share of propionate producers",
            numbers(samples, |sample| Some(sample.propionate_producers)),
        ),
        column(
            "lps_agonist_ratio",
            "1",
            "LPS agonist load over that of the mean western adult",
            numbers(samples, |sample| Some(sample.lps.agonist_ratio)),
        ),
        column(
            "opportunists",
            "1",
            "share of opportunists",
            numbers(samples, |sample| Some(sample.opportunists)),
        ),
        column(
            "firmicutes_bacteroidetes",
            "1",
            "Bacillota over Bacteroidota; reported, never scored",
            numbers(samples, |sample| sample.firmicutes_bacteroidetes),
        ),
        column(
            "gmwi2",
            "1",
            "Gut Microbiome Wellness Index 2 (MetaPhlAn 3 only)",
            numbers(samples, |sample| sample.gmwi2),
        ),
        column(
            "dysbiosis_distance",
            "1",
            "Bray–Curtis distance to the mean of the reference of the same method",
            numbers(samples, |sample| {
                sample.dysbiosis.as_ref().map(|found| found.distance)
            }),
        ),
        column(
            "dysbiotic",
            "",
            "distance beyond the 90th percentile of the reference",
            Arc::new(BooleanArray::from(
                samples
                    .iter()
                    .map(|sample| sample.dysbiosis.as_ref().map(|found| found.beyond))
                    .collect::<Vec<_>>(),
            )),
        ),
    ];
    for guild in Guild::ALL {
        columns.push(column(
            &format!("guild_{}", guild.code()),
            "1",
            guild.name(),
            numbers(samples, move |sample| Some(sample.guild(guild))),
        ));
    }
    columns
}

/// Writes one row a sample and quantity: guilds and genera.
///
/// # Errors
/// When writing fails.
pub fn values_table(study: &Study, out: impl Write + Send) -> Result<()> {
    write_parts(
        out,
        parts(study).map(|(_, samples)| value_columns(study, samples)),
    )
}

fn value_columns(study: &Study, samples: &[SampleReport]) -> Vec<Column> {
    let genera = study.genera.all();
    let (mut ids, mut kinds, mut names, mut shares) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for sample in samples.iter().filter(|sample| sample.refused.is_none()) {
        let guilds = Guild::ALL
            .into_iter()
            .map(|guild| ("guild", guild.code(), sample.guild(guild)));
        let named = sample
            .genera
            .iter()
            .map(|(at, share)| ("genus", genera[at as usize].as_str(), share));
        for (kind, name, share) in guilds.chain(named) {
            ids.push(sample.id.as_str());
            kinds.push(kind);
            names.push(name);
            shares.push(share);
        }
    }
    vec![
        column(
            "sample",
            "",
            "name of the sample",
            Arc::new(StringArray::from(ids)),
        ),
        column(
            "kind",
            "",
            "guild or genus",
            Arc::new(StringArray::from(kinds)),
        ),
        column(
            "name",
            "",
            "code of the guild or name of the genus",
            Arc::new(StringArray::from(names)),
        ),
        column(
            "share",
            "1",
            "share of bacteria, archaea and fungi",
            Arc::new(Float64Array::from(shares)),
        ),
    ]
}
