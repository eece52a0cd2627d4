//! Which links carry the effect: from the whole of it down to what is left without them.

use super::axis::{ROW, WIDTH, bounds, rows};
use super::{COLOURS, drawn};
use crate::ReportError;
use gutskin_study::trial::{Carried, Why};
use plotters::prelude::*;

/// Links drawn alone; the others share a bar.
const MOST: usize = 12;

/// A waterfall: the whole effect, then what is lost with each link cut alone, the largest first, then how they interact,
/// then what is left without all of them. `described` is what an effect on one person is.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn why(why: &Why, described: &str) -> Result<String, ReportError> {
    drawn("why", |svg| draw(why, described, svg))
}

/// Label, from where to where, colour.
type Bar = (String, [f64; 2], RGBColor);

fn bars(why: &Why) -> Vec<Bar> {
    let all = why.by_size();
    let one = all.len().saturating_sub(MOST) == 1;
    let (shown, others) = all.split_at(all.len().min(MOST + usize::from(one)));
    let named = |c: &&Carried| match c.grade {
        "" => (format!("– {}", c.link), c.carried),
        grade => (format!("– {} ({grade})", c.link), c.carried),
    };
    let mut steps: Vec<(String, f64)> = shown.iter().map(named).collect();
    if !others.is_empty() {
        let sum = others.iter().map(|c| c.carried).sum();
        steps.push((
            format!("– {} other {} together", others.len(), why.parts),
            sum,
        ));
    }
    let whole = why.whole.mean;
    let mut bars = vec![("whole effect".to_owned(), [0.0, whole], COLOURS[0])];
    let mut level = whole;
    for (label, carried) in steps {
        // What goes against the whole effect is a step away from zero.
        let colour = if carried * whole < 0.0 {
            COLOURS[2]
        } else {
            COLOURS[1]
        };
        bars.push((label, [level, level - carried], colour));
        level -= carried;
    }
    bars.push((
        "interaction of what is cut".to_owned(),
        [level, why.without_all],
        RGBColor(130, 130, 130),
    ));
    bars.push((
        "left with all cut".to_owned(),
        [0.0, why.without_all],
        COLOURS[0],
    ));
    bars
}

fn draw(why: &Why, described: &str, svg: &mut String) -> Result<(), String> {
    let bars = bars(why);
    let height = 70 + ROW * u32::try_from(bars.len()).unwrap_or(1).min(100);
    let area = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
    let labels: Vec<String> = bars.iter().map(|b| b.0.clone()).collect();
    let all = bounds(bars.iter().flat_map(|b| b.1));
    let text = |e: DrawingAreaErrorKind<_>| e.to_string();
    let mut chart = rows(&area, &labels, all, &format!("mean {described}"))?;
    let last = bars.len().saturating_sub(1);
    for (row, (_, [from, to], colour)) in bars.into_iter().enumerate() {
        if !(from.is_finite() && to.is_finite()) {
            continue;
        }
        let (top, bottom) = (row as f64 + 0.2, row as f64 + 0.8);
        let bar = Rectangle::new([(from, top), (to, bottom)], colour.filled());
        // A bar of no width is still seen where it stands.
        let edge = PathElement::new(vec![(to, top), (to, bottom)], colour.stroke_width(2));
        chart.draw_series([bar]).map_err(text)?;
        chart.draw_series([edge]).map_err(text)?;
        if row < last {
            let joint = vec![(to, bottom), (to, row as f64 + 1.2)];
            let joint = PathElement::new(joint, BLACK.mix(0.4));
            chart.draw_series([joint]).map_err(text)?;
        }
    }
    drop(chart);
    area.present().map_err(text)
}

#[cfg(test)]
mod tests {
    use super::{Carried, MOST, Why, bars};
    use gutskin_study::trial::Interval;

    fn why(count: usize) -> Why {
        let link = |i: usize| Carried {
            link: format!("link {i}"),
            grade: "HT",
            without: -10.0 + i as f64 / 10.0,
            carried: -(i as f64) / 10.0,
        };
        Why {
            arm: "a".to_owned(),
            parts: "links",
            people: 5,
            whole: Interval {
                mean: -10.0,
                low: -11.0,
                high: -9.0,
            },
            links: (0..count).map(link).collect(),
            without_all: -0.5,
        }
    }

    #[test]
    fn bars_lead_from_the_whole_to_what_is_left() {
        let bars = bars(&why(40));
        assert_eq!(bars.len(), 1 + MOST + 1 + 2);
        assert_eq!(bars[1].0, "– link 39 (HT)");
        assert_eq!(bars[1 + MOST].0, "– 28 other links together");
        for pair in bars[..bars.len() - 1].windows(2) {
            assert!((pair[0].1[1] - pair[1].1[0]).abs() < 1e-9, "{}", pair[1].0);
        }
        let last = &bars[bars.len() - 1];
        assert_eq!(last.1, [0.0, -0.5]);
        assert!((bars[bars.len() - 2].1[1] + 0.5).abs() < 1e-9);
    }

    #[test]
    fn few_links_all_have_their_bar() {
        assert_eq!(bars(&why(MOST + 1)).len(), 1 + MOST + 1 + 2);
        assert_eq!(bars(&why(0)).len(), 3);
    }
}
