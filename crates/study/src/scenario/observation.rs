//! How the scores of a condition are seen: placebo course, care, noise.

use super::resolve::Resolver;
use super::{ScenarioError, file::Header};
use gutskin_biology::grade::Grades;
use gutskin_network::{Network, ParameterTable};
use gutskin_people::person::readables;
use gutskin_units::Unit;
use std::ops::Range;

/// What stands between a patient's true value and the value written down at a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Median ratio that placebo and natural course reach in the end.
    pub placebo_ratio: f64,
    /// Spread of that ratio between people, standard deviation of the logarithm.
    pub placebo_sd_ln: f64,
    /// Time in which it is reached, days.
    pub placebo_time: f64,
    /// What entry on a noisy reading and noise itself made of the mean in the arms which the course is fitted to, as a
    /// factor.
    pub placebo_entry: f64,
    /// Share of people who improve by far more, with an exponential improvement of the logarithm.
    pub improver_share: f64,
    /// Mean of that improvement.
    pub improver_mean: f64,
    /// Noise of one reading, standard deviation of the logarithm.
    pub noise_sd_ln: f64,
    /// Noise of one reading in points of the score, on top.
    pub noise_points: f64,
    /// Time over which noise is remembered from one reading to the next, days; 0 where it is not.
    pub noise_time: f64,
    /// Largest value of the score: nothing above it is written down.
    pub largest: f64,
    /// Natural course, change of the logarithm a day.
    pub natural: f64,
    /// Where the value is a global assessment: its grades. Placebo course and noise are those of the score behind it, and
    /// a reading is a whole grade.
    pub grades: Option<Grades>,
}

impl Observation {
    /// The value itself: no placebo course, no noise.
    pub const EXACT: Observation = Observation {
        placebo_ratio: 1.0,
        placebo_sd_ln: 0.0,
        placebo_time: 1.0,
        placebo_entry: 1.0,
        improver_share: 0.0,
        improver_mean: 0.0,
        noise_sd_ln: 0.0,
        noise_points: 0.0,
        noise_time: 0.0,
        largest: f64::INFINITY,
        natural: 0.0,
        grades: None,
    };

    /// A value under this factor of placebo and natural course.
    #[must_use]
    pub fn under(&self, value: f64, factor: f64) -> f64 {
        match &self.grades {
            Some(grades) => grades.grade(grades.score(value) * factor),
            None => value * factor,
        }
    }

    /// What is written down for a value under standard normal noise.
    #[must_use]
    pub fn read(&self, value: f64, noise: f64) -> f64 {
        match &self.grades {
            Some(grades) => grades.written(self.noisy(grades.score(value), noise)),
            None => self.noisy(value, noise),
        }
    }

    /// Standard normal noise of readings at these days, correlated as e^(−Δt/τ): that of the first, then what is `fresh` at
    /// each later one beside what is remembered.
    #[must_use]
    pub fn noise(&self, days: &[f64], first: f64, fresh: impl Fn(usize) -> f64) -> Vec<f64> {
        remembered(days, self.noise_time, first, fresh)
    }

    fn noisy(&self, value: f64, noise: f64) -> f64 {
        let read = value * (self.noise_sd_ln * noise).exp();
        let read = match self.noise_points {
            0.0 => read,
            points => (read + points * noise).max(0.0),
        };
        read.min(self.largest)
    }
}

/// A standard normal course at these days that remembers itself over `time` days, not at all where that is 0.
pub(crate) fn remembered(
    days: &[f64],
    time: f64,
    first: f64,
    fresh: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let mut course = vec![first];
    for (index, pair) in days.windows(2).enumerate() {
        let kept = match time {
            time if time > 0.0 => (-(pair[1] - pair[0]) / time).exp(),
            _ => 0.0,
        };
        course.push(kept * course[index] + (1.0 - kept * kept).sqrt() * fresh(index + 1));
    }
    course
}

/// Care that every arm gets from the start of the study.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Care {
    /// Input that holds it.
    pub input: u32,
    /// Its scale.
    pub scale: f64,
}

/// Conditions that have a skin module; healthy skin has neither placebo course nor care.
pub(super) const CONDITIONS: &[&str] = &["acne", "ad", "healthy", "pso"];

/// Contexts of care in eczema, where care is in the equations.
const CARE: &[&str] = &["monotherapy", "topical", "emollient", "none"];

/// Contexts of care in psoriasis, each with a placebo course of its own in the readings.
const CARE_PSO: &[&str] = &["monotherapy", "topical"];

/// Contexts in acne: the placebo course of most trials, and the smaller one of those of clascoterone; each blinded or as
/// seen in people who stay on open-label treatment.
const CARE_ACNE: &[&str] = &["vehicle", "vehicle_low", "open_label", "open_label_low"];

/// What readers of a study with a run-in have to know.
const RUN_IN_NOTE: &str = "care and placebo courses begin with the run-in, so that less of them (after half a year next to \
     nothing) is left to be seen from randomisation on";

/// The same of one with open-label care.
const OPEN_LABEL_NOTE: &str = "open-label care lets the counts of every arm fall by themselves as in people who stayed on an \
     open treatment for a year; no blinded arm was seen to, so read differences between arms and not the course of one";

/// Parameters of a condition that describe how its scores are seen, so that a scenario may change them.
const OBSERVED: &[(&str, &[&str])] = &[
    (
        "acne",
        &[
            "placebo_ratio",
            "placebo_ratio_inflammatory",
            "placebo_ratio_non_inflammatory",
            "placebo_sd_ln",
            "placebo_time",
            "placebo_entry_inflammatory",
            "placebo_entry_non_inflammatory",
            "placebo_ratio_inflammatory_low",
            "placebo_ratio_non_inflammatory_low",
            "count_noise_sd_ln",
            NOISE_TIME,
            NATURAL,
            NATURAL_OPEN,
        ],
    ),
    (
        "ad",
        &[
            "noise_cv",
            "noise_points",
            "noise_scorad",
            NOISE_TIME,
            "care_monotherapy",
            "care_topical",
            "care_emollient",
            "flare_rate",
            "flare_size",
            "flare_length",
        ],
    ),
    (
        "pso",
        &[
            "placebo_share",
            "placebo_share_topical",
            "placebo_mean",
            "placebo_mean_topical",
            "placebo_sd",
            "placebo_time",
            "placebo_entry",
            "noise_cv",
            NOISE_TIME,
        ],
    ),
];

/// How long noise is remembered.
const NOISE_TIME: &str = "noise_time";

/// Change by itself.
const NATURAL: &str = "natural_course";

/// Change by itself in those who stay on open-label treatment.
const NATURAL_OPEN: &str = "natural_course_open_label";

/// Ratio of the placebo course in the smallest model, which has one count only.
const THIN: &str = "placebo_ratio";

/// Whether a parameter describes how scores of the condition or values of a laboratory are seen.
pub(super) fn observed(condition: &str, name: &str) -> bool {
    let of_assay = name.starts_with("assay.") && name.ends_with("_error");
    of_assay
        || name.split_once('.').is_some_and(|(module, what)| {
            module == condition
                && OBSERVED
                    .iter()
                    .any(|(c, names)| *c == condition && names.contains(&what))
        })
}

type Result<T> = std::result::Result<T, ScenarioError>;

impl Resolver<'_> {
    /// Value of a parameter of the condition in this unit.
    fn of_condition(
        &self,
        table: &ParameterTable,
        (span, condition): (&Range<usize>, &str),
        (what, unit): (&str, &str),
    ) -> Result<f64> {
        let name = format!("{condition}.{what}");
        let entry = table.get(&name).ok_or_else(|| {
            self.error(
                span.clone(),
                format!("parameter \"{name}\" stands in no parameter file"),
            )
        })?;
        let value = Unit::parse(unit)
            .and_then(|u| entry.unit.convert(entry.value, &u))
            .map_err(|e| self.error(span.clone(), format!("parameter \"{name}\": {e}")))?;
        // Only courses by themselves have a sign.
        if value < 0.0 && ![NATURAL, NATURAL_OPEN].contains(&what) {
            return Err(self
                .error(
                    span.clone(),
                    format!("parameter \"{name}\" is {value}, but describes how scores are seen"),
                )
                .with_help("noise, shares, ratios and times are 0 or more"));
        }
        if value == 0.0 && what == "placebo_time" {
            return Err(self
                .error(
                    span.clone(),
                    format!("parameter \"{name}\" is 0, but a placebo course takes time"),
                )
                .with_help("write days, 30 for example"));
        }
        if value > 1.0 && what.contains("share") {
            return Err(self
                .error(
                    span.clone(),
                    format!("parameter \"{name}\" is {value}, but is a share of people"),
                )
                .with_help("a share lies between 0 and 1"));
        }
        Ok(value)
    }

    /// Placebo course and noise of the condition, from the parameter files. They belong to the scores of the skin
    /// condition; what lies upstream is read with the error of its assay.
    pub(super) fn observation(
        &self,
        table: &ParameterTable,
        header: &Header,
        endpoint: &str,
    ) -> Result<Observation> {
        let condition = header.condition.as_ref().as_str();
        let span = header.condition.span();
        let value = |what, unit| self.of_condition(table, (&span, condition), (what, unit));
        let graded = |assessment: &str| {
            let found = Grades::of(table, assessment);
            let fault = || {
                self.error(
                    span.clone(),
                    format!("the cuts score.{assessment}_cut_1 to 4 do not rise"),
                )
            };
            found.map(Some).ok_or_else(fault)
        };
        let counted = |ratio: &'static str, grades: Option<Grades>| -> Result<Observation> {
            Ok(Observation {
                placebo_ratio: value(ratio, "1")?,
                placebo_entry: if ratio.contains("non_inflammatory") {
                    value("placebo_entry_non_inflammatory", "1")?
                } else {
                    value("placebo_entry_inflammatory", "1")?
                },
                placebo_sd_ln: value("placebo_sd_ln", "1")?,
                placebo_time: value("placebo_time", "d")?,
                noise_sd_ln: value("count_noise_sd_ln", "1")?,
                noise_time: value(NOISE_TIME, "d")?,
                natural: if ratio == THIN {
                    0.0
                } else {
                    value(natural_course(header), "1/d")?
                },
                grades,
                ..Observation::EXACT
            })
        };
        let inflammatory = in_care(
            header,
            "placebo_ratio_inflammatory",
            "placebo_ratio_inflammatory_low",
        );
        let non_inflammatory = in_care(
            header,
            "placebo_ratio_non_inflammatory",
            "placebo_ratio_non_inflammatory_low",
        );
        match (condition, endpoint) {
            ("acne", name) if header.model.as_ref() == "thin" && name.starts_with("acne.") => {
                counted(THIN, None)
            }
            ("acne", "acne.inflammatory" | "score.acne_burden") => counted(inflammatory, None),
            ("acne", "acne.non_inflammatory") => counted(non_inflammatory, None),
            ("acne", "score.acne_iga") => counted(inflammatory, graded("acne_iga")?),
            // Placebo is care, in the equations.
            ("ad", "score.easi" | "score.iga") => Ok(Observation {
                largest: self.largest(table, span.clone(), "score.easi_limit")?,
                noise_sd_ln: value("noise_cv", "1")?,
                noise_points: value("noise_points", "1")?,
                noise_time: value(NOISE_TIME, "d")?,
                grades: if endpoint == "score.iga" {
                    graded("iga")?
                } else {
                    None
                },
                ..Observation::EXACT
            }),
            ("ad", "score.scorad") => Ok(Observation {
                largest: self.largest(table, span.clone(), "score.scorad_limit")?,
                noise_points: value("noise_scorad", "1")?,
                noise_time: value(NOISE_TIME, "d")?,
                ..Observation::EXACT
            }),
            ("pso", "score.pasi" | "score.pga") => Ok(Observation {
                placebo_sd_ln: value("placebo_sd", "1")?,
                placebo_time: value("placebo_time", "d")?,
                placebo_entry: value("placebo_entry", "1")?,
                improver_share: value(
                    in_care(header, "placebo_share", "placebo_share_topical"),
                    "1",
                )?,
                improver_mean: value(in_care(header, "placebo_mean", "placebo_mean_topical"), "1")?,
                largest: self.largest(table, span.clone(), "score.pasi_limit")?,
                noise_sd_ln: value("noise_cv", "1")?,
                noise_time: value(NOISE_TIME, "d")?,
                grades: if endpoint == "score.pga" {
                    graded("pga")?
                } else {
                    None
                },
                ..Observation::EXACT
            }),
            (_, name) => self.laboratory(table, span, name),
        }
    }

    /// Largest value of a score.
    fn largest(&self, table: &ParameterTable, span: Range<usize>, name: &str) -> Result<f64> {
        let entry = table.get(name).map(|entry| entry.value);
        entry.ok_or_else(|| {
            self.error(
                span,
                format!("parameter \"{name}\" stands in no parameter file"),
            )
        })
    }

    /// How one laboratory reads something else: with the error of a sample. Its scale is the same for everybody in a
    /// study and is left out.
    fn laboratory(
        &self,
        table: &ParameterTable,
        span: Range<usize>,
        observable: &str,
    ) -> Result<Observation> {
        let all = readables(table).map_err(|e| self.error(span, e.to_string()))?;
        let found = all.iter().find(|r| r.observable == observable);
        Ok(found.map_or(Observation::EXACT, |r| Observation {
            noise_sd_ln: r.within.sd_ln,
            noise_points: r.within.points,
            ..Observation::EXACT
        }))
    }

    /// Care of every arm: in eczema that of monotherapy trials unless the scenario names another.
    pub(super) fn care(
        &self,
        table: &ParameterTable,
        header: &Header,
        network: &Network,
    ) -> Result<Option<Care>> {
        let condition = header.condition.as_ref().as_str();
        let span = header.condition.span();
        let context = match &header.care {
            Some(named) => {
                let contexts = match condition {
                    "ad" => CARE,
                    "pso" => CARE_PSO,
                    "acne" => CARE_ACNE,
                    _ => {
                        return Err(self
                            .error(named.span(), "healthy skin has no care")
                            .with_help("leave it out"));
                    }
                };
                self.one_of("care", named, contexts)?;
                if natural_course(header) == NATURAL_OPEN {
                    self.warn_once(named.span(), OPEN_LABEL_NOTE);
                }
                named.as_ref().as_str()
            }
            None => "monotherapy",
        };
        let Some(input) = network.input("input.care").filter(|_| condition == "ad") else {
            return Ok(None);
        };
        if context == "none" {
            return Ok(None);
        }
        let name = format!("care_{context}");
        let scale = self.of_condition(table, (&span, condition), (&name, "1"))?;
        Ok(Some(Care { input, scale }))
    }

    /// A run-in takes part of what begins with the study.
    pub(super) fn warn_of_run_in(&self, span: Range<usize>, header: &Header) {
        if header.condition.as_ref() != "healthy" && context(header) != Some("none") {
            self.warn_once(span, RUN_IN_NOTE);
        }
    }
}

/// The context that the scenario names.
fn context(header: &Header) -> Option<&str> {
    header.care.as_ref().map(|c| c.as_ref().as_str())
}

/// The parameter for the context that the scenario names: the usual one, or the other of psoriasis and acne.
fn in_care(header: &Header, usual: &'static str, other: &'static str) -> &'static str {
    match context(header) {
        Some("topical" | "vehicle_low" | "open_label_low") => other,
        _ => usual,
    }
}

/// The parameter of what counts of acne do by themselves.
fn natural_course(header: &Header) -> &'static str {
    match context(header) {
        Some("open_label" | "open_label_low") => NATURAL_OPEN,
        _ => NATURAL,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn readings_have_both_kinds_of_noise_and_never_fall_below_zero() {
        let noisy = Observation {
            noise_points: 2.0,
            ..Observation::EXACT
        };
        assert_eq!(Observation::EXACT.read(5.0, 3.0), 5.0);
        assert_eq!(noisy.read(5.0, 1.0), 7.0);
        assert_eq!(noisy.read(5.0, -9.0), 0.0);
    }

    #[test]
    fn noise_is_remembered_for_its_time_and_no_longer() {
        let score = Observation {
            noise_time: 4.0,
            ..Observation::EXACT
        };
        let days = [0.0, 4.0, 404.0];
        let found = score.noise(&days, 1.0, |_| 0.5);
        let kept = (-1.0_f64).exp();
        assert!((found[1] - (kept + 0.5 * (1.0 - kept * kept).sqrt())).abs() < 1e-15);
        assert!((found[2] - 0.5).abs() < 1e-12);
        assert_eq!(
            Observation::EXACT.noise(&days, 1.0, |v| v as f64),
            [1.0, 1.0, 2.0]
        );
    }

    #[test]
    fn a_global_assessment_is_read_as_a_whole_grade_of_the_score_behind_it() {
        let table = gutskin_biology::parameter_table().unwrap();
        let grades = Grades::of(&table, "iga");
        let iga = Observation {
            grades,
            noise_sd_ln: 0.1,
            ..Observation::EXACT
        };
        let of = |easi: f64| grades.unwrap().grade(easi);
        assert_eq!(iga.read(of(15.0), 0.0), 3.0);
        // Placebo halves the score, not the grade.
        assert_eq!(iga.read(iga.under(of(12.0), 0.5), 0.0), 2.0);
        assert!((iga.under(of(12.0), 0.5) - of(6.0)).abs() < 1e-12);
        // Noise may carry a score over a cut.
        assert_eq!(
            (iga.read(of(20.0), 1.0), iga.read(of(20.0), -1.0)),
            (4.0, 3.0)
        );
    }

    #[test]
    fn only_parameters_of_the_condition_describe_its_scores() {
        assert!(observed("pso", "pso.placebo_mean"));
        assert!(!observed("pso", "ad.noise_cv"));
        assert!(!observed("pso", "pso.t17_rate"));
    }
}
