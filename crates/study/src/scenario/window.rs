//! Days that are lived by the clock, and the model in its other mode.

use super::file;
use super::resolve::Resolver;
use super::{Scenario, ScenarioError};
use crate::Ingredients;
use crate::models::{has_clock, other_mode};
use gutskin_network::overrides::Override;
use gutskin_network::{Network, Target};
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

impl Resolver<'_> {
    /// Windows in order, d from randomisation.
    pub(super) fn windows(
        &self,
        raw: &[Spanned<file::Window>],
        model: &Spanned<String>,
        end: f64,
    ) -> Result<Vec<[f64; 2]>> {
        let Some(first) = raw.first() else {
            return Ok(Vec::new());
        };
        let name = model.as_ref();
        if has_clock(name) {
            let message = format!("the model \"{name}\" has the clock all along");
            let help = "leave [[window]] out, or take the model without _within_day";
            return Err(self.error(first.span(), message).with_help(help));
        }
        if other_mode(name).is_none() {
            let message = format!("the model \"{name}\" has no clock within the day");
            let help = "windows are for body and for the models axis_…";
            return Err(self.error(first.span(), message).with_help(help));
        }
        let mut windows: Vec<[f64; 2]> = Vec::with_capacity(raw.len());
        for window in raw {
            let (start, stop) = (&window.as_ref().start, &window.as_ref().stop);
            let span = [self.length(start)?, self.length(stop)?];
            if !(span[0] < span[1] && span[1] <= end) {
                let message = format!("a window from {} to {} d is not possible", span[0], span[1]);
                let help = format!("it starts before it stops, from 0 to {end} d");
                return Err(self.error(window.span(), message).with_help(help));
            }
            if let Some(other) = windows.iter().find(|w| w[0] < span[1] && span[0] < w[1]) {
                let message = format!("it overlaps the window from {} to {} d", other[0], other[1]);
                let help = "write one window over both";
                return Err(self.error(window.span(), message).with_help(help));
            }
            windows.push(span);
        }
        windows.sort_by(|a, b| a[0].total_cmp(&b[0]));
        Ok(windows)
    }

    /// The model in its other mode, where a scenario needs both.
    pub(super) fn sibling(
        &self,
        model: &Spanned<String>,
        windows: bool,
        (mut ingredients, changes): (Ingredients, &[Override]),
    ) -> Result<Option<Network>> {
        let other = other_mode(model.as_ref()).filter(|_| windows || has_clock(model.as_ref()));
        let Some(name) = other else {
            return Ok(None);
        };
        let network = ingredients.sibling(&name, changes);
        network
            .map(Some)
            .map_err(|e| self.error(model.span(), e.to_string()))
    }
}

/// Events shorter than the day that a model of daily means takes as one.
pub(super) fn short_events(scenario: &Scenario, advice: &str) -> Vec<String> {
    const DAY: f64 = 1.0;
    let daily = other_mode(&scenario.model).is_some() && !has_clock(&scenario.model);
    let mut found = Vec::new();
    for arm in scenario.arms.iter().filter(|_| daily) {
        let changes = arm.schedule.changes();
        for (i, change) in changes.iter().enumerate() {
            let Target::Input(input) = change.target else {
                continue;
            };
            let next = changes[i + 1..].iter().find(|c| c.target == change.target);
            let lasts = next.map_or(DAY, |n| n.time - change.time);
            // An event goes back to what was before; the steps of a taper do not.
            let earlier = changes[..i]
                .iter()
                .rev()
                .find(|c| c.target == change.target);
            let usual = scenario
                .network
                .inputs
                .get(input as usize)
                .map(|i| i.default);
            let before = earlier.map_or(usual, |c| Some(c.action.apply(0.0)));
            if next.map(|n| n.action.apply(0.0)) != before {
                continue;
            }
            let seen = |w: &&[f64; 2]| w[0] <= change.time && change.time < w[1];
            if lasts <= 0.0 || lasts >= DAY || scenario.windows.iter().any(|w| seen(&w)) {
                continue;
            }
            let name = scenario.network.inputs.get(input as usize);
            let name = name.map_or("an input", |n| n.name.as_str());
            // The answer to endotoxin is so steep that it does not go by the mean.
            let counts = if name == "input.endotoxin" {
                "its effect is far off in means over days"
            } else {
                "means over days count it, hours do not show"
            };
            found.push(format!(
                "arm \"{}\": {name} changes for {:.3} d, around day {:.1}, but \"{}\" takes a day as one: {counts}; {advice}",
                arm.name,
                lasts,
                change.time,
                scenario.model,
            ));
        }
    }
    found.sort();
    found.dedup();
    found
}
