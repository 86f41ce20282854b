//! Time, handed in. Business time may be a demo's or a test's; real time bounds sessions and signatures.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::clock::hall_date;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, Unit};

use crate::source;

/// Says what time it is.
pub trait Clock: std::fmt::Debug + Send + Sync + 'static {
    /// Business time: what stands on papers and what deadlines are counted from.
    fn now(&self) -> Timestamp;

    /// Real time: for signatures, sessions and waits.
    fn wall(&self) -> Timestamp;

    /// A moment of real time as people read it, beside all the moments of business time.
    fn shown(&self, wall: Timestamp) -> Timestamp {
        let ahead = self.now().duration_since(self.wall());
        // Both were read one after the other.
        let ahead = ahead.round(Unit::Second).unwrap_or(ahead);
        wall.saturating_add(ahead).unwrap_or(wall)
    }

    /// The hall's civil date (Asia/Shanghai), whatever zone the computer is in.
    fn today(&self) -> Date {
        hall_date(self.now())
    }
}

/// The computer's clock, for a real hall.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        source::wall()
    }

    fn wall(&self) -> Timestamp {
        source::wall()
    }
}

/// A demo's clock: it runs, but on another date, and the date can be moved. Clones share it.
#[derive(Debug, Clone)]
pub struct ShiftedClock {
    offset_seconds: Arc<AtomicI64>,
}

impl ShiftedClock {
    /// Starts at a moment and runs on from there.
    pub fn starting_at(moment: Timestamp) -> Self {
        let clock = ShiftedClock { offset_seconds: Arc::default() };
        clock.move_to(moment);
        clock
    }

    /// Goes on from another moment.
    pub fn move_to(&self, moment: Timestamp) {
        self.offset_seconds.store(moment.as_second() - source::wall().as_second(), Ordering::Relaxed);
    }

    /// How far business time is ahead of real time.
    pub fn offset(&self) -> SignedDuration {
        SignedDuration::from_secs(self.offset_seconds.load(Ordering::Relaxed))
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let wall = source::wall();
        // Beyond the calendar there is only its end.
        wall.saturating_add(self.offset()).unwrap_or(wall)
    }

    fn wall(&self) -> Timestamp {
        source::wall()
    }
}

/// A test's clock: it stands still until it is moved. Clones share it.
#[derive(Debug, Clone)]
pub struct StillClock {
    microseconds: Arc<AtomicI64>,
}

impl StillClock {
    /// Stands at a moment.
    pub fn at(moment: Timestamp) -> Self {
        StillClock { microseconds: Arc::new(AtomicI64::new(moment.as_microsecond())) }
    }

    /// Goes to another moment, forwards or back.
    pub fn move_to(&self, moment: Timestamp) {
        self.microseconds.store(moment.as_microsecond(), Ordering::SeqCst);
    }

    /// Goes on by a duration.
    pub fn advance(&self, by: std::time::Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.microseconds.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.microseconds.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }

    fn wall(&self) -> Timestamp {
        self.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_clock_moves_only_when_told() {
        let clock = StillClock::at("2026-03-02T01:00:00Z".parse().unwrap());
        assert_eq!(clock.now(), clock.wall());
        clock.advance(std::time::Duration::from_secs(90));
        assert_eq!(clock.now().to_string(), "2026-03-02T01:01:30Z");
    }

    #[test]
    fn the_date_is_the_halls_and_not_that_of_the_computer() {
        let clock = StillClock::at("2026-03-02T15:59:59Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2026-03-02");
        clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(clock.today().to_string(), "2026-03-03");
    }

    #[test]
    fn a_shifted_clock_runs_on_its_own_date() {
        let clock = ShiftedClock::starting_at("2026-03-02T01:00:00Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2026-03-02");
        clock.clone().move_to("2027-03-02T01:00:00Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2027-03-02");
        assert!(clock.wall().duration_since(source::wall()).abs() < SignedDuration::from_secs(60));
    }

    #[test]
    fn a_moment_of_real_time_is_shown_in_business_time() {
        let demo = ShiftedClock::starting_at("2026-03-02T01:00:00Z".parse().unwrap());
        let soon = demo.wall() + SignedDuration::from_mins(5);
        let until = demo.shown(soon).duration_since(demo.now());
        assert!((until - SignedDuration::from_mins(5)).abs() < SignedDuration::from_secs(2), "{until:?}");
        assert_eq!(SystemClock.shown(soon), soon);
    }
}
