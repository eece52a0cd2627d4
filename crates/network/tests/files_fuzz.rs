//! Arbitrary parameter files, files of overrides and `--set` arguments: no panic, and every refusal says where and what.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_network::ParameterTable;
use gutskin_network::overrides::{NoRows, Override, OverrideError, apply_to_table, read_toml};

const TABLE: &str = r#"
source = { key = "S", citation = "Made up." }
[[parameter]]
name = "a.p"
value = 2.0
unit = "1/h"
spread = { kind = "lognormal", sd_ln = 0.3 }
mark = "read"
"#;

fn pieces<const N: usize>(words: [&str; N], bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|b| words[usize::from(*b) % N])
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn read_parameters() {
    const WORDS: [&str; 24] = [
        "source = { key = \"S\", citation = \"C\" }\n",
        "[[parameter]]\n",
        "name = ",
        "value = ",
        "unit = ",
        "spread = ",
        "mark = ",
        "note = ",
        "\"a.p\"",
        "\"1/h\"",
        "\"read\"",
        "\"x\"",
        "{ kind = \"normal\", sd = ",
        "{ kind = \"uniform\", low = 0, high = ",
        "{ cv = ",
        " }",
        "\n",
        "1",
        "-1",
        "inf",
        "nan",
        "1e308",
        "[1, 2]",
        "#",
    ];
    bolero::check!().for_each(|bytes: &[u8]| {
        for text in [
            String::from_utf8_lossy(bytes).into_owned(),
            pieces(WORDS, bytes),
            format!("{TABLE}{}", pieces(WORDS, bytes)),
        ] {
            let mut table = ParameterTable::new();
            match table.read_toml("p.toml", &text) {
                Ok(()) => assert!(table.iter().all(|e| e.spread.check(e.value).is_ok())),
                Err(error) => assert!(error.to_string().contains("p.toml"), "{error}"),
            }
        }
    });
}

#[test]
fn read_overrides() {
    const WORDS: [&str; 24] = [
        "[parameters]\n",
        "[priors]\n",
        "[switches]\n",
        "[inputs]\n",
        "[catalogue]\n",
        "a.p",
        "a.q",
        "a.p.spread",
        "catalogue.t.r.c",
        " = ",
        "\n",
        "\"",
        "1",
        "-1",
        "inf",
        "nan",
        "0x1f",
        "off",
        "true",
        " 1/h",
        "{ kind = \"normal\", sd = ",
        "lognormal(sd_ln=",
        ")",
        " }",
    ];
    bolero::check!().for_each(|bytes: &[u8]| {
        for text in [
            String::from_utf8_lossy(bytes).into_owned(),
            pieces(WORDS, bytes),
        ] {
            let list = read_toml("o.toml", &text);
            if let Err(error) = &list {
                let where_ = error.origin.strip_prefix("o.toml:").expect("the file");
                assert!(where_.starts_with(|c: char| c.is_ascii_digit()), "{error}");
            }
            apply(list);
            apply(Override::parse(&text).map(|change| vec![change]));
        }
    });
}

/// What is accepted leaves only values that fit their spreads.
fn apply(list: Result<Vec<Override>, OverrideError>) {
    let Ok(list) = list else { return };
    let mut table = ParameterTable::new();
    table.read_toml("p.toml", TABLE).unwrap();
    match apply_to_table(&list, &mut table, &mut NoRows) {
        Ok(_) => assert!(table.iter().all(|e| e.spread.check(e.value).is_ok())),
        Err(error) => assert!(!error.origin.is_empty() && !error.message.is_empty()),
    }
}
