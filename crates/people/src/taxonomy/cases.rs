//! Names all in capitals or all in small letters, as some tools and spreadsheets leave them.

use std::collections::HashMap;

use super::guilds::TaxonTable;
use super::lineage::{CLASSES, PHYLA};
use super::synonyms::Synonyms;

/// Known names, whatever their case → as databases write them.
#[derive(Debug, Clone)]
pub(super) struct Cases {
    names: HashMap<String, String>,
}

impl Cases {
    /// From every name that the lists know.
    pub fn of(synonyms: &Synonyms, taxa: &TaxonTable) -> Self {
        let mut names = HashMap::new();
        let groups = ["Bacteria", "Archaea"].iter().chain(PHYLA).chain(CLASSES);
        let all = groups.copied().chain(taxa.names()).chain(synonyms.names());
        for name in all.filter(|name| name.starts_with(char::is_uppercase)) {
            let genus = name.split(' ').next().unwrap_or(name);
            for known in [name, genus] {
                let lower = known.to_lowercase();
                // several names may differ by case alone: the choice must not hang on their order
                let kept = names.entry(lower).or_insert_with(|| known.to_owned());
                if known < kept.as_str() {
                    known.clone_into(kept);
                }
            }
        }
        Self { names }
    }

    /// A name or lineage in the usual case; `None` where it is of mixed case or none of its words is known.
    pub fn recased(&self, text: &str) -> Option<String> {
        let bare = |part: &str| mark(part).map_or(0, |(marked, _)| marked.len());
        let letters = || {
            text.split(SEPARATORS)
                .flat_map(|part| part[bare(part)..].chars())
        };
        if letters().any(char::is_lowercase) && letters().any(char::is_uppercase) {
            return None;
        }
        let mut known = false;
        let parts = text.split_inclusive(SEPARATORS);
        let recased: String = parts.map(|part| self.part(part, &mut known)).collect();
        (known && recased != text).then_some(recased)
    }

    /// One part of a lineage; remembers whether it is known.
    fn part(&self, part: &str, known: &mut bool) -> String {
        let (marked, name) = mark(part).unwrap_or(("", part));
        let lower = name.to_lowercase();
        let key = lower.trim_matches(|sign: char| !sign.is_alphanumeric());
        let new = match (self.word(key), key.split(BETWEEN_WORDS).next()) {
            (Some(whole), _) => lower.replacen(key, &with_signs_of(whole, key), 1),
            (None, Some(first)) if first.len() < key.len() => {
                let genus = first.trim_matches(['[', ']']);
                match self.word(genus) {
                    Some(found) => lower.replacen(genus, found, 1),
                    None => return unknown(part, marked, &lower),
                }
            }
            _ => return unknown(part, marked, &lower),
        };
        *known = true;
        format!("{}{new}", marked.to_lowercase())
    }

    fn word(&self, lower: &str) -> Option<&str> {
        let spaced = lower.replace(['_', '.'], " ");
        self.names.get(&spaced).map(String::as_str)
    }
}

const SEPARATORS: [char; 2] = ['|', ';'];
const BETWEEN_WORDS: [char; 3] = [' ', '_', '.'];

/// What no list knows: an epithet stands in small letters, a group begins with a capital; a bare name stays.
fn unknown(part: &str, marked: &str, lower: &str) -> String {
    match marked.to_lowercase().as_str() {
        "" => part.to_owned(),
        "s__" | "t__" if !lower.trim().contains(BETWEEN_WORDS) => {
            format!("{}{lower}", marked.to_lowercase())
        }
        mark => {
            let mut letters = lower.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            let name: String = first.chain(letters).collect();
            format!("{mark}{name}")
        }
    }
}

/// A name with blanks, written with the signs between words of another spelling of it.
fn with_signs_of(name: &str, spelling: &str) -> String {
    if name.chars().count() != spelling.chars().count() {
        return name.to_owned();
    }
    let pairs = name.chars().zip(spelling.chars());
    pairs
        .map(|(usual, written)| match (usual, written) {
            (' ', '_' | '.') => written,
            _ => usual,
        })
        .collect()
}

/// The mark of a rank (`g__`, blanks before it included) and what stands behind it.
fn mark(part: &str) -> Option<(&str, &str)> {
    let at = part.find("__")?;
    (part[..at].trim().len() == 1).then(|| part.split_at(at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recased(text: &str) -> Option<String> {
        let (synonyms, taxa) = (Synonyms::shipped().unwrap(), TaxonTable::shipped().unwrap());
        Cases::of(&synonyms, &taxa).recased(text)
    }

    #[test]
    fn known_names_take_the_usual_case() {
        for (text, expected) in [
            ("BACTEROIDES DOREI", "Bacteroides dorei"),
            (
                "faecalibacterium_prausnitzii",
                "Faecalibacterium_prausnitzii",
            ),
            ("ESCHERICHIA-SHIGELLA", "Escherichia-Shigella"),
            ("[EUBACTERIUM] RECTALE", "[Eubacterium] rectale"),
            ("lachnospiraceae", "Lachnospiraceae"),
            (
                "k__bacteria|s__unheardof_species",
                "k__Bacteria|s__Unheardof_species",
            ),
            (
                "K__BACTERIA|P__FIRMICUTES|G__UNHEARDOF|S__COLI",
                "k__Bacteria|p__Firmicutes|g__Unheardof|s__coli",
            ),
            (
                "bacteria;firmicutes;clostridia",
                "Bacteria;Firmicutes;Clostridia",
            ),
        ] {
            assert_eq!(recased(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_written_as_usual_or_unknown_stays() {
        for text in [
            "Bacteroides dorei",
            "k__Bacteria|p__Firmicutes",
            "UCG-002",
            "age",
            "CORTISOL",
            "",
            "__",
            "ẞ__|é",
        ] {
            assert_eq!(recased(text), None, "{text}");
        }
    }
}
