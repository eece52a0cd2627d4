//! The published switch model of psoriasis as an option of its own: healthy and plaque states side by side.
//!
//! Its healthy state disappears with 1.2–1.5 % more activation of dendritic cells and its plaque with a third less IL-17, so it is
//! not coupled to the gut.

use gutskin_network::{BuildErrors, Builder, Expr, Network, ParameterTable};

/// The switch model alone.
///
/// # Errors
/// Every parameter that is missing or has the wrong kind of unit.
pub fn network(table: &ParameterTable) -> Result<Network, BuildErrors> {
    let m = Builder::new("pso_switch", "d", table);
    build(&m);
    m.finish()
}

fn build<'m>(m: &'m Builder<'_>) {
    let number = |name: &str| m.parameter(&format!("pso_switch.{name}"), "1");
    let rate = |name: &str| m.parameter(&format!("pso_switch.{name}"), "1/d");
    let state = |name: &str, typical: f64, doc: &str| {
        m.state(&format!("pso_switch.{name}"), "1")
            .typical(typical)
            .initial(typical)
            .doc(doc)
            .add()
    };
    let stem = state("stem", 3947.0, "stem cells per mm2");
    let transit = state("transit", 22224.0, "transit-amplifying cells per mm2");
    let differentiated = state("differentiated", 50529.0, "differentiated cells per mm2");
    let t_cells = state("t_cells", 1556.0, "T cells per mm2");
    let dendritic = state("dendritic", 1563.0, "dendritic cells per mm2");
    let il17 = state("il17", 21.3, "IL-17 and IL-22");
    let tnf = state("tnf", 21.3, "tumour necrosis factor");
    let il23 = state("il23", 42.8, "IL-23");
    let growth = state("growth", 717.0, "growth factors");
    let death = rate("apoptosis");
    let input = |name: &str, doc: &str, default: f64| {
        m.input(&format!("pso_switch.{name}"), "1", default, doc)
    };
    let stimulus = input(
        "stimulus",
        "added activation of dendritic cells, per day",
        0.0,
    );
    let activation = input("activation", "factor on activation of dendritic cells", 1.0);
    let feedback = input("feedback", "factor on activation by growth factors", 1.0);
    let il23_signal = input("il23_signal", "factor on IL-23 signalling", 1.0);
    let il17_signal = input("il17_signal", "factor on IL-17 signalling", 1.0);

    let drive = il17 * il17_signal + tnf;
    let made = |cells: Expr<'m>, name: &str| rate(name) * drive * cells;
    m.rate(
        stem,
        made(stem, "stem_division") - rate("stem_crowding") * stem * stem - death * stem,
    );
    m.rate(
        transit,
        made(transit, "transit_division") + made(stem, "stem_to_transit")
            - rate("transit_crowding") * transit * transit
            - death * transit,
    );
    m.rate(
        differentiated,
        made(transit, "transit_to_differentiated")
            - rate("differentiated_crowding") * differentiated * differentiated
            - (rate("desquamation") + death) * differentiated,
    );
    let lost = rate("immune_loss") + death;
    m.rate(
        t_cells,
        rate("t_per_il23") * il23 * il23_signal - lost * t_cells,
    );
    // Fourth power of growth factors over its half-effect, as published.
    let by_growth = growth * growth * growth * growth;
    m.rate(
        dendritic,
        rate("dendritic_activation") * activation
            + rate("per_day") * stimulus
            + rate("growth_activation") * feedback * by_growth
                / (number("growth_half") + by_growth)
            - lost * dendritic,
    );
    let cleared = rate("cytokine_loss");
    m.rate(il17, rate("cytokine_per_t") * t_cells - cleared * il17);
    m.rate(tnf, rate("cytokine_per_t") * t_cells - cleared * tnf);
    m.rate(il23, rate("per_day") * dendritic - cleared * il23);
    m.rate(
        growth,
        rate("per_day") * (stem + transit) - cleared * growth,
    );
    m.observe(
        "pso_switch.cells",
        "1",
        stem + transit + differentiated,
        "keratinocytes per mm2",
    );
}
