//! The stress axis over a day, under stress, without sleep and under steroids.

use super::super::{CheckError, RowValues};
use super::bench::{HOUR, STEP, course, mean, peak, times, within_day};

/// Row 13, from noon to noon, so that the nadir around midnight lies inside.
pub(super) fn circadian() -> Result<RowValues, CheckError> {
    let mut lab = within_day()?;
    let outputs = times(2.5, 3.5 - STEP, STEP);
    let solution = lab.run(3.5, &outputs, Vec::new())?;
    let cortisol = course(&lab, &solution, "hpa.cortisol")?;
    let lowest: Vec<f64> = cortisol.iter().map(|x| -x).collect();
    let (top, bottom) = (peak(&cortisol), peak(&lowest));
    let clock = |at: usize| at as f64 * STEP / HOUR - 12.0;
    Ok(vec![
        ("body-13a", top.1),
        ("body-13b", clock(top.0)),
        ("body-13c", -bottom.1),
        ("body-13d", clock(bottom.0)),
        ("body-13e", mean(&cortisol)),
    ])
}
