//! The departments of a service: one database, and for each of them rows, files and an address of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use store::Store;
use uuid::Uuid;
use web::workers::Workers;

use crate::{Department, DepartmentConfig, DepartmentError, DepartmentProfile, Parts};

/// A department service. Clones share it.
#[derive(Clone)]
pub struct Departments(Arc<Inner>);

struct Inner {
    config: Arc<DepartmentConfig>,
    store: Store,
    departments: BTreeMap<Uuid, Department>,
}

impl Departments {
    /// A department service on its memory.
    ///
    /// # Errors
    /// When it is to serve no department, or two with the same id or mark; when the folder of files cannot be opened, or a
    /// hall's address or secret cannot be used.
    pub fn open(config: DepartmentConfig, parts: Parts) -> Result<Self, DepartmentError> {
        demand_different(&config.departments)?;
        let (config, client) = (Arc::new(config), protocol::Client::new().map_err(DepartmentError::network)?);
        let open =
            |profile: &DepartmentProfile| Ok((profile.id.0, Department::open(profile, &config, &parts, &client)?));
        let departments = config.departments.iter().map(open).collect::<Result<_, DepartmentError>>()?;
        Ok(Self(Arc::new(Inner { departments, store: parts.store, config })))
    }

    /// What the service was told when it started.
    pub fn config(&self) -> &DepartmentConfig {
        &self.0.config
    }

    /// The memory of its people. Closing it closes that of all departments.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// A department, if it is served here.
    pub fn get(&self, id: Uuid) -> Option<&Department> {
        self.0.departments.get(&id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Department> {
        self.0.departments.values()
    }

    /// Starts the workers of all departments.
    pub fn start(&self) -> Workers {
        let mut workers = Workers::default();
        for department in self.iter() {
            department.start(&mut workers);
        }
        workers
    }
}

/// Refuses what would have two departments share rows, or numbers of papers that are alike.
fn demand_different(departments: &[DepartmentProfile]) -> Result<(), DepartmentError> {
    if departments.is_empty() {
        return Err(DepartmentError::NoDepartment);
    }
    let (mut ids, mut marks) = (BTreeSet::new(), BTreeSet::new());
    for department in departments {
        let DepartmentProfile {
            id, notice_mark, supplement_mark, rejection_mark, decision_mark, certificate_mark, ..
        } = department;
        if !ids.insert(id) {
            return Err(DepartmentError::Twice { what: "the id", value: id.to_string() });
        }
        // One department may count several kinds of papers under one mark.
        for mark in BTreeSet::from([notice_mark, supplement_mark, rejection_mark, decision_mark, certificate_mark]) {
            if !marks.insert(mark) {
                return Err(DepartmentError::Twice { what: "the mark", value: mark.clone() });
            }
        }
    }
    Ok(())
}
