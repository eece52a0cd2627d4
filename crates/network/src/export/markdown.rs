//! Pages in Markdown, with formulas in `math` blocks as GitHub and GitLab show them.

use super::compose::compose;
use super::sheet::{Cell, Sheet, Table};
use crate::model::Network;

/// The model as a Markdown page: tables of states, parameters (value, unit, spread, source, mark), inputs and
/// switches, and the equations, grouped by module.
pub fn markdown(network: &Network) -> String {
    let mut page = Markdown::default();
    compose(network, &mut page);
    page.text
}

#[derive(Default)]
struct Markdown {
    text: String,
}

/// Words in which nothing is taken for markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '$'
            | '&' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(t) => escape(t),
        Cell::Code(t) if t.is_empty() => String::new(),
        Cell::Code(t) => format!("`{}`", t.replace(['`', '|', '\n'], " ")),
        // The back-quoted form keeps Markdown from reading the underscores. A bar would end the cell.
        Cell::Math(t) => format!("$`{}`$", t.replace('|', "\\vert ")),
    }
}

impl Markdown {
    fn row(&mut self, cells: impl Iterator<Item = String>) {
        self.text.push('|');
        for c in cells {
            self.text.push(' ');
            self.text.push_str(&c);
            self.text.push_str(" |");
        }
        self.text.push('\n');
    }
}

impl Sheet for Markdown {
    fn heading(&mut self, level: u8, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        for _ in 0..level {
            self.text.push('#');
        }
        self.text.push_str(&format!(" {}\n", escape(text)));
    }

    fn paragraph(&mut self, text: &str) {
        self.text.push_str(&format!("\n{}\n", escape(text)));
    }

    fn equation(&mut self, caption: &str, formula: &str) {
        if !caption.trim().is_empty() {
            self.paragraph(caption);
        }
        self.text.push_str(&format!("\n```math\n{formula}\n```\n"));
    }

    fn table(&mut self, table: &Table) {
        self.text.push('\n');
        self.row(table.heads.iter().map(|(h, _)| (*h).to_owned()));
        self.row(table.heads.iter().map(|_| "---".to_owned()));
        for row in &table.rows {
            self.row(row.iter().map(cell));
        }
    }
}
