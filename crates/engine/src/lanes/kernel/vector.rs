//! Eight lanes in registers: what compiled kernels are written in.
//!
//! A value of these types is proof that the machine has their instruction set: values are made from other values, or by
//! a [`Present`], which only a machine with the instruction set gives.

use std::marker::PhantomData;
use std::ops::{Add, Div, Mul, Neg, Sub};

use gutskin_network::expr::{larger, smaller};

use super::{InstructionSet, Row};
use crate::lanes::vecmath;

/// A row of eight lanes.
pub type Eight = Row<8>;

/// Eight numbers in registers. Arithmetic rounds as the interpreter does under the same instruction set.
pub trait Vector:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The instruction set that has these registers.
    const SET: InstructionSet;

    /// Reads a row.
    ///
    /// # Safety
    /// The machine has the instruction set.
    unsafe fn load(row: &Eight) -> Self;
    /// The same number in every lane.
    ///
    /// # Safety
    /// The machine has the instruction set.
    unsafe fn splat(value: f64) -> Self;
    /// Writes a row.
    fn store(self, row: &mut Eight);
    /// self · factor + sum, rounded once.
    fn multiply_add(self, factor: Self, sum: Self) -> Self;
    /// sum − self · factor, rounded once.
    fn subtract_product(self, factor: Self, sum: Self) -> Self;
    /// |self|
    fn abs(self) -> Self;
    /// √self
    fn sqrt(self) -> Self;
    /// e^self
    fn exp(self) -> Self;
    /// ln self
    fn ln(self) -> Self;
    /// tanh self
    fn tanh(self) -> Self;
    /// sin self
    fn sin(self) -> Self;
    /// cos self
    fn cos(self) -> Self;
    /// self^power
    fn pow(self, power: Self) -> Self;

    /// The largest integer not above.
    #[inline(always)]
    fn floor(self) -> Self {
        let mut row = self.row();
        row.0 = row.0.map(f64::floor);
        self.with(&row)
    }

    /// The smaller one; NaN where either is.
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.zip(other, smaller)
    }

    /// The larger one; NaN where either is.
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, larger)
    }

    /// `then` where `holds(self, right)`, else `otherwise`.
    #[inline(always)]
    fn select(
        self,
        right: Self,
        then: Self,
        otherwise: Self,
        holds: impl Fn(f64, f64) -> bool,
    ) -> Self {
        let (left, right) = (self.row().0, right.row().0);
        let (then, otherwise) = (then.row().0, otherwise.row().0);
        let mut result = Eight::ZERO;
        for lane in 0..8 {
            result.0[lane] = if holds(left[lane], right[lane]) {
                then[lane]
            } else {
                otherwise[lane]
            };
        }
        self.with(&result)
    }

    /// Another row in registers: this value shows that there are some.
    #[inline(always)]
    fn with(self, row: &Eight) -> Self {
        // SAFETY: a value of the type exists.
        unsafe { Self::load(row) }
    }

    /// The numbers in memory.
    #[inline(always)]
    fn row(self) -> Eight {
        let mut row = Eight::ZERO;
        self.store(&mut row);
        row
    }

    /// A function of two numbers, lane by lane.
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let (a, b) = (self.row().0, other.row().0);
        let mut result = Eight::ZERO;
        for lane in 0..8 {
            result.0[lane] = f(a[lane], b[lane]);
        }
        self.with(&result)
    }
}

/// Shows that the machine has the instruction set of a kind of vector, and makes vectors.
#[derive(Clone, Copy, Debug)]
pub struct Present<V>(PhantomData<V>);

impl<V: Vector> Present<V> {
    /// `None` where the machine does not have it.
    #[inline]
    #[must_use]
    pub fn detect() -> Option<Self> {
        V::SET.is_available().then_some(Self(PhantomData))
    }

    /// Reads a row.
    #[inline(always)]
    #[must_use]
    pub fn load(self, row: &Eight) -> V {
        // SAFETY: `detect` has asked the machine; here and below.
        unsafe { V::load(row) }
    }

    /// The same number in every lane.
    #[inline(always)]
    #[must_use]
    pub fn splat(self, value: f64) -> V {
        // SAFETY: see `load`.
        unsafe { V::splat(value) }
    }
}

/// A pivot of the factorisation: its negated inverse. Marks lanes in which it is zero, not finite or all cancellation.
#[inline(always)]
pub fn negated_inverse<V: Vector>(sum: V, size: V, trusted: &mut Eight) -> V {
    let (sums, sizes) = (sum.row().0, size.row().0);
    for lane in 0..8 {
        let fine = sums[lane].abs() > super::factor::CANCELLATION * sizes[lane];
        trusted.0[lane] = if fine { trusted.0[lane] } else { -1.0 };
    }
    // SAFETY: a value of the type exists.
    unsafe { V::splat(-1.0) / sum }
}

macro_rules! out_of_line {
    ($features:literal: $($name:ident)*) => {
        $(
            #[target_feature(enable = $features)]
            #[inline(never)]
            pub(super) fn $name(x: &mut Eight) {
                for value in &mut x.0 {
                    *value = vecmath::$name::<true>(*value);
                }
            }
        )*

        #[target_feature(enable = $features)]
        #[inline(never)]
        pub(super) fn sin(x: &mut Eight) {
            x.0 = vecmath::sines::<8, true>(x.0);
        }

        #[target_feature(enable = $features)]
        #[inline(never)]
        pub(super) fn cos(x: &mut Eight) {
            x.0 = vecmath::cosines::<8, true>(x.0);
        }

        #[target_feature(enable = $features)]
        #[inline(never)]
        pub(super) fn pow(x: &mut Eight, y: &Eight) {
            for lane in 0..8 {
                x.0[lane] = vecmath::pow::<true>(x.0[lane], y.0[lane]);
            }
        }
    };
}

macro_rules! functions {
    ($module:ident: $($name:ident)*) => {
        $(
            #[inline(always)]
            fn $name(self) -> Self {
                let mut row = self.row();
                // SAFETY: values of the type show that the machine has the instruction set.
                unsafe { $module::$name(&mut row) }
                self.with(&row)
            }
        )*

        #[inline(always)]
        fn pow(self, power: Self) -> Self {
            let mut row = self.row();
            // SAFETY: values of the type show that the machine has the instruction set.
            unsafe { $module::pow(&mut row, &power.row()) }
            self.with(&row)
        }
    };
}

macro_rules! operator {
    ($trait:ident $method:ident $type:ident: |$a:ident, $b:ident| $result:expr) => {
        impl $trait for $type {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                let ($a, $b) = (self, other);
                // SAFETY: values of the type show that the machine has the instruction set.
                unsafe { $result }
            }
        }
    };
}

/// Kernels of 512-bit vectors.
#[cfg(target_arch = "x86_64")]
pub mod avx512 {
    use std::arch::x86_64::*;

    use super::*;

    /// Eight numbers in one register.
    #[derive(Clone, Copy, Debug)]
    pub struct Avx512(__m512d);

    mod functions {
        use super::*;
        out_of_line!("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma": exp ln tanh);
    }

    operator!(Add add Avx512: |a, b| Avx512(_mm512_add_pd(a.0, b.0)));
    operator!(Sub sub Avx512: |a, b| Avx512(_mm512_sub_pd(a.0, b.0)));
    operator!(Mul mul Avx512: |a, b| Avx512(_mm512_mul_pd(a.0, b.0)));
    operator!(Div div Avx512: |a, b| Avx512(_mm512_div_pd(a.0, b.0)));

    impl Neg for Avx512 {
        type Output = Self;
        #[inline(always)]
        fn neg(self) -> Self {
            // SAFETY: values of the type show that the machine has the instruction set; here and below.
            unsafe { Self(_mm512_xor_pd(self.0, _mm512_set1_pd(-0.0))) }
        }
    }

    impl Vector for Avx512 {
        const SET: InstructionSet = InstructionSet::Avx512;

        #[inline(always)]
        unsafe fn load(row: &Eight) -> Self {
            // SAFETY: rows are aligned to 64 bytes; and as above.
            unsafe { Self(_mm512_load_pd(row.0.as_ptr())) }
        }
        #[inline(always)]
        fn store(self, row: &mut Eight) {
            // SAFETY: rows are aligned to 64 bytes; and as above.
            unsafe { _mm512_store_pd(row.0.as_mut_ptr(), self.0) }
        }
        #[inline(always)]
        unsafe fn splat(value: f64) -> Self {
            // SAFETY: as above; here and below.
            unsafe { Self(_mm512_set1_pd(value)) }
        }
        #[inline(always)]
        fn multiply_add(self, factor: Self, sum: Self) -> Self {
            // SAFETY: as above.
            unsafe { Self(_mm512_fmadd_pd(self.0, factor.0, sum.0)) }
        }
        #[inline(always)]
        fn subtract_product(self, factor: Self, sum: Self) -> Self {
            // SAFETY: as above.
            unsafe { Self(_mm512_fnmadd_pd(self.0, factor.0, sum.0)) }
        }
        #[inline(always)]
        fn abs(self) -> Self {
            // SAFETY: as above.
            unsafe { Self(_mm512_abs_pd(self.0)) }
        }
        #[inline(always)]
        fn sqrt(self) -> Self {
            // SAFETY: as above.
            unsafe { Self(_mm512_sqrt_pd(self.0)) }
        }
        functions!(functions: exp ln tanh sin cos);
    }
}

/// Kernels of 256-bit vectors with fused multiply-add.
#[cfg(target_arch = "x86_64")]
pub mod avx2 {
    use std::arch::x86_64::*;

    use super::*;

    /// Eight numbers in two registers.
    #[derive(Clone, Copy, Debug)]
    pub struct Avx2(__m256d, __m256d);

    mod functions {
        use super::*;
        out_of_line!("avx2,fma": exp ln tanh);
    }

    operator!(Add add Avx2: |a, b| Avx2(_mm256_add_pd(a.0, b.0), _mm256_add_pd(a.1, b.1)));
    operator!(Sub sub Avx2: |a, b| Avx2(_mm256_sub_pd(a.0, b.0), _mm256_sub_pd(a.1, b.1)));
    operator!(Mul mul Avx2: |a, b| Avx2(_mm256_mul_pd(a.0, b.0), _mm256_mul_pd(a.1, b.1)));
    operator!(Div div Avx2: |a, b| Avx2(_mm256_div_pd(a.0, b.0), _mm256_div_pd(a.1, b.1)));

    impl Neg for Avx2 {
        type Output = Self;
        #[inline(always)]
        fn neg(self) -> Self {
            // SAFETY: values of the type show that the machine has the instruction set; here and below.
            unsafe {
                let sign = _mm256_set1_pd(-0.0);
                Self(_mm256_xor_pd(self.0, sign), _mm256_xor_pd(self.1, sign))
            }
        }
    }

    impl Vector for Avx2 {
        const SET: InstructionSet = InstructionSet::Avx2;

        #[inline(always)]
        unsafe fn load(row: &Eight) -> Self {
            let (low, high) = row.0.split_at(4);
            // SAFETY: rows are aligned to 64 bytes, and both halves have four numbers; and as above.
            unsafe { Self(_mm256_load_pd(low.as_ptr()), _mm256_load_pd(high.as_ptr())) }
        }
        #[inline(always)]
        fn store(self, row: &mut Eight) {
            let (low, high) = row.0.split_at_mut(4);
            // SAFETY: rows are aligned to 64 bytes, and both halves have four numbers; and as above.
            unsafe {
                _mm256_store_pd(low.as_mut_ptr(), self.0);
                _mm256_store_pd(high.as_mut_ptr(), self.1);
            }
        }
        #[inline(always)]
        unsafe fn splat(value: f64) -> Self {
            // SAFETY: as above; here and below.
            let half = unsafe { _mm256_set1_pd(value) };
            Self(half, half)
        }
        #[inline(always)]
        fn multiply_add(self, factor: Self, sum: Self) -> Self {
            // SAFETY: as above.
            unsafe {
                Self(
                    _mm256_fmadd_pd(self.0, factor.0, sum.0),
                    _mm256_fmadd_pd(self.1, factor.1, sum.1),
                )
            }
        }
        #[inline(always)]
        fn subtract_product(self, factor: Self, sum: Self) -> Self {
            // SAFETY: as above.
            unsafe {
                Self(
                    _mm256_fnmadd_pd(self.0, factor.0, sum.0),
                    _mm256_fnmadd_pd(self.1, factor.1, sum.1),
                )
            }
        }
        #[inline(always)]
        fn abs(self) -> Self {
            // SAFETY: as above.
            unsafe {
                let sign = _mm256_set1_pd(-0.0);
                Self(
                    _mm256_andnot_pd(sign, self.0),
                    _mm256_andnot_pd(sign, self.1),
                )
            }
        }
        #[inline(always)]
        fn sqrt(self) -> Self {
            // SAFETY: as above.
            unsafe { Self(_mm256_sqrt_pd(self.0), _mm256_sqrt_pd(self.1)) }
        }
        functions!(functions: exp ln tanh sin cos);
    }
}
