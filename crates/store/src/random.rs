//! The one place of this crate where chance comes in: salts made before a write, pauses, names of temporary files.

#![allow(clippy::disallowed_methods, reason = "what is drawn here decides nothing")]

use std::fmt;

/// Sixteen random bytes that keep a digest of personal content from being guessed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl Salt {
    /// A new salt from the operating system. Make it before the write, which may be run again.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "a salt is made where it is used, and never by a test's chance")]
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(bytes)
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// A random duration below the given milliseconds, for tries that should not meet again.
#[allow(clippy::disallowed_methods, reason = "waits that should not meet again")]
pub(crate) fn jitter(below_ms: u64) -> std::time::Duration {
    let mut bytes = [0; 8];
    // Without randomness the pause is the longest: still correct.
    let drawn = getrandom::fill(&mut bytes).map_or(u64::MAX, |()| u64::from_le_bytes(bytes));
    std::time::Duration::from_millis(drawn % below_ms.max(1))
}
