//! The statements about the axis, as data: what is said, along which links, and what is cut.

use crate::catalogue::CatalogueError;
use crate::catalogue::table::Table;

/// The table as shipped.
const TEXT: &str = include_str!("../../../../checks/claims.csv");

/// One statement. Its windows are the rows `claim-<id>-*` of the acceptance windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Name.
    pub id: String,
    /// What is said.
    pub statement: String,
    /// Model that has the links.
    pub model: String,
    /// Links that carry it.
    pub path: Vec<String>,
    /// What is off in the run in which the effect must go; empty where nothing is cut.
    pub cut: String,
}

/// The shipped statements, in the order of the table.
///
/// # Errors
/// A fault in the table, with line; the tests keep that from happening.
pub fn claims() -> Result<Vec<Claim>, CatalogueError> {
    let needed = ["id", "statement", "model", "path", "cut"];
    let table = Table::read("checks/claims.csv", TEXT, &needed)?;
    let mut found: Vec<Claim> = Vec::new();
    for row in table.rows() {
        let id = row.required("id")?.to_owned();
        if found.iter().any(|c| c.id == id) {
            return Err(row.fault(format!("\"{id}\" stands twice; keep one row")));
        }
        let words = row.text("path").split(';').map(str::trim);
        found.push(Claim {
            statement: row.required("statement")?.to_owned(),
            model: row.required("model")?.to_owned(),
            path: words.filter(|w| !w.is_empty()).map(str::to_owned).collect(),
            cut: row.text("cut").to_owned(),
            id,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::checks;

    #[test]
    fn every_statement_has_windows_and_every_window_a_statement() {
        let claims = claims().unwrap();
        assert_eq!(claims.len(), 33);
        let rows = checks().unwrap();
        let of = |claim: &Claim, id: &str| {
            id.strip_prefix(&format!("claim-{}-", claim.id))
                .is_some_and(|part| part.len() == 1 || part.starts_with("cut"))
        };
        for claim in &claims {
            assert!(rows.iter().any(|r| of(claim, &r.id)), "{}", claim.id);
        }
        for row in rows.iter().filter(|r| r.module == "claim") {
            let owners = claims.iter().filter(|c| of(c, &row.id)).count();
            assert_eq!(owners, 1, "{}", row.id);
        }
    }
}
