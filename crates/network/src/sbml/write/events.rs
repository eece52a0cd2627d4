//! Schedules as events.

use super::Writer;
use crate::sbml::mathml::{clock, literal, math};
use crate::sbml::xml_text::{Lines, attribute};
use crate::schedule::{Action, Change, Schedule, Target};

/// Changes that one event makes: neighbours in the schedule, at one time, of different targets.
fn groups(changes: &[Change]) -> Vec<&[Change]> {
    let mut groups = Vec::new();
    let mut start = 0;
    for end in 1..=changes.len() {
        let splits = changes.get(end).is_none_or(|next| {
            next.time != changes[start].time
                || changes[start..end].iter().any(|c| c.target == next.target)
        });
        if splits {
            groups.push(&changes[start..end]);
            start = end;
        }
    }
    groups
}

/// The time at which a simulation from 0 sees a change.
fn seen(group: &[Change]) -> f64 {
    group.first().map_or(0.0, |c| c.time.max(0.0))
}

impl Writer<'_> {
    /// One event a group. Where several act at one time, priorities keep their order and later ones see what earlier
    /// ones did. Triggers count as false before the start, so that changes at time 0 happen.
    pub(super) fn events(&self, out: &mut Lines, schedule: &Schedule) {
        let groups = groups(schedule.changes());
        for (i, group) in groups.iter().enumerate() {
            let together =
                |other: Option<&&[Change]>| other.is_some_and(|g| seen(g) == seen(group));
            let before = i.checked_sub(1).and_then(|j| groups.get(j));
            let follows = together(before);
            let priority = (follows || together(groups.get(i + 1))).then_some(groups.len() - i);
            self.event(out, i + 1, group, follows, priority);
        }
    }

    fn event(
        &self,
        out: &mut Lines,
        number: usize,
        group: &[Change],
        follows: bool,
        priority: Option<usize>,
    ) {
        let Some(first) = group.first() else { return };
        let at_trigger = if follows { "false" } else { "true" };
        let attributes = attribute("id", &format!("_event_{number}"))
            + &attribute("useValuesFromTriggerTime", at_trigger);
        out.element("event", &attributes, |out| {
            let trigger = " initialValue=\"false\" persistent=\"true\"";
            out.element("trigger", trigger, |out| {
                let clock_unit = self.unit(self.network.time_unit.as_ref());
                let time = literal(first.time, clock_unit);
                out.line(&math(&format!("<apply><geq/>{}{time}</apply>", clock())));
            });
            if let Some(p) = priority {
                out.element("priority", "", |out| {
                    out.line(&math(&format!("<cn sbml:units=\"dimensionless\">{p}</cn>")))
                });
            }
            out.element("listOfEventAssignments", "", |out| {
                for change in group {
                    self.assignment(out, change);
                }
            });
        });
    }

    fn assignment(&self, out: &mut Lines, change: &Change) {
        let n = self.network;
        let (id, unit) = match change.target {
            Target::Input(i) => (
                self.ids.inputs.get(i as usize),
                n.inputs.get(i as usize).and_then(|x| x.unit.as_ref()),
            ),
            Target::State(i) => (
                self.ids.states.get(i as usize),
                n.states.get(i as usize).and_then(|x| x.unit.as_ref()),
            ),
        };
        let Some(id) = id else { return };
        let unit = self.unit(unit);
        let factor_unit = n.time_unit.as_ref().map(|_| "dimensionless");
        let body = match change.action {
            Action::Set(v) => literal(v, unit),
            Action::Add(v) => format!("<apply><plus/><ci>{id}</ci>{}</apply>", literal(v, unit)),
            Action::Multiply(v) => {
                format!(
                    "<apply><times/><ci>{id}</ci>{}</apply>",
                    literal(v, factor_unit)
                )
            }
        };
        out.element("eventAssignment", &attribute("variable", id), |out| {
            out.line(&math(&body));
        });
    }
}
