//! The lanes on the benchmark model: one line of JSON, like the other tools.
//!
//! `lanes FOLDER FIRST COUNT RELATIVE ABSOLUTE [LANES] [avx512|avx2|portable] [INPUT_CHANGES] [interpreter|compiled]`

use gutskin_engine::Status;
use gutskin_engine::lanes::Path;
use gutskin_peers::{
    Failure, Patients, compiled_ensemble, ensemble, instruction_set, lane_count, processor_seconds,
};
use gutskin_surrogate::Surrogate;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = |place: usize| arguments.get(place).map(String::as_str);
    let number = |place: usize, default: f64| text(place).map_or(Ok(default), str::parse::<f64>);
    let folder = text(0).ok_or("give the folder of the benchmark")?;
    let (first, count) = (number(1, 0.0)? as usize, number(2, 200.0)? as usize);
    let (relative, absolute) = (number(3, 1e-6)?, number(4, 1e-6)?);
    let surrogate = Surrogate::read(std::path::Path::new(folder), absolute / relative)?;
    let is_compiled = match text(8) {
        Some("compiled") => true,
        None | Some("interpreter") => false,
        Some(other) => return Err(format!("{other}: write interpreter or compiled").into()),
    };
    let mut ensemble = if is_compiled {
        let found = compiled_ensemble(&surrogate, relative, None)?;
        found.ok_or("no compiled kernels for this machine, model and build")?
    } else {
        ensemble(&surrogate, relative, None)?
    };
    let lanes: usize = text(5).map_or(Ok(0), str::parse)?;
    if lanes > 0 {
        let known = lane_count(lanes)
            .ok_or("lanes are 8, 16, 32 or 64; 0 lets the size of the model choose")?;
        ensemble = ensemble.with_lanes(known);
    }
    if let Some(name) = text(6).filter(|name| *name != "best") {
        let set =
            instruction_set(name).ok_or("instruction sets are best, avx512, avx2 and portable")?;
        ensemble = ensemble.with_instruction_set(set);
    }
    // another number of lanes or instruction set may have no kernels
    let is_compiled = ensemble.is_compiled();
    let mut patients = Patients::new(surrogate, first, count);
    patients.input_changes = number(7, 2.0)? as usize;

    let start = processor_seconds()?;
    let results = ensemble.solve(&patients);
    let seconds = processor_seconds()? - start;

    let solutions: Vec<_> = results
        .iter()
        .filter_map(|r| r.outcome.as_ref().ok())
        .collect();
    let complete = solutions
        .iter()
        .filter(|s| s.status == Status::Complete)
        .count();
    let sum = |pick: &dyn Fn(&gutskin_engine::Statistics) -> usize| -> f64 {
        solutions.iter().map(|s| pick(&s.statistics)).sum::<usize>() as f64 / solutions.len() as f64
    };
    let (maximum, rms) = patients.surrogate.reference.error(|patient, day, state| {
        let solution = patient.checked_sub(first).and_then(|i| solutions.get(i));
        let row = solution.map_or(&[][..], |s| s.trajectory.observables(day as usize));
        row.get(state).copied().unwrap_or(f64::NAN)
    });
    let line = serde_json::json!({
        "tool": if is_compiled { "gutskin compiled" } else { "gutskin interpreter" },
        "patients": results.len(),
        "complete": complete,
        "scalar_path": results.iter().filter(|r| r.path == Path::Scalar).count(),
        "seconds": seconds,
        "solver_seconds": seconds,
        "error_max": maximum,
        "error_rms": rms,
        "steps_accepted": sum(&|s| s.accepted),
        "steps_rejected": sum(&|s| s.rejected),
        "class": ensemble.class().name(),
    });
    println!("{line}");
    Ok(())
}
