//! Healthy skin: repair after tape stripping.

use super::super::{CheckError, Lab, RowValues};
use super::statistics::mean;
use crate::checks::table;
use gutskin_biology::skin;

/// Row 1: what of the stripped layer is repaired after two hours, under stress against calm.
pub(super) fn stripping() -> Result<RowValues, CheckError> {
    const PEOPLE: u32 = 200;
    const TWO_HOURS: f64 = 2.0 / 24.0;
    /// Stress z of a perceived stress of 1.
    const STRESSED: f64 = 2.0;
    let mut lab = Lab::new(skin::network(table()?)?)?;
    let layer = lab.state_index("skin.stripped")?;
    let mut repaired = |stress: f64| -> Result<f64, CheckError> {
        let mut shares = Vec::new();
        for person in 0..PEOPLE {
            lab.draw(801, person);
            lab.begin();
            lab.rest()?;
            lab.set_input("clamped.stress", stress)?;
            lab.state[layer] = 1.0;
            lab.run(TWO_HOURS, &[], Vec::new())?;
            shares.push(1.0 - lab.state[layer]);
        }
        Ok(mean(&shares))
    };
    let (calm, stressed) = (repaired(0.0)?, repaired(STRESSED)?);
    Ok(vec![("skin-01a", 100.0 * (stressed / calm - 1.0))])
}
