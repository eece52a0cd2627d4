//! The folder of results: tables, figures, summary, receipt and report, each whole or not at all.

use std::path::Path;

use gutskin_people::profile::reference::Reference;
use gutskin_people::profile::study::Study;
use gutskin_report::profile;
use gutskin_report::receipt::ProfileReceipt;
use miette::{IntoDiagnostic, Result};

use crate::output::{json, make_folder, tell, write_whole, write_with};
use crate::plain::{Plain, Style, written_out};

/// Writes all of it into `folder`.
pub fn write(
    folder: &Path,
    study: &Study,
    references: &[Reference],
    receipt: &ProfileReceipt,
) -> Result<()> {
    make_folder(folder)?;
    write_with(&folder.join("summary.json"), |out| {
        serde_json::to_writer_pretty(Plain::new(out, Style::Json), study).into_diagnostic()
    })?;
    write_with(&folder.join("samples.parquet"), |out| {
        profile::samples_table(study, out).into_diagnostic()
    })?;
    write_with(&folder.join("values.parquet"), |out| {
        profile::values_table(study, out).into_diagnostic()
    })?;
    let figures = profile::figures(study, references).into_diagnostic()?;
    for figure in &figures {
        let svg = written_out(&figure.svg, Style::Text);
        write_whole(&folder.join(format!("{}.svg", figure.name)), &svg)?;
    }
    let page = profile::page(study, references, &figures);
    write_whole(
        &folder.join("report.html"),
        &written_out(&page, Style::Text),
    )?;
    write_whole(&folder.join("receipt.json"), &json(receipt)?)?;
    tell!(
        "written: {} (report.html, summary.json, receipt.json, samples.parquet, values.parquet, figures)",
        folder.display()
    );
    Ok(())
}
