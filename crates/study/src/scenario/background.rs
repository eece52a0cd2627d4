//! What everybody is on before the study, whatever arm they come into: habits and drugs that go on, and courses that are over.

use super::ScenarioError;
use super::exposure::Moves;
use super::file;
use super::resolve::Resolver;
use super::timeline::{self, Effect, Lasting, Span};
use gutskin_biology::catalogue::{SkinDrug, SkinKinetics};
use gutskin_network::{Action, Change, Network, Schedule, Target};
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// Doses that go on began so long before the study, d: six half-lives of the antibody that stays longest.
const LEAD: f64 = 168.0;
/// Courses are followed back so far, d: strains that a course of antibiotics has cost come back within years.
const FARTHEST: f64 = 1_095.0;
const HELP: &str =
    "write start and stop, days before the study: start = \"-60 d\" and stop = \"-50 d\"";

/// What everybody is on, in every arm. What goes on throughout and is no dose is in the usual inputs of the network instead.
#[derive(Clone, Debug, Default)]
pub struct Background {
    /// Each in words.
    pub told: Vec<String>,
    /// Courses before the study and doses that go on, d from screening.
    pub schedule: Schedule,
    /// Day from screening on which they begin, 0 where there are none: from there people are followed to the study.
    pub begin: f64,
}

impl Background {
    /// What happens before the study.
    #[must_use]
    pub fn before(&self) -> Vec<Change> {
        let all = self.schedule.changes().iter().copied();
        all.filter(|c| c.time < 0.0).collect()
    }

    /// What goes on in it, days from screening.
    #[must_use]
    pub fn within(&self) -> Vec<Change> {
        let all = self.schedule.changes().iter().copied();
        all.filter(|c| c.time >= 0.0).collect()
    }
}

impl Resolver<'_> {
    /// What everybody is on over a study of `length` days from screening. Lays what goes on throughout into the usual inputs
    /// of the network.
    pub(super) fn background(
        &self,
        raw: &[Spanned<file::Change>],
        (network, drugs): (&mut Network, &[SkinDrug]),
        (arms, rescue): (&[Spanned<file::Arm>], Option<&Spanned<String>>),
        length: f64,
    ) -> Result<Background> {
        let mut changes = Vec::new();
        let mut lasting: Vec<Lasting> = Vec::new();
        let mut told = Vec::new();
        let mut held: Vec<u32> = Vec::new();
        for one in raw {
            self.begun_once(one, raw, (arms, rescue))?;
            let over = self.course(one)?;
            told.push(self.in_words(one, over)?);
            let (moves, drug) = (self.moves(one, network)?, self.of_skin(one, drugs));
            if let Some(span) = over {
                lasting.extend(moves.inputs.iter().map(|&(input, effect)| Lasting {
                    input,
                    effect,
                    span,
                }));
                changes.extend(self.doses(one, drug, (network, span))?);
                continue;
            }
            self.goes_on(one, moves.usual_length)?;
            self.lay_usual(one, &moves, (&mut *network, &mut held))?;
            let whole = Span {
                start: -LEAD,
                stop: length,
                taper: 0.0,
            };
            let doses = self.doses(one, drug, (network, whole))?;
            match drug.map(|d| &d.kinetics) {
                // An exposure that lasts: people are at rest in it.
                Some(SkinKinetics::Exposure { .. }) => rest_in(&doses, network),
                _ => changes.extend(doses),
            }
        }
        changes.extend(timeline::changes(&lasting, network));
        let begin = changes.iter().map(|c| c.time).fold(0.0, f64::min);
        let at = raw.first().map_or(0..0, Spanned::span);
        Ok(Background {
            told,
            begin: begin.floor(),
            schedule: Schedule::sorted(changes).map_err(|e| self.error(at, e.to_string()))?,
        })
    }

    /// What people come to rest in; `held` are the inputs that are set already.
    fn lay_usual(
        &self,
        raw: &Spanned<file::Change>,
        moves: &Moves,
        (network, held): (&mut Network, &mut Vec<u32>),
    ) -> Result<()> {
        for &(input, effect) in &moves.inputs {
            let sets = !matches!(effect, Effect::Add(_));
            let usual = timeline::usual(network, input);
            let Some(spec) = network.inputs.get_mut(input as usize) else {
                continue;
            };
            if sets && held.contains(&input) {
                let message = format!("\"{}\" is already set by another background", spec.name);
                return Err(self
                    .error(raw.span(), message)
                    .with_help("keep one of them"));
            }
            held.extend(sets.then_some(input));
            spec.default = effect.on(usual);
        }
        Ok(())
    }

    fn of_skin<'d>(
        &self,
        raw: &Spanned<file::Change>,
        drugs: &'d [SkinDrug],
    ) -> Option<&'d SkinDrug> {
        let name = raw.as_ref().drug.as_ref()?;
        drugs.iter().find(|d| d.id == *name.as_ref())
    }

    fn doses(
        &self,
        raw: &Spanned<file::Change>,
        drug: Option<&SkinDrug>,
        (network, span): (&Network, Span),
    ) -> Result<Vec<Change>> {
        let Some(drug) = drug else {
            return Ok(Vec::new());
        };
        let interval = self.interval(raw.as_ref(), drug)?;
        let dose = self.skin_dose(raw, drug)?;
        let taken = drug.taken(network, span.start, span.stop, interval);
        Ok(taken
            .into_iter()
            .map(|c| super::drug::times(c, dose))
            .collect())
    }

    /// A course that is over before the study; nothing where it goes on.
    fn course(&self, raw: &Spanned<file::Change>) -> Result<Option<Span>> {
        let change = raw.as_ref();
        if let Some(taper) = &change.taper {
            return Err(self
                .error(
                    taper.span(),
                    "a taper belongs to an arm, not to a background",
                )
                .with_help("leave it out"));
        }
        let (start, stop) = match (&change.start, &change.stop) {
            (None, None) => return Ok(None),
            (Some(start), Some(stop)) => (start, stop),
            (Some(one), None) | (None, Some(one)) => {
                return Err(self
                    .error(
                        one.span(),
                        "a background that is over has a start and a stop, one that goes on has neither",
                    )
                    .with_help(HELP));
            }
        };
        let (from, to) = (self.days(start)?, self.days(stop)?);
        if !(-FARTHEST..0.0).contains(&from) || to > 0.0 || to <= from {
            return Err(self
                .error(
                    start.span(),
                    format!("a background from day {from} to day {to} is no course before the study, which begins on day 0; courses of up to {FARTHEST} d before are followed"),
                )
                .with_help(HELP));
        }
        Ok(Some(Span {
            start: from,
            stop: to,
            taper: 0.0,
        }))
    }

    /// A speech or a meal cannot go on.
    fn goes_on(&self, raw: &Spanned<file::Change>, usual_length: Option<f64>) -> Result<()> {
        match usual_length {
            Some(length) if length < 1.0 => Err(self
                .error(
                    raw.span(),
                    format!(
                        "it is over after {:.1} h, so that nobody is on it",
                        24.0 * length
                    ),
                )
                .with_help(HELP)),
            _ => Ok(()),
        }
    }

    /// A drug of the background is named once there, and by no arm.
    fn begun_once(
        &self,
        raw: &Spanned<file::Change>,
        all: &[Spanned<file::Change>],
        (arms, rescue): (&[Spanned<file::Arm>], Option<&Spanned<String>>),
    ) -> Result<()> {
        let change = raw.as_ref();
        let (Some(name), None) = (&change.drug, &change.stop) else {
            return Ok(());
        };
        if let Some(other) = rescue.filter(|r| r.as_ref() == name.as_ref()) {
            return Err(self
                .error(
                    other.span(),
                    format!(
                        "\"{}\" is what everybody is on already, so that it rescues nobody",
                        name.as_ref()
                    ),
                )
                .with_help("name another drug for rescue"));
        }
        let same = |other: &&Spanned<file::Change>| {
            let drug = other.as_ref().drug.as_ref();
            other.span() != raw.span() && drug.is_some_and(|d| d.as_ref() == name.as_ref())
        };
        let in_arms = arms.iter().flat_map(|a| &a.as_ref().changes);
        match all.iter().chain(in_arms).find(same) {
            Some(other) => Err(self
                .error(
                    other.span(),
                    format!(
                        "\"{}\" is a background that goes on, and is given once more",
                        name.as_ref()
                    ),
                )
                .with_help("name it once")),
            None => Ok(()),
        }
    }

    fn in_words(&self, raw: &Spanned<file::Change>, over: Option<Span>) -> Result<String> {
        let (kind, name) = self.named(raw)?;
        let change = raw.as_ref();
        let text = |t: &Option<Spanned<String>>| t.as_ref().map(|t| t.as_ref().clone());
        let much = match (text(&change.value), text(&change.amount), &change.dose) {
            (Some(value), ..) => format!(" at {value}"),
            (_, Some(amount), _) => format!(", {amount}"),
            (.., Some(dose)) => format!(", {} times the usual dose", dose.as_ref()),
            _ => String::new(),
        };
        let when = over.map_or("throughout".to_owned(), |span| {
            format!(
                "from day {} to day {}, before the study",
                span.start, span.stop
            )
        });
        Ok(format!("{kind} {}{much}, {when}", name.as_ref()))
    }
}

/// Makes usual what an exposure sets before the study.
fn rest_in(doses: &[Change], network: &mut Network) {
    for change in doses.iter().filter(|c| c.time < 0.0) {
        if let (Target::Input(input), Action::Set(value)) = (change.target, change.action)
            && let Some(spec) = network.inputs.get_mut(input as usize)
        {
            spec.default = value;
        }
    }
}
