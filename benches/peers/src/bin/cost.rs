//! What the lanes cost: by tolerance, spread between patients, input changes, lanes and instruction set, number of
//! states, and the share of the machine's multiply-adds.
//!
//! `cost FOLDER [PATIENTS]` prints tables of processor time on one core; every row is the best of three.

use std::path::Path;
use std::sync::Arc;

use gutskin_engine::lanes::{
    Cohort, Ensemble, InstructionSet, LaneProgram, MULTIPLY_ADDS_A_ROUND, Path as LanePath,
    PatientResult, PatientSpec, multiply_add_burst,
};
use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_engine::{Options, Run, SteadyOptions};
use gutskin_network::{Builder, ParameterTable};
use gutskin_peers::{Failure, Patients, ensemble, lane_count, process_seconds, processor_seconds};
use gutskin_surrogate::Surrogate;

/// What a run of a cohort cost.
struct Cost {
    /// Patients a second, best of three.
    rate: f64,
    /// Mean steps of a patient, rejected ones included.
    steps: f64,
    /// Patients who left the lanes for the scalar path.
    scalar: usize,
    /// Patients who did not come to their end.
    incomplete: usize,
}

fn measure(ensemble: &Ensemble, cohort: &dyn Cohort) -> Result<Cost, Failure> {
    let (mut best, mut steps) = (f64::INFINITY, 0.0);
    let (mut scalar, mut incomplete) = (0, 0);
    for _ in 0..3 {
        let start = processor_seconds()?;
        let results = ensemble.solve(cohort);
        best = best.min(processor_seconds()? - start);
        let tried = |s: &gutskin_engine::Statistics| (s.accepted + s.rejected) as f64;
        let solutions = results.iter().filter_map(|r| r.outcome.as_ref().ok());
        steps = solutions.map(|s| tried(&s.statistics)).sum::<f64>() / results.len() as f64;
        scalar = results
            .iter()
            .filter(|r| r.path == LanePath::Scalar)
            .count();
        let complete = |r: &&PatientResult| r.outcome.as_ref().is_ok_and(|s| s.status.is_success());
        incomplete = results.len() - results.iter().filter(complete).count();
    }
    Ok(Cost {
        rate: cohort.len() as f64 / best,
        steps,
        scalar,
        incomplete,
    })
}

fn row(label: &str, cost: &Cost) {
    let Cost {
        rate,
        steps,
        scalar,
        incomplete,
    } = cost;
    println!(
        "| {label} | {rate:.0} | {steps:.0} | {:.2} | {scalar} | {incomplete} |",
        1e6 / (rate * steps)
    );
}

fn heading(title: &str) {
    println!(
        "\n| {title} | patients/s | steps | µs a patient's step | left the lanes | incomplete |\n|---|---|---|---|---|---|"
    );
}

/// A chain of `blocks` coupled loops of four states each.
fn chain(blocks: usize) -> Result<Program, Failure> {
    let table = ParameterTable::new();
    let m = Builder::new("chain", "d", &table);
    let rate = m.number("rate", 0.8);
    let half = m.number("half", 0.6);
    let mut before = m.constant(1.0);
    for block in 0..blocks {
        let state = |name: &str| m.state(&format!("{name}.b{block}"), "1").initial(0.5).add();
        let (food, guild, acid, tone) =
            (state("food"), state("guild"), state("acid"), state("tone"));
        let uptake = rate * food / (half + food) * guild / (acid * acid + 1.0);
        m.rate(food, before - uptake - food * 0.3);
        m.rate(guild, uptake * 0.4 - guild * 0.2);
        m.rate(acid, uptake * 0.5 - acid * 40.0 * (tone + 0.5));
        m.rate(tone, (acid - tone).tanh() * 2.0 - tone * 0.1);
        before = acid * 3.0 + food * 0.2;
    }
    Ok(Program::new(
        &m.finish()?,
        &ProgramOptions {
            observables: Some(Vec::new()),
        },
    )?)
}

struct Chain(usize);

impl Cohort for Chain {
    fn len(&self) -> usize {
        self.0
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let share = (index % 64) as f64 / 64.0;
        PatientSpec {
            parameters: vec![0.5 + share, 0.9 - 0.5 * share],
            switches: Vec::new(),
            run: Run::new(0.0, 100.0, Vec::new()),
        }
    }
}

/// Everybody's steady state, on one thread.
fn rests(ensemble: &Ensemble, cohort: &dyn Cohort) -> Result<(), Failure> {
    let start = process_seconds()?;
    let found = ensemble.steady_states(cohort, &SteadyOptions::default(), 1);
    let seconds = process_seconds()? - start;
    let rests: Vec<_> = found.iter().filter_map(|f| f.as_ref().ok()).collect();
    let stable = rests.iter().filter(|f| f.status.is_success()).count();
    let steps: usize = rests.iter().map(|f| f.steps + f.newton_steps).sum();
    println!(
        "\n{} steady states: {:.2} ms each, {:.0} steps, {stable} stable",
        found.len(),
        1e3 * seconds / found.len() as f64,
        steps as f64 / found.len() as f64
    );
    Ok(())
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(
        arguments
            .first()
            .ok_or("give the folder of the benchmark")?,
    );
    let count = arguments.get(1).map_or(Ok(200), |a| a.parse())?;
    let read = || Surrogate::read(folder, 1.0);

    heading("tolerance");
    for relative in [1e-4, 1e-5, 1e-6, 1e-7, 1e-8] {
        let patients = Patients::new(read()?, 0, count);
        let lanes = ensemble(&patients.surrogate, relative, None)?;
        row(&format!("{relative:.0e}"), &measure(&lanes, &patients)?);
    }
    let mut patients = Patients::new(read()?, 0, count);
    let lanes = ensemble(&patients.surrogate, 1e-6, None)?;
    heading("patients, rtol 1e-6");
    for (label, decades) in [("all alike", -1.0), ("as given", 0.0), ("± 1 decade", 1.0)] {
        patients.decades = decades;
        // Enough for a share below a thousandth to show.
        patients.count = if decades > 0.0 {
            count.max(4000)
        } else {
            count
        };
        row(label, &measure(&lanes, &patients)?);
    }
    patients.decades = 0.0;
    patients.count = count;
    heading("input changes");
    for changes in [2, 20, 90] {
        patients.input_changes = changes;
        row(&changes.to_string(), &measure(&lanes, &patients)?);
    }
    patients.input_changes = 2;
    rests(&lanes, &patients)?;
    heading("lanes");
    for number in [8, 16, 32, 64] {
        if let Some(lane_count) = lane_count(number) {
            row(
                &number.to_string(),
                &measure(&lanes.clone().with_lanes(lane_count), &patients)?,
            );
        }
    }
    heading("instruction set");
    for set in InstructionSet::ALL
        .into_iter()
        .filter(|set| set.is_available())
    {
        row(
            &format!("{set:?}"),
            &measure(&lanes.clone().with_instruction_set(set), &patients)?,
        );
    }
    heading("states (chain of coupled loops, no output)");
    for blocks in [3, 6, 12, 25, 50, 100] {
        let program = LaneProgram::new(Arc::new(chain(blocks)?))?;
        let lanes = Ensemble::new(Arc::new(program), Options::with_tolerance(1e-6))?;
        row(&(4 * blocks).to_string(), &measure(&lanes, &Chain(count))?);
    }

    let size = LaneProgram::new(Arc::new(Program::new(
        &patients.surrogate.model.network,
        &ProgramOptions::default(),
    )?))?
    .size();
    let Cost { rate, steps, .. } = measure(&lanes, &patients)?;
    let stages = 8;
    let sums = 28 + 15;
    let a_step = stages * (size.rate_products + size.factor_entries)
        + size.derivatives
        + size.factor_products
        + sums * size.states;
    let rounds = 20_000_000;
    let start = processor_seconds()?;
    std::hint::black_box(multiply_add_burst(InstructionSet::best(), rounds));
    let peak = (rounds * MULTIPLY_ADDS_A_ROUND) as f64 / (processor_seconds()? - start);
    println!("\n{size:?}");
    println!(
        "{a_step} operations a patient's step: {:.2e} a second of {peak:.2e} multiply-adds measured, {:.0} %",
        rate * steps * a_step as f64,
        100.0 * rate * steps * a_step as f64 / peak
    );
    Ok(())
}
