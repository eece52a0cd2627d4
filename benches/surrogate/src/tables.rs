//! Patients and reference solution.

use std::fs::File;
use std::path::Path;

use flate2::read::GzDecoder;
use gutskin_network::Network;

use crate::SurrogateError;

/// A patient: all parameters in the network's order, all initial states.
#[derive(Debug, Clone, PartialEq)]
pub struct Patient {
    /// Parameter values.
    pub parameters: Vec<f64>,
    /// Initial states.
    pub initial: Vec<f64>,
}

/// A solution at tight tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// (patient, day, states).
    pub rows: Vec<(usize, f64, Vec<f64>)>,
}

impl Reference {
    /// Largest and root-mean-square error of `values(patient, day, state)`, measured as
    /// |y − ref| / (|ref| + 1e-3 · largest |ref| of that state over all rows).
    #[must_use]
    pub fn error(&self, mut values: impl FnMut(usize, f64, usize) -> f64) -> (f64, f64) {
        let count = self.rows.first().map_or(0, |row| row.2.len());
        let mut largest = vec![0.0_f64; count];
        for (_, _, states) in &self.rows {
            for (size, value) in largest.iter_mut().zip(states) {
                *size = size.max(value.abs());
            }
        }
        let (mut maximum, mut sum) = (0.0_f64, 0.0);
        for (patient, day, states) in &self.rows {
            for (state, &reference) in states.iter().enumerate() {
                let error = (values(*patient, *day, state) - reference).abs()
                    / (reference.abs() + 1e-3 * largest[state]);
                maximum = if error > maximum || error.is_nan() {
                    error
                } else {
                    maximum
                };
                sum += error * error;
            }
        }
        (maximum, (sum / (self.rows.len() * count) as f64).sqrt())
    }
}

fn csv_error(path: &Path) -> impl Fn(csv::Error) -> SurrogateError + '_ {
    |e| SurrogateError::content(path.display().to_string(), e.to_string())
}

fn numbers(record: &csv::StringRecord, path: &Path) -> Result<Vec<f64>, SurrogateError> {
    record
        .iter()
        .map(|field| {
            field.parse().map_err(|e| {
                SurrogateError::content(path.display().to_string(), format!("{field}: {e}"))
            })
        })
        .collect()
}

/// Reads the patients' table: columns `p:NAME` and `y0:NAME`.
///
/// # Errors
/// [`SurrogateError`] for a file, column or number that does not fit.
pub fn read_patients(path: &Path, network: &Network) -> Result<Vec<Patient>, SurrogateError> {
    let mut reader = csv::Reader::from_path(path).map_err(csv_error(path))?;
    let headers = reader.headers().map_err(csv_error(path))?.clone();
    let mut patients = Vec::new();
    for record in reader.records() {
        let values = numbers(&record.map_err(csv_error(path))?, path)?;
        let mut patient = Patient {
            parameters: network.parameter_values(),
            initial: vec![f64::NAN; network.states.len()],
        };
        for (header, value) in headers.iter().zip(values).skip(1) {
            let place = match header.split_once(':') {
                Some(("p", name)) => network
                    .parameter(name)
                    .and_then(|i| patient.parameters.get_mut(i as usize)),
                Some(("y0", name)) => network
                    .state(name)
                    .and_then(|i| patient.initial.get_mut(i as usize)),
                _ => None,
            };
            match place {
                Some(place) => *place = value,
                None => {
                    let problem = "the model has no such parameter or state";
                    return Err(SurrogateError::content(header, problem));
                }
            }
        }
        patients.push(patient);
    }
    Ok(patients)
}

/// Reads the reference: patient, day, then one column a state; returned in the network's order.
///
/// # Errors
/// [`SurrogateError`] for a file or number that does not fit.
pub fn read_reference(path: &Path, network: &Network) -> Result<Reference, SurrogateError> {
    let file = File::open(path).map_err(|source| SurrogateError::Read {
        path: path.to_owned(),
        source,
    })?;
    let mut reader = csv::Reader::from_reader(GzDecoder::new(file));
    let headers = reader.headers().map_err(csv_error(path))?.clone();
    let mut columns = Vec::new();
    for state in &network.states {
        let column = headers.iter().skip(2).position(|name| name == state.name);
        columns.push(column.ok_or_else(|| {
            SurrogateError::content(
                path.display().to_string(),
                format!("no column {}", state.name),
            )
        })?);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let values = numbers(&record.map_err(csv_error(path))?, path)?;
        if let [patient, day, states @ ..] = values.as_slice() {
            let ordered = columns
                .iter()
                .map(|&c| states.get(c).copied().unwrap_or(f64::NAN));
            rows.push((*patient as usize, *day, ordered.collect()));
        }
    }
    Ok(Reference { rows })
}
