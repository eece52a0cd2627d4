//! Potencies and the scale of care, fitted to rows that may be looked at while tuning.
//!
//! Residuals are distances from the middle of a row's window in half windows; a window with one bound pulls only where
//! the value is outside. Damped Gauss–Newton on the logarithms, with the same people and numbers at every trial.

use super::super::{CheckError, RowValues};
use super::{acne, drug, eczema, open_label, psoriasis, setting, shipped};
use gutskin_biology::catalogue::SkinDrug;
use gutskin_biology::checks::{Check, checks};
use serde::Serialize;

/// Rounds of Gauss–Newton.
const ROUNDS: usize = 10;
/// Step of the logarithm in finite differences: wide, since shares of people move in steps.
const STEP: f64 = 0.12;
/// Longest move of a logarithm in a round.
const LONGEST: f64 = 0.5;
/// Width of a bound that stands alone, over the bound.
const SOFT: f64 = 0.02;
/// Pull towards the shipped value, so that a direction which no row sees stays where it is.
const PULL: f64 = 0.02;

/// A number that was fitted.
#[derive(Clone, Debug, Serialize)]
pub struct Fitted {
    /// What it is: drug, target and field, or a parameter.
    pub name: String,
    /// As shipped.
    pub shipped: f64,
    /// After the fit.
    pub fitted: f64,
    /// Fits end at this bound where it binds.
    pub bound: Option<f64>,
}

/// A fit of numbers that share rows.
#[derive(Clone, Debug, Serialize)]
pub struct Fit {
    /// Numbers.
    pub numbers: Vec<Fitted>,
    /// Rows with the value at the end, low and high bound.
    pub rows: Vec<(String, f64, Option<f64>, Option<f64>)>,
}

/// A number to fit, with bounds.
struct Knob {
    name: String,
    start: f64,
    low: f64,
    high: f64,
}

type Respond<'r> = &'r dyn Fn(&[f64]) -> Result<RowValues, CheckError>;

fn row<'c>(table: &'c [Check], id: &str) -> Option<&'c Check> {
    table.iter().find(|c| c.id == id && c.tuned)
}

fn residuals(table: &[Check], values: &RowValues) -> Vec<f64> {
    let one = |(id, value): &(&str, f64)| {
        let check = row(table, id)?;
        Some(match (check.low, check.high) {
            (Some(low), Some(high)) => 2.0 * (value - f64::midpoint(low, high)) / (high - low),
            (Some(low), None) => ((value - low) / (SOFT * low.abs().max(1.0))).min(0.0),
            (None, Some(high)) => ((value - high) / (SOFT * high.abs().max(1.0))).max(0.0),
            (None, None) => 0.0,
        })
    };
    values.iter().filter_map(one).collect()
}

/// Solves (JᵀJ + λ) d = −Jᵀr by elimination; few numbers, symmetric positive definite.
fn direction(jacobian: &[Vec<f64>], residual: &[f64]) -> Vec<f64> {
    let n = jacobian.len();
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| x * y).sum() };
    let mut system: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let mut line: Vec<f64> = (0..n).map(|j| dot(&jacobian[i], &jacobian[j])).collect();
            line[i] += PULL;
            line.push(-dot(&jacobian[i], residual));
            line
        })
        .collect();
    for i in 0..n {
        let pivot = system[i].clone();
        for line in system.iter_mut().skip(i + 1) {
            let factor = line[i] / pivot[i];
            line.iter_mut()
                .zip(&pivot)
                .for_each(|(l, p)| *l -= factor * p);
        }
    }
    let mut solution = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| system[i][j] * solution[j]).sum();
        solution[i] = (system[i][n] - known) / system[i][i];
    }
    solution
}

fn solve(table: &[Check], knobs: &[Knob], respond: Respond<'_>) -> Result<Fit, CheckError> {
    let clamped = |x: &[f64]| -> Vec<f64> {
        let one = |(x, k): (&f64, &Knob)| (k.start * x.exp()).clamp(k.low, k.high);
        x.iter().zip(knobs).map(one).collect()
    };
    let cost = |r: &[f64], x: &[f64]| -> f64 {
        let square = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>();
        square(r) + PULL * square(x)
    };
    let mut x = vec![0.0; knobs.len()];
    let mut residual = residuals(table, &respond(&clamped(&x))?);
    for _ in 0..ROUNDS {
        let mut jacobian = Vec::with_capacity(knobs.len());
        for i in 0..knobs.len() {
            let at = |step: f64| -> Result<Vec<f64>, CheckError> {
                let mut y = x.clone();
                y[i] += step;
                Ok(residuals(table, &respond(&clamped(&y))?))
            };
            let (up, down) = (at(STEP)?, at(-STEP)?);
            jacobian.push(
                up.iter()
                    .zip(&down)
                    .map(|(u, d)| (u - d) / (2.0 * STEP))
                    .collect(),
            );
        }
        let mut step = direction(&jacobian, &residual);
        let mut better = false;
        for _ in 0..4 {
            let move_ = |(x, d): (&f64, &f64)| x + d.clamp(-LONGEST, LONGEST);
            let next: Vec<f64> = x.iter().zip(&step).map(move_).collect();
            let found = residuals(table, &respond(&clamped(&next))?);
            if cost(&found, &next) < cost(&residual, &x) - 1e-4 {
                (x, residual, better) = (next, found, true);
                break;
            }
            step.iter_mut().for_each(|d| *d *= 0.4);
        }
        if !better {
            break;
        }
    }
    report(table, knobs, &clamped(&x), respond)
}

fn report(
    table: &[Check],
    knobs: &[Knob],
    values: &[f64],
    respond: Respond<'_>,
) -> Result<Fit, CheckError> {
    let number = |(k, v): (&Knob, &f64)| Fitted {
        name: k.name.clone(),
        shipped: k.start,
        fitted: *v,
        bound: [k.low, k.high].into_iter().find(|b| b == v),
    };
    let told = respond(values)?.into_iter().filter_map(|(id, value)| {
        let check = row(table, id)?;
        Some((id.to_owned(), value, check.low, check.high))
    });
    Ok(Fit {
        numbers: knobs.iter().zip(values).map(number).collect(),
        rows: told.collect(),
    })
}

/// Which number of an effect.
#[derive(Clone, Copy)]
enum Field {
    Potency,
    Spread,
    Ceiling,
}

/// A field of one target of a drug, with bounds.
type Part = (&'static str, Field, f64, f64);

fn field<'d>(drug: &'d mut SkinDrug, target: &str, which: Field) -> Option<&'d mut f64> {
    let effect = drug.effects.iter_mut().find(|e| e.target == target)?;
    Some(match which {
        Field::Potency => &mut effect.potency,
        Field::Spread => &mut effect.potency_sd_ln,
        Field::Ceiling => &mut effect.ceiling,
    })
}

fn with(drug: &SkinDrug, parts: &[Part], values: &[f64]) -> SkinDrug {
    let mut changed = drug.clone();
    for ((target, which, _, _), value) in parts.iter().zip(values) {
        if let Some(place) = field(&mut changed, target, *which) {
            *place = *value;
        }
    }
    changed
}

fn knobs(drug: &SkinDrug, parts: &[Part]) -> Vec<Knob> {
    let mut copy = drug.clone();
    let knob = |&(target, which, low, high): &Part| {
        let start = field(&mut copy, target, which).map_or(f64::NAN, |v| *v);
        let word = match which {
            Field::Potency => "potency",
            Field::Spread => "potency_sd_ln",
            Field::Ceiling => "ceiling",
        };
        Knob {
            name: format!("{}.{target}.{word}", drug.id),
            start,
            low,
            high,
        }
    };
    parts.iter().map(knob).collect()
}

/// Median potency and its spread of every drug of psoriasis that has anchors.
fn psoriasis_drug(table: &[Check], id: &str) -> Result<Fit, CheckError> {
    let (base, people, reading) = (
        drug(id)?,
        psoriasis::patients()?.first(1500),
        psoriasis::PasiReading::new()?,
    );
    let Some(target) = ["il17", "il23", "tnf", "plaque"]
        .into_iter()
        .find(|t| base.effects.iter().any(|e| e.target == *t))
    else {
        return Err(CheckError::Unknown {
            what: "target of drug",
            name: id.to_owned(),
        });
    };
    let mut parts: Vec<Part> = vec![(target, Field::Potency, 0.05, 60.0)];
    // One row cannot give two numbers.
    if psoriasis::ANCHORS.iter().filter(|a| a.drug == id).count() > 1 {
        parts.push((target, Field::Spread, 0.3, 2.5));
    }
    solve(table, &knobs(base, &parts), &|values| {
        psoriasis::anchored(&people, &with(base, &parts, values), &reading)
    })
}

/// Numbers of a drug of acne.
fn acne_drug(table: &[Check], id: &str, parts: &[Part]) -> Result<Fit, CheckError> {
    let base = drug(id)?;
    solve(table, &knobs(base, parts), &|values| {
        acne::told(&with(base, parts, values))
    })
}

/// The common potency of topical steroid on all its targets, or the ceiling of the emollient.
fn eczema_drug(table: &[Check], id: &str) -> Result<Fit, CheckError> {
    let base = drug(id)?;
    let first = base.effects.first();
    let (start, low, high, what) = match id {
        "emollient" => (first.map(|e| e.ceiling), 0.01, 50.0, "ceiling"),
        _ => (first.map(|e| e.potency), 0.02, 60.0, "potency"),
    };
    let knob = Knob {
        name: format!("{id}.{what}"),
        start: start.unwrap_or(f64::NAN),
        low,
        high,
    };
    solve(table, &[knob], &|values| {
        let mut changed = base.clone();
        for effect in &mut changed.effects {
            match id {
                "emollient" => effect.ceiling = values[0],
                _ => effect.potency = values[0],
            }
        }
        Ok(match id {
            "emollient" => vec![("ad-23a", eczema::emollient_difference(&changed)?)],
            _ => {
                let [steroid, vehicle] = eczema::steroid_arms(&changed)?;
                vec![("ad-22a", steroid - vehicle)]
            }
        })
    })
}

/// Drugs of eczema that are fitted.
const ECZEMA: [&str; 2] = ["topical_steroid", "emollient"];

/// Names of what can be fitted.
///
/// # Errors
/// The drug tables do not read.
pub fn fittable() -> Result<Vec<String>, CheckError> {
    let mut names: Vec<String> = vec![
        "ad.care_emollient".to_owned(),
        open_label::COURSE.to_owned(),
    ];
    let anchored = |d: &&SkinDrug| psoriasis::ANCHORS.iter().any(|a| a.drug == d.id);
    names.extend(shipped()?.iter().filter(anchored).map(|d| d.id.clone()));
    names.extend(ECZEMA.map(str::to_owned));
    names.extend(ACNE.iter().map(|(id, _)| (*id).to_owned()));
    Ok(names)
}

/// Drugs of acne and their free numbers.
static ACNE: &[(&str, &[Part])] = &[
    (
        "benzoyl_peroxide",
        &[
            ("kill", Field::Ceiling, 0.02, 2.0),
            ("comedolysis", Field::Ceiling, 0.02, 3.0),
        ],
    ),
    (
        "retinoid",
        &[
            ("keratinisation", Field::Ceiling, 0.02, 1.0),
            ("comedolysis", Field::Ceiling, 0.02, 3.0),
        ],
    ),
    ("clascoterone", &[("androgen", Field::Ceiling, 0.02, 1.0)]),
    (
        "doxycycline",
        &[
            ("kill", Field::Ceiling, 0.02, 2.0),
            ("follicular", Field::Ceiling, 0.02, 1.0),
        ],
    ),
    ("minocycline", &[("follicular", Field::Ceiling, 0.02, 1.0)]),
    (
        "isotretinoin",
        &[
            ("sebum", Field::Potency, 0.5, 60.0),
            ("sebum", Field::Spread, 0.3, 2.7),
        ],
    ),
];

/// How fast counts fall by themselves over a year of open-label treatment, 1/yr; other rows of that year are not tuned on.
fn open_label_course(table: &[Check]) -> Result<Fit, CheckError> {
    let knob = Knob {
        name: open_label::COURSE.to_owned(),
        start: -setting(open_label::COURSE)?,
        low: 0.01,
        high: 5.0,
    };
    let mut fit = solve(table, &[knob], &|fall| open_label::under(-fall[0]))?;
    for number in &mut fit.numbers {
        (number.shipped, number.fitted) = (-number.shipped, -number.fitted);
        number.bound = number.bound.map(|b| -b);
    }
    Ok(fit)
}

/// Fits one drug, or the scale of care with emollient, to its rows.
///
/// # Errors
/// A name that cannot be fitted; a virtual trial that fails.
pub fn fit(name: &str) -> Result<Fit, CheckError> {
    let table = checks()?;
    if let Some((id, parts)) = ACNE.iter().find(|(id, _)| *id == name) {
        return acne_drug(&table, id, parts);
    }
    if ECZEMA.contains(&name) {
        return eczema_drug(&table, name);
    }
    if name == "ad.care_emollient" {
        let knob = Knob {
            name: name.to_owned(),
            start: setting(name)?,
            low: 0.01,
            high: 20.0,
        };
        return solve(&table, &[knob], &|values| {
            Ok(vec![("ad-17a", eczema::emollient_change(values[0])?)])
        });
    }
    if name == open_label::COURSE {
        return open_label_course(&table);
    }
    if fittable()?.iter().any(|n| n == name) {
        return psoriasis_drug(&table, name);
    }
    Err(CheckError::Unknown {
        what: "fit",
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_a_known_answer_and_names_a_bound() {
        let window = |id: &str, middle: f64| Check {
            low: Some(middle - 1.0),
            high: Some(middle + 1.0),
            id: id.to_owned(),
            tuned: true,
            ..checks().unwrap().swap_remove(0)
        };
        let table = [window("a", 6.0), window("b", 1.5)];
        let knob = |name: &str, high: f64| Knob {
            name: name.to_owned(),
            start: 1.0,
            low: 0.01,
            high,
        };
        let respond = |v: &[f64]| Ok(vec![("a", v[0] * v[1]), ("b", v[0] / v[1])]);
        let fit = solve(&table, &[knob("x", 50.0), knob("y", 50.0)], &respond).unwrap();
        assert!((fit.numbers[0].fitted - 3.0).abs() < 0.1, "{fit:?}");
        assert!((fit.numbers[1].fitted - 2.0).abs() < 0.1, "{fit:?}");
        let fit = solve(&table, &[knob("x", 50.0), knob("y", 1.2)], &respond).unwrap();
        assert_eq!(fit.numbers[1].bound, Some(1.2), "{fit:?}");
    }

    #[test]
    fn every_name_has_a_fit_and_others_are_refused() {
        assert!(fittable().unwrap().contains(&"etanercept".to_owned()));
        assert!(fit("aspirin").unwrap_err().to_string().contains("aspirin"));
    }
}
