//! Work on many things at once whose results come in the order of the things.
//!
//! * **Shape.** [`Crew::in_order`] hands each result to one consumer, on the caller's thread;
//!   the consumer cannot tell how many workers there were.
//! * **Units.** A result has a weight; while those that wait for an earlier one weigh more than
//!   [`Crew::waiting_max`], nothing new is begun.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// The stack of a worker: that of a main thread.
const STACK_BYTES: usize = 8 << 20;

/// How long the consumer waits before it says how far the work is.
const TICK: Duration = Duration::from_millis(100);

/// How a piece of work is shared out.
#[derive(Debug)]
pub(super) struct Crew<R> {
    /// How many workers there are.
    pub(super) jobs: usize,
    /// What a result weighs.
    pub(super) weight: fn(&R) -> usize,
    /// What the results that wait may weigh together.
    pub(super) waiting_max: usize,
}

impl<R: Send> Crew<R> {
    /// Does `work` on every item and hands the results to `take`, in the order of the items;
    /// `tick` hears now and then how many are done.
    pub(super) fn in_order<T: Sync>(
        self,
        items: &[T],
        work: impl Fn(&T) -> R + Sync,
        mut take: impl FnMut(R),
        mut tick: impl FnMut(usize),
    ) {
        let jobs = if self.jobs > 1 { self.jobs.min(items.len()) } else { 0 };
        let desk = Desk { crew: self, state: Mutex::default(), changed: Condvar::new() };
        let served = thread::scope(|scope| {
            let _closing = Closing(&desk);
            let hired = (0..jobs).filter(|_| {
                let builder = thread::Builder::new().stack_size(STACK_BYTES);
                builder.spawn_scoped(scope, || desk.serve(items, &work)).is_ok()
            });
            let is_served = hired.count() > 0;
            if is_served {
                desk.consume(items.len(), &mut take, &mut tick);
            }
            is_served
        });
        if !served {
            for (done, item) in items.iter().enumerate() {
                tick(done);
                take(work(item));
            }
        }
    }
}

/// Where the workers meet the consumer.
struct Desk<R> {
    crew: Crew<R>,
    state: Mutex<State<R>>,
    changed: Condvar,
}

struct State<R> {
    /// The next item that nobody has begun.
    next: usize,
    /// How many items are done.
    done: usize,
    /// The results that wait, by item.
    waiting: BTreeMap<usize, R>,
    weight: usize,
    /// Nobody shall begin or wait any more.
    closed: bool,
}

impl<R> Default for State<R> {
    fn default() -> Self {
        Self { next: 0, done: 0, waiting: BTreeMap::new(), weight: 0, closed: false }
    }
}

impl<R> Desk<R> {
    fn lock(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a worker does: takes the next item, works, leaves the result.
    fn serve<T>(&self, items: &[T], work: &impl Fn(&T) -> R) {
        let closing = Closing(self);
        while let Some(at) = self.begin(items.len()) {
            let Some(item) = items.get(at) else { break };
            let result = work(item);
            let mut state = self.lock();
            state.done += 1;
            state.weight += (self.crew.weight)(&result);
            state.waiting.insert(at, result);
            drop(state);
            self.changed.notify_all();
        }
        // Reached only without a panic: the others go on.
        std::mem::forget(closing);
    }

    /// The next item to work on, when there is room for its result.
    fn begin(&self, count: usize) -> Option<usize> {
        let mut state = self.lock();
        // What the consumer waits for has been begun, so the weight falls.
        while state.weight > self.crew.waiting_max && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed || state.next >= count {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn consume(&self, count: usize, take: &mut impl FnMut(R), tick: &mut impl FnMut(usize)) {
        for at in 0..count {
            let mut state = self.lock();
            let result = loop {
                if let Some(result) = state.waiting.remove(&at) {
                    break result;
                }
                if state.closed {
                    return;
                }
                let done = state.done;
                drop(state);
                tick(done);
                state = self.lock();
                if !state.waiting.contains_key(&at) && !state.closed {
                    let waited = self.changed.wait_timeout(state, TICK);
                    state = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
            };
            state.weight -= (self.crew.weight)(&result);
            drop(state);
            self.changed.notify_all();
            take(result);
        }
    }
}

/// Closes the desk at the end, also at that of a panic, so that nobody waits for ever.
struct Closing<'d, R>(&'d Desk<R>);

impl<R> Drop for Closing<'_, R> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crew(jobs: usize, waiting_max: usize) -> Crew<usize> {
        Crew { jobs, weight: |_| 1, waiting_max }
    }

    #[test]
    fn results_come_in_order_whoever_is_fast() {
        let items: Vec<usize> = (0..200).collect();
        for (jobs, waiting_max) in [(1, 9), (2, 0), (3, 5), (8, 1000)] {
            let slow_first = |item: &usize| {
                if item.is_multiple_of(7) {
                    thread::sleep(Duration::from_millis(1));
                }
                *item
            };
            let mut taken = Vec::new();
            crew(jobs, waiting_max).in_order(&items, slow_first, |it| taken.push(it), |_| ());
            assert_eq!(taken, items, "{jobs} {waiting_max}");
        }
        crew(4, 4).in_order(&[], |(): &()| 0, |_| (), |_| ());
    }

    #[test]
    fn a_panic_of_one_ends_all() {
        let items: Vec<usize> = (0..50).collect();
        let fails = |item: &usize| {
            assert_ne!(*item, 20, "the twentieth fails");
            *item
        };
        let run = || crew(2, 1).in_order(&items, fails, |_| (), |_| ());
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
