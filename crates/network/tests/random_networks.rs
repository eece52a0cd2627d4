//! The generator of random networks itself.

mod common;

use common::describe::{describe, describe_schedule};
use common::random_network::recipes;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn building_twice_gives_the_same_network(recipe in recipes()) {
        let ((a, sa), (b, sb)) = (recipe.build(), recipe.build());
        prop_assert_eq!(describe(&a), describe(&b));
        prop_assert_eq!(describe_schedule(&sa), describe_schedule(&sb));
    }
}
