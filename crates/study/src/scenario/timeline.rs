//! What the changes of an arm come to: for each input its value over time, where some set it and others add to it.

use super::UsualShare;
use gutskin_network::{Action, Change, Network, Target};

/// What a change does to an input while it lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Effect {
    /// Holds it at this value.
    Set(f64),
    /// Moves it from usual towards this value, by this multiple of the whole way.
    Toward(f64, f64),
    /// Adds to what it is otherwise.
    Add(f64),
}

impl Effect {
    /// The value it makes of what is usual.
    pub fn on(self, usual: f64) -> f64 {
        match self {
            Self::Set(value) => value,
            Self::Toward(value, dose) => usual + dose * (value - usual),
            Self::Add(more) => usual + more,
        }
    }
}

/// From when to when a change lasts, d, and over how long it fades out before its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub start: f64,
    pub stop: f64,
    pub taper: f64,
}

impl Span {
    /// Steps in which a taper goes down.
    const STEPS: usize = 8;

    /// The times at which what is given changes.
    fn times(self) -> Vec<f64> {
        let steps = if self.taper > 0.0 { Self::STEPS } else { 0 };
        let down =
            (0..steps).map(|k| self.stop - self.taper * (1.0 - k as f64 / Self::STEPS as f64));
        [self.start]
            .into_iter()
            .chain(down)
            .chain([self.stop])
            .collect()
    }

    /// Share of the full dose at that time: 1, less in each step of the taper, 0 before and after.
    pub fn share(self, time: f64) -> f64 {
        if !(self.start..self.stop).contains(&time) {
            return 0.0;
        }
        let into = 1.0 - (self.stop - time) / self.taper;
        if self.taper <= 0.0 || into < 0.0 {
            return 1.0;
        }
        // A time that is a step's own by its arithmetic may lie a rounding before it.
        let step = (into * Self::STEPS as f64 + 1e-9).floor();
        1.0 - (step + 1.0) / (Self::STEPS as f64 + 1.0)
    }

    /// The doses of a drug as they come within this span.
    pub fn tapered(self, doses: Vec<Change>) -> Vec<Change> {
        if self.taper <= 0.0 {
            return doses;
        }
        let mut out = Vec::new();
        for dose in doses {
            match dose.action {
                Action::Add(amount) => out.push(Change {
                    action: Action::Add(amount * self.share(dose.time)),
                    ..dose
                }),
                // An exposure that is set at the start and taken back at the end.
                Action::Set(value) if dose.time == self.start => {
                    out.extend(self.times().into_iter().map(|time| Change {
                        time,
                        action: Action::Set(value * self.share(time)),
                        ..dose
                    }));
                }
                _ => {}
            }
        }
        out
    }
}

/// An effect on an input while it lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lasting {
    pub input: u32,
    pub effect: Effect,
    pub span: Span,
}

impl Lasting {
    /// Share of the way from usual that the input is moved at a time.
    fn moved(&self, time: f64) -> f64 {
        let dose = match self.effect {
            Effect::Set(_) => 1.0,
            Effect::Toward(_, dose) => dose,
            Effect::Add(_) => 0.0,
        };
        dose * self.span.share(time)
    }
}

/// Changes of the inputs, each to what is set (or usual) and all that is added at that time.
pub(super) fn changes(effects: &[Lasting], network: &Network) -> Vec<Change> {
    let mut inputs: Vec<u32> = effects.iter().map(|e| e.input).collect();
    inputs.sort_unstable();
    inputs.dedup();
    let mut out = Vec::new();
    for input in inputs {
        let here: Vec<&Lasting> = effects.iter().filter(|e| e.input == input).collect();
        let mut times: Vec<f64> = here.iter().flat_map(|e| e.span.times()).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let usual = usual(network, input);
        out.extend(times.into_iter().map(|time| Change {
            time,
            target: Target::Input(input),
            action: Action::Set(level(&here, usual, time)),
        }));
    }
    out
}

/// How much of the usual value is in each of these changes of inputs.
pub(super) fn usual_shares(effects: &[Lasting], changes: &[Change]) -> Vec<UsualShare> {
    let of = |change: &Change| {
        let Target::Input(input) = change.target else {
            return None;
        };
        let mut here = effects.iter().filter(|e| e.input == input).peekable();
        here.peek()?;
        Some(UsualShare {
            input,
            time: change.time,
            share: here.fold(1.0, |left, e| match e.effect {
                Effect::Add(_) => left,
                _ if e.span.share(change.time) > 0.0 => 1.0 - e.moved(change.time),
                _ => left,
            }),
        })
    };
    changes.iter().filter_map(of).collect()
}

/// What an input is where nothing changes it.
pub(super) fn usual(network: &Network, input: u32) -> f64 {
    network
        .inputs
        .get(input as usize)
        .map_or(0.0, |i| i.default)
}

/// From this time on.
fn level(effects: &[&Lasting], usual: f64, time: f64) -> f64 {
    let (mut base, mut added) = (usual, 0.0);
    for effect in effects {
        let share = effect.span.share(time);
        match effect.effect {
            Effect::Add(value) => added += share * value,
            Effect::Set(value) | Effect::Toward(value, _) if share > 0.0 => {
                base = usual + effect.moved(time) * (value - usual);
            }
            Effect::Set(_) | Effect::Toward(..) => {}
        }
    }
    base + added
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lasting(effect: Effect, start: f64, stop: f64) -> Lasting {
        Lasting {
            input: 0,
            effect,
            span: Span {
                start,
                stop,
                taper: 0.0,
            },
        }
    }

    #[test]
    fn additions_stand_on_what_is_set_or_usual() {
        let diet = lasting(Effect::Set(2.0), 10.0, 20.0);
        let fibre = lasting(Effect::Add(5.0), 0.0, 15.0);
        let more = lasting(Effect::Add(1.0), 12.0, 30.0);
        let all = [&diet, &fibre, &more];
        let expected = [
            (0.0, 8.0),
            (10.0, 7.0),
            (12.0, 8.0),
            (15.0, 3.0),
            (20.0, 4.0),
            (30.0, 3.0),
        ];
        for (time, value) in expected {
            assert_eq!(level(&all, 3.0, time), value, "{time}");
        }
    }

    #[test]
    fn what_is_left_of_usual_goes_with_each_change() {
        let effects = [
            lasting(Effect::Toward(2.0, 0.25), 10.0, 20.0),
            lasting(Effect::Set(9.0), 20.0, 25.0),
            lasting(Effect::Add(5.0), 0.0, 15.0),
        ];
        let change = |time| Change {
            time,
            target: Target::Input(0),
            action: Action::Set(0.0),
        };
        let changes = [0.0, 10.0, 15.0, 20.0, 25.0].map(change);
        let shares: Vec<f64> = (usual_shares(&effects, &changes).iter())
            .map(|u| u.share)
            .collect();
        assert_eq!(shares, [1.0, 0.75, 0.75, 0.0, 1.0]);
        let all: Vec<&Lasting> = effects.iter().collect();
        // A quarter of the way from 4 to 2, and 5 more.
        assert_eq!(level(&all, 4.0, 10.0), 8.5);
    }

    #[test]
    fn a_taper_goes_down_in_equal_steps_and_ends_at_nothing() {
        let span = Span {
            start: 0.0,
            stop: 48.0,
            taper: 16.0,
        };
        let shares: Vec<f64> = span.times().iter().map(|t| span.share(*t)).collect();
        assert_eq!(shares.len(), 10);
        assert_eq!((shares[0], shares[9]), (1.0, 0.0));
        for pair in shares.windows(2) {
            assert!((pair[0] - pair[1] - 1.0 / 9.0).abs() < 1e-12, "{shares:?}");
        }
        assert_eq!(span.share(31.9), 1.0);
    }
}
