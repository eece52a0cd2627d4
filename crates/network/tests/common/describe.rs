//! Everything that a network says, as text: two networks are the same where their descriptions are.

use gutskin_network::expr::ExprId;
use gutskin_network::{Action, Network, Schedule, Target};
use gutskin_units::Unit;
use std::fmt::Write;

fn unit(u: &Option<Unit>) -> String {
    u.as_ref().map_or("-".to_owned(), |u| format!("[{u}]"))
}

/// All parts in order, each on a line, with every number in full.
pub fn describe(n: &Network) -> String {
    let e = |id: ExprId| n.text(id);
    let mut out = format!("model {} clock {}\n", n.name, unit(&n.time_unit));
    for s in &n.states {
        writeln!(
            out,
            "state {} {} typical {:e} initial {} rate {} non_negative {} holds {:?} doc {:?}",
            s.name,
            unit(&s.unit),
            s.typical,
            e(s.initial),
            e(s.rate),
            s.non_negative,
            s.holds,
            s.doc
        )
        .unwrap();
    }
    for p in &n.parameters {
        writeln!(
            out,
            "parameter {} {} {:e} {:?} source {:?} {} doc {:?}",
            p.name,
            unit(&p.unit),
            p.value,
            p.spread,
            p.source,
            p.mark,
            p.doc
        )
        .unwrap();
    }
    for i in &n.inputs {
        writeln!(
            out,
            "input {} {} {:e} doc {:?}",
            i.name,
            unit(&i.unit),
            i.default,
            i.doc
        )
        .unwrap();
    }
    for s in &n.switches {
        writeln!(out, "switch {} {} doc {:?}", s.name, s.default, s.doc).unwrap();
    }
    for v in &n.variables {
        writeln!(
            out,
            "variable {} {} = {} node {} doc {:?}",
            v.name,
            unit(&v.unit),
            e(v.definition),
            e(v.node),
            v.doc
        )
        .unwrap();
    }
    for o in &n.observables {
        writeln!(
            out,
            "observable {} {} = {} doc {:?}",
            o.name,
            unit(&o.unit),
            e(o.expression),
            o.doc
        )
        .unwrap();
    }
    describe_structure(n, &mut out);
    out
}

fn describe_structure(n: &Network, out: &mut String) {
    for p in &n.processes {
        let terms: Vec<_> = p.terms.iter().map(|(s, c)| (s, n.text(*c))).collect();
        writeln!(
            out,
            "process {} {} rate {} terms {terms:?} balanced {:?} doc {:?}",
            p.name,
            unit(&p.unit),
            n.text(p.rate),
            p.balanced,
            p.doc
        )
        .unwrap();
    }
    for i in &n.invariants {
        writeln!(out, "invariant {} {:?} doc {:?}", i.name, i.terms, i.doc).unwrap();
    }
    for l in &n.links {
        writeln!(out, "{l:?}").unwrap();
    }
    writeln!(out, "{:?}", n.citations).unwrap();
}

/// All changes, each on a line.
pub fn describe_schedule(s: &Schedule) -> String {
    let mut out = String::new();
    for c in s.changes() {
        let target = match c.target {
            Target::Input(i) => format!("input {i}"),
            Target::State(i) => format!("state {i}"),
        };
        let action = match c.action {
            Action::Set(v) => format!("= {v:e}"),
            Action::Add(v) => format!("+ {v:e}"),
            Action::Multiply(v) => format!("* {v:e}"),
        };
        writeln!(out, "{:e}: {target} {action}", c.time).unwrap();
    }
    out
}
