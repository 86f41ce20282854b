//! What a hall is told when it starts.

use std::{collections::BTreeMap, path::PathBuf};

use domain::{
    identity::DivisionPrefix,
    ids::{DepartmentId, HallId},
    number::{HallNumber, WindowNumber},
};
use protocol::Secret;

use crate::delegation::Delegation;

/// A hall and its surroundings.
#[derive(Clone)]
pub struct HallConfig {
    /// The hall's id; the leading key of every row.
    pub id: HallId,
    /// Name (政务服务中心名称).
    pub name: String,
    /// Where it is, as printed on guides; may be empty.
    pub address: String,
    /// Where to ask, by phone; may be empty.
    pub phone: String,
    /// Divisions that are known beside the provinces of the country.
    pub divisions: Vec<DivisionPrefix>,
    /// Number, the first four digits of every case number.
    pub number: HallNumber,
    /// Mark of the receipts' numbers, such as 安政服收.
    pub receipt_mark: String,
    /// The windows there are.
    pub windows: Vec<WindowNumber>,
    /// Where applicants look up their case, without a trailing slash.
    pub public_url: String,
    /// Where files are kept.
    pub files: PathBuf,
    /// The departments, with the address and secret of each.
    pub departments: BTreeMap<DepartmentId, DepartmentPeer>,
    /// The printers of the print station, by name.
    pub printers: BTreeMap<String, String>,
    /// Whether this is a demo hall: 演示 on every screen, 样张 on every paper.
    pub demo: bool,
}

/// A department as the hall reaches it.
#[derive(Clone)]
pub struct DepartmentPeer {
    /// Name (部门名称).
    pub name: String,
    /// Base address of its protocol.
    pub url: String,
    /// Shared secrets, the first of which signs; a second one while keys change.
    pub secrets: Vec<Secret>,
    /// What it has left to the windows; none: nothing.
    pub delegation: Option<Delegation>,
}

impl HallConfig {
    /// The departments' names, by their ids.
    pub fn department_names(&self) -> BTreeMap<DepartmentId, String> {
        self.departments.iter().map(|(id, peer)| (*id, peer.name.clone())).collect()
    }

    /// Where the progress of a case can be looked up; what a paper's QR code says.
    pub fn progress_url(&self, number: impl std::fmt::Display) -> String {
        format!("{}/c/{number}", self.public_url)
    }
}
