//! Damaged and hostile files: an error that says where, bounded memory, no panic.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{golden, gzip, of_text, study_of};
use gutskin_people::profile::read::Limits;
use proptest::prelude::*;

fn message(text: &str) -> String {
    match of_text(text) {
        Ok(_) => panic!("read without an error: {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn errors_say_where_and_what() {
    for (text, parts) in [
        ("", vec!["empty"]),
        (
            "taxon\tA\nRoseburia\tNaN\n",
            vec!["line 2", "NaN", "zero or larger"],
        ),
        ("taxon\tA\nRoseburia\t-3\n", vec!["line 2", "-3"]),
        ("taxon\tA\nRoseburia\tinf\n", vec!["line 2", "inf"]),
        (
            "taxon\tA\tB\nRoseburia\t1\t2\nBacteroides\t1\n",
            vec!["line 3", "2 fields", "3"],
        ),
        (
            "taxon\tA\tA\nRoseburia\t1\t2\nBacteroides\t1\t2\n",
            vec!["`A` twice", "Rename"],
        ),
        (
            "taxon\tA\nRoseburia\t0\nBacteroides\t0\n",
            vec!["zeros only"],
        ),
        (
            "taxon\tbutyrate\tpropionate\nRoseburia\t1\t0\nFaecalibacterium\t1\t0\nBlautia\t0\t0\n\
             Bacteroides\t0\t1\nPrevotella\t0\t1\nAnaerostipes\t1\t0\nCoprococcus\t1\t1\n\
             Eubacterium\t1\t0\nAgathobacter\t1\t0\nButyricicoccus\t1\t0\nOdoribacter\t1\t1\n\
             Subdoligranulum\t1\t0\nAnaerobutyricum\t1\t1\n",
            vec!["every value is 0 or 1", "how much"],
        ),
        (
            "taxon\tA\nUNKNOWN\t100\nBacteroides\t0\n",
            vec!["unclassified"],
        ),
        ("{\"rows\":[", vec!["line 1", "BIOM"]),
        ("{\"a\":1}", vec!["no BIOM table"]),
        (">seq\nACGT\n", vec!["FASTA"]),
        ("@r\nACGT\n+\nIIII\n", vec!["FASTQ"]),
        ("<html></html>", vec!["web page"]),
    ] {
        let found = message(text);
        for part in parts {
            assert!(found.contains(part), "`{text}` gives: {found}");
        }
    }
}

#[test]
fn bytes_that_are_not_text() {
    let error = study_of(
        &[("x", b"taxon\tA\nRoseburia\t1\nBl\xe4ubia\t2\n".to_vec())],
        Limits::small(),
    )
    .unwrap_err()
    .to_string();
    assert!(
        error.contains("line 3") && error.contains("0xe4") && error.contains("iconv"),
        "{error}"
    );
    for (bytes, seems) in [
        (&b"BZh91AY"[..], "bzip2"),
        (b"\xff\xfea\0", "UTF-16"),
        (b"PAR1....", "Parquet"),
        (b"\0\x01\x02", "binary"),
    ] {
        let error = study_of(&[("x", bytes.to_vec())], Limits::small())
            .unwrap_err()
            .to_string();
        assert!(error.contains(seems), "{error}");
    }
}

#[test]
fn bombs_end_at_the_limit() {
    let zeros = vec![b'0'; 64 << 20];
    let lines = format!("taxon\tA\n{}", "Roseburia\t1\n".repeat(1 << 20));
    let error = study_of(&[("bomb.gz", gzip(lines.as_bytes()))], Limits::small())
        .unwrap_err()
        .to_string();
    assert!(error.contains("limit"), "{error}");
    let twice = gzip(&gzip(&gzip(&gzip(b"taxon\tA\nRoseburia\t1\n"))));
    assert!(
        study_of(&[("x", twice)], Limits::small())
            .unwrap_err()
            .to_string()
            .contains("compressed")
    );
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    use std::io::Write;
    archive.start_file("u/metadata.yaml", options).unwrap();
    archive
        .write_all(b"uuid: u\ntype: FeatureTable[Frequency]\nformat: BIOMV210DirFmt\n")
        .unwrap();
    archive
        .start_file("u/data/feature-table.biom", options)
        .unwrap();
    archive.write_all(&zeros).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    let error = study_of(&[("bomb.qza", bytes)], Limits::small())
        .unwrap_err()
        .to_string();
    assert!(error.contains("once unpacked"), "{error}");
    let wide = format!("taxon\tA\nRoseburia\t{}", "1".repeat(3 << 20));
    assert!(
        study_of(&[("x", wide.into_bytes())], Limits::small())
            .unwrap_err()
            .to_string()
            .contains("limit")
    );
}

/// Text that no table could have been packed from so densely, and JSON of more rows than any table has.
#[test]
fn bombs_are_refused_by_what_they_unpack_to() {
    let blank = format!("taxon\tA\nRoseburia\t1\n{}", "\n".repeat(2 << 20));
    let error = study_of(&[("bomb.gz", gzip(blank.as_bytes()))], Limits::small())
        .unwrap_err()
        .to_string();
    for part in ["200 times its own size", "limit of 1 MiB", "--unpack"] {
        assert!(error.contains(part), "{error}");
    }
    assert!(study_of(&[("plain", blank.into_bytes())], Limits::small()).is_ok());
    let rows = format!("{{\"rows\":[{}", "{},".repeat(60_000));
    let error = study_of(&[("x.biom", rows.into_bytes())], Limits::small())
        .unwrap_err()
        .to_string();
    assert!(error.contains("more than 50000 rows"), "{error}");
}

#[test]
fn too_many_cells_and_samples_end_at_the_limit() {
    let mut limits = Limits::small();
    limits.cells = 10;
    let row = (0..20).map(|_| "1").collect::<Vec<_>>().join("\t");
    let header = (0..20)
        .map(|at| format!("S{at}"))
        .collect::<Vec<_>>()
        .join("\t");
    let text = format!("taxon\t{header}\nRoseburia\t{row}\nBacteroides\t{row}\n");
    assert!(
        study_of(&[("x", text.clone().into_bytes())], limits)
            .unwrap_err()
            .to_string()
            .contains("cells")
    );
    limits = Limits::small();
    limits.samples = 5;
    assert!(
        study_of(&[("x", text.into_bytes())], limits)
            .unwrap_err()
            .to_string()
            .contains("samples")
    );
}

/// The message offers nothing that no option does.
#[test]
fn a_limit_is_not_said_to_be_raised() {
    let mut limits = Limits::small();
    limits.samples = 1;
    let error = study_of(&[("x", b"taxon\tA\tB\nRoseburia\t1\t1\n".to_vec())], limits)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("Split the table") && !error.contains("raise"),
        "{error}"
    );
}

/// A shape that the data contradict, however absurd, is an error and costs no memory.
#[test]
fn an_hdf5_shape_that_disagrees_with_the_data_is_an_error() {
    let bytes = golden("counts_hdf5.biom");
    let shape: Vec<u8> = [24_i64, 12].iter().flat_map(|n| n.to_le_bytes()).collect();
    let at = bytes
        .windows(shape.len())
        .position(|window| window == shape)
        .unwrap();
    for (claimed, shown) in [(1_i64 << 40, "1099511627776"), (23, "[23, 12]"), (-1, "-1")] {
        let mut damaged = bytes.clone();
        damaged[at..at + 8].copy_from_slice(&claimed.to_le_bytes());
        let error = study_of(&[("x.biom", damaged)], Limits::small())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`shape`") && error.contains(shown) && error.contains("[24, 12]"),
            "{error}"
        );
    }
}

/// Artifacts whose members are not where QIIME 2 puts them.
#[test]
fn artifacts_with_a_slip_are_refused_by_what_they_are() {
    use std::io::{Cursor, Read, Write};
    let mut whole = zip::ZipArchive::new(Cursor::new(golden("table.qza"))).unwrap();
    let mut members = Vec::new();
    for at in 0..whole.len() {
        let mut file = whole.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        members.push((file.name().unwrap().to_string(), bytes));
    }
    let repacked = |rename: &dyn Fn(&str) -> Option<String>| {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &members {
            let Some(name) = rename(name) else { continue };
            archive
                .start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    };
    let message = |bytes: Vec<u8>| {
        study_of(&[("x.qza", bytes)], Limits::small())
            .unwrap_err()
            .to_string()
    };
    let bare = |name: &str| name.split_once('/').unwrap().1.to_owned();
    for (bytes, said) in [
        (
            repacked(&|name| Some(format!("../../{name}"))),
            "points outside",
        ),
        (
            repacked(&|name| Some(format!("/etc/{name}"))),
            "points outside",
        ),
        (
            repacked(&|name| Some(format!("folder/{name}"))),
            "zipped again",
        ),
        (repacked(&|name| Some(bare(name))), "zipped again"),
        (
            repacked(&|name| (!name.ends_with(".biom")).then(|| name.to_owned())),
            "no `data/feature-table.biom`",
        ),
        (
            repacked(&|name| (!name.ends_with(".yaml")).then(|| name.to_owned())),
            "without its metadata.yaml",
        ),
    ] {
        let found = message(bytes);
        assert!(found.contains(said), "{found}");
    }
    let bytes = golden("table.qza");
    let cut = message(bytes[..bytes.len() / 2].to_vec());
    assert!(
        cut.contains("the archive") && !cut.contains("raise"),
        "{cut}"
    );
}

/// Valid files of every reader, to be damaged.
fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let mut found = vec![
        ("a.tsv", golden("counts.tsv")),
        ("a.biom", golden("counts_hdf5.biom")),
        ("b.biom", golden("counts_json.biom")),
        ("a.qza", golden("table.qza")),
        ("t.qza", golden("taxonomy.qza")),
    ];
    for (name, text) in [
        (
            "m.txt",
            "#mpa_v30_CHOCOPhlAn_201901\n#clade_name\tNCBI_tax_id\trelative_abundance\tadditional_species\nUNKNOWN\t-1\t20\t\nk__Bacteria\t2\t80\t\nk__Bacteria|p__Firmicutes|g__Roseburia|s__Roseburia_hominis\t2|3\t80\tk__x,k__y\n",
        ),
        (
            "k.txt",
            " 50.00\t500\t500\tU\t0\tunclassified\n 50.00\t500\t0\tR\t1\troot\n 50.00\t500\t0\tD\t2\t  Bacteria\n 50.00\t500\t500\tS\t853\t    Faecalibacterium prausnitzii\n",
        ),
        (
            "b.tsv",
            "name\ttaxonomy_id\ttaxonomy_lvl\tkraken_assigned_reads\tadded_reads\tnew_est_reads\tfraction_total_reads\nFaecalibacterium prausnitzii\t853\tS\t70\t5\t75\t0.75000\n",
        ),
        (
            "s.shared",
            "label\tGroup\tnumOtus\tOtu1\tOtu2\n0.03\tA\t2\t5\t6\n0.03\tB\t2\t1\t0\n",
        ),
        (
            "s.cons.taxonomy",
            "OTU\tSize\tTaxonomy\nOtu1\t5\t\"Bacteria(100);Firmicutes(100);Roseburia(99);\"\n",
        ),
        (
            "l.tsv",
            "sample\ttaxon\tcount\nA\tRoseburia\t5\nA\tBacteroides\t6\n",
        ),
        ("c.csv", "sample,Roseburia,Bacteroides\nA,1,2\nB,3,4\n"),
        (
            "u.tsv",
            "%\treads\ttaxReads\tkmers\tdup\tcov\ttaxID\trank\ttaxName\n100\t5\t5\t9\t1\t0.1\t853\tspecies\tFaecalibacterium prausnitzii\n",
        ),
    ] {
        found.push((name, text.as_bytes().to_vec()));
    }
    found
}

#[test]
fn a_cut_hdf5_file_is_refused_even_where_its_parts_are_whole() {
    let whole = golden("counts_hdf5.biom");
    for cut in [whole.len() - 1, whole.len() * 9 / 10, whole.len() / 2] {
        let error = study_of(&[("a.biom", whole[..cut].to_vec())], Limits::small());
        let message = error.err().map(|error| error.to_string());
        assert!(message.is_some_and(|m| m.contains("cut short")), "{cut}");
    }
}

#[test]
fn truncated_files_end_in_an_error_or_in_less() {
    for (name, bytes) in seeds() {
        let step = (bytes.len() / 60).max(1);
        for cut in (0..bytes.len()).step_by(step) {
            let _ = study_of(&[(name, bytes[..cut].to_vec())], Limits::small());
        }
        let packed = gzip(&bytes);
        for cut in (0..packed.len()).step_by((packed.len() / 20).max(1)) {
            let _ = study_of(&[(name, packed[..cut].to_vec())], Limits::small());
        }
        let error = study_of(
            &[(name, packed[..packed.len() / 2].to_vec())],
            Limits::small(),
        )
        .err()
        .map(|error| error.to_string());
        assert!(
            error.is_some(),
            "{name}: half a gzip file is read without an error"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_never_panic(which in 0_usize..13, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut all = seeds();
        let (name, bytes) = all.swap_remove(which % all.len());
        let mut bytes = bytes;
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = study_of(&[(name, bytes)], Limits::small());
    }

    #[test]
    fn any_table_of_taxa_keeps_its_sums(values in prop::collection::vec(prop::collection::vec(0_u32..5000, 3), 2..7)) {
        let taxa = ["Roseburia", "Bacteroides", "Faecalibacterium", "Blautia", "Akkermansia", "Bifidobacterium"];
        let rows = values.len().min(taxa.len());
        let mut text = "taxon\tA\tB\tC\n".to_owned();
        for (name, row) in taxa.iter().zip(&values) {
            text.push_str(&format!("{name}\t{}\t{}\t{}\n", row[0], row[1], row[2]));
        }
        if let Ok(study) = of_text(&text) {
            for (column, sample) in study.samples.iter().enumerate() {
                let sum: u32 = values[..rows].iter().map(|row| row[column]).sum();
                prop_assert_eq!(sample.total, f64::from(sum));
                if sum > 0 {
                    let shares: f64 = sample.guilds.iter().sum::<f64>() + sample.mapping.no_guild + sample.mapping.unlisted;
                    prop_assert!((shares - 1.0).abs() < 1e-9);
                    prop_assert!(sample.diversity.shannon <= (rows as f64).ln() + 1e-12);
                }
            }
        }
    }

    #[test]
    fn any_text_is_judged_without_a_panic(text in "\\PC{0,400}") {
        let _ = of_text(&text);
        let _ = of_text(&format!("taxon\tA\n{text}"));
    }
}

/// A synthetic profile of MetaPhlAn 3 in its own order: ranks one after the other, the species last.
fn whole_metaphlan(database: &str) -> String {
    let names = ["Bacteroides", "Roseburia", "Blautia", "Alistipes", "Dorea"];
    let shares = [40.0, 30.0, 20.0, 9.0, 1.0];
    let lineage =
        |name: &str| format!("k__Bacteria|p__P{name}|c__C{name}|o__O{name}|f__F{name}|g__{name}");
    let mut text = format!(
        "#{database}\n#clade_name\tNCBI_tax_id\trelative_abundance\tadditional_species\nk__Bacteria\t2\t100.0\t\n"
    );
    for rank in ["|p__", "|c__", "|o__", "|f__", "|g__"] {
        for (name, share) in names.iter().zip(shares) {
            let whole = lineage(name);
            let end = whole.find(rank).unwrap() + rank.len();
            let clade = &whole[..whole[end..].find('|').map_or(whole.len(), |at| end + at)];
            text += &format!("{clade}\t2\t{share:.1}\t\n");
        }
    }
    // by falling share within a rank, as MetaPhlAn writes
    let mut species: Vec<(f64, String)> = Vec::new();
    for (name, share) in names.iter().zip(shares) {
        for (epithet, part) in [("prima", 0.75), ("altera", 0.25)] {
            species.push((
                share * part,
                format!("{}|s__{name}_{epithet}", lineage(name)),
            ));
        }
    }
    species.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (share, lineage) in species {
        text += &format!("{lineage}\t2\t{share:.5}\t\n");
    }
    text
}

#[test]
fn a_metaphlan_profile_that_was_cut_is_refused_with_the_clade_and_both_numbers() {
    let whole = whole_metaphlan("mpa_v30_CHOCOPhlAn_201901");
    assert!(of_text(&whole).is_ok(), "{whole}");
    let lines: Vec<&str> = whole.lines().collect();
    let first_species = lines.iter().position(|line| line.contains("|s__")).unwrap();
    for kept in first_species + 1..lines.len() - 1 {
        let found = message(&(lines[..kept].join("\n") + "\n"));
        assert!(found.contains("cut short"), "{kept} lines: {found}");
        assert!(found.contains("g__"), "{kept} lines: {found}");
    }
    let found = message(&(lines[..lines.len() - 2].join("\n") + "\n"));
    for part in ["Dorea", "0 in the rows below", "its own 1"] {
        assert!(found.contains(part), "{found}");
    }
    // one lost row that leaves its genus another may have been filtered out as well: it is said
    let study = of_text(&(lines[..lines.len() - 1].join("\n") + "\n")).unwrap();
    assert!(study.files[0].notes.join(" ").contains("ROWS ARE MISSING"));
    // a rare clade with nothing below it, far below the rounding of the large ones
    let mut rare = lines.clone();
    let rara = "k__Bacteria|p__PDorea|c__CDorea|o__ODorea|f__FDorea|g__Rara\t2\t0.002\t";
    rare.insert(first_species, rara);
    assert!(message(&(rare.join("\n") + "\n")).contains("g__Rara"));
    // a last line that lost its end
    let within = whole.trim_end();
    let within = &within[..within.len() - 3];
    assert!(message(within).contains("fields"), "{within}");
    // rows of one rank, and profiles down to genera, are whole
    let genera = lines[..first_species].join("\n");
    assert!(of_text(&genera).is_ok());
    let species: Vec<&str> = lines
        .iter()
        .copied()
        .filter(|line| line.starts_with('#') || line.contains("|s__"))
        .collect();
    assert!(of_text(&species.join("\n")).is_ok());
    // real profiles hold viral clades without rows below
    assert!(of_text(&whole.replace("|s__Dorea_altera\t2\t0.25", "|s__Dorea_altera\t2\t0.25000\t\nk__Viruses\t10\t0.4\t\nk__Viruses|p__Viruses_unclassified\t10\t0.4")).is_ok());
}

#[test]
fn a_filtered_metaphlan_profile_is_read_with_a_loud_remark_and_without_its_index() {
    let whole = whole_metaphlan("mpa_v30_CHOCOPhlAn_201901");
    let share = |line: &str| -> f64 {
        line.split('\t')
            .nth(2)
            .and_then(|text| text.parse().ok())
            .unwrap_or(100.0)
    };
    assert!(of_text(&whole).unwrap().samples[0].warnings.is_empty());
    for least in [2.0, 5.0, 10.0] {
        let kept: String = whole
            .lines()
            .filter(|line| line.starts_with('#') || share(line) >= least)
            .map(|line| format!("{line}\n"))
            .collect();
        let study = of_text(&kept).unwrap();
        let notes = study.files[0].notes.join("\n");
        assert!(
            notes.contains("ROWS ARE MISSING in 1 of 1 samples"),
            "{notes}"
        );
        let sample = &study.samples[0];
        assert!(sample.gmwi2.is_none(), "{least}");
        assert!(
            sample
                .gmwi2_note
                .as_deref()
                .unwrap()
                .contains("rows are missing")
        );
        let warned = sample
            .warnings
            .iter()
            .any(|w| w.text.contains("rows are missing"));
        assert!(warned, "{least}: {:?}", sample.warnings);
    }
}

/// Tables of many samples are sorted by the letters of the lineages, in which `|` stands behind `_`.
#[test]
fn a_merged_table_that_was_cut_is_refused_and_a_filtered_one_read() {
    let mut rows = vec![
        "k__Bacteria",
        "k__Bacteria|p__A",
        "k__Bacteria|p__A|c__A",
        "k__Bacteria|p__A|c__A|o__A",
        "k__Bacteria|p__A_x",
        "k__Bacteria|p__A_x|c__A_x",
        "k__Bacteria|p__A_x|c__A_x|o__A_x",
        "k__Bacteria|p__B",
        "k__Bacteria|p__B|c__B",
        "k__Bacteria|p__B|c__B|o__Clostridiales",
        "k__Bacteria|p__B|c__B|o__Z",
    ];
    rows.sort_unstable();
    let value = |row: &str| match row {
        "k__Bacteria" => 100.0,
        _ if row.contains("p__A_x") => 10.0,
        _ if row.contains("p__A") => 30.0,
        _ if row.ends_with("o__Z") => 20.0,
        _ if row.ends_with("o__Clostridiales") => 40.0,
        _ => 60.0,
    };
    let text = |rows: &[&str]| {
        let head = "#mpa_v30_CHOCOPhlAn_201901\nclade_name\tS1\tS2\n".to_owned();
        rows.iter().fold(head, |text, row| {
            text + &format!("{row}\t{0:.5}\t{0:.5}\n", value(row))
        })
    };
    assert!(
        !of_text(&text(&rows)).unwrap().files[0]
            .notes
            .join(" ")
            .contains("MISSING")
    );
    for kept in 5..rows.len() {
        let found = message(&text(&rows[..kept]));
        assert!(found.contains("cut short"), "{kept}: {found}");
    }
    let mut filtered = rows.clone();
    filtered.retain(|row| !row.contains("o__A"));
    let study = of_text(&text(&filtered)).unwrap();
    let notes = study.files[0].notes.join(" ");
    assert!(notes.contains("ROWS ARE MISSING in 2 of 2"), "{notes}");
    let twice = text(&rows) + "k__Bacteria\t100.00000\t100.00000\n";
    let found = message(&twice);
    assert!(
        found.contains("line 14") && found.contains("second profile"),
        "{found}"
    );
}

#[test]
fn a_second_kraken_report_in_a_file_is_an_error_that_names_its_line() {
    let one = "50.00\t50\t50\tU\t0\tunclassified\n50.00\t50\t0\tR\t1\troot\n\
               50.00\t50\t0\tD\t2\t  Bacteria\n50.00\t50\t50\tG\t841\t    Roseburia\n";
    assert!(of_text(one).is_ok());
    let without: String = one
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect();
    for (text, line) in [
        (format!("{one}{one}"), "line 5"),
        (format!("{one}{without}"), "line 5"),
        (format!("{without}{one}"), "line 4"),
        (format!("{without}{without}"), "line 4"),
    ] {
        let found = message(&text);
        assert!(
            found.contains(line) && found.contains("second report"),
            "{found}"
        );
    }
}

#[test]
fn a_table_cut_within_its_last_line_is_refused_where_anything_tells() {
    let rows = |count: usize, last: &str| {
        let mut text = "taxon\tA\tB\tC\n".to_owned();
        for at in 0..count {
            text += &format!("g__Genus{at}\t0.04{at:02}\t0.0400\t0.0400\n");
        }
        text + last
    };
    for last in [
        "Roseburia\t0.0400\t0.0400",
        "Roseburia\t0.0400\t0.0400\t0.",
        "Roseburia\t0.0400\t0.0400\t0.04",
        "Roseburia\t0.0400\t0.0400\t",
    ] {
        let found = of_text(&rows(24, last));
        let empty = last.ends_with('\t');
        assert_eq!(found.is_err(), !empty, "{last}: {found:?}");
    }
    assert!(of_text(&rows(24, "Roseburia\t0.0400\t0.0400\t0.0400\n")).is_ok());
    // shares of the last sample that do not add up, alone among the samples
    let found = message("taxon\tA\tB\tC\nRoseburia\t40\t30\t20\nBlautia\t60\t70\t8");
    assert!(found.contains("add up to 100"), "{found}");
    // counts tell nothing
    let study = of_text("taxon\tA\tB\nRoseburia\t4000\t300\nBlautia\t6000\t7").unwrap();
    let notes = study.files[0].notes.join(" ");
    assert!(notes.contains("the last line (3) does not end"), "{notes}");
}

#[test]
fn presence_and_absence_is_refused_in_any_dress() {
    for text in [
        "taxon\tA\tB\nRoseburia\t1\t0\nBlautia\t1\t1\n",
        "taxon\tA\tB\nRoseburia\t100\t0\nBlautia\t100\t100\n",
        "taxon\tA\tB\nRoseburia\t0.2\t0.166667\nBlautia\t0.2\t0.166667\nDorea\t0.2\t0.166667\n\
         Alistipes\t0.2\t0.166667\nBacteroides\t0.2\t0.166667\nPrevotella\t0\t0.166667\n",
    ] {
        let found = message(text);
        assert!(
            found.contains("presence") && found.contains("how much"),
            "{found}"
        );
    }
    assert!(of_text("taxon\tA\tB\nRoseburia\t1\t0\nBlautia\t0\t1\n").is_ok());
    assert!(of_text("taxon\tA\nRoseburia\t0.5\nBlautia\t0.5\n").is_ok());
}

#[test]
fn sample_names_steer_no_terminal() {
    let study =
        of_text("taxon\tA\u{1b}[31m\tB\u{202e}\nRoseburia\t10\t20\nBlautia\t5\t6\n").unwrap();
    assert_eq!(study.samples[0].id, "A\\u{1b}[31m");
    assert_eq!(study.samples[1].id, "B\\u{202e}");
}

#[test]
fn a_shared_file_cut_within_its_last_number_is_refused() {
    let whole = "label\tGroup\tnumOtus\tOtu1\tOtu2\t\n0.03\tA\t2\t5\t600\t\n0.03\tB\t2\t1\t1100";
    let found = message(whole);
    for part in ["line 3", "1100", "cut short"] {
        assert!(found.contains(part), "{found}");
    }
}

#[test]
fn sums_beyond_all_numbers_are_an_error() {
    let found = message("taxon\tA\tB\nRoseburia\t1e308\t3\nBacteroides\t1e308\t4\n");
    assert!(found.contains("add up to more"), "{found}");
}

#[test]
fn a_named_method_does_not_overrule_the_header() {
    use gutskin_people::profile::analyse::{Analyser, Names};
    use gutskin_people::profile::method::Method;
    use gutskin_people::profile::read::{Content, read};
    let mut analyser = Analyser::new(common::analyser().words.clone(), Vec::new()).unwrap();
    analyser.method = Some(Method::Metaphlan3);
    let text = whole_metaphlan("mpa_vJun23_CHOCOPhlAnSGB_202307");
    let source = Box::new(std::io::Cursor::new(text.into_bytes()));
    let Content::Profiles(cohort) =
        read("m.txt", source, Limits::small(), &analyser.words).unwrap()
    else {
        panic!("no profile");
    };
    let report = analyser
        .analyse(cohort, &mut Names::default(), &mut Names::default())
        .unwrap();
    assert_eq!(report.method, Method::Metaphlan4);
    assert!(report.samples[0].gmwi2.is_none());
    let notes = report.notes.join("\n");
    assert!(notes.contains("the header holds"), "{notes}");
    assert!(!notes.contains("same release"), "{notes}");
}

/// Levels of one lineage take time by their square, and names take memory without a single value.
#[test]
fn deep_lineages_and_long_names_end_at_a_limit() {
    let deep: Vec<String> = (0..5000).map(|level| format!("s__x{level}")).collect();
    for sign in ["|", ";"] {
        let text = format!("taxon\tA\nRoseburia\t1\n{}\t1\n", deep.join(sign));
        let error = study_of(&[("deep", text.into_bytes())], Limits::small())
            .unwrap_err()
            .to_string();
        for part in ["5000 levels", "at most 100"] {
            assert!(error.contains(part), "{error}");
        }
    }
    let mut text = String::from("taxon\tA\nRoseburia\t1\n");
    for row in 0..20_000 {
        text += &format!("g__Xus{row}\t0\n");
    }
    let mut limits = Limits::small();
    limits.whole_bytes = 1 << 20;
    let error = study_of(&[("rows", text.into_bytes())], limits)
        .unwrap_err()
        .to_string();
    for part in ["names of its first", "limit of 1 MiB", "--unpack"] {
        assert!(error.contains(part), "{error}");
    }
}

/// A table of many samples by some taxa, as columns, as rows or long.
fn many_samples(form: &str) -> String {
    const TAXA: [&str; 6] = [
        "Bacteroides",
        "Roseburia",
        "Faecalibacterium",
        "Blautia",
        "Escherichia",
        "Bifidobacterium",
    ];
    let value = |sample: usize, taxon: usize| (sample * 37 + taxon * 11) % 23 * (taxon + 1);
    let samples = 0..60;
    let mut text = String::new();
    match form {
        "columns" => {
            text += &format!(
                "taxon\t{}\n",
                samples
                    .clone()
                    .map(|s| format!("S{s}"))
                    .collect::<Vec<_>>()
                    .join("\t")
            );
            for (at, taxon) in TAXA.iter().enumerate() {
                let row: Vec<String> = samples.clone().map(|s| value(s, at).to_string()).collect();
                text += &format!("{taxon}\t{}\n", row.join("\t"));
            }
        }
        "rows" => {
            text += &format!("sample\t{}\n", TAXA.join("\t"));
            for s in samples {
                let row: Vec<String> = (0..TAXA.len()).map(|at| value(s, at).to_string()).collect();
                text += &format!("S{s}\t{}\n", row.join("\t"));
            }
        }
        _ => {
            text += "sample\ttaxon\tcount\n";
            for (at, taxon) in TAXA.iter().enumerate() {
                for s in samples.clone() {
                    text += &format!("S{s}\t{taxon}\t{}\n", value(s, at));
                }
            }
        }
    }
    text
}

#[test]
fn readings_that_wait_in_a_file_say_the_same() {
    for form in ["columns", "rows", "long"] {
        let said = |held: usize| {
            let limits = Limits {
                held,
                ..Limits::small()
            };
            let bytes = many_samples(form).into_bytes();
            serde_json::to_string(&study_of(&[("test.tsv", bytes)], limits).unwrap()).unwrap()
        };
        let held_whole = said(usize::MAX);
        assert!(held_whole.contains("S59"), "{form}");
        for held in [1, 7, 100] {
            assert_eq!(held_whole, said(held), "{form}, {held} held");
        }
    }
}
