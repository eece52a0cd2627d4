//! Arbitrary documents: no panic, and whatever is read is written and read back to the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::describe::{describe, describe_schedule};
use gutskin_network::sbml;

#[test]
fn read_sbml() {
    bolero::check!().for_each(|bytes: &[u8]| {
        check(&String::from_utf8_lossy(bytes));
        check(&generated(bytes));
        check(&mutated(bytes));
    });
}

fn check(text: &str) {
    match sbml::read(text) {
        Ok(first) => {
            let written = sbml::write(&first.network, &first.schedule);
            let second = sbml::read(&written).unwrap_or_else(|e| panic!("{e}\n{written}"));
            assert_eq!(describe(&first.network), describe(&second.network));
            assert_eq!(
                describe_schedule(&first.schedule),
                describe_schedule(&second.schedule)
            );
        }
        Err(error) => assert!(error.line >= 1 && !error.message.is_empty()),
    }
}

/// A document whose parts the bytes choose, so that the reader is reached behind the XML.
fn generated(bytes: &[u8]) -> String {
    let mut choices = Choices { bytes };
    let mut parameters = String::new();
    let mut rules = String::new();
    let mut events = String::new();
    for id in ["a", "b", "_c", "time"] {
        let constant = ["true", "false"][choices.next(2)];
        let value = ["", " value=\"1\"", " value=\"1e9\"", " value=\"INF\""][choices.next(4)];
        parameters.push_str(&format!(
            "<parameter id=\"{id}\"{value} constant=\"{constant}\"/>"
        ));
        if let Some(kind) = [None, Some("rateRule"), Some("assignmentRule")][choices.next(3)] {
            let math = choices.math(0);
            rules.push_str(&format!(
                "<{kind} variable=\"{id}\"><math xmlns=\"{MATHML}\">{math}</math></{kind}>"
            ));
        }
        if choices.next(3) == 1 {
            let (time, value) = (choices.math(5), choices.math(4));
            events.push_str(&format!(
                "<event><trigger initialValue=\"false\"><math xmlns=\"{MATHML}\"><apply><geq/>{CLOCK}{time}</apply></math></trigger>
                <listOfEventAssignments><eventAssignment variable=\"{id}\"><math xmlns=\"{MATHML}\">{value}</math></eventAssignment></listOfEventAssignments></event>"
            ));
        }
    }
    format!(
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\"><model>
        <listOfParameters>{parameters}</listOfParameters><listOfRules>{rules}</listOfRules>
        <listOfEvents>{events}</listOfEvents></model></sbml>"
    )
}

/// This crate's own document of a model with everything in it, a few of whose pieces (attributes and what stands
/// between them) are exchanged for other pieces or for odd values.
fn mutated(bytes: &[u8]) -> String {
    const ODD: [&str; 8] = ["", "nan", "-1", "1e999", "0", "a b", "observable", "&#10;"];
    const SAMPLE: &str = include_str!("__fuzz__/read_sbml/corpus/seed-01");
    let mut pieces: Vec<&str> = SAMPLE.split('"').collect();
    for edit in bytes.chunks_exact(4).take(3) {
        let place = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % pieces.len();
        let other = usize::from(u16::from_le_bytes([edit[2], edit[3]]));
        pieces[place] = match other % 2 {
            0 => ODD[other / 2 % ODD.len()],
            _ => pieces[other / 2 % pieces.len()],
        };
    }
    pieces.join("\"")
}

const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
const CLOCK: &str = "<csymbol definitionURL=\"http://www.sbml.org/sbml/symbols/time\">t</csymbol>";

struct Choices<'b> {
    bytes: &'b [u8],
}

impl Choices<'_> {
    fn next(&mut self, n: usize) -> usize {
        match self.bytes.split_first() {
            Some((first, rest)) => {
                self.bytes = rest;
                usize::from(*first) % n
            }
            None => 0,
        }
    }

    fn math(&mut self, depth: usize) -> String {
        const LEAVES: [&str; 8] = [
            "<cn>2</cn>",
            "<ci>a</ci>",
            "<ci> b </ci>",
            "<ci>_c</ci>",
            "<ci>time</ci>",
            CLOCK,
            "<cn type=\"e-notation\">1<sep/>400</cn>",
            "<cn type=\"rational\">-1<sep/>3</cn>",
        ];
        const OPERATORS: [(&str, usize); 16] = [
            ("plus", 3),
            ("times", 2),
            ("minus", 2),
            ("minus", 1),
            ("divide", 2),
            ("power", 2),
            ("exp", 1),
            ("ln", 1),
            ("root", 1),
            ("abs", 1),
            ("floor", 1),
            ("min", 2),
            ("max", 3),
            ("tanh", 1),
            ("log", 1),
            ("plus", 0),
        ];
        let leaf = depth > 4 || self.next(3) == 0;
        if leaf {
            return LEAVES[self.next(LEAVES.len())].to_owned();
        }
        if self.next(8) == 0 {
            let relation = ["lt", "geq", "eq", "neq"][self.next(4)];
            let parts: Vec<String> = (0..4).map(|_| self.math(depth + 1)).collect();
            return format!(
                "<piecewise><piece>{}<apply><{relation}/>{}{}</apply></piece><otherwise>{}</otherwise></piecewise>",
                parts[0], parts[1], parts[2], parts[3]
            );
        }
        let (operator, arity) = OPERATORS[self.next(OPERATORS.len())];
        let operands: String = (0..arity).map(|_| self.math(depth + 1)).collect();
        format!("<apply><{operator}/>{operands}</apply>")
    }
}
