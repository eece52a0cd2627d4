//! How fast the lanes follow the same people, at which error. Built for speed (`--profile quick`) it means something.

use crate::Failure;
use crate::models::Subject;
use crate::patients::Patient;
use crate::rest::{Together, ensemble};
use crate::write::outputs;
use gutskin_engine::lanes::PatientSpec;
use gutskin_engine::{Run, Trajectory};
use gutskin_network::Network;

/// Processor seconds of this process so far: on a shared machine wall time measures the neighbours.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = text.rsplit_once(')')?.1;
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks
        .map(|t| t.parse::<f64>().ok())
        .sum::<Option<f64>>()
        .map(|t| t / 100.0)
}

/// What came out, and the processor seconds it took; none where the system does not say.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Option<f64>) {
    let start = processor_seconds();
    let done = work();
    let seconds = start.zip(processor_seconds()).map(|(a, b)| b - a);
    (done, seconds)
}

/// Prints what the lanes do at 1e-6 and what coming to rest cost.
pub fn report(
    subject: &Subject,
    people: &[Patient],
    tight: &[Trajectory],
    rest: Option<f64>,
) -> Result<(), Failure> {
    let ensemble = ensemble(&subject.network)?;
    let going = Together(people.iter().map(|p| spec(subject, p)).collect());
    let (done, seconds) = timed(|| ensemble.solve(&going));
    let mut measure = Measure::default();
    for (result, tight) in done.into_iter().zip(tight) {
        let found = result.outcome?;
        if !found.status.is_success() {
            return Err(found.status.to_string().into());
        }
        measure.add(&found.trajectory, tight, &subject.network);
    }
    let each = |s: Option<f64>| s.map_or(f64::NAN, |s| 1e3 * s / people.len() as f64);
    let (run, rest) = (each(seconds), each(rest));
    println!(
        "  lanes at 1e-6: {:.0} patients/s ({run:.2} ms each), error max {:.1e}, rms {:.1e}; coming to rest {rest:.2} ms each",
        1e3 / run,
        measure.largest,
        (measure.squares / measure.count).sqrt(),
    );
    Ok(())
}

fn spec(subject: &Subject, patient: &Patient) -> PatientSpec {
    let network = &patient.network;
    let start = network
        .states
        .iter()
        .map(|s| network.pool.as_constant(s.initial));
    let start = start.map(Option::unwrap_or_default).collect();
    PatientSpec {
        parameters: network.parameters.iter().map(|p| p.value).collect(),
        switches: Vec::new(),
        run: Run {
            inputs: network.input_values(),
            schedule: patient.schedule.clone(),
            outputs: outputs(subject.span),
            record_states: true,
            ..Run::new(0.0, subject.span, start)
        },
    }
}

/// |y − ref| / (|ref| + 1e-3 · typical size of the state).
#[derive(Default)]
struct Measure {
    largest: f64,
    squares: f64,
    count: f64,
}

impl Measure {
    fn add(&mut self, found: &Trajectory, tight: &Trajectory, network: &Network) {
        for row in 0..tight.times().len() {
            let pairs = found.states(row).iter().zip(tight.states(row));
            for ((y, reference), state) in pairs.zip(&network.states) {
                let error = (y - reference).abs() / (reference.abs() + 1e-3 * state.typical);
                self.largest = self.largest.max(error);
                self.squares += error * error;
                self.count += 1.0;
            }
        }
    }
}
