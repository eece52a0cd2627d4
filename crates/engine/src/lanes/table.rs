//! Blocks as Arrow tables.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, StringBuilder, UInt64Builder};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::cohort::{Path, PatientResult};
use super::dispatch::Block;
use crate::Solution;
use crate::program::Program;

/// The schema's metadata has the class of arithmetic under this key: results are the same bytes within a class.
pub const CLASS_KEY: &str = "arithmetic";

/// What is recorded of a block: `patient`, `time`, then one column an observable, one row an output time reached. Where
/// states of anybody in the block are recorded, one column a state follows, named `state.NAME`, null for the others.
/// The class of arithmetic is in the metadata under [`CLASS_KEY`].
///
/// # Errors
/// Where Arrow refuses the columns.
pub fn trajectories(program: &Program, block: &Block) -> Result<RecordBatch, ArrowError> {
    let solutions = || {
        block
            .results
            .iter()
            .filter_map(|r| Some((r.index, r.outcome.as_ref().ok()?)))
    };
    let rows = solutions().map(|(_, s)| s.trajectory.len()).sum();
    let (mut patients, mut times) = (
        UInt64Builder::with_capacity(rows),
        Float64Builder::with_capacity(rows),
    );
    let mut values: Vec<_> = program
        .observable_names
        .iter()
        .map(|_| Float64Builder::with_capacity(rows))
        .collect();
    let records = |s: &Solution| !s.trajectory.states(0).is_empty();
    let names = program.state_names.iter();
    let mut states: Vec<_> = names
        .filter(|_| solutions().any(|(_, s)| records(s)))
        .map(|_| Float64Builder::with_capacity(rows))
        .collect();
    for (index, solution) in solutions() {
        let trajectory = &solution.trajectory;
        for (row, &time) in trajectory.times().iter().enumerate() {
            patients.append_value(index as u64);
            times.append_value(time);
            for (column, &value) in values.iter_mut().zip(trajectory.observables(row)) {
                column.append_value(value);
            }
            let recorded = trajectory.states(row);
            for (i, column) in states.iter_mut().enumerate() {
                column.append_option(recorded.get(i).copied());
            }
        }
    }
    let mut fields = vec![
        Field::new("patient", DataType::UInt64, false),
        Field::new("time", DataType::Float64, false),
    ];
    let mut columns: Vec<ArrayRef> = vec![Arc::new(patients.finish()), Arc::new(times.finish())];
    for (name, column) in program.observable_names.iter().zip(&mut values) {
        fields.push(Field::new(name, DataType::Float64, false));
        columns.push(Arc::new(column.finish()));
    }
    for (name, column) in program.state_names.iter().zip(&mut states) {
        fields.push(Field::new(format!("state.{name}"), DataType::Float64, true));
        columns.push(Arc::new(column.finish()));
    }
    RecordBatch::try_new(Arc::new(schema(fields, block)), columns)
}

fn schema(fields: Vec<Field>, block: &Block) -> Schema {
    let class = (CLASS_KEY.to_owned(), block.class.name().to_owned());
    Schema::new(fields).with_metadata([class])
}

/// How each patient of a block ended: `patient`, `status`, `time` reached, `steps`, `rejected`, `path`; the class of
/// arithmetic is in the metadata under [`CLASS_KEY`].
///
/// # Errors
/// Where Arrow refuses the columns.
pub fn outcomes(block: &Block) -> Result<RecordBatch, ArrowError> {
    let mut patients = UInt64Builder::new();
    let (mut statuses, mut paths) = (StringBuilder::new(), StringBuilder::new());
    let mut times = Float64Builder::new();
    let (mut steps, mut rejected) = (UInt64Builder::new(), UInt64Builder::new());
    for PatientResult {
        index,
        outcome,
        path,
        ..
    } in &block.results
    {
        patients.append_value(*index as u64);
        paths.append_value(match path {
            Path::Lanes => "lanes",
            Path::Scalar => "scalar",
        });
        match outcome {
            Ok(solution) => {
                statuses.append_value(solution.status.to_string());
                times.append_value(solution.time);
                steps.append_value(solution.statistics.accepted as u64);
                rejected.append_value(solution.statistics.rejected as u64);
            }
            Err(error) => {
                statuses.append_value(format!("not begun: {error}"));
                times.append_null();
                steps.append_value(0);
                rejected.append_value(0);
            }
        }
    }
    let fields = vec![
        Field::new("patient", DataType::UInt64, false),
        Field::new("status", DataType::Utf8, false),
        Field::new("time", DataType::Float64, true),
        Field::new("steps", DataType::UInt64, false),
        Field::new("rejected", DataType::UInt64, false),
        Field::new("path", DataType::Utf8, false),
    ];
    RecordBatch::try_new(
        Arc::new(schema(fields, block)),
        vec![
            Arc::new(patients.finish()),
            Arc::new(statuses.finish()),
            Arc::new(times.finish()),
            Arc::new(steps.finish()),
            Arc::new(rejected.finish()),
            Arc::new(paths.finish()),
        ],
    )
}
