//! The life of a case and of a task: what is allowed where, and that a replayed journal gives the same state.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fmt::Write as _;

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use uuid::Uuid;
use yichuang_domain::{
    case::{
        Acceptance, Case, Certificate, Command, Context, Decision, Delivery, Event, HandedMaterial, Intake, Outcome,
        Refusal, decide, evolve,
    },
    clock::{Article, Budget, ClockRule},
    ids::{CaseId, DepartmentId, FilingId, HallId, PaperId, PrintId, RecordId, Sealed, StaffId},
    item::{DecisionForm, Fee, Item, ItemKind, ItemPapers, Material, NoticeForm, ProcedureProfile, ResultDocument},
    number::{CaseNumber, HallNumber, ImplementationCode, OfficialNumber, WindowNumber},
    paper::NumberedPaper,
    task::{
        Assignment, Task, TaskAcceptance, TaskCertificate, TaskCommand, TaskDecision, TaskEvent, decide_task,
        evolve_task,
    },
};

const CODE: &str = "11990100MB000131013000131901001";

fn item() -> Item {
    let promise = Article::unverified("承诺", "食品经营许可");
    Item {
        code: ImplementationCode::parse(CODE).unwrap(),
        version: 1,
        name: "食品经营许可（新办）".into(),
        aliases: vec![],
        kind: ItemKind::Licence,
        department: DepartmentId(Uuid::from_u128(31)),
        department_name: "市场监督管理局".into(),
        immediate: false,
        basis: vec![],
        profile: ProcedureProfile {
            limits: vec![
                ClockRule::licence_intake(),
                ClockRule::licence_decision(),
                ClockRule::promised(Budget::WorkingDays(5), promise),
            ],
            review_and_decision_in_one: true,
        },
        fee: Fee { text: "不收费".into(), sourced: true },
        form: "{}".into(),
        form_layout: "{}".into(),
        materials: vec![Material {
            code: "application".into(),
            name: "申请书".into(),
            source: "申请人".into(),
            copies: 1,
            original: true,
            required: true,
            standard: String::new(),
            sourced: true,
        }],
        result: ResultDocument {
            certificate_title: "食品经营许可证".into(),
            validity_years: Some(5),
            rows: vec![],
            sourced: true,
        },
        papers: ItemPapers {
            acceptance_notice: NoticeForm { title: "行政许可申请受理通知书".into(), basis: vec![] },
            granted: decision_form("准予行政许可"),
            denied: decision_form("不予行政许可"),
        },
        cautions: vec![],
    }
}

fn decision_form(ruling: &str) -> DecisionForm {
    DecisionForm { title: format!("{ruling}决定书"), ruling: ruling.into(), basis: vec![] }
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_781_000_000 + hour * 3600).unwrap()
}

fn sealed(n: u128) -> Sealed {
    Sealed { record: RecordId(Uuid::from_u128(n)), digest: [n as u8; 32] }
}

fn paper(n: u128, number: &str) -> NumberedPaper {
    NumberedPaper { id: PaperId(Uuid::from_u128(n)), number: number.into() }
}

fn number() -> CaseNumber {
    let (hall, window) = (HallNumber::new(1).unwrap(), WindowNumber::new(3).unwrap());
    CaseNumber::new(hall, date(2026, 6, 15), window, 1).unwrap()
}

fn intake() -> Intake {
    let item = item();
    Intake {
        filing: FilingId(Uuid::from_u128(2)),
        number: number(),
        official: OfficialNumber::new(item.code.clone(), date(2026, 6, 15), 1).unwrap(),
        item: item.key(),
        department: item.department,
        window: WindowNumber::new(3).unwrap(),
        taken_at: at(0),
        applicant: sealed(10),
        form: sealed(11),
        materials: vec![HandedMaterial { code: "application".into(), file: sealed(12) }],
        receipt: paper(20, "安政服收〔2026〕1号"),
    }
}

fn decision(outcome: Outcome) -> Decision {
    Decision {
        decided_at: at(30),
        outcome,
        reason: sealed(14),
        document: paper(22, "安市监许决〔2026〕1号"),
        certificate: (outcome == Outcome::Granted).then(|| Certificate {
            paper: paper(23, "安市监食证〔2026〕1号"),
            valid_from: date(2026, 6, 16),
            valid_until: Some(date(2031, 6, 15)),
        }),
    }
}

/// Every command a case knows, once or in each of its kinds.
fn commands() -> Vec<(&'static str, Command)> {
    let file = |n: u128| Command::FilePaper { paper: PaperId(Uuid::from_u128(n)), digest: [n as u8; 32] };
    let print =
        |n: u128| Command::RecordPrint { paper: PaperId(Uuid::from_u128(n)), print: PrintId(Uuid::from_u128(100 + n)) };
    let acceptance =
        Acceptance { accepted_at: at(20), officer: sealed(13), notice: paper(21, "安市监许受〔2026〕1号") };
    vec![
        ("take", Command::Take(intake())),
        ("accept", Command::RecordAcceptance(acceptance)),
        ("deem accepted", Command::DeemAccepted { deemed_at: at(10) }),
        ("grant", Command::RecordDecision(decision(Outcome::Granted))),
        ("deny", Command::RecordDecision(decision(Outcome::Denied))),
        ("file receipt", file(20)),
        ("file notice", file(21)),
        ("file decision", file(22)),
        ("file certificate", file(23)),
        ("file a stranger's paper", file(99)),
        ("print receipt", print(20)),
        ("print notice", print(21)),
        ("print decision", print(22)),
        ("print certificate", print(23)),
        ("deliver", Command::Deliver(Delivery { delivered_at: at(40), collector: sealed(15) })),
    ]
}

fn command(name: &str) -> Command {
    let found = commands().into_iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no command {name}")).1
}

fn give(case: Case, command: Command) -> Result<Case, Refusal> {
    let events = decide(&case, command, &Context { item: &item() })?;
    Ok(events.into_iter().fold(case, evolve))
}

fn case_after(names: &[&str]) -> Case {
    let draft = Case::draft(CaseId(Uuid::from_u128(1)));
    names.iter().fold(draft, |case, name| give(case, command(name)).unwrap())
}

fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Taken(_) => "Taken",
        Event::Accepted(_) => "Accepted",
        Event::DeemedAccepted { .. } => "DeemedAccepted",
        Event::AcceptanceConfirmed(_) => "AcceptanceConfirmed",
        Event::Decided(_) => "Decided",
        Event::PaperFiled { .. } => "PaperFiled",
        Event::PaperPrinted { .. } => "PaperPrinted",
        Event::Issued => "Issued",
        Event::Delivered(_) => "Delivered",
        Event::Closed => "Closed",
    }
}

const LIFE: &[(&str, &[&str])] = &[
    ("draft", &[]),
    ("taken", &["take"]),
    ("accepted", &["take", "accept"]),
    ("accepted by silence", &["take", "deem accepted"]),
    ("accepted by silence, confirmed", &["take", "deem accepted", "accept"]),
    ("decided, granted", &["take", "accept", "grant"]),
    ("decided after silence", &["take", "deem accepted", "grant"]),
    ("decided, denied", &["take", "accept", "deny"]),
    ("decided, certificate filed", &["take", "accept", "grant", "file certificate"]),
    ("issued", &["take", "accept", "grant", "file certificate", "file decision"]),
    ("issued, denied", &["take", "accept", "deny", "file decision"]),
    (
        "issued and printed",
        &["take", "accept", "grant", "file certificate", "file decision", "print certificate", "print decision"],
    ),
    (
        "closed",
        &[
            "take",
            "accept",
            "grant",
            "file certificate",
            "file decision",
            "print certificate",
            "print decision",
            "deliver",
        ],
    ),
];

#[test]
fn the_allowed_transitions_of_a_case_are_these() {
    let mut table = String::new();
    for (state, history) in LIFE {
        let case = case_after(history);
        for (name, command) in commands() {
            let line = match decide(&case, command, &Context { item: &item() }) {
                Ok(events) if events.is_empty() => "nothing more".to_owned(),
                Ok(events) => {
                    let after = events.iter().cloned().fold(case.clone(), evolve);
                    let names: Vec<_> = events.iter().map(event_name).collect();
                    format!("{} → {}", names.join(", "), after.state.name())
                }
                Err(Refusal::NotNow { .. }) => continue,
                Err(refusal) => format!("refused: {}", refusal.code()),
            };
            writeln!(table, "{state:32}{name:26}{line}").unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_case_lacking_a_required_material_is_not_taken() {
    let mut without = intake();
    without.materials.clear();
    let draft = Case::draft(CaseId(Uuid::from_u128(1)));
    let refused = give(draft, Command::Take(without)).unwrap_err();
    assert_eq!(refused, Refusal::MaterialMissing { code: "application".into() });
}

#[test]
fn a_case_of_an_older_item_version_is_not_taken() {
    let mut older = intake();
    older.item.version = 7;
    let draft = Case::draft(CaseId(Uuid::from_u128(1)));
    let refused = give(draft, Command::Take(older)).unwrap_err();
    assert_eq!(refused, Refusal::ItemVersion { given: 7, known: 1 });
}

#[test]
fn a_grant_without_a_certificate_is_refused() {
    let mut bare = decision(Outcome::Granted);
    bare.certificate = None;
    let refused = give(case_after(&["take", "accept"]), Command::RecordDecision(bare)).unwrap_err();
    assert_eq!(refused, Refusal::CertificateMismatch { outcome: "granted" });
}

#[test]
fn the_clocks_of_a_case_start_and_stop_with_its_events() {
    let clocks = |history: &[&str]| -> Vec<(&'static str, bool)> {
        let clocks = case_after(history).clocks(&item());
        clocks.iter().map(|clock| (clock.rule.kind.name(), clock.stopped_at.is_some())).collect()
    };
    assert_eq!(clocks(&[]), []);
    assert_eq!(clocks(&["take"]), [("intake", false)]);
    assert_eq!(clocks(&["take", "accept"]), [("intake", true), ("statutory", false), ("promised", false)]);
    assert_eq!(clocks(&["take", "accept", "deny"]), [("intake", true), ("statutory", true), ("promised", true)]);
    assert_eq!(clocks(&["take", "deem accepted"]), [("intake", true), ("statutory", false), ("promised", false)]);
}

#[test]
fn what_silence_accepted_counts_from_the_receipt_whatever_is_said_later() {
    for history in [
        &["take", "deem accepted"][..],
        &["take", "deem accepted", "accept"],
        &["take", "deem accepted", "accept", "deny"],
    ] {
        let case = case_after(history);
        let accepted = case.accepted().unwrap();
        assert!(accepted.is_silence());
        assert_eq!((accepted.accepted_at(), accepted.intake_ended_at()), (at(0), at(10)));
        let clocks = case.clocks(&item());
        assert!(clocks.iter().all(|clock| clock.started_at == at(0)), "{clocks:?}");
        assert_eq!(clocks[0].stopped_at, Some(at(10)), "the clock of the intake ran out");
    }
}

#[test]
fn silence_accepts_nothing_where_the_item_gives_it_no_meaning() {
    let mut item = item();
    item.profile.limits[0].silence = None;
    let refused = decide(&case_after(&["take"]), command("deem accepted"), &Context { item: &item }).unwrap_err();
    assert_eq!(refused, Refusal::SilenceMeansNothing);

    let mut assignment = assignment();
    assignment.limits[0].silence = None;
    let task = Task::replay(CaseId(Uuid::from_u128(1)), [TaskEvent::Assigned(assignment)]);
    let refused = decide_task(&task, TaskCommand::DeemAccepted { deemed_at: at(10) }).unwrap_err();
    assert_eq!(refused.code(), "silence-means-nothing");
}

/// The arrows between states that exist; everything else is a broken life.
const ARROWS: &[(&str, &str)] = &[
    ("draft", "taken"),
    ("taken", "accepted"),
    ("accepted", "decided"),
    ("decided", "issued"),
    ("issued", "delivered"),
    ("delivered", "closed"),
];

proptest! {
    #[test]
    fn no_sequence_of_commands_leaves_the_table(picks in proptest::collection::vec(0_usize..15, 0..60)) {
        let commands = commands();
        let mut case = Case::draft(CaseId(Uuid::from_u128(1)));
        let mut journal = vec![];
        for pick in picks {
            let Ok(events) = decide(&case, commands[pick].1.clone(), &Context { item: &item() }) else { continue };
            for event in events {
                let before = case.state.name();
                journal.push(event.clone());
                case = evolve(case, event);
                let after = case.state.name();
                prop_assert!(before == after || ARROWS.contains(&(before, after)), "{before} → {after}");
            }
            let result_out = matches!(case.state.name(), "delivered" | "closed");
            let filed_before_printed = case.papers.iter().all(|paper| paper.prints == 0 || paper.filed.is_some());
            prop_assert!(filed_before_printed);
            if let Some(accepted) = case.accepted().filter(|accepted| accepted.is_silence()) {
                prop_assert_eq!(accepted.accepted_at(), case.intake().unwrap().taken_at);
            }
            if result_out {
                let decision = case.decision().unwrap();
                prop_assert!(case.paper(decision.document.id).unwrap().prints > 0);
            }
        }
        prop_assert_eq!(Case::replay(case.id, journal), case);
    }

    #[test]
    fn no_sequence_of_commands_breaks_a_task(picks in proptest::collection::vec(0_usize..8, 0..40)) {
        let commands = task_commands();
        let mut task = Task::unknown(CaseId(Uuid::from_u128(1)));
        let mut journal = vec![];
        for pick in picks {
            let Ok(events) = decide_task(&task, commands[pick].1.clone()) else { continue };
            for event in events {
                let before = task.state.name();
                journal.push(event.clone());
                task = evolve_task(task, event);
                let arrow = (before, task.state.name());
                let known = [("unknown", "assigned"), ("assigned", "accepted"), ("accepted", "decided")];
                prop_assert!(arrow.0 == arrow.1 || known.contains(&arrow), "{arrow:?}");
            }
        }
        let silent = journal.iter().any(|event| matches!(event, TaskEvent::DeemedAccepted { .. }));
        prop_assert_eq!(task.accepted().is_some_and(|accepted| accepted.is_silence()), silent);
        if silent {
            prop_assert_eq!(task.accepted().unwrap().accepted_at(), at(0));
        }
        prop_assert_eq!(Task::replay(task.case, journal), task);
    }
}

fn assignment() -> Assignment {
    Assignment {
        hall: HallId(Uuid::from_u128(5)),
        department: DepartmentId(Uuid::from_u128(31)),
        number: number(),
        taken_at: at(0),
        assigned_at: at(1),
        limits: item().profile.limits,
        review_and_decision_in_one: true,
        content: sealed(30),
    }
}

fn task_decision(outcome: Outcome) -> TaskDecision {
    TaskDecision {
        by: StaffId(Uuid::from_u128(6)),
        decided_at: at(30),
        outcome,
        opinion: sealed(31),
        document: paper(22, "安市监许决〔2026〕1号"),
        certificate: (outcome == Outcome::Granted).then(|| TaskCertificate {
            paper: paper(23, "安市监食证〔2026〕1号"),
            valid_from: date(2026, 6, 16),
            valid_until: Some(date(2031, 6, 15)),
            rows: sealed(32),
        }),
    }
}

fn task_commands() -> Vec<(&'static str, TaskCommand)> {
    let file = |n: u128| TaskCommand::FilePaper { paper: PaperId(Uuid::from_u128(n)), digest: [n as u8; 32] };
    let acceptance = TaskAcceptance {
        by: StaffId(Uuid::from_u128(6)),
        accepted_at: at(20),
        opinion: None,
        notice: paper(21, "安市监许受〔2026〕1号"),
    };
    vec![
        ("assign", TaskCommand::Assign(assignment())),
        ("accept", TaskCommand::Accept(acceptance)),
        ("deem accepted", TaskCommand::DeemAccepted { deemed_at: at(10) }),
        ("grant", TaskCommand::Decide(task_decision(Outcome::Granted))),
        ("deny", TaskCommand::Decide(task_decision(Outcome::Denied))),
        ("file notice", file(21)),
        ("file decision", file(22)),
        ("file certificate", file(23)),
    ]
}

#[test]
fn the_allowed_transitions_of_a_task_are_these() {
    let lives: [(&str, &[&str]); 8] = [
        ("unknown", &[]),
        ("assigned", &["assign"]),
        ("accepted", &["assign", "accept"]),
        ("accepted by silence", &["assign", "deem accepted"]),
        ("accepted, then by silence", &["assign", "accept", "deem accepted"]),
        ("decided, granted", &["assign", "accept", "grant"]),
        ("decided, denied", &["assign", "accept", "deny"]),
        ("decided after silence", &["assign", "deem accepted", "grant"]),
    ];
    let mut table = String::new();
    for (state, history) in lives {
        let task = history.iter().fold(Task::unknown(CaseId(Uuid::from_u128(1))), |task, name| {
            let (_, command) = task_commands().into_iter().find(|(known, _)| known == name).unwrap();
            decide_task(&task, command).unwrap().into_iter().fold(task, evolve_task)
        });
        for (name, command) in task_commands() {
            let line = match decide_task(&task, command) {
                Ok(events) => {
                    let after = events.iter().cloned().fold(task.clone(), evolve_task);
                    let names = events.iter().map(|event| match event {
                        TaskEvent::Assigned(_) => "Assigned",
                        TaskEvent::Accepted(_) => "Accepted",
                        TaskEvent::DeemedAccepted { .. } => "DeemedAccepted",
                        TaskEvent::Decided(_) => "Decided",
                        TaskEvent::PaperFiled { .. } => "PaperFiled",
                    });
                    format!("{} → {}", names.collect::<Vec<_>>().join(", "), after.state.name())
                }
                Err(yichuang_domain::task::TaskRefusal::NotNow { .. }) => continue,
                Err(refusal) => format!("refused: {}", refusal.code()),
            };
            writeln!(table, "{state:27}{name:20}{line}").unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn two_persons_decide_where_the_procedure_wants_two() {
    let mut assignment = assignment();
    assignment.review_and_decision_in_one = false;
    let events = [TaskCommand::Assign(assignment), task_commands().remove(1).1];
    let task = events.into_iter().fold(Task::unknown(CaseId(Uuid::from_u128(1))), |task, command| {
        decide_task(&task, command).unwrap().into_iter().fold(task, evolve_task)
    });
    let refused = decide_task(&task, TaskCommand::Decide(task_decision(Outcome::Denied))).unwrap_err();
    assert_eq!(refused.code(), "same-person");
}
