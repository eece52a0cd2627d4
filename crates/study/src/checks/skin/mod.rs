//! Experiments on the skins alone, drives of the body clamped: virtual trials in lanes, with what a visit reads.

mod acne;
mod bodies;
mod clinic;
mod cross;
mod early;
mod eczema;
mod fit;
mod healthy;
mod open_label;
mod placebo;
mod psoriasis;
mod reading;
mod statistics;
pub(crate) use statistics::rank_correlation;
mod switch;

pub use fit::{Fit, Fitted, fit, fittable};
pub use placebo::{PlaceboPart, placebo_parts};

use super::lab::setting;
use super::{CheckError, Experiment};
use gutskin_biology::catalogue::{SkinDrug, shipped_skin_drugs};
use std::sync::OnceLock;

const WEEK: f64 = 7.0;
const YEAR: f64 = 365.25;

/// Keeps what was computed once; an error is not kept.
fn cached<T>(
    cell: &'static OnceLock<T>,
    make: impl FnOnce() -> Result<T, CheckError>,
) -> Result<&'static T, CheckError> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}

/// The drugs of the tables.
fn shipped() -> Result<&'static Vec<SkinDrug>, CheckError> {
    static CACHE: OnceLock<Vec<SkinDrug>> = OnceLock::new();
    cached(&CACHE, || Ok(shipped_skin_drugs()?))
}

/// A drug of the tables.
fn drug(id: &str) -> Result<&'static SkinDrug, CheckError> {
    let found = shipped()?.iter().find(|d| d.id == id);
    found.ok_or_else(|| CheckError::Unknown {
        what: "drug",
        name: id.to_owned(),
    })
}

/// Every experiment of this room.
pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "eczema at rest",
        rows: &["ad-01a", "ad-01b", "ad-01c", "ad-02a", "ad-02b", "ad-20a"],
        run: eczema::baseline,
    },
    Experiment {
        name: "eczema untreated for a year",
        rows: &["ad-03a"],
        run: eczema::drift,
    },
    Experiment {
        name: "eczema, monotherapy",
        rows: &[
            "ad-04a", "ad-04b", "ad-06a", "ad-06b", "ad-06c", "ad-08a", "ad-08b", "ad-09a",
            "ad-10a", "ad-10b",
        ],
        run: eczema::monotherapy,
    },
    Experiment {
        name: "eczema, placebo over topical steroid",
        rows: &["ad-05a", "ad-05b", "ad-05c"],
        run: eczema::topical_background,
    },
    Experiment {
        name: "eczema, dupilumab every week",
        rows: &["ad-07a", "ad-07b"],
        run: eczema::weekly_dupilumab,
    },
    Experiment {
        name: "eczema, dupilumab withdrawn",
        rows: &["ad-11a", "ad-11b"],
        run: eczema::withdrawal,
    },
    Experiment {
        name: "eczema, S. aureus",
        rows: &["ad-12a", "ad-12b"],
        run: eczema::aureus,
    },
    Experiment {
        name: "S. aureus on lesions and on healthy skin",
        rows: &["ad-24a"],
        run: eczema::carriage,
    },
    Experiment {
        name: "eczema, lebrikizumab with full care",
        rows: &["ad-21a"],
        run: eczema::full_care,
    },
    Experiment {
        name: "eczema of children, topical steroid",
        rows: &["ad-22a", "ad-22b"],
        run: eczema::topical_steroid,
    },
    Experiment {
        name: "eczema of children, emollient as a drug",
        rows: &["ad-23a"],
        run: eczema::emollient,
    },
    Experiment {
        name: "healthy skin stripped with tape",
        rows: &["skin-01a"],
        run: healthy::stripping,
    },
    Experiment {
        name: "eczema of children, emollient care",
        rows: &["ad-17a"],
        run: eczema::emollient_arm,
    },
    Experiment {
        name: "eczema, weekly scores with flares",
        rows: &["ad-19a"],
        run: eczema::within_patient,
    },
    Experiment {
        name: "psoriasis from 100 starts",
        rows: &["pso-01a", "pso-01b", "pso-01c"],
        run: psoriasis::starts,
    },
    Experiment {
        name: "psoriasis at entry",
        rows: &["pso-02a", "pso-02b"],
        run: psoriasis::baseline,
    },
    Experiment {
        name: "psoriasis, placebo",
        rows: &["pso-03a", "pso-03b", "pso-03c", "pso-03d", "pso-03e"],
        run: psoriasis::placebo,
    },
    Experiment {
        name: "psoriasis, placebo over topical steroid",
        rows: &["pso-19a"],
        run: psoriasis::topical,
    },
    Experiment {
        name: "psoriasis, anchor drugs",
        rows: &[
            "pso-04a",
            "pso-04b",
            "pso-05a",
            "pso-05b",
            "pso-05c",
            "pso-05d",
            "pso-06a",
            "pso-06b",
            "pso-06c",
            "pso-06d",
            "pso-07a",
            "pso-07b",
            "pso-08a",
            "pso-08b",
            "pso-09a",
            "pso-09b",
            "pso-10a",
            "pso-10b",
            "pso-anchor-methotrexate-a",
            "pso-anchor-methotrexate-b",
            "pso-anchor-risankizumab-a",
            "pso-anchor-risankizumab-b",
            "pso-anchor-bimekizumab-a",
            "pso-anchor-bimekizumab-b",
            "pso-anchor-brodalumab-a",
            "pso-anchor-brodalumab-b",
            "pso-anchor-infliximab-a",
            "pso-anchor-infliximab-b",
            "pso-anchor-certolizumab-a",
            "pso-anchor-certolizumab-b",
            "pso-anchor-tildrakizumab-a",
            "pso-anchor-tildrakizumab-b",
            "pso-anchor-deucravacitinib-a",
            "pso-anchor-deucravacitinib-b",
            "pso-anchor-tofacitinib5-a",
            "pso-anchor-tofacitinib10-a",
            "pso-anchor-fumarate-a",
            "pso-anchor-fumarate-b",
        ],
        run: psoriasis::drugs,
    },
    Experiment {
        name: "psoriasis, onset",
        rows: &["pso-11a", "pso-11b", "pso-11c", "pso-11d"],
        run: psoriasis::onsets,
    },
    Experiment {
        name: "psoriasis, onset of further drugs",
        rows: &["pso-11e", "pso-11f", "pso-11g", "pso-11h"],
        run: psoriasis::onsets_of_others,
    },
    Experiment {
        name: "psoriasis, week 4",
        rows: &["pso-12a", "pso-12b", "pso-12c", "pso-12d"],
        run: psoriasis::early,
    },
    Experiment {
        name: "psoriasis, relapse",
        rows: &["pso-13a", "pso-13b", "pso-13c", "pso-13d"],
        run: psoriasis::relapses,
    },
    Experiment {
        name: "psoriasis, systemic drive",
        rows: &["pso-14a", "pso-14b"],
        run: psoriasis::drive,
    },
    Experiment {
        name: "psoriasis, phototherapy",
        rows: &["pso-15a"],
        run: psoriasis::phototherapy,
    },
    Experiment {
        name: "acne at entry",
        rows: &[
            "acne-01a", "acne-01b", "acne-01c", "acne-01d", "acne-01e", "acne-01f", "acne-01g",
            "acne-01h",
        ],
        run: acne::baseline,
    },
    Experiment {
        name: "acne, mechanism",
        rows: &["acne-02a", "acne-02b", "acne-03a", "acne-03b", "acne-14a"],
        run: acne::mechanism,
    },
    Experiment {
        name: "acne, isotretinoin",
        rows: &["acne-04a", "acne-04b", "acne-04c", "acne-04d"],
        run: acne::isotretinoin,
    },
    Experiment {
        name: "acne, relapse",
        rows: &["acne-05a"],
        run: acne::relapse,
    },
    Experiment {
        name: "acne, twelve weeks against vehicle",
        rows: &[
            "acne-06a", "acne-06b", "acne-07a", "acne-08a", "acne-08b", "acne-08c", "acne-09a",
            "acne-09b", "acne-09c", "acne-10a", "acne-10b", "acne-11a", "acne-11b", "acne-17a",
        ],
        run: acne::topicals,
    },
    Experiment {
        name: "acne, low glycaemic load",
        rows: &["acne-12a"],
        run: acne::low_glycaemic,
    },
    Experiment {
        name: "acne, kill only",
        rows: &["acne-13a"],
        run: acne::kill_only,
    },
    Experiment {
        name: "acne, a year of retinoid",
        rows: &["acne-16a", "acne-18a", "acne-18b", "acne-19a"],
        run: open_label::retinoid,
    },
    Experiment {
        name: "acne, a year of clascoterone",
        rows: &["acne-20a"],
        run: open_label::clascoterone,
    },
    Experiment {
        name: "birth cohort",
        rows: &["ad-13a", "ad-14a", "ad-14b", "ad-14c"],
        run: early::cohort,
    },
    Experiment {
        name: "prevention by probiotics",
        rows: &["ad-15a"],
        run: early::probiotic,
    },
    Experiment {
        name: "prevention by emollient",
        rows: &["ad-15b"],
        run: early::emollient,
    },
    Experiment {
        name: "skins with couplings cut",
        rows: &["cross-01a"],
        run: cross::cut,
    },
    Experiment {
        name: "skins with better gut drives",
        rows: &[
            "cross-02a",
            "cross-02b",
            "cross-02c",
            "cross-02d",
            "cross-03a",
            "cross-03b",
            "cross-03c",
        ],
        run: cross::better,
    },
    Experiment {
        name: "psoriasis, switch model",
        rows: &["pso-18a", "pso-18b", "pso-18c", "pso-18d", "pso-18e"],
        run: switch::folds,
    },
    Experiment {
        name: "markers of psoriasis",
        rows: &["pso-16a", "pso-16b", "pso-16c", "pso-16d"],
        run: bodies::psoriasis_markers,
    },
    Experiment {
        name: "C-reactive protein of eczema",
        rows: &["ad-18a"],
        run: bodies::eczema_crp,
    },
];
