//! Every rule of the network check except units, each with what breaks it and what does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{random_network, sample::sample};
use gutskin_network::expr::{ExprId, Node, Unary};
use gutskin_network::{
    Builder, CheckReport, Mark, Parameter, ParameterTable, Rule, Severity, Spread, check,
};
use proptest::prelude::*;

/// Places of the findings of one rule and severity.
fn places(report: &CheckReport, rule: Rule, severity: Severity) -> Vec<&str> {
    report
        .of(severity)
        .filter(|f| f.rule == rule)
        .map(|f| f.place.as_str())
        .collect()
}

fn report(write: impl FnOnce(&Builder<'_>)) -> CheckReport {
    let table = ParameterTable::new();
    let m = Builder::new("rules", "d", &table);
    write(&m);
    check(&m.finish().unwrap())
}

#[test]
fn the_sample_passes_and_lists_its_rough_forms() {
    let (network, _) = sample();
    let report = check(&network);
    assert!(report.passed(), "{report}");
    insta::assert_snapshot!(report.to_string());
}

#[test]
fn unused_names() {
    let report = report(|m| {
        let (used, _) = (m.number("used", 1.0), m.number("unused", 1.0));
        let hidden = m.number("hidden", 1.0);
        m.variable("nowhere", "1", hidden * 2.0, "");
        let x = m.state("x", "1").add();
        let shown = m.variable("shown", "1", used * x, "");
        m.input("spare", "1", 0.0, "");
        m.switch("off", true, "");
        m.rate(x, -shown);
        m.observe("o", "1", x, "");
    });
    assert_eq!(
        places(&report, Rule::Unused, Severity::Warning),
        [
            "parameter unused",
            "parameter hidden",
            "input spare",
            "switch off",
            "variable nowhere"
        ]
    );
}

#[test]
fn states_out_of_the_play() {
    let report = report(|m| {
        let [still, seen, own, read] =
            ["still", "seen", "own", "read"].map(|n| m.state(n, "1").add());
        m.observe("o", "1", still, "");
        m.rate(seen, read - seen);
        m.rate(own, -own);
        m.rate(read, -read);
    });
    assert_eq!(
        places(&report, Rule::Idle, Severity::Warning),
        ["state still"]
    );
    assert_eq!(
        places(&report, Rule::Idle, Severity::Note),
        ["state seen", "state own"]
    );
}

#[test]
fn elements_balance_over_processes() {
    let messages = |b_content: Option<f64>, made: f64, moving: bool| {
        let report = report(|m| {
            let a = m.state("a", "1").holds("C", 6.0).add();
            let mut b = m.state("b", "1");
            if let Some(content) = b_content {
                b = b.holds("C", content);
            }
            let b = b.add();
            let yields = m.number("yield", made);
            let amount = if moving { yields * a } else { yields };
            m.process("p", "1/d", a)
                .uses(a, 1.0)
                .makes(b, amount)
                .balanced("C")
                .add();
        });
        let found: Vec<String> = report
            .of(Severity::Error)
            .filter(|f| f.rule == Rule::Balance)
            .map(|f| f.message.clone())
            .collect();
        found
    };
    assert_eq!(messages(Some(2.0), 3.0, false), Vec::<String>::new());
    let open = messages(Some(2.0), 3.0 + 1e-6, false);
    assert!(open[0].starts_with("C does not close"), "{open:?}");
    assert!(messages(Some(2.0), 3.0 + 1e-9, false).is_empty());
    let missing = messages(None, 3.0, false);
    assert!(missing[0].contains("\"b\" does not say"), "{missing:?}");
    let moving = messages(Some(2.0), 3.0, true);
    assert!(moving[0].contains("depends on a state"), "{moving:?}");
    assert!(!messages(Some(f64::NAN), 3.0, false).is_empty());
}

#[test]
fn invariants_are_tried() {
    let result = |weight: f64, feed: bool| {
        let report = report(|m| {
            let [a, b] = ["a", "b"].map(|n| m.state(n, "1").typical(5.0).add());
            let k = m.number("k", 0.3);
            let input = m.input("feed", "1/d", 1.0, "");
            m.rate(a, -(k * a) + (a / (1.0 + b)).exp() * 1e3);
            m.rate(b, k * a - (a / (1.0 + b)).exp() * 1e3);
            if feed {
                m.rate(a, input);
            }
            m.invariant("sum", &[(a, 1.0), (b, weight)], "");
        });
        places(&report, Rule::Invariant, Severity::Error).len()
    };
    assert_eq!(result(1.0, false), 0);
    assert_eq!(result(1.0, true), 0, "inputs are taken as 0");
    assert_eq!(result(1.0 + 1e-8, false), 1);
    assert_eq!(result(2.0, false), 1);
}

#[test]
fn numbers_and_provenance() {
    let report = report(|m| {
        let parameter = |name: &str, value, spread, source: &str| {
            m.add_parameter(Parameter {
                name: name.into(),
                value,
                unit: None,
                spread,
                source: source.into(),
                mark: Mark::Read,
                doc: String::new(),
            })
        };
        let a = parameter("a", f64::NAN, Spread::Fixed, "");
        let b = parameter("b", -1.0, Spread::LogNormal { sd_ln: 0.1 }, "Nobody1900");
        let x = m.state("x", "1").initial(m.time() * a).add();
        m.rate(x, b * x + f64::INFINITY);
        m.observe("o", "1", x, "");
    });
    let errors = |rule| places(&report, rule, Severity::Error);
    assert_eq!(
        errors(Rule::Numbers),
        ["parameter a", "parameter b", "rate of x"]
    );
    assert_eq!(errors(Rule::Initial), ["initial value of x"]);
    let lacking: Vec<&str> = report
        .of(Severity::Warning)
        .filter(|f| f.rule == Rule::Provenance)
        .map(|f| f.message.as_str())
        .collect();
    assert_eq!(
        lacking,
        [
            "it has no unit",
            "it has no source",
            "it has no unit",
            "it has no citation behind its source \"Nobody1900\""
        ]
    );
}

#[test]
fn roughness_is_found_where_it_can_bite() {
    let report = report(|m| {
        let x = m.state("x", "1").add();
        let p = m.number("p", 0.7);
        // Parameters alone do not move; sums with a part that does not move are kept away from 0.
        let quiet = p.abs() + (x * x + 1e-6).sqrt() + (x + p).pow(0.5) + x.pow(3.0) + x.pow(-2.0);
        m.rate(x, quiet + x.pow(0.7) + x.pow(p) + (2.0 * x).sqrt());
        m.observe("o", "1", x.max(p), "");
    });
    let found: Vec<&str> = report
        .findings
        .iter()
        .filter(|f| f.rule == Rule::Smooth)
        .map(|f| f.message.as_str())
        .collect();
    assert_eq!(
        found,
        [
            "\"x^0.7\" is not smooth where its base is 0",
            "\"x^p\" is not smooth where its base is 0",
            "\"sqrt(2*x)\" has an infinite slope where its argument is 0",
            "\"max(x, p)\" has a corner where both are equal"
        ]
    );
    assert_eq!(
        places(&report, Rule::Smooth, Severity::Note),
        ["observable o"]
    );
}

#[test]
fn broken_networks_are_refused_not_followed() {
    let (whole, _) = sample();
    let mut network = whole.clone();
    network.states[0].rate = ExprId(u32::MAX);
    assert_eq!(
        places(&check(&network), Rule::Structure, Severity::Error),
        ["rate of gut.pool"]
    );
    let mut network = whole.clone();
    network.parameters.truncate(1);
    assert!(!check(&network).passed());
    let mut network = whole.clone();
    network.links[0].switch = 9;
    network.processes[0].terms[0].0 = 77;
    network.states[1].name = network.parameters[0].name.clone();
    assert_eq!(check(&network).errors, 3);
    let mut network = whole;
    let next = u32::try_from(network.pool.len()).unwrap();
    network
        .pool
        .intern(Node::Unary(Unary::Exp, ExprId(next + 5)));
    assert!(!check(&network).passed());
}

#[test]
fn deep_and_wide_models_are_checked_in_one_pass() {
    let report = report(|m| {
        let x = m.state("x", "mmol").add();
        let mut sum = x;
        for _ in 0..100_000 {
            sum = sum + x * x.pow(0.0);
        }
        let mut twice = m.constant(1.0) * x;
        for _ in 0..60 {
            twice = twice * 1.5 + twice;
        }
        m.rate(x, sum + twice);
    });
    let units: Vec<_> = report
        .findings
        .iter()
        .filter(|f| f.rule == Rule::Units)
        .collect();
    assert_eq!(units.len(), 1);
    assert!(units[0].message.len() < 1000, "{}", units[0].message);
}

#[test]
fn reports_serialise() {
    let report = check(&sample().0);
    let json = report.to_json();
    assert_eq!(json["model"], "sample");
    assert_eq!(json["errors"], 0);
    assert_eq!(
        json["findings"].as_array().unwrap().len(),
        report.findings.len()
    );
    assert_eq!(json["findings"][0]["severity"], "warning");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_network_is_checked_the_same_twice(recipe in random_network::recipes()) {
        let (network, _) = recipe.build();
        let report = check(&network);
        prop_assert_eq!(&report, &check(&network));
        for finding in &report.findings {
            prop_assert!(!finding.place.is_empty() && !finding.message.is_empty());
            prop_assert!(finding.severity == Severity::Note || !finding.mend.is_empty());
        }
    }
}

#[test]
fn an_observable_with_a_borrowed_name_shows_what_has_it() {
    let read = |expression: &str| {
        let text = format!(
            "model m clock [d]\nparameter a.k = 1 [1/d] mark assumed\nstate a.y [mmol] typical 1 initial 1 rate -a.k*a.y\nobservable a.y [mmol] = {expression}\n"
        );
        check(&gutskin_network::text::read(&text).unwrap())
    };
    assert!(places(&read("a.y"), Rule::Structure, Severity::Error).is_empty());
    assert_eq!(
        places(&read("2*a.y"), Rule::Structure, Severity::Error),
        ["observable a.y"]
    );
}

#[test]
fn a_negative_start_needs_a_signed_state() {
    let starts = |signed: bool| {
        report(|m| {
            let spec = m.state("x", "1").initial(-5.0);
            let x = if signed { spec.signed() } else { spec }.add();
            m.rate(x, -x);
            m.observe("seen", "1", 2.0 * x, "");
        })
    };
    assert!(places(&starts(true), Rule::Initial, Severity::Error).is_empty());
    assert_eq!(
        places(&starts(false), Rule::Initial, Severity::Error),
        ["state x"]
    );
}

/// Two pools and a flow between them, with this rate of the second.
fn flow(rate_of_second: &str) -> CheckReport {
    let text = format!(
        "model flow clock [d]
parameter p.k = 2 [1/d] mark assumed source test
parameter p.l = 3 [1/d] mark assumed source test
input p.feed = 1 [mmol/d]
variable p.flow [mmol/d] = p.k*p.a - p.l*p.b
state p.a [mmol] typical 1 holds C 1 initial 1 rate p.feed - p.flow
state p.b [mmol] typical 1 holds C 1 initial 1 rate {rate_of_second}
process p.exchange [mmol/d] = p.flow changes p.a by -1, p.b by 1 balanced C
observable p.o [mmol] = p.b"
    );
    check(&gutskin_network::text::read(&text).unwrap())
}

#[test]
fn rates_hold_the_terms_of_their_processes() {
    for held in [
        "p.flow",
        "p.k*p.a - p.b*p.l",
        "p.k*p.a - (p.l*p.b - p.feed)",
        "2*p.feed + p.flow",
        // Multiplied out another way, and all there is.
        "p.l*(p.k*p.a/p.l - p.b)",
    ] {
        let report = flow(held);
        assert!(report.passed(), "{held}: {report}");
    }
    for wrong in [
        "p.k*p.a",
        "p.feed",
        "p.l*p.a - p.k*p.b",
        "-p.flow",
        "0.5*p.flow + p.feed",
    ] {
        let report = flow(wrong);
        let found = places(&report, Rule::Balance, Severity::Error);
        assert!(found.contains(&"process p.exchange"), "{wrong}: {report}");
        assert!(report.to_string().contains("\"p.b\", whose rate"));
    }
}

#[test]
fn processes_that_cancel_leave_no_term_to_hold() {
    let report = report(|m| {
        let k = m.number("k", 1.0);
        let x = m.state("x", "1").add();
        let y = m.state("y", "1").add();
        m.process("there", "1/d", k * x)
            .uses(x, 1.0)
            .makes(y, 1.0)
            .add();
        m.process("back", "1/d", k * x)
            .uses(y, 1.0)
            .makes(x, 1.0)
            .add();
        m.rate(x, -k * x);
        m.observe("o", "1", y, "");
    });
    assert!(
        places(&report, Rule::Balance, Severity::Error).is_empty(),
        "{report}"
    );
}

#[test]
fn more_of_a_term_than_processes_make_is_a_warning() {
    let more = flow("3*p.flow + p.feed");
    assert!(
        places(&more, Rule::Balance, Severity::Warning).contains(&"process p.exchange"),
        "{more}"
    );
}

#[test]
fn equations_without_a_number_are_named_once_at_their_innermost_part() {
    let text = "model f clock [d]
parameter p.k = 0 [1/d] mark assumed source test
variable p.share [1] = p.x/(p.k - p.k)
state p.x [1] typical 1 initial 1 rate p.share - p.x
observable p.o [1] = p.share + p.x";
    let report = check(&gutskin_network::text::read(text).unwrap());
    assert_eq!(
        places(&report, Rule::Numbers, Severity::Error),
        ["variable p.share"],
        "{report}"
    );
    assert!(report.to_string().contains("p.x/(p.k - p.k)"), "{report}");
}

#[test]
fn parts_without_a_number_behind_a_bound_or_a_fraction_are_named() {
    let of = |rate: &str| {
        let text = format!(
            "model f clock [d]
parameter p.k = 0 [1] mark assumed source test
parameter p.r = 1 [1/d] mark assumed source test
state p.x [1] typical 1 initial 1 rate p.r*({rate})
observable p.o [1] = p.x"
        );
        check(&gutskin_network::text::read(&text).unwrap())
    };
    for hiding in [
        "bounded(p.x/p.k, 3) - p.x",
        "tanh(p.x/p.k) - p.x",
        "1/(1 + p.x/p.k) - p.x",
        "if(p.x > 0, 1/(1 + p.x/p.k), 0)",
    ] {
        let report = of(hiding);
        assert_eq!(
            places(&report, Rule::Numbers, Severity::Warning),
            ["rate of p.x"],
            "{hiding}: {report}"
        );
        assert!(report.to_string().contains("p.x/p.k"), "{report}");
    }
    // The branch that is not taken is guarded.
    let report = of("if(p.k > 0, p.x/p.k, -p.x)");
    assert!(
        places(&report, Rule::Numbers, Severity::Warning).is_empty(),
        "{report}"
    );
}

#[test]
fn smooth_forms_need_widths_and_bounds_in_order() {
    let report = report(|m| {
        let (none, low, high) = (
            m.number("none", 0.0),
            m.number("low", 2.0),
            m.number("high", 1.0),
        );
        let x = m.state("x", "1").add();
        m.rate(
            x,
            -x.smooth_plus(none) - x.soft_clip(low, high) - x.soft_cap(none),
        );
        m.observe("o", "1", x.smooth_pow(0.5, 0.1), "");
    });
    let found = report
        .of(Severity::Warning)
        .filter(|f| f.rule == Rule::Smooth);
    assert_eq!(found.count(), 3, "{report}");
}

#[test]
fn balances_and_invariants_hold_in_people_who_differ() {
    let text = |second: &str| {
        format!(
            "model f clock [d]
parameter p.y = 2 [1] spread lognormal(sd_ln 0.3) mark assumed source test
state p.a [mmol] typical 1 holds C 2 initial 1 rate -p.a*(1 [1/d])
state p.b [mmol] typical 1 holds C 1 initial 1 rate {second}*p.a*(1 [1/d])
process p.exchange [mmol/d] = p.a*(1 [1/d]) changes p.a by -1, p.b by {second} balanced C
invariant p.sum weights p.a 2, p.b 1
observable p.o [mmol] = p.b"
        )
        .replace("*(1 [1/d])", "")
    };
    let report = check(&gutskin_network::text::read(&text("2")).unwrap());
    assert!(
        places(&report, Rule::Balance, Severity::Warning).is_empty(),
        "{report}"
    );
    let report = check(&gutskin_network::text::read(&text("p.y")).unwrap());
    assert_eq!(
        places(&report, Rule::Balance, Severity::Warning),
        ["process p.exchange"],
        "{report}"
    );
    assert_eq!(
        places(&report, Rule::Invariant, Severity::Warning),
        ["invariant p.sum"],
        "{report}"
    );
}

#[test]
fn balances_hold_whatever_the_inputs_are() {
    let text = |second: &str| {
        format!(
            "model f clock [d]
parameter p.k = 1 [1/d] mark assumed source test
input p.yield = 2 [1]
state p.a [mmol] typical 1 holds C 2 initial 1 rate -p.k*p.a
state p.b [mmol] typical 1 holds C 1 initial 1 rate {second}*p.k*p.a
process p.exchange [mmol/d] = p.k*p.a changes p.a by -1, p.b by {second} balanced C
observable p.o [mmol] = p.b + p.yield*p.a"
        )
    };
    for (second, found) in [("2", vec![]), ("p.yield", vec!["process p.exchange"])] {
        let report = check(&gutskin_network::text::read(&text(second)).unwrap());
        assert_eq!(places(&report, Rule::Balance, Severity::Warning), found);
    }
}
