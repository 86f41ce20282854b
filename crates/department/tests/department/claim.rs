//! Taking a task up, and letting go of it.

use serde_json::{Value, json};

use crate::{
    stage::Office,
    test_department::{TestDepartment, granted},
};

crate::on_both_databases! { TestDepartment::open:
    a_task_is_taken_up_by_one_and_handed_on
    what_somebody_has_taken_up_another_may_still_decide
}

fn claimer(task: &Value) -> &Value {
    &task["claimed_by"]["name"]
}

async fn a_task_is_taken_up_by_one_and_handed_on(department: TestDepartment) {
    let id = department.task(1).await;
    let (approver, second) = (department.desk("approver").await, department.desk("second").await);
    let step = |desk: &Office, what: &str, seen| desk.posting(&format!("/tasks/{id}/{what}"), &json!({})).seen(seen);
    let free = department.refusal(step(&approver, "release", 1)).await;
    assert!(free.starts_with("409 not-now"), "{free}");

    let claimed = step(&approver, "claim", 1).send().await.done();
    assert_eq!((claimer(&claimed), &claimed["version"]), (&json!("方一鸣"), &json!(2)));
    assert_eq!(claimer(&second.get("/tasks").await.done()["items"][0]), "方一鸣");
    let told = department.told().await;
    assert_eq!(told[0].0, "task.progressed");
    assert_eq!((&told[0].1["step"], &told[0].1["officer"]), (&json!("办理"), &json!("方一鸣")));
    for what in ["claim", "release", "accept"] {
        assert_eq!(department.refusal(step(&second, what, 2)).await, "409 claimed", "{what}");
    }
    assert_eq!(department.refusal(step(&second, "claim", 1)).await.split(' ').next(), Some("412"));
    // Once more changes nothing, and nobody is told.
    assert_eq!(step(&approver, "claim", 2).send().await.done()["version"], 2);
    assert!(department.told().await.is_empty());

    let released = step(&approver, "release", 2).send().await.done();
    assert_eq!((&released["claimed_by"], &released["version"]), (&Value::Null, &json!(3)));
    let handed_on = step(&second, "claim", 3).send().await.done();
    assert_eq!(claimer(&handed_on), "韩立群");
    let timeline = approver.get(&format!("/tasks/{id}/timeline")).await.done();
    let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["task.assigned", "task.claimed", "task.released", "task.claimed"]);
}

async fn what_somebody_has_taken_up_another_may_still_decide(department: TestDepartment) {
    let id = department.task(1).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    approver.posting(&format!("/tasks/{id}/claim"), &json!({})).seen(1).send().await.done();
    approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(2).send().await.done();
    let decided = delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(3).send().await.done();
    assert_eq!(decided["state"], "decided");
    let again = department.refusal(approver.posting(&format!("/tasks/{id}/claim"), &json!({})).seen(4)).await;
    assert!(again.starts_with("409 not-now"), "{again}");
}
