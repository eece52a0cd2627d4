//! Models and cohorts that the tests share.

use std::sync::Arc;

use gutskin_engine::lanes::{Cohort, Ensemble, LaneProgram, PatientSpec};
use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_engine::{Action, Change, Decision, DecisionContext, Options, Run, Schedule, Target};
use gutskin_network::{Builder, Network, ParameterTable};
use gutskin_surrogate::Surrogate;

/// A stiff loop with every kind of arithmetic: a fast pool that follows a slow one, a switch-like response, a daily
/// rhythm, an input, a switch.
pub fn loop_model() -> Program {
    Program::new(&loop_network(), &ProgramOptions::default()).expect("a program")
}

pub fn loop_network() -> Network {
    let table = ParameterTable::new();
    let m = Builder::new("loop", "d", &table);
    let fast = m.number("fast", 1e4);
    let growth = m.number("growth", 0.4);
    let half = m.number("half", 0.7);
    let steepness = m.number("steepness", 2.5);
    // Far out of the way; negative ones make an operand of min or max undefined.
    let ceiling = m.number("ceiling", 1e4).sqrt();
    let floor = m.number("floor", 1e-4).ln();
    let dose = m.input("dose", "1", 0.0, "drives the slow pool");
    let on = m.switch("rhythm", true, "daily rhythm");
    let pool = m.state("pool", "1").initial(0.5).add();
    let shadow = m.state("shadow", "1").initial(0.1).add();
    let response = m.state("response", "1").initial(0.2).add();
    let day = (m.time() * std::f64::consts::TAU).cos() * 0.3 * on + 1.0;
    let hill = shadow.pow(steepness) / (half.pow(steepness) + shadow.pow(steepness));
    m.rate(
        pool,
        growth * day * pool.max(floor) * (-pool + 1.0) + dose - pool * response * 0.2,
    );
    m.rate(shadow, fast * (pool.smooth_plus(m.constant(1e-3)) - shadow));
    m.rate(
        response,
        hill - ceiling.min(response).tanh() - (response * response + 1.0).ln() * 0.1,
    );
    m.observe(
        "score",
        "1",
        response.exp() + (pool + 1.0).sqrt(),
        "a mixture",
    );
    m.observe("pool.seen", "1", pool * 2.0, "twice the pool");
    m.finish().expect("a model")
}

/// Patients of the loop with different parameters, schedules and decisions.
pub struct LoopCohort {
    pub count: usize,
    /// Parameters of chosen patients are replaced by hostile ones.
    pub hostile: fn(usize) -> Option<Vec<f64>>,
    /// Patient `i` of the cohort is this one of the healthy list.
    pub order: fn(usize) -> usize,
}

impl LoopCohort {
    pub fn healthy(count: usize) -> Self {
        Self {
            count,
            hostile: |_| None,
            order: |i| i,
        }
    }
}

pub fn loop_patient(i: usize) -> PatientSpec {
    let spread = |salt: usize| 0.5 + ((i * 37 + salt * 11) % 29) as f64 / 29.0;
    let mut run = Run::new(0.0, 30.0, Vec::new());
    let change = |time: f64, target, action| Change {
        time,
        target,
        action,
    };
    run.schedule = Schedule::new(vec![
        change(7.0, Target::Input(0), Action::Set(0.3 * spread(1))),
        change(12.5, Target::State(2), Action::Add(0.5)),
        change(20.0, Target::Input(0), Action::Set(0.0)),
    ])
    .expect("in order");
    run.outputs = (0..=60).map(|half_day| 0.5 * f64::from(half_day)).collect();
    run.decisions = vec![10.0, 25.0];
    run.record_states = true;
    PatientSpec {
        parameters: vec![
            1e4 * spread(2),
            0.4 * spread(3),
            0.7 * spread(4),
            2.5 * spread(5),
        ],
        switches: vec![f64::from(u8::from(!i.is_multiple_of(3)))],
        run,
    }
}

/// A dose for those who score low; every seventh patient drops out at the second visit.
pub fn loop_decision(i: usize, context: &DecisionContext<'_>) -> Vec<Decision> {
    let mut decisions = Vec::new();
    if context.observables[0] < 3.0 {
        decisions.push(Decision::Now {
            target: Target::Input(0),
            action: Action::Add(0.1),
        });
    }
    if context.index == 1 && i % 7 == 3 {
        decisions.push(Decision::Stop);
    }
    decisions
}

impl Cohort for LoopCohort {
    fn len(&self) -> usize {
        self.count
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let who = (self.order)(index);
        let mut spec = loop_patient(who);
        if let Some(parameters) = (self.hostile)(who) {
            spec.parameters = parameters;
        }
        spec
    }

    fn decide(&self, index: usize, context: &DecisionContext<'_>) -> Vec<Decision> {
        loop_decision((self.order)(index), context)
    }
}

pub fn ensemble(program: Program, tolerance: f64) -> Ensemble {
    let lanes = LaneProgram::new(Arc::new(program)).expect("small enough");
    Ensemble::new(Arc::new(lanes), Options::with_tolerance(tolerance)).expect("valid settings")
}

/// The benchmark model and the first of its patients; `None`, with a message, where it is absent.
pub struct SurrogateCohort {
    pub surrogate: Surrogate,
    pub count: usize,
    /// Every varied parameter is multiplied by 10 to a power drawn from −spread to spread.
    pub spread: f64,
    /// The parameters that are not varied between the benchmark's patients as well.
    pub everything: bool,
}

impl SurrogateCohort {
    pub fn read(count: usize) -> Option<Self> {
        let Some(folder) = Surrogate::folder() else {
            println!("skipped: the benchmark model is not here");
            return None;
        };
        let surrogate = Surrogate::read(&folder, 1.0).expect("readable");
        Some(Self {
            surrogate,
            count,
            spread: 0.0,
            everything: false,
        })
    }

    pub fn program(&self) -> Program {
        let network = &self.surrogate.model.network;
        Program::new(network, &ProgramOptions::default()).expect("a program")
    }
}

impl Cohort for SurrogateCohort {
    fn len(&self) -> usize {
        self.count
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let patients = &self.surrogate.patients;
        let patient = &patients[index % patients.len()];
        let mut run = Run::new(0.0, Surrogate::LAST_DAY, patient.initial.clone());
        let changes = self.surrogate.model.events.iter().map(|event| Change {
            time: event.time,
            target: Target::Input(event.input as u32),
            action: Action::Set(event.value),
        });
        run.schedule = Schedule::new(changes.collect()).expect("in order");
        run.outputs = (0..=14).map(|visit| 14.0 * f64::from(visit)).collect();
        let mut parameters = patient.parameters.clone();
        if self.spread > 0.0 {
            let defaults = self.surrogate.model.network.parameter_values();
            let mut state = index as u64 + 1;
            for (value, default) in parameters.iter_mut().zip(defaults) {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                if self.everything || *value != default {
                    let uniform = (state >> 11) as f64 / (1u64 << 53) as f64;
                    *value *= 10.0_f64.powf(self.spread * (2.0 * uniform - 1.0));
                }
            }
        }
        PatientSpec {
            parameters,
            switches: Vec::new(),
            run,
        }
    }
}
