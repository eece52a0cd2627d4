//! Experiments on the body alone, colon and skin clamped.

mod bench;
mod challenge;
mod day;
#[cfg(test)]
mod hours;
mod invariants;
mod leak;
#[cfg(test)]
mod least_squares;
mod modes;
#[cfg(test)]
mod observed;
mod patients;
#[cfg(test)]
mod refit;
#[cfg(test)]
mod surface;
mod weeks;

use super::Experiment;

/// Every experiment of this room.
pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "endotoxin 2 ng/kg",
        rows: &[
            "body-01a", "body-01b", "body-01c", "body-01d", "body-02a", "body-02b", "body-02c",
            "body-02d", "body-03a", "body-03b", "body-03c", "body-03d", "body-03e", "body-10a",
            "body-10b", "body-10c",
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
    Experiment {
        name: "public speech",
        rows: &["body-15a", "body-15b", "body-15c"],
        run: day::public_speech,
    },
    Experiment {
        name: "fatty acids before the speech",
        rows: &["body-16a", "body-16b", "body-16c"],
        run: day::fatty_acids,
    },
    Experiment {
        name: "sugar test",
        rows: &["body-17a", "body-17b", "body-17c", "body-17d"],
        run: leak::sugar_test,
    },
    Experiment {
        name: "fat meal",
        rows: &["body-18a", "body-18b", "body-18c", "body-18d"],
        run: leak::fat_meal,
    },
    Experiment {
        name: "Western and prudent diet",
        rows: &["body-19a", "body-19b", "body-19c"],
        run: weeks::diets,
    },
    Experiment {
        name: "ibuprofen and cycling",
        rows: &["body-20a", "body-20b", "body-20c"],
        run: leak::enterocytes,
    },
    Experiment {
        name: "short nights",
        rows: &["body-22a", "body-22b", "body-22c"],
        run: weeks::short_nights,
    },
    Experiment {
        name: "meditation",
        rows: &["body-23a", "body-23b"],
        run: day::meditation,
    },
    Experiment {
        name: "glycaemic load and milk",
        rows: &["body-25a", "body-25b"],
        run: weeks::growth_factor,
    },
    Experiment {
        name: "UVB",
        rows: &["body-26a", "body-26b"],
        run: weeks::sun,
    },
    Experiment {
        name: "steroid that the axis hears",
        rows: &["body-28a", "body-28b", "body-28c", "body-28d"],
        run: day::steroid,
    },
    Experiment {
        name: "endotoxin held low",
        rows: &["body-30a", "body-30b", "body-30c"],
        run: weeks::low_endotoxin,
    },
    Experiment {
        name: "rest of the body",
        rows: &["body-21a", "body-21b", "body-21c"],
        run: invariants::rest,
    },
    Experiment {
        name: "daily against within-day",
        rows: &[
            "body-24a", "body-24b", "body-24c", "body-24d", "body-24e", "body-24f",
        ],
        run: modes::compared,
    },
    Experiment {
        name: "bacterial DNA in patients",
        rows: &["body-27c", "body-27d"],
        run: patients::bacterial_dna,
    },
    Experiment {
        name: "markers in patients",
        rows: &["body-27a", "body-27b", "body-27e", "body-27f", "body-27g"],
        run: patients::markers,
    },
    Experiment {
        name: "biologics in psoriasis",
        rows: &["body-29a", "body-29b", "body-29c"],
        run: patients::biologics,
    },
];
