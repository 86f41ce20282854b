//! Days and moments as papers write them.

use jiff::civil::{Date, DateTime};

/// 2026年3月5日
pub(super) fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 2026年3月5日 09:05
pub(super) fn moment(at: DateTime) -> String {
    format!("{} {:02}:{:02}", day(at.date()), at.hour(), at.minute())
}

/// How long something is valid; without a last day for good (长期).
pub(super) fn validity(from: Date, until: Option<Date>) -> String {
    let from = day(from);
    match until {
        Some(until) => format!("自{from}至{}", day(until)),
        None => format!("自{from}起，长期有效"),
    }
}

/// A place for a date written by hand.
pub(super) const BLANK: &str = "　　　　年　　月　　日";
