//! Sections by module that keep the order within every list.

use std::collections::HashMap;
use std::ops::Range;

/// The module of a name: what stands before its first dot.
pub(super) fn module(name: &str) -> &str {
    name.split_once('.').map_or("", |(module, _)| module)
}

/// A run of sections: each a module and, for every list, the range of items that it shows. Ranges follow one another,
/// so that writing section by section keeps the order of every list; where lists disagree about the order of modules, a
/// module has more than one section.
pub(super) fn sections<'m>(lists: &[Vec<&'m str>]) -> Vec<(&'m str, Vec<Range<usize>>)> {
    let ends: Vec<Vec<usize>> = lists.iter().map(|list| run_ends(list)).collect();
    let mut left: HashMap<(usize, &str), usize> = HashMap::new();
    for (l, list) in lists.iter().enumerate() {
        for &module in list {
            *left.entry((l, module)).or_insert(0) += 1;
        }
    }
    let mut heads = vec![0; lists.len()];
    let mut out = Vec::new();
    loop {
        let run = |l: usize, module: &str| match lists[l].get(heads[l]) {
            Some(&head) if head == module => heads[l]..ends[l][heads[l]],
            _ => heads[l]..heads[l],
        };
        let whole = |module: &&str| {
            (0..lists.len())
                .all(|l| left.get(&(l, *module)).copied().unwrap_or(0) == run(l, module).len())
        };
        let candidates = || (0..lists.len()).filter_map(|l| lists[l].get(heads[l]).copied());
        let Some(module) = candidates().find(whole).or_else(|| candidates().next()) else {
            return out;
        };
        let ranges: Vec<Range<usize>> = (0..lists.len()).map(|l| run(l, module)).collect();
        for (l, range) in ranges.iter().enumerate() {
            heads[l] = range.end;
            if let Some(count) = left.get_mut(&(l, module)) {
                *count -= range.len();
            }
        }
        out.push((module, ranges));
    }
}

/// For each place of a list, where its run of equal items ends.
fn run_ends(list: &[&str]) -> Vec<usize> {
    let mut ends = vec![list.len(); list.len()];
    for i in (1..list.len()).rev() {
        ends[i - 1] = if list[i - 1] == list[i] { ends[i] } else { i };
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_has_one_section_where_the_lists_agree() {
        let lists = [
            vec!["gut", "skin"],
            vec!["body", "gut", "gut"],
            vec!["skin"],
        ];
        let names: Vec<&str> = sections(&lists).iter().map(|s| s.0).collect();
        assert_eq!(names, ["body", "gut", "skin"]);
    }

    #[test]
    fn lists_that_disagree_keep_their_order() {
        let lists = [vec!["a", "b", "a"], vec!["b", "a"]];
        let all = sections(&lists);
        for (l, list) in lists.iter().enumerate() {
            let items: Vec<&str> = all
                .iter()
                .flat_map(|s| list[s.1[l].clone()].to_vec())
                .collect();
            assert_eq!(&items, list);
        }
    }
}
