//! Parameters with unit, spread, source and mark, as they stand in `parameters/*.toml`.

use gutskin_units::Unit;
use std::collections::BTreeMap;
use std::fmt;

mod file;

pub use file::ParameterFileError;

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Read in the source named.
    Read,
    /// Computed from numbers read in the source named.
    Computed,
    /// Fitted to data named in the note.
    Fitted,
    /// An assumption: a starting value with a prior, not a fact.
    Assumed,
}

impl Mark {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Read => "read",
            Mark::Computed => "computed",
            Mark::Fitted => "fitted",
            Mark::Assumed => "assumed",
        }
    }

    /// The mark of that word.
    pub fn from_word(word: &str) -> Option<Mark> {
        [Mark::Read, Mark::Computed, Mark::Fitted, Mark::Assumed]
            .into_iter()
            .find(|m| m.word() == word)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How a number varies between people or how uncertain it is, around the parameter's value. Numbers carry the
/// parameter's own unit; logarithmic and coefficient-of-variation forms are relative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Known exactly, or not varied.
    Fixed,
    /// Normal with standard deviation `sd`, the value being the mean.
    Normal {
        /// Standard deviation, in the parameter's unit.
        sd: f64,
    },
    /// Lognormal with `sd_ln` the standard deviation of the logarithm, the value being the median.
    LogNormal {
        /// Standard deviation of ln(value).
        sd_ln: f64,
    },
    /// Uniform between bounds.
    Uniform {
        /// Lower bound, in the parameter's unit.
        low: f64,
        /// Upper bound, in the parameter's unit.
        high: f64,
    },
    /// Uniform in the logarithm between bounds.
    LogUniform {
        /// Lower bound, in the parameter's unit; positive.
        low: f64,
        /// Upper bound, in the parameter's unit.
        high: f64,
    },
    /// Normal cut to an interval, the value being the mean of the uncut normal.
    TruncatedNormal {
        /// Standard deviation of the uncut normal, in the parameter's unit.
        sd: f64,
        /// Lower bound, in the parameter's unit.
        low: f64,
        /// Upper bound, in the parameter's unit.
        high: f64,
    },
}

/// As overrides write it: `lognormal(sd_ln=0.3)`.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spread::Fixed => write!(f, "fixed"),
            Spread::Normal { sd } => write!(f, "normal(sd={sd})"),
            Spread::LogNormal { sd_ln } => write!(f, "lognormal(sd_ln={sd_ln})"),
            Spread::Uniform { low, high } => write!(f, "uniform(low={low}, high={high})"),
            Spread::LogUniform { low, high } => write!(f, "log_uniform(low={low}, high={high})"),
            Spread::TruncatedNormal { sd, low, high } => {
                write!(f, "truncated_normal(sd={sd}, low={low}, high={high})")
            }
        }
    }
}

impl Spread {
    /// The lognormal spread with this coefficient of variation.
    ///
    /// # Errors
    /// A coefficient that is negative or not finite.
    pub fn lognormal_of_cv(cv: f64) -> Result<Spread, String> {
        if cv.is_finite() && cv >= 0.0 {
            let sd_ln = libm::log1p(cv * cv).sqrt();
            Ok(Spread::LogNormal { sd_ln })
        } else {
            Err(format!(
                "the coefficient of variation is {cv}; it must be zero or more"
            ))
        }
    }

    /// The spread with every absolute number multiplied by `factor` (for a change of unit).
    pub fn scaled(self, factor: f64) -> Spread {
        match self {
            Spread::Fixed | Spread::LogNormal { .. } => self,
            Spread::Normal { sd } => Spread::Normal { sd: sd * factor },
            Spread::Uniform { low, high } => Spread::Uniform {
                low: low * factor,
                high: high * factor,
            },
            Spread::LogUniform { low, high } => Spread::LogUniform {
                low: low * factor,
                high: high * factor,
            },
            Spread::TruncatedNormal { sd, low, high } => Spread::TruncatedNormal {
                sd: sd * factor,
                low: low * factor,
                high: high * factor,
            },
        }
    }

    /// The spread after the value alone was set to `value`: people drawn evenly between bounds would not see the value, so
    /// that everybody gets it. Outside the bounds they stay, for [`Spread::check`] to refuse. Other spreads hang on the value.
    #[must_use]
    pub fn set_to(self, value: f64) -> Spread {
        match self {
            Spread::Uniform { low, high } | Spread::LogUniform { low, high }
                if low <= value && value <= high =>
            {
                Spread::Fixed
            }
            other => other,
        }
    }

    /// Checks that the spread makes sense around `value`.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what is needed.
    pub fn check(&self, value: f64) -> Result<(), String> {
        let positive = |x: f64, what: &str| {
            if x.is_finite() && x >= 0.0 {
                Ok(())
            } else {
                Err(format!("{what} is {x}; it must be zero or more"))
            }
        };
        let ordered = |low: f64, high: f64| {
            if low.is_finite() && high.is_finite() && low < high && low <= value && value <= high {
                Ok(())
            } else {
                Err(format!(
                    "bounds {low} … {high} must be finite, in order, and hold the value {value}"
                ))
            }
        };
        match *self {
            Spread::Fixed => Ok(()),
            Spread::Normal { sd } => positive(sd, "sd"),
            Spread::LogNormal { sd_ln } => {
                positive(sd_ln, "sd_ln")?;
                if value > 0.0 {
                    Ok(())
                } else {
                    Err(format!("a lognormal needs a positive value, not {value}"))
                }
            }
            Spread::Uniform { low, high } => ordered(low, high),
            Spread::LogUniform { low, high } => {
                if low > 0.0 {
                    ordered(low, high)
                } else {
                    Err(format!(
                        "a log-uniform needs a positive lower bound, not {low}"
                    ))
                }
            }
            Spread::TruncatedNormal { sd, low, high } => {
                positive(sd, "sd")?;
                ordered(low, high)
            }
        }
    }
}

/// One parameter as a file gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterEntry {
    /// Full name, `module.name`.
    pub name: String,
    /// Central value, in `unit`.
    pub value: f64,
    /// Unit of the value as written.
    pub unit: Unit,
    /// Spread, in `unit`.
    pub spread: Spread,
    /// Key of the source, for example `Kettle2023`.
    pub source: String,
    /// Where the number comes from.
    pub mark: Mark,
    /// What it is and how it was chosen; may be empty.
    pub note: String,
    /// File and line, for messages.
    pub origin: String,
}

/// Every parameter known, by name.
#[derive(Clone, Debug, Default)]
pub struct ParameterTable {
    entries: BTreeMap<String, ParameterEntry>,
    citations: BTreeMap<String, String>,
}

impl ParameterTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// The entry that already stands under that name, where there is one.
    pub fn insert(&mut self, entry: ParameterEntry) -> Result<(), Box<ParameterEntry>> {
        if let Some(old) = self.entries.get(&entry.name) {
            return Err(Box::new(old.clone()));
        }
        self.entries.insert(entry.name.clone(), entry);
        Ok(())
    }

    /// The entry under a name.
    pub fn get(&self, name: &str) -> Option<&ParameterEntry> {
        self.entries.get(name)
    }

    /// The entry under a name, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut ParameterEntry> {
        self.entries.get_mut(name)
    }

    /// All entries, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &ParameterEntry> {
        self.entries.values()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True where nothing was added.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Records the full citation behind a source key.
    pub fn cite(&mut self, key: impl Into<String>, citation: impl Into<String>) {
        self.citations.insert(key.into(), citation.into());
    }

    /// Citations by source key.
    pub fn citations(&self) -> &BTreeMap<String, String> {
        &self.citations
    }

    /// The known name most like `name`, for "did you mean".
    pub fn nearest(&self, name: &str) -> Option<&str> {
        crate::nearest(name, self.entries.keys().map(String::as_str))
    }
}
