//! Declared linear invariants, kept against rounding.
//!
//! A Rosenbrock method keeps linear invariants by itself, but rounding in its linear systems does
//! not: a step of length h across a process of rate λ loses some ε h λ of them, and over many
//! decades of time that adds up. After each step the state is moved back onto the invariants it
//! started with.

use crate::States;

/// Drift, relative to the sum of its terms, up to which it can be rounding in any step.
const SMALLEST_ALLOWANCE: f64 = 1e-7;
/// Rounding of the slopes of a step in units of the fastest rate, amplified by the coefficients of
/// the method: up to some hundreds, stage upon stage; found up to 3e5 in random systems.
const SLOPE_ROUNDING: f64 = 1e7 * f64::EPSILON;
/// Largest number of sweeps over the invariants: one where they share no state.
const SWEEPS: usize = 40;

/// The invariants and the values they have to keep.
#[derive(Debug, Clone)]
pub(crate) struct Invariants {
    terms: Vec<Vec<(u32, f64)>>,
    totals: Vec<f64>,
}

impl Invariants {
    /// The declared invariants, at the values they have in `state`.
    pub(crate) fn new(states: &States, state: &[f64]) -> Self {
        let mut invariants = Self {
            terms: states.invariants().to_vec(),
            totals: vec![0.0; states.invariants().len()],
        };
        invariants.restart(state);
        invariants
    }

    /// Takes the values of `state` as those to keep, as after a jump.
    pub(crate) fn restart(&mut self, state: &[f64]) {
        for (total, terms) in self.totals.iter_mut().zip(&self.terms) {
            *total = sum(terms, state);
        }
    }

    /// Whether none is declared.
    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Moves a state back onto the invariants, each entry in proportion to its size, so that a zero
    /// stays a zero. `stiffness` is the length of the step times the fastest rate: the slope is
    /// rounded at the fastest rate, and the step carries that along.
    ///
    /// # Errors
    /// The index of an invariant that is off by more than rounding explains.
    pub(crate) fn project(&self, state: &mut [f64], stiffness: f64) -> Result<(), usize> {
        let allowance = SMALLEST_ALLOWANCE.max(SLOPE_ROUNDING * stiffness);
        for sweep in 0..SWEEPS {
            let mut exact = true;
            for (index, (terms, total)) in self.terms.iter().zip(&self.totals).enumerate() {
                let missing = total - sum(terms, state);
                let (mut size, mut squares) = (0.0, 0.0);
                for &(i, weight) in terms {
                    let term = weight * state[i as usize];
                    size += term.abs();
                    squares += term * term;
                }
                if missing.abs() <= 4.0 * f64::EPSILON * size {
                    continue;
                }
                exact = false;
                if sweep == 0 && missing.abs() > allowance * (size + total.abs()) {
                    return Err(index);
                }
                if squares.is_normal() {
                    for &(i, weight) in terms {
                        let value = state[i as usize];
                        state[i as usize] += weight * value * value / squares * missing;
                    }
                }
            }
            if exact {
                break;
            }
        }
        Ok(())
    }
}

fn sum(terms: &[(u32, f64)], state: &[f64]) -> f64 {
    terms
        .iter()
        .map(|&(i, weight)| weight * state[i as usize])
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invariants(terms: Vec<Vec<(u32, f64)>>, state: &[f64]) -> Invariants {
        let states = States::new(vec![1.0; state.len()])
            .unwrap()
            .with_invariants(terms)
            .unwrap();
        Invariants::new(&states, state)
    }

    #[test]
    fn drift_of_rounding_is_taken_back() {
        let start = [1.0, 2e-9, 0.0, 5.0];
        let kept = invariants(
            vec![
                vec![(0, 1.0), (1, 1.0), (2, 1.0)],
                vec![(0, 2.0), (3, -1.0)],
            ],
            &start,
        );
        let mut state = [1.0 + 1e-9, 2e-9, 0.0, 5.0 - 3e-9];
        kept.project(&mut state, 1.0).unwrap();
        assert!((state[0] + state[1] + state[2] - (1.0 + 2e-9)).abs() < 1e-14);
        assert!((2.0 * state[0] - state[3] + 3.0).abs() < 1e-14);
        assert_eq!(state[2], 0.0);
    }

    #[test]
    fn what_is_not_conserved_is_told() {
        let kept = invariants(vec![vec![(0, 1.0)], vec![(1, 1.0)]], &[1.0, 1.0]);
        assert_eq!(kept.project(&mut [1.0, 1.001], 1.0), Err(1));
    }

    #[test]
    fn zeros_stay_zero() {
        let kept = invariants(vec![vec![(0, 1.0), (1, -1.0)]], &[0.0, 0.0]);
        let mut state = [0.0, 0.0];
        assert_eq!(kept.project(&mut state, 1.0), Ok(()));
        assert_eq!(state, [0.0, 0.0]);
    }
}
