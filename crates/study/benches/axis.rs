//! Patients a second and core on the shipped models: each brought to rest, then followed for 24 weeks with two changes
//! of one input, sixteen read-outs.
//!
//! `cargo bench --workspace --bench axis -- [MODEL…]`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_engine::lanes::{Cohort, Ensemble, LaneProgram, PatientSpec};
use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_engine::{Action, Change, Options, Run, Schedule, SteadyOptions, Target};
use gutskin_people::sampler::Sampler;
use gutskin_study::build_model;
use std::sync::Arc;
use std::time::Instant;

/// Drawn people of each model.
const PEOPLE: u32 = 64;
const WEEKS: f64 = 24.0;
const MODELS: [&str; 6] = ["ad", "acne", "body", "colon", "axis_acne", "axis_ad"];

struct People(Vec<PatientSpec>);

impl Cohort for People {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        self.0[index].clone()
    }
}

/// The input that is doubled from week 4 to week 16: fibre where the model has a diet.
fn changed(network: &gutskin_network::Network) -> Schedule {
    let name = network
        .inputs
        .iter()
        .position(|i| i.name.contains("inulin") || i.name.contains("fructan"));
    let index = name.unwrap_or(0);
    let value = network.inputs[index].default;
    let set = |week: f64, value: f64| Change {
        time: week * 7.0,
        target: Target::Input(index as u32),
        action: Action::Set(value),
    };
    Schedule::sorted(vec![set(4.0, 2.0 * value + 1.0), set(16.0, value)]).unwrap()
}

fn measure(name: &str) {
    let network = build_model(name, &parameter_table().unwrap()).unwrap();
    let program = Arc::new(Program::new(&network, &ProgramOptions::default()).unwrap());
    let lanes = Arc::new(LaneProgram::new(program.clone()).unwrap());
    let ensemble = Ensemble::new(lanes, Options::default()).unwrap();
    let sampler = Sampler::new(network.parameters.iter().map(Into::into).collect(), &[]).unwrap();
    let spec = |person: u32, run: Run| PatientSpec {
        parameters: sampler.draw(1, person),
        switches: Vec::new(),
        run,
    };
    let waiting = People(
        (0..PEOPLE)
            .map(|p| spec(p, Run::new(0.0, 1.0, Vec::new())))
            .collect(),
    );
    let began = Instant::now();
    let rest = ensemble.steady_states(&waiting, &SteadyOptions::default(), 1);
    let resting = began.elapsed().as_secs_f64();
    let at_rest: Vec<(u32, Vec<f64>)> = (0..PEOPLE)
        .zip(&rest)
        .filter_map(|(p, found)| {
            let found = found.as_ref().ok().filter(|f| f.status.is_success())?;
            Some((p, found.state.iter().map(|&x| x.max(0.0)).collect()))
        })
        .collect();
    let run = |state: &Vec<f64>| Run {
        inputs: network.input_values(),
        schedule: changed(&network),
        outputs: (1..=16)
            .map(|k| f64::from(k) * WEEKS * 7.0 / 16.0)
            .collect(),
        ..Run::new(0.0, WEEKS * 7.0, state.clone())
    };
    let going = People(
        at_rest
            .iter()
            .map(|(p, state)| spec(*p, run(state)))
            .collect(),
    );
    let began = Instant::now();
    let done = ensemble.solve(&going);
    let following = began.elapsed().as_secs_f64();
    let complete = done
        .iter()
        .filter(|r| r.outcome.as_ref().is_ok_and(|s| s.status.is_success()));
    let steps: usize = complete
        .clone()
        .map(|r| r.outcome.as_ref().unwrap().statistics.accepted)
        .sum();
    let complete = complete.count();
    println!(
        "{name:10} {:4} states {:6} entries  rest {:5}/{PEOPLE}, {:8.1}/s   24 weeks {complete:3}/{}, {:8.1}/s, {:5} steps",
        program.dimension(),
        program.pattern.len(),
        at_rest.len(),
        f64::from(PEOPLE) / resting,
        at_rest.len(),
        complete as f64 / following,
        steps / complete.max(1),
    );
}

fn main() {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let models: Vec<&str> = match asked.as_slice() {
        [] => MODELS.to_vec(),
        asked => asked.iter().map(String::as_str).collect(),
    };
    models.into_iter().for_each(measure);
}
