//! Every entry of the `unit` column of the checks table is either a unit or
//! refused on purpose.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use gutskin_units::Unit;

/// Free text and statistics in the column: the unit of the number is "1" or
/// "%", and what it is a share or a logarithm of belongs to the name.
const REFUSED: &[&str] = &[
    "% change of DC activation",
    "% of baseline",
    "% of children",
    "% of control",
    "% of day-5 change",
    "% of joint effect",
    "% of largest loss",
    "% of loss",
    "% of normal minus 100",
    "% of onset",
    "% of peak rise",
    "% of people",
    "% of reads",
    "0-1",
    "0/1",
    "1/d scale",
    "Bray-Curtis",
    "C",
    "Cohen d",
    "HR",
    "OR",
    "RR",
    "SMD",
    "Spearman",
    "h after midnight",
    "ln SD",
    "ln units",
    "log10",
    "log10 CFU/g",
    "mM faecal",
    "mmol per extra g fibre",
    "mmol per g fermented",
    "r",
    "ratio of SD effects",
    "share of effect",
];

#[test]
fn units_of_the_checks_table() {
    let Some(path) = gutskin_testing::shared("checks.csv") else {
        return;
    };
    let mut table = csv::Reader::from_path(path).unwrap();
    let column = table
        .headers()
        .unwrap()
        .iter()
        .position(|name| name == "unit")
        .unwrap();
    let units: BTreeSet<String> = table
        .records()
        .map(|row| row.unwrap()[column].to_owned())
        .collect();
    assert!(units.len() > 40, "{}", units.len());
    let refused: Vec<&str> = units
        .iter()
        .filter(|text| Unit::parse(text).is_err())
        .map(String::as_str)
        .collect();
    assert_eq!(refused, REFUSED);
}
