//! Random people at their own rest, all with one scenario.

use crate::Failure;
use crate::models::Subject;
use crate::patients::{Patient, assign, values};
use crate::speed::timed;
use gutskin_engine::lanes::{Cohort, Ensemble, LaneProgram, PatientSpec};
use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_engine::{Action, Change, Options, Run, Schedule, SteadyOptions, Target};
use gutskin_network::Network;
use std::sync::Arc;

/// People who are solved together.
pub struct Together(pub Vec<PatientSpec>);

impl Cohort for Together {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        self.0[index].clone()
    }
}

/// People drawn from the spreads who have a rest, each with the scenario of the subject, and the processor seconds that
/// it took to find their rest.
pub fn people(subject: &Subject, count: u32) -> Result<(Vec<Patient>, Option<f64>), Failure> {
    let schedule = schedule(subject)?;
    let drawn: Vec<Vec<(String, f64)>> = (0..count)
        .map(|number| values(subject, number))
        .collect::<Result<_, _>>()?;
    let waiting = drawn.iter().map(|values| PatientSpec {
        parameters: values.iter().map(|(_, value)| *value).collect(),
        switches: Vec::new(),
        run: Run::new(0.0, 1.0, Vec::new()),
    });
    let waiting = Together(waiting.collect());
    let ensemble = ensemble(&subject.network)?;
    // As trials bring people to rest.
    let options = SteadyOptions {
        eigenvalues: false,
        ..SteadyOptions::default()
    };
    let (found, seconds) = timed(|| ensemble.steady_states(&waiting, &options, 1));
    let mut people = Vec::new();
    for (number, (values, found)) in drawn.iter().zip(found).enumerate() {
        let found = found?;
        if !found.status.is_success() {
            println!("person {number} is left out: {}", found.status);
            continue;
        }
        let mut network = subject.network.clone();
        for (name, value) in values {
            assign(&mut network, name, *value)?;
        }
        for (state, value) in network.states.iter_mut().zip(found.state) {
            state.initial = network.pool.constant(value);
        }
        people.push(Patient {
            network,
            schedule: schedule.clone(),
        });
    }
    Ok((people, seconds))
}

/// Lanes of a model, at the usual tolerances (1e-6).
pub fn ensemble(network: &Network) -> Result<Ensemble, Failure> {
    let program = Arc::new(Program::new(network, &ProgramOptions::default())?);
    let lanes = LaneProgram::new(program)?;
    Ok(Ensemble::new(Arc::new(lanes), Options::default())?)
}

fn schedule(subject: &Subject) -> Result<Schedule, Failure> {
    let network = &subject.network;
    let change = |&(time, name, value): &(f64, &str, f64)| {
        let input = network.inputs.iter().position(|i| i.name == name);
        let input = input.ok_or(format!("the model has no input \"{name}\""))?;
        Ok(Change {
            time,
            target: Target::Input(u32::try_from(input)?),
            action: Action::Set(value),
        })
    };
    let changes: Result<Vec<Change>, Failure> = subject.scenario.iter().map(change).collect();
    Ok(Schedule::sorted(changes?)?)
}
