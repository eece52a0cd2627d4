//! Foods and prebiotics: what eating them adds to the inputs of a model.

use super::table::{CatalogueError, Row, Table};
use gutskin_network::ParameterTable;
use gutskin_units::Unit;

/// The project's own table of foods.
pub const FOODS: (&str, &str) = (
    "catalogue/foods.csv",
    include_str!("../../../../catalogue/foods.csv"),
);
/// How a gram of a food moves inputs.
pub const FOOD_INPUTS: (&str, &str) = (
    "catalogue/food_inputs.csv",
    include_str!("../../../../catalogue/food_inputs.csv"),
);
/// The project's own table of prebiotics.
pub const PREBIOTICS: (&str, &str) = (
    "catalogue/prebiotics.csv",
    include_str!("../../../../catalogue/prebiotics.csv"),
);

/// Something eaten on top of the usual food.
#[derive(Clone, Debug, PartialEq)]
pub struct Eaten {
    /// Name in scenarios.
    pub id: String,
    /// Usual amount eaten, g/d: one serving a day of a food, the usual dose of a prebiotic; absent where unknown.
    pub usual: Option<f64>,
    /// Smallest and largest amount that was studied, g/d, where that is known.
    pub studied: Option<[f64; 2]>,
    /// What a gram a day adds to each input, with the unit.
    pub adds: Vec<(String, f64, Unit)>,
}

/// The foods that ship; shares of what is eaten that arrive are taken from the parameters.
///
/// # Errors
/// A fault in a table, with file and line; the tests keep that from happening.
pub fn foods(parameters: &ParameterTable) -> Result<Vec<Eaten>, CatalogueError> {
    read_foods(FOODS, FOOD_INPUTS, parameters)
}

/// The prebiotics that ship.
///
/// # Errors
/// A fault in the table, with file and line; the tests keep that from happening.
pub fn prebiotics() -> Result<Vec<Eaten>, CatalogueError> {
    read_prebiotics(PREBIOTICS.0, PREBIOTICS.1)
}

/// Column of the part of other soluble fibre that is fermented as slowly as psyllium; tables of one's own may lack it.
const SLOW: &str = "slow_fibre_g";

/// One way from a column of the table of foods to an input.
struct Way {
    column: String,
    input: String,
    factor: f64,
    unit: Unit,
    /// Smaller contents are left out.
    from: f64,
}

impl Way {
    /// Per gram of food, in the unit of the input times a day.
    fn content(&self, row: &Row<'_>) -> Result<f64, CatalogueError> {
        let cell = |column: &str| content_of(row, column);
        let per_gram = match self.column.as_str() {
            "starch_digested" => {
                (cell("carb_g")? - cell("fibre_total_g")? - cell("sugars_g")?).max(0.0) / 100.0
            }
            "other_soluble_rest" => other_soluble_rest(row)? / 100.0,
            "live" => live_cells(row)?,
            column => cell(column)? / 100.0,
        };
        Ok(if per_gram >= self.from {
            per_gram * self.factor
        } else {
            0.0
        })
    }
}

/// Live cells per gram of food: the geometric mean of the range.
fn live_cells(row: &Row<'_>) -> Result<f64, CatalogueError> {
    /// A gram of cells and nothing else.
    const MOST: f64 = 12.5;
    let columns = ["live_log10_cfu_g_low", "live_log10_cfu_g_high"];
    let [low, high] = columns.map(|column| row.optional_number(column));
    let (Some(low), Some(high)) = (low?, high?) else {
        return Ok(0.0);
    };
    if low > high || high > MOST {
        return Err(row.fault(format!(
            "\"{}\" and \"{}\" are {low} and {high}; write powers of ten of cells per gram, the smaller one first, {MOST} at most",
            columns[0], columns[1]
        )));
    }
    Ok(10f64.powf((low + high) / 2.0))
}

/// Other soluble fibre that is fermented as such, g in 100 g: the slow part of it has a pool of its own.
fn other_soluble_rest(row: &Row<'_>) -> Result<f64, CatalogueError> {
    let all = content_of(row, "other_soluble_fibre_g")?;
    let slow = content_of(row, SLOW)?;
    if slow > all {
        return Err(row.fault(format!(
            "\"{SLOW}\" is {slow}, more than \"other_soluble_fibre_g\" ({all}), of which it is a part"
        )));
    }
    Ok(all - slow)
}

/// A content per 100 g of food; nothing where the cell is empty.
fn content_of(row: &Row<'_>, column: &str) -> Result<f64, CatalogueError> {
    const WHOLE: f64 = 100.0;
    let value = row.optional_number(column)?.unwrap_or(0.0);
    if value < 0.0 {
        return Err(row.fault(format!(
            "\"{column}\" is {value}; a food holds nothing or more, leave the cell empty where it is not known"
        )));
    }
    if column.ends_with("_g") && value > WHOLE {
        return Err(row.fault(format!(
            "\"{column}\" is {value}; 100 g of a food hold {WHOLE} g of it at most"
        )));
    }
    Ok(value)
}

fn read_ways(
    (file, text): (&str, &str),
    columns: &[String],
    parameters: &ParameterTable,
) -> Result<Vec<Way>, CatalogueError> {
    const OF_OTHERS: [&str; 4] = ["starch_digested", "other_soluble_rest", "live", SLOW];
    let needed = [
        "column", "input", "factor", "unit", "from", "source", "mark", "note",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut ways = Vec::new();
    for row in table.rows() {
        row.provenance()?;
        let column = row.required("column")?.to_owned();
        if !OF_OTHERS.contains(&column.as_str()) && !columns.contains(&column) {
            let near = super::table::hint(&column, columns.iter().map(String::as_str));
            return Err(row.fault(format!(
                "the table of foods has no column \"{column}\"{near}"
            )));
        }
        let unit = row.required("unit")?;
        ways.push(Way {
            input: row.required("input")?.to_owned(),
            factor: match parameters.get(row.required("factor")?) {
                Some(parameter) => parameter.value,
                None => row.non_negative("factor")?,
            },
            unit: daily(unit).map_err(|e| row.fault(format!("\"unit\": {e}")))?,
            from: row.optional_number("from")?.unwrap_or(0.0),
            column,
        });
    }
    Ok(ways)
}

/// The unit of an input that grows by this for each gram a day.
fn daily(per_gram: &str) -> Result<Unit, String> {
    let gram = Unit::parse("g/d").map_err(|e| e.to_string())?;
    let per_gram = Unit::parse(per_gram).map_err(|e| e.to_string())?;
    Ok(per_gram.mul(&gram))
}

pub(super) fn read_foods(
    (file, text): (&str, &str),
    ways: (&str, &str),
    parameters: &ParameterTable,
) -> Result<Vec<Eaten>, CatalogueError> {
    let table = Table::read(file, text, &["id", "food", "serving_g"])?;
    let ways = read_ways(ways, &table.other_columns(&["id", "food"]), parameters)?;
    let mut found: Vec<Eaten> = Vec::new();
    for row in table.rows() {
        let id = row.name("id")?;
        let serving = match row.required("serving_g")? {
            "-" => None,
            _ => Some(row.positive("serving_g")?),
        };
        let mut adds: Vec<(String, f64, Unit)> = Vec::new();
        for way in &ways {
            let amount = way.content(&row)?;
            match adds.iter_mut().find(|(input, ..)| *input == way.input) {
                Some(known) => known.1 = known.1.max(amount),
                None => adds.push((way.input.clone(), amount, way.unit.clone())),
            }
        }
        adds.retain(|(_, amount, _)| *amount > 0.0);
        found.push(Eaten {
            id,
            usual: serving,
            studied: None,
            adds,
        });
    }
    Ok(found)
}

pub(super) fn read_prebiotics(file: &str, text: &str) -> Result<Vec<Eaten>, CatalogueError> {
    let needed = [
        "id",
        "prebiotic",
        "input",
        "eaten",
        "value",
        "unit",
        "studied_low",
        "studied_high",
        "source",
        "mark",
        "note",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<Eaten> = Vec::new();
    for row in table.rows() {
        let id = row.name("id")?;
        if found.iter().any(|e| e.id == id) {
            return Err(row.fault(format!("\"{id}\" stands here twice; keep one row")));
        }
        row.provenance()?;
        let input = row.required("input")?.to_owned();
        let arrives = row.positive("value")?;
        let unit = row.unit_in("unit", "g/d")?;
        let usual = row.positive("eaten")?;
        found.push(Eaten {
            id,
            usual: Some(usual),
            studied: row.range("studied")?,
            adds: vec![(input, arrives / usual, unit)],
        });
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::parameter_table;

    fn amount(all: &[Eaten], id: &str, input: &str) -> f64 {
        let food = all.iter().find(|e| e.id == id).unwrap();
        let found = food.adds.iter().find(|(name, ..)| name == input);
        food.usual.unwrap() * found.map_or(0.0, |(_, amount, _)| *amount)
    }

    #[test]
    fn a_serving_holds_what_its_row_says() {
        let all = foods(&parameter_table().unwrap()).unwrap();
        // 40 g of dry oats with 4 g of beta-glucan in 100 g.
        let oats = amount(&all, "oats_rolled_dry", "input.diet.beta_glucan");
        assert!((oats - 1.6).abs() < 1e-12, "{oats}");
        // 67.7 − 10.1 − 0.99 g of other starch in 100 g, of which 13 % is more than 7 g of resistant starch.
        let starch = amount(&all, "oats_rolled_dry", "input.diet.starch");
        assert!((starch - 0.4 * 0.13 * 56.61).abs() < 1e-9, "{starch}");
    }

    /// Conventions §7: psyllium is other soluble fibre with slow kinetics. 60 g of it in 100 g of husk.
    #[test]
    fn husk_of_psyllium_feeds_the_slow_pool() {
        let all = foods(&parameter_table().unwrap()).unwrap();
        let of = |id: &str, pool: &str| amount(&all, id, &format!("input.diet.{pool}"));
        assert!((of("psyllium_husk", "psyllium") - 6.0).abs() < 1e-12);
        assert_eq!(of("psyllium_husk", "other_soluble"), 0.0);
        // Every other food keeps its fibre in the ordinary pool.
        let slow: Vec<&str> = all
            .iter()
            .filter(|e| e.adds.iter().any(|a| a.0 == "input.diet.psyllium"))
            .map(|e| e.id.as_str())
            .collect();
        assert_eq!(slow, ["psyllium_husk"]);
        let more = FOODS.1.replacen(",60,60", ",60,61", 1);
        let error = read_foods(
            ("mine.csv", &more),
            FOOD_INPUTS,
            &parameter_table().unwrap(),
        )
        .unwrap_err()
        .to_string();
        assert!(
            error.contains("slow_fibre_g") && error.contains("part"),
            "{error}"
        );
        // A table of one's own from before the column.
        let old = FOODS
            .1
            .replacen(",slow_fibre_g", "", 1)
            .replacen(",60,60", ",60", 1);
        let old = old
            .lines()
            .map(|l| l.strip_suffix(',').unwrap_or(l))
            .collect::<Vec<_>>()
            .join("\n");
        let read = read_foods(("old.csv", &old), FOOD_INPUTS, &parameter_table().unwrap()).unwrap();
        assert!((amount(&read, "psyllium_husk", "input.diet.other_soluble") - 6.0).abs() < 1e-12);
    }

    #[test]
    fn only_fermented_foods_bring_live_cells() {
        let all = foods(&parameter_table().unwrap()).unwrap();
        let cells = |id: &str| amount(&all, id, "input.strain.wcfs1");
        assert!((cells("kefir_milk") / 2.4e10 - 1.0).abs() < 1e-12);
        assert_eq!(cells("apple_with_skin"), 0.0);
    }

    #[test]
    fn prebiotics_read_and_a_dose_of_nothing_is_refused() {
        let all = prebiotics().unwrap();
        assert!(amount(&all, "inulin", "input.diet.fructan") > 8.0);
        let text = PREBIOTICS.1.replacen(",10.4,g/d", ",0,g/d", 1);
        let error = read_prebiotics("mine.csv", &text).unwrap_err().to_string();
        assert!(error.starts_with("mine.csv:3:"), "{error}");
    }

    #[test]
    fn a_way_from_no_column_is_refused() {
        let ways = FOOD_INPUTS.1.replacen("pectin_g,", "pectins_g,", 1);
        let error = read_foods(FOODS, ("ways.csv", &ways), &parameter_table().unwrap())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("pectins_g") && error.contains("did you mean"),
            "{error}"
        );
    }
}
