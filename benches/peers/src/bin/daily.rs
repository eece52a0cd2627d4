//! Error of the daily output of all patients against a tight run of the lanes themselves: shows what the twenty
//! patients and fifteen days of the reference cannot, the error of the output inside steps above all.
//!
//! `daily FOLDER [PATIENTS] [TOLERANCE ...]`

use std::path::Path;

use gutskin_engine::Solution;
use gutskin_engine::lanes::PatientResult;
use gutskin_peers::{Failure, Patients, ensemble};
use gutskin_surrogate::Surrogate;

fn solve(folder: &Path, count: usize, relative: f64) -> Result<Vec<PatientResult>, Failure> {
    let patients = Patients::new(Surrogate::read(folder, 1.0)?, 0, count);
    Ok(ensemble(&patients.surrogate, relative, None)?.solve(&patients))
}

fn trajectories(results: &[PatientResult]) -> impl Iterator<Item = &Solution> {
    results.iter().filter_map(|r| r.outcome.as_ref().ok())
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(
        arguments
            .first()
            .ok_or("give the folder of the benchmark")?,
    );
    let count = arguments.get(1).map_or(Ok(200), |a| a.parse())?;
    let mut tolerances = Vec::new();
    for text in arguments.iter().skip(2) {
        tolerances.push(text.parse::<f64>()?);
    }
    if tolerances.is_empty() {
        tolerances = vec![1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
    }
    let reference = solve(folder, count, 1e-10)?;
    println!("| tolerance | largest | 99.99 % | 99.9 % | rms | steps | rejected |");
    println!("|---|---|---|---|---|---|---|");
    for relative in tolerances {
        let found = solve(folder, count, relative)?;
        let mut errors: Vec<(f64, usize, usize, usize)> = Vec::new();
        let (mut steps, mut rejected) = (0, 0);
        for (who, (ours, exact)) in trajectories(&found)
            .zip(trajectories(&reference))
            .enumerate()
        {
            steps += ours.statistics.accepted;
            rejected += ours.statistics.rejected;
            let width = exact.trajectory.observables(0).len();
            let mut largest = vec![0.0_f64; width];
            for day in 0..exact.trajectory.len() {
                for (size, value) in largest.iter_mut().zip(exact.trajectory.observables(day)) {
                    *size = size.max(value.abs());
                }
            }
            for day in 0..exact.trajectory.len() {
                let pairs = ours.trajectory.observables(day).iter();
                let pairs = pairs.zip(exact.trajectory.observables(day));
                for (state, ((a, b), size)) in pairs.zip(&largest).enumerate() {
                    errors.push(((a - b).abs() / (b.abs() + 1e-3 * size), who, day, state));
                }
            }
        }
        errors.sort_by(|a, b| a.0.total_cmp(&b.0));
        let at = |share: f64| errors[(share * (errors.len() - 1) as f64) as usize].0;
        let squares: f64 = errors.iter().map(|e| e.0 * e.0).sum();
        let (worst, who, day, state) = errors[errors.len() - 1];
        println!(
            "| {relative:.0e} | {worst:.1e} (patient {who}, day {day}, state {state}) | {:.1e} | {:.1e} | {:.1e} | {:.1} | {:.1} |",
            at(0.9999),
            at(0.999),
            (squares / errors.len() as f64).sqrt(),
            steps as f64 / count as f64,
            rejected as f64 / count as f64,
        );
    }
    Ok(())
}
