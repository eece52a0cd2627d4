//! Composition of the community in each arm, where the model has a colon.

use super::run::{Patient, TrialRun};
use crate::scenario::Scenario;
use gutskin_network::Network;
use serde::Serialize;

/// How names of shares of guilds begin.
const SHARE: &str = "colon.share.";

/// One guild of one arm.
#[derive(Clone, Debug, Serialize)]
pub struct GuildShare {
    /// Name of the guild.
    pub guild: String,
    /// Who belongs to it.
    pub members: String,
    /// Mean share of the microbes in the lumen at entry.
    pub entry: f64,
    /// The same at the visit of the endpoint; without rescue.
    pub later: f64,
}

/// Indices of the observables that are shares of guilds, in the model's order.
pub(super) fn shares(network: &Network) -> Vec<u32> {
    let observables = (0_u32..).zip(&network.observables);
    let of = |(i, o): (u32, &gutskin_network::Observable)| o.name.starts_with(SHARE).then_some(i);
    observables.filter_map(of).collect()
}

/// Mean composition of the community in an arm, over everybody whose arm was solved; empty for models without a colon.
pub(super) fn composition(scenario: &Scenario, run: &TrialRun, arm: usize) -> Vec<GuildShare> {
    let guilds = |p: &Patient| Some(p.arms.get(arm)?.as_ref().ok()?.guilds.clone());
    let people: Vec<Vec<[f64; 2]>> = run.patients.iter().filter_map(guilds).collect();
    let mean = |guild: usize, when: usize| {
        let values = people.iter().filter_map(|p| Some(p.get(guild)?[when]));
        values.sum::<f64>() / people.len() as f64
    };
    let network = &scenario.network;
    let one = |(guild, observable): (usize, u32)| {
        let seen = &network.observables[observable as usize];
        GuildShare {
            guild: seen.name.trim_start_matches(SHARE).to_owned(),
            members: (seen.doc.split_once(": ")).map_or(String::new(), |(_, m)| m.to_owned()),
            entry: mean(guild, 0),
            later: mean(guild, 1),
        }
    };
    shares(network).into_iter().enumerate().map(one).collect()
}
