//! Hands on a real keyboard: keys go through the X server and the input method, not through a driver.

use crate::display::{Display, succeeded};
use crate::{Result, wait};

impl Display {
    /// Brings the window with this in its title to the front and waits until it has the keyboard.
    ///
    /// # Errors
    /// Where there is no such window.
    pub async fn focus(&self, title: &str) -> Result<()> {
        let what = format!("a window titled {title} with the keyboard");
        wait::until(&what, async || self.activate(&self.window(title).await?).await).await
    }

    /// The first visible window with this in its title.
    pub async fn window(&self, title: &str) -> Option<String> {
        let found = self.run("xdotool", &["search", "--onlyvisible", "--name", title]).await.ok()?;
        Some(String::from_utf8_lossy(&found.stdout).lines().next()?.to_owned())
    }

    /// Brings a window to the front, and says so when it has the keyboard.
    pub async fn activate(&self, window: &str) -> Option<()> {
        self.run("xdotool", &["windowactivate", window]).await.ok()?;
        let active = self.run("xdotool", &["getwindowfocus"]).await.ok()?;
        (String::from_utf8_lossy(&active.stdout).trim() == window).then_some(())
    }

    /// Types letters and digits, one key after the other.
    ///
    /// # Errors
    /// Where the keys cannot be sent.
    pub async fn type_keys(&self, keys: &str) -> Result<()> {
        let output = self.run("xdotool", &["type", "--delay", "15", keys]).await?;
        succeeded("xdotool", &output)
    }

    /// Presses keys in X notation, one after the other: `space`, `ctrl+Return`, `Tab`.
    ///
    /// # Errors
    /// Where the keys cannot be sent.
    pub async fn press(&self, keys: &[&str]) -> Result<()> {
        let mut arguments = vec!["key", "--delay", "15"];
        arguments.extend(keys);
        let output = self.run("xdotool", &arguments).await?;
        succeeded("xdotool", &output)
    }
}
