//! `gutskin model fit` and `placebo`: what was fitted, and what placebo arms are made of.

use super::windows::window;
use crate::output::{json, say, tell};
use miette::IntoDiagnostic;

/// Fits beside what is shipped.
pub fn fit(names: &[String], as_json: bool) -> miette::Result<()> {
    use gutskin_study::checks;
    let names = if names.is_empty() {
        checks::fittable().into_diagnostic()?
    } else {
        names.to_vec()
    };
    let mut fits = Vec::new();
    for name in &names {
        tell!("{name}");
        fits.push(checks::fit(name).into_diagnostic()?);
    }
    if as_json {
        say!("{}", json(&fits)?);
        return Ok(());
    }
    for fit in &fits {
        for n in &fit.numbers {
            let bound = n.bound.map_or("", |_| "  (at its bound)");
            say!(
                "{}: shipped {:.4}, fitted {:.4}{bound}",
                n.name,
                n.shipped,
                n.fitted
            );
        }
        for (row, value, low, high) in &fit.rows {
            say!("    {row} {value:.2} in {}", window(*low, *high));
        }
    }
    Ok(())
}

/// Both parts of placebo arms, and who was drawn.
pub fn placebo(as_json: bool) -> miette::Result<()> {
    let parts = gutskin_study::checks::placebo_parts().into_diagnostic()?;
    if as_json {
        say!("{}", json(&parts)?);
        return Ok(());
    }
    for p in &parts {
        say!(
            "{}: noise alone {:.1}, screening {:.1}, whole arm {:.1} {}\n    {} of {} drawn admitted; {} without a stable rest, {} \
             slower than three years drawn again",
            p.context,
            p.noise,
            p.screening,
            p.whole,
            p.unit,
            p.admitted,
            p.screened,
            p.without_rest,
            p.too_slow
        );
    }
    Ok(())
}
