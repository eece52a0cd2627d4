//! Eczema: virtual trials of anchor drugs, placebo through care, flares, noise of readings.

use super::super::{CheckError, RowValues};
use super::clinic::{Clinic, Courses, People, Protocol, nothing};
use super::reading::{UNSCREENED, grade, noise, uniform};
use super::statistics::{correlation, deviation, mean, median, percent, rank_correlation};
use super::{WEEK, YEAR, cached, drug, setting};
use crate::checks::table;
use gutskin_biology::catalogue::SkinDrug;
use gutskin_biology::{ad, skin};
use gutskin_engine::{Action, Change, Target};
use std::sync::OnceLock;

const SEED: u64 = 301;
const EVERYONE: usize = 2000;
const TRIAL: usize = 2000;

/// The clinic without drugs.
pub(super) fn clinic() -> Result<Clinic, CheckError> {
    Clinic::new(ad::network(table()?, &[])?)
}

/// The clinic with one drug.
fn with(drug: &SkinDrug) -> Result<Clinic, CheckError> {
    Clinic::new(ad::network(table()?, &[drug])?)
}

/// 2000 people without any criterion of entry.
pub(super) fn everyone() -> Result<&'static People, CheckError> {
    static CACHE: OnceLock<People> = OnceLock::new();
    cached(&CACHE, || clinic()?.admit(SEED, EVERYONE, &|_, _| true))
}

/// What a visit reads of EASI.
#[derive(Clone, Copy)]
pub(super) struct EasiReading {
    cv: f64,
    points: f64,
    time: f64,
    top: f64,
    /// Added to the seed of people.
    shift: u64,
}

impl EasiReading {
    pub(super) fn new() -> Result<Self, CheckError> {
        Ok(Self {
            cv: setting("ad.noise_cv")?,
            points: setting("ad.noise_points")?,
            time: setting("ad.noise_time")?,
            top: setting("score.easi_limit")?,
            shift: 0,
        })
    }

    /// The same with noise on which nobody was screened.
    pub(super) fn unscreened(mut self) -> Self {
        self.shift = UNSCREENED;
        self
    }

    fn at(&self, easi: f64, z: f64) -> f64 {
        (easi + (self.cv * easi + self.points) * z).clamp(0.0, self.top)
    }

    /// First reading of a person.
    pub(super) fn first(&self, seed: u64, draw: u32, easi: f64) -> f64 {
        self.at(easi, noise(seed, draw, "easi", &[0.0], self.time)[0])
    }

    /// Readings of everyone at the visits.
    pub(super) fn of(
        &self,
        people: &People,
        courses: &[Vec<f64>],
        visits: &[f64],
    ) -> Vec<Vec<f64>> {
        let one = |(person, course): (&super::clinic::Person, &Vec<f64>)| {
            let z = noise(
                people.seed + self.shift,
                person.draw,
                "easi",
                visits,
                self.time,
            );
            course.iter().zip(z).map(|(e, z)| self.at(*e, z)).collect()
        };
        people.people.iter().zip(courses).map(one).collect()
    }
}

/// People who enter a trial: read EASI from the threshold on.
pub(super) fn entrants() -> Result<&'static People, CheckError> {
    static CACHE: OnceLock<People> = OnceLock::new();
    cached(&CACHE, || {
        let (reading, threshold) = (EasiReading::new()?, setting("ad.entry")?);
        clinic()?.admit(SEED, TRIAL, &|draw, read| {
            reading.first(SEED, draw, read("score.easi")) >= threshold
        })
    })
}

/// Readings of EASI in one arm: person, then visit (the first is the baseline).
pub(super) fn arm(
    people: &People,
    drug: Option<(&SkinDrug, Option<f64>)>,
    care: f64,
    visits: &[f64],
) -> Result<Vec<Vec<f64>>, CheckError> {
    let easi = followed(people, drug, care, visits)?;
    Ok(EasiReading::new()?.of(people, &easi, visits))
}

/// True EASI in one arm, in the same order.
fn followed(
    people: &People,
    drug: Option<(&SkinDrug, Option<f64>)>,
    care: f64,
    visits: &[f64],
) -> Result<Vec<Vec<f64>>, CheckError> {
    let clinic = match drug {
        Some((drug, _)) => with(drug)?,
        None => clinic()?,
    };
    let days = visits.last().copied().unwrap_or(0.0);
    let doses = drug.map_or_else(Vec::new, |(drug, interval)| {
        drug.taken(&clinic.network, 0.0, days, interval)
    });
    let protocol = Protocol {
        days,
        visits,
        inputs: &[("input.care", care)],
        off: &[],
        changes: &|_| doses.clone(),
    };
    let (courses, _) = clinic.follow(people, &protocol)?;
    courses.of("score.easi")
}

/// Change of each from the first reading to a later one, %.
pub(super) fn changes(readings: &[Vec<f64>], visit: usize) -> Vec<f64> {
    readings
        .iter()
        .map(|r| 100.0 * (r[visit] / r[0] - 1.0))
        .collect()
}

/// People whose score fell by at least this share, %.
pub(super) fn responders(readings: &[Vec<f64>], visit: usize, fall: f64) -> f64 {
    percent(&changes(readings, visit), |c| c <= -fall)
}

/// Rows 1, 2, 20: everyone at rest. Row 20 compares true scores: it says that the map keeps their order.
pub(super) fn baseline() -> Result<RowValues, CheckError> {
    let people = everyone()?;
    let easi = people.seen("score.easi")?;
    Ok(vec![
        ("ad-01a", mean(&easi)),
        ("ad-01b", 100.0 * deviation(&easi) / mean(&easi)),
        ("ad-01c", percent(&easi, |e| e > 50.0)),
        ("ad-02a", correlation(&easi, &people.seen("ad.il13")?)),
        ("ad-02b", correlation(&easi, &people.seen("ad.il31")?)),
        (
            "ad-20a",
            rank_correlation(&easi, &people.seen("score.oscorad")?),
        ),
    ])
}

/// Row 3: a year untreated.
pub(super) fn drift() -> Result<RowValues, CheckError> {
    let people = everyone()?.first(500);
    Ok(vec![(
        "ad-03a",
        largest_drift(&clinic()?, &people, "score.easi")?,
    )])
}

/// Largest change of anyone over a year, with its sign, %.
pub(super) fn largest_drift(
    clinic: &Clinic,
    people: &People,
    score: &str,
) -> Result<f64, CheckError> {
    let protocol = Protocol {
        days: YEAR,
        visits: &[0.0, YEAR],
        inputs: &[],
        off: &[],
        changes: &nothing,
    };
    let (courses, _) = clinic.follow(people, &protocol)?;
    let drifts = courses
        .of(score)?
        .into_iter()
        .map(|c| 100.0 * (c[1] / c[0] - 1.0));
    Ok(drifts.fold(0.0, |a: f64, b: f64| if b.abs() > a.abs() { b } else { a }))
}

/// Rows 4, 6–10: monotherapy.
pub(super) fn monotherapy() -> Result<RowValues, CheckError> {
    let people = entrants()?;
    let care = setting("ad.care_monotherapy")?;
    let visits = [0.0, 16.0 * WEEK];
    let placebo = arm(people, None, care, &visits)?;
    let response = |readings: &[Vec<f64>]| responders(readings, 1, 75.0);
    let treated = |id: &str| arm(people, Some((drug(id)?, None)), care, &visits);
    let (dupilumab, nemolizumab) = (treated("dupilumab")?, treated("nemolizumab")?);
    let (secukinumab, tralokinumab) = (treated("secukinumab_eczema")?, treated("tralokinumab")?);
    let none = response(&placebo);
    Ok(vec![
        ("ad-04a", mean(&changes(&placebo, 1))),
        ("ad-04b", none),
        ("ad-06a", mean(&changes(&dupilumab, 1))),
        ("ad-06b", response(&dupilumab)),
        ("ad-06c", response(&dupilumab) - none),
        ("ad-08a", response(&nemolizumab) - none),
        ("ad-08b", response(&nemolizumab) - response(&dupilumab)),
        ("ad-09a", response(&secukinumab) - none),
        ("ad-10a", response(&tralokinumab) - none),
        ("ad-10b", response(&tralokinumab) - response(&dupilumab)),
    ])
}

/// Row 5: placebo over a background of topical steroid.
pub(super) fn topical_background() -> Result<RowValues, CheckError> {
    let care = setting("ad.care_topical")?;
    let readings = arm(entrants()?, None, care, &[0.0, 12.0 * WEEK])?;
    Ok(vec![
        ("ad-05a", responders(&readings, 1, 50.0)),
        ("ad-05b", responders(&readings, 1, 75.0)),
        ("ad-05c", responders(&readings, 1, 90.0)),
    ])
}

/// Row 7: dupilumab every week.
pub(super) fn weekly_dupilumab() -> Result<RowValues, CheckError> {
    let care = setting("ad.care_monotherapy")?;
    let visits = [0.0, 4.0 * WEEK, 12.0 * WEEK];
    let weekly = Some((drug("dupilumab")?, Some(WEEK)));
    let readings = arm(entrants()?, weekly, care, &visits)?;
    Ok(vec![
        ("ad-07a", mean(&changes(&readings, 1))),
        ("ad-07b", mean(&changes(&readings, 2))),
    ])
}

/// Row 11: responders who go on with placebo; visits every four weeks as in the trial.
pub(super) fn withdrawal() -> Result<RowValues, CheckError> {
    const TREATED: f64 = 16.0 * WEEK;
    const AFTER: f64 = 36.0 * WEEK;
    const VISIT: f64 = 4.0 * WEEK;
    let (people, dupilumab) = (entrants()?, drug("dupilumab")?);
    let clinic = with(dupilumab)?;
    let doses = dupilumab.taken(&clinic.network, 0.0, TREATED, None);
    let inputs = [("input.care", setting("ad.care_monotherapy")?)];
    let protocol = |days: f64, visits| Protocol {
        days,
        visits,
        inputs: &inputs,
        off: &[],
        changes: &nothing,
    };
    let first = Protocol {
        changes: &|_| doses.clone(),
        ..protocol(TREATED, &[0.0, TREATED])
    };
    let (on, after) = clinic.follow(people, &first)?;
    let visits: Vec<f64> = (1..=9).map(|i| f64::from(i) * VISIT).collect();
    let (off, _) = clinic.follow(&after, &protocol(AFTER, &visits))?;
    let joined = join(&on, &off)?;
    let mut times = vec![0.0, TREATED];
    times.extend(visits.iter().map(|t| t + TREATED));
    let readings = EasiReading::new()?.of(people, &joined, &times);
    let entered: Vec<Vec<f64>> = readings
        .into_iter()
        .filter(|r| r[1] <= 0.25 * r[0])
        .collect();
    let cuts = iga_cuts()?;
    let clear = entered.iter().filter(|r| grade(r[1], &cuts) <= 1);
    let lost = clear.map(|r| {
        let back = (2..r.len()).find(|&v| grade(r[v], &cuts) >= 2);
        back.map_or(f64::INFINITY, |v| times[v] - TREATED)
    });
    Ok(vec![
        ("ad-11a", responders(&entered, times.len() - 1, 75.0)),
        ("ad-11b", median(&lost.collect::<Vec<_>>())),
    ])
}

/// EASI under treatment and after.
fn join(on: &Courses, off: &Courses) -> Result<Vec<Vec<f64>>, CheckError> {
    let mut joined = on.of("score.easi")?;
    for (course, rest) in joined.iter_mut().zip(off.of("score.easi")?) {
        course.extend(rest);
    }
    Ok(joined)
}

/// EASI at which the investigator's grade rises.
pub(super) fn iga_cuts() -> Result<[f64; 4], CheckError> {
    Ok([
        setting("score.iga_cut_1")?,
        setting("score.iga_cut_2")?,
        setting("score.iga_cut_3")?,
        setting("score.iga_cut_4")?,
    ])
}

/// Load from which S. aureus counts as carried, log10 per cm².
const CARRIAGE: f64 = 2.0;

/// Row 12: S. aureus on lesions.
pub(super) fn aureus() -> Result<RowValues, CheckError> {
    let people = everyone()?;
    let load = people.seen("ad.aureus")?;
    Ok(vec![
        ("ad-12a", correlation(&load, &people.seen("score.easi")?)),
        ("ad-12b", percent(&load, |l| l > CARRIAGE)),
    ])
}

/// Row 24: odds of carriage on lesions over those on healthy skin.
pub(super) fn carriage() -> Result<RowValues, CheckError> {
    let odds = |load: &[f64]| {
        let share = percent(load, |l| l > CARRIAGE) / 100.0;
        share / (1.0 - share)
    };
    let patients = odds(&everyone()?.seen("ad.aureus")?);
    let controls = Clinic::new(skin::network(table()?)?)?;
    let controls = controls.admit(SEED, EVERYONE, &|_, _| true)?;
    let controls = odds(&controls.seen("ad.aureus")?);
    Ok(vec![("ad-24a", patients / controls)])
}

/// SCORAD as read, from the true score.
fn scorad_readings(
    people: &People,
    courses: &[Vec<f64>],
    visits: &[f64],
) -> Result<Vec<Vec<f64>>, CheckError> {
    let (points, time) = (setting("ad.noise_scorad")?, setting("ad.noise_time")?);
    let one = |(person, course): (&super::clinic::Person, &Vec<f64>)| {
        let z = noise(people.seed, person.draw, "scorad", visits, time);
        let read = |(s, z): (&f64, f64)| (s + points * z).max(0.0);
        course.iter().zip(z).map(read).collect()
    };
    Ok(people.people.iter().zip(courses).map(one).collect())
}

/// Children with mild to moderate eczema who enter a nutrition trial.
fn children() -> Result<&'static People, CheckError> {
    static CACHE: OnceLock<People> = OnceLock::new();
    cached(&CACHE, || {
        let (points, time) = (setting("ad.noise_scorad")?, setting("ad.noise_time")?);
        let range = setting("ad.entry_scorad_low")?..=setting("ad.entry_scorad_high")?;
        clinic()?.admit(SEED + 17, 1000, &|draw, read| {
            let z = noise(SEED + 17, draw, "scorad", &[0.0], time)[0];
            range.contains(&(read("score.scorad") + points * z))
        })
    })
}

/// Mean change of SCORAD over twelve weeks of emollient care at this scale, points.
pub(super) fn emollient_change(care: f64) -> Result<f64, CheckError> {
    let (people, visits) = (children()?, [0.0, 12.0 * WEEK]);
    let protocol = Protocol {
        days: 12.0 * WEEK,
        visits: &visits,
        inputs: &[("input.care", care)],
        off: &[],
        changes: &nothing,
    };
    let (courses, _) = clinic()?.follow(people, &protocol)?;
    let readings = scorad_readings(people, &courses.of("score.scorad")?, &visits)?;
    Ok(mean(
        &readings.iter().map(|r| r[1] - r[0]).collect::<Vec<_>>(),
    ))
}

/// Row 21: lebrikizumab with full care in everyone, as the published core was run.
pub(super) fn full_care() -> Result<RowValues, CheckError> {
    let visits = [0.0, 16.0 * WEEK];
    let readings = arm(
        everyone()?,
        Some((drug("lebrikizumab")?, None)),
        1.0,
        &visits,
    )?;
    Ok(vec![("ad-21a", responders(&readings, 1, 75.0))])
}

/// Row 17: the emollient arm of a nutrition trial.
pub(super) fn emollient_arm() -> Result<RowValues, CheckError> {
    let change = emollient_change(setting("ad.care_emollient")?)?;
    Ok(vec![("ad-17a", change)])
}

/// Courses of a score in children under a drug or nothing beside the care of a trial.
fn children_under(
    drug: Option<&SkinDrug>,
    score: &str,
    visits: &[f64; 2],
) -> Result<Vec<Vec<f64>>, CheckError> {
    let clinic = drug.map_or_else(clinic, with)?;
    let taken = drug.map_or_else(Vec::new, |d| d.taken(&clinic.network, 0.0, visits[1], None));
    let protocol = Protocol {
        days: visits[1],
        visits,
        inputs: &[("input.care", setting("ad.care_monotherapy")?)],
        off: &[],
        changes: &|_| taken.clone(),
    };
    let (courses, _) = clinic.follow(children()?, &protocol)?;
    courses.of(score)
}

/// Share of children with half of EASI gone after four weeks under topical steroid and under vehicle, %.
pub(super) fn steroid_arms(steroid: &SkinDrug) -> Result<[f64; 2], CheckError> {
    let (visits, reading) = ([0.0, 4.0 * WEEK], EasiReading::new()?);
    let share = |drug| -> Result<f64, CheckError> {
        let courses = children_under(drug, "score.easi", &visits)?;
        Ok(responders(
            &reading.of(children()?, &courses, &visits),
            1,
            50.0,
        ))
    };
    Ok([share(Some(steroid))?, share(None)?])
}

/// Row 22: topical steroid against vehicle.
pub(super) fn topical_steroid() -> Result<RowValues, CheckError> {
    let [steroid, vehicle] = steroid_arms(drug("topical_steroid")?)?;
    Ok(vec![("ad-22a", steroid - vehicle), ("ad-22b", vehicle)])
}

/// SCORAD under an emollient less that without, 6.7 weeks on, points.
pub(super) fn emollient_difference(emollient: &SkinDrug) -> Result<f64, CheckError> {
    let visits = [0.0, 6.7 * WEEK];
    let change = |drug| -> Result<f64, CheckError> {
        let courses = children_under(drug, "score.scorad", &visits)?;
        Ok(mean(
            &courses.iter().map(|c| c[1] - c[0]).collect::<Vec<_>>(),
        ))
    };
    Ok(change(Some(emollient))? - change(None)?)
}

/// Row 23: an emollient as a drug against none.
pub(super) fn emollient() -> Result<RowValues, CheckError> {
    Ok(vec![("ad-23a", emollient_difference(drug("emollient")?)?)])
}

/// Row 19: weekly SCORAD of stable patients with flares.
pub(super) fn within_patient() -> Result<RowValues, CheckError> {
    let people = everyone()?.first(200);
    let clinic = clinic()?;
    let visits: Vec<f64> = (0..=24).map(|w| f64::from(w) * WEEK).collect();
    let Some(flare) = clinic.network.input("input.flare") else {
        return Err(CheckError::Unknown {
            what: "input",
            name: "input.flare".to_owned(),
        });
    };
    let (rate, cv) = (setting("ad.flare_rate")?, spread("ad.flare_rate")?);
    let (size, size_cv) = (setting("ad.flare_size")?, spread("ad.flare_size")?);
    let length = range("ad.flare_length")?;
    let changes = |draw: u32| {
        let own = |value: f64, sd: f64, name: &str| {
            value * (sd * super::reading::trait_of(SEED, draw, name)).exp()
        };
        let (rate, size) = (
            own(rate, cv, "flare rate"),
            own(size, size_cv, "flare size"),
        );
        flares(flare, (draw, rate, size, length))
    };
    let protocol = Protocol {
        days: 24.0 * WEEK,
        visits: &visits,
        inputs: &[],
        off: &[],
        changes: &changes,
    };
    let (courses, _) = clinic.follow(&people, &protocol)?;
    let readings = scorad_readings(&people, &courses.of("score.scorad")?, &visits)?;
    let own: Vec<f64> = readings.iter().map(|r| deviation(r)).collect();
    Ok(vec![("ad-19a", mean(&own))])
}

/// Standard deviation of the logarithm of a lognormal setting.
fn spread(name: &str) -> Result<f64, CheckError> {
    let table = table()?;
    match table.get(name).map(|entry| entry.spread) {
        Some(gutskin_network::Spread::LogNormal { sd_ln }) => Ok(sd_ln),
        _ => Err(CheckError::Unknown {
            what: "lognormal parameter",
            name: name.to_owned(),
        }),
    }
}

/// Ends of a uniform setting.
fn range(name: &str) -> Result<[f64; 2], CheckError> {
    match table()?.get(name).map(|entry| entry.spread) {
        Some(gutskin_network::Spread::Uniform { low, high }) => Ok([low, high]),
        _ => Err(CheckError::Unknown {
            what: "uniform parameter",
            name: name.to_owned(),
        }),
    }
}

/// At most one flare a month, at a time and of a length of its own.
fn flares(
    input: u32,
    (draw, rate, size, [shortest, longest]): (u32, f64, f64, [f64; 2]),
) -> Vec<Change> {
    const MONTH: f64 = YEAR / 12.0;
    const MONTHS: u32 = 5;
    let mut changes = Vec::new();
    for month in 0..MONTHS {
        if uniform(SEED, draw, "flare", 2 * month) < rate {
            let length =
                shortest + (longest - shortest) * uniform(SEED, draw, "flare length", month);
            let room = MONTH - length - 1.0;
            let start =
                f64::from(month) * MONTH + room * uniform(SEED, draw, "flare", 2 * month + 1);
            for (time, value) in [(start, size), (start + length, 0.0)] {
                changes.push(Change {
                    time,
                    target: Target::Input(input),
                    action: Action::Set(value),
                });
            }
        }
    }
    changes
}

/// Mean change of the placebo arm, %: with noise but neither care nor screening, with screening too, and the whole arm.
pub(super) fn screening() -> Result<[f64; 3], CheckError> {
    let (people, visits) = (entrants()?, [0.0, 16.0 * WEEK]);
    let untouched = followed(people, None, 0.0, &visits)?;
    let change = |reading: EasiReading| mean(&changes(&reading.of(people, &untouched, &visits), 1));
    let whole = arm(people, None, setting("ad.care_monotherapy")?, &visits)?;
    Ok([
        change(EasiReading::new()?.unscreened()),
        change(EasiReading::new()?),
        mean(&changes(&whole, 1)),
    ])
}
