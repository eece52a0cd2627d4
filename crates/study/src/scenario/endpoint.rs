//! What is read and judged, and by which traits people are parted.

use super::resolve::Resolver;
use super::{Observation, ScenarioError, file};
use gutskin_biology::assay::UNRELIABLE;
use gutskin_network::{Network, ParameterTable};
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// How the endpoint is computed from readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Value at the visit minus value at entry.
    Change,
    /// The same in percent of the value at entry.
    PercentChange,
    /// Whether the person responds at the visit.
    Responder,
    /// The first visit at which the person responds, up to the visit.
    TimeToResponse,
    /// Time from the first response to the first visit at which it is lost, up to the visit, of those who responded.
    TimeToRelapse,
}

/// What counts as a response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// Improvement by this percentage of the reading at entry.
    Improvement(f64),
    /// A reading that is this or better.
    Reach(f64),
    /// A reading that is this or better, and better than at entry by so many points: success on a global assessment.
    Success(f64, f64),
}

/// What is judged.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Index of the observable.
    pub observable: u32,
    /// How it is computed.
    pub measure: Measure,
    /// Index of the visit at which it is read.
    pub visit: usize,
    /// Is a lower value better?
    pub lower_is_better: bool,
    /// What counts as a response.
    pub response: Response,
    /// How a value is seen: placebo course and noise.
    pub observation: Observation,
}

impl Endpoint {
    /// Does someone respond, given the readings at entry and at the visit? Nothing can improve by a share of nothing.
    #[must_use]
    pub fn responds(&self, entry: f64, reading: f64) -> bool {
        let sign = if self.lower_is_better { 1.0 } else { -1.0 };
        match self.response {
            Response::Improvement(percent) => {
                entry != 0.0 && sign * (entry - reading) >= percent / 100.0 * entry.abs()
            }
            Response::Reach(value) => sign * (value - reading) >= 0.0,
            Response::Success(value, points) => {
                sign * (value - reading) >= 0.0 && sign * (entry - reading) >= points
            }
        }
    }

    /// The response in words.
    #[must_use]
    pub fn response_in_words(&self) -> String {
        match self.response {
            Response::Improvement(percent) => format!("improvement by {percent} % or more"),
            Response::Reach(v) if self.lower_is_better => format!("a reading of {v} or less"),
            Response::Reach(v) => format!("a reading of {v} or more"),
            Response::Success(v, points) => {
                let way = if self.lower_is_better { "less" } else { "more" };
                format!("a reading of {v} or {way}, better by {points} or more")
            }
        }
    }
}

/// What a person is known by at entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    /// An observable, by index.
    Observable(u32),
    /// A parameter, by index.
    Parameter(u32),
}

/// People parted in two by a trait.
#[derive(Clone, Debug, PartialEq)]
pub struct Subgroup {
    /// Name of the trait.
    pub name: String,
    /// The trait.
    pub of: Trait,
    /// Where they are parted; their median where nothing is given.
    pub cut: Option<f64>,
}

/// Improvement that counts as a response where the file does not say, percent.
const USUAL_RESPONSE: f64 = 50.0;

const MEASURES: [&str; 5] = [
    "change",
    "percent_change",
    "responder",
    "time_to_response",
    "time_to_relapse",
];

impl Resolver<'_> {
    pub(super) fn endpoint(
        &self,
        raw: &file::Endpoint,
        (network, table): (&Network, &ParameterTable),
        header: &file::Header,
        (visits, duration): (&[f64], f64),
    ) -> Result<Endpoint> {
        let measure = match raw.measure.as_ref().as_str() {
            "change" => Measure::Change,
            "percent_change" => Measure::PercentChange,
            "responder" => Measure::Responder,
            "time_to_response" => Measure::TimeToResponse,
            "time_to_relapse" => Measure::TimeToRelapse,
            _ => return Err(self.unknown("measure", &raw.measure, MEASURES.into_iter())),
        };
        let lower_is_better = match &raw.better {
            None => true,
            Some(text) => match text.as_ref().as_str() {
                "lower" => true,
                "higher" => false,
                _ => return Err(self.unknown("direction", text, ["lower", "higher"].into_iter())),
            },
        };
        self.doubt(&raw.observable, network);
        Ok(Endpoint {
            observable: self.observable(&raw.observable, network)?,
            measure,
            visit: self.visit_of(raw, visits, duration)?,
            lower_is_better,
            response: self.response(raw)?,
            observation: self.observation(table, header, raw.observable.as_ref())?,
        })
    }

    /// Warns of readings that say little: kits that do not measure what they are named for, bacterial DNA where no burst comes.
    fn doubt(&self, observable: &Spanned<String>, network: &Network) {
        let name = observable.as_ref().as_str();
        if UNRELIABLE.iter().any(|kit| name.ends_with(kit)) {
            self.warn_once(
                observable.span(),
                &format!(
                    "\"{name}\" is read by an unreliable kit: gutskin model observables says why"
                ),
            );
        }
        let no_bursts = crate::Bursts::none_come(network);
        if no_bursts && name.starts_with("endotoxin.dna") {
            self.warn_once(
                observable.span(),
                &format!("no burst of bacterial DNA comes, so that \"{name}\" reads nothing: add bursts = \"mean\" or \"drawn\" under [design]"),
            );
        }
    }

    /// The visit named, or the last one under treatment.
    fn visit_of(&self, raw: &file::Endpoint, visits: &[f64], duration: f64) -> Result<usize> {
        let day = raw.at.as_ref().map_or(Ok(duration), |at| self.days(at))?;
        let found = visits.iter().position(|v| (v - day).abs() < 1e-9);
        found.filter(|&i| i > 0).ok_or_else(|| {
            let span = raw.at.as_ref().unwrap_or(&raw.observable).span();
            self.error(span, format!("there is no visit after entry on day {day}"))
                .with_help("an endpoint is read at a visit; change `at` or `visits`")
        })
    }

    fn response(&self, raw: &file::Endpoint) -> Result<Response> {
        let Some(response) = &raw.response else {
            return Ok(Response::Improvement(USUAL_RESPONSE));
        };
        let file::Response {
            improvement,
            reach,
            points,
        } = *response.as_ref();
        let of_a_score = ["score.", "acne."];
        let of_a_score = of_a_score
            .iter()
            .any(|module| raw.observable.as_ref().starts_with(module));
        if let Some(below) = reach.filter(|r| *r < 0.0 && of_a_score) {
            return Err(self
                .error(
                    response.span(),
                    format!("nobody reaches {below} on a score that is 0 or more"),
                )
                .with_help(
                    "for a change by points write reach and points, or measure = \"change\"",
                ));
        }
        if points.is_some_and(|p| p < 0.0) {
            return Err(self
                .error(
                    response.span(),
                    "somebody worse by some points would respond",
                )
                .with_help(
                    "points say how much better a reading must be than at entry: 0 or more",
                ));
        }
        match (improvement, reach, points) {
            (Some(percent), None, None) if percent > 0.0 && percent < 100.0 => {
                Ok(Response::Improvement(percent))
            }
            (Some(100.0), None, None) => Err(self
                .error(response.span(), "an improvement by 100 % is a reading of exactly 0, which nobody in the model has")
                .with_help("ask for a little less: what clinics call PASI 100 is improvement = 97.5 here")),
            (None, Some(value), None) if value.is_finite() => Ok(Response::Reach(value)),
            (None, Some(value), Some(points)) if value.is_finite() && points.is_finite() => {
                Ok(Response::Success(value, points))
            }
            _ => Err(self
                .error(response.span(), "a response is one rule")
                .with_help("response = { improvement = 75 } in percent of the reading at entry, response = { reach = 7 }, or response = { reach = 1, points = 2 } for success on a global assessment")),
        }
    }

    pub(super) fn subgroups(
        &self,
        raw: &[Spanned<file::Subgroup>],
        network: &Network,
    ) -> Result<Vec<Subgroup>> {
        raw.iter()
            .enumerate()
            .map(|(i, row)| {
                let name = &row.as_ref().of;
                if raw
                    .iter()
                    .take(i)
                    .any(|r| r.as_ref().of.as_ref() == name.as_ref())
                {
                    return Err(self
                        .error(
                            name.span(),
                            format!("people are parted by \"{}\" twice", name.as_ref()),
                        )
                        .with_help(
                            "keep one of them: each counts in the correction for many traits",
                        ));
                }
                let parameter = || network.parameter(name.as_ref()).map(Trait::Parameter);
                let observable = network.observable(name.as_ref()).map(Trait::Observable);
                let Some(of) = observable.or_else(parameter) else {
                    let observables = network.observables.iter().map(|o| o.name.as_str());
                    let parameters = network.parameters.iter().map(|p| p.name.as_str());
                    return Err(self.unknown(
                        "observable or parameter",
                        name,
                        observables.chain(parameters),
                    ));
                };
                Ok(Subgroup {
                    name: name.as_ref().clone(),
                    of,
                    cut: row.as_ref().cut.as_ref().map(|c| *c.as_ref()),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(response: Response, lower_is_better: bool) -> Endpoint {
        Endpoint {
            observable: 0,
            measure: Measure::Responder,
            visit: 1,
            lower_is_better,
            response,
            observation: Observation::EXACT,
        }
    }

    #[test]
    fn responses_follow_the_better_direction() {
        let half = endpoint(Response::Improvement(50.0), true);
        assert!(half.responds(20.0, 10.0) && !half.responds(20.0, 10.1));
        let up = endpoint(Response::Improvement(50.0), false);
        assert!(up.responds(20.0, 30.0) && !up.responds(20.0, 29.0));
        let clear = endpoint(Response::Reach(3.0), true);
        assert!(clear.responds(20.0, 3.0) && !clear.responds(20.0, 3.1));
        assert!(endpoint(Response::Reach(3.0), false).responds(1.0, 3.0));
        let success = endpoint(Response::Success(1.0, 2.0), true);
        assert!(success.responds(3.0, 1.0) && success.responds(2.0, 0.0));
        assert!(!success.responds(2.0, 1.0) && !success.responds(4.0, 2.0));
    }
}
