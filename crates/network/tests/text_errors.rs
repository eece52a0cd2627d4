//! What the reader of texts says about texts that are wrong or hostile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_network::text::{DEEPEST, LONGEST, read};

fn message(text: &str) -> String {
    read(text).expect_err(text).to_string()
}

/// The message about a rate over the state `gut.pool` and the parameter `gut.loss`.
fn about_rate(rate: &str) -> String {
    message(&format!(
        "model m\nparameter gut.loss = 2 mark assumed\nstate gut.pool typical 1 initial 1\n  rate {rate}\n"
    ))
}

#[test]
fn expressions_that_are_wrong() {
    for (rate, expected) in [
        (
            "gut.los*gut.pool",
            "line 4, column 8: found \"gut.los\"; expected a declared name; did you mean \"gut.loss\"?",
        ),
        (
            "unheard",
            "line 4, column 8: found \"unheard\"; expected a declared name; nothing is declared under \"unheard\"",
        ),
        (
            "2*sqr(gut.pool)",
            "line 4, column 10: found \"sqr\"; expected the name of a function; did you mean \"sqrt\"?",
        ),
        (
            "bounded(gut.pool)",
            "line 4, column 24: found \")\"; expected the arguments of bounded(z, bound)",
        ),
        (
            "exp()",
            "line 4, column 12: found \")\"; expected the arguments of exp(x)",
        ),
        (
            "exp(1, 2)",
            "line 4, column 13: found \",\"; expected the arguments of exp(x)",
        ),
        (
            "gut.pool^2^3",
            "line 4, column 18: found \"^\"; expected another operator or the end of the expression; put brackets: a^(b^c) or (a^b)^c",
        ),
        (
            "gut.pool +",
            "line 5, column 1: found the end of the text; expected a number, a name, a function or \"(\"",
        ),
        (
            "(gut.pool",
            "line 5, column 1: found the end of the text; expected an operator or \")\"",
        ),
        (
            "if(gut.pool, 1, 2)",
            "line 4, column 19: found \",\"; expected an operator or a comparison (<, <=, ==, >, >=); the form is if(a < b, value, other value)",
        ),
        (
            "if(gut.pool < 1, 2)",
            "line 4, column 26: found \")\"; expected an operator or \",\"; the form is if(a < b, value, other value)",
        ),
        (
            "1e999",
            "line 4, column 8: found \"1e999\"; expected a number of at most 1.7976931348623157e308; write infinity as inf",
        ),
        (
            "gut.pool × 2",
            "line 4, column 17: found the character \"×\"; expected a name, a number, an operator or a text in quotes; names in other characters stand in backquotes, comments after \"#\"",
        ),
        (
            "_3",
            "line 4, column 8: found \"_3\"; expected the name of a let; names that begin with _ are those of let",
        ),
        (
            "1 typcal 2",
            "line 4, column 10: found \"typcal\"; expected an operator, a part of state gut.pool ([unit], typical, signed, holds, initial, rate, \"text\") or the next declaration; did you mean \"typical\"?",
        ),
        (
            "1 rate 2",
            "line 4, column 10: found rate a second time; expected at most one in state gut.pool; remove one of them",
        ),
    ] {
        assert_eq!(about_rate(rate), expected);
    }
}

#[test]
fn declarations_that_are_wrong() {
    for (text, expected) in [
        (
            "",
            "line 1, column 1: found the end of the text; expected a declaration of the model; begin the text with the model's name, as in: model example clock [d]",
        ),
        (
            "stat a.x",
            "line 1, column 1: found \"stat\"; expected a declaration: model, parameter, input, switch, link, let, variable, state, process, observable, invariant, citation; did you mean \"state\"?",
        ),
        (
            "model m format 2",
            "line 1, column 16: found \"2\"; expected format 1; a newer program wrote this text; read it with that",
        ),
        (
            "model m clock [dayz]",
            "line 1, column 15: found the unit \"[dayz]\"; expected a unit; unknown unit \"dayz\" at offset 0 of \"dayz\"; did you mean \"day\"?",
        ),
        (
            "model m parameter p.k [1/d] mark read",
            "line 1, column 19: found parameter p.k without = value; expected = value",
        ),
        (
            "model m parameter p.k = 1",
            "line 1, column 19: found parameter p.k without mark; expected mark; say mark read, computed, fitted or assumed",
        ),
        (
            "model m parameter p.k = -1 mark read spread lognormal(sd_ln 1)",
            "line 1, column 45: found this spread; expected one that fits; a lognormal needs a positive value, not -1",
        ),
        (
            "model m parameter time = 1",
            "line 1, column 19: found \"time\"; expected the name of a parameter; names are letters, digits, _ and dots, starting with a letter; others, and time, if, nan and inf, stand in backquotes",
        ),
        (
            "model m\ninput a.x = 1\nswitch a.x = on",
            "line 3, column 8: found \"a.x\" a second time; expected a new name; every name stands for one thing",
        ),
        (
            "model m\nstate a.x typical 0 initial 0 rate 0",
            "line 2, column 19: found a typical size of 0; expected a number above zero",
        ),
        (
            "model m\nstate a.x typical 1 initial time rate 0",
            "line 2, column 29: found an initial value that depends on a state, an input or the time; expected parameters, switches and numbers",
        ),
        (
            "model m\nstate a.x typical 1 rate 0",
            "line 2, column 7: found state a.x without initial; expected initial",
        ),
        (
            "model m input a.u = 1 process a.p = 1 changes a.u by 2",
            "line 1, column 47: found \"a.u\", which is not a state; expected the name of a state",
        ),
        (
            "model m switch a.on = on\nlink l from a to b cut_by a.no grade AS",
            "line 2, column 27: found \"a.no\"; expected the name of a switch; did you mean \"a.on\"?",
        ),
        (
            "model m input a.u = 1 \"open",
            "line 1, column 23: found a text without end; expected a text that ends with \" on its line; write a line end inside as \\n",
        ),
        (
            "model m input a.u = 1 \"\\q\"",
            "line 1, column 24: found the escape \"\\\\q\"; expected one of \\n, \\t, \\r, \\\\, \\\", \\` and \\u{…}; write a backslash as \\\\",
        ),
    ] {
        assert_eq!(message(text), expected);
    }
}

#[test]
fn loops_are_printed() {
    assert_eq!(
        message("model m\nvariable b.z = 1 + b.x\nvariable b.x = b.y\nvariable b.y = 2*b.z"),
        "line 2, column 10: found an algebraic loop: b.z → b.x → b.y → b.z; expected definitions that do not need themselves; make one of them a state"
    );
    assert!(message("model m let _1 = _2 let _2 = -_2").contains("loop: _2 → _2"));
    let mut long = "model m variable v.0 = v.99999".to_owned();
    for i in 1..100_000 {
        long += &format!(" variable v.{i} = v.{}", i - 1);
    }
    assert!(message(&long).len() < 1000);
}

#[test]
fn deep_nesting_is_refused_and_nesting_within_bounds_is_read() {
    let nested = |depth: usize, open: &str, close: &str| {
        let rate = open.repeat(depth) + "1" + &close.repeat(depth);
        read(&format!(
            "model m state a.x typical 1 initial 0 rate {rate}"
        ))
    };
    for (open, close) in [
        ("(", ")"),
        ("exp(", ")"),
        ("-(", ")"),
        ("if(1 < 2, 3, ", ")"),
        ("2^(", ")"),
    ] {
        assert!(nested(DEEPEST, open, close).is_ok(), "{open}");
        for depth in [DEEPEST + 1, 100_000] {
            let error = nested(depth, open, close).unwrap_err();
            assert!(error.found.contains("more than 256 deep"), "{error}");
        }
    }
    assert!(nested(1_000_000, "-", "").is_err());
    assert!(nested(1_000_000, "(", "").is_err());
}

#[test]
fn texts_that_are_too_long_are_refused() {
    let long = " ".repeat(LONGEST + 1);
    assert_eq!(
        message(&long),
        format!(
            "line 1, column 1: found a text of {} bytes; expected at most {LONGEST}",
            LONGEST + 1
        )
    );
    let word = "a".repeat(1_000_000);
    assert!(
        message(&format!(
            "model m state a.x typical 1 initial 0 rate {word}"
        ))
        .len()
            < 400
    );
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let source = include_str!("../src/text/mod.rs");
    let example: String = source
        .lines()
        .skip_while(|l| *l != "//! ```text")
        .skip(1)
        .take_while(|l| *l != "//! ```")
        .map(|l| l.trim_start_matches("//!").to_owned() + "\n")
        .collect();
    let network = read(&example).unwrap();
    assert_eq!((network.states.len(), network.links.len()), (1, 1));
}
