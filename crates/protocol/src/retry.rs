//! When to try again: a schedule that is data.

use std::time::Duration;

/// The waits before the first, second, … attempt. After the last one the message is a dead letter.
pub const SCHEDULE: [Duration; 8] = [
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(5 * 60 * 60),
    Duration::from_secs(10 * 60 * 60),
];

/// How long to wait after `attempts` failed attempts, or `None` when the message is a dead letter.
///
/// `retry_after` is what the receiver asked for; it only ever makes the wait longer. `random` is any number from the
/// full range and spreads the wait by ±20 %, so that an outage does not end in a crowd.
pub fn next_try(attempts: usize, retry_after: Option<Duration>, random: u64) -> Option<Duration> {
    let planned = SCHEDULE.get(attempts)?;
    let spread = 0.8 + 0.4 * (random as f64 / u64::MAX as f64);
    let wait = planned.mul_f64(spread);
    Some(retry_after.map_or(wait, |asked| wait.max(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attempt_is_now_and_the_ninth_never() {
        assert_eq!(next_try(0, None, u64::MAX), Some(Duration::ZERO));
        assert!(next_try(7, None, 0).is_some());
        assert_eq!(next_try(8, None, 0), None);
        assert_eq!(next_try(usize::MAX, Some(Duration::from_secs(1)), 0), None);
    }

    #[test]
    fn a_wait_is_spread_by_a_fifth() {
        assert_eq!(next_try(3, None, 0), Some(Duration::from_secs(240)));
        assert_eq!(next_try(3, None, u64::MAX), Some(Duration::from_secs(360)));
    }

    #[test]
    fn the_receiver_can_only_ask_for_more_time() {
        assert_eq!(next_try(1, Some(Duration::from_secs(60)), 0), Some(Duration::from_secs(60)));
        assert_eq!(next_try(3, Some(Duration::from_secs(1)), 0), Some(Duration::from_secs(240)));
    }
}
