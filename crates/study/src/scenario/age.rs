//! Ages in years, and the life stage that stands for them.

use super::{ScenarioError, file};
use gutskin_biology::stages::{ADULT_FROM, STAGES, Stage};
use gutskin_units::{Quantity, Unit};
use std::ops::Range;
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// Younger people are simulated as adults, which is said.
const GROWN: f64 = 18.0;

/// The ages of those who enter, years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ages {
    /// The youngest.
    pub low: f64,
    /// The oldest.
    pub high: f64,
}

impl Ages {
    /// In words.
    #[must_use]
    pub fn in_words(self) -> String {
        let years = |age: f64| format!("{}", (age * 100.0).round() / 100.0);
        if self.high.is_finite() {
            format!("{} to {} years", years(self.low), years(self.high))
        } else {
            format!("{} years or more", years(self.low))
        }
    }

    /// What is to be said of them; nothing where the model has their age.
    pub(super) fn doubt(self) -> Option<&'static str> {
        (self.low >= ADULT_FROM && self.low < GROWN).then_some(
            "people below 18 years are simulated as adults, beside the hormones of their age",
        )
    }
}

/// Reads ages and finds the stage that stands for them: nothing for adults, or where no ages are asked for.
pub(super) fn read(
    (name, text): (&str, &str),
    raw: Option<&Spanned<file::Age>>,
    stage: Option<&Spanned<String>>,
) -> Result<Option<(Ages, Option<&'static Stage>)>> {
    let Some(age) = raw else {
        return Ok(None);
    };
    let fault = |span, message: String| ScenarioError::new(name, text, Some(span), message);
    let bound = |text: &Option<Spanned<String>>, other| match text {
        None => Ok(other),
        Some(t) => years(t.as_ref()).map_err(|e| {
            fault(t.span(), e)
                .with_help("write an age with its unit, for example \"18 y\" or \"40 wk\"")
        }),
    };
    let ages = Ages {
        low: bound(&age.as_ref().low, 0.0)?,
        high: bound(&age.as_ref().high, f64::INFINITY)?,
    };
    /// Nobody has been older.
    const OLDEST: f64 = 125.0;
    if !(0.0..=OLDEST).contains(&ages.low) || ages.low > ages.high {
        return Err(
            fault(age.span(), format!("nobody is {}", ages.in_words())).with_help(
                "low is the lower of the two, for example low = \"18 y\", high = \"65 y\"",
            ),
        );
    }
    let stage = of_ages(ages, stage).map_err(|e| fault(age.span(), e.0).with_help(e.1))?;
    Ok(Some((ages, stage)))
}

fn years(text: &str) -> std::result::Result<f64, String> {
    let year = Unit::parse("y").map_err(|e| e.to_string())?;
    let age = Quantity::parse(text).and_then(|q| q.unit.convert(q.value, &year));
    age.map_err(|e| e.to_string())
}

/// The stage whose ages hold all of these. A fault comes with its mend.
fn of_ages(
    ages: Ages,
    named: Option<&Spanned<String>>,
) -> std::result::Result<Option<&'static Stage>, (String, String)> {
    let holds = |[low, high]: [f64; 2]| low <= ages.low && ages.high <= high;
    if let Some(named) = named {
        let stage = STAGES.iter().find(|s| s.id == named.as_ref());
        // A name that stands for none is told where stages are laid over.
        return match stage {
            Some(s) if !holds(s.ages) => Err((
                format!(
                    "life stage \"{}\" stands for {} to {} years, not for {}",
                    s.id,
                    s.ages[0],
                    s.ages[1],
                    ages.in_words()
                ),
                "leave one of the two out, or let them agree".to_owned(),
            )),
            _ => Ok(stage),
        };
    }
    if ages.low >= ADULT_FROM {
        return Ok(None);
    }
    let fitting: Vec<&Stage> = STAGES.iter().filter(|s| holds(s.ages)).collect();
    let ids = |of: &[&Stage]| of.iter().map(|s| s.id).collect::<Vec<_>>().join(", ");
    match fitting.as_slice() {
        [one] => Ok(Some(one)),
        [] => {
            let known = STAGES
                .iter()
                .map(|s| format!("{} {} to {}", s.id, s.ages[0], s.ages[1]));
            Err((
                format!("no life stage holds people of {}", ages.in_words()),
                format!(
                    "run a trial for each stage; years: {}, adults {ADULT_FROM} or more",
                    known.collect::<Vec<_>>().join(", ")
                ),
            ))
        }
        several => Err((
            format!(
                "people of {} may be of several life stages",
                ages.in_words()
            ),
            format!(
                "name one of them as life_stage under [scenario]: {}",
                ids(several)
            ),
        )),
    }
}

/// The name of a stage, at the place where ages stand.
pub(super) fn named(stage: &Stage, at: Range<usize>) -> Spanned<String> {
    Spanned::new(at, stage.id.to_owned())
}
