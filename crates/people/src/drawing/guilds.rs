//! Guild shares of a person as a stool profile shows them: counts as Dirichlet draws, the error of the method on top.

use crate::profile::sample::{SampleReport, Scale};
use crate::taxonomy::Guild;
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_network::{Network, ParameterTable};

/// Guilds in whose share methods err more.
const WIDE: [Guild; 4] = [Guild::Bif, Guild::Ros, Guild::Ana, Guild::Bla];

/// What one profile says of guilds.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct GuildReading {
    /// Shares of the guilds in the order of [`Guild::ALL`].
    pub shares: Vec<f64>,
    /// Reads, where the file holds counts.
    pub reads: Option<f64>,
    /// Share of what is in no guild: it widens what is not known.
    pub outside: f64,
}

impl GuildReading {
    /// What an analysed sample says.
    #[must_use]
    pub fn of(sample: &SampleReport) -> Self {
        Self {
            shares: sample.guilds.to_vec(),
            reads: (sample.scale == Scale::Counts).then_some(sample.total),
            outside: 1.0 - sample.guilds.iter().sum::<f64>(),
        }
    }
}

/// Errors by which shares are drawn, and how guilds of profiles belong to guilds of a network.
#[derive(Clone, Debug)]
pub struct Guilds {
    readings: Vec<GuildReading>,
    error: f64,
    error_wide: f64,
    pseudocount: f64,
    detection: f64,
    /// Groups of the network: observable of the share, capacities of the members, positions of the members.
    pub groups: Vec<Group>,
}

/// A guild of the network, of one guild of profiles or several.
#[derive(Clone, Debug)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Index of the observable with its share.
    pub share: u32,
    /// Indices of the niche capacities of its members.
    pub capacities: Vec<u32>,
    members: Vec<usize>,
}

impl Guilds {
    /// Guilds of the network and how readings see them; `lean` gives the network's guild of a guild by code.
    /// Nothing where a parameter is missing or the network holds no guilds.
    #[must_use]
    pub fn new(
        network: &Network,
        table: &ParameterTable,
        lean: &dyn Fn(&str) -> Option<String>,
        readings: Vec<GuildReading>,
    ) -> Option<Self> {
        let value = |name: &str| table.get(name).map(|p| p.value);
        let mut groups: Vec<Group> = Vec::new();
        for (position, guild) in Guild::ALL.iter().enumerate() {
            let code = guild.code();
            let share = |name: &str| network.observable(&format!("colon.share.{name}"));
            let named = share(code).map(|s| (code.to_owned(), s));
            let named =
                named.or_else(|| lean(code).and_then(|name| Some((name.clone(), share(&name)?))));
            let Some((name, share)) = named else { continue };
            let capacity = network.parameter(&format!("colon.capacity.{code}"));
            match groups.iter_mut().find(|g| g.name == name) {
                Some(group) => {
                    group.members.push(position);
                    group.capacities.extend(capacity);
                }
                None => groups.push(Group {
                    name,
                    share,
                    capacities: capacity.into_iter().collect(),
                    members: vec![position],
                }),
            }
        }
        (!groups.is_empty() && !readings.is_empty()).then_some(())?;
        Some(Self {
            readings,
            error: value("people.guild_error")?,
            error_wide: value("people.guild_error_wide")?,
            pseudocount: value("people.guild_pseudocount")?,
            detection: value("people.guild_detection")?,
            groups,
        })
    }

    /// Whether any reading shows a guild of profiles; nothing for a code that is none.
    #[must_use]
    pub fn sees(&self, code: &str) -> Option<bool> {
        let at = Guild::ALL.iter().position(|g| g.code() == code)?;
        let shown = |r: &GuildReading| r.shares.get(at).is_some_and(|s| *s >= self.detection);
        Some(self.readings.iter().any(shown))
    }

    /// A profile of a person who has these shares of the network's guilds, with the error of the method; all of a guild of the
    /// network is shown by the first of its members. `error` gives standard normal numbers.
    #[must_use]
    pub fn seen(&self, shares: &[f64], reads: f64, error: &dyn Fn(u32) -> f64) -> GuildReading {
        let mut seen = vec![0.0; Guild::ALL.len()];
        for (group, share) in self.groups.iter().zip(shares) {
            let Some(&first) = group.members.first() else {
                continue;
            };
            let sd = if WIDE.contains(&Guild::ALL[first]) {
                self.error_wide
            } else {
                self.error
            };
            let number = u32::try_from(first).unwrap_or(u32::MAX);
            seen[first] = share.max(0.0) * (sd * error(number)).exp();
        }
        let sum: f64 = seen.iter().sum();
        seen.iter_mut().for_each(|s| *s /= sum);
        GuildReading {
            shares: seen,
            reads: Some(reads),
            outside: 0.0,
        }
    }

    /// Shares of the network's guilds, drawn for one person; they add up to 1.
    #[must_use]
    pub fn draw(&self, seed: u64, number: u32) -> Vec<f64> {
        let mut ln = vec![0.0; Guild::ALL.len()];
        for (at, reading) in self.readings.iter().enumerate() {
            let one = self.drawn(reading, &|what: &str| {
                RandomStream::new(
                    seed,
                    number,
                    StreamId::named("guilds", &format!("{what} {at}")),
                )
            });
            for (sum, share) in ln.iter_mut().zip(one) {
                *sum += share.ln() / self.readings.len() as f64;
            }
        }
        let mut shares: Vec<f64> = self
            .groups
            .iter()
            .map(|g| g.members.iter().map(|&m| ln[m].exp()).sum())
            .collect();
        let sum: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|s| *s /= sum);
        shares
    }

    fn drawn(&self, reading: &GuildReading, stream: &dyn Fn(&str) -> RandomStream) -> Vec<f64> {
        let shares = reading.shares.iter().zip(Guild::ALL).zip(0u32..);
        let one = |((share, guild), index): ((&f64, Guild), u32)| {
            let seen = match reading.reads {
                // A Dirichlet draw is gamma draws over their sum; the sum is taken out at the end.
                Some(reads) => {
                    gamma(share * reads + self.pseudocount, stream(guild.code())) / reads.max(1.0)
                }
                None if *share < self.detection => {
                    self.detection * stream(guild.code()).uniform_at(0)
                }
                None => *share,
            };
            let sd = if WIDE.contains(&guild) {
                self.error_wide
            } else {
                self.error
            };
            (seen * (sd * stream("error").normal_at(index)).exp()).max(f64::MIN_POSITIVE)
        };
        shares.map(one).collect()
    }
}

/// A gamma draw of this shape and scale 1 (Marsaglia and Tsang 2000).
fn gamma(shape: f64, stream: RandomStream) -> f64 {
    if shape < 1.0 {
        // The boost of the same paper.
        let low = stream.uniform_at(u32::MAX).max(f64::MIN_POSITIVE);
        return gamma(shape + 1.0, stream) * low.powf(1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    /// The chance that none of these is taken is nothing.
    const TRIES: u32 = 200;
    for try_number in 0..TRIES {
        let z = stream.normal_at(2 * try_number);
        let v = (1.0 + c * z).powi(3);
        if v <= 0.0 {
            continue;
        }
        let u = stream.uniform_at(2 * try_number + 1).max(f64::MIN_POSITIVE);
        if u.ln() < 0.5 * z * z + d - d * v + d * v.ln() {
            return d * v;
        }
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_draws_have_mean_and_variance_of_their_shape() {
        for shape in [0.5, 3.0, 250.0] {
            let draws: Vec<f64> = (0..20_000)
                .map(|i| {
                    gamma(
                        shape,
                        RandomStream::new(7, i, StreamId::named("test", "gamma")),
                    )
                })
                .collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 20_000.0;
            assert!((mean / shape - 1.0).abs() < 0.05, "{shape}: {mean}");
            assert!((variance / shape - 1.0).abs() < 0.06, "{shape}: {variance}");
        }
    }
}
