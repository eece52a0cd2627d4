//! Healthy skin: the equations of eczema at the susceptibility of controls, with water loss, hydration and what tape
//! stripping takes away.

use crate::ad::{self, Eczema, Integrity};
use crate::drives::AdDrives;
use crate::therapy::Therapy;
use gutskin_network::{BuildErrors, Builder, LinkGrade, LinkSpec, Network, ParameterTable};

/// Healthy skin alone, drives held by the scenario.
///
/// # Errors
/// Every parameter that is missing or has the wrong kind of unit.
pub fn network(table: &ParameterTable) -> Result<Network, BuildErrors> {
    let m = Builder::new("skin", "d", table);
    let drives = AdDrives::clamped(&m);
    let therapy = Therapy::default();
    let susceptibility = m.parameter("skin.susceptibility", "1");
    let skin = Integrity::declare(&m);
    let eczema = ad::add(&m, skin, drives, &therapy, susceptibility);
    ad::scores(&m, &eczema);
    stripping(&m, &eczema, drives);
    m.finish()
}

/// Lipids and corneocytes taken off by tape: repaired at the pace of barrier repair, slowed by stress and lost sleep.
pub(crate) fn stripping<'m>(m: &'m Builder<'_>, eczema: &Eczema<'m>, drives: AdDrives<'m>) {
    let stripped = m
        .state("skin.stripped", "1")
        .typical(1.0)
        .initial(0.0)
        .doc("share of the stripped layer not yet repaired; a full stripping adds 1")
        .add();
    let repair = m.parameter("skin.strip_repair", "1/d");
    let gain = m.parameter("skin.gain_stress", "1");
    let on = m.link(LinkSpec {
        name: "stress_to_strip_repair",
        from: "hpa",
        to: "skin",
        gain: Some(gain),
        grade: LinkGrade::HumanTrial,
        on: true,
        doc: "repair of stripped skin × exp(−gain·stress z of the moment)",
    });
    let stress = (-(on * gain * drives.stress_now)).exp();
    let tape = m.input(
        "input.tape_stripping",
        "1/d",
        0.0,
        "horny layer taken off by tape; 24 /d for an hour is a full stripping",
    );
    m.rate(stripped, tape - repair * eczema.repair * stress * stripped);
    let added = m.parameter("skin.strip_tewl", "g/m^2/h");
    let loss = ad::tewl(m, eczema.barrier) + added * stripped;
    m.observe(
        "skin.tewl",
        "g/m^2/h",
        loss,
        "transepidermal water loss with what was stripped",
    );
    let (base, slope) = (
        m.parameter("skin.hydration_base", "1"),
        m.parameter("skin.hydration_slope", "1"),
    );
    let hydration =
        base + slope * eczema.barrier * (1.0 - m.parameter("skin.strip_hydration", "1") * stripped);
    m.observe(
        "skin.hydration",
        "1",
        hydration,
        "hydration of the horny layer, arbitrary capacitance units",
    );
}
