//! The benchmark's patients as a cohort, and the clock.

use std::sync::Arc;

use gutskin_engine::lanes::{
    Cohort, Ensemble, InstructionSet, LaneCount, LaneProgram, PatientSpec, emit,
};
use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_engine::{Action, Change, Options, Run, Schedule, Target};
use gutskin_surrogate::Surrogate;

/// Any failure, as text for the person at the terminal.
pub type Failure = Box<dyn std::error::Error>;

/// Processor time of this thread, in seconds: on a shared machine wall time measures the neighbours.
///
/// # Errors
/// Where the system does not report it.
pub fn processor_seconds() -> Result<f64, Failure> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let first = text.split_whitespace().next().ok_or("schedstat is empty")?;
    Ok(first.parse::<f64>()? * 1e-9)
}

/// Processor time of the whole process, in seconds, to a hundredth.
///
/// # Errors
/// Where the system does not report it.
pub fn process_seconds() -> Result<f64, Failure> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let (_, rest) = text.rsplit_once(')').ok_or("stat has no name")?;
    let mut ticks = 0.0;
    for field in rest.split_whitespace().skip(11).take(2) {
        ticks += field.parse::<f64>()?;
    }
    Ok(ticks / 100.0)
}

/// Patients of the benchmark, from `first` on.
pub struct Patients {
    /// The case.
    pub surrogate: Surrogate,
    /// Number of the first patient.
    pub first: usize,
    /// How many; numbers beyond the table's end start again.
    pub count: usize,
    /// Times of output, in days.
    pub outputs: Vec<f64>,
    /// Further input changes at evenly spread times: the input takes its scheduled value anew or half of it.
    pub input_changes: usize,
    /// Last day.
    pub end: f64,
    /// Varied parameters are multiplied by 10 to a power drawn from minus this to this; negative: all patients are the
    /// first one.
    pub decades: f64,
}

impl Patients {
    /// Daily output of all states, two input changes.
    #[must_use]
    pub fn new(surrogate: Surrogate, first: usize, count: usize) -> Self {
        Self {
            surrogate,
            first,
            count,
            outputs: (0..=196).map(f64::from).collect(),
            input_changes: 2,
            end: Surrogate::LAST_DAY,
            decades: 0.0,
        }
    }

    fn spread(&self, parameters: &[f64], index: usize) -> Vec<f64> {
        if self.decades <= 0.0 {
            return parameters.to_vec();
        }
        let defaults = self.surrogate.model.network.parameter_values();
        let mut state = index as u64 + 1;
        let mut spread = Vec::with_capacity(parameters.len());
        for (&value, default) in parameters.iter().zip(defaults) {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let uniform = (state >> 11) as f64 / (1u64 << 53) as f64;
            let factor = 10.0_f64.powf(self.decades * (2.0 * uniform - 1.0));
            spread.push(if value == default {
                value
            } else {
                value * factor
            });
        }
        spread
    }

    fn schedule(&self) -> Schedule {
        let events = &self.surrogate.model.events;
        let change = |time: f64, input: usize, value: f64| Change {
            time,
            target: Target::Input(input as u32),
            action: Action::Set(value),
        };
        let mut changes: Vec<Change> = events
            .iter()
            .map(|event| change(event.time, event.input, event.value))
            .collect();
        let extra = self.input_changes.saturating_sub(events.len());
        if let (Some(first), Some(last)) = (events.first(), events.last()) {
            for k in 1..=extra {
                let share = k as f64 / (extra + 1) as f64;
                let time = first.time + share * (last.time - first.time);
                let value = if k % 2 == 1 { 0.5 } else { 1.0 } * first.value;
                changes.push(change(time, first.input, value));
            }
        }
        Schedule::sorted(changes).unwrap_or_default()
    }
}

impl Cohort for Patients {
    fn len(&self) -> usize {
        self.count
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let patients = &self.surrogate.patients;
        let number = if self.decades < 0.0 {
            self.first
        } else {
            self.first + index
        };
        let patient = &patients[number % patients.len()];
        let mut run = Run::new(0.0, self.end, patient.initial.clone());
        run.schedule = self.schedule();
        run.outputs.clone_from(&self.outputs);
        PatientSpec {
            parameters: self.spread(&patient.parameters, index),
            switches: Vec::new(),
            run,
        }
    }
}

/// The ensemble of the benchmark model at these tolerances.
///
/// # Errors
/// Where the model does not compile or a tolerance is out of range.
pub fn ensemble(
    surrogate: &Surrogate,
    relative: f64,
    observables: Option<Vec<String>>,
) -> Result<Ensemble, Failure> {
    let options = ProgramOptions { observables };
    let lanes = LaneProgram::of_network(&surrogate.model.network, &options, &[])?;
    ensemble_of(lanes, relative)
}

/// The same with the compiled kernels; `None` where there are none for this machine, model or build.
///
/// # Errors
/// Where the model does not compile or a tolerance is out of range.
pub fn compiled_ensemble(
    surrogate: &Surrogate,
    relative: f64,
    observables: Option<Vec<String>>,
) -> Result<Option<Ensemble>, Failure> {
    let options = ProgramOptions { observables };
    let kernels = gutskin_surrogate_compiled::KERNELS;
    let lanes = LaneProgram::of_network(&surrogate.model.network, &options, kernels)?;
    Ok(Some(ensemble_of(lanes, relative)?).filter(Ensemble::is_compiled))
}

/// Source of the compiled kernels of the benchmark model, all states observed.
///
/// # Errors
/// Where the model does not compile.
pub fn kernel_source(surrogate: &Surrogate) -> Result<String, Failure> {
    let program = Program::new(&surrogate.model.network, &ProgramOptions::default())?;
    Ok(emit(&LaneProgram::for_kernels(Arc::new(program))?))
}

fn ensemble_of(lanes: LaneProgram, relative: f64) -> Result<Ensemble, Failure> {
    Ok(Ensemble::new(
        Arc::new(lanes),
        Options::with_tolerance(relative),
    )?)
}

/// A lane count by its number.
#[must_use]
pub fn lane_count(number: usize) -> Option<LaneCount> {
    [
        LaneCount::Eight,
        LaneCount::Sixteen,
        LaneCount::ThirtyTwo,
        LaneCount::SixtyFour,
    ]
    .into_iter()
    .find(|count| count.number() == number)
}

/// An instruction set by its name.
#[must_use]
pub fn instruction_set(name: &str) -> Option<InstructionSet> {
    match name {
        "avx512" => Some(InstructionSet::Avx512),
        "avx2" => Some(InstructionSet::Avx2),
        "portable" => Some(InstructionSet::Portable),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    /// `GUTSKIN_KEEP_KERNELS=1 cargo test --workspace --lib the_generator` writes the file anew, as `generate` does.
    #[test]
    fn the_generator_gives_the_bytes_that_are_kept() {
        let Some(folder) = Surrogate::folder() else {
            println!("skipped: the benchmark model is not here");
            return;
        };
        let surrogate = Surrogate::read(&folder, 1.0).expect("readable");
        let source = kernel_source(&surrogate).expect("a program");
        if std::env::var_os("GUTSKIN_KEEP_KERNELS").is_some() {
            let file = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../surrogate-compiled/src/kernels.rs"
            );
            std::fs::write(file, &source).expect("written");
            return;
        }
        let kept = include_str!("../../surrogate-compiled/src/kernels.rs");
        assert!(
            source == kept,
            "generate the kernels anew: GUTSKIN_KEEP_KERNELS=1"
        );
    }
}
