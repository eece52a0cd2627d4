//! Solving and writing.

use crate::Failure;
use crate::models::Subject;
use crate::patients::Patient;
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{Options, Run, Solver, States, Trajectory};
use gutskin_network::expr::Node;
use gutskin_network::{Network, sbml};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Tighter than the thresholds of the comparison by far, so that these test the equations.
const RELATIVE_TOLERANCE: f64 = 1e-9;
/// Output times, evenly spaced; changes fall between them.
const OUTPUTS: u32 = 98;

/// Writes one file pair a person, and the list of them.
pub struct Writer {
    folder: PathBuf,
    name: String,
    span: f64,
    columns: Vec<Value>,
    people: Vec<Value>,
    /// The one document and the table of people, where people share a document.
    shared: Option<[&'static str; 2]>,
}

impl Writer {
    pub fn new(subject: &Subject, folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            folder: folder.to_path_buf(),
            name: subject.name.clone(),
            span: subject.span,
            columns: columns(&subject.network),
            people: Vec::new(),
            shared: None,
        })
    }

    /// One document, a table of what tells people apart, and each person's trajectory.
    pub fn together(&mut self, people: &[Patient]) -> Result<Vec<Trajectory>, Failure> {
        let first = people.first().ok_or("nobody has a rest")?;
        let [document, table] = ["model.xml", "people.csv"];
        let text = sbml::write(&first.network, &first.schedule);
        std::fs::write(self.folder.join(document), text)?;
        self.people_table(&self.folder.join(table), people)?;
        self.shared = Some([document, table]);
        let mut trajectories = Vec::new();
        for (number, patient) in people.iter().enumerate() {
            let table = format!("patient-{number:02}.csv");
            let trajectory =
                solve(patient, self.span).map_err(|error| format!("patient {number}: {error}"))?;
            self.table(&self.folder.join(&table), &patient.network, &trajectory)?;
            let changes = patient.schedule.changes().len();
            self.people
                .push(json!({"trajectory": table, "changes": changes}));
            trajectories.push(trajectory);
        }
        Ok(trajectories)
    }

    /// Columns `p:id` are parameters that differ between people, `y0:id` all states at the start.
    fn people_table(&self, path: &Path, people: &[Patient]) -> Result<(), Failure> {
        let values = |p: &Patient| -> Vec<f64> {
            let n = &p.network;
            let starts = n.states.iter().map(|s| n.pool.as_constant(s.initial));
            let starts = starts.map(|v| v.unwrap_or(f64::NAN));
            n.parameters.iter().map(|p| p.value).chain(starts).collect()
        };
        let rows: Vec<Vec<f64>> = people.iter().map(values).collect();
        let n = &people[0].network;
        let parameters = n
            .parameters
            .iter()
            .map(|p| format!("p:{}", sbml::sid(&p.name)));
        let states = n
            .states
            .iter()
            .map(|s| format!("y0:{}", sbml::sid(&s.name)));
        let kept: Vec<(usize, String)> = parameters
            .chain(states)
            .enumerate()
            .filter(|(i, name)| {
                let differs = rows.iter().any(|row| row[*i] != rows[0][*i]);
                name.starts_with("y0:") || differs
            })
            .collect();
        let mut table = csv::Writer::from_path(path)?;
        table.write_record(kept.iter().map(|(_, name)| name))?;
        for row in &rows {
            table.write_record(kept.iter().map(|(i, _)| format!("{:e}", row[*i])))?;
        }
        Ok(table.flush()?)
    }

    pub fn patient(&mut self, number: u32, patient: &Patient) -> Result<(), Failure> {
        let document = format!("patient-{number:02}.xml");
        let table = format!("patient-{number:02}.csv");
        let text = sbml::write(&patient.network, &patient.schedule);
        std::fs::write(self.folder.join(&document), text)?;
        let trajectory =
            solve(patient, self.span).map_err(|error| format!("patient {number}: {error}"))?;
        self.table(&self.folder.join(&table), &patient.network, &trajectory)?;
        self.people.push(json!({
            "sbml": document,
            "trajectory": table,
            "changes": patient.schedule.changes().len(),
        }));
        Ok(())
    }

    fn table(&self, path: &Path, network: &Network, found: &Trajectory) -> Result<(), Failure> {
        let mut table = csv::Writer::from_path(path)?;
        let ids = self.columns.iter().filter_map(|c| c["id"].as_str());
        table.write_record(std::iter::once("time").chain(ids))?;
        for (row, &time) in found.times().iter().enumerate() {
            let shown = own_observables(network).map(|i| found.observables(row)[i]);
            let states = found.states(row).iter().copied();
            let values = std::iter::once(time).chain(states).chain(shown);
            table.write_record(values.map(|v| format!("{v:e}")))?;
        }
        Ok(table.flush()?)
    }

    pub fn finish(self) -> Result<(), Failure> {
        let manifest = json!({
            "model": self.name,
            "shared": self.shared,
            "relative_tolerance": RELATIVE_TOLERANCE,
            "columns": self.columns,
            "patients": self.people,
        });
        let path = self.folder.join("manifest.json");
        std::fs::write(path, format!("{manifest:#}\n"))?;
        println!(
            "{}: {} people, {} columns, in {}",
            self.name,
            self.people.len(),
            self.columns.len(),
            self.folder.display()
        );
        Ok(())
    }
}

/// Observables that are not just a state under its own name.
fn own_observables(network: &Network) -> impl Iterator<Item = usize> + '_ {
    let names = network.observables.iter().map(|o| &o.name);
    names
        .enumerate()
        .filter(|(_, name)| network.state(name).is_none())
        .map(|(index, _)| index)
}

/// States with their typical sizes, then observables, which have one where they show a state under another name.
fn columns(network: &Network) -> Vec<Value> {
    let states = network.states.iter();
    let states = states.map(|s| json!({"id": sbml::sid(&s.name), "typical": s.typical}));
    let observables = own_observables(network).map(|i| {
        let observable = &network.observables[i];
        let typical = match network.pool.node(observable.expression) {
            Node::State(s) => Some(network.states[s as usize].typical),
            _ => None,
        };
        json!({"id": sbml::sid(&observable.name), "typical": typical})
    });
    states.chain(observables).collect()
}

fn solve(patient: &Patient, span: f64) -> Result<Trajectory, Failure> {
    let network = &patient.network;
    let program = Arc::new(Program::new(network, &ProgramOptions::default())?);
    let states = States::of_program(&program)?;
    let system = ScalarProgram::new(program);
    let mut initial = vec![0.0; network.states.len()];
    system.initial(&mut initial);
    let mut run = Run::new(0.0, span, initial);
    run.inputs = network.input_values();
    run.schedule = patient.schedule.clone();
    run.outputs = outputs(span);
    run.record_states = true;
    let options = Options::with_tolerance(RELATIVE_TOLERANCE);
    let solution = Solver::new(system, states, options)?.solve(&run)?;
    if !solution.status.is_success() {
        return Err(solution.status.to_string().into());
    }
    Ok(solution.trajectory)
}

/// Output times of a run of this length.
pub fn outputs(span: f64) -> Vec<f64> {
    (0..=OUTPUTS)
        .map(|i| span * f64::from(i) / f64::from(OUTPUTS))
        .collect()
}
