//! JSON that is passed on as it came.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::bounds::RAW_JSON;
use crate::fault::{Check, FaultCode};

/// JSON that is passed on byte for byte: forms and their schemas belong to the item, not to the protocol.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// Takes text that is JSON.
    pub fn parse(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(RawJson)
    }

    /// The text exactly as it came.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The value of the text.
    pub fn to_value(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }
}

impl From<&Value> for RawJson {
    fn from(value: &Value) -> Self {
        RawJson(RawValue::from_string(value.to_string()).expect("a JSON value prints as JSON"))
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for RawJson {
    /// Forms are people's data: only the length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.as_str().len())
    }
}

pub(super) fn raw(check: &mut Check, field: &str, json: &RawJson) {
    if json.as_str().len() as u64 > RAW_JSON {
        check.fault(field, FaultCode::TooLong, None, Some(RAW_JSON));
    } else if !json.as_str().starts_with('{') {
        check.fault(field, FaultCode::WrongType, None, None);
    }
}
