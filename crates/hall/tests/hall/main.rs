//! The hall as its desks and departments meet it: through the routers, on both databases.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may, and makes its own ids")]

#[path = "../stage/mod.rs"]
mod stage;

mod applicants;
mod bad_filing;
mod bad_request;
mod catalogue;
mod crossings;
mod drafts;
mod fake_department;
mod full_house;
mod guides;
mod hand_over;
mod numbers;
mod of_before;
mod printing_and_delivery;
mod protocol_events;
mod reading;
mod repeated;
mod retention;
mod rights;
mod searching;
mod second_screen;
mod send_again;
mod sessions;
mod silence;
mod test_hall;
mod window_steps;
