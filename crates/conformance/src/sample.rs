//! The cases that are sent: a fictional applicant, an item with every part that a message can have.

use std::sync::atomic::{AtomicU16, Ordering};

use domain::{
    clock::hall_date,
    number::{CaseNumber, HallNumber, WindowNumber},
};
use jiff::Timestamp;
use protocol::{Event, Message, MessageId, Party, TaskAssigned};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use web::source::{Chance, wall};

/// The bytes of the material: a PDF, as small as one can be, with the case's number in it.
pub(crate) fn material(number: &str) -> Vec<u8> {
    format!("%PDF-1.4\n% {number}\ntrailer<</Root 1 0 R>>\n%%EOF\n").into_bytes()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Makes cases.
pub(crate) struct Samples {
    hall: Uuid,
    department: Uuid,
    next: AtomicU16,
    chance: Chance,
}

/// A case of the check.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) assigned: TaskAssigned,
    hall: Uuid,
}

impl Samples {
    pub(crate) fn new(hall: Uuid, department: Uuid) -> Self {
        let chance = Chance::system();
        // Two checks on one day shall not have the same numbers.
        let next = AtomicU16::new((chance.number() % 900) as u16 + 1);
        Self { hall, department, next, chance }
    }

    pub(crate) fn new_id(&self) -> Uuid {
        self.chance.id(wall())
    }

    /// A case that nobody knows yet.
    pub(crate) fn case(&self) -> Sample {
        // Whole seconds come back as they were sent, however finely a department keeps them.
        let now = Timestamp::from_second(wall().as_second()).unwrap_or_default();
        let number = number(now, self.next.fetch_add(1, Ordering::Relaxed) % 999 + 1);
        let assigned = assigned(self, &number, now);
        Sample { assigned, hall: self.hall }
    }

    pub(crate) fn event(&self, sample: &Sample, sequence: u64, message: Message) -> Event {
        Event {
            id: MessageId::from(self.new_id()),
            source: Party::Hall(sample.hall),
            time: wall(),
            subject: sample.assigned.number.clone(),
            sequence,
            message,
        }
    }

    pub(crate) fn assignment(&self, sample: &Sample) -> Event {
        self.event(sample, 1, Message::TaskAssigned(Box::new(sample.assigned.clone())))
    }
}

fn number(now: Timestamp, nth: u16) -> String {
    let (hall, window) = (HallNumber::new(1), WindowNumber::new(1));
    let number = hall.and_then(|hall| CaseNumber::new(hall, hall_date(now), window?, nth));
    number.map(|number| number.to_string()).expect("a number of this century from 1 to 999")
}

/// What the department's own fields have to say, in the order of the assignment.
pub(crate) const FIELDS: [(&str, &str, &str); 4] = [
    ("SQRMC", "申请人名称", "/applicant/name"),
    ("JYCS", "经营场所", "/form/premises"),
    ("CSQK", "场所情况", "/answers/place"),
    ("BZ", "备注", "/form/remark"),
];

fn assigned(samples: &Samples, number: &str, now: Timestamp) -> TaskAssigned {
    let bytes = material(number);
    let form = |title: &str| json!({ "title": title, "basis": [] });
    let decision = |ruling: &str| json!({ "title": format!("{ruling}决定书"), "ruling": ruling, "basis": [] });
    let limit = |clock: &str, days: u16, start: &str| {
        json!({ "clock": clock, "days": days, "unit": "working", "start": start, "law": "协议检查", "article": "第一条",
            "verified": false, "silence": if clock == "intake" { json!("deemed-accepted") } else { Value::Null } })
    };
    let fields = FIELDS.map(|(name, label, pointer)| json!({ "name": name, "label": label, "pointer": pointer }));
    let value = json!({
        "case_id": samples.new_id(),
        "number": number,
        "official_number": format!("CHECK-{number}"),
        "filing_id": samples.new_id(),
        "department_id": samples.department,
        "hall": { "id": samples.hall, "name": "协议检查大厅" },
        "window": "01",
        "taken_at": now,
        "progress_url": format!("https://hall.example/c/{number}"),
        "item": {
            "code": "protocol-check", "version": 1, "name": "协议检查事项", "kind": "行政许可",
            "limits": [limit("intake", 5, "receipt"), limit("statutory", 10, "acceptance")],
            "review_and_decision_in_one": true,
            "result": {
                "certificate_title": "协议检查证", "validity_years": 5,
                "rows": [{ "label": "名称", "pointer": "/applicant/name" }],
            },
            "papers": {
                "acceptance_notice": form("受理通知书"), "supplement_notice": form("补正告知书"),
                "refusal": form("不予受理决定书"), "granted": decision("准予许可"), "denied": decision("不予许可"),
            },
            "department_fields": fields,
            "form_schema": { "type": "object", "properties": { "premises": { "type": "string" } } },
            "form_layout": { "ui:order": ["premises"] },
            "unverified_notes": [],
        },
        "applicant": {
            "kind": "person", "name": "欧阳晓岚", "id_kind": "resident-id", "id_number": "11010519900307283X",
            "phone": "13800138000",
        },
        "answers": [{ "question": "place", "text": "经营场所是自有还是租用？", "code": "rent", "label": "租用" }],
        "form": { "premises": "安澜市桂花街12号" },
        "materials": [{
            "index": 0, "code": "application", "name": "申请书", "file_name": "申请书.pdf", "media_type": "application/pdf",
            "size": bytes.len(), "sha256": sha256(&bytes), "copies": 1, "original": true,
        }],
        "points": [],
    });
    serde_json::from_value(value).expect("the sample has the form of an assignment")
}
