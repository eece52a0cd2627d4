//! The colon closes, in every process and as a whole, and rests where its file says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{ColonOptions, Layout, Uptake, network};
use gutskin_biology::parameter_table;
use gutskin_biology::stages::{STAGES, lay_over};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_engine::{Options, Run, Solver, States, SteadyOptions, System};
use gutskin_network::expr::Values;
use gutskin_network::{Network, Spread};
use std::sync::Arc;

fn full() -> Network {
    build(&ColonOptions::default())
}

/// The residents alone, and with everything that can be added.
fn variants() -> [ColonOptions; 2] {
    let names = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
    [
        ColonOptions::default(),
        ColonOptions {
            guilds: names(&["CDI", "YEA"]),
            pools: names(&["hmo", "psyllium"]),
            drugs: names(&["ciprofloxacin", "omeprazole_ppi"]),
            strains: names(&["lgg", "ah1206", "cbs_i_745"]),
            ..ColonOptions::default()
        },
    ]
}

fn build(options: &ColonOptions) -> Network {
    let catalogue = Catalogue::shipped().unwrap();
    network(&parameter_table().unwrap(), &catalogue, options).unwrap()
}

fn solver(network: &Network) -> (Solver<ScalarProgram>, Vec<f64>, Vec<f64>) {
    let program = Arc::new(Program::new(network, &ProgramOptions::default()).unwrap());
    let states = States::of_program(&program).unwrap();
    let scalar = ScalarProgram::new(program);
    let mut initial = vec![0.0; network.states.len()];
    scalar.initial(&mut initial);
    let inputs = network.inputs.iter().map(|i| i.default).collect();
    let solver = Solver::new(scalar, states, Options::default()).unwrap();
    (solver, initial, inputs)
}

fn values(network: &Network, states: Vec<f64>) -> Values {
    Values {
        time: 0.0,
        states,
        parameters: network.parameters.iter().map(|p| p.value).collect(),
        inputs: network.inputs.iter().map(|i| i.default).collect(),
        switches: network
            .switches
            .iter()
            .map(|s| f64::from(u8::from(s.default)))
            .collect(),
    }
}

fn held(network: &Network, state: u32, element: &str) -> f64 {
    let holds = &network.states[state as usize].holds;
    holds.iter().filter(|h| h.0 == element).map(|h| h.1).sum()
}

#[test]
fn every_process_closes_in_carbon_and_electrons() {
    let network = full();
    let at = values(&network, vec![1.0; network.states.len()]);
    let mut checked = 0;
    for process in &network.processes {
        let roots: Vec<_> = process.terms.iter().map(|t| t.1).collect();
        let amounts = network.pool.evaluate(&roots, &at);
        for element in &process.balanced {
            let terms: Vec<f64> = process
                .terms
                .iter()
                .zip(&amounts)
                .map(|(term, amount)| amount * held(&network, term.0, element))
                .collect();
            let gap: f64 = terms.iter().sum();
            let size: f64 = terms.iter().map(|x| x.abs()).sum();
            assert!(
                gap.abs() <= 1e-9 * size,
                "{}: {element} off by {gap:e}",
                process.name
            );
            checked += 1;
        }
    }
    assert!(checked > 400, "{checked}");
}

/// Closure does not rest on the central parameters: yields and rows of the routes may be anything sensible.
#[test]
fn processes_close_at_other_yields() {
    let network = full();
    let mut at = values(&network, vec![1.0; network.states.len()]);
    for (i, parameter) in network.parameters.iter().enumerate() {
        if parameter.name.starts_with("colon.yield.") {
            at.parameters[i] *= 0.7;
        }
        if parameter.name.starts_with("colon.route.") {
            at.parameters[i] *= 1.0 + 0.01 * (i % 3) as f64;
        }
    }
    for process in &network.processes {
        let roots: Vec<_> = process.terms.iter().map(|t| t.1).collect();
        let amounts = network.pool.evaluate(&roots, &at);
        for element in &process.balanced {
            let gap: f64 = process
                .terms
                .iter()
                .zip(&amounts)
                .map(|(term, amount)| amount * held(&network, term.0, element))
                .sum();
            assert!(
                gap.abs() < 1e-6,
                "{}: {element} off by {gap:e}",
                process.name
            );
        }
    }
}

/// At any state: change of stock = in − out.
#[test]
fn lumen_balances_at_random_states() {
    for options in variants() {
        let network = build(&options);
        let random = RandomStream::new(7, 1, StreamId::named("test", "balance"));
        let mut index = 0;
        let mut uniform = || {
            index += 1;
            random.uniform_at(index)
        };
        let rates: Vec<_> = network.states.iter().map(|s| s.rate).collect();
        let flows: Vec<_> = [
            "colon.carbon_in",
            "colon.carbon_out",
            "colon.electrons_in",
            "colon.electrons_out",
        ]
        .iter()
        .map(|n| {
            network
                .observables
                .iter()
                .find(|o| o.name == *n)
                .unwrap()
                .expression
        })
        .collect();
        for _ in 0..20 {
            let states = network
                .states
                .iter()
                .map(|s| {
                    if s.name.contains(".ph.") {
                        6.3
                    } else {
                        s.typical * (3.0 * uniform() - 1.5).exp()
                    }
                })
                .collect();
            let at = values(&network, states);
            let rates = network.pool.evaluate(&rates, &at);
            let flows = network.pool.evaluate(&flows, &at);
            for (k, element) in ["C", "e"].iter().enumerate() {
                let stock: f64 = rates
                    .iter()
                    .enumerate()
                    .map(|(i, r)| r * held(&network, i as u32, element))
                    .sum();
                let gap = stock - (flows[2 * k] - flows[2 * k + 1]);
                let size = flows[2 * k].abs() + flows[2 * k + 1].abs();
                assert!(gap.abs() <= 1e-10 * size, "{element}: {gap:e} of {size:e}");
            }
        }
    }
}

/// The ledger of a run that is pushed about: what came in is what left and what stayed.
#[test]
fn ledger_of_a_run_closes() {
    let plain = ColonOptions {
        ledger: true,
        ..ColonOptions::default()
    };
    closes(&build(&plain), &[("input.diet.starch", 32.0)]);
    let much = ColonOptions {
        guilds: vec!["CDI".to_owned(), "YEA".to_owned()],
        pools: vec!["hmo".to_owned(), "psyllium".to_owned()],
        drugs: vec!["amoxicillin".to_owned()],
        strains: vec!["lgg".to_owned()],
        uptake: Uptake::Drag,
        transplants: true,
        ..plain.clone()
    };
    closes(
        &build(&much),
        &[
            ("input.diet.hmo", 8.0),
            ("input.diet.psyllium", 5.0),
            ("input.spores", 1e5),
            ("input.drug.amoxicillin", 1500.0),
            ("input.strain.lgg", 1e10),
            ("input.transplant.own", 50.0),
            ("input.transplant.donor", 50.0),
        ],
    );
    let lean = ColonOptions {
        layout: Layout::Lean,
        uptake: Uptake::Recruited,
        ..plain
    };
    closes(&build(&lean), &[("input.diet.pectin", 12.0)]);
}

/// The same for every life stage.
#[test]
fn ledger_of_children_closes() {
    for stage in STAGES {
        let mut table = parameter_table().unwrap();
        lay_over(&mut table, stage.id).unwrap();
        let catalogue = Catalogue::shipped().unwrap();
        let options = ColonOptions {
            ledger: true,
            ..ColonOptions::of(&table, &catalogue)
        };
        let network = network(&table, &catalogue, &options).unwrap();
        closes(&network, &[("input.diet.gos", 4.0)]);
    }
}

/// Twenty days with these inputs: carbon and electrons to 1e-8, nothing below zero.
fn closes(network: &Network, pushed: &[(&str, f64)]) {
    let (mut solver, initial, inputs) = solver(network);
    let mut run = Run::new(0.0, 20.0, initial.clone());
    run.inputs = inputs;
    for (name, value) in pushed {
        run.inputs[network.input(name).unwrap() as usize] = *value;
    }
    let solution = solver.solve(&run).unwrap();
    assert!(solution.status.is_success(), "{:?}", solution.status);
    let stock = |element: &str| -> f64 {
        (0..network.states.len())
            .map(|i| (solution.state[i] - initial[i]) * held(network, i as u32, element))
            .sum()
    };
    let total =
        |name: &str| solution.state[network.states.iter().position(|s| s.name == name).unwrap()];
    let carbon = (total("ledger.carbon_in"), total("ledger.carbon_out"));
    let electrons = (total("ledger.electrons_in"), total("ledger.electrons_out"));
    assert!((stock("C") - (carbon.0 - carbon.1)).abs() < 1e-8 * carbon.0);
    assert!((stock("e") - (electrons.0 - electrons.1)).abs() < 1e-8 * electrons.0);
    let lowest = solution
        .state
        .iter()
        .zip(&network.states)
        .filter(|(_, s)| s.non_negative);
    for (value, state) in lowest {
        assert!(*value >= -1e-6 * state.typical, "{} is {value}", state.name);
    }
}

#[test]
fn reference_person_rests_in_the_frozen_state() {
    let network = full();
    let (mut solver, initial, inputs) = solver(&network);
    let mut rates = vec![0.0; initial.len()];
    System::rhs(solver.system_mut(), 0.0, &initial, &inputs, &mut rates);
    for (i, state) in network.states.iter().enumerate() {
        let scaled = rates[i] / (state.typical + initial[i].abs());
        assert!(
            scaled.abs() < 1e-4,
            "{} drifts by {scaled:e} of itself per day",
            state.name
        );
    }
    let found = solver
        .steady_state(0.0, &initial, &inputs, &SteadyOptions::default())
        .unwrap();
    assert!(found.status.is_success(), "{:?}", found.status);
}

/// From starts spread over four decades every resident guild comes back to the same place.
#[test]
fn steady_state_is_the_same_from_other_starts() {
    let network = full();
    let (mut solver, initial, inputs) = solver(&network);
    let random = RandomStream::new(11, 2, StreamId::named("test", "starts"));
    let mut index = 0;
    let mut uniform = || {
        index += 1;
        random.uniform_at(index)
    };
    for _ in 0..3 {
        let start: Vec<f64> = network
            .states
            .iter()
            .zip(&initial)
            .map(|(s, x)| {
                let spread = 10f64.powf(4.0 * uniform() - 2.0);
                if s.name.contains(".ph.") || s.name.contains("stool") || s.name.contains("load") {
                    *x
                } else {
                    x * spread
                }
            })
            .collect();
        let found = solver
            .steady_state(0.0, &start, &inputs, &SteadyOptions::default())
            .unwrap();
        assert!(found.status.is_success(), "{:?}", found.status);
        for (i, state) in network.states.iter().enumerate() {
            let gap = (found.state[i] - initial[i]).abs() / (state.typical + initial[i].abs());
            assert!(
                gap < 1e-3,
                "{} ends at {} instead of {}",
                state.name,
                found.state[i],
                initial[i]
            );
        }
    }
}

/// Yeasts are 0.001 % of the microbes, as reads have it (reference_share of their row), with either colon.
#[test]
fn yeasts_rest_at_their_share() {
    let share = Catalogue::shipped()
        .unwrap()
        .guild("YEA")
        .unwrap()
        .reference_share
        / 100.0;
    for layout in [Layout::Full, Layout::Lean] {
        let network = build(&ColonOptions {
            guilds: vec!["YEA".to_owned()],
            layout,
            ..ColonOptions::default()
        });
        let (mut solver, initial, inputs) = solver(&network);
        let found = solver
            .steady_state(0.0, &initial, &inputs, &SteadyOptions::default())
            .unwrap();
        assert!(found.status.is_success(), "{:?}", found.status);
        let observable = network
            .observables
            .iter()
            .find(|o| o.name == "colon.share.YEA");
        let root = [observable.unwrap().expression];
        let at = values(&network, found.state);
        let rests = network.pool.evaluate(&root, &at)[0];
        assert!(
            rests / share > 0.8 && rests / share < 1.25,
            "{layout:?}: {rests:e} for {share:e}"
        );
    }
}

/// Half-saturations and yields spread between people (dossier §7a: CV 0.5 and 0.15), those on metabolites too.
#[test]
fn every_half_saturation_and_yield_has_a_spread() {
    let cv = |x: f64| Spread::LogNormal {
        sd_ln: (1.0 + x * x).ln().sqrt(),
    };
    let mut checked = 0;
    for network in variants().iter().map(build) {
        for (part, spread) in [
            ("colon.half_saturation.", cv(0.5)),
            ("colon.yield.", cv(0.15)),
        ] {
            for p in network
                .parameters
                .iter()
                .filter(|p| p.name.starts_with(part))
            {
                assert_eq!(p.spread, spread, "{}", p.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

/// Ranges of the dossier: 1e-9 to 1e-5 gDW/d of each guild (§7b), 2 to 9 mmol/d sulfate (§2).
#[test]
fn what_arrives_spreads_between_people() {
    let network = full();
    for (name, low, high) in [
        ("colon.immigration.BAC", 1e-9, 1e-5),
        ("colon.inflow.sulfate", 2.0, 9.0),
    ] {
        let p = &network.parameters[network.parameter(name).unwrap() as usize];
        let Spread::LogNormal { sd_ln } = p.spread else {
            panic!("{name}: {:?}", p.spread);
        };
        // 95 % of people over a range as wide as the dossier's.
        let wide = f64::ln(high / low) / (2.0 * 1.96);
        assert!(
            (sd_ln / wide - 1.0).abs() < 0.1,
            "{name}: {sd_ln} for {wide}"
        );
    }
}

#[test]
fn the_network_check_finds_no_error() {
    for options in variants() {
        let network = build(&options);
        let errors: Vec<String> = gutskin_network::check::check(&network)
            .of(gutskin_network::check::Severity::Error)
            .map(|f| format!("{}: {} ({})", f.place, f.message, f.mend))
            .collect();
        assert!(
            errors.is_empty(),
            "{} errors: {:#?}",
            errors.len(),
            &errors[..errors.len().min(12)]
        );
    }
}

#[test]
fn unknown_names_are_reported_with_a_hint() {
    let catalogue = Catalogue::shipped().unwrap();
    let options = ColonOptions {
        pools: vec!["psylium".to_owned()],
        ..ColonOptions::default()
    };
    let message = network(&parameter_table().unwrap(), &catalogue, &options)
        .unwrap_err()
        .to_string();
    assert!(message.contains("did you mean \"psyllium\""), "{message}");
}

/// Every number of the tables that people can differ in has a spread; what has none is a measure by definition, a
/// formula, a stoichiometry, a dose or a property of the layout.
#[test]
fn numbers_of_the_tables_have_a_spread() {
    let mut checked = std::collections::BTreeSet::new();
    let options = ColonOptions {
        drugs: Catalogue::shipped()
            .unwrap()
            .drugs
            .iter()
            .map(|d| d.id.clone())
            .collect(),
        ..ColonOptions::default()
    };
    for network in variants().iter().chain([&options]).map(build) {
        for p in &network.parameters {
            let parts = [
                "colon.permeability.",
                "colon.clearance.",
                "colon.limiting.",
                "colon.water_held_by.",
                "colon.mucosal_affinity.",
                "colon.lps_agonist.",
                "colon.lps_antagonist.",
                "drugs.luminal_share.",
                "drugs.half_life.",
            ];
            let measures = [
                "colon.permeability.acetate",
                "colon.lps_agonist.ENT",
                "colon.lps_antagonist.BAC",
            ];
            let Some(part) = parts.iter().find(|part| p.name.starts_with(**part)) else {
                continue;
            };
            checked.insert(*part);
            let spreads = p.spread != Spread::Fixed;
            let none = measures.contains(&p.name.as_str()) || p.value == 0.0;
            assert_eq!(spreads, !none, "{}: {:?}", p.name, p.spread);
        }
    }
    assert_eq!(checked.len(), 9, "{checked:?}");
}

/// A share of a dose stays below the whole of it.
#[test]
fn large_shares_of_a_dose_are_cut_at_the_whole() {
    let network = build(&ColonOptions {
        drugs: vec!["vancomycin_oral".to_owned(), "ciprofloxacin".to_owned()],
        ..ColonOptions::default()
    });
    let spread = |name: &str| {
        let i = network.parameter(name).unwrap();
        network.parameters[i as usize].spread
    };
    let cut = Spread::TruncatedNormal {
        sd: 0.25,
        low: 0.0,
        high: 1.0,
    };
    assert_eq!(spread("drugs.luminal_share.vancomycin_oral"), cut);
    assert!(matches!(
        spread("drugs.luminal_share.ciprofloxacin"),
        Spread::LogNormal { .. }
    ));
    assert_eq!(spread("drugs.usual_dose.ciprofloxacin"), Spread::Fixed);
}
