//! Papers that links of the model rest on, so that a reader can look them up.

use serde::Serialize;

const REFERENCES: &str = include_str!("../../../catalogue/references.csv");
const LINKS: &str = include_str!("../../../catalogue/link_sources.csv");

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Key, for example `Vanuytsel2014`.
    pub key: String,
    /// What it is.
    pub citation: String,
    /// By what it is looked up: a doi, a number of PubMed, or journal and page.
    pub identifier: String,
}

/// What a link rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkSource {
    /// Name of the link.
    pub link: String,
    /// Papers; none where no source is known.
    pub references: Vec<Reference>,
    /// What they say of it, or why it is there without one.
    pub says: String,
}

fn rows(text: &str) -> impl Iterator<Item = csv::StringRecord> {
    let reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    reader.into_records().map_while(Result::ok)
}

fn field(row: &csv::StringRecord, at: usize) -> String {
    row.get(at).unwrap_or_default().to_owned()
}

/// Every paper.
#[must_use]
pub fn references() -> Vec<Reference> {
    let one = |row: csv::StringRecord| Reference {
        key: field(&row, 0),
        citation: field(&row, 1),
        identifier: field(&row, 2),
    };
    rows(REFERENCES).map(one).collect()
}

/// What every link rests on.
#[must_use]
pub fn link_sources() -> Vec<LinkSource> {
    let papers = references();
    let one = |row: csv::StringRecord| {
        let keys = field(&row, 1);
        let found = keys
            .split(';')
            .filter_map(|key| papers.iter().find(|p| p.key == key));
        LinkSource {
            link: field(&row, 0),
            references: found.cloned().collect(),
            says: field(&row, 2),
        }
    };
    rows(LINKS).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_key_is_a_paper_that_can_be_looked_up_and_every_paper_is_used() {
        let papers = references();
        let keys: BTreeSet<&str> = papers.iter().map(|p| p.key.as_str()).collect();
        assert!(papers.len() > 40 && keys.len() == papers.len());
        for p in &papers {
            assert!(p.citation.len() > 15 && p.identifier.len() > 8, "{p:?}");
            assert!(p.identifier.chars().any(|c| c.is_ascii_digit()), "{p:?}");
        }
        let mut used = BTreeSet::new();
        for row in rows(LINKS) {
            assert_eq!(row.len(), 3, "{row:?}");
            assert!(!field(&row, 2).is_empty(), "{row:?}");
            for key in field(&row, 1).split(';').filter(|k| !k.is_empty()) {
                assert!(
                    keys.contains(key),
                    "{key} stands in no row of references.csv"
                );
                used.insert(key.to_owned());
            }
        }
        let unused: Vec<&&str> = keys.iter().filter(|k| !used.contains(**k)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }
}
