//! The fit of the daily mode's surface of cortisol and CRH to the within-day equations. Run by hand:
//! `cargo test --workspace --profile quick --lib -- --ignored the_surface_fitted --nocapture` prints the rows for
//! `parameters/GutskinBody2026.toml`.
//!
//! Gland masses are held by setting their turnover to zero; a constant drive stands for the acute load; means are those of
//! the last of five days.

use super::bench::{MINUTE, mean, times, within_day};
use crate::checks::Lab;
use crate::checks::lab::setting;
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

const AXES: [&str; 5] = ["chronic", "load", "pituitary", "adrenal", "steroid"];
const OF: [(&str, &str); 2] = [("crh", "hpa.crh_mean"), ("cortisol", "hpa.acth_mean")];
const DAYS: f64 = 5.0;

/// Chronic drive, acute load over the clock's mean, gland masses, steroid.
type Point = [f64; 5];

/// Every combination of low, middle and high.
fn design() -> Vec<Point> {
    const CHRONIC: [f64; 3] = [0.0, 0.25, 0.5];
    const LOAD: [f64; 3] = [0.0, 0.15, 0.4];
    const MASS: [f64; 3] = [0.7, 1.0, 1.4];
    const STEROID: [f64; 3] = [0.0, 1.0, 3.0];
    let mut all = Vec::new();
    for chronic in CHRONIC {
        for load in LOAD {
            for pituitary in MASS {
                for adrenal in MASS {
                    for steroid in STEROID {
                        all.push([chronic, load, pituitary, adrenal, steroid]);
                    }
                }
            }
        }
    }
    all
}

/// The body with its clock, glands held, deaf to cytokines, under stress that gives `chronic_slope` as chronic drive.
fn held() -> Lab {
    let mut lab = within_day().unwrap();
    lab.set_switch("link.cytokines_to_hpa", false).unwrap();
    for gland in ["pituitary", "adrenal"] {
        lab.set_parameter(&format!("hpa.{gland}_turnover"), 0.0)
            .unwrap();
    }
    lab
}

/// ln of the daily means of CRH and cortisol over those of the reference.
fn means(lab: &mut Lab, [chronic, load, pituitary, adrenal, steroid]: Point) -> [f64; 2] {
    let parameter = |lab: &Lab, name: &str| lab.parameter(name).unwrap();
    // The score at which perceived stress is 1, and what its rounded corner leaves of it.
    let score =
        parameter(lab, "hpa.stress_score_reference") + parameter(lab, "hpa.stress_score_width");
    let corner = parameter(lab, "smoothing.width");
    let level = f64::midpoint(1.0, 1.0_f64.hypot(corner)) - 0.5 * corner;
    lab.set_input("input.stress_score", score).unwrap();
    lab.set_parameter("hpa.chronic_slope", chronic / level)
        .unwrap();
    let drive = load * parameter(lab, "hpa.clock_mean") / parameter(lab, "hpa.stress_gain");
    lab.set_input("input.acute_stress", drive).unwrap();
    lab.set_input("input.steroid", steroid).unwrap();
    lab.begin();
    for (gland, mass) in [("pituitary", pituitary), ("adrenal", adrenal)] {
        let i = lab.state_index(&format!("hpa.{gland}_mass")).unwrap();
        lab.state[i] = mass;
    }
    let outputs = times(DAYS - 1.0, DAYS - 10.0 * MINUTE, 10.0 * MINUTE);
    let solution = lab.run(DAYS, &outputs, Vec::new()).unwrap();
    let (crh, cortisol) = (
        lab.state_index("hpa.crh").unwrap(),
        lab.state_index("hpa.cortisol_ln").unwrap(),
    );
    let rows = 0..solution.trajectory.len();
    let of = |i: usize| rows.clone().map(move |row| (row, i));
    let crh: Vec<f64> = of(crh)
        .map(|(row, i)| solution.trajectory.states(row)[i])
        .collect();
    let cortisol: Vec<f64> = of(cortisol)
        .map(|(row, i)| solution.trajectory.states(row)[i].exp())
        .collect();
    [
        (mean(&crh) / parameter(lab, OF[0].1)).ln(),
        (mean(&cortisol) / parameter(lab, OF[1].1)).ln(),
    ]
}

/// Names and values of the terms of the surface.
fn terms([chronic, load, pituitary, adrenal, steroid]: Point) -> Vec<(String, f64)> {
    let x = [
        (1.0 + chronic).ln(),
        (1.0 + load).ln(),
        pituitary.ln(),
        adrenal.ln(),
        steroid,
    ];
    let mut all = Vec::new();
    for (i, a) in AXES.iter().enumerate() {
        all.push(((*a).to_owned(), x[i]));
        for (j, b) in AXES.iter().enumerate().skip(i) {
            all.push((format!("{a}_{b}"), x[i] * x[j]));
        }
    }
    all
}

/// What the shipped surface gives, ln.
fn shipped(of: &str, point: Point) -> f64 {
    terms(point)
        .iter()
        .map(|(name, x)| x * setting(&format!("hpa.surface_{of}.{name}")).unwrap())
        .sum()
}

/// Largest of the errors, percent, over all points and over those without steroid.
fn largest(points: &[Point], errors: &[f64]) -> [f64; 2] {
    let percent = |error: &f64| 100.0 * error.abs();
    let pairs = || points.iter().zip(errors);
    let all = pairs().map(|(_, e)| percent(e)).fold(0.0, f64::max);
    let without = pairs()
        .filter(|(p, _)| p[4] == 0.0)
        .map(|(_, e)| percent(e))
        .fold(0.0, f64::max);
    [all, without]
}

/// Least squares; points without steroid weigh more, since nearly every run has none.
fn fitted(points: &[Point], values: &[f64]) -> Vec<f64> {
    const WEIGHT: f64 = 3.0;
    let weight = |p: &Point| if p[4] == 0.0 { WEIGHT } else { 1.0 };
    let rows: Vec<Vec<f64>> = points
        .iter()
        .map(|p| terms(*p).iter().map(|t| t.1 * weight(p)).collect())
        .collect();
    let design = Mat::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j]);
    let wanted = Mat::from_fn(rows.len(), 1, |i, _| values[i] * weight(&points[i]));
    let normal = design.transpose() * &design;
    let found = normal
        .llt(Side::Lower)
        .unwrap()
        .solve(design.transpose() * wanted);
    (0..rows[0].len()).map(|j| found[(j, 0)]).collect()
}

#[test]
fn the_surface_agrees_with_the_clock() {
    let mut lab = held();
    for point in [
        [0.0, 0.0, 1.0, 1.0, 0.0],
        [0.2, 0.05, 1.1, 0.9, 0.0],
        [0.5, 0.0, 0.8, 1.3, 0.0],
    ] {
        let truth = means(&mut lab, point);
        for ((of, _), truth) in OF.iter().zip(truth) {
            let error = shipped(of, point) - truth;
            assert!(error.abs() < 0.01, "{of} at {point:?}: {error}");
        }
    }
}

#[test]
#[ignore = "a fit of a minute, run when the stress axis changes"]
fn the_surface_fitted() {
    let mut lab = held();
    let points = design();
    let truth: Vec<[f64; 2]> = points.iter().map(|p| means(&mut lab, *p)).collect();
    for (k, (of, _)) in OF.iter().enumerate() {
        let values: Vec<f64> = truth.iter().map(|t| t[k]).collect();
        let found = fitted(&points, &values);
        let errors = |surface: &dyn Fn(Point) -> f64| -> Vec<f64> {
            let pairs = points.iter().zip(&values);
            pairs.map(|(p, v)| surface(*p) - v).collect()
        };
        let new = errors(&|p| terms(p).iter().zip(&found).map(|(t, c)| t.1 * c).sum());
        let old = errors(&|p| shipped(of, p));
        println!(
            "{of}: largest error, %, of all points and of those without steroid: fitted {:.2?}, shipped {:.2?}",
            largest(&points, &new),
            largest(&points, &old)
        );
        for ((name, _), value) in terms(points[0]).iter().zip(&found) {
            println!("hpa.surface_{of}.{name} = {value:.6}");
        }
        assert!(
            largest(&points, &old)[1] < 2.0,
            "the shipped surface of {of} no longer describes the clock"
        );
    }
}
