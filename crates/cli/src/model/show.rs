//! `gutskin model links` and `parameters`.

use crate::output::{json, say};
use gutskin_network::Network;

pub fn links(network: &Network, as_json: bool) -> miette::Result<()> {
    let gain = |l: &gutskin_network::Link| l.gain.and_then(|g| network.parameters.get(g as usize));
    let switch = |l: &gutskin_network::Link| network.switches.get(l.switch as usize);
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
                    "source": gain(l).map(|p| &p.source),
                })
            })
            .collect();
        say!("{}", json(&serde_json::json!({ "links": rows }))?);
        return Ok(());
    }
    for l in &network.links {
        say!("{}  {} -> {}  [{}]", l.name, l.from, l.to, l.grade.code());
        say!("    {}", l.doc);
        if let Some(p) = gain(l) {
            say!(
                "    gain {} = {}, {}, {} ({})",
                p.name,
                p.value,
                p.spread,
                p.source,
                p.mark
            );
        }
        if let Some(s) = switch(l) {
            say!(
                "    switch {} ({})",
                s.name,
                if s.default { "on" } else { "off" }
            );
        }
    }
    say!("\ngrades: HT human trial, HO human observation, AN animal, IV in vitro, AS assumption");
    Ok(())
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
