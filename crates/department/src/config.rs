//! What a department service is told when it starts.

use std::{collections::BTreeMap, path::PathBuf};

use domain::ids::{DepartmentId, HallId};
use protocol::Secret;
use uuid::Uuid;

/// A department service and its surroundings.
#[derive(Clone)]
pub struct DepartmentConfig {
    /// The service's id; the leading key of every row.
    pub id: Uuid,
    /// The departments it serves; exactly one so far.
    pub departments: Vec<DepartmentProfile>,
    /// The halls that send it tasks, with the address and secret of each.
    pub halls: BTreeMap<HallId, HallPeer>,
    /// Where files are kept.
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

/// A hall as the department reaches it.
#[derive(Clone)]
pub struct HallPeer {
    /// Name (政务服务中心名称).
    pub name: String,
    /// Base address of its protocol.
    pub url: String,
    /// Shared secrets, the first of which signs; a second one while keys change.
    pub secrets: Vec<Secret>,
}
