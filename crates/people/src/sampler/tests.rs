//! Moments, correlations, independence of order, stable bytes, and what is refused.

use super::*;
use proptest::prelude::*;

fn parameter(name: &str, value: f64, spread: Spread) -> SampledParameter {
    SampledParameter {
        name: name.to_owned(),
        value,
        spread,
    }
}

fn correlation(first: &str, second: &str, rho: f64) -> Correlation {
    Correlation {
        first: first.to_owned(),
        second: second.to_owned(),
        rho,
    }
}

fn example() -> Vec<SampledParameter> {
    vec![
        parameter("barrier.leak", 2.0, Spread::Normal { sd: 0.5 }),
        parameter("colon.transit", 30.0, Spread::LogNormal { sd_ln: 0.3 }),
        parameter(
            "colon.ph",
            6.0,
            Spread::Uniform {
                low: 5.0,
                high: 7.0,
            },
        ),
        parameter(
            "immune.tone",
            1.0,
            Spread::LogUniform {
                low: 0.1,
                high: 10.0,
            },
        ),
        parameter(
            "skin.sebum",
            1.0,
            Spread::TruncatedNormal {
                sd: 1.0,
                low: 0.0,
                high: 2.5,
            },
        ),
        parameter("skin.area", 1.7, Spread::Fixed),
    ]
}

const PEOPLE: u32 = 40_000;

fn columns(sampler: &Sampler) -> Vec<Vec<f64>> {
    let rows = sampler.population(11, 0..PEOPLE);
    (0..sampler.parameters().len())
        .map(|column| rows.iter().map(|row| row[column]).collect())
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn sd(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: Vec<f64> = values.iter().map(|v| (v - centre).powi(2)).collect();
    mean(&squares).sqrt()
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    let products: Vec<f64> = a
        .iter()
        .zip(b)
        .map(|(a, b)| (a - mean_a) * (b - mean_b))
        .collect();
    mean(&products) / (sd(a) * sd(b))
}

/// Mean and standard deviation of each spread; bounds are five standard errors of 40,000 people.
#[test]
fn moments_are_those_of_the_spreads() {
    let columns = columns(&Sampler::new(example(), &[]).unwrap());
    let logs = |values: &[f64]| values.iter().map(|v| v.ln()).collect::<Vec<f64>>();
    // Mean 1 + (φ(-1) - φ(1.5)) / (Φ(1.5) - Φ(-1)) and its standard deviation, by formula.
    let inside = standard_normal_probability(1.5) - standard_normal_probability(-1.0);
    let density = |z: f64| (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let shift = (density(-1.0) - density(1.5)) / inside;
    let cut = (-density(-1.0) - 1.5 * density(1.5)) / inside;
    let cut_sd = (1.0 + cut - shift * shift).sqrt();
    for (values, expected_mean, expected_sd) in [
        (columns[0].clone(), 2.0, 0.5),
        (logs(&columns[1]), 30_f64.ln(), 0.3),
        (columns[2].clone(), 6.0, 2.0 / 12_f64.sqrt()),
        (logs(&columns[3]), 0.0, 100_f64.ln() / 12_f64.sqrt()),
        (columns[4].clone(), 1.0 + shift, cut_sd),
    ] {
        let error = 5.0 * expected_sd / f64::from(PEOPLE).sqrt();
        assert!((mean(&values) - expected_mean).abs() < error);
        assert!((sd(&values) - expected_sd).abs() < error, "{}", sd(&values));
    }
    assert!(columns[2].iter().all(|v| (5.0..=7.0).contains(v)));
    assert!(columns[3].iter().all(|v| (0.1..=10.0).contains(v)));
    assert!(columns[4].iter().all(|v| (0.0..=2.5).contains(v)));
    assert!(columns[5].iter().all(|v| *v == 1.7));
}

#[test]
fn correlations_are_recovered() {
    let normal = |name| parameter(name, 0.0, Spread::Normal { sd: 2.0 });
    let sampler = Sampler::new(
        vec![
            normal("c"),
            normal("a"),
            normal("d"),
            parameter("b", 1.0, Spread::LogNormal { sd_ln: 0.5 }),
            parameter(
                "e",
                0.5,
                Spread::Uniform {
                    low: 0.0,
                    high: 1.0,
                },
            ),
        ],
        &[
            correlation("a", "b", 0.7),
            correlation("c", "a", -0.4),
            correlation("b", "c", 0.2),
            correlation("c", "e", 0.6),
        ],
    )
    .unwrap();
    let mut columns = columns(&sampler);
    columns[3] = columns[3].iter().map(|v| v.ln()).collect();
    columns[4] = columns[4]
        .iter()
        .map(|v| standard_normal_quantile(*v))
        .collect();
    for (first, second, rho) in [
        (1, 3, 0.7),
        (0, 1, -0.4),
        (0, 3, 0.2),
        (0, 4, 0.6),
        (1, 4, 0.0),
        (3, 4, 0.0),
        (0, 2, 0.0),
        (1, 2, 0.0),
    ] {
        let found = pearson(&columns[first], &columns[second]);
        let error = 5.0 * (1.0 - rho * rho) / f64::from(PEOPLE).sqrt();
        assert!((found - rho).abs() < error, "{first} {second}: {found}");
    }
}

#[test]
fn values_depend_on_nothing_but_their_own_names() {
    let links = [correlation("colon.transit", "barrier.leak", 0.5)];
    let sampler = Sampler::new(example(), &links).unwrap();
    let rows = sampler.population(3, 0..50);
    // Person by person, backwards.
    for person in (0..50).rev() {
        assert_eq!(sampler.draw(3, person), rows[person as usize]);
    }
    // Parameters in another order, with one more in between and one more pair.
    let mut other = example();
    other.reverse();
    other.insert(2, parameter("a.new", 1.0, Spread::LogNormal { sd_ln: 1.0 }));
    let links = [
        correlation("barrier.leak", "colon.transit", 0.5),
        correlation("skin.sebum", "skin.area", 0.3),
    ];
    let sampler = Sampler::new(other, &links).unwrap();
    for (person, row) in (0..).zip(&rows) {
        let mut drawn = sampler.draw(3, person);
        drawn.remove(2);
        drawn.reverse();
        // The new pair moves the later of its names only, which here is the sebum.
        assert_eq!(drawn[..4], row[..4]);
        assert_ne!(drawn[4], row[4]);
        assert_eq!(drawn[5], row[5]);
    }
    assert_ne!(sampler.draw(3, 0), sampler.draw(4, 0));
    assert_ne!(sampler.draw(3, 0), sampler.draw(3, 1));
}

/// The bytes of one person; a change here changes every stored population.
#[test]
fn bytes_stay() {
    let links = [correlation("colon.transit", "barrier.leak", 0.5)];
    let drawn = Sampler::new(example(), &links).unwrap().draw(42, 7);
    let bits: Vec<u64> = drawn.iter().map(|value| value.to_bits()).collect();
    assert_eq!(
        bits,
        [
            0x4000_4c4e_3b7f_d664,
            0x4035_6e58_bce4_40ff,
            0x4015_29b2_5805_9b7a,
            0x3fec_eba0_dd6c_8190,
            0x3fec_0d55_f53d_abb6,
            0x3ffb_3333_3333_3333,
        ]
    );
}

#[test]
fn contradictions_name_the_pair_and_the_range() {
    let normal = |name| parameter(name, 0.0, Spread::Normal { sd: 1.0 });
    let parameters = || vec![normal("a"), normal("b"), normal("c")];
    let message = |links: &[Correlation]| {
        Sampler::new(parameters(), links)
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message(&[correlation("a", "b", 0.9), correlation("b", "c", 0.8)]),
        "correlations are not positive definite at `b` with `c` (0.8): given the other \
         correlations it must lie between -0.436 and 0.436, both excluded; a pair that is not \
         listed counts as 0"
    );
    assert_eq!(
        message(&[
            correlation("a", "b", 0.9),
            correlation("b", "c", 0.8),
            correlation("a", "c", 0.3)
        ]),
        "correlations are not positive definite at `b` with `c` (0.8): given the other \
         correlations it must lie between -0.146 and 0.686, both excluded; a pair that is not \
         listed counts as 0"
    );
}

#[test]
fn refusals_say_what_to_do() {
    let normal = |name, sd| parameter(name, 0.0, Spread::Normal { sd });
    let message = |parameters: Vec<SampledParameter>, links: &[Correlation]| {
        Sampler::new(parameters, links)
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    let pair = || vec![normal("barrier.leak", 1.0), normal("b", 1.0)];
    for (found, part) in [
        (
            message(vec![normal("a", 1.0), normal("a", 1.0)], &[]),
            "`a` is listed twice",
        ),
        (message(vec![normal("a", -1.0)], &[]), "`a`: sd is -1"),
        (
            message(vec![parameter("a", f64::NAN, Spread::Fixed)], &[]),
            "`a`: the value is NaN",
        ),
        (
            message(pair(), &[correlation("barrier.laek", "b", 0.1)]),
            "did you mean `barrier.leak`?",
        ),
        (
            message(pair(), &[correlation("b", "b", 0.1)]),
            "with itself",
        ),
        (
            message(pair(), &[correlation("b", "barrier.leak", 1.0)]),
            "the coefficient is 1; it must lie between -1 and 1",
        ),
        (
            message(
                pair(),
                &[
                    correlation("b", "barrier.leak", 0.1),
                    correlation("barrier.leak", "b", 0.1),
                ],
            ),
            "the pair is listed twice",
        ),
    ] {
        assert!(found.contains(part), "{found}");
    }
}

proptest! {
    /// Whatever the coefficients, either the factor reproduces them or the error names a pair
    /// whose stated range would be accepted.
    #[test]
    fn correlations_are_met_or_the_remedy_works(rhos in prop::array::uniform6(-0.99..0.99_f64)) {
        let names = ["a", "b", "c", "d"];
        let parameters: Vec<_> = names
            .iter()
            .map(|name| parameter(name, 0.0, Spread::Normal { sd: 1.0 }))
            .collect();
        let pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        let mut links: Vec<_> = pairs
            .iter()
            .zip(rhos)
            .map(|((i, j), rho)| correlation(names[*i], names[*j], rho))
            .collect();
        // Each mending can only uncover a contradiction at a later name.
        for _ in 0..4 {
            match Sampler::new(parameters.clone(), &links) {
                Ok(sampler) => {
                    let rows: Vec<_> = (0..4)
                        .map(|from| {
                            let mut scores = [0.0; 4];
                            scores[from] = 1.0;
                            sampler.groups[0].correlate(&mut scores, &|_, _| None);
                            scores
                        })
                        .collect();
                    for ((i, j), link) in pairs.iter().zip(&links) {
                        let found: f64 = rows.iter().map(|row| row[*i] * row[*j]).sum();
                        prop_assert!((found - link.rho).abs() < 1e-12);
                    }
                    return Ok(());
                }
                Err(SamplerError::NotPositiveDefinite { first, second, remedy, .. }) => {
                    let numbers: Vec<f64> = remedy
                        .split([' ', ','])
                        .filter_map(|word| word.parse().ok())
                        .collect();
                    let [low, high, _] = numbers[..] else {
                        prop_assert!(remedy.contains("no change of one pair"), "{remedy}");
                        return Ok(());
                    };
                    // The range is printed with three digits.
                    prop_assume!(high - low > 0.01);
                    let link = links
                        .iter_mut()
                        .find(|link| link.first == first && link.second == second)
                        .unwrap();
                    link.rho = (low + high) / 2.0;
                }
                Err(error) => prop_assert!(false, "{error}"),
            }
        }
        prop_assert!(false, "still contradictory: {links:?}");
    }
}
