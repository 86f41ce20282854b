//! The catalogue (事项库): items read from files, their situations, materials and review points.

mod mentions;
mod rules;

pub use rules::{Application, Facts, NAMES, Rule, RuleError};
