//! What screening on a noisy score makes of a placebo arm, apart from the whole arm.

use super::super::CheckError;
use super::{acne, eczema, psoriasis};
use serde::Serialize;

/// One context: what noise and entry on a noisy score create by themselves, the whole placebo arm, and people.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceboPart {
    /// Trial and score.
    pub context: &'static str,
    /// Unit of both numbers.
    pub unit: &'static str,
    /// Made by noise alone, whoever is let in: a ratio to a noisy entry rises with its noise.
    pub noise: f64,
    /// Made by screening on top of it: regression to the mean.
    pub screening: f64,
    /// The whole arm.
    pub whole: f64,
    /// People drawn.
    pub screened: usize,
    /// People admitted.
    pub admitted: usize,
    /// Draws without a stable rest.
    pub without_rest: usize,
    /// Draws with a time constant above three years, drawn again.
    pub too_slow: usize,
}

/// The parts in every context of the skins.
///
/// # Errors
/// A virtual trial fails.
pub fn placebo_parts() -> Result<Vec<PlaceboPart>, CheckError> {
    let part = |context, unit, [noise, alone, whole]: [f64; 3], people: &super::clinic::People| {
        PlaceboPart {
            context,
            unit,
            noise,
            screening: alone - noise,
            whole,
            screened: people.screened,
            admitted: people.people.len(),
            without_rest: people.without_rest,
            too_slow: people.too_slow,
        }
    };
    let (eczema_people, psoriasis_people) = (eczema::entrants()?, psoriasis::patients()?);
    let acne_people = acne::patients()?;
    let (pasi, lesions) = (psoriasis::screening()?, acne::screening()?);
    let percent = "% change";
    Ok(vec![
        part(
            "eczema, monotherapy, EASI, week 16",
            percent,
            eczema::screening()?,
            eczema_people,
        ),
        part(
            "psoriasis, PASI, week 12",
            percent,
            pasi.map(|part| part[0]),
            psoriasis_people,
        ),
        part(
            "psoriasis, PASI 75, week 12",
            "% of people",
            pasi.map(|part| part[1]),
            psoriasis_people,
        ),
        part(
            "psoriasis, PASI 75, week 16",
            "% of people",
            pasi.map(|part| part[2]),
            psoriasis_people,
        ),
        part(
            "acne, inflammatory lesions, week 12",
            percent,
            lesions.map(|part| part[0]),
            acne_people,
        ),
        part(
            "acne, non-inflammatory lesions, week 12",
            percent,
            lesions.map(|part| part[1]),
            acne_people,
        ),
    ])
}
