//! Drugs that arms name: those of the skin, and those that act in the lumen of the gut.

use super::ScenarioError;
use super::file::Change;
use super::resolve::Resolver;
use gutskin_biology::catalogue::{SkinDrug, SkinKinetics};
use gutskin_network::Action;
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// The drugs that arms give.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    /// Those that act in the skin.
    pub skin: Vec<SkinDrug>,
    /// Names of those that act in the lumen of the gut.
    pub gut: Vec<String>,
}

impl Resolver<'_> {
    /// Every drug that an arm, the background or rescue names, once; each must act in the condition, or in the gut of the model.
    pub(super) fn drugs(
        &self,
        changes: &[&Spanned<Change>],
        rescue: Option<&Spanned<String>>,
        (condition, model): (&str, &Spanned<String>),
    ) -> Result<Given> {
        let mut given = Given::default();
        let has_gut = crate::models::has_colon(model.as_ref());
        let named = changes.iter().filter_map(|c| c.as_ref().drug.as_ref());
        for name in named.chain(rescue) {
            let all = self
                .ingredients()
                .tables
                .skin_drugs()
                .map_err(|e| self.error(name.span(), e.to_string()))?;
            let here = || all.iter().filter(|d| d.condition == condition);
            let skin = here().find(|d| d.id == *name.as_ref());
            let in_gut = self.id_in_gut(name)?;
            if skin.is_none() && in_gut.is_none() {
                let of_other_skin = all.iter().any(|d| d.id == *name.as_ref());
                if let Some(idle) = self.idle_in_gut(name)?.filter(|_| !of_other_skin) {
                    return Err(idle);
                }
                let gut = self.gut_drugs(name)?;
                let what = format!("drug of condition \"{condition}\" or of the gut");
                let gut = gut.iter().map(|d| d.id.as_str()).filter(|_| has_gut);
                return Err(self.unknown(&what, name, here().map(|d| d.id.as_str()).chain(gut)));
            }
            if skin.is_none() && !has_gut {
                return Err(self
                    .error(
                        name.span(),
                        format!(
                            "\"{}\" acts in the gut, which model \"{}\" does not have",
                            name.as_ref(),
                            model.as_ref()
                        ),
                    )
                    .with_help("name a model that holds what it acts on, for example axis_ad"));
            }
            if let (None, Some(id)) = (skin, &in_gut) {
                self.gut_half_only(name, (id, condition), &all)?;
            }
            if let Some(drug) = skin.filter(|s| !given.skin.iter().any(|d| d.id == s.id)) {
                given.skin.push(drug.clone());
            }
            if let Some(id) = in_gut.filter(|id| has_gut && !given.gut.contains(id)) {
                given.gut.push(id);
            }
        }
        Ok(given)
    }

    /// Warns of a drug of the gut that the skin of the condition would answer too, of which only what it does in the gut is followed.
    fn gut_half_only(
        &self,
        name: &Spanned<String>,
        (id, condition): (&str, &str),
        skin_drugs: &[SkinDrug],
    ) -> Result<()> {
        let whole = |d: &&SkinDrug| d.gut_drug.as_deref() == Some(id);
        let here = skin_drugs.iter().filter(whole);
        let (here, elsewhere): (Vec<&SkinDrug>, Vec<&SkinDrug>) =
            here.partition(|d| d.condition == condition);
        let drugs = self.gut_drugs(name)?;
        let row = drugs.iter().find(|d| d.id == id);
        let meant = row.is_some_and(|d| is_for(&d.indication, condition));
        let wrong = name.as_ref();
        let more = match (here.first(), elsewhere.first()) {
            (Some(whole), _) => format!("\"{}\" has what it does in the skin too", whole.id),
            (None, Some(other)) => format!(
                "the catalogue knows what it does in the skin of condition \"{}\" only",
                other.condition
            ),
            (None, None) if meant => {
                "it is given for this condition, and no entry of the catalogue has what it does in the skin".to_owned()
            }
            (None, None) => return Ok(()),
        };
        let text = format!("only what \"{wrong}\" does in the gut is simulated: {more}");
        self.warn(name.span(), &text);
        Ok(())
    }

    /// A drug of the table that does nothing in the gut that the model knows.
    fn idle_in_gut(&self, name: &Spanned<String>) -> Result<Option<ScenarioError>> {
        let catalogue = self.ingredients().tables.catalogue();
        let catalogue = catalogue.map_err(|e| self.error(name.span(), e.to_string()))?;
        let known = catalogue.drugs.iter().any(|d| d.id == *name.as_ref());
        let text = format!(
            "\"{0}\" does nothing in the gut that this model knows: its row has no kill, no change of transit and nothing that it adds (rises that were seen are no causes)",
            name.as_ref()
        );
        let help = format!(
            "gutskin catalogue {} shows what was seen of it",
            name.as_ref()
        );
        Ok(known.then(|| self.error(name.span(), text).with_help(help)))
    }

    /// What the table of drugs of the gut calls this drug; nothing where it does nothing there.
    pub(super) fn id_in_gut(&self, name: &Spanned<String>) -> Result<Option<String>> {
        let skin = self
            .ingredients()
            .tables
            .skin_drugs()
            .map_err(|e| self.error(name.span(), e.to_string()))?;
        let skin = skin.iter().find(|d| d.id == *name.as_ref());
        let id = match skin {
            Some(drug) => drug.gut_drug.clone(),
            None => Some(name.as_ref().clone()),
        };
        let drugs = self.gut_drugs(name)?;
        Ok(id.filter(|id| drugs.iter().any(|d| d.id == *id)))
    }

    /// How many times the usual dose of a drug of the skin.
    pub(super) fn skin_dose(&self, raw: &Spanned<Change>, drug: &SkinDrug) -> Result<f64> {
        let dose = self.dose_of_more(raw)?;
        if let Some(place) = raw.as_ref().dose.as_ref().filter(|_| dose != 1.0) {
            let doubt = format!(
                "\"{}\" is known at its usual dose only: {dose} times it follows from the curve of its effect",
                drug.id
            );
            self.can_be_taken(&place.span(), (&drug.id, dose, "usual doses"), Some(1.0))?;
            self.warn(place.span(), &doubt);
        }
        Ok(dose)
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
            return Err(self
                .error(
                    text.span(),
                    format!("doses every {days} d are not possible"),
                )
                .with_help(match drug.interval_studied {
                    Some([low, high]) => format!("every {low} to {high} d were studied"),
                    None => "write the time between doses, for example \"2 wk\"".to_owned(),
                }));
        }
        if let Some([low, high]) = drug.interval_studied
            && !(low..=high).contains(&days)
        {
            let doubt = format!(
                "doses of \"{}\" every {days} d were not studied, as far as the catalogue knows; every {low} to {high} d were",
                drug.id
            );
            self.warn(text.span(), &doubt);
        }
        Ok(Some(days))
    }
}

/// Does an indication, as the table of drugs of the gut writes it, name a skin condition?
fn is_for(indication: &str, condition: &str) -> bool {
    let words: &[&str] = match condition {
        "acne" => &["acne"],
        "ad" => &["ad", "eczema"],
        "pso" => &["psoriasis"],
        _ => &[],
    };
    // Acne inversa is another disease.
    let indication = indication.to_lowercase().replace("acne inversa", "");
    let mut found = indication.split(|c: char| !c.is_alphanumeric());
    found.any(|word| words.contains(&word))
}

/// A change that gives a drug, at so many times the dose.
pub(super) fn times(change: gutskin_network::Change, dose: f64) -> gutskin_network::Change {
    let action = match change.action {
        Action::Set(value) => Action::Set(dose * value),
        Action::Add(amount) => Action::Add(dose * amount),
        other => other,
    };
    gutskin_network::Change { action, ..change }
}
