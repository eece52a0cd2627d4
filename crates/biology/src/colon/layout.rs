//! Full and lean: which segments, and how guilds are grouped.

use super::ColonOptions;
use super::context::{Cast, Group};
use crate::catalogue::Catalogue;
use gutskin_network::{BuildErrors, nearest};

/// Detail of the colon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Proximal, transverse and distal segment; every guild of the table.
    #[default]
    Full,
    /// Two segments, the distal one that of the full colon; guilds of the column `lean`.
    Lean,
}

impl Layout {
    /// Word in names of models: nothing, or `_lean`.
    pub fn suffix(self) -> &'static str {
        match self {
            Layout::Full => "",
            Layout::Lean => "_lean",
        }
    }

    /// Name of a parameter that holds a value of the reference person: each layout has its own reference state.
    pub fn reference(self, name: &str) -> String {
        match self {
            Layout::Full => name.to_owned(),
            Layout::Lean => format!("{name}.lean"),
        }
    }

    /// Names of the segments, in the direction of flow.
    pub fn segments(self) -> &'static [&'static str] {
        match self {
            Layout::Full => &["prox", "trans", "dist"],
            Layout::Lean => &["upper", "dist"],
        }
    }
}

/// Picks the rows that take part.
pub(super) fn cast(catalogue: &Catalogue, options: &ColonOptions) -> Result<Cast, BuildErrors> {
    let mut errors = Vec::new();
    let guild_names: Vec<&str> = catalogue.guilds.iter().map(|g| g.name.as_str()).collect();
    unknown(&mut errors, "guild", &options.guilds, &guild_names);
    let pool_names: Vec<&str> = catalogue
        .substrates
        .iter()
        .map(|s| s.name.as_str())
        .collect();
    unknown(&mut errors, "pool", &options.pools, &pool_names);
    if !errors.is_empty() {
        return Err(BuildErrors(errors));
    }
    let substrates = catalogue
        .substrates
        .iter()
        .filter(|s| s.resident || options.pools.contains(&s.name))
        .cloned()
        .collect();
    let present: Vec<_> = catalogue
        .guilds
        .iter()
        .filter(|g| g.resident || options.guilds.contains(&g.name))
        .cloned()
        .collect();
    let mut groups: Vec<Group> = Vec::new();
    for guild in present {
        let name = match options.layout {
            Layout::Full => guild.name.clone(),
            Layout::Lean => guild.lean.clone(),
        };
        match groups.iter_mut().find(|g| g.name == name) {
            Some(group) => group.members.push((guild, 1.0)),
            None => groups.push(Group {
                name,
                members: vec![(guild, 1.0)],
            }),
        }
    }
    for group in &mut groups {
        share_out(group);
    }
    Ok(Cast {
        groups,
        substrates,
        metabolites: catalogue.metabolites.clone(),
    })
}

/// Shares of the members by their mean share of reads.
fn share_out(group: &mut Group) {
    let total: f64 = group.members.iter().map(|(g, _)| g.reference_share).sum();
    let count = group.members.len() as f64;
    for (guild, share) in &mut group.members {
        *share = if total > 0.0 {
            guild.reference_share / total
        } else {
            1.0 / count
        };
    }
}

fn unknown(errors: &mut Vec<String>, what: &str, asked: &[String], known: &[&str]) {
    for name in asked {
        if !known.contains(&name.as_str()) {
            let hint = nearest(name, known.iter().copied())
                .map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
            errors.push(format!("{what} \"{name}\" is not in the tables{hint}"));
        }
    }
}
