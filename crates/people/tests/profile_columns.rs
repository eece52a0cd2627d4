//! What stands in columns beside the samples: lineages, other units, results of comparisons.

#![allow(clippy::unwrap_used)]

mod common;

use common::{of_text, one};
use gutskin_people::profile::method::Method;
use gutskin_people::taxonomy::Guild;

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
}

fn is_refused(text: &str, part: &str) {
    let error = of_text(text).unwrap_err().to_string();
    assert!(error.contains(part), "{error}");
}

/// A lineage to the family or class beside names of species: the name tells more.
#[test]
fn a_name_finer_than_its_lineage_is_used() {
    let ranks = "taxon\tPhylum\tFamily\tS1\tS2
Faecalibacterium prausnitzii\tFirmicutes\tRuminococcaceae\t500\t300
Blautia obeum\tFirmicutes\tLachnospiraceae\t300\t300
Bacteroides dorei\tBacteroidetes\tBacteroidaceae\t200\t100
";
    let classes = "name\tS1\tS2\ttaxonomy
Faecalibacterium prausnitzii\t500\t300\tBacteria;Firmicutes;Clostridia
Blautia obeum\t300\t300\tBacteria;Firmicutes;Clostridia
Bacteroides dorei\t200\t100\tBacteria;Bacteroidetes;Bacteroidia
";
    for text in [ranks, classes] {
        let study = of_text(text).unwrap();
        let sample = &study.samples[0];
        near(sample.guild(Guild::Fae), 0.5);
        near(sample.guild(Guild::Bla), 0.3);
        near(sample.guild(Guild::Bac), 0.2);
    }
    // a name of another phylum adds nothing, and that is said
    let other = "name\tS1\ttaxonomy
Bacteroides dorei\t60\tk__Bacteria;p__Firmicutes;c__Clostridia;o__Clostridiales;f__Lachnospiraceae;g__Roseburia
Roseburia hominis\t40\tk__Bacteria;p__Firmicutes;c__Clostridia;o__Clostridiales;f__Lachnospiraceae;g__Roseburia
";
    near(one(other).guild(Guild::Ros), 1.0);
    let notes = of_text(other).unwrap().files[0].notes.join("\n");
    assert!(notes.contains("1 names are of another phylum"), "{notes}");
}

/// A column of lineages of nothing leaves the names as they are.
#[test]
fn a_taxonomy_without_a_word_is_no_sample() {
    for nothing in ["NA", ""] {
        // Catenibacillus stands in no table: unlisted, not unclassified
        let text = format!(
            "taxon\tS1\tS2\ttaxonomy\nBacteroides\t400\t200\t{nothing}\nRoseburia\t400\t600\t{nothing}\nCatenibacillus\t200\t200\t{nothing}\n"
        );
        let study = of_text(&text).unwrap();
        assert_eq!(study.samples.len(), 2);
        near(study.samples[0].guild(Guild::Bac), 0.4);
        near(study.samples[0].mapping.unlisted, 0.2);
        near(study.samples[0].left_out.unclassified, 0.0);
    }
}

/// A species under a genus that another database, or an older one, calls otherwise keeps its guild.
#[test]
fn a_name_and_a_genus_of_other_databases_agree() {
    let genus = |family: &str, genus: &str| {
        format!("k__Bacteria;p__Firmicutes;c__Clostridia;o__Clostridiales;f__{family};g__{genus}")
    };
    let species = [
        "Ruminococcus torques",
        "Clostridium symbiosum",
        "Eubacterium hallii",
    ];
    let genera = ["Ruminococcus", "Lachnoclostridium", "Anaerobutyricum"];
    let (mut with, mut alone) = ("name\tS1\ttaxonomy\n".to_owned(), "name\tS1\n".to_owned());
    for (name, under) in species.iter().zip(genera) {
        with.push_str(&format!(
            "{name}\t10\t{}\n",
            genus("Lachnospiraceae", under)
        ));
        alone.push_str(&format!("{name}\t10\n"));
    }
    assert_eq!(one(&with).guilds, one(&alone).guilds);
}

/// Ids that programs give are no genera, and what a genus pools is of that genus.
#[test]
fn ids_and_pools_beside_lineages() {
    for id in ["OTU_97.123", "Uniq3", "Bin3", "MAG_3", "F12"] {
        let text = format!(
            "#OTU ID\tS1\ttaxonomy\n{id}\t20\tUnassigned\nOTU_1\t80\tk__Bacteria;p__Bacteroidetes;c__Bacteroidia;o__Bacteroidales;f__Bacteroidaceae;g__Bacteroides\n"
        );
        near(one(&text).left_out.unclassified, 0.2);
    }
    for name in [
        "Other Bacteroides",
        "Unknown Bacteroides",
        "Unclassified Bacteroides",
    ] {
        let text = format!("taxon\tS1\n{name}\t60\nRoseburia\t40\n");
        near(one(&text).guild(Guild::Bac), 0.6);
    }
    let mixed = "name\tS1\ttaxonomy
Akkermansia muciniphila\t60\tk__Bacteria;p__Firmicutes;c__Clostridia;o__Clostridiales;f__Lachnospiraceae;g__Blautia
Homo sapiens\t40\tk__Bacteria;p__Firmicutes;c__Clostridia;o__Clostridiales;f__Lachnospiraceae;g__Blautia
";
    near(one(mixed).guild(Guild::Bla), 1.0);
}

/// However few have a lineage, the others are unclassified and the table is read.
#[test]
fn few_lineages_are_enough() {
    let mut text = "#OTU ID\tS1\ttaxonomy\n".to_owned();
    for otu in 0..20 {
        let lineage = if otu < 2 {
            "k__Bacteria;p__Bacteroidetes;c__Bacteroidia;o__Bacteroidales;f__Bacteroidaceae;g__Bacteroides"
        } else {
            ""
        };
        text.push_str(&format!("OTU{otu}\t10\t{lineage}\n"));
    }
    let sample = one(&text);
    near(sample.left_out.unclassified, 0.9);
}

#[test]
fn rows_named_by_a_word_for_no_name_are_unclassified() {
    for name in [
        "NA",
        "<NA>",
        "#N/A",
        "n/a",
        "None",
        "null",
        "nan",
        "Other",
        "Others",
        "Unassigned",
        "Other bacteria",
        "others <1%",
        "NA_1",
        "Low abundance",
    ] {
        let text =
            format!("taxon\tS1\tS2\nBacteroides\t60\t30\n{name}\t20\t10\nRoseburia\t20\t60\n");
        let study = of_text(&text).unwrap();
        near(study.samples[0].left_out.unclassified, 0.2);
    }
}

/// One sample in two units is one sample; two samples in two units are two.
#[test]
fn units_of_one_sample_are_told_by_their_names_and_proportion() {
    for names in [
        ["cells_per_g", "fraction"],
        ["total", "percent"],
        ["abs", "rel"],
        ["Absolute", "Relative"],
        ["fraction_total_reads", "new_est_reads"],
        ["S1 (reads)", "S1 (%)"],
        ["S1", "S1_pct"],
        ["S1", "S1 (%)"],
        ["S1", "S1_relative_abundance"],
        ["S1", "S1_rel"],
        ["S1", "S1_RA"],
        ["S1", "S1_reads"],
        ["S1_n", "S1_freq"],
    ] {
        let text = format!(
            "genus\t{}\t{}\nBacteroides\t4000\t0.4\nBlautia\t3000\t0.3\nRoseburia\t2000\t0.2\n",
            names[0], names[1]
        );
        let text = if names[0].starts_with("frac") {
            text.replace("4000\t0.4", "0.4\t4000")
                .replace("3000\t0.3", "0.3\t3000")
                .replace("2000\t0.2", "0.2\t2000")
        } else {
            text
        };
        assert_eq!(of_text(&text).unwrap().samples.len(), 1, "{names:?}");
    }
    // per cents of two decimals, of none
    for percent in [
        ["40.03", "0.02", "29.98", "19.99", "9.98"],
        ["40", "0", "30", "20", "10"],
    ] {
        let taxa = ["Bacteroides", "Dorea", "Blautia", "Roseburia", "Alistipes"];
        let counts = [20013, 11, 14989, 9994, 4991];
        let rows: Vec<String> = (taxa.iter().zip(counts).zip(percent))
            .map(|((taxon, count), percent)| format!("{taxon}\t{count}\t{percent}\n"))
            .collect();
        let text = format!("genus\tS1\tS1 (%)\n{}", rows.concat());
        assert_eq!(of_text(&text).unwrap().samples.len(), 1, "{text}");
    }
    let people = "taxon\tcontrol_count\tcase_percent\nBacteroides\t4\t40\nBlautia\t6\t60\n";
    assert_eq!(of_text(people).unwrap().samples.len(), 2);
}

/// Two names for one sample are remarked; samples that are merely alike are not.
#[test]
fn a_sample_twice_is_remarked() {
    let rows = [
        "Bacteroides",
        "Roseburia",
        "Blautia",
        "Alistipes",
        "Akkermansia",
        "Dorea",
    ];
    let table = |last: u32| {
        let lines: Vec<String> = (rows.iter().zip([60, 50, 40, 30, 20, 10]))
            .map(|(taxon, count)| {
                let other = if *taxon == "Dorea" { last } else { count };
                format!("{taxon}\t{count}\t{other}\n")
            })
            .collect();
        format!("taxon\tS1\tS2\n{}", lines.concat())
    };
    let notes = |text: &str| of_text(text).unwrap().notes.join("\n");
    assert!(notes(&table(10)).contains("`S1` and `S2`: a sample twice?"));
    assert!(!notes(&table(11)).contains("same numbers under"));
}

#[test]
fn ids_of_programs_need_a_taxonomy() {
    for (id, kind) in [
        ("MAG_", "numbers of genomes, bins or contigs"),
        ("Bin", "numbers of genomes, bins or contigs"),
        ("Uniq", "OTU or ASV numbers"),
        ("OTU_97.", "OTU or ASV numbers"),
        ("Cluster", "OTU or ASV numbers"),
    ] {
        let rows: Vec<String> = (1..12).map(|n| format!("{id}{n}\t{n}\t5\n")).collect();
        is_refused(&format!("id\tS1\tS2\n{}", rows.concat()), kind);
    }
    // genomes are of shotgun reads: no reference of 16S is theirs
    let lineage = "d__Bacteria;p__Bacteroidota;c__Bacteroidia;o__Bacteroidales;f__Bacteroidaceae;g__Bacteroides;s__Bacteroides uniformis";
    let method = |id: &str| {
        let rows: Vec<String> = (1..12)
            .map(|n| format!("{id}{n}\t{n}\t{lineage}\n"))
            .collect();
        one(&format!("id\tS1\ttaxonomy\n{}", rows.concat())).method
    };
    assert_eq!(method("OTU_"), Method::Amplicon16s);
    assert_ne!(method("MAG_"), Method::Amplicon16s);
    assert_ne!(method("contig_"), Method::Amplicon16s);
}

#[test]
fn sums_of_rows_and_columns_are_left_out_in_other_words_too() {
    for total in ["Grand Total", "Total reads", "Gesamt", "Summe"] {
        let text = format!(
            "taxon\tA\tB\t{total}\nBacteroides\t60\t30\t90\nRoseburia\t40\t70\t110\n{total}\t100\t100\t200\n"
        );
        let study = of_text(&text).unwrap();
        assert_eq!(study.samples.len(), 2, "{total}");
        near(study.samples[0].guild(Guild::Bac), 0.6);
    }
}

#[test]
fn bare_p_values_are_no_samples() {
    let rows = "Bacteroides\t0.01\t0.01\nBlautia\t0.2\t0.2\nFaecalibacterium\t0.3\t0.3\n";
    is_refused(
        &format!("taxon\tp\tp.adj\n{rows}"),
        "results of a comparison",
    );
    is_refused(&format!("taxon\tp\tq\n{rows}"), "results of a comparison");
    is_refused(
        "taxon\tp\nBacteroides\t0.01\nBlautia\t0.2\nRoseburia\t0.9\n",
        "results of a comparison",
    );
    let medians = "taxon\tmedian_CD\tmedian_HC\tp\tq\nBacteroides\t0.4\t0.1\t0.01\t0.01\nBlautia\t0.3\t0.25\t0.2\t0.2\n";
    is_refused(medians, "results of a comparison");
    // samples of these names hold compositions
    let samples = "taxon\tp\tq\nBacteroides\t0.6\t0.2\nBlautia\t0.4\t0.8\n";
    assert_eq!(of_text(samples).unwrap().samples.len(), 2);
}
