//! A finished lane takes the next patient at once.

use std::sync::Mutex;

use gutskin_engine::lanes::{Cohort, LaneCount, PatientSpec};
use gutskin_engine::{Decision, DecisionContext};

use crate::models::{ensemble, loop_model, loop_patient};

/// The first patient takes part for long, the others briefly; all events are noted in order.
struct Uneven {
    events: Mutex<Vec<Event>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Begins(usize),
    AtItsEnd(usize),
}

const COUNT: usize = 60;

impl Cohort for Uneven {
    fn len(&self) -> usize {
        COUNT
    }

    fn patient(&self, index: usize) -> PatientSpec {
        self.events.lock().unwrap().push(Event::Begins(index));
        let mut spec = loop_patient(index);
        let run = &mut spec.run;
        run.end = if index == 0 { 300.0 } else { 1.0 };
        run.decisions = vec![run.end];
        run.schedule = Default::default();
        run.outputs.retain(|&time| time <= run.end);
        // Nothing rests while there is a daily rhythm.
        spec.switches = vec![1.0];
        spec
    }

    fn decide(&self, index: usize, _: &DecisionContext<'_>) -> Vec<Decision> {
        self.events.lock().unwrap().push(Event::AtItsEnd(index));
        Vec::new()
    }
}

#[test]
fn a_finished_lane_takes_the_next_patient() {
    let cohort = Uneven {
        events: Mutex::default(),
    };
    let lanes = LaneCount::Eight;
    let results = ensemble(loop_model(), 1e-6)
        .with_lanes(lanes)
        .solve(&cohort);
    assert_eq!(results.len(), COUNT);
    let events = cohort.events.into_inner().unwrap();
    let place = |wanted: Event| events.iter().position(|&event| event == wanted).unwrap();
    // The long one is under way while others come, pass and are followed.
    let long = place(Event::AtItsEnd(0));
    let passed = |event: &&Event| matches!(event, Event::AtItsEnd(_));
    let others = events[..long].iter().filter(passed).count();
    assert!(others > 2 * lanes.number(), "{others} before the long one");
    // All lanes are filled at once, and no lane is empty while somebody waits.
    let mut busy = 0_usize;
    for event in &events {
        match event {
            Event::Begins(index) => {
                busy += 1;
                assert!(busy <= lanes.number() && *index < COUNT);
            }
            Event::AtItsEnd(_) => busy -= 1,
        }
    }
    for index in lanes.number()..COUNT {
        let begun = place(Event::Begins(index));
        let ended = events[..begun].iter().filter(passed).count();
        // Several lanes may end in one step of the group.
        assert!(
            ended >= index + 1 - lanes.number() && ended < index + lanes.number(),
            "patient {index} begins after {ended} have ended"
        );
    }
}
