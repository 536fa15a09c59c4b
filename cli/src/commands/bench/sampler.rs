//! Two ways of doing the same work, timed in turn.
//!
//! Criterion times one function after the other and prints as it goes; here both sides must meet
//! the same noise, and nothing but the figures may be printed. So the work is cut into slices
//! short enough to run undisturbed, each slice is timed by one side and then by the other, and of
//! all passes over a slice the quickest counts: the work is the same each time, and whatever else
//! the machine does only adds to it. The sum of these times is what the whole work takes on a
//! machine that nobody else uses.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Passes over all slices; the first ones warm up and do not count.
const PASSES: usize = 21;
const WARM_UP: usize = 3;

/// What an item takes on each side, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub ours: f64,
    pub by_hand: f64,
}

impl Pair {
    pub fn ratio(self) -> f64 {
        self.ours / self.by_hand
    }
}

/// Time per item of `ours` and `by_hand`, called with every item of both in slices of `length`.
pub fn compare<A, B, X, Y>(
    length: usize,
    (for_ours, mut ours): (&[A], impl FnMut(&A) -> X),
    (for_hand, mut by_hand): (&[B], impl FnMut(&B) -> Y),
) -> Pair {
    let slices = || for_ours.chunks(length).zip(for_hand.chunks(length));
    let mut times: Vec<[Vec<Duration>; 2]> = slices().map(|_| Default::default()).collect();
    for pass in 0..PASSES {
        for ((left, right), [of_ours, of_hand]) in slices().zip(&mut times) {
            let left = time(left, &mut ours);
            let right = time(right, &mut by_hand);
            if pass >= WARM_UP {
                of_ours.push(left);
                of_hand.push(right);
            }
        }
    }
    let (mut ours, mut by_hand) = (Duration::ZERO, Duration::ZERO);
    for [left, right] in times {
        ours += quickest(left);
        by_hand += quickest(right);
    }
    let count = for_ours.len().max(1) as f64;
    Pair {
        ours: ours.as_secs_f64() / count,
        by_hand: by_hand.as_secs_f64() / count,
    }
}

fn time<T, R>(items: &[T], work: &mut impl FnMut(&T) -> R) -> Duration {
    let start = Instant::now();
    for item in items {
        black_box(work(black_box(item)));
    }
    start.elapsed()
}

/// The time of a piece of work that takes longer than a machine in use leaves it alone: its share
/// of the processor over several rounds or, where the system does not tell, the median round.
pub fn repeat<R>(times: u32, mut work: impl FnMut() -> R) -> Duration {
    black_box(work());
    let before = processor_time();
    let rounds = (0..times).map(|_| time(&[()], &mut |()| work()));
    let rounds: Vec<Duration> = rounds.collect();
    let spent = before
        .zip(processor_time())
        .and_then(|(from, to)| to.checked_sub(from));
    match spent {
        Some(spent) if !spent.is_zero() => spent / times,
        _ => median(rounds),
    }
}

/// How long this thread has been running on a processor, as Linux tells (in nanoseconds, first of
/// three numbers).
pub(super) fn processor_time() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_ascii_whitespace()
        .next()?
        .parse()
        .ok()
        .map(Duration::from_nanos)
}

fn quickest(times: Vec<Duration>) -> Duration {
    times.into_iter().min().unwrap_or_default()
}

pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_a_few_disturbed_passes() {
        let times = [3, 1, 900, 2, 800].map(Duration::from_millis);
        assert_eq!(median(times.into()), Duration::from_millis(3));
        assert_eq!(median(Vec::new()), Duration::ZERO);
    }

    #[test]
    fn both_sides_see_every_item_in_every_pass() {
        let (mut left, mut right) = (0, 0);
        compare(
            4,
            (&[1; 10], |item: &i32| left += item),
            (&[1; 10], |item: &i32| right += item),
        );
        assert_eq!((left, right), (10 * 21, 10 * 21));
    }
}
