//! How large a body is against the reference person, how much comes in, and how far its community has come.
//!
//! Adults differ in weight only. Where a life stage is laid over the parameters (see [`stages`](crate::stages)), inflows follow what is
//! eaten, plasma the size of the body, and the niches of guilds that come late the age of the child. What a child is compared with is
//! its own reference, which stands in the stage.

use super::context::Context;
use crate::stages;
use gutskin_network::Expr;

/// Factors against the reference person.
#[derive(Clone, Copy)]
pub struct Size<'m> {
    /// Body weight over that of the reference person.
    weight: Expr<'m>,
    /// Transit times by age, over those of adults.
    transit: Expr<'m>,
    /// Where this is a child.
    child: Option<Child<'m>>,
}

#[derive(Clone, Copy)]
struct Child<'m> {
    /// What is eaten, and what flows in with it.
    intake: Expr<'m>,
    /// Weight to the power of areas and clearances.
    area: Expr<'m>,
    /// Niches of guilds that come late, over those of adults.
    maturity: Expr<'m>,
}

impl<'m> Size<'m> {
    pub(super) fn new(c: &Context<'m, '_>) -> Self {
        let m = c.m;
        let at_start = m.parameter("person.weight", "kg");
        let usual = m.parameter("person.weight_reference", "kg");
        let transit = m.parameter("person.transit_age_factor", "1");
        if !stages::is_child(c.table) {
            return Self {
                weight: at_start / usual,
                transit,
                child: None,
            };
        }
        let exponent = m.parameter("person.area_exponent", "1");
        let maturity = m.parameter("person.maturity", "1");
        let (now, grown, maturity, transit) = if stages::from_birth(c.table) {
            let now = growing(c, at_start);
            let grown = (now / at_start).pow(exponent);
            (now, grown, maturing(c, maturity), slowing(c, transit))
        } else {
            (at_start, m.constant(1.0), maturity, transit)
        };
        m.observe("person.weight_now", "kg", now, "body weight");
        let energy = m.parameter("person.energy_intake", "kcal/d")
            / m.parameter("person.energy_reference", "kcal/d");
        let weight = now / usual;
        Self {
            weight,
            transit,
            child: Some(Child {
                intake: energy * grown,
                area: weight.pow(exponent),
                maturity,
            }),
        }
    }

    /// Absorbing and secreting area over that of the reference person.
    pub(super) fn area(&self, c: &Context<'m, '_>) -> Expr<'m> {
        let of_adult = || self.weight.pow(c.m.parameter("person.area_exponent", "1"));
        self.child.map_or_else(of_adult, |child| child.area)
    }

    /// Transit times at this age over those of adults.
    pub(super) fn transit(&self) -> Expr<'m> {
        self.transit
    }

    /// Water that flows in, over that of the reference person: by weight in adults, by intake in children.
    pub(super) fn water(&self) -> Expr<'m> {
        self.child.map_or(self.weight, |child| child.intake)
    }

    /// Niches of guilds that come late over those of adults; nothing in adults.
    pub(super) fn maturity(&self) -> Option<Expr<'m>> {
        self.child.map(|child| child.maturity)
    }

    /// An inflow of the reference person in this body; adults differ in none.
    pub(crate) fn flow(&self, of_reference: Expr<'m>) -> Expr<'m> {
        self.child
            .map_or(of_reference, |child| child.intake * of_reference)
    }

    /// A clearance of the reference person in this body; adults do not differ.
    pub(crate) fn clearance(&self, of_reference: Expr<'m>) -> Expr<'m> {
        self.child
            .map_or(of_reference, |child| child.area * of_reference)
    }

    /// A volume of distribution of the reference person in this body; adults do not differ.
    pub(crate) fn volume(&self, of_reference: Expr<'m>) -> Expr<'m> {
        self.child
            .map_or(of_reference, |_| self.weight * of_reference)
    }
}

/// What changes with age: from `start` towards a limit, ever more slowly. The state has a name, a unit, a
/// size and a meaning.
fn towards<'m>(
    c: &Context<'m, '_>,
    (name, unit, typical, doc): (&str, &str, f64, &str),
    start: Expr<'m>,
    (limit, time): (Expr<'m>, &str),
) -> Expr<'m> {
    let reached =
        c.m.state(name, unit)
            .typical(typical)
            .initial(start)
            .doc(doc)
            .add();
    c.m.rate(reached, (limit - reached) / c.m.parameter(time, "d"));
    reached
}

/// Weight of the first year.
fn growing<'m>(c: &Context<'m, '_>, at_start: Expr<'m>) -> Expr<'m> {
    let state = (
        "person.weight_grown",
        "kg",
        5.0,
        "body weight of a child who grows",
    );
    let limit = c.m.parameter("person.growth_limit", "kg");
    towards(c, state, at_start, (limit, "person.growth_time"))
}

/// Transit of a child who grows: from that of a newborn towards that of an adult.
fn slowing<'m>(c: &Context<'m, '_>, at_start: Expr<'m>) -> Expr<'m> {
    let state = (
        "person.transit_age_reached",
        "1",
        1.0,
        "transit times by age, over those of adults",
    );
    let limit = c.m.parameter("person.transit_age_limit", "1");
    towards(c, state, at_start, (limit, "person.transit_age_time"))
}

/// Niches of guilds that come late: from those of a newborn towards those of an adult.
fn maturing<'m>(c: &Context<'m, '_>, at_start: Expr<'m>) -> Expr<'m> {
    let state = (
        "person.maturity_reached",
        "1",
        0.1,
        "niches of guilds that come late, over those of adults",
    );
    let limit = c.m.constant(1.0);
    towards(c, state, at_start, (limit, "person.maturity_time"))
}
