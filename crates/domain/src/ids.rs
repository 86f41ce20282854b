//! Identifiers, each of its own type. All are made by the application (UUIDv7) and handed in.

use std::fmt;

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A service hall (政务服务中心).
    HallId,
    /// A department (部门): the authority that decides.
    DepartmentId,
    /// A filing (申办): one sitting at a window.
    FilingId,
    /// A case (办件). The draft it grew from had the same id.
    CaseId,
    /// A member of staff (工作人员).
    StaffId,
    /// Personal content kept apart from the events (个人信息记录).
    RecordId,
    /// A paper (文书).
    PaperId,
    /// One attempt to put a paper on paper (打印).
    PrintId,
    /// A question between window and department (前后台咨询).
    EnquiryId,
}

/// Personal content referred to from an event: where it is, and a salted SHA-256 that proves which bytes were meant.
/// The content can be erased without touching the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The record that holds the bytes.
    pub record: RecordId,
    /// SHA-256 over the record's salt and bytes.
    pub digest: [u8; 32],
}
