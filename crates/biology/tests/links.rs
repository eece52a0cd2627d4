//! No link is there in name only: every switch that is turned moves what its link names, and says what it rests on.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::axis::{AxisOptions, SkinKind, network};
use gutskin_biology::body::{self, Mode};
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::references::link_sources;
use gutskin_biology::{early, parameter_table, thin};
use gutskin_engine::System;
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_network::{Link, LinkGrade, Network};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Links whose cause a skin does not show: only eczema itches, and neither acne nor healthy skin has a severity that reaches the body.
const WITHOUT_CAUSE: &[(&str, &[&str])] = &[
    ("axis_pso", &["itch_to_sleep"]),
    ("axis_acne", WITHOUT_SEVERITY),
    ("axis_healthy", WITHOUT_SEVERITY),
];
const WITHOUT_SEVERITY: &[&str] = &[
    "severity_to_stress",
    "itch_to_sleep",
    "severity_to_cytokines",
    "severity_to_helpers",
];

/// Rates and observables away from rest, with every input away from usual and every gain away from nothing.
fn seen(network: &Network, system: &mut ScalarProgram, switches: &[f64]) -> Vec<f64> {
    let unknown = |p: &gutskin_network::Parameter| if p.value == 0.0 { 0.2 } else { p.value };
    let parameters: Vec<f64> = network.parameters.iter().map(unknown).collect();
    system.set_patient(&parameters, switches);
    let mut state = vec![0.0; network.states.len()];
    system.initial(&mut state);
    for (i, (value, spec)) in state.iter_mut().zip(&network.states).enumerate() {
        *value = *value * (1.1 + 0.01 * (i % 7) as f64) + 0.1 * spec.typical;
    }
    let moved = |usual: f64| if usual == 0.0 { 0.4 } else { 1.3 * usual };
    let inputs: Vec<f64> = network.inputs.iter().map(|i| moved(i.default)).collect();
    let mut rates = vec![0.0_f64; network.states.len()];
    let mut observables = vec![0.0; network.observables.len()];
    System::rhs(system, 0.3, &state, &inputs, &mut rates);
    System::observe(system, 0.3, &state, &inputs, &mut observables);
    rates.extend(observables);
    assert!(rates.iter().all(|r| r.is_finite()), "{}", network.name);
    rates
}

/// Every model that has links of its own.
fn all() -> Vec<Network> {
    let table = parameter_table().unwrap();
    let catalogue = Catalogue::shipped().unwrap();
    let mut networks: Vec<Network> = [Mode::Daily, Mode::WithinDay]
        .map(|mode| body::network(&table, mode).unwrap())
        .into();
    for skin in [
        SkinKind::Eczema,
        SkinKind::Psoriasis,
        SkinKind::Acne,
        SkinKind::Healthy,
    ] {
        networks.push(network(&table, &catalogue, &AxisOptions::plain(skin)).unwrap());
    }
    networks.push(early::network(&table).unwrap());
    networks.push(thin::network(&table).unwrap());
    networks
}

#[test]
fn every_link_says_what_it_rests_on_and_graded_ones_name_a_paper_or_that_there_is_none() {
    let sources = link_sources();
    let mut seen = BTreeSet::new();
    for network in all() {
        for link in &network.links {
            let rows: Vec<_> = sources.iter().filter(|s| s.link == link.name).collect();
            let [source] = rows.as_slice() else {
                panic!(
                    "{} {}: {} rows in catalogue/link_sources.csv",
                    network.name,
                    link.name,
                    rows.len()
                );
            };
            // What stands as its source: papers, or in plain words that there is none, and then it is graded so.
            if source.references.is_empty() {
                assert!(source.says.starts_with("assumed: "), "{}", link.name);
                assert!(source.says.contains("no study found"), "{}", link.name);
                assert_eq!(link.grade, LinkGrade::Assumption, "{}", link.name);
            }
            seen.insert(link.name.clone());
        }
    }
    let known: BTreeSet<String> = sources.into_iter().map(|s| s.link).collect();
    assert_eq!(known, seen);
}

/// What the switch of a link of the body must move at once, by the link's own sentence: rates of states and what is
/// observed. Of `a/b` one will do, since the modes differ. After a `!` stands what it must leave alone.
const TARGETS: &str = "
butyrate_to_mucin barrier.mucus
severity_to_stress hpa.stress_slow
itch_to_sleep immune.il6 metabolic.insulin_resistance
stress_to_chronic_drive hpa.crh/hpa.cortisol_mean ! hpa.stress_slow hpa.stress_now
training_to_stress hpa.crh/hpa.cortisol_mean ! hpa.practice
training_to_cytokines immune.tnf immune.il6 ! immune.tone immune.training
practice_to_stress hpa.crh/hpa.cortisol_mean ! hpa.practice
scfa_to_stress hpa.crh/hpa.load_day ! immune.scfa_z
acute_stress_to_hpa hpa.crh/hpa.load_day ! hpa.strain hpa.stress_now
exercise_to_hpa hpa.crh/hpa.load_day ! barrier.injury barrier.mast_cells
cytokines_to_hpa hpa.crh/hpa.cortisol_mean
sleep_to_clock hpa.crh ! immune.il6
acute_stress_to_nerves hpa.stress_now ! hpa.strain hpa.crh hpa.load_day
steroid_to_hpa hpa.crh/hpa.steroid_day ! hpa.steroid
emulsifier_to_mucus barrier.mucus
butyrate_to_leak barrier.leak ! barrier.mucus immune.treg barrier.leak_small
inflammation_to_leak barrier.leak ! barrier.inflammation barrier.leak_small
vitamin_d_to_leak barrier.leak barrier.leak_small ! immune.treg
cortisol_to_leak barrier.leak barrier.leak_small ! metabolic.insulin_resistance
gluten_to_leak barrier.leak_small ! barrier.leak
smoking_to_leak barrier.leak barrier.leak_small
air_pollution_to_leak barrier.leak barrier.leak_small
acid_suppression_to_leak barrier.leak barrier.leak_small
stress_to_mast_cells barrier.mast_cells ! hpa.crh hpa.load_day
antigen_to_mast_cells barrier.mast_cells ! barrier.antigen barrier.antigen_z
exercise_to_injury barrier.injury ! hpa.crh hpa.load_day
nsaid_to_injury barrier.injury
contact_to_inflammation barrier.inflammation ! endotoxin.bound
treg_to_inflammation barrier.inflammation ! immune.tone immune.tnf
wounding_to_inflammation barrier.inflammation
leak_to_antigen barrier.antigen ! barrier.antigen_z barrier.mast_cells
fat_to_endotoxin endotoxin.bound endotoxin.active ! endotoxin.fat
omega3_to_endotoxin endotoxin.bound endotoxin.active ! endotoxin.fat
alcohol_to_endotoxin endotoxin.bound endotoxin.active
leak_to_endotoxin endotoxin.bound endotoxin.active ! endotoxin.burst_hazard
leak_to_bursts endotoxin.burst_hazard ! endotoxin.bound
endotoxin_to_immune immune.tone immune.tnf immune.il6 ! acute.receptor acute.tolerance
endotoxin_to_acute acute.receptor/acute.tolerance ! immune.tone
cortisol_to_cytokines immune.tnf immune.il6 immune.il10 ! immune.th2_bias
severity_to_cytokines immune.tnf immune.il6 immune.crp ! immune.th17 immune.th2
treg_to_tnf immune.tnf ! immune.tone
sleep_to_il6 immune.il6 immune.crp ! metabolic.insulin_resistance
bmi_to_il6 immune.il6 immune.crp ! metabolic.insulin_resistance
butyrate_to_treg immune.treg ! barrier.leak
vitamin_d_to_treg immune.treg ! barrier.leak
aromatic_to_treg immune.treg
secondary_bile_to_treg immune.treg
treg_to_immune immune.tone immune.th1_bias immune.th2_bias immune.th17_bias ! immune.tnf
inflammation_to_tone immune.tone ! immune.th17_bias
cortisol_to_helpers immune.th1_bias immune.th2_bias
leak_to_th2 immune.th2_bias
inflammation_to_th17 immune.th17_bias ! immune.tone
severity_to_helpers immune.th17/immune.th2 ! immune.th17_bias immune.th2_bias immune.drive_th17 immune.drive_th2
glycaemic_load_to_ir metabolic.insulin_resistance ! metabolic.igf1
sleep_to_ir metabolic.insulin_resistance ! immune.il6
cortisol_to_ir metabolic.insulin_resistance
tnf_to_ir metabolic.insulin_resistance
bmi_to_ir metabolic.insulin_resistance ! metabolic.bmi_z
glycaemic_load_to_igf1 metabolic.igf1 ! metabolic.insulin_resistance
milk_to_igf1 metabolic.igf1
whey_to_igf1 metabolic.igf1
ir_to_shbg metabolic.shbg
uvb_to_vitamin_d metabolic.vitamin_d
supplement_to_vitamin_d metabolic.vitamin_d
";

/// Faults of one switch, which moved these.
fn off_target(network: &Network, link: &Link, moved: &BTreeSet<&str>) -> Vec<String> {
    let Some(line) = TARGETS
        .lines()
        .find(|l| l.split(' ').next() == Some(&link.name))
    else {
        let room = format!("{}.", link.to);
        let own = moved.iter().any(|m| m.starts_with(&room));
        return if own {
            Vec::new()
        } else {
            vec![format!("{} moves nothing of {room}", link.name)]
        };
    };
    let here = |name: &&str| network.state(name).is_some() || network.observable(name).is_some();
    let (must, leave) = line.split_once(" ! ").unwrap_or((line, ""));
    let mut faults = Vec::new();
    for target in must.split(' ').skip(1) {
        if !target
            .split('/')
            .filter(here)
            .any(|name| moved.contains(name))
        {
            faults.push(format!("{} does not move {target}", link.name));
        }
    }
    for name in leave.split_whitespace().filter(|name| moved.contains(name)) {
        faults.push(format!("{} moves {name}", link.name));
    }
    faults
}

#[test]
fn every_switch_moves_what_its_link_names() {
    let known: BTreeSet<&str> = TARGETS
        .split_whitespace()
        .filter(|w| w.contains("_to_"))
        .collect();
    let mut found = BTreeSet::new();
    for network in all() {
        if ["early", "thin"].contains(&network.name.as_str()) {
            continue;
        }
        let program = Arc::new(Program::new(&network, &ProgramOptions::default()).unwrap());
        let mut system = ScalarProgram::new(program);
        let all_on = vec![1.0; network.switches.len()];
        let usual = seen(&network, &mut system, &all_on);
        let states = network.states.iter().map(|s| s.name.as_str());
        let names: Vec<&str> = states
            .chain(network.observables.iter().map(|o| o.name.as_str()))
            .collect();
        let without = WITHOUT_CAUSE.iter().find(|(name, _)| *name == network.name);
        let without = without.map_or(&[][..], |w| w.1);
        let mut faults = Vec::new();
        for link in &network.links {
            let mut cut = all_on.clone();
            cut[link.switch as usize] = 0.0;
            let now = seen(&network, &mut system, &cut);
            let moved: BTreeSet<&str> = (names.iter().zip(now.iter().zip(&usual)))
                .filter(|(_, (now, usual))| now != usual)
                .map(|(name, _)| *name)
                .collect();
            if without.contains(&link.name.as_str()) {
                assert!(
                    moved.is_empty(),
                    "{} {}: {moved:?}",
                    network.name,
                    link.name
                );
                continue;
            }
            faults.extend(off_target(&network, link, &moved));
            found.extend(known.get(link.name.as_str()));
        }
        assert!(faults.is_empty(), "{}: {faults:#?}", network.name);
    }
    assert_eq!(known, found);
}
