//! How old the people of a population are, and the life stage that stands for them.

use super::{PopulationError, Request, RuleError};
use gutskin_biology::stages::{ADULT_FROM, STAGES, Stage, of_age};

/// Nobody has been older, years.
const OLDEST: f64 = 125.0;
/// Below it an infant's food says which stage it is, years.
const BY_FOOD: f64 = 0.5;
/// How infants under half a year may be fed.
const FEEDINGS: [&str; 2] = ["breast", "formula"];

/// Bounds of age in years where they are told, and the stage of children.
pub(super) fn read(
    request: &Request,
) -> Result<(Option<[f64; 2]>, Option<&'static Stage>), PopulationError> {
    let fed = request.feeding.as_deref();
    let fault = |said: &str, problem: String, advice: String| RuleError {
        said: said.to_owned(),
        problem,
        advice,
    };
    let not_asked = |fed: &str| {
        fault(
            fed,
            "feeding says which infants of under half a year are drawn, and moves nobody else"
                .to_owned(),
            "Leave --feeding out, or ask for --age 0-0.5".to_owned(),
        )
    };
    let Some(said) = &request.ages else {
        return match fed {
            Some(fed) => Err(not_asked(fed).into()),
            None => Ok((None, None)),
        };
    };
    let Some([low, high]) = parts(said) else {
        let advice = "Write --age 18-65, or one age as --age 6".to_owned();
        return Err(fault(said, "it is no range of ages in years".to_owned(), advice).into());
    };
    if low > high || !(0.0..=OLDEST).contains(&low) || high > OLDEST {
        let problem = format!("nobody is {low} to {high} years old");
        let advice = "The lower age comes first; ages are years".to_owned();
        return Err(fault(said, problem, advice).into());
    }
    if low >= ADULT_FROM {
        return match fed {
            Some(fed) => Err(not_asked(fed).into()),
            None => Ok((Some([low, high]), None)),
        };
    }
    if let Some(word) = fed
        && !FEEDINGS.contains(&word)
    {
        let problem = "no such feeding of infants".to_owned();
        return Err(fault(word, problem, "Write breast or formula".to_owned()).into());
    }
    if let Some(word) = fed
        && low >= BY_FOOD
    {
        return Err(not_asked(word).into());
    }
    let stage = of_age(low, fed == Some("formula"));
    let Some(stage) = stage.filter(|stage| high <= stage.ages[1]) else {
        let mut known: Vec<[f64; 2]> = STAGES.iter().map(|s| s.ages).collect();
        known.retain(|[low, high]| of_age(*low, false).is_some_and(|s| s.ages[1] == *high));
        known.dedup();
        let known = known.iter().map(|[low, high]| format!("{low}-{high}"));
        let problem = format!(
            "people of {low} to {high} years are of several life stages, which have models of their own"
        );
        let advice = format!(
            "Draw a population for each: --age {}, or grown people from {ADULT_FROM} years on",
            known.collect::<Vec<_>>().join(", ")
        );
        return Err(fault(said, problem, advice).into());
    };
    if low < BY_FOOD && fed.is_none() {
        let problem = "infants of under half a year are those at the breast or on formula, which have models of their own".to_owned();
        let advice = "Add --feeding breast or --feeding formula".to_owned();
        return Err(fault(said, problem, advice).into());
    }
    Ok((Some([low, high]), Some(stage)))
}

/// `18-65`, `18..65`, `6`, each with or without a year's unit.
fn parts(said: &str) -> Option<[f64; 2]> {
    let number = |text: &str| {
        let text = text.trim().trim_end_matches("years").trim_end_matches('y');
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|age| age.is_finite())
    };
    match said.split_once("..").or_else(|| said.split_once('-')) {
        Some((low, high)) => Some([number(low)?, number(high)?]),
        None => number(said).map(|age| [age; 2]),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(ages: &str, feeding: Option<&str>) -> Result<Option<&'static str>, String> {
        let request = Request {
            ages: Some(ages.to_owned()),
            feeding: feeding.map(str::to_owned),
            ..Request::default()
        };
        let read = read(&request).map_err(|e| e.to_string())?;
        Ok(read.1.map(|stage| stage.id))
    }

    #[test]
    fn ages_say_the_stage() {
        for (ages, feeding, stage) in [
            ("18-65", None, None),
            ("12..17 y", None, None),
            ("6-11", None, Some("child")),
            ("6", None, Some("child")),
            ("1 - 3", None, Some("toddler")),
            ("0.5-1", None, Some("infant_weaning")),
            ("0-0.5", Some("formula"), Some("infant_formula")),
            ("0.2-0.4", Some("breast"), Some("infant_breastfed")),
        ] {
            assert_eq!(of(ages, feeding), Ok(stage), "{ages}");
        }
    }

    #[test]
    fn ages_that_nobody_has_or_that_span_stages_are_refused_with_a_mend() {
        for (ages, feeding, part) in [
            ("grown", None, "--age 18-65"),
            ("65-18", None, "lower age comes first"),
            ("18-200", None, "nobody is 18 to 200"),
            (
                "6-18",
                None,
                "--age 0-0.5, 0.5-1, 1-3, 3-12, or grown people from 12",
            ),
            ("0-0.5", None, "--feeding breast"),
            ("0-0.5", Some("soy"), "breast or formula"),
            ("6-11", Some("breast"), "Leave --feeding out"),
            ("18-65", Some("breast"), "Leave --feeding out"),
        ] {
            let said = of(ages, feeding).unwrap_err();
            assert!(said.contains(part), "{ages}: {said}");
        }
    }
}
