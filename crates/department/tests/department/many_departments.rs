//! One service, several departments: who works in one knows nothing of another.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{calendar::WorkCalendar, ids::DepartmentId};
use futures_util::StreamExt as _;
use http::Method;
use protocol::{Event, Secret, TaskAssigned};
use serde_json::{Value, json};
use store::{Kind, Store};
use uuid::Uuid;
use web::{StillClock, session::MAX_FAILURES, source::Chance};
use yichuang_department::{DepartmentConfig, Departments, Parts, protocol_path};

use crate::{
    stage::{MORNING, Office, Place, encoded, until},
    test_department::{
        CALENDAR, DEPARTMENT, HALL, OTHER_DEPARTMENT, SERVICE, TestDepartment, assigned, config, granted, sha256,
    },
};

crate::on_both_databases! { TestDepartment::open:
    the_login_leads_to_its_department
    wrong_passwords_are_counted_for_the_whole_service
    who_works_in_another_department_finds_nothing_of_it
    everybody_is_shown_in_lists_what_they_may_read_and_nothing_else
    news_are_of_ones_own_department
    each_department_counts_keeps_and_sends_by_itself
    a_hall_is_told_where_there_is_no_department
}

fn assigned_to_other(nth: u16) -> TaskAssigned {
    TaskAssigned { department_id: OTHER_DEPARTMENT, ..assigned(nth) }
}

fn other() -> String {
    protocol_path(DepartmentId(OTHER_DEPARTMENT))
}

/// A task of the other department.
async fn task_of_other(service: &TestDepartment, nth: u16) -> Uuid {
    let event = service.event(assigned_to_other(nth));
    let answer = service.signed_at(&other(), &event).send().await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    event.case_id()
}

async fn accept(desk: &Office, task: Uuid) -> Value {
    desk.posting(&format!("/tasks/{task}/accept"), &json!({})).seen(1).send().await.done()
}

async fn the_login_leads_to_its_department(service: TestDepartment) {
    let welcome = service.visitor().get("/welcome").await.done();
    let office = |id: Uuid, name: &str| json!({ "id": id, "name": name, "kind": "department" });
    assert_eq!(welcome["office"], office(SERVICE, "安澜市政务服务中心后台"));
    for (login, department, name) in
        [("approver", DEPARTMENT, "安澜市市场监督管理局"), ("other", OTHER_DEPARTMENT, "安澜市卫生健康委员会")]
    {
        let session = service.desk(login).await.get("/session").await.done();
        assert_eq!(session["office"], office(department, name), "{login}");
    }
    let wish = json!({ "login": "moved", "password": crate::stage::PASSWORD });
    let refused = service.visitor().ask(Method::POST, "/sessions").json(&wish).send().await;
    assert_eq!(refused.refusal(), "403 forbidden", "its department is served here no more");
}

async fn wrong_passwords_are_counted_for_the_whole_service(service: TestDepartment) {
    for login in ["other", "nobody"] {
        let wish = json!({ "login": login, "password": "not-this-one" });
        let mut answers = vec![];
        for _ in 0..=MAX_FAILURES {
            answers.push(service.visitor().ask(Method::POST, "/sessions").json(&wish).send().await.refusal());
        }
        let last = answers.pop().unwrap();
        assert!(last.starts_with("429 too-many-attempts"), "{login}: {last}");
        assert!(answers.iter().all(|answer| answer == "401 wrong-login-or-password"), "{login}: {answers:?}");
    }
    service.desk("approver").await;
}

async fn who_works_in_another_department_finds_nothing_of_it(service: TestDepartment) {
    let workers = service.departments.start();
    service.hall_files.put(&sha256(b"%PDF-"), b"%PDF-");
    let (stranger, inside) = (service.desk("other").await, service.desk("approver").await);
    let id = service.task(1).await;
    accept(&inside, id).await;
    let noticed = until("the notice", async || {
        let task = inside.get(&format!("/tasks/{id}")).await.done();
        (task["papers"][0]["state"] == "ready" && task["version"] == 2).then_some(task)
    })
    .await;
    let paper = noticed["papers"][0]["id"].as_str().unwrap();
    let (number, message) = (noticed["number"].as_str().unwrap(), noticed["delivery_to_hall"]["id"].as_str().unwrap());

    for list in [
        "/tasks".to_owned(),
        "/tasks?state=done".to_owned(),
        format!("/tasks?q={number}"),
        format!("/tasks?q={}", encoded("欧阳晓岚")),
    ] {
        assert_eq!(stranger.get(&list).await.done(), json!({ "items": [], "next": null }), "{list}");
    }
    assert_eq!(inside.get("/tasks").await.done()["items"].as_array().unwrap().len(), 1);

    let mut answers = BTreeMap::new();
    for path in [
        format!("/tasks/{id}"),
        format!("/tasks/{id}/timeline"),
        format!("/tasks/{id}/clocks/statutory"),
        format!("/tasks/{id}/materials/0"),
        format!("/papers/{paper}"),
    ] {
        assert_eq!(inside.get(&path).await.status, 200, "{path}");
        answers.insert(path.clone(), service.refusal(stranger.ask(Method::GET, &path)).await);
    }
    let send_again = format!("/tasks/{id}/deliveries/{message}/send-again");
    for (path, body) in [
        (format!("/tasks/{id}/accept"), json!({})),
        (format!("/tasks/{id}/decide"), granted()),
        (send_again, json!({})),
    ] {
        answers.insert(path.clone(), service.refusal(stranger.posting(&path, &body).seen(2)).await);
    }
    for (path, answer) in answers {
        assert_eq!(
            answer,
            if path.contains("/papers/") { "404 paper-not-found" } else { "404 task-not-found" },
            "{path}"
        );
    }
    workers.stop().await;
}

async fn everybody_is_shown_in_lists_what_they_may_read_and_nothing_else(service: TestDepartment) {
    let (approver, stranger) = (service.desk("approver").await, service.desk("other").await);
    let mut tasks = vec![];
    for nth in 1..=5 {
        tasks.push(service.task(nth).await);
    }
    for nth in 6..=8 {
        tasks.push(task_of_other(&service, nth).await);
    }
    for (desk, nth) in [(&approver, 0), (&approver, 1), (&stranger, 5)] {
        desk.posting(&format!("/tasks/{}/claim", tasks[nth]), &json!({})).seen(1).send().await.done();
    }
    let decide = |desk: &Office, task: Uuid| {
        let desk = desk.clone();
        async move {
            let version = accept(&desk, task).await["version"].as_u64().unwrap();
            desk.posting(&format!("/tasks/{task}/decide"), &granted()).seen(version).send().await.done();
        }
    };
    decide(&service.desk("second").await, tasks[2]).await;
    decide(&stranger, tasks[6]).await;

    for login in
        ["window_clerk", "output_clerk", "approver", "delegate", "supervisor", "administrator", "other", "second"]
    {
        let desk = service.desk(login).await;
        let mut readable = BTreeMap::new();
        for task in &tasks {
            let answer = desk.get(&format!("/tasks/{task}")).await;
            for part in ["timeline", "clocks/intake", "materials/0"] {
                // The material is with the hall, which does not answer here.
                let read = desk.get(&format!("/tasks/{task}/{part}")).await.status;
                assert_eq!(answer.status == 200, read == 200 || read == 502, "{login} {part} {read}");
            }
            if answer.status == 200 {
                readable.insert(task.to_string(), answer.done());
            }
        }
        let me = desk.get("/session").await.done()["account"]["id"].clone();
        let shown = |holds: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
            readable.iter().filter(|(_, task)| holds(task)).map(|(id, _)| id.clone()).collect()
        };
        let done = |task: &Value| task["state"] == "decided";
        let lists = [
            ("open", shown(&|task| !done(task))),
            ("done", shown(&done)),
            ("mine", shown(&|task| !done(task) && !me.is_null() && task["claimed_by"]["id"] == me)),
            ("unclaimed", shown(&|task| !done(task) && task["claimed_by"].is_null())),
        ];
        for (list, expected) in lists {
            for search in [String::new(), format!("&q={}", encoded("晓岚")), "&q=20260615".to_owned()] {
                let found = listed(&desk, &format!("/tasks?state={list}{search}")).await;
                let expected = if search.contains("2026") { BTreeSet::new() } else { expected.clone() };
                assert_eq!(found, expected, "{login} {list} {search}");
            }
            if !readable.is_empty() {
                assert_eq!(desk.get("/tasks/counts").await.done()[list], expected.len(), "{login} {list}");
            }
        }
        for task in readable.values() {
            let number = task["number"].as_str().unwrap();
            let state = if done(task) { "done" } else { "open" };
            let found = listed(&desk, &format!("/tasks?state={state}&q={number}")).await;
            assert_eq!(found.into_iter().collect::<Vec<_>>(), [task["id"].as_str().unwrap()], "{login}");
        }
    }
}

/// What a list shows, page after page; nothing where there is no list.
async fn listed(desk: &Office, path: &str) -> BTreeSet<String> {
    let (mut seen, mut after) = (BTreeSet::new(), String::new());
    loop {
        let answer = desk.get(&format!("{path}&limit=2{after}")).await;
        if answer.status == 403 {
            return seen;
        }
        let page = answer.done();
        let ids = page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        seen.extend(ids);
        match &page["next"] {
            Value::Null => return seen,
            next => after = format!("&after={}", encoded(next.as_str().unwrap_or(&next.to_string()))),
        }
    }
}

async fn news_are_of_ones_own_department(service: TestDepartment) {
    let (stranger, inside) = (service.desk("other").await, service.desk("approver").await);
    let (mut there, mut here) = (service.listen(&stranger).await, service.listen(&inside).await);
    for heard in [&mut there, &mut here] {
        assert!(heard.next().await.unwrap().contains("event: ready"));
    }
    let first = service.task(1).await;
    let second = task_of_other(&service, 2).await;
    assert!(here.next().await.unwrap().contains(&first.to_string()));
    assert!(there.next().await.unwrap().contains(&second.to_string()));
}

async fn each_department_counts_keeps_and_sends_by_itself(service: TestDepartment) {
    let workers = service.departments.start();
    let tasks = [
        (service.task(1).await, "approver", DEPARTMENT),
        (task_of_other(&service, 2).await, "other", OTHER_DEPARTMENT),
    ];
    let mut numbers = vec![];
    for (task, login, department) in tasks {
        let desk = service.desk(login).await;
        accept(&desk, task).await;
        let paper = until("the notice", async || {
            let view = desk.get(&format!("/tasks/{task}")).await.done();
            (view["papers"][0]["state"] == "ready").then(|| view["papers"][0].clone())
        })
        .await;
        let bytes = desk.get(&format!("/papers/{}", paper["id"].as_str().unwrap())).await.bytes;
        let sha256 = sha256(&bytes);
        let given = service.file_request(department, &sha256).send().await;
        assert_eq!((given.status, given.bytes), (200, bytes));
        let elsewhere = if department == DEPARTMENT { OTHER_DEPARTMENT } else { DEPARTMENT };
        let line = service.refusal(service.file_request(elsewhere, &sha256)).await;
        assert_eq!(line, "404 file-not-found");
        numbers.push(paper["number"].clone());

        let store = service.departments.get(department).unwrap().store();
        let deliveries = store.read().await.unwrap().deliveries(task).await.unwrap();
        assert_eq!(deliveries.iter().map(|delivery| delivery.recipient).collect::<Vec<_>>(), [HALL, HALL]);
        let report = store.verify_journal(|_| ()).await.unwrap();
        assert_eq!((report.streams, report.faults.len()), (1, 0));
    }
    assert_eq!(numbers, ["安市监许受〔2026〕1号", "安卫许受〔2026〕1号"]);
    workers.stop().await;
}

async fn a_hall_is_told_where_there_is_no_department(service: TestDepartment) {
    let event = service.event(assigned(1));
    let nobody = protocol_path(DepartmentId(Uuid::from_u128(3)));
    for (base, line) in [
        ("", "404 not-found"),
        (nobody.as_str(), "404 not-found"),
        (other().as_str(), "422 validation-failed | /data/department_id unknown"),
    ] {
        let refused = service.refusal(service.signed_at(base, &event)).await;
        assert!(refused.starts_with(line), "{base}: {refused}");
    }
    let wrong = Secret::generate([9; 32]);
    let headers = protocol::sign(&[wrong], &event.id, web::Clock::wall(&service.clock), &event.to_bytes()).unwrap();
    let for_other = Event { message: protocol::Message::TaskAssigned(Box::new(assigned_to_other(1))), ..event };
    let unsigned = service.signed_at(&other(), &for_other);
    let unsigned = unsigned.without("webhook-id").without("webhook-timestamp").without("webhook-signature");
    assert_eq!(service.refusal(unsigned.headers(headers)).await, "401 signature-invalid");
}

#[tokio::test]
async fn departments_that_cannot_be_told_apart_are_refused() {
    let place = Place::sqlite();
    let store = Store::open(&place.store_config(), Kind::Department, SERVICE).await.unwrap();
    let open = |change: &dyn Fn(&mut DepartmentConfig)| {
        let mut config = config(&place, "http://127.0.0.1:1".to_owned(), &Secret::generate([1; 32]));
        change(&mut config);
        let parts = Parts {
            store: store.clone(),
            clock: Arc::new(StillClock::at(MORNING.parse().unwrap())),
            chance: Chance::seeded(7),
            calendar: WorkCalendar::parse(CALENDAR).unwrap(),
        };
        Departments::open(config, parts).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(open(&|_| ()), "");
    assert_eq!(open(&|config| config.departments.clear()), "a department service serves at least one department");
    let same_id = open(&|config| config.departments[1].id = DepartmentId(DEPARTMENT));
    assert_eq!(same_id, format!("the id {DEPARTMENT} is there for two departments"));
    let same_mark = open(&|config| config.departments[1].decision_mark = "安市监许受".to_owned());
    assert_eq!(same_mark, "the mark 安市监许受 is there for two departments");
    let own_mark = open(&|config| config.departments[1].decision_mark = config.departments[1].notice_mark.clone());
    assert_eq!(own_mark, "", "one department may count several kinds of papers under one mark");
}
