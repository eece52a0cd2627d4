//! BIOM 1.0 (JSON) and 2.1 (HDF5).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Builder, Cohort, Format};
use crate::taxonomy::Rank;

use super::biom_axis::{AxesSeed, Axis};
use super::hdf5::Hdf5;
use super::input::Input;
use super::limits::Limits;

/// Numbers of `data` taken at most: three a value where the matrix is sparse.
const MOST_NUMBERS: usize = 30_000_000;

/// Numbers of the matrix, flat, with the length of the inner arrays.
#[derive(Debug, Default)]
struct Flat {
    numbers: Vec<f64>,
    width: usize,
    outer: usize,
}

struct FlatSeed {
    most: usize,
}

impl<'de> DeserializeSeed<'de> for FlatSeed {
    type Value = Flat;
    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<Flat, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for FlatSeed {
    type Value = Flat;
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of arrays of numbers")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut outer: A) -> std::result::Result<Flat, A::Error> {
        let mut flat = Flat::default();
        while let Some(width) = outer.next_element_seed(InnerSeed {
            numbers: &mut flat.numbers,
            most: self.most,
        })? {
            if flat.outer > 0 && width != flat.width {
                return Err(serde::de::Error::custom(format!(
                    "rows of {} and {width} numbers in `data`",
                    flat.width
                )));
            }
            flat.width = width;
            flat.outer += 1;
        }
        Ok(flat)
    }
}

struct InnerSeed<'a> {
    numbers: &'a mut Vec<f64>,
    most: usize,
}

impl<'de> DeserializeSeed<'de> for InnerSeed<'_> {
    type Value = usize;
    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<usize, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for InnerSeed<'_> {
    type Value = usize;
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of numbers")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut inner: A) -> std::result::Result<usize, A::Error> {
        let before = self.numbers.len();
        while let Some(number) = inner.next_element::<f64>()? {
            if self.numbers.len() >= self.most {
                return Err(serde::de::Error::custom(format!(
                    "more than {} numbers in `data`",
                    self.most
                )));
            }
            self.numbers.push(number);
        }
        Ok(self.numbers.len() - before)
    }
}

#[derive(Debug, Default)]
struct BiomJson {
    rows: Option<Vec<Axis>>,
    columns: Option<Vec<Axis>>,
    data: Option<Flat>,
    shape: Vec<u64>,
    matrix_type: String,
    generated_by: String,
    kind: String,
}

struct BiomSeed {
    limits: Limits,
}

impl<'de> DeserializeSeed<'de> for BiomSeed {
    type Value = BiomJson;
    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<BiomJson, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BiomSeed {
    type Value = BiomJson;
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a BIOM table")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<BiomJson, A::Error> {
        let mut table = BiomJson::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "rows" => {
                    let most = self.limits.features;
                    table.rows = Some(map.next_value_seed(AxesSeed { most })?);
                }
                "columns" => {
                    let most = self.limits.samples;
                    table.columns = Some(map.next_value_seed(AxesSeed { most })?);
                }
                "data" => {
                    let most = self.limits.cells.min(MOST_NUMBERS / 3) * 3;
                    table.data = Some(map.next_value_seed(FlatSeed { most })?);
                }
                "shape" => table.shape = map.next_value()?,
                "matrix_type" => table.matrix_type = map.next_value()?,
                "generated_by" => table.generated_by = text_or_empty(map.next_value()?),
                "type" => table.kind = text_or_empty(map.next_value()?),
                _ => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
        Ok(table)
    }
}

fn text_or_empty(value: Option<serde_json::Value>) -> String {
    value
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Reads BIOM 1.0.
///
/// # Errors
/// When the JSON is damaged, is no BIOM table, or breaks its own shape.
pub fn json(input: Input) -> Result<Cohort> {
    let name = input.name.clone();
    let limits = input.limits;
    let bytes = input.into_bytes()?;
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    let table = BiomSeed { limits }
        .deserialize(&mut deserializer)
        .map_err(|error| PeopleError::Malformed {
            file: name.clone(),
            place: format!("line {}, column {}", error.line(), error.column()),
            found: error.to_string(),
            expected: "a BIOM 1.0 table in JSON".to_owned(),
            advice: "The file may be cut short or be some other JSON".to_owned(),
        })?;
    drop(bytes);
    let (Some(rows), Some(columns), Some(data)) = (&table.rows, &table.columns, &table.data) else {
        return Err(PeopleError::NotAProfile {
            file: name,
            seems: "JSON, but no BIOM table (`rows`, `columns` or `data` is missing)".to_owned(),
            needed: "Give a BIOM table, or a table of taxa by samples".to_owned(),
        });
    };
    let mut builder = Builder::new(&name, Format::BiomJson, limits);
    refuse_kind(&name, &table.kind)?;
    if !table.generated_by.is_empty() {
        builder.cohort().database = Some(format!("generated by {}", table.generated_by));
    }
    if !table.shape.is_empty() && table.shape != [rows.len() as u64, columns.len() as u64] {
        return Err(shape_error(
            &name,
            format!("{} rows and {} columns", rows.len(), columns.len()),
            &table.shape,
        ));
    }
    for column in columns {
        builder.sample(&column.id)?;
    }
    let mut features = Vec::with_capacity(rows.len());
    for row in rows {
        features.push(builder.new_feature(&row.id, row.lineage.clone())?);
    }
    let sparse = if table.matrix_type == "dense" {
        false
    } else {
        table.matrix_type == "sparse" || data.width == 3
    };
    if data.outer > 0 {
        if sparse {
            fill_sparse(&name, data, &features, columns.len(), &mut builder)?;
        } else {
            fill_dense(&name, data, &features, columns.len(), &mut builder)?;
        }
    }
    empty_check(&name, rows.len(), columns.len())?;
    Ok(builder.finish())
}

fn fill_sparse(
    name: &str,
    data: &Flat,
    features: &[u32],
    samples: usize,
    builder: &mut Builder,
) -> Result<()> {
    if data.width != 3 {
        return Err(shape_error(
            name,
            format!("entries of {} numbers in `data`", data.width),
            &[3],
        ));
    }
    for (index, entry) in data.numbers.chunks_exact(3).enumerate() {
        let at = |value: f64, most: usize| -> Option<usize> {
            (value >= 0.0 && value.fract() == 0.0 && value < most as f64).then_some(value as usize)
        };
        let (Some(row), Some(column)) = (at(entry[0], features.len()), at(entry[1], samples))
        else {
            return Err(shape_error(
                name,
                format!(
                    "an entry for row {}, column {} in `data`",
                    entry[0], entry[1]
                ),
                &[features.len() as u64, samples as u64],
            ));
        };
        builder.value(column, features[row], entry[2], &|| {
            format!("`data`, entry {}", index + 1)
        })?;
    }
    Ok(())
}

fn fill_dense(
    name: &str,
    data: &Flat,
    features: &[u32],
    samples: usize,
    builder: &mut Builder,
) -> Result<()> {
    if data.outer != features.len() || data.width != samples {
        return Err(shape_error(
            name,
            format!("`data` of {} × {}", data.outer, data.width),
            &[features.len() as u64, samples as u64],
        ));
    }
    if data.width == 0 {
        return Ok(());
    }
    for (row, values) in data.numbers.chunks_exact(data.width).enumerate() {
        for (column, value) in values.iter().enumerate() {
            builder.value(column, features[row], *value, &|| {
                format!("`data`, row {}, column {}", row + 1, column + 1)
            })?;
        }
    }
    Ok(())
}

/// Reads BIOM 2.1 from the bytes of an HDF5 file.
///
/// # Errors
/// When the file is damaged, no BIOM table, or breaks its own shape.
pub fn hdf5(name: &str, bytes: Vec<u8>, limits: Limits) -> Result<Cohort> {
    let file = Hdf5::open(name, bytes, limits)?;
    if file.shape("observation/ids").is_none() || file.shape("sample/ids").is_none() {
        return Err(PeopleError::NotAProfile {
            file: name.to_owned(),
            seems:
                "an HDF5 file, but no BIOM 2.1 table (`observation/ids` or `sample/ids` is missing)"
                    .to_owned(),
            needed: "Give a BIOM table, or a table of taxa by samples".to_owned(),
        });
    }
    refuse_kind(name, &file.attribute("type"))?;
    let mut builder = Builder::new(name, Format::BiomHdf5, limits);
    let generated = file.attribute("generated-by");
    if !generated.is_empty() {
        builder.cohort().database = Some(format!("generated by {generated}"));
    }
    let samples = file.strings("sample/ids")?;
    let ids = file.strings("observation/ids")?;
    if let Some(claimed) = file.integer_attribute("shape")
        && claimed != [ids.len() as i128, samples.len() as i128]
    {
        return Err(PeopleError::Malformed {
            file: name.to_owned(),
            place: "HDF5, attribute `shape`".to_owned(),
            found: format!("{claimed:?}"),
            expected: format!(
                "[{}, {}], the numbers of features and samples in the file",
                ids.len(),
                samples.len()
            ),
            advice: "The file contradicts itself, so it was damaged or edited: export it again"
                .to_owned(),
        });
    }
    empty_check(name, ids.len(), samples.len())?;
    for sample in &samples {
        builder.sample(sample)?;
    }
    let lineages = lineages(&file, ids.len(), builder.cohort())?;
    let mut features = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        features.push(builder.new_feature(id, lineages.get(index).cloned())?);
    }
    let by_sample = file.shape("sample/matrix/data").is_some();
    let group = if by_sample { "sample" } else { "observation" };
    let matrix = Compressed::read(
        &file,
        name,
        group,
        if by_sample { samples.len() } else { ids.len() },
    )?;
    let minor = if by_sample { ids.len() } else { samples.len() };
    for major in 0..matrix.pointers.len() - 1 {
        for at in matrix.pointers[major]..matrix.pointers[major + 1] {
            let index = matrix.indices[at];
            let Some(index) = usize::try_from(index).ok().filter(|index| *index < minor) else {
                return Err(shape_error(
                    name,
                    format!("the index {index} in `{group}/matrix/indices`"),
                    &[minor as u64],
                ));
            };
            let (sample, feature) = if by_sample {
                (major, index)
            } else {
                (index, major)
            };
            builder.value(sample, features[feature], matrix.data[at], &|| {
                format!(
                    "`{group}/matrix/data`, sample `{}`, feature `{}`",
                    samples[sample], ids[feature]
                )
            })?;
        }
    }
    if by_sample
        && let Some(other) = file.shape("observation/matrix/data")
        && other != [matrix.data.len() as u64]
    {
        builder.note(format!(
            "the file holds the matrix twice, and the two differ ({} entries by sample, {} by observation): a table cut by hand? The one by sample is used",
            matrix.data.len(),
            other.first().copied().unwrap_or_default()
        ));
    }
    Ok(builder.finish())
}

/// A sparse matrix in compressed rows or columns.
struct Compressed {
    data: Vec<f64>,
    indices: Vec<i64>,
    pointers: Vec<usize>,
}

impl Compressed {
    fn read(file: &Hdf5, name: &str, group: &str, majors: usize) -> Result<Self> {
        let data = file.numbers(&format!("{group}/matrix/data"))?;
        let indices = file.integers(&format!("{group}/matrix/indices"))?;
        let raw = file.integers(&format!("{group}/matrix/indptr"))?;
        let mut pointers = Vec::with_capacity(raw.len());
        for value in raw {
            pointers.push(usize::try_from(value).unwrap_or(usize::MAX));
        }
        let whole = data.len() == indices.len()
            && pointers.len() == majors + 1
            && pointers.first() == Some(&0)
            && pointers.last() == Some(&data.len())
            && pointers.windows(2).all(|pair| pair[0] <= pair[1]);
        if !whole {
            return Err(shape_error(
                name,
                format!(
                    "{} values, {} indices and {} pointers in `{group}/matrix`",
                    data.len(),
                    indices.len(),
                    pointers.len()
                ),
                &[majors as u64],
            ));
        }
        Ok(Self {
            data,
            indices,
            pointers,
        })
    }
}

/// Lineages of the observations, and the ranks of their parts where group metadata name them.
fn lineages(file: &Hdf5, observations: usize, cohort: &mut Cohort) -> Result<Vec<String>> {
    let path = [
        "taxonomy",
        "Taxonomy",
        "taxon",
        "Taxon",
        "lineage",
        "Consensus Lineage",
    ]
    .iter()
    .map(|key| format!("observation/metadata/{key}"))
    .find(|path| file.shape(path).is_some());
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let shape = file.shape(&path).unwrap_or_default();
    let texts = file.strings(&path)?;
    let width = match shape.as_slice() {
        [rows] if *rows as usize == observations => 1,
        [rows, width] if *rows as usize == observations => *width as usize,
        _ => {
            return Err(shape_error(
                &cohort.file,
                format!("`{path}` of the shape {shape:?}"),
                &[observations as u64],
            ));
        }
    };
    if width == 0 || texts.len() != observations * width {
        return Ok(Vec::new());
    }
    if file.shape("observation/group-metadata/ranks").is_some() {
        let ranks = file
            .strings("observation/group-metadata/ranks")
            .unwrap_or_default()
            .join(";");
        let ranks: Vec<Option<Rank>> = ranks.split(';').map(Rank::from_name).collect();
        if ranks.len() >= width && ranks.iter().any(Option::is_some) {
            cohort.rank_names = ranks;
        }
    }
    Ok(texts
        .chunks_exact(width)
        .map(|parts| parts.join(";"))
        .collect())
}

fn empty_check(name: &str, rows: usize, columns: usize) -> Result<()> {
    if rows == 0 || columns == 0 {
        return Err(PeopleError::Unusable {
            file: name.to_owned(),
            problem: format!("the BIOM table is empty ({rows} features, {columns} samples)"),
            advice: "Export the table again; a filter may have removed everything".to_owned(),
        });
    }
    Ok(())
}

fn refuse_kind(name: &str, kind: &str) -> Result<()> {
    let lower = kind.to_lowercase();
    let other = [
        "function",
        "pathway",
        "gene",
        "metabolite",
        "ortholog",
        "protein",
    ];
    if other.iter().any(|word| lower.contains(word)) {
        return Err(PeopleError::NotAProfile {
            file: name.to_owned(),
            seems: format!("a BIOM table of the type `{kind}`"),
            needed: "A profile is an OTU or taxon table".to_owned(),
        });
    }
    Ok(())
}

fn shape_error(name: &str, found: String, expected: &[u64]) -> PeopleError {
    PeopleError::Malformed {
        file: name.to_owned(),
        place: "BIOM matrix".to_owned(),
        found,
        expected: format!("what the table's shape {expected:?} allows"),
        advice: "The table contradicts itself: export it again".to_owned(),
    }
}
