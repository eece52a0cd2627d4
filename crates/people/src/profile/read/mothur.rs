//! mothur `.shared` files: samples as rows, OTUs as columns, one block a distance label.

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Builder, Cohort, Format};

use super::input::Input;
use super::lines::Lines;
use super::numbers::{Cell, Commas, cell};
use super::preview::Preview;
use super::table::{ragged, shorten};

/// Columns before the first OTU: label, group, number of OTUs.
const FIXED: usize = 3;

/// Whether the header is that of a `.shared` file.
#[must_use]
pub fn is_shared(preview: &Preview) -> bool {
    preview.header.len() > FIXED
        && preview.header[0].eq_ignore_ascii_case("label")
        && preview.header[1].eq_ignore_ascii_case("group")
        && preview.header[2].eq_ignore_ascii_case("numOtus")
}

/// Reads a `.shared` file; of several distance labels the first is used.
///
/// # Errors
/// When a row is ragged or a cell is no number.
pub fn shared(input: Input, preview: &Preview) -> Result<Cohort> {
    let mut builder = Builder::new(&input.name, Format::Mothur, input.limits);
    let header: Vec<String> = preview
        .header
        .iter()
        .filter(|name| !name.is_empty())
        .cloned()
        .collect();
    let mut features = Vec::new();
    for name in &header[FIXED..] {
        features.push(builder.feature(name)?);
    }
    let mut first_label: Option<String> = None;
    let mut other_labels = 0_usize;
    let mut tabbed: Option<bool> = None;
    let mut lines = Lines::new(input);
    loop {
        let file = lines.name().to_owned();
        let Some(line) = lines.next_line()? else {
            break;
        };
        let ends_in_tab = line.ends_with('\t');
        let line = line.trim_end_matches('\t').to_owned();
        let number = lines.number();
        if number <= preview.skip || line.trim().is_empty() {
            continue;
        }
        let parts: Vec<&str> = line.split('\t').collect();
        if parts.len() != header.len() {
            return Err(ragged(&file, number, parts.len(), header.len()));
        }
        // mothur ends every row as it ends the first: a row that ends in a digit instead may have lost digits
        if *tabbed.get_or_insert(ends_in_tab) && !ends_in_tab {
            return Err(PeopleError::Malformed {
                file,
                place: format!("line {number}"),
                found: format!(
                    "an end right behind `{}`",
                    shorten(parts.last().unwrap_or(&""))
                ),
                expected: "a tab at the end, as in the rows above".to_owned(),
                advice: "The file may be cut short: copy it again".to_owned(),
            });
        }
        let label = first_label.get_or_insert_with(|| parts[0].to_owned());
        if label != parts[0] {
            other_labels += 1;
            continue;
        }
        let sample = builder.sample(parts[1])?;
        for (text, feature) in parts[FIXED..].iter().zip(&features) {
            let Cell::Number(value) = cell(text, Commas::Absent) else {
                return Err(PeopleError::Malformed {
                    file,
                    place: format!("line {number}"),
                    found: format!("`{}`", shorten(text)),
                    expected: "a count".to_owned(),
                    advice: "Make the file again with make.shared".to_owned(),
                });
            };
            builder.value(sample, *feature, value, &|| format!("line {number}"))?;
        }
    }
    if other_labels > 0 {
        builder.note(format!(
            "{other_labels} rows of other distance labels are left out; used: `{}`",
            first_label.unwrap_or_default()
        ));
    }
    Ok(builder.finish())
}
