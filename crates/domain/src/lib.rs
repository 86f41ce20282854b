//! Items, filings, cases, tasks, clocks, numbers and rights of a service hall.
//!
//! Pure: no clock, no network, no randomness, no serialisation, no waiting. Whatever depends on the world is handed in, so
//! that the same commands always give the same events.

pub mod calendar;
pub mod case;
pub mod clock;
pub mod filing;
pub mod identity;
pub mod ids;
pub mod item;
pub mod number;
pub mod paper;
pub mod rights;
pub mod task;
