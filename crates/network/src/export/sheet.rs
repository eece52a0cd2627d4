//! What a page is made of, whatever it is written in.

/// One cell of a table.
pub(super) enum Cell {
    /// Words.
    Text(String),
    /// A name, in typewriter letters.
    Code(String),
    /// A formula.
    Math(String),
}

impl Cell {
    pub(super) fn text(t: impl Into<String>) -> Cell {
        Cell::Text(t.into())
    }

    /// A number with all its digits.
    pub(super) fn number(value: f64) -> Cell {
        let (plain, scientific) = (format!("{value}"), format!("{value:e}"));
        let short = scientific.len() + 2 < plain.len();
        Cell::Text(if short { scientific } else { plain })
    }

    pub(super) fn code(t: impl Into<String>) -> Cell {
        Cell::Code(t.into())
    }
}

/// A table: heads with their share of the width, and rows.
pub(super) struct Table {
    pub heads: Vec<(&'static str, f64)>,
    pub rows: Vec<Vec<Cell>>,
}

/// A page being written.
pub(super) trait Sheet {
    /// A heading; level 1 is the title of the page.
    fn heading(&mut self, level: u8, text: &str);
    /// A paragraph of words.
    fn paragraph(&mut self, text: &str);
    /// An equation on its own, with what it stands for.
    fn equation(&mut self, caption: &str, formula: &str);
    /// A table.
    fn table(&mut self, table: &Table);
}
