//! Courses of antibiotics that are over: whoever has one is brought to rest without it and followed through it to today, as twins
//! are through the drugs that a person file tells.

use super::{PopulationError, Request};
use crate::bursts::Draw;
use crate::scenario::{Forecast, read_forecast};
use crate::twin::ward::{Resting, Task, Ward};
use gutskin_network::{Network, ParameterTable, Schedule};
use gutskin_people::courses::Course;
use gutskin_people::drawing::{Drawing, Individual};
use gutskin_people::person::{DrugTaken, Person};

/// People followed between two words of progress.
const BATCH: usize = 250;
/// Name of what is asked, for errors.
const ASKED: &str = "a drawn course of antibiotics";

/// Someone at rest who has a course behind them.
pub(super) struct Taker {
    /// Number of the draw.
    pub number: u32,
    /// States at rest, of the model without the drug.
    pub states: Vec<f64>,
    /// Days since the last day of the course.
    pub ago: f64,
}

/// The model that holds one drug, and the course as if it ended today.
pub(super) struct Model {
    forecast: Forecast,
    drawing: Drawing,
    days: f64,
}

impl Model {
    /// Reads the course as twins read that of a person of whom nothing else is told.
    pub fn of(
        course: &Course,
        request: &Request,
        table: &ParameterTable,
    ) -> Result<Self, PopulationError> {
        let taken = DrugTaken {
            name: course.drug.clone(),
            of_skin: false,
            from: -course.days,
            until: Some(0.0),
            span: 0..0,
        };
        let person = Person::untold(&request.condition, vec![taken]);
        let asked = if request.full {
            "[forecast]\ncolon = \"full\"\n"
        } else {
            ""
        };
        let forecast = read_forecast((ASKED, asked), &person, table, &[])?;
        let network = &forecast.scenario.network;
        let drawing = Drawing::new(network, table, &request.condition, None)?;
        Ok(Self {
            forecast,
            drawing,
            days: course.days,
        })
    }

    /// What the courses follow from.
    pub fn network(&self) -> &Network {
        &self.forecast.scenario.network
    }

    /// The course for somebody in whom it ended so many days ago.
    fn schedule(&self, ago: f64) -> Result<Schedule, PopulationError> {
        let changes = self.forecast.history.changes().iter();
        let moved = changes.map(|change| gutskin_network::Change {
            time: change.time - ago,
            ..*change
        });
        Ok(Schedule::sorted(moved.collect()).map_err(crate::twin::TwinError::from)?)
    }

    /// What each shows today, observable by observable of the model without the drug; nothing where the course could not be
    /// followed. Everybody is followed from the same day on, `farthest` before today, so that nobody's course depends on whose
    /// else is followed.
    pub fn follow(
        &self,
        takers: &[Taker],
        (plain, farthest): (&Network, f64),
        seed: u64,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Option<Vec<f64>>>, PopulationError> {
        let network = self.network();
        let mut ward = Ward::new(network, network.switch_values())?;
        ward.bursts = Draw::of_scenario(&self.forecast.scenario);
        // A model with a drug shows whatever the one without it does.
        let shown: Vec<u32> = (plain.observables.iter())
            .filter_map(|o| network.observable(&o.name))
            .collect();
        let begin = -(farthest + self.days);
        let mut found = Vec::with_capacity(takers.len());
        for batch in takers.chunks(BATCH) {
            let people: Vec<Individual> = (batch.iter())
                .map(|taker| self.drawing.draw(seed, taker.number))
                .collect();
            let starts: Vec<Option<Vec<f64>>> = (people.iter().zip(batch))
                .map(|(person, taker)| Some(ward.start_of(person, (plain, &taker.states))))
                .collect();
            let rested = ward.at_rest(people, &starts)?;
            found.extend(self.today(&mut ward, (batch, &rested), begin, &shown)?);
            progress(found.len());
        }
        Ok(found)
    }

    fn today(
        &self,
        ward: &mut Ward<'_>,
        (takers, rested): (&[Taker], &[Result<Resting, String>]),
        begin: f64,
        shown: &[u32],
    ) -> Result<Vec<Option<Vec<f64>>>, PopulationError> {
        let mut tasks = Vec::new();
        for (taker, rested) in takers.iter().zip(rested) {
            let Ok(person) = rested else { continue };
            tasks.push(Task {
                person,
                schedule: self.schedule(taker.ago)?,
                inputs: person.individual.inputs.clone(),
            });
        }
        let mut followed = ward
            .follow(&tasks, (begin, 0.0), (shown, &[0.0]))?
            .into_iter();
        let mut one = |rested: &Result<Resting, String>| {
            rested.as_ref().ok()?;
            let course = followed.next()?.ok()?;
            course.into_iter().map(|at| at.first().copied()).collect()
        };
        Ok(rested.iter().map(&mut one).collect())
    }
}
