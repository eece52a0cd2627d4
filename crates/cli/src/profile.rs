//! `gutskin profile`: stool profiles in, guilds, diversity and indices out.

use std::path::PathBuf;

/// Options of `gutskin profile`.
#[derive(Debug, clap::Args)]
pub struct ProfileArgs {
    /// Profile files (and taxonomy files that belong to them), in any of the formats known
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Runs the subcommand.
///
/// # Errors
/// When a file cannot be read or is not a profile.
pub fn run(args: &ProfileArgs) -> miette::Result<()> {
    Err(miette::miette!(
        "profiles cannot be read yet ({} files given)",
        args.files.len()
    ))
}
