//! Messages there and back, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test may")]

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;
use yichuang_protocol::{
    Agent, Answer, Applicant, ApplicantKind, Article, AssignedItem, AssignedMaterial, Certificate, CheckedPoint,
    ClockKind, DayUnit, DecisionForm, DecisionTexts, DepartmentField, Event, EventError, FaultCode, GivenNotice,
    HallName, ItemPapers, ItemResult, Limit, LimitStart, MAX_EVENT_BYTES, Message, MessageId, MissingPoint, NoticeForm,
    Outcome, PaperIssued, PaperKind, PaperRef, Party, RawJson, ReceiveError, ResultRow, ResultTemplate, Secret,
    SignatureError, Silence, TaskAccepted, TaskAssigned, TaskDecided, TaskDeemedAccepted, receive, sign,
};

const CASE: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);
const HALL: Party = Party::Hall(Uuid::from_u128(0x11));
const DEPARTMENT: Party = Party::Department(Uuid::from_u128(0x22));

fn moment() -> Timestamp {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn raw(value: Value) -> RawJson {
    RawJson::from(&value)
}

fn assigned() -> Message {
    Message::TaskAssigned(Box::new(TaskAssigned {
        case_id: CASE,
        number: "0001260302030017".into(),
        official_number: "370000-20260302-000017".into(),
        filing_id: Uuid::from_u128(0x33),
        department_id: Uuid::from_u128(0x22),
        hall: HallName { id: Uuid::from_u128(0x11), name: "安澜市政务服务中心".into() },
        window: "03".into(),
        taken_at: moment(),
        received_at: None,
        progress_url: "https://hall.example/p/0001260302030017".into(),
        item: AssignedItem {
            code: "food-licence".into(),
            version: 3,
            name: "食品经营许可".into(),
            kind: "licence".into(),
            limits: vec![Limit {
                clock: ClockKind::Statutory,
                days: 20,
                unit: DayUnit::Working,
                start: LimitStart::Acceptance,
                law: "行政许可法".into(),
                article: "第四十二条".into(),
                verified: true,
                silence: None,
            }],
            review_and_decision_in_one: true,
            result: ItemResult {
                mark: None,
                certificate_title: Some("食品经营许可证".into()),
                validity_years: Some(5),
                validity_months: None,
                valid_until: None,
                template: ResultTemplate::Certificate,
                rows: vec![ResultRow { label: "经营场所".into(), pointer: "/form/place".into() }],
            },
            papers: ItemPapers {
                acceptance_notice: NoticeForm { title: "行政许可申请受理通知书".into(), basis: vec![] },
                supplement_notice: NoticeForm {
                    title: "行政许可申请材料补正告知书".into(), basis: vec![]
                },
                refusal: NoticeForm { title: "行政许可申请不予受理决定书".into(), basis: vec![] },
                granted: decision_form("准予行政许可"),
                denied: decision_form("不予行政许可"),
            },
            decision_texts: Some(DecisionTexts {
                grant: "准予{/item/name}。".into(), refuse: "不予许可。".into()
            }),
            department_fields: vec![DepartmentField {
                name: "JYCS".into(),
                label: "经营场所".into(),
                pointer: "/form/place".into(),
            }],
            form_schema: raw(json!({ "type": "object" })),
            form_layout: Some(RawJson::parse(r#"{"ui:order":["premises","*"]}"#.into()).unwrap()),
            unverified_notes: vec!["承诺时限待核对".into()],
        },
        applicant: Applicant {
            kind: ApplicantKind::Organisation,
            name: "安澜小馆".into(),
            id_kind: "uscc".into(),
            id_number: "91370000MA00000000".into(),
            phone: "13800000000".into(),
            address: None,
            legal_representative: Some("王五".into()),
            contact: None,
        },
        agent: Some(Agent {
            name: "赵六".into(),
            id_number: "990100198001010026".into(),
            phone: "13900000000".into(),
            authority: "代为提交申请、领取结果".into(),
            until: None,
        }),
        answers: vec![Answer {
            question: "place".into(),
            text: "经营场所是自有还是租用？".into(),
            code: "rent".into(),
            label: "租用".into(),
        }],
        form: RawJson::parse(r#"{ "place" : "海滨路 1 号", "area": 60.0 }"#.into()).unwrap(),
        materials: vec![AssignedMaterial {
            index: 0,
            code: "lease".into(),
            name: "租赁合同".into(),
            file_name: Some("合同.pdf".into()),
            media_type: Some("application/pdf".into()),
            size: Some(1234),
            sha256: Some("ab".repeat(32)),
            copies: 1,
            original: false,
        }],
        points: vec![CheckedPoint {
            code: "lease-runs".into(),
            material: Some("lease".into()),
            text: "租期覆盖申请日".into(),
            reason: "租赁合同已到期，请提供在有效期内的租赁合同。".into(),
            blocking: true,
            by_machine: true,
            met: true,
            open: false,
        }],
        notices: vec![GivenNotice {
            asked_at: moment(),
            officer: "陈思远".into(),
            number: "安政服补〔2026〕1号".into(),
            points: vec![MissingPoint {
                code: Some("signed".into()), material: None, reason: "没有签字。".into()
            }],
        }],
    }))
}

fn decision_form(ruling: &str) -> DecisionForm {
    let article = Article { law: "行政许可法".into(), article: "第三十八条".into(), verified: false };
    DecisionForm { title: format!("{ruling}决定书"), ruling: ruling.into(), basis: vec![article] }
}

fn deemed_accepted() -> Message {
    let deemed_at = "2026-03-09T16:00:00Z".parse().unwrap();
    Message::TaskDeemedAccepted(TaskDeemedAccepted { case_id: CASE, accepted_at: moment(), deemed_at })
}

fn accepted() -> Message {
    Message::TaskAccepted(TaskAccepted {
        case_id: CASE,
        accepted_at: moment(),
        officer: "王建国".into(),
        notice: PaperRef { paper_id: Uuid::from_u128(0x44), number: "安市监受〔2026〕17号".into() },
    })
}

fn decided() -> Message {
    Message::TaskDecided(TaskDecided {
        case_id: CASE,
        decided_at: moment(),
        officer: "王建国".into(),
        outcome: Outcome::Granted,
        reason: "符合条件。\n准予许可。".into(),
        decision: PaperRef { paper_id: Uuid::from_u128(0x45), number: "安市监许〔2026〕17号".into() },
        certificate: Some(Certificate {
            paper_id: Uuid::from_u128(0x46),
            number: "JY13700000000017".into(),
            title: "食品经营许可证".into(),
            holder: "安澜小馆".into(),
            valid_from: "2026-03-02".parse().unwrap(),
            valid_until: Some("2031-03-01".parse().unwrap()),
        }),
    })
}

fn issued() -> Message {
    Message::PaperIssued(PaperIssued {
        case_id: CASE,
        paper_id: Uuid::from_u128(0x45),
        kind: PaperKind::Decision,
        number: "安市监许〔2026〕17号".into(),
        sha256: "cd".repeat(32),
        size: 43_210,
    })
}

fn event(source: Party, message: Message) -> Event {
    Event {
        id: MessageId::from(Uuid::from_u128(0x99)),
        source,
        time: moment(),
        subject: "0001260302030017".into(),
        sequence: 1,
        message,
    }
}

fn every_event() -> Vec<Event> {
    vec![
        event(HALL, assigned()),
        event(HALL, deemed_accepted()),
        event(DEPARTMENT, accepted()),
        event(DEPARTMENT, decided()),
        event(DEPARTMENT, issued()),
    ]
}

/// The event as JSON, with one field set to something else.
fn with(event: &Event, pointer: &str, value: Value) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(&event.to_bytes()).unwrap();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(fields) => {
            fields.insert(field.to_owned(), value);
        }
        Value::Array(items) => items[field.parse::<usize>().unwrap()] = value,
        other => panic!("{parent} is {other}"),
    }
    serde_json::to_vec(&document).unwrap()
}

fn fault_of(bytes: &[u8]) -> (String, FaultCode, Option<Value>) {
    match Event::parse(bytes) {
        Err(EventError::Invalid(faults)) => {
            let fault = faults.first().unwrap();
            (fault.pointer.clone(), fault.code, fault.value.clone())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_message_comes_back_as_it_went() {
    for event in every_event() {
        let bytes = event.to_bytes();
        assert_eq!(Event::parse(&bytes).unwrap(), event);
        assert_eq!(event.to_bytes(), bytes);
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(document["type"], event.message.event_type());
        assert_eq!(document["caseid"], json!(CASE));
        assert_eq!(document["sequence"], "1");
    }
}

#[test]
fn the_wire_form_of_every_message_stays() {
    let documents: Vec<Value> =
        every_event().iter().map(|event| serde_json::from_slice(&event.to_bytes()).unwrap()).collect();
    insta::assert_json_snapshot!(documents);
}

/// As halls sent it before limits had units and items had papers. It still lies in outboxes and records.
const ASSIGNED_BEFORE_UNITS: &str = include_str!("fixtures/task-assigned-before-units.json");

#[test]
fn an_assignment_of_before_units_and_papers_is_read() {
    let case = "01980000-0000-7000-8000-000000000001";
    let envelope = format!(
        r#"{{"specversion":"1.0","id":"7","source":"{HALL}","type":"yichuang.task.assigned","time":"2026-06-15T01:00:00Z",
            "subject":"0001260615010018","datacontenttype":"application/json","caseid":"{case}","sequence":"1",
            "data":{ASSIGNED_BEFORE_UNITS}}}"#
    );
    let Message::TaskAssigned(task) = Event::parse(envelope.as_bytes()).unwrap().message else { panic!() };
    let kept: TaskAssigned = serde_json::from_str(ASSIGNED_BEFORE_UNITS).unwrap();
    assert_eq!(*task, kept);
    let limits = task.item.limits.iter().map(|limit| (limit.clock, limit.days, limit.unit, limit.silence));
    assert_eq!(
        limits.collect::<Vec<_>>(),
        [
            (ClockKind::Intake, 5, DayUnit::Working, Some(Silence::DeemedAccepted)),
            (ClockKind::Statutory, 10, DayUnit::Working, None),
            (ClockKind::Promised, 5, DayUnit::Working, None),
        ]
    );
    assert_eq!(task.item.papers.acceptance_notice.title, "行政许可申请受理通知书");
    assert_eq!((task.item.papers.granted.ruling.as_str(), task.item.papers.denied.basis.len()), ("准予行政许可", 1));
    // What is quiet about silence today is quiet.
    let Message::TaskAssigned(today) = Event::parse(&event(HALL, assigned()).to_bytes()).unwrap().message else {
        panic!()
    };
    assert_eq!(today.item.limits[0].silence, None);
}

#[test]
fn a_form_is_passed_on_byte_for_byte() {
    let event = Event::parse(&event(HALL, assigned()).to_bytes()).unwrap();
    let Message::TaskAssigned(task) = &event.message else { panic!() };
    assert_eq!(task.form.as_str(), r#"{ "place" : "海滨路 1 号", "area": 60.0 }"#);
}

#[test]
fn an_unknown_type_is_an_error_of_its_own() {
    for name in ["yichuang.task.lost", "", "yichuang.task.assigned "] {
        let bytes = with(&event(HALL, assigned()), "/type", json!(name));
        assert!(matches!(Event::parse(&bytes), Err(EventError::UnknownType(found)) if found == name), "{name}");
    }
}

#[test]
fn what_a_newer_sender_adds_is_passed_over() {
    let original = event(DEPARTMENT, accepted());
    let bytes = with(&original, "/traceparent", json!("00-abc"));
    assert_eq!(Event::parse(&bytes).unwrap(), original);
    let bytes = with(&original, "/data/mood", json!("good"));
    assert_eq!(Event::parse(&bytes).unwrap(), original);
}

#[test]
fn a_wrong_field_is_named_with_its_value() {
    let hall = event(HALL, assigned());
    let silence = event(HALL, deemed_accepted());
    let decision = event(DEPARTMENT, decided());
    let paper = event(DEPARTMENT, issued());
    let long = "长".repeat(201);
    let shown: String = long.chars().take(200).collect();
    for (event, pointer, value, code, found) in [
        (&hall, "/specversion", json!("0.3"), FaultCode::NotAllowed, Some(json!("0.3"))),
        (&hall, "/id", json!("a.b"), FaultCode::NotAllowed, Some(json!("a.b"))),
        (&hall, "/id", json!(""), FaultCode::Empty, Some(json!(""))),
        (&hall, "/source", json!("urn:x"), FaultCode::NotAllowed, Some(json!("urn:x"))),
        (&hall, "/sequence", json!("0"), FaultCode::NotAllowed, Some(json!("0"))),
        (&hall, "/sequence", json!("01"), FaultCode::NotAllowed, Some(json!("01"))),
        (&hall, "/sequence", json!("1000000000000000000"), FaultCode::NotAllowed, Some(json!("1000000000000000000"))),
        (&hall, "/sequence", json!(1), FaultCode::WrongType, Some(json!(1))),
        (&hall, "/caseid", json!(Uuid::nil()), FaultCode::Contradiction, Some(json!(Uuid::nil()))),
        (&hall, "/time", json!("yesterday"), FaultCode::WrongType, Some(json!("yesterday"))),
        (&hall, "/subject", json!("1".repeat(65)), FaultCode::TooLong, Some(json!("1".repeat(65)))),
        (&hall, "/datacontenttype", json!("text/xml"), FaultCode::NotAllowed, Some(json!("text/xml"))),
        (&hall, "/data/applicant/name", json!(long), FaultCode::TooLong, Some(json!(shown))),
        (&hall, "/data/applicant/name", json!("  "), FaultCode::Empty, Some(json!("  "))),
        (&hall, "/data/applicant/name", json!("a\u{0}b"), FaultCode::ControlCharacter, Some(json!("a\u{0}b"))),
        (&hall, "/data/applicant/kind", json!("robot"), FaultCode::WrongType, Some(json!("robot"))),
        (&hall, "/data/item/limits/0/days", json!(1001), FaultCode::NotAllowed, Some(json!(1001))),
        (&hall, "/data/item/limits/0/days", json!(-1), FaultCode::WrongType, Some(json!(-1))),
        (&hall, "/data/materials/0/index", json!(1), FaultCode::Contradiction, Some(json!(1))),
        (
            &hall,
            "/data/materials/0/sha256",
            json!("AB".repeat(32)),
            FaultCode::NotAllowed,
            Some(json!("AB".repeat(32))),
        ),
        (&hall, "/data/materials/0/size", json!(null), FaultCode::Contradiction, None),
        (&hall, "/data/progress_url", json!("javascript:1"), FaultCode::NotAllowed, Some(json!("javascript:1"))),
        (
            &hall,
            "/data/received_at",
            json!("2026-03-02T00:59:59Z"),
            FaultCode::Contradiction,
            Some(json!("2026-03-02T00:59:59Z")),
        ),
        (&hall, "/data/form", json!([1]), FaultCode::WrongType, None),
        (&hall, "/data/item/unverified_notes/0", json!(""), FaultCode::Empty, Some(json!(""))),
        (
            &silence,
            "/data/deemed_at",
            json!("2026-03-02T01:00:00Z"),
            FaultCode::Contradiction,
            Some(json!("2026-03-02T01:00:00Z")),
        ),
        (&decision, "/data/outcome", json!("denied"), FaultCode::Contradiction, None),
        (&decision, "/data/reason", json!("x".repeat(4001)), FaultCode::TooLong, Some(json!("x".repeat(200)))),
        (
            &decision,
            "/data/certificate/valid_until",
            json!("2026-03-01"),
            FaultCode::Contradiction,
            Some(json!("2026-03-01")),
        ),
        (
            &decision,
            "/data/certificate/valid_from",
            json!("2026-02-30"),
            FaultCode::WrongType,
            Some(json!("2026-02-30")),
        ),
        (&paper, "/data/size", json!(0), FaultCode::NotAllowed, Some(json!(0))),
        (&paper, "/data/kind", json!("receipt"), FaultCode::WrongType, Some(json!("receipt"))),
        (&paper, "/data", json!(null), FaultCode::WrongType, Some(json!(null))),
    ] {
        let (at, what, value_found) = fault_of(&with(event, pointer, value));
        let expected_at = match pointer {
            "/data/materials/0/size" => "/data/materials/0/sha256",
            "/data/outcome" => "/data/certificate",
            other => other,
        };
        assert_eq!((at.as_str(), what, value_found), (expected_at, code, found), "{pointer}");
    }
}

#[test]
fn every_fault_is_found_in_one_go() {
    let mut document: Value = serde_json::from_slice(&event(HALL, assigned()).to_bytes()).unwrap();
    document["subject"] = json!("");
    document["data"]["applicant"]["name"] = json!("");
    document["data"]["item"]["result"]["rows"][0]["label"] = json!("");
    let Err(EventError::Invalid(faults)) = Event::parse(&serde_json::to_vec(&document).unwrap()) else { panic!() };
    let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/subject", "/data/item/result/rows/0/label", "/data/applicant/name"]);
}

#[test]
fn too_many_entries_are_counted_and_not_repeated() {
    let many = json!(vec!["待核对"; 201]);
    let (pointer, code, value) = fault_of(&with(&event(HALL, assigned()), "/data/item/unverified_notes", many));
    assert_eq!((pointer.as_str(), code, value), ("/data/item/unverified_notes", FaultCode::TooMany, Some(json!(201))));
}

#[test]
fn a_huge_form_and_a_huge_event_are_refused() {
    let form = json!({ "text": "x".repeat(257 * 1024) });
    let (pointer, code, value) = fault_of(&with(&event(HALL, assigned()), "/data/form", form));
    assert_eq!((pointer.as_str(), code, value), ("/data/form", FaultCode::TooLong, None));

    let huge = vec![b' '; MAX_EVENT_BYTES + 1];
    assert!(matches!(Event::parse(&huge), Err(EventError::TooLarge(_))));
}

#[test]
fn what_is_no_json_is_malformed() {
    for bytes in [&b""[..], b"{", b"\xff\xfe", b"{}{}", b"null null", &[b'['; 100_000]] {
        assert!(matches!(Event::parse(bytes), Err(EventError::Malformed { .. })), "{bytes:?}");
    }
    for bytes in [&b"{}"[..], b"null", b"[]", b"7", b"\"text\""] {
        assert!(matches!(Event::parse(bytes), Err(EventError::Invalid(_))), "{bytes:?}");
    }
}

#[test]
fn personal_content_is_not_in_debug_output() {
    let shown = format!("{:?}", every_event());
    for personal in ["安澜小馆", "91370000MA00000000", "13800000000", "海滨路", "合同.pdf"] {
        assert!(!shown.contains(personal), "{personal}");
    }
}

#[test]
fn a_request_is_believed_only_when_signature_headers_and_event_agree() {
    let secret = Secret::generate([7; 32]);
    let secrets = [secret];
    let told = event(DEPARTMENT, accepted());
    let body = told.to_bytes();
    let headers = sign(&secrets, &told.id, moment(), &body).unwrap();

    assert_eq!(receive(&headers, &body, DEPARTMENT, &secrets, moment()).unwrap(), told);

    // The signature comes first: what is wrong with an unsigned event is not told.
    let stranger = [Secret::generate([8; 32])];
    assert!(matches!(
        receive(&headers, b"{", DEPARTMENT, &stranger, moment()),
        Err(ReceiveError::Signature(SignatureError::Mismatch))
    ));

    let other_id = "other".parse().unwrap();
    let headers = sign(&secrets, &other_id, moment(), &body).unwrap();
    let Err(ReceiveError::Event(EventError::Invalid(faults))) =
        receive(&headers, &body, DEPARTMENT, &secrets, moment())
    else {
        panic!()
    };
    assert_eq!(faults[0].pointer, "/id");

    let headers = sign(&secrets, &told.id, moment(), &body).unwrap();
    let Err(ReceiveError::Event(EventError::Invalid(faults))) = receive(&headers, &body, HALL, &secrets, moment())
    else {
        panic!()
    };
    assert_eq!(faults[0].pointer, "/source");
}

proptest! {
    /// Whatever comes, parsing ends with an event or an error, and an event reads what it writes.
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Event::parse(&bytes);
    }

    #[test]
    fn any_text_of_a_decision_survives_or_is_refused(officer in ".{0,210}", reason in "\\PC{0,50}") {
        let mut message = decided();
        if let Message::TaskDecided(decision) = &mut message {
            decision.officer = officer;
            decision.reason = reason;
        }
        let event = event(DEPARTMENT, message);
        match Event::parse(&event.to_bytes()) {
            Ok(parsed) => prop_assert_eq!(parsed, event),
            Err(EventError::Invalid(faults)) => {
                prop_assert!(faults.iter().all(|fault| fault.pointer.starts_with("/data/")));
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn a_message_id_is_read_as_it_is_written(text in "\\PC{0,140}") {
        if let Ok(id) = text.parse::<MessageId>() {
            prop_assert_eq!(id.as_str(), text.as_str());
            prop_assert!(text.is_ascii() && !text.contains('.'));
        }
    }
}
