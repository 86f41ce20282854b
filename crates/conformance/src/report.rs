//! What was found.

use std::fmt;

use serde::Serialize;

/// Something that an endpoint must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its stable name.
    pub name: &'static str,
    /// The paragraph of the protocol.
    pub paragraph: &'static str,
    /// What must be so.
    pub says: &'static str,
}

/// What was found of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    #[serde(flatten)]
    pub check: Check,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// What became of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It is so.
    Passed,
    /// It is not so.
    Failed {
        /// What was sent, what came, and what was expected.
        reason: String,
    },
    /// It was not looked at.
    Skipped {
        /// Why.
        reason: String,
    },
}

impl Verdict {
    pub(crate) fn failed(reason: impl Into<String>) -> Self {
        Verdict::Failed { reason: reason.into() }
    }

    pub(crate) fn skipped(reason: impl Into<String>) -> Self {
        Verdict::Skipped { reason: reason.into() }
    }
}

impl From<Result<(), String>> for Verdict {
    fn from(found: Result<(), String>) -> Self {
        found.map_or_else(Verdict::failed, |()| Verdict::Passed)
    }
}

/// All that was found, in the order of [`crate::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One finding for each check.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The names of the checks that failed.
    pub fn failed(&self) -> Vec<&'static str> {
        self.names(|verdict| matches!(verdict, Verdict::Failed { .. }))
    }

    /// The names of the checks that were not looked at.
    pub fn skipped(&self) -> Vec<&'static str> {
        self.names(|verdict| matches!(verdict, Verdict::Skipped { .. }))
    }

    fn names(&self, of: impl Fn(&Verdict) -> bool) -> Vec<&'static str> {
        self.findings.iter().filter(|finding| of(&finding.verdict)).map(|finding| finding.check.name).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { check, verdict } in &self.findings {
            match verdict {
                Verdict::Passed => writeln!(f, "passed   {}", check.name)?,
                Verdict::Failed { reason } => {
                    writeln!(f, "FAILED   {}  (protocol {}: {})", check.name, check.paragraph, check.says)?;
                    writeln!(f, "         {reason}")?;
                }
                Verdict::Skipped { reason } => writeln!(f, "skipped  {}: {reason}", check.name)?,
            }
        }
        let (failed, skipped) = (self.failed().len(), self.skipped().len());
        let passed = self.findings.len() - failed - skipped;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}
