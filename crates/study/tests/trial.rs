//! What is said of trials: chance findings at their rate, designs that do what they say.
#![allow(clippy::unwrap_used)]

use gutskin_biology::parameter_table;
use gutskin_study::scenario;
use gutskin_study::trial::{Operating, Parts, TrialRun, TrialSummary, run, summarise, why};

const ACNE: &str = include_str!("../../../examples/acne-fibre.toml");
const PSORIASIS: &str = include_str!("../../../examples/psoriasis-ixekizumab.toml");

fn summary(text: &str) -> TrialSummary {
    let table = parameter_table().unwrap();
    let scenario = scenario::read("trial.toml", text, &table).unwrap();
    let run: TrialRun = run(&scenario, &mut |_| {}).unwrap();
    summarise(&scenario, &run)
}

fn sized(text: &str, size: usize) -> String {
    text.replace("size = 200", &format!("size = {size}"))
}

fn trials(summary: &TrialSummary) -> &Operating {
    summary.comparisons[0].trials.as_ref().unwrap()
}

#[test]
fn where_nothing_acts_one_trial_in_twenty_finds_something() {
    let text = format!(
        "{}\n[design]\nreplicates = 2000\n[switches]\n\"link.tone_to_acne\" = false",
        sized(ACNE, 30)
    );
    for measure in ["percent_change", "responder"] {
        let text = text.replace(
            "measure = \"percent_change\"",
            &format!("measure = \"{measure}\""),
        );
        let summary = summary(&text);
        let power = trials(&summary).power;
        // Four standard errors; shares are discrete, so that their test may find less.
        assert!(
            power.share < 0.05 + 4.0 * power.monte_carlo_error,
            "{measure}: {power:?}"
        );
        assert!(power.share > 0.02, "{measure}: {power:?}");
        assert!(trials(&summary).coverage > 0.92, "{measure}");
        // The course differs by what the solver's other steps leave, which is no effect.
        let comparison = &summary.comparisons[0];
        assert_eq!(comparison.effect.mean, 0.0, "{measure}");
        assert_eq!(comparison.improved_share, 0.0, "{measure}");
        assert_eq!(comparison.between_people, 0.0, "{measure}");
        let trials = trials(&summary);
        assert_eq!((trials.per_arm_80, trials.exaggeration), (None, None));
    }
}

#[test]
fn a_strong_drug_is_found_by_every_measure() {
    for measure in ["percent_change", "change", "responder", "time_to_response"] {
        let text = sized(PSORIASIS, 20).replace(
            "measure = \"percent_change\"",
            &format!("measure = \"{measure}\"\nresponse = {{ improvement = 75 }}"),
        );
        let summary = summary(&format!("{text}\n[design]\nreplicates = 50"));
        let trials = trials(&summary);
        assert!(trials.power.share > 0.95, "{measure}: {trials:?}");
        assert_eq!(trials.wrong_sign, Some(0.0), "{measure}");
        let reported = summary.comparisons[0].reported.as_ref().unwrap();
        assert!(reported.estimate.unwrap().p < 0.05, "{measure}");
        assert!(reported.number_needed.unwrap().number < 2.5, "{measure}");
        assert!(trials.per_arm_80.unwrap() <= trials.per_arm_90.unwrap());
        assert!(trials.per_arm_90.unwrap() < 20.0, "{measure}: {trials:?}");
    }
}

#[test]
fn the_size_for_a_power_gives_that_power() {
    let weak = "[parameters]\n\"drugs.ixekizumab.il17.ceiling\" = 0.2\n[design]\npool = 500";
    let of = |size: usize| summary(&format!("{}\n{weak}", sized(PSORIASIS, size)));
    let needed = trials(&of(40)).per_arm_80.unwrap() as usize;
    assert!((20..250).contains(&needed), "{needed}");
    let found = trials(&of(needed)).power.share;
    assert!(
        (0.72..0.88).contains(&found),
        "{needed} an arm give {found}"
    );
}

/// Sizes follow the test and not the true effect, from which rescue, drop-out and the scale of an estimate may move.
#[test]
fn sizes_hold_where_estimates_are_not_centred_on_the_truth() {
    let weak = "[parameters]\n\"drugs.ixekizumab.il17.ceiling\" = 0.3\n";
    let designs = [
        ("time_to_response", "[design]\npool = 600"),
        (
            "percent_change",
            "[design]\npool = 600\ndrop_out = { share = 0.5, depends_on = \"score\", ratio = 6 }",
        ),
        (
            "percent_change",
            "[design]\npool = 600\ninterim = { at = 0.5, conditional_power = 0.3 }",
        ),
    ];
    for (measure, design) in designs {
        let of = |size: usize| {
            let text = sized(PSORIASIS, size).replace(
                "measure = \"percent_change\"",
                &format!("measure = \"{measure}\""),
            );
            summary(&format!("{text}\n{weak}{design}"))
        };
        let needed = trials(&of(30)).per_arm_80.unwrap() as usize;
        assert!((8..300).contains(&needed), "{measure}: {needed}");
        let there = of(needed);
        let with_look = trials(&there).interim.as_ref().map(|look| look.power.share);
        let found = with_look.unwrap_or(trials(&there).power.share);
        assert!(
            (0.72..0.88).contains(&found),
            "{measure}: {needed} an arm give {found}"
        );
    }
}

/// A rule that nobody meets is told early, with its place and what people have.
#[test]
fn rules_that_nobody_meets_are_told_with_what_people_have() {
    let text = sized(PSORIASIS, 50).replace("low = 10", "low = 500");
    let table = parameter_table().unwrap();
    let scenario = scenario::read("trial.toml", &text, &table).unwrap();
    let mut most = 0;
    let error = run(&scenario, &mut |done| most = done)
        .unwrap_err()
        .to_string();
    assert!(error.contains("only 0 of"), "{error}");
    assert!(
        error.contains("trial.toml:16:1: score.pasi from 500 to inf"),
        "{error}"
    );
    assert!(error.contains("nine of ten drawn people have"), "{error}");
}

#[test]
fn people_who_leave_cost_power_and_are_counted() {
    let base = format!(
        "{}\n[design]\nreplicates = 200\nmissing = 0.1\n",
        sized(PSORIASIS, 40)
    );
    let stays = summary(&base);
    let leaves = summary(&format!(
        "{base}drop_out = {{ share = 0.4, depends_on = \"reading\", ratio = 3 }}"
    ));
    assert!(trials(&leaves).sd > trials(&stays).sd);
    let left = |arm: usize| leaves.arms[arm].reported.as_ref().unwrap().left;
    assert!(left(0) > 5, "{}", left(0));
    assert!(left(1) < left(0), "those on the drug improve and stay");
    let all = leaves.arms[0].reported.as_ref().unwrap();
    assert!(all.analysed < all.allocated - all.left + 1);
    // Drop-out that depends on the score does not move the truth, which everyone's course makes.
    assert_eq!(leaves.comparisons[0].effect, stays.comparisons[0].effect);
}

#[test]
fn who_takes_half_has_less_of_the_effect() {
    let base = format!("{}\n[design]\nreplicates = 20\n", sized(ACNE, 20));
    let all = summary(&base);
    let half = summary(&format!("{base}adherence = {{ mean = 0.5, sd = 0.2 }}"));
    let ratio = half.comparisons[0].effect.mean / all.comparisons[0].effect.mean;
    assert!((0.35..0.75).contains(&ratio), "{ratio}");
}

#[test]
fn rescue_is_given_and_each_estimand_answers_its_own_question() {
    let of = |estimand: &str| {
        let rescue = format!(
            "rescue = {{ drug = \"guselkumab\", above = 8, from = \"8 wk\", estimand = \"{estimand}\" }}"
        );
        summary(&format!(
            "{}\n[design]\nreplicates = 50\n{rescue}",
            sized(PSORIASIS, 20)
        ))
    };
    let [policy, hypothetical, composite] =
        ["treatment_policy", "hypothetical", "composite"].map(of);
    let plain = summary(&format!(
        "{}\n[design]\nreplicates = 50",
        sized(PSORIASIS, 20)
    ));
    let effect = |s: &TrialSummary| s.comparisons[0].effect.mean;
    assert!(
        policy.arms[0].rescued > 0.3 && policy.arms[1].rescued < 0.2,
        "{:?}",
        [policy.arms[0].rescued, policy.arms[1].rescued]
    );
    // Another drug in the equations moves the steps of the solver, not more.
    assert!((effect(&hypothetical) - effect(&plain)).abs() < 0.05);
    assert!(
        effect(&policy) > effect(&plain) + 5.0,
        "rescue helps the comparator"
    );
    let seen = |s: &TrialSummary| s.arms[0].seen.mean;
    assert!(
        seen(&composite) > seen(&plain) + 2.0,
        "those rescued count as unchanged: {} {}",
        seen(&composite),
        seen(&plain)
    );
    assert!(hypothetical.arms[0].reported.as_ref().unwrap().analysed < 20);
}

#[test]
fn a_look_for_futility_stops_what_does_nothing_and_spares_what_works() {
    let look = "[design]\nreplicates = 400\ninterim = { at = 0.5, conditional_power = 0.2 }";
    let nothing = format!(
        "{}\n{look}\n[switches]\n\"link.tone_to_acne\" = false",
        sized(ACNE, 20)
    );
    let found = summary(&nothing);
    let interim = trials(&found).interim.as_ref().unwrap();
    assert!(interim.stopped.share > 0.6, "{interim:?}");
    assert!(interim.people_share < 0.7);
    let works = summary(&format!("{}\n{look}", sized(PSORIASIS, 20)));
    let interim = trials(&works).interim.as_ref().unwrap();
    assert!(interim.stopped.share < 0.05, "{interim:?}");
}

#[test]
fn what_is_not_known_is_apart_from_how_people_differ() {
    let text = sized(ACNE, 10).replace("size = 10", "size = 10\nparameter_draws = 6");
    let found = summary(&format!("{text}\n[design]\nreplicates = 20"));
    let uncertainty = found.uncertainty.unwrap();
    assert_eq!((uncertainty.draws, uncertainty.arms.len()), (6, 1));
    assert!(uncertainty.parameters > 0);
    let arm = &uncertainty.arms[0];
    assert!(arm.sd > 0.0 && arm.between_people > 0.0, "{arm:?}");
    assert!(arm.range[0] <= arm.mean && arm.mean <= arm.range[1]);
}

#[test]
fn people_are_parted_by_traits_and_tests_are_adjusted() {
    let parts =
        "[[subgroup]]\ntrait = \"score.pasi\"\ncut = 15\n[[subgroup]]\ntrait = \"pso.t17_rate\"\n";
    let found = summary(&format!(
        "{}\n{parts}\n[design]\nreplicates = 20",
        sized(PSORIASIS, 30)
    ));
    let groups = &found.comparisons[0].subgroups;
    assert_eq!(groups.len(), 3);
    assert_eq!(groups[1].cut, 15.0);
    for group in groups {
        assert!(group.p_holm.unwrap() >= group.p.unwrap(), "{group:?}");
        assert!(group.low.people > 0 && group.high.people > 0);
    }
}

#[test]
fn run_in_and_follow_up_move_entry_and_end() {
    let text = format!(
        "{}\n[design]\nreplicates = 20\nrun_in = \"4 wk\"\nfollow_up = \"8 wk\"",
        sized(PSORIASIS, 10)
    );
    let found = summary(&text);
    assert_eq!(*found.visits.last().unwrap(), 140.0);
    assert!(found.endpoint.contains("day 84"), "{}", found.endpoint);
    // The drug is washed out after its end: the score comes back.
    let course = &found.arms[1].course;
    assert!(course[10][0] > course[6][0], "{course:?}");
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let text = format!(
        "{}\n[design]\nreplicates = 30\nmissing = 0.1\ndrop_out = {{ share = 0.2 }}",
        sized(PSORIASIS, 8)
    );
    let json = || serde_json::to_string(&summary(&text)).unwrap();
    assert_eq!(json(), json());
}

#[test]
fn a_chain_of_links_loses_all_with_any_of_them() {
    let table = parameter_table().unwrap();
    let scenario = scenario::read("trial.toml", &sized(ACNE, 4), &table).unwrap();
    let found = run(&scenario, &mut |_| {}).unwrap();
    let mut cuts = 0;
    let all = why(&scenario, &found, Parts::Links, &mut |done, _| cuts = done).unwrap();
    let first = &all[0];
    assert_eq!(cuts, first.links.len() + 1);
    assert!(
        first.whole.mean < -0.1 && first.without_all.abs() < 1e-6,
        "{first:?}"
    );
    // The thin line is one chain: whichever link is cut, nothing is left.
    let tone = first
        .links
        .iter()
        .find(|l| l.link.contains("tone_to_acne") || l.link.contains("tone-to-acne"))
        .unwrap();
    assert!((tone.carried - first.whole.mean).abs() < 1e-6, "{tone:?}");
    let summary = summarise(&scenario, &found);
    let tighter = summary.tighter.unwrap();
    assert_eq!(tighter.people, 5);
    assert!(
        tighter.largest_difference > 0.0 && tighter.largest_difference < 1e-3,
        "{tighter:?}"
    );
}

/// Keeps batches in memory, and breaks a run off after some of them.
#[derive(Default)]
struct Kept {
    batches: Vec<String>,
    loaded: usize,
}

impl gutskin_study::trial::Journal for Kept {
    fn load(&mut self, batch: usize) -> Option<String> {
        let text = self.batches.get(batch).cloned();
        self.loaded += usize::from(text.is_some());
        text
    }

    fn save(&mut self, batch: usize, text: &str) {
        assert_eq!(batch, self.batches.len());
        self.batches.push(text.to_owned());
    }
}

#[test]
fn a_run_that_was_broken_off_goes_on_with_the_same_result() {
    use gutskin_study::trial::run_on;
    let text = include_str!("../../../examples/acne-fibre.toml")
        .replace("size = 200", "size = 60\nparameter_draws = 3");
    let text = format!("{text}\n[design]\npool = 600\nreplicates = 20\n");
    let table = gutskin_biology::parameter_table().unwrap();
    let scenario = gutskin_study::scenario::read("resume.toml", &text, &table).unwrap();
    let mut whole = Kept::default();
    let first = run_on(&scenario, &mut whole, &mut |_| {}).unwrap();
    assert!(whole.batches.len() > 2 && whole.loaded == 0);
    for there in [1, 2, whole.batches.len()] {
        let mut broken = Kept {
            batches: whole.batches[..there].to_vec(),
            loaded: 0,
        };
        let again = run_on(&scenario, &mut broken, &mut |_| {}).unwrap();
        assert_eq!(broken.loaded, there);
        assert_eq!(broken.batches, whole.batches);
        assert_eq!(format!("{again:?}"), format!("{first:?}"));
    }
    // A batch that was cut is simulated again.
    let cut = whole.batches[0][..100].to_owned();
    let mut broken = Kept {
        batches: vec![cut],
        loaded: 0,
    };
    struct Replace<'k>(&'k mut Kept);
    impl gutskin_study::trial::Journal for Replace<'_> {
        fn load(&mut self, batch: usize) -> Option<String> {
            self.0.load(batch)
        }
        fn save(&mut self, batch: usize, text: &str) {
            self.0.batches.truncate(batch);
            self.0.save(batch, text);
        }
    }
    let again = run_on(&scenario, &mut Replace(&mut broken), &mut |_| {}).unwrap();
    assert_eq!(format!("{again:?}"), format!("{first:?}"));
    assert_eq!(broken.batches, whole.batches);
}

/// An arm that is given nothing, visited by the clock and in daily means.
#[test]
fn a_visit_within_a_window_reads_what_was_read_at_entry() {
    for (observable, usual) in [
        ("hpa.cortisol", 187.0),
        ("hpa.cortisol_saliva", 7.0),
        ("hpa.acth", 1.0),
    ] {
        let text = format!(
            r#"
[scenario]
name = "Nothing"
model = "body"
condition = "ad"
duration = "14 d"
visits = "7 d"
[population]
size = 10
[[arm]]
name = "none"
[[arm]]
name = "none either"
[[window]]
start = "13 d"
stop = "14 d"
[endpoint]
observable = "{observable}"
measure = "change"
"#
        );
        let summary = summary(&text);
        for arm in &summary.arms {
            let change = arm.modelled.mean;
            assert!(change.abs() < 0.02 * usual, "{observable}: {change}");
        }
    }
}

/// A drug that reaches microbes has strains that come back over years; nobody is slow for that.
#[test]
fn the_memory_of_a_drug_makes_nobody_slow() {
    let text = r#"
[scenario]
name = "m"
question = "q"
model = "axis_pso_lean"
condition = "pso"
duration = "1 wk"
visits = "1 wk"
seed = 11
[population]
size = 4
[[arm]]
name = "usual"
[[arm]]
name = "drug"
[[arm.change]]
drug = "methotrexate"
[endpoint]
observable = "score.pasi"
measure = "percent_change"
[design]
pool = 40
replicates = 10
"#;
    let scenario = scenario::read("trial.toml", text, &parameter_table().unwrap()).unwrap();
    let run = run(&scenario, &mut |_| {}).unwrap();
    assert!(run.too_slow <= 2, "{} of {}", run.too_slow, run.screened);
}

/// Where the placebo course has another size than usual, cuts have the same one: links that carry nothing carry nothing.
#[test]
fn cuts_have_the_placebo_course_of_the_trial() {
    let text = sized(PSORIASIS, 10).replace("low = 10", "low = 30");
    let scenario = scenario::read("trial.toml", &text, &parameter_table().unwrap()).unwrap();
    let found = run(&scenario, &mut |_| {}).unwrap();
    assert!(
        (found.placebo_sizes[0] - 1.0).abs() > 0.1,
        "{:?}",
        found.placebo_sizes
    );
    for why in why(&scenario, &found, Parts::Links, &mut |_, _| {}).unwrap() {
        for link in &why.links {
            assert!(link.carried.abs() < 1e-3, "{}: {}", link.link, link.carried);
        }
    }
}

/// A person's course of a disease is one, however it is read; and entry by a global assessment is by whole grades.
#[test]
fn one_course_for_all_scores_and_whole_grades_at_entry() {
    let text = sized(PSORIASIS, 10).replace("low = 10", "low = 30").replace(
        "[endpoint]",
        "[[population.include]]\nobservable = \"score.pga\"\nlow = 4\n\n[[secondary]]\nobservable = \"score.pasi\"\nmeasure = \"percent_change\"\n\n[endpoint]",
    );
    let scenario = scenario::read("trial.toml", &text, &parameter_table().unwrap()).unwrap();
    let found = run(&scenario, &mut |_| {}).unwrap();
    assert_eq!(found.placebo_sizes[0], found.placebo_sizes[1]);
    for patient in &found.patients {
        assert_eq!(patient.placebo[0], patient.placebo[1]);
    }
    let pga = scenario
        .population
        .include
        .iter()
        .find(|r| r.grades.is_some());
    let pga = pga.unwrap();
    assert!(pga.holds(3.6) && pga.holds(4.0) && !pga.holds(3.4));
}
