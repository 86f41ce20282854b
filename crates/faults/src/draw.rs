//! Chance that is the same for the same seed, whatever the order in which it is asked for.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// A source of numbers that belong to a seed.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    seed: u64,
}

impl Draw {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The number of a thing, below `limit`.
    pub fn below(self, limit: u64, thing: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, thing).hash(&mut hasher);
        hasher.finish() % limit.max(1)
    }

    /// Whether a thing is one of so many in a hundred.
    pub fn percent(self, percent: u64, thing: impl Hash) -> bool {
        self.below(100, thing) < percent
    }
}
