//! `--set`, `--with`, `--own-table` and `--reference-person`: changes of the model that win over what is shipped or stands in a scenario.

use crate::output::read_text;
use gutskin_network::overrides::{Override, read_toml};
use gutskin_study::REFERENCE_PERSON;
use miette::IntoDiagnostic;
use std::path::PathBuf;

/// Options of every command that builds a model.
#[derive(Debug, clap::Args)]
pub struct Changes {
    /// Change a parameter (barrier.relaxation_time="2 d"), its spread (barrier.relaxation_time.spread="lognormal(cv=0.3)"), an input (diet.fibre="40 g/d"), a switch (link.leak_to_tone=off) or a
    /// table cell (catalogue.guilds.BAC.capacity=3); several times, the last wins. A parameter that people have evenly between bounds is the same for everybody once set, unless its spread is set too
    #[arg(long, value_name = "NAME=VALUE", global = true)]
    set: Vec<String>,
    /// Read such changes from a file with the sections parameters, priors, switches, inputs and catalogue; --set wins
    #[arg(long, value_name = "FILE.toml", global = true)]
    with: Vec<PathBuf>,
    /// Put this file in place of the table of its name (mine/strains.csv, guilds.csv, pools.csv, kinetics.csv …): a strain, fibre or guild of one's own; gutskin catalogue --print NAME writes one to start from
    #[arg(long, value_name = "FILE.csv", global = true)]
    own_table: Vec<PathBuf>,
    /// Stand drives beside this reference person in place of the shipped one: a file that gutskin model reference wrote for the same changes (one for each colon, where both are used)
    #[arg(long, value_name = "FILE.toml", global = true)]
    reference_person: Vec<PathBuf>,
}

impl Changes {
    /// All of them, in the order in which they apply.
    ///
    /// # Errors
    /// A file that cannot be read, with file and line, or an argument that is no change.
    pub fn read(&self) -> miette::Result<Vec<Override>> {
        let mut list = Vec::new();
        for file in &self.own_table {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            list.push(Override {
                name: format!("catalogue.{name}"),
                value: format!("{}\n{}", file.display(), read_text(file)?),
                origin: format!("--own-table {}", file.display()),
                span: None,
            });
        }
        for file in &self.reference_person {
            list.push(Override {
                name: REFERENCE_PERSON.to_owned(),
                value: format!("{}\n{}", file.display(), read_text(file)?),
                origin: format!("--reference-person {}", file.display()),
                span: None,
            });
        }
        for file in &self.with {
            let text = read_text(file)?;
            list.extend(read_toml(&file.display().to_string(), &text).into_diagnostic()?);
        }
        for argument in &self.set {
            list.push(Override::parse(argument).into_diagnostic()?);
        }
        Ok(list)
    }

    /// Is nothing to be changed?
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
            && self.with.is_empty()
            && self.own_table.is_empty()
            && self.reference_person.is_empty()
    }
}
