// Generated from the program of a model; see the head of the crate. Do not edit.
use gutskin_engine::lanes::{CompiledKernels, Eight, KernelTable, Present, Vector, negated_inverse};

const ROWS: usize = 106;
const VECTORS: usize = 48;
const STATES: usize = 3;
type Memory = [Eight; ROWS];
type Factors = [Eight; ROWS - VECTORS];
type States = [Eight; STATES];

/// The kernels of this model.
pub const KERNELS: CompiledKernels = CompiledKernels {
    name: "loop",
    fingerprint: 0x838827c793c4532f,
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
let r65_1 = p.load(&m[65]);
let v1 = r0_0.max(r65_1);
let r68_2 = p.splat(f64::from_bits(0x401921fb54442d18));
let r48_2 = p.load(&m[48]);
let v2 = r68_2 * r48_2;
let v3 = v2.cos();
let r69_4 = p.load(&m[69]);
let v4 = r69_4.multiply_add(v3, r63_0);
let r70_5 = p.load(&m[70]);
let v5 = r70_5 * v4;
let v6 = v5 * v1;
let r62_7 = p.splat(f64::from_bits(0x3fc999999999999a));
let v7 = r62_7 * r0_0;
let r89_8 = p.load(&m[89]);
let r2_8 = p.load(&m[2]);
let v8 = v7.subtract_product(r2_8, v6.multiply_add(v0, r89_8));
v8.store(&mut m[95]);
let r71_9 = p.splat(f64::from_bits(0x3eb0c6f7a0b5ed8d));
let v9 = r0_0.multiply_add(r0_0, r71_9);
let v10 = v9.sqrt();
let v11 = r0_0 + v10;
let r1_12 = p.load(&m[1]);
let r60_12 = p.splat(f64::from_bits(0x3fe0000000000000));
let v12 = r60_12.multiply_add(v11, p.splat(0.0) - r1_12);
let r72_13 = p.load(&m[72]);
let v13 = r72_13 * v12;
v13.store(&mut m[97]);
let v14 = r2_8.multiply_add(r2_8, r63_0);
let v15 = v14.ln();
let r74_16 = p.load(&m[74]);
let v16 = r74_16.min(r2_8);
let v17 = v16.tanh();
let r77_18 = p.load(&m[77]);
let v18 = r77_18 * r1_12;
let r75_19 = p.load(&m[75]);
let v19 = v18.pow(r75_19);
let v20 = r63_0 + v19;
let v21 = p.splat(1.0) / v20;
let v22 = v19 * v21;
let r78_23 = p.splat(f64::from_bits(0x7e37e43c8800759c));
let v23 = r78_23.select(v19, r63_0, v22, |a, b| a < b);
let r61_24 = p.splat(f64::from_bits(0x3fb999999999999a));
let v24 = r61_24.subtract_product(v15, v23 - v17);
v24.store(&mut m[105]);
}

#[inline(always)]
fn linearise_0<V: Vector>(p: Present<V>, m: &mut Memory) {
let r63_0 = p.splat(f64::from_bits(0x3ff0000000000000));
let r0_0 = p.load(&m[0]);
let v0 = r63_0 - r0_0;
let r65_1 = p.load(&m[65]);
let v1 = r0_0.max(r65_1);
let r68_2 = p.splat(f64::from_bits(0x401921fb54442d18));
let r48_2 = p.load(&m[48]);
let v2 = r68_2 * r48_2;
let v3 = v2.cos();
let r69_4 = p.load(&m[69]);
let v4 = r69_4.multiply_add(v3, r63_0);
let r70_5 = p.load(&m[70]);
let v5 = r70_5 * v4;
let v6 = v5 * v1;
let r62_7 = p.splat(f64::from_bits(0x3fc999999999999a));
let v7 = r62_7 * r0_0;
let r89_8 = p.load(&m[89]);
let r2_8 = p.load(&m[2]);
let v8 = v7.subtract_product(r2_8, v6.multiply_add(v0, r89_8));
v8.store(&mut m[95]);
let r71_9 = p.splat(f64::from_bits(0x3eb0c6f7a0b5ed8d));
let v9 = r0_0.multiply_add(r0_0, r71_9);
let v10 = v9.sqrt();
let v11 = r0_0 + v10;
let r1_12 = p.load(&m[1]);
let r60_12 = p.splat(f64::from_bits(0x3fe0000000000000));
let v12 = r60_12.multiply_add(v11, p.splat(0.0) - r1_12);
let r72_13 = p.load(&m[72]);
let v13 = r72_13 * v12;
v13.store(&mut m[97]);
let v14 = r2_8.multiply_add(r2_8, r63_0);
let v15 = v14.ln();
let r74_16 = p.load(&m[74]);
let v16 = r74_16.min(r2_8);
let v17 = v16.tanh();
let r77_18 = p.load(&m[77]);
let v18 = r77_18 * r1_12;
let r75_19 = p.load(&m[75]);
let v19 = v18.pow(r75_19);
let v20 = r63_0 + v19;
let v21 = p.splat(1.0) / v20;
let v22 = v19 * v21;
let r78_23 = p.splat(f64::from_bits(0x7e37e43c8800759c));
let v23 = r78_23.select(v19, r63_0, v22, |a, b| a < b);
let r61_24 = p.splat(f64::from_bits(0x3fb999999999999a));
let v24 = r61_24.subtract_product(v15, v23 - v17);
v24.store(&mut m[105]);
let r79_25 = p.splat(f64::from_bits(0x7ff8000000000000));
let v25 = r65_1.select(r0_0, r63_0, r79_25, |a, b| a <= b);
let r80_26 = p.splat(f64::from_bits(0x0));
let v26 = r0_0.select(r65_1, r80_26, v25, |a, b| a < b);
let v27 = v5 * v26;
let v28 = r62_7.subtract_product(r2_8, v27.multiply_add(v0, p.splat(0.0) - v6));
v28.store(&mut m[54]);
let v29 = r0_0 + r0_0;
let v30 = r60_12 * v29;
let v31 = v30 / v10;
let v32 = r63_0 + v31;
let r81_33 = p.load(&m[81]);
let v33 = r81_33 * v32;
v33.store(&mut m[50]);
let r83_34 = p.load(&m[83]);
let v34 = v18.pow(r83_34);
let r84_35 = p.load(&m[84]);
let v35 = r84_35 * v34;
let v36 = v22.subtract_product(v35, v35);
let v37 = v36 * v21;
let v38 = r78_23.select(v19, r80_26, v37, |a, b| a < b);
v38.store(&mut m[51]);
let v39 = r62_7.subtract_product(r0_0, p.splat(0.0));
v39.store(&mut m[52]);
let v40 = r2_8 + r2_8;
let v41 = v40 / v14;
let v42 = r74_16.select(r2_8, r80_26, r79_25, |a, b| a <= b);
let v43 = r2_8.select(r74_16, r63_0, v42, |a, b| a < b);
let v44 = v17.subtract_product(v17, r63_0);
let v45 = r61_24.subtract_product(v41, v44.subtract_product(v43, p.splat(0.0)));
v45.store(&mut m[56]);
let v46 = v2.sin();
let r87_47 = p.load(&m[87]);
let v47 = r87_47 * v46 * v1 * v0;
let v48 = -v47;
let v49 = v48;
v49.store(&mut m[57]);
let v50 = r80_26;
v50.store(&mut m[58]);
let v51 = r80_26;
v51.store(&mut m[59]);
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
v3.store(&mut m[90]);
let r88_4 = p.splat(f64::from_bits(0x4000000000000000));
let v4 = r88_4 * r0_0;
v4.store(&mut m[91]);
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
let s = p.load(&m[82]);
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

