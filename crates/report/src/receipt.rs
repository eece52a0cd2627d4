//! What a result was made from, so that it can be made again.

use crate::sources::of_what_is_named;
use gutskin_network::Network;
use gutskin_network::overrides::Override;
use gutskin_people::baselines::BASELINES;
use gutskin_people::correlations::CORRELATIONS;
use gutskin_people::courses::COURSES;
use gutskin_people::profile::reference::Reference;
use gutskin_study::population::{People, Population};
use gutskin_study::scenario::{Forecast, Scenario};
use gutskin_study::trial::TrialRun;
use gutskin_study::twin::Twin;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Versions, hashes, seed, tolerances, solver statistics, citations.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Receipt {
    /// Version of gutskin.
    pub gutskin: String,
    /// Name of the model.
    pub model: String,
    /// SHA-256 of equations and structure.
    pub model_sha256: String,
    /// SHA-256 of parameter values as used.
    pub parameters_sha256: String,
    /// SHA-256 of the scenario file.
    pub scenario_sha256: String,
    /// Its name as given.
    pub scenario_file: String,
    /// Its text.
    pub scenario: String,
    /// The changes from outside it, `name=value`, in the order in which they applied.
    pub changes_from_outside: Vec<String>,
    /// Changes of the model, `name = value`, in the order in which they applied: those of the scenario, then those from
    /// outside it.
    pub changes: Vec<String>,
    /// Seed.
    pub seed: u64,
    /// What was cut to say why: `routes`, `all` (every link), or nothing.
    #[serde(default)]
    pub why: String,
    /// Was every day written?
    #[serde(default)]
    pub daily: bool,
    /// Stool profiles that were read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileReceipt>,
    /// Draws that twins were asked to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<u32>,
    /// How bursts of bacterial DNA came: `none`, `mean` or `drawn`; empty in older receipts.
    #[serde(default)]
    pub bursts: String,
    /// What of the scenario or of the person's options is doubtful but possible.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Relative tolerance; the absolute one is this times a state's typical size.
    pub relative_tolerance: f64,
    /// Integration method and kernel class.
    pub method: String,
    /// Steps accepted over all runs.
    pub steps_accepted: usize,
    /// Steps rejected over all runs.
    pub steps_rejected: usize,
    /// Solves.
    pub solves: usize,
    /// Of these, solves that left the lanes for the scalar solver, which pivots.
    pub solves_with_pivoting: usize,
    /// Solves that failed.
    pub failures: usize,
    /// SHA-256 of the tables that people were drawn from and weighted to, beside the parameters; none in trials.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables_sha256: BTreeMap<String, String>,
    /// Full citations of the sources whose parameters the model used, by key, and what the catalogue has for what arms give,
    /// by kind and name.
    pub citations: BTreeMap<String, String>,
}

/// SHA-256 of a scenario's text, in hexadecimal digits.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The receipt of a trial.
pub fn of_trial(
    scenario: &Scenario,
    origin: (&str, &str),
    outside: &[Override],
    run: &TrialRun,
) -> Receipt {
    let arms = run.patients.iter().flat_map(|p| &p.arms);
    Receipt {
        relative_tolerance: run.relative_tolerance,
        method: run.method.clone(),
        steps_accepted: run.effort.accepted,
        steps_rejected: run.effort.rejected,
        solves: run.effort.solves,
        solves_with_pivoting: run.effort.pivoted,
        failures: arms.filter(|a| a.is_err()).count(),
        ..of_scenario(scenario, origin, outside)
    }
}

/// The receipt of a person's twins; its file is the person file. `profiles` are the stool profiles that were read, `draws` how
/// many were asked for.
pub fn of_twin(
    forecast: &Forecast,
    origin: (&str, &str),
    outside: &[Override],
    twin: &Twin,
    (profiles, draws): (Vec<FileReceipt>, u32),
) -> Receipt {
    Receipt {
        files: profiles,
        draws: Some(draws),
        relative_tolerance: twin.relative_tolerance,
        method: twin.method.clone(),
        steps_accepted: twin.effort.accepted,
        steps_rejected: twin.effort.rejected,
        solves: twin.effort.solves,
        solves_with_pivoting: twin.effort.pivoted,
        failures: twin.fit.failed + twin.fit.without_rest,
        tables_sha256: hashes(&[CORRELATIONS]),
        ..of_scenario(&forecast.scenario, origin, outside)
    }
}

/// The receipt of a population; what stands in place of a file is the command.
#[must_use]
pub fn of_population(population: &Population, people: &People, command: &str) -> Receipt {
    let network = people.network();
    Receipt {
        model: network.name.clone(),
        scenario_sha256: fingerprint(command),
        scenario_file: "command line".to_owned(),
        scenario: command.to_owned(),
        seed: people.seed(),
        bursts: people.bursts().to_owned(),
        relative_tolerance: people.relative_tolerance(),
        method: people.method().to_owned(),
        solves: population.drawn + population.followed + population.not_followed,
        failures: population.without_rest + population.not_followed,
        warnings: population.notes.clone(),
        tables_sha256: hashes(&[BASELINES, CORRELATIONS, COURSES]),
        ..of_network(network)
    }
}

fn hashes(tables: &[(&str, &str)]) -> BTreeMap<String, String> {
    let hash = |(name, text): &(&str, &str)| ((*name).to_owned(), fingerprint(text));
    tables.iter().map(hash).collect()
}

/// What is true before anything is run.
fn of_scenario(scenario: &Scenario, (file, text): (&str, &str), outside: &[Override]) -> Receipt {
    let made = of_network(&scenario.network);
    Receipt {
        model: scenario.model.clone(),
        scenario_sha256: fingerprint(text),
        scenario_file: file.to_owned(),
        scenario: text.to_owned(),
        changes_from_outside: outside
            .iter()
            .map(|c| format!("{}={}", c.name, c.value))
            .collect(),
        changes: scenario
            .changes
            .iter()
            .map(|c| format!("{} = {}", c.name, c.value))
            .collect(),
        seed: scenario.seed,
        bursts: scenario.bursts.name().to_owned(),
        warnings: scenario.warnings.clone(),
        citations: made
            .citations
            .clone()
            .into_iter()
            .chain(of_what_is_named(text))
            .collect(),
        ..made
    }
}

/// What follows from the model alone.
fn of_network(network: &Network) -> Receipt {
    let used: BTreeSet<&str> = network
        .parameters
        .iter()
        .map(|p| p.source.as_str())
        .collect();
    Receipt {
        files: Vec::new(),
        draws: None,
        gutskin: env!("CARGO_PKG_VERSION").to_owned(),
        model: network.name.clone(),
        model_sha256: network.model_hash(),
        parameters_sha256: network.parameter_hash(),
        scenario_sha256: String::new(),
        scenario_file: String::new(),
        scenario: String::new(),
        changes_from_outside: Vec::new(),
        changes: Vec::new(),
        seed: 0,
        why: String::new(),
        daily: false,
        bursts: String::new(),
        tables_sha256: BTreeMap::new(),
        warnings: Vec::new(),
        relative_tolerance: f64::NAN,
        method: String::new(),
        steps_accepted: 0,
        steps_rejected: 0,
        solves: 0,
        solves_with_pivoting: 0,
        failures: 0,
        citations: network
            .citations
            .iter()
            .filter(|(key, _)| used.contains(key.as_str()))
            .map(|(k, c)| (k.clone(), c.clone()))
            .collect(),
    }
}

/// What a reading of stool profiles was made from.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileReceipt {
    /// Version of gutskin.
    pub gutskin: String,
    /// The arguments as given.
    pub arguments: Vec<String>,
    /// The files read, in the order given.
    pub files: Vec<FileReceipt>,
    /// SHA-256 of every table that ships with gutskin and that names, guilds, rules and references come from.
    pub tables_sha256: BTreeMap<String, String>,
    /// Seed of permutations and bootstrap.
    pub seed: u64,
    /// Origin and licence of the references at hand, by id.
    pub references: BTreeMap<String, String>,
}

/// A file that was read.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FileReceipt {
    /// Name as given.
    pub file: String,
    /// Size, bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl FileReceipt {
    /// Reads `source` to its end.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(file: &str, mut source: impl Read) -> std::io::Result<Self> {
        let mut hasher = Sha256::new();
        let bytes = std::io::copy(&mut source, &mut hasher)?;
        Ok(Self {
            file: file.to_owned(),
            bytes,
            sha256: hex(&hasher.finalize()),
        })
    }
}

impl ProfileReceipt {
    /// The receipt of reading `files` with `arguments`.
    #[must_use]
    pub fn new(
        arguments: Vec<String>,
        files: Vec<FileReceipt>,
        seed: u64,
        references: &[Reference],
    ) -> Self {
        Self {
            gutskin: env!("CARGO_PKG_VERSION").to_owned(),
            arguments,
            files,
            tables_sha256: gutskin_people::shipped_tables()
                .map(|(name, text)| (name.to_owned(), hex(&Sha256::digest(text.as_bytes()))))
                .collect(),
            seed,
            references: references
                .iter()
                .map(|r| (r.id.clone(), format!("{}; {}", r.source, r.licence)))
                .collect(),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
