//! Named smooth functions: the forms that replace clips, corners and fractional powers.
//!
//! Each is kept by name in the text form and in SBML (as a function definition) and is expanded into plain arithmetic
//! for derivatives and programs.

use super::{Binary, ExprId, Pool, Unary};

/// A named smooth function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// `smooth_plus(x, eps)` = (x + √(x² + eps²)) / 2, a smooth max(0, x).
    SmoothPlus,
    /// `smooth_plus_zero(x, eps)` = (x + √(x² + eps²) − eps) / 2, which is exactly 0 at x = 0.
    SmoothPlusZero,
    /// `smooth_pow(x, p, eps)` = smooth_plus(x, eps)^p, whose derivative is finite at 0.
    SmoothPow,
    /// `logistic(x)` = 1 / (1 + e^−x).
    Logistic,
    /// `softplus(x)` = ln(1 + e^x), finite up to |x| ≈ 1400.
    Softplus,
    /// `soft_clip(x, low, high)`: logistic between low and high with slope 1 in the middle.
    SoftClip,
    /// `soft_cap(x, cap)` = x / (1 + (x/cap)⁸)^⅛, a smooth min(x, cap) for x ≥ 0.
    SoftCap,
    /// `bounded(z, bound)` = bound · tanh(z / bound).
    Bounded,
    /// `ph_window(x, c1, c2, c3, c4)`: product of two logistics that replaces the trapezoid with corners c1…c4, 1 at its maximum.
    PhWindow,
}

impl Function {
    /// The most arguments any function takes.
    pub const MAX_ARGUMENTS: usize = 5;

    /// Every function, in the order of the documentation.
    pub const ALL: [Function; 9] = [
        Function::SmoothPlus,
        Function::SmoothPlusZero,
        Function::SmoothPow,
        Function::Logistic,
        Function::Softplus,
        Function::SoftClip,
        Function::SoftCap,
        Function::Bounded,
        Function::PhWindow,
    ];

    /// Name used in text forms.
    pub fn name(self) -> &'static str {
        match self {
            Function::SmoothPlus => "smooth_plus",
            Function::SmoothPlusZero => "smooth_plus_zero",
            Function::SmoothPow => "smooth_pow",
            Function::Logistic => "logistic",
            Function::Softplus => "softplus",
            Function::SoftClip => "soft_clip",
            Function::SoftCap => "soft_cap",
            Function::Bounded => "bounded",
            Function::PhWindow => "ph_window",
        }
    }

    /// The function of that name.
    pub fn from_name(name: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|f| f.name() == name)
    }

    /// Names of the arguments, in order.
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Function::SmoothPlus | Function::SmoothPlusZero => &["x", "eps"],
            Function::SmoothPow => &["x", "p", "eps"],
            Function::Logistic | Function::Softplus => &["x"],
            Function::SoftClip => &["x", "low", "high"],
            Function::SoftCap => &["x", "cap"],
            Function::Bounded => &["z", "bound"],
            Function::PhWindow => &["x", "c1", "c2", "c3", "c4"],
        }
    }

    /// Number of arguments.
    pub fn arity(self) -> usize {
        self.arguments().len()
    }

    /// The function written out in plain arithmetic over its arguments.
    pub fn expand(self, pool: &mut Pool, arguments: &[ExprId]) -> ExprId {
        let mut w = Writer { pool };
        let a = |i: usize| arguments.get(i).copied().unwrap_or(arguments[0]);
        match self {
            Function::SmoothPlus => w.smooth_plus(a(0), a(1)),
            Function::SmoothPlusZero => {
                let root = w.root(a(0), a(1));
                let sum = w.add(a(0), root);
                let shifted = w.sub(sum, a(1));
                w.scale(0.5, shifted)
            }
            Function::SmoothPow => {
                let base = w.smooth_plus(a(0), a(2));
                w.pow(base, a(1))
            }
            Function::Logistic => w.logistic(a(0)),
            Function::Softplus => w.softplus(a(0)),
            Function::SoftClip => w.soft_clip(a(0), a(1), a(2)),
            Function::SoftCap => w.soft_cap(a(0), a(1)),
            Function::Bounded => {
                let ratio = w.div(a(0), a(1));
                let t = w.pool.unary(Unary::Tanh, ratio);
                w.mul(a(1), t)
            }
            Function::PhWindow => w.ph_window(a(0), [a(1), a(2), a(3), a(4)]),
        }
    }
}

/// Newton steps towards the maximum of a pH window.
pub(crate) const WINDOW_STEPS: usize = 4;

/// The pieces of [`Function::PhWindow`] over (x, c1, c2, c3, c4): the middle, one Newton step from x, the product of
/// both flanks at x. For formats whose functions have no intermediates of their own.
pub(crate) fn window_pieces(pool: &mut Pool, [x, c @ ..]: [ExprId; 5]) -> [ExprId; 3] {
    let mut w = Writer { pool };
    let (middles, widths) = w.window_shape(c);
    [
        w.window_middle(middles),
        w.window_step(x, middles, widths),
        w.window_product(x, middles, widths),
    ]
}

/// Short spellings for building nodes.
struct Writer<'p> {
    pool: &'p mut Pool,
}

impl Writer<'_> {
    fn constant(&mut self, value: f64) -> ExprId {
        self.pool.constant(value)
    }
    fn add(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.pool.binary(Binary::Add, a, b)
    }
    fn sub(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.pool.binary(Binary::Sub, a, b)
    }
    fn mul(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.pool.binary(Binary::Mul, a, b)
    }
    fn div(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.pool.binary(Binary::Div, a, b)
    }
    fn pow(&mut self, a: ExprId, b: ExprId) -> ExprId {
        self.pool.binary(Binary::Pow, a, b)
    }
    fn scale(&mut self, factor: f64, a: ExprId) -> ExprId {
        let f = self.constant(factor);
        self.mul(f, a)
    }
    fn exp(&mut self, a: ExprId) -> ExprId {
        self.pool.unary(Unary::Exp, a)
    }
    fn neg(&mut self, a: ExprId) -> ExprId {
        self.pool.unary(Unary::Neg, a)
    }
    fn reciprocal(&mut self, a: ExprId) -> ExprId {
        let one = self.constant(1.0);
        self.div(one, a)
    }

    /// √(x² + eps²)
    fn root(&mut self, x: ExprId, eps: ExprId) -> ExprId {
        let (xx, ee) = (self.mul(x, x), self.mul(eps, eps));
        let sum = self.add(xx, ee);
        self.pool.unary(Unary::Sqrt, sum)
    }

    fn smooth_plus(&mut self, x: ExprId, eps: ExprId) -> ExprId {
        let root = self.root(x, eps);
        let sum = self.add(x, root);
        self.scale(0.5, sum)
    }

    /// 1 / (1 + e^−x)
    fn logistic(&mut self, x: ExprId) -> ExprId {
        let minus = self.neg(x);
        let e = self.exp(minus);
        let one = self.constant(1.0);
        let sum = self.add(one, e);
        self.reciprocal(sum)
    }

    /// ln(1 + e^x) = x/2 + ln(e^(x/2) + e^(−x/2)): smooth, and finite up to |x| ≈ 1400.
    fn softplus(&mut self, x: ExprId) -> ExprId {
        let half = self.scale(0.5, x);
        let up = self.exp(half);
        let minus = self.neg(half);
        let down = self.exp(minus);
        let sum = self.add(up, down);
        let log = self.pool.unary(Unary::Ln, sum);
        self.add(half, log)
    }

    fn soft_clip(&mut self, x: ExprId, low: ExprId, high: ExprId) -> ExprId {
        let span = self.sub(high, low);
        let sum = self.add(low, high);
        let middle = self.scale(0.5, sum);
        let width = self.scale(0.25, span);
        let distance = self.sub(x, middle);
        let scaled = self.div(distance, width);
        let l = self.logistic(scaled);
        let rise = self.mul(span, l);
        self.add(low, rise)
    }

    fn soft_cap(&mut self, x: ExprId, cap: ExprId) -> ExprId {
        let ratio = self.div(x, cap);
        let eight = self.constant(8.0);
        let power = self.pow(ratio, eight);
        let one = self.constant(1.0);
        let sum = self.add(one, power);
        let eighth = self.constant(0.125);
        let below = self.pow(sum, eighth);
        self.div(x, below)
    }

    /// e^((x − m)/w), the building block of both flanks of the window.
    fn flank(&mut self, x: ExprId, m: ExprId, w: ExprId) -> ExprId {
        let d = self.sub(x, m);
        let s = self.div(d, w);
        self.exp(s)
    }

    fn window_product(&mut self, x: ExprId, m: [ExprId; 2], w: [ExprId; 2]) -> ExprId {
        let left = self.flank(m[0], x, w[0]);
        let right = self.flank(x, m[1], w[1]);
        let one = self.constant(1.0);
        let (a, b) = (self.add(one, left), self.add(one, right));
        let product = self.mul(a, b);
        self.reciprocal(product)
    }

    /// Midpoints and widths of both flanks.
    fn window_shape(&mut self, c: [ExprId; 4]) -> ([ExprId; 2], [ExprId; 2]) {
        let (rise, fall) = (self.sub(c[1], c[0]), self.sub(c[3], c[2]));
        let (lower, upper) = (self.add(c[0], c[1]), self.add(c[2], c[3]));
        let m = [self.scale(0.5, lower), self.scale(0.5, upper)];
        let w = [self.scale(0.25, rise), self.scale(0.25, fall)];
        (m, w)
    }

    fn ph_window(&mut self, x: ExprId, c: [ExprId; 4]) -> ExprId {
        let (m, w) = self.window_shape(c);
        let top = self.window_maximum(m, w);
        let value = self.window_product(x, m, w);
        let peak = self.window_product(top, m, w);
        self.div(value, peak)
    }

    fn window_middle(&mut self, m: [ExprId; 2]) -> ExprId {
        let sum = self.add(m[0], m[1]);
        self.scale(0.5, sum)
    }

    /// Where the product of both flanks is largest: the middle when the flanks are equally wide, else Newton from the
    /// middle. It depends on parameters only, so that it is computed once per patient.
    fn window_maximum(&mut self, m: [ExprId; 2], w: [ExprId; 2]) -> ExprId {
        let mut x = self.window_middle(m);
        if w[0] == w[1] {
            return x;
        }
        for _ in 0..WINDOW_STEPS {
            x = self.window_step(x, m, w);
        }
        x
    }

    /// One Newton step towards the maximum.
    fn window_step(&mut self, x: ExprId, m: [ExprId; 2], w: [ExprId; 2]) -> ExprId {
        // g = A/w0 − B/w1, A = 1/(1+e^((x−m0)/w0)), B = 1/(1+e^((m1−x)/w1)); g' = −A(1−A)/w0² − B(1−B)/w1²
        let (ea, eb) = (self.flank(x, m[0], w[0]), self.flank(m[1], x, w[1]));
        let one = self.constant(1.0);
        let (sa, sb) = (self.add(one, ea), self.add(one, eb));
        let (a, b) = (self.reciprocal(sa), self.reciprocal(sb));
        let (ga, gb) = (self.div(a, w[0]), self.div(b, w[1]));
        let g = self.sub(ga, gb);
        let (na, nb) = (self.sub(one, a), self.sub(one, b));
        let (ha, hb) = (self.mul(ga, na), self.mul(gb, nb));
        let (ha, hb) = (self.div(ha, w[0]), self.div(hb, w[1]));
        let slope = self.add(ha, hb);
        let step = self.div(g, slope);
        self.add(x, step)
    }
}
