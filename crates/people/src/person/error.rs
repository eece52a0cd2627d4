//! Faults of person files, with their place.

use miette::{Diagnostic, NamedSource, SourceSpan};
use std::ops::Range;
use std::sync::Arc;
use thiserror::Error;

/// A fault in a person file: what was found, where, and what would be right.
#[derive(Clone, Debug, Diagnostic, Error)]
#[error("{message}")]
pub struct PersonError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[help]
    pub help: Option<String>,
    #[source_code]
    source_code: Arc<NamedSource<String>>,
    #[label("here")]
    label: Option<SourceSpan>,
}

impl PersonError {
    /// A fault at a byte range of `text`.
    pub fn new(file: &str, text: &str, span: Option<Range<usize>>, message: String) -> Self {
        Self {
            message,
            help: None,
            source_code: Arc::new(NamedSource::new(file, text.to_owned())),
            label: span.map(|s| {
                let start = s.start.min(text.len());
                (start, s.end.min(text.len()).saturating_sub(start)).into()
            }),
        }
    }

    /// The same with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Byte offset of the fault, where it has a place.
    pub fn offset(&self) -> Option<usize> {
        self.label.as_ref().map(SourceSpan::offset)
    }
}
