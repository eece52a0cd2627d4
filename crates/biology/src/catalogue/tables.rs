//! The texts of the tables that models are built from, with a user's changes of single cells.

use super::foods::{read_foods, read_prebiotics};
use super::synbiotics::{self, SYNBIOTICS, Synbiotic};
use super::{
    Catalogue, CatalogueError, DIETS, DietRow, EXPOSURES, Eaten, Exposure, FOOD_INPUTS, FOODS,
    PREBIOTICS, SKIN_DRUG_TARGETS, SKIN_DRUGS, SkinDrug, TABLES, read_diets, read_exposures,
    read_skin_drugs, stem_of, table::hint,
};
use gutskin_network::ParameterTable;
use gutskin_network::overrides::Rows;
use std::cell::Cell;

/// Tables that scenarios look things up in, beside those that models are built from.
const LOOKED_UP: [(&str, &str); 8] = [
    FOODS,
    FOOD_INPUTS,
    PREBIOTICS,
    SYNBIOTICS,
    DIETS,
    EXPOSURES,
    SKIN_DRUGS,
    SKIN_DRUG_TARGETS,
];

/// All of them, those of models first.
fn shipped() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.iter().copied().chain(LOOKED_UP)
}

/// The project's own tables as texts, of which single cells can be changed before they are read.
#[derive(Clone, Debug)]
pub struct Tables {
    sources: Vec<Source>,
    /// Has a model been built from them?
    read: Cell<bool>,
}

#[derive(Clone, Debug)]
struct Source {
    /// Name of the file, with the changes made to it, for messages.
    file: String,
    text: String,
}

impl Tables {
    /// The project's own.
    #[must_use]
    pub fn shipped() -> Self {
        let source = |(file, text): (&str, &str)| Source {
            file: file.to_owned(),
            text: text.to_owned(),
        };
        Self {
            sources: shipped().map(source).collect(),
            read: Cell::new(false),
        }
    }

    /// Reads and checks them all.
    ///
    /// # Errors
    /// The first fault, with file, line, mend, and the changes that were made to that file.
    pub fn catalogue(&self) -> Result<Catalogue, CatalogueError> {
        self.read.set(true);
        let texts: Vec<(&str, &str)> = self
            .sources
            .iter()
            .take(TABLES.len())
            .map(|s| (s.file.as_str(), s.text.as_str()))
            .collect();
        Catalogue::from_texts(&texts)
    }

    /// Name, with the changes made, and text of a table.
    pub(super) fn of(&self, (file, text): (&'static str, &'static str)) -> (&str, &str) {
        let at = shipped().position(|(known, _)| known == file);
        let found = at.and_then(|i| self.sources.get(i));
        found.map_or((file, text), |s| (s.file.as_str(), s.text.as_str()))
    }

    /// Is a table of this name one that scenarios look things up in?
    #[must_use]
    pub fn is_looked_up(name: &str) -> bool {
        LOOKED_UP.iter().any(|(file, _)| stem_of(file) == name)
    }

    /// Foods, with shares of what arrives from these parameters.
    ///
    /// # Errors
    /// The first fault, with file, line and mend; likewise for the tables below.
    pub fn foods(&self, parameters: &ParameterTable) -> Result<Vec<Eaten>, CatalogueError> {
        read_foods(self.of(FOODS), self.of(FOOD_INPUTS), parameters)
    }

    /// Prebiotics.
    ///
    /// # Errors
    /// As [`Tables::foods`].
    pub fn prebiotics(&self) -> Result<Vec<Eaten>, CatalogueError> {
        let (file, text) = self.of(PREBIOTICS);
        read_prebiotics(file, text)
    }

    /// Synbiotics.
    ///
    /// # Errors
    /// As [`Tables::foods`].
    pub fn synbiotics(&self) -> Result<Vec<Synbiotic>, CatalogueError> {
        let (file, text) = self.of(SYNBIOTICS);
        synbiotics::read(file, text)
    }

    /// Diet patterns.
    ///
    /// # Errors
    /// As [`Tables::foods`].
    pub fn diets(&self) -> Result<Vec<DietRow>, CatalogueError> {
        let (file, text) = self.of(DIETS);
        read_diets(file, text)
    }

    /// Exposures.
    ///
    /// # Errors
    /// As [`Tables::foods`].
    pub fn exposures(&self) -> Result<Vec<Exposure>, CatalogueError> {
        let (file, text) = self.of(EXPOSURES);
        read_exposures(file, text)
    }

    /// Drugs of the skin.
    ///
    /// # Errors
    /// As [`Tables::foods`].
    pub fn skin_drugs(&self) -> Result<Vec<SkinDrug>, CatalogueError> {
        read_skin_drugs(self.of(SKIN_DRUGS), self.of(SKIN_DRUG_TARGETS))
    }

    /// Puts the text of a file in place of a table.
    fn replace(&mut self, name: &str, file: &str, text: &str) -> Result<(), String> {
        let names = || shipped().map(|(known, _)| stem_of(known));
        let at = names().position(|known| known == name);
        match at.and_then(|i| self.sources.get_mut(i)) {
            Some(source) => {
                file.clone_into(&mut source.file);
                text.clone_into(&mut source.text);
                Ok(())
            }
            None => {
                let known: Vec<&str> = names().collect();
                Err(format!(
                    "no table is called \"{name}\"; known: {}{}",
                    known.join(", "),
                    hint(name, names())
                ))
            }
        }
    }

    /// The text of a table that ships, to start one's own from.
    #[must_use]
    pub fn text_of(name: &str) -> Option<&'static str> {
        let found = shipped().find(|(file, _)| stem_of(file) == name);
        found.map(|(_, text)| text)
    }

    /// Names of all tables.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        shipped().map(|(file, _)| stem_of(file)).collect()
    }

    /// Has [`Tables::catalogue`] been called, so that changes can have an effect?
    #[must_use]
    pub fn were_read(&self) -> bool {
        self.read.get()
    }
}

impl Rows for Tables {
    /// `path` is `table.row.column`; a row is named by its first cell, or by its first two with a dot between where
    /// the first stands in several rows (`kinetics.BAC.starch.growth`). A path that is the name of a table takes the
    /// name of a file, a line break and the file's text in place of the whole table.
    fn set(&mut self, path: &str, value: &str) -> Result<(), String> {
        if let (false, Some((file, text))) = (path.contains('.'), value.split_once('\n')) {
            return self.replace(path, file, text);
        }
        let (name, row, column) = parts(path)?;
        let names = || shipped().map(|(file, _)| stem_of(file));
        let at = names().position(|known| known == name).ok_or_else(|| {
            let known: Vec<&str> = names().collect();
            format!(
                "no table is called \"{name}\"; known: {}{}",
                known.join(", "),
                hint(name, names())
            )
        })?;
        if value.contains(['\n', '\r']) {
            return Err("a cell cannot hold a line break".to_owned());
        }
        let Some(source) = self.sources.get_mut(at) else {
            return Err(format!("the table \"{name}\" is not loaded"));
        };
        source.text = with_cell(&source.text, (name, row, column), value)?;
        source.file = format!("{} with {path} = {value}", source.file);
        Ok(())
    }
}

fn parts(path: &str) -> Result<(&str, &str, &str), String> {
    let split = path.split_once('.').and_then(|(table, rest)| {
        let (row, column) = rest.rsplit_once('.')?;
        Some((table, row, column))
    });
    split.filter(|p| !p.1.is_empty()).ok_or_else(|| {
        format!("\"{path}\" names no cell; expected catalogue.TABLE.ROW.COLUMN, for example catalogue.guilds.BAC.capacity")
    })
}

/// The text with one cell changed; every line keeps its place, so that messages still name the right one.
fn with_cell(
    text: &str,
    (table, row, column): (&str, &str, &str),
    value: &str,
) -> Result<String, String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut header = None;
    let mut found: Vec<(usize, Vec<String>)> = Vec::new();
    let mut keys = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let Some(cells) = cells_of(line) else {
            continue;
        };
        if header.is_none() {
            header = Some(cells);
            continue;
        }
        let first = cells.first().cloned().unwrap_or_default();
        let both = format!("{first}.{}", cells.get(1).map_or("", String::as_str));
        if first == row || both == row {
            found.push((number, cells));
        }
        keys.push(first);
        keys.push(both);
    }
    let header = header.unwrap_or_default();
    let (number, mut cells) = match (found.pop(), found.is_empty()) {
        (Some(only), true) => only,
        (None, _) => {
            let near = hint(row, keys.iter().map(String::as_str));
            return Err(format!("table \"{table}\" has no row \"{row}\"{near}"));
        }
        (Some((_, last)), false) => {
            let second = last.get(1).map_or("", String::as_str);
            return Err(format!(
                "{} rows of table \"{table}\" start with \"{row}\"; name one by its first two cells, for example {row}.{second}",
                found.len() + 1
            ));
        }
    };
    let Some(at) = header.iter().position(|known| known == column) else {
        let near = hint(column, header.iter().map(String::as_str));
        return Err(format!(
            "table \"{table}\" has no column \"{column}\"{near}"
        ));
    };
    if cells.len() <= at {
        cells.resize(at + 1, String::new());
    }
    // What somebody sets is no longer what the source of the row says.
    let told = [(column, value), ("source", "override"), ("mark", "assumed")];
    let names_itself = |name: &str| ["source", "mark"].contains(&name);
    for (name, text) in told
        .into_iter()
        .take(if names_itself(column) { 1 } else { 3 })
    {
        let at = header.iter().position(|known| known == name);
        if let Some(cell) = at.and_then(|i| cells.get_mut(i)) {
            text.clone_into(cell);
        }
    }
    let changed = written(&cells)?;
    Ok(lines
        .iter()
        .enumerate()
        .map(|(i, line)| if i == number { changed.as_str() } else { line })
        .collect())
}

/// The cells of a line; none where it is empty or a comment.
fn cells_of(line: &str) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(line.trim_start_matches('\u{feff}').as_bytes());
    let record = reader.records().next()?.ok()?;
    Some(record.iter().map(str::to_owned).collect())
}

fn written(cells: &[String]) -> Result<String, String> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(cells).map_err(|e| e.to_string())?;
    let bytes = writer.into_inner().map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(changes: &[(&str, &str)]) -> Result<Tables, String> {
        let mut tables = Tables::shipped();
        for (path, value) in changes {
            tables.set(path, value)?;
        }
        Ok(tables)
    }

    #[test]
    fn one_cell_changes_and_nothing_else() {
        let shipped = Catalogue::shipped().unwrap();
        let changed = set(&[
            ("guilds.BAC.capacity", "3"),
            ("kinetics.BAC.starch.growth", "8"),
            ("drugs.doxycycline_full_dose.dose", "100"),
        ])
        .unwrap()
        .catalogue()
        .unwrap();
        assert_eq!(changed.guild("BAC").unwrap().capacity.value, 3.0);
        assert_eq!(changed.kinetics[0].growth.value, 8.0);
        let drug = changed
            .drugs
            .iter()
            .find(|d| d.id == "doxycycline_full_dose");
        assert_eq!(drug.unwrap().dose.value, 100.0);
        assert_eq!(shipped.guilds[1..].len(), changed.guilds[1..].len());
        for (a, b) in shipped.guilds.iter().zip(&changed.guilds).skip(1) {
            assert_eq!(
                (&a.name, &a.capacity, &a.provenance),
                (&b.name, &b.capacity, &b.provenance)
            );
        }
    }

    #[test]
    fn a_whole_table_is_replaced_and_its_faults_name_the_file() {
        let text = Tables::text_of("strains").unwrap();
        let mine = format!(
            "mine/strains.csv\n{text}own,Own,Bifidobacterium longum,BIF,,1e9,CFU/d,,,,,,,,,,0,,,,me,assumed,,,\n"
        );
        let found = set(&[("strains", &mine)]).unwrap().catalogue().unwrap();
        assert!(found.strains.iter().any(|s| s.id == "own"));
        let bad = mine.replace("Own,Bifidobacterium longum", "Own,");
        let error = set(&[("strains", &bad)])
            .unwrap()
            .catalogue()
            .unwrap_err()
            .to_string();
        let line = text.lines().count() + 1;
        assert!(
            error.starts_with(&format!("mine/strains.csv:{line}: ")) && error.contains("species"),
            "{error}"
        );
        let unknown = set(&[("strain", "a.csv\nid\n")]).unwrap_err();
        assert!(unknown.contains("did you mean \"strains\""), "{unknown}");
    }

    #[test]
    fn mistakes_say_what_to_do() {
        for (path, said) in [
            ("guilds", "catalogue.TABLE.ROW.COLUMN"),
            ("guilds.BAC", "catalogue.TABLE.ROW.COLUMN"),
            ("guild.BAC.capacity", "did you mean \"guilds\""),
            ("guilds.BACC.capacity", "did you mean \"BAC\""),
            ("guilds.BAC.capacty", "did you mean \"capacity\""),
            ("kinetics.BAC.growth", "first two cells"),
        ] {
            let error = set(&[(path, "1")]).unwrap_err();
            assert!(error.contains(said), "{path}: {error}");
        }
        let unfit = set(&[("guilds.BAC.capacity", "-1")]).unwrap();
        let error = unfit.catalogue().unwrap_err().to_string();
        assert!(
            error.contains("with guilds.BAC.capacity = -1:3:"),
            "{error}"
        );
    }
}
