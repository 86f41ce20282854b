//! What the HTTP interfaces of hall and department share: problems, sessions, idempotency, pages, the gateway.
//!
//! Handlers extract, call and convert; here is what they extract with ([`json::Body`], [`session::Actor`],
//! [`idempotency::IdempotencyKey`], [`precondition::IfMatch`], [`page::After`]) and the one form in which they refuse
//! ([`problem::Problem`]). This crate knows no case and no rule of the office. Only [`source`] reads the computer's
//! clock and takes chance from the operating system.

pub mod clock;
pub mod desk;
pub mod extract;
pub mod feed;
pub mod gateway;
pub mod idempotency;
pub mod json;
pub mod page;
pub mod precondition;
pub mod problem;
pub mod retention;
pub mod server;
pub mod session;
pub mod source;
pub mod text;
pub mod view;
pub mod workers;

pub use clock::{Clock, ShiftedClock, StillClock, SystemClock};
pub use extract::{Path, Query};
pub use problem::{Problem, ProblemCode, ProblemField};
pub use session::Actor;
