//! The life of a case and of a task: what is allowed where, and that a replayed journal gives the same state.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fmt::Write as _;

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use uuid::Uuid;
use yichuang_domain::{
    case::{
        Acceptance, Case, Certificate, Command, Context, Decision, Delivery, DeliveryWay, DepartmentReceipt, Enquiry,
        EnquiryAnswer, Event, HandedMaterial, Intake, OriginalsAccount, Outcome, Progress, Refusal, Rejection,
        RejectionGround, Reviewed, Supplement, SupplementNotice, Withdrawal, decide, evolve,
    },
    clock::{Article, Budget, ClockKind, ClockRule},
    ids::{CaseId, DepartmentId, EnquiryId, FilingId, HallId, PaperId, PrintId, RecordId, Sealed, StaffId},
    item::{
        DecisionForm, DecisionTexts, Fee, Item, ItemKind, ItemPapers, Material, NoticeForm, Original, ProcedureProfile,
        ResultDocument, ResultTemplate, Seat, Subject, Validity,
    },
    number::{CaseNumber, HallNumber, ImplementationCode, OfficialNumber, WindowNumber},
    paper::NumberedPaper,
    task::{
        Assignment, Task, TaskAcceptance, TaskCertificate, TaskCommand, TaskDecision, TaskEvent, TaskRejection,
        TaskReview, TaskSupplementNotice, WindowDecision, decide_task, evolve_task,
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
        subjects: vec![Subject::Person, Subject::Organisation],
        immediate: false,
        accepts: Seat::Department,
        decides: Seat::Department,
        conditions: vec![],
        basis: vec![],
        profile: ProcedureProfile {
            limits: vec![
                ClockRule::licence_intake(),
                ClockRule::licence_decision(),
                ClockRule::promised(Budget::WorkingDays(5), promise),
            ],
            review_and_decision_in_one: true,
        },
        fee: Fee { text: "不收费".into(), lines: vec![], sourced: true },
        form: "{}".into(),
        form_layout: "{}".into(),
        questions: vec![],
        materials: vec![Material {
            code: "application".into(),
            kind: None,
            name: "申请书".into(),
            source: "申请人".into(),
            copies: 1,
            original: Original::Kept,
            required: true,
            key: true,
            when: None,
            standard: String::new(),
            valid_days: None,
            points: vec![],
            sourced: true,
        }],
        points: vec![],
        result: ResultDocument {
            mark: None,
            certificate_title: "食品经营许可证".into(),
            kind: None,
            template: ResultTemplate::Certificate,
            validity: Validity::Years(5),
            rows: vec![],
            sourced: true,
        },
        papers: ItemPapers {
            acceptance_notice: NoticeForm { title: "行政许可申请受理通知书".into(), basis: vec![] },
            supplement_notice: NoticeForm { title: "行政许可申请材料补正告知书".into(), basis: vec![] },
            refusal: NoticeForm { title: "行政许可申请不予受理决定书".into(), basis: vec![] },
            granted: decision_form("准予行政许可"),
            denied: decision_form("不予行政许可"),
        },
        cautions: vec![],
        faq: vec![],
        decision: DecisionTexts { grant: "准予许可。".into(), refuse: "不予许可。".into() },
        department_fields: vec![],
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
        received_at: at(0),
        applicant: sealed(10),
        agent: None,
        form: sealed(11),
        checked: None,
        materials: vec![HandedMaterial { code: "application".into(), file: sealed(12), kept: true }],
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
        agreement: None,
    }
}

fn notice(by: Seat) -> SupplementNotice {
    SupplementNotice {
        asked_at: at(3),
        by,
        content: sealed(40),
        paper: paper(24, "安市监许补〔2026〕1号"),
        allowed: None,
    }
}

fn supplement() -> Supplement {
    Supplement {
        received_at: at(48),
        materials: vec![HandedMaterial { code: "application".into(), file: sealed(41), kept: false }],
        form: Some(sealed(42)),
        checked: sealed(43),
        receipt: paper(25, "安政服收〔2026〕2号"),
    }
}

fn rejection(by: Seat) -> Rejection {
    Rejection {
        rejected_at: at(4),
        by,
        ground: RejectionGround::NotCompetent,
        content: sealed(44),
        paper: paper(26, "安市监许不受〔2026〕1号"),
    }
}

fn enquiry(by: Seat) -> Enquiry {
    Enquiry { id: EnquiryId(Uuid::from_u128(50)), asked_at: at(5), by, content: sealed(45) }
}

fn answer(by: Seat) -> EnquiryAnswer {
    EnquiryAnswer { enquiry: EnquiryId(Uuid::from_u128(50)), answered_at: at(6), by, content: sealed(46) }
}

/// Every command a case knows, once or in each of its kinds.
fn commands() -> Vec<(&'static str, Command)> {
    let file = |n: u128| Command::FilePaper { paper: PaperId(Uuid::from_u128(n)), digest: [n as u8; 32] };
    let print =
        |n: u128| Command::RecordPrint { paper: PaperId(Uuid::from_u128(n)), print: PrintId(Uuid::from_u128(100 + n)) };
    let acceptance = Acceptance {
        accepted_at: at(20),
        officer: sealed(13),
        notice: paper(21, "安市监许受〔2026〕1号"),
        agreement: None,
    };
    vec![
        ("take", Command::Take(intake())),
        ("accept", Command::RecordAcceptance(acceptance.clone())),
        ("accept in time", Command::RecordAcceptance(Acceptance { accepted_at: at(5), ..acceptance })),
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
        ("ask for what is missing", Command::AskSupplement(notice(Seat::Department))),
        (
            "ask again, allowed",
            Command::AskSupplement(SupplementNotice {
                allowed: Some(sealed(47)),
                paper: paper(27, "安市监许补〔2026〕2号"),
                ..notice(Seat::Department)
            }),
        ),
        ("hand in what was missing", Command::ReceiveSupplement(supplement())),
        ("reject", Command::Reject(rejection(Seat::Department))),
        ("reject at the window", Command::Reject(rejection(Seat::Window))),
        (
            "withdraw",
            Command::Withdraw(Withdrawal {
                withdrawn_at: at(50),
                content: sealed(48),
                paper: paper(28, "安政服撤〔2026〕1号"),
            }),
        ),
        ("department asks", Command::Ask(enquiry(Seat::Department))),
        ("window answers", Command::Answer(answer(Seat::Window))),
        ("department answers", Command::Answer(answer(Seat::Department))),
        ("progress", Command::RecordProgress(Progress { at: at(7), content: sealed(49) })),
        ("department's receipt", Command::RecordReceipt(DepartmentReceipt { at: at(1), content: sealed(51) })),
        ("file rejection", file(26)),
        ("print rejection", print(26)),
        ("deliver", Command::Deliver(delivery(), None)),
        ("deliver with originals", Command::Deliver(delivery(), Some(account("application")))),
        ("account for originals", Command::AccountOriginals(account("application"))),
        ("account for a stranger's original", Command::AccountOriginals(account("lease"))),
    ]
}

fn delivery() -> Delivery {
    Delivery {
        delivered_at: at(40),
        collector: sealed(15),
        way: DeliveryWay::Counter,
        proof: Some(paper(29, "安政服送〔2026〕1号")),
    }
}

fn account(code: &str) -> OriginalsAccount {
    OriginalsAccount { at: at(41), returned: vec![code.into()], archived: vec![], receiver: None }
}

fn command(name: &str) -> Command {
    let found = commands().into_iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no command {name}")).1
}

fn give(case: Case, command: Command) -> Result<Case, Refusal> {
    let events = decide(&case, command, &Context::of(&item()))?;
    Ok(events.into_iter().fold(case, evolve))
}

fn case_after(names: &[&str]) -> Case {
    let draft = Case::draft(CaseId(Uuid::from_u128(1)));
    names.iter().fold(draft, |case, name| give(case, command(name)).unwrap())
}

fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Taken(_) => "Taken",
        Event::SupplementAsked(_) => "SupplementAsked",
        Event::Supplemented(_) => "Supplemented",
        Event::Rejected(_) => "Rejected",
        Event::Withdrawn(_) => "Withdrawn",
        Event::Progressed(_) => "Progressed",
        Event::ReceivedByDepartment(_) => "ReceivedByDepartment",
        Event::Asked(_) => "Asked",
        Event::Answered(_) => "Answered",
        Event::OriginalsAccounted(_) => "OriginalsAccounted",
        Event::Accepted(_) => "Accepted",
        Event::DeemedAccepted { .. } => "DeemedAccepted",
        Event::AcceptanceConfirmed(_) => "AcceptanceConfirmed",
        Event::AcceptedInTime(_) => "AcceptedInTime",
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
    ("told what is missing", &["take", "ask for what is missing"]),
    ("supplemented", &["take", "ask for what is missing", "hand in what was missing"]),
    ("told a second time", &["take", "ask for what is missing", "hand in what was missing", "ask again, allowed"]),
    ("rejected", &["take", "reject"]),
    ("rejected, printed", &["take", "reject", "file rejection", "print rejection"]),
    ("rejected, closed", &["take", "reject", "file rejection", "print rejection", "deliver with originals"]),
    ("asked by the department", &["take", "department asks"]),
    ("withdrawn", &["take", "accept", "withdraw"]),
    ("withdrawn, closed", &["take", "withdraw", "account for originals"]),
    ("accepted", &["take", "accept"]),
    ("accepted by silence", &["take", "deem accepted"]),
    ("accepted by silence, confirmed", &["take", "deem accepted", "accept"]),
    ("accepted in time, heard late", &["take", "deem accepted", "accept in time"]),
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
        "delivered",
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
            "deliver with originals",
        ],
    ),
];

#[test]
fn the_allowed_transitions_of_a_case_are_these() {
    let mut table = String::new();
    for (state, history) in LIFE {
        let case = case_after(history);
        for (name, command) in commands() {
            let line = match decide(&case, command, &Context::of(&item())) {
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
    let item = item();
    let take = |reviewed| decide(&draft, Command::Take(without.clone()), &Context { item: &item, reviewed });
    let asked = Reviewed { asked_for: &["application"], open: &[] };
    assert_eq!(take(asked).unwrap_err(), Refusal::MaterialMissing { code: "application".into() });
    take(Reviewed::default()).unwrap();
}

#[test]
fn a_case_with_an_open_blocking_point_is_not_taken() {
    let (draft, item) = (Case::draft(CaseId(Uuid::from_u128(1))), item());
    let reviewed = Reviewed { asked_for: &["application"], open: &["signed", "dated"] };
    let refused = decide(&draft, Command::Take(intake()), &Context { item: &item, reviewed }).unwrap_err();
    assert_eq!(refused, Refusal::PointOpen { code: "signed".into() });
}

#[test]
fn an_original_knows_who_took_it() {
    let receiver = Some(sealed(77));
    let back = OriginalsAccount { receiver, ..account("application") };
    let case = give(case_after(&["take", "withdraw"]), Command::AccountOriginals(back)).unwrap();
    assert_eq!(case.state.name(), "closed");
    assert_eq!(case.originals[0].receiver, receiver);
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
fn an_acceptance_in_time_takes_the_place_of_silence_however_late_it_is_heard() {
    let heard_at_once = case_after(&["take", "accept in time"]);
    let heard_late = case_after(&["take", "deem accepted", "accept in time"]);
    assert_eq!(heard_late.state, heard_at_once.state);
    assert_eq!(heard_late.clocks(&item()), heard_at_once.clocks(&item()));
    let papers = |case: &Case| case.papers.iter().map(|paper| paper.kind).collect::<Vec<_>>();
    assert_eq!(papers(&heard_late), papers(&heard_at_once));

    // The days in the hall decide: at(5) is the hour before midnight there, at(6) the one after.
    for (hour, kind) in [(5, "AcceptedInTime"), (6, "AcceptanceConfirmed")] {
        let Command::RecordAcceptance(acceptance) = command("accept") else { unreachable!() };
        let said = Command::RecordAcceptance(Acceptance { accepted_at: at(hour), ..acceptance });
        let events = decide(&case_after(&["take", "deem accepted"]), said, &Context::of(&item())).unwrap();
        assert_eq!(events.iter().map(event_name).collect::<Vec<_>>(), [kind], "after {hour} hours");
    }
}

#[test]
fn an_approver_in_time_stays_one_whatever_the_hall_wrote_down_meanwhile() {
    let after = |names: &[&str]| {
        names.iter().fold(Task::unknown(CaseId(Uuid::from_u128(1))), |task, name| {
            let (_, command) = task_commands().into_iter().find(|(known, _)| known == name).unwrap();
            decide_task(&task, command).unwrap().into_iter().fold(task, evolve_task)
        })
    };
    for names in [&["assign", "accept in time"][..], &["assign", "accept in time", "grant"]] {
        assert_eq!(after(&[names, &["deem accepted"]].concat()), after(names));
    }
    assert!(after(&["assign", "accept", "deem accepted"]).accepted().unwrap().is_silence());
}

#[test]
fn silence_accepts_nothing_where_the_item_gives_it_no_meaning() {
    let mut item = item();
    item.profile.limits[0].silence = None;
    let refused = decide(&case_after(&["take"]), command("deem accepted"), &Context::of(&item)).unwrap_err();
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
    ("taken", "supplement-asked"),
    ("supplement-asked", "taken"),
    ("taken", "rejected"),
    ("taken", "accepted"),
    ("taken", "withdrawn"),
    ("supplement-asked", "withdrawn"),
    // What was said in time takes the place of silence.
    ("accepted", "supplement-asked"),
    ("accepted", "rejected"),
    ("accepted", "withdrawn"),
    ("withdrawn", "closed"),
    ("rejected", "delivered"),
    ("accepted", "decided"),
    ("decided", "issued"),
    ("issued", "delivered"),
    ("delivered", "closed"),
];

const TASK_ARROWS: &[(&str, &str)] = &[
    ("unknown", "assigned"),
    ("assigned", "supplement-asked"),
    ("supplement-asked", "assigned"),
    ("assigned", "rejected"),
    ("assigned", "accepted"),
    ("accepted", "reviewed"),
    ("accepted", "decided"),
    ("reviewed", "decided"),
    ("accepted", "decided-at-window"),
    ("assigned", "withdrawn"),
    ("supplement-asked", "withdrawn"),
    ("accepted", "withdrawn"),
    ("reviewed", "withdrawn"),
    // What crossed on the way.
    ("supplement-asked", "accepted"),
    ("rejected", "accepted"),
    ("rejected", "withdrawn"),
    ("decided", "withdrawn"),
];

proptest! {
    #[test]
    fn no_sequence_of_commands_leaves_the_table(picks in proptest::collection::vec(0_usize..32, 0..80)) {
        let commands = commands();
        let mut case = Case::draft(CaseId(Uuid::from_u128(1)));
        let mut journal = vec![];
        for pick in picks {
            let Ok(events) = decide(&case, commands[pick].1.clone(), &Context::of(&item())) else { continue };
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
                prop_assert_eq!(accepted.accepted_at(), case.intake().unwrap().received_at);
            }
            if result_out && case.withdrawal().is_none() {
                let decided = case.decision().map(|decision| decision.document.id);
                let paper = decided.or(case.rejection().map(|rejection| rejection.paper.id)).unwrap();
                prop_assert!(case.paper(paper).unwrap().prints > 0);
            }
            if case.state.name() == "closed" {
                prop_assert!(!case.holds_originals());
            }
        }
        prop_assert_eq!(Case::replay(case.id, journal), case);
    }

    #[test]
    fn no_sequence_of_commands_breaks_a_task(picks in proptest::collection::vec(0_usize..22, 0..60)) {
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
                prop_assert!(arrow.0 == arrow.1 || TASK_ARROWS.contains(&arrow), "{arrow:?}");
            }
        }
        let silent = journal.iter().any(|event| matches!(event, TaskEvent::DeemedAccepted { .. }));
        if let Some(accepted) = task.accepted() {
            prop_assert_eq!(accepted.is_silence(), silent);
            if silent {
                prop_assert_eq!(accepted.accepted_at(), task.assignment().unwrap().received_at);
            }
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
        received_at: at(0),
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
    let file = |n: u128| TaskCommand::FilePaper {
        paper: PaperId(Uuid::from_u128(n)),
        digest: [n as u8; 32],
        authority: "安澜市市场监督管理局".to_owned(),
        seal: "行政许可专用章".to_owned(),
    };
    let acceptance = TaskAcceptance {
        by: StaffId(Uuid::from_u128(6)),
        accepted_at: at(20),
        opinion: None,
        notice: paper(21, "安市监许受〔2026〕1号"),
    };
    vec![
        ("assign", TaskCommand::Assign(assignment())),
        ("accept", TaskCommand::Accept(acceptance.clone())),
        ("accept in time", TaskCommand::Accept(TaskAcceptance { accepted_at: at(5), ..acceptance.clone() })),
        ("deem accepted", TaskCommand::DeemAccepted { deemed_at: at(10) }),
        ("grant", TaskCommand::Decide(task_decision(Outcome::Granted))),
        ("deny", TaskCommand::Decide(task_decision(Outcome::Denied))),
        ("file notice", file(21)),
        ("file decision", file(22)),
        ("file certificate", file(23)),
        ("claim", TaskCommand::Claim { by: StaffId(Uuid::from_u128(6)) }),
        ("another claims", TaskCommand::Claim { by: StaffId(Uuid::from_u128(7)) }),
        ("release", TaskCommand::Release { by: StaffId(Uuid::from_u128(6)) }),
        ("another accepts", TaskCommand::Accept(TaskAcceptance { by: StaffId(Uuid::from_u128(7)), ..acceptance })),
        (
            "ask for what is missing",
            TaskCommand::AskSupplement(TaskSupplementNotice {
                by: StaffId(Uuid::from_u128(6)),
                asked_at: at(3),
                content: sealed(40),
                paper: paper(24, "安市监许补〔2026〕1号"),
                allowed: None,
            }),
        ),
        ("take what was missing", TaskCommand::TakeSupplement { received_at: at(9), content: sealed(41) }),
        (
            "reject",
            TaskCommand::Reject(TaskRejection {
                by: StaffId(Uuid::from_u128(6)),
                rejected_at: at(4),
                ground: RejectionGround::NotNeeded,
                content: sealed(42),
                paper: paper(25, "安市监许不受〔2026〕1号"),
            }),
        ),
        ("accept at the window", TaskCommand::AcceptAtWindow { accepted_at: at(1), content: sealed(43) }),
        (
            "decide at the window",
            TaskCommand::DecideAtWindow(WindowDecision {
                decided_at: at(1),
                outcome: Outcome::Granted,
                content: sealed(44),
            }),
        ),
        (
            "review",
            TaskCommand::Review(TaskReview {
                by: StaffId(Uuid::from_u128(6)),
                reviewed_at: at(25),
                proposal: Outcome::Granted,
                opinion: sealed(45),
            }),
        ),
        ("withdraw", TaskCommand::Withdraw { withdrawn_at: at(50), content: sealed(46) }),
        ("window asks", TaskCommand::Ask(enquiry(Seat::Window))),
        ("department answers", TaskCommand::Answer(answer(Seat::Department))),
    ]
}

#[test]
fn the_allowed_transitions_of_a_task_are_these() {
    let lives: [(&str, &[&str]); 18] = [
        ("claimed", &["assign", "claim"]),
        ("told what is missing", &["assign", "ask for what is missing"]),
        ("supplemented", &["assign", "ask for what is missing", "take what was missing"]),
        ("rejected", &["assign", "reject"]),
        ("accepted at the window", &["assign", "accept at the window"]),
        ("decided at the window", &["assign", "accept at the window", "decide at the window"]),
        ("reviewed", &["assign", "accept", "review"]),
        ("withdrawn", &["assign", "accept", "withdraw"]),
        ("unknown", &[]),
        ("assigned", &["assign"]),
        ("accepted", &["assign", "accept"]),
        ("accepted in time", &["assign", "accept in time"]),
        ("accepted by silence", &["assign", "deem accepted"]),
        ("silence, confirmed", &["assign", "deem accepted", "accept"]),
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
                Ok(events) if events.is_empty() => "nothing more".to_owned(),
                Ok(events) => {
                    let after = events.iter().cloned().fold(task.clone(), evolve_task);
                    let names = events.iter().map(|event| match event {
                        TaskEvent::Assigned(_) => "Assigned",
                        TaskEvent::Accepted(_) => "Accepted",
                        TaskEvent::DeemedAccepted { .. } => "DeemedAccepted",
                        TaskEvent::AcceptanceConfirmed(_) => "AcceptanceConfirmed",
                        TaskEvent::Decided(_) => "Decided",
                        TaskEvent::Claimed { .. } => "Claimed",
                        TaskEvent::Released { .. } => "Released",
                        TaskEvent::SupplementAsked(_) => "SupplementAsked",
                        TaskEvent::Supplemented { .. } => "Supplemented",
                        TaskEvent::Rejected(_) => "Rejected",
                        TaskEvent::AcceptedAtWindow { .. } => "AcceptedAtWindow",
                        TaskEvent::DecidedAtWindow(_) => "DecidedAtWindow",
                        TaskEvent::Reviewed(_) => "Reviewed",
                        TaskEvent::Withdrawn { .. } => "Withdrawn",
                        TaskEvent::Asked(_) => "Asked",
                        TaskEvent::Answered(_) => "Answered",
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
    let give = |task: Task, command: TaskCommand| {
        decide_task(&task, command).map(|events| events.into_iter().fold(task, evolve_task))
    };
    let named = |name: &str| task_commands().into_iter().find(|(known, _)| *known == name).unwrap().1;
    let deny = |by: u128| {
        TaskCommand::Decide(TaskDecision { by: StaffId(Uuid::from_u128(by)), ..task_decision(Outcome::Denied) })
    };
    let task = Task::replay(CaseId(Uuid::from_u128(1)), [TaskEvent::Assigned(assignment)]);
    for acceptance in ["accept", "deem accepted", "accept at the window"] {
        let accepted = give(task.clone(), named(acceptance)).unwrap();
        assert_eq!(give(accepted.clone(), deny(7)).unwrap_err().code(), "not-reviewed", "{acceptance}");
        let reviewed = give(accepted, named("review")).unwrap();
        assert_eq!(give(reviewed.clone(), deny(6)).unwrap_err().code(), "same-person", "{acceptance}");
        assert_eq!(give(reviewed, deny(7)).unwrap().state.name(), "decided", "{acceptance}");
    }
}

#[test]
fn a_silent_department_can_still_issue_the_notice() {
    let named = |name: &str| task_commands().into_iter().find(|(known, _)| *known == name).unwrap().1;
    let task =
        ["assign", "deem accepted", "accept"].iter().fold(Task::unknown(CaseId(Uuid::from_u128(1))), |task, name| {
            decide_task(&task, named(name)).unwrap().into_iter().fold(task, evolve_task)
        });
    assert_eq!(task.accepted().unwrap().said().unwrap().by, StaffId(Uuid::from_u128(6)));
    assert_eq!(task.accepted().unwrap().accepted_at(), at(0));
}

#[test]
fn everything_missing_is_told_once() {
    let again = give(
        case_after(&["take", "ask for what is missing", "hand in what was missing"]),
        command("ask for what is missing"),
    );
    assert_eq!(again.unwrap_err(), Refusal::NoticeGiven { given: 1 });
}

#[test]
fn the_limit_for_acceptance_runs_anew_from_what_was_handed_in_last() {
    let case = case_after(&["take", "ask for what is missing"]);
    let intake =
        |case: &Case| case.clocks(&item()).into_iter().find(|clock| clock.rule.kind == ClockKind::Intake).unwrap();
    assert_eq!(intake(&case).stopped_at, Some(at(3)));
    let case = give(case, command("hand in what was missing")).unwrap();
    assert_eq!((intake(&case).started_at, intake(&case).stopped_at), (at(48), None));
    let taken = case.intake().unwrap();
    assert_eq!((taken.form, taken.materials[0].file), (sealed(42), sealed(41)));
}

#[test]
fn a_window_does_for_the_department_only_what_the_item_leaves_to_it() {
    let mut item = item();
    let acceptance = |agreement: Option<&str>| {
        let Command::RecordAcceptance(acceptance) = command("accept") else { unreachable!() };
        Command::RecordAcceptance(Acceptance { agreement: agreement.map(str::to_owned), ..acceptance })
    };
    let at_window =
        |item: &Item| decide(&case_after(&["take"]), acceptance(Some("委托受理协议第1号")), &Context::of(item));
    assert_eq!(at_window(&item).unwrap_err(), Refusal::NotDelegated { act: "accept" });
    item.accepts = Seat::Window;
    at_window(&item).unwrap();
    let decided = Command::RecordDecision(Decision {
        agreement: Some("授权决定书第1号".into()),
        ..decision(Outcome::Granted)
    });
    let refused = decide(&case_after(&["take", "accept"]), decided.clone(), &Context::of(&item)).unwrap_err();
    assert_eq!(refused, Refusal::NotDelegated { act: "decide" });
    item.decides = Seat::Window;
    decide(&case_after(&["take", "accept"]), decided, &Context::of(&item)).unwrap();
}

#[test]
fn a_sitting_takes_and_tells_what_is_missing_at_once_but_only_when_something_is() {
    let (draft, item) = (Case::draft(CaseId(Uuid::from_u128(1))), item());
    let mut without = intake();
    without.materials.clear();
    let sitting = |open: &[&str]| {
        let reviewed = Reviewed { asked_for: &["application"], open };
        let then = vec![Command::AskSupplement(notice(Seat::Window))];
        decide(&draft, Command::TakeAnd(without.clone(), then), &Context { item: &item, reviewed })
    };
    assert_eq!(sitting(&[]).unwrap_err(), Refusal::NothingMissing);
    let events = sitting(&["signed"]).unwrap();
    assert_eq!(events.iter().map(event_name).collect::<Vec<_>>(), ["Taken", "SupplementAsked"]);
}
