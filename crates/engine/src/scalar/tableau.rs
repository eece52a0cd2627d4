//! Coefficients of Rosenbrock methods.

use crate::Method;

/// Largest number of stages of the methods here.
pub const MAXIMUM_STAGES: usize = 8;

/// Coefficients of a Rosenbrock method in the form without matrix–vector products
/// (Hairer and Wanner 1996, *Solving ODEs II*, IV.7):
///
/// (I/(hγ) − J) u_i = f(t + α_i h, y + Σ_j a_ij u_j) + Σ_j (c_ij/h) u_j + γ_i h ∂f/∂t.
///
/// The methods here are stiffly accurate in the sense of RODAS: the argument of the last stage is
/// the embedded solution, the last u is the error estimate, and their sum is the new y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tableau {
    /// Number of stages.
    pub stages: usize,
    /// Order of the solution.
    pub order: usize,
    /// Order of the embedded solution.
    pub embedded_order: usize,
    /// Order of the dense output.
    pub dense_order: usize,
    /// γ.
    pub gamma: f64,
    /// a_ij, j < i.
    pub a: [[f64; MAXIMUM_STAGES]; MAXIMUM_STAGES],
    /// c_ij, j < i.
    pub c: [[f64; MAXIMUM_STAGES]; MAXIMUM_STAGES],
    /// α_i, the relative time of each stage.
    pub alpha: [f64; MAXIMUM_STAGES],
    /// γ_i, the weight of h ∂f/∂t in each stage.
    pub gamma_sums: [f64; MAXIMUM_STAGES],
    /// Rows H_k of the dense output
    /// y(t + θh) = (1−θ) y0 + θ (y1 + (1−θ) Σ_k θ^k Σ_j H_kj u_j), k = 0, 1, ….
    pub dense: &'static [[f64; MAXIMUM_STAGES]],
}

impl Method {
    /// The coefficients of the method.
    #[must_use]
    pub fn tableau(self) -> &'static Tableau {
        match self {
            Self::Rodas5P => &super::rodas5p::RODAS5P,
            Self::Rodas4 => &super::rodas4::RODAS4,
        }
    }
}
