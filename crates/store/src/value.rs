//! Between the columns of both databases and the values of the API.

use crate::{Digest, StoreError};
use jiff::Timestamp;
use jiff::civil::Date;

/// Moments are kept as whole microseconds since 1970.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// Dates are kept as `2026-06-15`, which sorts as they do.
pub(crate) fn text(date: Date) -> String {
    date.to_string()
}

/// Says which row a value comes from, so that nonsense can be reported with its place.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) table: &'static str,
    pub(crate) key: &'a dyn std::fmt::Display,
}

impl<'a> Place<'a> {
    pub(crate) fn new(table: &'static str, key: &'a dyn std::fmt::Display) -> Self {
        Self { table, key }
    }

    pub(crate) fn corrupt(self, what: &'static str) -> StoreError {
        StoreError::corrupt(self.table, self.key, what)
    }

    pub(crate) fn at(self, micros: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(micros).map_err(|_| self.corrupt("a moment out of range"))
    }

    pub(crate) fn maybe_at(self, micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
        micros.map(|micros| self.at(micros)).transpose()
    }

    pub(crate) fn date(self, date: &str) -> Result<Date, StoreError> {
        date.parse().map_err(|_| self.corrupt("a date that is none"))
    }

    pub(crate) fn maybe_date(self, date: Option<String>) -> Result<Option<Date>, StoreError> {
        date.map(|date| self.date(&date)).transpose()
    }

    pub(crate) fn number<N: TryFrom<i64>>(self, value: i64) -> Result<N, StoreError> {
        N::try_from(value).map_err(|_| self.corrupt("a number out of range"))
    }

    pub(crate) fn digest(self, bytes: &[u8]) -> Result<Digest, StoreError> {
        bytes.try_into().map_err(|_| self.corrupt("a digest that is not 32 bytes"))
    }
}

/// A count or version for a `BIGINT`; what does not fit was never handed out.
pub(crate) fn big(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
