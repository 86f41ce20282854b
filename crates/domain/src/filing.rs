//! Filings (申办): one sitting at a window.

use crate::ids::{CaseId, FilingId};

/// The most cases one filing may hold.
pub const MOST_CASES: usize = 20;

/// A filing (申办): one or more cases of one applicant, taken at one sitting. A single item is a filing with one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    id: FilingId,
    cases: Vec<CaseId>,
}

impl Filing {
    /// A filing of these cases.
    ///
    /// # Errors
    /// When there is no case, a case twice, or more than [`MOST_CASES`].
    pub fn of(id: FilingId, cases: Vec<CaseId>) -> Result<Self, FilingError> {
        if cases.is_empty() {
            return Err(FilingError::Empty);
        }
        if cases.len() > MOST_CASES {
            return Err(FilingError::TooMany { cases: cases.len() });
        }
        for (n, case) in cases.iter().enumerate() {
            if cases[..n].contains(case) {
                return Err(FilingError::Twice { case: *case });
            }
        }
        Ok(Self { id, cases })
    }

    /// The filing's id.
    pub fn id(&self) -> FilingId {
        self.id
    }

    /// Its cases, in the order of the sitting.
    pub fn cases(&self) -> &[CaseId] {
        &self.cases
    }
}

/// Why these cases make no filing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilingError {
    /// There is no case in it.
    #[error("a filing needs at least one case")]
    Empty,
    /// There are too many.
    #[error("a filing holds at most {MOST_CASES} cases, not {cases}")]
    TooMany {
        /// How many there were.
        cases: usize,
    },
    /// One case is named twice.
    #[error("case {case} is in the filing twice")]
    Twice {
        /// That case.
        case: CaseId,
    },
}
