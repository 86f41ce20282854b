//! What a department service is told when it starts.

use std::{collections::BTreeMap, path::PathBuf};

use domain::ids::{DepartmentId, HallId};
use protocol::Secret;
use uuid::Uuid;
use web::desk::{Office, OfficeKind};

/// A department service and its surroundings.
pub struct DepartmentConfig {
    /// The service's id: the leading key of its people. All other rows have the id of their department there.
    pub id: Uuid,
    /// What it is called at sign-in.
    pub name: String,
    /// The departments it serves.
    pub departments: Vec<DepartmentProfile>,
    /// The halls that send it tasks, with the address and secret of each.
    pub halls: BTreeMap<HallId, HallPeer>,
    /// Where files are kept, each department's in a folder of its own.
    pub files: PathBuf,
    /// Whether this is a demo: 样张 on every paper.
    pub demo: bool,
}

/// A department (部门) as its papers name it.
#[derive(Clone, Debug)]
pub struct DepartmentProfile {
    /// Its id.
    pub id: DepartmentId,
    /// Name (实施主体名称).
    pub name: String,
    /// Mark of the acceptance notices' numbers, such as 安市监许受.
    pub notice_mark: String,
    /// Mark of the numbers of notices of what is missing; [`Self::usual_supplement_mark`] where none is given.
    pub supplement_mark: String,
    /// Mark of the numbers of what says that an application is not accepted; [`Self::usual_rejection_mark`].
    pub rejection_mark: String,
    /// Mark of the decisions' numbers.
    pub decision_mark: String,
    /// Mark of the certificates' numbers.
    pub certificate_mark: String,
    /// What its seal says below its name, such as 行政许可专用章.
    pub seal: String,
    /// Address and phone, for the notices.
    pub contact: String,
    /// Where and how long a decision may be challenged, as printed.
    pub remedies: String,
    /// Whether the remedies were held against the law; 待核对 otherwise.
    pub remedies_verified: bool,
}

impl DepartmentProfile {
    /// The mark of notices of what is missing beside that of acceptance notices: 安市监许补 beside 安市监许受.
    pub fn usual_supplement_mark(notice_mark: &str) -> String {
        format!("{}补", stem(notice_mark))
    }

    /// The mark of what is not accepted beside that of acceptance notices: 安市监许不受 beside 安市监许受.
    pub fn usual_rejection_mark(notice_mark: &str) -> String {
        format!("{}不受", stem(notice_mark))
    }

    /// The office that people see.
    pub fn office(&self) -> Office {
        Office { id: self.id.0, name: self.name.clone(), kind: OfficeKind::Department }
    }
}

fn stem(notice_mark: &str) -> &str {
    notice_mark.strip_suffix('受').unwrap_or(notice_mark)
}

/// A hall as a department reaches it.
#[derive(Clone)]
pub struct HallPeer {
    /// Name (政务服务中心名称).
    pub name: String,
    /// Base address of its protocol.
    pub url: String,
    /// Shared secrets, the first of which signs; a second one while keys change.
    pub secrets: Vec<Secret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_of_notices_and_rejections_follow_from_that_of_acceptance() {
        for (notice, supplement, rejection) in
            [("安市监许受", "安市监许补", "安市监许不受"), ("安卫字", "安卫字补", "安卫字不受")]
        {
            assert_eq!(DepartmentProfile::usual_supplement_mark(notice), supplement);
            assert_eq!(DepartmentProfile::usual_rejection_mark(notice), rejection);
        }
    }
}
