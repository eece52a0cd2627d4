//! What can go wrong while a report is made.

/// The error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A figure could not be drawn.
    #[error("the figure `{figure}` could not be drawn: {detail}")]
    Figure {
        /// Name of the figure.
        figure: &'static str,
        /// What the drawing library said.
        detail: String,
    },
    /// A table could not be written.
    #[error("the table could not be written: {0}")]
    Table(String),
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, ReportError>;
