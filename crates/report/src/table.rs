//! Parquet columns with units and meanings in the field metadata.

use crate::error::{ReportError, Result};
use arrow::array::{ArrayRef, Float64Array, StringArray, UInt64Array};
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

fn failed(error: impl std::fmt::Display) -> ReportError {
    ReportError::Table(error.to_string())
}

/// A column of a table.
pub(crate) struct Column {
    field: Field,
    values: ArrayRef,
}

/// A column with its unit and meaning.
pub(crate) fn column(name: &str, unit: &str, meaning: &str, values: ArrayRef) -> Column {
    let kind = values.data_type().clone();
    let metadata = HashMap::from([
        ("unit".to_owned(), unit.to_owned()),
        ("meaning".to_owned(), meaning.to_owned()),
    ]);
    Column {
        field: Field::new(name, kind, true).with_metadata(metadata),
        values,
    }
}

/// Numbers; what is not finite is null.
pub(crate) fn numbers(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter(
        values.map(|v| Some(v).filter(|v| v.is_finite())),
    ))
}

/// Counts.
pub(crate) fn whole(values: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(UInt64Array::from_iter_values(values))
}

/// Texts.
pub(crate) fn texts(values: impl Iterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// Writes a table of these columns.
pub(crate) fn write(out: impl Write + Send, columns: Vec<Column>) -> Result<()> {
    write_parts(out, std::iter::once(columns))
}

/// Writes a table part by part, so that only one part is in memory; all parts have the same columns.
pub(crate) fn write_parts(
    out: impl Write + Send,
    parts: impl Iterator<Item = Vec<Column>>,
) -> Result<()> {
    let mut parts = parts.peekable();
    let fields: Vec<Field> = parts
        .peek()
        .map(|columns| columns.iter().map(|c| c.field.clone()).collect())
        .unwrap_or_default();
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(failed)?;
    for columns in parts {
        let values = columns.into_iter().map(|c| c.values).collect();
        let batch = RecordBatch::try_new(schema.clone(), values).map_err(failed)?;
        writer.write(&batch).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(())
}
