//! Number types over which right-hand sides are written.

use std::ops::{Add, Div, Mul, Neg, Sub};

use gutskin_network::expr::Expr;

/// What right-hand sides need: arithmetic among themselves and with constants, sine and cosine.
pub trait Number:
    Clone
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
{
    /// Sine.
    fn sine(&self) -> Self;
    /// Cosine.
    fn cosine(&self) -> Self;
    /// Square root.
    fn root(&self) -> Self;
}

impl Number for f64 {
    fn sine(&self) -> Self {
        self.sin()
    }

    fn cosine(&self) -> Self {
        self.cos()
    }

    fn root(&self) -> Self {
        self.sqrt()
    }
}

impl Number for Expr<'_> {
    fn sine(&self) -> Self {
        self.sin()
    }

    fn cosine(&self) -> Self {
        self.cos()
    }

    fn root(&self) -> Self {
        self.sqrt()
    }
}
