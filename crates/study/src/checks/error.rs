use gutskin_biology::catalogue::CatalogueError;
use gutskin_engine::EngineError;
use gutskin_engine::program::ProgramError;
use gutskin_network::{BuildErrors, ParameterFileError};
use thiserror::Error;

/// Why an experiment has no value.
#[derive(Debug, Error)]
pub enum CheckError {
    /// A table of the catalogue or of the windows does not read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A parameter file does not read.
    #[error(transparent)]
    Parameters(#[from] ParameterFileError),
    /// Data of others that do not read.
    #[error("{file}: {why}")]
    Data {
        /// The file.
        file: String,
        /// What was found, what was expected.
        why: String,
    },
    /// A life stage is not known.
    #[error(transparent)]
    Stage(#[from] gutskin_biology::stages::StageError),
    /// An assay is not known.
    #[error(transparent)]
    Assay(#[from] gutskin_biology::assay::AssayError),
    /// The network does not build.
    #[error(transparent)]
    Build(#[from] BuildErrors),
    /// A change that cannot be made.
    #[error(transparent)]
    Change(#[from] crate::ChangeError),
    /// The network does not compile.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The solver refused the request.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Changes that cannot be made in a run.
    #[error(transparent)]
    Schedule(#[from] gutskin_network::ScheduleError),
    /// People cannot be drawn.
    #[error(transparent)]
    People(#[from] gutskin_people::sampler::SamplerError),
    /// No steady state.
    #[error("no steady state for {who}: {why}")]
    NotSteady {
        /// Whom.
        who: String,
        /// What the search said.
        why: String,
    },
    /// A run that failed.
    #[error("the run of {who} failed: {why}")]
    Failed {
        /// Whom.
        who: String,
        /// What the solver said.
        why: String,
    },
    /// A trial that a row rests on.
    #[error("a trial that it rests on gives nothing: {why}")]
    Trial {
        /// What was wrong with it.
        why: String,
    },
    /// It rests on rows that no experiment serves.
    #[error("{row} has no experiment yet")]
    NotRun {
        /// The first of them.
        row: String,
    },
    /// A name that is no statement.
    #[error("no statement is called \"{name}\"{hint}")]
    NoClaim {
        /// Name asked for.
        name: String,
        /// The nearest that stands.
        hint: String,
    },
    /// A model that is named in a table.
    #[error(transparent)]
    Model(#[from] crate::ModelError),
    /// A name of the selection that means no row.
    #[error(
        "no row or module of checks/checks.csv is called \"{name}\"; name a module (gut, body, ad, pso, acne, skin, \
         cross, claim), a numbered check (gut-01), a statement (claim-western-diet) or a row (gut-01a)"
    )]
    NoRow {
        /// Name asked for.
        name: String,
    },
    /// A name that the network does not have.
    #[error("the network has no {what} \"{name}\"")]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// Name asked for.
        name: String,
    },
}
