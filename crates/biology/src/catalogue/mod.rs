//! Tables of the project: what the ecosystem is made of, what people eat, take and are given.
//!
//! Each table is a CSV file under `catalogue/`, compiled in; a user's own text can stand in for any of them.

mod balance;
mod bounds;
mod browse;
mod diets;
mod ecosystem;
mod exposure;
mod exposures;
mod fit;
mod foods;
mod input;
mod skin;
mod species;
mod synbiotics;
pub(crate) mod table;
mod tables;

use balance::Owners;
pub use balance::{Content, HEXOSE_ELECTRONS};
pub use browse::{Entry, KINDS, by_misspelt_words, by_words, entries};
pub use diets::{DIETS, DietRow, diets, read_diets};
pub use ecosystem::{Absorption, Beside, GuildRow, KineticRow, Metabolite, Per, Route, Substrate};
pub use exposure::{EXPOSURES, Exposure, read as read_exposures, shipped as shipped_exposures};
pub(crate) use exposures::TRAIT;
pub use exposures::{Drug, KillRow, StrainRow};
pub use fit::KnownInput;
pub use foods::{Eaten, FOOD_INPUTS, FOODS, PREBIOTICS, foods, prebiotics};
pub use input::{InputBounds, input_bounds};
pub use skin::{
    SKIN_DRUG_TARGETS, SKIN_DRUGS, SkinDrug, SkinEffect, SkinKinetics, TARGETS as SKIN_TARGETS,
    read as read_skin_drugs, shipped as shipped_skin_drugs,
};
pub use synbiotics::{Component, SYNBIOTICS, Synbiotic};
pub use table::{CatalogueError, Provenance, Quantity};
pub use tables::Tables;

/// Names of the tables.
pub const TABLES: &[(&str, &str)] = &[
    (
        "catalogue/metabolites.csv",
        include_str!("../../../../catalogue/metabolites.csv"),
    ),
    (
        "catalogue/pools.csv",
        include_str!("../../../../catalogue/pools.csv"),
    ),
    (
        "catalogue/guilds.csv",
        include_str!("../../../../catalogue/guilds.csv"),
    ),
    (
        "catalogue/routes.csv",
        include_str!("../../../../catalogue/routes.csv"),
    ),
    (
        "catalogue/kinetics.csv",
        include_str!("../../../../catalogue/kinetics.csv"),
    ),
    (
        "catalogue/kills.csv",
        include_str!("../../../../catalogue/kills.csv"),
    ),
    (
        "catalogue/drugs.csv",
        include_str!("../../../../catalogue/drugs.csv"),
    ),
    (
        "catalogue/drug_inputs.csv",
        include_str!("../../../../catalogue/drug_inputs.csv"),
    ),
    (
        "catalogue/strains.csv",
        include_str!("../../../../catalogue/strains.csv"),
    ),
];

/// All tables, read and checked against each other.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Dissolved products and electron acceptors.
    pub metabolites: Vec<Metabolite>,
    /// Substrates counted in grams.
    pub substrates: Vec<Substrate>,
    /// Functional guilds.
    pub guilds: Vec<GuildRow>,
    /// Stoichiometry of catabolism.
    pub routes: Vec<Route>,
    /// Growth of guilds on substrates.
    pub kinetics: Vec<KineticRow>,
    /// Drugs.
    pub drugs: Vec<Drug>,
    /// Kill strengths by guild.
    pub kills: Vec<KillRow>,
    /// Strains and products that are eaten.
    pub strains: Vec<StrainRow>,
    /// What biomass holds per gram of dry weight: the row of class debris.
    pub biomass: Content,
    /// What is to be said of species that no table knows.
    unknown_species: Vec<String>,
}

impl Catalogue {
    /// The project's own tables.
    ///
    /// # Errors
    /// A fault in a shipped table, with file and line; the tests keep that from happening.
    pub fn shipped() -> Result<Self, CatalogueError> {
        Self::with_tables(&[])
    }

    /// The project's own tables, some replaced by the user's: pairs of table name (`guilds`, `catalogue/guilds.csv` or
    /// a path that ends so) and text.
    ///
    /// # Errors
    /// The first fault found, with file, line and what to do.
    pub fn with_tables(replaced: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        for (file, _) in replaced {
            if !TABLES
                .iter()
                .any(|(known, _)| stem_of(known) == stem_of(file))
            {
                return Err(CatalogueError {
                    file: (*file).to_owned(),
                    line: 1,
                    message: format!(
                        "no table is called \"{}\"{}",
                        stem_of(file),
                        table::hint(stem_of(file), TABLES.iter().map(|(f, _)| stem_of(f)))
                    ),
                });
            }
        }
        let own = |stem: &str| replaced.iter().find(|(file, _)| stem_of(file) == stem);
        let texts: Vec<(&str, &str)> = TABLES
            .iter()
            .map(|shipped| *own(stem_of(shipped.0)).unwrap_or(shipped))
            .collect();
        Self::from_texts(&texts)
    }

    /// From the names and texts of all tables, in the order of [`TABLES`].
    fn from_texts(texts: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let find = |stem: &str| -> (String, String) {
            let at = TABLES.iter().position(|(file, _)| stem_of(file) == stem);
            at.and_then(|i| texts.get(i))
                .map_or((stem.to_owned(), String::new()), |(file, text)| {
                    ((*file).to_owned(), (*text).to_owned())
                })
        };
        let (file, text) = find("metabolites");
        let metabolites = ecosystem::metabolites(&file, &text)?;
        let (pools_file, text) = find("pools");
        let substrates = ecosystem::substrates(&pools_file, &text)?;
        let (file, text) = find("guilds");
        let guilds = ecosystem::guilds(&file, &text)?;
        let (file, text) = find("routes");
        let routes = ecosystem::routes(&file, &text, &metabolites)?;
        let (file, text) = find("kinetics");
        let kinetics =
            ecosystem::kinetics(&file, &text, (&metabolites, &substrates, &guilds, &routes))?;
        let (file, text) = find("kills");
        let kills = exposures::kills(&file, &text, &guilds)?;
        let (file, text) = find("drugs");
        let mut drugs = exposures::drugs(&file, &text, &kills)?;
        let (file, text) = find("drug_inputs");
        exposures::drug_inputs(&file, &text, &mut drugs)?;
        let (file, text) = find("strains");
        let strains = exposures::strains(&file, &text, &guilds)?;
        let unknown_species = species::check((&file, &text), &strains, &guilds)?;
        let names = TABLES.iter().map(|(file, _)| *file);
        bounds::check(&names.zip(texts.iter().copied()).collect::<Vec<_>>())?;
        let Some(debris) = substrates.iter().find(|s| s.class == "debris") else {
            return Err(CatalogueError {
                file: pools_file,
                line: 1,
                message:
                    "no pool has the class debris; keep the row that says what dead microbes hold"
                        .to_owned(),
            });
        };
        let biomass = Content {
            carbon: debris.carbon,
            electrons: debris.electrons,
            nitrogen: debris.nitrogen,
        };
        let catalogue = Self {
            metabolites,
            substrates,
            guilds,
            routes,
            kinetics,
            drugs,
            kills,
            unknown_species,
            strains,
            biomass,
        };
        let owners = Owners::new(texts);
        catalogue.check_balance(&owners)?;
        Ok(catalogue)
    }

    /// The route of that name.
    pub fn route(&self, name: &str) -> Option<&Route> {
        self.routes.iter().find(|r| r.name == name)
    }

    /// The guild of that name.
    pub fn guild(&self, name: &str) -> Option<&GuildRow> {
        self.guilds.iter().find(|g| g.name == name)
    }

    /// The pool of that name.
    pub fn substrate(&self, name: &str) -> Option<&Substrate> {
        self.substrates.iter().find(|s| s.name == name)
    }

    /// The metabolite of that name.
    pub fn metabolite(&self, name: &str) -> Option<&Metabolite> {
        self.metabolites.iter().find(|m| m.name == name)
    }

    /// Biomass per unit of substrate used, g/g or g/mmol.
    fn yield_of(&self, row: &KineticRow) -> f64 {
        let own = row.yields.as_ref();
        let pool = || self.substrate(&row.substrate).map(|s| &s.yields);
        own.or_else(pool).map_or(0.0, |q| q.value)
    }
}

fn stem_of(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".csv").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_read() {
        let catalogue = Catalogue::shipped().unwrap();
        assert_eq!(catalogue.guilds.len(), 18);
        assert!(catalogue.kinetics.len() > 80);
    }

    fn changed(table: &str, from: &str, to: &str) -> String {
        let name = format!("catalogue/{table}.csv");
        let text = TABLES.iter().find(|(f, _)| *f == name).unwrap().1;
        assert!(text.contains(from), "{from}");
        Catalogue::with_tables(&[(&format!("mine/{table}.csv"), &text.replacen(from, to, 1))])
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn faults_say_file_line_and_mend() {
        let missing_unit = changed("guilds", "gDW/L,", ",");
        assert!(
            missing_unit.starts_with("mine/guilds.csv:3: \"capacity\" has no unit"),
            "{missing_unit}"
        );
        let wrong_unit = changed("kinetics", "BAC,starch,9,1/d", "BAC,starch,9,g");
        assert!(
            wrong_unit.starts_with("mine/kinetics.csv:3:") && wrong_unit.contains("1/d"),
            "{wrong_unit}"
        );
        let unknown = changed("kinetics", "BAC,starch,", "BACC,starch,");
        assert!(
            unknown.contains("guild \"BACC\" is not known; did you mean \"BAC\"?"),
            "{unknown}"
        );
        let open = changed(
            "routes",
            "hexose_BAC,hexose,1.15,0.3",
            "hexose_BAC,hexose,1.15,1.3",
        );
        assert!(
            open.starts_with("mine/routes.csv:2: route \"hexose_BAC\" makes 38.00"),
            "{open}"
        );
        let carbon = changed(
            "routes",
            "hexose_LAB,hexose,0.2,,,0.95,0.75,,,0.17",
            "hexose_LAB,hexose,0.2,,,0.95,0.75,,1,",
        );
        assert!(carbon.contains("more carbon than it takes in"), "{carbon}");
        let negative = changed("kinetics", "BAC,starch,9", "BAC,starch,-9");
        assert!(negative.contains("zero or more"), "{negative}");
        let species = changed(
            "strains",
            "GG (ATCC 53103),Lacticaseibacillus rhamnosus",
            "GG (ATCC 53103),",
        );
        assert!(
            species.contains("strain \"lgg\" has no species"),
            "{species}"
        );
        let score = changed("drugs", ",-2,-2,-2,-1,-3,", ",-2,-2,-2,-1,-4,");
        assert!(score.contains("scores run from -3 to 3"), "{score}");
        let share = changed("guilds", ",22,32.1,", ",22,200,");
        assert!(
            share.starts_with("mine/guilds.csv:3: \"reference_share\" is 200")
                && share.contains("100"),
            "{share}"
        );
        let table = Catalogue::with_tables(&[("guild.csv", "")])
            .unwrap_err()
            .to_string();
        assert!(table.contains("did you mean \"guilds\""), "{table}");
    }

    #[test]
    fn guilds_that_grow_on_nothing_are_told() {
        let text = TABLES
            .iter()
            .find(|(f, _)| *f == "catalogue/kinetics.csv")
            .unwrap()
            .1;
        let of = |text: &str| {
            Catalogue::with_tables(&[("mine/kinetics.csv", text)])
                .unwrap_err()
                .to_string()
        };
        let header = text.lines().find(|l| l.starts_with("guild,")).unwrap();
        let none = of(&format!("{header}\n"));
        assert!(
            none.starts_with("mine/kinetics.csv:1: ")
                && none.contains("no rows")
                && none.contains("--own-table"),
            "{none}"
        );
        let kept: Vec<&str> = text.lines().filter(|l| !l.starts_with("AKK,")).collect();
        let kept = kept.join("\n");
        let read = Catalogue::with_tables(&[("mine/kinetics.csv", &kept)]).unwrap();
        let told = read.remarks();
        assert!(
            told.len() == 1 && told[0].contains("\"AKK\" grows on nothing"),
            "{told:?}"
        );
    }

    /// The shipped strains with one row more.
    fn with_strain(species: &str, guild: &str) -> Result<Catalogue, CatalogueError> {
        let text = TABLES
            .iter()
            .find(|(f, _)| *f == "catalogue/strains.csv")
            .unwrap()
            .1;
        let mine =
            format!("{text}own,Own,{species},{guild},,1e9,CFU/d,,,,,,,,,,0,,,,me,assumed,,,\n");
        Catalogue::with_tables(&[("mine/strains.csv", &mine)])
    }

    #[test]
    fn strains_of_ones_own_are_in_the_guild_of_their_species() {
        for (species, guild) in [
            ("Bifidobacterium longum", "BIF"),
            ("Bifidobacterium animalis subsp. lactis", "BIF"),
            ("Lactobacillus plantarum", "LAB"),
            ("Lacticaseibacillus paracasei/Bifidobacterium breve", "BIF"),
            ("Weizmannia (Bacillus) coagulans", "LAB"),
        ] {
            let read = with_strain(species, guild).unwrap();
            assert!(read.remarks().is_empty(), "{species}: {:?}", read.remarks());
        }
        let line = TABLES
            .iter()
            .find(|(f, _)| *f == "catalogue/strains.csv")
            .unwrap()
            .1;
        let place = format!("mine/strains.csv:{}: ", line.lines().count() + 1);
        for (species, guild, said) in [
            ("Bifidobacterium longum", "BAC", "is in BIF"),
            ("Akkermansia muciniphila", "LAB", "is in AKK"),
            (
                "Bifidobacterum longum",
                "BIF",
                "did you mean \"Bifidobacterium\"",
            ),
        ] {
            let error = with_strain(species, guild).unwrap_err().to_string();
            assert!(error.starts_with(&place) && error.contains(said), "{error}");
        }
        let told = with_strain("Qqqqqqqqqq xyzzy", "BIF").unwrap().remarks();
        assert!(
            told.len() == 1 && told[0].starts_with(&place) && told[0].contains("brackets"),
            "{told:?}"
        );
    }
}
