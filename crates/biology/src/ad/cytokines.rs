//! T helper cells and cytokines of the lesion.

use super::Influence;
use crate::therapy::Therapy;
use gutskin_network::{Builder, Expr};

/// Levels that act: after drugs.
pub struct Lesion<'m> {
    pub il4: Expr<'m>,
    pub il13: Expr<'m>,
    pub il17: Expr<'m>,
    pub il22: Expr<'m>,
    pub il31: Expr<'m>,
    pub ifng: Expr<'m>,
}

/// A cytokine: made by a source, made otherwise, lost.
struct Made<'a> {
    name: &'a str,
    by: &'a str,
    start: f64,
}

/// Adds cells and cytokines.
pub fn add<'m>(
    m: &'m Builder<'_>,
    pathogen: Expr<'m>,
    influence: &Influence<'m>,
    therapy: &Therapy<'m>,
    shift: &dyn Fn(&str) -> Expr<'m>,
) -> Lesion<'m> {
    let number = |name: &str| m.parameter(&format!("ad.{name}"), "1");
    let rate = |name: &str| m.parameter(&format!("ad.{name}"), "1/d");
    let state = |name: &str, start: f64| {
        m.state(&format!("ad.{name}"), "1")
            .typical(start)
            .initial(start)
            .doc(&format!("{name} in the lesion, relative"))
            .add()
    };
    let cells = [("th1", 3.0), ("th2", 8.0), ("th17", 2.0), ("th22", 20.0)]
        .map(|(name, start)| state(name, start));
    let [th1, th2, th17, th22] = cells;
    let cytokine = |made: &Made<'_>, source: Expr<'m>| {
        let level = state(made.name, made.start);
        let own = rate(&format!("{}_per_{}", made.name, made.by)) * source;
        let other = rate(&format!("{}_other", made.name));
        let loss = rate(&format!("{}_loss", made.name));
        m.rate(level, own + other - loss * level);
        m.observe(&format!("ad.{}", made.name), "1", level, "in the lesion");
        // Drugs take the level away from its effects.
        level * therapy.left(m, made.name)
    };
    let made = |name, by, start| Made { name, by, start };
    let lesion = Lesion {
        il4: cytokine(&made("il4", "th2", 38.0), th2),
        il13: cytokine(&made("il13", "th2", 40.5), th2),
        il17: cytokine(&made("il17", "th17", 5.4), th17),
        il22: cytokine(&made("il22", "th22", 3.0), th22),
        il31: cytokine(&made("il31", "th2", 2.0), th2),
        ifng: cytokine(&made("ifng", "th1", 1.5), th1),
    };
    let tslp = cytokine(&made("tslp", "pathogen", 4.4), pathogen);
    let ox40l = cytokine(&made("ox40l", "tslp", 9.7), tslp);

    let by_ifng = number("polarisation_ifng") * lesion.ifng;
    let by_il4 = number("polarisation_il4") * lesion.il4;
    let weight = number("polarisation_base") + by_ifng + by_il4;
    let loss = rate("cell_loss") / (1.0 + number("survival_ox40l") * ox40l);
    let prime = |cell: Expr<'m>, name: &str, factor: Expr<'m>| {
        let primed = rate(&format!("priming_{name}")) * pathogen * factor / weight;
        m.rate(cell, primed - loss * cell);
    };
    prime(th1, "th1", 1.0 + by_ifng);
    prime(
        th2,
        "th2",
        (1.0 + by_il4) * influence.priming * shift("priming_th2"),
    );
    prime(th17, "th17", shift("priming_th17"));
    prime(th22, "th22", shift("priming_th22"));
    lesion
}
