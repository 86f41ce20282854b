//! The one place where the computer's clock is read and chance comes from the operating system.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Real time, as the computer has it.
#[allow(clippy::disallowed_methods, reason = "this is the module that may")]
pub fn wall() -> Timestamp {
    Timestamp::now()
}

/// A moment to measure durations from.
#[allow(clippy::disallowed_methods, reason = "this is the module that may")]
pub fn instant() -> std::time::Instant {
    std::time::Instant::now()
}

/// Where random numbers and ids come from. Clones share it.
#[derive(Debug, Clone)]
pub struct Chance(Origin);

#[derive(Debug, Clone)]
enum Origin {
    System,
    Seeded { seed: u64, drawn: Arc<AtomicU64> },
}

impl Chance {
    /// Chance from the operating system.
    pub fn system() -> Self {
        Chance(Origin::System)
    }

    /// The same numbers every time, for tests and simulations. Never for secrets.
    pub fn seeded(seed: u64) -> Self {
        Chance(Origin::Seeded { seed, drawn: Arc::default() })
    }

    /// Random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness: nothing may go on with weak secrets.
    #[allow(clippy::disallowed_methods, reason = "this is the module that may")]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Origin::System => getrandom::fill(&mut bytes).expect("the operating system gives random bytes"),
            Origin::Seeded { seed, drawn } => {
                let draw = drawn.fetch_add(1, Ordering::Relaxed);
                for (block, chunk) in bytes.chunks_mut(32).enumerate() {
                    let digest = Sha256::new()
                        .chain_update(seed.to_le_bytes())
                        .chain_update(draw.to_le_bytes())
                        .chain_update((block as u64).to_le_bytes())
                        .finalize();
                    chunk.copy_from_slice(&digest[..chunk.len()]);
                }
            }
        }
        bytes
    }

    /// A number from the whole range, such as `protocol::next_try` wants.
    pub fn number(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// A new id (UUIDv7) that carries the moment handed in.
    pub fn id(&self, at: Timestamp) -> Uuid {
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &self.bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_carries_its_moment_and_sorts_by_it() {
        let chance = Chance::system();
        let early = chance.id(Timestamp::from_second(1_800_000_000).unwrap());
        let late = chance.id(Timestamp::from_second(1_800_000_001).unwrap());
        assert_eq!(early.get_version_num(), 7);
        assert!(early < late);
        assert_eq!(early.get_timestamp().unwrap().to_unix().0, 1_800_000_000);
    }

    #[test]
    fn a_seed_gives_the_same_numbers_and_never_the_same_one_twice() {
        let (one, other) = (Chance::seeded(1), Chance::seeded(1));
        let first: [u8; 70] = one.bytes();
        assert_eq!(first, other.bytes());
        assert_ne!(first, one.bytes());
        assert_ne!(Chance::seeded(2).bytes::<70>(), first);
        assert_ne!(Chance::system().number(), Chance::system().number());
    }
}
