//! `gutskin model links`, `parameters` and `observables`.

use crate::output::{json, say};
use gutskin_biology::assay::DETECTED;
use gutskin_biology::references::{LinkSource, link_sources};
use gutskin_network::export::parameter_uses;
use gutskin_network::{Network, Parameter, ParameterTable, Rule, Spread, Switch};
use gutskin_people::person::{Readable, readables};
use miette::IntoDiagnostic;

pub fn links(network: &Network, as_json: bool) -> miette::Result<()> {
    let parameter = |g: u32| network.parameters.get(g as usize);
    let gain = |l: &gutskin_network::Link| l.gain.and_then(parameter);
    let also = |l: &gutskin_network::Link| -> Vec<&Parameter> {
        l.also.iter().filter_map(|g| parameter(*g)).collect()
    };
    let switch = |l: &gutskin_network::Link| network.switches.get(l.switch as usize);
    let idle = idle_switches(network);
    let moves = |l: &gutskin_network::Link| switch(l).is_none_or(|s| !idle.contains(&s.name));
    let others: Vec<&Switch> = (0u32..)
        .zip(&network.switches)
        .filter(|(i, _)| network.links.iter().all(|l| l.switch != *i))
        .map(|(_, s)| s)
        .collect();
    let sources = link_sources();
    let source = |l: &gutskin_network::Link| sources.iter().find(|s| s.link == l.name);
    if as_json {
        let rows: Vec<serde_json::Value> = network
            .links
            .iter()
            .map(|l| {
                serde_json::json!({
                    "name": l.name, "from": l.from, "to": l.to, "grade": l.grade.code(), "equation": l.doc,
                    "switch": switch(l).map(|s| &s.name), "on": switch(l).map(|s| s.default), "moves_something": moves(l),
                    "gain": gain(l).map(|p| &p.name), "value": gain(l).map(|p| p.value),
                    "prior": gain(l).map(|p| p.spread.to_string()),
                    "mark": gain(l).map(|p| p.mark.word()), "note": gain(l).map(|p| &p.doc),
                    "parameter_file": gain(l).map(|p| &p.source),
                    "also": also(l).iter().map(|p| serde_json::json!({
                        "gain": p.name, "value": p.value, "prior": p.spread.to_string(), "mark": p.mark.word(), "note": p.doc,
                    })).collect::<Vec<_>>(),
                    "source": source(l).map(source_told), "papers": source(l).map(|s| &s.references),
                    "source_says": source(l).map(|s| &s.says),
                })
            })
            .collect();
        let others: Vec<serde_json::Value> = others
            .iter()
            .map(|s| serde_json::json!({ "name": s.name, "on": s.default, "meaning": s.doc }))
            .collect();
        say!(
            "{}",
            json(&serde_json::json!({ "links": rows, "switches": others }))?
        );
        return Ok(());
    }
    for l in &network.links {
        say!("{}  {} -> {}  [{}]", l.name, l.from, l.to, l.grade.code());
        say!("    {}", l.doc);
        for p in gain(l).into_iter().chain(also(l)) {
            say!(
                "    gain {} = {}, {}, {}; {}",
                p.name,
                p.value,
                p.spread,
                p.mark,
                p.doc
            );
        }
        if let Some(s) = source(l) {
            for r in &s.references {
                say!("    source {}: {}. {}", r.key, r.citation, r.identifier);
            }
            let told = if s.references.is_empty() {
                "source "
            } else {
                "they say: "
            };
            say!("    {told}{}", s.says);
        }
        if let Some(s) = switch(l) {
            let cause = if moves(l) {
                ""
            } else {
                "; moves nothing in this model, which has no cause for it"
            };
            say!("    switch {} ({}){cause}", s.name, on_or_off(s));
        }
    }
    if !others.is_empty() {
        say!("\nswitches that are no link of their own:");
    }
    for s in &others {
        say!("{} ({})\n    {}", s.name, on_or_off(s), s.doc);
    }
    say!(
        "\n{} links of the model {}; --model names another (body, axis_ad, axis_pso …)",
        network.links.len(),
        network.name
    );
    say!("grades: HT human trial, HO human observation, AN animal, IV in vitro, AS assumption");
    Ok(())
}

fn on_or_off(switch: &Switch) -> &'static str {
    if switch.default { "on" } else { "off" }
}

/// Switches that no rate and no observable hears, as the check of a model finds them.
fn idle_switches(network: &Network) -> Vec<String> {
    let found = gutskin_network::check::check(network).findings;
    let unused = found.into_iter().filter(|f| f.rule == Rule::Unused);
    unused
        .filter_map(|f| f.place.strip_prefix("switch ").map(str::to_owned))
        .collect()
}

/// Keys of papers, or that there is none.
fn source_told(source: &LinkSource) -> String {
    let keys: Vec<&str> = source.references.iter().map(|r| r.key.as_str()).collect();
    if keys.is_empty() {
        return source.says.clone();
    }
    keys.join("; ")
}

pub fn parameters(network: &Network, as_json: bool) -> miette::Result<()> {
    let unit =
        |p: &gutskin_network::Parameter| p.unit.as_ref().map_or(String::new(), ToString::to_string);
    let uses = parameter_uses(network);
    if as_json {
        let rows: Vec<serde_json::Value> = network
            .parameters
            .iter()
            .zip(&uses)
            .map(|(p, used)| {
                serde_json::json!({
                    "name": p.name, "value": p.value, "unit": unit(p), "spread": p.spread.to_string(),
                    "source": p.source, "mark": p.mark.word(), "note": p.doc, "used_in": used,
                })
            })
            .collect();
        say!("{}", json(&serde_json::json!({ "parameters": rows }))?);
        return Ok(());
    }
    for (p, used) in network.parameters.iter().zip(&uses) {
        say!(
            "{} = {} {}  ({}, {})",
            p.name,
            p.value,
            unit(p),
            p.source,
            p.mark
        );
        say!("    {}; {}", p.spread, p.doc);
        say!("    used in {}", first_of(used));
    }
    Ok(())
}

/// The first few names of where something stands; the JSON has all.
fn first_of(used: &[String]) -> String {
    const SHOWN: usize = 4;
    match used {
        [] => "nothing in this model".to_owned(),
        few if few.len() <= SHOWN => few.join(", "),
        many => format!(
            "{} and {} more",
            many[..SHOWN].join(", "),
            many.len() - SHOWN
        ),
    }
}

/// What can be read of the model, and how each is measured.
pub fn observables(network: &Network, as_json: bool) -> miette::Result<()> {
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let readings = readables(&table).into_diagnostic()?;
    let rows: Vec<Seen<'_>> = (network.observables.iter())
        .map(|o| Seen {
            name: &o.name,
            unit: o.unit.as_ref().map_or(String::new(), ToString::to_string),
            meaning: &o.doc,
            measured: measured(&table, &readings, &o.name),
            unreliable: readings
                .iter()
                .any(|r| r.observable == o.name && !r.inference),
        })
        .collect();
    if as_json {
        say!("{}", json(&serde_json::json!({ "observables": rows }))?);
        return Ok(());
    }
    for o in &rows {
        let warning = if o.unreliable { "  UNRELIABLE" } else { "" };
        say!("{} [{}]{warning}", o.name, o.unit);
        say!("    {}", o.meaning);
        for m in &o.measured {
            say!(
                "    {} {} {} ({}): {}",
                m.kind,
                m.parameter,
                m.size,
                m.mark,
                m.note
            );
        }
    }
    say!(
        "\nA reading is value × laboratory × sample + points; sizes of laboratory and sample are SD of the logarithm; sample and points of one reading share one random number. Trials read people against themselves, so without what lies between laboratories and between people."
    );
    Ok(())
}

/// An observable.
#[derive(serde::Serialize)]
struct Seen<'n> {
    name: &'n str,
    unit: String,
    meaning: &'n str,
    measured: Vec<Noise>,
    unreliable: bool,
}

/// One part of how it is measured.
#[derive(serde::Serialize)]
struct Noise {
    kind: &'static str,
    parameter: String,
    size: f64,
    mark: String,
    note: String,
}

fn measured(table: &ParameterTable, readings: &[Readable], observable: &str) -> Vec<Noise> {
    let noise = |kind: &'static str, name: &str| {
        let entry = table.get(name)?;
        Some(Noise {
            kind,
            parameter: name.to_owned(),
            size: match entry.spread {
                Spread::LogNormal { sd_ln } if kind == "laboratory" => sd_ln,
                _ => entry.value,
            },
            mark: entry.mark.word().to_owned(),
            note: entry.note.clone(),
        })
    };
    let reading = readings.iter().find(|r| r.observable == observable);
    let parts = reading
        .into_iter()
        .flat_map(|r| {
            ["laboratory", "sample", "points", "between people"]
                .into_iter()
                .zip(&r.parameters)
        })
        .filter_map(|(kind, name)| noise(kind, name));
    let detected = DETECTED.iter().filter(|d| d.1 == observable);
    let yes_or_no = detected.flat_map(|(assay, _, limit)| {
        [
            noise("laboratory", &format!("assay.{assay}_scale")),
            noise("sample", &format!("assay.{assay}_error")),
            noise("detection limit", limit),
        ]
    });
    parts.chain(yes_or_no.flatten()).collect()
}
