//! Kernels of one program compiled ahead of time: straight-line Rust, emitted from the same [`LaneProgram`] that the
//! interpreter runs, kept in a crate of its own and recognised by fingerprint.

mod emit;

use super::compile::LaneProgram;
use super::kernel::{Eight, InstructionSet};

pub use emit::emit;

/// Compiled kernels of one program.
#[derive(Clone, Copy, Debug)]
pub struct CompiledKernels {
    /// Name of the model.
    pub name: &'static str,
    /// [`LaneProgram::fingerprint`] of the program that they were emitted from.
    pub fingerprint: u64,
    /// For machines with 512-bit vectors.
    pub avx512: Option<KernelTable>,
    /// For machines with 256-bit vectors and fused multiply-add.
    pub avx2: Option<KernelTable>,
}

/// Kernels for one instruction set, eight lanes. They may be called only where the machine has it, with as many rows
/// as the program has.
#[derive(Clone, Copy, Debug)]
pub struct KernelTable {
    /// Rates at argument and time.
    pub rates: unsafe fn(&mut [Eight]),
    /// Rates, Jacobian and time derivative.
    pub linearise: unsafe fn(&mut [Eight]),
    /// Observables.
    pub observables: unsafe fn(&mut [Eight]),
    /// Factorises J − shift·I; a lane of `trusted` becomes negative where a pivot cannot be trusted.
    pub factorise: unsafe fn(rows: &mut [Eight], shift: &Eight, trusted: &mut Eight),
    /// Solves with the factors, in place: the vector begins at this row.
    pub substitute: unsafe fn(rows: &mut [Eight], vector: usize),
}

impl CompiledKernels {
    /// The kernels for an instruction set; `None` where the interpreter has to serve.
    pub(crate) fn table(&self, set: InstructionSet) -> Option<&KernelTable> {
        match set {
            InstructionSet::Avx512 => self.avx512.as_ref(),
            InstructionSet::Avx2 => self.avx2.as_ref(),
            InstructionSet::Portable => None,
        }
    }
}

impl LaneProgram {
    /// A number that tells programs apart by everything that compiled kernels rest on: operations, rows, plan of the
    /// factorisation (FNV-1a).
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let parts = (
            (&self.code, &self.factors, &self.vectors),
            (self.rows, &self.constants, self.time),
            (&self.parameters, &self.inputs, &self.switches),
            (&self.rates, &self.jacobian, &self.time_derivative),
            &self.observables,
        );
        format!("{parts:?}")
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            })
    }
}
