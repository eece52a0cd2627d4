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

#[cfg(test)]
mod tests {
    use super::*;
    use gutskin_biology::axis::{AxisOptions, SkinKind, network};
    use gutskin_biology::body::Mode;
    use gutskin_biology::catalogue::Catalogue;

    /// Share repaired two hours after stripping at 15:00, with a speech of a quarter of an hour right after it or
    /// without, in %, of the central person.
    fn slowed() -> f64 {
        const HOUR: f64 = 1.0 / 24.0;
        const START: f64 = 15.0 * HOUR;
        let options = AxisOptions {
            mode: Mode::WithinDay,
            ..AxisOptions::plain(SkinKind::Healthy)
        };
        let catalogue = Catalogue::shipped().unwrap();
        let mut lab = Lab::new(network(table().unwrap(), &catalogue, &options).unwrap()).unwrap();
        let layer = lab.state_index("skin.stripped").unwrap();
        let mut repaired = |drive: f64| {
            lab.reset();
            lab.begin();
            let mut changes = vec![gutskin_engine::Change {
                time: START,
                target: gutskin_engine::Target::State(u32::try_from(layer).unwrap()),
                action: gutskin_engine::Action::Set(1.0),
            }];
            for (time, value) in [(START, drive), (START + 0.25 * HOUR, 0.0)] {
                changes.push(lab.input_change(time, "input.acute_stress", value).unwrap());
            }
            lab.run(START + 2.0 * HOUR, &[], changes).unwrap();
            1.0 - lab.state[layer]
        };
        let (calm, speech) = (repaired(0.0), repaired(12.0));
        100.0 * (speech / calm - 1.0)
    }

    #[test]
    fn a_public_speech_slows_the_repair_of_stripped_skin() {
        let change = slowed();
        // Fitted to −10 % (Robles 2007).
        assert!((-13.0..=-7.0).contains(&change), "{change}");
    }
}
