//! Arbitrary scenarios and arbitrary cells of the tables: no panic, and every refusal says what is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_biology::catalogue::Tables;
use gutskin_biology::parameter_table;
use gutskin_network::overrides::Rows;
use gutskin_study::scenario;

const EXAMPLE: &str = include_str!("../../../examples/acne-fibre.toml");

#[test]
fn read_scenario() {
    const WORDS: [&str; 40] = [
        "[scenario]\n",
        "[population]\n",
        "[[population.include]]\n",
        "[[population.correlation]]\n",
        "[[arm]]\n",
        "[[arm.change]]\n",
        "[endpoint]\n",
        "[parameters]\n",
        "[inputs]\n",
        "[catalogue]\n",
        "name = ",
        "input = ",
        "value = ",
        "start = ",
        "stop = ",
        "size = ",
        "observable = ",
        "measure = ",
        "\"acne.inflammatory\"",
        "\"diet.fibre\"",
        "\"60 g/d\"",
        "\"-1 d\"",
        "\"1e400 wk\"",
        "0",
        "-9",
        "\n",
        "[design]\n",
        "[[secondary]]\n",
        "[[subgroup]]\n",
        "kind = ",
        "\"crossover\"",
        "\"factorial\"",
        "factors = [\"a\"]\n",
        "run_in = ",
        "washout = ",
        "adherence = { mean = 0.8, sd = 0.1 }\n",
        "drop_out = { share = 0.1 }\n",
        "rescue = { input = \"diet.fibre\", value = \"60 g/d\", above = 9, estimand = \"composite\" }\n",
        "response = { reach = 3 }\n",
        "trait = ",
    ];
    let table = parameter_table().unwrap();
    bolero::check!().for_each(|bytes: &[u8]| {
        let made: String = bytes
            .iter()
            .map(|b| WORDS[usize::from(*b) % WORDS.len()])
            .collect();
        // A line of the example replaced, so that most of the file is right.
        let line = bytes.first().map_or(0, |b| usize::from(*b)) % EXAMPLE.lines().count();
        let mut lines: Vec<&str> = EXAMPLE.lines().collect();
        lines[line] = &made;
        for text in [
            String::from_utf8_lossy(bytes).into_owned(),
            format!("{EXAMPLE}\n{made}"),
            lines.join("\n"),
        ] {
            if let Err(error) = scenario::read("trial.toml", &text, &table) {
                assert!(!error.message.is_empty());
            }
        }
    });
}

#[test]
fn change_tables() {
    const CELLS: [&str; 12] = [
        "guilds.BAC.capacity",
        "guilds.BAC.capacity_unit",
        "guilds.BAC.guild",
        "guilds.BAC.ph1",
        "pools.starch.carbon",
        "kinetics.BAC.starch.growth",
        "kinetics.BAC.starch.route",
        "routes.hexose_BAC.acetate",
        "drugs.doxycycline_full_dose.half_life",
        "kills.BAC.doxycycline",
        "strains.lgg.survival",
        "metabolites.acetate.mark",
    ];
    bolero::check!().for_each(|bytes: &[u8]| {
        let Some((&first, value)) = bytes.split_first() else {
            return;
        };
        let value = String::from_utf8_lossy(value).replace(['\n', '\r'], " ");
        let mut tables = Tables::shipped();
        let _ = tables.set(&value, "1");
        for path in [
            CELLS[usize::from(first) % CELLS.len()],
            "kinetics.BAC.fructan.note",
        ] {
            tables.set(path, &value).unwrap();
            if let Err(error) = tables.catalogue() {
                assert!(error.line >= 1 && !error.message.is_empty());
            }
        }
    });
}

#[test]
fn read_vary() {
    use gutskin_study::sweep::Vary;
    bolero::check!().for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        for text in [
            text.clone().into_owned(),
            format!("size={text}"),
            format!("a=0..{text}"),
        ] {
            match Vary::parse(&text) {
                Ok(vary) => assert!((1..=200).contains(&vary.values.len())),
                Err(message) => assert!(message.contains("expected")),
            }
        }
    });
}
