//! The lists of the approver's desk, and how many there are in each.

use protocol::{Message, TaskWithdrawn};
use serde_json::{Value, json};

use crate::{
    stage::{Office, encoded},
    test_department::TestDepartment,
};

crate::on_both_databases! { TestDepartment::open:
    each_task_is_in_the_lists_where_it_belongs
}

async fn listed(desk: &Office, query: &str) -> Vec<String> {
    let (mut seen, mut next) = (vec![], String::new());
    loop {
        let page = desk.get(&format!("/tasks?limit=1{query}{next}")).await.done();
        seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&after={cursor}"),
            None => return seen,
        }
    }
}

async fn each_task_is_in_the_lists_where_it_belongs(department: TestDepartment) {
    let (approver, second) = (department.desk("approver").await, department.desk("second").await);
    let mut ids = vec![];
    for nth in 1..=6 {
        ids.push(department.task(nth).await);
    }
    let step = async |desk: &Office, task: usize, what: &str, body: Value| {
        let path = format!("/tasks/{}", ids[task]);
        let seen = desk.get(&path).await.done()["version"].as_u64().unwrap();
        desk.posting(&format!("{path}/{what}"), &body).seen(seen).send().await.done();
    };
    let missing = || json!({ "points": [{ "reason": "缺件" }] });
    step(&approver, 0, "claim", json!({})).await;
    step(&second, 1, "claim", json!({})).await;
    step(&approver, 2, "claim", json!({})).await;
    step(&approver, 2, "ask-supplement", missing()).await;
    step(&approver, 3, "ask-supplement", missing()).await;
    let reason = "不再经营。".to_owned();
    let withdrawn_at = web::Clock::now(&department.clock);
    department.hear(2, Message::TaskWithdrawn(TaskWithdrawn { case_id: ids[4], withdrawn_at, reason })).await;

    let named = |places: &[usize]| places.iter().map(|place| ids[*place].to_string()).collect::<Vec<_>>();
    // What waits for the applicant is due last; what is done or found comes newest first.
    for (list, due_first, newest_first) in [
        ("open", &[0, 1, 5, 2, 3][..], &[5, 3, 2, 1, 0][..]),
        ("mine", &[0, 2], &[2, 0]),
        ("unclaimed", &[5], &[5]),
        ("waiting", &[2, 3], &[3, 2]),
        ("done", &[4], &[4]),
    ] {
        assert_eq!(listed(&approver, &format!("&state={list}")).await, named(due_first), "{list}");
        let found = format!("&state={list}&q={}", encoded("欧阳"));
        assert_eq!(listed(&approver, &found).await, named(newest_first), "{list}");
    }
    let counts = json!({ "open": 5, "mine": 2, "unclaimed": 1, "waiting": 2, "done": 1, "most": 1000 });
    assert_eq!(approver.get("/tasks/counts").await.done(), counts);
    assert_eq!(second.get("/tasks/counts").await.done()["mine"], 1);
    let other = department.desk("other").await;
    assert_eq!(other.get("/tasks/counts").await.done()["open"], 0, "of another department nothing is counted");
}
