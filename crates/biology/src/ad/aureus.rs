//! Staphylococcus aureus and coagulase-negative staphylococci on the lesion: they follow barrier and IL-4/13.
//!
//! Loads of the published extension (Miyano 2022b); its own barrier and EASI are not used, the core stays. Healthy skin loses
//! S. aureus faster: the barrier and IL-4/13 alone, as published, would leave it there as on lesions. A load below one
//! bacterium harms nobody: published, it would feed the other, and where their harm to one another is large (its spread is 2.6
//! in the logarithm) one load would run away without bound.

use super::cytokines::Lesion;
use gutskin_network::{Builder, Expr};

/// Adds both loads as log10 per cm².
pub fn add<'m>(
    m: &'m Builder<'_>,
    barrier: Expr<'m>,
    lesion: &Lesion<'m>,
    shift: &dyn Fn(&str) -> Expr<'m>,
) {
    let number = |name: &str| m.parameter(&format!("ad.{name}"), "1");
    let rate = |name: &str| m.parameter(&format!("ad.{name}"), "1/d");
    let load = |name: &str, start: f64, doc: &str| {
        m.state(&format!("ad.{name}"), "1")
            .typical(1.0)
            .initial(start)
            .signed()
            .doc(doc)
            .add()
    };
    let aureus = load("aureus", 4.0, "log10 of S. aureus per cm2");
    let negative = load("staphylococci", 3.5, "log10 of other staphylococci per cm2");
    let full = number("aureus_full");
    let signal = (lesion.il4 + lesion.il13) / 2.0;
    let open = 1.0 + number("aureus_growth_barrier") * barrier;
    let peptides = |which: &str| {
        rate(&format!("{which}_peptides")) / (1.0 + number("peptides_block") * signal)
    };
    let width = m.parameter("smoothing.width", "1");
    let there = |load: Expr<'m>| load.smooth_plus(width);
    m.rate(
        aureus,
        rate("aureus_growth") * (1.0 - aureus / full) / open
            - rate("aureus_by_others") * there(negative)
            - peptides("aureus")
            - rate("aureus_loss") * shift("aureus_loss"),
    );
    m.rate(
        negative,
        rate("staphylococci_growth") * (1.0 - negative / full)
            - rate("staphylococci_by_aureus") * there(aureus)
            - peptides("staphylococci")
            - rate("staphylococci_loss"),
    );
    m.observe("ad.aureus", "1", aureus, "log10 of S. aureus per cm2");
}
