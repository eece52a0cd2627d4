//! From texts to model units: every name looked up, every unit converted, every time put in order.

use super::drug::times;
use super::exposure::Moves;
use super::file::{self, File, Header};
use super::observation::{CONDITIONS, observed};
use super::timeline::{self, Effect, Lasting, Span};
use super::{Arm, Scenario, ScenarioError};
use crate::ingredients::far_above;
use crate::{ChangeError, Ingredients, MODEL_NAMES};
use gutskin_biology::catalogue::{SkinDrug, by_words};
use gutskin_biology::colon::{ColonOptions, Uptake};
use gutskin_biology::stages;
use gutskin_network::overrides::{Override, OverrideError, read_sections};
use gutskin_network::{
    Action, Change, Network, ParameterTable, Rule, Schedule, Severity, Target, nearest,
};
use gutskin_units::{Quantity, Unit};
use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use toml::Spanned;

/// People an arm or a pool may hold: more is a typing error on any machine.
pub(super) const LARGEST: usize = 10_000_000;
/// A longer study is a typing error, d.
const LONGEST: f64 = 36_525.0;

pub(super) struct Resolver<'a> {
    file: &'a str,
    text: &'a str,
    table: &'a ParameterTable,
    /// Parameters and tables with the scenario's changes.
    changed: OnceCell<Ingredients>,
    /// Inputs that the usual day of a person moves, which the model must hold.
    pub(super) usual: Vec<String>,
    /// Whether what is given is asked of one person, in whom what nobody can take is refused.
    pub(super) of_person: bool,
    /// What is doubtful but possible.
    warnings: RefCell<Vec<String>>,
}

type Result<T> = std::result::Result<T, ScenarioError>;

impl<'a> Resolver<'a> {
    pub fn new(file: &'a str, text: &'a str, table: &'a ParameterTable) -> Self {
        Self {
            file,
            text,
            table,
            changed: OnceCell::new(),
            usual: Vec::new(),
            of_person: false,
            warnings: RefCell::default(),
        }
    }

    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>) -> ScenarioError {
        ScenarioError::new(self.file, self.text, Some(span), message.into())
    }

    /// Parameters and tables with the scenario's changes, where these could be made.
    pub(super) fn ingredients(&self) -> Ingredients {
        let changed = self.changed.get().cloned();
        changed.unwrap_or_else(|| Ingredients::of(self.table))
    }

    /// Are all names of a file plain text?
    pub fn names(&self, raw: &File) -> Result<()> {
        let header = raw.scenario.as_ref();
        for text in [&header.name, &header.question] {
            self.printable(text, raw.scenario.span())?;
        }
        for arm in &raw.arms {
            if arm.as_ref().name.trim().is_empty() {
                return Err(self
                    .error(arm.span(), "an arm has an empty name")
                    .with_help("name it after what it gives, for example name = \"placebo\""));
            }
            self.printable(&arm.as_ref().name, arm.span())?;
        }
        Ok(())
    }

    /// Are the people of a life stage before adults'?
    pub(super) fn of_children(&self) -> bool {
        stages::is_child(self.table)
    }

    /// Names reach terminals and pages: they hold nothing that steers these.
    pub(super) fn printable(&self, text: &str, span: Range<usize>) -> Result<()> {
        if !text.chars().any(char::is_control) {
            return Ok(());
        }
        Err(self
            .error(span, format!("{text:?} holds control characters"))
            .with_help("write names and questions in plain text, on one line"))
    }

    /// `file:line:column` of a place.
    pub(super) fn place(&self, span: &Range<usize>) -> String {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{}:{line}:{column}", self.file)
    }

    /// Notes, once, what is doubtful at a place.
    pub(super) fn warn(&self, span: Range<usize>, message: &str) {
        let text = format!("{}: {message}", self.place(&span));
        let mut all = self.warnings.borrow_mut();
        if !all.contains(&text) {
            all.push(text);
        }
    }

    /// The same, but only at the first of all places.
    pub(super) fn warn_once(&self, span: Range<usize>, message: &str) {
        let told = self.warnings.borrow().iter().any(|w| w.ends_with(message));
        if !told {
            self.warn(span, message);
        }
    }

    pub(super) fn unknown<'k>(
        &self,
        what: &str,
        name: &Spanned<String>,
        known: impl Iterator<Item = &'k str>,
    ) -> ScenarioError {
        let wrong = name.as_ref();
        let mut known: Vec<&str> = known.collect();
        let mut seen = std::collections::HashSet::new();
        known.retain(|k| seen.insert(*k));
        /// More names than this are a list to look up, not to read in a message.
        const LISTED: usize = 30;
        let of_the_model = what.contains("parameter") || what.contains("observable");
        let lists = match of_the_model {
            true => "gutskin model parameters and gutskin model observables list",
            false => "gutskin catalogue lists",
        };
        let starts = |known: &&&str| wrong.len() > 2 && known.starts_with(wrong.as_str());
        let near = nearest(wrong, known.iter().copied());
        let named = by_words(wrong, &known);
        let help = match near.or_else(|| known.iter().find(starts).copied()) {
            _ if !named.is_empty() => format!("did you mean \"{}\"?", named.join("\" or \"")),
            Some(n) => format!("did you mean \"{n}\"?"),
            None if known.len() > LISTED => format!(
                "known: {} … and {} more; {lists} them",
                known[..LISTED].join(", "),
                known.len() - LISTED
            ),
            None => format!("known: {}", known.join(", ")),
        };
        self.error(name.span(), format!("no {what} is named \"{wrong}\""))
            .with_help(help)
    }

    pub fn resolve(&self, raw: File, changes: &[Override]) -> Result<Scenario> {
        let header = raw.scenario.into_inner();
        self.one_of("model", &header.model, MODEL_NAMES)?;
        self.one_of("condition", &header.condition, CONDITIONS)?;
        self.condition_fits(&header)?;
        self.stage_fits(&header)?;
        let own = read_sections(self.file, self.text).map_err(|e| self.placed(e))?;
        let list: Vec<Override> = own.iter().chain(changes).cloned().collect();
        let rescue = raw.design.as_ref().and_then(|d| d.as_ref().rescue.as_ref());
        let rescue = rescue.and_then(|r| r.as_ref().drug.as_ref());
        let mut changed = Ingredients::of(self.table);
        // What cannot be changed is told with its place when the model is built.
        if changed.change(&list).is_ok() {
            // Set once: a resolver reads one file.
            let _ = self.changed.set(changed);
        }
        let place = (header.condition.as_ref().as_str(), &header.model);
        let of_arms = raw.arms.iter().flat_map(|a| &a.as_ref().changes);
        let everything: Vec<&Spanned<file::Change>> =
            of_arms.chain(&raw.population.background).collect();
        let given = self.drugs(&everything, rescue, place)?;
        let mut colon = self.in_colon(&everything, &given)?;
        colon.uptake = self.uptake(&header)?;
        self.guilds(&header, &mut colon)?;
        let drugs = given.skin;
        let (mut network, table, ingredients) =
            self.network(&header, (&own, &list), (&drugs, colon))?;
        let bursts = raw.design.as_ref().and_then(|d| d.as_ref().bursts.as_ref());
        let bursts = self.bursts(bursts, &network, &list)?;
        bursts.lay_into(&mut network);
        let duration = self.length(&header.duration)?;
        if duration <= 0.0 {
            return Err(self
                .error(
                    header.duration.span(),
                    "the duration must be longer than nothing",
                )
                .with_help("write how long treatment lasts, for example \"12 wk\""));
        }
        let mut population = self.population(&raw.population, (&network, &table))?;
        let people = population.size.saturating_mul(raw.arms.len());
        let design = self.design(raw.design.as_ref(), (&network, &drugs), (people, &raw.arms))?;
        let background = self.background(
            &raw.population.background,
            (&mut network, &drugs),
            (&raw.arms, rescue),
            design.run_in + design.kind.length(duration) + design.follow_up,
        )?;
        let visits = self.visits(&header.visits, duration, design.follow_up)?;
        if let Some(raw) = raw.design.as_ref().filter(|_| design.run_in > 0.0) {
            self.warn_of_run_in(raw.span(), &header);
        }
        let endpoint =
            |e: &file::Endpoint| self.endpoint(e, (&network, &table), &header, (&visits, duration));
        // What is taken back at the very end changes nothing, but in a crossover trial another period follows.
        let lengths = match design.kind {
            super::Kind::Crossover { .. } => (duration, 0.0, f64::INFINITY),
            _ => (duration, design.follow_up, duration + design.follow_up),
        };
        let flares = raw.design.as_ref().and_then(|d| d.as_ref().flares.as_ref());
        let flares = flares.map_or(Ok(None), |f| {
            self.flares(*f.as_ref(), f.span(), (&network, &table))
        })?;
        let windows = self.windows(&raw.windows, &header.model, duration + design.follow_up)?;
        let mut sibling = self.sibling(&header.model, !windows.is_empty(), (ingredients, &list))?;
        if let Some(other) = &mut sibling {
            bursts.lay_into(other);
            same_inputs(&network, other);
        }
        population.background = background;
        let scenario = Scenario {
            flares,
            bursts,
            windows,
            sibling,
            care: self.care(&table, &header, &network)?,
            arms: self.arms(&raw.arms, (&network, &drugs), lengths)?,
            endpoint: endpoint(raw.endpoint.as_ref())?,
            secondary: (raw.secondary.iter().map(|e| endpoint(e.as_ref())))
                .collect::<Result<_>>()?,
            subgroups: self.subgroups(&raw.subgroups, &network)?,
            population,
            design,
            switches: network.switch_values(),
            changes: list,
            warnings: Vec::new(),
            from_birth: stages::from_birth(self.table) || header.model.as_ref() == "early",
            life_stage: header.life_stage.map(Spanned::into_inner),
            name: header.name,
            question: header.question,
            model: header.model.into_inner(),
            condition: header.condition.into_inner(),
            seed: header.seed,
            network,
            duration,
            visits,
        };
        let endpoints = std::iter::once(raw.endpoint).chain(raw.secondary);
        let measured: Vec<Spanned<String>> = endpoints.map(|e| e.into_inner().measure).collect();
        let mut scenario = self.sequences(scenario, &measured)?;
        scenario.warnings = self.warnings.take();
        let remarks = self.changed.get().map(|c| c.remarks(&scenario.model));
        scenario.warnings.extend(remarks.unwrap_or_default());
        scenario.warnings.extend(made_by_changes(&scenario));
        Ok(scenario)
    }

    /// Placebo courses, care and scores are those of the condition, which is that of the model's skin.
    fn condition_fits(&self, header: &Header) -> Result<()> {
        let (model, condition) = (header.model.as_ref(), header.condition.as_ref());
        match crate::models::skin_of(model) {
            Some(skin) if skin != condition => Err(self
                .error(header.condition.span(), format!("the condition is \"{condition}\", but the skin of the model \"{model}\" is that of \"{skin}\""))
                .with_help(format!("write condition = \"{skin}\", or take another model"))),
            _ => Ok(()),
        }
    }

    /// Life stages are those of the colon, and who is followed from birth is compared with nobody yet.
    fn stage_fits(&self, header: &Header) -> Result<()> {
        let (Some(stage), model) = (&header.life_stage, header.model.as_ref()) else {
            return Ok(());
        };
        if !crate::models::has_colon(model) {
            return Err(self
                .error(
                    stage.span(),
                    format!("model \"{model}\" has no colon, on which life stages act"),
                )
                .with_help("use model = \"colon\", or a joined axis such as axis_ad"));
        }
        if stages::from_birth(self.table) && !model.starts_with("colon") {
            return Err(self
                .error(stage.span(), "from birth only the colon can be followed: the rest of the body has no newborn")
                .with_help("use model = \"colon\", or a stage from 3 months on"));
        }
        Ok(())
    }

    /// Guilds that the scenario wants present beside the residents.
    fn guilds(&self, header: &Header, colon: &mut ColonOptions) -> Result<()> {
        for name in &header.guilds {
            if !crate::models::has_colon(header.model.as_ref()) {
                return Err(self.error(name.span(), "the model has no colon, in which guilds live"));
            }
            let catalogue = self.ingredients().tables.catalogue();
            let catalogue = catalogue.map_err(|e| self.error(name.span(), e.to_string()))?;
            if catalogue.guild(name.as_ref()).is_none() {
                let known = catalogue.guilds.iter().map(|g| g.name.as_str());
                return Err(self.unknown("guild", name, known));
            }
            if !colon.guilds.contains(name.as_ref()) {
                colon.guilds.push(name.as_ref().clone());
            }
        }
        Ok(())
    }

    /// The law of uptake; that of the shipped model unless named.
    fn uptake(&self, header: &Header) -> Result<Uptake> {
        let Some(named) = &header.uptake else {
            return Ok(Uptake::default());
        };
        let all = Uptake::ALL.map(|(name, _)| name);
        self.one_of("law of uptake", named, &all)?;
        let found = Uptake::ALL.iter().find(|(name, _)| name == named.as_ref());
        if !crate::models::has_colon(header.model.as_ref()) {
            return Err(self.error(
                named.span(),
                "the model has no colon, of which this is a law",
            ));
        }
        Ok(found.map_or_else(Uptake::default, |(_, law)| *law))
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
        (drugs, colon): (&[SkinDrug], ColonOptions),
    ) -> Result<(Network, ParameterTable, Ingredients)> {
        let observed = |name: &str| observed(header.condition.as_ref(), name);
        let mut ingredients = Ingredients::of(self.table);
        ingredients.drugs = drugs.to_vec();
        ingredients.colon = colon;
        let unchanged = ingredients.clone();
        let network = ingredients
            .changed_model(header.model.as_ref(), all, &observed)
            .map_err(|e| match e {
                ChangeError::Override(e) if own.iter().any(|o| o.origin == e.origin) => {
                    self.placed(e)
                }
                ChangeError::Override(e) => e.into(),
                ChangeError::Table(e) => ScenarioError::new("", "", None, e.to_string()),
                ChangeError::Model(e) => self.error(header.model.span(), e.to_string()),
            })?;
        let doubts = ingredients.doubts().iter().cloned();
        self.warnings.borrow_mut().extend(doubts);
        Ok((network, ingredients.parameters, unchanged))
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

    /// A length of time within what a study may last.
    pub(super) fn length(&self, text: &Spanned<String>) -> Result<f64> {
        let days = self.days(text)?;
        if (0.0..=LONGEST).contains(&days) {
            return Ok(days);
        }
        Err(self
            .error(text.span(), format!("a length of {days} d is not possible"))
            .with_help(format!(
                "0 to {LONGEST} d; write a time, for example \"12 wk\""
            )))
    }

    /// A whole number within bounds.
    pub(super) fn count(
        &self,
        what: &str,
        value: &Spanned<i64>,
        bounds: std::ops::RangeInclusive<usize>,
    ) -> Result<usize> {
        let found = usize::try_from(*value.as_ref());
        found.ok().filter(|n| bounds.contains(n)).ok_or_else(|| {
            self.error(
                value.span(),
                format!(
                    "{} {what} are not possible; {} to {}",
                    value.as_ref(),
                    bounds.start(),
                    bounds.end()
                ),
            )
        })
    }

    /// Visits every so many days, with entry, end of treatment and end of follow-up.
    fn visits(&self, every: &Spanned<String>, duration: f64, follow_up: f64) -> Result<Vec<f64>> {
        let step = self.days(every)?;
        let end = duration + follow_up;
        if step > duration {
            return Err(self
                .error(
                    every.span(),
                    format!("visits every {step} d, but the study lasts {duration} d"),
                )
                .with_help(
                    "give the time between visits, for example \"1 wk\"; the end is always a visit",
                ));
        }
        let count = end / step;
        if !(step > 0.0 && count <= 10_000.0) {
            return Err(self
                .error(
                    every.span(),
                    format!("visits every {step} d over {end} d are not possible"),
                )
                .with_help(
                    "give the time between visits, for example \"1 wk\"; at most 10000 visits",
                ));
        }
        let mut visits: Vec<f64> = (0..=count.floor() as usize)
            .map(|i| i as f64 * step)
            .collect();
        for milestone in [duration, end] {
            if visits.iter().all(|v| (v - milestone).abs() > 1e-9) {
                visits.push(milestone);
            }
        }
        visits.sort_by(f64::total_cmp);
        Ok(visits)
    }

    pub(super) fn observable(&self, name: &Spanned<String>, network: &Network) -> Result<u32> {
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
        (duration, follow_up, until): (f64, f64, f64),
    ) -> Result<Vec<Arm>> {
        let lengths = (duration, follow_up);
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
                return Err(self
                    .error(arm.span(), format!("two arms are named \"{name}\""))
                    .with_help("give each arm a name of its own"));
            }
            let (mut changes, mut lasting, mut eaten) = (Vec::new(), Vec::new(), Vec::new());
            for change in &arm.as_ref().changes {
                let (of_drug, effects) = self.change(change, (network, drugs), lengths)?;
                changes.extend(of_drug);
                if change.as_ref().food.is_some() {
                    eaten.extend(effects.iter().copied());
                }
                lasting.extend(effects);
            }
            self.edible(arm, &eaten, network);
            self.no_overlap(arm, network, lengths)?;
            changes.extend(timeline::changes(&lasting, network));
            changes.retain(|c| c.time < until);
            let usual_shares = timeline::usual_shares(&lasting, &changes);
            let schedule =
                Schedule::sorted(changes).map_err(|e| self.error(arm.span(), e.to_string()))?;
            arms.push(Arm {
                name: name.clone(),
                schedule,
                usual_shares,
                factors: arm.as_ref().factors.clone(),
            });
        }
        Ok(arms)
    }

    /// What a change moves, from when to when: till the end of treatment unless the file says otherwise.
    fn span_of_change(
        &self,
        raw: &Spanned<file::Change>,
        network: &Network,
        (duration, follow_up): (f64, f64),
    ) -> Result<(Moves, Span)> {
        let change = raw.as_ref();
        let moves = self.moves(raw, network)?;
        let start = change.start.as_ref().map_or(Ok(0.0), |t| self.days(t))?;
        let stop = match (&change.stop, moves.usual_length) {
            (Some(text), _) => self.days(text)?,
            (None, Some(length)) => duration.min(start + length),
            (None, None) => duration,
        };
        /// Shorter exposures (a meal, a speech) are over by their nature.
        const OF_DAYS: f64 = 1.0;
        if change.stop.is_none() && stop < duration && moves.usual_length >= Some(OF_DAYS) {
            let text = format!(
                "it ends on day {stop}, after its usual length, and the treatment on day {duration}: give stop where it is to go on"
            );
            self.warn(raw.span(), &text);
        }
        let end = duration + follow_up;
        let span = |text: &Option<Spanned<String>>| text.as_ref().map_or(raw.span(), Spanned::span);
        if !(0.0..end).contains(&start) {
            return Err(self
                .error(span(&change.start), format!("the change starts on day {start}, but the study runs from day 0 to day {end}"))
                .with_help("days are counted from randomisation"));
        }
        if stop > end {
            return Err(self
                .error(
                    span(&change.stop),
                    format!("the change stops on day {stop}, after the study ends on day {end}"),
                )
                .with_help("leave stop out where the change lasts to the end"));
        }
        if stop <= start {
            let place = change.stop.as_ref().or(change.start.as_ref());
            return Err(self
                .error(
                    place.map_or(raw.span(), Spanned::span),
                    format!("the change stops on day {stop}, not after it starts on day {start}"),
                )
                .with_help("start before stop"));
        }
        let taper = change.taper.as_ref().map_or(Ok(0.0), |t| self.days(t))?;
        if !(0.0..=stop - start).contains(&taper) {
            return Err(self
                .error(
                    span(&change.taper),
                    format!(
                        "a taper of {taper} d does not fit into the {} d that the change lasts",
                        stop - start
                    ),
                )
                .with_help("the taper is the last part of the time from start to stop"));
        }
        Ok((moves, Span { start, stop, taper }))
    }

    /// What a change does: to the body by doses of a drug, and to inputs while it lasts.
    fn change(
        &self,
        raw: &Spanned<file::Change>,
        (network, drugs): (&Network, &[SkinDrug]),
        lengths: (f64, f64),
    ) -> Result<(Vec<Change>, Vec<Lasting>)> {
        let (moves, span) = self.span_of_change(raw, network, lengths)?;
        let mut doses = Vec::new();
        let named = raw.as_ref().drug.as_ref();
        if let Some(drug) = named.and_then(|n| drugs.iter().find(|d| d.id == *n.as_ref())) {
            let interval = self.interval(raw.as_ref(), drug)?;
            let usual = drug.taken(network, span.start, span.stop, interval);
            let dose = self.skin_dose(raw, drug)?;
            doses.extend(span.tapered(usual.into_iter().map(|c| times(c, dose)).collect()));
            // A model without this skin has no place for what the drug does there.
            if doses.is_empty() {
                let text = format!("model \"{}\" does not hold \"{}\"", network.name, drug.id);
                if moves.inputs.is_empty() {
                    return Err(self.error(raw.span(), text));
                }
                let text =
                    format!("{text} in the skin; what it does in the gut is all that is simulated");
                self.warn_once(raw.span(), &text);
            }
        } else if let (Some(name), Some(interval)) = (named, &raw.as_ref().interval) {
            return Err(self.error(
                interval.span(),
                format!(
                    "\"{}\" is given by the day, not by single doses",
                    name.as_ref()
                ),
            ));
        }
        let lasting = |&(input, effect): &(u32, Effect)| Lasting {
            input,
            effect,
            span,
        };
        Ok((doses, moves.inputs.iter().map(lasting).collect()))
    }

    /// Warns of foods that together are hardly eaten by anybody.
    fn edible(&self, arm: &Spanned<file::Arm>, eaten: &[Lasting], network: &Network) {
        let mut told = Vec::new();
        for change in timeline::changes(eaten, network) {
            let (Target::Input(index), Action::Set(value)) = (change.target, change.action) else {
                continue;
            };
            let Some(input) = network.inputs.get(index as usize) else {
                continue;
            };
            let unit = input.unit.clone().unwrap_or_else(Unit::dimensionless);
            let doubt = far_above(&input.name, (value, input.default), &unit);
            if let Some(doubt) = doubt.filter(|_| !told.contains(&index)) {
                told.push(index);
                let name = &arm.as_ref().name;
                self.warn(
                    arm.span(),
                    &format!("foods of the arm \"{name}\" together: {doubt}"),
                );
            }
        }
    }

    /// Two changes of one input at one time would leave open which one holds.
    fn no_overlap(
        &self,
        arm: &Spanned<file::Arm>,
        network: &Network,
        lengths: (f64, f64),
    ) -> Result<()> {
        let mut spans: Vec<(u32, f64, f64)> = Vec::new();
        let mut drugs: Vec<(&str, f64, f64)> = Vec::new();
        for change in &arm.as_ref().changes {
            let (moves, Span { start, stop, .. }) =
                self.span_of_change(change, network, lengths)?;
            if let Some(drug) = &change.as_ref().drug {
                let twice =
                    |d: &&(&str, f64, f64)| d.0 == *drug.as_ref() && start < d.2 && stop > d.1;
                if let Some((name, from, to)) = drugs.iter().find(twice) {
                    return Err(self
                        .error(
                            change.span(),
                            format!(
                                "\"{name}\" is already given from day {from} to day {to} in this arm"
                            ),
                        )
                        .with_help("let one change stop before the next one starts"));
                }
                drugs.push((drug.as_ref(), start, stop));
            }
            for (input, effect) in moves.inputs {
                // What is added adds up.
                if matches!(effect, Effect::Add(_)) {
                    continue;
                }
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
}

/// Gives a network in the other mode the usual inputs of this one.
fn same_inputs(network: &Network, other: &mut Network) {
    for input in &mut other.inputs {
        let here = network.inputs.iter().find(|i| i.name == input.name);
        input.default = here.map_or(input.default, |i| i.default);
    }
}

/// What changes of values have made of the model: equations and parts of them without a finite value.
fn made_by_changes(scenario: &Scenario) -> Vec<String> {
    if scenario.changes.is_empty() {
        return Vec::new();
    }
    let report = gutskin_network::check(&scenario.network);
    let without = report.findings.iter().filter(|f| f.rule == Rule::Numbers);
    let bad = without.filter(|f| f.severity != Severity::Note);
    bad.map(|f| format!("with these changes, {}: {}", f.place, f.message))
        .collect()
}
