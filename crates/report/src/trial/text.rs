//! Numbers as people read them.

use gutskin_study::trial::Interval;

/// Two decimals with a real minus sign.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "none".to_owned();
    }
    format!("{:.2}", crate::hundredths(value)).replace('-', "−")
}

/// Percent of a share.
pub(super) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "none".to_owned();
    }
    format!("{:.1} %", 100.0 * share + 0.0).replace('-', "−")
}

/// An estimate with its interval.
pub(super) fn interval(i: &Interval) -> String {
    if !i.mean.is_finite() {
        return "no result".to_owned();
    }
    format!(
        "{} ({} to {})",
        number(i.mean),
        number(i.low),
        number(i.high)
    )
}

/// A p value.
pub(super) fn p(value: f64) -> String {
    if value < 0.0001 {
        "< 0.0001".to_owned()
    } else {
        format!("{value:.4}")
    }
}

/// What there is, or a dash.
pub(super) fn or_dash<T>(value: Option<T>, show: impl FnOnce(T) -> String) -> String {
    value.map_or("–".to_owned(), show)
}
