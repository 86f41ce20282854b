//! What was handed in.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::bounds::{CODE, FILE_SIZE, NAME};
use crate::fault::{Check, FaultCode};

/// One material of the case.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssignedMaterial {
    /// Its place in the case, from 0.
    pub index: u32,
    /// Its code in the item.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// What the item calls it.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The name of the file, if there is a file; a sheet of paper has none.
    #[schema(min_length = 1, max_length = 255)]
    pub file_name: Option<String>,
    /// `application/pdf`, `image/png` or `image/jpeg`.
    #[schema(min_length = 1, max_length = 100)]
    pub media_type: Option<String>,
    /// How many bytes.
    pub size: Option<u64>,
    /// By which the bytes are fetched.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: Option<String>,
    /// How many copies were handed in.
    #[schema(maximum = 1000)]
    pub copies: u32,
    /// Whether the original was handed in.
    pub original: bool,
}

impl fmt::Debug for AssignedMaterial {
    /// A file's name may name a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssignedMaterial")
            .field("index", &self.index)
            .field("code", &self.code)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

pub(super) fn check_materials(check: &mut Check, materials: &[AssignedMaterial]) {
    check.list("materials", materials, 500, |check, material| material.check(check));
    for (place, material) in materials.iter().enumerate() {
        if material.index as usize != place {
            check.within("materials", |check| {
                check.within(&place.to_string(), |check| {
                    check.fault("index", FaultCode::Contradiction, Value::from(material.index), None);
                });
            });
        }
    }
}

impl AssignedMaterial {
    pub(super) fn check(&self, check: &mut Check) {
        let AssignedMaterial { index: _, code, name, file_name, media_type, size, sha256, copies, original: _ } = self;
        check.line("code", code, CODE);
        check.line("name", name, NAME);
        check.optional_line("file_name", file_name.as_deref(), 255);
        check.optional_line("media_type", media_type.as_deref(), 100);
        check.number("copies", u64::from(*copies), 0, 1_000);
        if let Some(size) = size {
            check.number("size", *size, 1, FILE_SIZE);
        }
        if let Some(sha256) = sha256 {
            check.sha256("sha256", sha256);
        }
        if sha256.is_some() && (size.is_none() || media_type.is_none()) {
            check.fault("sha256", FaultCode::Contradiction, None, None);
        }
    }
}
