//! Every day of every arm over the whole pool, on request: everyone is followed once more.

use super::TrialError;
use super::clinic::{Clinic, Followed, Task};
use super::person::Who;
use super::quantiles::VisitQuantiles;
use super::run::{Patient, TrialRun, as_taken};
use crate::scenario::{Estimand, Scenario};
use gutskin_network::ScheduleError;

/// People followed at a time.
const BATCH: usize = 256;

/// Values of one observable in one arm, day by day, over people.
type Days = Vec<Vec<f64>>;

/// Endpoint and what is looked at beside, arm by arm and day by day: true values with the placebo course and without
/// noise of readings; with rescue where the estimand has it. Those who could not be solved in an arm are left out of
/// it. Keeps 8 bytes an observable, arm, day and person.
///
/// # Errors
/// As [`super::run()`].
pub fn daily_quantiles(
    scenario: &Scenario,
    run: &TrialRun,
) -> Result<Vec<VisitQuantiles>, TrialError> {
    let days: Vec<f64> = (0..=scenario.end().floor() as u32).map(f64::from).collect();
    let mut clinic = Clinic::new(scenario)?.on_days(days.clone());
    let times: Vec<f64> = days.iter().map(|d| d + scenario.design.run_in).collect();
    let placebo = |patient: &Patient| {
        let who = Who {
            seed: scenario.seed,
            draw: patient.draw,
        };
        who.placebos(scenario, &run.placebo_sizes, &times)
    };
    let observables = 1 + scenario.secondary.len();
    let mut values: Vec<Vec<Days>> =
        vec![vec![vec![Vec::new(); days.len()]; scenario.arms.len()]; observables];
    for people in run.patients.chunks(BATCH) {
        for (patient, arm, course) in followed(&mut clinic, scenario, people)? {
            let Ok(course) = course else { continue };
            let endpoints = std::iter::once(&scenario.endpoint).chain(&scenario.secondary);
            for (observable, ((seen, placebo), endpoint)) in course
                .iter()
                .zip(placebo(patient))
                .zip(endpoints)
                .enumerate()
            {
                let into = &mut values[observable][arm];
                for ((day, value), factor) in into.iter_mut().zip(seen).zip(placebo) {
                    day.push(endpoint.observation.under(*value, factor));
                }
            }
        }
    }
    let endpoints = std::iter::once(&scenario.endpoint).chain(&scenario.secondary);
    let mut rows = Vec::new();
    for (endpoint, arms) in endpoints.zip(values) {
        let observable = &scenario.network.observables[endpoint.observable as usize];
        for (arm, by_day) in scenario.arms.iter().zip(arms) {
            for (&day, people) in days.iter().zip(by_day) {
                rows.push(VisitQuantiles::of(arm, observable, day, people));
            }
        }
    }
    Ok(rows)
}

/// Everyone in every arm that was solved: who, the arm, and the course.
fn followed<'p>(
    clinic: &mut Clinic<'_>,
    scenario: &Scenario,
    people: &'p [Patient],
) -> Result<Vec<(&'p Patient, usize, Followed)>, TrialError> {
    let draws: Vec<u32> = people.iter().map(|p| p.draw).collect();
    let rested = clinic.at_rest(&draws)?;
    let mut who = Vec::new();
    for (patient, rested) in people.iter().zip(&rested) {
        if let Ok(person) = rested {
            who.extend((0..scenario.arms.len()).map(|arm| (patient, person, arm)));
        }
    }
    let task = |&(patient, person, arm): &(&Patient, _, usize)| {
        let rescued = rescued(scenario, patient, arm);
        Ok::<_, ScheduleError>(Task {
            person,
            schedule: as_taken(scenario, person, &scenario.arms[arm], rescued)?,
            care: scenario.care,
        })
    };
    let tasks = who.iter().map(task).collect::<Result<Vec<_>, _>>()?;
    let courses = clinic.follow(&tasks)?;
    let of = |((patient, _, arm), course)| (patient, arm, course);
    Ok(who.into_iter().zip(courses).map(of).collect())
}

/// The rescue that this person had in this arm, where the question is about what happens with it.
fn rescued<'s>(
    scenario: &'s Scenario,
    patient: &Patient,
    arm: usize,
) -> Option<(&'s crate::scenario::Rescue, f64)> {
    let course = patient.arms.get(arm)?.as_ref().ok()?;
    let visit = course.rescued.as_ref()?.visit;
    let rescue = scenario.design.rescue.as_ref()?;
    (rescue.estimand == Estimand::TreatmentPolicy).then(|| (rescue, scenario.visits[visit]))
}
