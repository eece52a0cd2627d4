//! Niche capacities of the guilds are fitted so that the reference person has the shares of the table.
#![allow(clippy::unwrap_used)]

use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{ColonOptions, network};
use gutskin_biology::parameter_table;
use gutskin_study::checks::Lab;

/// Prints the capacities, to be written into `catalogue/guilds.csv`, where something changed that moves the reference
/// person: each is moved by what its share lacks, again and again.
#[test]
#[ignore = "a fit of a minute, run when the reference person changes"]
fn niches_fitted_to_reference_shares() {
    const NEAR: f64 = 1e-3;
    let table = parameter_table().unwrap();
    let catalogue = Catalogue::shipped().unwrap();
    let net = network(&table, &catalogue, &ColonOptions::default()).unwrap();
    let mut lab = Lab::new(net).unwrap();
    let residents: Vec<_> = catalogue.guilds.iter().filter(|g| g.resident).collect();
    let wanted: f64 = residents.iter().map(|g| g.reference_share).sum();
    let mut gap = f64::INFINITY;
    for round in 0..300 {
        lab.rest().unwrap();
        gap = 0.0;
        for guild in &residents {
            let share = lab.read(&format!("colon.share.{}", guild.name)).unwrap();
            let lacks = guild.reference_share / wanted / share;
            if round == 0 {
                println!("{} has {lacks:.4} times too little", guild.name);
            }
            gap = lacks.ln().abs().max(gap);
            let name = format!("colon.capacity.{}", guild.name);
            let capacity = lab.parameter(&name).unwrap();
            lab.set_parameter(&name, capacity * lacks.powf(0.7))
                .unwrap();
        }
        if gap < NEAR {
            println!("{round} rounds");
            break;
        }
    }
    for guild in &residents {
        let name = format!("colon.capacity.{}", guild.name);
        println!(
            "{}: {:.4} (was {})",
            guild.name,
            lab.parameter(&name).unwrap(),
            guild.capacity.value
        );
    }
    assert!(gap < NEAR, "{gap}");
}
