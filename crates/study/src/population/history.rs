//! Courses of antibiotics that are over: whoever has one is brought to rest without it and followed through it to today, as twins
//! are through the drugs that a person file tells.

use super::{PopulationError, Request};
use crate::bursts::Draw;
use crate::scenario::{Forecast, read_forecast};
use crate::twin::ward::{Followed, Resting, Task, Ward};
use gutskin_network::{Change, Network, ParameterTable, Schedule};
use gutskin_people::courses::Course;
use gutskin_people::drawing::Drawing;
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
        let moved = changes.map(|change| Change {
            time: change.time - ago,
            ..*change
        });
        let past = moved.filter(|change| change.time < 0.0);
        Ok(Schedule::sorted(past.collect()).map_err(crate::twin::TwinError::from)?)
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
            let people: Vec<Resting> = (batch.iter())
                .map(|taker| self.resting(taker, &ward, (plain, seed)))
                .collect();
            found.extend(self.today(&mut ward, (batch, &people), begin, &shown)?);
            progress(found.len());
        }
        Ok(found)
    }

    /// Where somebody rests without the drug is where they rest before it: it has no dose yet, and no strain is lost to it.
    fn resting(&self, taker: &Taker, ward: &Ward<'_>, (plain, seed): (&Network, u64)) -> Resting {
        let individual = self.drawing.draw(seed, taker.number);
        Resting {
            states: ward.start_of(&individual, (plain, &taker.states)),
            individual,
            observables: Vec::new(),
        }
    }

    fn today(
        &self,
        ward: &mut Ward<'_>,
        (takers, people): (&[Taker], &[Resting]),
        begin: f64,
        shown: &[u32],
    ) -> Result<Vec<Option<Vec<f64>>>, PopulationError> {
        let mut tasks = Vec::with_capacity(people.len());
        for (taker, person) in takers.iter().zip(people) {
            tasks.push(Task {
                person,
                schedule: self.schedule(taker.ago)?,
                inputs: person.individual.inputs.clone(),
            });
        }
        let followed = ward.follow(&tasks, (begin, 0.0), (shown, &[0.0]))?;
        let one = |course: Followed| {
            let course = course.ok()?;
            course.into_iter().map(|at| at.first().copied()).collect()
        };
        Ok(followed.into_iter().map(one).collect())
    }
}
