//! `gutskin model lean`: the lean colon beside the full one.

use crate::output::{json, say};
use comfy_table::{CellAlignment, Table, presets};
use gutskin_study::claims::{lean_against_full, lean_elsewhere};
use miette::IntoDiagnostic;

/// Prints what both colons do, and where they part; with `more` under changes that nothing is fitted to.
pub fn lean(more: bool, as_json: bool) -> miette::Result<()> {
    let found = if more {
        lean_elsewhere()
    } else {
        lean_against_full()
    };
    let rows = found.into_diagnostic()?;
    if as_json {
        say!("{}", json(&serde_json::json!({ "lean": rows }))?);
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["disturbance", "quantity", "full", "lean", "SD", ""]);
    for row in &rows {
        let number = |x: f64| format!("{x:.3}");
        let verdict = if row.holds { "" } else { "MISS" };
        table.add_row([
            row.disturbance.to_owned(),
            row.quantity.to_owned(),
            number(row.full),
            number(row.lean),
            number(row.sd),
            verdict.to_owned(),
        ]);
    }
    for column in 2..5 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    say!("{table}");
    let held = rows.iter().filter(|r| r.holds).count();
    say!(
        "\n{held} of {} hold: at rest within 10 %, changes within 25 % or 0.05 SD between people",
        rows.len()
    );
    Ok(())
}
