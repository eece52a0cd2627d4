//! Figures as SVG text: colour-blind safe, told apart in grey by line style, hatching and label.

mod axis;
mod course;
mod courses;
mod effects;
mod events;
mod guilds;
mod legend;
mod subgroups;
mod sweep;
mod twin;
mod waterfall;
mod why;

pub use course::time_course;
pub use courses::courses;
pub use effects::effects;
pub use events::events;
pub use guilds::guilds;
pub use subgroups::subgroups;
pub use sweep::sweep;
pub use twin::twin;
pub use waterfall::waterfall;
pub use why::why;

use crate::ReportError;
use plotters::prelude::*;

/// Okabe and Ito's colours without yellow, and a brown; dark enough to read on white.
const COLOURS: [RGBColor; 8] = [
    RGBColor(0, 0, 0),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(120, 82, 30),
];

/// Dash and gap of the line of an arm; a whole line where both are 0.
const DASHES: [(i32, i32); 5] = [(0, 0), (10, 5), (3, 4), (18, 4), (6, 8)];

fn colour(arm: usize) -> RGBColor {
    COLOURS[arm % COLOURS.len()]
}

/// Shifts by one where the colours begin anew, so that 40 arms have lines of their own.
fn dash(arm: usize) -> (i32, i32) {
    DASHES[(arm + arm / COLOURS.len()) % DASHES.len()]
}

/// The line of an arm through these points, in its colour and dashes.
fn line(chart: &mut axis::Chart<'_>, arm: usize, points: Vec<(f64, f64)>) -> Result<(), String> {
    let style = colour(arm).stroke_width(3);
    match dash(arm) {
        (0, _) => chart
            .draw_series(LineSeries::new(points, style))
            .map(|_| ()),
        (dash, gap) => chart
            .draw_series(DashedLineSeries::new(points, dash, gap, style))
            .map(|_| ()),
    }
    .map_err(|e| e.to_string())
}

/// Lines of at most so many letters, broken between words where that can be; what is left after the last is cut.
fn wrapped(text: &str, fit: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for (piece, part) in letters.chunks(fit.max(2)).enumerate() {
            let part: String = part.iter().collect();
            let last = lines.last_mut();
            match last.filter(|l| l.chars().count() + part.chars().count() < fit || l.is_empty()) {
                Some(line) if piece == 0 && !line.is_empty() => *line = format!("{line} {part}"),
                Some(line) if line.is_empty() => *line = part,
                _ => lines.push(part),
            }
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = last
                .chars()
                .take(fit.saturating_sub(1))
                .chain(['…'])
                .collect();
        }
    }
    lines
}

/// Labels of an axis between these bounds: decimals of its steps, no sign before a zero.
fn ticks(low: f64, high: f64) -> impl Fn(&f64) -> String {
    // Steps are 1, 2 or 5 of a power of ten, at most ten of them.
    let step = ((high - low).abs() / 10.0).max(f64::MIN_POSITIVE);
    let size = low.abs().max(high.abs());
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    move |value: &f64| {
        let value = if value.abs() < 1e-6 * step {
            0.0
        } else {
            *value
        };
        if value != 0.0 && !(1e-4..1e6).contains(&size) {
            return crate::trial::power_of_ten(value, 1);
        }
        format!("{:.decimals$}", crate::rounded(value, decimals)).replace('-', "−")
    }
}

/// Labels of an axis of time, without zeros at their end.
fn times(last: f64) -> impl Fn(&f64) -> String {
    let label = ticks(0.0, last);
    move |value: &f64| {
        let text = label(value);
        match text.contains('.') && !text.contains('×') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        }
    }
}

/// A figure by its name, drawn by a function that says what went wrong in words.
fn drawn(
    figure: &'static str,
    draw: impl FnOnce(&mut String) -> Result<(), String>,
) -> Result<String, ReportError> {
    let mut svg = String::new();
    draw(&mut svg).map_err(|detail| ReportError::Figure { figure, detail })?;
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::{COLOURS, colour, dash, ticks, times, wrapped};

    #[test]
    fn forty_arms_have_lines_of_their_own() {
        let line = |arm: usize| (colour(arm), dash(arm));
        for arm in 0..5 * COLOURS.len() {
            let same = (0..arm).find(|&other| line(other) == line(arm));
            assert_eq!(same, None, "of {arm}");
        }
    }

    #[test]
    fn ticks_have_no_negative_zero() {
        let label = ticks(-0.2, 0.4);
        assert_eq!(label(&-5.5e-17), "0.00");
        assert_eq!(label(&-0.1), "−0.10");
        assert_eq!([times(6.0)(&1.0), times(2.0)(&0.5)], ["1", "0.5"]);
        assert_eq!([times(60.0)(&10.0), times(6.0)(&0.0)], ["10", "0"]);
        assert_eq!(ticks(-100.0, 100.0)(&-0.0), "0");
        assert_eq!(ticks(0.0, 9e9)(&2e9), "2.0\u{a0}×\u{a0}10⁹");
    }

    #[test]
    fn text_breaks_between_words_and_is_cut_only_at_the_end() {
        assert_eq!(
            wrapped("breast milk and amoxicillin", 16, 3),
            ["breast milk and", "amoxicillin"]
        );
        assert_eq!(
            wrapped("a_very_long_single_word", 10, 3),
            ["a_very_lon", "g_single_w", "ord"]
        );
        assert_eq!(wrapped("one two three four", 8, 2), ["one two", "three…"]);
        assert_eq!(wrapped("", 8, 2), [""]);
    }
}
