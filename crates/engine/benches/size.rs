//! Time to build, check, write, read and compile networks of growing size: each column should double from line to line.
//!
//! `cargo bench --workspace --bench size`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_network::{
    Builder, Expr, Network, ParameterTable, Schedule, check, export, sbml, text,
};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Runs of which the fastest counts.
const RUNS: usize = 5;

/// `size` pools in a ring that feed on, inhibit and wash into one another: five parameters, two variables and two
/// processes a state, as dense as a community of microbes.
fn ring(size: usize) -> Network {
    let table = ParameterTable::new();
    let m = Builder::new("ring", "d", &table);
    let feed = m.input("input.feed", "1", 1.0, "feed");
    let pools: Vec<Expr<'_>> = (0..size)
        .map(|i| {
            m.state(&format!("m{}.pool{i}", i / 50), "mmol")
                .typical(1.0)
                .initial(1.0)
                .doc("a pool")
                .add()
        })
        .collect();
    for (i, &pool) in pools.iter().enumerate() {
        let name = |what: &str| format!("m{}.{what}{i}", i / 50);
        let number = |what: &str, value: f64| m.number(&name(what), value);
        let (growth, half, loss) = (
            number("growth", 2.0),
            number("half", 0.5),
            number("loss", 0.1),
        );
        let (inhibition, yield_) = (number("inhibition", 3.0), number("yield", 0.4));
        let next = pools[(i + 1) % size];
        let before = pools[(i + size - 1) % size];
        let uptake = m.variable(
            &name("uptake"),
            "1",
            growth * before / (before + half),
            "uptake",
        );
        let brake = m.variable(
            &name("brake"),
            "1",
            1.0 / (1.0 + (next / inhibition).smooth_pow(1.5, 0.01)),
            "inhibition",
        );
        m.process(&name("growth_of"), "mmol/d", uptake * brake * pool)
            .makes(pool, 1.0)
            .uses(before, yield_)
            .add();
        m.rate(pool, feed - loss * pool);
        m.observe(&name("share"), "1", pool / (pool + next), "share");
    }
    m.finish().unwrap()
}

fn fastest<R>(mut work: impl FnMut() -> R) -> (Duration, R) {
    let mut best: Option<(Duration, R)> = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        let result = black_box(work());
        let elapsed = start.elapsed();
        if best.as_ref().is_none_or(|(b, _)| elapsed < *b) {
            best = Some((elapsed, result));
        }
    }
    best.unwrap()
}

/// One kind of work on a network.
type Work<'a> = (&'a str, Box<dyn Fn() + 'a>);

fn work<'a>(
    size: usize,
    network: &'a Network,
    document: &'a str,
    written: &'a str,
) -> Vec<Work<'a>> {
    fn column<'a, R>(name: &'a str, work: impl Fn() -> R + 'a) -> Work<'a> {
        (name, Box::new(move || drop(black_box(work()))))
    }
    vec![
        column("build", move || ring(size)),
        column("check", || check::check(network)),
        column("program", || {
            Program::new(network, &ProgramOptions::default()).unwrap()
        }),
        column("text out", || text::write(network)),
        column("text in", || text::read(written).unwrap()),
        column("SBML out", || sbml::write(network, &Schedule::default())),
        column("SBML in", || sbml::read(document).unwrap()),
        column("Markdown", || export::markdown(network)),
        column("LaTeX", || export::latex(network)),
        column("JSON", || export::graph_json(network)),
        column("DOT", || export::graph_dot(network)),
    ]
}

fn main() {
    println!("times in ms, fastest of {RUNS}");
    for (line, size) in [500, 1000, 2000, 4000].into_iter().enumerate() {
        let network = ring(size);
        let document = sbml::write(&network, &Schedule::default());
        let written = text::write(&network);
        let columns = work(size, &network, &document, &written);
        if line == 0 {
            print!("{:>7}", "states");
            columns.iter().for_each(|(name, _)| print!("{name:>10}"));
            println!();
        }
        print!("{size:>7}");
        for (_, work) in &columns {
            print!("{:>10.1}", fastest(work).0.as_secs_f64() * 1e3);
        }
        println!();
    }
}
