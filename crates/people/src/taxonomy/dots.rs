//! Names whose blanks and signs R's `make.names` turned into dots: `Faecalibacterium.prausnitzii`,
//! `X.Eubacterium..hallii.group`, `k__Bacteria.p__Firmicutes`.

/// Marks of rank before a name in a lineage.
const RANK_MARKS: &[&str] = &[
    "k__", "d__", "p__", "c__", "o__", "f__", "g__", "s__", "t__", "D_0__", "D_1__", "D_2__",
    "D_3__", "D_4__", "D_5__", "D_6__",
];

/// The name with its blanks and separators, or `None` where the dots are the name's own.
///
/// A name that R wrote holds no blank, bracket or separator any more; where one is left (`Blautia sp. X`,
/// `Ruminococcus_sp._5_1`), the dots were there before.
pub fn undotted(text: &str) -> Option<String> {
    let dotted = text.contains('.')
        && !text.contains([' ', '|', ';', '[', ']', '(', ')', '/', ':', '-', ','])
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
    if !dotted {
        return None;
    }
    if let Some(parts) = lineage_parts(text) {
        let parts: Vec<String> = parts.into_iter().map(part).collect();
        return Some(parts.join("|"));
    }
    let bare = text.split_once("__").map_or(text, |(_, bare)| bare);
    // with underscores for blanks, a dot is a dot
    if bare.contains('_') {
        return None;
    }
    starts_like_a_taxon(bare).then(|| part(text))
}

/// `k__Bacteria.p__Firmicutes` (also with `..`, from `; `) in its parts.
fn lineage_parts(text: &str) -> Option<Vec<&str>> {
    let mut cuts: Vec<usize> = text
        .match_indices('.')
        .map(|(at, _)| at + 1)
        .filter(|at| RANK_MARKS.iter().any(|mark| text[*at..].starts_with(mark)))
        .collect();
    if cuts.is_empty() || !RANK_MARKS.iter().any(|mark| text.starts_with(mark)) {
        return None;
    }
    cuts.push(text.len() + 1);
    let mut from = 0;
    let mut parts = Vec::with_capacity(cuts.len());
    for cut in cuts {
        parts.push(text[from..cut - 1].trim_end_matches('.'));
        from = cut;
    }
    Some(parts)
}

/// A capitalised word of three letters or more, perhaps behind the `X.` that R puts before a bracket.
fn starts_like_a_taxon(bare: &str) -> bool {
    let word = bare
        .strip_prefix("X.")
        .unwrap_or(bare)
        .split('.')
        .next()
        .unwrap_or_default();
    word.chars().count() >= 3
        && word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().any(char::is_lowercase)
        || is_code(word)
}

/// A name such as `CAG`, `UCG`, `S24`, `NK4A136`: capitals and digits only.
fn is_code(word: &str) -> bool {
    word.chars().count() >= 3
        && word.chars().any(|c| c.is_ascii_uppercase())
        && word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// One name: runs of dots become blanks, `CAG.170` and `S24.7` get their hyphen back.
fn part(text: &str) -> String {
    let (mark, bare) = match text.split_once("__") {
        Some((mark, bare)) => (format!("{mark}__"), bare),
        None => (String::new(), text),
    };
    let bare = bare.strip_prefix("X.").unwrap_or(bare);
    let mut name = String::with_capacity(bare.len());
    let mut before = "";
    for word in bare.split('.').filter(|word| !word.is_empty()) {
        if !name.is_empty() {
            let number = word.bytes().all(|byte| byte.is_ascii_digit());
            name.push(if number && is_code(before) { '-' } else { ' ' });
        }
        name.push_str(word);
        before = word;
    }
    if name.ends_with(" et rel") || name.ends_with(" at rel") {
        name.push('.');
    }
    mark + &name
}

#[cfg(test)]
mod tests {
    use super::undotted;

    #[test]
    fn dots_that_r_wrote_become_what_they_were() {
        for (dotted, expected) in [
            (
                "Faecalibacterium.prausnitzii",
                "Faecalibacterium prausnitzii",
            ),
            ("X.Eubacterium.", "Eubacterium"),
            ("X.Eubacterium..hallii.group", "Eubacterium hallii group"),
            ("Bacteroides.sp..CAG.20", "Bacteroides sp CAG-20"),
            ("Clostridium.sensu.stricto.1", "Clostridium sensu stricto 1"),
            ("Bacteroidales.S24.7.group", "Bacteroidales S24-7 group"),
            ("Ruminococcaceae.UCG.002", "Ruminococcaceae UCG-002"),
            ("CAG.170", "CAG-170"),
            ("s__Bacteroides.dorei", "s__Bacteroides dorei"),
            (
                "k__Bacteria.p__Firmicutes.g__.Eubacterium._rectale_group",
                "k__Bacteria|p__Firmicutes|g__Eubacterium _rectale_group",
            ),
            (
                "k__Bacteria..p__Firmicutes..s__",
                "k__Bacteria|p__Firmicutes|s__",
            ),
            (
                "Bacteroides.fragilis.et.rel.",
                "Bacteroides fragilis et rel.",
            ),
        ] {
            assert_eq!(undotted(dotted).as_deref(), Some(expected), "{dotted}");
        }
    }

    #[test]
    fn dots_of_the_name_itself_stay() {
        for text in [
            "Blautia sp. MSJ-9",
            "Bacteroidales S24.7 group",
            "Ruminococcus_sp._5_1_39BFAA",
            "Bacteroides fragilis et rel.",
            "E.coli",
            "Roseburia",
            "sample.one",
            "",
            ".",
        ] {
            assert_eq!(undotted(text), None, "{text}");
        }
    }
}
