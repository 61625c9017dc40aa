//! Work spread over threads while it is still being found.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::repository::RepositoryError;

/// More threads than this would wait for each other, and each has caches of its own.
const MOST_THREADS: usize = 8;
/// With so many batches waiting, whoever finds work does some.
const ENOUGH: usize = 16;

type Numbered<T> = (usize, Vec<T>);
/// Does one batch.
type Worker<'w, T, R> = Box<dyn FnMut(Vec<T>) -> Result<Vec<R>, RepositoryError> + 'w>;

/// Gives the results for all that `find` gives, in its order.
///
/// Batches are of consecutive items, as neighbours in history have most of their trees in common. A first batch that is not
/// full is done without another thread.
pub(super) fn spread<'w, T: Send, R: Send>(
    batch: usize,
    find: impl FnOnce(&mut dyn FnMut(T) -> Result<(), RepositoryError>) -> Result<(), RepositoryError>,
    worker: &'w (dyn Fn() -> Worker<'w, T, R> + Sync),
) -> Result<Vec<R>, RepositoryError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let pool = Pool::default();
    std::thread::scope(|scope| {
        // Whatever way this is left, nobody waits for more.
        let closing = Closing(&pool);
        let mut helpers = Vec::new();
        let mut own: Option<Worker<'w, T, R>> = None;
        let mut done: Vec<Numbered<R>> = Vec::new();
        let mut items = Vec::new();
        let mut number = 0;
        let found = find(&mut |item| {
            items.push(item);
            if items.len() < batch {
                return Ok(());
            }
            let waiting = pool.put((number, std::mem::take(&mut items)));
            number += 1;
            if helpers.len() + 1 < threads {
                helpers.push(scope.spawn(|| pool.work(&mut worker())));
            }
            if (waiting > ENOUGH || threads == 1)
                && let Some((number, items)) = pool.take_now()
            {
                done.push((number, own.get_or_insert_with(worker)(items)?));
            }
            Ok(())
        });
        found?;
        pool.put((number, items));
        pool.close();
        while let Some((number, items)) = pool.take_now() {
            done.push((number, own.get_or_insert_with(worker)(items)?));
        }
        drop(closing);
        for helper in helpers {
            done.append(&mut helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        done.sort_unstable_by_key(|(number, _)| *number);
        Ok(done.into_iter().flat_map(|(_, results)| results).collect())
    })
}

struct Pool<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    batches: VecDeque<Numbered<T>>,
    closed: bool,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        let state = State { batches: VecDeque::new(), closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }
}

impl<T> Pool<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many wait now.
    fn put(&self, batch: Numbered<T>) -> usize {
        let mut state = self.state();
        state.batches.push_back(batch);
        self.changed.notify_one();
        state.batches.len()
    }

    fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    fn take_now(&self) -> Option<Numbered<T>> {
        self.state().batches.pop_front()
    }

    fn take(&self) -> Option<Numbered<T>> {
        let mut state = self.state();
        loop {
            match state.batches.pop_front() {
                Some(batch) => return Some(batch),
                None if state.closed => return None,
                None => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn work<R>(&self, worker: &mut Worker<'_, T, R>) -> Result<Vec<Numbered<R>>, RepositoryError> {
        let mut done = Vec::new();
        while let Some((number, items)) = self.take() {
            match worker(items) {
                Ok(results) => done.push((number, results)),
                Err(error) => {
                    // What the others would still do is not needed.
                    self.state().batches.clear();
                    return Err(error);
                }
            }
        }
        Ok(done)
    }
}

struct Closing<'p, T>(&'p Pool<T>);

impl<T> Drop for Closing<'_, T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.closed = true;
        drop(state);
        self.0.changed.notify_all();
    }
}
