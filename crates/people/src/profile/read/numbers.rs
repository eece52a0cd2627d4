//! Numbers as people and programs write them: which sign a comma is, what stands for "nothing", what is no number.

use crate::error::PeopleError;

use super::table::shorten;

/// What a comma within a number means, judged from the whole of the numbers seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Commas {
    /// No number has one.
    #[default]
    Absent,
    /// `0,5` is one half.
    Decimal,
    /// `1,250` is one thousand two hundred and fifty.
    Thousands,
    /// `1,250` may be either, and nothing in the table tells.
    Unclear,
    /// Between semicolons, as programs write where the point marks thousands, `5.000` may be five or five thousand, and
    /// nothing in the table tells.
    UnclearPoints,
}

impl Commas {
    /// Judges the numbers of a table; `semicolons` says that these separate its fields, as programs write
    /// where the comma is the decimal mark.
    #[must_use]
    pub fn judge<'a>(fields: impl Iterator<Item = &'a str>, semicolons: bool) -> Self {
        let (mut seen, mut decimal, mut thousands) = (false, false, false);
        let mut points = false;
        for field in fields
            .map(str::trim)
            .filter(|field| is_shaped_as_number(field))
        {
            if !field.contains(',') {
                // a decimal point leaves the comma only one meaning
                thousands |= field.contains('.');
                points |= field.contains('.') && !may_be_thousands(field);
                continue;
            }
            seen = true;
            match grouping(field) {
                Grouping::Decimal => decimal = true,
                Grouping::Thousands => thousands = true,
                Grouping::Either => {}
            }
        }
        match (seen, decimal, thousands) {
            (false, ..) if semicolons && !points => Self::UnclearPoints,
            (false, ..) => Self::Absent,
            (true, true, false) => Self::Decimal,
            (true, false, true) => Self::Thousands,
            (true, false, false) if semicolons => Self::Decimal,
            _ => Self::Unclear,
        }
    }

    /// What was decided, in words, where there was something to decide.
    #[must_use]
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::Decimal => {
                Some("commas in numbers are taken as decimal marks (`0,5` is one half)")
            }
            Self::Thousands => Some(
                "commas in numbers are taken as marks of thousands (`1,250` is 1250), because the table also holds decimal points or several commas in a number",
            ),
            Self::Absent | Self::Unclear | Self::UnclearPoints => None,
        }
    }
}

enum Grouping {
    Decimal,
    Thousands,
    Either,
}

/// What one number with a comma tells: only `1,250` (one to three digits, no leading zero, then three) can be both.
fn grouping(field: &str) -> Grouping {
    let bare = field.trim_start_matches(['+', '-']);
    let parts: Vec<&str> = bare.split(',').collect();
    let [head, tail] = parts.as_slice() else {
        return Grouping::Thousands;
    };
    if tail.contains('.') {
        return Grouping::Thousands;
    }
    let grouped = (1..=3).contains(&head.len())
        && !head.starts_with('0')
        && tail.len() == 3
        && tail.bytes().all(|byte| byte.is_ascii_digit());
    if grouped {
        Grouping::Either
    } else {
        Grouping::Decimal
    }
}

/// `5.000` and `1.250.300`: one to three digits without a leading zero, then groups of three.
fn may_be_thousands(field: &str) -> bool {
    let bare = field.trim_start_matches(['+', '-']);
    let mut groups = bare.split('.');
    let head = groups.next().unwrap_or_default();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    bare.contains('.')
        && (1..=3).contains(&head.len())
        && !head.starts_with('0')
        && is_digits(head)
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// Digits with commas and points, perhaps a sign and an exponent; dates are none.
fn is_shaped_as_number(field: &str) -> bool {
    let bare = field.strip_prefix(['+', '-']).unwrap_or(field);
    let (digits, exponent) = bare.split_once(['e', 'E']).unwrap_or((bare, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
        && !exponent.is_empty()
        && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

/// A cell of a table of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// A number, perhaps NaN or infinite.
    Number(f64),
    /// Nothing.
    Empty,
    /// Something that stands where a number should: `NA`, `<0.01`, `BDL`, `12 %`.
    NearNumber,
    /// Something else.
    Text,
}

/// Reads a cell.
#[must_use]
pub fn cell(text: &str, commas: Commas) -> Cell {
    let text = text.trim();
    if text.is_empty() {
        return Cell::Empty;
    }
    let number = match commas {
        Commas::Decimal if text.contains(',') && text.contains('.') => None,
        Commas::Decimal => text.replace(',', ".").parse().ok(),
        Commas::Thousands if text.contains(',') => without_thousands(text),
        Commas::UnclearPoints if may_be_thousands(text) => None,
        _ => text.parse().ok(),
    };
    match number {
        Some(number) => Cell::Number(number),
        None if stands_for_a_number(text) => Cell::NearNumber,
        None => Cell::Text,
    }
}

/// `1,234,567.8` → 1234567.8; `None` where the commas are not at the thousands.
fn without_thousands(text: &str) -> Option<f64> {
    let whole = text.split('.').next().unwrap_or(text);
    let mut groups = whole.trim_start_matches(['+', '-']).split(',');
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if fits {
        text.replace(',', "").parse().ok()
    } else {
        None
    }
}

/// Marks of values that were not found, not measured, or below a limit, and numbers with a sign around them.
fn stands_for_a_number(text: &str) -> bool {
    if is_missing(text) || is_below_limit(text) {
        return true;
    }
    let bare = text
        .trim_start_matches(['<', '>', '~', '≤', '≥', '='])
        .trim_end_matches(['%', '*'])
        .replace([' ', '\u{a0}', '\u{202f}', '\''], "");
    is_shaped_as_number(&bare)
}

fn is_missing(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "na" | "n/a"
            | "n.a."
            | "#n/a"
            | "<na>"
            | "null"
            | "none"
            | "missing"
            | "-"
            | "--"
            | "–"
            | "."
            | "?"
    )
}

fn is_below_limit(text: &str) -> bool {
    text.starts_with(['<', '≤'])
        || matches!(
            text.to_ascii_lowercase().as_str(),
            "bdl" | "bld" | "lod" | "blq" | "loq" | "nd" | "n.d." | "not detected" | "trace" | "tr"
        )
}

/// The error for a cell that is no number: where, what, and what to write instead.
#[must_use]
pub fn no_number(file: &str, place: String, text: &str, commas: Commas) -> PeopleError {
    let text = text.trim();
    let advice = if is_missing(text) {
        "It may mean `not found` or `not measured`: write 0 (or leave the cell empty) where the taxon was not found, and leave out samples that were not measured".to_owned()
    } else if is_below_limit(text) {
        "Write 0 where a taxon is below the limit of detection; no profile here holds limits"
            .to_owned()
    } else if commas == Commas::Unclear && text.contains(',') {
        format!(
            "It may be {} or {}, and nothing else in the table tells which: write numbers without marks of thousands and with a decimal point",
            text.replace(',', ""),
            text.replace(',', ".")
        )
    } else if commas == Commas::UnclearPoints && may_be_thousands(text) {
        format!(
            "Between semicolons it may be {} or {}, and nothing else in the table tells which: write numbers without marks of thousands, and with a decimal comma or another number of decimals",
            text.replace('.', ""),
            text.trim_end_matches('0').trim_end_matches('.')
        )
    } else if text.contains(',') && is_shaped_as_number(text) {
        "Other numbers of the table use the comma in another way, or not at all: write numbers without marks of thousands and with a decimal point".to_owned()
    } else if text.contains('%') {
        "Leave out the sign %".to_owned()
    } else {
        "Write 0 or leave the cell empty where a taxon was not found".to_owned()
    };
    PeopleError::Malformed {
        file: file.to_owned(),
        place,
        found: format!("`{}`", shorten(text)),
        expected: "a number".to_owned(),
        advice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(fields: &[&str]) -> Commas {
        Commas::judge(fields.iter().copied(), false)
    }

    #[test]
    fn commas_are_judged_by_all_numbers_together() {
        assert_eq!(judged(&["12", "3.5", "Roseburia, a genus"]), Commas::Absent);
        assert_eq!(judged(&["1,250", "12"]), Commas::Unclear);
        assert_eq!(judged(&["1,250", "0,5"]), Commas::Decimal);
        assert_eq!(judged(&["0,125"]), Commas::Decimal);
        assert_eq!(judged(&["1234,567"]), Commas::Decimal);
        assert_eq!(judged(&["1,250", "1,250,300"]), Commas::Thousands);
        assert_eq!(judged(&["1,250", "3.5"]), Commas::Thousands);
        assert_eq!(judged(&["0,5", "3.5"]), Commas::Unclear);
        assert_eq!(Commas::judge(["1,250"].into_iter(), true), Commas::Decimal);
    }

    #[test]
    fn points_between_semicolons_are_judged_too() {
        let judged = |fields: &[&str]| Commas::judge(fields.iter().copied(), true);
        assert_eq!(judged(&["5.000", "300", "1.250"]), Commas::UnclearPoints);
        assert_eq!(judged(&["5.000", "0.125"]), Commas::Absent);
        assert_eq!(judged(&["5.000", "12.5"]), Commas::Absent);
        let unclear = Commas::UnclearPoints;
        assert_eq!(cell("5.000", unclear), Cell::NearNumber);
        assert_eq!(cell("1.250.300", unclear), Cell::NearNumber);
        assert_eq!(cell("300", unclear), Cell::Number(300.0));
        assert_eq!(cell("1234.500", unclear), Cell::Number(1234.5));
        assert_eq!(cell("5.000", Commas::Absent), Cell::Number(5.0));
    }

    #[test]
    fn cells_are_read_as_the_commas_say() {
        assert_eq!(cell("1,250", Commas::Decimal), Cell::Number(1.25));
        assert_eq!(cell("1,250", Commas::Thousands), Cell::Number(1250.0));
        assert_eq!(cell("1,250.5", Commas::Thousands), Cell::Number(1250.5));
        assert_eq!(cell("12,50", Commas::Thousands), Cell::NearNumber);
        assert_eq!(cell("1.250,5", Commas::Decimal), Cell::NearNumber);
        assert_eq!(cell("1,250", Commas::Unclear), Cell::NearNumber);
        assert_eq!(cell(" ", Commas::Absent), Cell::Empty);
    }

    #[test]
    fn what_stands_for_a_number_is_no_text() {
        for text in [
            "NA", "n/a", "-", "BDL", "<0.01", "1,234", "12 %", "1 234", "nd",
        ] {
            assert_eq!(cell(text, Commas::Absent), Cell::NearNumber, "{text}");
        }
        for text in [
            "stool",
            "Roseburia",
            "k__Bacteria",
            "S1",
            "2|976",
            "3A",
            "2020-01-05",
        ] {
            assert_eq!(cell(text, Commas::Absent), Cell::Text, "{text}");
        }
    }
}
