//! Acne: virtual trials of anchor drugs, vehicle as a ratio in the reading, relapse, diet.

use super::super::{CheckError, Lab, RowValues};
use super::clinic::{Clinic, Courses, People, Person, Protocol};
use super::reading::{UNSCREENED, come, grade, noise, trait_of};
use super::statistics::{deviation, mean, percent};
use super::{WEEK, YEAR, cached, drug, setting};
use crate::checks::table;
use gutskin_biology::acne;
use gutskin_biology::catalogue::SkinDrug;
use std::sync::OnceLock;

const SEED: u64 = 501;
const TRIAL: usize = 3000;
const INFLAMED: &str = "acne.inflammatory";
const COMEDONES: &str = "acne.non_inflammatory";

/// The clinic with these drugs.
pub(super) fn clinic(drugs: &[&SkinDrug]) -> Result<Clinic, CheckError> {
    Clinic::new(acne::network(table()?, drugs)?)
}

/// The central patient without drugs.
fn typical() -> Result<Lab, CheckError> {
    Lab::new(acne::network(table()?, &[])?)
}

/// What a visit reads of counts: noise, and from the start of a study on vehicle and natural course.
#[derive(Clone)]
pub(super) struct CountReading {
    noise: f64,
    noise_time: f64,
    /// Ln of the median ratio under vehicle of inflamed lesions and of comedones.
    ln_ratio: [f64; 2],
    sd: f64,
    time: f64,
    natural: f64,
    weight: f64,
    cuts: [f64; 4],
    /// Added to the seed of people.
    shift: u64,
}

/// Counts and grade of one person at the visits.
pub(super) struct Seen {
    pub(super) inflamed: Vec<f64>,
    pub(super) comedones: Vec<f64>,
    pub(super) grade: Vec<usize>,
}

impl CountReading {
    /// Vehicle arms of most trials, or of those named by a suffix of their parameters.
    pub(super) fn new(context: &str) -> Result<Self, CheckError> {
        let ratio = |name: &str| setting(&format!("acne.placebo_ratio_{name}{context}"));
        Ok(Self {
            noise: setting("acne.count_noise_sd_ln")?,
            noise_time: setting("acne.noise_time")?,
            ln_ratio: [ratio("inflammatory")?.ln(), ratio("non_inflammatory")?.ln()],
            sd: setting("acne.placebo_sd_ln")?,
            time: setting("acne.placebo_time")?,
            // A rate of the file, 1/yr.
            natural: setting("acne.natural_course")? / YEAR,
            weight: setting("score.acne_comedo_weight")?,
            cuts: [
                setting("score.acne_iga_cut_1")?,
                setting("score.acne_iga_cut_2")?,
                setting("score.acne_iga_cut_3")?,
                setting("score.acne_iga_cut_4")?,
            ],
            shift: 0,
        })
    }

    /// The same with noise on which nobody was screened.
    pub(super) fn unscreened(mut self) -> Self {
        self.shift = UNSCREENED;
        self
    }

    /// The same in a trial where everybody knows what is taken and those who stay are read, with this change of the
    /// logarithm of counts by itself, 1/yr.
    pub(super) fn open_label(mut self, course: f64) -> Self {
        self.natural = course / YEAR;
        self
    }

    /// The same without vehicle and natural course.
    pub(super) fn without_placebo(mut self) -> Self {
        (self.ln_ratio, self.sd, self.natural) = ([0.0; 2], 0.0, 0.0);
        self
    }

    fn counts(&self, who: (u64, u32), kind: usize, course: &[f64], times: &[f64]) -> Vec<f64> {
        let (seed, draw) = who;
        let name = ["inflamed", "comedones"][kind];
        let z = noise(seed, draw, name, times, self.noise_time);
        let exponent = self.ln_ratio[kind] + self.sd * trait_of(seed, draw, "vehicle");
        let sd = self.noise;
        let read = |((count, t), z): ((&f64, &f64), f64)| {
            let placebo = come(*t, self.time) * exponent + self.natural * t;
            count * (placebo + sd * z - sd * sd / 2.0).exp()
        };
        course.iter().zip(times).zip(z).map(read).collect()
    }

    fn one(&self, who: (u64, u32), courses: [&[f64]; 2], times: &[f64]) -> Seen {
        let [inflamed, comedones] = [0, 1].map(|k| self.counts(who, k, courses[k], times));
        let burden = inflamed
            .iter()
            .zip(&comedones)
            .map(|(i, n)| i + self.weight * n);
        let grade = burden.map(|b| grade(b, &self.cuts)).collect();
        Seen {
            inflamed,
            comedones,
            grade,
        }
    }

    /// Readings of everyone.
    pub(super) fn of(
        &self,
        people: &People,
        courses: &Courses,
        times: &[f64],
    ) -> Result<Vec<Seen>, CheckError> {
        let (inflamed, comedones) = (courses.of(INFLAMED)?, courses.of(COMEDONES)?);
        let one = |((p, i), n): ((&Person, &Vec<f64>), &Vec<f64>)| {
            self.one((people.seed + self.shift, p.draw), [i, n], times)
        };
        Ok(people
            .people
            .iter()
            .zip(&inflamed)
            .zip(&comedones)
            .map(one)
            .collect())
    }
}

/// Patients of trials in moderate to severe acne, by counts as read.
pub(super) fn patients() -> Result<&'static People, CheckError> {
    static CACHE: OnceLock<People> = OnceLock::new();
    cached(&CACHE, || {
        let reading = CountReading::new("")?;
        let limit = |kind: &str| -> Result<_, CheckError> {
            let low = setting(&format!("acne.entry_{kind}_low"))?;
            Ok(low..=setting(&format!("acne.entry_{kind}_high"))?)
        };
        let (inflamed, comedones) = (limit("inflammatory")?, limit("non_inflammatory")?);
        clinic(&[])?.admit(SEED, TRIAL, &|draw, read| {
            let courses = [&[read(INFLAMED)][..], &[read(COMEDONES)]];
            let seen = reading.one((SEED, draw), courses, &[0.0]);
            inflamed.contains(&seen.inflamed[0]) && comedones.contains(&seen.comedones[0])
        })
    })
}

/// One arm: a drug taken until a day, inputs of the scenario, readings at the visits.
pub(super) fn arm(
    drug: Option<(&SkinDrug, f64)>,
    inputs: &[(&str, f64)],
    reading: &CountReading,
    visits: &[f64],
) -> Result<(Vec<Seen>, Courses), CheckError> {
    let drugs: Vec<&SkinDrug> = drug.iter().map(|(d, _)| *d).collect();
    let clinic = clinic(&drugs)?;
    let people = patients()?;
    let taken = drug.map_or_else(Vec::new, |(d, stop)| {
        d.taken(&clinic.network, 0.0, stop, None)
    });
    let protocol = Protocol {
        days: visits.last().copied().unwrap_or(0.0),
        visits,
        inputs,
        off: &[],
        changes: &|_| taken.clone(),
    };
    let (courses, _) = clinic.follow(people, &protocol)?;
    Ok((reading.of(people, &courses, visits)?, courses))
}

fn fall(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    mean(
        &values
            .map(|(first, later)| 100.0 * (later / first - 1.0))
            .collect::<Vec<_>>(),
    )
}

/// Mean change of inflamed lesions and of comedones from the first visit, %.
pub(super) fn changes(seen: &[Seen], visit: usize) -> [f64; 2] {
    [
        fall(seen.iter().map(|s| (s.inflamed[0], s.inflamed[visit]))),
        fall(seen.iter().map(|s| (s.comedones[0], s.comedones[visit]))),
    ]
}

/// Success: clear or almost clear, and two grades better, %.
pub(super) fn success(seen: &[Seen], visit: usize) -> f64 {
    let hit = |s: &&Seen| s.grade[visit] <= 1 && s.grade[visit] + 2 <= s.grade[0];
    100.0 * seen.iter().filter(hit).count() as f64 / seen.len() as f64
}

/// Row 1: the typical patient, and those who enter a trial.
pub(super) fn baseline() -> Result<RowValues, CheckError> {
    let mut lab = typical()?;
    lab.rest()?;
    let (inflamed, comedones) = (lab.read(INFLAMED)?, lab.read(COMEDONES)?);
    let (people, reading) = (patients()?, CountReading::new("")?);
    let (i, n) = (people.seen(INFLAMED)?, people.seen(COMEDONES)?);
    let seen: Vec<Seen> = people
        .people
        .iter()
        .zip(i.iter().zip(&n))
        .map(|(p, (i, n))| reading.one((SEED, p.draw), [&[*i], &[*n]], &[0.0]))
        .collect();
    let inflamed_read: Vec<f64> = seen.iter().map(|s| s.inflamed[0]).collect();
    let comedones_read: Vec<f64> = seen.iter().map(|s| s.comedones[0]).collect();
    let grades: Vec<f64> = seen.iter().map(|s| s.grade[0] as f64).collect();
    let everyone = people.first(500);
    let drift = super::eczema::largest_drift(&clinic(&[])?, &everyone, INFLAMED)?;
    Ok(vec![
        ("acne-01a", comedones),
        ("acne-01b", inflamed),
        ("acne-01c", mean(&inflamed_read)),
        ("acne-01d", deviation(&inflamed_read)),
        ("acne-01e", mean(&comedones_read)),
        ("acne-01f", deviation(&comedones_read)),
        ("acne-01g", percent(&grades, |g| g == 3.0)),
        ("acne-01h", drift),
    ])
}

/// Rows 2, 3, 14: healthy settings, less sebum, where inflamed lesions come from.
pub(super) fn mechanism() -> Result<RowValues, CheckError> {
    let mut lab = typical()?;
    lab.rest()?;
    let from_comedones = lab.read("acne.from_comedones")?;
    let (start, before) = (lab.state.clone(), lab.read(INFLAMED)?);
    let own = lab.parameter("acne.sebum_trait")?;
    let mut less = |share: f64, days: f64| -> Result<f64, CheckError> {
        lab.state.clone_from(&start);
        lab.set_parameter("acne.sebum_trait", own * share)?;
        lab.run(days, &[], Vec::new())?;
        Ok(100.0 * (lab.read(INFLAMED)? / before - 1.0))
    };
    let (third, half) = (less(0.7, 12.0 * WEEK)?, less(0.5, 16.0 * WEEK)?);
    lab.reset();
    lab.set_parameter("acne.sebum_trait", setting("acne.healthy_sebum")?)?;
    let tone = setting("acne.healthy_follicular_tone")?;
    lab.set_parameter("acne.follicular_baseline", tone)?;
    lab.rest()?;
    Ok(vec![
        ("acne-02a", lab.read(INFLAMED)?),
        ("acne-02b", lab.read(COMEDONES)?),
        ("acne-03a", third),
        ("acne-03b", half),
        ("acne-14a", from_comedones),
    ])
}

/// Row 4: twenty weeks of isotretinoin.
pub(super) fn isotretinoin() -> Result<RowValues, CheckError> {
    told(drug("isotretinoin")?)
}

fn oral_course(isotretinoin: &SkinDrug) -> Result<RowValues, CheckError> {
    let visits = [0.0, 6.0 * WEEK, 12.0 * WEEK, 20.0 * WEEK];
    let course = Some((isotretinoin, 20.0 * WEEK));
    let (seen, courses) = arm(course, &[], &CountReading::new("")?, &visits)?;
    let sebum: Vec<f64> = courses.of("acne.sebum")?.iter().map(|c| c[1]).collect();
    let clear = seen.iter().filter(|s| s.grade[3] <= 1).count();
    Ok(vec![
        ("acne-04a", mean(&sebum) / setting("acne.healthy_sebum")?),
        ("acne-04b", changes(&seen, 2)[0]),
        ("acne-04c", changes(&seen, 3)[0]),
        ("acne-04d", 100.0 * clear as f64 / seen.len() as f64),
    ])
}

/// Row 5: relapse within a year of a course, visits every four weeks.
pub(super) fn relapse() -> Result<RowValues, CheckError> {
    let stop = 20.0 * WEEK;
    let mut visits = vec![0.0, stop];
    visits.extend((1..=13).map(|i| stop + f64::from(i) * 4.0 * WEEK));
    let course = Some((drug("isotretinoin")?, stop));
    let (seen, _) = arm(course, &[], &CountReading::new("")?, &visits)?;
    let cleared: Vec<&Seen> = seen.iter().filter(|s| s.grade[1] <= 1).collect();
    let back = cleared
        .iter()
        .filter(|s| s.grade[2..].iter().any(|g| *g >= 3));
    Ok(vec![(
        "acne-05a",
        100.0 * back.count() as f64 / cleared.len() as f64,
    )])
}

/// Twelve weeks of a drug or vehicle: change of inflamed lesions and comedones in %, success in % of people.
fn twelve_weeks(drug: Option<&SkinDrug>, reading: &CountReading) -> Result<[f64; 3], CheckError> {
    let course = drug.map(|d| (d, 12.0 * WEEK));
    let (seen, _) = arm(course, &[], reading, &[0.0, 12.0 * WEEK])?;
    let [inflamed, comedones] = changes(&seen, 1);
    Ok([inflamed, comedones, success(&seen, 1)])
}

/// Twelve weeks of vehicle in most trials, and in those of clascoterone.
fn vehicles() -> Result<&'static [[f64; 3]; 2], CheckError> {
    static CACHE: OnceLock<[[f64; 3]; 2]> = OnceLock::new();
    cached(&CACHE, || {
        let arm = |context: &str| twelve_weeks(None, &CountReading::new(context)?);
        Ok([arm("")?, arm("_low")?])
    })
}

/// Rows of one drug, by the name of what it is or was made from.
pub(super) fn told(drug: &SkinDrug) -> Result<RowValues, CheckError> {
    if drug.id == "isotretinoin" {
        return oral_course(drug);
    }
    let [usual, _] = vehicles()?;
    let context = if drug.id == "clascoterone" {
        "_low"
    } else {
        ""
    };
    let treated = twelve_weeks(Some(drug), &CountReading::new(context)?)?;
    let benefit = [0, 1].map(|k| usual[k] - treated[k]);
    let gained = treated[2] - usual[2];
    Ok(match drug.id.as_str() {
        "benzoyl_peroxide" => vec![
            ("acne-08a", benefit[0]),
            ("acne-08b", benefit[1]),
            ("acne-08c", gained),
        ],
        "retinoid" => vec![
            ("acne-09a", benefit[0]),
            ("acne-09b", benefit[1]),
            ("acne-09c", gained),
        ],
        "clascoterone" => vec![("acne-10a", treated[2])],
        "doxycycline" => vec![("acne-11a", treated[0]), ("acne-11b", gained)],
        "minocycline" => vec![("acne-17a", benefit[0])],
        _ => Vec::new(),
    })
}

/// Rows 6–11: twelve weeks against vehicle.
pub(super) fn topicals() -> Result<RowValues, CheckError> {
    let [usual, low] = vehicles()?;
    let mut values = vec![
        ("acne-06a", usual[0]),
        ("acne-06b", usual[1]),
        ("acne-07a", usual[2]),
        ("acne-10b", low[2]),
    ];
    for id in [
        "benzoyl_peroxide",
        "retinoid",
        "clascoterone",
        "doxycycline",
        "minocycline",
    ] {
        values.extend(told(drug(id)?)?);
    }
    Ok(values)
}

/// Row 12: IGF-1 eight percent lower through the diet.
pub(super) fn low_glycaemic() -> Result<RowValues, CheckError> {
    let (visits, reading) = ([0.0, 12.0 * WEEK], CountReading::new("")?);
    let (diet, _) = arm(None, &[("clamped.igf", 0.92)], &reading, &visits)?;
    let (control, _) = arm(None, &[], &reading, &visits)?;
    Ok(vec![(
        "acne-12a",
        changes(&diet, 1)[0] - changes(&control, 1)[0],
    )])
}

/// Row 13: the kill of benzoyl peroxide and nothing else.
pub(super) fn kill_only() -> Result<RowValues, CheckError> {
    let mut kill = drug("benzoyl_peroxide")?.clone();
    kill.effects.retain(|e| e.target == "kill");
    let reading = CountReading::new("")?.without_placebo();
    let (_, courses) = arm(
        Some((&kill, 12.0 * WEEK)),
        &[],
        &reading,
        &[0.0, 12.0 * WEEK],
    )?;
    let courses = courses.of(INFLAMED)?;
    Ok(vec![(
        "acne-13a",
        fall(courses.iter().map(|c| (c[0], c[1]))),
    )])
}

/// Mean change of inflamed lesions and comedones at week 12 of the vehicle arm, %: with noise but neither vehicle nor
/// screening, with screening too, and the whole arm.
pub(super) fn screening() -> Result<[[f64; 2]; 3], CheckError> {
    let (visits, reading) = ([0.0, 12.0 * WEEK], CountReading::new("")?);
    let told = |reading: &CountReading| -> Result<[f64; 2], CheckError> {
        let (readings, _) = arm(None, &[], reading, &visits)?;
        Ok(changes(&readings, 1))
    };
    let alone = reading.clone().without_placebo();
    Ok([
        told(&alone.clone().unscreened())?,
        told(&alone)?,
        told(&reading)?,
    ])
}
