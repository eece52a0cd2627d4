//! Life stages and what of the catalogue acts in the colon, in scenarios.
#![allow(clippy::unwrap_used)]

use gutskin_study::scenario::{self, Scenario};
use gutskin_study::simulate::{Request, simulate};

fn text(model: &str, stage: &str, changes: &str) -> String {
    format!(
        "[scenario]\nname = \"x\"\nmodel = \"{model}\"\ncondition = \"ad\"\n{stage}\nduration = \"12 wk\"\nvisits = \"4 wk\"\n\
         [population]\nsize = 4\n[[arm]]\nname = \"usual\"\n[[arm]]\nname = \"given\"\n{changes}\n\
         [endpoint]\nobservable = \"colon.scfa_absorbed\"\nmeasure = \"percent_change\"\n"
    )
}

fn read(model: &str, stage: &str, changes: &str) -> Result<Scenario, String> {
    let table = gutskin_biology::parameter_table().unwrap();
    let stage = if stage.is_empty() {
        String::new()
    } else {
        format!("life_stage = \"{stage}\"")
    };
    scenario::read("x.toml", &text(model, &stage, changes), &table).map_err(|e| e.to_string())
}

/// Values of the central person at the last day of an arm.
fn last(scenario: &Scenario, arm: &str, name: &str) -> f64 {
    let request = Request {
        names: vec![name.to_owned()],
        people: 0,
        every: 1.0,
    };
    let all = simulate(scenario, &request, &mut |_| {}).unwrap();
    let found = all.iter().find(|s| s.arm == arm).unwrap();
    *found.mean.last().unwrap()
}

#[test]
fn breast_milk_feeds_bifidobacteria_and_formula_does_not() {
    let change = "[[arm.change]]\ndiet = \"infant_formula\"";
    let fed = read("colon", "infant_breastfed", change).unwrap();
    let (milk, formula) = (
        last(&fed, "usual", "colon.share.BIF"),
        last(&fed, "given", "colon.share.BIF"),
    );
    assert!(milk > 0.4 && formula < 0.2, "{milk} {formula}");
    let acid = last(&fed, "given", "colon.ph.dist") - last(&fed, "usual", "colon.ph.dist");
    assert!(acid > 0.5, "{acid}");
}

#[test]
fn a_newborn_grows_and_starts_from_traces() {
    let born = read("colon", "birth_breastfed", "").unwrap();
    assert!(born.from_birth);
    let request = Request {
        names: vec!["person.weight_now".to_owned(), "colon.microbes".to_owned()],
        people: 0,
        every: 28.0,
    };
    let found = simulate(&born, &request, &mut |_| {}).unwrap();
    let of = |name: &str| found.iter().find(|s| s.name == name).unwrap();
    let (weight, microbes) = (of("person.weight_now"), of("colon.microbes"));
    assert!(
        weight.mean[0] < 3.5 && weight.mean[3] > 5.0,
        "{:?}",
        weight.mean
    );
    assert!(
        microbes.mean[0] < 1e-3 && microbes.mean[3] > 0.3,
        "{:?}",
        microbes.mean
    );
}

#[test]
fn a_child_is_compared_with_children() {
    let child = read("axis_ad_lean", "child", "").unwrap();
    for (name, rest) in [
        ("colon.surface_butyrate", 1.0),
        ("colon.lps_activity", 1.0),
        ("colon.mucus_foraging", 1.0),
        ("immune.scfa_signal", 0.0),
    ] {
        let found = last(&child, "usual", name);
        assert!((found - rest).abs() < 0.05, "{name}: {found}");
    }
}

#[test]
fn stages_without_a_place_are_refused_with_the_mend() {
    let unknown = read("colon", "infant", "").unwrap_err();
    assert!(unknown.contains("infant_breastfed"), "{unknown}");
    let skin = read("ad", "child", "").unwrap_err();
    assert!(skin.contains("has no colon"), "{skin}");
    let axis = read("axis_ad", "birth_formula", "").unwrap_err();
    assert!(axis.contains("only the colon"), "{axis}");
}

#[test]
fn stool_that_is_given_brings_strains_back() {
    let course = "[[arm.change]]\ndrug = \"ciprofloxacin\"\nstop = \"7 d\"\n";
    for stool in ["stool_own", "stool_donor"] {
        let given = format!("{course}[[arm.change]]\nexposure = \"{stool}\"\nstart = \"12 d\"\n");
        let with = last(
            &read("colon", "", &given).unwrap(),
            "given",
            "colon.strains",
        );
        let without = last(
            &read("colon", "", course).unwrap(),
            "given",
            "colon.strains",
        );
        assert!(with > without + 1.0, "{stool}: {with} {without}");
    }
}

#[test]
fn a_synbiotic_is_its_strain_and_its_prebiotic() {
    let product = "[[arm.change]]\nsynbiotic = \"lgg_inulin\"";
    let parts = "[[arm.change]]\nstrain = \"lgg\"\namount = \"1e10 CFU/d\"\n[[arm.change]]\nprebiotic = \"inulin\"\namount = \"8 g/d\"";
    let [product, parts] = [product, parts].map(|c| read("colon", "", c).unwrap());
    for name in ["colon.scfa_absorbed", "strains.lgg_load"] {
        let (a, b) = (last(&product, "given", name), last(&parts, "given", name));
        assert!((a / b - 1.0).abs() < 1e-6, "{name}: {a} {b}");
    }
    let unknown = read("colon", "", "[[arm.change]]\nsynbiotic = \"lgg_inuline\"").unwrap_err();
    assert!(unknown.contains("no synbiotic is named"), "{unknown}");
}

#[test]
fn metformin_feeds_enterobacteria_and_idle_drugs_are_refused() {
    let given = read("colon", "", "[[arm.change]]\ndrug = \"metformin\"").unwrap();
    let rise = last(&given, "given", "colon.share.ENT") / last(&given, "usual", "colon.share.ENT");
    assert!(rise > 1.05, "{rise}");
    let idle = read(
        "colon",
        "",
        "[[arm.change]]\ndrug = \"antihistamine_cetirizine\"",
    )
    .unwrap_err();
    assert!(idle.contains("does nothing in the gut"), "{idle}");
}

#[test]
fn fatty_acids_can_be_given_to_either_colon() {
    for model in ["colon", "colon_lean"] {
        let given = read(
            model,
            "",
            "[[arm.change]]\nexposure = \"postbiotic_butyrate\"",
        )
        .unwrap();
        let name = "colon.butyrate_absorbed";
        let more = last(&given, "given", name) - last(&given, "usual", name);
        assert!((20.0..60.0).contains(&more), "{model}: {more}");
    }
}

#[test]
fn a_diet_on_the_colon_alone_says_what_is_left_out() {
    let change = "[[arm.change]]\ndiet = \"western\"\nstop = \"4 wk\"\n[[arm.change]]\ndiet = \"western\"\nstart = \"6 wk\"";
    let found = read("colon", "", change).unwrap();
    let told: Vec<&String> = found
        .warnings
        .iter()
        .filter(|w| w.contains("saturated_fat"))
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        last(&found, "given", "colon.scfa_absorbed") < last(&found, "usual", "colon.scfa_absorbed")
    );
    let skin = read("ad", "", "[[arm.change]]\ndiet = \"western\"").unwrap_err();
    assert!(skin.contains("does not have"), "{skin}");
}

#[test]
fn c_difficile_grows_after_clindamycin_and_not_in_an_intact_community() {
    let spores = "[[arm.change]]\nexposure = \"difficile_spores\"\nstart = \"9 d\"\n";
    let course = "[[arm.change]]\ndrug = \"clindamycin_oral\"\nstop = \"7 d\"\n";
    let load = |changes: &str, day: usize| {
        let request = Request {
            names: vec!["colon.difficile_load".to_owned()],
            people: 0,
            every: 1.0,
        };
        let all = simulate(&read("colon", "", changes).unwrap(), &request, &mut |_| {}).unwrap();
        all.iter().find(|s| s.arm == "given").unwrap().mean[day]
    };
    let after = format!("{course}{spores}");
    // Carriers of the bile trait are back from day 14 on.
    assert!(load(&after, 15) > 10.0 * load(&after, 10));
    assert!(load(spores, 17) < 0.1 * load(spores, 10));
}

#[test]
fn a_law_of_uptake_is_named_and_leaves_the_reference_person_alone() {
    let table = gutskin_biology::parameter_table().unwrap();
    let with = |law: &str| {
        let law = format!("uptake = \"{law}\"");
        let more = "[[arm.change]]\nprebiotic = \"resistant_starch_2\"";
        scenario::read("x.toml", &text("colon", &law, more), &table).map_err(|e| e.to_string())
    };
    let (floor, recruited) = (with("floor").unwrap(), with("recruited").unwrap());
    let level = |s: &Scenario, arm: &str| last(s, arm, "colon.scfa_total.dist");
    assert!((level(&floor, "usual") - level(&recruited, "usual")).abs() < 0.1);
    assert!(level(&floor, "given") > level(&recruited, "given") + 1.0);
    assert!(
        with("floors")
            .unwrap_err()
            .contains("no law of uptake is named \"floors\"")
    );
}

#[test]
fn a_table_of_ones_own_brings_a_strain_a_fibre_and_a_guild() {
    use gutskin_biology::catalogue::Tables;
    use gutskin_network::overrides::Override;
    let with = |name: &str, row: &str| Override {
        name: format!("catalogue.{name}"),
        value: format!("mine/{name}.csv\n{}{row}\n", Tables::text_of(name).unwrap()),
        origin: format!("--own-table mine/{name}.csv"),
        span: None,
    };
    let changes = [
        with(
            "strains",
            "own,Own,Bifidobacterium longum,BIF,,1e9,CFU/d,,,,0.1,0.5,,,,,0,,,,me,assumed,,,",
        ),
        with(
            "pools",
            "bran,bran,no,33.304,133.215,0,mmol/g,4,g/L,0.5,0.235,g/g,0.15,cellulosic,0.5,6,mL/g,no,fibre,me,assumed,,",
        ),
        with(
            "prebiotics",
            "my_bran,My bran,input.diet.bran,10,8,g/d,,,me,assumed,",
        ),
        with(
            "guilds",
            "OWN,own guild,none,yes,0.3,gDW/L,0.6,5,5.6,7.6,8.35,0.15,1e-7,gDW/d,no,,mM,0,0,0,no,0,no,butyrate_clostridia,OWN,1,0.1,0.3,me,assumed,,no,,,,",
        ),
        with(
            "kinetics",
            "OWN,bran,14,1/d,0.2,,,,,,,hexose_RUM,me,assumed,,\nOWN,cellulosic,6,1/d,0.2,,,,,,,hexose_RUM,me,assumed,,",
        ),
    ];
    let arm = "[[arm.change]]\nstrain = \"own\"\n[[arm.change]]\nprebiotic = \"my_bran\"";
    let table = gutskin_biology::parameter_table().unwrap();
    let found = scenario::read_with("x.toml", &text("colon", "", arm), &table, &changes).unwrap();
    let load = last(&found, "given", "strains.own_load");
    let (before, after) = (
        last(&found, "usual", "colon.share.OWN"),
        last(&found, "given", "colon.share.OWN"),
    );
    assert!(load > 1e5, "{load}");
    assert!(after > before, "{before} {after}");
    let bad = with(
        "kinetics",
        "OWNN,bran,14,1/d,0.2,,,,,,,hexose_RUM,me,assumed,,",
    );
    let error = scenario::read_with("x.toml", &text("colon", "", ""), &table, &[bad]).unwrap_err();
    assert!(
        error.to_string().contains("mine/kinetics.csv:98:"),
        "{error}"
    );
}

/// B. longum AH1206 keeps a niche of its own in 30 % of people (its row of the table).
#[test]
fn a_strain_stays_in_people_who_have_a_niche_for_it() {
    let change = "[[arm.change]]\nstrain = \"ah1206\"\nstop = \"2 wk\"";
    let found = read("colon_lean", "", change).unwrap();
    let request = Request {
        names: vec!["strains.ah1206_load".to_owned()],
        people: 40,
        every: 84.0,
    };
    let all = simulate(&found, &request, &mut |_| {}).unwrap();
    let given = all.iter().find(|s| s.arm == "given").unwrap();
    let (low, high) = (given.low.last().unwrap(), given.high.last().unwrap());
    assert!(*low < 1e3 && *high > 1e5, "{low} {high}");
    let central = last(&found, "given", "strains.ah1206_load");
    assert!(central < 1e3, "{central}");
    let set = "[parameters]\n\"strains.permissive.ah1206\" = 1";
    let stays = read("colon_lean", "", &format!("{change}\n{set}")).unwrap();
    let load = last(&stays, "given", "strains.ah1206_load");
    assert!(load > 1e5, "{load}");
}

#[test]
fn a_guild_of_ones_own_that_is_one_with_others_in_the_lean_colon_is_told() {
    use gutskin_biology::catalogue::Tables;
    use gutskin_network::overrides::Override;
    let table = gutskin_biology::parameter_table().unwrap();
    let warnings = |model: &str, lean: &str| {
        let shipped = Tables::text_of("guilds").unwrap();
        let guild = format!(
            "OWN,own guild,none,yes,0.3,gDW/L,0.6,5,5.6,7.6,8.35,0.15,1e-7,gDW/d,no,,mM,0,0,0,no,0,no,butyrate_clostridia,{lean},1,0.1,0.3,me,assumed,,no,,,,"
        );
        let change = Override {
            name: "catalogue.guilds".to_owned(),
            value: format!("mine/guilds.csv\n{shipped}{guild}\n"),
            origin: "--own-table mine/guilds.csv".to_owned(),
            span: None,
        };
        let found = scenario::read_with("x.toml", &text(model, "", ""), &table, &[change]).unwrap();
        found.warnings.join("\n")
    };
    let told = warnings("colon_lean", "BUT");
    assert!(told.contains("\"OWN\" is one with ROS, ANA"), "{told}");
    for (model, lean) in [("colon_lean", "OWN"), ("colon", "BUT")] {
        let told = warnings(model, lean);
        assert!(!told.contains("is one with"), "{model} {lean}: {told}");
    }
}

#[test]
fn yeasts_are_there_where_a_scenario_wants_them() {
    let table = gutskin_biology::parameter_table().unwrap();
    let with = |guilds: &str| {
        let text = text(
            "colon_lean",
            guilds,
            "[[arm.change]]\ndrug = \"amoxicillin\"\nstop = \"4 wk\"",
        );
        scenario::read("x.toml", &text, &table).map_err(|e| e.to_string())
    };
    let yeast = with("guilds = [\"YEA\"]").unwrap();
    assert!(last(&yeast, "usual", "colon.share.YEA") >= 0.0);
    let unknown = with("guilds = [\"YEAST\"]").unwrap_err();
    assert!(unknown.contains("no guild is named"), "{unknown}");
}

/// A guild of one's own that changes what the colon makes: beside the shipped reference person the central person is off;
/// beside one that was computed for the same tables not, and the file says whose it is.
#[test]
fn a_changed_model_gets_a_reference_person_of_its_own() {
    use gutskin_biology::catalogue::Tables;
    use gutskin_biology::colon::Layout;
    use gutskin_network::overrides::Override;
    use gutskin_study::{REFERENCE_PERSON, checks::changed_reference};
    let with = |name: &str, row: &str| Override {
        name: format!("catalogue.{name}"),
        value: format!("mine/{name}.csv\n{}{row}\n", Tables::text_of(name).unwrap()),
        origin: format!("--own-table mine/{name}.csv"),
        span: None,
    };
    let own = vec![
        with(
            "guilds",
            "OWN,own guild,none,yes,0.5,gDW/L,0.6,5,5.6,7.6,8.35,0.15,1e-7,gDW/d,no,,mM,0,0,0,no,0,no,butyrate_clostridia,OWN,1,0.1,0.3,me,assumed,,no,,,,",
        ),
        with(
            "kinetics",
            "OWN,starch,14,1/d,0.2,,,,,,,hexose_RUM,me,assumed,,\nOWN,other_soluble,9,1/d,0.2,,,,,,,hexose_RUM,me,assumed,,",
        ),
    ];
    let frozen = changed_reference(Layout::Lean, None, &own).unwrap();
    for words in [
        "CHANGED model",
        "mine/guilds.csv",
        "not the one that ships",
        "reference.colon.OWN.dist.lean",
    ] {
        assert!(frozen.contains(words), "{words}");
    }
    let beside = |text: &str| Override {
        name: REFERENCE_PERSON.to_owned(),
        value: format!("mine/reference.toml\n{text}"),
        origin: "--reference-person mine/reference.toml".to_owned(),
        span: None,
    };
    let table = gutskin_biology::parameter_table().unwrap();
    let text = text("axis_ad_lean", "", "");
    let read = |changes: &[Override]| scenario::read_with("x.toml", &text, &table, changes);
    let score =
        |changes: &[Override]| last(&read(changes).unwrap(), "usual", "immune.scfa_z").abs();
    let (off, on) = (
        score(&own),
        score(&[own.clone(), vec![beside(&frozen)]].concat()),
    );
    assert!(off > 0.01 && on < 1e-3, "{off} {on}");
    // The full colon's is of no use to the lean one.
    let full = changed_reference(Layout::Full, None, &own).unwrap();
    let error = read(&[own, vec![beside(&full)]].concat())
        .unwrap_err()
        .to_string();
    assert!(error.contains("--lean those of the lean one"), "{error}");
}

/// Of a life stage both colons, each with the changes that reach it.
#[test]
fn a_changed_child_gets_a_reference_of_its_own() {
    use gutskin_biology::colon::Layout;
    use gutskin_network::overrides::Override;
    use gutskin_study::checks::changed_reference;
    let change = Override::parse("colon.mucin_inflow=7 g/d").unwrap();
    let text = changed_reference(Layout::Full, Some("child"), &[change]).unwrap();
    for words in [
        "life stage child",
        "--set colon.mucin_inflow=7 g/d",
        "\"colon.scfa_level_reference\"",
        "\"colon.scfa_level_reference.lean\"",
    ] {
        assert!(text.contains(words), "{words}");
    }
}
