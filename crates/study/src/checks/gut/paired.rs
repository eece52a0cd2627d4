//! Real stool profiles with metabolites of the same stool: does the model rank them as they were measured, and better than the share
//! of producers does?
//!
//! Each sample sets the niches of an otherwise central adult on the reference diet until that person shows its guilds; what distal
//! concentration follows is set beside what was measured. Diets are not known, and measured values are intensities, so that ranks alone
//! are compared.

use super::super::skin::rank_correlation;
use super::super::{CheckError, Lab};
use super::composition::bray_curtis;
use super::people::remove;
use super::{colon, mean};
use crate::twin::settle::{CLOSE, ROUNDS, corrected};
use gutskin_biology::colon::ColonOptions;
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_people::profile::analyse::Analyser;
use gutskin_people::profile::read::{Limits, read};
use gutskin_people::profile::sample::SampleReport;
use gutskin_people::profile::study::Study;
use gutskin_people::taxonomy::{Guild, Vocabulary};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Cursor;

/// The texts of a data set: taxa, metabolites and who gave each sample, with their file names.
#[derive(Clone, Debug)]
pub struct Paired {
    /// Profiles, samples as rows or columns, as any table of taxa.
    pub taxa: (String, String),
    /// `Sample` and one column a compound; the part behind the last underscore names it.
    pub metabolites: (String, String),
    /// Columns `Sample` and `Subject`.
    pub subjects: (String, String),
}

/// Ranks of one acid.
#[derive(Clone, Debug, Serialize)]
pub struct Ranked {
    /// The acid.
    pub acid: &'static str,
    /// Samples with both.
    pub samples: usize,
    /// People who gave them.
    pub people: usize,
    /// Spearman over samples, predicted against measured.
    pub model: f64,
    /// The same for the share of producers.
    pub producers: f64,
    /// Spearman over people (means of their samples).
    pub model_people: f64,
    /// The same for the share of producers.
    pub producers_people: f64,
    /// Share of permutations of people with at least so large a correlation, either sign.
    pub model_p: f64,
    /// The same for the share of producers.
    pub producers_p: f64,
    /// Model less producers, over people: 95 % interval of drawing people again.
    pub difference: [f64; 2],
}

impl Ranked {
    /// Which ranks people better, in words.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        match self.difference {
            [low, _] if low > 0.0 => "the model wins",
            [_, high] if high < 0.0 => "the share of producers wins",
            _ => "neither wins: the interval of the difference holds 0",
        }
    }
}

/// What a data set says.
#[derive(Clone, Debug, Serialize)]
pub struct PairedOutcome {
    /// Acids that were measured.
    pub acids: Vec<Ranked>,
    /// Samples whose community has no steady state.
    pub without_rest: usize,
    /// Mean Bray–Curtis distance between the guilds of a sample and those of its person.
    pub distance: f64,
}

/// A sample with what was measured, what the model predicts and what the baseline says.
struct Sample {
    subject: String,
    /// By acid: measured (where it was), predicted, share of producers.
    acids: [(Option<f64>, f64, f64); 2],
}

const ACIDS: [&str; 2] = ["butyrate", "propionate"];

/// Ranks of butyrate and propionate over samples and people.
///
/// # Errors
/// A file that does not read or lacks a column, with its name.
pub fn paired(data: &Paired) -> Result<PairedOutcome, CheckError> {
    let study = profiles(&data.taxa)?;
    let measured = columns(&data.metabolites, &ACIDS)?;
    let subjects = subjects(&data.subjects)?;
    let mut lab = colon(&ColonOptions::default())?;
    lab.rest()?;
    let home = lab.state.clone();
    let (mut samples, mut distances, mut without_rest) = (Vec::new(), Vec::new(), 0);
    for report in study.analysed() {
        let (Some(values), Some(subject)) = (measured.get(&report.id), subjects.get(&report.id))
        else {
            continue;
        };
        lab.reset();
        lab.state.clone_from(&home);
        let Some(distance) = settle(&mut lab, report)? else {
            without_rest += 1;
            continue;
        };
        distances.push(distance);
        let producers = [report.butyrate_producers, report.propionate_producers];
        let mut acids = [(None, 0.0, 0.0); 2];
        for (i, acid) in ACIDS.iter().enumerate() {
            let predicted = lab.read(&format!("colon.{acid}_level.dist"))?;
            acids[i] = (values[i], predicted, producers[i]);
        }
        samples.push(Sample {
            subject: subject.clone(),
            acids,
        });
    }
    let acids = (0..ACIDS.len()).filter_map(|i| ranked(i, &samples));
    Ok(PairedOutcome {
        acids: acids.collect(),
        without_rest,
        distance: mean(&distances),
    })
}

/// Niches such that the person shows the guilds of the sample; the distance left, or nothing where there is no rest.
fn settle(lab: &mut Lab, report: &SampleReport) -> Result<Option<f64>, CheckError> {
    let mut guilds = Vec::new();
    for (guild, share) in Guild::ALL.iter().zip(report.guilds) {
        let code = guild.code();
        if lab
            .observable_index(&format!("colon.share.{code}"))
            .is_err()
        {
            continue;
        }
        if share <= 0.0 && ["MET", "RUM"].contains(&code) {
            remove(lab, code)?;
        }
        guilds.push((code, share.max(1e-5)));
    }
    let total: f64 = guilds.iter().map(|g| g.1).sum();
    let wanted: Vec<f64> = guilds.iter().map(|g| g.1 / total).collect();
    let mut central = Vec::new();
    for (code, _) in &guilds {
        central.push(lab.parameter(&format!("colon.capacity.{code}"))?);
    }
    for round in 0..=ROUNDS {
        match lab.rest() {
            Ok(()) => {}
            Err(CheckError::NotSteady { .. } | CheckError::Failed { .. }) => return Ok(None),
            Err(other) => return Err(other),
        }
        let mut shown = Vec::new();
        for (code, _) in &guilds {
            shown.push(lab.read(&format!("colon.share.{code}"))?.max(1e-9));
        }
        let distance = bray_curtis(&wanted, &shown);
        if distance <= CLOSE || round == ROUNDS {
            return Ok(Some(distance));
        }
        for (i, (code, _)) in guilds.iter().enumerate() {
            let name = format!("colon.capacity.{code}");
            let next = corrected(lab.parameter(&name)?, wanted[i] / shown[i], central[i]);
            lab.set_parameter(&name, next)?;
        }
    }
    Ok(None)
}

fn ranked(acid: usize, samples: &[Sample]) -> Option<Ranked> {
    /// Fewer people say nothing of ranks.
    const FEWEST: usize = 5;
    let mut of_people: BTreeMap<&str, Vec<[f64; 3]>> = BTreeMap::new();
    let mut all = Vec::new();
    for sample in samples {
        let (Some(measured), predicted, producers) = sample.acids[acid] else {
            continue;
        };
        let row = [measured, predicted, producers];
        all.push(row);
        of_people.entry(&sample.subject).or_default().push(row);
    }
    let people: Vec<[f64; 3]> = of_people.values().map(|rows| means(rows)).collect();
    if people.len() < FEWEST {
        return None;
    }
    Some(Ranked {
        acid: ACIDS[acid],
        samples: all.len(),
        people: people.len(),
        model: spearman(&all, 1),
        producers: spearman(&all, 2),
        model_people: spearman(&people, 1),
        producers_people: spearman(&people, 2),
        model_p: permuted(&people, 1),
        producers_p: permuted(&people, 2),
        difference: again(&people),
    })
}

/// Mean logarithm of what was measured, means of the rest.
fn means(rows: &[[f64; 3]]) -> [f64; 3] {
    [0, 1, 2].map(|i| {
        let column: Vec<f64> = rows
            .iter()
            .map(|r| {
                if i == 0 {
                    r[0].max(f64::MIN_POSITIVE).ln()
                } else {
                    r[i]
                }
            })
            .collect();
        mean(&column)
    })
}

/// Rank correlation of what was measured with another column.
fn spearman(rows: &[[f64; 3]], column: usize) -> f64 {
    let of = |i: usize| rows.iter().map(|r| r[i]).collect::<Vec<f64>>();
    rank_correlation(&of(0), &of(column))
}

const DRAWS: u32 = 9_999;

/// A whole number below `bound`.
fn below(stream: &RandomStream, index: u64, bound: usize) -> usize {
    ((stream.uniform_at(index as u32) * bound as f64) as usize).min(bound - 1)
}

/// Share of permutations of people, the one observed among them, whose correlation is at least as large in size.
fn permuted(people: &[[f64; 3]], column: usize) -> f64 {
    let observed = spearman(people, column).abs();
    let mut rows = people.to_vec();
    let mut as_large = 1;
    for draw in 0..DRAWS {
        let stream = RandomStream::new(27, draw, StreamId::named("check", "permutation"));
        for i in (1..rows.len()).rev() {
            let j = below(&stream, i as u64, i + 1);
            let (a, b) = (rows[i][0], rows[j][0]);
            (rows[i][0], rows[j][0]) = (b, a);
        }
        as_large += u32::from(spearman(&rows, column).abs() >= observed - 1e-12);
    }
    f64::from(as_large) / f64::from(DRAWS + 1)
}

/// 95 % interval of the model's correlation less that of the producers, people drawn again with replacement.
fn again(people: &[[f64; 3]]) -> [f64; 2] {
    let mut found: Vec<f64> = (0..DRAWS)
        .map(|draw| {
            let stream = RandomStream::new(27, draw, StreamId::named("check", "people again"));
            let rows: Vec<[f64; 3]> = (0..people.len())
                .map(|i| people[below(&stream, i as u64, people.len())])
                .collect();
            spearman(&rows, 1) - spearman(&rows, 2)
        })
        .filter(|d| d.is_finite())
        .collect();
    found.sort_by(f64::total_cmp);
    let at = |q: f64| found[(q * (found.len() - 1) as f64).round() as usize];
    [at(0.025), at(0.975)]
}

fn unread(file: &str, why: impl ToString) -> CheckError {
    CheckError::Data {
        file: file.to_owned(),
        why: why.to_string(),
    }
}

fn profiles((file, text): &(String, String)) -> Result<Study, CheckError> {
    let fault = |e: gutskin_people::PeopleError| unread(file, e);
    let words = Vocabulary::shipped().map_err(fault)?;
    let analyser = Analyser::new(words, Vec::new()).map_err(fault)?;
    let source = Box::new(Cursor::new(text.clone().into_bytes()));
    let content = read(file, source, Limits::default(), &analyser.words).map_err(fault)?;
    let mut study = Study::default();
    study.add(content, &analyser).map_err(fault)?;
    match study.settle(&analyser).into_iter().next() {
        Some(error) => Err(fault(error)),
        None => Ok(study),
    }
}

/// A table of tabs: its header and its rows.
fn table(text: &str) -> (Vec<&str>, impl Iterator<Item = Vec<&str>>) {
    let mut lines = text.lines().map(|l| l.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    (header, lines)
}

fn column(file: &str, header: &[&str], name: &str) -> Result<usize, CheckError> {
    let found = header.iter().position(|h| *h == name);
    found.ok_or_else(|| {
        unread(file, format!("no column \"{name}\"; write a table of tabs with a header, columns Sample, Subject and compounds as <what>_<compound>"))
    })
}

/// Values by sample; a compound without a column, and cells without a number, are not measured.
fn columns(
    (file, text): &(String, String),
    compounds: &[&str; 2],
) -> Result<BTreeMap<String, [Option<f64>; 2]>, CheckError> {
    let (header, rows) = table(text);
    let sample = column(file, &header, "Sample")?;
    let places = compounds.map(|c| {
        let named = |h: &&str| h.rsplit('_').next() == Some(c);
        header.iter().position(named)
    });
    if places.iter().all(Option::is_none) {
        return Err(unread(file, "neither butyrate nor propionate has a column"));
    }
    let of = |row: &[&str], place: Option<usize>| row.get(place?)?.parse().ok();
    Ok(rows
        .filter_map(|row| {
            let id = row.get(sample)?;
            Some(((*id).to_owned(), places.map(|p| of(&row, p))))
        })
        .collect())
}

fn subjects((file, text): &(String, String)) -> Result<BTreeMap<String, String>, CheckError> {
    let (header, rows) = table(text);
    let (sample, subject) = (
        column(file, &header, "Sample")?,
        column(file, &header, "Subject")?,
    );
    let pair = |row: Vec<&str>| {
        Some((
            (*row.get(sample)?).to_owned(),
            (*row.get(subject)?).to_owned(),
        ))
    };
    Ok(rows.filter_map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five people of whom the first column ranks as the second and against the third.
    fn people() -> Vec<[f64; 3]> {
        (0..8)
            .map(|i| [f64::from(i), f64::from(i * i), -f64::from(i)])
            .collect()
    }

    #[test]
    fn ranks_permutations_and_intervals_agree_with_what_is_plain() {
        let rows = people();
        assert!((spearman(&rows, 1) - 1.0).abs() < 1e-12);
        assert!((spearman(&rows, 2) + 1.0).abs() < 1e-12);
        // 2 of 8! orders are as far from chance.
        assert!(permuted(&rows, 1) < 2e-3);
        let mixed: Vec<[f64; 3]> = [3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.0, 6.0]
            .iter()
            .zip([2.0, 7.0, 1.0, 8.0, 2.5, 8.5, 1.8, 2.8])
            .map(|(a, b)| [*a, b, *a])
            .collect();
        assert!(permuted(&mixed, 1) > 0.3);
        let [low, high] = again(&mixed);
        assert!(low < high && high <= 0.0, "{low} {high}");
    }

    /// Six made-up people: reads by genus, of which the last has most producers.
    fn made_up() -> Paired {
        let header = "Sample\tBacteroides\tFaecalibacterium\tRoseburia\tBlautia\tBifidobacterium\tEscherichia\tRuminococcus\tAkkermansia";
        let (mut taxa, mut measured) = (
            header.to_owned(),
            "Sample\tX_butyrate\tX_propionate".to_owned(),
        );
        let mut who = "Sample\tSubject".to_owned();
        for i in 0..6 {
            let share = 200 + 300 * i;
            taxa += &format!(
                "\ns{i}\t{}\t{share}\t{share}\t900\t500\t120\t400\t100",
                6000 - 2 * share
            );
            measured += &format!("\ns{i}\t{}\tNA", 10 + i);
            who += &format!("\ns{i}\tp{i}");
        }
        let named = |name: &str, text: String| (name.to_owned(), text + "\n");
        Paired {
            taxa: named("genera.tsv", taxa),
            metabolites: named("mtb.tsv", measured),
            subjects: named("metadata.tsv", who),
        }
    }

    #[test]
    fn people_show_the_guilds_of_their_samples_and_producers_rank_butyrate() {
        let found = paired(&made_up()).unwrap();
        assert_eq!(found.without_rest, 0);
        assert!(found.distance < 0.1, "{}", found.distance);
        // Propionate was not measured in anybody.
        assert_eq!(found.acids.len(), 1);
        let butyrate = &found.acids[0];
        assert_eq!((butyrate.samples, butyrate.people), (6, 6));
        assert!(
            (butyrate.producers - 1.0).abs() < 1e-12,
            "{}",
            butyrate.producers
        );
        assert!(butyrate.model > 0.7, "{}", butyrate.model);
    }

    #[test]
    #[ignore = "a measurement of some minutes"]
    fn real_stool() {
        const SET: &str = "profiles/paired_metabolome/POYET_BIO_ML_2019";
        let text = |name: &str| {
            let path = format!("{SET}/{name}");
            Some((path.clone(), gutskin_testing::shared_text(&path)?))
        };
        let (Some(taxa), Some(metabolites), Some(subjects)) =
            (text("genera.tsv"), text("mtb.tsv"), text("metadata.tsv"))
        else {
            return;
        };
        let found = paired(&Paired {
            taxa,
            metabolites,
            subjects,
        });
        let found = found.unwrap();
        println!("{found:?}");
        assert!(found.distance < 0.05 && found.acids.len() == 2);
    }

    #[test]
    fn what_lacks_a_column_is_refused_with_its_name() {
        let data = |m: &str, s: &str| Paired {
            taxa: (
                "genera.tsv".to_owned(),
                "Sample\tg__Blautia\nx\t1\n".to_owned(),
            ),
            metabolites: ("mtb.tsv".to_owned(), m.to_owned()),
            subjects: ("who.tsv".to_owned(), s.to_owned()),
        };
        let why = |d: &Paired| {
            let found = columns(&d.metabolites, &ACIDS).map(|_| ());
            found
                .and_then(|()| subjects(&d.subjects).map(|_| ()))
                .unwrap_err()
                .to_string()
        };
        let none = why(&data("Sample\tA_lactate\nx\t1\n", "Sample\tSubject\n"));
        assert!(
            none.contains("mtb.tsv") && none.contains("butyrate"),
            "{none}"
        );
        let who = why(&data("Sample\tA_butyrate\nx\t1\n", "Sample\tWho\n"));
        assert!(who.contains("who.tsv") && who.contains("Subject"), "{who}");
    }
}
