//! Independent pieces of work, shared among the cores, their results in order.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

/// How many cores there are.
pub fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Does `work` for each of `items`; the results stand in the order of the items. `state` is made
/// once for each thread; `on_done` is told of every item done.
///
/// # Panics
/// If `work` does, after the other threads have come to their end: a result is never left out.
pub fn each<T: Sync, S, R: Send>(
    items: &[T],
    threads: NonZeroUsize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
    mut on_done: impl FnMut(&T),
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = channel();
    let mut results: Vec<Option<R>> = std::iter::repeat_with(|| None).take(items.len()).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.get().min(items.len()) {
            let sender = sender.clone();
            let (next, state, work) = (&next, &state, &work);
            scope.spawn(move || {
                let mut state = state();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    if sender.send((at, work(&mut state, item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (at, result) in receiver {
            if let Some(item) = items.get(at) {
                on_done(item);
            }
            if let Some(place) = results.get_mut(at) {
                *place = Some(result);
            }
        }
    });
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(numbers: &[u32]) -> Vec<u32> {
        let half = |(): &mut (), number: &u32| {
            assert!(number.is_multiple_of(2), "{number} is odd");
            number / 2
        };
        each(numbers, NonZeroUsize::new(2).unwrap(), || (), half, |_| {})
    }

    #[test]
    fn results_keep_the_places_of_their_items() {
        let numbers: Vec<u32> = (0..100).map(|number| number * 2).collect();
        assert_eq!(halves(&numbers), (0..100).collect::<Vec<_>>());
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn work_that_panics_is_not_passed_over() {
        halves(&[2, 4, 5, 6]);
    }
}
