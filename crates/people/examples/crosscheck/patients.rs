//! Random people with random changes of inputs.

use crate::Failure;
use crate::models::Subject;
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_engine::{Action, Change, Schedule, Target};
use gutskin_network::Network;
use gutskin_people::sampler::{SampledParameter, Sampler};

/// How many people.
pub const COUNT: u32 = 20;
const SEED: u64 = 2026;
/// Changes of inputs, at random times to random values.
const INPUT_CHANGES: u32 = 10;
/// Changes of states, as by a bolus: multiplied by a random factor.
const STATE_CHANGES: u32 = 2;

/// One person's model and changes.
pub struct Patient {
    pub network: Network,
    pub schedule: Schedule,
}

/// The person of a number: always the same one.
pub fn draw(subject: &Subject, number: u32) -> Result<Patient, Failure> {
    let mut network = subject.network.clone();
    for (name, value) in values(subject, number)? {
        assign(&mut network, &name, value)?;
    }
    let schedule = Schedule::sorted(changes(&network, subject.span, number))?;
    Ok(Patient { network, schedule })
}

pub fn values(subject: &Subject, number: u32) -> Result<Vec<(String, f64)>, Failure> {
    if let Some(given) = subject.people.get(number as usize) {
        return Ok(given.clone());
    }
    let parameters = &subject.network.parameters;
    let sampler = Sampler::new(parameters.iter().map(SampledParameter::from).collect(), &[])?;
    let names = sampler.parameters().iter().map(|p| p.name.clone());
    Ok(names.zip(sampler.draw(SEED, number)).collect())
}

pub fn assign(network: &mut Network, name: &str, value: f64) -> Result<(), Failure> {
    if let Some(index) = network.parameter(name) {
        network.parameters[index as usize].value = value;
    } else if let Some(index) = network.state(name) {
        network.states[index as usize].initial = network.pool.constant(value);
    } else {
        return Err(format!("the model has no parameter or state \"{name}\"").into());
    }
    Ok(())
}

fn changes(network: &Network, span: f64, number: u32) -> Vec<Change> {
    let random = |what: &str, index: u32| {
        RandomStream::new(SEED, number, StreamId::named("crosscheck", what)).uniform_at(index)
    };
    let pick = |count: usize, what: &str, i: u32| (random(what, i) * count as f64) as u32;
    let mut changes = Vec::new();
    let inputs = network.inputs.len();
    for i in (0..INPUT_CHANGES).filter(|_| inputs > 0) {
        let input = pick(inputs, "input", i);
        let usual = network.inputs[input as usize].default;
        let share = 2.0 * random("input value", i);
        changes.push(Change {
            time: span * random("input time", i),
            target: Target::Input(input),
            action: Action::Set(if usual == 0.0 { share } else { share * usual }),
        });
    }
    for i in 0..STATE_CHANGES {
        changes.push(Change {
            time: span * random("state time", i),
            target: Target::State(pick(network.states.len(), "state", i)),
            action: Action::Multiply(0.5 + random("state factor", i)),
        });
    }
    changes
}
