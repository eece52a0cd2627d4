//! People of a model: parameters, habits and discrete traits of each, from priors and from what is known of one person.
//!
//! Everything a person holds is a function of seed and number. Parameters and habits have one standard normal number
//! each, so that a proposal (see [`crate::proposal`]) can draw some of them from where they fit.

mod filaggrin;
mod guilds;
mod life;

pub use filaggrin::{FILAGGRIN, Filaggrin};
pub use guilds::{GuildReading, Guilds};
pub use life::{Life, Lives, Wanted};

use crate::PeopleError;
use crate::correlations::correlations;
use crate::person::Person;
use crate::proposal::Target;
use crate::sampler::{Correlation, SampledParameter, Sampler, SamplerError, Told};
use gutskin_biology::catalogue::CatalogueError;
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_network::{Network, ParameterTable, Spread};
use std::collections::BTreeMap;

/// The habit that multiplies fibre.
const FIBRE_FACTOR: &str = "habit.fibre_factor";

/// Habits: parameter that holds the prior, input that it sets; without an input it is the factor of fibre.
const HABITS: [(&str, Option<&str>); 4] = [
    ("habit.stress_score", Some("input.stress_score")),
    ("habit.sleep_loss", Some("input.sleep_loss")),
    ("habit.bmi_z", Some("input.bmi")),
    (FIBRE_FACTOR, None),
];

/// Inputs that are fibre, for the factor.
const FIBRE: [&str; 8] = [
    "input.diet.fructan",
    "input.diet.gos",
    "input.diet.pectin",
    "input.diet.beta_glucan",
    "input.diet.arabinoxylan",
    "input.diet.other_soluble",
    "input.diet.psyllium",
    "input.diet.cellulosic",
];

/// Ranks that say in whom an eaten strain has a niche of its own.
const NICHE: &str = "strains.permissive.";

/// Guilds that some people do not have, and the parameter with their share.
const ABSENT: [(&str, &str); 3] = [
    ("RUM", "trait.bromii_absent"),
    ("PRE", "trait.prevotella_absent"),
    (life::METHANE.1, life::METHANE.0),
];

/// Name of the trait of men.
const MALE: &str = "trait.male";
/// Name of the trait of who is sensitised to food.
const SENSITISED: &str = "trait.sensitised";

/// One drawn person.
#[derive(Clone, Debug, PartialEq)]
pub struct Individual {
    /// Number of the draw.
    pub number: u32,
    /// Values of the network's parameters.
    pub parameters: Vec<f64>,
    /// Values of the network's inputs: habits, usual diet.
    pub inputs: Vec<f64>,
    /// Standard normal numbers behind parameters and habits, independent of one another.
    pub scores: Vec<f64>,
    /// Discrete traits that the model has, and whether the person has them.
    pub traits: Vec<(&'static str, bool)>,
    /// States that are absent.
    pub absent: Vec<u32>,
}

/// Why people cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawingError {
    /// Spreads or correlations.
    #[error(transparent)]
    Sampler(#[from] SamplerError),
    /// The table of correlations.
    #[error(transparent)]
    Table(#[from] PeopleError),
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A parameter of habits or traits is missing.
    #[error("parameter \"{0}\" stands in no parameter file")]
    Missing(String),
}

/// Draws people for one network.
#[derive(Clone, Debug)]
pub struct Drawing {
    sampler: Sampler,
    parameters: usize,
    usual: Vec<f64>,
    habits: Vec<Option<u32>>,
    fibre: Vec<u32>,
    absent: Vec<Missing>,
    sensitised: Option<(u32, f64)>,
    stress: Option<AcuteStress>,
    filaggrin: Option<Filaggrin>,
}

/// Men answer acute stress more than women, the mean gain of both being that of the model.
#[derive(Clone, Copy, Debug)]
struct AcuteStress {
    gain: u32,
    men: f64,
    /// Square root of the gain of men over that of women.
    ratio: f64,
}

/// A guild that may be absent.
#[derive(Clone, Debug)]
struct Missing {
    guild: &'static str,
    name: &'static str,
    share: f64,
    states: Vec<u32>,
    immigration: Option<u32>,
}

impl Drawing {
    /// People of a condition; those who could be this person where one is given. What goes together in people is that of
    /// `catalogue/correlations.csv`.
    ///
    /// # Errors
    /// [`DrawingError`].
    pub fn new(
        network: &Network,
        table: &ParameterTable,
        condition: &str,
        person: Option<&Person>,
    ) -> Result<Self, DrawingError> {
        let shipped = correlations(table)?;
        let pairs = shipped.iter().map(|row| row.pair.clone()).collect();
        Self::with_correlations((network, table), condition, person, pairs)
    }

    /// The same with correlations of one's own; those of parameters that the network does not have, or holds fixed, count for
    /// nothing.
    ///
    /// # Errors
    /// [`DrawingError`].
    pub fn with_correlations(
        (network, table): (&Network, &ParameterTable),
        condition: &str,
        person: Option<&Person>,
        mut correlations: Vec<Correlation>,
    ) -> Result<Self, DrawingError> {
        let value = |name: &str| {
            let entry = table.get(name);
            entry
                .map(|p| p.value)
                .ok_or_else(|| DrawingError::Missing(name.to_owned()))
        };
        let mut usual = network.input_values();
        let fibre: Vec<u32> = FIBRE.iter().filter_map(|n| network.input(n)).collect();
        let sum = |inputs: &[f64]| fibre.iter().map(|&i| inputs[i as usize]).sum::<f64>();
        let reference = sum(&usual);
        let told = person.map(|p| &p.habits);
        for (name, value) in told.iter().flat_map(|h| &h.inputs) {
            if let Some(index) = network.input(name) {
                usual[index as usize] = *value;
            }
        }
        let eaten = sum(&usual);
        let mut sampled: Vec<SampledParameter> =
            network.parameters.iter().map(Into::into).collect();
        for (name, _) in HABITS {
            let entry = table
                .get(name)
                .ok_or_else(|| DrawingError::Missing(name.to_owned()))?;
            sampled.push(entry.into());
        }
        let between_people = sampled.clone();
        if let Some(weight) = person.and_then(|p| p.weight) {
            fix(&mut sampled, "person.weight", weight);
        }
        if let Some(free) = person.and_then(|p| p.free_niche) {
            tell_niche(&mut sampled, free);
        }
        if let Some(person) = person {
            let habits = sampled.iter_mut().skip(network.parameters.len());
            habits.for_each(|habit| told_habit(habit, person, eaten));
        }
        let told = sampled.into_iter().zip(&between_people);
        let told = told.filter(|(after, before)| after != *before);
        let told = told.map(|(parameter, _)| Told {
            factor: match eaten / reference {
                more if parameter.name == FIBRE_FACTOR && more.is_finite() => more,
                _ => 1.0,
            },
            parameter,
        });
        let told = told.collect();
        let varies = |name: &str| {
            let mut of = between_people.iter().filter(|p| p.name == name);
            of.any(|p| p.spread != Spread::Fixed)
        };
        correlations.retain(|pair| varies(&pair.first) && varies(&pair.second));
        let risk = if condition == "ad" {
            "trait.sensitised_eczema"
        } else {
            "trait.sensitised_others"
        };
        let known = person.and_then(|p| p.sensitised);
        let share = known.map_or_else(|| value(risk), |yes| Ok(f64::from(u8::from(yes))))?;
        let carriers = filaggrin::share(condition, &value)?;
        let carries = person.and_then(|p| p.filaggrin_loss);
        let mut absent = Vec::new();
        for (guild, name) in ABSENT {
            absent.extend(Missing::of(network, (guild, name), value(name)?));
        }
        Ok(Self {
            parameters: network.parameters.len(),
            sampler: Sampler::new(between_people, &correlations)?.told(told)?,
            usual,
            habits: HABITS
                .iter()
                .map(|(_, input)| network.input((*input)?))
                .collect(),
            fibre,
            absent,
            sensitised: network.input("input.sensitised").map(|i| (i, share)),
            stress: AcuteStress::of(network, &value, person)?,
            filaggrin: Filaggrin::of(network, carriers, carries),
        })
    }

    /// Guilds that some people lack are there or not as stool profiles say.
    pub fn carry(&mut self, guilds: &Guilds) {
        for missing in &mut self.absent {
            if let Some(seen) = guilds.sees(missing.guild) {
                missing.share = f64::from(u8::from(!seen));
            }
        }
    }

    /// Discrete traits that the model has, with the share of people who have them; the order is that of [`Individual::traits`].
    #[must_use]
    pub fn traits(&self) -> Vec<(&'static str, f64)> {
        let sensitised = self.sensitised.map(|(_, share)| (SENSITISED, share));
        let men = self.stress.map(|stress| (MALE, stress.men));
        let carriers = self.filaggrin.as_ref().map(|f| (FILAGGRIN, f.asked()));
        let absent = self.absent.iter().map(|m| (m.name, m.share));
        let all = sensitised.into_iter().chain(men).chain(carriers);
        all.chain(absent).collect()
    }

    /// Who carries a loss in filaggrin, where the model has one.
    #[must_use]
    pub fn filaggrin(&self) -> Option<&Filaggrin> {
        self.filaggrin.as_ref()
    }

    /// ln of the chance of what is told of traits that people have by their numbers.
    #[must_use]
    pub fn log_told(&self, individual: &Individual) -> f64 {
        let filaggrin = self.filaggrin.as_ref();
        filaggrin.map_or(0.0, |f| f.log_told(&individual.parameters))
    }

    /// What is told of such a trait, as a reading for a proposal, from a pilot sample.
    #[must_use]
    pub fn target_told<'p>(&self, pilot: impl Iterator<Item = &'p Individual>) -> Option<Target> {
        let filaggrin = self.filaggrin.as_ref()?;
        filaggrin.target(pilot.map(|individual| individual.parameters.as_slice()))
    }

    /// What that reading would be of a person; nothing where nothing is told.
    #[must_use]
    pub fn shown_told(&self, individual: &Individual) -> Option<f64> {
        let filaggrin = self.filaggrin.as_ref()?;
        filaggrin.shown(&individual.parameters)
    }

    /// What is drawn: the network's parameters, then the habits.
    #[must_use]
    pub fn drawn(&self) -> &[SampledParameter] {
        self.sampler.parameters()
    }

    /// Standard normal numbers of a person, independent of one another.
    #[must_use]
    pub fn scores(&self, seed: u64, number: u32) -> Vec<f64> {
        self.sampler.independent(seed, number)
    }

    /// What goes together in people, of what this model draws.
    #[must_use]
    pub fn correlations(&self) -> &[Correlation] {
        self.sampler.correlations()
    }

    fn values(&self, scores: &[f64]) -> Vec<f64> {
        let scores = self.sampler.correlated(scores.to_vec());
        self.sampler.values(scores)
    }

    /// The person of that number.
    #[must_use]
    pub fn draw(&self, seed: u64, number: u32) -> Individual {
        self.at(seed, number, self.scores(seed, number))
    }

    /// The person with these standard normal numbers; traits are those of seed and number.
    #[must_use]
    pub fn at(&self, seed: u64, number: u32, scores: Vec<f64>) -> Individual {
        let mut parameters = self.values(&scores);
        let mut traits = Vec::new();
        let habits = parameters.split_off(self.parameters);
        let mut inputs = self.usual.clone();
        for (value, input) in habits.iter().zip(&self.habits) {
            if let Some(index) = input {
                inputs[*index as usize] = *value;
            }
        }
        let factor = habits.last().copied().unwrap_or(1.0);
        for &index in &self.fibre {
            inputs[index as usize] *= factor;
        }
        let chance = |name: &str| {
            RandomStream::new(seed, number, StreamId::named("trait", name)).uniform_at(0)
        };
        if let Some((index, share)) = self.sensitised {
            let sensitised = chance("sensitised") < share;
            inputs[index as usize] = f64::from(u8::from(sensitised));
            traits.push((SENSITISED, sensitised));
        }
        if let Some(stress) = self.stress {
            let male = chance("sex") < stress.men;
            let of_sex = if male {
                stress.ratio
            } else {
                1.0 / stress.ratio
            };
            parameters[stress.gain as usize] *= of_sex;
            traits.push((MALE, male));
        }
        if let Some(filaggrin) = &self.filaggrin {
            let carries = filaggrin.carries(&parameters, seed, number);
            traits.push((FILAGGRIN, carries));
        }
        let mut absent = Vec::new();
        for missing in &self.absent {
            let without = chance(missing.guild) < missing.share;
            traits.push((missing.name, without));
            if without {
                missing.take_out(&mut parameters, &mut absent);
            }
        }
        Individual {
            number,
            parameters,
            inputs,
            scores,
            traits,
            absent,
        }
    }
}

impl AcuteStress {
    /// Nothing where the network has no such gain.
    fn of(
        network: &Network,
        value: &dyn Fn(&str) -> Result<f64, DrawingError>,
        person: Option<&Person>,
    ) -> Result<Option<Self>, DrawingError> {
        let Some(gain) = network.parameter("hpa.stress_gain") else {
            return Ok(None);
        };
        let men = match person.map(|p| p.sex.as_str()) {
            Some("male") => 1.0,
            Some("female") => 0.0,
            _ => value("trait.male")?,
        };
        let ratio = value("people.male_stress_gain")?.sqrt();
        Ok(Some(Self { gain, men, ratio }))
    }
}

impl Missing {
    /// Nothing where the network does not hold the guild by itself.
    fn of(
        network: &Network,
        (guild, name): (&'static str, &'static str),
        share: f64,
    ) -> Option<Self> {
        let prefix = format!("colon.{guild}.");
        let mucosal = format!("colon.mucosal.{guild}.");
        let states: Vec<u32> = (0u32..)
            .zip(&network.states)
            .filter(|(_, s)| s.name.starts_with(&prefix) || s.name.starts_with(&mucosal))
            .map(|(i, _)| i)
            .collect();
        (!states.is_empty()).then(|| Self {
            guild,
            name,
            share,
            states,
            immigration: network.parameter(&format!("colon.immigration.{guild}")),
        })
    }

    fn take_out(&self, parameters: &mut [f64], absent: &mut Vec<u32>) {
        absent.extend(&self.states);
        if let Some(index) = self.immigration {
            parameters[index as usize] = 0.0;
        }
    }
}

fn fix(sampled: &mut [SampledParameter], name: &str, value: f64) {
    if let Some(p) = sampled.iter_mut().find(|p| p.name == name) {
        p.value = value;
        p.spread = Spread::Fixed;
    }
}

/// Ranks by which strains have a niche of their own in a share of people: the highest or the lowest.
fn tell_niche(sampled: &mut [SampledParameter], free: bool) {
    let ranks = sampled.iter_mut();
    let ranks = ranks.filter(|p| p.name.starts_with(NICHE) && p.spread != Spread::Fixed);
    for rank in ranks {
        rank.value = f64::from(u8::from(free));
        rank.spread = Spread::Fixed;
    }
}

/// A habit after its reading: the precision-weighted mean of prior and reading.
fn told_habit(habit: &mut SampledParameter, person: &Person, eaten: f64) {
    let told = &person.habits;
    let reading = match habit.name.as_str() {
        "habit.stress_score" => told.stress,
        "habit.sleep_loss" => told.sleep_loss,
        "habit.bmi_z" => told.bmi_z.map(|z| (z, 0.0)),
        FIBRE_FACTOR => return told_fibre(habit, told, eaten),
        _ => None,
    };
    let Some((reading, error)) = reading else {
        return;
    };
    match habit.spread {
        _ if error == 0.0 => (habit.value, habit.spread) = (reading, Spread::Fixed),
        Spread::TruncatedNormal { sd, low, high } => {
            let (mean, sd) = joined((habit.value, sd), (reading, error));
            habit.value = mean.clamp(low, high);
            habit.spread = Spread::TruncatedNormal { sd, low, high };
        }
        _ => (habit.value, habit.spread) = (reading, Spread::Normal { sd: error }),
    }
}

/// Fibre told in grams is a reading beside the prior; a diet told by pattern or foods stands in its place.
fn told_fibre(habit: &mut SampledParameter, told: &crate::person::Habits, eaten: f64) {
    let (Some(error), Spread::LogNormal { sd_ln }) = (told.fibre_sd_ln, habit.spread) else {
        return;
    };
    let (ln, sd_ln) = match told.fibre {
        Some(fibre) => joined((habit.value.ln(), sd_ln), ((fibre / eaten).ln(), error)),
        None => (0.0, error),
    };
    habit.value = ln.exp();
    habit.spread = Spread::LogNormal { sd_ln };
}

/// Mean and standard deviation of two normal statements of one thing.
fn joined(prior: (f64, f64), reading: (f64, f64)) -> (f64, f64) {
    let [of_prior, of_reading] = [prior.1, reading.1].map(|sd| 1.0 / (sd * sd));
    let sum = of_prior + of_reading;
    let mean = (prior.0 * of_prior + reading.0 * of_reading) / sum;
    (mean, sum.sqrt().recip())
}

/// Habits by name, for what is written of a person.
#[must_use]
pub fn habits_of(drawing: &Drawing, individual: &Individual) -> BTreeMap<String, f64> {
    let values = drawing.values(&individual.scores);
    let names = drawing.drawn().iter().map(|p| p.name.clone());
    names.zip(values).skip(drawing.parameters).collect()
}

#[cfg(test)]
mod tests;
