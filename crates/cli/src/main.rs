//! The `gutskin` command line: one module a subcommand, no logic of its own.

mod catalogue;
mod changes;
mod check;
mod claims;
mod diff;
mod evidence;
mod init;
mod manual;
mod model;
mod output;
mod plain;
mod population;
mod profile;
mod simulate;
mod sweep;
mod trial;
mod twin;

use clap::{Parser, Subcommand};

/// A virtual laboratory for the gut–skin axis. A research tool, not medical advice.
#[derive(Debug, Parser)]
#[command(
    name = "gutskin",
    version,
    about,
    propagate_version = true,
    after_help = "Start with: gutskin init eczema; gutskin trial eczema.toml --out results\n\nExit codes: 0 done; 1 a fault in a file, a run without a result, or a file that cannot be read or written; 2 arguments that do not fit.\nResults go to standard output and to --out, progress and faults to standard error."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Interpret models even where compiled kernels of them are built in
    #[arg(long, global = true, hide = gutskin_compiled::KERNELS.is_empty())]
    interpret: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate a trial from a file and report what it would find
    Trial(trial::TrialArgs),
    /// Follow virtual twins of one person through options, from what is known of the person
    Twin(twin::TwinArgs),
    /// Follow one person or many through scenarios: any state or observable over time
    Simulate(simulate::SimulateArgs),
    /// Run a trial for every value of one thing: size, dose, duration, any parameter
    Sweep(sweep::SweepArgs),
    /// Say what differs between two receipts
    Diff(diff::DiffArgs),
    /// Write a scenario file to start from, with comments
    Init(init::InitArgs),
    /// Read a scenario file and say what is wrong with it, without running it
    Check(check::CheckArgs),
    /// List, search and show foods, diets, strains, drugs and exposures with their evidence
    Catalogue(catalogue::CatalogueArgs),
    /// Check, show and export the model
    Model(model::ModelArgs),
    /// Draw virtual people and set them beside published baselines
    Population(population::PopulationArgs),
    /// Set published studies beside what the model predicts for them
    Evidence(evidence::EvidenceArgs),
    /// Say what stool profiles hold: guilds, diversity, indices, and what they are worth
    Profile(Box<profile::ProfileArgs>),
    /// Summarise people's profiles into a reference of their method
    #[command(hide = true)]
    ProfileReference(Box<profile::ReferenceArgs>),
    /// Print completions for a shell
    Completions(manual::CompletionArgs),
    /// Print the manual page, or write one a command into a folder
    Manual(manual::ManualArgs),
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    if !cli.interpret {
        gutskin_study::use_kernels(gutskin_compiled::KERNELS);
    }
    let done = match cli.command {
        Command::Trial(args) => trial::run(&args),
        Command::Twin(args) => twin::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Sweep(args) => sweep::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Catalogue(args) => catalogue::run(&args),
        Command::Completions(args) => manual::completions(&args),
        Command::Manual(args) => manual::run(&args),
        Command::Model(args) => model::run(&args),
        Command::Population(args) => population::run(&args),
        Command::Evidence(args) => evidence::run(&args),
        Command::Profile(args) => profile::run(&args),
        Command::ProfileReference(args) => profile::run_reference(&args),
    };
    match done.and_then(|()| output::finish()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(fault) => output::tell_fault(&fault),
    }
}
