//! Arbitrary texts: no panic, and whatever is read is written and read back to the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::describe::describe;
use gutskin_network::text;

#[test]
fn read_text() {
    bolero::check!().for_each(|bytes: &[u8]| {
        check(&String::from_utf8_lossy(bytes));
        check(&pieces(bytes));
        check(&model(bytes));
    });
}

fn check(input: &str) {
    match text::read(input) {
        Ok(first) => {
            let written = text::write(&first);
            let second = text::read(&written).unwrap_or_else(|e| panic!("{e}\n{written}"));
            assert_eq!(describe(&first), describe(&second), "{written}");
            assert_eq!(written, text::write(&second));
            assert_eq!(first.model_hash(), second.model_hash());
        }
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1);
            assert!(!error.found.is_empty() && !error.expected.is_empty());
        }
    }
}

/// Text made of the grammar's own words.
fn pieces(bytes: &[u8]) -> String {
    const PIECES: [&str; 64] = [
        "model",
        "m",
        "clock",
        "[d]",
        "parameter",
        "a.p",
        "=",
        "1",
        "mark",
        "assumed",
        "spread",
        "normal(sd 1)",
        "source",
        "S",
        "\"words\"",
        "input",
        "a.u",
        "switch",
        "a.on",
        "on",
        "off",
        "link",
        "from",
        "to",
        "cut_by",
        "gain",
        "grade",
        "AS",
        "let",
        "_1",
        "variable",
        "a.v",
        "a.w",
        "state",
        "a.x",
        "typical",
        "signed",
        "holds",
        "C",
        "initial",
        "rate",
        "process",
        "changes",
        "by",
        "balanced",
        "observable",
        "invariant",
        "weights",
        "citation",
        "+",
        "-",
        "*",
        "/",
        "^",
        "(",
        ")",
        ",",
        "<",
        "if(",
        "exp(",
        "time",
        "`time`",
        "inf",
        "# x\n",
    ];
    let words = bytes.iter().map(|b| PIECES[usize::from(*b) % PIECES.len()]);
    words.collect::<Vec<_>>().join(" ")
}

/// A whole model whose expressions are made of pieces.
fn model(bytes: &[u8]) -> String {
    const PIECES: [&str; 24] = [
        "a.x", "a.p", "a.v", "_1", "2", "0.5", "time", "inf", "nan", "+", "-", "*", "/", "^", "(",
        ")", "exp(", "min(", "bounded(", "if(", ",", "<", ">=", "a.on",
    ];
    let third = bytes.len() / 3;
    let (first, rest) = bytes.split_at(third);
    let (second, last) = rest.split_at(third);
    let [v, part, rate] = [first, second, last].map(|bytes| {
        let words = bytes.iter().map(|b| PIECES[usize::from(*b) % PIECES.len()]);
        words.fold("a.x".to_owned(), |all, word| all + " " + word)
    });
    format!(
        "model m parameter a.p = 2 mark read switch a.on = off variable a.v = {v} let _1 = {part}
        state a.x typical 1 initial a.p rate {rate}"
    )
}
