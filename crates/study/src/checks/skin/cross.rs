//! All skins together: couplings cut, and all gut drives half a standard deviation better.

use super::super::{CheckError, RowValues};
use super::clinic::{Clinic, Courses, People, Protocol, nothing};
use super::statistics::{mean, percent};
use super::{WEEK, acne, eczema, psoriasis, setting};

const PEOPLE: usize = 500;
/// Weeks at which both skins are read.
const VISITS: [f64; 3] = [0.0, 12.0 * WEEK, 24.0 * WEEK];

/// A skin, its people, the scores it shows.
struct Skin {
    clinic: Clinic,
    people: People,
    scores: &'static [&'static str],
}

fn skins() -> Result<[Skin; 3], CheckError> {
    Ok([
        Skin {
            clinic: eczema::clinic()?,
            people: eczema::everyone()?.first(PEOPLE),
            scores: &["score.easi"],
        },
        Skin {
            clinic: psoriasis::clinic(&[])?,
            people: psoriasis::patients()?.first(PEOPLE),
            scores: &["score.pasi"],
        },
        Skin {
            clinic: acne::clinic(&[])?,
            people: acne::patients()?.first(PEOPLE),
            scores: &["acne.inflammatory", "acne.non_inflammatory"],
        },
    ])
}

impl Skin {
    fn follow(&self, inputs: &[(&str, f64)], off: &[String]) -> Result<Courses, CheckError> {
        let own = |(name, _): &&(&str, f64)| self.clinic.network.input(name).is_some();
        let inputs: Vec<(&str, f64)> = inputs.iter().filter(own).copied().collect();
        let protocol = Protocol {
            days: VISITS[2],
            visits: &VISITS,
            inputs: &inputs,
            off,
            changes: &nothing,
        };
        Ok(self.clinic.follow(&self.people, &protocol)?.0)
    }

    /// Switches of all links.
    fn links(&self) -> Vec<String> {
        let network = &self.clinic.network;
        let switch = |l: &gutskin_network::Link| network.switches.get(l.switch as usize);
        network
            .links
            .iter()
            .filter_map(switch)
            .map(|s| s.name.clone())
            .collect()
    }
}

/// Row 1: every coupling cut under drives that would act, against the skin alone.
pub(super) fn cut() -> Result<RowValues, CheckError> {
    const DRIVES: &[(&str, f64)] = &[
        ("clamped.tone", 1.0),
        ("clamped.th2", 1.0),
        ("clamped.th17", 1.0),
        ("clamped.scfa", -1.0),
        ("clamped.antigen", 1.0),
        ("clamped.stress", 1.0),
        ("clamped.sleep_loss", 2.0),
        ("clamped.body_mass", 1.0),
        ("clamped.bacterial_dna", 1.0),
        ("clamped.igf", 1.2),
        ("clamped.androgen", 1.2),
    ];
    let mut largest: f64 = 0.0;
    for skin in skins()? {
        let (alone, cut) = (skin.follow(&[], &[])?, skin.follow(DRIVES, &skin.links())?);
        for score in skin.scores {
            for (a, b) in alone.of(score)?.iter().zip(cut.of(score)?) {
                for (a, b) in a.iter().zip(b) {
                    largest = largest.max((a - b).abs() / a.abs().max(f64::MIN_POSITIVE));
                }
            }
        }
    }
    Ok(vec![("cross-01a", largest)])
}

/// Scores of twins without and with all gut drives half a standard deviation better: twin, then visit.
fn shifted(skin: &Skin, score: &str) -> Result<[Vec<Vec<f64>>; 2], CheckError> {
    const BETTER: &[(&str, f64)] = &[
        ("clamped.tone", -0.5),
        ("clamped.th2", -0.5),
        ("clamped.th17", -0.5),
        ("clamped.scfa", 0.5),
    ];
    Ok([
        skin.follow(&[], &[])?.of(score)?,
        skin.follow(BETTER, &[])?.of(score)?,
    ])
}

/// Rows 2 and 3.
pub(super) fn better() -> Result<RowValues, CheckError> {
    let [eczema, psoriasis, acne] = skins()?;
    let change = |[as_is, better]: &[Vec<Vec<f64>>; 2], visit: usize| {
        let twins = as_is.iter().zip(better);
        mean(
            &twins
                .map(|(a, b)| 100.0 * (b[visit] / a[visit] - 1.0))
                .collect::<Vec<_>>(),
        )
    };
    let gained = |[as_is, better]: &[Vec<Vec<f64>>; 2]| -> Vec<f64> {
        as_is.iter().zip(better).map(|(a, b)| a[2] - b[2]).collect()
    };
    let easi = shifted(&eczema, "score.easi")?;
    let pasi = shifted(&psoriasis, "score.pasi")?;
    let inflamed = shifted(&acne, "acne.inflammatory")?;
    let comedones = shifted(&acne, "acne.non_inflammatory")?;
    let total: Vec<f64> = (0..inflamed[0].len())
        .map(|i| {
            let sum = |k: usize| inflamed[k][i][2] + comedones[k][i][2];
            100.0 * (1.0 - sum(1) / sum(0))
        })
        .collect();
    let (easi_least, pasi_least) = (
        setting("score.easi_important")?,
        setting("score.pasi_important")?,
    );
    let total_least = setting("score.acne_important")?;
    Ok(vec![
        ("cross-02a", change(&easi, 2)),
        ("cross-02b", change(&pasi, 2)),
        ("cross-02c", change(&inflamed, 1)),
        ("cross-02d", change(&comedones, 1)),
        ("cross-03a", percent(&gained(&easi), |g| g > easi_least)),
        ("cross-03b", percent(&gained(&pasi), |g| g > pasi_least)),
        ("cross-03c", percent(&total, |g| g > total_least)),
    ])
}
