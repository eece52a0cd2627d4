//! Hashes that say whether two networks are the same model, and whether they have the same parameters.

use crate::expr::number_text;
use crate::model::Network;
use crate::text::{Scope, scoped, spread_text};
use sha2::{Digest, Sha256};
use std::fmt::Write;

impl Network {
    /// SHA-256, in hexadecimal, of the structure and the equations: of the text form ([`crate::text::write`]) without
    /// the model's name, values and spreads of parameters, sources, marks, citations, texts and comments. Defaults of
    /// inputs and switches, initial and typical values of states and the order of everything count.
    pub fn model_hash(&self) -> String {
        hexadecimal(&scoped(self, Scope::EQUATIONS))
    }

    /// SHA-256, in hexadecimal, of name, value, unit and spread of every parameter, in the order of their names.
    pub fn parameter_hash(&self) -> String {
        let mut lines: Vec<String> = self
            .parameters
            .iter()
            .map(|p| {
                let unit = p.unit.as_ref().map(|u| format!(" [{u}]"));
                let (unit, value) = (unit.unwrap_or_default(), number_text(p.value));
                format!("{} = {value}{unit}{}\n", p.name, spread_text(p.spread))
            })
            .collect();
        lines.sort_unstable();
        hexadecimal(&lines.concat())
    }
}

fn hexadecimal(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .fold(String::with_capacity(64), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}
