//! People whose stories are told one by one and solved together.
//!
//! Each person's experiment runs in a thread of its own, as if they were alone on the bench. Whoever comes to a solve waits until
//! all others have come to one too, or are done; then all that is asked is solved in lanes. What a person gets does not depend on
//! who the others are, for lanes give the same bytes in any company.

use super::{CheckError, Lab};
use crate::followed::{Listed, each};
use crate::kernels;
use gutskin_engine::lanes::{Ensemble, PatientSpec, Plan};
use gutskin_engine::{EngineError, Options, Solution, SteadyOptions, SteadyState};
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// People whose benches are held at once.
const BLOCK: usize = 64;

/// What a person waits for.
enum Asked {
    Course(Box<PatientSpec>),
    Rest(Box<PatientSpec>),
    /// Nothing more.
    Left,
}

enum Answer {
    Course(Result<Solution, EngineError>),
    Rest(Result<SteadyState, EngineError>),
}

/// Where a person asks for solves.
pub(super) struct Desk {
    place: usize,
    ask: Sender<(usize, Asked)>,
    answer: Receiver<Answer>,
}

impl Desk {
    /// A course of this person; nothing where nobody answers any more.
    pub fn course(&self, spec: PatientSpec) -> Option<Result<Solution, EngineError>> {
        match self.asked(Asked::Course(Box::new(spec)))? {
            Answer::Course(found) => Some(found),
            Answer::Rest(_) => None,
        }
    }

    /// The rest of this person; nothing where nobody answers any more.
    pub fn rest(&self, spec: PatientSpec) -> Option<Result<SteadyState, EngineError>> {
        match self.asked(Asked::Rest(Box::new(spec)))? {
            Answer::Rest(found) => Some(found),
            Answer::Course(_) => None,
        }
    }

    fn asked(&self, what: Asked) -> Option<Answer> {
        self.ask.send((self.place, what)).ok()?;
        self.answer.recv().ok()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // Nobody listens only where everything has ended.
        let _ = self.ask.send((self.place, Asked::Left));
    }
}

/// Tells the story of each of these people, on benches like this one.
///
/// # Errors
/// The network does not fit into lanes; the first error of a story.
pub(crate) fn together<T: Send>(
    lab: &Lab,
    people: Range<u32>,
    tell: &(impl Fn(&mut Lab, u32) -> Result<T, CheckError> + Sync),
) -> Result<Vec<T>, CheckError> {
    let all: Vec<u32> = people.collect();
    of_these(lab, &all, tell)
}

/// As [`together`], of people by number.
pub(crate) fn of_these<T: Send>(
    lab: &Lab,
    people: &[u32],
    tell: &(impl Fn(&mut Lab, u32) -> Result<T, CheckError> + Sync),
) -> Result<Vec<T>, CheckError> {
    let lanes = kernels::lanes(lab.program()).map_err(|e| CheckError::Failed {
        who: format!("everyone on {}", lab.network.name),
        why: e.to_string(),
    })?;
    let ensemble = Ensemble::new(lanes, Options::default())?;
    let mut told = Vec::with_capacity(people.len());
    for block in people.chunks(BLOCK) {
        told.extend(told_by(lab, &ensemble, block, tell)?);
    }
    Ok(told)
}

fn told_by<T: Send>(
    lab: &Lab,
    ensemble: &Ensemble,
    people: &[u32],
    tell: &(impl Fn(&mut Lab, u32) -> Result<T, CheckError> + Sync),
) -> Result<Vec<T>, CheckError> {
    let (ask, asked) = channel();
    let mut benches = Vec::with_capacity(people.len());
    let mut replies = Vec::with_capacity(people.len());
    for (place, person) in people.iter().enumerate() {
        let (reply, answer) = channel();
        let ask = ask.clone();
        let desk = Desk { place, ask, answer };
        benches.push((lab.beside(desk)?, *person));
        replies.push(reply);
    }
    drop(ask);
    thread::scope(|scope| {
        let tellers: Vec<_> = benches
            .into_iter()
            .map(|(mut bench, person)| scope.spawn(move || tell(&mut bench, person)))
            .collect();
        serve(ensemble, &asked, &replies);
        let told = tellers.into_iter().map(|teller| match teller.join() {
            Ok(told) => told,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        // All are joined before the first error is handed on.
        told.collect::<Vec<_>>().into_iter().collect()
    })
}

/// Answers until all have left.
fn serve(ensemble: &Ensemble, asked: &Receiver<(usize, Asked)>, replies: &[Sender<Answer>]) {
    let mut here = replies.len();
    while here > 0 {
        let (mut courses, mut rests) = (Vec::new(), Vec::new());
        while courses.len() + rests.len() < here {
            match asked.recv() {
                Ok((place, Asked::Course(spec))) => courses.push((place, *spec)),
                Ok((place, Asked::Rest(spec))) => rests.push((place, *spec)),
                Ok((_, Asked::Left)) => here -= 1,
                Err(_) => return,
            }
        }
        // In the order of people, so that lanes are filled alike in every run.
        courses.sort_by_key(|(place, _)| *place);
        rests.sort_by_key(|(place, _)| *place);
        follow(ensemble, &courses, replies);
        settle(ensemble, &rests, replies);
    }
}

fn follow(ensemble: &Ensemble, courses: &[(usize, PatientSpec)], replies: &[Sender<Answer>]) {
    if courses.is_empty() {
        return;
    }
    let cohort = Listed(courses.len(), |i: usize| courses[i].1.clone());
    let mut answered = vec![false; courses.len()];
    let outcome = each(ensemble, &cohort, &mut |i, solution| {
        answered[i] = true;
        let _ = replies[courses[i].0].send(Answer::Course(Ok(solution)));
    });
    if let Err(error) = outcome {
        for ((place, _), _) in courses.iter().zip(&answered).filter(|(_, done)| !**done) {
            let _ = replies[*place].send(Answer::Course(Err(error.clone())));
        }
    }
}

fn settle(ensemble: &Ensemble, rests: &[(usize, PatientSpec)], replies: &[Sender<Answer>]) {
    if rests.is_empty() {
        return;
    }
    let cohort = Listed(rests.len(), |i: usize| rests[i].1.clone());
    let threads = Plan::default().threads;
    let found = ensemble.steady_states(&cohort, &SteadyOptions::default(), threads);
    for ((place, _), steady) in rests.iter().zip(found) {
        let _ = replies[*place].send(Answer::Rest(steady));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::checks::gut::people::adult;
    use crate::checks::table;
    use gutskin_biology::catalogue::Catalogue;
    use gutskin_biology::colon::{ColonOptions, network};

    /// People live together as they live alone, also where some leave early.
    #[test]
    fn together_is_one_by_one() {
        const NAME: &str = "colon.scfa_total.dist";
        let catalogue = Catalogue::shipped().unwrap();
        let colon = network(table().unwrap(), &catalogue, &ColonOptions::default()).unwrap();
        let mut lab = Lab::new(colon).unwrap();
        let story = |lab: &mut Lab, person: u32| -> Result<Vec<f64>, CheckError> {
            if !adult(lab, 2, person)? || person == 1 {
                return Ok(Vec::new());
            }
            let rested = lab.read(NAME)?;
            lab.set_input("input.diet.starch", 40.0)?;
            lab.run(f64::from(person + 1), &[], Vec::new())?;
            Ok(vec![rested, lab.read(NAME)?])
        };
        let all = together(&lab, 0..5, &story).unwrap();
        assert!(all[1].is_empty());
        for (person, told) in (0..).zip(&all) {
            let alone = story(&mut lab, person).unwrap();
            assert_eq!(alone.len(), told.len());
            for (a, b) in alone.iter().zip(told) {
                assert!((a / b - 1.0).abs() < 1e-4, "{person}: {a} {b}");
            }
        }
    }

    #[test]
    fn an_error_of_one_ends_all_and_is_handed_on() {
        let catalogue = Catalogue::shipped().unwrap();
        let colon = network(table().unwrap(), &catalogue, &ColonOptions::default()).unwrap();
        let lab = Lab::new(colon).unwrap();
        let story = |lab: &mut Lab, person: u32| {
            if person == 2 {
                return lab.read("no.such");
            }
            lab.run(1.0, &[], Vec::new())?;
            lab.read("colon.scfa_total.dist")
        };
        let error = together(&lab, 0..4, &story).unwrap_err();
        assert!(error.to_string().contains("no.such"), "{error}");
    }
}
