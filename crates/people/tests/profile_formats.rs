//! Formats without a real file at hand: fixtures written from each format's documentation, and quirks.
#![allow(clippy::unwrap_used)]

mod common;

use common::{analyser, gzip, of_text, one, study_of};
use gutskin_people::profile::method::{Method, Unit};
use gutskin_people::profile::read::Limits;
use gutskin_people::profile::sample::{Scale, WarningKind};
use gutskin_people::taxonomy::Guild;

fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-9,
        "{found}, expected {expected}"
    );
}

#[test]
fn metaphlan_2_single_and_merged() {
    let single = one(
        "#SampleID\tMetaphlan2_Analysis\nk__Bacteria\t100.0\nk__Bacteria|p__Firmicutes\t100.0\nk__Bacteria|p__Firmicutes|c__Clostridia|o__Clostridiales|f__Lachnospiraceae|g__Roseburia\t60.0\nk__Bacteria|p__Firmicutes|c__Clostridia|o__Clostridiales|f__Lachnospiraceae|g__Roseburia|s__Roseburia_unclassified\t60.0\nk__Bacteria|p__Firmicutes|c__Clostridia|o__Clostridiales|f__Lachnospiraceae|g__Lachnospiraceae_noname|s__Lachnospiraceae_bacterium_1_1_57FAA\t40.0\n",
    );
    assert_eq!(
        (single.method, single.diversity.richness),
        (Method::Metaphlan2, 2)
    );
    near(single.mapping.by_genus, 0.6);
    near(single.mapping.by_family, 0.4);
    assert_eq!(single.id, "test");
    let merged = of_text("ID\tA\tB\nk__Bacteria\t100\t100\nk__Bacteria|p__Bacteroidetes|c__Bacteroidia|o__Bacteroidales|f__Bacteroidaceae|g__Bacteroides|s__Bacteroides_fragilis\t12.5\t0\nk__Bacteria|p__Bacteroidetes|c__Bacteroidia|o__Bacteroidales|f__Bacteroidaceae|g__Bacteroides|s__Bacteroides_unclassified\t87.5\t100\n").unwrap();
    assert_eq!(merged.samples.len(), 2);
    near(merged.samples[0].guild(Guild::Bac), 1.0);
}

const MPA4: &str = "#mpa_vJun23_CHOCOPhlAnSGB_202403\n#/usr/bin/metaphlan reads.fq -o out.txt\n#1000000 reads processed\n#SampleID\tMetaphlan_Analysis\n#clade_name\tclade_taxid\trelative_abundance\tcoverage\testimated_number_of_reads_from_the_clade\nUNCLASSIFIED\t-1\t20.0\t-\t200000\nk__Bacteria\t2\t80.0\t1.0\t800000\nk__Bacteria|p__Bacteroidota|c__Bacteroidia|o__Bacteroidales|f__Bacteroidaceae|g__Phocaeicola\t2|976\t50.0\t0.6\t500000\nk__Bacteria|p__Bacteroidota|c__Bacteroidia|o__Bacteroidales|f__Bacteroidaceae|g__Phocaeicola|s__Phocaeicola_vulgatus\t2|976\t50.0\t0.6\t500000\nk__Bacteria|p__Bacteroidota|c__Bacteroidia|o__Bacteroidales|f__Bacteroidaceae|g__Phocaeicola|s__Phocaeicola_vulgatus|t__SGB1814\t2|976\t50.0\t0.6\t500000\nk__Bacteria|p__Firmicutes|c__CFGB8514|o__OFGB8514|f__FGB8514|g__GGB25847|s__GGB25847_SGB37835\t2|1239\t30.0\t0.4\t300000\nk__Bacteria|p__Firmicutes|c__CFGB8514|o__OFGB8514|f__FGB8514|g__GGB25847|s__GGB25847_SGB37835|t__SGB37835\t2|1239\t30.0\t0.4\t300000\n";

#[test]
fn metaphlan_4_with_bins_and_strains() {
    let sample = one(MPA4);
    assert_eq!(
        (sample.method, sample.unit, sample.diversity.richness),
        (Method::Metaphlan4, Unit::Species, 2)
    );
    near(sample.left_out.unclassified, 0.2);
    near(sample.guild(Guild::Bac), 50.0 / 80.0);
    near(sample.mapping.unlisted, 30.0 / 80.0);
    assert!(sample.gmwi2.is_none() && sample.gmwi2_note.unwrap().contains("MetaPhlAn 4"));
}

#[test]
fn kraken_reports_of_four_kinds() {
    let minimizers = one(
        "60.00\t600\t0\t900\t800\tR\t1\troot\n60.00\t600\t0\t900\t800\tD\t2\t  Bacteria\n50.00\t500\t100\t900\t800\tG\t816\t    Bacteroides\n40.00\t400\t350\t900\t800\tS\t820\t      Bacteroides uniformis\n5.00\t50\t50\t90\t80\tS1\t997890\t        Bacteroides uniformis CL03T00C23\n10.00\t100\t100\t90\t80\tS\t853\t    Faecalibacterium prausnitzii\n40.00\t400\t400\t0\t0\tU\t0\tunclassified\n",
    );
    assert_eq!(
        (minimizers.method, minimizers.diversity.richness),
        (Method::Kraken2, 2)
    );
    near(minimizers.guild(Guild::Bac), 500.0 / 600.0);
    near(minimizers.left_out.unclassified, 0.4);
    let unique = one(
        "# KrakenUniq v1.0 DATE:2024-01-01T00:00:00Z DB:db DB_SIZE:1 WD:/x\n# CL:perl krakenuniq --report-file r\n\n%\treads\ttaxReads\tkmers\tdup\tcov\ttaxID\trank\ttaxName\n50\t500\t500\t9\t1\tNA\t0\tno rank\tunclassified\n50\t500\t0\t9\t1\t0.1\t1\tno rank\troot\n50\t500\t0\t9\t1\t0.1\t2\tsuperkingdom\t  Bacteria\n50\t500\t500\t9\t1\t0.1\t853\tspecies\t    Faecalibacterium prausnitzii\n",
    );
    assert_eq!(unique.method, Method::KrakenUniq);
    near(unique.guild(Guild::Fae), 1.0);
    let kraken1 = one(
        " 50.00\t500\t500\tU\t0\tunclassified\n 50.00\t500\t0\t-\t1\troot\n 50.00\t500\t0\tD\t2\t  Bacteria\n 50.00\t500\t500\tS\t853\t    Faecalibacterium prausnitzii\n",
    );
    assert_eq!(kraken1.method, Method::Centrifuge);
    let centrifuge = one(
        "name\ttaxID\ttaxRank\tgenomeSize\tnumReads\tnumUniqueReads\tabundance\nFaecalibacterium prausnitzii\t853\tspecies\t3000000\t300\t290\t0.3\nHomo sapiens\t9606\tspecies\t3000000000\t700\t690\t0.0\n",
    );
    near(centrifuge.guild(Guild::Fae), 1.0);
    near(centrifuge.left_out.eukaryotes, 0.7);
    assert!(
        centrifuge
            .warnings
            .iter()
            .any(|warning| warning.kind == WarningKind::Host)
    );
    let lineages = one("k__Bacteria|p__Bacillota\t500\nk__Bacteria|p__Bacillota|f__Oscillospiraceae|g__Faecalibacterium|s__Faecalibacterium_prausnitzii\t400\n".replace("k__Bacteria|p__Bacillota\t500\n", "#Classification\ttest\nk__Bacteria|p__Bacillota\t500\n").as_str());
    near(lineages.guild(Guild::Fae), 0.8);
    near(lineages.total, 500.0);
}

#[test]
fn bracken_of_one_and_of_many_samples() {
    let one_sample = one(
        "name\ttaxonomy_id\ttaxonomy_lvl\tkraken_assigned_reads\tadded_reads\tnew_est_reads\tfraction_total_reads\nFaecalibacterium prausnitzii\t853\tS\t70\t5\t75\t0.75000\nBacteroides fragilis\t817\tS\t20\t5\t25\t0.25000\nBlautia obeum\t40520\tS\t0\t0\t0\t0.00000\n",
    );
    assert_eq!(
        (one_sample.method, one_sample.diversity.richness),
        (Method::Bracken, 2)
    );
    let many = of_text("name\ttaxonomy_id\ttaxonomy_lvl\ta.bracken_num\ta.bracken_frac\tb.bracken_num\tb.bracken_frac\nFaecalibacterium prausnitzii\t853\tS\t75\t0.75\t10\t0.1\nBacteroides fragilis\t817\tS\t25\t0.25\t90\t0.9\n").unwrap();
    assert_eq!(
        many.samples
            .iter()
            .map(|sample| sample.id.as_str())
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    near(many.samples[1].guild(Guild::Bac), 0.9);
}

#[test]
fn biom_dense_and_without_matrix_type() {
    let table = |kind: &str, data: &str| {
        format!(
            "{{\"id\":null,\"format\":\"1.0.0\",\"type\":\"OTU table\",{kind}\"shape\":[2,2],\"rows\":[{{\"id\":\"1\",\"metadata\":{{\"taxonomy\":\"k__Bacteria; f__Lachnospiraceae; g__Roseburia\"}}}},{{\"id\":\"2\",\"metadata\":{{\"taxonomy\":[\"k__Bacteria\",\"g__Bacteroides\"]}}}}],\"columns\":[{{\"id\":\"A\",\"metadata\":null}},{{\"id\":\"B\",\"metadata\":null}}],\"data\":{data}}}"
        )
    };
    for text in [
        table("\"matrix_type\":\"dense\",", "[[3,0],[1,4]]"),
        table("\"matrix_type\":\"sparse\",", "[[0,0,3],[1,0,1],[1,1,4]]"),
        table("", "[[0,0,3],[1,0,1],[1,1,4]]"),
    ] {
        let study = of_text(&text).unwrap();
        near(study.samples[0].guild(Guild::Ros), 0.75);
        near(study.samples[1].guild(Guild::Bac), 1.0);
    }
    let error = of_text(&table("\"matrix_type\":\"sparse\",", "[[7,0,3]]"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("row 7"), "{error}");
}

#[test]
fn plain_tables_in_every_dress() {
    let taxa = [
        "Faecalibacterium prausnitzii",
        "Bacteroides uniformis",
        "Bifidobacterium longum",
        "Akkermansia muciniphila",
    ];
    let values = [[40.0, 10.0], [30.0, 20.0], [20.0, 30.0], [10.0, 40.0]];
    let rows = |separator: &str, end: &str, scale: f64| {
        let mut text = format!("taxon{separator}A{separator}B{end}");
        for (name, row) in taxa.iter().zip(values) {
            text.push_str(&format!(
                "{name}{separator}{}{separator}{}{end}",
                row[0] * scale,
                row[1] * scale
            ));
        }
        text
    };
    let mut across = format!("sample\t{}\n", taxa.join("\t"));
    for (at, name) in ["A", "B"].iter().enumerate() {
        across.push_str(&format!(
            "{name}\t{}\n",
            values
                .iter()
                .map(|row| row[at].to_string())
                .collect::<Vec<_>>()
                .join("\t")
        ));
    }
    let mut long = "sample\ttaxon\trelative_abundance\n".to_owned();
    for (name, row) in taxa.iter().zip(values) {
        long.push_str(&format!("A\t{name}\t{}\nB\t{name}\t{}\n", row[0], row[1]));
    }
    let semicolons = rows(";", "\n", 0.01).replace('.', ",");
    let r_style = rows("\t", "\n", 1.0).replacen("taxon\t", "", 1);
    let quoted = rows("\t", "\n", 1.0)
        .lines()
        .map(|line| {
            line.split('\t')
                .map(|field| format!("\"{field}\""))
                .collect::<Vec<_>>()
                .join("\t")
        })
        .collect::<Vec<_>>()
        .join("\n");
    for (what, text, scale) in [
        ("tabs", rows("\t", "\n", 1.0), Scale::Counts),
        ("fractions", rows("\t", "\n", 0.01), Scale::Fraction),
        ("commas, Windows", rows(",", "\r\n", 0.01), Scale::Fraction),
        ("old Mac", rows("\t", "\r", 0.01), Scale::Fraction),
        ("absolute", rows("\t", "\n", 1e9), Scale::CellsPerGram),
        ("odd sums", rows("\t", "\n", 7.35), Scale::Arbitrary),
        ("samples as rows", across, Scale::Counts),
        ("long", long, Scale::Counts),
        ("decimal commas", semicolons, Scale::Fraction),
        ("R's header", r_style, Scale::Counts),
        ("quotes", quoted, Scale::Counts),
        (
            "byte-order mark",
            format!("\u{feff}{}", rows("\t", "\n", 0.01)),
            Scale::Fraction,
        ),
    ] {
        let study = of_text(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(study.samples.len(), 2, "{what}");
        near(study.samples[0].guild(Guild::Fae), 0.4);
        near(study.samples[1].guild(Guild::Akk), 0.4);
        if !matches!(scale, Scale::Counts) {
            assert_eq!(study.samples[0].scale, scale, "{what}");
        }
        let packed = study_of(&[("x.gz", gzip(text.as_bytes()))], Limits::small()).unwrap();
        near(packed.samples[0].guild(Guild::Fae), 0.4);
    }
    let absolute = of_text(&rows("\t", "\n", 1e9)).unwrap();
    near(absolute.samples[0].load_cells_per_gram.unwrap(), 1e11);
}

#[test]
fn quirks_of_tables() {
    let sample_types = of_text(
        "taxon\tA\tB\nbody site\tstool\tstool\nRoseburia\t0.5\t\nBacteroides\t0.5\t1\n-1\t0\t1\n",
    )
    .unwrap();
    assert!(
        sample_types.files[0]
            .notes
            .iter()
            .any(|note| note.contains("further header lines"))
    );
    assert!(
        sample_types.files[0]
            .notes
            .iter()
            .any(|note| note.contains("empty cells"))
    );
    near(sample_types.samples[1].left_out.unclassified, 0.5);
    let mixed = one(
        "taxon\tA\nBacteroides\t50\nBacteroides fragilis\t20\nBacteroides uniformis\t30\nRoseburia\t50\nRoseburia hominis\t10\n",
    );
    near(mixed.total, 100.0);
    near(mixed.guild(Guild::Ros), 0.5);
    let stops = one(
        "#OTU ID\tA\nk__Bacteria; p__Firmicutes; c__Clostridia; o__Clostridiales; f__Lachnospiraceae\t5\nk__Bacteria; p__Firmicutes; c__Clostridia; o__Clostridiales; f__Lachnospiraceae; g__Roseburia\t20\nk__Bacteria; p__Firmicutes; c__Clostridia; o__Clostridiales; f__Lachnospiraceae; g__Blautia\t75\n",
    );
    near(stops.total, 100.0);
    let ranks = one(
        "Kingdom\tPhylum\tFamily\tGenus\tA\nBacteria\tFirmicutes\tLachnospiraceae\tRoseburia\t7\nBacteria\tBacteroidetes\tBacteroidaceae\tBacteroides\t3\n",
    );
    near(ranks.guild(Guild::Ros), 0.7);
    let silva = one(
        "#OTU ID\tA\ttaxonomy\nabcdefabcdefabcdefabcdefabcdef01\t9\td__Bacteria; p__Bacillota; c__Clostridia; o__Lachnospirales; f__Lachnospiraceae; g__[Eubacterium]_hallii_group; s__uncultured_bacterium\nabcdefabcdefabcdefabcdefabcdef02\t1\tUnassigned\n",
    );
    assert_eq!((silva.method, silva.unit), (Method::Amplicon16s, Unit::Asv));
    near(silva.guild(Guild::Ana), 1.0);
    near(silva.left_out.unclassified, 0.1);
}

#[test]
fn a_users_names_and_taxa_are_used() {
    use gutskin_people::profile::analyse::Analyser;
    use gutskin_people::profile::read::read;
    use gutskin_people::taxonomy::{NameMap, Vocabulary};
    let mut words = Vocabulary::shipped().unwrap();
    words.names = NameMap::parse(
        "m",
        "name\ttaxon\nbug one\tRoseburia hominis\nbug two\tk__Bacteria;g__Bacteroides\n",
    )
    .unwrap();
    let own = Analyser::new(words, Vec::new()).unwrap();
    let content = read(
        "x",
        Box::new(std::io::Cursor::new(
            b"taxon\tA\nbug one\t3\nbug two\t1\n".to_vec(),
        )),
        Limits::small(),
        &own.words,
    )
    .unwrap();
    let mut study = gutskin_people::profile::study::Study::default();
    study.add(content, &own).unwrap();
    assert!(study.settle(&own).is_empty());
    near(study.samples[0].guild(Guild::Ros), 0.75);
    let _ = analyser();
}

#[test]
fn infants_and_samples_after_antibiotics_are_noticed() {
    let infant = one(
        "taxon\tA\nBifidobacterium longum\t70\nVeillonella parvula\t10\nEscherichia coli\t15\nBacteroides fragilis\t5\n",
    );
    assert!(
        infant
            .warnings
            .iter()
            .any(|warning| warning.kind == WarningKind::Infant),
        "{:?}",
        infant.warnings
    );
    let treated = one(
        "taxon\tA\nEnterococcus faecium\t60\nKlebsiella pneumoniae\t30\nBacteroides fragilis\t10\n",
    );
    assert!(
        treated
            .warnings
            .iter()
            .any(|warning| warning.kind == WarningKind::PostAntibiotic),
        "{:?}",
        treated.warnings
    );
    let adult = one(
        "taxon\tA\nFaecalibacterium prausnitzii\t20000\nBacteroides uniformis\t40000\nBlautia obeum\t20000\nBifidobacterium adolescentis\t20000\n",
    );
    assert!(adult.warnings.is_empty(), "{:?}", adult.warnings);
    let mock = one(
        "taxon\tA\nPseudomonas aeruginosa\t12\nEscherichia coli\t12\nSalmonella enterica\t12\nLactobacillus fermentum\t12\nEnterococcus faecalis\t12\nStaphylococcus aureus\t12\nListeria monocytogenes\t14\nBacillus subtilis\t14\n",
    );
    assert!(
        mock.warnings
            .iter()
            .any(|warning| warning.kind == WarningKind::Mock && warning.text.contains("Zymo")),
        "{:?}",
        mock.warnings
    );
}

fn warned(sample: &gutskin_people::profile::sample::SampleReport, kind: WarningKind) -> bool {
    sample.warnings.iter().any(|warning| warning.kind == kind)
}

/// One share alone decides neither infants nor mice: adults keep many genera that these lack.
#[test]
fn adults_with_much_of_one_taxon_are_no_infants_and_no_mice() {
    let adult = one(
        "taxon\tA\nBifidobacterium adolescentis\t55\nBacteroides uniformis\t30\nFaecalibacterium prausnitzii\t3\nBlautia obeum\t2\nRoseburia faecis\t1\nDorea longicatena\t1\nAlistipes putredinis\t4\nDialister invisus\t4\n",
    );
    assert!(!warned(&adult, WarningKind::Infant), "{:?}", adult.warnings);
    let adult = one(
        "taxon\tA\nf__Muribaculaceae\t20\ng__Bacteroides\t60\ng__Faecalibacterium\t1\ng__Blautia\t10\ng__Alistipes\t9\n",
    );
    assert!(!warned(&adult, WarningKind::Mouse), "{:?}", adult.warnings);
    let few = one(
        "taxon\tA\nf__Muribaculaceae\t200\ng__Bacteroides\t600\ng__Dialister\t2\ng__Gemmiger\t2\ng__Blautia\t100\ng__Alistipes\t96\n",
    );
    assert!(!warned(&few, WarningKind::Mouse), "{:?}", few.warnings);
    let mouse = one(
        "taxon\tA\nf__Muribaculaceae\t200\ng__Bacteroides\t600\ng__Alistipes\t100\ng__Blautia\t100\n",
    );
    assert!(warned(&mouse, WarningKind::Mouse), "{:?}", mouse.warnings);
}

/// *Gardnerella* is no Bifidobacterium of the gut, under its own name or that of the GTDB.
#[test]
fn bacterial_vaginosis_is_the_vagina_and_no_bifidobacteria() {
    for gardnerella in [
        "Gardnerella vaginalis",
        "Bifidobacterium vaginale",
        "s__Bifidobacterium swidsinskii",
    ] {
        let sample = one(&format!(
            "taxon\tA\n{gardnerella}\t30\nPrevotella copri\t45\nSneathia amnii\t5\nFannyhessea vaginae\t8\nMegasphaera elsdenii\t12\n"
        ));
        near(sample.guild(Guild::Bif), 0.0);
        let site = sample
            .warnings
            .iter()
            .find(|w| w.kind == WarningKind::NonGut);
        assert!(
            site.is_some_and(|w| w.text.contains("vaginal")),
            "{gardnerella}: {:?}",
            sample.warnings
        );
        assert!(
            !warned(&sample, WarningKind::Infant),
            "{:?}",
            sample.warnings
        );
    }
}

#[test]
fn the_standard_in_powers_of_ten_is_a_mock_community() {
    let species = one(
        "taxon\tA\nListeria monocytogenes\t89.1\nPseudomonas aeruginosa\t8.9\nBacillus subtilis\t0.89\nSaccharomyces cerevisiae\t0.89\nEscherichia coli\t0.089\nSalmonella enterica\t0.089\nLimosilactobacillus fermentum\t0.0089\nEnterococcus faecalis\t0.00089\n",
    );
    let genera = one(
        "taxon\tA\ng__Listeria\t95900\ng__Pseudomonas\t2800\ng__Bacillus\t1200\ng__Escherichia-Shigella\t69\n",
    );
    for (sample, name) in [(species, "ZymoBIOMICS"), (genera, "log distribution")] {
        let mock = sample.warnings.iter().find(|w| w.kind == WarningKind::Mock);
        assert!(
            mock.is_some_and(|w| w.text.contains(name)),
            "{:?}",
            sample.warnings
        );
    }
}

/// The case of names changes nothing but a remark.
#[test]
fn names_in_capitals_or_small_letters_are_read() {
    let usual = "taxon\tA\tB\nBacteroides dorei\t40\t10\nFaecalibacterium prausnitzii\t30\t20\nBlautia obeum\t20\t30\nEscherichia coli\t10\t40\n";
    let names = [
        "Bacteroides dorei",
        "Faecalibacterium prausnitzii",
        "Blautia obeum",
        "Escherichia coli",
    ];
    let in_case = |change: &dyn Fn(&str) -> String| {
        names.iter().fold(usual.to_owned(), |text, name| {
            text.replace(name, &change(name))
        })
    };
    let across = |text: &str| {
        let rows: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split('\t').collect())
            .collect();
        (0..3)
            .map(|at| {
                rows.iter()
                    .map(|row| row[at])
                    .collect::<Vec<_>>()
                    .join("\t")
            })
            .collect::<Vec<_>>()
            .join("\n")
    };
    let expected = of_text(usual).unwrap();
    let upper = in_case(&|name| name.to_uppercase());
    let lower = in_case(&|name| name.to_lowercase());
    let joined = in_case(&|name| name.to_lowercase().replace(' ', "_"));
    for text in [&upper, &lower, &joined, &across(&upper), &across(&lower)] {
        let study = of_text(text).unwrap();
        assert_eq!(study.samples.len(), 2, "{text}");
        for (sample, expected) in study.samples.iter().zip(&expected.samples) {
            assert_eq!(sample.guilds, expected.guilds, "{text}");
        }
        let notes = &study.files[0].notes;
        assert!(
            notes
                .iter()
                .any(|note| note.contains("in capitals or in small letters")),
            "{notes:?}"
        );
    }
    assert!(
        !expected.files[0]
            .notes
            .iter()
            .any(|note| note.contains("capitals"))
    );
}

/// A mapped name that stands nowhere does nothing, and one that stands twice does only one thing.
#[test]
fn names_that_do_nothing_are_remarked_and_contradictions_refused() {
    use gutskin_people::profile::{analyse::Analyser, read::read, study::Study};
    use gutskin_people::taxonomy::{NameMap, Vocabulary};
    let mut words = Vocabulary::shipped().unwrap();
    words.names =
        NameMap::parse("names.csv", "name,taxon\nbug1,Roseburia\nbug9,Blautia\n").unwrap();
    let analyser = Analyser::new(words, Vec::new()).unwrap();
    let table = "taxon\tA\nbug1\t60\nBacteroides\t40\n";
    let source = Box::new(std::io::Cursor::new(table.as_bytes().to_vec()));
    let content = read("x.tsv", source, Limits::small(), &analyser.words).unwrap();
    let mut study = Study::default();
    study.add(content, &analyser).unwrap();
    assert!(study.settle(&analyser).is_empty());
    let said = study.files[0].notes.join("\n");
    assert!(
        said.contains("1 of the 2 names of --names occur nowhere") && said.contains("bug9"),
        "{said}"
    );
    let twice = NameMap::parse("names.csv", "name,taxon\nbug1,Roseburia\nbug1,Blautia\n");
    let error = twice.unwrap_err().to_string();
    assert!(
        error.contains("line 3") && error.contains("a second time"),
        "{error}"
    );
}

/// Reads without a lineage are no bacteria, however the lack is spelled.
#[test]
fn reads_without_a_lineage_are_unclassified() {
    for nothing in [
        "",
        "NA",
        "nan",
        "None",
        "-",
        "?",
        "Unassigned",
        "k__",
        "root",
        "NA;NA;NA;NA",
        "unknown(100);unknown_unclassified(100);unknown_unclassified(100)",
    ] {
        let sample = one(&format!(
            "#OTU ID\tA\ttaxonomy\nOtu1\t950\tk__Bacteria;p__Bacteroidetes;g__Bacteroides\nOtu2\t1000\t{nothing}\nOtu3\t50\tk__Bacteria;p__Firmicutes;f__Lachnospiraceae;g__Blautia\n"
        ));
        near(sample.guild(Guild::Bac), 0.95);
        near(sample.left_out.unclassified, 0.5);
    }
    // a name stands in for a lineage that is not there
    let named = one("taxon\tA\ttaxonomy\nBacteroides\t30\t\nBlautia\t70\tk__Bacteria;g__Blautia\n");
    near(named.guild(Guild::Bac), 0.3);
}

#[test]
fn a_taxonomy_file_may_leave_features_without_a_name() {
    let table = b"#OTU ID\tA\nOtu1\t40\nOtu2\t60\n".to_vec();
    let taxonomy = b"Feature ID\tKingdom\tPhylum\tFamily\tGenus\nOtu1\tBacteria\tBacteroidota\tBacteroidaceae\tBacteroides\nOtu2\tNA\tNA\tNA\tNA\n".to_vec();
    let study = study_of(&[("t.tsv", table), ("x.tsv", taxonomy)], Limits::small()).unwrap();
    near(study.samples[0].guild(Guild::Bac), 1.0);
    near(study.samples[0].left_out.unclassified, 0.6);
}

#[test]
fn counts_and_families_so_named_are_not_metaphlan() {
    for text in [
        "taxon\tA\nBacteroides dorei\t1000\nBlautia obeum\t4000\nBlautia_unclassified\t50\n",
        "taxon\tA\nBacteroides\t10.5\nLachnospiraceae_unclassified\t89.5\n",
    ] {
        assert_eq!(one(text).method, Method::Unknown, "{text}");
    }
    let own = one("taxon\tA\nBacteroides_dorei\t60.25\nBlautia_unclassified\t39.75\n");
    assert_eq!(own.method, Method::Metaphlan2);
}

#[test]
fn a_sample_in_several_units_is_one_sample() {
    for header in [
        "Taxon\tCount\tRelative Abundance (%)",
        "taxon\tpercent\treads",
        "taxon\trelative_abundance\tcounts",
    ] {
        let counts_first = header.contains("Count\t");
        let row = |count: &str, share: &str| {
            if counts_first {
                format!("{count}\t{share}")
            } else {
                format!("{share}\t{count}")
            }
        };
        let text = format!(
            "{header}\nBacteroides\t{}\nBlautia\t{}\n",
            row("700", "70.0"),
            row("300", "30.0")
        );
        let sample = one(&text);
        assert_eq!(sample.total, 1000.0, "{header}");
    }
}

#[test]
fn results_of_comparisons_are_no_profiles() {
    for text in [
        "feature\tmetadata\tvalue\tcoef\tstderr\tN\tN.not.0\tpval\tqval\nBacteroides\tdiagnosis\tCD\t0.5\t0.1\t300\t200\t0.001\t0.01\nBlautia\tdiagnosis\tCD\t0.2\t0.1\t300\t100\t0.1\t0.2\n",
        "taxon\tbaseMean\tlog2FoldChange\tlfcSE\tstat\tpvalue\tpadj\nBacteroides\t700\t1.2\t0.2\t3\t0.001\t0.01\nBlautia\t300\t0.5\t0.2\t3\t0.01\t0.1\n",
    ] {
        let error = of_text(text).unwrap_err().to_string();
        assert!(error.contains("results of a comparison"), "{error}");
    }
}

#[test]
fn newborns_and_weaning_infants_are_no_mouths() {
    let newborn = one(
        "taxon\tA\ng__Escherichia\t350\ng__Klebsiella\t150\ng__Enterococcus\t100\ng__Veillonella\t150\ng__Streptococcus\t130\ng__Clostridium sensu stricto 1\t120\n",
    );
    assert!(
        warned(&newborn, WarningKind::PostAntibiotic),
        "{:?}",
        newborn.warnings
    );
    assert!(
        !warned(&newborn, WarningKind::NonGut),
        "{:?}",
        newborn.warnings
    );
    let infant = one(
        "taxon\tA\nBifidobacterium longum\t50\nRuminococcus gnavus\t14\nEscherichia coli\t10\nBacteroides fragilis\t20\nVeillonella parvula\t6\n",
    );
    assert!(
        warned(&infant, WarningKind::Infant),
        "{:?}",
        infant.warnings
    );
    let mouth = one(
        "taxon\tA\ng__Streptococcus\t500\ng__Veillonella\t200\ng__Rothia\t150\ng__Neisseria\t100\ng__Escherichia\t50\n",
    );
    assert!(warned(&mouth, WarningKind::NonGut), "{:?}", mouth.warnings);
}

/// 16S of *Salmonella* often stops at its family.
#[test]
fn the_standard_is_told_where_reads_stop_at_a_family() {
    let sample = one(
        "taxon\tA\ng__Pseudomonas\t40\ng__Escherichia-Shigella\t100\nf__Enterobacteriaceae\t110\ng__Limosilactobacillus\t180\ng__Enterococcus\t100\ng__Staphylococcus\t150\ng__Listeria\t140\ng__Bacillus\t180\n",
    );
    assert!(warned(&sample, WarningKind::Mock), "{:?}", sample.warnings);
    assert!(!warned(&sample, WarningKind::NonGut) || warned(&sample, WarningKind::Mock));
}

/// QIIME 1 writes `Other` behind `Unassigned`; some tools leave lineages of single features out.
#[test]
fn features_without_a_lineage_beside_others_are_unclassified() {
    for nothing in [
        "Unassigned;Other;Other;Other;Other;Other",
        "No blast hit;Other;Other",
        "<NA>",
        "#N/A",
        ".",
        "Not Assigned",
        "k__uncultured",
        "Unassigned (100%)",
    ] {
        let sample = one(&format!(
            "#OTU ID\tA\ttaxonomy\nOtu1\t50\tk__Bacteria;g__Bacteroides\nOtu2\t50\t{nothing}\n"
        ));
        near(sample.left_out.unclassified, 0.5);
        near(sample.guild(Guild::Bac), 1.0);
    }
    let table = b"#OTU ID\tA\nOtu1\t40\nOtu2\t60\n".to_vec();
    let taxonomy = b"Feature ID\tTaxon\nOtu1\tk__Bacteria;g__Bacteroides\n".to_vec();
    let study = study_of(&[("t.tsv", table), ("x.tsv", taxonomy)], Limits::small()).unwrap();
    near(study.samples[0].left_out.unclassified, 0.6);
    // a genus that a database calls uncultured is part of the community, and a name stands in for a lineage of nothing
    let kept = one(
        "taxon\tA\ttaxonomy\nx1\t30\td__Bacteria;f__Lachnospiraceae;g__uncultured\nRoseburia\t70\tNA\n",
    );
    near(kept.left_out.unclassified, 0.0);
    near(
        kept.guild(Guild::Ros),
        1.0 - kept.guild(Guild::Bla) - kept.mapping.unlisted - kept.mapping.no_guild,
    );
    assert!(kept.guild(Guild::Ros) >= 0.7 - 1e-9);
}

/// What decides is the numbers: two samples may be called count and share.
#[test]
fn units_are_told_by_proportion_and_names() {
    for (header, samples) in [
        ("taxon\tReads\tReads (%)", 1),
        ("taxon\tN\trel. abundance", 1),
        ("taxon\tS1_count\tS1_percent", 1),
        ("taxon\tA\tB", 2),
    ] {
        let text =
            format!("{header}\nBacteroides\t700\t70.0\nBlautia\t250\t25.0\nRoseburia\t50\t5.0\n");
        assert_eq!(of_text(&text).unwrap().samples.len(), samples, "{header}");
    }
    let two = of_text("taxon\tcount\tshare\tS3\nBacteroides\t100\t900\t5\nBlautia\t900\t100\t5\n")
        .unwrap();
    let ids: Vec<&str> = two.samples.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["count", "share", "S3"]);
}

#[test]
fn groups_with_p_values_are_no_samples() {
    for text in [
        "taxon\tlogFC\tlogCPM\tLR\tPValue\tFDR\nBacteroides\t1.5\t12\t3\t0.01\t0.02\nBlautia\t0.5\t11\t3\t0.1\t0.2\n",
        "taxon\tCD (mean %)\tHC (mean %)\tP value\tAdjusted P\nBacteroides\t30\t20\t0.01\t0.02\nBlautia\t5\t6\t0.3\t0.4\n",
        "taxon\tlogFC\tAveExpr\tt\tP.Value\tadj.P.Val\tB\nBacteroides\t1\t2\t3\t0.01\t0.02\t1\nBlautia\t2\t3\t4\t0.01\t0.02\t1\n",
    ] {
        let error = of_text(text).unwrap_err().to_string();
        assert!(error.contains("results of a comparison"), "{error}");
    }
}

/// Silence would be worse than a name too many.
#[test]
fn what_is_not_stool_is_warned_of_whatever_blooms_in_it() {
    for rows in [
        "g__Klebsiella\t4000\ng__Pseudomonas\t3000\ng__Staphylococcus\t2000\ng__Streptococcus\t1000\n",
        "g__Pseudomonas\t6000\ng__Escherichia\t4000\n",
        "g__Escherichia\t4000\ng__Staphylococcus\t3000\ng__Streptococcus\t1500\ng__Lactobacillus\t1500\n",
        "g__Escherichia\t9000\ng__Enterococcus\t1000\n",
    ] {
        let sample = one(&format!("taxon\tA\n{rows}"));
        assert!(
            warned(&sample, WarningKind::NonGut),
            "{rows}: {:?}",
            sample.warnings
        );
    }
    let infant = one(
        "taxon\tA\ng__Bifidobacterium\t4000\ng__[Ruminococcus]_gnavus_group\t2500\ng__Escherichia-Shigella\t1500\ng__Bacteroides\t2000\n",
    );
    assert!(
        warned(&infant, WarningKind::Infant),
        "{:?}",
        infant.warnings
    );
    let families = one(
        "taxon\tA\nf__Pseudomonadaceae\t1200\nf__Enterobacteriaceae\t2400\nf__Lactobacillaceae\t1500\nf__Enterococcaceae\t1200\nf__Staphylococcaceae\t1300\nf__Listeriaceae\t1200\nf__Bacillaceae\t1200\n",
    );
    assert!(
        warned(&families, WarningKind::Mock),
        "{:?}",
        families.warnings
    );
}

#[test]
fn orders_so_named_are_not_metaphlan() {
    let text =
        "taxon\tA\nBacteroides_dorei\t30.5\nClostridiales_unclassified\t19.5\nBlautia_obeum\t50\n";
    assert_eq!(one(text).method, Method::Unknown);
}
