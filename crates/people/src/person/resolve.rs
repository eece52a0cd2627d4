//! From texts to units of the model: every name looked up, every unit converted, every date put in order.

use super::file::{self, Answers, File};
use super::questionnaire::Form;
use super::questionnaire::{ISI, PSQI, PSS4, PSS10};
use super::readings::{Readable, readables};
use super::told::told;
use super::{DrugTaken, Habits, Person, PersonError, ProfileFile, Reading, Result, date};
use gutskin_biology::catalogue::{by_misspelt_words, by_words, entries};
use gutskin_biology::stages::{Stage, of_age};
use gutskin_network::{ParameterTable, nearest};
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::value::Datetime;

/// Beyond these a value is a typing error.
const AGES: RangeInclusive<f64> = 0.0..=120.0;
/// Below so many years: weights in kg, heights in m. They hold whoever has lived, not who is usual.
const BODIES: [(f64, RangeInclusive<f64>, RangeInclusive<f64>); 6] = [
    (1.0, 1.0..=25.0, 0.3..=1.0),
    (2.0, 3.0..=35.0, 0.45..=1.2),
    (5.0, 4.0..=80.0, 0.5..=1.5),
    (10.0, 5.0..=180.0, 0.5..=2.0),
    (15.0, 8.0..=300.0, 0.5..=2.3),
    (f64::INFINITY, 12.0..=400.0, 0.5..=2.6),
];
/// Body mass indices that people have had, kg/m².
const BODY_MASS_INDICES: RangeInclusive<f64> = 8.0..=100.0;
/// The first day that a file may call today, 1900-01-01.
const EARLIEST: i64 = -25_567;
/// From this age on people are grown, years.
const GROWN: f64 = 18.0;
/// A reading that is older says little of today, d.
const STALE: f64 = 180.0;
/// A stool profile that is older may be of another gut, d.
const LONG_AGO: f64 = 5.0 * YEAR;
/// Readings that lie further apart are of two times, d.
const APART: f64 = 30.0;
/// Standard deviations within which 99 % of a normal variable lie.
const CENTRAL: f64 = 2.575_829;
/// Length of a year, d.
const YEAR: f64 = 365.25;

/// Ways into the world, and first food.
const DELIVERIES: [&str; 2] = ["caesarean", "vaginal"];
const FEEDINGS: [&str; 3] = ["breast", "formula", "mixed"];

/// Conditions that have a skin, and other words for them.
const CONDITIONS: [&str; 3] = ["acne", "ad", "pso"];
const ALSO_CALLED: [(&str, &str); 10] = [
    ("acne", "acne"),
    ("acne vulgaris", "acne"),
    ("atopic dermatitis", "ad"),
    ("atopic eczema", "ad"),
    ("dermatitis", "ad"),
    ("eczema", "ad"),
    ("neurodermatitis", "ad"),
    ("plaque psoriasis", "pso"),
    ("psoriasis", "pso"),
    ("psoriasis vulgaris", "pso"),
];

/// The days between which a person lives, as days of the calendar.
#[derive(Clone, Copy)]
pub(super) struct Life {
    today: i64,
    /// The first that the age allows.
    born: i64,
}

impl Life {
    /// An age in whole years may be as good as one more.
    fn new(today: i64, age: f64) -> Self {
        /// Ages with decimals are told to a month.
        const MONTH: f64 = 31.0;
        let slack = if age.fract() == 0.0 { YEAR } else { MONTH };
        let born = today - (age * YEAR + slack).ceil() as i64;
        Self { today, born }
    }
}

pub(super) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    table: &'a ParameterTable,
    known: Vec<Readable>,
}

impl<'a> Reader<'a> {
    pub fn new(file: &'a str, text: &'a str, table: &'a ParameterTable) -> Result<Self> {
        let known =
            readables(table).map_err(|e| PersonError::new(file, text, None, e.to_string()))?;
        Ok(Self {
            file,
            text,
            table,
            known,
        })
    }

    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> PersonError {
        PersonError::new(self.file, self.text, Some(span), message.into())
    }

    pub fn unknown<'k>(
        &self,
        what: &str,
        name: &Spanned<String>,
        known: impl Iterator<Item = &'k str>,
    ) -> PersonError {
        let known: Vec<&str> = known.collect();
        let named = by_words(name.as_ref(), &known);
        let near = nearest(name.as_ref(), known.iter().copied());
        let misspelt = by_misspelt_words(name.as_ref(), &known);
        let help = match near {
            _ if !named.is_empty() => format!("did you mean \"{}\"?", named.join("\" or \"")),
            Some(near) => format!("did you mean \"{near}\"?"),
            None if !misspelt.is_empty() => {
                format!("did you mean \"{}\"?", misspelt.join("\" or \""))
            }
            None if known.len() > 30 => "gutskin catalogue lists them".to_owned(),
            None => format!("known: {}", known.join(", ")),
        };
        self.error(
            name.span(),
            format!("no {what} is named \"{}\"", name.as_ref()),
        )
        .with_help(help)
    }

    /// A number of the parameter files.
    pub fn number(&self, name: &str) -> Result<f64> {
        self.table.get(name).map(|p| p.value).ok_or_else(|| {
            PersonError::new(
                self.file,
                self.text,
                None,
                format!("parameter \"{name}\" stands in no parameter file"),
            )
        })
    }

    pub fn sum(&self, form: &Form, answers: &Spanned<Answers>) -> Result<f64> {
        form.sum(answers.as_ref())
            .map_err(|problem| self.error(answers.span(), problem).with_help(form.mend()))
    }

    pub fn person(&self, raw: &File) -> Result<Person> {
        let about = raw.person.as_ref();
        let mut notes = Vec::new();
        let today = self.today(about)?;
        let age = self.age(about)?;
        let life = Life::new(today, age);
        let sex = about.sex.as_ref().as_str();
        if !["female", "male"].contains(&sex) {
            return Err(self.unknown("sex", &about.sex, ["female", "male"].into_iter()));
        }
        let condition = about.condition.as_ref().clone();
        if !CONDITIONS.contains(&condition.as_str()) {
            return Err(self.no_condition(&about.condition));
        }
        let mut habits = self.habits(&raw.questionnaire)?;
        let stage = Self::stage(about, age, &mut notes);
        let weight = self.build(about, (age, stage, &mut habits), &mut notes)?;
        self.early(about, (&condition, stage), &mut notes)?;
        self.diet(&raw.diet, stage, (&mut habits, &mut notes))?;
        let (mut readings, mut spans) = (Vec::new(), Vec::new());
        for row in &raw.scores {
            readings.push(self.score(row, &condition, life)?);
            spans.push(row.span());
        }
        for row in &raw.readings {
            let reading = self.laboratory(row, life)?;
            if reading.what.inference {
                readings.push(reading);
                spans.push(row.span());
            } else {
                notes.push(format!(
                    "{} does not measure what its name says; it is not used",
                    reading.what.title
                ));
            }
        }
        self.once(&readings, &spans)?;
        notes.extend(of_two_times(&readings));
        let old = readings.iter().filter(|r| r.day < -STALE);
        notes.extend(old.map(|r| {
            format!(
                "{} is {:.0} days old and is taken for today's usual",
                r.what.title, -r.day
            )
        }));
        let profiles = self.profiles(&raw.profiles, life)?;
        notes.extend(profiles.iter().filter_map(of_old));
        notes.extend(undated(raw, &about.date));
        let height = about.height.as_ref();
        let height = height.and_then(|h| self.quantity(h, "m").ok());
        let bmi = weight.zip(height).map(|(w, h)| w / (h * h));
        Ok(Person {
            told: told(raw, stage, bmi),
            name: about.name.clone().unwrap_or_default(),
            today,
            age,
            sex: sex.to_owned(),
            stage,
            weight,
            sensitised: about.food_allergy,
            filaggrin_loss: about.filaggrin_loss,
            free_niche: about.free_niche,
            readings,
            habits,
            drugs: self.drugs(&raw.drugs, &condition, life)?,
            profiles,
            condition,
            notes,
        })
    }

    /// A condition that is called otherwise, misspelt, or not simulated.
    fn no_condition(&self, told: &Spanned<String>) -> PersonError {
        let word = told.as_ref().trim().to_lowercase();
        let called = |word: &str| ALSO_CALLED.iter().find(|c| c.0 == word);
        let names = ALSO_CALLED.iter().map(|c| c.0).chain(CONDITIONS);
        let near = nearest(&word, names);
        let help = match (called(&word), near) {
            (Some((_, id)), _) => format!("write condition = \"{id}\""),
            (None, Some(near)) => match called(near) {
                Some((_, id)) if *id != near => {
                    format!("did you mean {near}? Write condition = \"{id}\"")
                }
                _ => format!("did you mean \"{near}\"?"),
            },
            (None, None) => "known: \"ad\" (eczema), \"pso\" (psoriasis), \"acne\"".to_owned(),
        };
        let message = format!("no condition is named \"{}\"", told.as_ref());
        self.error(told.span(), message).with_help(help)
    }

    fn today(&self, about: &file::About) -> Result<i64> {
        let today = self.date(&about.date)?;
        if today < EARLIEST {
            return Err(self
                .error(about.date.span(), "this day is before the year 1900")
                .with_help("the date in [person] is today, for example 2026-03-01"));
        }
        Ok(today)
    }

    fn age(&self, about: &file::About) -> Result<f64> {
        let age = *about.age.as_ref();
        if !AGES.contains(&age) {
            return Err(self
                .error(
                    about.age.span(),
                    format!("an age of {age} years is not possible"),
                )
                .with_help("age is in years, for example age = 34"));
        }
        Ok(age)
    }

    /// Where in life a person stands, and what of it the equations do not know.
    fn stage(about: &file::About, age: f64, notes: &mut Vec<String>) -> Option<&'static Stage> {
        let fed = about.feeding.as_ref().map(|f| f.as_ref().as_str());
        let found = of_age(age, fed == Some("formula"));
        match found {
            Some(stage) => notes.push(format!(
                "the colon and its food are those of life stage {} ({}); skin, immune and stress equations, spreads and the priors of habits are those of grown people",
                stage.id, stage.title
            )),
            None if age < GROWN => notes.push(format!(
                "no life stage stands for adolescents: {age} years count as grown"
            )),
            None => {}
        }
        if found.is_some_and(Stage::is_infant) && !matches!(fed, Some("breast" | "formula")) {
            notes.push("breast milk is taken for the infant's food; feeding = \"formula\" would be the other".to_owned());
        }
        found
    }

    /// What is told of the beginning of life and of genes.
    fn early(
        &self,
        about: &file::About,
        (condition, stage): (&str, Option<&Stage>),
        notes: &mut Vec<String>,
    ) -> Result<()> {
        let infant = stage.is_some_and(Stage::is_infant);

        let told = [
            ("delivery", &about.delivery, &DELIVERIES[..]),
            ("feeding", &about.feeding, &FEEDINGS[..]),
        ];
        for (what, word, known) in told {
            let Some(word) = word else { continue };
            if !known.contains(&word.as_ref().as_str()) {
                return Err(self.unknown(what, word, known.iter().copied()));
            }
            if what == "feeding" && infant {
                continue;
            }
            notes.push(format!(
                "{what} is told and not used: no equation of this age depends on it"
            ));
        }
        if about.filaggrin_loss.is_some() && condition != "ad" {
            notes.push(
                "filaggrin_loss is told and not used: only the skin of eczema depends on it"
                    .to_owned(),
            );
        }
        Ok(())
    }

    fn build(
        &self,
        about: &file::About,
        (age, stage, habits): (f64, Option<&Stage>, &mut Habits),
        notes: &mut Vec<String>,
    ) -> Result<Option<f64>> {
        let within = |text: &Spanned<String>, unit: &str, bounds: RangeInclusive<f64>| {
            let value = self.quantity(text, unit)?;
            if bounds.contains(&value) {
                return Ok(value);
            }
            Err(self
                .error(
                    text.span(),
                    format!("{value} {unit} is not possible at {age} years"),
                )
                .with_help(format!(
                    "{} to {} {unit}; look at unit and age",
                    bounds.start(),
                    bounds.end()
                )))
        };
        let last = &BODIES[BODIES.len() - 1];
        let (_, weights, heights) = BODIES.iter().find(|b| age < b.0).unwrap_or(last);
        let weight = about.weight.as_ref();
        let weight = weight.map(|w| within(w, "kg", weights.clone()));
        let weight = weight.transpose()?;
        let height = about.height.as_ref();
        let height = height.map(|h| within(h, "m", heights.clone()));
        let height = height.transpose()?;
        if let (Some(kilograms), Some(metres), Some(place)) = (weight, height, &about.height) {
            let bmi = kilograms / (metres * metres);
            if !BODY_MASS_INDICES.contains(&bmi) {
                return Err(self
                    .error(
                        place.span(),
                        format!("weight and height make a body mass index of {bmi:.1} kg/m2, which nobody has"),
                    )
                    .with_help(format!(
                        "{} to {} kg/m2 are possible: look at weight, height and their units",
                        BODY_MASS_INDICES.start(),
                        BODY_MASS_INDICES.end()
                    )));
            }
        }
        match (weight, height) {
            _ if stage.is_some() => notes.push(
                "body mass index of a child keeps its prior: no charts of growth are at hand"
                    .to_owned(),
            ),
            (Some(weight), Some(height)) => {
                let bmi = weight / (height * height);
                let z = (bmi - self.number("people.bmi_mean")?) / self.number("people.bmi_sd")?;
                habits.bmi_z = Some(z);
            }
            _ => notes.push(
                "weight and height are not both told: body mass index keeps its prior".to_owned(),
            ),
        }
        Ok(weight)
    }

    fn habits(&self, raw: &file::Questionnaire) -> Result<Habits> {
        let mut habits = Habits::default();
        if let (Some(_), Some(second)) = (&raw.pss10, &raw.pss4) {
            return Err(self
                .error(second.span(), "stress is told twice")
                .with_help("give PSS-10 or PSS-4"));
        }
        if let (Some(_), Some(second)) = (&raw.isi, &raw.psqi) {
            return Err(self
                .error(second.span(), "sleep is told twice")
                .with_help("give ISI or PSQI"));
        }
        if let Some(answers) = &raw.pss10 {
            habits.stress = Some((self.sum(&PSS10, answers)?, self.number("people.pss_error")?));
        }
        if let Some(answers) = &raw.pss4 {
            let sum = self.sum(&PSS4, answers)? * self.number("people.pss4_scale")?;
            habits.stress = Some((sum, self.number("people.pss4_error")?));
        }
        for (form, answers) in [(ISI, &raw.isi), (PSQI, &raw.psqi)] {
            if let Some(answers) = answers {
                let share = self.sum(&form, answers)? / form.top();
                let loss = share * self.number("people.sleep_loss_worst")?;
                habits.sleep_loss = Some((loss, self.number("people.sleep_error")?));
            }
        }
        Ok(habits)
    }

    fn score(&self, row: &Spanned<file::Score>, condition: &str, life: Life) -> Result<Reading> {
        let row = row.as_ref();
        let name = row.name.as_ref().as_str();
        let has = |r: &&Readable| r.score && r.condition.as_deref() == Some(condition);
        let Some(what) = self.known.iter().filter(has).find(|r| r.id == name) else {
            let elsewhere = self.known.iter().find(|r| r.score && r.id == name);
            let fault = self.unknown(
                &format!("score of condition \"{condition}\""),
                &row.name,
                self.known.iter().filter(has).map(|r| r.id.as_str()),
            );
            return Err(match elsewhere.and_then(|r| r.condition.as_deref()) {
                Some(other) => {
                    fault.with_help(format!("{name} is a score of condition \"{other}\""))
                }
                None => fault,
            });
        };
        let value = *row.value.as_ref();
        self.possible(what, value, &row.value.span())?;
        Ok(Reading {
            what: what.clone(),
            value,
            day: self.past(row.date.as_ref(), life, "score was read")?,
        })
    }

    fn laboratory(&self, row: &Spanned<file::Reading>, life: Life) -> Result<Reading> {
        let row = row.as_ref();
        let laboratory = |r: &&Readable| !r.score;
        let known = || self.known.iter().filter(laboratory);
        let Some(what) = known().find(|r| r.id == *row.name.as_ref()) else {
            return Err(self.unknown("reading", &row.name, known().map(|r| r.id.as_str())));
        };
        let value = self.reported(&row.value, what)?;
        self.possible(what, value, &row.value.span())?;
        Ok(Reading {
            what: what.clone(),
            value,
            day: self.past(row.date.as_ref(), life, "reading was taken")?,
        })
    }

    /// A value in the unit of a reading, from that or from another in which laboratories report it.
    fn reported(&self, text: &Spanned<String>, what: &Readable) -> Result<f64> {
        let Some((other, factor)) = &what.other else {
            return self.quantity(text, &what.unit);
        };
        match self.quantity(text, &what.unit) {
            Ok(value) => Ok(value),
            Err(fault) => match self.quantity(text, other) {
                Ok(value) => Ok(value * factor),
                Err(_) => Err(fault.with_help(format!(
                    "write {0} or {other} (1 {other} is {factor} {0}), for example \"10 {0}\"",
                    what.unit
                ))),
            },
        }
    }

    fn possible(&self, what: &Readable, value: f64, span: &Range<usize>) -> Result<()> {
        let [low, high] = what.bounds;
        if (low..=high).contains(&value) {
            return Ok(());
        }
        let unit = if what.unit == "1" {
            String::new()
        } else {
            format!(" {}", what.unit)
        };
        Err(self
            .error(
                span.clone(),
                format!("{} of {value}{unit} is not possible", what.title),
            )
            .with_help(format!("{low} to {high}{unit}")))
    }

    /// The same thing read twice on a day is a contradiction.
    fn once(&self, readings: &[Reading], spans: &[Range<usize>]) -> Result<()> {
        for (number, (reading, span)) in readings.iter().zip(spans).enumerate() {
            let same = |r: &&Reading| r.what.id == reading.what.id && r.day == reading.day;
            if readings[..number].iter().any(|r| same(&r)) {
                return Err(self
                    .error(
                        span.clone(),
                        format!("{} stands twice for one day", reading.what.title),
                    )
                    .with_help("give each reading its own date, or leave one out"));
            }
        }
        Ok(())
    }

    fn date(&self, date: &Spanned<Datetime>) -> Result<i64> {
        date::days(date.as_ref()).ok_or_else(|| {
            self.error(date.span(), "a time without a day")
                .with_help("write a date, for example 2026-02-20")
        })
    }

    /// Days from the date of the file, 0 or below.
    fn past(&self, date: Option<&Spanned<Datetime>>, life: Life, what: &str) -> Result<f64> {
        let Some(date) = date else {
            return Ok(0.0);
        };
        let at = self.date(date)?;
        let day = at - life.today;
        if day > 0 {
            return Err(self
                .error(
                    date.span(),
                    format!("this is {day} days after the date of the person"),
                )
                .with_help("the date in [person] is today: nothing can have been read later"));
        }
        if at < life.born {
            return Err(self
                .error(
                    date.span(),
                    format!("this {what} before the person was born"),
                )
                .with_help("look at age and date"));
        }
        Ok(day as f64)
    }

    fn drugs(
        &self,
        raw: &[Spanned<file::Drug>],
        condition: &str,
        life: Life,
    ) -> Result<Vec<DrugTaken>> {
        let all = entries().map_err(|e| self.error(0..0, e.to_string()))?;
        let drugs = || {
            all.iter()
                .filter(|e| e.kind == "drug" || e.kind == "skin drug")
        };
        let of_condition = |e: &gutskin_biology::catalogue::Entry| {
            let named = ("condition".to_owned(), condition.to_owned());
            e.kind == "skin drug" && e.rows.iter().any(|row| row.contains(&named))
        };
        /// What is said of a day of a drug.
        const TAKEN: &str = "drug was taken";
        let mut taken: Vec<DrugTaken> = Vec::new();
        for row in raw {
            let drug = row.as_ref();
            if !drugs().any(|e| e.id == *drug.name.as_ref()) {
                return Err(self.unknown("drug", &drug.name, drugs().map(|e| e.id.as_str())));
            }
            let from = self.past(Some(&drug.from), life, TAKEN)?;
            let until = drug.until.as_ref();
            let until = until.map(|d| self.past(Some(d), life, TAKEN));
            let until = until.transpose()?;
            if let (Some(end), Some(date)) = (until, &drug.until)
                && end < from
            {
                return Err(self
                    .error(date.span(), "the drug ends before it begins")
                    .with_help("from is the first day, until the last"));
            }
            let here = drugs().filter(|e| e.id == *drug.name.as_ref());
            let course = DrugTaken {
                name: drug.name.as_ref().clone(),
                of_skin: here.into_iter().any(of_condition),
                from,
                until: until.map(|day| day + 1.0),
                span: row.span(),
            };
            if taken.iter().any(|other| overlap(other, &course)) {
                return Err(self
                    .error(
                        drug.name.span(),
                        format!("\"{}\" is told twice for the same days", course.name),
                    )
                    .with_help("tell it once with all its days, or end the first course (until is its last day) before the second begins"));
            }
            taken.push(course);
        }
        Ok(taken)
    }

    fn profiles(&self, raw: &[Spanned<file::Profile>], life: Life) -> Result<Vec<ProfileFile>> {
        let one = |row: &Spanned<file::Profile>| {
            let profile = row.as_ref();
            Ok(ProfileFile {
                file: profile.file.as_ref().clone(),
                sample: profile.sample.as_ref().map(|s| s.as_ref().clone()),
                day: self.past(profile.date.as_ref(), life, "profile was taken")?,
                span: profile.file.span(),
            })
        };
        let profiles: Vec<ProfileFile> = raw.iter().map(one).collect::<Result<_>>()?;
        for (number, profile) in profiles.iter().enumerate() {
            let same = |p: &ProfileFile| {
                (&p.file, &p.sample, p.day) == (&profile.file, &profile.sample, profile.day)
            };
            if profiles[..number].iter().any(same) {
                return Err(self
                    .error(
                        profile.span.clone(),
                        format!("the profile \"{}\" stands twice for one day", profile.file),
                    )
                    .with_help(
                        "leave one out: the same stool read twice is no second stool; give another sample its own date",
                    ));
            }
        }
        Ok(profiles)
    }
}

/// What is said of a stool profile of some time ago.
fn of_old(profile: &ProfileFile) -> Option<String> {
    let (file, age) = (&profile.file, -profile.day);
    if age > LONG_AGO {
        return Some(format!(
            "the stool profile {file} is {:.0} years old, and the guilds of the twins are set to it as if it were of today: diet, drugs and chance have had time to make another gut of it since; take a new one, or leave it out, so that guilds keep their prior",
            age / YEAR
        ));
    }
    (age > STALE).then(|| {
        format!("the stool profile {file} is {age:.0} days old and is taken for today's usual")
    })
}

/// What is said of scores, readings and profiles without a date.
fn undated(raw: &file::File, today: &Spanned<Datetime>) -> Option<String> {
    let scores = raw.scores.iter().map(Spanned::as_ref);
    let scores = scores.filter(|s| s.date.is_none()).map(|s| s.name.as_ref());
    let readings = raw.readings.iter().map(Spanned::as_ref);
    let readings = readings
        .filter(|r| r.date.is_none())
        .map(|r| r.name.as_ref());
    let profiles = raw.profiles.iter().map(Spanned::as_ref);
    let profiles = profiles
        .filter(|p| p.date.is_none())
        .map(|p| p.file.as_ref());
    let all: Vec<&str> = scores
        .chain(readings)
        .chain(profiles)
        .map(String::as_str)
        .collect();
    (!all.is_empty()).then(|| {
        format!(
            "without a date, taken as of today ({}): {}",
            today.as_ref(),
            all.join(", ")
        )
    })
}

/// Do two courses of one drug share a day?
fn overlap(a: &DrugTaken, b: &DrugTaken) -> bool {
    let before =
        |first: &DrugTaken, second: &DrugTaken| first.until.is_some_and(|day| day <= second.from);
    a.name == b.name && !before(a, b) && !before(b, a)
}

/// What is said of readings of one thing that lie further apart in time and value than one state of a person gives.
fn of_two_times(readings: &[Reading]) -> Vec<String> {
    let mut told = Vec::new();
    for (number, a) in readings.iter().enumerate() {
        for b in readings[..number].iter().filter(|b| b.what.id == a.what.id) {
            let (old, new) = if a.day < b.day { (a, b) } else { (b, a) };
            let noise = |r: &Reading| r.what.noise.around(r.value);
            let allowed = CENTRAL * noise(old).hypot(noise(new));
            if new.day - old.day > APART && (new.value - old.value).abs() > allowed {
                told.push(format!(
                    "{0} of {1} ({2:.0} days ago) and of {3} ({4:.0} days ago) differ by more than their noise: but for what drugs that are told did, every reading is taken for today's usual; leave the older one out unless they explain it",
                    old.what.title, old.value, -old.day, new.value, -new.day
                ));
            }
        }
    }
    told
}
