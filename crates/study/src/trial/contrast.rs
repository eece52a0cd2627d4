//! What is compared with what.

use crate::scenario::{Kind, Scenario};

/// What the interaction of two factors is compared with.
pub(super) const INTERACTION: &str = "the sum of both";

/// Arms on both sides of a comparison.
#[derive(Clone, Debug)]
pub(super) struct Contrast {
    pub name: String,
    pub against: String,
    /// Indices of arms.
    pub with: Vec<usize>,
    pub without: Vec<usize>,
}

impl Contrast {
    /// Items of each arm of the comparison with its weight in it.
    pub fn cells<'t, T>(&self, arms: &'t [Vec<T>]) -> Vec<(&'t [T], f64)> {
        let side = |which: &[usize], sign: f64| -> Vec<(&'t [T], f64)> {
            let weight = sign / which.len() as f64;
            let found = which.iter().filter_map(|&a| arms.get(a));
            found.map(|arm| (arm.as_slice(), weight)).collect()
        };
        [side(&self.without, -1.0), side(&self.with, 1.0)].concat()
    }

    /// Items of the arms of each side: those without first.
    pub fn sides<T: Clone>(&self, arms: &[Vec<T>]) -> (Vec<T>, Vec<T>) {
        let side = |which: &[usize]| -> Vec<T> {
            let found = which.iter().filter_map(|&a| arms.get(a));
            found.flatten().cloned().collect()
        };
        (side(&self.without), side(&self.with))
    }
}

/// Parallel: every arm against the first. Crossover: the second treatment against the first. Factorial: each factor
/// over both levels of the other, then half of their interaction.
pub(super) fn contrasts(scenario: &Scenario) -> Vec<Contrast> {
    let name = |arm: usize| {
        scenario
            .arms
            .get(arm)
            .map_or(String::new(), |a| a.name.clone())
    };
    match &scenario.design.kind {
        Kind::Parallel => (1..scenario.arms.len())
            .map(|arm| Contrast {
                name: name(arm),
                against: name(0),
                with: vec![arm],
                without: vec![0],
            })
            .collect(),
        Kind::Crossover { treatments, .. } => vec![Contrast {
            name: treatments[1].clone(),
            against: treatments[0].clone(),
            with: vec![1],
            without: vec![0],
        }],
        Kind::Factorial { factors } => factorial(scenario, factors),
    }
}

fn factorial(scenario: &Scenario, factors: &[String; 2]) -> Vec<Contrast> {
    let all = 0..scenario.arms.len();
    let has = |arm: usize, factor: &String| scenario.arms[arm].factors.contains(factor);
    let mut list: Vec<Contrast> = factors
        .iter()
        .map(|factor| Contrast {
            name: factor.clone(),
            against: format!("no {factor}"),
            with: all.clone().filter(|&a| has(a, factor)).collect(),
            without: all.clone().filter(|&a| !has(a, factor)).collect(),
        })
        .collect();
    let alike = |&arm: &usize| has(arm, &factors[0]) == has(arm, &factors[1]);
    list.push(Contrast {
        name: format!(
            "{} and {} together (half of the interaction)",
            factors[0], factors[1]
        ),
        against: INTERACTION.to_owned(),
        with: all.clone().filter(alike).collect(),
        without: all.filter(|a| !alike(a)).collect(),
    });
    list
}
