//! What a department has left to the window (委托受理、授权决定).

use domain::{
    ids::DepartmentId,
    item::{Item, Seat},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Hall, HallError};

/// What a department has left to the hall's windows, by an agreement, in a period.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// The agreement (委托受理协议), as papers cite it.
    pub agreement: String,
    /// First day, inclusive; none for no beginning.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day, inclusive; none for no end.
    #[serde(default)]
    pub until: Option<Date>,
    /// Mark of the numbers of notices that the window issues; not one that the department uses itself.
    pub notice_mark: String,
    /// Mark of the numbers of decisions that the window issues.
    pub decision_mark: String,
    /// Mark of the numbers of certificates that the window issues.
    pub certificate_mark: String,
    /// Name of the department's seal that the window may use.
    pub seal: String,
    /// Address and telephone of the department, as printed.
    pub contact: String,
    /// Where and how long a decision may be challenged, as printed.
    pub remedies: String,
    /// Whether the remedies were held against the law; 待核对 otherwise.
    #[serde(default)]
    pub remedies_verified: bool,
}

/// A step that a department can leave to the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DelegatedAct)]
pub enum Act {
    /// To accept or reject (受理、不予受理).
    Accept,
    /// To decide (决定).
    Decide,
}

impl Hall {
    /// The delegation by which the window may do something for the department of an item today.
    ///
    /// # Errors
    /// [`HallError::NotDelegated`], when the item leaves it to the department or no agreement is in force.
    pub(crate) fn delegation(&self, item: &Item, act: Act) -> Result<&Delegation, HallError> {
        let (seat, name) = match act {
            Act::Accept => (item.accepts, "accept"),
            Act::Decide => (item.decides, "decide"),
        };
        let today = self.0.clock.today();
        let in_force = self.delegation_of(item.department).filter(|delegation| {
            delegation.from.is_none_or(|from| from <= today) && delegation.until.is_none_or(|until| today <= until)
        });
        in_force.filter(|_| seat == Seat::Window).ok_or(HallError::NotDelegated { act: name })
    }

    /// What the window may do for the department of an item today.
    pub(crate) fn delegated(&self, item: &Item) -> Vec<Act> {
        [Act::Accept, Act::Decide].into_iter().filter(|act| self.delegation(item, *act).is_ok()).collect()
    }

    fn delegation_of(&self, department: DepartmentId) -> Option<&Delegation> {
        self.0.config.departments.get(&department)?.delegation.as_ref()
    }
}
