//! What an older hall sends, and what an older program has kept: it is read, and carried to its end.

use domain::{
    clock::LightDays,
    ids::{CaseId, DepartmentId, RecordId},
};
use http::Method;
use jiff::Timestamp;
use protocol::{Event, Message, MessageId, Party, TaskDeemedAccepted};
use serde_json::json;
use store::{NewEvent, Salt, TaskRow, seal};
use uuid::Uuid;
use yichuang_department::protocol_path;

use crate::{
    stage::{MORNING, Office, until},
    test_department::{DEPARTMENT, HALL, TestDepartment, granted},
};

crate::on_both_databases! { TestDepartment::open:
    a_message_of_before_units_and_papers_is_carried_to_its_end
    a_task_kept_before_units_and_papers_is_carried_to_its_end
}

/// As a hall sent it, and a department kept it, before limits had units and items had papers.
const ASSIGNED: &str = include_str!("../../../protocol/tests/fixtures/task-assigned-before-units.json");
const CASE: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);

async fn a_message_of_before_units_and_papers_is_carried_to_its_end(department: TestDepartment) {
    let body = format!(
        r#"{{"specversion":"1.0","id":"of-before","source":"{}","type":"yichuang.task.assigned","time":"{MORNING}",
            "subject":"0001260615010018","datacontenttype":"application/json","caseid":"{CASE}","sequence":"1",
            "data":{ASSIGNED}}}"#,
        Party::Hall(HALL)
    );
    let event = Event::parse(body.as_bytes()).unwrap();
    let now = web::Clock::wall(&department.clock);
    let headers = protocol::sign(std::slice::from_ref(&department.secret), &event.id, now, body.as_bytes()).unwrap();
    let answer = Office::visitor(department.router(), "")
        .ask(Method::POST, &format!("{}{}", protocol_path(DepartmentId(DEPARTMENT)), protocol::EVENTS_PATH))
        .bytes(protocol::EVENT_MEDIA_TYPE, body)
        .header(protocol::HEADER_SOURCE, &event.source.to_string())
        .headers(headers)
        .send()
        .await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    carried_to_its_end(&department, 2).await;
}

async fn a_task_kept_before_units_and_papers_is_carried_to_its_end(department: TestDepartment) {
    let (record, salt, now) = (Uuid::now_v7(), Salt::random(), MORNING.parse::<Timestamp>().unwrap());
    let digest = hex::encode(seal(ASSIGNED.as_bytes(), salt));
    let body = format!(
        r#"{{"hall":"{HALL}","department":"{DEPARTMENT}","number":"0001260615010018","taken_at":1781485200000000,
            "assigned_at":1781485200000000,"limits":[
            {{"clock":"intake","working_days":5,"start":"receipt","law":"中华人民共和国行政许可法","article":"第三十二条",
              "source":"派发大厅的事项目录"}},
            {{"clock":"statutory","working_days":10,"start":"acceptance","law":"食品经营许可和备案管理办法",
              "article":"许可审查期限"}}],
            "review_and_decision_in_one":true,"content":{{"record":"{record}","digest":"{digest}"}}}}"#
    );
    let row = TaskRow {
        id: CASE,
        hall: HALL,
        hall_name: "安澜市政务服务中心".into(),
        number: "0001260615010018".into(),
        official_number: None,
        item_name: "食品经营许可（新办）".into(),
        department: DEPARTMENT,
        applicant_masked: "欧**岚".into(),
        state: "assigned".into(),
        deemed_accepted: false,
        outcome: None,
        claimed_by: None,
        notices: 0,
        open_enquiries: 0,
        open: true,
        assigned_at: now,
        due_at: None,
        lights: LightDays::default(),
        version: 1,
        updated_at: now,
    };
    let write = department.department.store().write(async move |tx| {
        tx.keep_record(record, CASE, "assignment", ASSIGNED.as_bytes(), salt, now).await?;
        let event = NewEvent::new("task.assigned", 1, now, format!("hall:{HALL}"), body.clone().into_bytes());
        tx.append(CASE, 0, &[event], now).await?;
        tx.put_task(&row).await
    });
    write.await.unwrap();
    let mut tx = department.department.store().read().await.unwrap();
    let task = tx.load_task(CaseId(CASE)).await.unwrap();
    assert_eq!(task.assignment().unwrap().content.record, RecordId(record));
    drop(tx);
    carried_to_its_end(&department, 1).await;
}

/// Silence accepts it by the hall's word, its notice is issued, it is granted, and every paper is made.
async fn carried_to_its_end(department: &TestDepartment, sequence: u64) {
    department.clock.move_to("2026-06-24T01:00:00Z".parse().unwrap());
    let deemed_at = "2026-06-23T16:00:00Z".parse().unwrap();
    let told = TaskDeemedAccepted { case_id: CASE, accepted_at: MORNING.parse().unwrap(), deemed_at };
    let silence = Event {
        id: MessageId::from(Uuid::now_v7()),
        source: Party::Hall(HALL),
        time: web::Clock::now(&department.clock),
        subject: "0001260615010018".to_owned(),
        sequence,
        message: Message::TaskDeemedAccepted(told),
    };
    let answer = department.signed(&silence).send().await;
    assert_eq!(answer.status, 204, "{}", answer.text());

    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let task = approver.get(&format!("/tasks/{CASE}")).await.done();
    assert_eq!((&task["state"], &task["deemed_accepted"]), (&json!("accepted"), &json!(true)));
    assert_eq!(task["limits"][0]["budget"], json!({ "days": 5, "unit": "working" }));
    let workers = department.departments.start();
    approver.posting(&format!("/tasks/{CASE}/accept"), &json!({})).seen(2).send().await.done();
    delegate.posting(&format!("/tasks/{CASE}/decide"), &granted()).seen(3).send().await.done();
    let papers = until("the papers", async || {
        let task = delegate.get(&format!("/tasks/{CASE}")).await.done();
        let papers = task["papers"].as_array().unwrap().clone();
        (papers.len() == 3 && papers.iter().all(|paper| paper["state"] == "ready")).then_some(papers)
    })
    .await;
    let titles: Vec<_> = papers.iter().map(|paper| paper["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["行政许可申请受理通知书", "准予行政许可决定书", "食品经营许可证"]);
    workers.stop().await;
}
