//! `gutskin model export`: the model, or an arm of a scenario, in another form.

use super::Source;
use crate::changes::Changes;
use crate::output::{read_text, say_data, tell};
use clap::ValueEnum;
use gutskin_network::{Action, Change, Schedule, Severity, Target, nearest};
use gutskin_study::scenario::{self, Arm};
use gutskin_study::simulate::central_rest;
use miette::IntoDiagnostic;
use std::path::{Path, PathBuf};

/// A form that a model can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Readable text that is read back exactly
    Text,
    /// SBML level 3 version 2
    Sbml,
    /// Equations and tables as Markdown
    Markdown,
    /// Equations and tables as LaTeX
    Latex,
    /// Dependencies as JSON
    Json,
    /// Dependencies for Graphviz
    Dot,
}

/// Options of `gutskin model export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// The form
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Export the model of this scenario, with the changes of one arm as events (SBML only)
    #[arg(long, value_name = "FILE.toml", conflicts_with = "model")]
    scenario: Option<PathBuf>,
    /// The arm whose changes become events; the first where none is named
    #[arg(long, requires = "scenario", value_name = "NAME")]
    arm: Option<String>,
}

impl ExportArgs {
    /// Is the model that of a scenario?
    pub fn scenario(&self) -> Option<&Path> {
        self.scenario.as_deref()
    }

    /// The model of the scenario as `simulate` runs it: the central person from rest, the changes of the arm, and care
    /// where arms get it beside.
    ///
    /// # Errors
    /// A form without events, a fault of the file, an arm that it does not have, a person who does not come to rest.
    pub fn arm_of(&self, path: &Path, changes: &Changes) -> miette::Result<Source> {
        if self.format != Format::Sbml {
            return Err(miette::miette!(
                help = "add --format sbml",
                "only SBML holds the changes of an arm"
            ));
        }
        let table = gutskin_biology::parameter_table().into_diagnostic()?;
        let name = path.display().to_string();
        let changes = changes.read()?;
        let mut read = scenario::read_with(&name, &read_text(path)?, &table, &changes)?;
        let arm = self.find(&read.arms, &name)?;
        let mut events: Vec<Change> = arm.schedule.changes().to_vec();
        if let Some(care) = read.care {
            events.push(Change {
                time: 0.0,
                target: Target::Input(care.input),
                action: Action::Set(care.scale),
            });
        }
        let schedule = Schedule::sorted(events).into_diagnostic()?;
        let rest = central_rest(&read).into_diagnostic()?;
        let rest =
            rest.map_err(|e| miette::miette!("the central person does not come to rest: {e}"))?;
        for (state, value) in read.network.states.iter_mut().zip(rest) {
            state.initial = read.network.pool.constant(value);
        }
        tell!(
            "note: the central person from rest, as gutskin simulate follows; adherence, rescue, drop-out, placebo course and noise are not in the model"
        );
        Ok(Source {
            schedule,
            network: read.network,
        })
    }

    fn find<'a>(&self, arms: &'a [Arm], file: &str) -> miette::Result<&'a Arm> {
        let names = || arms.iter().map(|arm| arm.name.as_str());
        let wanted = self.arm.as_deref();
        let found = arms
            .iter()
            .find(|arm| wanted.is_none_or(|name| arm.name == name));
        found.ok_or_else(|| {
            let wanted = wanted.unwrap_or_default();
            let hint = nearest(wanted, names())
                .map_or(String::new(), |near| format!("; did you mean \"{near}\"?"));
            miette::miette!(
                help = format!("its arms: {}", names().collect::<Vec<_>>().join(", ")),
                "{file} has no arm \"{wanted}\"{hint}"
            )
        })
    }
}

/// Prints a model in a form. Only SBML holds the schedule.
pub fn export(source: &Source, format: Format) {
    let network = &source.network;
    let left_out = source.schedule.changes().len();
    if left_out > 0 && format != Format::Sbml {
        tell!(
            "note: {left_out} changes over time (events) are left out; only --format sbml holds them"
        );
    }
    let errors = gutskin_network::check(network).of(Severity::Error).count();
    if errors > 0 {
        tell!(
            "warning: gutskin model check finds {errors} errors in this model; other programs may refuse what is written"
        );
    }
    let text = match format {
        Format::Text => gutskin_network::text::write(network),
        Format::Sbml => gutskin_network::sbml::write(network, &source.schedule),
        Format::Markdown => gutskin_network::export::markdown(network),
        Format::Latex => gutskin_network::export::latex(network),
        Format::Json => gutskin_network::export::graph_json(network),
        Format::Dot => gutskin_network::export::graph_dot(network),
    };
    say_data!("{text}");
}

/// Prints what was asked for.
pub fn run(source: &Source, args: &ExportArgs) {
    export(source, args.format);
}
