//! What the colon takes from the body (B1–B6) and hands to it (C1–C10).

use super::absorption::Absorbed;
use super::context::{Account, Cast, Context, Segment};
use super::diversity;
use super::growth::{Influences, Place, member_share, mucin_demand};
use super::layout::Layout;
use super::size::Size;
use super::stool::Stool;
use crate::bile::Bile;
use crate::body::power;
use crate::catalogue::{Absorption, GuildRow};
use gutskin_network::{Builder, Expr, LinkGrade, LinkSpec};

/// What the rest of the body does to the colon.
#[derive(Clone, Copy)]
pub struct Host<'m> {
    /// Mucin secretion over the reference (B3).
    pub mucin_factor: Expr<'m>,
    /// Inflammation of the lining Im, 1 in the reference person (B1).
    pub inflammation: Expr<'m>,
    /// 1 where butyrate holds the oxygen leak back, 0 where that path is cut (B2).
    pub on_oxygen: Expr<'m>,
    /// 1 where inflammation releases nitrate, 0 where that path is cut (B1).
    pub on_nitrate: Expr<'m>,
    /// 1 where stool mass sets transit, 0 where that path is cut (B4).
    pub on_transit: Expr<'m>,
    /// Factor of stress on transit times (B4).
    pub stress_transit: Expr<'m>,
    /// Factor of drugs on transit times (opioids, laxatives).
    pub transit_drug: Expr<'m>,
    /// Bile acids that enter, mmol/d (B5).
    pub bile_inflow: Expr<'m>,
    /// Factor of vitamin D on growth of some guilds (B6).
    pub vitamin_d_growth: Expr<'m>,
    /// Factor of blocked gastric acid on what arrives alive from the mouth.
    pub oral_arrival: Expr<'m>,
}

/// Signals of the body from which their effects on the colon follow.
#[derive(Clone, Copy)]
pub struct Signals<'m> {
    /// Inflammation of the lining Im, 1 in the reference person.
    pub inflammation: Expr<'m>,
    /// Stress, 0 in the reference person.
    pub stress: Expr<'m>,
    /// 25(OH)D over 50 nmol/L.
    pub vitamin_d: Expr<'m>,
    /// Proton-pump inhibitor, 1 at the usual dose.
    pub acid_suppression: Expr<'m>,
}

/// The proton-pump inhibitor that scenarios give: body and colon hear it.
pub(crate) fn acid_suppression<'m>(m: &'m Builder<'_>) -> Expr<'m> {
    m.input(
        "input.acid_suppression",
        "1",
        0.0,
        "proton-pump inhibitor, 1 at omeprazole 20 mg/d",
    )
}

impl<'m> Signals<'m> {
    /// The body held at the reference; scenarios can move the inputs `clamped.*`.
    pub fn clamped(m: &'m Builder<'_>) -> Self {
        Self {
            inflammation: m.input(
                "clamped.inflammation",
                "1",
                1.0,
                "inflammation of the lining (Im)",
            ),
            stress: m.input(
                "clamped.stress",
                "1",
                0.0,
                "stress, 0 in the reference person",
            ),
            vitamin_d: m.input("clamped.vitamin_d", "1", 1.0, "25(OH)D over 50 nmol/L"),
            acid_suppression: m.constant(0.0),
        }
    }
}

impl<'m> Host<'m> {
    /// The effects of these signals, each behind its own link; mucin is set once butyrate is known.
    pub(super) fn from_signals(m: &'m Builder<'_>, signals: &Signals<'m>) -> Self {
        let supply = m.parameter("colon.nitrate_supply", "mmol/d");
        let on_nitrate = link(
            m,
            ("inflammation_to_nitrate", "barrier", "colon"),
            Some(supply),
            LinkGrade::Animal,
            "nitrate for Enterobacteriaceae ∝ softplus(Im − 1) (B1)",
        );
        let leak = m.parameter("colon.oxygen_leak", "mmol/d");
        let on_oxygen = link(
            m,
            ("butyrate_to_oxygen", "colon", "colon"),
            Some(leak),
            LinkGrade::Animal,
            "oxygen leak J_O2·(1 − 0.85·Bu/(Bu + K)) (B2)",
        );
        let exponent = m.parameter("colon.transit_exponent", "1");
        let on_transit = link(
            m,
            ("stool_to_transit", "colon", "colon"),
            Some(exponent),
            LinkGrade::HumanObservation,
            "transit × (stool/118)^−0.55 (B4)",
        );
        let gain = m.parameter("colon.stress_transit", "1");
        let on_stress = link(
            m,
            ("stress_to_transit", "hpa", "colon"),
            Some(gain),
            LinkGrade::Assumption,
            "transit × (1 − 0.05·stress) (B4)",
        );
        let exponent = m.parameter("bile.fat_exponent", "1");
        let on_fat = link(
            m,
            ("fat_to_bile", "input", "bile"),
            Some(exponent),
            LinkGrade::Assumption,
            "bile inflow × (fat/80)^0.5 (B5)",
        );
        let fat = m.input_from_table("input.diet.fat", "g/d", "diet.reference_fat", "fat eaten");
        let usual_fat = m.parameter("diet.reference_fat", "g/d");
        let trace = m.parameter("bile.fat_trace", "1");
        let d_exponent = m.parameter("colon.vitamin_d_exponent", "1");
        let on_d = link(
            m,
            ("vitamin_d_to_community", "metabolic", "colon"),
            Some(d_exponent),
            LinkGrade::HumanTrial,
            "growth of ROS and FAE × (25(OH)D/50)^0.05 (B6)",
        );
        let survivors = m.parameter("colon.acid_blocked_arrival", "1");
        let on_acid = link(
            m,
            ("acid_suppression_to_arrival", "input", "colon"),
            Some(survivors),
            LinkGrade::HumanObservation,
            "arrival of guilds of the mouth × (1 + (gain − 1)·acid suppression): acid kills fewer of those swallowed",
        );
        Self {
            mucin_factor: m.constant(1.0),
            oral_arrival: 1.0 + on_acid * (survivors - 1.0) * signals.acid_suppression,
            inflammation: signals.inflammation,
            on_oxygen,
            on_nitrate,
            on_transit,
            stress_transit: 1.0 - on_stress * gain * signals.stress,
            transit_drug: m.input(
                "input.transit_factor",
                "1",
                1.0,
                "transit time relative to usual under drugs",
            ),
            bile_inflow: m.parameter("bile.inflow", "mmol/d")
                * (fat / usual_fat).smooth_pow(on_fat * exponent, trace),
            vitamin_d_growth: power(signals.vitamin_d, on_d * d_exponent),
        }
    }
}

fn link<'m>(
    m: &'m Builder<'_>,
    (name, from, to): (&str, &str, &str),
    gain: Option<Expr<'m>>,
    grade: LinkGrade,
    doc: &str,
) -> Expr<'m> {
    m.link(LinkSpec {
        name,
        from,
        to,
        gain,
        grade,
        on: true,
        doc,
    })
}

/// What the colon hands over (interfaces C1–C10).
#[derive(Clone, Copy)]
pub struct Offers<'m> {
    /// Whose reference state the other fields are to be divided by.
    pub layout: Layout,
    /// Size of the body.
    pub size: Size<'m>,
    /// C1: butyrate at the surface, mM.
    pub surface_butyrate: Expr<'m>,
    /// C2: activity of lipopolysaccharide, 1 in the reference person.
    pub lps_activity: Expr<'m>,
    /// C3: demand of mucus foragers, 1 in the reference person.
    pub mucus_foraging: Expr<'m>,
    /// C4: acetate, propionate, butyrate absorbed, mmol/d.
    pub absorbed: [Expr<'m>; 3],
    /// C4: all three, mmol/d.
    pub scfa_absorbed: Expr<'m>,
    /// C7: aromatic products absorbed, mmol/d.
    pub aromatic: Expr<'m>,
    /// C8: share of secondary bile acids in the last segment.
    pub secondary_bile: Expr<'m>,
}

/// The finished parts, to be read out.
pub(super) struct Outcome<'a, 'm> {
    /// Flows through the lining.
    pub absorbed: &'a Absorbed<'m>,
    /// Stool.
    pub stool: Option<&'a Stool<'m>>,
    /// Bile acids.
    pub bile: &'a Bile<'m>,
    /// What enters and leaves.
    pub account: &'a Account<'m>,
    /// What acts on guilds.
    pub influences: &'a Influences<'a, 'm>,
    /// C1.
    pub surface_butyrate: Expr<'m>,
    /// Cumulative sums wanted?
    pub ledger: bool,
}

/// The path from secondary bile acids to guilds that they inhibit.
pub(super) fn bile_link(m: &Builder<'_>) {
    link(
        m,
        ("secondary_bile_to_growth", "bile", "colon"),
        None,
        LinkGrade::Animal,
        "growth of C. difficile / (1 + (secondary/K)²); competition for amino acids acts beside it",
    );
}

/// Everything that is read out at the end.
pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    outcome: &Outcome<'_, 'm>,
) -> Offers<'m> {
    let Outcome {
        absorbed,
        stool,
        bile,
        account,
        influences,
        surface_butyrate,
        ledger,
    } = *outcome;
    let m = c.m;
    let zero = c.zero();
    for segment in segments {
        read_segment(c, cast, segment);
    }
    for (segment, flows) in segments.iter().zip(&absorbed.by_segment) {
        for name in ["acetate", "propionate", "butyrate"] {
            if let Some(flow) = flows.get(name) {
                m.observe(
                    &format!("colon.{name}_absorbed.{}", segment.name),
                    "mmol/d",
                    *flow,
                    "absorbed in the segment",
                );
            }
        }
    }
    let total = |name: &str| absorbed.total.get(name).copied().unwrap_or(zero);
    let acids = ["acetate", "propionate", "butyrate"].map(|name| {
        m.variable(
            &format!("colon.{name}_absorbed"),
            "mmol/d",
            total(name),
            "absorbed, all segments (C4)",
        )
    });
    for (name, flow) in ["acetate", "propionate", "butyrate"].iter().zip(acids) {
        m.observe(
            &format!("colon.{name}_absorbed"),
            "mmol/d",
            flow,
            "absorbed, all segments (C4)",
        );
    }
    let scfa_absorbed = m.variable(
        "colon.scfa_absorbed",
        "mmol/d",
        acids[0] + acids[1] + acids[2],
        "short-chain fatty acids absorbed (C4)",
    );
    m.observe(
        "colon.scfa_absorbed",
        "mmol/d",
        scfa_absorbed,
        "short-chain fatty acids absorbed (C4)",
    );
    for (name, of, doc) in [
        (
            "colon.aromatic",
            "aromatic",
            "aromatic products absorbed (C7)",
        ),
        (
            "colon.h2s",
            "hydrogen_sulfide",
            "hydrogen sulfide absorbed (C7)",
        ),
        ("colon.ammonia_absorbed", "ammonia", "ammonia absorbed (C7)"),
        (
            "colon.d_lactate_absorbed",
            "d_lactate",
            "D-lactate absorbed",
        ),
        (
            "colon.hydrogen_out",
            "hydrogen",
            "hydrogen in breath and flatus",
        ),
        (
            "colon.methane_out",
            "methane",
            "methane in breath and flatus",
        ),
        (
            "colon.branched_absorbed",
            "branched",
            "branched-chain fatty acids absorbed",
        ),
    ] {
        m.observe(name, "mmol/d", total(of), doc);
    }
    read_stool(c, cast, segments, stool, scfa_absorbed);
    balance(c, account, ledger);
    let lps_activity = lps_activity(c, cast, segments);
    let mucus_foraging = mucus_foraging(c, cast, segments, influences);
    diversity::add(c, cast, segments, influences);
    Offers {
        layout: c.layout,
        size: c.size(),
        surface_butyrate,
        lps_activity,
        mucus_foraging,
        absorbed: acids,
        scfa_absorbed,
        aromatic: total("aromatic"),
        secondary_bile: bile.secondary_fraction,
    }
}

fn read_segment<'m>(c: &Context<'m, '_>, cast: &Cast, segment: &Segment<'m>) {
    let m = c.m;
    let at = segment.name;
    let level = m.find(&format!("colon.scfa_total.{at}"));
    m.observe(
        &format!("colon.scfa_total.{at}"),
        "mM",
        level,
        "acetate, propionate and butyrate together",
    );
    for metabolite in &cast.metabolites {
        let concentration = segment.level(&metabolite.name, c.zero());
        let unit = if metabolite.unit == "g" { "g/L" } else { "mM" };
        m.observe(
            &format!("colon.{}_level.{at}", metabolite.name),
            unit,
            concentration,
            &metabolite.label,
        );
        if metabolite.absorption == Absorption::Scfa {
            m.observe(
                &format!("colon.{}_share.{at}", metabolite.name),
                "1",
                concentration / level,
                "share of the short-chain fatty acids",
            );
        }
    }
    m.observe(
        &format!("colon.water_volume.{at}"),
        "L",
        segment.water,
        "water",
    );
}

fn read_stool<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    stool: Option<&Stool<'m>>,
    absorbed: Expr<'m>,
) {
    let m = c.m;
    let (Some(stool), Some(last)) = (stool, segments.last()) else {
        return;
    };
    m.observe("colon.stool_wet", "g/d", stool.wet, "wet stool");
    m.observe("colon.stool_dry", "g/d", stool.dry, "dry stool");
    m.observe("colon.stool_water", "g/d", stool.water, "water in stool");
    m.observe(
        "colon.bacteria_out",
        "gDW/d",
        stool.microbes,
        "microbes in stool",
    );
    let mut lost = c.zero();
    for metabolite in cast
        .metabolites
        .iter()
        .filter(|x| x.absorption == Absorption::Scfa)
    {
        lost = lost + last.washout * last.metabolites[&metabolite.name];
    }
    m.observe(
        "colon.scfa_faecal_loss",
        "mmol/d",
        lost,
        "short-chain fatty acids in stool",
    );
    m.observe(
        "colon.scfa_absorbed_share",
        "1",
        absorbed / (absorbed + lost),
        "short-chain fatty acids absorbed of those made",
    );
    m.observe(
        "colon.transit_relative",
        "1",
        m.find("colon.transit_factor"),
        "transit time relative to usual",
    );
    let through = segments.iter().map(|s| 1.0 / s.washout);
    m.observe(
        "colon.transit_time",
        "d",
        through.fold(c.zero(), |sum, time| sum + time),
        "transit through the colon",
    );
}

/// Sums for the balance, and cumulative states where asked for.
fn balance<'m>(c: &Context<'m, '_>, account: &Account<'m>, ledger: bool) {
    for (name, flow) in [
        ("carbon_in", account.carbon_in),
        ("carbon_out", account.carbon_out),
        ("electrons_in", account.electrons_in),
        ("electrons_out", account.electrons_out),
    ] {
        c.m.observe(
            &format!("colon.{name}"),
            "mmol/d",
            flow,
            "balance of the lumen",
        );
        if ledger {
            let sum =
                c.m.state(&format!("ledger.{name}"), "mmol")
                    .typical(1000.0)
                    .initial(0.0)
                    .signed()
                    .doc("cumulative balance of the lumen")
                    .add();
            c.m.rate(sum, flow);
        }
    }
}

fn weighted<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    what: &str,
    (of, cv): (impl Fn(&GuildRow) -> f64, impl Fn(&GuildRow) -> f64),
) -> Expr<'m> {
    let held = distal_two_thirds(c, segments);
    let mut sum = c.zero();
    for group in &cast.groups {
        let value = group.weighted(&of);
        if value == 0.0 {
            continue;
        }
        let weight = c.spread(
            &format!("colon.{what}.{}", group.name),
            (value, group.weighted_cv(&of, &cv)),
            "1",
            &group.members[0].0.provenance,
            "weight of the guild",
        );
        for (segment, share) in &held {
            let biomass = segment.biomass[&group.name];
            sum = sum + weight * share.map_or(biomass, |s| s * biomass);
        }
    }
    sum
}

/// Segments past the proximal colon, with the share of each that lies there: all of it where nothing is said.
fn distal_two_thirds<'s, 'm>(
    c: &Context<'m, '_>,
    segments: &'s [Segment<'m>],
) -> Vec<(&'s Segment<'m>, Option<Expr<'m>>)> {
    let Some((first, others)) = segments.split_first() else {
        return Vec::new();
    };
    let beyond = others.iter().map(|s| (s, None));
    match c.layout {
        Layout::Full => beyond.collect(),
        Layout::Lean => {
            let name = format!("colon.transverse_share.{}", first.name);
            let share = c.m.parameter(&name, "1");
            std::iter::once((first, Some(share)))
                .chain(beyond)
                .collect()
        }
    }
}

/// C2 over the distal two thirds: sublinear and free of ratios.
fn lps_activity<'m>(c: &Context<'m, '_>, cast: &Cast, segments: &[Segment<'m>]) -> Expr<'m> {
    let m = c.m;
    let carriers = |what: &str, of: fn(&GuildRow) -> f64, cv: fn(&GuildRow) -> f64| {
        let usual = c.reference(&format!("colon.{what}_reference"), "g");
        weighted(c, cast, segments, what, (of, cv)) / usual
    };
    let agonist = carriers("lps_agonist", |r| r.lps_agonist, |r| r.lps_agonist_cv);
    let antagonist = carriers(
        "lps_antagonist",
        |r| r.lps_antagonist,
        |r| r.lps_antagonist_cv,
    );
    let exponent = m.parameter("colon.lps_exponent", "1");
    let inhibition = m.parameter("colon.lps_inhibition", "1");
    let trace = m.parameter("colon.lps_trace", "1");
    let activity = m.variable(
        "colon.lps_activity",
        "1",
        agonist.smooth_pow(exponent, trace) * (1.0 + inhibition) / (1.0 + inhibition * antagonist),
        "activity of luminal lipopolysaccharide (C2)",
    );
    m.observe(
        "colon.lps_activity",
        "1",
        activity,
        "activity of luminal lipopolysaccharide (C2)",
    );
    m.observe(
        "colon.lps_agonist_mass",
        "gDW",
        agonist * c.reference("colon.lps_agonist_reference", "g"),
        "carriers of active lipopolysaccharide",
    );
    m.observe(
        "colon.lps_antagonist_mass",
        "gDW",
        antagonist * c.reference("colon.lps_antagonist_reference", "g"),
        "carriers of blocking lipopolysaccharide",
    );
    activity
}

/// C3: what foragers would take of mucin if it were there, given what else they have to eat.
fn mucus_foraging<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    influences: &Influences<'_, 'm>,
) -> Expr<'m> {
    let m = c.m;
    let mut demand = c.zero();
    for (index, segment) in segments.iter().enumerate() {
        let place = Place { index, segment };
        for group in &cast.groups {
            for (guild, share) in group.members.iter().filter(|(g, _)| g.mucus_forager) {
                let share = member_share(c, group, guild, *share);
                let Some(active) = segment.active(&group.name) else {
                    continue;
                };
                let biomass = share.map_or(active, |s| s * active);
                demand = demand + mucin_demand(c, cast, place, guild, biomass, influences);
            }
        }
    }
    let reference = c.reference("colon.mucus_foraging_reference", "g/d");
    let relative = demand / reference;
    // soft_clip has its middle at the mean of the bounds; shifted so that 1 stays 1.
    let (low, high) = (
        m.parameter("colon.foraging_low", "1"),
        m.parameter("colon.foraging_high", "1"),
    );
    let one = m.constant(1.0);
    let foraging = m.variable(
        "colon.mucus_foraging",
        "1",
        (relative - one + foraging_middle(low, high)).soft_clip(low, high),
        "demand of mucus foragers over the reference (C3)",
    );
    m.observe(
        "colon.mucus_foraging",
        "1",
        foraging,
        "demand of mucus foragers over the reference (C3)",
    );
    m.observe(
        "colon.mucus_demand",
        "g/d",
        demand,
        "demand of mucus foragers",
    );
    foraging
}

/// Where the logistic clip between `low` and `high` is 1.
fn foraging_middle<'m>(low: Expr<'m>, high: Expr<'m>) -> Expr<'m> {
    let middle = (low + high) / 2.0;
    let width = (high - low) / 4.0;
    middle + width * ((1.0 - low) / (high - 1.0)).ln()
}

/// C1.
pub(super) fn surface_butyrate<'m>(c: &Context<'m, '_>, segments: &[Segment<'m>]) -> Expr<'m> {
    let m = c.m;
    let here = segments
        .last()
        .map_or(c.zero(), |s| s.level("butyrate", c.zero()));
    let reference = c.reference("colon.butyrate_level_reference", "mM");
    let usual = m.parameter("colon.surface_butyrate_reference", "mM");
    let level = match c.layout {
        Layout::Full => usual * here / reference,
        Layout::Lean => usual * steeper(c, here / reference),
    };
    let surface = m.variable(
        "colon.surface_butyrate",
        "mM",
        level,
        "butyrate at the surface (C1)",
    );
    m.observe(
        "colon.surface_butyrate",
        "mM",
        surface,
        "butyrate at the surface (C1)",
    );
    surface
}

/// Distal butyrate swings less in the lean colon than in the full one: its read-out is bent so that more moves it more.
fn steeper<'m>(c: &Context<'m, '_>, relative: Expr<'m>) -> Expr<'m> {
    let bend = c.reference("colon.surface_butyrate_bend", "1");
    relative * (1.0 + bend * (relative - 1.0))
}
