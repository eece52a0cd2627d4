//! Which patients are solved when: blocks, claimed by threads, handed over in order.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};

use super::cohort::PatientResult;
use super::kernel::ArithmeticClass;

/// How a cohort is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Worker threads.
    pub threads: usize,
    /// Patients a block: the unit in which results arrive and runs go on after a cancellation. At most `2 threads + 1`
    /// blocks are under way at a time: blocks smaller than half the number of lanes leave lanes empty.
    pub block_size: usize,
    /// Block to begin with; earlier ones are taken as done.
    pub first_block: usize,
}

impl Default for Plan {
    /// All processors, 256 patients a block, from the first.
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            block_size: 256,
            first_block: 0,
        }
    }
}

/// Finished patients with consecutive numbers.
#[derive(Debug)]
pub struct Block {
    /// Number of the block; its first patient is this times the block size.
    pub number: usize,
    /// Class of the arithmetic.
    pub class: ArithmeticClass,
    /// Results in the cohort's order.
    pub results: Vec<PatientResult>,
}

/// How far a run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// First block not handed over.
    pub next_block: usize,
    /// Whether all were.
    pub finished: bool,
}

/// Where a worker sends results, with the patient's number.
pub(crate) type Sender<T> = mpsc::SyncSender<(usize, T)>;

/// Results on their way to the sink at most, besides those of unfinished blocks.
const RESULTS_IN_TRANSIT: usize = 64;

/// Shared by workers and the thread that delivers.
pub(crate) struct Dispatch<'c> {
    patients: usize,
    block_size: usize,
    /// Blocks that may be under way beyond the first one not delivered.
    window: usize,
    cancel: &'c AtomicBool,
    stopped: AtomicBool,
    counters: Mutex<Counters>,
    changed: Condvar,
}

struct Counters {
    claimed: usize,
    delivered: usize,
}

impl<'c> Dispatch<'c> {
    pub(crate) fn new(plan: &Plan, patients: usize, cancel: &'c AtomicBool) -> Self {
        Self {
            patients,
            block_size: plan.block_size.max(1),
            window: 2 * plan.threads.max(1) + 1,
            cancel,
            stopped: AtomicBool::new(false),
            counters: Mutex::new(Counters {
                claimed: plan.first_block,
                delivered: plan.first_block,
            }),
            changed: Condvar::new(),
        }
    }

    /// Lets `work` loose on every thread of the plan and hands what it sends to `sink`, block by block, in order. A panic
    /// of either ends the run and is passed on.
    pub(crate) fn run<T: Send>(
        &self,
        plan: &Plan,
        work: &(dyn Fn(&Self, &Sender<T>) + Sync),
        sink: &mut dyn FnMut(usize, Vec<T>) -> ControlFlow<()>,
    ) -> Progress {
        let (sender, receiver) = mpsc::sync_channel(RESULTS_IN_TRANSIT);
        std::thread::scope(|scope| {
            let mut workers = Vec::new();
            for _ in 0..plan.threads.max(1) {
                let sender = sender.clone();
                workers.push(scope.spawn(move || {
                    let _guard = self.stop_on_panic();
                    work(self, &sender);
                }));
            }
            drop(sender);
            // The receiver goes with the sink: where that panics, nobody waits to send.
            let next_block = self.deliver(plan, receiver, sink);
            for worker in workers {
                if let Err(panic) = worker.join() {
                    std::panic::resume_unwind(panic);
                }
            }
            Progress {
                next_block,
                finished: next_block >= self.blocks(),
            }
        })
    }

    /// Collects results into blocks and hands them over in order; returns the first block not handed over.
    fn deliver<T>(
        &self,
        plan: &Plan,
        receiver: mpsc::Receiver<(usize, T)>,
        sink: &mut dyn FnMut(usize, Vec<T>) -> ControlFlow<()>,
    ) -> usize {
        let _guard = self.stop_on_panic();
        let mut next = plan.first_block;
        let mut waiting: BTreeMap<usize, Vec<(usize, T)>> = BTreeMap::new();
        // The channel ends when every worker has; after a break it is drained so that none waits on it.
        for (index, result) in receiver {
            if self.is_stopped() {
                continue;
            }
            let block = waiting.entry(index / self.block_size).or_default();
            block.push((index, result));
            while waiting
                .get(&next)
                .is_some_and(|results| results.len() == self.patients(next).len())
            {
                let mut results = waiting.remove(&next).unwrap_or_default();
                results.sort_by_key(|(index, _)| *index);
                let number = next;
                next += 1;
                self.delivered(next);
                let results = results.into_iter().map(|(_, result)| result).collect();
                if sink(number, results).is_break() {
                    self.stop();
                    break;
                }
            }
        }
        next
    }

    pub(crate) fn blocks(&self) -> usize {
        self.patients.div_ceil(self.block_size)
    }

    /// Numbers of the patients of a block.
    pub(crate) fn patients(&self, block: usize) -> Range<usize> {
        let first = (block * self.block_size).min(self.patients);
        first..(first + self.block_size).min(self.patients)
    }

    fn lock(&self) -> MutexGuard<'_, Counters> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next block to work on; `None` where there is none left or the window is full.
    fn claim(&self) -> Option<Range<usize>> {
        let mut counters = self.lock();
        let block = counters.claimed;
        if block >= self.blocks() || block >= counters.delivered + self.window {
            return None;
        }
        counters.claimed += 1;
        Some(self.patients(block))
    }

    /// Waits until a block may be claimed; `false` where none ever will.
    pub(crate) fn wait_for_work(&self) -> bool {
        let mut counters = self.lock();
        loop {
            if counters.claimed >= self.blocks() || self.is_stopped() {
                return false;
            }
            if counters.claimed < counters.delivered + self.window {
                return true;
            }
            let pause = std::time::Duration::from_millis(50);
            counters = match self.changed.wait_timeout(counters, pause) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    /// Notes that all blocks before `next` have been handed over.
    pub(crate) fn delivered(&self, next: usize) {
        self.lock().delivered = next;
        self.changed.notify_all();
    }

    /// Makes every worker stop after its current step.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }

    /// Stops the run where the thread that holds the guard panics: the others would wait for what it owes.
    pub(crate) fn stop_on_panic(&self) -> StopOnPanic<'_, 'c> {
        StopOnPanic(self)
    }

    /// Whether the run is over. Once cancelled it stays so, whatever the caller does with the flag: a patient may have
    /// been given up for it.
    pub(crate) fn is_stopped(&self) -> bool {
        if self.cancel.load(Ordering::Relaxed) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        self.stopped.load(Ordering::Relaxed)
    }
}

/// See [`Dispatch::stop_on_panic`].
pub(crate) struct StopOnPanic<'d, 'c>(&'d Dispatch<'c>);

impl Drop for StopOnPanic<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// What a worker has claimed and not begun.
#[derive(Default)]
pub(crate) struct Share {
    patients: Range<usize>,
}

impl Share {
    pub(crate) fn next(&mut self, dispatch: &Dispatch<'_>) -> Option<usize> {
        if self.patients.is_empty() {
            self.patients = dispatch.claim()?;
        }
        self.patients.next()
    }
}
