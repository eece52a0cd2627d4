//! Parallel, crossover and factorial trials: what each needs, and what it does not go with.

use super::design::Kind;
use super::resolve::Resolver;
use super::{Arm, Endpoint, Measure, Scenario, ScenarioError, file};
use gutskin_network::{Change, Schedule};
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

impl Scenario {
    /// Day of the last visit.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.visits.last().copied().unwrap_or(self.duration)
    }

    /// First visit of the second period of a crossover trial.
    pub(crate) fn period(&self) -> Option<usize> {
        match self.design.kind {
            Kind::Crossover { visits, .. } => Some(visits),
            _ => None,
        }
    }
}

impl Resolver<'_> {
    pub(super) fn kind(&self, design: &file::Design, arms: &[Spanned<file::Arm>]) -> Result<Kind> {
        const KINDS: [&str; 3] = ["parallel", "crossover", "factorial"];
        let name = match &design.kind {
            None => "parallel",
            Some(kind) => {
                self.one_of("design", kind, &KINDS)?;
                kind.as_ref().as_str()
            }
        };
        if let Some(washout) = design.washout.as_ref().filter(|_| name != "crossover") {
            return Err(self
                .error(
                    washout.span(),
                    format!("a washout belongs to a crossover trial, but this one is {name}"),
                )
                .with_help("leave it out, or write kind = \"crossover\""));
        }
        let named = arms.iter().find(|a| !a.as_ref().factors.is_empty());
        if let Some(arm) = named.filter(|_| name != "factorial") {
            return Err(self
                .error(
                    arm.span(),
                    format!("factors belong to a factorial trial, but this one is {name}"),
                )
                .with_help("leave them out, or write kind = \"factorial\""));
        }
        match name {
            "crossover" => self.crossover(design, arms),
            "factorial" => self.factorial(arms),
            _ => Ok(Kind::Parallel),
        }
    }

    fn crossover(&self, design: &file::Design, arms: &[Spanned<file::Arm>]) -> Result<Kind> {
        let [first, second] = arms else {
            let span = arms.last().map_or(0..0, Spanned::span);
            return Err(self
                .error(
                    span,
                    format!("a crossover trial has two arms; found {}", arms.len()),
                )
                .with_help("keep the comparator and one other, or write kind = \"parallel\""));
        };
        if let Some(rescue) = &design.rescue {
            return Err(self
                .error(
                    rescue.span(),
                    "rescue in a crossover trial cannot be run: it would reach into the next period",
                )
                .with_help("leave it out, or use kind = \"parallel\""));
        }
        Ok(Kind::Crossover {
            washout: design
                .washout
                .as_ref()
                .map_or(Ok(0.0), |t| self.length(t))?,
            treatments: [first, second].map(|a| a.as_ref().name.clone()),
            visits: 0,
        })
    }

    /// Four arms, that are all mixtures of two factors.
    fn factorial(&self, arms: &[Spanned<file::Arm>]) -> Result<Kind> {
        let help = "four arms: factors = [] (or none), [\"a\"], [\"b\"] and [\"a\", \"b\"]";
        let fault = |span, message: String| Err(self.error(span, message).with_help(help));
        let mut names: Vec<&String> = Vec::new();
        for factor in arms.iter().flat_map(|a| &a.as_ref().factors) {
            if !names.contains(&factor) {
                names.push(factor);
            }
        }
        let last = arms.last().map_or(0..0, Spanned::span);
        let ([a, b], 4) = (names.as_slice(), arms.len()) else {
            return fault(
                last,
                format!(
                    "a factorial trial has four arms of two factors; found {} arms of {} factors",
                    arms.len(),
                    names.len()
                ),
            );
        };
        let mut seen: Vec<[bool; 2]> = Vec::new();
        for arm in arms {
            let has = [a, b].map(|f| arm.as_ref().factors.contains(f));
            if seen.contains(&has) {
                return fault(
                    arm.span(),
                    format!(
                        "\"{}\" has the same factors as an arm before it",
                        arm.as_ref().name
                    ),
                );
            }
            seen.push(has);
        }
        Ok(Kind::Factorial {
            factors: [(*a).clone(), (*b).clone()],
        })
    }

    /// Two arms as the two sequences of a crossover trial, and the visits of both periods.
    pub(super) fn sequences(
        &self,
        mut scenario: Scenario,
        measured: &[Spanned<String>],
    ) -> Result<Scenario> {
        let Kind::Crossover {
            washout, visits, ..
        } = &mut scenario.design.kind
        else {
            return Ok(scenario);
        };
        let endpoints = std::iter::once(&scenario.endpoint).chain(&scenario.secondary);
        let is_time =
            |e: &Endpoint| matches!(e.measure, Measure::TimeToResponse | Measure::TimeToRelapse);
        if let Some((_, written)) = endpoints.zip(measured).find(|(e, _)| is_time(e)) {
            return Err(self
                .error(
                    written.span(),
                    "times to an event in a crossover trial cannot be run: the second period does not begin anew",
                )
                .with_help("use measure = \"change\", \"percent_change\" or \"responder\""));
        }
        let endpoints = std::iter::once(&scenario.endpoint).chain(&scenario.secondary);
        let is_after = |e: &Endpoint| scenario.visits[e.visit] > scenario.duration;
        if let Some((_, written)) = endpoints.zip(measured).find(|(e, _)| is_after(e)) {
            return Err(self
                .error(
                    written.span(),
                    "an endpoint of a crossover trial is read within each period, not in follow-up",
                )
                .with_help("give at a visit up to the end of a period, or leave it out"));
        }
        let later = scenario.duration + *washout;
        // Follow-up comes once, after the second period.
        let (period, after): (Vec<f64>, Vec<f64>) =
            (scenario.visits.iter()).partition(|v| **v <= scenario.duration);
        *visits = period.len();
        let second = period.iter().chain(&after).map(|v| v + later);
        scenario.visits = period.iter().copied().chain(second).collect();
        let [a, b] = scenario.arms.as_slice() else {
            return Ok(scenario);
        };
        let sequence = |one: &Arm, other: &Arm| -> Result<Arm> {
            let shifted = other.schedule.changes().iter().map(|c| Change {
                time: c.time + later,
                ..*c
            });
            let changes = one
                .schedule
                .changes()
                .iter()
                .copied()
                .chain(shifted)
                .collect();
            let at = measured.first().map_or(0..0, Spanned::span);
            let schedule = Schedule::sorted(changes).map_err(|e| self.error(at, e.to_string()))?;
            Ok(Arm {
                name: format!("{}, then {}", one.name, other.name),
                schedule,
                usual_shares: Vec::new(),
                factors: Vec::new(),
            })
        };
        scenario.arms = vec![sequence(a, b)?, sequence(b, a)?];
        Ok(scenario)
    }
}
