//! Patients and controls in their environments: markers, bacterial DNA, drugs (rows 27 and 29).

use super::super::lab::{setting, table};
use super::super::{CheckError, Lab, RowValues};
use super::bench::{correlation, daily, mean, median, percent};
use gutskin_biology::assay::Assay;
use gutskin_biology::axis::{self, AxisOptions, SkinKind};
use gutskin_biology::catalogue::{Catalogue, shipped_skin_drugs};
use gutskin_engine::{Action, Change, Target};

/// A group of people: prefix of its rows in the parameter files, and which severity it has.
pub(super) struct Group {
    name: &'static str,
    severity: Option<&'static str>,
}

pub(super) const HEALTHY: Group = Group {
    name: "healthy",
    severity: None,
};
const PSORIASIS: Group = Group {
    name: "psoriasis",
    severity: Some("clamped.psoriasis_severity"),
};
const ECZEMA: Group = Group {
    name: "eczema",
    severity: Some("clamped.eczema_severity"),
};
/// Cohorts are repeated, so that a ratio is not that of one draw.
const REPEATS: u32 = 10;

/// Draws a person of a group with an environment of their own and brings them to rest. `false` where there is none.
pub(super) fn person(
    lab: &mut Lab,
    group: &Group,
    (seed, who): (u64, u32),
) -> Result<bool, CheckError> {
    lab.draw(seed, who);
    let own = |what: &str| Lab::normal(seed, who, what);
    let of_group = |what: &str| setting(&format!("people.{}_{what}", group.name));
    for (input, what) in [
        ("clamped.surface_butyrate", "surface_butyrate"),
        ("clamped.lps_activity", "lps_activity"),
        ("clamped.mucus_foraging", "mucus_foraging"),
    ] {
        let factor = of_group(what)?;
        let spread = setting(&format!("people.{what}_sd_ln"))?;
        let usual = lab.input(input)?;
        lab.set_input(input, usual * factor * (spread * own(what)).exp())?;
    }
    let stress = of_group("stress_score")? + setting("people.stress_score_sd")? * own("stress");
    lab.set_input("input.stress_score", stress.max(0.0))?;
    lab.set_input("input.bmi", of_group("bmi")? + own("weight"))?;
    if let Some(input) = group.severity {
        let spread = setting("people.severity_sd_ln")?;
        let severity = of_group("severity")? * (spread * own("severity")).exp();
        lab.set_input(input, severity)?;
    }
    lab.begin();
    match lab.rest() {
        Ok(()) => Ok(true),
        Err(CheckError::NotSteady { .. } | CheckError::Failed { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Readings of an assay in so many people of a group, with their severity.
fn readings(
    lab: &mut Lab,
    group: &Group,
    (seed, people): (u64, u32),
    assay: &Assay,
) -> Result<Vec<(f64, f64)>, CheckError> {
    let mut found = Vec::new();
    for who in 0..people {
        if !person(lab, group, (seed, who))? {
            continue;
        }
        let truth = lab.read(assay.observable)?;
        let sample = Lab::normal(seed, who, assay.observable);
        let severity = group.severity.map_or(Ok(0.0), |input| lab.input(input))?;
        found.push((assay.reading(truth, 0.0, sample), severity));
    }
    Ok(found)
}

/// Whether bacterial DNA is found at a visit, after ten days in which bursts come as their hazard says.
fn positive(
    lab: &mut Lab,
    (seed, who): (u64, u32),
    (assay, limit): (&Assay, f64),
) -> Result<bool, CheckError> {
    const DAYS: u32 = 10;
    let state = lab.state_index("endotoxin.bacterial_dna")?;
    for day in 0..DAYS {
        let hazard = lab.read("endotoxin.burst_hazard")?;
        let chance = Lab::uniform(seed, who, &format!("burst {day}"));
        let burst = Change {
            // Some time of the day.
            time: Lab::uniform(seed, who, &format!("hour {day}")),
            target: Target::State(u32::try_from(state).unwrap_or(u32::MAX)),
            action: Action::Add(1.0),
        };
        let comes = chance < 1.0 - (-hazard).exp();
        lab.run(1.0, &[], if comes { vec![burst] } else { Vec::new() })?;
    }
    let sample = Lab::normal(seed, who, assay.observable);
    Ok(assay.reading(lab.state[state], 0.0, sample) > limit)
}

/// Share of people of a group in whom DNA is found, %.
fn positives(lab: &mut Lab, group: &Group, seed: u64, people: u32) -> Result<f64, CheckError> {
    let limit = setting("assay.dna_detected")?;
    let assay = Assay::named(table()?, "bacterial_dna")?;
    let (mut found, mut asked) = (0, 0);
    for who in 0..people {
        if person(lab, group, (seed, who))? {
            asked += 1;
            found += u32::from(positive(lab, (seed, who), (&assay, limit))?);
        }
    }
    Ok(100.0 * f64::from(found) / f64::from(asked))
}

/// Row 27 c, d.
pub(super) fn bacterial_dna() -> Result<RowValues, CheckError> {
    let mut lab = daily()?;
    Ok(vec![
        (
            "body-27c",
            positives(&mut lab, &PSORIASIS, 27, 45 * REPEATS)?,
        ),
        (
            "body-27d",
            positives(&mut lab, &HEALTHY, 127, 27 * REPEATS)?,
        ),
    ])
}

/// Mean over repeated cohorts of a ratio of patients over controls.
fn ratio(
    lab: &mut Lab,
    assay: &str,
    (group, patients): (&Group, u32),
    controls: u32,
    middle: fn(&[f64]) -> f64,
) -> Result<f64, CheckError> {
    let assay = Assay::named(table()?, assay)?;
    let mut ratios = Vec::new();
    for repeat in 0..REPEATS {
        let seed = 2700 + u64::from(repeat);
        let values = |found: Vec<(f64, f64)>| -> Vec<f64> { found.iter().map(|f| f.0).collect() };
        let sick = values(readings(lab, group, (seed, patients), &assay)?);
        let well = values(readings(lab, &HEALTHY, (seed + 100, controls), &assay)?);
        ratios.push(middle(&sick) / middle(&well));
    }
    Ok(mean(&ratios))
}

/// Row 27 a, b, e, f, g.
pub(super) fn markers() -> Result<RowValues, CheckError> {
    let mut lab = daily()?;
    let ifabp = Assay::named(table()?, "ifabp")?;
    let mut correlations = Vec::new();
    for repeat in 0..REPEATS {
        let cohort = (2700 + u64::from(repeat), 80);
        let found = readings(&mut lab, &PSORIASIS, cohort, &ifabp)?;
        let (x, y): (Vec<f64>, Vec<f64>) = found.into_iter().unzip();
        correlations.push(correlation(&x, &y));
    }
    Ok(vec![
        (
            "body-27a",
            ratio(&mut lab, "ifabp", (&PSORIASIS, 80), 40, median)?,
        ),
        ("body-27b", mean(&correlations)),
        (
            "body-27e",
            ratio(&mut lab, "lactulose_mannitol", (&ECZEMA, 30), 30, mean)?,
        ),
        (
            "body-27f",
            ratio(&mut lab, "lactulose_mannitol", (&ECZEMA, 30), 34, mean)?,
        ),
        ("body-27g", ratio(&mut lab, "lal", (&ECZEMA, 42), 16, mean)?),
    ])
}

/// The joined axis with psoriasis and one drug.
fn treated(drug: &str, returns: bool) -> Result<Lab, CheckError> {
    let drugs = shipped_skin_drugs()?;
    let mut options = AxisOptions::plain(SkinKind::Psoriasis);
    options.drugs = drugs.iter().filter(|d| d.id == drug).collect();
    options.returns = returns;
    Lab::new(axis::network(table()?, &Catalogue::shipped()?, &options)?)
}

/// Mean changes, %, of these observables over 16 weeks of a drug in patients of PASI 12 and more.
fn sixteen_weeks(drug: &str, returns: bool, read: &[&str]) -> Result<Vec<f64>, CheckError> {
    const PATIENTS: usize = 200;
    const DAYS: f64 = 112.0;
    const ENTRY: f64 = 12.0;
    let mut lab = treated(drug, returns)?;
    let mut changes = vec![Vec::new(); read.len()];
    let mut who = 0;
    while changes[0].len() < PATIENTS && who < 20 * PATIENTS as u32 {
        lab.draw(29, who);
        lab.begin();
        who += 1;
        match lab.rest() {
            Ok(()) => {}
            Err(CheckError::NotSteady { .. }) => continue,
            Err(other) => return Err(other),
        }
        let pasi = lab.read("score.pasi")?;
        if pasi < ENTRY {
            continue;
        }
        if !returns {
            lab.set_input(
                "clamped.psoriasis_severity",
                pasi / setting("axis.pasi_unit")?,
            )?;
            lab.rest()?;
        }
        let values = |lab: &mut Lab| {
            read.iter()
                .map(|n| lab.read(n))
                .collect::<Result<Vec<_>, _>>()
        };
        let usual = values(&mut lab)?;
        lab.set_input(&format!("drugs.{drug}.taken"), 1.0)?;
        lab.run(DAYS, &[], Vec::new())?;
        for ((all, now), usual) in changes.iter_mut().zip(values(&mut lab)?).zip(&usual) {
            all.push(percent(now, *usual));
        }
    }
    Ok(changes.iter().map(|c| mean(c)).collect())
}

/// Row 29.
pub(super) fn biologics() -> Result<RowValues, CheckError> {
    let read = ["immune.crp", "barrier.lactulose_mannitol"];
    let tnf = sixteen_weeks("adalimumab", true, &read)?;
    let il17 = sixteen_weeks("secukinumab", false, &["immune.tnf"])?;
    Ok(vec![
        ("body-29a", tnf[0]),
        ("body-29b", tnf[1]),
        ("body-29c", il17[0]),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::super::gut::crowd::Crowd;
    use super::super::bench::sd;
    use super::*;
    use gutskin_biology::colon::ColonOptions;

    /// The rate of bursts at which 36 % of flaring patients are positive; to be entered as `endotoxin.burst_rate`.
    #[test]
    #[ignore = "a calibration of a minute"]
    fn rate_of_bursts() {
        let mut lab = daily().unwrap();
        let limit = setting("assay.dna_detected").unwrap();
        let rate = setting("endotoxin.burst_rate").unwrap();
        let loss = setting("endotoxin.dna_loss").unwrap();
        // A single burst is seen for this long.
        let seen = (1.0 / limit).ln() / loss;
        let mut hazards = Vec::new();
        for who in 0..1000 {
            if person(&mut lab, &PSORIASIS, (327, who)).unwrap() {
                hazards.push(lab.read("endotoxin.burst_hazard").unwrap() / rate);
            }
        }
        println!("{} of 1000 came to rest", hazards.len());
        let share = |rate: f64| {
            let each: Vec<f64> = hazards
                .iter()
                .map(|h| 1.0 - (-h * rate * seen).exp())
                .collect();
            mean(&each)
        };
        let (mut low, mut high) = (1e-4, 1e2);
        for _ in 0..60 {
            let middle = f64::sqrt(low * high);
            if share(middle) < 0.36 {
                low = middle;
            } else {
                high = middle;
            }
        }
        println!(
            "rate of bursts {low:.4} 1/d: {:.3} of flaring patients positive",
            share(low)
        );
    }

    /// What the model itself adds to the spread of endotoxin and of C-reactive protein between healthy people: to be
    /// taken off what readings spread by before that enters as the spread of a personal level.
    #[test]
    #[ignore = "a measurement of a minute"]
    fn spreads_that_come_with_the_environment() {
        const PEOPLE: u32 = 2000;
        let mut lab = daily().unwrap();
        let (mut bound, mut crp, mut active, mut protein) = (vec![], vec![], vec![], vec![]);
        for who in 0..PEOPLE {
            if !person(&mut lab, &HEALTHY, (527, who)).unwrap() {
                continue;
            }
            let own = |lab: &Lab, name: &str| lab.parameter(name).unwrap();
            let lal = lab.read("endotoxin.lal").unwrap();
            bound.push((lal / own(&lab, "endotoxin.bound_reference")).ln());
            active.push(lab.state[lab.state_index("endotoxin.active").unwrap()]);
            let now = lab.read("immune.crp").unwrap();
            crp.push((now / own(&lab, "immune.crp_reference")).ln());
            protein.push(now);
        }
        let above = |values: &[f64], limit: f64| {
            100.0 * values.iter().filter(|v| **v > limit).count() as f64 / values.len() as f64
        };
        println!(
            "of {}: LAL over the own level ln SD {:.3}, C-reactive protein over the own level {:.3}, median {:.3}",
            bound.len(),
            sd(&bound),
            sd(&crp),
            median(&crp).exp()
        );
        let logs: Vec<f64> = protein.iter().map(|p| p.ln()).collect();
        println!(
            "active endotoxin above 0.5 pg/mL {:.2} %, protein median {:.2} mg/L, ln SD {:.2}, above 3 and 10 mg/L {:.2}, {:.2} %",
            above(&active, 0.5),
            median(&protein),
            sd(&logs),
            above(&protein, 3.0),
            above(&protein, 10.0)
        );
    }

    /// Spreads between people of what the colon hands over; to be entered as `people.*_sd_ln`.
    #[test]
    #[ignore = "a measurement of a minute"]
    fn spread_of_what_the_colon_hands_over() {
        let names = [
            "colon.surface_butyrate",
            "colon.lps_activity",
            "colon.mucus_foraging",
        ];
        let mut crowd = Crowd::adults(&ColonOptions::default()).unwrap();
        let found = names.map(|name| -> Vec<f64> {
            let all = crowd.read(name).unwrap();
            all.into_iter().map(f64::ln).collect()
        });
        for (name, all) in names.iter().zip(&found) {
            println!(
                "{name}: ln SD {:.3}, median {:.3}",
                sd(all),
                median(all).exp()
            );
        }
    }
}
