//! Skin drugs that arms name.

use super::ScenarioError;
use super::file::{Arm, Change};
use super::resolve::Resolver;
use gutskin_biology::catalogue::{SkinDrug, SkinKinetics, shipped_skin_drugs};
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

impl Resolver<'_> {
    /// Every drug that an arm or rescue names, once; each must act in the condition.
    pub(super) fn drugs(
        &self,
        arms: &[Spanned<Arm>],
        rescue: Option<&Spanned<String>>,
        condition: &str,
    ) -> Result<Vec<SkinDrug>> {
        let mut found: Vec<SkinDrug> = Vec::new();
        let changes = arms.iter().flat_map(|a| &a.as_ref().changes);
        let named = changes.filter_map(|c| c.as_ref().drug.as_ref());
        for name in named.chain(rescue) {
            let all = shipped_skin_drugs().map_err(|e| self.error(name.span(), e.to_string()))?;
            let here = || all.iter().filter(|d| d.condition == condition);
            let Some(drug) = here().find(|d| d.id == *name.as_ref()) else {
                let what = format!("drug of condition \"{condition}\"");
                return Err(self.unknown(&what, name, here().map(|d| d.id.as_str())));
            };
            if !found.iter().any(|d| d.id == drug.id) {
                found.push(drug.clone());
            }
        }
        Ok(found)
    }

    /// Days between doses where the scenario sets them.
    pub(super) fn interval(&self, change: &Change, drug: &SkinDrug) -> Result<Option<f64>> {
        let Some(text) = &change.interval else {
            return Ok(None);
        };
        if matches!(drug.kinetics, SkinKinetics::Exposure { .. }) {
            return Err(self
                .error(
                    text.span(),
                    format!("\"{}\" is known by exposure, not by doses", drug.id),
                )
                .with_help(
                    "leave the interval out: the exposure is that of the labelled regimen",
                ));
        }
        let days = self.days(text)?;
        /// Closer doses are a typing error.
        const SHORTEST: f64 = 0.1;
        if days < SHORTEST {
            return Err(self.error(
                text.span(),
                format!("doses every {days} d are not possible"),
            ));
        }
        Ok(Some(days))
    }
}
