//! Units of the household that the model does not read, for a mend: what they come to.

use gutskin_units::Unit;

/// Ways to write a unit, the unit that is read in its place, and how many of that one of it is.
const UNITS: [(&[&str], &str, f64); 9] = [
    (&["lb", "lbs", "pound", "pounds"], "kg", 0.453_592_37),
    (&["oz", "ounce", "ounces"], "g", 28.349_523_125),
    (&["st", "stone", "stones"], "kg", 6.350_293_18),
    (&["in", "inch", "inches", "\"", "″"], "cm", 2.54),
    (&["ft", "foot", "feet", "'", "′"], "cm", 30.48),
    (
        &["kilo", "kilos", "kilogram", "kilograms", "kgs"],
        "kg",
        1.0,
    ),
    (&["gram", "grams", "gr"], "g", 1.0),
    (
        &[
            "centimetre",
            "centimetres",
            "centimeter",
            "centimeters",
            "cms",
        ],
        "cm",
        1.0,
    ),
    (&["metre", "metres", "meter", "meters"], "m", 1.0),
];

/// What to write in place of an amount in such units (`176 lb`, `5 ft 7 in`, `8 oz/d`); nothing where it is in none of them, or
/// is of another kind than what is wanted.
pub(super) fn meant(text: &str, wanted: &Unit) -> Option<String> {
    let (amount, per) = match text.split_once('/') {
        Some((amount, per)) => (amount, format!("/{}", per.trim())),
        None => (text, String::new()),
    };
    let (mut sum, mut unit, mut factors) = (0.0, "", Vec::new());
    let mut rest = amount.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let value: f64 = rest[..end].parse().ok()?;
        rest = rest[end..].trim_start();
        let end = rest
            .find(|c: char| c.is_ascii_digit() || c.is_whitespace())
            .unwrap_or(rest.len());
        let written = &rest[..end];
        rest = rest[end..].trim_start();
        let word = written.to_lowercase();
        let (_, read, factor) = UNITS.iter().find(|u| u.0.contains(&word.as_str()))?;
        if !(unit.is_empty() || unit == *read) {
            return None;
        }
        unit = read;
        sum += value * factor;
        if *factor != 1.0 {
            factors.push(format!("1 {written} is {factor} {read}"));
        }
    }
    let whole = format!("{unit}{per}");
    let fits = Unit::parse(&whole).ok()?.convert(sum, wanted);
    fits.ok()?;
    // Three digits at least.
    let digits = 10_f64.powf((2.0 - sum.log10().floor()).clamp(1.0, 6.0));
    let mend = format!("write \"{} {whole}\"", (digits * sum).round() / digits);
    factors.push(mend);
    Some(factors.join(", ").replace(", write", ": write"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn units_of_the_household_are_told_in_those_that_are_read() {
        let of = |text: &str, unit: &str| meant(text, &Unit::parse(unit).unwrap());
        let said = |text: &str, unit: &str| of(text, unit).unwrap();
        assert_eq!(
            said("176 lb", "kg"),
            "1 lb is 0.45359237 kg: write \"79.8 kg\""
        );
        assert_eq!(
            said("5 ft 7 in", "m"),
            "1 ft is 30.48 cm, 1 in is 2.54 cm: write \"170.2 cm\""
        );
        assert_eq!(
            said("5'7\"", "m"),
            "1 ' is 30.48 cm, 1 \" is 2.54 cm: write \"170.2 cm\""
        );
        assert_eq!(said("68 kilogram", "kg"), "write \"68 kg\"");
        assert_eq!(
            said("8oz/d", "g/d"),
            "1 oz is 28.349523125 g: write \"226.8 g/d\""
        );
        assert!(said("0 lb", "kg").ends_with("write \"0 kg\""));
        assert!(said("0.25 lb/d", "g/d").ends_with("write \"0.113 kg/d\""));
        for (text, unit) in [
            ("176 lb", "m"),
            ("176", "kg"),
            ("lb", "kg"),
            ("", "kg"),
            ("1 lb 2 ft", "kg"),
            ("8 oz", "g/d"),
            ("1..2 lb", "kg"),
            ("2 µ", "kg"),
        ] {
            assert_eq!(of(text, unit), None, "{text}");
        }
    }
}
