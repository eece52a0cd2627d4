//! Numbers as people read them: as many digits as say something, a real minus sign, powers of ten where a number is long.

use gutskin_study::trial::Interval;

/// Below this a difference is what rounding in sums leaves.
const ROUNDING: f64 = 1e-13;
/// From here on, and below its inverse times ten, a number is written with a power of ten.
const LONG: f64 = 1e6;
/// A space at which no line ends.
pub(super) const FIXED: char = '\u{a0}';
/// Most decimals.
const MOST: i32 = 6;

/// A number by itself: two decimals, more where it is small.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "none".to_owned();
    }
    if value.abs() < ROUNDING {
        return "0".to_owned();
    }
    written(value, decimals(value.abs().min(0.1)))
}

/// Decimals at which a number of this size has two digits.
fn decimals(size: f64) -> usize {
    let place = size.log10().floor().clamp(-20.0, 20.0) as i32;
    usize::try_from((1 - place).clamp(0, MOST)).unwrap_or(0)
}

/// The number at these decimals; a long one by its power of ten.
fn written(value: f64, decimals: usize) -> String {
    let size = value.abs();
    if size >= LONG || (ROUNDING..10.0 / LONG).contains(&size) {
        return power_of_ten(value, 2);
    }
    let decimals = if size >= 1000.0 { 0 } else { decimals };
    format!("{:.decimals$}", crate::rounded(value, decimals)).replace('-', "−")
}

/// The value as digits with so many decimals and a power of ten.
pub(crate) fn power_of_ten(value: f64, decimals: usize) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = format!("{value:.decimals$e}");
    let Some((digits, power)) = text.split_once('e') else {
        return text;
    };
    let raised = power.chars().map(|c| {
        let digit = c.to_digit(10).and_then(|d| RAISED.get(d as usize));
        digit.copied().unwrap_or('⁻')
    });
    let power: String = raised.collect();
    format!("{}{FIXED}×{FIXED}10{power}", digits.replace('-', "−"))
}

/// A count, people for example.
pub(super) fn count(value: f64) -> String {
    written(value, 0)
}

/// Percent of a share.
pub(super) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "none".to_owned();
    }
    format!("{:.1}{FIXED}%", crate::rounded(100.0 * share, 1)).replace('-', "−")
}

/// A value with its bounds, all at the decimals that the width of the interval carries.
pub(super) fn between(value: f64, low: f64, high: f64) -> String {
    let all = [value, low, high];
    if all.iter().any(|v| !v.is_finite()) {
        return format!("{} ({} to {})", number(value), number(low), number(high));
    }
    if all.iter().all(|v| v.abs() < ROUNDING) {
        return "0".to_owned();
    }
    let half = 0.5 * (high - low).abs();
    let largest = all.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    let digits = decimals(if half > 1e-9 * largest { half } else { largest });
    let digits = if largest < 100.0 {
        digits.max(1)
    } else {
        digits
    };
    let text = |v: f64| {
        if v.abs() < 10.0 / LONG && largest >= 10.0 / LONG {
            let digits = digits.min(MOST as usize);
            return format!("{:.digits$}", crate::rounded(v, digits)).replace('-', "−");
        }
        written(v, digits)
    };
    format!("{} ({} to {})", text(value), text(low), text(high))
}

/// An estimate with its interval.
pub(super) fn interval(i: &Interval) -> String {
    if !i.mean.is_finite() {
        return "no result".to_owned();
    }
    between(i.mean, i.low, i.high)
}

/// A p value; a dash where there is none.
pub(super) fn p(value: f64) -> String {
    if !value.is_finite() {
        "–".to_owned()
    } else if value < 0.0001 {
        format!("<{FIXED}0.0001")
    } else {
        format!("{value:.4}")
    }
}

/// What there is, or a dash.
pub(super) fn or_dash<T>(value: Option<T>, show: impl FnOnce(T) -> String) -> String {
    value.map_or("–".to_owned(), show)
}

#[cfg(test)]
mod tests {
    use super::FIXED;

    fn plain(text: &str) -> String {
        text.replace(FIXED, " ")
    }

    fn number(value: f64) -> String {
        plain(&super::number(value))
    }

    fn between(value: f64, low: f64, high: f64) -> String {
        plain(&super::between(value, low, high))
    }

    fn p(value: f64) -> String {
        plain(&super::p(value))
    }

    #[test]
    fn numbers_keep_the_digits_that_say_something() {
        assert_eq!(number(-12.345), "−12.35");
        assert_eq!(number(0.0123), "0.012");
        assert_eq!(number(-0.000_45), "−0.00045");
        assert_eq!(number(6_503_919_441.33), "6.50 × 10⁹");
        assert_eq!(number(2.5e-7), "2.50 × 10⁻⁷");
        assert_eq!(number(7.1e-17), "0");
        assert_eq!(number(1234.5), "1235");
        assert_eq!(number(f64::NAN), "none");
    }

    #[test]
    fn counts_are_whole_or_powers_of_ten() {
        assert_eq!(super::count(24.0), "24");
        assert_eq!(super::count(265_291.0), "265291");
        assert_eq!(plain(&super::count(2_096_322_584.0)), "2.10 × 10⁹");
    }

    #[test]
    fn an_interval_has_the_decimals_of_its_width() {
        assert_eq!(between(0.006, 0.002, 0.010), "0.0060 (0.0020 to 0.0100)");
        assert_eq!(between(-40.12, -43.2, -37.0), "−40.1 (−43.2 to −37.0)");
        assert_eq!(
            between(0.000_6, 0.0, 0.001_2),
            "0.00060 (0.00000 to 0.00120)"
        );
        assert_eq!(
            between(7_676_802_038.0, 5_483_255_313.0, 9_870_348_762.0),
            "7.68 × 10⁹ (5.48 × 10⁹ to 9.87 × 10⁹)"
        );
        assert_eq!(between(7e-17, -2e-16, 4e-16), "0");
        assert_eq!(between(-0.001, -20.0, 21.0), "0.0 (−20.0 to 21.0)");
    }

    #[test]
    fn a_p_that_does_not_exist_is_a_dash() {
        assert_eq!(p(f64::NAN), "–");
        assert_eq!(p(0.000_01), "< 0.0001");
        assert_eq!(p(0.04), "0.0400");
    }
}
