//! Courses of people as a table and as figures.

use crate::ReportError;
use crate::figure::courses;
use gutskin_study::measured::{Point, Score};
use gutskin_study::simulate::Series;
use std::fmt::Write;

/// One row a time: scenario, arm, name, unit, day, mean, 5 and 95 % of people.
#[must_use]
pub fn csv(all: &[Series]) -> String {
    let mut out = String::from("scenario,arm,name,unit,day,mean,low,high\n");
    for s in all {
        for (row, day) in s.days.iter().enumerate() {
            let _ = writeln!(
                out,
                "{},{},{},{},{day},{},{},{}",
                cell(&s.scenario),
                cell(&s.arm),
                cell(&s.name),
                cell(&s.unit),
                s.mean[row],
                s.low[row],
                s.high[row]
            );
        }
    }
    out
}

/// How far courses are from measurements, a line each.
#[must_use]
pub fn scores(all: &[Score]) -> String {
    let mut out = String::from(
        "arm                   name                       points        bias       error    in sd  within 90 %\n",
    );
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.2}"));
    for s in all {
        let _ = writeln!(
            out,
            "{:<20}  {:<25}  {:>6}  {:>10.4}  {:>10.4}  {:>7}  {:>11}  {}",
            s.arm,
            s.name,
            s.points,
            s.bias,
            s.error,
            number(s.standardised),
            s.within
                .map_or("-".to_owned(), |w| format!("{:.0} %", 100.0 * w)),
            s.unit
        );
    }
    out
}

/// A cell, quoted where it must be.
pub(crate) fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

/// A figure for each name, all arms of all scenarios in it, with what was measured.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn figures(all: &[Series], measured: &[Point]) -> Result<Vec<(String, String)>, ReportError> {
    let mut names: Vec<&str> = Vec::new();
    for s in all {
        if !names.contains(&s.name.as_str()) {
            names.push(&s.name);
        }
    }
    let figure = |name: &str| {
        let of: Vec<&Series> = all.iter().filter(|s| s.name == name).collect();
        Ok((name.to_owned(), courses(&of, measured)?))
    };
    names.into_iter().map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_with_commas_are_quoted() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a, \"b\""), "\"a, \"\"b\"\"\"");
    }
}
