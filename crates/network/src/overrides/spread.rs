//! Spreads as they are written in overrides.

use super::{Bare, number};
use crate::Spread;
use gutskin_units::Unit;

/// Reads `kind(name=number, …)`; numbers with a unit are converted to `unit`.
pub(super) fn parse(text: &str, unit: Option<&Unit>, bare: Bare) -> Result<Spread, String> {
    let text = text.trim();
    let (kind, inside) = match text.split_once('(') {
        None => (text, ""),
        Some((kind, rest)) => match rest.trim_end().strip_suffix(')') {
            Some(inside) => (kind.trim(), inside),
            None => return Err(format!("found \"{text}\"; expected \")\" at its end")),
        },
    };
    let mut arguments = Arguments::read(inside)?;
    let mut absolute = |name: &str| arguments.take(name, unit, bare);
    let spread = match kind {
        "fixed" => Spread::Fixed,
        "normal" => Spread::Normal {
            sd: absolute("sd")?,
        },
        "uniform" => Spread::Uniform {
            low: absolute("low")?,
            high: absolute("high")?,
        },
        "log_uniform" => Spread::LogUniform {
            low: absolute("low")?,
            high: absolute("high")?,
        },
        "truncated_normal" => Spread::TruncatedNormal {
            sd: absolute("sd")?,
            low: absolute("low")?,
            high: absolute("high")?,
        },
        "lognormal" if arguments.has("cv") => {
            Spread::lognormal_of_cv(arguments.take("cv", None, bare)?)?
        }
        "lognormal" => Spread::LogNormal {
            sd_ln: arguments.take("sd_ln", None, bare)?,
        },
        other => {
            let known = [
                "fixed",
                "normal",
                "lognormal",
                "uniform",
                "log_uniform",
                "truncated_normal",
            ];
            let hint = crate::nearest(other, known.into_iter())
                .map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
            return Err(format!(
                "found the spread \"{other}\"; expected one of {}{hint}",
                known.join(", ")
            ));
        }
    };
    arguments.finish(kind)?;
    Ok(spread)
}

struct Arguments<'t>(Vec<(&'t str, &'t str)>);

impl<'t> Arguments<'t> {
    fn read(inside: &'t str) -> Result<Self, String> {
        let mut list = Vec::new();
        for part in inside.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| format!("found \"{part}\"; expected name=number"))?;
            list.push((name.trim(), value.trim()));
        }
        Ok(Self(list))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|a| a.0 == name)
    }

    fn take(&mut self, name: &str, unit: Option<&Unit>, bare: Bare) -> Result<f64, String> {
        let at = self
            .0
            .iter()
            .position(|a| a.0 == name)
            .ok_or_else(|| format!("\"{name}\" is missing; write {name}=NUMBER"))?;
        let (_, value) = self.0.remove(at);
        number(value, unit, bare).map_err(|m| format!("{name}: {m}"))
    }

    fn finish(&self, kind: &str) -> Result<(), String> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(format!(
                "\"{name}\" is no argument of {kind}, or stands twice"
            )),
        }
    }
}
