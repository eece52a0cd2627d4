//! Network → SBML → network gives the same network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::describe::{describe, describe_schedule};
use common::random_network::recipes;
use gutskin_network::sbml;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_networks_come_back(recipe in recipes()) {
        let (network, schedule) = recipe.build();
        let text = sbml::write(&network, &schedule);
        let back = sbml::read(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(describe(&network), describe(&back.network), "{}", text);
        prop_assert_eq!(describe_schedule(&schedule), describe_schedule(&back.schedule), "{}", text);
        prop_assert_eq!(text, sbml::write(&back.network, &back.schedule));
    }
}
