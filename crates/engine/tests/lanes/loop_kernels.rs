// Generated from the program of a model; see the head of the crate. Do not edit.
use gutskin_engine::lanes::{CompiledKernels, Eight, KernelTable, Present, Vector, negated_inverse};

const ROWS: usize = 96;
const VECTORS: usize = 48;
const STATES: usize = 3;
type Memory = [Eight; ROWS];
type Factors = [Eight; ROWS - VECTORS];
type States = [Eight; STATES];

/// The kernels of this model.
pub const KERNELS: CompiledKernels = CompiledKernels {
    name: "loop",
    fingerprint: 0x34a0e3758f929cda,
    avx512: avx512::TABLE,
    avx2: avx2::TABLE,
};

macro_rules! instruction_set {
    ($module:ident, $vector:ident, $features:literal) => {
        mod $module {
            use super::*;
            use gutskin_engine::lanes::$module::$vector;

            pub(super) const TABLE: Option<KernelTable> = Some(KernelTable { rates, linearise, observables, factorise, substitute });
            #[target_feature(enable = $features)]
            #[inline(never)]
            fn rates_0(p: Present<$vector>, m: &mut Memory) { super::rates_0(p, m); }
            #[target_feature(enable = $features)]
            fn rates(rows: &mut [Eight]) {
                let Some(p) = Present::<$vector>::detect() else { return };
                let Ok(m) = <&mut Memory>::try_from(rows) else { return };
                rates_0(p, m);
            }
            #[target_feature(enable = $features)]
            #[inline(never)]
            fn linearise_0(p: Present<$vector>, m: &mut Memory) { super::linearise_0(p, m); }
            #[target_feature(enable = $features)]
            fn linearise(rows: &mut [Eight]) {
                let Some(p) = Present::<$vector>::detect() else { return };
                let Ok(m) = <&mut Memory>::try_from(rows) else { return };
                linearise_0(p, m);
            }
            #[target_feature(enable = $features)]
            #[inline(never)]
            fn observables_0(p: Present<$vector>, m: &mut Memory) { super::observables_0(p, m); }
            #[target_feature(enable = $features)]
            fn observables(rows: &mut [Eight]) {
                let Some(p) = Present::<$vector>::detect() else { return };
                let Ok(m) = <&mut Memory>::try_from(rows) else { return };
                observables_0(p, m);
            }
            #[target_feature(enable = $features)]
            #[inline(never)]
            fn factorise_0(p: Present<$vector>, m: &mut Memory, shift: &Eight, trusted: &mut Eight) { super::factorise_0(p, m, shift, trusted); }
            #[target_feature(enable = $features)]
            fn factorise(rows: &mut [Eight], shift: &Eight, trusted: &mut Eight) {
                let Some(p) = Present::<$vector>::detect() else { return };
                let Ok(m) = <&mut Memory>::try_from(rows) else { return };
                factorise_0(p, m, shift, trusted);
            }
            #[target_feature(enable = $features)]
            #[inline(never)]
            fn substitute_0(p: Present<$vector>, m: &Factors, u: &mut States) { super::substitute_0(p, m, u); }
            #[target_feature(enable = $features)]
            fn substitute(rows: &mut [Eight], vector: usize) {
                let Some(p) = Present::<$vector>::detect() else { return };
                let (vectors, rest) = rows.split_at_mut(VECTORS);
                let Ok(m) = <&Factors>::try_from(&*rest) else { return };
                let Some(u) = vectors.get_mut(vector..vector + STATES) else { return };
                let Ok(u) = <&mut States>::try_from(u) else { return };
                substitute_0(p, m, u);
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
instruction_set!(avx512, Avx512, "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma");
#[cfg(not(target_arch = "x86_64"))]
mod avx512 {
    pub(super) const TABLE: Option<super::KernelTable> = None;
}
#[cfg(target_arch = "x86_64")]
instruction_set!(avx2, Avx2, "avx2,fma");
#[cfg(not(target_arch = "x86_64"))]
mod avx2 {
    pub(super) const TABLE: Option<super::KernelTable> = None;
}

#[inline(always)]
fn rates_0<V: Vector>(p: Present<V>, m: &mut Memory) {
let r63_0 = p.splat(f64::from_bits(0x3ff0000000000000));
let r0_0 = p.load(&m[0]);
let v0 = r63_0 - r0_0;
let r66_1 = p.splat(f64::from_bits(0x401921fb54442d18));
let r48_1 = p.load(&m[48]);
let v1 = r66_1 * r48_1;
let v2 = v1.cos();
let r67_3 = p.load(&m[67]);
let v3 = r67_3.multiply_add(v2, r63_0);
let r68_4 = p.load(&m[68]);
let v4 = r68_4 * v3;
let v5 = v4 * r0_0;
let r62_6 = p.splat(f64::from_bits(0x3fc999999999999a));
let v6 = r62_6 * r0_0;
let r83_7 = p.load(&m[83]);
let r2_7 = p.load(&m[2]);
let v7 = v6.subtract_product(r2_7, v5.multiply_add(v0, r83_7));
v7.store(&mut m[88]);
let r69_8 = p.splat(f64::from_bits(0x3eb0c6f7a0b5ed8d));
let v8 = r0_0.multiply_add(r0_0, r69_8);
let v9 = v8.sqrt();
let v10 = r0_0 + v9;
let r1_11 = p.load(&m[1]);
let r60_11 = p.splat(f64::from_bits(0x3fe0000000000000));
let v11 = r60_11.multiply_add(v10, p.splat(0.0) - r1_11);
let r70_12 = p.load(&m[70]);
let v12 = r70_12 * v11;
v12.store(&mut m[90]);
let v13 = r2_7.multiply_add(r2_7, r63_0);
let v14 = v13.ln();
let v15 = r2_7.tanh();
let r71_16 = p.load(&m[71]);
let v16 = r1_11.pow(r71_16);
let r73_17 = p.load(&m[73]);
let v17 = r73_17 + v16;
let v18 = p.splat(1.0) / v17;
let v19 = v16 * v18;
let r61_20 = p.splat(f64::from_bits(0x3fb999999999999a));
let v20 = r61_20.subtract_product(v14, v19 - v15);
v20.store(&mut m[92]);
}

#[inline(always)]
fn linearise_0<V: Vector>(p: Present<V>, m: &mut Memory) {
let r63_0 = p.splat(f64::from_bits(0x3ff0000000000000));
let r0_0 = p.load(&m[0]);
let v0 = r63_0 - r0_0;
let r66_1 = p.splat(f64::from_bits(0x401921fb54442d18));
let r48_1 = p.load(&m[48]);
let v1 = r66_1 * r48_1;
let v2 = v1.cos();
let r67_3 = p.load(&m[67]);
let v3 = r67_3.multiply_add(v2, r63_0);
let r68_4 = p.load(&m[68]);
let v4 = r68_4 * v3;
let v5 = v4 * r0_0;
let r62_6 = p.splat(f64::from_bits(0x3fc999999999999a));
let v6 = r62_6 * r0_0;
let r83_7 = p.load(&m[83]);
let r2_7 = p.load(&m[2]);
let v7 = v6.subtract_product(r2_7, v5.multiply_add(v0, r83_7));
v7.store(&mut m[88]);
let r69_8 = p.splat(f64::from_bits(0x3eb0c6f7a0b5ed8d));
let v8 = r0_0.multiply_add(r0_0, r69_8);
let v9 = v8.sqrt();
let v10 = r0_0 + v9;
let r1_11 = p.load(&m[1]);
let r60_11 = p.splat(f64::from_bits(0x3fe0000000000000));
let v11 = r60_11.multiply_add(v10, p.splat(0.0) - r1_11);
let r70_12 = p.load(&m[70]);
let v12 = r70_12 * v11;
v12.store(&mut m[90]);
let v13 = r2_7.multiply_add(r2_7, r63_0);
let v14 = v13.ln();
let v15 = r2_7.tanh();
let r71_16 = p.load(&m[71]);
let v16 = r1_11.pow(r71_16);
let r73_17 = p.load(&m[73]);
let v17 = r73_17 + v16;
let v18 = p.splat(1.0) / v17;
let v19 = v16 * v18;
let r61_20 = p.splat(f64::from_bits(0x3fb999999999999a));
let v20 = r61_20.subtract_product(v14, v19 - v15);
v20.store(&mut m[92]);
let v21 = r62_6.subtract_product(r2_7, v4.multiply_add(v0, p.splat(0.0) - v5));
v21.store(&mut m[54]);
let v22 = r0_0 + r0_0;
let v23 = r60_11 * v22;
let v24 = v23 / v9;
let v25 = r63_0 + v24;
let r74_26 = p.load(&m[74]);
let v26 = r74_26 * v25;
v26.store(&mut m[50]);
let r76_27 = p.load(&m[76]);
let v27 = r1_11.pow(r76_27);
let v28 = r71_16 * v27;
let v29 = v19.subtract_product(v28, v28);
let v30 = v29 * v18;
v30.store(&mut m[51]);
let v31 = r62_6.subtract_product(r0_0, p.splat(0.0));
v31.store(&mut m[52]);
let v32 = r2_7 + r2_7;
let v33 = v32 / v13;
let r77_34 = p.load(&m[77]);
let v34 = r61_20.subtract_product(v33, v15.multiply_add(v15, r77_34));
v34.store(&mut m[56]);
let v35 = v1.sin();
let r80_36 = p.load(&m[80]);
let v36 = r80_36 * v35 * r0_0 * v0;
let v37 = -v36;
let v38 = v37;
v38.store(&mut m[57]);
let r81_39 = p.splat(f64::from_bits(0x0));
let v39 = r81_39;
v39.store(&mut m[58]);
let v40 = r81_39;
v40.store(&mut m[59]);
}

#[inline(always)]
fn observables_0<V: Vector>(p: Present<V>, m: &mut Memory) {
let r63_0 = p.splat(f64::from_bits(0x3ff0000000000000));
let r0_0 = p.load(&m[0]);
let v0 = r63_0 + r0_0;
let v1 = v0.sqrt();
let r2_2 = p.load(&m[2]);
let v2 = r2_2.exp();
let v3 = v2 + v1;
v3.store(&mut m[87]);
let r82_4 = p.splat(f64::from_bits(0x4000000000000000));
let v4 = r82_4 * r0_0;
v4.store(&mut m[84]);
}

#[inline(always)]
fn factorise_0<V: Vector>(p: Present<V>, m: &mut Memory, shift: &Eight, trusted: &mut Eight) {
let shift = p.load(shift);
let s = p.load(&m[54]);
let (mut s, mut size) = (s - shift, s.abs() + shift);
negated_inverse(s, size, trusted).store(&mut m[54]);
let mut s = p.load(&m[52]);
s.store(&mut m[52]);
let mut s = p.load(&m[50]);
(s * p.load(&m[54])).store(&mut m[50]);
let s = p.load(&m[75]);
let (mut s, mut size) = (s - shift, s.abs() + shift);
negated_inverse(s, size, trusted).store(&mut m[55]);
let mut s = p.splat(f64::from_bits(0x0));
s = p.load(&m[50]).multiply_add(p.load(&m[52]), s);
s.store(&mut m[53]);
let mut s = p.load(&m[51]);
(s * p.load(&m[55])).store(&mut m[51]);
let s = p.load(&m[56]);
let (mut s, mut size) = (s - shift, s.abs() + shift);
let (a, b) = (p.load(&m[51]), p.load(&m[53]));
s = a.multiply_add(b, s);
size = a.abs().multiply_add(b.abs(), size);
negated_inverse(s, size, trusted).store(&mut m[56]);
}

#[inline(always)]
fn substitute_0<V: Vector>(p: Present<V>, m: &Factors, u: &mut States) {
let mut s = p.load(&u[1]);
s = p.load(&m[2]).multiply_add(p.load(&u[0]), s);
s.store(&mut u[1]);
let mut s = p.load(&u[2]);
s = p.load(&m[3]).multiply_add(p.load(&u[1]), s);
s.store(&mut u[2]);
let mut s = p.load(&u[2]);
s = s * p.load(&m[8]);
s.store(&mut u[2]);
let mut s = p.load(&u[1]);
s = p.load(&m[5]).multiply_add(p.load(&u[2]), s);
s = s * p.load(&m[7]);
s.store(&mut u[1]);
let mut s = p.load(&u[0]);
s = p.load(&m[4]).multiply_add(p.load(&u[2]), s);
s = s * p.load(&m[6]);
s.store(&mut u[0]);
}

