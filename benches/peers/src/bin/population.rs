//! Memory: a large population, fifty observables, daily quantiles for everybody and rows at visit days only.
//!
//! `population FOLDER [PATIENTS] [THREADS]` prints throughput and the largest resident size of the process.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use gutskin_engine::lanes::{Plan, Quantiles};
use gutskin_peers::{Failure, Patients, ensemble};
use gutskin_surrogate::Surrogate;

const OBSERVABLES: usize = 50;
const DAYS: usize = 168;
const VISIT_EVERY: usize = 28;

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
    let names = surrogate
        .model
        .network
        .states
        .iter()
        .take(OBSERVABLES)
        .map(|s| s.name.clone())
        .collect();
    let ensemble = ensemble(&surrogate, 1e-6, Some(names))?;
    let mut patients = Patients::new(surrogate, 0, count);
    patients.end = DAYS as f64;
    patients.outputs = (0..=DAYS).map(|day| day as f64).collect();

    let mut daily = vec![Quantiles::default(); (DAYS + 1) * OBSERVABLES];
    let (mut visit_values, mut failed) = (0_u64, 0);
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
                visit_values += if day % VISIT_EVERY == 0 {
                    row.len() as u64
                } else {
                    0
                };
            }
        }
        ControlFlow::Continue(())
    });
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
        "{visit_values} values at visits; last day's median of the first observable {:?}",
        daily[DAYS * OBSERVABLES].quantile(0.5)
    );
    println!("{peak}");
    Ok(())
}
