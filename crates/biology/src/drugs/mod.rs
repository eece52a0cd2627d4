//! Drugs in the lumen: pools, kill, inhibition of growth, and what strains survive.

use crate::catalogue::{Catalogue, Drug, GuildRow, TRAIT};
use crate::colon::{Cast, Context, Segment, lognormal};
use gutskin_network::{BuildErrors, Expr, Spread, nearest};
use std::collections::BTreeMap;

mod strength;

use strength::Strength;
pub(crate) use strength::in_words;

/// What drugs do to guilds.
pub(crate) struct Pressure<'m> {
    /// Kill by guild, one expression a segment, 1/d.
    pub kill: BTreeMap<String, Vec<Expr<'m>>>,
    /// Kill times the share of it that counts as lasting, by guild, over its kill.
    pub lasting: BTreeMap<String, Expr<'m>>,
    /// Factor on growth by guild and segment.
    pub inhibition: BTreeMap<String, Vec<Expr<'m>>>,
}

impl<'m> Pressure<'m> {
    /// No drug.
    pub fn none() -> Self {
        Self {
            kill: BTreeMap::new(),
            lasting: BTreeMap::new(),
            inhibition: BTreeMap::new(),
        }
    }

    /// Mean kill over the segments; absent where no drug touches the guild.
    pub fn mean_kill(&self, guild: &str) -> Option<Expr<'m>> {
        let kills = self.kill.get(guild)?;
        let count = kills.len() as f64;
        kills
            .iter()
            .copied()
            .reduce(|a, b| a + b)
            .map(|sum| sum / count)
    }
}

/// The rows of these drugs.
///
/// # Errors
/// Names that are not in the table, with the nearest that is.
pub(crate) fn rows<'c>(
    catalogue: &'c Catalogue,
    names: &[String],
) -> Result<Vec<&'c Drug>, BuildErrors> {
    let mut errors = Vec::new();
    let mut found = Vec::new();
    for name in names {
        match catalogue.drugs.iter().find(|d| &d.id == name) {
            Some(drug) => found.push(drug),
            None => {
                let hint = nearest(name, catalogue.drugs.iter().map(|d| d.id.as_str()))
                    .map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
                errors.push(format!("drug \"{name}\" is not in the tables{hint}"));
            }
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(BuildErrors(errors))
    }
}

/// Adds the pools of each drug and collects what they do.
pub(crate) fn add<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    drugs: &[&Drug],
) -> Pressure<'m> {
    let mut pressure = Pressure::none();
    if drugs.is_empty() {
        return pressure;
    }
    let effects: Vec<Vec<Expr<'m>>> = drugs.iter().map(|d| effects(c, segments, d)).collect();
    let guilds = cast.groups.iter().flat_map(|g| &g.members).map(|(g, _)| g);
    let mut targets: Vec<(String, Option<&GuildRow>)> =
        guilds.map(|g| (g.name.clone(), Some(g))).collect();
    targets.push((TRAIT.to_owned(), None));
    for (name, guild) in targets {
        collect(
            c,
            &mut pressure,
            (&name, guild),
            drugs,
            &effects,
            segments.len(),
        );
    }
    pressure
}

fn collect<'m>(
    c: &Context<'m, '_>,
    pressure: &mut Pressure<'m>,
    (name, guild): (&str, Option<&GuildRow>),
    drugs: &[&Drug],
    effects: &[Vec<Expr<'m>>],
    segments: usize,
) {
    let m = c.m;
    let mut kill = vec![c.zero(); segments];
    let mut growth = vec![m.constant(1.0); segments];
    let (mut strength, mut weighted) = (c.zero(), c.zero());
    let mut touched = false;
    for (drug, effect) in drugs.iter().zip(effects) {
        let Some((largest, lasts)) = strength_of(c, drug, name, guild) else {
            continue;
        };
        touched = true;
        let half = m.parameter("drugs.susceptibility_half", "1/d");
        let depth = m.parameter("drugs.inhibition", "1") * largest / (largest + half);
        for (i, e) in effect.iter().enumerate() {
            kill[i] = kill[i] + largest * *e;
            growth[i] = growth[i] * (1.0 - depth * *e);
            strength = strength + largest * *e;
            weighted = weighted + largest * *e * lasts;
        }
    }
    if touched {
        let trace = m.parameter("drugs.kill_trace", "1/d");
        pressure.kill.insert(name.to_owned(), kill);
        pressure.inhibition.insert(name.to_owned(), growth);
        pressure
            .lasting
            .insert(name.to_owned(), weighted / (strength + trace));
    }
}

/// Largest kill of a drug on a guild and how much of the loss lasts.
fn strength_of<'m>(
    c: &Context<'m, '_>,
    drug: &Drug,
    name: &str,
    guild: Option<&GuildRow>,
) -> Option<(Expr<'m>, Expr<'m>)> {
    let m = c.m;
    let usual = m.parameter("strains.permanent_share", "1");
    let parameter = format!("drugs.kill.{}.{name}", drug.id);
    match Strength::of(c.catalogue, drug, name, guild)? {
        Strength::Table { row, kill, lasting } => {
            let note = "kill at the usual dose";
            let kill = c.quantity(&parameter, kill, "1/d", row.cv, &row.provenance, note);
            let high = || m.parameter("strains.permanent_share_high", "1");
            Some((kill, if lasting { high() } else { usual }))
        }
        Strength::Score(level) => {
            let row = c.table.get(level)?;
            let provenance = crate::catalogue::Provenance {
                source: row.source.clone(),
                mark: row.mark,
                note: String::new(),
            };
            let note = "kill from the score of the drug table";
            let kill = c.cell(&parameter, row.value, "1/d", row.spread, &provenance, note);
            Some((kill, usual))
        }
    }
}

/// Spread of a share of a dose: lognormal where the whole is far away, else cut at the whole.
fn share_spread(cv: f64, share: f64) -> Spread {
    match lognormal(cv, share) {
        Spread::LogNormal { sd_ln } if share * (FAR * sd_ln).exp() > 1.0 => {
            Spread::TruncatedNormal {
                sd: cv * share,
                low: 0.0,
                high: 1.0,
            }
        }
        spread => spread,
    }
}

/// Standard deviations within which next to all people are.
const FAR: f64 = 3.0;

/// Pools of one drug: what is still to be released, and each segment. Returns its relative effect by segment.
fn effects<'m>(c: &Context<'m, '_>, segments: &[Segment<'m>], drug: &Drug) -> Vec<Expr<'m>> {
    let m = c.m;
    let id = &drug.id;
    let pool = |name: String, doc: String| {
        m.state(&name, "mg")
            .typical(drug.dose.value.max(1.0) * drug.luminal_share.max(1e-3))
            .initial(0.0)
            .doc(&doc)
            .add()
    };
    let dose = m.input(
        &format!("input.drug.{id}"),
        "mg/d",
        0.0,
        &format!("{} taken", drug.agent),
    );
    let share = c.cell(
        &format!("drugs.luminal_share.{id}"),
        drug.luminal_share,
        "1",
        share_spread(drug.luminal_share_cv, drug.luminal_share),
        &drug.provenance,
        "share of the dose that is active in the colon; its spread is assumed",
    );
    let half_life = c.quantity(
        &format!("drugs.half_life.{id}"),
        &drug.half_life,
        "d",
        drug.half_life_cv,
        &drug.provenance,
        "half-life of release into the lumen; its spread is assumed",
    );
    let usual = c.quantity(
        &format!("drugs.usual_dose.{id}"),
        &drug.dose,
        "mg/d",
        0.0,
        &drug.provenance,
        "usual dose, exact: what is prescribed",
    );
    let usual_share = c.fixed(
        &format!("drugs.usual_luminal_share.{id}"),
        drug.luminal_share,
        "1",
        &drug.provenance,
        "share that is active in a usual colon: what half effect is measured by, the same in everybody",
    );
    let release = m.parameter("drugs.ln2", "1") / half_life;
    let depot = pool(
        format!("drugs.{id}.depot"),
        format!("{} to be released", drug.agent),
    );
    m.rate(depot, share * dose - release * depot);
    // Half effect at a set share of the concentration that the usual dose keeps up in a usual proximal colon.
    let half_effect = m.parameter("drugs.relative_half_effect", "1") * usual_share * usual
        / m.parameter("drugs.usual_flow", "L/d");
    let power = m.parameter("drugs.hill", "1");
    let trace = m.parameter("drugs.trace", "1");
    let mut arriving = release * depot;
    let mut effects = Vec::new();
    for segment in segments {
        let lumen = pool(
            format!("drugs.{id}.{}", segment.name),
            format!("{} in the lumen", drug.agent),
        );
        m.rate(lumen, arriving - segment.washout * lumen);
        arriving = segment.washout * lumen;
        let relative = (lumen / segment.water / half_effect).smooth_pow(power, trace);
        effects.push(relative / (1.0 + relative));
        m.observe(
            &format!("drugs.{id}_level.{}", segment.name),
            "mg/L",
            lumen / segment.water,
            "concentration in the lumen",
        );
    }
    effects
}
