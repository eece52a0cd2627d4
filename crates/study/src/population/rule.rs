//! Who is let in by what they would read at rest, without noise: `16..72` of the condition's score, or `SCORAD 25..63`.

use super::{Found, PopulationError, Request, Standing};
use gutskin_network::{Network, ParameterTable, nearest};
use gutskin_people::baselines::baselines;
use gutskin_people::person::{Readable, readables};
use thiserror::Error;

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What is read, in words.
    pub title: String,
    /// Index of the observable.
    pub observable: usize,
    /// Least value, in its unit.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
}

/// A rule that says nothing.
#[derive(Debug, Error)]
#[error("\"{said}\": {problem}. {advice}")]
pub struct RuleError {
    /// The rule as written.
    pub said: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub advice: String,
}

impl Rule {
    fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// `EASI 16 to 72`.
    fn in_words(&self) -> String {
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, false) => format!("{} of {} or more", self.title, self.low),
            (false, _) => format!("{} of {} or less", self.title, self.high),
            _ => format!("{} {} to {}", self.title, self.low, self.high),
        }
    }
}

/// The rules of a request.
pub(super) fn rules(
    request: &Request,
    network: &Network,
    table: &ParameterTable,
) -> Result<Vec<Rule>, PopulationError> {
    let readables = readables(table)?;
    let known = names(request, network, &readables)?;
    let mut rules = Vec::new();
    if let Some(said) = &request.severity {
        let score = score(&request.condition, &readables).map(|r| r.id.as_str());
        rules.push(rule(said, score, &known, request)?);
    }
    for said in &request.include {
        rules.push(rule(said, None, &known, request)?);
    }
    Ok(rules)
}

/// The score by which a condition's severity is told: the first of its readings.
fn score<'r>(condition: &str, readables: &'r [Readable]) -> Option<&'r Readable> {
    let of = |r: &&Readable| r.score && r.condition.as_deref() == Some(condition);
    readables.iter().find(of)
}

/// What a rule may name, with the name in words, the observable and what can be.
struct Known {
    name: String,
    title: String,
    observable: usize,
    bounds: [f64; 2],
}

fn names(
    request: &Request,
    network: &Network,
    readables: &[Readable],
) -> Result<Vec<Known>, PopulationError> {
    const ANY: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];
    let mut known: Vec<Known> = Vec::new();
    let mut take = |names: [&str; 3], title: &str, bounds: [f64; 2]| {
        let Some(observable) = network.observable(names[2]) else {
            return;
        };
        for name in names {
            if known.iter().all(|k| k.name != name.to_lowercase()) {
                known.push(Known {
                    name: name.to_lowercase(),
                    title: title.to_owned(),
                    observable: observable as usize,
                    bounds,
                });
            }
        }
    };
    for r in readables {
        take([&r.id, &r.title, &r.observable], &r.title, r.bounds);
    }
    for b in baselines(&request.condition)? {
        take([&b.id, &b.title, &b.observable], &b.title, ANY);
    }
    for o in &network.observables {
        take([&o.name; 3], &o.name, ANY);
    }
    Ok(known)
}

fn rule(
    said: &str,
    score: Option<&str>,
    known: &[Known],
    request: &Request,
) -> Result<Rule, RuleError> {
    let fault = |problem: String, advice: String| RuleError {
        said: said.to_owned(),
        problem,
        advice,
    };
    let (name, low, high) = parts(said).ok_or_else(|| {
        let problem = "it is no range of numbers".to_owned();
        let example = match score {
            Some(_) => "16..72, 16.. or ..50",
            None => "\"EASI 16..72\" or \"immune.crp ..10\"",
        };
        fault(problem, format!("Write {example}"))
    })?;
    let wanted = match (name, score) {
        ("", Some(score)) => score.to_owned(),
        ("", None) => {
            let advice = "Write \"EASI 16..72\"; --severity 16..72 is of the condition's score";
            let problem = "it does not say of what the range is".to_owned();
            return Err(fault(problem, advice.to_owned()));
        }
        (name, _) => name.to_lowercase(),
    };
    let Some(found) = known.iter().find(|k| k.name == wanted) else {
        let problem = format!(
            "nobody with the condition \"{}\" has a \"{name}\" in this model",
            request.condition
        );
        let advice = match nearest(&wanted, known.iter().map(|k| k.name.as_str())) {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None => format!(
                "`gutskin model --model axis_{} observables` lists what there is",
                request.condition
            ),
        };
        return Err(fault(problem, advice));
    };
    if low > high {
        let problem = format!("nobody has a value between {low} and {high}");
        return Err(fault(problem, format!("Write {high}..{low}")));
    }
    let [least, most] = found.bounds;
    if low > most || high < least {
        let problem = format!("{} runs from {least} to {most}", found.title);
        return Err(fault(problem, "Write a range within".to_owned()));
    }
    Ok(Rule {
        title: found.title.clone(),
        observable: found.observable,
        low,
        high,
    })
}

/// Name (which may be missing) and bounds (one of which may be).
fn parts(said: &str) -> Option<(&str, f64, f64)> {
    let (left, right) = said.split_once("..").or_else(|| said.rsplit_once(" to "))?;
    let number = |text: &str| text.parse::<f64>().ok().filter(|v| v.is_finite());
    let (left, right) = (left.trim_end(), right.trim());
    let at = left.rfind([' ', '=']).map_or(0, |at| at + 1);
    let (name, low) = match left[at..].trim() {
        "" => (&left[..at], None),
        last => match number(last) {
            Some(low) => (&left[..at], Some(low)),
            None => (left, None),
        },
    };
    let high = match right {
        "" => None,
        right => Some(number(right)?),
    };
    (low.is_some() || high.is_some()).then_some(())?;
    let name = name.trim().trim_end_matches('=').trim_end();
    Some((
        name,
        low.unwrap_or(f64::NEG_INFINITY),
        high.unwrap_or(f64::INFINITY),
    ))
}

/// Says of people whom a rule does not let in which it is, and counts them rule by rule.
pub(super) fn screen(
    rules: &[Rule],
    people: &[Found],
    standing: &mut [Standing],
) -> Result<Vec<(String, usize)>, PopulationError> {
    let left: Vec<(usize, &Vec<f64>)> = (people.iter().enumerate())
        .filter(|(at, _)| standing[*at].left_out.is_empty())
        .filter_map(|(at, person)| Some((at, person.as_ref().ok()?)))
        .collect();
    let mut counted = Vec::new();
    let mut let_in = left.len();
    for (at, person) in &left {
        let against = rules.iter().filter(|r| !r.holds(person[r.observable]));
        let against: Vec<String> = against.map(Rule::in_words).collect();
        if !against.is_empty() {
            standing[*at].left_out = format!("{NOT_LET_IN}{}", against.join(", "));
            let_in -= 1;
        }
    }
    for rule in rules {
        let out = left.iter().filter(|(_, p)| !rule.holds(p[rule.observable]));
        counted.push((rule.in_words(), out.count()));
    }
    if let_in == 0 && !left.is_empty() {
        let values: Vec<&Vec<f64>> = left.iter().map(|(_, person)| *person).collect();
        return Err(PopulationError::NobodyLetIn {
            plausible: left.len(),
            why: in_words_with(rules, &values),
        });
    }
    Ok(counted)
}

/// What a rule says that lets somebody in no further: what stands of who is not let in begins so.
const NOT_LET_IN: &str = "not let in: ";

/// Everybody whom rules were asked of.
pub(super) fn screened<'p>(people: &'p [Found], standing: &[Standing]) -> Vec<&'p Vec<f64>> {
    let asked = people
        .iter()
        .zip(standing)
        .filter(|(_, s)| s.left_out.is_empty() || s.left_out.starts_with(NOT_LET_IN));
    asked
        .filter_map(|(person, _)| person.as_ref().ok())
        .collect()
}

/// Rule by rule, what is asked for and what these people have.
pub(super) fn in_words_with(rules: &[Rule], people: &[&Vec<f64>]) -> String {
    let why = rules.iter().map(|rule| {
        let values = people.iter().map(|p| p[rule.observable]);
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        format!(
            "asked for is {}, theirs is from {low:.3} to {high:.3}",
            rule.in_words()
        )
    });
    why.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_with_names_or_without_and_open_to_either_side() {
        let all = (f64::NEG_INFINITY, f64::INFINITY);
        for (said, name, low, high) in [
            ("16..72", "", 16.0, 72.0),
            ("16 to 72", "", 16.0, 72.0),
            ("16..", "", 16.0, all.1),
            ("..7.5", "", all.0, 7.5),
            ("EASI 16..72", "EASI", 16.0, 72.0),
            ("EASI=16..72", "EASI", 16.0, 72.0),
            ("EASI = 16 .. 72", "EASI", 16.0, 72.0),
            ("Itch (0 to 10) 4 to 8", "Itch (0 to 10)", 4.0, 8.0),
            ("immune.crp ..10", "immune.crp", all.0, 10.0),
            ("C-reactive protein -1..3", "C-reactive protein", -1.0, 3.0),
        ] {
            assert_eq!(parts(said), Some((name, low, high)), "{said}");
        }
        for said in ["", "16", "..", "EASI", "EASI ..", "EASI 16..x", "1..inf"] {
            assert_eq!(parts(said), None, "{said}");
        }
    }
}
