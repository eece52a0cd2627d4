//! `gutskin init`: writes a scenario file with a comment on every line that may be changed.

use crate::output::{say, write_whole};
use clap::ValueEnum;
use std::path::PathBuf;

/// What the file is about.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Kind {
    /// Drugs in eczema, with topical care, drop-out and rescue
    Eczema,
    /// Drugs in psoriasis
    Psoriasis,
    /// Drugs in acne
    Acne,
    /// Strains, prebiotics, foods and diets, on the joined axis
    Gut,
    /// Infants: breast milk, formula, strains
    Infants,
}

impl Kind {
    fn text(self) -> &'static str {
        match self {
            Self::Eczema => include_str!("init/eczema.toml"),
            Self::Psoriasis => include_str!("init/psoriasis.toml"),
            Self::Acne => include_str!("init/acne.toml"),
            Self::Gut => include_str!("init/gut.toml"),
            Self::Infants => include_str!("init/infants.toml"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Eczema => "eczema",
            Self::Psoriasis => "psoriasis",
            Self::Acne => "acne",
            Self::Gut => "gut",
            Self::Infants => "infants",
        }
    }
}

/// What every design may have, commented out.
const DESIGN: &str = include_str!("init/design.toml");

/// Options of `gutskin init`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin init eczema\n  gutskin init gut\n  gutskin init psoriasis --file mine.toml\n  gutskin check mine.toml && gutskin trial mine.toml --out mine"
)]
pub struct InitArgs {
    /// What the file is about
    #[arg(value_enum)]
    kind: Kind,
    /// Name of the file; the kind with .toml unless given
    #[arg(long, value_name = "FILE.toml")]
    file: Option<PathBuf>,
    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

/// Runs the subcommand.
///
/// # Errors
/// A file that is there already, or cannot be written.
pub fn run(args: &InitArgs) -> miette::Result<()> {
    let named = || PathBuf::from(format!("{}.toml", args.kind.name()));
    let file = args.file.clone().unwrap_or_else(named);
    if file.exists() && !args.force {
        return Err(miette::miette!(
            help = "name another one with --file, or overwrite it with --force",
            "{} is there already",
            file.display()
        ));
    }
    write_whole(&file, &format!("{}\n{DESIGN}", args.kind.text()))?;
    say!(
        "{0} written; next: gutskin check {0}, then gutskin trial {0} --out results",
        file.display()
    );
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use gutskin_study::scenario;

    fn read(text: &str) -> scenario::Scenario {
        let table = gutskin_biology::parameter_table().unwrap();
        scenario::read("init.toml", text, &table).unwrap()
    }

    #[test]
    fn every_file_reads_as_written_and_with_all_that_it_comments_out() {
        for kind in Kind::value_variants() {
            let text = format!("{}\n{DESIGN}", kind.text());
            read(&text);
            // A line that is commented out starts with "#" and no blank.
            let uncommented: String = text
                .lines()
                .map(|l| {
                    l.strip_prefix('#')
                        .filter(|r| !r.starts_with(' '))
                        .unwrap_or(l)
                })
                .fold(String::new(), |all, line| all + line + "\n");
            let design = read(&uncommented).design;
            assert!(
                design.drop_out.is_some() && design.interim.is_some(),
                "{kind:?}"
            );
        }
    }
}
