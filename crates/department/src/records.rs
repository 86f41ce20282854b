//! Personal content of a task, as it is kept apart from the events.

use jiff::{Timestamp, civil::Date};
use protocol::{DepartmentField, MissingPoint, ReceivedField, RejectionGround, TaskAssigned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::text::is_hidden_in_lines;

/// One row of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CertificateRow)]
pub struct RowRecord {
    /// The printed label.
    pub label: String,
    /// What is printed beside it.
    pub value: String,
}

/// Which notice a model is of that was kept without it, where it says why there is another.
fn second() -> usize {
    2
}

/// What a paper of the department is rendered from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "paper", rename_all = "kebab-case")]
pub(crate) enum PaperModel {
    /// 受理通知书.
    Notice {
        number: String,
        accepted_at: Timestamp,
        /// When an approver confirmed what silence had accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirmed_at: Option<Timestamp>,
        decision_by: Option<Date>,
    },
    /// 补正告知书.
    SupplementNotice {
        number: String,
        points: Vec<MissingPoint>,
        /// Which of the case it is, from 1.
        #[serde(default = "second")]
        nth: usize,
        /// Why there is another than the first.
        second_because: Option<String>,
        asked_at: Timestamp,
    },
    /// 不予受理决定书.
    Rejection {
        number: String,
        ground: RejectionGround,
        reason: String,
        competent_authority: Option<String>,
        rejected_at: Timestamp,
    },
    /// 准予 / 不予行政许可决定书.
    Decision { number: String, granted: bool, reason: String, decided_at: Timestamp, certificate: Option<String> },
    /// 证照.
    Certificate {
        number: String,
        rows: Vec<RowRecord>,
        valid_from: Date,
        valid_until: Option<Date>,
        issued_at: Timestamp,
    },
}

/// The bytes of a record.
pub(crate) fn bytes(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).expect("records have string keys and no custom failures")
}

/// The longest value that is told of a field, in characters.
const LONGEST_VALUE: usize = 4_000;

/// What stands in each field of the department's own system, in the order of its screen.
pub(crate) fn received_fields(assigned: &TaskAssigned) -> Vec<ReceivedField> {
    let fields = assigned.item.department_fields.iter().map(|DepartmentField { name, label, pointer }| {
        let value = assigned.words_at(pointer);
        let note = if value.trim().is_empty() {
            Some("申请中没有这一项。")
        } else if value.chars().count() > LONGEST_VALUE {
            Some("内容过长，没有录入。")
        } else if value.contains(is_hidden_in_lines) {
            Some("含有不能录入的字符，没有录入。")
        } else {
            None
        };
        ReceivedField {
            name: name.clone(),
            label: label.clone(),
            value: note.is_none().then_some(value),
            taken: note.is_none(),
            note: note.map(str::to_owned),
        }
    });
    fields.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As departments kept it before silence could be confirmed.
    #[test]
    fn a_notice_of_before_is_one_that_nobody_confirmed() {
        let kept = r#"{"paper":"notice","number":"安市监许受〔2026〕1号","accepted_at":"2026-06-15T01:00:00Z","decision_by":"2026-06-23"}"#;
        let model: PaperModel = serde_json::from_str(kept).unwrap();
        let PaperModel::Notice { confirmed_at: None, decision_by: Some(_), .. } = &model else { panic!("{model:?}") };
        assert_eq!(String::from_utf8(bytes(&model)).unwrap(), kept);
    }
}
