//! Completions and manual pages, made from the declaration of the commands.

use crate::Cli;
use crate::output::{make_folder, say_data, write_whole};
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use miette::IntoDiagnostic;
use std::path::{Path, PathBuf};

/// Options of `gutskin completions`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin completions bash > ~/.local/share/bash-completion/completions/gutskin\n  gutskin completions fish > ~/.config/fish/completions/gutskin.fish"
)]
pub struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Options of `gutskin manual`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin manual | man -l -\n  gutskin manual --out /usr/local/share/man/man1"
)]
pub struct ManualArgs {
    /// Folder for one page a command
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints completions.
///
/// # Errors
/// Text that is not UTF-8, which no generator writes.
pub fn completions(args: &CompletionArgs) -> miette::Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gutskin", &mut text);
    say_data!("{}", String::from_utf8(text).into_diagnostic()?);
    Ok(())
}

/// Prints or writes manual pages.
///
/// # Errors
/// A folder that cannot be written.
pub fn run(args: &ManualArgs) -> miette::Result<()> {
    let mut whole = Cli::command();
    whole.build();
    match &args.out {
        None => say_data!("{}", page(&whole)?),
        Some(folder) => {
            make_folder(folder)?;
            write(folder, &whole, "gutskin")?;
        }
    }
    Ok(())
}

fn page(command: &Command) -> miette::Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut text)
        .into_diagnostic()?;
    String::from_utf8(text).into_diagnostic()
}

fn write(folder: &Path, command: &Command, name: &str) -> miette::Result<()> {
    write_whole(&folder.join(format!("{name}.1")), &page(command)?)?;
    let shown = command
        .get_subcommands()
        .filter(|c| !c.is_hide_set() && c.get_name() != "help");
    for sub in shown {
        write(folder, sub, &format!("{name}-{}", sub.get_name()))?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_declaration_of_the_commands_is_sound() {
        Cli::command().debug_assert();
        let page = page(&Cli::command()).unwrap();
        assert!(
            page.contains("trial") && page.contains("Exit codes"),
            "{page}"
        );
    }
}
