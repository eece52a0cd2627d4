//! The pool of simulated people: each screened, then followed through every arm.

use super::TrialError;
use super::clinic::{AtRest, Clinic, Followed, Task};
use super::journal::{Batch, Journal, NoJournal};
use super::person::Who;
use super::residual;
use crate::Effort;
use crate::bursts::Draw;
use crate::followed::SLOW;
use crate::scenario::{Arm, Inclusion, Rescue, Scenario, Trait, Trigger};
use crate::statistics::{quantile, sorted};
use gutskin_network::{Action, Change, Schedule, ScheduleError, Target};

/// How many people are drawn for each one wanted before a population counts as empty.
const DRAWS_PER_PLACE: usize = 100;
/// Draws after which it is seen that a pool will not be full, and how far from what it takes they are then.
const DRAWS_TO_JUDGE: usize = 4096;
const FAR_FROM: usize = 4;
/// People brought to rest at a time.
const BATCH: usize = 256;

/// What a person goes through in one arm: true values, observable by observable (the endpoint first, then what is
/// looked at beside) and visit by visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Without rescue.
    pub values: Vec<Vec<f64>>,
    /// With rescue, where it was given.
    pub rescued: Option<Rescued>,
    /// Share of each guild of the colon at entry and at the visit of the endpoint, without rescue; empty for models
    /// without a colon.
    pub guilds: Vec<[f64; 2]>,
}

/// A course after rescue.
#[derive(Clone, Debug, PartialEq)]
pub struct Rescued {
    /// Index of the visit at which rescue was given.
    pub visit: usize,
    /// True values with rescue.
    pub values: Vec<Vec<f64>>,
}

/// One included person.
#[derive(Clone, Debug, PartialEq)]
pub struct Patient {
    /// Number of the draw: with the seed it fixes everything about the person.
    pub draw: u32,
    /// The course in each arm; or why the solve failed.
    pub arms: Vec<Result<Course, String>>,
    /// Factor of placebo and natural course at the visits, observable by observable.
    pub placebo: Vec<Vec<f64>>,
    /// Standard normal noise of the reading of the endpoint at the visits.
    pub noise: Vec<f64>,
    /// Endpoint of the comparator without the care that every arm gets; absent where there is none.
    pub without_care: Option<Vec<f64>>,
    /// Traits by which people are parted, in the scenario's order.
    pub traits: Vec<f64>,
    /// Share of the prescribed that is taken.
    pub adherence: f64,
}

impl Patient {
    /// Whether every arm was solved.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.arms.iter().all(Result::is_ok)
    }
}

/// Everyone's courses, and what it cost.
#[derive(Clone, Debug)]
pub struct TrialRun {
    /// Included people, in the order drawn.
    pub patients: Vec<Patient>,
    /// People drawn.
    pub screened: usize,
    /// People drawn for whom no stable steady state was found; they are not included.
    pub without_steady_state: usize,
    /// Of these, draws whose slowest time constant is above three years.
    pub too_slow: usize,
    /// Why none was found for the first of them.
    pub first_without: Option<String>,
    /// Effects under other draws of what is not known; none unless asked for.
    pub uncertainty: Option<super::Uncertainty>,
    /// Some of the people solved more exactly.
    pub tighter: Option<super::Tighter>,
    /// Method of integration and class of arithmetic.
    pub method: String,
    /// Relative tolerance of the solves.
    pub relative_tolerance: f64,
    /// What all solves took.
    pub effort: Effort,
    /// Sizes of the placebo courses of the endpoints over the usual ones.
    pub placebo_sizes: Vec<f64>,
}

/// Why no trial of a scenario is run that can be followed all the same; nothing where it can be tried.
#[must_use]
pub fn refusal(scenario: &Scenario) -> Option<TrialError> {
    (scenario.model == "early").then_some(TrialError::Chances)
}

/// Draws people until the pool is full, and follows each through every arm. `progress` is told the number of people
/// included so far.
///
/// # Errors
/// [`TrialError`]; a patient whose solve fails is in the result with the reason.
pub fn run(scenario: &Scenario, progress: &mut dyn FnMut(usize)) -> Result<TrialRun, TrialError> {
    run_on(scenario, &mut NoJournal, progress)
}

/// The same as [`run`], where batches that a journal holds are taken from it and others are kept in it. The journal must be one
/// of the same scenario, model and seed.
///
/// # Errors
/// As [`run`].
pub fn run_on(
    scenario: &Scenario,
    journal: &mut dyn Journal,
    progress: &mut dyn FnMut(usize),
) -> Result<TrialRun, TrialError> {
    if let Some(refused) = refusal(scenario) {
        return Err(refused);
    }
    let mut clinic = Clinic::new(scenario)?;
    clinic.placebo_sizes = residual::sizes(&clinic)?;
    let wanted = scenario.design.pool;
    let mut result = TrialRun {
        patients: Vec::new(),
        screened: 0,
        without_steady_state: 0,
        too_slow: 0,
        first_without: None,
        uncertainty: None,
        tighter: None,
        method: clinic.method(),
        relative_tolerance: clinic.relative_tolerance,
        effort: Effort::default(),
        placebo_sizes: clinic.placebo_sizes.clone(),
    };
    let mut number = 0;
    while result.patients.len() < wanted {
        let nobody_rests =
            result.screened >= BATCH / 4 && result.without_steady_state == result.screened;
        let hardly_anyone = result.screened >= DRAWS_TO_JUDGE
            && result.patients.len() * FAR_FROM * DRAWS_PER_PLACE < result.screened;
        let all_drawn = result.screened >= wanted.saturating_mul(DRAWS_PER_PLACE);
        if nobody_rests || hardly_anyone || all_drawn {
            return Err(empty(&clinic, result, wanted));
        }
        let kept = journal.load(number);
        let kept = kept.and_then(|text| Batch::read(&text, &result.method));
        let batch = match kept {
            Some(batch) => batch,
            None => {
                let batch = simulated(&mut clinic, scenario, &result)?;
                if let Some(text) = batch.write(&result.method) {
                    journal.save(number, &text);
                }
                batch
            }
        };
        result.take(batch);
        number += 1;
        progress(result.patients.len());
    }
    result.uncertainty = super::uncertainty::under_other_draws(&mut clinic, scenario, &result)?;
    result.effort += clinic.take_effort();
    result.tighter = super::tighter::again(scenario, &result)?;
    Ok(result)
}

/// The next batch of people.
fn simulated(
    clinic: &mut Clinic<'_>,
    scenario: &Scenario,
    so_far: &TrialRun,
) -> Result<Batch, TrialError> {
    let mut batch = Batch::default();
    let included = screen(clinic, so_far, &mut batch)?;
    batch.patients = follow(clinic, scenario, &included)?;
    batch.effort = clinic.take_effort();
    Ok(batch)
}

impl TrialRun {
    fn take(&mut self, batch: Batch) {
        self.patients.extend(batch.patients);
        self.screened += batch.screened;
        self.without_steady_state += batch.without_steady_state;
        self.too_slow += batch.too_slow;
        self.first_without = self.first_without.take().or(batch.first_without);
        self.effort += batch.effort;
    }
}

/// What people at rest go through in an arm: what is recorded, or why there is nothing. Nobody is screened.
pub(crate) fn courses(
    clinic: &mut Clinic<'_>,
    scenario: &Scenario,
    arm: &Arm,
    people: &[AtRest],
) -> Result<Vec<Followed>, TrialError> {
    let task = |person| -> Result<Task<'_>, ScheduleError> {
        Ok(Task {
            person,
            schedule: as_taken(scenario, person, arm, None)?,
            care: scenario.care,
        })
    };
    let tasks = people.iter().map(task).collect::<Result<Vec<_>, _>>()?;
    clinic.follow(&tasks)
}

/// The next batch of draws: those who may enter, until the pool is full. Who is drawn does not depend on the size of
/// the batch.
fn screen(
    clinic: &Clinic<'_>,
    so_far: &TrialRun,
    batch: &mut Batch,
) -> Result<Vec<AtRest>, TrialError> {
    let places = clinic.scenario().design.pool - so_far.patients.len();
    let first = u32::try_from(so_far.screened).unwrap_or(u32::MAX - 1);
    let count = u32::try_from(places.clamp(BATCH / 8, BATCH)).unwrap_or(1);
    let mut included = Vec::new();
    let draws: Vec<u32> = (first..first.saturating_add(count)).collect();
    for person in clinic.at_rest(&draws)? {
        if included.len() == places {
            break;
        }
        batch.screened += 1;
        match person {
            Err(reason) => {
                batch.without_steady_state += 1;
                batch.too_slow += usize::from(reason == SLOW);
                batch.first_without.get_or_insert(reason);
            }
            Ok(person) if may_enter(clinic.scenario(), &person) => included.push(person),
            Ok(_) => {}
        }
    }
    Ok(included)
}

/// The endpoint is read with noise at entry too: that is what makes regression to the mean.
fn may_enter(scenario: &Scenario, person: &AtRest) -> bool {
    let who = Who {
        seed: scenario.seed,
        draw: person.draw,
    };
    let noise = if scenario.design.run_in > 0.0 {
        who.screening_noise()
    } else {
        who.noise(0, 0)
    };
    let value = person.observables[scenario.endpoint.observable as usize];
    enters(
        scenario,
        person,
        scenario.endpoint.observation.read(value, noise),
    )
}

/// Whether this reading of the endpoint lets the person in; other rules are on true values.
pub(super) fn enters(scenario: &Scenario, person: &AtRest, reading: f64) -> bool {
    let fits = |rule: &Inclusion| {
        let other = || person.observables[rule.observable as usize];
        let by_endpoint = rule.observable == scenario.endpoint.observable;
        rule.holds(if by_endpoint { reading } else { other() })
    };
    let people = &scenario.population;
    people.include.iter().all(fits) && !people.exclude.iter().any(fits)
}

/// Why the pool is not full.
fn empty(clinic: &Clinic<'_>, result: TrialRun, wanted: usize) -> TrialError {
    let (screened, without_steady_state) = (result.screened, result.without_steady_state);
    match result.first_without {
        Some(reason) if 2 * without_steady_state > screened => TrialError::NoSteadyState {
            screened,
            without_steady_state,
            reason,
        },
        first_without => TrialError::EmptyPopulation {
            screened,
            included: result.patients.len(),
            without_steady_state,
            first_without,
            wanted,
            rules: rules_in_words(clinic),
        },
    }
}

/// Each inclusion rule beside what drawn people have, so that one sees which of them keeps people out.
fn rules_in_words(clinic: &Clinic<'_>) -> Vec<String> {
    let scenario = clinic.scenario();
    let draws: Vec<u32> = (0..BATCH as u32).collect();
    let people = clinic.at_rest(&draws).unwrap_or_default();
    let people: Vec<&AtRest> = people.iter().filter_map(|p| p.as_ref().ok()).collect();
    let words = |(kept_out, rule): (bool, &Inclusion)| {
        let of = |p: &&AtRest| p.observables[rule.observable as usize];
        let values = sorted(people.iter().map(of).collect());
        format!(
            "{}: {}{} from {} to {}, while nine of ten drawn people have {:.3} to {:.3}",
            rule.place,
            if kept_out { "not " } else { "" },
            scenario.network.observables[rule.observable as usize].name,
            rule.low,
            rule.high,
            quantile(&values, 0.05),
            quantile(&values, 0.95),
        )
    };
    let rules = scenario.population.include.iter().map(|r| (false, r));
    let others = scenario.population.exclude.iter().map(|r| (true, r));
    rules.chain(others).map(words).collect()
}

/// Follows people through every arm, the comparator also without care, and once more with rescue where it is due.
pub(super) fn follow(
    clinic: &mut Clinic<'_>,
    scenario: &Scenario,
    people: &[AtRest],
) -> Result<Vec<Patient>, TrialError> {
    let mut tasks = Vec::new();
    for person in people {
        for arm in &scenario.arms {
            tasks.push(Task {
                person,
                schedule: as_taken(scenario, person, arm, None)?,
                care: scenario.care,
            });
        }
        if let (Some(_), Some(arm)) = (scenario.care, scenario.arms.first()) {
            tasks.push(Task {
                person,
                schedule: as_taken(scenario, person, arm, None)?,
                care: None,
            });
        }
    }
    let mut followed = clinic.follow(&tasks)?.into_iter();
    let mut patients: Vec<Patient> = people
        .iter()
        .map(|person| patient(scenario, person, &clinic.placebo_sizes, &mut followed))
        .collect();
    rescue(clinic, scenario, people, &mut patients)?;
    Ok(patients)
}

fn patient(
    scenario: &Scenario,
    person: &AtRest,
    placebo_sizes: &[f64],
    followed: &mut impl Iterator<Item = Followed>,
) -> Patient {
    let who = Who {
        seed: scenario.seed,
        draw: person.draw,
    };
    let endpoint = scenario.endpoint.visit;
    let at = |values: &Vec<f64>, visit: usize| values.get(visit).copied().unwrap_or(f64::NAN);
    let plain = |mut values: Vec<Vec<f64>>| {
        // Guilds are recorded behind the endpoints.
        let guilds = values.split_off(values.len().min(1 + scenario.secondary.len()));
        Course {
            values,
            rescued: None,
            guilds: guilds
                .iter()
                .map(|g| [0, endpoint].map(|v| at(g, v)))
                .collect(),
        }
    };
    let arms = followed.by_ref().take(scenario.arms.len());
    let arms = arms.map(|course| course.map(plain)).collect();
    let without = scenario.care.and_then(|_| followed.next());
    let times: Vec<f64> = (scenario.visits.iter())
        .map(|v| v + scenario.design.run_in)
        .collect();
    Patient {
        draw: person.draw,
        arms,
        placebo: who.placebos(scenario, placebo_sizes, &times),
        noise: (scenario.endpoint.observation).noise(&times, who.noise(0, 0), |v| who.noise(0, v)),
        without_care: without.and_then(|w| w.ok()?.into_iter().next()),
        traits: traits(scenario, person),
        adherence: who.adherence(scenario.design.adherence),
    }
}

fn traits(scenario: &Scenario, person: &AtRest) -> Vec<f64> {
    let value = |of| match of {
        Trait::Observable(i) => person.observables[i as usize],
        Trait::Parameter(i) => person.parameters[i as usize],
    };
    scenario.subgroups.iter().map(|s| value(s.of)).collect()
}

/// What an arm gives, from randomisation on, as this person takes it; with rescue from a day on.
pub(super) fn as_taken(
    scenario: &Scenario,
    person: &AtRest,
    arm: &Arm,
    rescued: Option<(&Rescue, f64)>,
) -> Result<Schedule, ScheduleError> {
    let who = Who {
        seed: scenario.seed,
        draw: person.draw,
    };
    let adherence = who.adherence(scenario.design.adherence);
    let taken = who.taken(&arm.schedule, &scenario.network, adherence)?;
    let mut changes = taken.changes().to_vec();
    if let Some((rescue, day)) = rescued {
        changes.retain(|c| {
            let inputs = &rescue.inputs;
            let set = |(input, _): &(u32, f64)| c.target == Target::Input(*input);
            c.time < day || !inputs.iter().any(set)
        });
        changes.extend(rescue.inputs.iter().map(|&(input, value)| Change {
            time: day,
            target: Target::Input(input),
            action: Action::Set(value),
        }));
        if let Some((drug, interval)) = &rescue.drug {
            let end = scenario.end();
            changes.extend(drug.taken(&scenario.network, day, end, *interval));
        }
    }
    let run_in = scenario.design.run_in;
    for change in &mut changes {
        change.time += run_in;
    }
    changes.extend(scenario.population.background.within());
    if let Some(flares) = &scenario.flares {
        changes.extend(who.flares(flares, run_in + scenario.end()));
    }
    changes.extend(Draw::of_scenario(scenario).map(|bursts| bursts.begin(0.0)));
    Schedule::sorted(changes)
}

/// Those whom the treating physician finds worse at a visit are followed once more, with rescue from there.
fn rescue(
    clinic: &mut Clinic<'_>,
    scenario: &Scenario,
    people: &[AtRest],
    patients: &mut [Patient],
) -> Result<(), TrialError> {
    let Some(rescue) = &scenario.design.rescue else {
        return Ok(());
    };
    let mut due = Vec::new();
    for (p, patient) in patients.iter().enumerate() {
        for (a, course) in patient.arms.iter().enumerate() {
            if let Some(visit) = course
                .as_ref()
                .ok()
                .and_then(|c| needs(scenario, rescue, patient, c))
            {
                due.push((p, a, visit));
            }
        }
    }
    let task = |&(p, a, visit): &(usize, usize, usize)| -> Result<Task<'_>, ScheduleError> {
        let (person, day) = (&people[p], scenario.visits[visit]);
        Ok(Task {
            person,
            schedule: as_taken(scenario, person, &scenario.arms[a], Some((rescue, day)))?,
            care: scenario.care,
        })
    };
    let tasks = due.iter().map(task).collect::<Result<Vec<_>, _>>()?;
    for ((p, a, visit), followed) in due.into_iter().zip(clinic.follow(&tasks)?) {
        let arm = &mut patients[p].arms[a];
        match (followed, arm.as_mut()) {
            (Ok(mut values), Ok(course)) => {
                values.truncate(course.values.len());
                course.rescued = Some(Rescued { visit, values });
            }
            (Err(reason), _) => *arm = Err(reason),
            _ => {}
        }
    }
    Ok(())
}

/// The visit at which someone gets rescue: the first at which the treating physician's own reading says so. The last
/// visit is too late.
fn needs(
    scenario: &Scenario,
    rescue: &Rescue,
    patient: &Patient,
    course: &Course,
) -> Option<usize> {
    let who = Who {
        seed: scenario.seed,
        draw: patient.draw,
    };
    let endpoint = &scenario.endpoint;
    let sign = if endpoint.lower_is_better { 1.0 } else { -1.0 };
    let seen = |visit: usize, noise: f64| {
        let seen = &endpoint.observation;
        seen.read(
            seen.under(course.values[0][visit], patient.placebo[0][visit]),
            noise,
        )
    };
    let entry = seen(0, patient.noise[0]);
    let limit = match rescue.trigger {
        Trigger::Worsening(share) => entry + sign * share * entry,
        Trigger::Above(value) => value,
    };
    let last = scenario.visits.len().saturating_sub(1);
    (1..last).find(|&visit| {
        let reading = seen(visit, who.clinical_noise(visit));
        scenario.visits[visit] >= rescue.from && sign * (reading - limit) > 0.0
    })
}
