//! Readers: any file that may hold stool profiles, recognised by content, never by name.

mod archive;
mod biom;
mod biom_axis;
mod checks;
mod ending;
mod hdf5;
mod input;
mod kraken;
pub mod labels;
mod limits;
mod lines;
mod long;
mod metadata;
mod missing;
mod mothur;
mod numbers;
mod preview;
mod qza;
mod table;
mod taxonomy;
#[cfg(test)]
mod tests;

pub(crate) use input::too_large_unpacked;
pub use input::{Source, stem};
pub use limits::Limits;
pub use metadata::{Matched, Metadata};
pub use table::shorten;
pub use taxonomy::TaxonomyList;

use crate::error::{PeopleError, Result};
use crate::taxonomy::Vocabulary;

use super::cohort::{Cohort, Format};
use input::Input;
use labels::{IdKind, Tally};
use preview::Preview;

/// What a file turned out to be.
#[derive(Debug)]
pub enum Content {
    /// Profiles.
    Profiles(Cohort),
    /// A taxonomy that belongs to other files.
    Taxonomy(TaxonomyList),
}

/// Reads a file of profiles or a taxonomy.
///
/// # Errors
/// When the file is neither, damaged, or beyond the limits. The message says what it seems to be.
pub fn read(name: &str, source: Source, limits: Limits, words: &Vocabulary) -> Result<Content> {
    let input = Input::open(name, source, limits)?;
    refuse_by_magic(&input)?;
    let mut content = if input.head.starts_with(b"\x89HDF\r\n\x1a\n") {
        let name = input.name.clone();
        Content::Profiles(biom::hdf5(&name, input.into_bytes()?, limits)?)
    } else if input.head.starts_with(b"PK\x03\x04") || input.head.starts_with(b"PK\x05\x06") {
        match qza::read(input, words)? {
            qza::Artifact::Table(cohort) => Content::Profiles(cohort),
            qza::Artifact::Taxonomy(list) => Content::Taxonomy(list),
        }
    } else if first_sign(&input.head) == Some(b'{') {
        Content::Profiles(biom::json(input)?)
    } else {
        text(input, words)?
    };
    if let Content::Profiles(cohort) = &mut content {
        checks::after_reading(cohort)?;
    }
    Ok(content)
}

/// Reads sample metadata.
///
/// # Errors
/// When the file is no table or damaged.
pub fn read_metadata(name: &str, source: Source, limits: Limits) -> Result<Metadata> {
    let input = Input::open(name, source, limits)?;
    refuse_by_magic(&input)?;
    Metadata::read(input)
}

fn first_sign(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace())
}

fn refuse_by_magic(input: &Input) -> Result<()> {
    let head = input.head.as_slice();
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(PeopleError::Unusable {
            file: input.name.clone(),
            problem: "the file is empty".to_owned(),
            advice: "Export it again".to_owned(),
        });
    }
    let seems = if head.starts_with(b"BZh") {
        "a file compressed with bzip2 (decompress it first)"
    } else if head.starts_with(b"\xfd7zXZ") {
        "a file compressed with xz (decompress it first)"
    } else if head.starts_with(b"\x28\xb5\x2f\xfd") {
        "a file compressed with zstd (decompress it first)"
    } else if head.starts_with(b"PAR1") {
        "a Parquet file (export it as tab-separated text)"
    } else if head.starts_with(b"%PDF") {
        "a PDF"
    } else if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        "text in UTF-16 (save it as UTF-8)"
    } else if head.starts_with(b"\xd0\xcf\x11\xe0") {
        "an old Excel workbook (save the sheet as tab-separated text)"
    } else if head.starts_with(b"RDX") || head.starts_with(b"X\n") {
        "an R data file (export the table as tab-separated text)"
    } else if head.starts_with(b"@") && is_fastq(head) {
        "raw reads (FASTQ): run a profiler such as MetaPhlAn first"
    } else if head.starts_with(b">") {
        "sequences (FASTA): run a profiler or classifier first"
    } else if !head.starts_with(b"\x89HDF") && !head.starts_with(b"PK") && head.contains(&0) {
        "a binary file of unknown kind"
    } else if head.starts_with(b"<") {
        "a web page or XML (the download may have failed)"
    } else {
        return Ok(());
    };
    Err(PeopleError::NotAProfile {
        file: input.name.clone(),
        seems: seems.to_owned(),
        needed: "A profile is a report of MetaPhlAn, Kraken, Bracken or Centrifuge, a BIOM table, a QIIME 2 artifact, a mothur shared file, or a table of taxa by samples".to_owned(),
    })
}

fn is_fastq(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n')
        .nth(2)
        .is_some_and(|line| line.starts_with(b"+"))
}

fn text(input: Input, words: &Vocabulary) -> Result<Content> {
    let whole = input.whole;
    let preview = Preview::of(&input.head, whole);
    if kraken::is_krakenuniq(&preview) || kraken::is_report(&preview) {
        return kraken::report(input, &preview).map(Content::Profiles);
    }
    if kraken::is_bracken(&preview) {
        return kraken::bracken(input, &preview).map(Content::Profiles);
    }
    if kraken::is_centrifuge_table(&preview) {
        return kraken::centrifuge_table(input, &preview).map(Content::Profiles);
    }
    if mothur::is_shared(&preview) {
        return mothur::shared(input, &preview).map(Content::Profiles);
    }
    if taxonomy::is_taxonomy(&preview, words) {
        return taxonomy::read(input, words).map(Content::Taxonomy);
    }
    if let Some(shape) = long::shape(&preview, words) {
        return long::read(input, &preview, shape, words).map(Content::Profiles);
    }
    if long::lacks_samples(&preview, words) {
        return Err(long::no_samples(&input.name, &preview));
    }
    table_of_numbers(input, &preview, words).map(Content::Profiles)
}

fn table_of_numbers(input: Input, preview: &Preview, words: &Vocabulary) -> Result<Cohort> {
    if preview.is_parted_by_blanks() {
        return Err(PeopleError::NotAProfile {
            file: input.name.clone(),
            seems: "a table whose columns are parted by blanks, which also stand in names of taxa"
                .to_owned(),
            needed: "Write it with tabs or commas between the columns (R: write.table(x, file, sep = \"\\t\", col.names = NA))".to_owned(),
        });
    }
    let with_taxonomy = has_taxonomy_column(preview, words);
    let names_at = if with_taxonomy {
        0
    } else {
        table::names_column(preview, words)
    };
    let row_labels = || {
        preview
            .rows
            .iter()
            .filter_map(|row| row.get(names_at))
            .map(String::as_str)
    };
    let column_labels = || preview.header.iter().skip(1).map(String::as_str);
    refuse_functions(&input.name, row_labels())?;
    refuse_functions(&input.name, column_labels())?;
    let rows = Tally::of(row_labels(), words);
    let columns = Tally::of(column_labels().take(2000), words);
    let piped = row_labels()
        .filter(|label| label.contains('|') && label.contains("__"))
        .count()
        * 2
        > preview.rows.len()
        || preview
            .comments
            .iter()
            .any(|line| line.starts_with("#mpa_"));
    if piped {
        let format = if whole_numbers(preview) {
            Format::KrakenMpaStyle
        } else {
            Format::Metaphlan
        };
        let names = table::RowNames {
            at: names_at,
            by_names: false,
        };
        return table::taxa_as_rows(input, preview, format, names, words);
    }
    if with_taxonomy || (rows.are_taxa() && rows.taxa() >= columns.taxa()) {
        let names = table::RowNames {
            at: names_at,
            by_names: rows.are_taxa(),
        };
        return table::taxa_as_rows(input, preview, Format::TaxaAsRows, names, words);
    }
    if columns.are_taxa() {
        return table::samples_as_rows(input, preview, true, words);
    }
    match ids_axis(&rows, &columns) {
        Some(true) => {
            let names = table::RowNames {
                at: names_at,
                by_names: false,
            };
            table::taxa_as_rows(input, preview, Format::TaxaAsRows, names, words)
        }
        Some(false) => table::samples_as_rows(input, preview, false, words),
        None => Err(refusal(&input.name, preview, &rows, &columns)),
    }
}

/// Functions are no taxa, even where each is split by organism.
pub fn refuse_functions<'a>(name: &str, labels: impl Iterator<Item = &'a str>) -> Result<()> {
    match labels::guess_functions(labels) {
        None => Ok(()),
        Some(seems) => Err(PeopleError::NotAProfile {
            file: name.to_owned(),
            seems: seems.to_owned(),
            needed: "A profile says how much there is of each taxon: give the MetaPhlAn profile that HUMAnN made on its way (`*_metaphlan_bugs_list.tsv`), or any other profile of the same samples".to_owned(),
        }),
    }
}

/// Tables of sequence identifiers are read; whether a taxonomy comes with them shows later.
fn ids_axis(rows: &Tally, columns: &Tally) -> Option<bool> {
    if rows.are_ids() {
        Some(true)
    } else if columns.are_ids() {
        Some(false)
    } else {
        None
    }
}

fn has_taxonomy_column(preview: &Preview, words: &Vocabulary) -> bool {
    let named = preview
        .header
        .iter()
        .enumerate()
        .skip(1)
        .any(|(position, name)| {
            matches!(
                name.to_lowercase().as_str(),
                "taxonomy" | "consensuslineage" | "consensus lineage" | "lineage" | "taxon"
            ) && preview.is_text(position)
                && Tally::of(
                    preview
                        .rows
                        .iter()
                        .filter_map(|row| row.get(position))
                        .map(String::as_str),
                    words,
                )
                .taxa()
                    >= 0.3
        });
    let ranks = preview
        .header
        .iter()
        .enumerate()
        .filter(|(position, name)| {
            crate::taxonomy::Rank::from_name(name).is_some() && preview.is_text(*position)
        })
        .count();
    let numbers = (0..preview.header.len())
        .filter(|position| !preview.is_text(*position))
        .count();
    named || (ranks >= 2 && numbers >= 1)
}

fn whole_numbers(preview: &Preview) -> bool {
    let mut largest = 0.0_f64;
    let whole = preview
        .rows
        .iter()
        .flat_map(|row| row.iter().skip(1))
        .all(|field| match numbers::cell(field, preview.commas) {
            numbers::Cell::Number(value) => {
                largest = largest.max(value);
                value.fract() == 0.0
            }
            _ => true,
        });
    whole
        && largest > 100.0
        && !preview
            .header
            .iter()
            .any(|name| name == "relative_abundance")
}

/// Says what a table that is no profile seems to be.
fn refusal(name: &str, preview: &Preview, rows: &Tally, columns: &Tally) -> PeopleError {
    let row_labels = preview
        .rows
        .iter()
        .filter_map(|row| row.first())
        .map(String::as_str);
    let column_labels = preview.header.iter().skip(1).map(String::as_str);
    let text_columns = (0..preview.width())
        .filter(|column| preview.is_text(*column))
        .count();
    let seems = labels::guess_other(row_labels.clone())
        .or_else(|| labels::guess_other(column_labels.clone()))
        .map(str::to_owned)
        .or_else(|| {
            (rows.are_numbers() || columns.are_numbers()).then(|| {
                format!(
                    "a table of features named by {}, without a taxonomy",
                    IdKind::Number.name()
                )
            })
        })
        .or_else(|| {
            (preview.width() > 1 && text_columns * 3 >= preview.width()).then(|| {
                "a table of words, such as sample metadata (give it with --metadata)".to_owned()
            })
        })
        .unwrap_or_else(|| {
            let example: Vec<String> = row_labels.take(3).map(table::shorten).collect();
            let across: Vec<String> = column_labels.take(3).map(table::shorten).collect();
            if preview.width() < 2 {
                "text without columns".to_owned()
            } else {
                format!(
                    "a table of things that are no taxa (rows such as {}; columns such as {})",
                    example.join(", "),
                    across.join(", ")
                )
            }
        });
    PeopleError::NotAProfile {
        file: name.to_owned(),
        seems,
        needed: "A profile names taxa, as lineages (`k__Bacteria|p__…`) or names (`Faecalibacterium prausnitzii`); features with numbers need a taxonomy file beside them".to_owned(),
    }
}
