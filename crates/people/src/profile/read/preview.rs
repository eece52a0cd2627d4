//! The first lines of a text file: delimiter, comments, header and a few rows, for recognition.

use super::lines::{fields, is_comment};
use super::numbers::{Cell, Commas, cell};

const ROWS: usize = 60;
/// Fields of these rows together, beyond which fewer rows must do: very wide tables.
const MOST_FIELDS: usize = 400_000;
const FEWEST_ROWS: usize = 8;
/// Further lines of a header, above the first row of numbers.
const MOST_HEADER_LINES: usize = 4;

/// The beginning of a text file.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Leading lines that begin with `#` and are not the header.
    pub comments: Vec<String>,
    /// Header fields, the leading `#` removed. Empty where there is no header.
    pub header: Vec<String>,
    /// First rows.
    pub rows: Vec<Vec<String>>,
    /// Rows as written, for formats where blanks matter.
    pub raw_rows: Vec<String>,
    /// Field separator.
    pub delimiter: char,
    /// What commas in numbers mean.
    pub commas: Commas,
    /// Lines before the first row (comments, header, blank lines).
    pub skip: u64,
}

impl Preview {
    /// Looks at the first bytes of a file; `whole` says that they are all of it.
    #[must_use]
    pub fn of(head: &[u8], whole: bool) -> Self {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let text = String::from_utf8_lossy(head);
        let mut lines = split_lines(&text);
        if !whole && lines.len() > 1 {
            lines.pop();
        }
        let delimiter = delimiter(&lines);
        let mut leading: Vec<(u64, &str)> = Vec::new();
        let mut rest: Vec<(u64, &str)> = Vec::new();
        let mut count = 0;
        for (number, line) in (1_u64..).zip(lines) {
            let in_head = rest.is_empty();
            if line.trim().is_empty() || (in_head && is_comment(line)) {
                if in_head && !line.trim().is_empty() {
                    leading.push((number, line));
                }
            } else if rest.len() < ROWS && (rest.len() < FEWEST_ROWS || count < MOST_FIELDS) {
                count += line.matches(delimiter).count();
                rest.push((number, line));
            } else {
                break;
            }
        }
        let width = |line: &str| fields(line, delimiter).len();
        let data_width = rest
            .get(1)
            .or_else(|| rest.first())
            .map_or(0, |row| width(row.1));
        let header_in_comment = leading.last().is_some_and(|last| {
            let found = width(last.1);
            found > 1
                && (found == data_width || found + 1 == data_width || known_header(last.1))
                && !first_row_is_header(&rest, delimiter)
        });
        let mut skip = 0;
        let header_line = if header_in_comment {
            leading.pop()
        } else if rest
            .first()
            .is_some_and(|row| is_header(&fields(row.1, delimiter)))
        {
            Some(rest.remove(0))
        } else {
            None
        };
        skip = skip.max(header_line.map_or(0, |line| line.0));
        skip = skip.max(leading.last().map_or(0, |line| line.0));
        let header = header_line.map_or_else(Vec::new, |line| {
            let mut header = fields(line.1.trim_start_matches('#'), delimiter);
            if let Some(first) = header.first_mut() {
                *first = first.trim().to_owned();
            }
            header
        });
        // a second header line (types of samples) must not make its columns text
        if !header.is_empty()
            && rest.iter().any(|row| has_number(&fields(row.1, delimiter)))
            && let Some(first) = rest
                .iter()
                .position(|row| has_number(&fields(row.1, delimiter)))
            && first <= MOST_HEADER_LINES
        {
            rest.drain(..first);
        }
        let rows: Vec<Vec<String>> = rest.iter().map(|row| fields(row.1, delimiter)).collect();
        let numbers = rows
            .iter()
            .flat_map(|row| row.iter().skip(1))
            .map(String::as_str);
        let commas = Commas::judge(numbers, delimiter == ';');
        Self {
            comments: leading
                .iter()
                .map(|line| line.1.trim_end().to_owned())
                .collect(),
            header,
            raw_rows: rest.iter().map(|row| row.1.to_owned()).collect(),
            rows,
            delimiter,
            commas,
            skip,
        }
    }

    /// Position of a column whose name, in lower case, is one of these.
    #[must_use]
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        self.header
            .iter()
            .position(|field| names.contains(&field.trim().to_lowercase().as_str()))
    }

    /// Fields of most rows.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or(0)
            .max(self.header.len())
    }

    /// Whether a column holds nothing at all, as spreadsheets leave behind their last.
    #[must_use]
    pub fn is_empty(&self, column: usize) -> bool {
        self.rows
            .iter()
            .all(|row| row.get(column).is_none_or(|field| field.trim().is_empty()))
    }

    /// Whether the columns are parted by blanks only, as R writes where nothing else is asked for.
    #[must_use]
    pub fn is_parted_by_blanks(&self) -> bool {
        let ends_in_a_number = |row: &&String| {
            row.trim()
                .rsplit_once(' ')
                .is_some_and(|(_, last)| is_number(last))
        };
        self.rows.iter().all(|row| row.len() == 1)
            && !self.raw_rows.is_empty()
            && self.raw_rows.iter().filter(ends_in_a_number).count() * 2 > self.raw_rows.len()
    }

    /// Whether no number stands in the first rows of a column.
    #[must_use]
    pub fn has_no_number(&self, column: usize) -> bool {
        let mut fields = self.rows.iter().filter_map(|row| row.get(column));
        !fields.any(
            |field| matches!(cell(field, self.commas), Cell::Number(value) if value.is_finite()),
        )
    }

    /// Whether a column holds text: words in some of the first rows, and hardly a number. A column of numbers with a
    /// few cells that are none (`NA`, `<0.01`, a word) is no text, so that such a cell is met and named when it is read.
    #[must_use]
    pub fn is_text(&self, column: usize) -> bool {
        const WORDS_A_NUMBER: usize = 4;
        let (mut words, mut numbers) = (0_usize, 0_usize);
        for field in self.rows.iter().filter_map(|row| row.get(column)) {
            match cell(field, self.commas) {
                Cell::Text => words += 1,
                // `nan` stands in columns of words too
                Cell::Number(value) if value.is_finite() => numbers += 1,
                Cell::Number(_) | Cell::Empty | Cell::NearNumber => {}
            }
        }
        words > 0 && numbers * WORDS_A_NUMBER <= words
    }
}

fn split_lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        lines.push(&rest[..at]);
        let width = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[at + width..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

fn delimiter(lines: &[&str]) -> char {
    let sample: Vec<&&str> = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .take(ROWS)
        .collect();
    let with = |wanted: char| sample.iter().filter(|line| line.contains(wanted)).count();
    let half = sample.len().div_ceil(2);
    if with('\t') >= half.min(sample.len()) && with('\t') > 0 {
        '\t'
    } else if sample
        .iter()
        .any(|line| line.contains(";") && line.contains("__"))
        && with(',') >= half
    {
        ','
    } else if with(';') >= half && with(';') > 0 && !sample.iter().any(|line| line.contains("__")) {
        ';'
    } else if with(',') > 0 {
        ','
    } else {
        '\t'
    }
}

fn known_header(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["clade_name", "otu id", "sampleid", "otuid", "taxonomy"]
        .iter()
        .any(|name| lower.contains(name))
}

/// The first row has no number while the second has: it is the header, not the comment above it.
fn first_row_is_header(rows: &[(u64, &str)], delimiter: char) -> bool {
    match rows {
        [first, second, ..] => {
            !has_number(&fields(first.1, delimiter)) && has_number(&fields(second.1, delimiter))
        }
        _ => false,
    }
}

fn has_number(row: &[String]) -> bool {
    row.iter().any(|field| is_number(field))
}

/// Whether a field is a number under any meaning of the comma, which is not decided yet.
fn is_number(field: &str) -> bool {
    [Commas::Absent, Commas::Decimal, Commas::Thousands]
        .iter()
        .any(|commas| matches!(cell(field, *commas), Cell::Number(_)))
}

/// A header holds no number beyond, perhaps, sample names that are numbers in its first row.
fn is_header(row: &[String]) -> bool {
    let numbers = row.iter().skip(1).filter(|field| is_number(field)).count();
    let others = row.iter().skip(1).filter(|field| !field.is_empty()).count();
    let named = row.first().is_some_and(|first| {
        matches!(
            first.to_lowercase().trim_start_matches('#'),
            "" | "otu id"
                | "otuid"
                | "otu_id"
                | "taxon"
                | "taxa"
                | "taxonomy"
                | "id"
                | "name"
                | "sample"
                | "sampleid"
                | "sample_id"
                | "feature"
                | "featureid"
                | "feature id"
                | "clade_name"
                | "species"
                | "genus"
                | "label"
        )
    });
    (others > 0 && numbers * 2 < others) || (named && row.len() > 1 && others > 0)
}
