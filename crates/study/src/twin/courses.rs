//! Those who fit, followed through every option with the same random numbers.

use super::TwinError;
use super::posterior::Making;
use super::ward::{Resting, Task, Ward};
use crate::bursts::Draw;
use crate::scenario::Arm;
use gutskin_network::{Action, Change, Schedule, Target};
use gutskin_people::weights::Weights;

/// What was read in one course, or why there is none.
type Followed = Result<Vec<Vec<f64>>, String>;

/// Courses of one person: the score at the visits, option by option.
#[derive(Clone, Debug)]
pub(crate) struct Courses {
    /// Place in the list of people that was asked for.
    pub place: usize,
    pub arms: Vec<Vec<f64>>,
}

/// Follows people; who fails in one option is left out of all, and counted.
pub(crate) fn follow(
    making: &Making<'_>,
    ward: &mut Ward<'_>,
    people: &[&Resting],
) -> Result<(Vec<Courses>, usize, Option<String>), TwinError> {
    let scenario = &making.forecast.scenario;
    let mut tasks = Vec::new();
    for person in people {
        for arm in &scenario.arms {
            let mut inputs = person.individual.inputs.clone();
            if let (Some(care), true) = (scenario.care, making.forecast.begin >= 0.0) {
                inputs[care.input as usize] = care.scale;
            }
            tasks.push(Task {
                schedule: schedule(making, person, arm)?,
                person,
                inputs,
            });
        }
    }
    let span = (making.forecast.begin, scenario.duration);
    let read = (
        &[scenario.endpoint.observable][..],
        scenario.visits.as_slice(),
    );
    let followed = ward.follow(&tasks, span, read)?;
    let (mut all, mut failed, mut first) = (Vec::new(), 0, None);
    for (place, arms) in by_person(followed, scenario.arms.len()).enumerate() {
        match arms {
            Ok(arms) => all.push(Courses { place, arms }),
            Err(reason) => {
                failed += 1;
                first.get_or_insert(reason);
            }
        }
    }
    Ok((all, failed, first))
}

/// Scores of each person, arm by arm, or why one of the arms has none. All arms of a person are taken before it is seen whether
/// one failed, so that those of the next stay theirs.
fn by_person(
    followed: Vec<Followed>,
    arms: usize,
) -> impl Iterator<Item = Result<Vec<Vec<f64>>, String>> {
    let mut followed = followed.into_iter();
    std::iter::from_fn(move || {
        let own: Vec<Followed> = followed.by_ref().take(arms).collect();
        let score = |course: Followed| Ok(course?.into_iter().next().unwrap_or_default());
        (!own.is_empty()).then(|| own.into_iter().map(score).collect())
    })
}

/// Some who stand for all: places in the list of courses, and how often each counts. Ordered by the score as now, so that few
/// of them have its spread.
pub(crate) fn representatives(
    courses: &[Courses],
    weights: &Weights,
    count: usize,
) -> Vec<(usize, usize)> {
    let score = |at: &usize| courses[*at].arms[0].last().copied().unwrap_or(f64::NAN);
    let mut order: Vec<usize> = (0..courses.len()).collect();
    order.sort_by(|a, b| score(a).total_cmp(&score(b)));
    let logarithms: Vec<f64> = order.iter().map(|&at| weights.shares()[at].ln()).collect();
    let times = Weights::from_logarithms(&logarithms).map(|w| w.resample(count, 0.5));
    let counted = order.into_iter().zip(times.unwrap_or_default());
    counted.filter(|&(_, times)| times > 0).collect()
}

/// What an option gives to this person, past drugs and care in it. Where a change starts from what is usual, that is the person's
/// own habit, not that of the reference person.
fn schedule(making: &Making<'_>, person: &Resting, option: &Arm) -> Result<Schedule, TwinError> {
    let scenario = &making.forecast.scenario;
    let usual = &scenario.network.inputs;
    let mut changes: Vec<Change> = making.forecast.history.changes().to_vec();
    if let (Some(care), true) = (scenario.care, making.forecast.begin < 0.0) {
        changes.push(Change {
            time: 0.0,
            target: Target::Input(care.input),
            action: Action::Set(care.scale),
        });
    }
    let begin = making.forecast.begin;
    changes.extend(Draw::of_scenario(scenario).map(|bursts| bursts.begin(begin)));
    for change in option.schedule.changes() {
        let mut change = *change;
        if let (Target::Input(input), Action::Set(value)) = (change.target, change.action) {
            let at = input as usize;
            let own = person.individual.inputs[at];
            let moved = option.usual_share(input, change.time) * (own - usual[at].default);
            // A dose beyond the whole way ends at nothing.
            let least = if own >= 0.0 && value >= 0.0 {
                0.0
            } else {
                f64::NEG_INFINITY
            };
            change.action = Action::Set((value + moved).max(least));
        }
        changes.push(change);
    }
    Ok(Schedule::sorted(changes)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_course_that_fails_leaves_those_of_others_where_they_are() {
        let course = |number: f64| Ok(vec![vec![number]]);
        let followed = vec![
            course(1.0),
            course(2.0),
            course(3.0),
            course(4.0),
            Err("no step".to_owned()),
            course(6.0),
            course(7.0),
            course(8.0),
            course(9.0),
        ];
        let found: Vec<_> = by_person(followed, 3).collect();
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].as_ref().unwrap(), &[[1.0], [2.0], [3.0]]);
        assert_eq!(found[1].as_ref().unwrap_err(), "no step");
        assert_eq!(found[2].as_ref().unwrap(), &[[7.0], [8.0], [9.0]]);
    }
}
