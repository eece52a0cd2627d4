//! What people are, as asked for, drawn and weighted.

use super::people::Standing;
use super::{Request, Who};
use gutskin_people::drawing::{Drawing, Lives};
use serde::Serialize;

/// Age below which people are no adults though they are simulated as such, years.
const GROWN: f64 = 18.0;

/// A trait and the share of people who have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TraitShare {
    /// Name of its parameter, or `antibiotic.` and the drug.
    pub name: String,
    /// In words, of those who have it.
    pub title: String,
    /// Share that is asked for.
    pub asked: f64,
    /// Share of all who were drawn.
    pub drawn: f64,
    /// Share of the weighted population.
    pub weighted: f64,
}

/// How old people are, years.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ages {
    /// Bounds.
    pub asked: [f64; 2],
    /// Mean and standard deviation of all who were drawn.
    pub drawn: [f64; 2],
    /// The same weighted.
    pub weighted: [f64; 2],
}

/// In words, of those who have a trait.
pub(super) fn title(name: &str) -> String {
    let words = match name {
        "trait.bromii_absent" => "no R. bromii",
        "trait.prevotella_absent" => "no Prevotella",
        "trait.methane_absent" => "no methanogens",
        "trait.sensitised" => "sensitised to food",
        "trait.male" => "male",
        "trait.filaggrin_loss" => "loss in filaggrin",
        "trait.caesarean" => "born by caesarean section",
        "trait.breastfed" => "ever breast-fed",
        "trait.antibiotics" => "antibiotics in the last year",
        "trait.free_niche" => "free niche for Bifidobacterium",
        name => name,
    };
    words.to_owned()
}

/// Every trait, drug by drug of the courses last, and ages.
pub(super) fn shares(
    (drawing, who, seed): (&Drawing, &Who, u64),
    standing: &[Standing],
) -> (Vec<TraitShare>, Ages) {
    let lives = &who.lives;
    let mut asked: Vec<(String, String, f64)> = (drawing.traits().into_iter())
        .chain(lives.traits())
        .map(|(name, share)| (name.to_owned(), title(name), share))
        .collect();
    let antibiotics = lives
        .traits()
        .iter()
        .find(|t| t.0 == "trait.antibiotics")
        .map_or(0.0, |t| t.1);
    asked.extend(lives.courses().iter().map(|course| {
        let name = format!("antibiotic.{}", course.drug);
        (
            name,
            format!("of them {}", course.drug),
            antibiotics * course.share,
        )
    }));
    let mut sums = vec![[0.0; 2]; asked.len()];
    let mut ages = [Moments::default(), Moments::default()];
    let even = 1.0 / standing.len().max(1) as f64;
    for person in standing {
        let life = lives.draw(seed, person.number);
        let mut has: Vec<bool> = drawing
            .draw(seed, person.number)
            .traits
            .iter()
            .map(|(_, has)| *has)
            .collect();
        has.extend(Lives::traits_of(&life));
        let taken = life.course.map(|(place, _)| place);
        has.extend((0..lives.courses().len()).map(|place| taken == Some(place)));
        for (sum, has) in sums.iter_mut().zip(has) {
            if has {
                sum[0] += even;
                sum[1] += person.weight;
            }
        }
        ages[0].add(life.age, even);
        ages[1].add(life.age, person.weight);
    }
    let shares = asked.into_iter().zip(sums);
    let shares = shares.map(|((name, title, asked), [drawn, weighted])| TraitShare {
        name,
        title,
        asked,
        drawn,
        weighted,
    });
    let ages = Ages {
        asked: lives.ages(),
        drawn: ages[0].mean_and_sd(),
        weighted: ages[1].mean_and_sd(),
    };
    (shares.collect(), ages)
}

/// Sums of a weighted variable, around the first value.
#[derive(Clone, Copy, Default)]
struct Moments {
    around: Option<f64>,
    weight: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f64, weight: f64) {
        let off = value - *self.around.get_or_insert(value);
        self.weight += weight;
        self.sum += weight * off;
        self.squares += weight * off * off;
    }

    fn mean_and_sd(self) -> [f64; 2] {
        let mean = self.sum / self.weight;
        let variance = self.squares / self.weight - mean * mean;
        [self.around.unwrap_or(0.0) + mean, variance.max(0.0).sqrt()]
    }
}

/// What is to be said of them once.
pub(super) fn notes(request: &Request, who: &Who, ages: &Ages) -> Vec<String> {
    let mut notes = Vec::new();
    match who.stage {
        Some(stage) => {
            notes.push(format!(
                "colon and food are those of life stage {} ({}); skin, immune and stress equations, spreads and habits are those of grown people",
                stage.id, stage.title
            ));
            notes.push(
                "age within the stage and delivery move nothing: no equation reads them".to_owned(),
            );
            notes.push(
                "no published baselines of children are at hand: nobody is weighted".to_owned(),
            );
            if request.antibiotics {
                notes.push("children have no courses of antibiotics: doses of the catalogue are those of grown people".to_owned());
            }
        }
        None => {
            notes.push(
                "age, delivery and feeding of grown people move nothing: no equation reads them"
                    .to_owned(),
            );
            if ages.asked[0] < GROWN {
                notes.push("people under 18 years are simulated as grown".to_owned());
            }
        }
    }
    notes.push(
        "a free niche is for strains that are eaten; a population eats none, so that it moves nothing here"
            .to_owned(),
    );
    notes.push(if request.condition == "ad" {
        "a loss in filaggrin moves nobody: the published spreads of the barrier hold carriers, so that who lies lower in them is drawn as one more often".to_owned()
    } else {
        "a loss in filaggrin moves nothing here: only the skin of eczema reads it".to_owned()
    });
    if !request.full {
        notes.push("the lean colon has no methanogens: who has them is drawn and moves nothing (--full has them)".to_owned());
    }
    if !who.lives.courses().is_empty() {
        notes.push("whoever had antibiotics rests without them and is followed from there through one course at its usual dose to today; more than one in a year is left out (--antibiotics none: nobody had any)".to_owned());
    }
    notes
}
