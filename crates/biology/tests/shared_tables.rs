//! The catalogue beside the tables that it was made from: every row is there, and every cell says the same. Where these tables are
//! absent the test says so and skips.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::catalogue::{Tables, entries};
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let cells = header.iter().zip(record.iter());
            cells.map(|(c, v)| (c.to_owned(), v.to_owned())).collect()
        })
        .collect()
}

/// The same number, or the same words.
fn same(a: &str, b: &str) -> bool {
    let number = |text: &str| text.trim_start_matches('+').parse::<f64>().ok();
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// Compares a table with the one it was made from: its key, columns under another name, cells that may differ.
fn compare(
    shared: &str,
    own: &str,
    key: &str,
    renamed: &[(&str, &str)],
    may_differ: &dyn Fn(&Row, &str, &str) -> bool,
) {
    let Some(theirs) = gutskin_testing::shared_text(shared) else {
        return;
    };
    let ours = rows(own);
    let mut before: Option<Row> = None;
    let mut compared = 0;
    for mut row in rows(&theirs) {
        let found = ours.iter().find(|r| r[key] == row[key]);
        let Some(found) = found else {
            panic!("{shared}: \"{}\" is not in the catalogue", row[key]);
        };
        for (column, cell) in row.clone() {
            // "same" stands for the cell above.
            if cell == "same" {
                row.insert(column.clone(), before.as_ref().unwrap()[&column].clone());
            }
            let name = renamed
                .iter()
                .find(|r| r.0 == column)
                .map_or(column.as_str(), |r| r.1);
            let Some(here) = found.get(name) else {
                assert!(
                    may_differ(&row, &column, ""),
                    "{shared}: no column for {column}"
                );
                continue;
            };
            let cell = &row[&column];
            assert!(
                same(cell, here) || here == "same" || may_differ(&row, &column, here),
                "{shared}, {}, {column}: \"{cell}\" there, \"{here}\" here",
                row[key]
            );
            compared += 1;
        }
        before = Some(row);
    }
    assert!(compared > 500, "{shared}: {compared}");
}

#[test]
fn foods_are_all_there() {
    let renamed = [
        (
            "mark_macros(USDA SR via mariobonifacio/NutrientDensity@bb596f9 ABBREV.csv)",
            "mark_macros",
        ),
        ("mark_fibre_types_gi_polyphenols_cfu", "mark_fibre"),
    ];
    let own = Tables::text_of("foods").unwrap();
    compare("tables/foods.csv", own, "food", &renamed, &|_, _, _| false);
}

#[test]
fn drugs_are_all_there() {
    let renamed = [
        ("typical_dose", "dose_text"),
        ("host_or_barrier_effects", "host_effects"),
        ("mark", "evidence"),
        ("effective_luminal_halflife_h", "half_life"),
    ];
    let differs = |row: &Row, column: &str, here: &str| match column {
        // A range is its middle, nothing known an assumption; what stands in brackets is a remark.
        "effective_luminal_halflife_h" => {
            let text = row[column].split('(').next().unwrap().trim();
            let range: Vec<f64> = text
                .split('-')
                .filter_map(|n| n.trim().parse().ok())
                .collect();
            let here: f64 = here.parse().unwrap();
            match range.as_slice() {
                [] => here > 0.0,
                [only] => here == *only,
                [low, high] => here == (low + high) / 2.0,
                _ => false,
            }
        }
        "source" if row[column] == "-" => here == "not stated",
        // What was read of the laxative beside.
        "source" | "key_facts" if row["class"] == "laxative" => {
            row[column] == "-" || here.starts_with(&row[column])
        }
        _ => false,
    };
    let own = Tables::text_of("drugs").unwrap();
    compare("tables/drugs.csv", own, "agent", &renamed, &differs);
}

#[test]
fn strains_are_all_there() {
    let renamed = [
        ("product_or_use", "product"),
        ("dose_cfu_per_day", "dose_text"),
        ("gi_survival_fraction", "survival_text"),
        ("persistence_days_after_stop", "persistence_text"),
        ("proposed_effects", "effects"),
        ("conditions_trials", "trials"),
        ("trial_result", "result"),
        ("mark", "evidence"),
    ];
    let differs = |_: &Row, column: &str, here: &str| {
        // A dose that repeats the row above keeps its remark.
        column == "dose_cfu_per_day" && here.starts_with("same")
    };
    let own = Tables::text_of("strains").unwrap();
    compare("tables/strains.csv", own, "strain", &renamed, &differs);
}

#[test]
fn taxa_are_all_there() {
    let own = std::fs::read_to_string(gutskin_testing::project_root().join("catalogue/taxa.csv"));
    let differs = |row: &Row, column: &str, _: &str| {
        // The family's guild would make stool of the vagina; catalogue/taxa.md says so.
        row["taxon"] == "Gardnerella" && ["model_guild", "guild_note"].contains(&column)
    };
    compare(
        "tables/taxon_guilds.csv",
        &own.unwrap(),
        "taxon",
        &[],
        &differs,
    );
}

/// What is eaten, taken and given beside the tables.
#[test]
fn patterns_prebiotics_and_the_rest_are_all_there() {
    let all = entries().unwrap();
    for (kind, names) in [
        (
            "diet",
            "western mediterranean high_fibre low_glycaemic ultra_processed animal_based plant_based elimination weight_loss",
        ),
        (
            "prebiotic",
            "inulin fos gos_5g xos_4g lactulose resistant_starch_2 resistant_starch_3 resistant_starch_4 psyllium beta_glucan_3g pectin_10g hmo_2fl",
        ),
        (
            "exposure",
            "stool_own stool_donor postbiotic_butyrate postbiotic_propionate postbiotic_acetate postbiotic_scfa emulsifier ppi nsaid_indomethacin",
        ),
        (
            "drug",
            "metformin omeprazole_ppi nsaid_indomethacin_naproxen",
        ),
        ("synbiotic", "lgg_inulin bb12_inulin"),
        ("food", "kefir_milk"),
    ] {
        for name in names.split(' ') {
            assert!(
                all.iter().any(|e| e.kind == kind && e.id == name),
                "no {kind} \"{name}\""
            );
        }
    }
}
