//! What can go wrong with people's data, said so that the reader knows where, what and what to do.

/// The error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The bytes could not be read at all.
    #[error("{file}: cannot be read: {source}")]
    Io {
        /// Name of the file as given.
        file: String,
        /// What the operating system or the decompressor said.
        source: std::io::Error,
    },
    /// The file is something else than a profile.
    #[error("{file}: not a stool profile. It seems to be {seems}. {needed}")]
    NotAProfile {
        /// Name of the file as given.
        file: String,
        /// What the file looks like.
        seems: String,
        /// What would be needed.
        needed: String,
    },
    /// The file is of a known format but breaks its rules.
    #[error("{file}, {place}: found {found}, expected {expected}. {advice}")]
    Malformed {
        /// Name of the file as given.
        file: String,
        /// Line, row or field.
        place: String,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: String,
        /// What to do.
        advice: String,
    },
    /// The file is well formed, but holds nothing that could be analysed.
    #[error("{file}: {problem}. {advice}")]
    Unusable {
        /// Name of the file as given.
        file: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        advice: String,
    },
    /// A limit that keeps memory bounded was reached.
    #[error(
        "{file}: {what} is beyond the limit of {limit}, which keeps memory bounded. Split the table into several files, or leave out what is not needed"
    )]
    TooLarge {
        /// Name of the file as given.
        file: String,
        /// The thing that is too large.
        what: String,
        /// The limit.
        limit: String,
    },
    /// What a file unpacks to, or what of it must be held whole, is beyond a limit that an option raises.
    #[error(
        "{file}: {what} is beyond the limit of {limit}, which keeps memory and time bounded. If the file is yours and really so large, raise the limit with `--unpack MIB`"
    )]
    TooLargeUnpacked {
        /// Name of the file as given.
        file: String,
        /// The thing that is too large.
        what: String,
        /// The limit.
        limit: String,
    },
    /// Metadata, groups or options do not fit the profiles.
    #[error("{problem}. {advice}")]
    Request {
        /// What does not fit.
        problem: String,
        /// What to do.
        advice: String,
    },
    /// A table that ships with the program or that the user supplied is wrong.
    #[error("{table}, {place}: {problem}. {advice}")]
    Table {
        /// Name of the table.
        table: String,
        /// Row or key.
        place: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        advice: String,
    },
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, PeopleError>;
