//! From guilds to species-equivalents: each guild holds strains of lognormal abundance, some of them lost.

use super::super::{CheckError, Lab};
use super::{catalogue, setting};

/// Strains of every guild of one person: relative abundance within the guild, and rank of vulnerability.
pub(crate) struct Strains {
    guilds: Vec<(String, Vec<f64>)>,
}

impl Strains {
    /// Draws them for a person.
    pub fn draw(seed: u64, person: u32) -> Result<Self, CheckError> {
        let spread = setting("strains.within_guild_sd")?;
        let guilds = catalogue()?
            .guilds
            .iter()
            .filter(|g| g.resident)
            .map(|g| {
                let count = g.strains.round().max(1.0) as u32;
                let weights: Vec<f64> = (0..count)
                    .map(|i| {
                        let purpose = format!("strain {} {i}", g.name);
                        (spread * Lab::normal(seed, person, &purpose)).exp()
                    })
                    .collect();
                (g.name.clone(), weights)
            })
            .collect();
        Ok(Self { guilds })
    }

    /// Relative abundance of every species-equivalent, given guild shares and the share of each guild's strains that
    /// is active. Strains are lost in the order of their number, which has nothing to do with abundance; the one at
    /// the edge counts in part.
    pub fn abundances(&self, shares: &[(String, f64)], active: impl Fn(&str) -> f64) -> Vec<f64> {
        let mut found = Vec::new();
        for (guild, weights) in &self.guilds {
            let share = shares.iter().find(|s| s.0 == *guild).map_or(0.0, |s| s.1);
            let left = active(guild).clamp(0.0, 1.0) * weights.len() as f64;
            let present: Vec<f64> = weights
                .iter()
                .enumerate()
                .map(|(i, w)| w * (left - i as f64).clamp(0.0, 1.0))
                .collect();
            let sum: f64 = present.iter().sum::<f64>().max(f64::MIN_POSITIVE);
            found.extend(present.iter().map(|p| share * p / sum));
        }
        let total: f64 = found.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        found.iter_mut().for_each(|p| *p /= total);
        found
    }
}

/// Shannon index, natural logarithm.
pub(crate) fn shannon(abundances: &[f64]) -> f64 {
    abundances
        .iter()
        .filter(|p| **p > 0.0)
        .map(|p| -p * p.ln())
        .sum()
}

/// Species above a share.
pub(crate) fn above(abundances: &[f64], share: f64) -> f64 {
    abundances.iter().filter(|p| **p > share).count() as f64
}

/// Species expected among so many reads.
pub(crate) fn richness(abundances: &[f64], reads: f64) -> f64 {
    abundances.iter().map(|p| 1.0 - (-reads * p).exp()).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::composition::shares;
    use super::super::{colon, drugs, mean};
    use super::*;

    /// What a network shows is what drawn people have on average, before and after a course that takes strains.
    #[test]
    fn observables_are_those_of_drawn_people() {
        const PEOPLE: u32 = 200;
        let mut lab = colon(&drugs(&["vancomycin_oral"])).unwrap();
        lab.rest().unwrap();
        for left in [1.0, 0.4] {
            for (i, state) in lab.network.states.iter().enumerate() {
                if state.name.starts_with("strains.active.") {
                    lab.state[i] = left;
                }
            }
            let active: Vec<String> = (lab.network.states.iter())
                .filter_map(|s| Some(s.name.strip_prefix("strains.active.")?.to_owned()))
                .collect();
            let of = |guild: &str| {
                if active.iter().any(|g| g == guild) {
                    left
                } else {
                    1.0
                }
            };
            let shares = shares(&mut lab);
            let drawn: Vec<Vec<f64>> = (0..PEOPLE)
                .map(|p| Strains::draw(5, p).unwrap().abundances(&shares, of))
                .collect();
            let of_all = |read: &dyn Fn(&[f64]) -> f64| {
                mean(&drawn.iter().map(|p| read(p)).collect::<Vec<_>>())
            };
            let index = lab.read("colon.species_shannon").unwrap();
            let expected = of_all(&shannon);
            assert!(
                (index - expected).abs() < 0.25,
                "{left}: {index} {expected}"
            );
            for (name, reads) in [
                ("colon.species_richness_shotgun", 5e6),
                ("colon.species_richness_16s", 2e4),
            ] {
                let found = lab.read(name).unwrap();
                let expected = of_all(&|p| richness(p, reads));
                assert!(
                    (found / expected - 1.0).abs() < 0.06,
                    "{left}: {name} {found} {expected}"
                );
            }
        }
    }
}
