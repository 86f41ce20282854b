//! What a department says before it knows what has become of the case meanwhile.

use jiff::{SignedDuration, Timestamp};
use protocol::{Message, MissingPoint, PaperKind, PaperRef, RejectionGround, TaskRejected, TaskSupplementAsked};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    fake_department::{FakeDepartment, OFFICER, Told, accepted, case_id, case_when, granted, signed},
    stage::MORNING,
    test_hall::TestHall,
};

crate::on_both_databases! { TestHall::open:
    what_was_asked_in_time_takes_the_place_of_silence
    what_was_rejected_in_time_takes_the_place_of_silence
    what_is_asked_after_silence_is_kept_and_changes_nothing
    a_decision_that_crosses_a_withdrawal_is_kept_and_changes_nothing
}

/// The last moment of the limit, and one after it.
const IN_TIME: &str = "2026-06-23T15:59:59Z";
const TOO_LATE: &str = "2026-06-23T16:00:01Z";

fn asked(hall: &TestHall, case_id: Uuid, at: &str) -> TaskSupplementAsked {
    TaskSupplementAsked {
        case_id,
        asked_at: at.parse().unwrap(),
        officer: OFFICER.to_owned(),
        points: vec![MissingPoint { code: None, material: None, reason: "请提交设备布局图。".to_owned() }],
        notice: PaperRef { paper_id: hall.new_id(), number: "安市监许补〔2026〕1号".to_owned() },
        allowed: None,
    }
}

/// A case that silence has accepted.
async fn silent(hall: &TestHall) -> Uuid {
    let id = case_id(&hall.taken_case(&hall.clerk().await).await);
    hall.clock.move_to(MORNING.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * 9));
    let workers = hall.start();
    let view = case_when(&hall.clerk().await, id, "accepted").await;
    assert_eq!(view["deemed_accepted"], true);
    workers.stop().await;
    id
}

async fn view(hall: &TestHall, case: Uuid) -> Value {
    hall.clerk().await.get(&format!("/cases/{case}")).await.done()
}

async fn what_was_asked_in_time_takes_the_place_of_silence(hall: TestHall) {
    let id = silent(&hall).await;
    Told::default().tell(&hall, Message::TaskSupplementAsked(asked(&hall, id, IN_TIME))).await;
    let case = view(&hall, id).await;
    assert_eq!((&case["state"], &case["deemed_accepted"]), (&json!("supplement-asked"), &json!(false)));
    assert_eq!(case["notices"][0]["asked_at"], IN_TIME);
}

async fn what_was_rejected_in_time_takes_the_place_of_silence(hall: TestHall) {
    let id = silent(&hall).await;
    let rejected = TaskRejected {
        case_id: id,
        rejected_at: IN_TIME.parse().unwrap(),
        officer: OFFICER.to_owned(),
        ground: RejectionGround::NotNeeded,
        reason: "不需要许可。".to_owned(),
        competent_authority: None,
        document: PaperRef { paper_id: hall.new_id(), number: "安市监许不受〔2026〕1号".to_owned() },
    };
    Told::default().tell(&hall, Message::TaskRejected(rejected)).await;
    let case = view(&hall, id).await;
    assert_eq!((&case["state"], &case["deemed_accepted"]), (&json!("rejected"), &json!(false)));
}

async fn what_is_asked_after_silence_is_kept_and_changes_nothing(hall: TestHall) {
    let department = FakeDepartment::start().await;
    let id = silent(&hall).await;
    let before = view(&hall, id).await;
    let mut told = Told::default();
    let late = asked(&hall, id, TOO_LATE);
    let notice = late.notice.clone();
    told.tell(&hall, Message::TaskSupplementAsked(late)).await;
    told.tell(&hall, department.paper(id, notice.paper_id, PaperKind::SupplementNotice, &notice.number)).await;
    let case = view(&hall, id).await;
    for kept in ["state", "deemed_accepted", "clocks", "notices", "papers"] {
        assert_eq!(case[kept], before[kept], "{kept}");
    }
    let progress = &case["progress"][0];
    assert_eq!((&progress["step"], &progress["officer"]), (&json!("补正告知（不生效）"), &json!(OFFICER)));
    assert_eq!(progress["note"], "收到时已视为受理。");
    let decided = granted(&hall, id);
    let number = decided.decision.number.clone();
    told.tell(&hall, Message::TaskDecided(decided)).await;
    assert_eq!(view(&hall, id).await["state"], "decided");
    // Only what silence has overtaken is passed over: another paper is the one that was announced, or none.
    let event = told.next(&hall, department.paper(id, hall.new_id(), PaperKind::Decision, &number));
    let refused = signed(&hall, &event).send().await;
    assert!((400..500).contains(&refused.status), "{} {}", refused.status, refused.text());
}

async fn a_decision_that_crosses_a_withdrawal_is_kept_and_changes_nothing(hall: TestHall) {
    let department = FakeDepartment::start().await;
    let clerk = hall.clerk().await;
    let id = case_id(&hall.taken_case(&clerk).await);
    let mut told = Told::default();
    told.tell(&hall, accepted(&hall, id)).await;
    let seen = clerk.get(&format!("/cases/{id}")).await.header("etag").to_owned();
    let withdraw = clerk.posting(&format!("/cases/{id}/withdraw"), &json!({ "text": "申请人不再经营。" }));
    let before = withdraw.header("if-match", &seen).send().await.done();
    assert_eq!(before["withdrawal"]["reason"], "申请人不再经营。");

    let decided = granted(&hall, id);
    let decision = decided.decision.clone();
    told.tell(&hall, Message::TaskDecided(decided)).await;
    told.tell(&hall, department.paper(id, decision.paper_id, PaperKind::Decision, &decision.number)).await;
    let case = view(&hall, id).await;
    assert_eq!((&case["state"], &case["decision"]), (&before["state"], &Value::Null));
    assert_eq!(case["progress"][0]["step"], "决定（不生效）");
    assert_eq!(case["progress"][0]["note"], "收到时申请已撤回。");
}
