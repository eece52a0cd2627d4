//! A small synthetic model in consistent units that uses every kind of expression, and a schedule for it.

use gutskin_network::{
    Action, Builder, Change, LinkGrade, LinkSpec, Network, ParameterTable, Schedule, Target,
};

/// A model in consistent units that uses every kind of expression.
pub fn sample() -> (Network, Schedule) {
    let mut table = ParameterTable::new();
    table
        .read_toml(
            "sample.toml",
            r#"
            source = { key = "Sample", citation = "Made up for this file." }
            [[parameter]]
            name = "gut.loss"
            value = 0.02
            unit = "1/h"
            spread = { kind = "lognormal", sd_ln = 0.3 }
            mark = "assumed"
            note = "loss of what is in the gut"
            [[parameter]]
            name = "gut.half"
            value = 2.0
            unit = "mmol"
            spread = { kind = "fixed" }
            mark = "assumed"
            [[parameter]]
            name = "gut.gain"
            value = 0.1
            unit = "1"
            spread = { kind = "uniform", low = 0.0, high = 0.3 }
            mark = "assumed"
            "#,
        )
        .unwrap();
    let m = Builder::new("sample", "d", &table);
    let loss = m.parameter("gut.loss", "1/d");
    let half = m.parameter("gut.half", "mmol");
    let feed = m.input("input.feed", "mmol/d", 1.0, "what is eaten");
    let on = m.switch("switch.uptake", true, "cuts uptake");
    let gain = m.parameter("gut.gain", "1");
    let link = m.link(LinkSpec {
        name: "gut_to_blood",
        from: "gut",
        to: "blood",
        gain: Some(gain),
        grade: LinkGrade::Assumption,
        on: true,
        doc: "z follows the rough form × gain",
    });
    let gut = m
        .state("gut.pool", "mmol")
        .typical(1.0)
        .initial(half * 0.5)
        .doc("pool")
        .add();
    let blood = m
        .state("blood.pool", "mmol")
        .typical(1.0)
        .initial(0.25)
        .doc("blood")
        .add();
    let z = m
        .state("blood.z", "1")
        .typical(1.0)
        .initial(-0.3)
        .signed()
        .doc("z")
        .add();
    let ratio = m.variable("gut.ratio", "1", gut / half, "relative pool");
    let ph = m.variable("gut.ph", "1", (6.0 + ratio).soft_clip(5.0, 8.0), "pH");
    let corners = [4.5, 5.0, 6.0, 8.0].map(|c| m.constant(c));
    let window = ph.ph_window(corners);
    let slow = m.variable(
        "gut.slow",
        "1",
        (ratio - 0.5).smooth_plus(0.01)
            + (ratio - 0.5).smooth_plus_zero(0.01)
            + ratio.smooth_pow(0.7, 0.01)
            + ratio.logistic()
            + ratio.softplus()
            + ratio.soft_cap(0.95)
            + z.bounded(3.0),
        "every smooth form",
    );
    let rough = m.variable(
        "gut.rough",
        "1",
        ratio.min(1.0)
            + ratio.max(0.2)
            + (z.abs() + 1.0).ln().exp()
            + (ratio * 3.0).floor() * 0.1
            + z.if_less(0.0, 0.5, 1.5)
            + z.sin() * z.cos()
            + z.tanh()
            + (ratio + 1.0).sqrt(),
        "every rough form",
    );
    m.rate(gut, feed);
    m.process(
        "gut.uptake",
        "mmol/d",
        on * loss * gut * window / (1.0 + slow / 10.0),
    )
    .uses(gut, 1.0)
    .makes(blood, 0.5)
    .doc("uptake")
    .add();
    m.rate(blood, -(loss * blood));
    m.rate(z, loss * (rough / 5.0 * (1.0 + link * gain) - z));
    m.observe("gut.pool", "mmol", gut, "the pool itself");
    m.observe("gut.filling", "1", ratio * ratio, "squared filling");
    let network = m.finish().unwrap();
    let input = Target::Input(0);
    let change = |time, target, action| Change {
        time,
        target,
        action,
    };
    let schedule = Schedule::new(vec![
        change(0.0, input, Action::Set(2.0)),
        change(3.0, input, Action::Set(0.5)),
        change(3.0, Target::State(1), Action::Add(1.0)),
        change(3.0, Target::State(1), Action::Multiply(2.0)),
        change(5.5, Target::State(0), Action::Multiply(0.25)),
        change(7.0, input, Action::Add(1.0)),
        change(7.0, input, Action::Multiply(3.0)),
    ])
    .unwrap();
    (network, schedule)
}
