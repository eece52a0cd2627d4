//! Steady state of the colon from the files on disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use gutskin_biology::{catalogue::Catalogue, colon};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{Options, Solver, States, SteadyOptions};
use gutskin_network::{Network, ParameterTable};
use std::sync::Arc;
use std::time::Instant;

struct Lab {
    network: Network,
    solver: Solver<ScalarProgram>,
    parameters: Vec<f64>,
    inputs: Vec<f64>,
    state: Vec<f64>,
}

impl Lab {
    fn observables(&mut self) -> Vec<f64> {
        use gutskin_engine::System;
        let mut out = vec![0.0; self.network.observables.len()];
        let (s, i) = (self.state.clone(), self.inputs.clone());
        System::observe(self.solver.system_mut(), 0.0, &s, &i, &mut out);
        out
    }
    fn get(&mut self, name: &str) -> f64 {
        let out = self.observables();
        let i = self.network.observables.iter().position(|o| o.name == name);
        i.map_or(f64::NAN, |i| out[i])
    }
    fn parameter(&mut self, name: &str) -> &mut f64 {
        let i = self
            .network
            .parameters
            .iter()
            .position(|p| p.name == name)
            .unwrap_or_else(|| panic!("{name}"));
        &mut self.parameters[i]
    }
    fn input(&mut self, name: &str) -> &mut f64 {
        let i = self
            .network
            .inputs
            .iter()
            .position(|p| p.name == name)
            .unwrap_or_else(|| panic!("{name}"));
        &mut self.inputs[i]
    }
    fn steady(&mut self) -> bool {
        let p = self.parameters.clone();
        let switches: Vec<f64> = self
            .network
            .switches
            .iter()
            .map(|s| f64::from(u8::from(s.default)))
            .collect();
        self.solver.system_mut().set_patient(&p, &switches);
        let t = Instant::now();
        let s = self
            .solver
            .steady_state(0.0, &self.state, &self.inputs, &SteadyOptions::default())
            .unwrap();
        eprintln!(
            "{:?} residual {:.1e} steps {} newton {} eig {:?} absent {} {:?}",
            s.status,
            s.residual,
            s.steps,
            s.newton_steps,
            s.real_part,
            s.absent.len(),
            t.elapsed()
        );
        if let Some(w) = s.state.iter().position(|x| !x.is_finite()) {
            eprintln!("not finite {}", self.network.states[w].name);
        }
        let ok = s.status.is_success();
        self.state = s.state;
        ok
    }
}

fn main() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    let mut table = ParameterTable::new();
    let mut files: Vec<_> = std::fs::read_dir(format!("{root}parameters"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    for f in files {
        table
            .read_toml(
                &f.display().to_string(),
                &std::fs::read_to_string(&f).unwrap(),
            )
            .unwrap();
    }
    let texts: Vec<(String, String)> = gutskin_biology::catalogue::TABLES
        .iter()
        .map(|(f, _)| {
            (
                f.to_string(),
                std::fs::read_to_string(format!("{root}{f}")).unwrap(),
            )
        })
        .collect();
    let pairs: Vec<(&str, &str)> = texts
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let catalogue = Catalogue::with_tables(&pairs).unwrap_or_else(|e| panic!("{e}"));
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut options = colon::ColonOptions::default();
    if args.iter().any(|a| a == "lean") {
        options.layout = colon::Layout::Lean;
    }
    let t = Instant::now();
    let network = colon::network(&table, &catalogue, &options).unwrap_or_else(|e| panic!("{e}"));
    eprintln!(
        "network {:?}: {} states {} parameters {} nodes",
        t.elapsed(),
        network.states.len(),
        network.parameters.len(),
        network.pool.len()
    );
    let t = Instant::now();
    let program = Arc::new(Program::new(&network, &ProgramOptions::default()).unwrap());
    eprintln!("program {:?}", t.elapsed());
    let states = States::of_program(&program).unwrap();
    let scalar = ScalarProgram::new(program.clone());
    let mut state = vec![0.0; network.states.len()];
    scalar.initial(&mut state);
    let solver = Solver::new(scalar, states, Options::default()).unwrap();
    let mut lab = Lab {
        parameters: network.parameters.iter().map(|p| p.value).collect(),
        inputs: network.inputs.iter().map(|p| p.default).collect(),
        network,
        solver,
        state,
    };
    for a in &args {
        if let Some((name, value)) = a.split_once('=') {
            let v: f64 = value.parse().unwrap();
            if name.starts_with("input.") || name.starts_with("clamped.") {
                *lab.input(name) = v
            } else {
                *lab.parameter(name) = v
            }
        }
    }
    lab.steady();
    let rounds: usize = args
        .iter()
        .find_map(|a| a.strip_prefix("fit:"))
        .map_or(0, |n| n.parse().unwrap());
    let guilds: Vec<(String, f64)> = catalogue
        .guilds
        .iter()
        .filter(|g| g.resident)
        .map(|g| (g.name.clone(), g.reference_share))
        .collect();
    let total: f64 = guilds.iter().map(|g| g.1).sum();
    for _ in 0..rounds {
        let before = lab.state.clone();
        let mut bc = 0.0;
        for (g, share) in &guilds {
            let want = share / total;
            let got = lab.get(&format!("colon.share.{g}"));
            bc += (got - want).abs() / 2.0;
            let k = lab.parameter(&format!("colon.capacity.{g}"));
            *k = (*k * (want / got).powf(0.5).clamp(0.5, 2.0)).clamp(0.005, 50.0);
        }
        eprintln!("bray-curtis {bc:.3}");
        if !lab.steady() {
            lab.state = before;
        }
    }
    if rounds > 0 {
        for (g, _) in &guilds {
            println!(
                "capacity {g} {:.4}",
                lab.parameter(&format!("colon.capacity.{g}"))
            );
        }
    }
    if args.iter().any(|a| a == "freeze") {
        for (s, v) in lab.network.states.clone().iter().zip(lab.state.clone()) {
            println!(
                "state {} {v:e} {}",
                s.name,
                s.unit.as_ref().map_or(String::new(), |u| u.to_string())
            );
        }
    }
    if args.iter().any(|a| a == "all") {
        let out = lab.observables();
        for (o, v) in lab.network.observables.iter().zip(out) {
            println!("{:40} {v:12.5}", o.name);
        }
        for (s, v) in lab.network.states.clone().iter().zip(lab.state.clone()) {
            println!("  {:40} {v:12.5e}", s.name);
        }
    } else if !args.iter().any(|a| a == "freeze") {
        for seg in ["prox", "trans", "dist"] {
            let g = |l: &mut Lab, n: &str| l.get(&format!("colon.{n}.{seg}"));
            let lv = |l: &mut Lab, n: &str| l.get(&format!("colon.{n}_level.{seg}"));
            println!(
                "{seg:6} T {:6.1} pH {:.2} A/P/B {:.1}/{:.1}/{:.1} lac {:.2}+{:.2} suc {:.2} for {:.2} etoh {:.2} H2 {:.2} CO2 {:.1} bcfa {:.2} W {:.3}",
                g(&mut lab, "scfa_total"),
                g(&mut lab, "ph"),
                100. * g(&mut lab, "acetate_share"),
                100. * g(&mut lab, "propionate_share"),
                100. * g(&mut lab, "butyrate_share"),
                lv(&mut lab, "lactate"),
                lv(&mut lab, "d_lactate"),
                lv(&mut lab, "succinate"),
                lv(&mut lab, "formate"),
                lv(&mut lab, "ethanol"),
                lv(&mut lab, "hydrogen"),
                lv(&mut lab, "carbon_dioxide"),
                lv(&mut lab, "branched"),
                g(&mut lab, "water_volume")
            );
        }
        for n in [
            "scfa_absorbed",
            "scfa_absorbed_share",
            "scfa_faecal_loss",
            "acetate_absorbed",
            "propionate_absorbed",
            "butyrate_absorbed",
            "stool_wet",
            "stool_dry",
            "stool_water",
            "bacteria_out",
            "microbes",
            "guild_entropy",
            "hydrogen_out",
            "methane_out",
            "h2s",
            "aromatic",
            "ammonia_absorbed",
            "transit_relative",
            "lps_agonist_mass",
            "lps_antagonist_mass",
            "mucus_demand",
            "carbon_in",
            "carbon_out",
            "electrons_in",
            "electrons_out",
        ] {
            print!("{n} {:.3}  ", lab.get(&format!("colon.{n}")));
        }
        println!("sba {:.3}", lab.get("bile.secondary_fraction"));
        for (g, share) in &guilds {
            print!(
                "{g} {:.2}/{:.2}  ",
                100.0 * lab.get(&format!("colon.share.{g}")),
                100.0 * share / total
            );
        }
        println!();
        for s in [
            "starch",
            "pectin",
            "beta_glucan",
            "arabinoxylan",
            "other_soluble",
            "cellulosic",
            "fructan",
            "gos",
            "sugar",
            "protein",
            "mucin",
            "debris",
            "residue",
        ] {
            let v: Vec<f64> = ["prox", "trans", "dist"]
                .iter()
                .map(|seg| {
                    let n = format!("colon.{s}.{seg}");
                    lab.network
                        .states
                        .iter()
                        .position(|x| x.name == n)
                        .map_or(0.0, |i| lab.state[i])
                })
                .collect();
            let w = {
                let n = "colon.washout.dist";
                let _ = n;
                v[2]
            };
            print!("{s} {:.2} {:.2} {:.2}; ", v[0], v[1], w);
        }
        println!();
    }
}
