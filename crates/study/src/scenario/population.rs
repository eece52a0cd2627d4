//! Who takes part: how many, who is let in or kept out, what goes together in people.

use super::resolve::{LARGEST, Resolver};
use super::{Background, Inclusion, Population, ScenarioError, file};
use gutskin_biology::grade::Grades;
use gutskin_network::{Network, ParameterTable, Spread};
use gutskin_people::sampler::{Correlation, Sampler};
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

impl Resolver<'_> {
    /// Rules on one observable leave room between them.
    fn rules_agree(&self, raw: &[Spanned<file::Inclusion>], rules: &[Inclusion]) -> Result<()> {
        for (i, (written, rule)) in raw.iter().zip(rules).enumerate() {
            let earlier = rules.iter().take(i);
            for other in earlier.filter(|o| o.observable == rule.observable) {
                if rule.low > other.high || other.low > rule.high {
                    let message = format!(
                        "nobody satisfies this rule and that of {} on \"{}\"",
                        other.place,
                        written.as_ref().observable.as_ref()
                    );
                    return Err(self
                        .error(written.span(), message)
                        .with_help("keep one of them, or let them overlap"));
                }
            }
        }
        Ok(())
    }

    /// Who takes part; ages and background are read apart.
    pub(super) fn population(
        &self,
        raw: &file::Population,
        model: (&Network, &ParameterTable),
    ) -> Result<Population> {
        let (network, _) = model;
        let size = self.count("people in an arm", &raw.size, 2..=LARGEST)?;
        let draws = raw.parameter_draws.as_ref();
        let parameter_draws =
            draws.map_or(Ok(0), |n| self.count("draws of parameters", n, 2..=1000))?;
        let include = self.rules(&raw.include, model)?;
        self.rules_agree(&raw.include, &include)?;
        Ok(Population {
            size,
            parameter_draws,
            include,
            exclude: self.rules(&raw.exclude, model)?,
            ages: None,
            background: Background::default(),
            correlations: self.correlations(&raw.correlations, network)?,
        })
    }

    fn correlations(
        &self,
        raw: &[Spanned<file::Correlation>],
        network: &Network,
    ) -> Result<Vec<Correlation>> {
        let known = || network.parameters.iter().map(|p| p.name.as_str());
        let mut out = Vec::with_capacity(raw.len());
        for row in raw {
            let pair = row.as_ref();
            for name in [&pair.first, &pair.second] {
                let Some(index) = network.parameter(name.as_ref()) else {
                    return Err(self.unknown("parameter of this model", name, known()));
                };
                if network.parameters[index as usize].spread == Spread::Fixed {
                    return Err(self
                        .error(name.span(), format!("\"{}\" is the same in everybody, so that nothing goes along with it", name.as_ref()))
                        .with_help("give it a spread under [priors], or leave the correlation out"));
                }
            }
            out.push(Correlation {
                first: pair.first.as_ref().clone(),
                second: pair.second.as_ref().clone(),
                rho: pair.rho,
            });
            // All so far, so that the message points at the first row that contradicts the others.
            let parameters = network.parameters.iter().map(Into::into).collect();
            Sampler::new(parameters, &out).map_err(|e| self.error(row.span(), e.to_string()))?;
        }
        Ok(out)
    }

    /// Those whose reading at entry lies within bounds, to be let in or kept out.
    fn rules(
        &self,
        raw: &[Spanned<file::Inclusion>],
        (network, table): (&Network, &ParameterTable),
    ) -> Result<Vec<Inclusion>> {
        let rule = |rule: &Spanned<file::Inclusion>| {
            let (low, high) = (
                rule.as_ref().low.unwrap_or(f64::NEG_INFINITY),
                rule.as_ref().high.unwrap_or(f64::INFINITY),
            );
            if rule.as_ref().low.is_none() && rule.as_ref().high.is_none() {
                return Err(self
                    .error(
                        rule.span(),
                        "the rule has no bound, so that it holds for everybody",
                    )
                    .with_help("give low, high or both"));
            }
            if low.is_nan() || high.is_nan() {
                return Err(self
                    .error(rule.span(), "a bound of the rule is not a number")
                    .with_help("write a number, or leave the bound out"));
            }
            let name = &rule.as_ref().observable;
            let assessment = name.as_ref().strip_prefix("score.");
            let grades = assessment.and_then(|assessment| Grades::of(table, assessment));
            // Of a global assessment one whole grade can be asked for.
            if low > high || low == high && grades.is_none() {
                return Err(self
                    .error(
                        rule.span(),
                        format!("nobody has a value between {low} and {high}"),
                    )
                    .with_help("low is the lower of the two"));
            }
            Ok(Inclusion {
                observable: self.observable(name, network)?,
                grades,
                low,
                high,
                place: self.place(&rule.span()),
            })
        };
        raw.iter().map(rule).collect()
    }
}
