//! Names and SBML identifiers. An SId has letters, digits and `_` only, so the dots of a name must go.

use crate::expr::Function;

/// Identifiers that other programs read as something of their own.
const RESERVED: [&str; 9] = [
    "time",
    "avogadro",
    "delay",
    "rateOf",
    "pi",
    "exponentiale",
    "infinity",
    "true",
    "false",
];

/// The SBML identifier of a name: `.` becomes `__`. Names in which that would be ambiguous (an underscore beside
/// another or beside a dot), names of functions and words reserved in SBML tools are written as `_` followed by the
/// name with `_u` for `_` and `_d` for `.`. Distinct names have distinct identifiers.
pub fn sid(name: &str) -> String {
    let ambiguous = ["__", "_.", "._"].iter().any(|pair| name.contains(pair));
    let taken = RESERVED.contains(&name) || Function::from_name(name).is_some();
    if ambiguous || taken || name.starts_with('_') {
        let mut out = String::from("_");
        for c in name.chars() {
            match c {
                '_' => out.push_str("_u"),
                '.' => out.push_str("_d"),
                other => out.push(other),
            }
        }
        return out;
    }
    name.replace('.', "__")
}

#[cfg(test)]
mod tests {
    use super::sid;
    use proptest::prelude::*;

    #[test]
    fn readable_where_it_can_be() {
        assert_eq!(sid("barrier.leak.prox"), "barrier__leak__prox");
        assert_eq!(sid("a.snake_case"), "a__snake_case");
        assert_eq!(sid("a__b"), "_a_u_ub");
        assert_eq!(sid("time"), "_time");
        assert_eq!(sid("softplus"), "_softplus");
    }

    proptest! {
        #[test]
        fn distinct_names_have_distinct_identifiers(a in "[a-b][._ud]{0,5}b?", b in "[a-b][._ud]{0,5}b?") {
            prop_assert!(a == b || sid(&a) != sid(&b), "{a} and {b} are both {}", sid(&a));
        }
    }
}
