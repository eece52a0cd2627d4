//! Early life: who falls ill when, and for how long. Hazards are integrated; each event is where the hazard gathered
//! passes a unit exponential drawn beforehand.

use super::super::{CheckError, RowValues};
use super::clinic::{Clinic, People, Protocol};
use super::reading::{exponential, trait_of, uniform};
use super::{YEAR, setting};
use crate::checks::table;
use gutskin_biology::early;
use gutskin_engine::{Action, Change, Target};

const SEED: u64 = 601;
const CHILDREN: usize = 20_000;
const HAZARD: &str = "early.onset_hazard";

/// Shares of children with a risk.
struct Shares {
    filaggrin: f64,
    antibiotics: f64,
    maternal: f64,
    caesarean: f64,
    family: f64,
    bifidobacteria: f64,
}

/// Children and how their risks enter the model.
struct Nursery {
    clinic: Clinic,
    children: People,
    shares: Shares,
}

/// Inputs that are the same for all children.
type Given<'g> = &'g [(&'g str, f64)];

impl Nursery {
    fn new(children: usize) -> Result<Self, CheckError> {
        // Ratios are the same for all: their spreads say what is not known.
        let clinic = Clinic::alike(early::network(table()?)?)?;
        let share = |name: &str| setting(&format!("early.share_{name}"));
        Ok(Self {
            children: clinic.newborn(SEED, children),
            clinic,
            shares: Shares {
                filaggrin: share("filaggrin")?,
                antibiotics: share("antibiotics")?,
                maternal: share("maternal_antibiotics")?,
                caesarean: share("caesarean")?,
                family: share("family")?,
                bifidobacteria: share("bifidobacteria_missing")?,
            },
        })
    }

    /// A child's own risks: names of inputs and values.
    fn risks(&self, child: u32) -> [(&'static str, f64); 7] {
        let s = &self.shares;
        let has = |name: &'static str, share: f64| {
            (
                name,
                f64::from(u8::from(uniform(SEED, child, name, 0) < share)),
            )
        };
        [
            has("early.filaggrin_loss", s.filaggrin),
            has("early.antibiotics", s.antibiotics),
            has("early.maternal_antibiotics", s.maternal),
            has("early.caesarean", s.caesarean),
            has("early.family", s.family),
            has("clamped.bifidobacteria_missing", s.bifidobacteria),
            ("clamped.diversity", trait_of(SEED, child, "diversity")),
        ]
    }

    /// Hazard of onset gathered by these ages; `given` overrides a child's own risks.
    fn hazards(&self, ages: &[f64], given: Given<'_>) -> Result<Vec<Vec<f64>>, CheckError> {
        let network = &self.clinic.network;
        let changes = |child: u32| {
            let own = self.risks(child);
            let free = own
                .iter()
                .filter(|(name, _)| !given.iter().any(|(g, _)| g == name));
            let set = |&(name, value): &(&str, f64)| {
                Some(Change {
                    time: 0.0,
                    target: Target::Input(network.input(name)?),
                    action: Action::Set(value),
                })
            };
            free.chain(given).filter_map(set).collect()
        };
        let protocol = Protocol {
            days: ages.last().copied().unwrap_or(0.0),
            visits: ages,
            inputs: &[],
            off: &[],
            changes: &changes,
        };
        self.clinic.follow(&self.children, &protocol)?.0.of(HAZARD)
    }

    /// Whether each child has fallen ill by each age.
    fn ill(&self, ages: &[f64], given: Given<'_>) -> Result<Vec<Vec<bool>>, CheckError> {
        let hazards = self.hazards(ages, given)?;
        let due =
            |child: usize| exponential(SEED, u32::try_from(child).unwrap_or(u32::MAX), "onset");
        let reached = |(child, gathered): (usize, Vec<f64>)| {
            gathered.iter().map(|h| *h >= due(child)).collect()
        };
        Ok(hazards.into_iter().enumerate().map(reached).collect())
    }

    /// Share of those who fell ill by this age that have remitted so long after, %.
    fn remitted(&self, ill: &[bool], after: f64) -> Result<f64, CheckError> {
        let sick = self.children.filtered(|i| ill[i]);
        let protocol = Protocol {
            days: after,
            visits: &[after],
            inputs: &[("early.ill", 1.0)],
            off: &[],
            changes: &super::clinic::nothing,
        };
        let (courses, _) = self.clinic.follow(&sick, &protocol)?;
        let hazards = courses.of("early.remission_hazard")?;
        let well = sick.people.iter().zip(&hazards);
        let well = well
            .filter(|(p, h)| h[0] >= exponential(SEED, p.draw, "remission"))
            .count();
        Ok(100.0 * well as f64 / sick.people.len() as f64)
    }
}

fn share(ill: &[Vec<bool>], age: usize) -> f64 {
    ill.iter().filter(|i| i[age]).count() as f64 / ill.len() as f64
}

/// Rows 13 and 14: a birth cohort.
pub(super) fn cohort() -> Result<RowValues, CheckError> {
    let nursery = Nursery::new(CHILDREN)?;
    let ages = [YEAR, 5.0 * YEAR];
    let ill = nursery.ill(&ages, &[])?;
    let mut table = [[0.0; 2]; 2];
    for (child, ill) in ill.iter().enumerate() {
        let risks = nursery.risks(u32::try_from(child).unwrap_or(u32::MAX));
        let carrier = usize::from(risks[0].1 > 0.5);
        table[carrier][usize::from(ill[1])] += 1.0;
    }
    let odds = |row: [f64; 2]| row[1] / row[0];
    let by_five: Vec<bool> = ill.iter().map(|i| i[1]).collect();
    Ok(vec![
        ("ad-13a", odds(table[1]) / odds(table[0])),
        ("ad-14a", 100.0 * share(&ill, 0)),
        ("ad-14b", 100.0 * share(&ill, 1)),
        ("ad-14c", nursery.remitted(&by_five, 8.0 * YEAR)?),
    ])
}

/// Risk ratio of eczema by two years in high-risk newborns who get this, against the same newborns who do not.
fn prevention(input: &str) -> Result<f64, CheckError> {
    let nursery = Nursery::new(CHILDREN)?;
    let ages = [2.0 * YEAR];
    let family = ("early.family", 1.0);
    let (with, without) = (
        nursery.ill(&ages, &[family, (input, 1.0)])?,
        nursery.ill(&ages, &[family])?,
    );
    Ok(share(&with, 0) / share(&without, 0))
}

/// Row 15a: probiotics in pregnancy and infancy.
pub(super) fn probiotic() -> Result<RowValues, CheckError> {
    Ok(vec![("ad-15a", prevention("early.probiotic")?)])
}

/// Row 15b: daily emollient.
pub(super) fn emollient() -> Result<RowValues, CheckError> {
    Ok(vec![("ad-15b", prevention("early.emollient")?)])
}
