//! The benchmark model of the shared data: 116 states, 20 patients with reference trajectories.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use std::sync::Arc;

use gutskin_engine::Schedule;
use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_network::sbml;
use gutskin_testing::shared_text;

/// Days of the run.
pub const SPAN: (f64, f64) = (0.0, 196.0);

/// One patient: what differs from the model's defaults.
pub struct Patient {
    pub parameters: Vec<f64>,
    pub initial: Vec<f64>,
}

/// Model, patients and reference.
pub struct Surrogate {
    pub program: Arc<Program>,
    pub schedule: Schedule,
    pub patients: Vec<Patient>,
    /// Output times of the reference.
    pub times: Vec<f64>,
    /// Reference states by patient and time.
    pub reference: Vec<Vec<Vec<f64>>>,
}

impl Surrogate {
    /// Reads everything; `None` (with a word why) where the shared data are not there.
    pub fn read() -> Option<Self> {
        let text = shared_text("bench/surrogate.xml.gz")?;
        let patients = shared_text("bench/surrogate_patients.csv")?;
        let reference = shared_text("bench/surrogate_reference.csv.gz")?;
        let imported = sbml::read(&text).unwrap();
        // No observables: the tests look at the states.
        let options = ProgramOptions {
            observables: Some(Vec::new()),
        };
        let program = Arc::new(Program::new(&imported.network, &options).unwrap());
        let (times, reference) = read_reference(&reference, &program);
        Some(Self {
            patients: read_patients(&patients, &program),
            program,
            schedule: imported.schedule,
            times,
            reference,
        })
    }
}

fn position(names: &[String], name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap()
}

fn read_patients(text: &str, program: &Program) -> Vec<Patient> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers: Vec<_> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let mut patients = Vec::new();
    for record in reader.records() {
        let mut patient = Patient {
            parameters: program.parameter_defaults.clone(),
            initial: vec![f64::NAN; program.dimension()],
        };
        for (header, field) in headers.iter().zip(&record.unwrap()) {
            let value: f64 = field.parse().unwrap();
            if let Some(name) = header.strip_prefix("p:") {
                patient.parameters[position(&program.parameter_names, name)] = value;
            } else if let Some(name) = header.strip_prefix("y0:") {
                patient.initial[position(&program.state_names, name)] = value;
            }
        }
        assert!(patient.initial.iter().all(|value| value.is_finite()));
        patients.push(patient);
    }
    patients
}

fn read_reference(text: &str, program: &Program) -> (Vec<f64>, Vec<Vec<Vec<f64>>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers: Vec<_> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let columns: Vec<_> = headers[2..]
        .iter()
        .map(|name| position(&program.state_names, name))
        .collect();
    let (mut times, mut reference) = (Vec::new(), Vec::<Vec<Vec<f64>>>::new());
    for record in reader.records() {
        let numbers: Vec<f64> = record
            .unwrap()
            .iter()
            .map(|field| field.parse().unwrap())
            .collect();
        let patient = numbers[0] as usize;
        if patient == reference.len() {
            reference.push(Vec::new());
        }
        if patient == 0 {
            times.push(numbers[1]);
        }
        let mut row = vec![f64::NAN; program.dimension()];
        for (&column, &value) in columns.iter().zip(&numbers[2..]) {
            row[column] = value;
        }
        reference[patient].push(row);
    }
    (times, reference)
}

/// Largest and root-mean-square error in the measure of the benchmark,
/// |y − ref| / (|ref| + 1e-3 max |ref|), the maximum over the times of one state of one patient.
pub fn benchmark_errors(rows: &[Vec<f64>], reference: &[Vec<f64>]) -> (f64, f64) {
    let states = reference[0].len();
    let (mut largest, mut squares) = (0.0, 0.0);
    for state in 0..states {
        let top = reference
            .iter()
            .map(|row| row[state].abs())
            .fold(0.0, f64::max);
        for (row, expected) in rows.iter().zip(reference) {
            let error = (row[state] - expected[state]).abs()
                / (expected[state].abs() + 1e-3 * top).max(f64::MIN_POSITIVE);
            largest = f64::max(largest, error);
            squares += error * error;
        }
    }
    (largest, (squares / (states * rows.len()) as f64).sqrt())
}
