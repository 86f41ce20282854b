//! What a hall sends: taken once and in order, or refused with nothing changed.

use protocol::{Event, MessageId, Party, Secret};
use uuid::Uuid;

use crate::test_department::{OTHER_HALL, TestDepartment, assigned};

crate::on_both_databases! { TestDepartment::open:
    an_assignment_is_taken_once
    a_wrong_assignment_is_named_and_changes_nothing
}

async fn an_assignment_is_taken_once(department: TestDepartment) {
    let event = department.event(assigned(1));
    let sends: Vec<_> = (0..16).map(|_| tokio::spawn(department.signed(&event).send())).collect();
    for send in sends {
        let answer = send.await.unwrap();
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
    let approver = department.desk("approver").await;
    let tasks = approver.get("/tasks").await.done();
    assert_eq!(tasks["items"].as_array().unwrap().len(), 1);
}

async fn a_wrong_assignment_is_named_and_changes_nothing(department: TestDepartment) {
    let good = department.event(assigned(1));
    let mut lines = vec![];
    let mut refuse = async |label: &str, ask| {
        let line = department.refusal(ask).await;
        lines.push(format!("{label}\n    -> {line}"));
    };
    refuse("unsigned", department.signed(&good).without("webhook-signature")).await;
    let wrong = Secret::generate([9; 32]);
    let headers = protocol::sign(&[wrong], &good.id, web::Clock::wall(&department.clock), &good.to_bytes()).unwrap();
    refuse(
        "a wrong secret",
        department
            .signed(&good)
            .without("webhook-id")
            .without("webhook-timestamp")
            .without("webhook-signature")
            .headers(headers),
    )
    .await;
    let unknown = Event { source: Party::Hall(Uuid::from_u128(4)), ..good.clone() };
    refuse("an unknown hall", department.signed(&unknown)).await;
    refuse("a gap", department.signed(&Event { sequence: 2, ..good.clone() })).await;
    let spoiled = |spoil: &dyn Fn(&mut protocol::TaskAssigned)| {
        let mut task = assigned(1);
        spoil(&mut task);
        department.signed(&department.event(task))
    };
    refuse("another department's", spoiled(&|task| task.department_id = Uuid::from_u128(3))).await;
    refuse("a number that is none", spoiled(&|task| task.number = "0001260615010017".into())).await;
    refuse("an applicant with NUL", spoiled(&|task| task.applicant.name = "欧阳\0".into())).await;
    refuse("an applicant without name", spoiled(&|task| task.applicant.name = String::new())).await;
    refuse("a material without hash", spoiled(&|task| task.materials[0].sha256 = Some("ab".into()))).await;
    refuse("a link that is no address", spoiled(&|task| task.progress_url = "javascript:alert(1)".into())).await;
    let answer = protocol::Message::TaskAccepted(protocol::TaskAccepted {
        case_id: good.case_id(),
        accepted_at: web::Clock::now(&department.clock),
        officer: "周以宁".into(),
        notice: protocol::PaperRef { paper_id: Uuid::from_u128(1), number: "1".into() },
    });
    refuse("what only departments tell", department.signed(&Event { message: answer, ..good.clone() })).await;

    assert_eq!(department.signed(&good).send().await.status, 204);
    let again = Event { id: MessageId::from(Uuid::now_v7()), sequence: 2, ..good.clone() };
    refuse("the same task once more", department.signed(&again)).await;
    let conflicting = Event { subject: "other".into(), ..good.clone() };
    refuse("another message under its id", department.signed(&conflicting)).await;
    let stolen = Event { id: MessageId::from(Uuid::now_v7()), source: Party::Hall(OTHER_HALL), ..good };
    refuse("the task of another hall", department.signed(&stolen)).await;
    insta::assert_snapshot!("a_wrong_assignment_is_named_and_changes_nothing", lines.join("\n"));
}
