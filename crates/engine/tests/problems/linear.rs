//! Problems with a closed solution.

use gutskin_engine::States;

use super::{Model, Number};

/// The forced problem of Prothero and Robinson (1974), y' = −λ (y − φ(t)) + φ'(t) with φ = sin t + 2:
/// exact solution φ, for any stiffness λ. Many methods lose order on it.
pub struct ProtheroRobinson {
    /// Decay rate λ towards φ.
    pub stiffness: f64,
}

impl Model for ProtheroRobinson {
    fn name(&self) -> String {
        format!("prothero_robinson_{:e}", self.stiffness)
    }

    fn rhs<N: Number>(&self, t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        vec![-(y[0].clone() - t.sine() - 2.0) * self.stiffness + t.cosine()]
    }

    fn initial(&self) -> Vec<f64> {
        vec![2.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 10.0)
    }

    fn states(&self) -> States {
        States::new(vec![1.0]).unwrap()
    }

    fn exact(&self, t: f64) -> Option<Vec<f64>> {
        Some(vec![t.sin() + 2.0])
    }
}

/// A smooth nonlinear forced problem, y0' = −2 y0 y1, y1' = y0² − y1² + … with solution
/// (cos t + 2, sin t + 2) by construction: every elementary differential up to order 5 counts.
pub struct Smooth;

impl Model for Smooth {
    fn name(&self) -> String {
        "smooth".into()
    }

    fn rhs<N: Number>(&self, t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let (cosine, sine) = (t.cosine() + 2.0, t.sine() + 2.0);
        let product = |a: &N, b: &N| a.clone() * a.clone() * b.clone();
        vec![
            -(y[0].clone() * y[1].clone()) + cosine.clone() * sine.clone() - t.sine(),
            product(&y[0], &y[1]) - product(&cosine, &sine) - y[1].clone() * 8.0
                + sine.clone() * 8.0
                + t.cosine(),
        ]
    }

    fn initial(&self) -> Vec<f64> {
        vec![3.0, 2.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 2.0)
    }

    fn states(&self) -> States {
        States::new(vec![1.0, 1.0]).unwrap()
    }

    fn exact(&self, t: f64) -> Option<Vec<f64>> {
        Some(vec![t.cos() + 2.0, t.sin() + 2.0])
    }
}

/// One compartment with inflow u and decay rate k: y' = u − k y, piecewise exponential under
/// switching inflow.
pub struct Compartment {
    /// Decay rate.
    pub rate: f64,
}

impl Model for Compartment {
    fn name(&self) -> String {
        "compartment".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], inputs: &[N]) -> Vec<N> {
        vec![inputs[0].clone() - y[0].clone() * self.rate]
    }

    fn initial(&self) -> Vec<f64> {
        vec![1.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 10.0)
    }

    fn states(&self) -> States {
        States::new(vec![1.0])
            .unwrap()
            .with_non_negative(vec![true])
            .unwrap()
    }

    fn inputs(&self) -> Vec<f64> {
        vec![0.0]
    }
}
