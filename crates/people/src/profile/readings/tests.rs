use super::*;
use proptest::prelude::*;

type Written = Vec<(usize, u32, f64)>;

/// Writes the values, `held` of them in memory at most.
fn recorded(samples: usize, written: &Written, held: usize, merge: bool) -> Samples {
    let mut recorder = Recorder::new("x.tsv", held);
    for at in 0..samples {
        recorder.sample(&format!("S{at}"));
        recorder.unclassified(at, at as f64);
    }
    for &(sample, feature, value) in written {
        recorder.value(sample, feature, value).unwrap();
    }
    recorder.finish(merge)
}

fn all(samples: &Samples) -> Vec<RawSample> {
    samples.iter().map(Result::unwrap).collect()
}

fn written() -> impl Strategy<Value = (usize, Written)> {
    (1..80_usize).prop_flat_map(|samples| {
        let cell = (0..samples, 0..12_u32, 0.0..9.0_f64);
        (Just(samples), prop::collection::vec(cell, 0..400))
    })
}

proptest! {
    #[test]
    fn what_waits_in_a_file_comes_back_as_from_memory((samples, written) in written(), held in 1..90_usize, merge: bool) {
        let memory = all(&recorded(samples, &written, usize::MAX, merge));
        let spilled = recorded(samples, &written, held, merge);
        prop_assert_eq!(&memory, &all(&spilled));
        let batches: Vec<RawSample> = spilled.batches().flat_map(Result::unwrap).collect();
        prop_assert_eq!(&memory, &batches);
        let same = spilled.changed(|_| ()).unwrap();
        prop_assert_eq!(&memory, &all(&same));
    }

    #[test]
    fn a_sample_keeps_the_order_of_writing((samples, written) in written(), held in 1..90_usize) {
        for (at, sample) in all(&recorded(samples, &written, held, false)).iter().enumerate() {
            let own: Vec<(u32, f64)> = written.iter().filter(|cell| cell.0 == at).map(|cell| (cell.1, cell.2)).collect();
            let read: Vec<(u32, f64)> = sample.features.iter().copied().zip(sample.values.iter().copied()).collect();
            prop_assert_eq!(own, read);
            prop_assert_eq!(sample.unclassified, at as f64);
        }
    }
}

#[test]
fn a_change_acts_on_every_sample() {
    let written = vec![(0, 1, 2.0), (40, 3, 4.0), (0, 5, 6.0)];
    let before = recorded(41, &written, 1, false);
    let after = before
        .changed(|sample| {
            sample.values.iter_mut().for_each(|value| *value *= 2.0);
            sample.unclassified = 7.0;
        })
        .unwrap();
    let after = all(&after);
    assert_eq!(after[0].values, [4.0, 12.0]);
    assert_eq!(after[40].values, [8.0]);
    assert!(after.iter().all(|sample| sample.unclassified == 7.0));
}

#[test]
fn values_of_one_feature_are_added_up() {
    let written = vec![(0, 5, 1.0), (0, 2, 2.0), (0, 5, 3.0)];
    let merged = all(&recorded(1, &written, 1, true));
    assert_eq!(
        (&*merged[0].features, &*merged[0].values),
        (&[2, 5][..], &[2.0, 4.0][..])
    );
}
