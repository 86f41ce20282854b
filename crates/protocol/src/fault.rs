//! What is wrong with a field of a message: where, what, and the value found there.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How much of an offending value is repeated.
const SHOWN: usize = 200;

/// One fault in one field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldFault {
    /// JSON pointer (RFC 6901) from the root of the event.
    pub pointer: String,
    /// What is wrong.
    pub code: FaultCode,
    /// The value found, cut to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The bound that was crossed, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultCode {
    /// Not of the type or format the field has, or missing.
    WrongType,
    /// Empty where something must be said.
    Empty,
    /// Longer than `limit` characters, or larger than `limit` bytes for raw JSON.
    TooLong,
    /// More entries than `limit`.
    TooMany,
    /// Outside of what the field can be.
    NotAllowed,
    /// Holds a control character.
    ControlCharacter,
    /// Contradicts another field.
    Contradiction,
}

impl FaultCode {
    /// The code as it stands in a problem document.
    pub fn as_str(self) -> &'static str {
        match self {
            FaultCode::WrongType => "wrong-type",
            FaultCode::Empty => "empty",
            FaultCode::TooLong => "too-long",
            FaultCode::TooMany => "too-many",
            FaultCode::NotAllowed => "not-allowed",
            FaultCode::ControlCharacter => "control-character",
            FaultCode::Contradiction => "contradiction",
        }
    }
}

/// Walks through a message and collects its faults.
pub(crate) struct Check {
    at: String,
    faults: Vec<FieldFault>,
}

impl Check {
    /// Starts at a JSON pointer.
    pub(crate) fn at(pointer: &str) -> Self {
        Check { at: pointer.to_owned(), faults: Vec::new() }
    }

    pub(crate) fn finish(self) -> Vec<FieldFault> {
        self.faults
    }

    pub(crate) fn fault(&mut self, field: &str, code: FaultCode, value: impl Into<Option<Value>>, limit: Option<u64>) {
        let pointer = format!("{}/{}", self.at, escaped(field));
        self.faults.push(FieldFault { pointer, code, value: value.into().map(shortened), limit });
    }

    /// Looks into an object below this one.
    pub(crate) fn within(&mut self, field: &str, look: impl FnOnce(&mut Check)) {
        let outer = self.at.len();
        self.at.push('/');
        self.at.push_str(&escaped(field));
        look(self);
        self.at.truncate(outer);
    }

    /// A text of 1 to `max` characters on one line.
    pub(crate) fn line(&mut self, field: &str, value: &str, max: usize) {
        self.text(field, value, max, |c| c.is_control());
    }

    /// A text of 1 to `max` characters that may have line breaks and tabs.
    pub(crate) fn lines(&mut self, field: &str, value: &str, max: usize) {
        self.text(field, value, max, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    }

    /// A text of 1 to `max` letters.
    pub(crate) fn letters(&mut self, field: &str, value: &str, max: usize) {
        self.text(field, value, max, |c| !c.is_alphabetic());
    }

    /// Like [`Check::line`], if there is one.
    pub(crate) fn optional_line(&mut self, field: &str, value: Option<&str>, max: usize) {
        if let Some(value) = value {
            self.line(field, value, max);
        }
    }

    fn text(&mut self, field: &str, value: &str, max: usize, forbidden: impl Fn(char) -> bool) {
        let found = || Value::from(value);
        if value.trim().is_empty() {
            self.fault(field, FaultCode::Empty, found(), None);
        } else if value.chars().nth(max).is_some() {
            self.fault(field, FaultCode::TooLong, found(), Some(max as u64));
        } else if value.chars().any(forbidden) {
            self.fault(field, FaultCode::ControlCharacter, found(), None);
        }
    }

    /// A list of at most `max` entries, each looked into.
    pub(crate) fn list<T>(&mut self, field: &str, items: &[T], max: usize, each: impl Fn(&mut Check, &T)) {
        if items.len() > max {
            self.fault(field, FaultCode::TooMany, Value::from(items.len()), Some(max as u64));
            return;
        }
        self.within(field, |check| {
            for (index, item) in items.iter().enumerate() {
                check.within(&index.to_string(), |check| each(check, item));
            }
        });
    }

    /// A sha256 in 64 small hexadecimal digits.
    pub(crate) fn sha256(&mut self, field: &str, value: &str) {
        if !is_sha256(value) {
            self.fault(field, FaultCode::NotAllowed, Value::from(value), None);
        }
    }

    /// A number from `min` to `max`.
    pub(crate) fn number(&mut self, field: &str, value: u64, min: u64, max: u64) {
        if value < min {
            self.fault(field, FaultCode::NotAllowed, Value::from(value), Some(min));
        } else if value > max {
            self.fault(field, FaultCode::NotAllowed, Value::from(value), Some(max));
        }
    }
}

/// Whether a text is a sha256 in the one form the protocol has.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The JSON pointer of a path found by `serde_path_to_error`, below `base`.
pub(crate) fn pointer_of(base: &str, path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(base.to_owned(), |mut pointer, segment| {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
        pointer
    })
}

/// A value that is short enough to be repeated; containers are left out.
pub(crate) fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.chars().take(SHOWN).collect()),
        Value::Array(items) => Value::String(format!("[{} entries]", items.len())),
        Value::Object(fields) => Value::String(format!("{{{} fields}}", fields.len())),
        other => other,
    }
}

fn escaped(field: &str) -> String {
    field.replace('~', "~0").replace('/', "~1")
}
