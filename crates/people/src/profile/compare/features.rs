//! What is compared between groups: shares of guilds and genera, and measures of the samples.

use crate::taxonomy::Guild;

use super::super::diversity::{centred_log_ratio, zero_replacement};
use super::super::ordination::{Zeros, log_ratios};
use super::super::sample::SampleReport;

/// One thing that is compared, with a value for each member.
pub struct Feature {
    /// `guild`, `genus` or `measure`.
    pub kind: &'static str,
    /// Name.
    pub name: String,
    /// Log-ratios of shares, or the measure itself; NaN where a sample has none.
    pub values: Vec<f64>,
    /// Shares, or the measure itself; NaN where a sample has none.
    pub shown: Vec<f64>,
}

/// Guild shares and genera as log-ratios, and the measures that at least two members of either group have.
pub fn features(
    samples: &[SampleReport],
    genera: &[String],
    members: &[usize],
    in_to: &[bool],
    paired: bool,
    notes: &mut Vec<String>,
) -> Vec<Feature> {
    let mut found = Vec::new();
    let shares: Vec<Vec<f64>> = members
        .iter()
        .map(|at| {
            let mut row = samples[*at].guilds.to_vec();
            row.push(samples[*at].mapping.no_guild + samples[*at].mapping.unlisted);
            row
        })
        .collect();
    let seen: Vec<usize> = (0..Guild::ALL.len() + 1)
        .filter(|guild| shares.iter().any(|row| row[*guild] > 0.0))
        .collect();
    let parts: Vec<Vec<f64>> = shares
        .iter()
        .map(|row| seen.iter().map(|guild| row[*guild]).collect())
        .collect();
    let delta = zero_replacement(parts.iter().map(Vec::as_slice), seen.len());
    let ratios: Vec<Vec<f64>> = parts
        .iter()
        .map(|row| centred_log_ratio(row, delta))
        .collect();
    for (column, &guild) in seen
        .iter()
        .enumerate()
        .filter(|(_, guild)| **guild < Guild::ALL.len())
    {
        found.push(Feature {
            kind: "guild",
            name: Guild::ALL[guild].code().to_owned(),
            values: ratios.iter().map(|row| row[column]).collect(),
            shown: shares.iter().map(|row| row[guild]).collect(),
        });
    }
    genus_features(samples, genera, members, &mut found);
    measures(samples, members, in_to, paired, &mut found, notes);
    found
}

fn genus_features(
    samples: &[SampleReport],
    genera: &[String],
    members: &[usize],
    found: &mut Vec<Feature>,
) {
    const LEAST_PREVALENCE: f64 = 0.2;
    let compositions: Vec<_> = members.iter().map(|at| &samples[*at].genera).collect();
    let ratios = log_ratios(&compositions, Zeros::BelowAll);
    for (column, genus) in ratios.genera.iter().enumerate() {
        let shown: Vec<f64> = compositions
            .iter()
            .map(|composition| composition.of(*genus))
            .collect();
        let present = shown.iter().filter(|share| **share > 0.0).count() as f64;
        if present < LEAST_PREVALENCE * members.len() as f64 {
            continue;
        }
        found.push(Feature {
            kind: "genus",
            name: genera.get(*genus as usize).cloned().unwrap_or_default(),
            values: ratios.rows.iter().map(|row| row[column]).collect(),
            shown,
        });
    }
}

type Get = fn(&SampleReport) -> Option<f64>;

/// Measures of a sample by name.
const MEASURES: [(&str, Get); 10] = [
    ("shannon", |sample| Some(sample.diversity.shannon)),
    ("richness", |sample| Some(sample.diversity.richness as f64)),
    ("genus_shannon", |sample| {
        Some(sample.genus_diversity.shannon)
    }),
    ("butyrate_producers", |sample| {
        Some(sample.butyrate_producers)
    }),
    ("propionate_producers", |sample| {
        Some(sample.propionate_producers)
    }),
    ("lps_agonist_ratio", |sample| Some(sample.lps.agonist_ratio)),
    ("opportunists", |sample| Some(sample.opportunists)),
    ("gmwi2", |sample| sample.gmwi2),
    ("dysbiosis_distance", |sample| {
        sample
            .dysbiosis
            .as_ref()
            .map(|dysbiosis| dysbiosis.distance)
    }),
    ("load_cells_per_gram", |sample| sample.load_cells_per_gram),
];

/// Measures, compared in the members that have them; those that none has go without a word, those that some lack with one.
fn measures(
    samples: &[SampleReport],
    members: &[usize],
    in_to: &[bool],
    paired: bool,
    found: &mut Vec<Feature>,
    notes: &mut Vec<String>,
) {
    const FEWEST: usize = 2;
    for (name, get) in MEASURES {
        let values: Vec<f64> = members
            .iter()
            .map(|at| {
                get(&samples[*at])
                    .filter(|value| value.is_finite())
                    .unwrap_or(f64::NAN)
            })
            .collect();
        let have = |wanted: bool| {
            let group = values.iter().zip(in_to).filter(|(_, to)| **to == wanted);
            group.filter(|(value, _)| value.is_finite()).count()
        };
        let missing = members.len() - have(false) - have(true);
        if missing == members.len() {
            continue;
        }
        let compared = have(false) >= FEWEST && have(true) >= FEWEST;
        if missing > 0 {
            notes.push(format!(
                "`{name}` is missing in {missing} of {} samples and {}",
                members.len(),
                if compared && paired {
                    "is compared in the subjects that have it on both sides"
                } else if compared {
                    "is compared in the others"
                } else {
                    "is not compared: one of the groups has fewer than two samples with it"
                }
            ));
        }
        if compared {
            found.push(Feature {
                kind: "measure",
                name: name.to_owned(),
                shown: values.clone(),
                values,
            });
        }
    }
}
