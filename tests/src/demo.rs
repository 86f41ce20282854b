//! The demo hall as a server of its own, for a browser.

use std::path::PathBuf;

use tokio::process::{Child, Command};

use crate::display::{end, first_line};
use crate::{Result, built};

/// A running `yichuang-server demo` with data of its own. Ends with it.
pub struct Demo {
    /// Where its pages are.
    pub url: String,
    data: PathBuf,
    program: Child,
}

impl Demo {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// Where it does not come up.
    pub async fn start() -> Result<Self> {
        let data = std::env::temp_dir().join(format!("yichuang-demo-{}", std::process::id()));
        let mut command = Command::new(built("yichuang-server"));
        command.args(["demo", "--listen", "0", "--data"]).arg(&data);
        let (url, program) = first_line(command).await?;
        Ok(Self { url, data, program })
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        end(&mut self.program);
        // A folder that stays behind in the temporary folder does no harm.
        let _ = std::fs::remove_dir_all(&self.data);
    }
}
