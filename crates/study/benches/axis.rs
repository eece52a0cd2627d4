//! Patients a second of one core on the shipped models: each brought to rest, then followed for 24 weeks with two changes
//! of one input and sixteen read-outs of the declared observables, in lanes; some of them by the scalar solver as well.
//!
//! `cargo bench --workspace --bench axis -- [--people N] [MODEL…]`; with `--profile quick` it builds faster.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_engine::lanes::{
    Cohort, Ensemble, LaneProgram, Path, PatientResult, PatientSpec, Plan,
};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{
    Action, Change, Options, Run, Schedule, Solution, Solver, States, SteadyOptions, SteadyState,
    Target,
};
use gutskin_network::Network;
use gutskin_people::sampler::Sampler;
use gutskin_study::build_model;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Drawn people of each model.
const PEOPLE: usize = 64;
/// Of these the scalar solver follows so many as well.
const ALONE: usize = 4;
const DAYS: f64 = 24.0 * 7.0;
const VISITS: u32 = 16;
const MODELS: [&str; 7] = [
    "ad",
    "acne",
    "body",
    "colon",
    "axis_acne",
    "axis_ad",
    "axis_ad_lean",
];

struct People(Vec<PatientSpec>);

impl Cohort for People {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        self.0[index].clone()
    }
}

/// Processor seconds of this process so far (10 ms apart): on a shared machine wall time measures the neighbours.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = text.rsplit_once(')').unwrap().1;
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.map(|t| t.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = processor_seconds();
    let done = work();
    (done, (processor_seconds() - start).max(0.01))
}

/// The input that is doubled from week 4 to week 16: fibre where the model has a diet.
fn changed(network: &Network) -> Schedule {
    let fibre = |name: &str| name.contains("inulin") || name.contains("fructan");
    let name = network.inputs.iter().position(|i| fibre(&i.name));
    let index = name.unwrap_or(0);
    let value = network.inputs[index].default;
    let set = |week: f64, value: f64| Change {
        time: week * 7.0,
        target: Target::Input(index as u32),
        action: Action::Set(value),
    };
    Schedule::sorted(vec![set(4.0, 2.0 * value + 1.0), set(16.0, value)]).unwrap()
}

struct Bench {
    network: Network,
    program: Arc<Program>,
    ensemble: Ensemble,
    parameters: Vec<Vec<f64>>,
}

impl Bench {
    fn new(name: &str, people: usize) -> Self {
        let network = build_model(name, &parameter_table().unwrap()).unwrap();
        let program = Arc::new(Program::new(&network, &ProgramOptions::default()).unwrap());
        let kernels = gutskin_compiled::KERNELS;
        let lanes = LaneProgram::with_kernels(program.clone(), kernels).unwrap();
        let ensemble = Ensemble::new(Arc::new(lanes), Options::default()).unwrap();
        let specs = network.parameters.iter().map(Into::into).collect();
        let sampler = Sampler::new(specs, &[]).unwrap();
        Self {
            parameters: (0..people).map(|p| sampler.draw(1, p as u32)).collect(),
            network,
            program,
            ensemble,
        }
    }

    fn spec(&self, person: usize, run: Run) -> PatientSpec {
        PatientSpec {
            parameters: self.parameters[person].clone(),
            switches: Vec::new(),
            run,
        }
    }

    /// Everybody at rest, those who have a rest.
    fn rest(&self) -> Vec<(usize, Vec<f64>)> {
        let waiting = (0..self.parameters.len())
            .map(|p| self.spec(p, Run::new(0.0, 1.0, Vec::new())))
            .collect();
        let waiting = People(waiting);
        let searched = |eigenvalues: bool| {
            let options = SteadyOptions {
                eigenvalues,
                ..SteadyOptions::default()
            };
            timed(|| self.ensemble.steady_states(&waiting, &options, 1))
        };
        let (found, proven) = searched(true);
        let (_, seconds) = searched(false);
        let found: Vec<SteadyState> = found.into_iter().map(Result::unwrap).collect();
        let steps: usize = found.iter().map(|f| f.steps + f.newton_steps).sum();
        let mut without = BTreeMap::new();
        for one in found.iter().filter(|f| !f.status.is_success()) {
            let text = one.status.to_string();
            let text = text.split([';', ':']).next().unwrap_or_default().to_owned();
            *without.entry(text).or_insert(0) += 1;
        }
        println!(
            "  rest: {:.2} ms each, {:.2} with eigenvalues, {:.0} steps; without: {without:?}",
            1e3 * seconds / found.len() as f64,
            1e3 * proven / found.len() as f64,
            steps as f64 / found.len() as f64
        );
        let at_rest = found.into_iter().enumerate();
        at_rest
            .filter(|(_, f)| f.status.is_success())
            .map(|(p, f)| (p, f.state))
            .collect()
    }

    fn going(&self, rest: &[(usize, Vec<f64>)]) -> People {
        let run = |state: &Vec<f64>| Run {
            inputs: self.network.input_values(),
            schedule: changed(&self.network),
            outputs: (1..=VISITS)
                .map(|k| f64::from(k) * DAYS / f64::from(VISITS))
                .collect(),
            ..Run::new(0.0, DAYS, state.clone())
        };
        let specs = rest.iter().map(|(p, state)| self.spec(*p, run(state)));
        People(specs.collect())
    }

    fn follow(&self, ensemble: &Ensemble, going: &People) -> Vec<PatientResult> {
        let (done, seconds) = timed(|| ensemble.solve(going));
        let complete: Vec<&Solution> = done
            .iter()
            .filter_map(|r| r.outcome.as_ref().ok())
            .filter(|s| s.status.is_success())
            .collect();
        let steps: usize = complete.iter().map(|s| s.statistics.accepted).sum();
        println!(
            "  24 weeks, {}: {:.1}/s, {:.0} steps, {} of {} complete, {} by the scalar path; {} lanes of {} rows",
            if ensemble.is_compiled() {
                "compiled"
            } else {
                "interpreted"
            },
            complete.len() as f64 / seconds,
            steps as f64 / complete.len().max(1) as f64,
            complete.len(),
            done.len(),
            done.iter().filter(|r| r.path == Path::Scalar).count(),
            ensemble.lanes().number(),
            ensemble.program().size().rows,
        );
        for result in &done {
            match &result.outcome {
                Ok(s) if s.status.is_success() => {}
                Ok(s) => println!("    {}: {}", result.index, s.status),
                Err(e) => println!("    {}: {e}", result.index),
            }
        }
        done
    }

    /// The same people alone: the time it takes, and the largest difference of a state at the end in parts of its size.
    fn alone(&self, going: &People, lanes: &[PatientResult]) {
        let states = States::of_program(&self.program).unwrap();
        let system = ScalarProgram::new(self.program.clone());
        let mut solver = Solver::new(system, states, Options::default()).unwrap();
        let count = going.len().min(ALONE);
        let (found, seconds) = timed(|| {
            let one = |spec: &PatientSpec| {
                solver.system_mut().set_patient(&spec.parameters, &[]);
                solver.solve(&spec.run).unwrap()
            };
            going.0[..count].iter().map(one).collect::<Vec<_>>()
        });
        let mut largest: f64 = 0.0;
        for (one, other) in found.iter().zip(lanes) {
            let other = other.outcome.as_ref().unwrap();
            for ((a, b), typical) in one
                .state
                .iter()
                .zip(&other.state)
                .zip(&self.program.typical)
            {
                largest = largest.max((a - b).abs() / (typical + a.abs()));
            }
        }
        println!(
            "  scalar: {:.2}/s; differs from the lanes by {largest:.1e} at most",
            count as f64 / seconds
        );
    }
}

fn measure(name: &str, people: usize) {
    let bench = Bench::new(name, people);
    let (states, entries) = (bench.program.dimension(), bench.program.pattern.len());
    println!("{name}: {states} states, {entries} entries, {people} people");
    let rest = bench.rest();
    let going = bench.going(&rest);
    let done = bench.follow(&bench.ensemble, &going);
    bench.alone(&going, &done);
    if bench.ensemble.is_compiled() {
        let interpreted = bench.follow(&bench.ensemble.clone().interpreted(), &going);
        bench.alone(&going, &interpreted);
    }
}

fn main() {
    let mut people = PEOPLE;
    let mut models = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--people" => people = arguments.next().unwrap().parse().unwrap(),
            "--bench" => {}
            _ => models.push(argument),
        }
    }
    if models.is_empty() {
        models = MODELS.map(str::to_owned).to_vec();
    }
    println!("{} threads here, one used", Plan::default().threads);
    for model in models {
        measure(&model, people);
    }
}
