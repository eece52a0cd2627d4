//! Cleaning of single names: suffixes, brackets, placeholders and the many ways to say "unknown".

/// Words that, as a second word, show that no species is named.
const NOT_AN_EPITHET: &[&str] = &[
    "sp",
    "spp",
    "sp.",
    "spp.",
    "bacterium",
    "archaeon",
    "group",
    "cluster",
    "unclassified",
    "noname",
    "cf",
    "aff",
    "symbiont",
    "metagenome",
    "sensu",
    "genomosp",
    "genomosp.",
    "family",
    "order",
    "class",
    "phylum",
    "incertae",
    "uncultured",
    "unidentified",
    "gut",
    "human",
    "oral",
    "taxon",
    "phage",
    "virus",
    "clone",
    "strain",
    "ambiguous",
    "et",
    "at",
    "and",
    "other",
    "subgroup",
    "clade",
    "complex",
    "endosymbiont",
    "genus",
    "species",
];

/// Beginnings that, in lower case, show that a name stands for "unknown".
const UNKNOWN_STARTS: &[&str] = &[
    "uncultured",
    "unidentified",
    "unknown",
    "unclassified",
    "unassigned",
    "unmapped",
    "ambiguous",
    "incertae",
    "metagenome",
    "noname",
    "no blast hit",
    "no hit",
    "human gut",
    "gut metagenome",
    "mouse gut",
    "wastewater",
    "bacterium",
    "environmental",
    "outgrouping",
];

/// Strips quotes, brackets, confidence marks and blanks; underscores are left as they are.
pub fn strip(token: &str) -> &str {
    let mut text = token
        .trim()
        .trim_matches(|c: char| c == '"' || c == '\'' || c == '`')
        .trim();
    if let Some(open) = text.rfind('(')
        && text.ends_with(')')
        && open > 0
        && text[open + 1..text.len() - 1].trim().parse::<f64>().is_ok()
    {
        text = text[..open].trim();
    }
    text
}

/// Removes the suffixes that GTDB (`_A`, `_AB`) and Greengenes 2 (`_858004`) add to split names.
pub fn without_database_suffix(word: &str) -> &str {
    let mut rest = word;
    loop {
        let Some(cut) = rest.rfind('_') else {
            return rest;
        };
        let tail = &rest[cut + 1..];
        let letters = (1..=2).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_uppercase());
        let number = tail.len() >= 3 && tail.bytes().all(|b| b.is_ascii_digit());
        if cut == 0 || !(letters || number) {
            return rest;
        }
        rest = &rest[..cut];
    }
}

/// Whether a cleaned name says that nothing is known at its rank.
pub fn is_unknown(name: &str) -> bool {
    let lower = name.to_lowercase();
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    lower.is_empty()
        || matches!(
            lower,
            "na" | "nan" | "none" | "null" | "other" | "others" | "n/a"
        )
        || UNKNOWN_STARTS.iter().any(|start| lower.starts_with(start))
        || lower.ends_with("unclassified")
        || lower.ends_with("noname")
        || lower.ends_with("incertae sedis")
        || is_genome_bin(name)
}

/// MetaPhlAn 4 placeholders: `GGB25847`, `FGB8514`, `OFGB1`, `CFGB2`, `PGB3`, `SGB15346`.
pub fn is_genome_bin(name: &str) -> bool {
    let first = name.split([' ', '_']).next().unwrap_or_default();
    let digits = first.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = &first[..first.len() - digits.len()];
    matches!(
        letters,
        "GGB" | "SGB" | "FGB" | "OFGB" | "CFGB" | "PGB" | "KFGB" | "PFGB" | "EUK"
    ) && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Cleans a name above species level; `None` where nothing is known.
pub fn group_name(token: &str) -> Option<String> {
    let stripped = strip(token);
    let words: Vec<&str> = stripped
        .split(' ')
        .map(without_database_suffix)
        .filter(|word| !word.is_empty())
        .collect();
    let mut name = words.join(" ").replace('_', " ");
    if name.contains(['[', ']']) {
        name = name.replace(['[', ']'], "");
    }
    let mut name = name.trim();
    name = name
        .strip_prefix("Candidatus ")
        .or_else(|| name.strip_prefix("candidatus "))
        .unwrap_or(name);
    for ending in [" et rel.", " at rel.", " et rel", " at rel", " et al."] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    if is_unknown(name) {
        return None;
    }
    Some(without_trailing_number(name).replace("(sensu stricto)", "sensu stricto"))
}

/// `Prevotella 9` and `Clostridium sensu stricto 1` without their SILVA number.
fn without_trailing_number(name: &str) -> String {
    match name.rsplit_once(' ') {
        Some((rest, tail))
            if (1..=2).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_digit()) =>
        {
            rest.trim().to_owned()
        }
        _ => name.to_owned(),
    }
}

/// A species name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeciesName {
    /// Genus as written in the species name, or from the lineage.
    pub genus: Option<String>,
    /// `Genus epithet`, where an epithet is named.
    pub binomial: Option<String>,
    /// `Genus epithet subsp. name`, where a subspecies is named.
    pub subspecies: Option<String>,
}

/// Takes a species token apart; `genus` is what the lineage says one rank above.
pub fn species_name(token: &str, genus: Option<&str>) -> SpeciesName {
    let mut nothing = SpeciesName {
        genus: genus.map(str::to_owned),
        binomial: None,
        subspecies: None,
    };
    let stripped = strip(token);
    let joined = stripped
        .split(' ')
        .map(without_database_suffix)
        .collect::<Vec<_>>()
        .join(" ")
        .replace('_', " ")
        .replace(['[', ']'], "");
    let joined = joined
        .strip_prefix("Candidatus ")
        .map_or_else(|| joined.clone(), str::to_owned);
    let words: Vec<&str> = joined
        .split(' ')
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        [] => nothing,
        [epithet] => {
            if let Some(genus) = genus
                && is_epithet(epithet)
                && !is_unknown(epithet)
            {
                nothing.binomial = Some(format!("{genus} {epithet}"));
            }
            nothing
        }
        [first, epithet, rest @ ..] => {
            if !looks_like_genus(first) {
                return nothing;
            }
            if is_unknown(first) {
                return nothing;
            }
            if looks_like_family_or_order(first) {
                return nothing;
            }
            let genus = (*first).to_owned();
            let binomial = is_epithet(epithet).then(|| format!("{first} {epithet}"));
            let subspecies = match rest {
                [mark, name, ..] if mark.trim_end_matches('.') == "subsp" => binomial
                    .as_ref()
                    .map(|binomial| format!("{binomial} subsp. {name}")),
                _ => None,
            };
            SpeciesName {
                genus: Some(genus),
                binomial,
                subspecies,
            }
        }
    }
}

/// A species epithet: lower-case letters, at least three, no stop word.
pub fn is_epithet(word: &str) -> bool {
    word.len() >= 3
        && word.chars().all(|c| c.is_lowercase() || c == '-')
        && !NOT_AN_EPITHET.contains(&word)
}

/// A capitalised word of letters (digits and hyphens as in `CAG-170` or `UBA1417` included).
pub fn looks_like_genus(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '.')
}

/// Endings of family and order names.
pub fn looks_like_family_or_order(word: &str) -> bool {
    word.ends_with("aceae") || word.ends_with("ales") || word.ends_with("ineae")
}
