//! Problems with known steady states.

use gutskin_engine::States;

use super::{Model, Number};

fn positive(typical: Vec<f64>) -> States {
    let flags = vec![true; typical.len()];
    States::new(typical)
        .unwrap()
        .with_non_negative(flags)
        .unwrap()
}

/// Two genes that repress each other, x' = a/(1 + y²) − x and the same for y: two stable states and
/// a saddle on the diagonal for a > 2. For a = 3 the stable pair is (3 ± √5)/2.
pub struct ToggleSwitch {
    /// Initial amounts.
    pub initial: [f64; 2],
}

impl Model for ToggleSwitch {
    fn name(&self) -> String {
        "toggle_switch".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let [x, y] = [y[0].clone(), y[1].clone()];
        let made = |by: &N| (by.clone() * by.clone() + 1.0) / 3.0;
        let one = |z: &N| z.clone() / z.clone();
        vec![
            one(&made(&y)) / made(&y) - x.clone(),
            one(&made(&x)) / made(&x) - y,
        ]
    }

    fn initial(&self) -> Vec<f64> {
        self.initial.to_vec()
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 100.0)
    }

    fn states(&self) -> States {
        positive(vec![1.0, 1.0])
    }
}

/// A closed enzyme reaction E + S ⇌ C ⇌ E + P, states E, S, C, P: enzyme and substrate are
/// conserved, and at rest E·S = 0.1 C and E·P = 2 C.
pub struct Enzyme {
    /// Whether the invariants are declared.
    pub declared: bool,
}

impl Model for Enzyme {
    fn name(&self) -> String {
        "enzyme".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let y = |i: usize| y[i].clone();
        let binding = y(0) * y(1) * 1000.0 - y(2) * 100.0;
        let release = y(2) * 10.0 - y(0) * y(3) * 5.0;
        vec![
            release.clone() - binding.clone(),
            -binding.clone(),
            binding - release.clone(),
            release,
        ]
    }

    fn initial(&self) -> Vec<f64> {
        vec![0.1, 2.0, 0.0, 0.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 100.0)
    }

    fn states(&self) -> States {
        let states = positive(vec![0.1, 1.0, 0.1, 1.0]);
        if !self.declared {
            return states;
        }
        let enzyme = vec![(0, 1.0), (2, 1.0)];
        let substrate = vec![(1, 1.0), (2, 1.0), (3, 1.0)];
        states.with_invariants(vec![enzyme, substrate]).unwrap()
    }
}

/// A resident with logistic growth, and an invader in two places linked by flow that would grow if
/// it were there: r' = r (1 − r), i' = 0.5 i − 0.1 i + …, both places starting at zero.
pub struct Invasion {
    /// Invader at the start.
    pub invader: f64,
}

impl Model for Invasion {
    fn name(&self) -> String {
        "invasion".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let [resident, first, second] = [y[0].clone(), y[1].clone(), y[2].clone()];
        let crowding = resident.clone() + first.clone() * 0.5 + second.clone() * 0.5;
        vec![
            resident * (-crowding.clone() + 1.0),
            first.clone() * (-crowding.clone() + 1.3) - first.clone() * 0.1,
            first * 0.1 + second * (-crowding + 1.1),
        ]
    }

    fn initial(&self) -> Vec<f64> {
        vec![0.2, self.invader, self.invader]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 1000.0)
    }

    fn states(&self) -> States {
        positive(vec![1.0; 3])
    }
}

/// The Brusselator with A = 1 and B = 3: its only steady state (1, 3) is unstable, real part of the
/// eigenvalues 1/2.
pub struct Brusselator;

impl Model for Brusselator {
    fn name(&self) -> String {
        "brusselator".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let [x, y] = [y[0].clone(), y[1].clone()];
        let made = x.clone() * x.clone() * y;
        vec![made.clone() - x.clone() * 4.0 + 1.0, x * 3.0 - made]
    }

    fn initial(&self) -> Vec<f64> {
        vec![1.0, 3.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 50.0)
    }

    fn states(&self) -> States {
        positive(vec![1.0, 1.0])
    }
}

/// y' = 1: no steady state.
pub struct Growth;

impl Model for Growth {
    fn name(&self) -> String {
        "growth".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        vec![y[0].clone() * 0.0 + 1.0]
    }

    fn initial(&self) -> Vec<f64> {
        vec![0.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 1.0)
    }

    fn states(&self) -> States {
        States::new(vec![1.0]).unwrap()
    }
}
