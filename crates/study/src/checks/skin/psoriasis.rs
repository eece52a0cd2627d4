//! Psoriasis: virtual trials of anchor drugs, placebo as a mixture in the reading, onset, relapse.

use super::super::{CheckError, Lab, RowValues};
use super::clinic::{Clinic, People, Person, Protocol, nothing};
use super::reading::{UNSCREENED, come, improvement, noise};
use super::statistics::{deviation, mean, median, percent};
use super::{WEEK, cached, drug, setting};
use crate::checks::table;
use gutskin_biology::catalogue::SkinDrug;
use gutskin_biology::pso;
use std::sync::OnceLock;

const SEED: u64 = 401;
const TRIAL: usize = 3000;

/// The clinic with these drugs.
pub(super) fn clinic(drugs: &[&SkinDrug]) -> Result<Clinic, CheckError> {
    Clinic::new(pso::network(table()?, drugs)?)
}

/// What a visit reads of PASI: noise, and the improvement under placebo from the start of a study on.
#[derive(Clone, Copy)]
pub(super) struct PasiReading {
    cv: f64,
    noise_time: f64,
    share: f64,
    mean: f64,
    sd: f64,
    time: f64,
    /// Added to the seed of people.
    shift: u64,
}

impl PasiReading {
    pub(super) fn new() -> Result<Self, CheckError> {
        Ok(Self {
            cv: setting("pso.noise_cv")?,
            noise_time: setting("pso.noise_time")?,
            share: setting("pso.placebo_share")?,
            mean: setting("pso.placebo_mean")?,
            sd: setting("pso.placebo_sd")?,
            time: setting("pso.placebo_time")?,
            shift: 0,
        })
    }

    /// Readings where every arm has a topical steroid.
    pub(super) fn topical() -> Result<Self, CheckError> {
        Ok(Self {
            share: setting("pso.placebo_share_topical")?,
            mean: setting("pso.placebo_mean_topical")?,
            ..Self::new()?
        })
    }

    /// The same with noise on which nobody was screened.
    pub(super) fn unscreened(mut self) -> Self {
        self.shift = UNSCREENED;
        self
    }

    /// The same without placebo.
    pub(super) fn without_placebo(mut self) -> Self {
        (self.share, self.sd) = (0.0, 0.0);
        self
    }

    fn first(&self, seed: u64, draw: u32, pasi: f64) -> f64 {
        let z = noise(seed, draw, "pasi", &[0.0], self.noise_time)[0];
        (pasi * (1.0 + self.cv * z)).max(0.0)
    }

    fn course(&self, seed: u64, draw: u32, course: &[f64], times: &[f64]) -> Vec<f64> {
        let z = noise(seed, draw, "pasi", times, self.noise_time);
        let trait_ = improvement(seed, draw, self.share, self.mean, self.sd);
        let read = |((pasi, t), z): ((&f64, &f64), f64)| {
            let placebo = (-trait_ * come(*t, self.time)).exp();
            (pasi * placebo * (1.0 + self.cv * z)).max(0.0)
        };
        course.iter().zip(times).zip(z).map(read).collect()
    }

    /// Readings of everyone at the visits.
    pub(super) fn of(&self, people: &People, courses: &[Vec<f64>], times: &[f64]) -> Vec<Vec<f64>> {
        let one =
            |(p, c): (&Person, &Vec<f64>)| self.course(people.seed + self.shift, p.draw, c, times);
        people.people.iter().zip(courses).map(one).collect()
    }
}

/// Patients of trials in moderate to severe psoriasis: read PASI from the threshold on.
pub(super) fn patients() -> Result<&'static People, CheckError> {
    static CACHE: OnceLock<People> = OnceLock::new();
    cached(&CACHE, || {
        let (reading, threshold) = (PasiReading::new()?, setting("pso.entry")?);
        clinic(&[])?.admit(SEED, TRIAL, &|draw, read| {
            reading.first(SEED, draw, read("score.pasi")) >= threshold
        })
    })
}

/// Readings of PASI under a drug taken all the time: person, then visit (the first is the baseline).
pub(super) fn arm(
    people: &People,
    drug: Option<&SkinDrug>,
    reading: &PasiReading,
    visits: &[f64],
) -> Result<Vec<Vec<f64>>, CheckError> {
    let drugs: Vec<&SkinDrug> = drug.into_iter().collect();
    let clinic = clinic(&drugs)?;
    let days = visits.last().copied().unwrap_or(0.0);
    let taken: Vec<_> = drugs
        .iter()
        .flat_map(|d| d.taken(&clinic.network, 0.0, days, None))
        .collect();
    let protocol = Protocol {
        days,
        visits,
        inputs: &[],
        off: &[],
        changes: &|_| taken.clone(),
    };
    let (courses, _) = clinic.follow(people, &protocol)?;
    Ok(reading.of(people, &courses.of("score.pasi")?, visits))
}

/// People whose PASI fell by at least this share, %.
pub(super) fn responders(readings: &[Vec<f64>], visit: usize, fall: f64) -> f64 {
    let left: Vec<f64> = readings.iter().map(|r| r[visit] / r[0]).collect();
    percent(&left, |l| l <= 1.0 - fall / 100.0)
}

/// Mean change from the first reading, %.
pub(super) fn change(readings: &[Vec<f64>], visit: usize) -> f64 {
    let all: Vec<f64> = readings
        .iter()
        .map(|r| 100.0 * (r[visit] / r[0] - 1.0))
        .collect();
    mean(&all)
}

/// Row 1: one steady state whatever the start.
pub(super) fn starts() -> Result<RowValues, CheckError> {
    const STARTS: u32 = 100;
    let mut lab = Lab::new(pso::network(table()?, &[])?)?;
    let own: Vec<usize> = (0..lab.network.states.len())
        .filter(|&i| lab.network.states[i].name.starts_with("pso."))
        .collect();
    let (mut found, mut farthest): (Vec<Vec<f64>>, f64) = (Vec::new(), 0.0);
    for start in 0..STARTS {
        lab.reset();
        for &i in &own {
            let name = format!("start {i}");
            lab.state[i] = 0.2 + 1.3 * super::reading::uniform(SEED, start, &name, 0);
        }
        lab.rest()?;
        let state: Vec<f64> = own.iter().map(|&i| lab.state[i]).collect();
        farthest = state.iter().fold(farthest, |a, v| a.max((v - 1.0).abs()));
        let same = |a: &Vec<f64>| a.iter().zip(&state).all(|(x, y)| (x - y).abs() < 1e-3);
        if !found.iter().any(same) {
            found.push(state);
        }
    }
    let people = patients()?.first(500);
    let drift = super::eczema::largest_drift(&clinic(&[])?, &people, "score.pasi")?;
    Ok(vec![
        ("pso-01a", found.len() as f64),
        ("pso-01b", farthest),
        ("pso-01c", drift),
    ])
}

/// Row 2: PASI at entry.
pub(super) fn baseline() -> Result<RowValues, CheckError> {
    let (people, reading) = (patients()?, PasiReading::new()?);
    let pasi = people.seen("score.pasi")?;
    let read = people.people.iter().zip(pasi);
    let entry: Vec<f64> = read.map(|(p, v)| reading.first(SEED, p.draw, v)).collect();
    Ok(vec![
        ("pso-02a", mean(&entry)),
        ("pso-02b", deviation(&entry)),
    ])
}

/// Row 3: placebo.
pub(super) fn placebo() -> Result<RowValues, CheckError> {
    let visits = [0.0, 12.0 * WEEK, 16.0 * WEEK];
    let readings = arm(patients()?, None, &PasiReading::new()?, &visits)?;
    Ok(vec![
        ("pso-03a", change(&readings, 1)),
        ("pso-03b", responders(&readings, 1, 50.0)),
        ("pso-03c", responders(&readings, 1, 75.0)),
        ("pso-03d", responders(&readings, 1, 90.0)),
        ("pso-03e", responders(&readings, 2, 75.0)),
    ])
}

/// Row 19: placebo where every arm has a topical steroid.
pub(super) fn topical() -> Result<RowValues, CheckError> {
    let visits = [0.0, 12.0 * WEEK];
    let readings = arm(patients()?, None, &PasiReading::topical()?, &visits)?;
    Ok(vec![("pso-19a", responders(&readings, 1, 75.0))])
}

/// A response that a trial reports: row, drug, week, least fall of PASI in %.
pub(super) struct Anchor {
    pub(super) row: &'static str,
    pub(super) drug: &'static str,
    pub(super) week: u32,
    pub(super) fall: f64,
}

const fn anchor(row: &'static str, drug: &'static str, week: u32, fall: f64) -> Anchor {
    Anchor {
        row,
        drug,
        week,
        fall,
    }
}

/// Responses at the end of induction.
pub(super) static ANCHORS: &[Anchor] = &[
    anchor("pso-04a", "ixekizumab", 12, 75.0),
    anchor("pso-04b", "ixekizumab", 12, 90.0),
    anchor("pso-05a", "secukinumab", 12, 75.0),
    anchor("pso-05b", "secukinumab", 12, 90.0),
    anchor("pso-05c", "secukinumab", 16, 75.0),
    anchor("pso-05d", "secukinumab", 16, 90.0),
    anchor("pso-06a", "guselkumab", 16, 75.0),
    anchor("pso-06b", "guselkumab", 16, 90.0),
    anchor("pso-06c", "guselkumab", 24, 75.0),
    anchor("pso-06d", "guselkumab", 24, 90.0),
    anchor("pso-07a", "ustekinumab", 12, 75.0),
    anchor("pso-07b", "ustekinumab", 12, 90.0),
    anchor("pso-08a", "adalimumab", 16, 75.0),
    anchor("pso-08b", "adalimumab", 16, 90.0),
    anchor("pso-09a", "etanercept", 12, 75.0),
    anchor("pso-09b", "etanercept", 12, 90.0),
    anchor("pso-10a", "apremilast", 16, 75.0),
    anchor("pso-10b", "apremilast", 16, 90.0),
    anchor("pso-anchor-methotrexate-a", "methotrexate", 16, 75.0),
    anchor("pso-anchor-methotrexate-b", "methotrexate", 16, 90.0),
    anchor("pso-anchor-risankizumab-a", "risankizumab", 16, 75.0),
    anchor("pso-anchor-risankizumab-b", "risankizumab", 16, 90.0),
    anchor("pso-anchor-bimekizumab-a", "bimekizumab", 16, 75.0),
    anchor("pso-anchor-bimekizumab-b", "bimekizumab", 16, 90.0),
    anchor("pso-anchor-brodalumab-a", "brodalumab", 12, 75.0),
    anchor("pso-anchor-brodalumab-b", "brodalumab", 12, 90.0),
    anchor("pso-anchor-infliximab-a", "infliximab", 10, 75.0),
    anchor("pso-anchor-infliximab-b", "infliximab", 10, 90.0),
    anchor("pso-anchor-certolizumab-a", "certolizumab", 16, 75.0),
    anchor("pso-anchor-certolizumab-b", "certolizumab", 16, 90.0),
    anchor("pso-anchor-tildrakizumab-a", "tildrakizumab", 12, 75.0),
    anchor("pso-anchor-tildrakizumab-b", "tildrakizumab", 12, 90.0),
    anchor("pso-anchor-deucravacitinib-a", "deucravacitinib", 16, 75.0),
    anchor("pso-anchor-deucravacitinib-b", "deucravacitinib", 16, 90.0),
    anchor("pso-anchor-tofacitinib5-a", "tofacitinib_5", 12, 75.0),
    anchor("pso-anchor-tofacitinib10-a", "tofacitinib_10", 12, 75.0),
    anchor("pso-anchor-fumarate-a", "fumarate", 16, 75.0),
    anchor("pso-anchor-fumarate-b", "fumarate", 16, 90.0),
];

/// Responses under one drug at its anchors.
pub(super) fn anchored(
    people: &People,
    drug: &SkinDrug,
    reading: &PasiReading,
) -> Result<RowValues, CheckError> {
    let own: Vec<&Anchor> = ANCHORS.iter().filter(|a| a.drug == drug.id).collect();
    let mut weeks: Vec<u32> = own.iter().map(|a| a.week).collect();
    weeks.dedup();
    let mut visits = vec![0.0];
    visits.extend(weeks.iter().map(|w| f64::from(*w) * WEEK));
    let readings = arm(people, Some(drug), reading, &visits)?;
    let value = |a: &&Anchor| {
        let visit = 1 + weeks.iter().position(|w| *w == a.week).unwrap_or(0);
        (a.row, responders(&readings, visit, a.fall))
    };
    Ok(own.iter().map(value).collect())
}

/// Rows 4–10 and anchors: every drug.
pub(super) fn drugs() -> Result<RowValues, CheckError> {
    let (people, reading) = (patients()?, PasiReading::new()?);
    let mut names: Vec<&str> = ANCHORS.iter().map(|a| a.drug).collect();
    names.dedup();
    let mut values = Vec::new();
    for name in names {
        values.extend(anchored(people, drug(name)?, &reading)?);
    }
    Ok(values)
}

/// Week at which the share of people with PASI 75 reaches half its share at the end of the year, and the share at week 4.
fn onset(id: &str) -> Result<[f64; 2], CheckError> {
    const WEEKS: u32 = 52;
    let visits: Vec<f64> = (0..=WEEKS).map(|w| f64::from(w) * WEEK).collect();
    let people = patients()?.first(1500);
    let readings = arm(&people, Some(drug(id)?), &PasiReading::new()?, &visits)?;
    let share = |week: usize| responders(&readings, week, 75.0);
    let last = WEEKS as usize;
    // The mean of the last weeks, so that noise of one reading does not set the plateau.
    let plateau = mean(&(last - 8..=last).map(share).collect::<Vec<_>>());
    let half = plateau / 2.0;
    let week = (1..=last).find(|&w| share(w) >= half).unwrap_or(last);
    let (before, after) = (share(week - 1), share(week));
    let within = ((half - before) / (after - before)).clamp(0.0, 1.0);
    Ok([week as f64 - 1.0 + within, share(4)])
}

/// Row 11: order of onset.
pub(super) fn onsets() -> Result<RowValues, CheckError> {
    let (ixekizumab, adalimumab) = (onset("ixekizumab")?, onset("adalimumab")?);
    let (ustekinumab, etanercept) = (onset("ustekinumab")?, onset("etanercept")?);
    Ok(vec![
        ("pso-11a", ixekizumab[0]),
        ("pso-11b", adalimumab[0] - ixekizumab[0]),
        ("pso-11c", ustekinumab[0] - adalimumab[0]),
        ("pso-11d", etanercept[0] - ustekinumab[0]),
    ])
}

/// Row 11, parts that need drugs built beyond the numbered ones.
pub(super) fn onsets_of_others() -> Result<RowValues, CheckError> {
    let (ixekizumab, adalimumab) = (onset("ixekizumab")?, onset("adalimumab")?);
    let (infliximab, certolizumab) = (onset("infliximab")?, onset("certolizumab")?);
    let tofacitinib = onset("tofacitinib_10")?;
    Ok(vec![
        ("pso-11e", infliximab[0] - ixekizumab[0]),
        ("pso-11f", adalimumab[0] - infliximab[0]),
        ("pso-11g", certolizumab[0] - infliximab[0]),
        ("pso-11h", tofacitinib[0] - adalimumab[0]),
    ])
}

/// Row 12: responses at week 4.
pub(super) fn early() -> Result<RowValues, CheckError> {
    Ok(vec![
        ("pso-12a", onset("ixekizumab")?[1]),
        ("pso-12b", onset("secukinumab")?[1]),
        ("pso-12c", onset("ustekinumab")?[1]),
        ("pso-12d", onset("etanercept")?[1]),
    ])
}

/// Days from stopping a drug to the loss of PASI 50, in people with at least this fall of PASI; weekly readings.
fn relapse(id: &str, treated: f64, fall: f64) -> Result<Vec<f64>, CheckError> {
    const WEEKS: u32 = 60;
    let (people, drug, reading) = (patients()?, drug(id)?, PasiReading::new()?);
    let clinic = clinic(&[drug])?;
    let mut times = vec![0.0, treated];
    times.extend((1..=WEEKS).map(|w| treated + f64::from(w) * WEEK));
    let taken = drug.taken(&clinic.network, 0.0, treated, None);
    let protocol = Protocol {
        days: treated + f64::from(WEEKS) * WEEK,
        visits: &times,
        inputs: &[],
        off: &[],
        changes: &|_| taken.clone(),
    };
    let (courses, _) = clinic.follow(people, &protocol)?;
    let readings = reading.of(people, &courses.of("score.pasi")?, &times);
    let entered = readings
        .iter()
        .filter(|r| r[1] <= (1.0 - fall / 100.0) * r[0]);
    let lost = entered.map(|r| {
        let back = (2..r.len()).find(|&v| r[v] > 0.5 * r[0]);
        back.map_or(f64::INFINITY, |v| times[v] - treated)
    });
    Ok(lost.collect())
}

/// Row 13: relapse after stopping, etanercept after 24 weeks, ustekinumab after 40.
pub(super) fn relapses() -> Result<RowValues, CheckError> {
    const HALF_YEAR: f64 = 182.6;
    let etanercept = relapse("etanercept", 24.0 * WEEK, 50.0)?;
    let ustekinumab = relapse("ustekinumab", 40.0 * WEEK, 75.0)?;
    Ok(vec![
        ("pso-13a", median(&etanercept)),
        ("pso-13b", median(&ustekinumab)),
        ("pso-13c", percent(&ustekinumab, |d| d > HALF_YEAR)),
        ("pso-13d", percent(&ustekinumab, |d| d > 2.0 * HALF_YEAR)),
    ])
}

/// Row 14: the systemic drive a tenth lower or higher.
pub(super) fn drive() -> Result<RowValues, CheckError> {
    let people = patients()?.first(500);
    let clinic = clinic(&[])?;
    let change = |factor: f64| -> Result<f64, CheckError> {
        let protocol = Protocol {
            days: 12.0 * WEEK,
            visits: &[0.0, 12.0 * WEEK],
            inputs: &[("clamped.drive", factor)],
            off: &[],
            changes: &nothing,
        };
        let (courses, _) = clinic.follow(&people, &protocol)?;
        let courses = courses.of("score.pasi")?;
        Ok(mean(
            &courses
                .iter()
                .map(|c| 100.0 * (c[1] / c[0] - 1.0))
                .collect::<Vec<_>>(),
        ))
    };
    Ok(vec![("pso-14a", change(0.9)?), ("pso-14b", change(1.1)?)])
}

/// Row 15: a course of phototherapy in a clinic.
pub(super) fn phototherapy() -> Result<RowValues, CheckError> {
    let people = clinic(&[])?.admit(SEED + 15, 1000, &|_, _| true)?;
    let reading = PasiReading::new()?.without_placebo();
    let readings = arm(&people, Some(drug("nb_uvb")?), &reading, &[0.0, 8.0 * WEEK])?;
    let left: Vec<f64> = readings.iter().map(|r| r[1] / r[0]).collect();
    Ok(vec![("pso-15a", mean(&left))])
}

/// Change of PASI at week 12, %, and people with PASI 75 at weeks 12 and 16, %, of the placebo arm: with noise but neither
/// placebo nor screening, with screening too, and the whole arm.
pub(super) fn screening() -> Result<[[f64; 3]; 3], CheckError> {
    let (visits, reading) = ([0.0, 12.0 * WEEK, 16.0 * WEEK], PasiReading::new()?);
    let told = |reading: &PasiReading| -> Result<[f64; 3], CheckError> {
        let readings = arm(patients()?, None, reading, &visits)?;
        let share = |visit| responders(&readings, visit, 75.0);
        Ok([change(&readings, 1), share(1), share(2)])
    };
    let alone = reading.without_placebo();
    Ok([told(&alone.unscreened())?, told(&alone)?, told(&reading)?])
}
