//! Dates as whole days.

use toml::value::Datetime;

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
pub(super) fn days(date: &Datetime) -> Option<i64> {
    let date = date.date?;
    let (year, month, day) = (
        i64::from(date.year),
        i64::from(date.month),
        i64::from(date.day),
    );
    // Years begin in March, so that the day that leap years add is the last one.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let of = |text: &str| days(&text.parse().unwrap()).unwrap();
        assert_eq!(of("1970-01-01"), 0);
        assert_eq!(of("2000-03-01"), 11_017);
        assert_eq!(of("2026-02-20") - of("2025-02-20"), 365);
        assert_eq!(of("2024-03-01") - of("2024-02-28"), 2);
        assert!(days(&"07:32:00".parse().unwrap()).is_none());
    }
}
