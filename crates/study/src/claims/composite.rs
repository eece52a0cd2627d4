//! Statements that hold where certain rows of the acceptance windows hold.

use crate::checks::{self, CheckError, Experiment, RowValues, Selection};

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "immune recognition: rows body-01 to body-09",
        rows: &["claim-immune-recognition-a"],
        run: recognition,
    },
    Experiment {
        name: "acids from fibre: rows gut-01 to gut-06, gut-27",
        rows: &["claim-scfa-from-fibre-a"],
        run: fibre,
    },
    Experiment {
        name: "antibiotics and diversity: rows gut-19 to gut-22",
        rows: &["claim-antibiotics-diversity-a"],
        run: diversity,
    },
    Experiment {
        name: "placebo arms: rows ad-04, pso-03, acne-06, acne-07",
        rows: &["claim-placebo-visible-a"],
        run: placebo,
    },
];

/// 1 where every row that is not optional holds, 0 where one fails.
fn all_hold(rows: &[String]) -> Result<f64, CheckError> {
    let selection = Selection {
        only: rows.to_vec(),
        ..Selection::default()
    };
    let table = checks::run(&selection, &mut |_| {})?;
    let counted: Vec<_> = table
        .checks
        .iter()
        .filter(|c| c.kind != "optional")
        .collect();
    if counted
        .iter()
        .any(|c| c.holds == Some(false) || c.failure.is_some())
    {
        return Ok(0.0);
    }
    match counted.iter().find(|c| c.holds.is_none()) {
        Some(row) => Err(CheckError::NotRun {
            row: row.id.clone(),
        }),
        None => Ok(1.0),
    }
}

fn numbered(module: &str, numbers: impl Iterator<Item = u32>) -> Vec<String> {
    numbers.map(|n| format!("{module}-{n:02}")).collect()
}

fn recognition() -> Result<RowValues, CheckError> {
    let rows = numbered("body", 1..=9);
    Ok(vec![("claim-immune-recognition-a", all_hold(&rows)?)])
}

fn placebo() -> Result<RowValues, CheckError> {
    let rows = ["ad-04", "pso-03", "acne-06", "acne-07"].map(str::to_owned);
    Ok(vec![("claim-placebo-visible-a", all_hold(&rows)?)])
}

fn fibre() -> Result<RowValues, CheckError> {
    let rows = numbered("gut", (1..=6).chain([27]));
    Ok(vec![("claim-scfa-from-fibre-a", all_hold(&rows)?)])
}

fn diversity() -> Result<RowValues, CheckError> {
    let rows = numbered("gut", 19..=22);
    Ok(vec![("claim-antibiotics-diversity-a", all_hold(&rows)?)])
}
