//! What is seen at the visits as a Parquet table, units and meanings in the field metadata.

use crate::Result;
use crate::table::{column, numbers, texts, whole, write};
use gutskin_study::trial::VisitQuantiles;
use std::io::Write;

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Readings at visits.
    Visits,
    /// True values of every day.
    Daily,
}

/// One row an observable, arm and visit or day.
///
/// # Errors
/// When writing fails.
pub fn results(rows: &[VisitQuantiles], kind: Kind, out: impl Write + Send) -> Result<()> {
    let what = match kind {
        Kind::Visits => "mean of what is read, placebo course and noise in it",
        Kind::Daily => "mean of the true values, placebo course in them and noise not",
    };
    let number = |name: &str, meaning: &str, get: &dyn Fn(&VisitQuantiles) -> f64| {
        column(name, "unit", meaning, numbers(rows.iter().map(get)))
    };
    let text = |get: fn(&VisitQuantiles) -> &String| texts(rows.iter().map(|r| get(r).clone()));
    let mut columns = vec![
        column("arm", "", "name of the arm", text(|r| &r.arm)),
        column("observable", "", "what is read", text(|r| &r.observable)),
        column("unit", "", "unit of mean and quantiles", text(|r| &r.unit)),
        column(
            "day",
            "d",
            "day from randomisation",
            numbers(rows.iter().map(|r| r.day)),
        ),
        column(
            "people",
            "1",
            "people of the pool in this arm",
            whole(rows.iter().map(|r| r.people)),
        ),
        number("mean", what, &|r| r.mean),
    ];
    for (i, name) in ["q05", "q25", "q50", "q75", "q95"].into_iter().enumerate() {
        let meaning = format!("{} % quantile over people", &name[1..]);
        columns.push(number(name, &meaning, &|r| r.quantiles[i]));
    }
    write(out, columns)
}
