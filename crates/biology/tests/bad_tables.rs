//! Mistakes in tables of one's own: each is named with file, line and mend.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::catalogue::{CatalogueError, Tables};
use gutskin_biology::colon::{ColonOptions, network};
use gutskin_biology::parameter_table;
use gutskin_network::Spread;
use gutskin_network::overrides::Rows;

/// A mistake: the table, what stands there, what is put in its place, and what the message must say beside file and line.
struct Mistake {
    table: &'static str,
    from: &'static str,
    to: &'static str,
    says: &'static [&'static str],
}

const fn mistake(
    table: &'static str,
    from: &'static str,
    to: &'static str,
    says: &'static [&'static str],
) -> Mistake {
    Mistake {
        table,
        from,
        to,
        says,
    }
}

const MISTAKES: &[Mistake] = &[
    // A unit that is missing, or of another kind.
    mistake(
        "guilds",
        "BAC,Bacteroides generalists,Bacteroides; Phocaeicola; Parabacteroides; Alistipes,yes,5.0081,gDW/L",
        "BAC,Bacteroides generalists,Bacteroides,yes,5.0081,",
        &["\"capacity\" has no unit", "capacity_unit"],
    ),
    mistake(
        "kinetics",
        "BAC,starch,9,1/d",
        "BAC,starch,9,g",
        &["write for example 1/d"],
    ),
    mistake(
        "metabolites",
        "acetate,acetate,mmol,2,8,0,1,scfa,1,0,1/d,no,1,mmol/L",
        "acetate,acetate,mmol,2,8,0,1,scfa,1,0,1/d,no,1,",
        &["\"limiting\" has no unit", "mmol/L"],
    ),
    mistake(
        "metabolites",
        "acetate,acetate,mmol,2,8,0,1,scfa,1,0,1/d,no,1,mmol/L",
        "acetate,acetate,mmol,2,8,0,1,scfa,1,0,1/d,no,1,1/d",
        &["\"limiting_unit\" is \"1/d\"", "mmol/L"],
    ),
    mistake("kills", "BAC,1/d,0.6", "BAC,,0.6", &["has no unit", "1/d"]),
    mistake(
        "strains",
        "1e+10,CFU/d,1e10,1e10,1e10,0.0894",
        "1e+10,,1e10,1e10,1e10,0.0894",
        &["\"dose\" has no unit", "CFU/d"],
    ),
    // Names that stand nowhere.
    mistake(
        "kinetics",
        "BAC,starch,9",
        "BACC,starch,9",
        &["guild \"BACC\" is not known", "did you mean \"BAC\""],
    ),
    mistake(
        "kinetics",
        "BAC,starch,9",
        "BAC,starsh,9",
        &[
            "substrate \"starsh\" is not known",
            "did you mean \"starch\"",
        ],
    ),
    mistake(
        "kinetics",
        ",hexose_BAC,GutskinColon2026,assumed,dossier §7a,\n",
        ",hexose_BAK,GutskinColon2026,assumed,dossier §7a,\n",
        &[
            "route \"hexose_BAK\" is not known",
            "did you mean \"hexose_BAC\"",
        ],
    ),
    mistake(
        "kills",
        "BAC,1/d",
        "BACC,1/d",
        &["guild \"BACC\" is not known"],
    ),
    mistake(
        "strains",
        "Lacticaseibacillus rhamnosus,LAB",
        "Lacticaseibacillus rhamnosus,LAP",
        &["guild \"LAP\" is not known", "did you mean \"LAB\""],
    ),
    mistake(
        "guilds",
        ",bacteroidota,BAC,",
        ",bacteroidotas,BAC,",
        &[
            "column of the drug table \"bacteroidotas\"",
            "did you mean \"bacteroidota\"",
        ],
    ),
    mistake(
        "guilds",
        ",bifidobacteria,LAC,",
        ",bifidobacteria,LACC,",
        &["\"lean\" is \"LACC\"", "did you mean \"LAC\"", "write COL"],
    ),
    mistake(
        "drugs",
        ",doxycycline,1,kill,",
        ",doxycyclin,1,kill,",
        &["kill column \"doxycyclin\"", "did you mean \"doxycycline\""],
    ),
    mistake(
        "drugs",
        ",doxycycline,1,kill,",
        ",doxycycline,1,killed,",
        &["\"scores_are\" is \"killed\"", "write kill"],
    ),
    // Stoichiometry that does not close: used, idle, and through contents.
    mistake(
        "routes",
        "hexose_BAC,hexose,1.15,0.3",
        "hexose_BAC,hexose,1.15,1.3",
        &["makes 38.00 mmol electrons of 24.00", "change its products"],
    ),
    mistake(
        "routes",
        "hexose_LAB,hexose,0.2,,,0.95,0.75,,,0.17",
        "hexose_LAB,hexose,0.2,,,0.95,0.75,,1,",
        &["more carbon than it takes in", "fixes_carbon"],
    ),
    mistake(
        "routes",
        "hexose_BAC,hexose,1.15",
        "idle,hexose,9,,,,,,,,,,,,,,,,,no,me,assumed,\nhexose_BAC,hexose,1.15",
        &[
            "route \"idle\", which no row of kinetics uses",
            "change its products, or take it out",
        ],
    ),
    mistake(
        "routes",
        "hexose_BAC,hexose,1.15",
        "idle,mmol,900,,,,,,,,,,,,,,,,,no,me,assumed,\nhexose_BAC,hexose,1.15",
        &["route \"idle\"", "any metabolite"],
    ),
    mistake(
        "metabolites",
        "propionate,propionate,mmol,3,14",
        "propionate,propionate,mmol,3,41",
        &[
            "stand here for metabolite \"propionate\"",
            "route \"hexose_BAC\"",
            "or the content of \"propionate\"",
        ],
    ),
    mistake(
        "pools",
        "sugar,free sugars and polyols,yes,33.304,133.215",
        "sugar,free sugars and polyols,yes,23.304,133.215",
        &[
            "stand here for pool \"sugar\"",
            "more carbon",
            "or the content of \"sugar\"",
        ],
    ),
    mistake(
        "kinetics",
        "BAC,succinate,1.5,1/d,0.2,10,mmol/L,0.5,0.004",
        "BAC,succinate,1.5,1/d,0.2,10,mmol/L,0.5,0.4",
        &["BAC on succinate", "lower it"],
    ),
    mistake(
        "kinetics",
        "BAC,starch,9,1/d,0.2,,,,",
        "BAC,starch,9,1/d,0.2,,,0.5,",
        &["half_saturation_cv", "this row does not have"],
    ),
    mistake(
        "kinetics",
        "co-used by dossier §1.1,yes",
        "co-used by dossier §1.1,both",
        &["\"co_used\" is \"both\"", "write yes or no"],
    ),
    mistake(
        "kinetics",
        "oxygen_respiration,GutskinColon2026,assumed,dossier §7a,",
        "oxygen_respiration,GutskinColon2026,assumed,dossier §7a,yes",
        &["\"oxygen\" accepts electrons", "leave the cell empty"],
    ),
    mistake(
        "strains",
        "rest M\",read,V+M,,\n",
        "rest M\",read,V+M,0.4,\n",
        &["direct_effect_sd", "fill in both"],
    ),
    // Numbers below nothing, or beyond the whole.
    mistake(
        "kinetics",
        "BAC,starch,9",
        "BAC,starch,-9",
        &["zero or more"],
    ),
    mistake(
        "kills",
        "BAC,1/d,0.6,1",
        "BAC,1/d,0.6,-1",
        &["zero or more"],
    ),
    mistake(
        "guilds",
        "Alistipes,yes,5.0081",
        "Alistipes,yes,-5.0081",
        &["\"capacity\"", "above zero"],
    ),
    mistake(
        "pools",
        "starch,resistant starch,yes,33.304",
        "starch,resistant starch,yes,-33.304",
        &["\"carbon\"", "above zero"],
    ),
    mistake(
        "drugs",
        ",200,mg/d,50,200,84-112",
        ",0,mg/d,50,200,84-112",
        &["\"dose\"", "above zero"],
    ),
    mistake("strains", "0.0894", "1.0894", &["\"survival\""]),
    mistake(
        "foods",
        "oats_rolled_dry,\"Oats, rolled, dry\",grain,40,379,13.15",
        "oats_rolled_dry,\"Oats, rolled, dry\",grain,40,379,-13.15",
        &["\"protein_g\" is -13.15", "leave the cell empty"],
    ),
    mistake(
        "foods",
        "67.7,7.0,0.1,0.2,0.3",
        "67.7,7.0,0.1,0.2,300",
        &["\"pectin_g\" is 300", "100 g of it at most"],
    ),
    mistake(
        "foods",
        "80,0,4,Lo",
        "80,0,400,Lo",
        &["live_log10_cfu_g_high", "powers of ten"],
    ),
    mistake(
        "foods",
        "grain,40,379",
        "grain,-40,379",
        &["\"serving_g\"", "above zero"],
    ),
    mistake(
        "diets",
        "western,input.diet.starch,8",
        "western,input.diet.starch,-8",
        &["zero or more"],
    ),
    // Numbers that nothing can have.
    mistake(
        "kinetics",
        "BAC,starch,9,1/d",
        "BAC,starch,1e30,1/d",
        &[
            "\"growth\" is 1",
            "120 1/d at most",
            "write a number within",
        ],
    ),
    mistake(
        "kinetics",
        "BAC,starch,9,1/d",
        "BAC,starch,9,1/s",
        &["\"growth\" is 777600", "or another unit"],
    ),
    mistake(
        "kinetics",
        "BAC,succinate,1.5,1/d,0.2,10,mmol/L",
        "BAC,succinate,1.5,1/d,0.2,1e9,mmol/L",
        &[
            "\"half_saturation\" is 1000000000 mmol/L",
            "0.000000001 to 20000 mmol/L",
        ],
    ),
    mistake(
        "kills",
        "BAC,1/d,0.6,1,",
        "BAC,1/d,0.6,1e9,",
        &["\"amoxicillin\" is 1000000000", "1000 1/d at most"],
    ),
    mistake(
        "guilds",
        "Alistipes,yes,5.0081,gDW/L",
        "Alistipes,yes,45087,gDW/L",
        &["\"capacity\" is 45087", "1000 g/L at most"],
    ),
    // What a row cannot do without.
    mistake(
        "strains",
        "GG (ATCC 53103),Lacticaseibacillus rhamnosus",
        "GG (ATCC 53103),",
        &["strain \"lgg\" has no species", "for example"],
    ),
    mistake(
        "guilds",
        ",BAC,22,32.1",
        ",BAC,22000,32.1",
        &["\"strains\" is 22000", "1000"],
    ),
    mistake(
        "guilds",
        ",5.2,6.1,7.85,8.6",
        ",5.2,7.9,7.85,8.6",
        &["do not rise", "ph1 < ph2"],
    ),
];

/// The first fault of the tables with this text in place of one.
fn fault(table: &str, text: &str) -> CatalogueError {
    let mut tables = Tables::shipped();
    tables
        .set(table, &format!("mine/{table}.csv\n{text}"))
        .unwrap();
    let found = match table {
        "foods" => tables.foods(&parameter_table().unwrap()).map(|_| ()),
        "diets" => tables.diets().map(|_| ()),
        _ => tables.catalogue().map(|_| ()),
    };
    let Err(error) = found else {
        panic!("nothing is found wrong with {table}");
    };
    error
}

#[test]
fn every_mistake_is_named_with_file_line_and_mend() {
    for m in MISTAKES {
        let shipped = Tables::text_of(m.table).unwrap();
        let at = shipped
            .find(m.from)
            .unwrap_or_else(|| panic!("{}: no {}", m.table, m.from));
        let text = shipped.replacen(m.from, m.to, 1);
        let line = shipped[..at].matches('\n').count() + 1;
        let error = fault(m.table, &text);
        let said = format!("{} -> {}: {error}", m.from, m.to);
        assert_eq!(error.file, format!("mine/{}.csv", m.table), "{said}");
        assert_eq!(error.line, line, "{said}");
        for words in m.says {
            assert!(error.message.contains(words), "{words}? {said}");
        }
    }
}

/// What ships passes under any name.
#[test]
fn a_fault_of_the_shipped_tables_alone_is_none() {
    let mut tables = Tables::shipped();
    for name in Tables::names() {
        let text = Tables::text_of(name).unwrap();
        tables
            .set(name, &format!("mine/{name}.csv\n{text}"))
            .unwrap();
    }
    tables.catalogue().unwrap();
    tables.foods(&parameter_table().unwrap()).unwrap();
    tables.diets().unwrap();
}

/// A guild of one's own without a row of kills goes by the score of its column; its own half-saturation and yield on a pool count.
#[test]
fn a_guild_of_ones_own_is_touched_by_drugs_and_grows_by_its_own_row() {
    let mut tables = Tables::shipped();
    let mut add = |table: &str, row: &str| {
        let text = format!(
            "mine/{table}.csv\n{}{row}\n",
            Tables::text_of(table).unwrap()
        );
        tables.set(table, &text).unwrap();
    };
    let guilds = Tables::text_of("guilds").unwrap();
    let like = guilds.lines().find(|l| l.starts_with("BIF,")).unwrap();
    let own = like
        .replacen("BIF,", "OWN,", 1)
        .replace(",bifidobacteria,BIF,", ",bifidobacteria,OWN,");
    add("guilds", &own);
    add(
        "kinetics",
        "OWN,fructan,20,1/d,0.2,2,g/L,,0.2,g/g,0.3,hexose_BIF,me,assumed,,",
    );
    let options = ColonOptions {
        drugs: vec!["doxycycline_full_dose".to_owned()],
        ..ColonOptions::default()
    };
    let found = network(
        &parameter_table().unwrap(),
        &tables.catalogue().unwrap(),
        &options,
    )
    .unwrap();
    let value = |name: &str| {
        let i = found.parameter(name).unwrap_or_else(|| panic!("no {name}"));
        found.parameters[i as usize].value
    };
    let strong = parameter_table()
        .unwrap()
        .get("drugs.kill_strong")
        .unwrap()
        .value;
    assert_eq!(value("drugs.kill.doxycycline_full_dose.OWN"), strong);
    assert_eq!(value("drugs.kill.doxycycline_full_dose.BIF"), 4.0);
    assert_eq!(value("colon.half_saturation.OWN.fructan"), 2.0);
    assert_eq!(value("colon.yield.OWN.fructan"), 0.2);
    let spread = |name: &str| {
        let i = found.parameter(name).unwrap_or_else(|| panic!("no {name}"));
        found.parameters[i as usize].spread
    };
    // The pool's where the row does not say.
    assert_eq!(
        spread("colon.half_saturation.OWN.fructan"),
        spread("colon.half_saturation.fructan")
    );
    let own = Spread::LogNormal {
        sd_ln: (1.0 + 0.3_f64 * 0.3).ln().sqrt(),
    };
    assert_eq!(spread("colon.yield.OWN.fructan"), own);
    assert!(found.states.iter().any(|s| s.name == "strains.active.OWN"));
}

/// Rows that refer to another for their dose have one: 2 to 20e9 CFU/d, by its geometric mean.
#[test]
fn a_dose_that_is_the_same_as_anothers_is_a_number() {
    let catalogue = Tables::shipped().catalogue().unwrap();
    for id in ["lpc_37", "lp_115"] {
        let row = catalogue.strains.iter().find(|s| s.id == id).unwrap();
        let dose = row.dose.as_ref().unwrap().value;
        let [low, high] = row.studied.unwrap();
        assert!(
            (dose / (low * high).sqrt() - 1.0).abs() < 0.01,
            "{id}: {dose}"
        );
    }
}
