//! From texts to model units: every name looked up, every unit converted, every time put in order.

use super::exposure::Moves;
use super::file::{self, File, Header};
use super::observation::{CONDITIONS, observed};
use super::{Arm, Endpoint, Inclusion, Measure, Population, Scenario, ScenarioError};
use crate::{ChangeError, Ingredients, MODEL_NAMES};
use gutskin_biology::catalogue::SkinDrug;
use gutskin_network::overrides::{Override, OverrideError, read_sections};
use gutskin_network::{Action, Change, Network, ParameterTable, Schedule, Target, nearest};
use gutskin_people::sampler::{Correlation, Sampler};
use gutskin_units::{Quantity, Unit};
use std::ops::Range;
use toml::Spanned;

/// People an arm may hold: more is a typing error on any machine.
const LARGEST_ARM: usize = 10_000_000;

pub(super) struct Resolver<'a> {
    file: &'a str,
    text: &'a str,
    table: &'a ParameterTable,
}

type Result<T> = std::result::Result<T, ScenarioError>;

impl<'a> Resolver<'a> {
    pub fn new(file: &'a str, text: &'a str, table: &'a ParameterTable) -> Self {
        Self { file, text, table }
    }

    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>) -> ScenarioError {
        ScenarioError::new(self.file, self.text, Some(span), message.into())
    }

    pub(super) fn unknown<'k>(
        &self,
        what: &str,
        name: &Spanned<String>,
        known: impl Iterator<Item = &'k str>,
    ) -> ScenarioError {
        let wrong = name.as_ref();
        let known: Vec<&str> = known.collect();
        let help = match nearest(wrong, known.iter().copied()) {
            Some(n) => format!("did you mean \"{n}\"?"),
            None => format!("known: {}", known.join(", ")),
        };
        self.error(name.span(), format!("no {what} is named \"{wrong}\""))
            .with_help(help)
    }

    pub fn resolve(&self, raw: File, changes: &[Override]) -> Result<Scenario> {
        let header = raw.scenario.into_inner();
        self.one_of("model", &header.model, MODEL_NAMES)?;
        self.one_of("condition", &header.condition, CONDITIONS)?;
        let own = read_sections(self.file, self.text).map_err(|e| self.placed(e))?;
        let list: Vec<Override> = own.iter().chain(changes).cloned().collect();
        let drugs = self.drugs(&raw.arms, header.condition.as_ref())?;
        let (network, table) = self.network(&header, (&own, &list), &drugs)?;
        let duration = self.days(&header.duration)?;
        if duration <= 0.0 {
            return Err(self.error(
                header.duration.span(),
                "the duration must be longer than nothing",
            ));
        }
        let visits = self.visits(&header.visits, duration)?;
        Ok(Scenario {
            observation: self.observation(
                &table,
                &header,
                raw.endpoint.as_ref().observable.as_ref(),
            )?,
            care: self.care(&table, &header, &network)?,
            population: self.population(&raw.population, &network)?,
            arms: self.arms(&raw.arms, (&network, &drugs), duration)?,
            endpoint: self.endpoint(raw.endpoint.as_ref(), &network, &visits)?,
            switches: network.switch_values(),
            changes: list,
            name: header.name,
            question: header.question,
            model: header.model.into_inner(),
            condition: header.condition.into_inner(),
            seed: header.seed,
            network,
            duration,
            visits,
        })
    }

    pub(super) fn one_of(&self, what: &str, value: &Spanned<String>, known: &[&str]) -> Result<()> {
        if known.contains(&value.as_ref().as_str()) {
            Ok(())
        } else {
            Err(self.unknown(what, value, known.iter().copied()))
        }
    }

    /// The model with all changes: its `own`, and those from outside, which win.
    fn network(
        &self,
        header: &Header,
        (own, all): (&[Override], &[Override]),
        drugs: &[SkinDrug],
    ) -> Result<(Network, ParameterTable)> {
        let observed = |name: &str| observed(header.condition.as_ref(), name);
        let mut ingredients = Ingredients::of(self.table);
        ingredients.drugs = drugs.to_vec();
        let network = ingredients
            .changed_model(header.model.as_ref(), all, &observed)
            .map_err(|e| match e {
                ChangeError::Override(e) if own.iter().any(|o| o.origin == e.origin) => {
                    self.placed(e)
                }
                ChangeError::Override(e) => e.into(),
                ChangeError::Model(e) => self.error(header.model.span(), e.to_string()),
            })?;
        Ok((network, ingredients.parameters))
    }

    /// A fault of a change that this file asks for.
    fn placed(&self, error: OverrideError) -> ScenarioError {
        match error.span {
            Some(span) => self.error(span, error.message),
            None => error.into(),
        }
    }

    pub(super) fn quantity(&self, text: &str, span: &Range<usize>, unit: &Unit) -> Result<f64> {
        let converted = Quantity::parse(text).and_then(|q| q.unit.convert(q.value, unit));
        let value = converted.map_err(|e| {
            self.error(span.clone(), e.to_string()).with_help(format!(
                "write a number and a unit, for example \"10 {unit}\""
            ))
        })?;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(self.error(span.clone(), format!("\"{text}\" is not a finite number")))
        }
    }

    pub(super) fn days(&self, text: &Spanned<String>) -> Result<f64> {
        let day = Unit::parse("d").map_err(|e| self.error(text.span(), e.to_string()))?;
        self.quantity(text.as_ref(), &text.span(), &day)
            .map_err(|e| e.with_help("write a time, for example \"12 wk\" or \"84 d\""))
    }

    /// Visits every so many days, with entry and end.
    fn visits(&self, every: &Spanned<String>, duration: f64) -> Result<Vec<f64>> {
        let step = self.days(every)?;
        let count = duration / step;
        if !(step > 0.0 && count <= 10_000.0) {
            return Err(self
                .error(
                    every.span(),
                    format!("visits every {step} d over {duration} d is not possible"),
                )
                .with_help("give the time between visits, for example \"1 wk\""));
        }
        let mut visits: Vec<f64> = (0..=count.floor() as usize)
            .map(|i| i as f64 * step)
            .collect();
        if visits.last().is_some_and(|&last| last < duration) {
            visits.push(duration);
        }
        Ok(visits)
    }

    fn population(&self, raw: &file::Population, network: &Network) -> Result<Population> {
        let size = *raw.size.as_ref();
        if !(2..=LARGEST_ARM).contains(&size) {
            return Err(self.error(
                raw.size.span(),
                format!("an arm of {size} people is not possible; 2 to {LARGEST_ARM}"),
            ));
        }
        let include = raw
            .include
            .iter()
            .map(|rule| {
                let (low, high) = (
                    rule.as_ref().low.unwrap_or(f64::NEG_INFINITY),
                    rule.as_ref().high.unwrap_or(f64::INFINITY),
                );
                if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) {
                    return Err(self.error(
                        rule.span(),
                        format!("nobody has a value between {low} and {high}"),
                    ));
                }
                Ok(Inclusion {
                    observable: self.observable(&rule.as_ref().observable, network)?,
                    low,
                    high,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Population {
            size,
            include,
            correlations: self.correlations(&raw.correlations, network)?,
        })
    }

    fn correlations(
        &self,
        raw: &[Spanned<file::Correlation>],
        network: &Network,
    ) -> Result<Vec<Correlation>> {
        let known = || network.parameters.iter().map(|p| p.name.as_str());
        let mut out = Vec::with_capacity(raw.len());
        for row in raw {
            let pair = row.as_ref();
            for name in [&pair.first, &pair.second] {
                if network.parameter(name.as_ref()).is_none() {
                    return Err(self.unknown("parameter of this model", name, known()));
                }
            }
            out.push(Correlation {
                first: pair.first.as_ref().clone(),
                second: pair.second.as_ref().clone(),
                rho: pair.rho,
            });
            // All so far, so that the message points at the first row that contradicts the others.
            let parameters = network.parameters.iter().map(Into::into).collect();
            Sampler::new(parameters, &out).map_err(|e| self.error(row.span(), e.to_string()))?;
        }
        Ok(out)
    }

    fn observable(&self, name: &Spanned<String>, network: &Network) -> Result<u32> {
        network.observable(name.as_ref()).ok_or_else(|| {
            self.unknown(
                "observable",
                name,
                network.observables.iter().map(|o| o.name.as_str()),
            )
        })
    }

    fn arms(
        &self,
        raw: &[Spanned<file::Arm>],
        (network, drugs): (&Network, &[SkinDrug]),
        duration: f64,
    ) -> Result<Vec<Arm>> {
        if raw.len() < 2 {
            let span = raw.first().map_or(0..0, Spanned::span);
            return Err(self
                .error(
                    span,
                    format!("a trial compares at least two arms; found {}", raw.len()),
                )
                .with_help("add another [[arm]]; the first one is the comparator"));
        }
        let mut arms: Vec<Arm> = Vec::new();
        for arm in raw {
            let name = &arm.as_ref().name;
            if arms.iter().any(|a| &a.name == name) {
                return Err(self.error(arm.span(), format!("two arms are named \"{name}\"")));
            }
            let mut changes = Vec::new();
            for change in &arm.as_ref().changes {
                changes.extend(self.change(change, (network, drugs), duration)?);
            }
            self.no_overlap(arm, network, duration)?;
            let schedule =
                Schedule::sorted(changes).map_err(|e| self.error(arm.span(), e.to_string()))?;
            arms.push(Arm {
                name: name.clone(),
                schedule,
            });
        }
        Ok(arms)
    }

    /// What a change moves, from when to when.
    fn span_of_change(
        &self,
        raw: &Spanned<file::Change>,
        network: &Network,
        duration: f64,
    ) -> Result<(Moves, f64, f64)> {
        let change = raw.as_ref();
        let moves = self.moves(raw, network)?;
        let start = change.start.as_ref().map_or(Ok(0.0), |t| self.days(t))?;
        let stop = match (&change.stop, moves.usual_length) {
            (Some(text), _) => self.days(text)?,
            (None, Some(length)) => duration.min(start + length),
            (None, None) => duration,
        };
        if !(0.0 <= start && start < stop && stop <= duration) {
            return Err(self
                .error(
                    raw.span(),
                    format!("the change runs from day {start} to day {stop}, but the scenario from day 0 to day {duration}"),
                )
                .with_help("start before stop, both within the scenario's duration"));
        }
        Ok((moves, start, stop))
    }

    fn change(
        &self,
        raw: &Spanned<file::Change>,
        (network, drugs): (&Network, &[SkinDrug]),
        duration: f64,
    ) -> Result<Vec<Change>> {
        let (moves, start, stop) = self.span_of_change(raw, network, duration)?;
        let mut out = Vec::new();
        let named = raw.as_ref().drug.as_ref();
        if let Some(drug) = named.and_then(|n| drugs.iter().find(|d| d.id == *n.as_ref())) {
            let interval = self.interval(raw.as_ref(), drug)?;
            out.extend(drug.taken(network, start, stop, interval));
            // A model without this skin has no place for the drug.
            if out.is_empty() {
                return Err(self.error(
                    raw.span(),
                    format!("model \"{}\" does not hold \"{}\"", network.name, drug.id),
                ));
            }
        }
        for (index, value) in moves.inputs {
            let at = |time, value| Change {
                time,
                target: Target::Input(index),
                action: Action::Set(value),
            };
            out.push(at(start, value));
            if stop < duration {
                out.push(at(stop, network.inputs[index as usize].default));
            }
        }
        Ok(out)
    }

    /// Two changes of one input at one time would leave open which one holds.
    fn no_overlap(&self, arm: &Spanned<file::Arm>, network: &Network, duration: f64) -> Result<()> {
        let mut spans: Vec<(u32, f64, f64)> = Vec::new();
        let mut drugs: Vec<(&str, f64, f64)> = Vec::new();
        for change in &arm.as_ref().changes {
            let (moves, start, stop) = self.span_of_change(change, network, duration)?;
            if let Some(drug) = &change.as_ref().drug {
                let twice =
                    |d: &&(&str, f64, f64)| d.0 == *drug.as_ref() && start < d.2 && stop > d.1;
                if let Some((name, from, to)) = drugs.iter().find(twice) {
                    return Err(self.error(
                        change.span(),
                        format!(
                            "\"{name}\" is already given from day {from} to day {to} in this arm"
                        ),
                    ));
                }
                drugs.push((drug.as_ref(), start, stop));
            }
            for (input, _) in moves.inputs {
                let clash = spans
                    .iter()
                    .find(|s| s.0 == input && start < s.2 && s.1 < stop);
                if let Some(other) = clash {
                    return Err(self
                        .error(
                            change.span(),
                            format!(
                                "\"{}\" is already set from day {} to day {} in this arm",
                                network.inputs[input as usize].name, other.1, other.2
                            ),
                        )
                        .with_help("let one change stop before the next one starts"));
                }
                spans.push((input, start, stop));
            }
        }
        Ok(())
    }

    fn endpoint(
        &self,
        raw: &file::Endpoint,
        network: &Network,
        visits: &[f64],
    ) -> Result<Endpoint> {
        let measure = match raw.measure.as_ref().as_str() {
            "change" => Measure::Change,
            "percent_change" => Measure::PercentChange,
            _ => {
                return Err(self.unknown(
                    "measure",
                    &raw.measure,
                    ["change", "percent_change"].into_iter(),
                ));
            }
        };
        let last = visits.len().saturating_sub(1);
        let visit = match &raw.at {
            None => last,
            Some(at) => {
                let day = self.days(at)?;
                visits
                    .iter()
                    .position(|v| (v - day).abs() < 1e-9)
                    .filter(|&i| i > 0)
                    .ok_or_else(|| {
                        self.error(
                            at.span(),
                            format!("there is no visit after entry on day {day}"),
                        )
                        .with_help("an endpoint is read at a visit; change `at` or `visits`")
                    })?
            }
        };
        Ok(Endpoint {
            observable: self.observable(&raw.observable, network)?,
            measure,
            visit,
        })
    }
}
