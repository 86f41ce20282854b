//! Waiting until something is so.

use std::time::{Duration, Instant};

use crate::{HarnessError, Result};

/// How long anything may take on a loaded machine.
pub const LONG: Duration = Duration::from_secs(30);

/// Asks again until there is an answer.
///
/// # Errors
/// When there is none after [`LONG`], with what was waited for.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return Ok(answer);
        }
        if begun.elapsed() > LONG {
            return Err(HarnessError::InVain(what.to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}
