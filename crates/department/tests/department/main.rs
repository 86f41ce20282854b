//! The department as its approvers and its halls meet it: through the routers, on both databases.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may, and makes its own ids")]

#[path = "../../../hall/tests/stage/mod.rs"]
mod stage;

mod accept_and_decide;
mod assignments;
mod claim;
mod crossings;
mod delegation;
mod enquiries;
mod fields;
mod many_departments;
mod of_before;
mod queue;
mod reading;
mod rejection;
mod review;
mod send_again;
mod silence;
mod supplement;
mod test_department;
