//! Overrides of parameters, spreads, switches, inputs and table rows, and what is said of wrong ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::sample::sample;
use gutskin_network::overrides::{NoRows, Override, apply_to_network, apply_to_table, read_toml};
use gutskin_network::{Mark, ParameterTable, Spread};

fn table() -> ParameterTable {
    let mut table = ParameterTable::new();
    table
        .read_toml(
            "p.toml",
            r#"
            source = { key = "Sample", citation = "Made up." }
            [[parameter]]
            name = "gut.loss"
            value = 0.02
            unit = "1/h"
            spread = { kind = "uniform", low = 0.01, high = 0.03 }
            mark = "read"
            "#,
        )
        .unwrap();
    table
}

fn list(texts: &[&str]) -> Vec<Override> {
    texts.iter().map(|t| Override::parse(t).unwrap()).collect()
}

#[test]
fn a_value_alone_ends_an_even_spread() {
    let of = |changes: &[&str]| {
        let mut table = table();
        apply_to_table(&list(changes), &mut table, &mut NoRows).map(|_| {
            let entry = table.get("gut.loss").unwrap();
            (entry.value, entry.spread)
        })
    };
    assert_eq!(of(&["gut.loss = 0.02 1/h"]).unwrap(), (0.02, Spread::Fixed));
    let spread = "gut.loss.spread = uniform(low=0.01 1/h, high=0.05 1/h)";
    let even = Spread::Uniform {
        low: 0.01,
        high: 0.05,
    };
    assert_eq!(of(&["gut.loss = 0.04 1/h", spread]).unwrap(), (0.04, even));
    let outside = of(&["gut.loss = 0.04 1/h"]).unwrap_err().to_string();
    assert!(outside.contains("gut.loss.spread"), "{outside}");
}

#[test]
fn parameters_and_rows_before_a_model_is_built() {
    let mut table = table();
    let mut rows = Vec::new();
    let changes = list(&[
        "gut.loss = 4.8 1/d",
        "gut.loss.spread=normal(sd=0.24 1/d)",
        "catalogue.foods.oats.fructans_g=3",
        "link.x=off",
    ]);
    let mut set = |path: &str, value: &str| {
        rows.push((path.to_owned(), value.to_owned()));
        Ok(())
    };
    let rest = apply_to_table(&changes, &mut table, &mut set).unwrap();
    assert_eq!(rest, list(&["link.x=off"]));
    assert_eq!(rows, [("foods.oats.fructans_g".to_owned(), "3".to_owned())]);
    let entry = table.get("gut.loss").unwrap();
    assert!((entry.value - 0.2).abs() < 1e-15);
    assert_eq!(entry.spread, Spread::Normal { sd: 0.01 });
    assert_eq!(
        (entry.mark, entry.source.as_str()),
        (Mark::Assumed, "override")
    );
    assert!(table.citations().contains_key("override"));
}

#[test]
fn everything_of_a_finished_network() {
    let (mut network, _) = sample();
    let changes = list(&[
        "gut.loss=0.5",
        "gut.gain.spread=fixed",
        "input.feed=48 mmol/d",
        "switch.uptake=off",
        "link.gut_to_blood=0",
        "gut.loss=0.1 1/h",
    ]);
    apply_to_network(&changes, &mut network).unwrap();
    let value = |name: &str| network.parameters[network.parameter(name).unwrap() as usize].value;
    assert!(
        (value("gut.loss") - 2.4).abs() < 1e-12,
        "the later one wins"
    );
    assert_eq!(network.inputs[0].default, 48.0);
    assert!(network.switches.iter().all(|s| !s.default));
}

#[test]
fn files_say_the_same() {
    let text = r#"
        [parameters]
        gut.loss = "0.1 1/h"
        "gut.half" = 3
        [priors]
        gut.gain = { kind = "uniform", low = 0.05, high = 0.2 }
        gut.half = "lognormal(cv=0.5)"
        [switches]
        "switch.uptake" = false
        [inputs]
        input.feed = 0.5
        [catalogue]
        foods.oats.fructans_g = 3
    "#;
    let mut names: Vec<String> = read_toml("o.toml", text)
        .unwrap()
        .into_iter()
        .map(|o| format!("{}={}", o.name, o.value))
        .collect();
    names.sort();
    insta::assert_snapshot!(names.join("\n"));
    let (mut network, _) = sample();
    let mut changes = read_toml("o.toml", text).unwrap();
    changes.retain(|c| !c.name.starts_with("catalogue."));
    apply_to_network(&changes, &mut network).unwrap();
}

#[test]
fn spreads_are_shown_as_they_are_set() {
    for (written, shown) in [
        ("fixed", "fixed"),
        ("normal(sd=0.01 1/h)", "normal(sd=0.01)"),
        ("lognormal(sd_ln=0.3)", "lognormal(sd_ln=0.3)"),
        (
            "uniform(low=0.01 1/h, high=0.03 1/h)",
            "uniform(low=0.01, high=0.03)",
        ),
        (
            "log_uniform(low=0.001 1/h, high=1 1/h)",
            "log_uniform(low=0.001, high=1)",
        ),
        (
            "truncated_normal(sd=0.5 1/h, low=0, high=1 1/h)",
            "truncated_normal(sd=0.5, low=0, high=1)",
        ),
    ] {
        let mut table = table();
        let change = list(&[&format!("gut.loss.spread={written}")]);
        apply_to_table(&change, &mut table, &mut NoRows).unwrap();
        assert_eq!(table.get("gut.loss").unwrap().spread.to_string(), shown);
    }
}

#[test]
fn mistakes_say_what_to_do() {
    let wrong = [
        "gut.lost=1",
        "gut.loss=3 mmol",
        "gut.loss=fast",
        "gut.loss=inf",
        "gut.loss=-1",
        "gut.loss.spread=lognormal(sd=0.3)",
        "gut.loss.spread=lognormall(sd_ln=0.3)",
        "gut.loss.spread=normal(sd=0.3, cv=2)",
        "gut.loss.spread=normal(sd=0.3",
        "gut.gain=2",
        "switch.uptake=maybe",
        "input.feed=1 g",
        "gut.ratio=2",
        "catalogue.foods.oats=1",
    ];
    let mut said: Vec<String> = wrong
        .iter()
        .map(|text| {
            let (mut network, _) = sample();
            apply_to_network(&list(&[text]), &mut network)
                .unwrap_err()
                .to_string()
        })
        .collect();
    for text in ["no equals sign", "=3", "gut.loss="] {
        said.push(Override::parse(text).unwrap_err().to_string());
    }
    for text in [
        "[parameter]\na=1",
        "[parameters]\na=[1]",
        "a = ",
        "parameters=3",
    ] {
        said.push(read_toml("o.toml", text).unwrap_err().to_string());
    }
    let row = list(&["catalogue.foods.oats=1"]);
    let error = apply_to_table(&row, &mut table(), &mut NoRows).unwrap_err();
    said.push(error.to_string());
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_number_without_its_unit_is_refused_where_a_model_may_show_another() {
    let of = |change: &str| {
        let mut table = table();
        apply_to_table(&list(&[change]), &mut table, &mut NoRows).map(|_| ())
    };
    for bare in [
        "gut.loss=0.02",
        "gut.loss.spread=uniform(low=0.01, high=0.03 1/h)",
        "gut.loss.spread=normal(sd=0.01)",
    ] {
        let told = of(bare).unwrap_err().to_string();
        assert!(told.contains("without a unit"), "{told}");
        assert!(told.contains("1/h\""), "{told}");
    }
    of("gut.loss.spread=lognormal(sd_ln=0.3)").unwrap();
}

#[test]
fn a_name_twice_in_a_section_is_told() {
    let text = "[parameters]\n\"gut.loss\" = \"1 1/h\"\ngut.loss = \"2 1/h\"\n";
    let told = read_toml("o.toml", text).unwrap_err().to_string();
    assert!(told.contains("twice"), "{told}");
    assert!(told.starts_with("o.toml:"), "{told}");
}
