//! What reaches the skin: drives held, routes cut, the skin's way back, the null model.

use super::bench::{
    PEOPLE, Sample, Values, acne, anyone, before_and_after, eczema, mean, patients, percent, plain,
    psoriasis, removed, spread,
};
use super::ecosystem::{sun, sun_percent};
use crate::build_model;
use crate::checks::table;
use crate::checks::together::together;
use crate::checks::{CheckError, Experiment, Lab, RowValues};
use gutskin_biology::axis::{IMMUNE_ROUTE, NERVOUS_ROUTE, SkinKind};

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "there and back between gut and skin",
        rows: &[
            "claim-two-way-a",
            "claim-two-way-b",
            "claim-two-way-c",
            "claim-two-way-d",
            "claim-two-way-cut",
            "claim-two-way-cut-vd",
        ],
        run: two_way,
    },
    Experiment {
        name: "stress by the immune and the nervous route",
        rows: &[
            "claim-immune-and-nervous-a",
            "claim-immune-and-nervous-b",
            "claim-immune-and-nervous-c",
            "claim-immune-and-nervous-cut",
            "claim-immune-and-nervous-cut-nervous",
        ],
        run: routes,
    },
    Experiment {
        name: "tone and Th2 a standard deviation up",
        rows: &["claim-eczema-barrier-a", "claim-eczema-barrier-cut"],
        run: barrier,
    },
    Experiment {
        name: "systemic drive of psoriasis a tenth up",
        rows: &[
            "claim-psoriasis-amplify-a",
            "claim-psoriasis-amplify-b",
            "claim-psoriasis-amplify-cut",
        ],
        run: amplify,
    },
    Experiment {
        name: "low glycaemic load in acne",
        rows: &[
            "claim-acne-glycaemic-a",
            "claim-acne-glycaemic-b",
            "claim-acne-glycaemic-cut",
        ],
        run: glycaemic,
    },
    Experiment {
        name: "bacterial DNA at one visit",
        rows: &[
            "claim-psoriasis-dna-a",
            "claim-psoriasis-dna-b",
            "claim-psoriasis-dna-cut",
        ],
        run: bacterial_dna,
    },
    Experiment {
        name: "Bifidobacterium and antibiotics in infancy",
        rows: &[
            "claim-eczema-early-life-a",
            "claim-eczema-early-life-b",
            "claim-eczema-early-life-cut",
        ],
        run: early_life,
    },
];

/// Into eczema from the gut.
const INTO_ECZEMA: [&str; 4] = [
    "th2_to_priming",
    "tone_to_influx",
    "scfa_to_priming",
    "scfa_to_recovery",
];

/// Skin modules alone are cheap.
const MANY: usize = 200;

/// EASI before and after so many weeks with these drives held.
fn held(
    sample: &mut Sample,
    cut: &[&str],
    weeks: f64,
    drives: &[(&str, f64)],
) -> Result<Values, CheckError> {
    sample.each(cut, |lab, _| {
        before_and_after(lab, &["score.easi"], 7.0 * weeks, |lab| {
            drives
                .iter()
                .try_for_each(|(name, z)| lab.set_input(name, *z))
        })
    })
}

fn alone(model: &str, seed: u64, admit: super::bench::Admit) -> Result<Sample, CheckError> {
    Sample::alone(build_model(model, table()?)?, seed, MANY, admit)
}

fn two_way() -> Result<RowValues, CheckError> {
    let mut adults = Sample::draw(plain(SkinKind::Healthy)?, 52, PEOPLE, anyone)?;
    let full = sun(&mut adults, &[])?;
    let blocked = sun(&mut adults, &["vitamin_d_to_community"])?;
    let better = [
        ("clamped.tone", -0.5),
        ("clamped.th2", -0.5),
        ("clamped.scfa", 0.5),
    ];
    let mut patients = alone("ad", 52, eczema)?;
    let there = held(&mut patients, &[], 24.0, &better)?;
    let deaf = held(&mut patients, &INTO_ECZEMA, 24.0, &better)?;
    let way_back = (mean(&full, 3) - mean(&full, 1)) / spread(&full, 1);
    let way_out = (mean(&there, 1) - mean(&there, 0)) / spread(&there, 0);
    Ok(vec![
        ("claim-two-way-a", mean(&full, 2) - mean(&full, 0)),
        ("claim-two-way-b", sun_percent(&full)),
        ("claim-two-way-c", percent(&there, 0, 1)),
        ("claim-two-way-d", (way_back / way_out).abs()),
        (
            "claim-two-way-cut",
            removed(percent(&there, 0, 1), percent(&deaf, 0, 1)),
        ),
        (
            "claim-two-way-cut-vd",
            removed(sun_percent(&full), sun_percent(&blocked)),
        ),
    ])
}

fn routes() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Eczema)?, 53, PEOPLE, eczema)?;
    let mut effect = |cut: &[&str]| -> Result<f64, CheckError> {
        let values = sample.each(cut, |lab, _| {
            before_and_after(lab, &["score.easi"], 28.0, |lab| {
                lab.set_input("input.stress_score", 26.0)
            })
        })?;
        Ok(mean(&values, 1) - mean(&values, 0))
    };
    let joint = effect(&[])?;
    let immune = effect(&[NERVOUS_ROUTE])?;
    let nervous = effect(&[IMMUNE_ROUTE])?;
    let none = effect(&[IMMUNE_ROUTE, NERVOUS_ROUTE])?;
    Ok(vec![
        ("claim-immune-and-nervous-a", 100.0 * immune / joint),
        ("claim-immune-and-nervous-b", 100.0 * nervous / joint),
        ("claim-immune-and-nervous-c", 100.0 * none / joint),
        ("claim-immune-and-nervous-cut", removed(immune, none)),
        (
            "claim-immune-and-nervous-cut-nervous",
            removed(nervous, none),
        ),
    ])
}

fn barrier() -> Result<RowValues, CheckError> {
    let mut sample = alone("ad", 54, eczema)?;
    let worse = [("clamped.tone", 1.0), ("clamped.th2", 1.0)];
    let full = held(&mut sample, &[], 24.0, &worse)?;
    let cut = held(
        &mut sample,
        &["th2_to_priming", "tone_to_influx"],
        24.0,
        &worse,
    )?;
    Ok(vec![
        ("claim-eczema-barrier-a", percent(&full, 0, 1)),
        (
            "claim-eczema-barrier-cut",
            removed(percent(&full, 0, 1), percent(&cut, 0, 1)),
        ),
    ])
}

/// Tone and Th17 bias alike that raise D_sys by a tenth at the central gains, which everybody is given: with gains near none
/// nothing would.
fn tenth_more(lab: &mut Lab) -> Result<f64, CheckError> {
    const DRIVE: f64 = 1.1;
    /// Where drives are bounded.
    const BOUND: f64 = 3.0;
    let mut gains = 0.0;
    for name in ["pso.gain_tone", "pso.gain_th17"] {
        let place = lab.parameter_index(name)?;
        let central = lab.network.parameters[place].value;
        lab.set_parameter(name, central)?;
        gains += central;
    }
    Ok(BOUND * (DRIVE.ln() / gains / BOUND).atanh())
}

fn amplify() -> Result<RowValues, CheckError> {
    let mut sample = alone("pso", 55, psoriasis)?;
    let mut course = |cut: &[&str]| {
        sample.each(cut, |lab, _| {
            let before = lab.read("score.pasi")?;
            let raised = tenth_more(lab)?;
            let drives = |lab: &mut Lab, z: f64| {
                lab.set_input("clamped.tone", z)?;
                lab.set_input("clamped.th17", z)
            };
            drives(lab, raised)?;
            lab.run(84.0, &[], Vec::new())?;
            let week_12 = lab.read("score.pasi")?;
            lab.run(84.0, &[], Vec::new())?;
            drives(lab, 0.0)?;
            lab.run(730.0, &[], Vec::new())?;
            Ok(vec![before, week_12, lab.read("score.pasi")?])
        })
    };
    let full = course(&[])?;
    let cut = course(&["tone_to_psoriasis", "th17_to_psoriasis"])?;
    Ok(vec![
        ("claim-psoriasis-amplify-a", percent(&full, 0, 1)),
        ("claim-psoriasis-amplify-b", percent(&full, 0, 2)),
        (
            "claim-psoriasis-amplify-cut",
            removed(percent(&full, 0, 1), percent(&cut, 0, 1)),
        ),
    ])
}

/// Glycaemic load of the diet over the usual one.
const LOW_LOAD: f64 = 0.6;

fn glycaemic() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Acne)?, 56, PEOPLE, acne)?;
    let mut course = |cut: &[&str]| {
        sample.each(cut, |lab, _| {
            let seen = ["acne.inflammatory", "metabolic.igf1"];
            before_and_after(lab, &seen, 84.0, |lab| {
                lab.set_input("input.glycaemic_load", LOW_LOAD)
            })
        })
    };
    let full = course(&[])?;
    let cut = course(&["igf_to_sebum", "androgen_to_sebum"])?;
    Ok(vec![
        ("claim-acne-glycaemic-a", percent(&full, 1, 3)),
        ("claim-acne-glycaemic-b", percent(&full, 0, 2)),
        (
            "claim-acne-glycaemic-cut",
            removed(percent(&full, 0, 2), percent(&cut, 0, 2)),
        ),
    ])
}

/// Chance of a positive sample at one visit, from the hazard of bursts: a burst is seen until it falls below this. The error of
/// a sample moves that by less than a thousandth: it finds as many late as it misses early.
fn bacterial_dna() -> Result<RowValues, CheckError> {
    const LIMIT: f64 = 0.25;
    let positive = |lab: &mut Lab| -> Result<f64, CheckError> {
        let seen_for = -LIMIT.ln() / lab.parameter("endotoxin.dna_loss")?;
        Ok(1.0 - (-(lab.read("endotoxin.burst_hazard")? * seen_for)).exp())
    };
    let share = |skin: SkinKind, cut: &[&str]| -> Result<f64, CheckError> {
        let (admit, _) = patients(skin);
        let mut sample = Sample::draw(plain(skin)?, 57, PEOPLE, admit)?;
        let values = sample.each(cut, |lab, _| Ok(vec![positive(lab)?]))?;
        Ok(100.0 * mean(&values, 0))
    };
    let patients = share(SkinKind::Psoriasis, &[])?;
    let controls = share(SkinKind::Healthy, &[])?;
    let cut = ["leak_to_bursts"];
    let left = share(SkinKind::Psoriasis, &cut)? - share(SkinKind::Healthy, &cut)?;
    Ok(vec![
        ("claim-psoriasis-dna-a", patients),
        ("claim-psoriasis-dna-b", controls),
        (
            "claim-psoriasis-dna-cut",
            removed(patients - controls, left),
        ),
    ])
}

/// Ratio of hazards in two years of life, from the mean risk over children that differ by the parameters' spread.
fn early_life() -> Result<RowValues, CheckError> {
    /// As many as the row asks for.
    const INFANTS: u32 = 20_000;
    let mut lab = Lab::new(build_model("early", table()?)?)?;
    let mut hazard = |input: Option<&str>, linked: bool| -> Result<f64, CheckError> {
        super::bench::switch(&mut lab, "bifidobacteria_to_onset", linked)?;
        let spared = together(&lab, 0..INFANTS, &|lab: &mut Lab, child| {
            lab.draw(58, child);
            if let Some(name) = input {
                lab.set_input(name, 1.0)?;
            }
            lab.run(730.0, &[], Vec::new())?;
            Ok((-lab.read("early.onset_hazard")?).exp())
        })?;
        let healthy = spared.iter().sum::<f64>() / f64::from(INFANTS);
        Ok(-healthy.ln())
    };
    let usual = hazard(None, true)?;
    let absent = hazard(Some("clamped.bifidobacteria_missing"), true)? / usual;
    let antibiotics = hazard(Some("early.antibiotics"), true)? / usual;
    let cut = hazard(Some("clamped.bifidobacteria_missing"), false)? / hazard(None, false)?;
    Ok(vec![
        ("claim-eczema-early-life-a", absent),
        ("claim-eczema-early-life-b", antibiotics),
        (
            "claim-eczema-early-life-cut",
            removed(absent.ln(), cut.ln()),
        ),
    ])
}
