//! People of the joined axis, the same in every arm and under every cut.

use crate::checks::gut::people::furnish;
use crate::checks::table;
use crate::checks::together::{of_these, together};
use crate::checks::{CheckError, Lab};
use gutskin_biology::axis::{self, AxisOptions, SkinKind};
use gutskin_biology::body::Mode;
use gutskin_biology::catalogue::{Catalogue, DietRow, diets};
use gutskin_biology::colon::ColonOptions;
use gutskin_engine::Change;
use gutskin_network::Network;

/// People of a sample, as many as the table of windows asks for at least.
pub(super) const PEOPLE: usize = 200;

/// Who takes part, judged at rest.
pub(super) type Admit = fn(&mut Lab) -> Result<bool, CheckError>;

/// Everybody.
pub(super) fn anyone(_: &mut Lab) -> Result<bool, CheckError> {
    Ok(true)
}

/// Eczema of at least moderate severity.
pub(super) fn eczema(lab: &mut Lab) -> Result<bool, CheckError> {
    Ok(lab.read("score.easi")? >= 7.0)
}

/// Plaque psoriasis of at least moderate severity.
pub(super) fn psoriasis(lab: &mut Lab) -> Result<bool, CheckError> {
    Ok(lab.read("score.pasi")? >= 10.0)
}

/// Acne with at least so many inflamed lesions as trials ask for.
pub(super) fn acne(lab: &mut Lab) -> Result<bool, CheckError> {
    Ok(lab.read("acne.inflammatory")? >= 20.0)
}

/// Who takes part, and the score, of each skin.
pub(super) fn patients(skin: SkinKind) -> (Admit, &'static str) {
    match skin {
        SkinKind::Eczema => (eczema, "score.easi"),
        SkinKind::Psoriasis => (psoriasis, "score.pasi"),
        SkinKind::Acne => (acne, "acne.inflammatory"),
        SkinKind::Healthy => (anyone, "score.easi"),
    }
}

/// The network of an axis with this in its colon.
pub(super) fn network(
    skin: SkinKind,
    mode: Mode,
    colon: ColonOptions,
) -> Result<Network, CheckError> {
    let options = AxisOptions {
        mode,
        colon,
        ..AxisOptions::plain(skin)
    };
    Ok(axis::network(table()?, &Catalogue::shipped()?, &options)?)
}

/// The daily axis of residents.
pub(super) fn plain(skin: SkinKind) -> Result<Network, CheckError> {
    network(skin, Mode::Daily, ColonOptions::default())
}

/// The daily axis with these drugs of the colon.
pub(super) fn with_drugs(skin: SkinKind, drugs: &[&str]) -> Result<Network, CheckError> {
    let colon = ColonOptions {
        drugs: drugs.iter().map(|d| (*d).to_owned()).collect(),
        ..ColonOptions::default()
    };
    network(skin, Mode::Daily, colon)
}

/// How a person is drawn.
type Draw = fn(&mut Lab, u64, u32) -> Result<(), CheckError>;

/// A person of a module that stands alone: no diet, no carriage.
fn of_module(lab: &mut Lab, seed: u64, person: u32) -> Result<(), CheckError> {
    lab.draw(seed, person);
    Ok(())
}

/// Who has no rest takes no part.
fn rests(lab: &mut Lab) -> Result<bool, CheckError> {
    match lab.rest() {
        Ok(()) => Ok(true),
        Err(CheckError::NotSteady { .. } | CheckError::Failed { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// A sample of people.
pub(super) struct Sample {
    lab: Lab,
    draw: Draw,
    seed: u64,
    people: Vec<u32>,
    usual: Vec<f64>,
}

/// Values of one person, absent where a run of this person failed.
pub(super) type Values = Vec<Option<Vec<f64>>>;

impl Sample {
    /// Draws people of a network with a colon until `count` of them take part.
    pub fn draw(
        network: Network,
        seed: u64,
        count: usize,
        admit: Admit,
    ) -> Result<Self, CheckError> {
        Self::of(network, furnish, (seed, count), admit)
    }

    /// Draws people of a module that stands alone until `count` of them take part.
    pub fn alone(
        network: Network,
        seed: u64,
        count: usize,
        admit: Admit,
    ) -> Result<Self, CheckError> {
        Self::of(network, of_module, (seed, count), admit)
    }

    fn of(
        network: Network,
        draw: Draw,
        (seed, count): (u64, usize),
        admit: Admit,
    ) -> Result<Self, CheckError> {
        /// Draws for each who is wanted; more come in vain.
        const DRAWS: usize = 20;
        let lab = Lab::new(network)?;
        let takes_part = |lab: &mut Lab, person| {
            draw(lab, seed, person)?;
            Ok(rests(lab)? && admit(lab)?)
        };
        let mut people = Vec::new();
        let (mut drawn, most) = (0, DRAWS * count + 2 * DRAWS);
        while people.len() < count {
            if drawn > most {
                return Err(CheckError::NotSteady {
                    who: format!("{} of {drawn} people", drawn - people.len()),
                    why: "too many draws that do not rest or do not take part".to_owned(),
                });
            }
            let next = number(drawn)..number(drawn + count);
            let admitted = together(&lab, next.clone(), &takes_part)?;
            let admitted = next.zip(admitted).filter(|(_, yes)| *yes);
            people.extend(admitted.map(|(person, _)| person));
            drawn += count;
        }
        people.truncate(count);
        Ok(Self {
            usual: lab.switches.clone(),
            lab,
            draw,
            seed,
            people,
        })
    }

    /// Calls `run` on every person at rest, with these links or switches off from before the rest on.
    pub fn each(
        &mut self,
        cut: &[&str],
        run: impl Fn(&mut Lab, u32) -> Result<Vec<f64>, CheckError> + Sync,
    ) -> Result<Values, CheckError> {
        self.lab.switches.clone_from(&self.usual);
        for name in cut {
            switch(&mut self.lab, name, false)?;
        }
        let (draw, seed) = (self.draw, self.seed);
        let story = |lab: &mut Lab, person| {
            draw(lab, seed, person)?;
            if !rests(lab)? {
                return Ok(None);
            }
            match run(lab, person) {
                Ok(values) => Ok(Some(values)),
                Err(CheckError::NotSteady { .. } | CheckError::Failed { .. }) => Ok(None),
                Err(other) => Err(other),
            }
        };
        let found = of_these(&self.lab, &self.people, &story)?;
        let lost = found.iter().filter(|v| v.is_none()).count();
        if 5 * lost > found.len() {
            return Err(CheckError::Failed {
                who: format!("{lost} of {} people", found.len()),
                why: "runs that failed are more than a fifth".to_owned(),
            });
        }
        Ok(found)
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Turns a link (by its name) or a switch off or on.
pub(super) fn switch(lab: &mut Lab, name: &str, on: bool) -> Result<(), CheckError> {
    let link = format!("link.{name}");
    let found = lab
        .network
        .switch(name)
        .or_else(|| lab.network.switch(&link));
    let i = found.ok_or_else(|| CheckError::Unknown {
        what: "switch",
        name: name.to_owned(),
    })?;
    lab.switches[i as usize] = f64::from(u8::from(on));
    Ok(())
}

/// Sets the inputs of a diet pattern, in proportion to what this person usually eats of each.
pub(super) fn eat(lab: &mut Lab, pattern: &str) -> Result<(), CheckError> {
    for DietRow { input, value, .. } in pattern_rows(pattern)? {
        let changed = meal(lab, &input, value)?;
        lab.set_input(&input, changed)?;
    }
    Ok(())
}

/// As [`eat`], from a time on.
pub(super) fn eat_from(lab: &Lab, pattern: &str, time: f64) -> Result<Vec<Change>, CheckError> {
    pattern_rows(pattern)?
        .into_iter()
        .map(|row| lab.input_change(time, &row.input, meal(lab, &row.input, row.value)?))
        .collect()
}

/// Back to what stands now, from a time on.
pub(super) fn eat_as_now(lab: &Lab, pattern: &str, time: f64) -> Result<Vec<Change>, CheckError> {
    pattern_rows(pattern)?
        .into_iter()
        .map(|row| lab.input_change(time, &row.input, lab.input(&row.input)?))
        .collect()
}

/// What a pattern of the reference person is for this one: more for those who eat more.
fn meal(lab: &Lab, input: &str, value: f64) -> Result<f64, CheckError> {
    let usual = lab.network.inputs[lab.input_index(input)?].default;
    let own = lab.input(input)?;
    Ok(if usual > 0.0 {
        value * own / usual
    } else {
        value
    })
}

fn pattern_rows(pattern: &str) -> Result<Vec<DietRow>, CheckError> {
    let rows: Vec<DietRow> = diets()?.into_iter().filter(|d| d.id == pattern).collect();
    if rows.is_empty() {
        return Err(CheckError::Unknown {
            what: "diet pattern",
            name: pattern.to_owned(),
        });
    }
    Ok(rows)
}

/// Reads several observables of the present state.
pub(super) fn read(lab: &mut Lab, names: &[&str]) -> Result<Vec<f64>, CheckError> {
    names.iter().map(|n| lab.read(n)).collect()
}

/// Reads, runs under the inputs in force, reads again: first all values before, then all after.
pub(super) fn before_and_after(
    lab: &mut Lab,
    names: &[&str],
    days: f64,
    change: impl FnOnce(&mut Lab) -> Result<(), CheckError>,
) -> Result<Vec<f64>, CheckError> {
    let mut found = read(lab, names)?;
    change(lab)?;
    lab.run(days, &[], Vec::new())?;
    found.extend(read(lab, names)?);
    Ok(found)
}

fn column(values: &Values, i: usize) -> Vec<f64> {
    let rows = values.iter().flatten();
    rows.filter_map(|v| v.get(i).copied()).collect()
}

/// Mean of a column over people.
pub(super) fn mean(values: &Values, i: usize) -> f64 {
    let found = column(values, i);
    found.iter().sum::<f64>() / found.len() as f64
}

/// Standard deviation of a column over people.
pub(super) fn spread(values: &Values, i: usize) -> f64 {
    let (found, middle) = (column(values, i), mean(values, i));
    let squares: f64 = found.iter().map(|x| (x - middle).powi(2)).sum();
    (squares / (found.len() as f64 - 1.0)).sqrt()
}

/// Change of the mean of column `after` over that of column `before`, percent.
pub(super) fn percent(values: &Values, before: usize, after: usize) -> f64 {
    100.0 * (mean(values, after) / mean(values, before) - 1.0)
}

/// Share of an effect that a cut removes.
pub(super) fn removed(full: f64, cut: f64) -> f64 {
    1.0 - cut / full
}

/// Times of every day of a run.
pub(super) fn every_day(days: f64) -> Vec<f64> {
    (0..=days as usize).map(|d| d as f64).collect()
}
