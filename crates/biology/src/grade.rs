//! Global assessments in five grades, 0 (clear) to 4 (severe), from the score that they follow.
//!
//! A grade is cut from the score: between cut k − 1 and cut k lies grade k − 1. As an observable it is a number that runs
//! through k − ½ at cut k, a line in the logarithm of the score that bends at the inner cuts, so that rounding gives the
//! grade and the score can be found from it again.

use gutskin_network::{Builder, Expr, ParameterTable};

/// Cuts between the grades 0, 1, 2, 3 and 4, in points of the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grades {
    cuts: [f64; 4],
    /// Over which logarithm of the score the line bends.
    width: f64,
}

/// Of the first cut: keeps the logarithm where the score is nothing.
const TRACE: f64 = 1e-3;

/// Parameters of the cuts of a global assessment.
fn names(assessment: &str) -> [String; 4] {
    [1, 2, 3, 4].map(|k| format!("score.{assessment}_cut_{k}"))
}

impl Grades {
    /// The cuts of a global assessment (`iga`, `pga`, `acne_iga`); nothing where the table lacks one or they do not rise.
    #[must_use]
    pub fn of(table: &ParameterTable, assessment: &str) -> Option<Self> {
        let mut cuts = [0.0; 4];
        for (cut, name) in cuts.iter_mut().zip(names(assessment)) {
            *cut = table.get(&name)?.value;
        }
        let width = table.get("smoothing.width")?.value;
        let rising = cuts[0] > 0.0 && cuts.windows(2).all(|w| w[0] < w[1]);
        rising.then_some(Self { cuts, width })
    }

    fn slope(&self, k: usize) -> f64 {
        1.0 / (self.cuts[k + 1] / self.cuts[k]).ln()
    }

    /// Grade and its slope at a logarithm of the score over the first cut.
    fn at(&self, ln: f64) -> (f64, f64) {
        let (mut grade, mut slope) = (0.5 + self.slope(0) * ln, self.slope(0));
        for k in 1..3 {
            let bend = self.slope(k) - self.slope(k - 1);
            let x = ln - (self.cuts[k] / self.cuts[0]).ln();
            let root = x.hypot(self.width);
            grade += bend * 0.5 * (x + root);
            slope += bend * 0.5 * (1.0 + x / root);
        }
        (grade, slope)
    }

    /// The grade of a score, before it is rounded.
    #[must_use]
    pub fn grade(&self, score: f64) -> f64 {
        self.at((score / self.cuts[0] + TRACE).ln()).0
    }

    /// The score of a grade before it was rounded: Newton's method from the line without bends.
    #[must_use]
    pub fn score(&self, grade: f64) -> f64 {
        const STEPS: usize = 8;
        let piece = (0..2).find(|&k| grade < k as f64 + 1.5).unwrap_or(2);
        let start = (self.cuts[piece] / self.cuts[0]).ln();
        let mut ln = start + (grade - piece as f64 - 0.5) / self.slope(piece);
        for _ in 0..STEPS {
            let (found, slope) = self.at(ln);
            ln -= (found - grade) / slope;
        }
        (self.cuts[0] * (ln.exp() - TRACE)).max(0.0)
    }

    /// The whole grade that is written down for a score.
    #[must_use]
    pub fn written(&self, score: f64) -> f64 {
        self.cuts.iter().filter(|cut| score > **cut).count() as f64
    }
}

/// Observes `score.<assessment>` of a score in that unit.
pub(crate) fn observe<'m>(
    m: &'m Builder<'_>,
    assessment: &str,
    (score, unit): (Expr<'m>, &str),
    doc: &str,
) {
    let cuts = names(assessment).map(|name| m.parameter(&name, unit));
    let width = m.parameter("smoothing.width", "1");
    let slope = |k: usize| 1.0 / (cuts[k + 1] / cuts[k]).ln();
    let ln = (score / cuts[0] + TRACE).ln();
    let bend = |k: usize| {
        let x = ln - (cuts[k] / cuts[0]).ln();
        (slope(k) - slope(k - 1)) * x.smooth_plus(width)
    };
    let grade = 0.5 + slope(0) * ln + bend(1) + bend(2);
    m.observe(&format!("score.{assessment}"), "1", grade, doc);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_gives_the_bands_and_the_score_comes_back() {
        let table = crate::parameter_table().unwrap();
        for assessment in ["iga", "pga", "acne_iga"] {
            let grades = Grades::of(&table, assessment).unwrap();
            for score in [
                0.02, 0.3, 0.9, 1.3, 2.9, 5.0, 8.0, 19.0, 22.0, 30.0, 60.0, 65.0,
            ] {
                let grade = grades.grade(score);
                let rounded = grade.round().clamp(0.0, 4.0);
                assert_eq!(rounded, grades.written(score), "{assessment} {score}");
                let back = grades.score(grade);
                assert!(
                    (back / score - 1.0).abs() < 1e-9,
                    "{assessment} {score} {back}"
                );
            }
            for cut in grades.cuts {
                let back = grades.score(grades.grade(cut));
                assert!((back / cut - 1.0).abs() < 1e-9, "{assessment} {cut} {back}");
            }
            assert_eq!(grades.written(0.0), 0.0);
            assert!(grades.score(grades.grade(0.0)) < 1e-12);
        }
    }

    #[test]
    fn eczema_has_the_published_bands() {
        let table = crate::parameter_table().unwrap();
        let iga = Grades::of(&table, "iga").unwrap();
        let written = [0.1, 0.5, 1.0, 3.0, 7.0, 15.0, 21.0, 40.0].map(|easi| iga.written(easi));
        assert_eq!(written, [0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0]);
    }
}
