//! The published switch model of psoriasis: where its healthy and plaque states end.

use super::super::{CheckError, Lab, RowValues};
use crate::checks::table;
use gutskin_biology::pso::switch;

/// Long enough for any state to be left or reached.
const LONG: f64 = 20_000.0;
/// Dendritic cells per mm2 between both states.
const BETWEEN: f64 = 3000.0;

fn lab() -> Result<Lab, CheckError> {
    Lab::new(switch::network(table()?)?)
}

fn dendritic(lab: &Lab) -> Result<f64, CheckError> {
    Ok(lab.state[lab.state_index("pso_switch.dendritic")?])
}

/// The states of health and plaque under published values.
fn states(lab: &mut Lab) -> Result<[Vec<f64>; 2], CheckError> {
    lab.reset();
    lab.run(LONG, &[], Vec::new())?;
    let healthy = lab.state.clone();
    lab.set_input("pso_switch.stimulus", 10_000.0)?;
    lab.run(30.0, &[], Vec::new())?;
    lab.set_input("pso_switch.stimulus", 0.0)?;
    lab.run(LONG, &[], Vec::new())?;
    Ok([healthy, lab.state.clone()])
}

/// Whether the plaque stands long after an input is set.
fn plaque(lab: &mut Lab, start: &[f64], input: &str, value: f64) -> Result<bool, CheckError> {
    lab.reset();
    lab.state.copy_from_slice(start);
    lab.set_input(input, value)?;
    lab.run(LONG, &[], Vec::new())?;
    Ok(dendritic(lab)? > BETWEEN)
}

/// Where the answer changes between two values.
fn edge(
    [mut no, mut yes]: [f64; 2],
    mut asked: impl FnMut(f64) -> Result<bool, CheckError>,
) -> Result<f64, CheckError> {
    for _ in 0..14 {
        let middle = f64::midpoint(no, yes);
        if asked(middle)? {
            yes = middle;
        } else {
            no = middle;
        }
    }
    Ok(f64::midpoint(no, yes))
}

/// Row 18.
pub(super) fn folds() -> Result<RowValues, CheckError> {
    let mut lab = lab()?;
    let [healthy, ill] = states(&mut lab)?;
    let activation = "pso_switch.activation";
    let feedback = "pso_switch.feedback";
    let published = lab.parameter("pso_switch.growth_activation")?;
    let lost = edge([0.3, 1.0], |v| plaque(&mut lab, &ill, activation, v))?;
    let gained = edge([1.0, 1.1], |v| plaque(&mut lab, &healthy, activation, v))?;
    let low = edge([0.5, 1.0], |v| plaque(&mut lab, &ill, feedback, v))?;
    let high = edge([1.0, 1.3], |v| plaque(&mut lab, &healthy, feedback, v))?;
    let threshold = edge([500.0, 5000.0], |v| {
        lab.reset();
        lab.state.copy_from_slice(&healthy);
        lab.set_input("pso_switch.stimulus", v)?;
        lab.run(4.0, &[], Vec::new())?;
        lab.set_input("pso_switch.stimulus", 0.0)?;
        lab.run(LONG, &[], Vec::new())?;
        Ok(dendritic(&lab)? > BETWEEN)
    })?;
    Ok(vec![
        ("pso-18a", 100.0 * (lost - 1.0)),
        ("pso-18b", 100.0 * (gained - 1.0)),
        ("pso-18c", low * published),
        ("pso-18d", high * published),
        ("pso-18e", threshold),
    ])
}
