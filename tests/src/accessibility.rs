//! What axe finds on a page.

use crate::driver::Pages;
use crate::{Result, workspace};

impl Pages {
    /// Lets axe look at the page; one line for each rule that is broken, with the elements that break it.
    ///
    /// # Errors
    /// Where axe is not installed (`npm ci` in `tests/`) or fails.
    pub async fn accessibility_faults(&self) -> Result<Vec<String>> {
        let axe = std::fs::read_to_string(workspace().join("tests/node_modules/axe-core/axe.min.js"))?;
        self.ask(&axe).await?;
        let faults = self
            .ask_later(
                "axe.run(document, { preload: false })
                    .then(({ violations }) => violations.map(({ id, impact, nodes }) =>
                        `${id} (${impact}): ${nodes.map((node) => node.target.join(' ')).join(', ')}`))
                    .then(done, (error) => done([`axe failed: ${error.stack}`]))",
            )
            .await?;
        Ok(faults.as_array().into_iter().flatten().filter_map(|fault| Some(fault.as_str()?.to_owned())).collect())
    }
}
