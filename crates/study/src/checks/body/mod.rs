//! Experiments on the body alone, colon and skin clamped.

mod bench;
mod challenge;
mod day;
#[cfg(test)]
mod refit;

use super::Experiment;

/// Every experiment of this room.
pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "endotoxin 2 ng/kg",
        rows: &[
            "body-01a", "body-01b", "body-01c", "body-01d", "body-02a", "body-02b", "body-02c",
            "body-02d", "body-03a", "body-03b", "body-03c",
        ],
        run: challenge::two,
    },
    Experiment {
        name: "endotoxin in 200 men",
        rows: &["body-04a", "body-04b", "body-04c", "body-04d"],
        run: challenge::spread,
    },
    Experiment {
        name: "endotoxin by dose",
        rows: &["body-05a", "body-05b", "body-05c", "body-05d", "body-05e"],
        run: challenge::doses,
    },
    Experiment {
        name: "endotoxin infused",
        rows: &["body-06a", "body-06b"],
        run: challenge::infused,
    },
    Experiment {
        name: "endotoxin on five days",
        rows: &["body-07a", "body-07b", "body-07c"],
        run: challenge::daily,
    },
    Experiment {
        name: "endotoxin again",
        rows: &["body-08a", "body-08b"],
        run: challenge::again,
    },
    Experiment {
        name: "acute phase",
        rows: &["body-09a", "body-09b", "body-09c"],
        run: challenge::acute_phase,
    },
    Experiment {
        name: "endotoxin under hydrocortisone",
        rows: &["body-11a", "body-11b", "body-11c", "body-11d"],
        run: challenge::hydrocortisone,
    },
    Experiment {
        name: "endotoxin morning and evening",
        rows: &["body-12a", "body-12b", "body-12c"],
        run: challenge::clock,
    },
    Experiment {
        name: "cortisol over a day",
        rows: &["body-13a", "body-13b", "body-13c", "body-13d", "body-13e"],
        run: day::circadian,
    },
    Experiment {
        name: "releasing hormone",
        rows: &["body-14a", "body-14b", "body-14c"],
        run: challenge::releasing_hormone,
    },
];
