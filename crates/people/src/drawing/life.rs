//! What people are beside parameters and habits: age, how they were born and fed, a course of antibiotics that is over, a niche that
//! an eaten Bifidobacterium finds free, methanogens where the model has none, and a loss in filaggrin where no skin has one. None
//! of it is read by the equations but the course, which whoever draws must follow.
//!
//! Each has a random stream of its own, so that it leaves every other draw as it was.

use super::{DrawingError, FILAGGRIN, NICHE, filaggrin};
use crate::courses::{Course, courses};
use crate::sampler::{SampledParameter, value_at};
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::stages::Stage;
use gutskin_engine::random::{RandomStream, StreamId, standard_normal_probability};
use gutskin_network::{ParameterTable, Spread};

/// Share of people without methanogens, and the stream that says who: that of the guild, where the model has it.
pub(super) const METHANE: (&str, &str) = ("trait.methane_absent", "MET");

/// Share of people in whom an eaten Bifidobacterium finds a niche of its own, and the strain whose table says so: the one of
/// whom that was seen. Who they are is who they would be in a model with that strain.
const FREE_NICHE: (&str, &str) = ("trait.free_niche", "ah1206");

/// Ages that hold less than this share of those who have the condition are drawn evenly.
const LEAST_SHARE: f64 = 1e-4;

/// Who is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'w> {
    /// Skin condition: `ad`, `pso` or `acne`.
    pub condition: &'w str,
    /// Life stage of children.
    pub stage: Option<&'static Stage>,
    /// Bounds of age, years; nothing for those of `people.age_…`.
    pub ages: Option<[f64; 2]>,
    /// Whether grown people have courses of antibiotics behind them.
    pub antibiotics: bool,
    /// Whether the model has methanogens, who then are a trait of the drawing itself.
    pub methanogens: bool,
    /// Whether it has a loss in filaggrin, which then is.
    pub filaggrin: bool,
}

/// Draws lives.
#[derive(Clone, Debug, PartialEq)]
pub struct Lives {
    age: SampledParameter,
    caesarean: f64,
    breastfed: f64,
    methane_absent: Option<f64>,
    filaggrin_loss: Option<f64>,
    free_niche: f64,
    antibiotics: f64,
    ended: SampledParameter,
    courses: Vec<Course>,
}

/// One person's.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// Age, years.
    pub age: f64,
    /// Born by caesarean section.
    pub caesarean: bool,
    /// Ever breast-fed.
    pub breastfed: bool,
    /// Without methanogens; nothing where the model has them.
    pub methane_absent: Option<bool>,
    /// Carrier of a loss in filaggrin; nothing where the model has one.
    pub filaggrin_loss: Option<bool>,
    /// Whether an eaten Bifidobacterium would find a niche of its own.
    pub free_niche: bool,
    /// A course that is over: place in [`Lives::courses`], and days since its end.
    pub course: Option<(usize, f64)>,
}

impl Lives {
    /// Lives of those who are wanted.
    ///
    /// # Errors
    /// A parameter that is missing, or a fault of the table of courses.
    pub fn new(table: &ParameterTable, wanted: Wanted<'_>) -> Result<Self, DrawingError> {
        let entry = |name: &str| {
            let entry = table.get(name);
            entry.ok_or_else(|| DrawingError::Missing(name.to_owned()))
        };
        let value = |name: &str| entry(name).map(|p| p.value);
        let grown = wanted.stage.is_none();
        let age: SampledParameter = entry(&format!("people.age_{}", wanted.condition))?.into();
        let [caesarean, breastfed] = if grown {
            [value("trait.caesarean")?, value("trait.breastfed")?]
        } else {
            let share = value("early.share_caesarean")?;
            [share, value("trait.breastfed_children")?]
        };
        let caesarean = if wanted.condition == "ad" {
            among_cases(caesarean, value("early.ratio_caesarean")?)
        } else {
            caesarean
        };
        // An infant's stage says how it is fed.
        let breastfed = match wanted.stage {
            Some(stage) if stage.is_infant() => f64::from(u8::from(stage.id != "infant_formula")),
            _ => breastfed,
        };
        let (name, _) = METHANE;
        let methane_absent = (!wanted.methanogens).then(|| value(name));
        let filaggrin_loss =
            (!wanted.filaggrin).then(|| filaggrin::share(wanted.condition, &value));
        let (niche, strain) = FREE_NICHE;
        let catalogue = Catalogue::shipped()?;
        let row = catalogue.strains.iter().find(|row| row.id == strain);
        let free_niche = row.ok_or_else(|| DrawingError::Missing(niche.to_owned()))?;
        let drawn = wanted.antibiotics && grown;
        Ok(Self {
            age: of_ages(age, wanted),
            caesarean,
            breastfed,
            methane_absent: methane_absent.transpose()?,
            filaggrin_loss: filaggrin_loss.transpose()?,
            free_niche: free_niche.permissive_share,
            antibiotics: if drawn {
                value("trait.antibiotics")?
            } else {
                0.0
            },
            ended: entry("history.antibiotics_ended")?.into(),
            courses: if drawn { courses()? } else { Vec::new() },
        })
    }

    /// Courses that may have been taken; none where none are drawn.
    #[must_use]
    pub fn courses(&self) -> &[Course] {
        &self.courses
    }

    /// Longest time since the end of a course, d.
    #[must_use]
    pub fn longest_ago(&self) -> f64 {
        match self.ended.spread {
            Spread::Uniform { high, .. } => high,
            _ => self.ended.value,
        }
    }

    /// Bounds of age, years.
    #[must_use]
    pub fn ages(&self) -> [f64; 2] {
        match self.age.spread {
            Spread::Uniform { low, high } | Spread::TruncatedNormal { low, high, .. } => {
                [low, high]
            }
            _ => [self.age.value; 2],
        }
    }

    /// Traits that are asked for, by name, with the share of people who have them. The order is that of [`Lives::traits_of`].
    #[must_use]
    pub fn traits(&self) -> Vec<(&'static str, f64)> {
        let mut all = vec![
            ("trait.caesarean", self.caesarean),
            ("trait.breastfed", self.breastfed),
            ("trait.antibiotics", self.antibiotics),
            (FREE_NICHE.0, self.free_niche),
        ];
        all.extend(self.methane_absent.map(|share| (METHANE.0, share)));
        all.extend(self.filaggrin_loss.map(|share| (FILAGGRIN, share)));
        all
    }

    /// Which of them a person has.
    #[must_use]
    pub fn traits_of(life: &Life) -> Vec<bool> {
        let mut all = vec![
            life.caesarean,
            life.breastfed,
            life.course.is_some(),
            life.free_niche,
        ];
        all.extend(life.methane_absent);
        all.extend(life.filaggrin_loss);
        all
    }

    /// The life of that person.
    #[must_use]
    pub fn draw(&self, seed: u64, number: u32) -> Life {
        let stream = |name: &str| RandomStream::new(seed, number, StreamId::named("trait", name));
        let chance = |name: &str| stream(name).uniform_at(0);
        let course = (chance("antibiotics") < self.antibiotics).then(|| {
            let mut left = chance("antibiotics taken");
            let place = self.courses.iter().position(|course| {
                left -= course.share;
                left < 0.0
            });
            // What rounding leaves over is of the last.
            let place = place.unwrap_or(self.courses.len().saturating_sub(1));
            let ended = value_at(&self.ended, stream("antibiotics ended").normal_at(0));
            (place, ended)
        });
        let (_, guild) = METHANE;
        let rank = StreamId::named("parameter", &format!("{NICHE}{}", FREE_NICHE.1));
        let rank = RandomStream::new(seed, number, rank).normal_at(0);
        Life {
            age: value_at(&self.age, stream("age").normal_at(0)),
            caesarean: chance("caesarean") < self.caesarean,
            breastfed: chance("breastfed") < self.breastfed,
            methane_absent: self.methane_absent.map(|share| chance(guild) < share),
            filaggrin_loss: self.filaggrin_loss.map(|share| chance("filaggrin") < share),
            free_niche: standard_normal_probability(rank) > 1.0 - self.free_niche,
            course,
        }
    }
}

/// The share of a risk among those whom it has made ill `ratio` times as often as others.
fn among_cases(share: f64, ratio: f64) -> f64 {
    share * ratio / (1.0 - share + share * ratio)
}

/// Ages between the bounds that are asked for. Children of a stage, and ages that hardly anybody of the condition has, are drawn
/// evenly.
fn of_ages(mut age: SampledParameter, wanted: Wanted<'_>) -> SampledParameter {
    let of_stage = wanted.stage.map(|stage| stage.ages);
    let Some([low, high]) = wanted.ages.or(of_stage) else {
        return age;
    };
    age.spread = match age.spread {
        _ if low == high => {
            age.value = low;
            Spread::Fixed
        }
        Spread::TruncatedNormal { sd, .. } if wanted.stage.is_none() => {
            let below = |years: f64| standard_normal_probability((years - age.value) / sd);
            if below(high) - below(low) < LEAST_SHARE {
                Spread::Uniform { low, high }
            } else {
                Spread::TruncatedNormal { sd, low, high }
            }
        }
        _ => Spread::Uniform { low, high },
    };
    age
}
