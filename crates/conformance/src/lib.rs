//! Checks an endpoint of the department protocol, as a department's programmer runs it against their own.
//!
//! It plays the hall: sends what a hall sends, right and wrong, over HTTP, and listens where the department sends its messages.
//! It knows the protocol alone. What only somebody at the department can do is asked of an [`Operator`]. Every finding has a
//! stable name and the paragraph of `docs/protocol.md` that it is about.

mod checks;
mod listener;
mod operator;
mod report;
mod sample;
mod sender;
mod setup;

pub use checks::ALL;
pub use operator::{Act, Deed, Operator};
pub use report::{Check, Finding, Report, Verdict};
pub use setup::{CheckError, Setup, Waits, check};
