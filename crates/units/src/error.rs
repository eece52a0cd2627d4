//! The error of this crate.

/// What is wrong with a unit, a quantity or a conversion.
///
/// Offsets are byte offsets into the text that was parsed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// The text is empty or blank.
    #[error("the unit is empty; write \"1\" for a dimensionless quantity")]
    Empty,

    /// The text is longer than any unit has reason to be.
    #[error("the unit is {length} bytes long; at most {limit} are accepted")]
    TooLong {
        /// Length found.
        length: usize,
        /// Length accepted.
        limit: usize,
    },

    /// A symbol that is not in the table.
    #[error("unknown unit \"{symbol}\" at offset {offset} of \"{text}\"{}", advice(.suggestion))]
    Unknown {
        /// The whole text.
        text: String,
        /// Where the symbol starts.
        offset: usize,
        /// The symbol.
        symbol: String,
        /// A known symbol that looks like it.
        suggestion: Option<String>,
    },

    /// A symbol that is known and refused, with the reason and what to write.
    #[error("\"{symbol}\" at offset {offset} of \"{text}\" is not accepted as a unit: {reason}")]
    Refused {
        /// The whole text.
        text: String,
        /// Where the symbol starts.
        offset: usize,
        /// The symbol.
        symbol: String,
        /// Why, and what to write instead.
        reason: String,
    },

    /// Text that the grammar does not accept.
    #[error("expected {expected}, found {found} at offset {offset} of \"{text}\"")]
    Syntax {
        /// The whole text.
        text: String,
        /// Where it went wrong.
        offset: usize,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },

    /// Dimensions differ.
    #[error(
        "cannot convert \"{from}\" ({from_dimension}) to \"{to}\" ({to_dimension}): the dimensions differ"
    )]
    Mismatch {
        /// Unit that is there.
        from: String,
        /// Its dimension.
        from_dimension: String,
        /// Unit that is wanted.
        to: String,
        /// Its dimension.
        to_dimension: String,
    },

    /// Dimensions agree but the factors differ where they must not.
    #[error(
        "\"{found}\" and \"{expected}\" have the same dimension ({dimension}) but differ by a factor of {ratio}; convert one of them"
    )]
    FactorMismatch {
        /// Unit that is there.
        found: String,
        /// Unit that is wanted.
        expected: String,
        /// The shared dimension.
        dimension: String,
        /// Factor of `found` over factor of `expected`.
        ratio: f64,
    },

    /// An exponent that is not a small rational, or takes the result out of
    /// range.
    #[error("\"{unit}\" cannot be raised to the power {exponent}: {reason}")]
    Power {
        /// The unit.
        unit: String,
        /// The exponent.
        exponent: f64,
        /// Why.
        reason: &'static str,
    },

    /// A unit whose exponents or factor cannot be represented.
    #[error(
        "the unit \"{text}\" is out of range: an exponent beyond ±32767, or a factor outside 1e-300 to 1e300"
    )]
    OutOfRange {
        /// The whole text.
        text: String,
    },

    /// A number that is missing or not finite.
    #[error("expected a number at the start of \"{text}\", such as \"1.01 1/h\"")]
    Number {
        /// The whole text.
        text: String,
    },

    /// Another error, with the place where it arose.
    #[error("{context}: {source}")]
    Context {
        /// Equation, parameter or file position.
        context: String,
        /// The error itself.
        source: Box<UnitError>,
    },
}

fn advice(suggestion: &Option<String>) -> String {
    match suggestion {
        Some(symbol) => format!("; did you mean \"{symbol}\"?"),
        None => "; only the unit belongs here, what is measured belongs to the name".to_owned(),
    }
}

impl UnitError {
    /// Adds the place where the error arose: an equation, a parameter's name, a
    /// file and line.
    #[must_use]
    pub fn context(self, context: impl Into<String>) -> UnitError {
        UnitError::Context {
            context: context.into(),
            source: Box::new(self),
        }
    }

    /// Byte offset into the parsed text, where there is one.
    pub fn offset(&self) -> Option<usize> {
        match self {
            UnitError::Unknown { offset, .. }
            | UnitError::Refused { offset, .. }
            | UnitError::Syntax { offset, .. } => Some(*offset),
            UnitError::Context { source, .. } => source.offset(),
            _ => None,
        }
    }
}

impl UnitError {
    /// The same error, with the unit's text embedded at `by` in `whole`.
    pub(crate) fn shifted(mut self, whole: &str, by: usize) -> UnitError {
        match &mut self {
            UnitError::Unknown { text, offset, .. }
            | UnitError::Refused { text, offset, .. }
            | UnitError::Syntax { text, offset, .. } => {
                *offset += by;
                whole.clone_into(text);
            }
            _ => {}
        }
        self
    }
}
