//! Lanes whose pivots cannot be trusted.

use std::sync::Arc;

use gutskin_engine::lanes::{Cohort, Ensemble, LaneProgram, Path, PatientSpec};
use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_engine::{Options, Run, Status};
use gutskin_network::{Builder, ParameterTable};

/// Two compartments that exchange at a rate of each patient's own, and a slow third one that follows. After the first
/// pivot the second is the difference of two numbers as large as the rate.
fn exchange() -> Program {
    let table = ParameterTable::new();
    let m = Builder::new("exchange", "d", &table);
    let rate = m.number("rate", 1.0);
    let left = m.state("left", "1").initial(3.0).add();
    let right = m.state("right", "1").initial(0.0).add();
    let slow = m.state("slow", "1").initial(0.0).add();
    m.rate(left, rate * (right - left));
    m.rate(right, rate * (left - right));
    m.rate(slow, left - slow);
    Program::new(&m.finish().unwrap(), &ProgramOptions::default()).unwrap()
}

struct Rates(Vec<f64>);

impl Cohort for Rates {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let mut run = Run::new(0.0, 20.0, Vec::new());
        run.outputs = vec![0.0, 5.0, 10.0, 20.0];
        run.record_states = true;
        PatientSpec {
            parameters: vec![self.0[index]],
            switches: Vec::new(),
            run,
        }
    }
}

#[test]
fn cancelling_pivots_go_to_the_scalar_path_and_come_out_right() {
    let program = LaneProgram::new(Arc::new(exchange())).unwrap();
    let base = Ensemble::new(Arc::new(program), Options::with_tolerance(1e-6)).unwrap();
    // Patients of both kinds side by side.
    let rates: Vec<f64> = (0..24)
        .map(|i| {
            if i % 3 == 1 {
                1e13
            } else {
                10.0 + f64::from(i)
            }
        })
        .collect();
    let results = base.solve(&Rates(rates.clone()));
    for (result, rate) in results.iter().zip(&rates) {
        let expected = if *rate > 1e6 {
            Path::Scalar
        } else {
            Path::Lanes
        };
        let solution = result.outcome.as_ref().unwrap();
        assert_eq!(result.path, expected, "rate {rate:e}: {}", solution.status);
        assert_eq!(solution.status, Status::Complete, "rate {rate:e}");
        assert_eq!(solution.trajectory.times(), [0.0, 5.0, 10.0, 20.0]);
        for row in 1..4 {
            let states = solution.trajectory.states(row);
            let time = solution.trajectory.times()[row];
            let slow = 1.5 * (1.0 - (-time).exp());
            assert!((states[0] - 1.5).abs() < 1e-5, "rate {rate:e}: {states:?}");
            assert!((states[1] - 1.5).abs() < 1e-5, "rate {rate:e}: {states:?}");
            // The slow one also keeps what the first moments added: at most 1.5 over twice the rate.
            let early = 0.75 / rate;
            assert!(
                (states[2] - slow).abs() < 1e-5 + early,
                "rate {rate:e}: {states:?}"
            );
        }
    }
    // The rest are as if the others were not there.
    let quiet: Vec<f64> = rates.iter().copied().filter(|&rate| rate < 1e6).collect();
    let alone = base.solve(&Rates(quiet));
    let healthy = results.iter().filter(|r| r.path == Path::Lanes);
    for (together, alone) in healthy.zip(&alone) {
        let (a, b) = (
            together.outcome.as_ref().unwrap(),
            alone.outcome.as_ref().unwrap(),
        );
        assert_eq!(a.trajectory, b.trajectory);
    }
}
