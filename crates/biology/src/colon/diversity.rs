//! Diversity (C10): guilds, and the species-equivalents that they stand for.
//!
//! A guild of the table stands for so many strains (`strains` of `guilds.csv`) whose abundances within it are lognormal. A network
//! holds the central person's: expected ranks in place of draws. What drugs leave of a guild's strains is an even sample of them, for
//! who is lost has nothing to do with abundance.

use super::context::{Cast, Context, Segment};
use super::growth::{Influences, member_share};
use crate::catalogue::GuildRow;
use gutskin_network::Expr;
use statrs::distribution::{ContinuousCDF, Normal};

/// A guild of the table with its share of the microbes and the abundances of its strains within it.
struct Member<'m> {
    share: Expr<'m>,
    strains: Vec<Expr<'m>>,
}

/// Shares of guilds, their entropy, and what species-equivalents make of them.
pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    influences: &Influences<'_, 'm>,
) {
    active_strains(c, cast, influences);
    let shares = composition(c, cast, segments);
    let mut members = Vec::new();
    for (group, share) in cast.groups.iter().zip(shares) {
        for (guild, part) in &group.members {
            let part = member_share(c, group, guild, *part);
            members.push(Member {
                share: part.map_or(share, |p| p * share),
                strains: within(c, guild, influences),
            });
        }
    }
    species(c, &members);
}

/// Strains of a guild in a usual person.
fn usual<'m>(c: &Context<'m, '_>, guild: &GuildRow) -> Expr<'m> {
    c.fixed(
        &format!("strains.usual.{}", guild.name),
        guild.strains,
        "1",
        &guild.provenance,
        "strains of the guild in a usual person",
    )
}

/// Strains of the residents that are active.
fn active_strains<'m>(c: &Context<'m, '_>, cast: &Cast, influences: &Influences<'_, 'm>) {
    let mut active = c.zero();
    for group in &cast.groups {
        for (guild, _) in group.members.iter().filter(|(g, _)| g.resident) {
            let strains = usual(c, guild);
            let left = influences.survival.active.get(&guild.name);
            active = active + left.map_or(strains, |a| strains * *a);
        }
    }
    c.m.observe(
        "colon.strains",
        "1",
        active,
        "resident strains that are active (C10)",
    );
}

/// Shares of the groups in the microbes of the lumen, and their entropy.
fn composition<'m>(c: &Context<'m, '_>, cast: &Cast, segments: &[Segment<'m>]) -> Vec<Expr<'m>> {
    let m = c.m;
    let mut total = c.zero();
    let mut sums = Vec::new();
    for group in &cast.groups {
        let mut sum = c.zero();
        for segment in segments {
            sum = sum + segment.biomass[&group.name];
        }
        total = total + sum;
        sums.push(sum);
    }
    let total = m.variable("colon.microbes", "gDW", total, "microbes in the lumen");
    m.observe("colon.microbes", "gDW", total, "microbes in the lumen");
    let mut entropy = c.zero();
    let mut shares = Vec::new();
    for (group, sum) in cast.groups.iter().zip(sums) {
        let labels: Vec<&str> = group
            .members
            .iter()
            .map(|(g, _)| g.label.as_str())
            .collect();
        let share = sum / total;
        m.observe(
            &format!("colon.share.{}", group.name),
            "1",
            share,
            &format!("share of the microbes in the lumen: {}", labels.join("; ")),
        );
        entropy = entropy + surprise(c, share);
        shares.push(share);
    }
    m.observe(
        "colon.guild_entropy",
        "1",
        entropy,
        "Shannon entropy over guilds (C10)",
    );
    shares
}

/// −p·ln p.
fn surprise<'m>(c: &Context<'m, '_>, share: Expr<'m>) -> Expr<'m> {
    let trace = c.m.parameter("colon.share_trace", "1");
    -(share * share.smooth_plus(trace).ln())
}

/// Abundances within a guild, of sum 1, the first strains to stay first.
fn within<'m>(
    c: &Context<'m, '_>,
    guild: &GuildRow,
    influences: &Influences<'_, 'm>,
) -> Vec<Expr<'m>> {
    let spread = c.m.parameter("strains.within_guild_sd", "1");
    let scores = scores(guild.strains);
    let weights: Vec<Expr<'m>> = scores.iter().map(|z| (spread * *z).exp()).collect();
    let present: Vec<Expr<'m>> = match influences.survival.active.get(&guild.name) {
        None => weights,
        Some(active) => {
            let edge = c.m.parameter("strains.presence_edge", "1");
            let left = usual(c, guild) * *active;
            let is_there = |i: usize| {
                let above = left - i as f64;
                above.smooth_plus(edge) - (above - 1.0).smooth_plus(edge)
            };
            let strains = weights.iter().enumerate();
            strains.map(|(i, w)| *w * is_there(i)).collect()
        }
    };
    let sum = present.iter().fold(c.zero(), |sum, w| sum + *w);
    present.iter().map(|w| *w / sum).collect()
}

/// Expected standard normal ranks of so many strains, in an order in which every beginning is an even sample of them.
fn scores(strains: f64) -> Vec<f64> {
    /// Blom's plotting position, which comes nearest to the expected ranks of a normal sample.
    const BLOM: f64 = 0.375;
    /// Constants are the same on every system.
    const DIGITS: f64 = 1e6;
    let count = strains.round().max(1.0) as usize;
    let Ok(normal) = Normal::new(0.0, 1.0) else {
        return vec![0.0; count];
    };
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let mut order: Vec<(f64, usize)> = (0..count)
        .map(|i| (((i + 1) as f64 * golden).fract(), i))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut scores = vec![0.0; count];
    for (rank, (_, strain)) in order.into_iter().enumerate() {
        let position = (rank as f64 + 1.0 - BLOM) / (count as f64 + 1.0 - 2.0 * BLOM);
        if let Some(score) = scores.get_mut(strain) {
            *score = (normal.inverse_cdf(position) * DIGITS).round() / DIGITS;
        }
    }
    scores
}

/// Index and richness over the strains of all guilds.
fn species<'m>(c: &Context<'m, '_>, members: &[Member<'m>]) {
    let m = c.m;
    let reads = [
        ("shotgun", m.parameter("people.reads_shotgun", "1")),
        ("16s", m.parameter("people.reads_16s", "1")),
    ];
    let mut shannon = c.zero();
    let mut found = [c.zero(), c.zero()];
    for member in members {
        // Entropy of parts within parts: that of the guilds, and of each guild by its share.
        let own = member
            .strains
            .iter()
            .fold(c.zero(), |sum, q| sum + surprise(c, *q));
        shannon = shannon + surprise(c, member.share) + member.share * own;
        for strain in &member.strains {
            for (sum, (_, reads)) in found.iter_mut().zip(reads) {
                *sum = *sum + (1.0 - (-(reads * member.share * *strain)).exp());
            }
        }
    }
    m.observe(
        "colon.species_shannon",
        "1",
        shannon,
        "species-equivalent Shannon index, natural logarithm (C10); with the strains of the central person",
    );
    for ((method, _), richness) in reads.iter().zip(found) {
        m.observe(
            &format!("colon.species_richness_{method}"),
            "1",
            richness,
            &format!("species-equivalents expected among the reads of a {method} sample (C10)"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_those_of_a_normal_sample_and_beginnings_are_even() {
        // Expected largest of 2 and of 5 standard normal numbers: 0.564 and 1.163 (tables of order statistics).
        let largest = |n: f64| scores(n).into_iter().fold(f64::MIN, f64::max);
        assert!((largest(2.0) - 0.564).abs() < 0.03, "{}", largest(2.0));
        assert!((largest(5.0) - 1.163).abs() < 0.02, "{}", largest(5.0));
        assert_eq!(scores(1.0), [0.0]);
        let all = scores(22.0);
        assert!(all.iter().sum::<f64>().abs() < 1e-5);
        for left in 5..22 {
            let mean = all[..left].iter().sum::<f64>() / left as f64;
            assert!(mean.abs() < 0.25, "{left} strains: {mean}");
        }
    }
}
