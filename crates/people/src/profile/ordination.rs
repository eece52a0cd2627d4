//! Ordination: principal coordinates of Aitchison distances between genus compositions.
//!
//! Principal coordinates of Euclidean distances of centred log-ratios are the principal components
//! of these, so the smaller of the two matrices (samples or genera) is decomposed.

use faer::{Mat, Side};
use serde::Serialize;

use super::diversity::{centred_log_ratio, zero_replacement};
use super::sample::Shares;

/// Genera found in fewer samples than this share say more about depth than about people.
const LEAST_PREVALENCE: f64 = 0.1;
/// More genera cost time and add noise.
const MOST_GENERA: usize = 300;
/// Above this number of samples the covariance of genera is decomposed even if it is larger.
const AXES: usize = 2;

/// Coordinates of samples.
#[derive(Debug, Clone, Serialize)]
pub struct Ordination {
    /// Positions in the list given, of the samples that were placed.
    pub samples: Vec<usize>,
    /// Two coordinates a sample.
    pub coordinates: Vec<[f64; AXES]>,
    /// Share of the squared distances that each axis holds.
    pub explained: [f64; AXES],
    /// Number of genera used.
    pub genera: usize,
    /// Share that stands in for a genus that a sample lacks: 1/D² of the D genera used.
    pub zero_share: f64,
    /// Genera that pull most along each axis, with their loading.
    pub strongest: [Vec<(String, f64)>; AXES],
}

/// Centred log-ratios of the genera that enough samples have.
pub struct LogRatios {
    /// Indices of the genera used.
    pub genera: Vec<u32>,
    /// One row a sample.
    pub rows: Vec<Vec<f64>>,
    /// Share that stands in for zero.
    pub zero_share: f64,
}

/// What stands in for a share of zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zeros {
    /// 1/D², as in scikit-bio: of little weight in distances, but at times above a share that is there.
    Customary,
    /// Half of the smallest share of any sample (see [`zero_replacement`]): never above a share that is there.
    BelowAll,
}

/// Log-ratios of genus compositions (pairs of genus and share).
#[must_use]
pub fn log_ratios(compositions: &[&Shares], zeros: Zeros) -> LogRatios {
    let mut found: std::collections::BTreeMap<u32, (usize, f64)> =
        std::collections::BTreeMap::new();
    for composition in compositions {
        for (genus, share) in composition.iter() {
            let entry = found.entry(genus).or_default();
            entry.0 += 1;
            entry.1 += share;
        }
    }
    let least = (compositions.len() as f64 * LEAST_PREVALENCE).max(1.0);
    let mut kept: Vec<(u32, f64)> = found
        .into_iter()
        .filter(|(_, (count, _))| *count as f64 >= least)
        .map(|(genus, (_, sum))| (genus, sum))
        .collect();
    kept.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    kept.truncate(MOST_GENERA);
    let mut genera: Vec<u32> = kept.into_iter().map(|pair| pair.0).collect();
    genera.sort_unstable();
    let mut rows: Vec<Vec<f64>> = compositions
        .iter()
        .map(|composition| {
            let mut dense = vec![0.0; genera.len()];
            for (genus, share) in composition.iter() {
                if let Ok(at) = genera.binary_search(&genus) {
                    dense[at] = share;
                }
            }
            dense
        })
        .collect();
    let delta = match zeros {
        Zeros::Customary => (1.0 / genera.len().max(1) as f64).powi(2),
        Zeros::BelowAll => zero_replacement(rows.iter().map(Vec::as_slice), genera.len()),
    };
    for row in &mut rows {
        *row = centred_log_ratio(row, delta);
    }
    LogRatios {
        genera,
        rows,
        zero_share: delta,
    }
}

/// Places samples; `None` for fewer than three samples or two genera.
#[must_use]
pub fn ordinate(compositions: &[Option<&Shares>], names: &[String]) -> Option<Ordination> {
    let (placed, used): (Vec<usize>, Vec<&Shares>) = compositions
        .iter()
        .enumerate()
        .filter_map(|(at, shares)| Some((at, (*shares)?)))
        .filter(|(_, shares)| !shares.is_empty())
        .unzip();
    let mut ratios = log_ratios(&used, Zeros::Customary);
    let (count, genera) = (used.len(), ratios.genera.len());
    if count < 3 || genera < 2 {
        return None;
    }
    centre(&mut ratios.rows);
    let matrix = Mat::from_fn(count, genera, |row, column| ratios.rows[row][column]);
    let total: f64 = ratios
        .rows
        .iter()
        .flatten()
        .map(|value| value * value)
        .sum();
    if total <= 0.0 {
        return None;
    }
    let by_sample = count <= genera;
    let square = if by_sample {
        &matrix * matrix.transpose()
    } else {
        matrix.transpose() * &matrix
    };
    let eigen = square.self_adjoint_eigen(Side::Lower).ok()?;
    let size = square.nrows();
    let mut axes: Vec<(f64, Vec<f64>)> = (0..size)
        .map(|at| (eigen.S().column_vector()[at], at))
        .map(|(value, at)| (value, (0..size).map(|row| eigen.U()[(row, at)]).collect()))
        .collect();
    axes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut coordinates = vec![[0.0; AXES]; count];
    let mut explained = [0.0; AXES];
    let mut strongest: [Vec<(String, f64)>; AXES] = [Vec::new(), Vec::new()];
    for (axis, (value, vector)) in axes.iter().take(AXES).enumerate() {
        let value = value.max(0.0);
        explained[axis] = value / total;
        let scores: Vec<f64> = if by_sample {
            vector.iter().map(|entry| entry * value.sqrt()).collect()
        } else {
            (0..count)
                .map(|row| {
                    (0..genera)
                        .map(|column| matrix[(row, column)] * vector[column])
                        .sum()
                })
                .collect()
        };
        let loadings: Vec<f64> = if by_sample {
            (0..genera)
                .map(|column| {
                    (0..count)
                        .map(|row| matrix[(row, column)] * vector[row])
                        .sum::<f64>()
                        / value.sqrt().max(f64::MIN_POSITIVE)
                })
                .collect()
        } else {
            vector.clone()
        };
        // the sign of an axis is arbitrary: the strongest loading points up
        let strongest_at = (0..genera)
            .max_by(|a, b| loadings[*a].abs().total_cmp(&loadings[*b].abs()))
            .unwrap_or(0);
        let sign = if loadings[strongest_at] < 0.0 {
            -1.0
        } else {
            1.0
        };
        for (row, score) in scores.iter().enumerate() {
            coordinates[row][axis] = sign * score;
        }
        strongest[axis] = named_loadings(&loadings, sign, &ratios.genera, names);
    }
    Some(Ordination {
        samples: placed,
        coordinates,
        explained,
        genera,
        zero_share: ratios.zero_share,
        strongest,
    })
}

fn centre(rows: &mut [Vec<f64>]) {
    let Some(width) = rows.first().map(Vec::len) else {
        return;
    };
    for column in 0..width {
        let mean = rows.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
        for row in rows.iter_mut() {
            row[column] -= mean;
        }
    }
}

fn named_loadings(
    loadings: &[f64],
    sign: f64,
    genera: &[u32],
    names: &[String],
) -> Vec<(String, f64)> {
    const SHOWN: usize = 5;
    let mut order: Vec<usize> = (0..loadings.len()).collect();
    order.sort_by(|a, b| loadings[*b].abs().total_cmp(&loadings[*a].abs()));
    order
        .into_iter()
        .take(SHOWN)
        .map(|at| {
            (
                names.get(genera[at] as usize).cloned().unwrap_or_default(),
                sign * loadings[at],
            )
        })
        .collect()
}
