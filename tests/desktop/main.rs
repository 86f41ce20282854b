//! The desktop program in its real window.

mod input_method;
mod journey;
mod shell;
mod sittings;
