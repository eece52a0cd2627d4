//! Closures between what the colon makes and what stool holds: the laws of uptake and transit that the literature offers, each in a
//! colon whose reference person keeps the levels of the shipped one, judged by the rows of production and of stool.

use super::super::{CheckError, Lab, RowValues};
use super::crowd::{Crowd, PEOPLE};
use super::diet::WITHOUT_STARCH_DEGRADERS;
use super::{acute, diet, reference};
use crate::checks::table;
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::checks::checks;
use gutskin_biology::colon::{ColonOptions, Uptake, network};
use gutskin_network::{Network, Spread};
use serde::Serialize;

/// One closure.
struct Closure {
    name: &'static str,
    about: &'static str,
    uptake: Uptake,
    /// Acids below the floor stay.
    floor: bool,
    /// Stool mass sets transit.
    transit: bool,
    /// Uptake rises with the load over weeks.
    induction: bool,
}

const SHIPPED: Closure = Closure {
    name: "floor, transit",
    about: "shipped: uptake above a floor, transit by stool mass",
    uptake: Uptake::Floor,
    floor: true,
    transit: true,
    induction: false,
};

const CLOSURES: &[Closure] = &[
    Closure {
        name: "linear",
        about: "uptake in proportion to concentration, fixed transit",
        floor: false,
        transit: false,
        ..SHIPPED
    },
    Closure {
        name: "linear, transit",
        about: "uptake in proportion, transit by stool mass",
        floor: false,
        ..SHIPPED
    },
    Closure {
        name: "floor",
        about: "uptake above a floor, fixed transit",
        transit: false,
        ..SHIPPED
    },
    SHIPPED,
    Closure {
        name: "induction",
        about: "as shipped, and uptake rises with the load over weeks (middle of its range)",
        induction: true,
        ..SHIPPED
    },
    Closure {
        name: "drag",
        about: "as shipped, and absorbed water carries acids along",
        uptake: Uptake::Drag,
        ..SHIPPED
    },
    Closure {
        name: "recruited",
        about: "as shipped, and the lining in use grows with the contents",
        uptake: Uptake::Recruited,
        ..SHIPPED
    },
];

/// Rows of the table of windows that closures are judged by.
const ROWS: &[&str] = &[
    "gut-01a", "gut-01b", "gut-01c", "gut-02b", "gut-02c", "gut-04a", "gut-04b", "gut-05a",
    "gut-08b", "gut-11a", "gut-11b", "gut-13a", "gut-13b", "gut-15a", "gut-15b", "gut-15c",
    "gut-16a", "gut-16b", "gut-17a", "gut-17b",
];

/// What a row gives under a closure.
#[derive(Clone, Debug, Serialize)]
pub struct ClosureRow {
    /// Row of the table of windows.
    pub id: String,
    /// What agreement means: only rows of calibration may choose.
    pub kind: String,
    /// What the closure gives.
    pub value: f64,
    /// Lower bound.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// Within?
    pub holds: bool,
}

/// A closure and what it gives.
#[derive(Clone, Debug, Serialize)]
pub struct ClosureOutcome {
    /// Short name.
    pub name: &'static str,
    /// What it assumes.
    pub about: &'static str,
    /// Rows, in order of the table.
    pub rows: Vec<ClosureRow>,
    /// Why it has none.
    pub failure: Option<String>,
}

/// Runs every closure; `progress` is told its name before it starts.
///
/// # Errors
/// The table of windows or the shipped model does not read; a closure that fails says so in its outcome.
pub fn closures(progress: &mut dyn FnMut(&str)) -> Result<Vec<ClosureOutcome>, CheckError> {
    let windows = checks()?;
    let mut shipped = Lab::new(built(&SHIPPED)?)?;
    shipped.rest()?;
    let wanted = levels(&mut shipped)?;
    let mut all = Vec::new();
    for closure in CLOSURES {
        progress(closure.name);
        let (rows, failure) = match values(closure, wanted) {
            Ok(rows) => (rows, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let judged = ROWS.iter().filter_map(|id| {
            let row = windows.iter().find(|w| w.id == *id)?;
            let value = rows.iter().find(|(found, _)| found == id)?.1;
            Some(ClosureRow {
                id: row.id.clone(),
                kind: row.kind.word().to_owned(),
                value,
                low: row.low,
                high: row.high,
                holds: row.holds(value),
            })
        });
        all.push(ClosureOutcome {
            name: closure.name,
            about: closure.about,
            rows: judged.collect(),
            failure,
        });
    }
    Ok(all)
}

fn values(closure: &Closure, wanted: [f64; 2]) -> Result<RowValues, CheckError> {
    let network = levelled(closure, wanted)?;
    let mut lab = Lab::new(network.clone())?;
    lab.rest()?;
    let mut rows = reference::person_in(&mut lab)?;
    rows.extend(diet::low_carbohydrate_in(&mut lab)?);
    rows.extend(reference::transit_in(&mut lab)?);
    let mut crowd = Crowd::on(network, PEOPLE + WITHOUT_STARCH_DEGRADERS)?;
    let mut rested = crowd.people.clone();
    rows.extend(diet::potato_starch_in(&mut crowd)?);
    rested.truncate(PEOPLE);
    for run in [acute::inulin_in, diet::fibre_crossover_in] {
        crowd.people.clone_from(&rested);
        rows.extend(run(&mut crowd)?);
    }
    Ok(rows)
}

/// The colon under a closure, before levels are set.
fn built(closure: &Closure) -> Result<Network, CheckError> {
    let options = ColonOptions {
        uptake: closure.uptake,
        ..ColonOptions::default()
    };
    let mut network = network(table()?, &Catalogue::shipped()?, &options)?;
    for parameter in &mut network.parameters {
        if parameter.name.starts_with("colon.absorption_floor.") && !closure.floor {
            parameter.value = 0.0;
            parameter.spread = Spread::Fixed;
        }
        if parameter.name == "colon.uptake_induction" {
            // Off in the central person, drawn in others: a closure has it in everybody or in nobody.
            if let (true, Spread::Uniform { low, high }) = (closure.induction, parameter.spread) {
                parameter.value = (low + high) / 2.0;
            }
            parameter.spread = match closure.name == SHIPPED.name {
                true => parameter.spread,
                false => Spread::Fixed,
            };
        }
    }
    for switch in &mut network.switches {
        if switch.name == "link.stool_to_transit" {
            switch.default = closure.transit;
        }
    }
    Ok(network)
}

/// Places whose permeability is set.
const PLACES: [&str; 2] = ["trans", "dist"];

fn levels(lab: &mut Lab) -> Result<[f64; 2], CheckError> {
    let mut found = [0.0; 2];
    for (level, place) in found.iter_mut().zip(PLACES) {
        *level = lab.read(&format!("colon.scfa_total.{place}"))?;
    }
    Ok(found)
}

/// Permeabilities such that the reference person keeps the levels of the shipped model.
fn levelled(closure: &Closure, wanted: [f64; 2]) -> Result<Network, CheckError> {
    const ROUNDS: usize = 12;
    const CLOSE: f64 = 0.01;
    let mut network = built(closure)?;
    for _ in 0..ROUNDS {
        let mut lab = Lab::new(network.clone())?;
        lab.rest()?;
        let found = levels(&mut lab)?;
        let off = |i: usize| found[i] / wanted[i];
        if (0..PLACES.len()).all(|i| (off(i) - 1.0).abs() < CLOSE) {
            break;
        }
        for (i, place) in PLACES.iter().enumerate() {
            let name = format!("colon.permeability_area.{place}");
            let floor = lab.parameter(&format!("colon.absorption_floor.{place}"))?;
            // What is above the floor carries the flow.
            let above = (found[i] - floor).max(1.0) / (wanted[i] - floor);
            for parameter in network.parameters.iter_mut().filter(|p| p.name == name) {
                parameter.value *= above;
            }
        }
    }
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_closure_keeps_the_levels_of_the_reference_person() {
        let mut shipped = Lab::new(built(&SHIPPED).unwrap()).unwrap();
        shipped.rest().unwrap();
        let wanted = levels(&mut shipped).unwrap();
        for closure in CLOSURES {
            let mut lab = Lab::new(levelled(closure, wanted).unwrap()).unwrap();
            lab.rest().unwrap();
            let found = levels(&mut lab).unwrap();
            for i in 0..PLACES.len() {
                let off = found[i] / wanted[i] - 1.0;
                assert!(off.abs() < 0.02, "{}: {found:?} {wanted:?}", closure.name);
            }
        }
    }
}
