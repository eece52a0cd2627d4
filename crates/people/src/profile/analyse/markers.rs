//! Marker taxa of a sample: shares, members and genera of each set, and the mock community it is most like.

use std::collections::HashMap;

use super::View;
use crate::profile::communities::Likeness;
use crate::profile::scale::Scratch;
use crate::taxonomy::Rank;

impl View<'_> {
    /// Share of each marker set.
    pub(super) fn markers(&self, scratch: &Scratch, living: f64) -> Vec<f64> {
        let mut shares = vec![0.0; self.analyser.rules.markers().kinds().len()];
        for (_, (taxon, value)) in self.living(scratch) {
            for &set in &taxon.markers {
                shares[set] += value / living;
            }
        }
        shares
    }

    /// The mock community that a sample is most like.
    pub(super) fn like(&self, scratch: &Scratch, living: f64) -> Option<Likeness> {
        let mut shares: HashMap<&str, f64> = HashMap::new();
        for (_, (taxon, value)) in self.living(scratch) {
            // reads that stop at a family stand for its genus in communities that name the family
            let family = || taxon.lineage.at(Rank::Family);
            if let Some(name) = taxon.lineage.genus().or_else(family) {
                *shares.entry(name).or_default() += value / living;
            }
        }
        (self.analyser.rules.communities().iter())
            .map(|community| community.likeness(&shares))
            .max_by(|a, b| a.common.total_cmp(&b.common))
    }

    /// Members of each marker set that are there.
    pub(super) fn mock_members(&self, scratch: &Scratch) -> Vec<usize> {
        let mut found: Vec<std::collections::HashSet<&str>> =
            vec![std::collections::HashSet::new(); self.analyser.rules.markers().kinds().len()];
        for (_, (taxon, _)) in self.living(scratch) {
            for &set in &taxon.markers {
                found[set].insert(taxon.name.as_str());
            }
        }
        found.iter().map(std::collections::HashSet::len).collect()
    }

    /// Genera of each marker set that are there in more than traces.
    pub(super) fn marker_genera(&self, scratch: &Scratch, living: f64) -> Vec<usize> {
        let mut shares: HashMap<(usize, &str), f64> = HashMap::new();
        for (_, (taxon, value)) in self.living(scratch) {
            let Some(genus) = taxon.lineage.genus() else {
                continue;
            };
            for &set in &taxon.markers {
                *shares.entry((set, genus)).or_default() += value / living;
            }
        }
        let mut there = vec![0; self.analyser.rules.markers().kinds().len()];
        for ((set, _), share) in shares {
            there[set] += usize::from(share >= self.there);
        }
        there
    }
}
