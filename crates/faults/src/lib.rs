//! Breaks things on purpose and looks at what is left: lines between hall and department that lose, repeat and delay, programs
//! that are killed at any moment, journals that somebody has edited, a database that goes away.
//!
//! It is used by its own tests, which are short, and by the program of the same name, which does the same for longer and
//! writes a report. Nothing here is part of the product. All services are real, on real databases and real HTTP; only what
//! lies between them ([`line::Line`]) is made.

pub mod desk;
pub mod draw;
pub mod examine;
pub mod kills;
pub mod line;
pub mod outage;
pub mod postgres;
pub mod storm;
pub mod tamper;
pub mod town;
pub mod wire;

/// What went wrong, in words. A fault test that cannot go on has nothing better to do than to say so.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// What came of it.
pub type Outcome<T> = Result<T, Trouble>;
