//! Remarks on a file as a whole.

use super::View;
use crate::profile::method::Method;
use crate::profile::resolve::{Kind, is_organelle};
use crate::profile::sample::SampleReport;
use crate::taxonomy::Rank;

impl View<'_> {
    /// What holds for all samples of the file.
    pub(super) fn notes(&self, samples: &[SampleReport]) -> Vec<String> {
        let mut notes = Vec::new();
        let taxa = &self.resolved.taxa;
        let leaves = || {
            taxa.iter()
                .zip(&self.counted)
                .filter(|(taxon, counted)| **counted && !taxon.below && taxon.kind == Kind::Microbe)
                .map(|(taxon, _)| taxon)
        };
        let organelles = self
            .resolved
            .cohort
            .features
            .iter()
            .filter(|feature| is_organelle(feature.lineage.as_deref().unwrap_or(&feature.id)))
            .count();
        if organelles > 0 {
            notes.push(format!("{organelles} rows are chloroplasts or mitochondria: they are left out of the shares, as cells of food or host"));
        }
        let bins = leaves()
            .filter(|taxon| taxon.rank.is_none_or(|rank| rank < Rank::Family))
            .count();
        let rows = leaves().count();
        if bins * 50 >= rows && bins > 0 {
            notes.push(format!("{bins} of {rows} rows name no family, genus or species (placeholders, or reads that stop above)"));
        }
        if matches!(
            self.resolved.method,
            Method::Kraken2 | Method::KrakenUniq | Method::Centrifuge
        ) {
            notes.push("k-mer classifiers name many rare species that are not there: richness and Shannon are inflated".to_owned());
        }
        let refused = samples
            .iter()
            .filter(|sample| sample.refused.is_some())
            .count();
        if refused > 0 {
            notes.push(format!(
                "{refused} of {} samples hold nothing that can be analysed",
                samples.len()
            ));
        }
        if let Ok(prepared) = &self.gmwi2
            && let Some(note) = &prepared.note
        {
            notes.push(note.clone());
        }
        if let Some(reference) = self.reference {
            notes.push(format!(
                "reference: {} ({} samples of {} people). {}",
                reference.title, reference.samples, reference.subjects, reference.caution
            ));
        }
        notes
    }
}
