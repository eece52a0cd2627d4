use super::*;

fn parse(text: &str) -> Lineage {
    Lineage::parse(text, &[], &Synonyms::shipped().unwrap())
}

fn pair(text: &str) -> (String, String) {
    let lineage = parse(text);
    (
        lineage.genus().unwrap_or_default().to_owned(),
        lineage.species().unwrap_or_default().to_owned(),
    )
}

#[test]
fn names_of_every_database_reach_one_form() {
    for (text, genus, species) in [
        (
            "d__Bacteria;p__Bacillota_A;f__Ruminococcaceae;g__Faecalibacterium;s__Faecalibacterium prausnitzii_C",
            "Faecalibacterium",
            "Faecalibacterium prausnitzii",
        ),
        ("s__CAG-170 sp003516765", "CAG-170", ""),
        ("g__Phocaeicola_A_858004", "Phocaeicola", ""),
        ("k__Bacteria; p__Firmicutes; g__; s__", "", ""),
        ("[Ruminococcus] gnavus group", "Mediterraneibacter", ""),
        (
            "d__Bacteria; p__Firmicutes; c__Clostridia; o__Lachnospirales; f__Lachnospiraceae; g__[Eubacterium]_hallii_group; s__uncultured_bacterium",
            "Anaerobutyricum",
            "",
        ),
        (
            "D_0__Bacteria;D_1__Firmicutes;D_5__Prevotella 9;D_6__uncultured bacterium",
            "Prevotella",
            "",
        ),
        ("Escherichia-Shigella", "Escherichia", ""),
        (
            "Clostridium_sensu_stricto_1",
            "Clostridium sensu stricto",
            "",
        ),
        (
            "Bacteroides vulgatus",
            "Phocaeicola",
            "Phocaeicola vulgatus",
        ),
        ("Eubacterium sp 3 1 31", "Eubacterium", ""),
        ("Parabacteroides unclassified", "Parabacteroides", ""),
        (
            "Streptococcus_anginosus_group",
            "Streptococcus",
            "Streptococcus anginosus",
        ),
        ("Segatella copri", "Prevotella", "Prevotella copri"),
        (
            "Faecalibacterium.prausnitzii",
            "Faecalibacterium",
            "Faecalibacterium prausnitzii",
        ),
        ("X.Eubacterium.", "Eubacterium", ""),
        ("Bacteroides.dorei", "Phocaeicola", "Phocaeicola dorei"),
        ("X.Eubacterium..hallii.group", "Anaerobutyricum", ""),
        ("Bacteroides.sp..CAG.20", "Bacteroides", ""),
        ("Escherichia.Shigella", "Escherichia", ""),
        (
            "k__Bacteria.p__Firmicutes.c__Clostridia.o__Clostridiales.f__Lachnospiraceae.g__Roseburia.s__Roseburia_hominis",
            "Roseburia",
            "Roseburia hominis",
        ),
        ("Ruminococcus sp. 5_1_39BFAA", "Ruminococcus", ""),
        (
            "k__Bacteria|p__Firmicutes|c__C|o__O|f__Lachnospiraceae|g__Lachnospiraceae_unclassified|s__Eubacterium_rectale",
            "Agathobacter",
            "Agathobacter rectalis",
        ),
        (
            "Bacteria;Firmicutes;Clostridia;Clostridiales;Lachnospiraceae;Roseburia;Roseburia hominis",
            "Roseburia",
            "Roseburia hominis",
        ),
    ] {
        assert_eq!(pair(text), (genus.to_owned(), species.to_owned()), "{text}");
    }
}

#[test]
fn families_are_found_where_reads_stop_there() {
    for (text, family) in [
        ("Lachnospiraceae bacterium 1 1 57FAA", "Lachnospiraceae"),
        (
            "k__Bacteria; p__Bacteroidetes; c__Bacteroidia; o__Bacteroidales; f__S24-7",
            "Muribaculaceae",
        ),
        ("Lachnospiraceae NK4A136 group", "Lachnospiraceae"),
        ("Lachnospiraceae.NK4A136.group", "Lachnospiraceae"),
        ("Bacteroidales S24-7", "Muribaculaceae"),
        ("Bacteroidales S24-7 group", "Muribaculaceae"),
        ("Bacteroidales_S24-7_group", "Muribaculaceae"),
        ("Bacteroidales S24.7 group", "Muribaculaceae"),
        ("Bacteroidales.S24.7.group", "Muribaculaceae"),
        ("S24-7", "Muribaculaceae"),
        ("unclassified Lachnospiraceae", "Lachnospiraceae"),
        ("Unclassified.Lachnospiraceae", "Lachnospiraceae"),
        ("f__S24.7", "Muribaculaceae"),
        ("f__[S24-7]", "Muribaculaceae"),
        (
            "cellular organisms;Bacteria;FCB group;Bacteroidota/Chlorobiota group;Bacteroidota;Bacteroidia;Bacteroidales;Bacteroidaceae;Bacteroides",
            "Bacteroidaceae",
        ),
    ] {
        assert_eq!(parse(text).at(Rank::Family), Some(family), "{text}");
    }
}

#[test]
fn domains_and_strains_are_told_apart() {
    assert_eq!(parse("k__Viruses|p__X").domain(), Domain::Viruses);
    assert_eq!(
        parse("k__Eukaryota|k__Fungi|p__Ascomycota").domain(),
        Domain::Fungi
    );
    assert!(parse("k__Bacteria|s__A_b|t__SGB1").is_below_species());
    assert!(!parse("k__Bacteria|s__A_b").is_below_species());
}

#[test]
fn long_ncbi_lineages_are_read_by_the_shape_of_names() {
    let lineage = parse(
        "cellular organisms;Bacteria;FCB group;Bacteroidota/Chlorobiota group;Bacteroidota;Bacteroidia;Bacteroidales;Bacteroidaceae;Bacteroides;Bacteroides fragilis",
    );
    assert_eq!(lineage.domain(), Domain::Bacteria);
    assert_eq!(lineage.at(Rank::Phylum), Some("Bacteroidota"));
    assert_eq!(lineage.species(), Some("Bacteroides fragilis"));
}

#[test]
fn any_text_is_read_without_a_panic() {
    for text in [
        "",
        ";",
        "|",
        "__",
        "g__",
        "[",
        "(100)",
        "x__y__z",
        "_A",
        "é__ü;ß",
        "D_99__x",
        "D_x__y",
        "uncultured ",
        "uncultured_é",
    ] {
        let _ = parse(text);
    }
}

#[test]
fn the_mixed_name_strings_give_what_their_authors_expect() {
    let Some(path) = gutskin_testing::shared("profiles/tables/taxonomy_strings_mixed.tsv") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let mut wrong = Vec::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (genus, species) = pair(fields[1]);
        let expected = (
            fields.get(2).copied().unwrap_or_default(),
            fields.get(3).copied().unwrap_or_default(),
        );
        if (genus.as_str(), species.as_str()) != expected {
            wrong.push(format!(
                "{}: got {genus:?}/{species:?}, expected {expected:?}",
                fields[1]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(text.lines().count(), 29);
}
