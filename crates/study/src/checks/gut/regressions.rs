//! Regressions over people.

use super::super::{CheckError, Lab, RowValues};
use super::crowd::{Crowd, SEED};
use gutskin_biology::colon::ColonOptions;

/// Pools that count as non-starch polysaccharide.
pub(super) const NSP: [&str; 5] = [
    "pectin",
    "beta_glucan",
    "arabinoxylan",
    "other_soluble",
    "cellulosic",
];

/// Slope and intercept of y on x.
pub(super) fn line(points: &[(f64, f64)]) -> (f64, f64) {
    let n = points.len() as f64;
    let mx = points.iter().map(|p| p.0).sum::<f64>() / n;
    let my = points.iter().map(|p| p.1).sum::<f64>() / n;
    let sxy: f64 = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
    let sxx: f64 = points.iter().map(|p| (p.0 - mx).powi(2)).sum();
    let slope = sxy / sxx;
    (slope, my - slope * mx)
}

/// Scales pools of the diet so that they sum to `grams`, in the proportions they have.
pub(super) fn scale_to(lab: &mut Lab, pools: &[&str], grams: f64) -> Result<(), CheckError> {
    let names: Vec<String> = pools.iter().map(|p| format!("input.diet.{p}")).collect();
    let mut total = 0.0;
    for name in &names {
        total += lab.input(name)?;
    }
    for name in &names {
        let before = lab.input(name)?;
        lab.set_input(name, before * grams / total)?;
    }
    Ok(())
}

/// Row 28: stool weight on non-starch polysaccharide, 4 to 30 g/d.
pub(super) fn stool_on_fibre() -> Result<RowValues, CheckError> {
    let mut crowd = Crowd::adults(&ColonOptions::default())?;
    let grams = crowd.each(|lab, who| {
        let grams = 4.0 + 26.0 * Lab::uniform(SEED, who.person, "polysaccharide");
        scale_to(lab, &NSP, grams)?;
        Ok(grams)
    })?;
    crowd.rest()?;
    let stools = crowd.read("colon.stool_wet")?;
    let points: Vec<(f64, f64)> = grams.into_iter().zip(stools).collect();
    let (slope, intercept) = line(&points);
    Ok(vec![("gut-28a", slope), ("gut-28b", intercept)])
}
