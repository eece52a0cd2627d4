//! Pages and graphs of models.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::random_network::recipes;
use common::sample::sample;
use gutskin_network::export::{compartments_dot, graph_dot, graph_json, latex, markdown};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::HashSet;

#[test]
fn markdown_has_every_table_and_equation() {
    let page = markdown(&sample().0);
    for expected in [
        "# sample\n",
        "| `gut.pool` | mmol | 1 | $`\\mathrm{gut.half} \\cdot 0.5`$ | pool |",
        "| `gut.loss` | 0.48 | 1/d | lognormal, SD of ln 0.3 | Sample | assumed | loss of what is in the gut |",
        "\\frac{d\\,\\mathrm{gut.pool}}{dt} = \\mathrm{input.feed} - \\mathrm{gut.uptake}",
        "\\mathrm{gut.uptake} = \\frac{",
        "\\mathrm{gut.ratio} = \\frac{\\mathrm{gut.pool}}{\\mathrm{gut.half}}",
        "| `gut_to_blood` | gut → blood | AS | `gut.gain` | on | z follows the rough form × gain |",
        "| Sample | Made up for this file. |",
        "uptake \\[mmol/d\\]: -1 of gut.pool, 0.5 of blood.pool",
    ] {
        assert!(page.contains(expected), "{expected}\nis not in\n{page}");
    }
}

#[test]
fn latex_escapes_what_words_hold() {
    let table = gutskin_network::ParameterTable::new();
    let m = gutskin_network::Builder::new("50 % of_all {this} & more", "d", &table);
    let x = m
        .state("a.x_y", "µmol/L")
        .doc("100% $5 #1 ~x^2 \\input{secret} <α → β> \u{2603}")
        .add();
    m.rate(x, -x);
    let page = latex(&m.finish().unwrap());
    for expected in [
        "50 \\% of\\_all \\{this\\} \\& more",
        "100\\% \\$5 \\#1 \\textasciitilde{}x\\textasciicircum{}2 \\textbackslash{}input\\{secret\\}",
        "\\textless{}\\ensuremath{\\alpha} \\ensuremath{\\rightarrow} \\ensuremath{\\beta}\\textgreater{} {[}U+2603{]}",
        "\\texttt{a.\\allowbreak{}x\\_\\allowbreak{}y} & \\textmu{}mol/L",
        "\\frac{d\\,\\mathrm{a.x\\_y}}{dt} = -\\mathrm{a.x\\_y}",
    ] {
        assert!(page.contains(expected), "{expected}\nis not in\n{page}");
    }
}

#[test]
fn graph_says_what_depends_on_what() {
    let (network, _) = sample();
    let graph: Value = serde_json::from_str(&graph_json(&network)).unwrap();
    let edges: HashSet<(&str, &str)> = graph["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["from"].as_str().unwrap(), e["to"].as_str().unwrap()))
        .collect();
    assert!(edges.contains(&("gut.pool", "gut.ratio")));
    assert!(edges.contains(&("gut.ratio", "gut.ph")));
    assert!(edges.contains(&("input.feed", "gut.pool")));
    assert!(
        !edges.contains(&("gut.pool", "gut.ph")),
        "through a variable only"
    );
    assert_eq!(graph["links"][0]["gain"], "gut.gain");
    let dot = compartments_dot(&network);
    assert!(
        dot.contains("\"gut\" -> \"blood\" [style=bold, label=\"gut_to_blood (AS)\"];"),
        "{dot}"
    );
    assert!(graph_dot(&network).contains("\"input.feed\" [shape=invhouse];"));
}

/// Counts of opening and closing braces, `\left` and `\right`, `\begin` and `\end` agree.
fn balanced(tex: &str) -> Result<(), String> {
    let plain = tex
        .replace("\\\\", " ")
        .replace("\\{", " ")
        .replace("\\}", " ");
    let count = |what: &str| plain.matches(what).count();
    let rights = count("\\right") - count("\\rightarrow");
    let pairs = [
        ("braces", count("{"), count("}")),
        ("brackets", count("\\left") - count("\\leftarrow"), rights),
        ("environments", count("\\begin{"), count("\\end{")),
        ("displays", count("\\["), count("\\]")),
    ];
    match pairs.iter().find(|(_, a, b)| a != b) {
        None => Ok(()),
        Some(p) => Err(format!("{p:?}")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_model_has_sound_pages(recipe in recipes()) {
        let (network, _) = recipe.build();
        let tex = latex(&network);
        prop_assert_eq!(balanced(&tex), Ok(()), "{}", tex);
        let page = markdown(&network);
        prop_assert_eq!(page.matches("\\frac{d\\,").count(), network.states.len());
        let mut width = None;
        for line in page.lines() {
            if line.starts_with('|') {
                let cells = line.replace("\\|", " ").matches('|').count();
                prop_assert_eq!(*width.get_or_insert(cells), cells, "{}", line);
            } else {
                width = None;
            }
        }
    }

    #[test]
    fn every_graph_is_closed(recipe in recipes()) {
        let (network, _) = recipe.build();
        let graph: Value = serde_json::from_str(&graph_json(&network)).unwrap();
        let names: HashSet<&str> = graph["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n["name"].as_str().unwrap())
            .collect();
        prop_assert_eq!(
            names.len(),
            network.states.len() + network.variables.len() + network.inputs.len()
        );
        for e in graph["edges"].as_array().unwrap() {
            prop_assert!(names.contains(e["from"].as_str().unwrap()));
            prop_assert!(names.contains(e["to"].as_str().unwrap()));
        }
    }
}
