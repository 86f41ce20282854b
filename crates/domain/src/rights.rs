//! Roles and rights (岗位与权限): who may do what, for which items, in which period.

use jiff::civil::Date;

use crate::number::ImplementationCode;

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal => [$($right:ident),* $(,)?]),+ $(,)?) => {
        /// What somebody works as (岗位).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $role),+ }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$role),+];

            /// The role's stable name in stores and interfaces.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$role => $name),+ }
            }

            /// What the role may do.
            pub const fn rights(self) -> &'static [Right] {
                match self { $(Self::$role => &[$(Right::$right),*]),+ }
            }
        }
    };
}

roles! {
    /// Window clerk (窗口综合受理人员).
    WindowClerk = "window_clerk" => [
        ReadItem, ReadCase, TakeCase, ActForDepartment, Enquire, PrintPaper, SendToDepartmentAgain,
    ],
    /// Output clerk (出证窗口人员).
    OutputClerk = "output_clerk" => [ReadItem, ReadCase, PrintPaper, Enquire, DeliverCase],
    /// Approver (审批人员): accepts and reviews in a department.
    Approver = "approver" => [
        ReadTask, ClaimTask, AcceptTask, AskSupplement, RejectTask, ReviewTask, EnquireOfHall, SendToHallAgain,
    ],
    /// Principal delegate (首席代表): decides, and uses the department's seal; allows what must not be usual.
    Delegate = "delegate" => [ReadTask, ClaimTask, AskSupplementAgain, DecideTask, EnquireOfHall, SendToHallAgain],
    /// Supervisor of the hall (大厅主管): sees everything, takes no case.
    Supervisor = "supervisor" => [
        ReadItem, ReadCase, PrintPaper, Enquire, AllowSecondNotice, SendToDepartmentAgain,
    ],
    /// Administrator (系统管理员): accounts and devices, no cases.
    Administrator = "administrator" => [ReadItem],
}

impl Role {
    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }
}

/// Something that may be done (权限).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Read the catalogue.
    ReadItem,
    /// Read a case of the hall, with its papers and materials.
    ReadCase,
    /// Take a case (收件).
    TakeCase,
    /// Accept, reject or decide at the window what a department has delegated (委托受理、授权决定).
    ActForDepartment,
    /// Tell an applicant a second time what is missing (再次补正).
    AllowSecondNotice,
    /// Ask a department about a case, and answer it (前后台咨询).
    Enquire,
    /// Print a paper (打印).
    PrintPaper,
    /// Hand the result over (送达).
    DeliverCase,
    /// Read a task of the department.
    ReadTask,
    /// Take a task up, and let go of it (认领, 退回).
    ClaimTask,
    /// Accept (受理).
    AcceptTask,
    /// Tell the applicant everything that is missing, once (一次性告知).
    AskSupplement,
    /// Tell it a second time, with the reason (再次告知).
    AskSupplementAgain,
    /// Not accept (不予受理).
    RejectTask,
    /// Review before the decision (审核).
    ReviewTask,
    /// Ask the hall, and answer it (前后台咨询).
    EnquireOfHall,
    /// Decide (决定), under the department's seal.
    DecideTask,
    /// Send a message to a department again that was given up (重新发送).
    SendToDepartmentAgain,
    /// Send a message to a hall again that was given up (重新发送).
    SendToHallAgain,
}

/// For which items a grant holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemGroup {
    /// All items.
    All,
    /// Just these.
    Only(Vec<ImplementationCode>),
}

impl ItemGroup {
    fn contains(&self, item: Option<&ImplementationCode>) -> bool {
        match (self, item) {
            (Self::All, _) => true,
            (Self::Only(codes), Some(item)) => codes.contains(item),
            (Self::Only(_), None) => false,
        }
    }
}

/// A role given to somebody, for some items, in a period (授权).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// For which items.
    pub items: ItemGroup,
    /// First day, inclusive; none for no beginning.
    pub from: Option<Date>,
    /// Last day, inclusive; none for no end.
    pub until: Option<Date>,
}

impl Grant {
    /// The role for all items and without end.
    pub fn always(role: Role) -> Self {
        Self { role, items: ItemGroup::All, from: None, until: None }
    }

    fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// Whether grants allow something on a day, for an item or (none) for things that belong to no item.
///
/// The same rule serves every single read, list, search, count and command.
pub fn may(grants: &[Grant], right: Right, item: Option<&ImplementationCode>, day: Date) -> bool {
    grants.iter().any(|grant| grant.role.rights().contains(&right) && grant.holds_on(day) && grant.items.contains(item))
}
