//! Crossover and factorial trials, and what is said of designs that do not fit.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use gutskin_biology::parameter_table;
use gutskin_study::scenario;
use gutskin_study::trial::{TrialSummary, run, summarise};

const ACNE: &str = include_str!("../../../examples/acne-fibre.toml");
const PSORIASIS: &str = include_str!("../../../examples/psoriasis-ixekizumab.toml");

fn summary(text: &str) -> TrialSummary {
    let scenario = scenario::read("trial.toml", text, &parameter_table().unwrap()).unwrap();
    summarise(&scenario, &run(&scenario, &mut |_| {}).unwrap())
}

fn sized(text: &str, size: usize) -> String {
    text.replace("size = 200", &format!("size = {size}"))
}

#[test]
fn a_crossover_trial_finds_nothing_where_nothing_acts() {
    let text = format!(
        "{}\n[design]\nkind = \"crossover\"\nwashout = \"4 wk\"\nreplicates = 1500\n[switches]\n\"link.tone_to_acne\" = false",
        sized(ACNE, 20)
    );
    let found = summary(&text);
    let trials = found.comparisons[0].trials.as_ref().unwrap();
    let off = (trials.power.share - 0.05).abs();
    assert!(off < 4.0 * trials.power.monte_carlo_error, "{trials:?}");
    assert!(
        trials.mean.abs() < 4.0 * trials.sd / (trials.replicates as f64).sqrt(),
        "{trials:?}"
    );
}

#[test]
fn responders_of_a_crossover_trial_are_counted_within_people() {
    let weak =
        "[parameters]\n\"drugs.ixekizumab.il17.ceiling\" = 0.3\n[design]\nreplicates = 400\n";
    let counted =
        sized(PSORIASIS, 20).replace("measure = \"percent_change\"", "measure = \"responder\"");
    assert!(counted.contains("responder"));
    let parallel = summary(&format!("{counted}\n{weak}"));
    let crossed = summary(&format!(
        "{counted}\n{weak}kind = \"crossover\"\nwashout = \"52 wk\"\nfollow_up = \"8 wk\""
    ));
    let (truth, trials) = (
        parallel.comparisons[0].effect.mean,
        crossed.comparisons[0].trials.as_ref().unwrap(),
    );
    assert!(truth > 0.05, "{truth}");
    let off = (trials.mean - truth).abs();
    assert!(off < 0.3 * truth, "{trials:?} against {truth}");
    assert!(trials.sd < parallel.comparisons[0].trials.as_ref().unwrap().sd);
    // Two periods with their visits, then follow-up once.
    let period = parallel.visits.len();
    assert_eq!(crossed.visits.len(), 2 * period + 4);
    assert_eq!(crossed.visits[period], 64.0 * 7.0);
    assert_eq!(crossed.visits.last(), Some(&(84.0 * 7.0)));
}

#[test]
fn in_a_crossover_trial_people_are_their_own_control() {
    let weak =
        "[parameters]\n\"drugs.ixekizumab.il17.ceiling\" = 0.1\n[design]\nreplicates = 200\n";
    let parallel = summary(&format!("{}\n{weak}", sized(PSORIASIS, 20)));
    let crossed = summary(&format!(
        "{}\n{weak}kind = \"crossover\"\nwashout = \"52 wk\"",
        sized(PSORIASIS, 20)
    ));
    assert_eq!(
        (
            crossed.comparisons[0].arm.as_str(),
            crossed.comparisons[0].against.as_str()
        ),
        ("ixekizumab", "placebo")
    );
    assert_eq!(crossed.arms[1].name, "ixekizumab, then placebo");
    let (truth, trials) = (
        crossed.comparisons[0].effect.mean,
        crossed.comparisons[0].trials.as_ref().unwrap(),
    );
    assert!(
        (truth - parallel.comparisons[0].effect.mean).abs() < 1.0,
        "the first period is the parallel trial"
    );
    assert!(
        (trials.mean / truth - 1.0).abs() < 0.4,
        "{trials:?} against {truth}"
    );
    assert!(trials.sd < parallel.comparisons[0].trials.as_ref().unwrap().sd);
}

#[test]
fn factors_are_judged_over_both_levels_of_the_other() {
    let arm = |name: &str, factors: &str, drugs: &[&str]| {
        let changes: String = drugs
            .iter()
            .map(|d| format!("[[arm.change]]\ndrug = \"{d}\"\n"))
            .collect();
        format!("[[arm]]\nname = \"{name}\"\nfactors = [{factors}]\n{changes}\n")
    };
    let first = PSORIASIS.find("[[arm]]").unwrap();
    let last = PSORIASIS.find("[endpoint]").unwrap();
    let text = format!(
        "{}{}{}{}{}{}\n[design]\nkind = \"factorial\"\nreplicates = 50",
        &sized(&PSORIASIS[..first], 12),
        arm("none", "", &[]),
        arm("a", "\"a\"", &["ixekizumab"]),
        arm("b", "\"b\"", &["guselkumab"]),
        arm("both", "\"a\", \"b\"", &["ixekizumab", "guselkumab"]),
        &PSORIASIS[last..]
    );
    let found = summary(&text);
    let names: Vec<&str> = found.comparisons.iter().map(|c| c.arm.as_str()).collect();
    assert_eq!(
        names,
        ["a", "b", "a and b together (half of the interaction)"]
    );
    let [a, b, both] = [0, 1, 2].map(|i| found.comparisons[i].effect.mean);
    assert!(a < -20.0 && b < -10.0, "{a} {b}");
    assert!(both > 5.0, "together they do less than the sum: {both}");
    let trials = found.comparisons[0].trials.as_ref().unwrap();
    let ratio = trials.half_width / (1.96 * trials.sd);
    assert!(
        (0.7..1.4).contains(&ratio),
        "what the other factor does is not noise: {ratio}"
    );
    // a + b over both levels is the arm with both against the arm with none.
    let whole = found.arms[3].modelled.mean - found.arms[0].modelled.mean;
    assert!(
        (a + b - whole).abs() < 0.25 * whole.abs(),
        "{} against {whole}",
        a + b
    );
}

/// Place, message and mend of the fault.
fn told(text: &str) -> String {
    let fault = scenario::read("trial.toml", text, &parameter_table().unwrap()).expect_err(text);
    let at = fault.offset().expect("a place");
    let line = text[..at].matches('\n').count() + 1;
    let column = at - text[..at].rfind('\n').map_or(0, |n| n + 1) + 1;
    format!(
        "{line}:{column}: {}\n    {}\n",
        fault.message,
        fault.help.unwrap_or_default()
    )
}

#[test]
fn designs_that_do_not_fit_are_refused_with_place_and_mend() {
    let designs = [
        "kind = \"paralel\"",
        "washout = \"4 wk\"",
        "kind = \"factorial\"",
        "kind = \"crossover\"\nrescue = { drug = \"guselkumab\", above = 8, estimand = \"composite\" }",
        "pool = 10",
        "replicates = 0",
        "run_in = \"-1 wk\"",
        "adherence = { mean = 1.4 }",
        "adherence = { mean = 0.5, sd = 0.6 }",
        "drop_out = { share = 15 }",
        "drop_out = { share = 0.15, ratio = 2 }",
        "drop_out = { share = 0.15, depends_on = \"reading\" }",
        "drop_out = { share = 0.15, depends_on = \"scores\", ratio = 2 }",
        "missing = 1.0",
        "rescue = { drug = \"guselkumab\", estimand = \"composite\" }",
        "rescue = { drug = \"guselkumab\", above = 8, worsening = 0.2, estimand = \"composite\" }",
        "rescue = { drug = \"guselkumab\", above = 8, estimand = \"policy\" }",
        "rescue = { drug = \"ixekizumab\", above = 8, estimand = \"composite\" }",
        "rescue = { drug = \"dupilumab\", above = 8, estimand = \"composite\" }",
        "interim = { at = 1.5, conditional_power = 0.2 }",
        "adaptive = true",
    ];
    let all: String = designs
        .iter()
        .map(|d| format!("{d}\n  {}", told(&format!("{PSORIASIS}\n[design]\n{d}\n"))))
        .collect();
    insta::assert_snapshot!("designs", all);
    let endpoints = [
        "measure = \"responders\"",
        "measure = \"change\"\nbetter = \"more\"",
        "measure = \"responder\"\nresponse = { improvement = 75, reach = 3 }",
        "measure = \"responder\"\nresponse = { improvement = 120 }",
        "measure = \"change\"\n[[subgroup]]\ntrait = \"pso.plaques\"",
        "measure = \"change\"\n[[secondary]]\nobservable = \"score.easi\"\nmeasure = \"change\"",
        "measure = \"time_to_response\"\n[design]\nkind = \"crossover\"",
        "measure = \"change\"\nat = \"14 wk\"\n[design]\nkind = \"crossover\"\nfollow_up = \"4 wk\"",
    ];
    let all: String = endpoints
        .iter()
        .map(|e| {
            format!(
                "{e}\n  {}",
                told(&PSORIASIS.replace("measure = \"percent_change\"", e))
            )
        })
        .collect();
    insta::assert_snapshot!("endpoints", all);
}

/// Placebo, care and scores are those of the condition.
#[test]
fn the_condition_is_that_of_the_skin_in_the_model() {
    let text = PSORIASIS;
    let other = text.replace("condition = \"pso\"", "condition = \"ad\"");
    let error = told(&other);
    assert!(error.contains("the skin of the model \"pso\""), "{error}");
    let early = text.replace("model = \"pso\"", "model = \"early\"");
    let error = told(&early);
    assert!(
        error.contains("the skin of the model \"early\" is that of \"healthy\""),
        "{error}"
    );
    for (improvement, said) in [("100", "97.5"), ("-10", "one rule")] {
        let asked =
            format!("measure = \"responder\"\nresponse = {{ improvement = {improvement} }}");
        let error = told(&text.replace("measure = \"percent_change\"", &asked));
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn an_adults_diet_is_not_laid_on_a_child() {
    let adult = include_str!("../../../examples/infant-feeding.toml");
    let table = parameter_table().unwrap();
    assert!(scenario::read("infants.toml", adult, &table).is_ok());
    let other = adult.replace("diet = \"infant_formula\"", "diet = \"western\"");
    assert_ne!(adult, other);
    let error = told(&other);
    assert!(error.contains("which no child eats"), "{error}");
}
