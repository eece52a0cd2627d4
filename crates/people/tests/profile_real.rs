//! Real profiles: what must be read, what must be refused and how, and effects that are known.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Cursor;

use common::{real, shared};
use gutskin_people::profile::method::{Method, Unit};
use gutskin_people::profile::read::{Limits, read_metadata};
use gutskin_people::profile::sample::{SampleReport, WarningKind};
use gutskin_people::profile::study::{Columns, Study};
use gutskin_people::taxonomy::Guild;

fn warned(sample: &SampleReport, kind: WarningKind) -> bool {
    sample.warnings.iter().any(|warning| warning.kind == kind)
}

fn join(
    study: &mut Study,
    metadata: &str,
    group: &str,
    paired: Option<&str>,
    keep: &[(&str, &str)],
) {
    let bytes = shared(metadata).unwrap();
    let metadata =
        read_metadata(metadata, Box::new(Cursor::new(bytes)), Limits::default()).unwrap();
    let columns = Columns {
        group: Some(group.to_owned()),
        paired: paired.map(str::to_owned),
        load: None,
        keep: keep
            .iter()
            .map(|(column, value)| ((*column).to_owned(), (*value).to_owned()))
            .collect(),
        allow_missing: false,
    };
    study.join(&metadata, &columns, 1).unwrap();
}

#[test]
fn gmwi2_is_exact() {
    let Some(study) = real(&["profiles/metaphlan/SRR1761667_metaphlan.txt"]) else {
        return;
    };
    let golden =
        String::from_utf8(shared("profiles/metaphlan/SRR1761667_GMWI2.txt").unwrap()).unwrap();
    let sample = &study.unwrap().samples[0];
    let expected: f64 = golden.trim().parse().unwrap();
    assert!(
        (sample.gmwi2.unwrap() - expected).abs() < 1e-9,
        "{:?}",
        sample.gmwi2
    );
    assert_eq!(sample.gmwi2_clades, Some(22));
    assert!((sample.left_out.unclassified - 0.708_422_4).abs() < 1e-6);
}

/// Read in another case, a profile keeps its guilds; the index, which knows clades by their exact names, is refused.
#[test]
fn gmwi2_is_refused_where_names_are_in_another_case() {
    let file = "profiles/metaphlan/SRR1761667_metaphlan.txt";
    let (Some(bytes), Some(usual)) = (shared(file), real(&[file])) else {
        return;
    };
    let text = String::from_utf8(bytes).unwrap();
    let change = |change: &dyn Fn(&str) -> String| -> String {
        let lines = text.lines().map(|line| {
            let line = if line.starts_with('#') {
                line.to_owned()
            } else {
                change(line)
            };
            line + "\n"
        });
        lines.collect()
    };
    let usual = usual.unwrap();
    for text in [change(&str::to_uppercase), change(&str::to_lowercase)] {
        let study = common::study_of(&[(file, text.into_bytes())], Limits::default()).unwrap();
        let (sample, usual) = (&study.samples[0], &usual.samples[0]);
        assert_eq!(sample.gmwi2, None);
        assert!(sample.gmwi2_note.as_ref().unwrap().contains("capitals"));
        for (guild, expected) in sample.guilds.iter().zip(&usual.guilds) {
            assert!((guild - expected).abs() < 1e-9, "{guild} {expected}");
        }
    }
}

#[test]
fn gmwi2_is_refused_with_the_reason_elsewhere() {
    let Some(study) = real(&["profiles/tables/dietswap_counts.tsv"]) else {
        return;
    };
    let study = study.unwrap();
    assert!(study.samples[0].gmwi2.is_none());
    assert!(
        study.samples[0]
            .gmwi2_note
            .as_ref()
            .unwrap()
            .contains("MetaPhlAn 3")
    );
}

#[test]
fn probe_groups_of_prevotella_are_no_sign_of_the_mouth() {
    let Some(study) = real(&["profiles/tables/dietswap_counts.tsv"]) else {
        return;
    };
    let kinds = |sample: &SampleReport| {
        sample
            .warnings
            .iter()
            .any(|w| w.kind == WarningKind::NonGut)
    };
    assert_eq!(
        study.unwrap().samples.iter().filter(|s| kinds(s)).count(),
        0
    );
}

#[test]
fn what_is_no_profile_is_refused_with_what_it_seems_and_what_is_needed() {
    for (file, seems, needed) in [
        (
            "metaphlan/mpa_invalid_abundance_sum.tsv",
            "Micrococcaceae",
            "at most its own 12",
        ),
        (
            "kraken/2611_se-ERR5766174-db1-invalid.kraken2.report.txt",
            "1.28 % for 119 reads",
            "0.02 %",
        ),
        (
            "kraken/bracken_2611_se-ERR5766174-db1_S_invalid.tsv",
            "1.04300",
            "at most 1",
        ),
        (
            "kraken/2611_se-ERR5766174-db1.kraken2.report.txt",
            "Homo sapiens",
            "needs bacteria or archaea",
        ),
        (
            "kraken/2611_se-ERR5766174-db2.kraken2.report.txt.gz",
            "99.98 % unclassified",
            "needs bacteria or archaea",
        ),
        (
            "kraken/bracken_2612_pe-ERR5766176-db1_S.tsv",
            "Homo sapiens 90.2 %",
            "needs bacteria or archaea",
        ),
        (
            "kraken/test_1.kraken2.report.txt",
            "Severe acute respiratory syndrome",
            "needs bacteria or archaea",
        ),
        (
            "biom/biomformat_empty.biom",
            "empty (0 features, 0 samples)",
            "Export the table again",
        ),
        (
            "biom/biomformat_edgecase_issue_952.biom",
            "mass-spectrometry features",
            "names taxa",
        ),
        (
            "biom/biomformat_min_sparse_otu_table.biom",
            "OTU or ASV numbers",
            "taxonomy as a further file",
        ),
        (
            "biom/biomformat_min_sparse_otu_table_hdf5.biom",
            "GG_OTU_1",
            "taxonomy as a further file",
        ),
        (
            "biom/biomformat_rich_sparse_otu_table_hdf5_group_metadata.biom",
            "without a taxonomy",
            "taxonomy as a further file",
        ),
        ("biom/mia_simple.biom", "NCBI taxonomy ids", "--add-lineage"),
        ("qiime2/mia_table.qza", "MD5 sums", "taxonomy.qza"),
        (
            "qiime2/mia_table-rownamesInSeq.qza",
            "DNA sequences",
            "taxonomy.qza",
        ),
        (
            "tables/mia_mothur_example.shared",
            "OTU or ASV numbers",
            ".cons.taxonomy",
        ),
        ("tables/HMP2_metadata.tsv", "sample metadata", "--metadata"),
        (
            "biom/mia_Mapping_file_ADHD_aggregated.csv",
            "sample metadata",
            "--metadata",
        ),
        (
            "paired_metabolome/POYET_BIO_ML_2019/mtb.tsv",
            "metabolites",
            "names taxa",
        ),
        (
            "metaphlan/SRR1761667_GMWI2.txt",
            "text without columns",
            "names taxa",
        ),
    ] {
        let Some(result) = real(&[&format!("profiles/{file}")]) else {
            return;
        };
        let message = result
            .map(|study| study.samples.len())
            .unwrap_err()
            .to_string();
        assert!(
            message.contains(seems) && message.contains(needed),
            "{file}: {message}"
        );
    }
}

#[test]
fn every_readable_file_is_read_as_what_it_is() {
    for (files, method, unit, samples, features) in [
        (
            vec!["metaphlan/NS0_1_metaphlan3.txt"],
            Method::Metaphlan3,
            Unit::Species,
            1,
            194,
        ),
        (
            vec!["metaphlan/mpa_valid_simple.tsv"],
            Method::Metaphlan3,
            Unit::Species,
            1,
            2,
        ),
        (
            vec!["metaphlan/mpa_valid_complex.tsv"],
            Method::Metaphlan3,
            Unit::Species,
            1,
            25,
        ),
        (
            vec!["metaphlan/mia_merged_abundance_table.txt"],
            Method::Metaphlan3,
            Unit::Species,
            6,
            2,
        ),
        (
            vec!["kraken/pacbio_gut_snippet.kreport"],
            Method::Kraken2,
            Unit::Mixed,
            1,
            5,
        ),
        (
            vec!["biom/mia_Aggregated_humanization2.biom"],
            Method::Amplicon16s,
            Unit::Otu,
            27,
            68,
        ),
        (
            vec!["biom/biomformat_rich_sparse_otu_table_hdf5.biom"],
            Method::Amplicon16s,
            Unit::Otu,
            6,
            2,
        ),
        (
            vec!["qiime2/mia_table.qza", "qiime2/mia_taxonomy.qza"],
            Method::Amplicon16s,
            Unit::Asv,
            34,
            63,
        ),
        (
            vec![
                "tables/mia_mothur_example.shared",
                "tables/mia_mothur_example.cons.taxonomy",
            ],
            Method::Amplicon16s,
            Unit::Otu,
            100,
            95,
        ),
        (
            vec!["tables/HMP2_taxonomy.tsv"],
            Method::Metaphlan2,
            Unit::Species,
            1595,
            30,
        ),
        (
            vec!["tables/dietswap_counts.tsv"],
            Method::HitChip,
            Unit::ProbeGroup,
            222,
            104,
        ),
        (
            vec!["tables/cho2012_mouse_abx_gg_taxatable.txt"],
            Method::Amplicon16s,
            Unit::Mixed,
            95,
            21,
        ),
        (
            vec!["paired_metabolome/POYET_BIO_ML_2019/genera.tsv"],
            Method::Unknown,
            Unit::Genus,
            164,
            76,
        ),
    ] {
        let paths: Vec<String> = files
            .iter()
            .map(|file| format!("profiles/{file}"))
            .collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let Some(result) = real(&paths) else { return };
        let study = result.unwrap();
        let first = &study.samples[0];
        assert_eq!(
            (
                first.method,
                first.unit,
                study.samples.len(),
                first.diversity.richness
            ),
            (method, unit, samples, features),
            "{files:?}"
        );
        let sum: f64 =
            first.guilds.iter().sum::<f64>() + first.mapping.no_guild + first.mapping.unlisted;
        assert!(
            (sum - 1.0).abs() < 1e-9,
            "{files:?}: guild shares add up to {sum}"
        );
    }
}

#[test]
fn rows_of_several_ranks_are_never_counted_twice() {
    let Some(study) = real(&["profiles/biom/mia_complete.biom"]) else {
        return;
    };
    let study = study.unwrap();
    let totals: Vec<f64> = study.samples.iter().map(|sample| sample.total).collect();
    assert_eq!(totals, [100.0, 120.0]);
    let Some(study) = real(&["profiles/metaphlan/mpa_valid_complex.tsv"]) else {
        return;
    };
    assert!((study.unwrap().samples[0].total - 100.0).abs() < 1e-3);
}

#[test]
fn other_sites_mice_and_mock_communities_are_noticed() {
    let Some(study) = real(&["profiles/metaphlan/mia_merged_abundance_table.txt"]) else {
        return;
    };
    for sample in &study.unwrap().samples {
        assert_eq!(
            !sample.id.contains("Stool"),
            warned(sample, WarningKind::NonGut),
            "{}",
            sample.id
        );
    }
    let Some(study) = real(&["profiles/tables/cho2012_mouse_abx_gg_taxatable.txt"]) else {
        return;
    };
    let study = study.unwrap();
    for sample in &study.samples {
        assert!(warned(sample, WarningKind::Mouse), "{}", sample.id);
    }
    let Some(study) = real(&[
        "profiles/metaphlan/MOCK_001_Illumina_Hiseq_3000_se_metaphlan3-db.metaphlan3_profile.txt",
    ]) else {
        return;
    };
    assert!(warned(&study.unwrap().samples[0], WarningKind::Mock));
    let Some(study) = real(&["profiles/tables/HMP2_taxonomy.tsv"]) else {
        return;
    };
    let study = study.unwrap();
    for kind in [WarningKind::Mouse, WarningKind::Mock] {
        let wrong = study
            .samples
            .iter()
            .filter(|sample| warned(sample, kind))
            .count();
        assert!(
            wrong * 100 <= study.samples.len(),
            "{wrong} people of HMP2 taken for {kind:?}"
        );
    }
}

#[test]
fn inulin_feeds_bifidobacteria_and_holds_enterobacteria_down() {
    let Some(study) = real(&[
        "profiles/metaphlan/NS24_1_metaphlan3.txt",
        "profiles/metaphlan/IN24_1_metaphlan3.txt",
    ]) else {
        return;
    };
    let study = study.unwrap();
    let (without, with) = (&study.samples[0], &study.samples[1]);
    let ratio = |guild: Guild| with.guild(guild) / without.guild(guild);
    assert!(
        (5.0..10.0).contains(&ratio(Guild::Bif)),
        "Bifidobacterium × {}",
        ratio(Guild::Bif)
    );
    assert!(
        (0.3..0.5).contains(&ratio(Guild::Ent)),
        "Enterobacteriaceae × {}",
        ratio(Guild::Ent)
    );
    assert!(with.gmwi2.unwrap() > without.gmwi2.unwrap() + 0.5);
    assert!(with.lps.agonist_ratio < 0.5 * without.lps.agonist_ratio);
}

/// Effect of the two diet weeks against the weeks at home, same people: difference of log-ratios, p, q.
fn diet_swap(nationality: &str) -> Option<impl Fn(&str, &str) -> (f64, f64, f64)> {
    let mut study = real(&["profiles/tables/dietswap_counts.tsv"])?.unwrap();
    join(
        &mut study,
        "profiles/tables/dietswap_metadata.tsv",
        "group",
        Some("subject"),
        &[("nationality", nationality)],
    );
    let contrast = study
        .comparison
        .unwrap()
        .contrasts
        .into_iter()
        .find(|contrast| contrast.from == "DI" && contrast.to == "HE")
        .unwrap();
    Some(move |kind: &str, feature: &str| {
        let found = contrast
            .effects
            .iter()
            .find(|effect| effect.feature == feature && effect.kind == kind)
            .unwrap();
        (-found.difference, found.p, found.q)
    })
}

#[test]
fn the_diet_swap_shows_what_is_known_of_it() {
    // O'Keefe 2015: rural Africans on a western diet for two weeks, African Americans on an African one
    let Some(africans) = diet_swap("AFR") else {
        return;
    };
    let bacteroides = africans("guild", "BAC");
    let faecalibacterium = africans("guild", "FAE");
    let alistipes = africans("genus", "Alistipes");
    assert!(
        bacteroides.0 > 0.3 && bacteroides.2 < 0.05,
        "{bacteroides:?}"
    );
    assert!(
        faecalibacterium.0 < -0.3 && faecalibacterium.2 < 0.05,
        "{faecalibacterium:?}"
    );
    assert!(alistipes.0 > 0.3 && alistipes.2 < 0.05, "{alistipes:?}");
    let prevotella = africans("guild", "PRE");
    let bilophila = africans("guild", "SRB");
    assert!(prevotella.0 < -0.5 && prevotella.1 < 0.05, "{prevotella:?}");
    assert!(bilophila.0 > 0.0 && bilophila.1 < 0.05, "{bilophila:?}");
    let americans = diet_swap("AAM").unwrap();
    let gnavus = americans("genus", "Mediterraneibacter");
    let collinsella = americans("genus", "Collinsella");
    assert!(gnavus.0 < -0.3 && gnavus.2 < 0.05, "{gnavus:?}");
    assert!(
        collinsella.0 < -0.3 && collinsella.2 < 0.05,
        "{collinsella:?}"
    );
    // reported, not wished for: the share of butyrate producers as a whole does not move by this array
    let producers = (
        africans("measure", "butyrate_producers"),
        americans("measure", "butyrate_producers"),
    );
    assert!(
        producers.0.1 > 0.05 && producers.1.1 > 0.05,
        "{producers:?}"
    );
}

#[test]
fn the_dysbiosis_distance_agrees_with_the_published_score() {
    let Some(study) = real(&["profiles/tables/HMP2_taxonomy.tsv"]) else {
        return;
    };
    let study = study.unwrap();
    let bytes = shared("profiles/tables/HMP2_metadata.tsv").unwrap();
    let metadata = read_metadata("m", Box::new(Cursor::new(bytes)), Limits::default()).unwrap();
    let ids: Vec<&str> = study
        .samples
        .iter()
        .map(|sample| sample.id.as_str())
        .collect();
    let matched = metadata.match_samples(&ids).unwrap();
    let published = matched.column("dysbiosis").unwrap();
    let called = matched.column("dysbiosis_binary").unwrap();
    let mut pairs = Vec::new();
    let (mut cases, mut others) = (Vec::new(), Vec::new());
    for ((sample, score), called) in study.samples.iter().zip(published).zip(called) {
        let (Some(found), Some(score)) = (&sample.dysbiosis, score) else {
            continue;
        };
        pairs.push((found.distance, score.parse::<f64>().unwrap()));
        if called == Some("Yes") {
            cases.push(found.distance)
        } else {
            others.push(found.distance)
        }
    }
    let rho = spearman(&pairs);
    let delta = gutskin_people::profile::compare::cliffs_delta(&others, &cases);
    eprintln!(
        "{} samples: Spearman {rho:.3}, area under the curve {:.3}",
        pairs.len(),
        (delta + 1.0) / 2.0
    );
    assert!(
        rho > 0.9 && delta > 0.95,
        "Spearman {rho}, Cliff's delta {delta}"
    );
    assert!(pairs.len() > 1500);
}

fn spearman(pairs: &[(f64, f64)]) -> f64 {
    let rank = |values: Vec<f64>| -> Vec<f64> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        let mut ranks = vec![0.0; values.len()];
        for (position, at) in order.into_iter().enumerate() {
            ranks[at] = position as f64;
        }
        ranks
    };
    let x = rank(pairs.iter().map(|pair| pair.0).collect());
    let y = rank(pairs.iter().map(|pair| pair.1).collect());
    let mean = (pairs.len() as f64 - 1.0) / 2.0;
    let sum = |f: &dyn Fn(usize) -> f64| (0..pairs.len()).map(f).sum::<f64>();
    sum(&|i| (x[i] - mean) * (y[i] - mean))
        / (sum(&|i| (x[i] - mean).powi(2)) * sum(&|i| (y[i] - mean).powi(2))).sqrt()
}

#[test]
fn metadata_of_every_kind_is_joined() {
    let Some(study) = real(&["profiles/tables/cho2012_mouse_abx_gg_taxatable.txt"]) else {
        return;
    };
    let mut study = study.unwrap();
    join(
        &mut study,
        "profiles/tables/cho2012_mapping-orig.txt",
        "Source",
        None,
        &[],
    );
    let comparison = study.comparison.unwrap();
    assert_eq!(comparison.groups.len(), 2);
    let said = comparison.notes.join("\n");
    assert!(said.contains("--paired mouseid"), "{said}");
    let Some(study) = real(&[
        "profiles/qiime2/mia_table.qza",
        "profiles/qiime2/mia_taxonomy.qza",
    ]) else {
        return;
    };
    let mut study = study.unwrap();
    let by_taxa: Vec<bool> = study
        .samples
        .iter()
        .map(|sample| warned(sample, WarningKind::NonGut))
        .collect();
    let antibiotics = study
        .samples
        .iter()
        .map(|sample| warned(sample, WarningKind::PostAntibiotic))
        .collect::<Vec<_>>();
    join(
        &mut study,
        "profiles/qiime2/mia_sample-metadata.tsv",
        "body-site",
        None,
        &[],
    );
    let (mut gut, mut gut_warned, mut other, mut other_warned) = (0, 0, 0, 0);
    for (at, (sample, group)) in study
        .samples
        .iter()
        .zip(study.groups.as_ref().unwrap())
        .enumerate()
    {
        if group.as_deref() == Some("gut") {
            gut += 1;
            gut_warned += usize::from(by_taxa[at]);
            assert!(!warned(sample, WarningKind::NonGut), "{}", sample.id);
        } else {
            other += 1;
            other_warned += usize::from(by_taxa[at]);
            assert!(
                !antibiotics[at],
                "{} {group:?} {:?}",
                sample.id, sample.warnings
            );
            let text = &sample.warnings.iter().find(|w| w.text.contains("metadata"));
            assert!(text.is_some(), "{} {group:?}", sample.id);
        }
    }
    // by their taxa alone, before the metadata are known
    eprintln!("another site by taxa: {other_warned} of {other}; gut {gut_warned} of {gut}");
    assert_eq!(gut_warned, 0);
    assert!(other_warned * 10 >= other * 9, "{other_warned} of {other}");
}

/// How many samples of a file carry a warning.
fn rate(file: &str, kind: WarningKind) -> Option<(usize, usize)> {
    let study = real(&[file])?.unwrap();
    let hits = study.samples.iter().filter(|s| warned(s, kind)).count();
    eprintln!("{file}: {kind:?} {hits} of {}", study.samples.len());
    Some((hits, study.samples.len()))
}

/// Adults' stool, 1,981 samples of three cohorts and three methods: warnings must be rare among them.
#[test]
fn false_alarms_are_rare_in_real_cohorts() {
    for (file, antibiotics) in [
        ("profiles/tables/dietswap_counts.tsv", 0.0),
        (
            "profiles/paired_metabolome/POYET_BIO_ML_2019/genera.tsv",
            0.0,
        ),
        // patients with bowel disease, some on antibiotics
        ("profiles/tables/HMP2_taxonomy.tsv", 0.05),
    ] {
        for (kind, most) in [
            (WarningKind::Mouse, 0.001),
            (WarningKind::Mock, 0.01),
            (WarningKind::Infant, 0.01),
            (WarningKind::NonGut, 0.03),
            (WarningKind::PostAntibiotic, antibiotics),
        ] {
            let Some((hits, all)) = rate(file, kind) else {
                return;
            };
            assert!(
                hits as f64 <= most * all as f64,
                "{file}: {hits} of {all} are taken for {kind:?}"
            );
        }
    }
}

/// Of the HMP2 samples that look like those after antibiotics most are; most after antibiotics do not look like it.
#[test]
fn states_after_antibiotics_are_mostly_that() {
    let Some(study) = real(&["profiles/tables/HMP2_taxonomy.tsv"]) else {
        return;
    };
    let study = study.unwrap();
    let bytes = shared("profiles/tables/HMP2_metadata.tsv").unwrap();
    let metadata = read_metadata("m", Box::new(Cursor::new(bytes)), Limits::default()).unwrap();
    let ids: Vec<&str> = study.samples.iter().map(|s| s.id.as_str()).collect();
    let matched = metadata.match_samples(&ids).unwrap();
    let taken = matched.column("antibiotics").unwrap();
    let (mut called, mut right, mut all) = (0, 0, 0);
    for (sample, taken) in study.samples.iter().zip(taken) {
        let (said, truly) = (
            warned(sample, WarningKind::PostAntibiotic),
            taken == Some("Yes"),
        );
        called += usize::from(said);
        right += usize::from(said && truly);
        all += usize::from(truly);
    }
    eprintln!("{called} called, {right} of them on antibiotics; {all} on antibiotics in all");
    assert!(right * 2 >= called && called > 0);
}

/// Mouth, skin and vagina are no stool after antibiotics.
#[test]
fn other_sites_are_not_taken_for_stool_after_antibiotics() {
    let Some(study) = real(&["profiles/metaphlan/mia_merged_abundance_table.txt"]) else {
        return;
    };
    for sample in &study.unwrap().samples {
        assert!(
            !warned(sample, WarningKind::PostAntibiotic),
            "{}",
            sample.id
        );
    }
}
