//! Daily means and the clock within the day: the same model in two modes, and courses that change between them.
//!
//! A model with the clock has no state of rest, so people rest in its daily mode and live some days by the clock before
//! anything is done. Where a scenario names windows, courses run in daily means and by the clock around these.

use super::TrialError;
use super::clinic::{Followed, Recorded, Task};
use crate::bursts::Draw;
use crate::followed::{Deciding, Effort, each};
use crate::scenario::Scenario;
use gutskin_biology::body::DAY_MEANS;
use gutskin_engine::lanes::{Cohort, Ensemble, LaneProgram, PatientSpec};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{DecisionContext, Options, Run, Schedule, Solution, Status, Target};
use gutskin_network::{Change, Network, ScheduleError};
use std::sync::Arc;

/// Days by the clock before a window or before the start, in which what is fast finds its course.
pub(super) const LEAD: f64 = 3.0;

/// Where the parts of one network stand in another, by name.
struct Translation {
    states: Vec<Option<usize>>,
    inputs: Vec<Option<usize>>,
    parameters: Vec<Option<usize>>,
    switches: Vec<Option<usize>>,
}

impl Translation {
    fn between(from: &Network, to: &Network) -> Self {
        let place = |i: Option<u32>| i.map(|i| i as usize);
        Self {
            states: (to.states.iter().map(|s| place(from.state(&s.name)))).collect(),
            inputs: (to.inputs.iter().map(|i| place(from.input(&i.name)))).collect(),
            parameters: (to.parameters.iter().map(|p| place(from.parameter(&p.name)))).collect(),
            switches: (to.switches.iter().map(|s| place(from.switch(&s.name)))).collect(),
        }
    }
}

/// Solutions may lie below zero within the tolerance of the solver; a run may not start there.
pub(super) fn lifted(mut states: Vec<f64>, network: &Network) -> Vec<f64> {
    for (value, spec) in states.iter_mut().zip(&network.states) {
        if spec.non_negative {
            *value = value.max(0.0);
        }
    }
    states
}

/// `own` with what the other network knows too.
fn carried(places: &[Option<usize>], from: &[f64], mut own: Vec<f64>) -> Vec<f64> {
    for (value, place) in own.iter_mut().zip(places) {
        if let Some(known) = place.and_then(|i| from.get(i)) {
            *value = *known;
        }
    }
    own
}

/// The scenario's model in its other mode.
pub(super) struct Sibling<'s> {
    network: &'s Network,
    pub program: Arc<Program>,
    pub ensemble: Ensemble,
    into: Translation,
    back: Translation,
    /// Where the observables of the scenario's model stand here.
    observables: Vec<Option<u32>>,
    /// The same for readings that are means of a day in the scenario's model and follow the hour here: their means.
    day_means: Vec<Option<u32>>,
    pub switches: Vec<f64>,
}

impl<'s> Sibling<'s> {
    pub fn new(scenario: &'s Scenario, options: Options) -> Result<Option<Self>, TrialError> {
        let Some(network) = &scenario.sibling else {
            return Ok(None);
        };
        let program = Arc::new(Program::new(network, &ProgramOptions::default())?);
        let lanes = Arc::new(LaneProgram::new(program.clone())?);
        let into = Translation::between(&scenario.network, network);
        Ok(Some(Self {
            ensemble: Ensemble::new(lanes, options)?,
            switches: carried(&into.switches, &scenario.switches, network.switch_values()),
            back: Translation::between(network, &scenario.network),
            observables: (scenario.network.observables.iter())
                .map(|o| network.observable(&o.name))
                .collect(),
            day_means: (scenario.network.observables.iter())
                .map(|o| network.observable(in_daily_means(&o.name)))
                .collect(),
            network,
            program,
            into,
        }))
    }

    /// A person's parameters here; what only this mode has is at its central value.
    pub fn parameters(&self, person: &[f64]) -> Vec<f64> {
        let own = self.network.parameters.iter().map(|p| p.value).collect();
        carried(&self.into.parameters, person, own)
    }

    /// States here of someone in the scenario's model; what only this mode has begins as at midnight.
    fn states(&self, person: &[f64], parameters: &[f64]) -> Vec<f64> {
        let own = midnight(&self.program, self.network, parameters, &self.switches);
        carried(&self.into.states, person, own)
    }

    /// States in the scenario's model of someone at rest here.
    pub fn back_at_midnight(
        &self,
        rest: &[f64],
        (program, scenario): (&Arc<Program>, &Scenario),
        parameters: &[f64],
    ) -> Vec<f64> {
        let own = midnight(program, &scenario.network, parameters, &scenario.switches);
        carried(&self.back.states, rest, own)
    }

    /// Where what is recorded in the scenario's model stands here.
    fn recorded(&self, what: Recorded) -> Option<Recorded> {
        let here = |places: &[Option<u32>], i: u32| {
            let place = places.get(i as usize).copied().flatten()?;
            Some(Recorded::Observable(place))
        };
        match what {
            Recorded::Observable(i) => here(&self.observables, i),
            Recorded::Reading(i) => here(&self.day_means, i),
            Recorded::State(i) => match self.target(Target::State(i))? {
                Target::State(i) => Some(Recorded::State(i)),
                Target::Input(_) => None,
            },
        }
    }

    fn target(&self, target: Target) -> Option<Target> {
        let here = |places: &[Option<usize>], i: u32| {
            let found = places.iter().position(|p| *p == Some(i as usize))?;
            u32::try_from(found).ok()
        };
        match target {
            Target::Input(i) => here(&self.into.inputs, i).map(Target::Input),
            Target::State(i) => here(&self.into.states, i).map(Target::State),
        }
    }
}

/// By the clock, what a reading in daily means is.
fn in_daily_means(observable: &str) -> &str {
    let found = DAY_MEANS.iter().find(|(now, _)| *now == observable);
    found.map_or(observable, |(_, mean)| mean)
}

/// The start of a network for these parameters.
fn midnight(
    program: &Arc<Program>,
    network: &Network,
    parameters: &[f64],
    switches: &[f64],
) -> Vec<f64> {
    let mut system = ScalarProgram::new(program.clone());
    system.set_patient(parameters, switches);
    system.set_inputs(&network.input_values());
    let mut start = vec![0.0; network.states.len()];
    system.initial(&mut start);
    start
}

/// A stretch of a course in one mode, days from the start of the run-in.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    start: f64,
    end: f64,
    clock: bool,
}

/// Whole days: by the clock from some days before each window to its end, in daily means between.
fn stretches(windows: &[[f64; 2]], run_in: f64, end: f64) -> Vec<Stretch> {
    let mut by_clock: Vec<[f64; 2]> = Vec::new();
    for [start, stop] in windows {
        let from = (run_in + start).floor() - LEAD;
        let to = (run_in + stop).ceil().min(end);
        match by_clock.last_mut() {
            Some(last) if from <= last[1] => last[1] = last[1].max(to),
            _ => by_clock.push([from, to]),
        }
    }
    let mut all = Vec::new();
    let mut now = by_clock.first().map_or(0.0, |first| first[0].min(0.0));
    let mut push = |start: f64, end: f64, clock| {
        if end > start {
            all.push(Stretch { start, end, clock });
        }
    };
    for [from, to] in by_clock {
        push(now, from, false);
        push(from.max(now), to, true);
        now = to;
    }
    push(now, end, false);
    all
}

/// Someone on the way: states and inputs in the scenario's model, and what was recorded so far.
pub(super) struct Ongoing {
    states: Vec<f64>,
    inputs: Vec<f64>,
    values: Followed,
}

impl Ongoing {
    /// Someone at rest who begins with these inputs.
    pub fn begin(task: &Task<'_>, inputs: Vec<f64>, recorded: usize) -> Self {
        Self {
            states: task.person.states.clone(),
            inputs,
            values: Ok(vec![Vec::new(); recorded]),
        }
    }
}

/// What is recorded, when, and when courses end.
pub(super) struct Recording<'r> {
    pub what: &'r [Recorded],
    pub outputs: &'r [f64],
    pub end: f64,
}

/// Follows courses stretch by stretch, in daily means (`main`) or by the clock (`sibling`).
pub(super) fn follow(
    scenario: &Scenario,
    (main, sibling): (&Ensemble, &Sibling<'_>),
    (tasks, mut people): (&[Task<'_>], Vec<Ongoing>),
    recording: &Recording<'_>,
    effort: &mut Effort,
) -> Result<Vec<Followed>, TrialError> {
    for stretch in stretches(&scenario.windows, scenario.design.run_in, recording.end) {
        let side = stretch.clock.then_some(sibling);
        let well = |i: &usize| people[*i].values.is_ok();
        let going: Vec<usize> = (0..people.len()).filter(well).collect();
        let spec = |&i: &usize| {
            spec(
                scenario,
                side,
                (&tasks[i], &people[i]),
                (stretch, recording),
            )
        };
        let specs = going.iter().map(spec).collect::<Result<Vec<_>, _>>()?;
        let mut solutions = Vec::with_capacity(going.len());
        let ensemble = side.map_or(main, |s| &s.ensemble);
        let bursts = bursts_here(scenario, side);
        let decide = |index: usize, context: &DecisionContext<'_>| {
            let person = tasks[going[index]].person.draw;
            bursts.map_or_else(Vec::new, |b| b.decide(person, context))
        };
        *effort += each(
            ensemble,
            &Deciding(Ready(specs), decide),
            &mut |_, solution| {
                solutions.push(solution);
            },
        )?;
        for (i, solution) in going.into_iter().zip(solutions) {
            people[i].advance(solution, side, recording.what);
            for change in task_changes(&tasks[i], stretch, recording.end) {
                people[i].heed(change);
            }
        }
    }
    Ok(people.into_iter().map(|p| p.values).collect())
}

/// Bursts that are drawn, where they stand in the mode of a stretch.
fn bursts_here(scenario: &Scenario, side: Option<&Sibling<'_>>) -> Option<Draw> {
    let drawn = Draw::of_scenario(scenario)?;
    side.map_or(Some(drawn), |s| Draw::of(s.network, scenario.seed))
}

/// Changes that fall into a stretch; those at its end belong to the next, but for the last.
fn task_changes<'a>(
    task: &'a Task<'_>,
    stretch: Stretch,
    end: f64,
) -> impl Iterator<Item = &'a Change> {
    let last = stretch.end >= end;
    (task.schedule.changes().iter()).filter(move |c| {
        c.time >= stretch.start && (c.time < stretch.end || (last && c.time <= end))
    })
}

fn spec(
    scenario: &Scenario,
    side: Option<&Sibling<'_>>,
    (task, person): (&Task<'_>, &Ongoing),
    (stretch, recording): (Stretch, &Recording<'_>),
) -> Result<PatientSpec, ScheduleError> {
    let end = recording.end;
    let last = stretch.end >= end;
    let outputs = (recording.outputs.iter().copied())
        .filter(|t| *t >= stretch.start && (*t < stretch.end || last))
        .collect();
    let mut changes: Vec<_> = task_changes(task, stretch, end).copied().collect();
    let own = task.person.parameters.clone();
    let network = side.map_or(&scenario.network, |side| side.network);
    let (parameters, switches, states, inputs) = match side {
        None => (
            own,
            scenario.switches.clone(),
            person.states.clone(),
            person.inputs.clone(),
        ),
        Some(side) => {
            changes.retain_mut(|change| {
                let target = side.target(change.target);
                change.target = target.unwrap_or(change.target);
                target.is_some()
            });
            let parameters = side.parameters(&own);
            let states = side.states(&person.states, &parameters);
            let usual = side.network.input_values();
            let inputs = carried(&side.into.inputs, &person.inputs, usual);
            (parameters, side.switches.clone(), states, inputs)
        }
    };
    Ok(PatientSpec {
        parameters,
        switches,
        run: Run {
            inputs,
            outputs,
            schedule: Schedule::new(changes)?,
            decisions: bursts_here(scenario, side).map_or_else(Vec::new, |b| {
                let span = (stretch.start.max(0.0), stretch.end);
                b.times(task.person.draw, span)
            }),
            record_states: true,
            ..Run::new(stretch.start, stretch.end, lifted(states, network))
        },
    })
}

impl Ongoing {
    /// A change that was made, where it is one of inputs.
    fn heed(&mut self, change: &Change) {
        if let Target::Input(input) = change.target
            && let Some(value) = self.inputs.get_mut(input as usize)
        {
            *value = change.action.apply(*value);
        }
    }

    /// Takes over what a stretch gave.
    fn advance(&mut self, solution: Solution, side: Option<&Sibling<'_>>, recorded: &[Recorded]) {
        if let Status::Failed { .. } = solution.status {
            self.values = Err(solution.status.to_string());
        }
        let Ok(values) = &mut self.values else {
            return;
        };
        for (series, &what) in values.iter_mut().zip(recorded) {
            let place = side.map_or(Some(what), |side| side.recorded(what));
            for row in 0..solution.trajectory.len() {
                let value = match place {
                    Some(Recorded::Observable(i) | Recorded::Reading(i)) => {
                        solution.trajectory.observables(row).get(i as usize)
                    }
                    Some(Recorded::State(i)) => solution.trajectory.states(row).get(i as usize),
                    None => None,
                };
                let Some(value) = value else {
                    let reason = "what is recorded is not in the model by the clock";
                    self.values = Err(reason.to_owned());
                    return;
                };
                series.push(*value);
            }
        }
        let own = std::mem::take(&mut self.states);
        self.states = match side {
            None => solution.state,
            Some(side) => carried(&side.back.states, &solution.state, own),
        };
    }
}

/// A cohort that is written out.
struct Ready(Vec<PatientSpec>);

impl Cohort for Ready {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        self.0[index].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_cover_a_course_once() {
        let s = |start, end, clock| Stretch { start, end, clock };
        let found = stretches(&[[28.3, 29.0], [30.0, 31.5]], 7.0, 50.0);
        assert_eq!(
            found,
            [
                s(0.0, 32.0, false),
                s(32.0, 39.0, true),
                s(39.0, 50.0, false)
            ]
        );
        let first = stretches(&[[0.0, 2.0]], 0.0, 10.0);
        assert_eq!(first, [s(-3.0, 2.0, true), s(2.0, 10.0, false)]);
        let whole = stretches(&[[0.0, 10.0]], 0.0, 10.0);
        assert_eq!(whole, [s(-3.0, 10.0, true)]);
    }
}
