//! The conformance suite passes against our department service, and fails with a named reason against broken ones.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may")]

#[path = "../../../hall/tests/stage/mod.rs"]
mod stage;

mod approver;
mod breaker;
mod broken;
mod our_department;
