//! What a file tells of a person beside readings, in words for those who read of their twins.

use super::file::{Answers, Drug, File, Profile};
use super::questionnaire::{Form, ISI, MEDAS, PSQI, PSS4, PSS10};
use gutskin_biology::stages::Stage;
use serde::Serialize;
use toml::Spanned;
use toml::value::Datetime;

/// One thing that is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// What it is.
    pub what: String,
    /// How it is, as the file has it.
    pub value: String,
    /// Its day or days; empty where it is of today.
    pub date: String,
}

fn of(what: &str, value: impl Into<String>) -> Told {
    Told {
        what: what.to_owned(),
        value: value.into(),
        date: String::new(),
    }
}

/// Everything that a file tells of a person but for readings, which stand beside what the twins have.
pub(super) fn told(raw: &File, stage: Option<&Stage>, bmi: Option<f64>) -> Vec<Told> {
    let mut all = body(raw, stage, bmi);
    all.extend(habits(raw));
    all.extend(raw.drugs.iter().map(|d| drug(d.as_ref())));
    all.extend(raw.profiles.iter().map(|p| profile(p.as_ref())));
    all
}

fn body(raw: &File, stage: Option<&Stage>, bmi: Option<f64>) -> Vec<Told> {
    let about = raw.person.as_ref();
    let mut age = format!("{} years", about.age.as_ref());
    if let Some(stage) = stage {
        age = format!("{age} ({})", stage.title);
    }
    let mut all = vec![of("Age", age), of("Sex", about.sex.as_ref())];
    let texts = [
        ("Weight", &about.weight),
        ("Height", &about.height),
        ("Delivery", &about.delivery),
        ("Feeding", &about.feeding),
    ];
    for (what, text) in texts {
        all.extend(text.as_ref().map(|t| of(what, t.as_ref())));
    }
    all.extend(bmi.map(|bmi| of("Body mass index", format!("{bmi:.1} kg/m²"))));
    let answers = [
        ("Sensitised to food", about.food_allergy),
        ("Loss in filaggrin", about.filaggrin_loss),
        ("Niche for strains that are eaten", about.free_niche),
    ];
    for (what, answer) in answers {
        all.extend(answer.map(|yes| of(what, if yes { "yes" } else { "no" })));
    }
    all
}

fn habits(raw: &File) -> Vec<Told> {
    let asked = &raw.questionnaire;
    let forms: [(&str, Form, &Option<Spanned<Answers>>); 5] = [
        ("Stress", PSS10, &asked.pss10),
        ("Stress", PSS4, &asked.pss4),
        ("Sleep", ISI, &asked.isi),
        ("Sleep", PSQI, &asked.psqi),
        ("Diet", MEDAS, &raw.diet.medas),
    ];
    let mut all = Vec::new();
    for (what, form, answers) in forms {
        let sum = answers.as_ref().and_then(|a| form.sum(a.as_ref()).ok());
        all.extend(sum.map(|sum| {
            let sum = (10.0 * sum).round() / 10.0;
            of(what, format!("{} {sum} of {}", form.name, form.top()))
        }));
    }
    let pattern = raw.diet.pattern.as_ref();
    all.extend(pattern.map(|p| of("Diet", p.as_ref())));
    let foods = raw.diet.foods.iter().map(Spanned::as_ref);
    let foods: Vec<String> = foods
        .map(|f| format!("{} {}", f.name.as_ref(), f.amount.as_ref()))
        .collect();
    if !foods.is_empty() {
        all.push(of("Diet", foods.join(", ")));
    }
    all
}

fn drug(drug: &Drug) -> Told {
    let from = drug.from.as_ref();
    Told {
        date: match &drug.until {
            Some(until) => format!("{from} to {}", until.as_ref()),
            None => format!("since {from}"),
        },
        ..of("Drug", drug.name.as_ref())
    }
}

fn profile(profile: &Profile) -> Told {
    let sample = profile.sample.as_ref().map(Spanned::as_ref);
    let sample = sample.map_or(String::new(), |s| format!(", sample {s}"));
    let date = profile.date.as_ref().map(Spanned::as_ref);
    Told {
        date: date.map_or(String::new(), Datetime::to_string),
        ..of(
            "Stool profile",
            format!("{}{sample}", profile.file.as_ref()),
        )
    }
}
