//! Models that other programs write, and texts that are wrong or hostile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_network::expr::Values;
use gutskin_network::{Action, Network, sbml};

fn document(inside: &str) -> String {
    format!(
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" level=\"3\" version=\"1\">\n<model id=\"m\">\n{inside}\n</model>\n</sbml>"
    )
}

fn math(inside: &str) -> String {
    format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{inside}</math>")
}

/// A model with one variable `y` of this expression over the state x = 2, the parameter p = 3 and the clock.
fn with_expression(expression: &str) -> String {
    document(&format!(
        "<listOfFunctionDefinitions><functionDefinition id=\"square\">{}</functionDefinition></listOfFunctionDefinitions>
        <listOfParameters>
          <parameter id=\"x\" value=\"2\" constant=\"false\"/>
          <parameter id=\"p\" value=\"3\" constant=\"true\"/>
          <parameter id=\"y\" constant=\"false\"/>
        </listOfParameters>
        <listOfRules>
          <assignmentRule variable=\"y\">{}</assignmentRule>
          <rateRule variable=\"x\">{}</rateRule>
        </listOfRules>",
        math("<lambda><bvar><ci>a</ci></bvar><apply><times/><ci>a</ci><ci>a</ci></apply></lambda>"),
        math(expression),
        math("<ci>y</ci>")
    ))
}

fn rate_at_start(n: &Network) -> Vec<f64> {
    let mut values = Values {
        time: 5.0,
        parameters: n.parameter_values(),
        inputs: n.input_values(),
        ..Values::default()
    };
    let initial: Vec<_> = n.states.iter().map(|s| s.initial).collect();
    values.states = n.pool.evaluate(&initial, &values);
    let rates: Vec<_> = n.states.iter().map(|s| s.rate).collect();
    n.pool.evaluate(&rates, &values)
}

#[test]
fn expressions_mean_what_mathml_says() {
    let apply = |op: &str, rest: &str| format!("<apply><{op}/>{rest}</apply>");
    let x_p = "<ci> x </ci><ci>p</ci>";
    let time = "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\"> t </csymbol>";
    let choose = |condition: &str| {
        format!(
            "<piecewise><piece><cn>1</cn>{condition}</piece><otherwise><cn>0</cn></otherwise></piecewise>"
        )
    };
    let less = apply("lt", x_p);
    let more = apply("gt", x_p);
    let cases: Vec<(String, f64)> = vec![
        ("<cn type=\"integer\"> 7 </cn>".into(), 7.0),
        ("<cn type=\"e-notation\">1.5<sep/>2</cn>".into(), 150.0),
        ("<cn type=\"rational\">1<sep/>8</cn>".into(), 0.125),
        ("<pi/>".into(), std::f64::consts::PI),
        (time.into(), 5.0),
        (apply("plus", ""), 0.0),
        (apply("times", ""), 1.0),
        (apply("plus", &format!("{x_p}<cn>4</cn>")), 9.0),
        (apply("minus", "<ci>x</ci>"), -2.0),
        (apply("minus", x_p), -1.0),
        (apply("divide", x_p), 2.0 / 3.0),
        (apply("power", x_p), 8.0),
        (apply("root", "<ci>x</ci>"), 2f64.sqrt()),
        (apply("root", "<degree><cn>3</cn></degree><cn>27</cn>"), 3.0),
        (apply("log", "<logbase><cn>2</cn></logbase><cn>8</cn>"), 3.0),
        (apply("log", "<cn>1000</cn>"), 3.0),
        (apply("ln", "<exponentiale/>"), 1.0),
        (apply("abs", "<cn>-4</cn>"), 4.0),
        (apply("ceiling", "<cn>1.2</cn>"), 2.0),
        (apply("min", x_p), 2.0),
        (apply("max", x_p), 3.0),
        ("<apply><ci>square</ci><ci>p</ci></apply>".into(), 9.0),
        (choose(&less), 1.0),
        (choose(&more), 0.0),
        (choose(&apply("and", &format!("{less}{more}"))), 0.0),
        (choose(&apply("or", &format!("{less}{more}"))), 1.0),
        (choose(&apply("not", &more)), 1.0),
        (choose(&apply("neq", x_p)), 1.0),
        (choose(&apply("leq", "<cn>1</cn><ci>x</ci><ci>p</ci>")), 1.0),
        (choose("<true/>"), 1.0),
    ];
    for (expression, expected) in cases {
        let network = sbml::read(&with_expression(&expression))
            .unwrap_or_else(|e| panic!("{e} in {expression}"))
            .network;
        let value = rate_at_start(&network)[0];
        assert!(
            (value - expected).abs() < 1e-12,
            "{expression} is {value}, expected {expected}"
        );
    }
}

#[test]
fn reactions_in_a_compartment() {
    let law = math(
        "<apply><divide/><apply><times/><ci>vmax</ci><ci>s</ci></apply><apply><plus/><ci>k</ci><ci>s</ci></apply></apply>",
    );
    let text = document(&format!(
        "<listOfCompartments><compartment id=\"gut\" size=\"2\" constant=\"true\"/></listOfCompartments>
        <listOfSpecies>
          <species id=\"s\" compartment=\"gut\" initialAmount=\"6\" hasOnlySubstanceUnits=\"false\" boundaryCondition=\"false\" constant=\"false\"/>
          <species id=\"w\" compartment=\"gut\" initialConcentration=\"1\" hasOnlySubstanceUnits=\"true\" boundaryCondition=\"false\" constant=\"false\"/>
          <species id=\"b\" compartment=\"gut\" initialConcentration=\"1\" hasOnlySubstanceUnits=\"false\" boundaryCondition=\"true\" constant=\"true\"/>
        </listOfSpecies>
        <listOfParameters><parameter id=\"k\" value=\"100\" constant=\"true\"/></listOfParameters>
        <listOfReactions><reaction id=\"r\" reversible=\"false\">
          <listOfReactants><speciesReference species=\"s\" stoichiometry=\"2\" constant=\"true\"/></listOfReactants>
          <listOfProducts><speciesReference species=\"w\" stoichiometry=\"1\" constant=\"true\"/></listOfProducts>
          <kineticLaw>{law}<listOfLocalParameters><localParameter id=\"vmax\" value=\"4\"/><localParameter id=\"k\" value=\"1\"/></listOfLocalParameters></kineticLaw>
        </reaction></listOfReactions>"
    ));
    let n = sbml::read(&text).unwrap().network;
    let initial: Vec<f64> = {
        let values = Values {
            parameters: n.parameter_values(),
            ..Values::default()
        };
        let roots: Vec<_> = n.states.iter().map(|s| s.initial).collect();
        n.pool.evaluate(&roots, &values)
    };
    assert_eq!(initial, [3.0, 2.0], "concentration of s, amount of w");
    // The law runs at 4·3/(1 + 3) = 3 per time: s loses 2·3/2 of concentration, w gains 3 of amount.
    assert_eq!(rate_at_start(&n), [-3.0, 3.0]);
    assert_eq!(n.variables[0].name, "r");
    assert!(n.parameter("r.vmax").is_some() && n.parameter("r.k").is_some());
}

#[test]
fn initial_assignments_end_in_parameters() {
    let text = document(&format!(
        "<listOfParameters>
          <parameter id=\"a\" constant=\"false\"/><parameter id=\"b\" constant=\"false\"/>
          <parameter id=\"p\" value=\"3\" constant=\"true\"/>
        </listOfParameters>
        <listOfInitialAssignments>
          <initialAssignment symbol=\"a\">{}</initialAssignment>
          <initialAssignment symbol=\"b\">{}</initialAssignment>
        </listOfInitialAssignments>
        <listOfRules><rateRule variable=\"a\">{one}</rateRule><rateRule variable=\"b\">{one}</rateRule></listOfRules>",
        math("<apply><times/><cn>2</cn><ci>b</ci></apply>"),
        math("<apply><plus/><ci>p</ci><cn>1</cn></apply>"),
        one = math("<cn>1</cn>")
    ));
    let n = sbml::read(&text).unwrap().network;
    assert_eq!(n.text(n.states[0].initial), "2*(p + 1)");
    let looped = text.replace("<ci>p</ci>", "<ci>a</ci>");
    let error = sbml::read(&looped).unwrap_err().to_string();
    assert!(error.contains("form a loop"), "{error}");
}

fn with_event(event: &str) -> String {
    document(&format!(
        "<listOfParameters><parameter id=\"u\" value=\"1\" constant=\"false\"/><parameter id=\"p\" value=\"1\" constant=\"true\"/></listOfParameters>
        <listOfEvents>{event}</listOfEvents>"
    ))
}

fn event(attributes: &str, trigger: &str, more: &str, variable: &str, value: &str) -> String {
    format!(
        "<event id=\"e\" useValuesFromTriggerTime=\"true\"><trigger persistent=\"true\" {attributes}>{}</trigger>{more}
        <listOfEventAssignments><eventAssignment variable=\"{variable}\">{}</eventAssignment></listOfEventAssignments></event>",
        math(trigger),
        math(value)
    )
}

fn at(time: &str) -> String {
    format!(
        "<apply><geq/><csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\">t</csymbol>{time}</apply>"
    )
}

#[test]
fn events_become_changes() {
    let no = "initialValue=\"false\"";
    let read = |e: String| sbml::read(&with_event(&e)).unwrap().schedule;
    let add = "<apply><plus/><ci>u</ci><cn>2</cn></apply>";
    let s = read(event(no, &at("<cn>3</cn>"), "", "u", add));
    assert_eq!(s.changes()[0].action, Action::Add(2.0));
    assert_eq!(s.changes()[0].time, 3.0);
    let halve = "<apply><times/><cn>0.5</cn><ci>u</ci></apply>";
    let s = read(event(no, &at("<cn>0</cn>"), "", "u", halve));
    assert_eq!(s.changes()[0].action, Action::Multiply(0.5));
    // True before the start: it never fires.
    let s = read(event(
        "initialValue=\"true\"",
        &at("<cn>0</cn>"),
        "",
        "u",
        halve,
    ));
    assert!(s.changes().is_empty());
}

/// Texts and what the message must say.
fn wrong() -> Vec<(String, &'static str)> {
    let parameter = |a: &str| document(&format!("<listOfParameters>{a}</listOfParameters>"));
    let constant = "constant=\"true\"";
    let rule = |id: &str, of: &str| {
        format!(
            "<assignmentRule variable=\"{id}\">{}</assignmentRule>",
            math(&format!("<apply><sin/><ci>{of}</ci></apply>"))
        )
    };
    let loose = |names: &[&str], rules: &str| {
        let list: String = names
            .iter()
            .map(|n| format!("<parameter id=\"{n}\" constant=\"false\"/>"))
            .collect();
        document(&format!(
            "<listOfParameters>{list}</listOfParameters><listOfRules>{rules}</listOfRules>"
        ))
    };
    let deep = format!(
        "{}<cn>1</cn>{}",
        "<apply><sin/>".repeat(100_000),
        "</apply>".repeat(100_000)
    );
    let no = "initialValue=\"false\"";
    let one = "<cn>1</cn>";
    vec![
        ("".into(), "not readable as XML"),
        ("<sbml".into(), "not readable as XML"),
        ("<html/>".into(), "outermost element"),
        (
            "<sbml xmlns=\"http://www.sbml.org/sbml/level2/version4\" level=\"2\"><model/></sbml>"
                .into(),
            "level 2",
        ),
        (
            document("").replace(
                " level=",
                " xmlns:comp=\"urn:x\" comp:required=\"true\" level=",
            ),
            "the package urn:x",
        ),
        (
            "<!DOCTYPE s [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><sbml>&b;</sbml>".into(),
            "DTD",
        ),
        (
            parameter(
                "<parameter id=\"a\" value=\"1\" constant=\"true\"/><parameter id=\"a\" value=\"1\" constant=\"true\"/>",
            ),
            "stands twice",
        ),
        (
            parameter(&format!("<parameter value=\"1\" {constant}/>")),
            "\"id\" is missing",
        ),
        (
            parameter(&format!("<parameter id=\"a\" {constant}/>")),
            "no value at the start",
        ),
        (
            parameter(&format!("<parameter id=\"a\" value=\"INF\" {constant}/>")),
            "finite",
        ),
        (
            parameter(&format!("<parameter id=\"a\" value=\"1,5\" {constant}/>")),
            "a number is needed",
        ),
        (
            parameter("<parameter id=\"a\" value=\"1\" constant=\"maybe\"/>"),
            "true or false",
        ),
        (
            parameter(&format!(
                "<parameter id=\"a\" value=\"1\" units=\"parsec\" {constant}/>"
            )),
            "\"parsec\" is not defined",
        ),
        (
            loose(
                &["a", "b", "c"],
                &(rule("a", "b") + &rule("b", "c") + &rule("c", "a")),
            ),
            "a → b → c → a",
        ),
        (loose(&["a"], &rule("a", "a")), "a → a"),
        (
            loose(&["a", "bad"], &(rule("a", "bed") + &rule("bad", "a"))),
            "\"bed\" is not defined",
        ),
        (
            loose(&["a", "b"], &(rule("a", "b") + &rule("a", "b"))),
            "two rules set \"a\"",
        ),
        (
            loose(&["alpha"], &rule("alpa", "alpha")),
            "did you mean \"alpha\"?",
        ),
        (loose(&[], "<algebraicRule/>"), "algebraic rules"),
        (
            with_expression("<cn>1</cn><cn>2</cn>"),
            "a second stands here",
        ),
        (with_expression(""), "is empty"),
        (with_expression("<apply/>"), "is empty"),
        (with_expression("<infinity/>"), "finite"),
        (with_expression("<cn>NaN</cn>"), "finite"),
        (
            with_expression("<cn type=\"rational\">1<sep/>0</cn>"),
            "divides by zero",
        ),
        (
            with_expression("<cn type=\"complex\">1<sep/>0</cn>"),
            "not supported: <cn type=\"complex\">",
        ),
        (
            with_expression("<cn type=\"integer\" base=\"16\">ff</cn>"),
            "base other than 10",
        ),
        (
            with_expression("<apply><arcsec/><ci>x</ci></apply>"),
            "not supported: <arcsec>",
        ),
        (
            with_expression("<apply><divide/><ci>x</ci></apply>"),
            "<divide> with 1 operand",
        ),
        (with_expression("<ci>square</ci>"), "names a function"),
        (
            with_expression("<apply><ci>sqare</ci><ci>x</ci></apply>"),
            "did you mean \"square\"?",
        ),
        (
            with_expression("<apply><ci>square</ci></apply>"),
            "takes 1 argument(s), not 0",
        ),
        (
            with_expression(
                "<csymbol definitionURL=\"http://www.sbml.org/sbml/symbols/delay\">d</csymbol>",
            ),
            "not supported: csymbol",
        ),
        (
            with_expression("<piecewise><piece><cn>1</cn><true/></piece></piecewise>"),
            "without <otherwise>",
        ),
        (with_expression(&deep), "nested more than"),
        (
            with_event(&event(
                no,
                "<apply><gt/><ci>u</ci><cn>1</cn></apply>",
                "",
                "u",
                one,
            )),
            "a trigger other than time",
        ),
        (
            with_event(&event(no, &at(one), "<delay/>", "u", one)),
            "a delay",
        ),
        (
            with_event(&event(no, &at(one), "", "p", one)),
            "an event cannot change it",
        ),
        (
            with_event(&event(no, &at(one), "", "q", one)),
            "\"q\" is not declared",
        ),
        (
            with_event(&event(
                no,
                &at(one),
                "",
                "u",
                "<apply><sin/><ci>u</ci></apply>",
            )),
            "an assignment other than",
        ),
        (
            document("<listOfConstraints><constraint/></listOfConstraints>"),
            "constraints",
        ),
        (
            document("<listOfReactions><reaction id=\"r\" fast=\"true\"/></listOfReactions>"),
            "fast reactions",
        ),
        (
            document("<listOfReactions><reaction id=\"r\"/></listOfReactions>"),
            "without kinetic law",
        ),
    ]
}

#[test]
fn wrong_texts_say_where_and_what() {
    for (text, expected) in wrong() {
        let shown: String = text.chars().take(400).collect();
        let error = match sbml::read(&text) {
            Ok(_) => panic!("read without a word: {shown}"),
            Err(e) => e,
        };
        let message = error.to_string();
        assert!(
            message.contains(expected),
            "{message}\nexpected: {expected}\nin {shown}"
        );
        assert!(error.line >= 1);
    }
}

#[test]
fn messages_name_line_and_element() {
    let text = with_expression("<apply><sin/><ci>nobody</ci></apply>");
    let error = sbml::read(&text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 10, <ci> in assignmentRule \"y\": \"nobody\" is not defined anywhere in the model"
    );
}

#[test]
fn functions_that_unfold_without_end_are_refused() {
    let mut list = format!(
        "<functionDefinition id=\"f0\">{}</functionDefinition>",
        math("<lambda><bvar><ci>a</ci></bvar><apply><sin/><ci>a</ci></apply></lambda>")
    );
    for i in 1..64 {
        let call = |x: &str| format!("<apply><ci>f{}</ci>{x}</apply>", i - 1);
        list.push_str(&format!(
            "<functionDefinition id=\"f{i}\">{}</functionDefinition>",
            math(&format!(
                "<lambda><bvar><ci>a</ci></bvar>{}</lambda>",
                call(&call("<ci>a</ci>"))
            ))
        ));
    }
    let text = document(&format!(
        "<listOfFunctionDefinitions>{list}</listOfFunctionDefinitions>"
    ));
    let error = sbml::read(&text).unwrap_err().to_string();
    assert!(error.contains("too large"), "{error}");
    let circle = document(&format!(
        "<listOfFunctionDefinitions><functionDefinition id=\"f\">{}</functionDefinition></listOfFunctionDefinitions>",
        math("<lambda><bvar><ci>a</ci></bvar><apply><ci>f</ci><ci>a</ci></apply></lambda>")
    ));
    let error = sbml::read(&circle).unwrap_err().to_string();
    assert!(error.contains("f → f"), "{error}");
}
