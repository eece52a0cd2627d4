//! The `gutskin` command line: one module a subcommand, no logic of its own.

mod changes;
mod claims;
mod evidence;
mod model;
mod output;
mod profile;
mod trial;

use clap::{Parser, Subcommand};

/// A virtual laboratory for the gut–skin axis. A research tool, not medical advice.
#[derive(Debug, Parser)]
#[command(name = "gutskin", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate a trial from a file and report what it would find
    Trial(trial::TrialArgs),
    /// Check, show and export the model
    Model(model::ModelArgs),
    /// Set published studies beside what the model predicts for them
    Evidence(evidence::EvidenceArgs),
    /// Say what stool profiles hold: guilds, diversity, indices, and what they are worth
    Profile(Box<profile::ProfileArgs>),
    /// Summarise people's profiles into a reference of their method
    #[command(hide = true)]
    ProfileReference(Box<profile::ReferenceArgs>),
}

fn main() -> miette::Result<()> {
    let done = match Cli::parse().command {
        Command::Trial(args) => trial::run(&args),
        Command::Model(args) => model::run(&args),
        Command::Evidence(args) => evidence::run(&args),
        Command::Profile(args) => profile::run(&args),
        Command::ProfileReference(args) => profile::run_reference(&args),
    };
    done.and_then(|()| output::finish())
}
