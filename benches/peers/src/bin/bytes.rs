//! Same bytes on the benchmark model: interpreter and compiled kernels, every instruction set, lane counts, one and two
//! threads, blocks of several sizes, patients alone. Within an arithmetic class all must agree to the bit.
//!
//! `bytes FOLDER [PATIENTS]` prints a fingerprint a way and fails where two of a class differ.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use gutskin_engine::lanes::{Ensemble, InstructionSet, PatientResult, Plan};
use gutskin_peers::{Failure, Patients, compiled_ensemble, ensemble, lane_count};
use gutskin_surrogate::Surrogate;

/// FNV-1a over times, observables, end, inputs, status and steps.
fn fingerprint<'r>(results: impl IntoIterator<Item = &'r PatientResult>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bits: u64| {
        for byte in bits.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for result in results {
        add(result.index as u64);
        let Ok(solution) = &result.outcome else {
            add(u64::MAX);
            continue;
        };
        add(u64::from(solution.status.is_success()));
        add(solution.statistics.accepted as u64);
        add(solution.statistics.rejected as u64);
        let rows = &solution.trajectory;
        for row in 0..rows.len() {
            add(rows.times()[row].to_bits());
            rows.observables(row).iter().for_each(|x| add(x.to_bits()));
        }
        let end = solution.state.iter().chain(&solution.inputs);
        end.for_each(|x| add(x.to_bits()));
    }
    hash
}

fn over_threads(ensemble: &Ensemble, cohort: &Patients, threads: usize, block_size: usize) -> u64 {
    let plan = Plan {
        threads,
        block_size,
        first_block: 0,
    };
    let mut results = Vec::new();
    ensemble.run(cohort, &plan, &AtomicBool::new(false), &mut |block| {
        results.extend(block.results);
        ControlFlow::Continue(())
    });
    fingerprint(&results)
}

fn main() -> Result<ExitCode, Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments
        .first()
        .ok_or("give the folder of the benchmark")?;
    let count = arguments.get(1).map_or(Ok(200), |a| a.parse())?;
    let read = || Surrogate::read(Path::new(folder), 1.0);
    let mut cohort = Patients::new(read()?, 0, count);
    let interpreter = ensemble(&cohort.surrogate, 1e-6, None)?;
    let compiled = compiled_ensemble(&cohort.surrogate, 1e-6, None)?
        .ok_or("no compiled kernels for this machine, model and build")?;

    let mut found: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    let mut note = |class: &'static str, way: &str, print: u64| {
        println!("{class:8} {print:016x} {way}");
        found.entry(class).or_default().push(print);
    };
    for set in InstructionSet::ALL
        .into_iter()
        .filter(|set| set.is_available())
    {
        let class = set.class().name();
        for number in [8, 16, 32, 64] {
            let Some(lanes) = lane_count(number) else {
                continue;
            };
            let forced = interpreter
                .clone()
                .with_instruction_set(set)
                .with_lanes(lanes);
            let print = fingerprint(&forced.solve(&cohort));
            note(
                class,
                &format!("interpreter, {set:?}, {number} lanes"),
                print,
            );
        }
        let forced = compiled.clone().with_instruction_set(set);
        if forced.is_compiled() {
            let print = fingerprint(&forced.solve(&cohort));
            note(class, &format!("compiled, {set:?}"), print);
            note(
                class,
                &format!("compiled, {set:?}, 2 threads, blocks of 7"),
                over_threads(&forced, &cohort, 2, 7),
            );
        }
        let forced = interpreter.clone().with_instruction_set(set);
        for (threads, block_size) in [(1, 64), (2, 16)] {
            note(
                class,
                &format!("interpreter, {set:?}, {threads} threads, blocks of {block_size}"),
                over_threads(&forced, &cohort, threads, block_size),
            );
        }
    }
    // A patient alone, in its place among the others.
    let best = interpreter.class().name();
    let mut alone = Vec::new();
    cohort.count = 1;
    for index in 0..count {
        cohort.first = index;
        for mut result in interpreter.solve(&cohort) {
            result.index = index;
            alone.push(result);
        }
    }
    note(
        best,
        "interpreter, every patient alone",
        fingerprint(&alone),
    );

    let mut same = true;
    for (class, prints) in &found {
        let agree = prints.windows(2).all(|pair| pair[0] == pair[1]);
        let verdict = if agree {
            "the same bytes"
        } else {
            "DIFFERENT BYTES"
        };
        println!("{class}: {} ways, {verdict}", prints.len());
        same &= agree;
    }
    Ok(ExitCode::from(u8::from(!same)))
}
