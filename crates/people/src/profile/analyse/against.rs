//! A sample beside the reference of its method.

use std::collections::HashMap;

use super::{View, sorted};
use crate::profile::diversity::{bray_curtis, diversity};
use crate::profile::resolve::Kind;
use crate::profile::sample::{Compared, Dysbiosis, SampleReport};
use crate::profile::scale::Scratch;
use crate::profile::text::Text;

impl View<'_> {
    /// Sets diversity, producers and distance beside the reference, or says why there is none.
    pub(super) fn against_reference(&self, report: &mut SampleReport, scratch: &Scratch) {
        let Some(reference) = self.reference else {
            report.reference_note = Some(self.no_reference.clone());
            report.dysbiosis_note = Some(self.no_reference.clone());
            return;
        };
        let mut shares: HashMap<u32, f64> = HashMap::new();
        for (at, (taxon, value)) in self.living(scratch) {
            if taxon.kind == Kind::Microbe
                && let Some(key) = self.key_of[at]
            {
                *shares.entry(key).or_default() += value;
            }
        }
        let sum: f64 = shares.values().sum();
        if sum <= 0.0 {
            let text = Text::from(format!(
                "none of the taxa of the reference `{}` is in the sample",
                reference.id
            ));
            report.reference_note = Some(text.clone());
            report.dysbiosis_note = Some(text);
            return;
        }
        shares.values_mut().for_each(|share| *share /= sum);
        let composition = sorted(shares);
        let values: Vec<f64> = composition.iter().map(|pair| pair.1).collect();
        let over = diversity(&values, false);
        let distance = bray_curtis(&composition, &self.reference_composition);
        for (metric, value) in [
            ("shannon", over.shannon),
            ("richness", over.richness as f64),
            ("butyrate_producers", report.butyrate_producers),
            ("propionate_producers", report.propionate_producers),
            ("opportunists", report.opportunists),
        ] {
            if let Some(position) = reference.position(metric, value) {
                report.compared.push(Compared {
                    metric,
                    value,
                    unit: reference.unit,
                    reference: self.reference_id.clone(),
                    position,
                });
            }
        }
        if let (Some(position), Some(quantiles)) = (
            reference.position("distance", distance),
            reference.quantiles.get("distance"),
        ) {
            let threshold = quantiles[6];
            report.dysbiosis = Some(Dysbiosis {
                distance,
                reference: self.reference_id.clone(),
                position,
                threshold,
                beyond: distance > threshold,
            });
        }
    }
}
