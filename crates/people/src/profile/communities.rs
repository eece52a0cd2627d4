//! Mock communities by their nominal composition: samples that hold the genera of one in about its shares.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};

const TABLE: &str = include_str!("../../../../catalogue/mock_communities.csv");

/// A mock community: genera (any of several names) with their nominal shares.
#[derive(Debug, Clone)]
pub struct Community {
    name: String,
    genera: Vec<(Vec<String>, f64)>,
}

/// How much of a sample is as in a mock community.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// The community.
    pub name: String,
    /// Share that the sample and the community have in common, genus by genus: 1 − Bray–Curtis distance.
    pub common: f64,
    /// Share of the sample in genera of the community.
    pub members: f64,
}

impl Community {
    /// The communities that ship with the project.
    ///
    /// # Errors
    /// When the table is damaged.
    pub fn shipped() -> Result<Vec<Self>> {
        let mut communities: Vec<Self> = Vec::new();
        let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
        for (index, record) in reader.records().enumerate() {
            let bad = |problem: String| PeopleError::Table {
                table: "catalogue/mock_communities.csv".to_owned(),
                place: format!("row {}", index + 2),
                problem,
                advice: "Correct that row".to_owned(),
            };
            let record = record.map_err(|error| bad(error.to_string()))?;
            let (Some(name), Some(genus), Some(share)) = (
                record.get(0),
                record.get(1),
                record.get(2).and_then(|text| text.parse::<f64>().ok()),
            ) else {
                return Err(bad("community, genus or share is missing".to_owned()));
            };
            let names = genus.split('|').map(str::to_owned).collect();
            match communities.last_mut().filter(|last| last.name == name) {
                Some(last) => last.genera.push((names, share)),
                None => communities.push(Self {
                    name: name.to_owned(),
                    genera: vec![(names, share)],
                }),
            }
        }
        Ok(communities)
    }

    /// How like this community a sample is, by its shares of genera.
    #[must_use]
    pub fn likeness(&self, shares: &HashMap<&str, f64>) -> Likeness {
        let (mut common, mut members) = (0.0, 0.0);
        for (names, nominal) in &self.genera {
            let there: f64 = names
                .iter()
                .filter_map(|name| shares.get(name.as_str()))
                .sum();
            common += there.min(*nominal);
            members += there;
        }
        Likeness {
            name: self.name.clone(),
            common,
            members,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nominal_shares_add_up_to_a_whole() {
        for community in Community::shipped().unwrap() {
            let sum: f64 = community.genera.iter().map(|pair| pair.1).sum();
            assert!((sum - 1.0).abs() < 0.01, "{}: {sum}", community.name);
        }
    }
}
