//! Symbolic derivatives against dual numbers on random expressions.

#[path = "common/dual.rs"]
mod dual;

use dual::{Memo, dual};
use gutskin_network::expr::{
    Arena, Binary, Differentiator, ExprId, Function, Node, Pool, Relation, Unary, Values,
};
use num_dual::Dual64;
use proptest::prelude::*;

/// A recipe for an expression of two states, one parameter, the clock and one input.
#[derive(Clone, Debug)]
enum Recipe {
    Literal(f64),
    Symbol(u8),
    Unary(u8, Box<Recipe>),
    Binary(u8, Box<Recipe>, Box<Recipe>),
    Call(u8, Vec<Recipe>),
    Select(u8, Vec<Recipe>),
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let leaf = prop_oneof![
        (0.25..3.0f64).prop_map(Recipe::Literal),
        (0u8..5).prop_map(Recipe::Symbol)
    ];
    leaf.prop_recursive(5, 48, 5, |inner| {
        prop_oneof![
            (0u8..9, inner.clone()).prop_map(|(k, a)| Recipe::Unary(k, a.into())),
            (0u8..7, inner.clone(), inner.clone()).prop_map(|(k, a, b)| Recipe::Binary(
                k,
                a.into(),
                b.into()
            )),
            (0u8..9, prop::collection::vec(inner.clone(), 5)).prop_map(|(k, a)| Recipe::Call(k, a)),
            (0u8..3, prop::collection::vec(inner, 4)).prop_map(|(k, a)| Recipe::Select(k, a)),
        ]
    })
}

fn build(pool: &mut Pool, r: &Recipe) -> ExprId {
    match r {
        Recipe::Literal(v) => pool.constant(*v),
        Recipe::Symbol(k) => pool.intern(symbol(*k)),
        Recipe::Unary(k, a) => {
            let a = build(pool, a);
            pool.unary(UNARY[*k as usize], a)
        }
        Recipe::Binary(k, a, b) => {
            let (a, b) = (build(pool, a), build(pool, b));
            pool.binary(BINARY[*k as usize], a, b)
        }
        Recipe::Call(k, list) => {
            let f = Function::ALL[*k as usize];
            let ids: Vec<ExprId> = list
                .iter()
                .take(f.arity())
                .map(|a| build(pool, a))
                .collect();
            pool.call(f, &ids)
        }
        Recipe::Select(k, list) => {
            let ids: Vec<ExprId> = list.iter().map(|a| build(pool, a)).collect();
            pool.select(RELATION[*k as usize], ids[0], ids[1], ids[2], ids[3])
        }
    }
}

const UNARY: [Unary; 9] = [
    Unary::Neg,
    Unary::Exp,
    Unary::Ln,
    Unary::Sqrt,
    Unary::Tanh,
    Unary::Sin,
    Unary::Cos,
    Unary::Abs,
    Unary::Floor,
];
const BINARY: [Binary; 7] = [
    Binary::Add,
    Binary::Sub,
    Binary::Mul,
    Binary::Div,
    Binary::Pow,
    Binary::Min,
    Binary::Max,
];
const RELATION: [Relation; 3] = [Relation::Less, Relation::LessEqual, Relation::Equal];

fn symbol(k: u8) -> Node {
    match k {
        0 => Node::State(0),
        1 => Node::State(1),
        2 => Node::Parameter(0),
        3 => Node::Time,
        _ => Node::Input(0),
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-8 * (1.0 + a.abs() + b.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn derivative_agrees_with_dual_numbers(r in recipe(), x in 0.3..2.0f64, y in 0.3..2.0f64, p in 0.3..2.0f64, t in 0.3..2.0f64, u in 0.3..2.0f64) {
        let mut pool = Pool::new();
        let root = build(&mut pool, &r);
        let differentiator = Differentiator::new(&mut pool, &[root]);
        let values = Values { time: t, states: vec![x, y], parameters: vec![p], inputs: vec![u], ..Values::default() };
        for which in 0..5u8 {
            let s = pool.intern(symbol(which));
            let zero = pool.constant(0.0);
            let d = differentiator.derivatives(&mut pool, s).get(&root).copied().unwrap_or(zero);
            let got = pool.evaluate(&[root, d], &values);
            let mut at = [x, y, p, t, u].map(Dual64::from);
            at[which as usize] = at[which as usize].derivative();
            let leaf = |node: &Node| (0..5u8).find(|&k| symbol(k) == *node).map(|k| at[k as usize]);
            let want = dual(&mut pool, root, &leaf, &mut Memo::new());
            prop_assume!(want.re.is_finite() && want.eps.is_finite() && want.eps.abs() < 1e8 && want.re.abs() < 1e8);
            prop_assume!(got[0].is_finite());
            prop_assert!(close(got[0], want.re), "value {} against {}", got[0], want.re);
            prop_assert!(close(got[1], want.eps), "derivative by {which}: {} against {}", got[1], want.eps);
        }
    }
}

/// min and max of a number and of no number are no number, and neither is their derivative, in either order.
#[test]
fn an_undefined_operand_does_not_hide_behind_min_and_max() {
    for op in [Binary::Min, Binary::Max] {
        for defined in [-3.0, 0.5, 3.0] {
            for (x, y) in [(defined, -1.0), (-1.0, defined)] {
                let mut pool = Pool::new();
                let [a, b] = [0, 1].map(|k| pool.intern(symbol(k)));
                // The square root of -1 is undefined; its derivative too.
                let (left, right) = if x == -1.0 && defined != x {
                    (pool.unary(Unary::Sqrt, a), b)
                } else {
                    (a, pool.unary(Unary::Sqrt, b))
                };
                let root = pool.binary(op, left, right);
                let differentiator = Differentiator::new(&mut pool, &[root]);
                let slopes =
                    [a, b].map(|symbol| differentiator.derivatives(&mut pool, symbol)[&root]);
                let values = Values {
                    states: vec![x, y],
                    ..Values::default()
                };
                let found = pool.evaluate(&[root, slopes[0], slopes[1]], &values);
                assert!(
                    found.iter().all(|v| v.is_nan()),
                    "{op:?} {x} {y}: {found:?}"
                );
                let values = Values {
                    states: vec![x.abs(), y.abs()],
                    ..Values::default()
                };
                let found = pool.evaluate(&[root, slopes[0], slopes[1]], &values);
                assert!(found.iter().all(|v| v.is_finite()), "{op:?}: {found:?}");
            }
        }
    }
}

/// The slope of a logistic is zero where its exponential overflows, and right where it does not.
#[test]
fn a_saturated_logistic_has_a_slope() {
    for factor in [1.0, -1.0, 3.0, -0.2] {
        for (top, x) in (0..4).flat_map(|top| [-4000.0, -3.0, 0.4, 5.0, 4000.0].map(|x| (top, x))) {
            let mut pool = Pool::new();
            let state = pool.intern(symbol(0));
            let [one, two, scale] = [1.0, 2.0, factor].map(|value| pool.constant(value));
            let u = pool.binary(Binary::Mul, scale, state);
            let power = pool.unary(Unary::Exp, u);
            let below = if top % 2 == 0 {
                pool.binary(Binary::Add, one, power)
            } else {
                pool.binary(Binary::Add, power, two)
            };
            let above = if top < 2 { one } else { state };
            let root = pool.binary(Binary::Div, above, below);
            let differentiator = Differentiator::new(&mut pool, &[root]);
            let slope = differentiator.derivatives(&mut pool, state)[&root];
            let values = Values {
                states: vec![x],
                ..Values::default()
            };
            let found = pool.evaluate(&[slope], &values)[0];
            let still = if top % 2 == 0 { 1.0 } else { 2.0 };
            let (e, a, da) = (
                (factor * x).exp(),
                if top < 2 { 1.0 } else { x },
                f64::from(top / 2),
            );
            let share = 1.0 / (1.0 + still * (-factor * x).exp());
            let expected = (da - a * share * factor) / (still + e);
            assert!(
                close(found, expected),
                "{factor} {top} {x}: {found} against {expected}"
            );
        }
    }
}

#[test]
fn named_functions_do_what_they_say() {
    let arena = Arena::default();
    let value = |e: gutskin_network::Expr<'_>| {
        let id = e.id();
        arena.with(|p| p.evaluate(&[id], &Values::default())[0])
    };
    let c = |v: f64| arena.constant(v);
    assert!(close(value(c(3.0).smooth_plus(1e-6)), 3.0));
    assert!(value(c(-3.0).smooth_plus(1e-6)).abs() < 1e-12);
    assert_eq!(value(c(0.0).smooth_plus_zero(0.1)), 0.0);
    assert!(close(value(c(0.7).softplus()), 0.7f64.exp().ln_1p()));
    assert!(close(value(c(6.5).soft_clip(5.0, 8.0)), 6.5));
    assert!(value(c(-50.0).soft_clip(5.0, 8.0)) > 4.999_999);
    assert!(value(c(9.0).soft_cap(0.95)) <= 0.95);
    assert!(close(value(c(100.0).bounded(3.0)), 3.0));
    let corners = |a: f64, b: f64, d: f64, e: f64| [c(a), c(b), c(d), c(e)];
    let peak = value(c(6.325).ph_window(corners(4.95, 5.7, 6.95, 7.7)));
    assert!(close(peak, 1.0), "equal flanks peak in the middle: {peak}");
    // Unequal flanks: the largest value anywhere is 1.
    let best = (0..4000)
        .map(|i| value(c(4.0 + f64::from(i) * 1e-3).ph_window(corners(4.5, 5.0, 6.0, 8.0))))
        .fold(f64::MIN, f64::max);
    assert!((best - 1.0).abs() < 1e-6, "largest value is {best}");
}
