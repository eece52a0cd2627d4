//! Random networks with random schedules: lanes and scalar solver mean the same by everything they report.

use std::mem::discriminant;
use std::sync::Arc;

use gutskin_engine::lanes::{Cohort, PatientSpec};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{
    Action, Change, Decision, DecisionContext, FailureReason, Options, Run, Schedule, Solution,
    Solver, States, Status, Target,
};
use gutskin_network::{Builder, ParameterTable};

use crate::models::ensemble;

const TOLERANCE: f64 = 1e-8;

/// SplitMix64.
#[derive(Clone)]
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.unit() * bound as f64) as usize
    }

    fn rate(&mut self, low: f64, high: f64) -> f64 {
        10_f64.powf(self.between(low, high))
    }
}

/// Compartments that exchange a conserved total over five decades of rates, and pools that they, an input and one
/// another drive. Every fifth network runs away; in every seventh an observable stops being a number.
fn network(seed: u64) -> Program {
    let mut draw = Draw(seed);
    let table = ParameterTable::new();
    let m = Builder::new("random", "d", &table);
    let scale = m.number("scale", 1.0);
    let dose = m.input("dose", "1", 0.2, "drives the pools");
    let closed: Vec<_> = (0..2 + draw.below(5))
        .map(|i| {
            let start = draw.between(0.1, 1.0);
            m.state(&format!("closed.c{i}"), "1").initial(start).add()
        })
        .collect();
    for i in 0..closed.len() {
        let (from, to) = (closed[i], closed[(i + 1) % closed.len()]);
        let (forth, back) = (draw.rate(-1.0, 4.0), draw.rate(-1.0, 1.0));
        let flux = from * scale * forth / (from + 1.0) - to * back;
        m.rate(from, -flux);
        m.rate(to, flux);
    }
    let terms: Vec<_> = closed.iter().map(|&state| (state, 1.0)).collect();
    m.invariant("closed.total", &terms, "nothing enters or leaves");
    let pools: Vec<_> = (0..1 + draw.below(6))
        .map(|i| {
            let start = draw.between(0.0, 1.0);
            m.state(&format!("pool.p{i}"), "1").initial(start).add()
        })
        .collect();
    for (i, &pool) in pools.iter().enumerate() {
        let source = closed[draw.below(closed.len())];
        let other = pools[draw.below(pools.len())];
        let (steepness, half) = (draw.between(1.2, 4.0), draw.between(0.2, 1.0));
        let hill = other.pow(m.constant(steepness))
            / (other.pow(m.constant(steepness)) + half.powf(steepness));
        let drive = source * dose + hill * draw.between(0.0, 1.0) + source.tanh() * 0.1;
        m.rate(pool, drive * scale - pool * draw.rate(-1.0, 3.0));
        if seed.is_multiple_of(5) && i == 0 {
            m.rate(pool, pool * pool * 40.0 + 1.0);
        }
    }
    m.observe("sum", "1", pools[0] + closed[0].exp(), "a mixture");
    if seed.is_multiple_of(7) {
        m.observe("ln", "1", (closed[0] - 0.3).ln(), "undefined below 0.3");
    }
    m.observe("dose.seen", "1", dose * 1.0, "the input");
    Program::new(&m.finish().expect("a model"), &ProgramOptions::default()).expect("a program")
}

struct RandomCohort {
    seed: u64,
    states: usize,
}

impl Cohort for RandomCohort {
    fn len(&self) -> usize {
        11
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let mut draw = Draw(self.seed * 1000 + index as u64);
        let mut run = Run::new(0.0, draw.between(3.0, 12.0), Vec::new());
        let mut times: Vec<f64> = (0..draw.below(6))
            .map(|_| draw.between(0.0, run.end))
            .collect();
        times.push(run.end);
        times.sort_by(f64::total_cmp);
        let changes = times.iter().map(|&time| {
            let (target, action) = match draw.below(3) {
                0 => (Target::Input(0), Action::Set(draw.unit())),
                1 => (Target::Input(0), Action::Add(0.1)),
                // The last state is a pool.
                _ => (
                    Target::State(self.states as u32 - 1),
                    Action::Add(draw.unit()),
                ),
            };
            Change {
                time,
                target,
                action,
            }
        });
        run.schedule = Schedule::new(changes.collect()).expect("in order");
        run.outputs = vec![0.0, run.end];
        run.outputs
            .extend((0..12).map(|_| draw.between(0.0, run.end)));
        run.outputs.push(times[0]);
        run.outputs.sort_by(f64::total_cmp);
        run.decisions = vec![0.0, 0.25 * run.end, times[0].max(0.25 * run.end), run.end];
        run.decisions.dedup();
        run.record_states = index.is_multiple_of(2);
        PatientSpec {
            parameters: vec![draw.between(0.5, 2.0)],
            switches: Vec::new(),
            run,
        }
    }

    fn decide(&self, index: usize, context: &DecisionContext<'_>) -> Vec<Decision> {
        let later = Change {
            time: context.time + 0.5,
            target: Target::Input(0),
            action: Action::Set(0.4),
        };
        match (index % 4, context.index) {
            (1, 1) if later.time < 3.0 => vec![Decision::Later(later)],
            (2, 1) => vec![Decision::Now {
                target: Target::Input(0),
                action: Action::Add(context.observables[0] * 0.1),
            }],
            (3, 2) => vec![Decision::Stop],
            _ => Vec::new(),
        }
    }
}

fn scalar(program: &Arc<Program>, cohort: &RandomCohort, index: usize) -> Solution {
    let mut system = ScalarProgram::new(program.clone());
    let mut spec = cohort.patient(index);
    system.set_patient(&spec.parameters, &spec.switches);
    spec.run.initial = vec![0.0; program.dimension()];
    system.initial(&mut spec.run.initial);
    spec.run.inputs.clone_from(&program.input_defaults);
    let states = States::of_program(program).unwrap();
    let mut solver = Solver::new(system, states, Options::with_tolerance(TOLERANCE)).unwrap();
    let mut decide = |context: &DecisionContext<'_>| cohort.decide(index, context);
    solver.solve_with(&spec.run, &mut decide).unwrap()
}

/// The reasons for which a run away ends depend on the last steps; all others must be the same. Where an output within
/// a step stops a run, the last time reached is where that step began.
fn same_meaning(a: &Status, b: &Status) -> bool {
    match (a, b) {
        (Status::Failed { time: s, reason: a }, Status::Failed { time: t, reason: b }) => {
            let runs_away = |r: &FailureReason| {
                matches!(
                    r,
                    FailureReason::StepTooSmall { .. } | FailureReason::NotFinite
                )
            };
            let at_output = matches!(a, FailureReason::ObservableNotFinite { .. });
            (at_output || (s - t).abs() <= 1e-4 * (1.0 + t.abs()))
                && (discriminant(a) == discriminant(b) || (runs_away(a) && runs_away(b)))
        }
        _ => a == b,
    }
}

fn assert_same(what: &str, lanes: &Solution, scalar: &Solution) {
    let (a, b) = (&lanes.trajectory, &scalar.trajectory);
    assert!(
        same_meaning(&lanes.status, &scalar.status),
        "{what}: {} for {}",
        lanes.status,
        scalar.status
    );
    assert_eq!(a.times(), b.times(), "{what}");
    assert_eq!(lanes.inputs.len(), scalar.inputs.len());
    // Within reach of a pole a trajectory multiplies the errors of its past.
    let close = |a: &[f64], b: &[f64]| {
        let fits = |(a, b): (&f64, &f64)| {
            let size = 1.0 + b.abs() + b * b;
            (a - b).abs() <= 2e-5 * size || a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
        };
        a.len() == b.len() && a.iter().zip(b).all(fits)
    };
    for row in 0..a.len() {
        assert!(
            close(a.observables(row), b.observables(row)),
            "{what}, row {row}"
        );
        assert!(close(a.states(row), b.states(row)), "{what}, row {row}");
    }
    if scalar.status.is_success() {
        assert!(close(&lanes.state, &scalar.state), "{what}");
        assert!(close(&lanes.inputs, &scalar.inputs), "{what}");
    }
}

#[test]
fn random_networks_come_out_as_from_the_scalar_solver() {
    let mut seen = [0; 3];
    for seed in 1..=24 {
        let program = network(seed);
        let cohort = RandomCohort {
            seed,
            states: program.dimension(),
        };
        let results = ensemble(program.clone(), TOLERANCE).solve(&cohort);
        let program = Arc::new(program);
        for (index, result) in results.iter().enumerate() {
            let lanes = result.outcome.as_ref().unwrap();
            assert_same(
                &format!("network {seed}, patient {index}"),
                lanes,
                &scalar(&program, &cohort, index),
            );
            seen[match lanes.status {
                Status::Complete => 0,
                Status::Stopped { .. } => 1,
                Status::Failed { .. } => 2,
            }] += 1;
        }
    }
    println!("complete, stopped, failed: {seen:?}");
    assert!(seen.iter().all(|&count| count > 10), "{seen:?}");
}

/// Recorded totals of the conserved compartments stay at what they were after the last change of a state.
#[test]
fn declared_invariants_are_kept_to_1e_10() {
    for seed in [1, 2, 3, 4, 6, 8] {
        let program = network(seed);
        let cohort = RandomCohort {
            seed,
            states: program.dimension(),
        };
        let terms = program.invariants[0].clone();
        for result in ensemble(program, 1e-5).solve(&cohort) {
            let trajectory = &result.outcome.as_ref().unwrap().trajectory;
            let total = |row: usize| -> f64 {
                let states = trajectory.states(row);
                terms.iter().map(|&(i, w)| w * states[i as usize]).sum()
            };
            if trajectory.states(0).is_empty() {
                continue;
            }
            for row in 1..trajectory.len() {
                let drift = (total(row) / total(0) - 1.0).abs();
                assert!(drift <= 1e-10, "network {seed}, row {row}: {drift:.1e}");
            }
        }
    }
}
