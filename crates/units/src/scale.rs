//! Factors to the coherent base unit, exact while they fit.

use crate::dimension::greatest_common_divisor;

/// `numerator / denominator · 2^twos · 5^fives` with numerator and denominator
/// coprime to each other and to 10, so that each rational has one form and a
/// power of ten is seen at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    pub(crate) numerator: u64,
    pub(crate) denominator: u64,
    pub(crate) twos: i16,
    pub(crate) fives: i16,
}

/// A positive factor: always its `f64` value, and the exact rational where it
/// is known and fits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) exact: Option<Exact>,
    pub(crate) value: f64,
}

const LARGEST_EXACT_INTEGER: u64 = 1 << 53;

/// Integers below this have at most 15 digits, which an `f64` always keeps.
const LONGEST_DECIMAL: u64 = 1_000_000_000_000_000;

impl Exact {
    pub(crate) const ONE: Exact = Exact {
        numerator: 1,
        denominator: 1,
        twos: 0,
        fives: 0,
    };

    /// `numerator / denominator · 10^power_of_ten`; both must be positive.
    pub(crate) fn new(numerator: u64, denominator: u64, power_of_ten: i16) -> Option<Exact> {
        if numerator == 0 || denominator == 0 {
            return None;
        }
        let (numerator, up) = strip(numerator);
        let (denominator, down) = strip(denominator);
        let divisor = greatest_common_divisor(numerator, denominator).max(1);
        Some(Exact {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
            twos: up.0.checked_sub(down.0)?.checked_add(power_of_ten)?,
            fives: up.1.checked_sub(down.1)?.checked_add(power_of_ten)?,
        })
    }

    /// Reads an unsigned decimal number of at most 15 digits; more digits are
    /// taken to be a rounded value, which no rational stands for exactly.
    pub(crate) fn from_decimal(text: &str) -> Option<Exact> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}").parse::<u64>().ok()?;
        let places = i16::try_from(fraction.len()).ok()?;
        let exact = Exact::new(digits, 1, exponent.checked_sub(places)?)?;
        exact.decimal().map(|_| exact)
    }

    /// An integer of at most 15 digits and a power of ten whose product is this
    /// rational times its denominator, which has at most 15 digits too.
    pub(crate) fn decimal(&self) -> Option<(u64, i16)> {
        let ten = self.twos.min(self.fives);
        let twos = 2_u64.checked_pow((self.twos - ten).unsigned_abs().into())?;
        let fives = 5_u64.checked_pow((self.fives - ten).unsigned_abs().into())?;
        let whole = self.numerator.checked_mul(twos)?.checked_mul(fives)?;
        (whole.max(self.denominator) < LONGEST_DECIMAL).then_some((whole, ten))
    }

    /// The exponent when this is a whole power of ten.
    pub(crate) fn power_of_ten(&self) -> Option<i16> {
        (self.numerator == 1 && self.denominator == 1 && self.twos == self.fives)
            .then_some(self.twos)
    }

    fn mul(&self, other: &Exact) -> Option<Exact> {
        let a = greatest_common_divisor(self.numerator, other.denominator).max(1);
        let b = greatest_common_divisor(other.numerator, self.denominator).max(1);
        Some(Exact {
            numerator: (self.numerator / a).checked_mul(other.numerator / b)?,
            denominator: (self.denominator / b).checked_mul(other.denominator / a)?,
            twos: self.twos.checked_add(other.twos)?,
            fives: self.fives.checked_add(other.fives)?,
        })
    }

    fn recip(&self) -> Option<Exact> {
        Some(Exact {
            numerator: self.denominator,
            denominator: self.numerator,
            twos: self.twos.checked_neg()?,
            fives: self.fives.checked_neg()?,
        })
    }

    fn powi(&self, power: i32) -> Option<Exact> {
        let base = if power < 0 { self.recip()? } else { *self };
        let magnitude = power.unsigned_abs();
        let signed = i16::try_from(magnitude).ok()?;
        Some(Exact {
            numerator: base.numerator.checked_pow(magnitude)?,
            denominator: base.denominator.checked_pow(magnitude)?,
            twos: base.twos.checked_mul(signed)?,
            fives: base.fives.checked_mul(signed)?,
        })
    }

    /// The exact root, where there is one among powers of two and five.
    fn root(&self, degree: u16) -> Option<Exact> {
        if degree == 1 {
            return Some(*self);
        }
        let degree = i16::try_from(degree).ok().filter(|d| *d > 0)?;
        let whole = self.numerator == 1
            && self.denominator == 1
            && self.twos % degree == 0
            && self.fives % degree == 0;
        whole.then(|| Exact {
            twos: self.twos / degree,
            fives: self.fives / degree,
            ..*self
        })
    }

    /// Integers N, D and a power of two k with `self = N / D · 2^k`, where N and
    /// D are exact as `f64`.
    fn as_exact_floats(&self) -> Option<(f64, f64, i32)> {
        let fives = 5_u64.checked_pow(u32::from(self.fives.unsigned_abs()))?;
        let (numerator, denominator) = if self.fives >= 0 {
            (self.numerator.checked_mul(fives)?, self.denominator)
        } else {
            (self.numerator, self.denominator.checked_mul(fives)?)
        };
        let fits = numerator <= LARGEST_EXACT_INTEGER && denominator <= LARGEST_EXACT_INTEGER;
        (fits && self.twos.unsigned_abs() < 900).then_some((
            numerator as f64,
            denominator as f64,
            i32::from(self.twos),
        ))
    }

    /// `value · self`, rounded once where numerator or denominator is a power
    /// of two, else twice.
    pub(crate) fn apply(&self, value: f64) -> Option<f64> {
        let (numerator, denominator, twos) = self.as_exact_floats()?;
        Some(value * numerator / denominator * power_of_two(twos))
    }
}

/// Removes the factors 2 and 5: the rest, and how many of each.
fn strip(mut value: u64) -> (u64, (i16, i16)) {
    let mut powers = (0, 0);
    while value != 0 && value.is_multiple_of(2) {
        value /= 2;
        powers.0 += 1;
    }
    while value != 0 && value.is_multiple_of(5) {
        value /= 5;
        powers.1 += 1;
    }
    (value, powers)
}

fn power_of_two(exponent: i32) -> f64 {
    let biased = (exponent + 1023).clamp(1, 2046) as u64;
    f64::from_bits(biased << 52)
}

impl Scale {
    pub(crate) const ONE: Scale = Scale {
        exact: Some(Exact::ONE),
        value: 1.0,
    };

    pub(crate) fn from_exact(exact: Exact) -> Scale {
        let value = exact.apply(1.0).unwrap_or_else(|| {
            let ratio = exact.numerator as f64 / exact.denominator as f64;
            ratio * 2_f64.powi(exact.twos.into()) * 5_f64.powi(exact.fives.into())
        });
        Scale {
            exact: Some(exact),
            value,
        }
    }

    fn from_value(value: f64) -> Scale {
        Scale { exact: None, value }
    }

    fn from_parts(exact: Option<Exact>, value: f64) -> Scale {
        exact.map_or(Scale::from_value(value), Scale::from_exact)
    }

    /// Reads an unsigned decimal number such as `1`, `0.5` or `1e12`.
    pub(crate) fn from_decimal(text: &str) -> Option<Scale> {
        let value: f64 = text.parse().ok()?;
        if !value.is_finite() || value <= 0.0 {
            return None;
        }
        Some(Scale {
            exact: Exact::from_decimal(text),
            value,
        })
    }

    pub(crate) fn mul(&self, other: &Scale) -> Scale {
        let exact = self.exact.zip(other.exact).and_then(|(a, b)| a.mul(&b));
        Scale::from_parts(exact, self.value * other.value)
    }

    pub(crate) fn div(&self, other: &Scale) -> Scale {
        let exact = self
            .exact
            .zip(other.exact)
            .and_then(|(a, b)| a.mul(&b.recip()?));
        Scale::from_parts(exact, self.value / other.value)
    }

    pub(crate) fn pow(&self, numerator: i32, denominator: u16) -> Scale {
        let exact = self
            .exact
            .and_then(|exact| exact.root(denominator)?.powi(numerator));
        let value = if denominator == 1 {
            self.value.powi(numerator)
        } else {
            self.value
                .powf(f64::from(numerator) / f64::from(denominator))
        };
        Scale::from_parts(exact, value)
    }

    /// Equal within 1e-9 relative.
    pub(crate) fn same(&self, other: &Scale) -> bool {
        if self.exact.is_some() && self.exact == other.exact {
            return true;
        }
        let size = self.value.abs().max(other.value.abs());
        self.value.is_finite()
            && other.value.is_finite()
            && (self.value - other.value).abs() <= 1e-9 * size
            && size > 0.0
    }

    /// `value · self`.
    pub(crate) fn apply(&self, value: f64) -> f64 {
        self.exact
            .and_then(|exact| exact.apply(value))
            .unwrap_or(value * self.value)
    }

    /// Whether the value is far enough from the ends of the `f64` range to keep
    /// its precision.
    pub(crate) fn is_usable(&self) -> bool {
        (1e-300..1e300).contains(&self.value)
    }
}
