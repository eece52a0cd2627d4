//! The people of a population one by one: what stands of each, and what they were drawn with and show.

use super::{Found, PopulationError, Request, Who, traits};
use gutskin_network::{Network, ParameterTable, Spread};
use gutskin_people::baselines::baselines;
use gutskin_people::drawing::{Drawing, Individual, Life, Lives, habits_of};
use gutskin_people::person::readables;
use std::collections::BTreeSet;

/// What stands of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Number of the draw.
    pub number: u32,
    /// Share of the weighted population; 0 for who is left out.
    pub weight: f64,
    /// How often the person stands in the resampled population, of as many people as were drawn.
    pub times: usize,
    /// Why the person is left out; empty for who is not.
    pub left_out: String,
}

impl Standing {
    pub(super) fn new(number: u32, lost: Option<&str>) -> Self {
        Self {
            number,
            weight: 0.0,
            times: 0,
            left_out: lost.unwrap_or_default().to_owned(),
        }
    }
}

/// What a column of numbers holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnOf {
    /// Name in the model.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Meaning.
    pub meaning: String,
}

/// The people of a population.
#[derive(Clone, Debug)]
pub struct People {
    network: Network,
    drawing: Drawing,
    who: Who,
    seed: u64,
    method: (String, f64),
    found: Vec<Found>,
    standing: Vec<Standing>,
    shown: Vec<usize>,
    habits: Vec<ColumnOf>,
    drawn: Vec<usize>,
}

impl People {
    pub(super) fn new(
        (network, drawing, who): (Network, Drawing, Who),
        table: &ParameterTable,
        (request, method): (&Request, (String, f64)),
        (found, standing): (Vec<Found>, Vec<Standing>),
    ) -> Result<Self, PopulationError> {
        let mut wanted = BTreeSet::new();
        wanted.extend(readables(table)?.into_iter().map(|r| r.observable));
        wanted.extend(
            baselines(&request.condition)?
                .into_iter()
                .map(|b| b.observable),
        );
        let shown = |name: &str| wanted.contains(name) || name.starts_with("colon.share.");
        let indices = 0..network.observables.len();
        let shown = indices
            .filter(|&at| shown(&network.observables[at].name))
            .collect();
        let habit = |name: &str| {
            let entry = table.get(name);
            ColumnOf {
                name: name.to_owned(),
                unit: entry.map_or_else(String::new, |e| e.unit.to_string()),
                meaning: entry.map_or_else(String::new, |e| format!("habit; {}", e.note)),
            }
        };
        let habits = drawing.drawn().iter().skip(network.parameters.len());
        let mut habits: Vec<ColumnOf> = habits.map(|p| habit(&p.name)).collect();
        // The order of `habits_of`.
        habits.sort_by(|a, b| a.name.cmp(&b.name));
        let varies = |at: &usize| network.parameters[*at].spread != Spread::Fixed;
        Ok(Self {
            seed: request.seed,
            method,
            drawn: (0..network.parameters.len()).filter(varies).collect(),
            network,
            drawing,
            who,
            found,
            standing,
            shown,
            habits,
        })
    }

    /// The model.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How bursts of bacterial DNA come.
    #[must_use]
    pub fn bursts(&self) -> &'static str {
        crate::Bursts::usual(&self.network).name()
    }

    /// Method of integration and class of arithmetic.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method.0
    }

    /// Relative tolerance of the solver.
    #[must_use]
    pub fn relative_tolerance(&self) -> f64 {
        self.method.1
    }

    /// What stands of each, in the order of their numbers.
    #[must_use]
    pub fn standing(&self) -> &[Standing] {
        &self.standing
    }

    /// The drug of a course of antibiotics that a person has had; empty for who has not.
    #[must_use]
    pub fn antibiotic(&self, number: u32) -> &str {
        let course = self.life(number).course;
        let course = course.and_then(|(place, _)| self.who.lives.courses().get(place));
        course.map_or("", |course| course.drug.as_str())
    }

    /// What the numbers of a person are: readings of today, habits, traits, drawn parameters.
    #[must_use]
    pub fn columns(&self) -> Vec<ColumnOf> {
        let unit = |unit: Option<String>| unit.unwrap_or_default();
        let readings = self.shown.iter().map(|&at| {
            let o = &self.network.observables[at];
            ColumnOf {
                name: o.name.clone(),
                unit: unit(o.unit.as_ref().map(ToString::to_string)),
                meaning: format!(
                    "today (at rest, or after a course of antibiotics), without noise; {}",
                    o.doc
                ),
            }
        });
        let traits = self
            .drawing
            .traits()
            .into_iter()
            .chain(self.who.lives.traits());
        let traits = traits.map(|(name, _)| ColumnOf {
            name: name.to_owned(),
            unit: "1".to_owned(),
            meaning: format!("trait: 1 for who has it; {}", traits::title(name)),
        });
        let life = [
            ("age", "y", "age"),
            (
                "antibiotic_ended",
                "d",
                "days since the end of the course of antibiotics; null for who had none",
            ),
        ]
        .map(|(name, unit, meaning)| ColumnOf {
            name: name.to_owned(),
            unit: unit.to_owned(),
            meaning: meaning.to_owned(),
        });
        let parameters = self.drawn.iter().map(|&at| {
            let p = &self.network.parameters[at];
            ColumnOf {
                name: p.name.clone(),
                unit: unit(p.unit.as_ref().map(ToString::to_string)),
                meaning: format!("drawn parameter; {}", p.doc),
            }
        });
        let habits = self.habits.iter().cloned();
        readings
            .chain(habits)
            .chain(traits)
            .chain(life)
            .chain(parameters)
            .collect()
    }

    fn person(&self, number: u32) -> Individual {
        self.drawing.draw(self.seed, number)
    }

    fn life(&self, number: u32) -> Life {
        self.who.lives.draw(self.seed, number)
    }

    /// The numbers of one person, column by column; readings of who has no rest are not finite.
    #[must_use]
    pub fn row(&self, number: u32) -> Vec<f64> {
        let person = self.person(number);
        let found = self.found.get(number as usize);
        let found = found.and_then(|found| found.as_ref().ok());
        let read = |at: &usize| found.map_or(f64::NAN, |values| values[*at]);
        let life = self.life(number);
        let mut row: Vec<f64> = self.shown.iter().map(read).collect();
        row.extend(habits_of(&self.drawing, &person).into_values());
        let has = |has: bool| f64::from(u8::from(has));
        row.extend(person.traits.iter().map(|(_, yes)| has(*yes)));
        row.extend(Lives::traits_of(&life).into_iter().map(has));
        row.push(life.age);
        row.push(life.course.map_or(f64::NAN, |(_, ago)| ago));
        row.extend(self.drawn.iter().map(|&at| person.parameters[at]));
        row
    }
}
