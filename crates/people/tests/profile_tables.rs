//! Tables that people bring: rows of several ranks, cells that are no numbers, commas, functions, names from R.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{of_text, one};
use gutskin_people::profile::method::Method;
use gutskin_people::profile::sample::{SampleReport, WarningKind};
use gutskin_people::taxonomy::Guild;

fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-9,
        "{found}, expected {expected}"
    );
}

fn refused(text: &str, parts: &[&str]) {
    let message = match of_text(text) {
        Ok(study) => panic!("read without an error: {text}\n{:?}", study.samples),
        Err(error) => error.to_string(),
    };
    for part in parts {
        assert!(message.contains(part), "`{text}` gives: {message}");
    }
}

fn notes(text: &str) -> String {
    of_text(text).unwrap().files[0].notes.join("\n")
}

fn outside(sample: &SampleReport) -> f64 {
    sample.mapping.no_guild + sample.mapping.unlisted
}

/// `Bacteroides dorei` is a *Phocaeicola* today; the row `Bacteroides` holds it all the same.
#[test]
fn a_genus_and_its_renamed_species_are_not_counted_twice() {
    for text in [
        "taxon\tA\nBacteroides\t500\nBacteroides dorei\t500\nRoseburia\t500\nRoseburia hominis\t500\n",
        "taxon\tA\ng__Bacteroides\t500\ns__Bacteroides_dorei\t500\ng__Roseburia\t500\ns__Roseburia_hominis\t500\n",
        "taxon\tA\nBacteroides\t500\nBacteroides dorei\t300\nBacteroides sp. CAG:20\t100\nRoseburia\t500\n",
        "sample\tBacteroides\tBacteroides dorei\tRoseburia\tRoseburia hominis\nA\t500\t500\t500\t500\n",
        "sample\ttaxon\tcount\nA\tBacteroides\t500\nA\tBacteroides dorei\t500\nA\tRoseburia\t500\n",
        "taxon\tA\nBacteroides\t500\nunclassified Bacteroides\t300\nRoseburia\t500\n",
        "taxon\tA\n[Eubacterium]\t500\nEubacterium rectale\t500\nBacteroides\t500\n",
    ] {
        let sample = one(text);
        near(sample.guild(Guild::Bac), 0.5);
        assert!(
            notes(text).contains("sums of their species"),
            "{text}: {}",
            notes(text)
        );
    }
    let rounded = one(
        "taxon\tA\nBacteroides\t50\nBacteroides dorei\t30.02\nBacteroides fragilis\t20\nRoseburia\t50\n",
    );
    assert!((rounded.guild(Guild::Bac) - 0.5).abs() < 1e-3);
    let rest = one("taxon\tA\nBacteroides\t500\nBacteroides dorei\t300\nRoseburia\t500\n");
    near(rest.total, 1000.0);
    near(rest.mapping.by_species, 0.3);
    assert!(
        rest.diversity.richness == 2,
        "a genus without species rows counts for diversity: {:?}",
        rest.diversity
    );
    assert!(
        notes("taxon\tA\nBacteroides\t500\nBacteroides dorei\t300\nRoseburia\t500\n")
            .contains("`genus, species unknown`")
    );
}

/// A genus below its species, or shares that add up only with every row, are reads that stop at the genus.
#[test]
fn a_genus_beside_its_species_is_counted_where_the_numbers_say_so() {
    let below = one("taxon\tA\nBacteroides\t100\nBacteroides dorei\t400\nRoseburia\t500\n");
    near(below.total, 1000.0);
    near(below.guild(Guild::Bac), 0.5);
    let shares = one(
        "taxon\tA\nBacteroides\t0.3\nBacteroides dorei\t0.2\nRoseburia\t0.4\nRoseburia hominis\t0.1\n",
    );
    near(shares.total, 1.0);
    near(shares.guild(Guild::Ros), 0.5);
}

/// Families repeat what their genera hold; which holds which is not said by single names.
#[test]
fn families_beside_genera_are_counted_once_or_refused() {
    let genera = "Bacteroides\t40\t30\nRoseburia\t30\t20\nBlautia\t20\t40\n";
    let families = "Bacteroidaceae\t45\t30\nLachnospiraceae\t55\t70\n";
    let phyla = "Bacteroidota\t45\t30\nBacillota\t55\t70\n";
    for text in [
        format!("taxon\tA\tB\n{phyla}{families}{genera}"),
        format!("taxon\tA\tB\n{families}{genera}"),
    ] {
        let study = of_text(&text).unwrap();
        let sample = &study.samples[0];
        near(sample.guild(Guild::Bac), 40.0 / 90.0);
        near(sample.left_out.unclassified, 0.1);
        near(outside(sample), 0.0);
        let said = study.files[0].notes.join("\n");
        assert!(said.contains("are left out"), "{said}");
    }
    refused(
        "taxon\tA\nBacteroidaceae\t900\nBacteroides\t700\nRoseburia\t1\n",
        &["several ranks", "family, genus", "write lineages"],
    );
    let stops = one("taxon\tA\nLachnospiraceae\t100\nBacteroides\t700\nRoseburia\t200\n");
    near(stops.total, 1000.0);
    near(stops.guild(Guild::Bac), 0.7);
}

#[test]
fn cells_that_stand_for_numbers_are_named_and_never_drop_their_column() {
    let table = |cell: &str| {
        format!("taxon\tS1\tS2\nRoseburia\t5\t{cell}\nBacteroides\t3\t4\nBlautia\t2\t6\n")
    };
    for (cell, advice) in [
        ("NA", "write 0"),
        ("n/a", "not measured"),
        ("-", "write 0"),
        ("BDL", "limit of detection"),
        ("<0.01", "limit of detection"),
        ("12 %", "sign %"),
        ("many", "Write 0"),
        ("1,234", "1234 or 1.234"),
    ] {
        let place = "line 2 (`Roseburia`), column 3 (`S2`)";
        refused(&table(cell), &[place, &format!("`{cell}`"), advice]);
    }
    refused(
        "sample\tRoseburia\tBacteroides\nA\tNA\t4\nB\t3\t6\n",
        &["line 2, column 2 (`Roseburia`)", "`NA`"],
    );
    refused(
        "sample\ttaxon\tcount\nA\tRoseburia\tNA\nA\tBacteroides\t6\n",
        &["line 2, column 3", "`NA`"],
    );
    // the first row, and the first column of numbers
    refused("taxon\tS1\nRoseburia\tNA\nBacteroides\t3\n", &["line 2"]);
    refused(
        "taxon\tS1\tS2\nRoseburia\tNA\t1\nBacteroides\tNA\t3\n",
        &["line 2", "`NA`"],
    );
}

#[test]
fn columns_of_words_are_left_out_and_named() {
    let text = "taxon\tphenotype\tS1\nRoseburia\tmotile\t5\nBacteroides\t\t4\nBlautia\tround\t1\n";
    let study = of_text(text).unwrap();
    assert_eq!(study.samples.len(), 1);
    assert!(notes(text).contains("`phenotype`"), "{}", notes(text));
}

#[test]
fn commas_are_decided_by_the_whole_table_or_refused() {
    let table = |first: &str, second: &str| {
        format!("taxon\tS1\nRoseburia\t{first}\nBacteroides\t{second}\n")
    };
    refused(
        &table("1,250", "3750"),
        &["line 2", "`1,250`", "1250 or 1.25"],
    );
    refused(&table("0,5", "3.5"), &["`0,5`"]);
    let decimal = one(&table("1,250", "0,5"));
    near(decimal.total, 1.75);
    assert!(notes(&table("1,250", "0,5")).contains("decimal marks"));
    let thousands = one(&table("1,250", "1,003,750"));
    near(thousands.total, 1_005_000.0);
    assert!(notes(&table("1,250", "1,003,750")).contains("thousands"));
    let excel = one("taxon;S1\nRoseburia;1,250\nBacteroides;3,750\n");
    near(excel.total, 5.0);
    let quoted = one("taxon,S1\nRoseburia,\"1,250\"\nBacteroides,\"3,750.5\"\n");
    near(quoted.total, 5000.5);
}

#[test]
fn sums_statistics_and_facts_about_people_are_no_taxa_and_no_samples() {
    let rows = "taxon\tA\tSD\tpvalue\nBacteroides\t50\t4\t0.1\nRoseburia\t50\t2\t0.2\nTotal\t100\t6\t\nShannon\t0.69\t\t\n";
    let sample = one(rows);
    near(sample.guild(Guild::Bac), 0.5);
    let said = notes(rows);
    for part in ["`Total`, `Shannon`", "`SD`, `pvalue`"] {
        assert!(said.contains(part), "{said}");
    }
    let columns = "sample,Age,BMI,Bacteroides,Roseburia,Total\nA,40,22.1,50,50,100\n";
    near(one(columns).guild(Guild::Ros), 0.5);
    assert!(notes(columns).contains("`BMI`"), "{}", notes(columns));
    let long = "sample\ttaxon\tcount\nA\tBacteroides\t50\nA\tRoseburia\t50\nA\tTotal\t100\n";
    near(one(long).guild(Guild::Ros), 0.5);
    assert!(notes(long).contains("`Total`"), "{}", notes(long));
    let sheet = "taxon,A,,\nBacteroides,50,,\nRoseburia,50,,\n";
    near(one(sheet).guild(Guild::Ros), 0.5);
}

#[test]
fn columns_parted_by_blanks_are_refused_with_what_to_do() {
    refused(
        "\"S1\" \"S2\"\n\"Bacteroides\" 50 40\n\"Roseburia\" 50 60\n",
        &["parted by blanks", "sep = \"\\t\""],
    );
}

#[test]
fn functions_are_no_profile() {
    for (text, seems) in [
        (
            "# Gene Family\tA_Abundance-RPKs\nUNMAPPED\t187.0\nUniRef90_A0A015\t60\nUniRef90_A0A015|g__Bacteroides.s__Bacteroides_fragilis\t31\nUniRef90_A0A015|unclassified\t29\n",
            "gene families",
        ),
        (
            "# Pathway\tA_Abundance\nUNMAPPED\t140\nUNINTEGRATED\t87\nUNINTEGRATED|g__Bacteroides.s__Bacteroides_caccae\t23\nPWY-5423: oleoresin\t5\nPWY-5423: oleoresin|g__Bacteroides.s__Bacteroides_caccae\t5\nVALSYN-PWY: valine\t3\n",
            "pathways",
        ),
        (
            "# Gene Family\tA\nK00001\t6\nK00001|g__Bacteroides.s__Bacteroides_fragilis\t3\nK00002|unclassified\t2\n",
            "functions",
        ),
        (
            "sample\tUniRef90_A|g__Bacteroides.s__Bacteroides_fragilis\tUniRef90_B|g__Roseburia.s__Roseburia_hominis\nA\t3\t4\n",
            "gene families",
        ),
    ] {
        refused(text, &[seems, "HUMAnN", "bugs_list"]);
    }
}

#[test]
fn names_that_r_wrote_are_found() {
    let sample = one(
        "sample\tFaecalibacterium.prausnitzii\tX.Eubacterium..hallii.group\tBacteroides.dorei\tBacteroides.sp..CAG.20\tBacteroidales.S24.7.group\nA\t10\t20\t30\t30\t10\n",
    );
    near(sample.guild(Guild::Fae), 0.1);
    near(sample.guild(Guild::Ana), 0.2);
    near(sample.guild(Guild::Bac), 0.7);
    let lineages = one(
        "sample\tk__Bacteria.p__Firmicutes.f__Lachnospiraceae.g__Roseburia\tk__Bacteria.p__Bacteroidetes.f__Bacteroidaceae.g__Bacteroides\nA\t10\t30\n",
    );
    near(lineages.guild(Guild::Ros), 0.25);
    near(lineages.guild(Guild::Bac), 0.75);
    let all_ranks = one(
        "sample\tk__Bacteria\tk__Bacteria.p__Firmicutes\tk__Bacteria.p__Firmicutes.g__Roseburia\tk__Bacteria.p__Bacteroidetes\tk__Bacteria.p__Bacteroidetes.g__Bacteroides\nA\t40\t10\t10\t30\t30\n",
    );
    near(all_ranks.total, 40.0);
    near(all_ranks.guild(Guild::Ros), 0.25);
}

const MPA: &str = "clade_name\trelative_abundance\nk__Bacteria\t100\nk__Bacteria|p__Firmicutes\t100\nk__Bacteria|p__Firmicutes|c__Bacilli\t100\nk__Bacteria|p__Firmicutes|c__Bacilli|o__Lactobacillales\t100\nk__Bacteria|p__Firmicutes|c__Bacilli|o__Lactobacillales|f__Streptococcaceae\t100\nk__Bacteria|p__Firmicutes|c__Bacilli|o__Lactobacillales|f__Streptococcaceae|g__Streptococcus\t100\nk__Bacteria|p__Firmicutes|c__Bacilli|o__Lactobacillales|f__Streptococcaceae|g__Streptococcus|s__Streptococcus_oralis\t60.5\nk__Bacteria|p__Firmicutes|c__Bacilli|o__Lactobacillales|f__Streptococcaceae|g__Streptococcus|s__Streptococcus_salivarius\t39.5\n";

#[test]
fn a_metaphlan_table_of_unknown_version_names_the_option() {
    let sample = one(MPA);
    let note = sample.gmwi2_note.unwrap();
    assert!(note.contains("--method metaphlan3"), "{note}");
    assert!(notes(MPA).contains("--method"), "{}", notes(MPA));
}

/// The index is exact, but of a mouth it says nothing.
#[test]
fn the_index_of_another_site_carries_a_caveat() {
    let oral = format!("#mpa_v30_CHOCOPhlAn_201901\n{MPA}");
    let sample = one(&oral);
    if sample.gmwi2.is_some() {
        let note = sample.gmwi2_note.unwrap();
        assert!(note.contains("perhaps no stool"), "{note}");
    } else {
        panic!("no index: {:?}", sample.gmwi2_note);
    }
}

#[test]
fn long_tables_use_the_deepest_of_their_rank_columns() {
    let psmelt = "\"\",\"OTU\",\"Sample\",\"Abundance\",\"Kingdom\",\"Phylum\",\"Family\",\"Genus\",\"Species\"\n\"1\",\"ASV1\",\"A\",900,\"Bacteria\",\"Firmicutes\",\"Lachnospiraceae\",\"Ruminococcus\",\"gnavus\"\n\"2\",\"ASV2\",\"A\",100,\"Bacteria\",\"Firmicutes\",\"Lachnospiraceae\",\"Blautia\",NA\n";
    near(one(psmelt).guild(Guild::Bla), 1.0);
    for species in ["gnavus", "Ruminococcus gnavus"] {
        let text = format!(
            "Sample\tAbundance\tKingdom\tGenus\tSpecies\nA\t900\tBacteria\tRuminococcus\t{species}\nA\t100\tBacteria\tBlautia\t\n"
        );
        let sample = one(&text);
        near(sample.guild(Guild::Bla), 1.0);
        near(sample.mapping.by_species, 0.9);
    }
    let two = one(
        "Sample\tAbundance\tGenus\tSpecies\nA\t900\tClostridium\tdifficile\nA\t60\tBacteroides\tfragilis\nA\t40\tBacteroides\tuniformis\n",
    );
    near(two.guild(Guild::Cdi), 0.9);
    near(two.guild(Guild::Bac), 0.1);
    refused(
        "Sample\tAbundance\tGenus\tSpecies\nA\t9\tBacteroides\tfragilis\nA\t6\tBacteroides\tfragilis\n",
        &["another row has too"],
    );
}

/// The same numbers with taxa as rows and as columns.
fn both_ways(names: &[&str], values: &[u32]) -> [String; 2] {
    let mut rows = "taxon\tA\tB\n".to_owned();
    let (mut head, mut first, mut second) = ("sample".to_owned(), "A".to_owned(), "B".to_owned());
    for (at, name) in names.iter().enumerate() {
        let (one, other) = (values[2 * at], values[2 * at + 1]);
        rows += &format!("{name}\t{one}\t{other}\n");
        head += &format!("\t{name}");
        first += &format!("\t{one}");
        second += &format!("\t{other}");
    }
    [rows, format!("{head}\n{first}\n{second}\n")]
}

const KNOWN: [&str; 6] = [
    "Bacteroides",
    "Faecalibacterium",
    "Blautia",
    "Roseburia",
    "Prevotella",
    "Alistipes",
];
const STRANGE: [&str; 14] = [
    "Escherichia/Shigella",
    "uncultured bacterium",
    "Incertae Sedis",
    "5-7N15",
    "02d06",
    "cc_115",
    "rc4-4",
    "p-75-a5",
    "vadinBB60",
    "human gut metagenome",
    "Other",
    "Unassigned;__;__;__;__;__",
    "Unassigned",
    "uncultured",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn a_turned_table_gives_the_same(
        values in proptest::collection::vec(2_u32..5000, 40),
        strange in proptest::sample::subsequence(STRANGE.to_vec(), 0..6),
    ) {
        let names: Vec<&str> = KNOWN.iter().copied().chain(strange).collect();
        let [rows, columns] = both_ways(&names, &values);
        let (rows, columns) = (of_text(&rows).unwrap(), of_text(&columns).unwrap());
        for (one, other) in rows.samples.iter().zip(&columns.samples) {
            proptest::prop_assert_eq!(one.total, other.total);
            for (a, b) in one.guilds.iter().zip(&other.guilds) {
                proptest::prop_assert!((a - b).abs() < 1e-12);
            }
            proptest::prop_assert!((one.left_out.unclassified - other.left_out.unclassified).abs() < 1e-12);
            proptest::prop_assert!((outside(one) - outside(other)).abs() < 1e-12);
            proptest::prop_assert!((one.diversity.shannon - other.diversity.shannon).abs() < 1e-12);
        }
    }
}

#[test]
fn two_genera_in_one_name_are_known() {
    for text in both_ways(
        &["Bacteroides", "Blautia", "Escherichia/Shigella"],
        &[30, 30, 30, 30, 40, 40],
    ) {
        let study = of_text(&text).unwrap();
        near(study.samples[0].opportunists, 0.4);
        near(study.samples[0].guild(Guild::Bac), 0.3);
    }
}

#[test]
fn a_genus_in_brackets_is_not_the_genus_proper() {
    let sample = one(
        "taxon\tA\nk__Bacteria; p__Firmicutes; c__Clostridia; o__Clostridiales; f__Lachnospiraceae; g__[Ruminococcus]; s__\t40\nk__Bacteria; p__Firmicutes; c__Clostridia; o__Clostridiales; f__Ruminococcaceae; g__Ruminococcus; s__\t20\nk__Bacteria; p__Bacteroidetes; c__Bacteroidia; o__Bacteroidales; f__[Paraprevotellaceae]; g__[Prevotella]; s__\t40\n",
    );
    near(sample.guild(Guild::Rum), 0.2);
    near(sample.guild(Guild::Bla), 0.4);
    near(sample.guild(Guild::Pre), 0.4);
}

#[test]
fn organelles_are_left_out_with_a_note() {
    for (chloroplast, mitochondria) in [
        (
            "k__Bacteria; p__Cyanobacteria; c__Chloroplast; o__Streptophyta",
            "k__Bacteria; p__Proteobacteria; c__Alphaproteobacteria; o__Rickettsiales; f__mitochondria",
        ),
        (
            "d__Bacteria; p__Cyanobacteria; c__Cyanobacteriia; o__Chloroplast; f__Chloroplast; g__Chloroplast",
            "d__Bacteria; p__Proteobacteria; c__Alphaproteobacteria; o__Rickettsiales; f__Mitochondria; g__Mitochondria",
        ),
    ] {
        let text = format!(
            "taxon\tA\n{chloroplast}\t50\n{mitochondria}\t20\nk__Bacteria; p__Firmicutes; c__Clostridia; o__Clostridiales; f__Lachnospiraceae; g__Blautia\t30\n"
        );
        let sample = one(&text);
        near(sample.guild(Guild::Bla), 1.0);
        near(sample.left_out.eukaryotes, 0.7);
        assert_eq!(sample.diversity.richness, 1);
        assert!(
            notes(&text).contains("2 rows are chloroplasts or mitochondria"),
            "{}",
            notes(&text)
        );
    }
}

#[test]
fn whole_percentages_of_a_profiler_are_no_counts() {
    use gutskin_people::profile::sample::Scale;
    let sample = one(
        "#mpa_v30_CHOCOPhlAn_201901\n#clade_name\tNCBI_tax_id\trelative_abundance\nk__Bacteria\t2\t100.00000\nk__Bacteria|p__Firmicutes\t2|1239\t100.00000\nk__Bacteria|p__Firmicutes|s__Roseburia_hominis\t2|1239|1\t70.00000\nk__Bacteria|p__Firmicutes|s__Blautia_obeum\t2|1239|2\t30.00000\n",
    );
    assert_eq!(sample.scale, Scale::Percent);
    assert!(
        sample
            .warnings
            .iter()
            .all(|warning| !warning.text.contains("reads only"))
    );
}

#[test]
fn a_sample_with_little_of_it_in_the_table_is_warned_of() {
    let study = of_text("taxon\tA\tB\nRoseburia\t0.6\t0.004\nBacteroides\t0.39\t0.002\n").unwrap();
    let warned = |at: usize| {
        study.samples[at]
            .warnings
            .iter()
            .any(|warning| warning.text.contains("is in the table"))
    };
    assert!(!warned(0) && warned(1));
}

#[test]
fn missing_rows_of_a_centrifuge_table_are_remarked() {
    let head = "name\ttaxID\ttaxRank\tgenomeSize\tnumReads\tnumUniqueReads\tabundance\n";
    let first = "Faecalibacterium prausnitzii\t853\tspecies\t3000000\t300\t290\t0.75\n";
    let second = "Roseburia hominis\t301301\tspecies\t3000000\t100\t90\t0.25\n";
    assert!(!notes(&format!("{head}{first}{second}")).contains("cut short"));
    assert!(notes(&format!("{head}{first}")).contains("0.750 instead of 1"));
}

/// Words that are no taxa are left out of rows as they are of columns, and a table turned over gives the same.
#[test]
fn unknown_words_are_left_out_of_rows_and_columns_alike() {
    let rows = [
        ["taxon", "A", "B"],
        ["Bacteroides", "30", "40"],
        ["Roseburia", "5", "6"],
        ["Faecalibacterium", "50", "60"],
        ["dose", "3", "4"],
        ["Neofictibacter", "2", "2"],
        ["UCG-002", "1", "2"],
        ["shannon", "2", "3"],
    ];
    let text: String = rows.iter().map(|row| row.join("\t") + "\n").collect();
    let turned: String = (0..3)
        .map(|at| {
            rows.iter()
                .map(|row| row[at])
                .collect::<Vec<_>>()
                .join("\t")
                + "\n"
        })
        .collect();
    let (one, other) = (of_text(&text).unwrap(), of_text(&turned).unwrap());
    for (a, b) in one.samples.iter().zip(&other.samples) {
        assert_eq!(a.guilds, b.guilds);
        assert_eq!(a.diversity, b.diversity);
        assert_eq!(a.diversity.richness, 5);
    }
    for study in [&one, &other] {
        let notes = study.files[0].notes.join("\n");
        assert!(notes.contains("`dose`, `shannon`"), "{notes}");
        assert!(
            notes.contains("2 ") && notes.contains("left out (5.7 % of all values)"),
            "{notes}"
        );
    }
}

/// The standard at its nominal composition, by species, by genera, and by genera with other names.
#[test]
fn the_zymo_gut_standard_is_told_from_stool() {
    let members = [
        ("Faecalibacterium prausnitzii", 14.0),
        ("Veillonella rogosae", 14.0),
        ("Roseburia hominis", 14.0),
        ("Bacteroides fragilis", 14.0),
        ("Escherichia coli", 14.0),
        ("Prevotella corporis", 6.0),
        ("Bifidobacterium adolescentis", 6.0),
        ("Fusobacterium nucleatum", 6.0),
        ("Limosilactobacillus fermentum", 6.0),
        ("Clostridioides difficile", 1.5),
        ("Akkermansia muciniphila", 1.5),
        ("Candida albicans", 1.5),
        ("Saccharomyces cerevisiae", 1.4),
        ("Methanobrevibacter smithii", 0.1),
        ("Salmonella enterica", 0.01),
        ("Enterococcus faecalis", 0.001),
        ("Clostridium perfringens", 0.0001),
    ];
    let species: String = members
        .iter()
        .map(|(name, share)| format!("{name}\t{share}\n"))
        .collect();
    let bacteria = members
        .iter()
        .filter(|(name, _)| !name.starts_with("Candida") && !name.starts_with("Sacch"));
    let genera: String = bacteria
        .map(|(name, share)| format!("g__{}\t{share}\n", name.split(' ').next().unwrap()))
        .collect();
    let old = genera
        .replace("Limosilactobacillus", "Lactobacillus")
        .replace("g__Escherichia", "g__Escherichia-Shigella");
    for text in [&species, &genera, &old] {
        let sample = one(&format!("taxon\tS1\n{text}"));
        let found = sample.warnings.iter().find(|w| w.kind == WarningKind::Mock);
        assert!(
            found.is_some_and(|w| w.text.contains("Gut Microbiome Standard")),
            "{text}: {:?}",
            sample.warnings
        );
    }
}

/// `uncultured` stands in many families: one label is not one taxon.
#[test]
fn rows_of_one_label_and_several_lineages_stay_apart() {
    let clostridia = "k__Bacteria;p__Firmicutes;c__Clostridia;o__Clostridiales;f__Lachnospiraceae";
    let entero = "k__Bacteria;p__Proteobacteria;c__Gammaproteobacteria;o__Enterobacterales;f__Enterobacteriaceae";
    let bacteroides = "k__Bacteria;p__Bacteroidetes;c__Bacteroidia;o__Bacteroidales;f__Bacteroidaceae;g__Bacteroides";
    let marked = |first: &str, second: &str| {
        format!(
            "id\ttaxonomy\tS1\n{first}\t{clostridia};g__uncultured\t400\n{first}\t{entero};g__uncultured\t10\n\
             {first}\t{clostridia};g__uncultured\t100\n{second}\t{bacteroides}\t490\n"
        )
    };
    let bare = |text: String| {
        text.replace("k__", "")
            .replace("p__", "")
            .replace("c__", "")
    };
    let bare = |text: String| {
        bare(text)
            .replace("o__", "")
            .replace("f__", "")
            .replace("g__", "")
    };
    let parted = bare(marked("uncultured", "Bacteroides"))
        .replace(';', "\t")
        .replace("taxonomy", "Kingdom\tPhylum\tClass\tOrder\tFamily\tGenus");
    for text in [
        marked("uncultured", "Bacteroides"),
        marked("OTU1", "OTU2"),
        marked("Unassigned", "Unassigned"),
        parted,
    ] {
        let sample = one(&text);
        near(sample.guild(Guild::Ent), 0.01);
        near(sample.guild(Guild::Bac), 0.49);
        near(sample.total, 1000.0);
        let said = notes(&text);
        assert!(said.contains("kept apart"), "{text}: {said}");
    }
}

#[test]
fn long_tables_of_people_and_visits_are_read_as_samples() {
    let rows = |first: &str, second: &str, between: &str| {
        let mut text = String::new();
        for (visit, ent) in [(first, 20), (second, 220)] {
            for (taxon, count) in [
                ("Bacteroides", 500),
                ("Roseburia", 300),
                ("Escherichia", ent),
            ] {
                text += &match between {
                    "after" => format!("P1\t{taxon}\t{visit}\t{count}\n"),
                    _ => format!("P1\t{visit}\t{taxon}\t{count}\n"),
                };
            }
        }
        text
    };
    for (text, names) in [
        (
            format!("patient\ttaxon\tweek\tcount\n{}", rows("0", "4", "after")),
            ["P1_0", "P1_4"],
        ),
        (
            format!("subject\tvisit\ttaxon\tcount\n{}", rows("1", "2", "")),
            ["P1_1", "P1_2"],
        ),
        (
            format!("id\tvisit\tgenus\treads\n{}", rows("a", "b", "")),
            ["P1_a", "P1_b"],
        ),
    ] {
        let study = of_text(&text).unwrap();
        let found: Vec<&str> = study
            .samples
            .iter()
            .map(|sample| sample.id.as_str())
            .collect();
        assert_eq!(found, names, "{text}");
        near(study.samples[0].guild(Guild::Ent), 20.0 / 820.0);
        near(study.samples[1].guild(Guild::Ent), 220.0 / 1020.0);
        assert!(
            notes(&text).contains("a sample is one `"),
            "{}",
            notes(&text)
        );
    }
    let unknown = format!("who\ttaxon\twhen\tcount\n{}", rows("0", "4", "after"));
    refused(
        &unknown,
        &[
            "long table",
            "`who`, `taxon`, `when`, `count`",
            "a column `sample`",
        ],
    );
}

/// `Actinobacteria` is a phylum and a class of one name: the column of ranks tells which.
#[test]
fn the_rank_column_of_a_long_table_is_used() {
    let mut text = String::from("sample\trank\ttaxon\tabundance\n");
    for (rank, taxon, value) in [
        ("kingdom", "Bacteria", 100),
        ("phylum", "Firmicutes", 60),
        ("phylum", "Actinobacteria", 40),
        ("class", "Clostridia", 60),
        ("class", "Actinobacteria", 40),
        ("genus", "Roseburia", 60),
        ("genus", "Bifidobacterium", 40),
    ] {
        text += &format!("A\t{rank}\t{taxon}\t{value}\n");
    }
    let sample = one(&text);
    near(sample.guild(Guild::Bif), 0.4);
    near(sample.guild(Guild::Ros), 0.6);
    assert!(notes(&text).contains("column `rank`"));
}

#[test]
fn points_between_semicolons_that_may_mark_thousands_are_refused() {
    refused(
        "taxon;S1\nBacteroides;5.000\nRoseburia;300\nBlautia;15\n",
        &["`5.000`", "5000 or 5,", "Between semicolons"],
    );
    let decimals = one("taxon;S1\nBacteroides;5.000\nRoseburia;0.300\nBlautia;4.7\n");
    near(decimals.guild(Guild::Bac), 0.5);
}

/// NCBI taxonomy ids and row numbers are no numbers of OTUs: a shotgun profile must not meet the 16S reference.
#[test]
fn bare_numbers_say_nothing_of_the_method() {
    let lineage = |genus: &str, species: &str| {
        format!(
            "k__Bacteria; p__Firmicutes; c__Clostridia; o__Clostridiales; f__Lachnospiraceae; g__{genus}; s__{species}"
        )
    };
    let table = |species: [&str; 2]| {
        format!(
            "#OTU ID\tA\ttaxonomy\n853\t60\t{}\n166486\t40\t{}\n",
            lineage("Roseburia", species[0]),
            lineage("Blautia", species[1])
        )
    };
    for text in [
        "taxonomy_id\tlineage\tA\n853\tcellular organisms;Bacteria;Firmicutes;Clostridia;Eubacteriales;Lachnospiraceae;Roseburia\t60\n\
         820\tcellular organisms;Bacteria;Bacteroidetes;Bacteroidia;Bacteroidales;Bacteroidaceae;Bacteroides\t40\n".to_owned(),
        "\"\",\"taxon\",\"A\"\n\"1\",\"Escherichia coli\",60\n\"2\",\"Bacteroides uniformis\",40\n".to_owned(),
        table(["intestinalis", "obeum"]),
        table(["Roseburia_intestinalis", "Blautia_obeum"]),
    ] {
        let sample = one(&text);
        assert_eq!(sample.method, Method::Unknown, "{text}");
        assert!(sample.compared.is_empty() && sample.dysbiosis.is_none(), "{text}");
    }
    // Greengenes leaves most species empty
    assert_eq!(one(&table(["", ""])).method, Method::Amplicon16s);
}

/// Row numbers of a data frame and taxonomy ids stand before the names.
#[test]
fn names_beside_numbers_name_the_rows() {
    let lineage = "k__Bacteria|p__Firmicutes|c__Clostridia|o__Clostridiales|f__Lachnospiraceae|g__";
    for text in [
        "taxonomy_id\tname\tA\tB\n800\tBacteroides uniformis\t60\t30\n801\tRoseburia hominis\t40\t70\n".to_owned(),
        ",species,A,B\n0,Bacteroides uniformis,60,30\n1,Roseburia hominis,40,70\n".to_owned(),
        format!(
            ",clade_name,A,B\n0,k__Bacteria|p__Bacteroidetes|c__Bacteroidia|o__Bacteroidales|f__Bacteroidaceae|g__Bacteroides,60,30\n1,{lineage}Roseburia,40,70\n"
        ),
    ] {
        let study = of_text(&text).unwrap();
        assert_eq!(study.samples.len(), 2, "{text}");
        near(study.samples[0].guild(Guild::Bac), 0.6);
        near(study.samples[1].guild(Guild::Ros), 0.7);
        assert!(notes(&text).contains("rows are named by the column `"));
    }
}

#[test]
fn a_column_of_sums_is_left_out_and_a_sample_of_that_name_stays() {
    let sums = "taxon\tA\tB\tTotal\nBacteroides\t60\t30\t90\nRoseburia\t40\t70\t110\n";
    assert_eq!(of_text(sums).unwrap().samples.len(), 2);
    assert!(notes(sums).contains("sums of the others are left out: `Total`"));
    let both =
        "taxon\tA\tB\tTotal\tMean\nBacteroides\t60\t30\t90\t45\nRoseburia\t40\t70\t110\t55\n";
    assert_eq!(of_text(both).unwrap().samples.len(), 2);
    assert!(notes(both).contains("named as statistics, not as samples, are left out: `Mean`"));
    let sample = "taxon\tA\tB\tTotal\nBacteroides\t60\t30\t10\nRoseburia\t40\t70\t90\n";
    let study = of_text(sample).unwrap();
    assert_eq!(study.samples[2].id, "Total");
    near(study.samples[2].guild(Guild::Bac), 0.1);
    near(
        one("taxon\tTotal\nBacteroides\t10\nRoseburia\t90\n").guild(Guild::Bac),
        0.1,
    );
}

#[test]
fn logarithms_are_remarked() {
    let rows = |values: [&str; 5]| {
        let taxa = [
            "Bacteroides",
            "Roseburia",
            "Blautia",
            "Alistipes",
            "Akkermansia",
        ];
        let lines: Vec<String> = (taxa.iter().zip(values))
            .map(|(taxon, value)| format!("{taxon}\t{value}\n"))
            .collect();
        format!("taxon\tA\n{}", lines.concat())
    };
    assert!(notes(&rows(["4.31", "3.9", "2.7", "3.1", "1.2"])).contains("logarithms"));
    assert!(!notes(&rows(["9.1", "6.2", "3.3", "0.4", "0.05"])).contains("logarithms"));
    assert!(!notes(&rows(["12", "9", "7", "3", "2"])).contains("logarithms"));
}
