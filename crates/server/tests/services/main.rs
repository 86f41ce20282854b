//! The services as people start them: in one program, and as processes of their own.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod catalogue;
mod embedded;
mod first_start;
mod papers;
mod processes;
mod program;
mod walk;
