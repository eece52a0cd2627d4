//! Vector work of a step: arguments, result and error, dense output, acceptance.

use super::Row;
use crate::lanes::vecmath::multiply_add;

/// argument = start + Σ_j factor_j · vector_j.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Combination<'a> {
    pub states: usize,
    pub destination: usize,
    pub start: usize,
    /// First row of the first vector; the others follow.
    pub vectors: usize,
    /// (which vector, factor)
    pub factors: &'a [(usize, f64)],
}

/// Where a stage finds its vectors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StageRows {
    pub states: usize,
    pub stages: usize,
    pub time_derivative: Option<usize>,
}

/// What judging a step needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finish<'a> {
    pub states: usize,
    pub state: usize,
    pub argument: usize,
    pub result: usize,
    /// Increment of the last stage: the estimated error.
    pub error: usize,
    pub relative: f64,
    pub absolute: &'a [f64],
    pub non_negative: &'a [usize],
}

/// How a step went, lane by lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome<const N: usize> {
    /// Sum of squares of the weighted error; NaN where a number was not finite.
    pub error: Row<N>,
    /// Least distance of a non-negative state from its lower bound.
    pub margin: Row<N>,
}

/// Rows of the dense output.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DenseRows<'a> {
    pub total: usize,
    pub states: &'a [u16],
    pub state: usize,
    pub result: usize,
    pub stages: usize,
    pub dense: usize,
    pub argument: usize,
    pub weights: &'a [[f64; crate::scalar::MAXIMUM_STAGES]],
}

/// Rows that acceptance moves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AcceptRows {
    pub states: usize,
    pub previous: usize,
    pub state: usize,
    pub result: usize,
}

#[inline(always)]
pub(super) fn argument<const N: usize, const FMA: bool>(
    rows: &mut [Row<N>],
    what: &Combination<'_>,
) {
    for i in 0..what.states {
        let mut sum = rows[what.start + i].0;
        for &(vector, factor) in what.factors {
            let increment = &rows[what.vectors + vector * what.states + i].0;
            for lane in 0..N {
                sum[lane] = multiply_add::<FMA>(factor, increment[lane], sum[lane]);
            }
        }
        rows[what.destination + i].0 = sum;
    }
}

#[inline(always)]
pub(super) fn finish<const N: usize, const FMA: bool>(
    rows: &mut [Row<N>],
    what: &Finish<'_>,
) -> Outcome<N> {
    let mut squares = [0.0; N];
    let mut finite = [0.0; N];
    for (i, &absolute) in what.absolute.iter().enumerate().take(what.states) {
        let (state, argument) = (rows[what.state + i].0, rows[what.argument + i].0);
        let error = rows[what.error + i].0;
        let mut result = [0.0; N];
        for lane in 0..N {
            result[lane] = argument[lane] + error[lane];
            let (before, after) = (state[lane].abs(), result[lane].abs());
            let size = if after > before { after } else { before };
            let scaled = error[lane] / multiply_add::<FMA>(what.relative, size, absolute);
            squares[lane] = multiply_add::<FMA>(scaled, scaled, squares[lane]);
            // Zero for finite numbers, NaN for others.
            finite[lane] += result[lane] * 0.0;
        }
        rows[what.result + i].0 = result;
    }
    let mut margin = [f64::INFINITY; N];
    for &i in what.non_negative {
        let result = &rows[what.result + i].0;
        for lane in 0..N {
            let distance = result[lane] + what.absolute[i];
            margin[lane] = if distance < margin[lane] {
                distance
            } else {
                margin[lane]
            };
        }
    }
    for lane in 0..N {
        squares[lane] += finite[lane];
    }
    Outcome {
        error: Row(squares),
        margin: Row(margin),
    }
}

#[inline(always)]
pub(super) fn size<const N: usize, const FMA: bool>(rows: &[Row<N>], what: &Finish<'_>) -> Row<N> {
    let mut squares = [0.0; N];
    for (i, &absolute) in what.absolute.iter().enumerate().take(what.states) {
        let (state, error) = (&rows[what.state + i].0, &rows[what.error + i].0);
        for lane in 0..N {
            let bound = multiply_add::<FMA>(what.relative, state[lane].abs(), absolute);
            let scaled = error[lane] / bound;
            squares[lane] = multiply_add::<FMA>(scaled, scaled, squares[lane]);
        }
    }
    Row(squares)
}

#[inline(always)]
pub(super) fn dense<const N: usize, const FMA: bool>(rows: &mut [Row<N>], what: &DenseRows<'_>) {
    for &state in what.states {
        let state = usize::from(state);
        for (k, weights) in what.weights.iter().enumerate() {
            let mut sum = [0.0; N];
            for (stage, &weight) in weights.iter().enumerate() {
                if weight != 0.0 {
                    let increment = &rows[what.stages + stage * what.total + state].0;
                    for lane in 0..N {
                        sum[lane] = multiply_add::<FMA>(weight, increment[lane], sum[lane]);
                    }
                }
            }
            rows[what.dense + k * what.total + state].0 = sum;
        }
    }
}

#[inline(always)]
pub(super) fn interpolate<const N: usize, const FMA: bool>(
    rows: &mut [Row<N>],
    what: &DenseRows<'_>,
    theta: &Row<N>,
) {
    let rest = theta.0.map(|fraction| 1.0 - fraction);
    for &state in what.states {
        let state = usize::from(state);
        let mut polynomial = [0.0; N];
        for k in (0..what.weights.len()).rev() {
            let row = &rows[what.dense + k * what.total + state].0;
            for lane in 0..N {
                polynomial[lane] = multiply_add::<FMA>(polynomial[lane], theta.0[lane], row[lane]);
            }
        }
        let (start, end) = (rows[what.state + state].0, rows[what.result + state].0);
        let mut value = [0.0; N];
        for lane in 0..N {
            let inner = multiply_add::<FMA>(rest[lane], polynomial[lane], end[lane]);
            value[lane] = multiply_add::<FMA>(theta.0[lane], inner, rest[lane] * start[lane]);
        }
        rows[what.argument + state].0 = value;
    }
}

#[inline(always)]
pub(super) fn accept<const N: usize>(rows: &mut [Row<N>], what: &AcceptRows, lanes: &[bool; N]) {
    for i in 0..what.states {
        let (state, result) = (rows[what.state + i].0, rows[what.result + i].0);
        let mut previous = rows[what.previous + i].0;
        let mut next = state;
        for lane in 0..N {
            previous[lane] = if lanes[lane] {
                state[lane]
            } else {
                previous[lane]
            };
            next[lane] = if lanes[lane] {
                result[lane]
            } else {
                next[lane]
            };
        }
        rows[what.previous + i].0 = previous;
        rows[what.state + i].0 = next;
    }
}
