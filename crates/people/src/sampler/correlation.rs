//! Groups of correlated parameters: their triangular factors, and what is said when the
//! correlations contradict each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Correlation, SamplerError};

/// Smallest share of a parameter's variance that must be its own, given those before it.
const SMALLEST_OWN_VARIANCE: f64 = 1e-9;

/// Parameters linked by correlations, those told first and then in the order of their names, and
/// the lower triangular factor of their correlation matrix.
#[derive(Clone, Debug)]
pub(super) struct Group {
    positions: Vec<usize>,
    factor: Vec<Vec<f64>>,
}

impl Group {
    /// Turns independent standard normal scores into correlated ones. `told` gives the score
    /// between people of one that is told, by its position and own score; that one stays.
    pub(super) fn correlate(&self, scores: &mut [f64], told: &dyn Fn(usize, f64) -> Option<f64>) {
        let mut own: Vec<f64> = Vec::with_capacity(self.positions.len());
        for (row, &position) in self.factor.iter().zip(&self.positions) {
            let (known, diagonal) = row.split_at(own.len());
            let carried: f64 = known.iter().zip(&own).map(|(a, b)| a * b).sum();
            match told(position, scores[position]) {
                Some(score) => own.push((score - carried) / diagonal[0]),
                None => {
                    own.push(scores[position]);
                    scores[position] = carried + diagonal[0] * scores[position];
                }
            }
        }
    }
}

/// Coefficients by pair of names, the lesser name first.
type Coefficients<'n> = BTreeMap<(&'n str, &'n str), f64>;

/// The groups of linked parameters.
///
/// # Errors
/// Unknown names, coefficients out of range, pairs listed twice, matrices that are not positive
/// definite.
pub(super) fn groups(
    positions: &BTreeMap<&str, usize>,
    correlations: &[Correlation],
    told: &dyn Fn(usize) -> bool,
) -> Result<Vec<Group>, SamplerError> {
    let coefficients = coefficients(positions, correlations)?;
    let mut neighbours: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (first, second) in coefficients.keys() {
        neighbours.entry(first).or_default().push(second);
        neighbours.entry(second).or_default().push(first);
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut groups = Vec::new();
    for name in neighbours.keys() {
        if seen.contains(name) {
            continue;
        }
        let members = linked(name, &neighbours);
        seen.extend(&members);
        let (mut names, others): (Vec<&str>, Vec<&str>) =
            members.into_iter().partition(|name| told(positions[name]));
        names.extend(others);
        groups.push(Group {
            factor: factor(&names, &coefficients)?,
            positions: names.iter().map(|name| positions[name]).collect(),
        });
    }
    Ok(groups)
}

fn coefficients<'c>(
    positions: &BTreeMap<&str, usize>,
    correlations: &'c [Correlation],
) -> Result<Coefficients<'c>, SamplerError> {
    let mut coefficients = Coefficients::new();
    for Correlation { first, second, rho } in correlations {
        let refuse = |reason: String| SamplerError::Pair {
            first: first.clone(),
            second: second.clone(),
            reason,
        };
        if let Some(unknown) = [first, second]
            .into_iter()
            .find(|name| !positions.contains_key(name.as_str()))
        {
            return Err(SamplerError::Unknown {
                first: first.clone(),
                second: second.clone(),
                unknown: unknown.clone(),
                nearest: gutskin_network::nearest(unknown, positions.keys().copied())
                    .map(str::to_owned),
            });
        }
        if first == second {
            return Err(refuse("a parameter has no correlation with itself".into()));
        }
        if !(rho.is_finite() && rho.abs() < 1.0) {
            return Err(refuse(format!(
                "the coefficient is {rho}; it must lie between -1 and 1, both excluded"
            )));
        }
        let pair = (first.min(second).as_str(), first.max(second).as_str());
        if coefficients.insert(pair, *rho).is_some() {
            return Err(refuse("the pair is listed twice; list it once".into()));
        }
    }
    Ok(coefficients)
}

/// All names that can be reached from one.
fn linked<'n>(start: &'n str, neighbours: &BTreeMap<&'n str, Vec<&'n str>>) -> BTreeSet<&'n str> {
    let mut members = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(name) = open.pop() {
        for neighbour in neighbours.get(name).into_iter().flatten() {
            if members.insert(neighbour) {
                open.push(neighbour);
            }
        }
    }
    members
}

fn coefficient(coefficients: &Coefficients<'_>, a: &str, b: &str) -> f64 {
    let pair = (a.min(b), a.max(b));
    coefficients.get(&pair).copied().unwrap_or(0.0)
}

/// The lower triangular factor (Cholesky) of the correlations among `names`.
fn factor(names: &[&str], coefficients: &Coefficients<'_>) -> Result<Vec<Vec<f64>>, SamplerError> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(names.len());
    for (i, name) in names.iter().enumerate() {
        let against: Vec<f64> = names[..i]
            .iter()
            .map(|other| coefficient(coefficients, name, other))
            .collect();
        let mut row = solve_lower(&factor, &against);
        let own = 1.0 - squared_norm(&row);
        if own < SMALLEST_OWN_VARIANCE {
            return Err(contradiction(names, i, coefficients));
        }
        row.push(own.sqrt());
        factor.push(row);
    }
    Ok(factor)
}

/// Solves `factor · x = right` from the first row down.
fn solve_lower(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut solution: Vec<f64> = Vec::with_capacity(right.len() + 1);
    for (row, value) in factor.iter().zip(right) {
        let (known, diagonal) = row.split_at(solution.len());
        let carried: f64 = known.iter().zip(&solution).map(|(a, b)| a * b).sum();
        solution.push((value - carried) / diagonal[0]);
    }
    solution
}

fn squared_norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

/// The error for the first name whose correlations contradict those of the names before it: of
/// its pairs the one that the smallest change would mend, with the range that it may lie in.
fn contradiction(names: &[&str], last: usize, coefficients: &Coefficients<'_>) -> SamplerError {
    let name = names[last];
    let mendable = (0..last)
        .filter_map(|other| {
            let range = admissible(names, last, other, coefficients)?;
            let rho = coefficient(coefficients, name, names[other]);
            let excess = (range.0 - rho).max(rho - range.1).max(0.0);
            Some((excess, other, rho, range))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, other, rho, (low, high))) = mendable {
        return SamplerError::NotPositiveDefinite {
            first: names[other].to_owned(),
            second: name.to_owned(),
            rho,
            remedy: format!(
                "given the other correlations it must lie between {low:.3} and {high:.3}, both \
                 excluded; a pair that is not listed counts as 0"
            ),
        };
    }
    let strongest = (0..last)
        .map(|other| (other, coefficient(coefficients, name, names[other])))
        .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
        .unwrap_or((last, 0.0));
    SamplerError::NotPositiveDefinite {
        first: names[strongest.0].to_owned(),
        second: name.to_owned(),
        rho: strongest.1,
        remedy: format!(
            "no change of one pair mends it; weaken the correlations of `{name}`, this strongest \
             one first"
        ),
    }
}

/// The open range in which the correlation of `last` with `other` keeps the matrix positive
/// definite, given all other coefficients among the names up to `last`; `None` where there is
/// none.
fn admissible(
    names: &[&str],
    last: usize,
    other: usize,
    coefficients: &Coefficients<'_>,
) -> Option<(f64, f64)> {
    let rest: Vec<&str> = names[..last]
        .iter()
        .enumerate()
        .filter(|(position, _)| *position != other)
        .map(|(_, name)| *name)
        .collect();
    let factor = factor(&rest, coefficients).ok()?;
    let against = |name: &str| {
        let right: Vec<f64> = rest
            .iter()
            .map(|other| coefficient(coefficients, name, other))
            .collect();
        solve_lower(&factor, &right)
    };
    let (a, b) = (against(names[last]), against(names[other]));
    let centre: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
    let (own_a, own_b) = (1.0 - squared_norm(&a), 1.0 - squared_norm(&b));
    let room = own_a > SMALLEST_OWN_VARIANCE && own_b > SMALLEST_OWN_VARIANCE;
    let width = (own_a * own_b).max(0.0).sqrt();
    room.then_some((centre - width, centre + width))
}
