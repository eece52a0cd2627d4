//! Somebody's own measurements laid over simulated courses, and how far off these are.

use crate::simulate::Series;
use gutskin_network::nearest;
use gutskin_units::Unit;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why measurements could not be read or laid over.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{file}:{line}: {message}")]
pub struct MeasuredError {
    /// Name of the file.
    pub file: String,
    /// Line in it.
    pub line: u64,
    /// What was found, what was expected.
    pub message: String,
}

/// A measurement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Arm; every arm where none is named.
    pub arm: Option<String>,
    /// State or observable.
    pub name: String,
    /// Days from the start of treatment.
    pub day: f64,
    /// What was measured, in the unit of the model.
    pub value: f64,
    /// Its standard deviation or error, where known, in the same unit.
    pub sd: Option<f64>,
}

/// How far a course is from the measurements of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Scenario of the course.
    pub scenario: String,
    /// Arm of the course.
    pub arm: String,
    /// What was measured.
    pub name: String,
    /// Unit of bias and error.
    pub unit: String,
    /// Measurements within the time of the course.
    pub points: usize,
    /// Mean of simulated less measured.
    pub bias: f64,
    /// Root of the mean square of simulated less measured.
    pub error: f64,
    /// The same over the standard deviations of the points, where all have one: 1 where these explain the distance.
    pub standardised: Option<f64>,
    /// Share of the points between the 5 % and 95 % quantiles of people, where several were simulated.
    pub within: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    arm: String,
    name: String,
    day: f64,
    value: f64,
    sd: Option<f64>,
    #[serde(default)]
    unit: String,
}

/// Reads a table with columns `name`, `day`, `value` and, where wanted, `arm`, `sd` and `unit`; values in another unit
/// are converted to that of the course.
///
/// # Errors
/// The first row that does not fit, with its line.
pub fn read(file: &str, text: &str, all: &[Series]) -> Result<Vec<Point>, MeasuredError> {
    let fail = |line: u64, message: String| MeasuredError {
        file: file.to_owned(),
        line,
        message,
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let mut points = Vec::new();
    let mut rows = reader.deserialize::<Row>();
    loop {
        let line = rows.reader().position().line();
        let Some(row) = rows.next() else { break };
        let row = row.map_err(|e| {
            let line = e.position().map_or(line, csv::Position::line);
            fail(
                line,
                format!(
                    "{}; columns are name, day, value and, where wanted, arm, sd, unit",
                    told(&e)
                ),
            )
        })?;
        points.push(point(row, all).map_err(|message| fail(line, message))?);
    }
    if points.is_empty() {
        return Err(fail(
            1,
            "no measurement stands here; write one row for each".to_owned(),
        ));
    }
    Ok(points)
}

/// The names that a table of measurements speaks of, each once; none where it does not read, which [`read()`] tells.
#[must_use]
pub fn names(text: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let mut found: Vec<String> = Vec::new();
    for row in reader.deserialize::<Row>().flatten() {
        if !found.contains(&row.name) {
            found.push(row.name);
        }
    }
    found
}

/// What the reader of the table says, without its own place.
fn told(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths {
            len, expected_len, ..
        } => {
            format!("{len} cells where the first line has {expected_len}")
        }
        _ => error.to_string(),
    }
}

fn point(row: Row, all: &[Series]) -> Result<Point, String> {
    let hint = |wrong: &str, known: Vec<&str>| match nearest(wrong, known.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("simulated were: {}", known.join(", ")),
    };
    let mut names: Vec<&str> = all.iter().map(|s| s.name.as_str()).collect();
    names.dedup();
    let Some(course) = all.iter().find(|s| s.name == row.name) else {
        return Err(format!(
            "nothing named \"{}\" was simulated; {} (--show names what is)",
            row.name,
            hint(&row.name, names)
        ));
    };
    let mut arms: Vec<&str> = all.iter().map(|s| s.arm.as_str()).collect();
    arms.dedup();
    if !row.arm.is_empty() && !arms.contains(&row.arm.as_str()) {
        return Err(format!(
            "no arm is named \"{}\"; {}",
            row.arm,
            hint(&row.arm, arms)
        ));
    }
    if !row.day.is_finite() || !row.value.is_finite() {
        return Err("day and value must be finite numbers".to_owned());
    }
    if row.sd.is_some_and(|sd| !(sd > 0.0 && sd.is_finite())) {
        return Err("sd must be above zero; leave it empty where it is not known".to_owned());
    }
    let convert = |value: f64| -> Result<f64, String> {
        if row.unit.is_empty() {
            return Ok(value);
        }
        let from = Unit::parse(&row.unit).map_err(|e| e.to_string())?;
        let to = match course.unit.as_str() {
            "" => Unit::dimensionless(),
            unit => Unit::parse(unit).map_err(|e| e.to_string())?,
        };
        from.convert(value, &to).map_err(|e| e.to_string())
    };
    Ok(Point {
        value: convert(row.value)?,
        sd: row.sd.map(convert).transpose()?,
        arm: Some(row.arm).filter(|arm| !arm.is_empty()),
        name: row.name,
        day: row.day,
    })
}

impl Point {
    /// Is it of a day that a course of it holds? Others are in no score.
    #[must_use]
    pub fn is_within(&self, all: &[Series]) -> bool {
        let holds = |s: &&Series| {
            let ends = s.days.first().zip(s.days.last());
            ends.is_some_and(|(first, last)| (*first..=*last).contains(&self.day))
        };
        all.iter().filter(|s| self.is_of(s)).any(|s| holds(&s))
    }

    /// Does it belong to this course?
    #[must_use]
    pub fn is_of(&self, course: &Series) -> bool {
        self.name == course.name && self.arm.as_ref().is_none_or(|arm| *arm == course.arm)
    }
}

/// How far each course with measurements is from them; between rows of a course a straight line holds.
#[must_use]
pub fn scores(all: &[Series], points: &[Point]) -> Vec<Score> {
    all.iter()
        .filter_map(|course| score(course, points))
        .collect()
}

/// A measurement beside mean, 5 % and 95 % of the people simulated.
type Compared<'p> = (&'p Point, [f64; 3]);

fn score(course: &Series, points: &[Point]) -> Option<Score> {
    let here = points.iter().filter(|p| p.is_of(course));
    let compared: Vec<Compared<'_>> = here
        .filter_map(|p| {
            let at = |v: &[f64]| between(&course.days, v, p.day);
            Some((p, [at(&course.mean)?, at(&course.low)?, at(&course.high)?]))
        })
        .collect();
    if compared.is_empty() {
        return None;
    }
    let count = compared.len() as f64;
    let mean = |of: &dyn Fn(&Compared<'_>) -> f64| compared.iter().map(of).sum::<f64>() / count;
    let known = compared.iter().all(|(p, _)| p.sd.is_some());
    let off = |(p, [value, ..]): &Compared<'_>| value - p.value;
    Some(Score {
        scenario: course.scenario.clone(),
        arm: course.arm.clone(),
        name: course.name.clone(),
        unit: course.unit.clone(),
        points: compared.len(),
        bias: mean(&off),
        error: mean(&|c| off(c).powi(2)).sqrt(),
        standardised: known
            .then(|| mean(&|c| (off(c) / c.0.sd.unwrap_or(f64::INFINITY)).powi(2)).sqrt()),
        within: (course.people > 1).then(|| {
            mean(&|(p, [_, low, high])| f64::from(u8::from((*low..=*high).contains(&p.value))))
        }),
    })
}

/// Value at a time by straight lines between rows; nothing outside of them.
fn between(days: &[f64], values: &[f64], day: f64) -> Option<f64> {
    let after = days.iter().position(|d| *d >= day)?;
    let (x, y) = (days[after], values[after]);
    if x == day {
        return Some(y);
    }
    let before = after.checked_sub(1)?;
    let share = (day - days[before]) / (x - days[before]);
    Some(values[before] + share * (y - values[before]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn course(people: usize) -> Series {
        Series {
            scenario: "s".to_owned(),
            arm: "diet".to_owned(),
            name: "gut.acid".to_owned(),
            unit: "mmol/L".to_owned(),
            meaning: String::new(),
            days: vec![0.0, 10.0, 20.0],
            mean: vec![1.0, 2.0, 4.0],
            low: vec![0.5, 1.0, 3.0],
            high: vec![2.0, 3.0, 5.0],
            people,
            failed: 0,
            first_failure: None,
        }
    }

    #[test]
    fn scores_are_those_of_hand() {
        let all = [course(9)];
        let text = "name,day,value,sd,unit\ngut.acid,5,1000,500,umol/L\ngut.acid,20,1,0.5,mmol/L\ngut.acid,30,9,1,mmol/L\n";
        let points = read("mine.csv", text, &all).unwrap();
        assert_eq!(points[0].value, 1.0);
        let within: Vec<bool> = points.iter().map(|p| p.is_within(&all)).collect();
        assert_eq!(within, [true, true, false]);
        let scores = scores(&all, &points);
        let score = &scores[0];
        // 1.5 − 1 and 4 − 1; the third lies after the end.
        assert_eq!(score.points, 2);
        assert!((score.bias - 1.75).abs() < 1e-12);
        assert!((score.error - (9.25f64 / 2.0).sqrt()).abs() < 1e-12);
        assert!((score.standardised.unwrap() - (37.0f64 / 2.0).sqrt()).abs() < 1e-12);
        assert_eq!(score.within, Some(0.5));
    }

    #[test]
    fn mistakes_have_their_line() {
        let all = [course(1)];
        for (row, line, message) in [
            ("gut.acids,1,2,,", 2, "did you mean \"gut.acid\"?"),
            ("gut.acid,1,2,,kg", 2, "convert"),
            ("gut.acid,soon,2,,", 2, "columns are name, day, value"),
            ("gut.acid,1,2,-1,", 2, "sd must be above zero"),
            ("gut.acid,1,nan,,", 2, "finite"),
            (
                "gut.acid,1,2,,\ngut.acid,1",
                3,
                "2 cells where the first line has 5",
            ),
            ("", 1, "no measurement"),
        ] {
            let text = format!("name,day,value,sd,unit\n{row}");
            let error = read("mine.csv", &text, &all).unwrap_err();
            assert_eq!(error.line, line, "{row}: {error}");
            assert!(error.message.contains(message), "{row}: {error}");
        }
        let error = read("mine.csv", "arm,name,day,value\ndiets,gut.acid,1,2", &all).unwrap_err();
        assert!(error.message.contains("did you mean \"diet\"?"), "{error}");
        let error = read("mine.csv", "name,days,value\ngut.acid,1,2", &all).unwrap_err();
        assert!(error.message.contains("days"), "{error}");
    }
}
