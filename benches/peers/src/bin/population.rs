//! Memory: a large population, fifty observables, daily quantiles for everybody and Arrow rows at visit days only.
//!
//! `population FOLDER [PATIENTS] [THREADS]` prints throughput and the largest resident size of the process. The tables of
//! visits are made block by block, as for a file, and dropped: no file is written.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Float64Type;
use arrow::error::ArrowError;
use gutskin_engine::lanes::{Plan, Quantiles, trajectories};
use gutskin_peers::{Failure, Patients, compiled_ensemble, ensemble};
use gutskin_surrogate::Surrogate;

const OBSERVABLES: usize = 50;
const DAYS: usize = 168;
const VISIT_EVERY: usize = 28;

/// The rows at visit days.
fn visits(table: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let days = table.column(1).as_primitive::<Float64Type>();
    let at_visit = |day: &f64| day.rem_euclid(VISIT_EVERY as f64) == 0.0;
    let mask: BooleanArray = days
        .values()
        .iter()
        .map(|day| Some(at_visit(day)))
        .collect();
    filter_record_batch(table, &mask)
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments
        .first()
        .ok_or("give the folder of the benchmark")?;
    let number = |place: usize, default: usize| {
        arguments
            .get(place)
            .map_or(Ok(default), |a| a.parse::<usize>())
    };
    let (count, threads) = (number(1, 100_000)?, number(2, 2)?);
    let surrogate = Surrogate::read(std::path::Path::new(folder), 1.0)?;
    let names: Vec<String> = surrogate
        .model
        .network
        .states
        .iter()
        .take(OBSERVABLES)
        .map(|s| s.name.clone())
        .collect();
    let ensemble = match compiled_ensemble(&surrogate, 1e-6, Some(names.clone()))? {
        Some(compiled) => compiled,
        None => ensemble(&surrogate, 1e-6, Some(names))?,
    };
    let program = ensemble.program().program().clone();
    let mut patients = Patients::new(surrogate, 0, count);
    patients.end = DAYS as f64;
    patients.outputs = (0..=DAYS).map(|day| day as f64).collect();

    let mut daily = vec![Quantiles::default(); (DAYS + 1) * OBSERVABLES];
    let (mut visit_rows, mut visit_bytes, mut failed) = (0, 0, 0);
    let mut refused = None;
    let start = Instant::now();
    let plan = Plan {
        threads,
        ..Plan::default()
    };
    ensemble.run(&patients, &plan, &AtomicBool::new(false), &mut |block| {
        for result in &block.results {
            let Some(solution) = result
                .outcome
                .as_ref()
                .ok()
                .filter(|s| s.status.is_success())
            else {
                failed += 1;
                continue;
            };
            for day in 0..solution.trajectory.len() {
                let row = solution.trajectory.observables(day);
                for (cell, &value) in daily[day * OBSERVABLES..].iter_mut().zip(row) {
                    cell.add(value);
                }
            }
        }
        match trajectories(&program, &block).and_then(|table| visits(&table)) {
            Ok(table) => {
                visit_rows += table.num_rows();
                visit_bytes += table.get_array_memory_size();
                ControlFlow::Continue(())
            }
            Err(error) => {
                refused = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(error) = refused {
        return Err(error.into());
    }
    let seconds = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or("VmHWM unknown");
    println!(
        "{count} patients, {failed} failed, {seconds:.1} s on {threads} threads, {:.0} patients/s",
        count as f64 / seconds
    );
    println!(
        "{visit_rows} rows at visits, {visit_bytes} bytes of Arrow; compiled: {}; last day's median of the first observable {:?}",
        ensemble.is_compiled(),
        daily[DAYS * OBSERVABLES].quantile(0.5)
    );
    println!("{peak}");
    Ok(())
}
