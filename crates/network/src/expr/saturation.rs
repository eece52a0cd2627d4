//! Saturating quotients of powers, xⁿ/(Kⁿ + xⁿ) and 1/(1 + xⁿ), in a form that does not overflow.
//!
//! As such terms are usually written, both sides of the quotient become infinite where x is far above K, although the
//! quotient is just 1 (or 0) there. A model keeps the form its author gave it; programs are made from this one.

use super::{Binary, ExprId, Node, Pool, Relation};

/// A power above this is as good as infinite, and the quotient just 0 or what its rising part tends to.
const SATURATED: f64 = 1e300;
/// Larger numbers beside a power are no small part of it where it saturates.
const BESIDE: f64 = 1e100;

/// Every expression of a pool in its safe form.
#[derive(Debug)]
pub struct Saturating {
    safe: Vec<ExprId>,
}

impl Saturating {
    /// Adds the safe forms of all expressions to the pool. Powers with literal exponents stay as they are: nobody's
    /// parameters can make them overflow before the base is beyond all measure.
    pub fn new(pool: &mut Pool) -> Self {
        let moving = moving(pool);
        let mut safe = Vec::with_capacity(moving.len());
        for index in 0..moving.len() {
            let old = ExprId(u32::try_from(index).unwrap_or(u32::MAX));
            let node = pool.node(old);
            let quotient = match node {
                Node::Binary(Binary::Div, above, below) => {
                    Quotient::find(pool, &moving, above, below)
                }
                _ => None,
            };
            let new = match quotient {
                Some(quotient) => quotient.write(pool, &safe),
                None => renewed(pool, old, node, &safe),
            };
            safe.push(new);
        }
        Self { safe }
    }

    /// The safe form of an expression that was in the pool.
    pub fn of(&self, id: ExprId) -> ExprId {
        self.safe.get(id.index()).copied().unwrap_or(id)
    }
}

/// Which expressions change along a run of one patient.
fn moving(pool: &Pool) -> Vec<bool> {
    let mut moving: Vec<bool> = Vec::with_capacity(pool.len());
    for node in pool.nodes() {
        let moves = match node {
            Node::State(_) | Node::Time | Node::Input(_) => true,
            _ => node.operands().any(|operand| moving[operand.index()]),
        };
        moving.push(moves);
    }
    moving
}

/// The node over the safe forms of its operands.
fn renewed(pool: &mut Pool, old: ExprId, node: Node, safe: &[ExprId]) -> ExprId {
    let of = |id: ExprId| safe[id.index()];
    if node.operands().all(|operand| of(operand) == operand) {
        return old;
    }
    match node {
        Node::Variable(i, definition) => pool.intern(Node::Variable(i, of(definition))),
        other => pool.over(other, of),
    }
}

/// A saturating quotient, taken apart: all ids are of the old forms.
struct Quotient {
    /// What stands before the term; 1 where nothing does.
    factor: Option<ExprId>,
    /// What the power is of, and what that is divided by before.
    base: ExprId,
    scale: Option<ExprId>,
    exponent: ExprId,
    /// The literal beside the power in the denominator.
    beside: f64,
    /// Whether the quotient rises with the power (the power stands above as well).
    rises: bool,
}

impl Quotient {
    fn find(pool: &Pool, moving: &[bool], above: ExprId, below: ExprId) -> Option<Self> {
        let Node::Binary(Binary::Add, left, right) = pool.node(written_out(pool, below)) else {
            return None;
        };
        // Of two powers of the same exponent the one that moves is measured in units of the other. Where both move neither
        // can be a unit: at 0 it would lose its own slope.
        let moves = |id: ExprId| power(pool, id).is_some_and(|p| moving[p.0.index()]);
        if moves(left) && moves(right) {
            return None;
        }
        let (beside, risen) = if moves(left) && !moves(right) {
            (right, left)
        } else {
            (left, right)
        };
        let (base, exponent) = power(pool, risen)?;
        let over = |id| factor_of(pool, above, written_out(pool, id));
        // what moves above a falling quotient may grow with the power: basal and induced, (b + v·xⁿ)/(1 + xⁿ)
        let stays = |factor: Option<ExprId>| factor.is_none_or(|f| !moving[f.index()]);
        if let Some((scale, other)) = power(pool, beside) {
            if written_out(pool, other) != written_out(pool, exponent) {
                return None;
            }
            let (rises, factor) = match (over(risen), over(beside)) {
                (Some(factor), _) => (true, factor),
                (None, Some(factor)) if stays(factor) => (false, factor),
                _ => return None,
            };
            let (scale, beside) = (Some(scale), 1.0);
            return Some(Self {
                factor,
                base,
                scale,
                exponent,
                beside,
                rises,
            });
        }
        let beside = pool
            .as_constant(written_out(pool, beside))
            .filter(|beside| beside.abs() <= BESIDE)?;
        let (rises, factor) = match over(risen) {
            Some(factor) => (true, factor),
            None if stays(Some(above)) => (false, Some(above)),
            None => return None,
        };
        Some(Self {
            factor,
            base,
            scale: None,
            exponent,
            beside,
            rises,
        })
    }

    fn write(&self, pool: &mut Pool, safe: &[ExprId]) -> ExprId {
        let of = |id: ExprId| safe[id.index()];
        let one = pool.constant(1.0);
        let mut base = of(self.base);
        if let Some(scale) = self.scale {
            // The reciprocal is that of a parameter, mostly, and then taken once for a patient.
            let unit = pool.binary(Binary::Div, one, of(scale));
            base = pool.binary(Binary::Mul, base, unit);
        }
        let power = pool.binary(Binary::Pow, base, of(self.exponent));
        let limit = pool.constant(SATURATED);
        let beside = pool.constant(self.beside);
        let below = pool.binary(Binary::Add, beside, power);
        let factor = self.factor.map(of);
        // What cannot be compared stays undefined: the quotient is taken then.
        if self.rises {
            let term = pool.binary(Binary::Div, power, below);
            let term = pool.select(Relation::Less, limit, power, one, term);
            return factor.map_or(term, |factor| pool.binary(Binary::Mul, factor, term));
        }
        let zero = pool.constant(0.0);
        let term = pool.binary(Binary::Div, factor.unwrap_or(one), below);
        pool.select(Relation::Less, limit, power, zero, term)
    }
}

/// What a named value stands for.
pub(super) fn written_out(pool: &Pool, mut id: ExprId) -> ExprId {
    while let Node::Variable(_, definition) = pool.node(id) {
        id = definition;
    }
    id
}

/// Base and exponent of a power whose exponent is no literal.
fn power(pool: &Pool, id: ExprId) -> Option<(ExprId, ExprId)> {
    match pool.node(written_out(pool, id)) {
        Node::Binary(Binary::Pow, base, exponent)
            if pool.as_constant(written_out(pool, exponent)).is_none() =>
        {
            Some((base, exponent))
        }
        _ => None,
    }
}

/// x where `product` is `factor`·x; within it, nothing where it is `factor` itself.
fn factor_of(pool: &Pool, product: ExprId, factor: ExprId) -> Option<Option<ExprId>> {
    let product = written_out(pool, product);
    if product == factor {
        return Some(None);
    }
    match pool.node(product) {
        Node::Binary(Binary::Mul, a, b) if written_out(pool, a) == factor => Some(Some(b)),
        Node::Binary(Binary::Mul, a, b) if written_out(pool, b) == factor => Some(Some(a)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Differentiator, Values};
    use super::*;
    use proptest::prelude::*;

    /// (0.1 + 3·x^n)/(1 + x^n), x/(1 + x^n) and x·K^n/(K^n + x^n): what stands above moves.
    #[test]
    fn numerators_that_move_stay_as_written() {
        let mut pool = Pool::new();
        let (x, n) = (pool.intern(Node::State(0)), pool.intern(Node::Parameter(0)));
        let [one, three, basal] = [1.0, 3.0, 0.1].map(|v| pool.constant(v));
        let power = pool.binary(Binary::Pow, x, n);
        let below = pool.binary(Binary::Add, one, power);
        let induced = pool.binary(Binary::Mul, three, power);
        let above = pool.binary(Binary::Add, basal, induced);
        let half = pool.intern(Node::Parameter(1));
        let half = pool.binary(Binary::Pow, half, n);
        let beside = pool.binary(Binary::Add, half, power);
        let inhibited = pool.binary(Binary::Mul, x, half);
        for (above, below) in [(above, below), (x, below), (inhibited, beside)] {
            let quotient = pool.binary(Binary::Div, above, below);
            assert_eq!(Saturating::new(&mut pool).of(quotient), quotient);
        }
    }

    /// x^n/(K^n + x^n), K^n/(K^n + x^n), 3·x^n/(x^n + K^n), 1/(1 + (x/K)^n), 2/((x/K)^n + 1), (x/K)^n/(1 + (x/K)^n); x is a state.
    fn forms(pool: &mut Pool) -> (ExprId, Vec<ExprId>) {
        let x = pool.intern(Node::State(0));
        let (k, n) = (
            pool.intern(Node::Parameter(0)),
            pool.intern(Node::Parameter(1)),
        );
        let [one, two, three] = [1.0, 2.0, 3.0].map(|v| pool.constant(v));
        let (xn, kn) = (
            pool.binary(Binary::Pow, x, n),
            pool.binary(Binary::Pow, k, n),
        );
        let sum = pool.binary(Binary::Add, kn, xn);
        let named = pool.intern(Node::Variable(0, sum));
        let ratio = pool.binary(Binary::Div, x, k);
        let rn = pool.binary(Binary::Pow, ratio, n);
        let up = pool.binary(Binary::Add, one, rn);
        let tripled = pool.binary(Binary::Mul, three, xn);
        let pairs = [
            (xn, sum),
            (kn, named),
            (tripled, sum),
            (one, up),
            (two, up),
            (rn, up),
        ];
        let quotients = pairs
            .iter()
            .map(|&(a, b)| pool.binary(Binary::Div, a, b))
            .collect();
        (x, quotients)
    }

    /// The limits of the forms above for x far beyond K, and for x = 0.
    const FAR: [f64; 6] = [1.0, 0.0, 3.0, 0.0, 0.0, 1.0];
    const NONE: [f64; 6] = [0.0, 1.0, 0.0, 1.0, 2.0, 0.0];

    fn values(pool: &Pool, ids: &[ExprId], x: f64, k: f64, n: f64) -> Vec<f64> {
        let values = Values {
            parameters: vec![k, n],
            states: vec![x],
            ..Values::default()
        };
        pool.evaluate(ids, &values)
    }

    fn safe_with_slopes() -> (Pool, Vec<ExprId>, Vec<ExprId>, Vec<ExprId>) {
        let mut pool = Pool::new();
        let (x, written) = forms(&mut pool);
        let saturating = Saturating::new(&mut pool);
        let safe: Vec<ExprId> = written.iter().map(|&id| saturating.of(id)).collect();
        let found = Differentiator::new(&mut pool, &safe).derivatives(&mut pool, x);
        let slopes = safe.iter().map(|id| found[id]).collect();
        (pool, written, safe, slopes)
    }

    #[test]
    fn far_beyond_the_half_nothing_overflows() {
        let (pool, written, safe, slopes) = safe_with_slopes();
        for (x, k, n, expected) in [
            (1e40, 1e-3, 40.0, FAR),
            (1e300, 1.0, 4.0, FAR),
            (0.0, 1e30, 30.0, NONE),
        ] {
            let found = values(&pool, &safe, x, k, n);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-100, "{found} for {expected}");
            }
            let slopes = values(&pool, &slopes, x, k, n);
            assert!(
                slopes.iter().all(|slope| slope.abs() < 1e-100),
                "{slopes:?}"
            );
        }
        let overflown = values(&pool, &written, 1e40, 1e-3, 40.0);
        assert!(overflown[0].is_nan(), "as written it overflows");
    }

    #[test]
    fn literal_exponents_and_other_sums_stay() {
        let mut pool = Pool::new();
        let (x, k) = (pool.intern(Node::State(0)), pool.intern(Node::Parameter(0)));
        let n = pool.intern(Node::Parameter(1));
        let two = pool.constant(2.0);
        let square = pool.binary(Binary::Pow, x, two);
        let sum = pool.binary(Binary::Add, k, square);
        let literal = pool.binary(Binary::Div, square, sum);
        let risen = pool.binary(Binary::Pow, x, n);
        let sum = pool.binary(Binary::Add, k, risen);
        let bare = pool.binary(Binary::Div, risen, sum);
        let saturating = Saturating::new(&mut pool);
        assert_eq!(saturating.of(literal), literal);
        assert_eq!(saturating.of(bare), bare);
    }

    #[test]
    fn two_powers_that_move_stay_and_none_is_lost_at_nothing() {
        let mut pool = Pool::new();
        let (x, y) = (pool.intern(Node::State(0)), pool.intern(Node::State(1)));
        let n = pool.intern(Node::Parameter(0));
        let (xn, yn) = (
            pool.binary(Binary::Pow, x, n),
            pool.binary(Binary::Pow, y, n),
        );
        let sum = pool.binary(Binary::Add, xn, yn);
        let shared = pool.binary(Binary::Div, yn, sum);
        assert_eq!(Saturating::new(&mut pool).of(shared), shared);
        // K = 0: nothing is left of K^n/(K^n + x^n), exactly
        let (pool, _, safe, _) = safe_with_slopes();
        assert_eq!(values(&pool, &safe, 2.0, 0.0, 3.0)[1], 0.0);
        assert_eq!(values(&pool, &safe, 1e40, 1e-3, 40.0)[3], 0.0);
    }

    proptest! {
        #[test]
        fn the_values_are_those_as_written(x in -6.0..6.0f64, k in -3.0..3.0f64, n in 0.3..12.0f64) {
            let (pool, written, safe, _) = safe_with_slopes();
            let (x, k) = (10f64.powf(x), 10f64.powf(k));
            let (as_written, safe) = (values(&pool, &written, x, k, n), values(&pool, &safe, x, k, n));
            for (a, b) in as_written.iter().zip(&safe) {
                prop_assert!((a - b).abs() <= 1e-12 * a.abs() + 1e-150, "{a} and {b}");
            }
        }
    }
}
