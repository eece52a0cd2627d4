//! `gutskin model links`, `parameters` and `observables`.

use crate::output::{json, say};
use gutskin_biology::assay::DETECTED;
use gutskin_biology::references::{LinkSource, link_sources};
use gutskin_network::{Network, Parameter, ParameterTable, Spread};
use gutskin_people::person::{Readable, readables};
use miette::IntoDiagnostic;

pub fn links(network: &Network, as_json: bool) -> miette::Result<()> {
    let parameter = |g: u32| network.parameters.get(g as usize);
    let gain = |l: &gutskin_network::Link| l.gain.and_then(parameter);
    let also = |l: &gutskin_network::Link| -> Vec<&Parameter> {
        l.also.iter().filter_map(|g| parameter(*g)).collect()
    };
    let switch = |l: &gutskin_network::Link| network.switches.get(l.switch as usize);
    let sources = link_sources();
    let source = |l: &gutskin_network::Link| sources.iter().find(|s| s.link == l.name);
    if as_json {
        let rows: Vec<serde_json::Value> = network
            .links
            .iter()
            .map(|l| {
                serde_json::json!({
                    "name": l.name, "from": l.from, "to": l.to, "grade": l.grade.code(), "equation": l.doc,
                    "switch": switch(l).map(|s| &s.name), "on": switch(l).map(|s| s.default),
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
        say!("{}", json(&serde_json::json!({ "links": rows }))?);
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
            say!(
                "    switch {} ({})",
                s.name,
                if s.default { "on" } else { "off" }
            );
        }
    }
    say!(
        "\n{} links of the model {}; --model names another (body, axis_ad, axis_pso …)",
        network.links.len(),
        network.name
    );
    say!("grades: HT human trial, HO human observation, AN animal, IV in vitro, AS assumption");
    Ok(())
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
    if as_json {
        let rows: Vec<serde_json::Value> = network
            .parameters
            .iter()
            .map(|p| {
                serde_json::json!({
                    "name": p.name, "value": p.value, "unit": unit(p), "spread": p.spread.to_string(),
                    "source": p.source, "mark": p.mark.word(), "note": p.doc,
                })
            })
            .collect();
        say!("{}", json(&serde_json::json!({ "parameters": rows }))?);
        return Ok(());
    }
    for p in &network.parameters {
        say!(
            "{} = {} {}  ({}, {})",
            p.name,
            p.value,
            unit(p),
            p.source,
            p.mark
        );
        say!("    {}; {}", p.spread, p.doc);
    }
    Ok(())
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
        "\nA reading is value × laboratory × sample + points; sizes of laboratory and sample are SD of the logarithm."
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
            ["laboratory", "sample", "points"]
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
