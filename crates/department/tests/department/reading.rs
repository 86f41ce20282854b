//! Lists and files of the department.

use http::Method;

use crate::{
    stage::{encoded, until},
    test_department::{DEPARTMENT, TestDepartment, sha256},
};

crate::on_both_databases! { TestDepartment::open:
    open_tasks_come_in_pages_the_first_due_first
    the_queue_shows_the_worst_light_of_the_page_on_every_day
    the_days_of_an_open_task_are_reckoned_anew_when_the_service_starts
    a_garbled_query_is_named
    a_material_is_fetched_from_the_hall_and_checked
}

async fn open_tasks_come_in_pages_the_first_due_first(department: TestDepartment) {
    let approver = department.desk("approver").await;
    let mut tasks = vec![];
    for nth in 1..=5 {
        tasks.push(department.task(nth).await.to_string());
    }
    for query in ["", "&q=欧阳", "&q=晓"] {
        let query = query.split_once("q=").map_or(query.to_owned(), |(and, text)| format!("{and}q={}", encoded(text)));
        let (mut seen, mut next) = (vec![], String::new());
        for page in 0.. {
            assert!(page < 4, "the pages end");
            let page = approver.get(&format!("/tasks?limit=2{query}{next}")).await.done();
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&after={cursor}"),
                None => break,
            }
        }
        if !query.is_empty() {
            // What is found comes newest first.
            seen.reverse();
        }
        assert_eq!(seen, tasks, "{query}");
    }
    assert!(approver.get("/tasks?state=done").await.done()["items"].as_array().unwrap().is_empty());
    let first = approver.get("/tasks?limit=1").await.done()["items"][0].clone();
    assert_eq!(
        (first["applicant_masked"].as_str(), first["number_spoken"].as_str()),
        (Some("欧**岚"), Some("0001-260615-01-001-8"))
    );
}

async fn the_queue_shows_the_worst_light_of_the_page_on_every_day(department: TestDepartment) {
    let (assigned, accepted) = (department.task(1).await, department.task(2).await);
    let approver = department.desk("approver").await;
    let accept = approver.posting(&format!("/tasks/{accepted}/accept"), &serde_json::json!({})).seen(1);
    assert_eq!(accept.send().await.status, 200);
    let mut lights = [vec![], vec![]];
    for days in [0, 3, 7, 8, 9, 14, 16, 17, 90] {
        let morning = crate::stage::MORNING.parse::<jiff::Timestamp>().unwrap();
        department.clock.move_to(morning + jiff::SignedDuration::from_hours(24 * days));
        let approver = department.desk("approver").await;
        let queue = approver.get("/tasks").await.done();
        for (task, lights) in [assigned, accepted].into_iter().zip(&mut lights) {
            let id = task.to_string();
            let row = queue["items"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap();
            let page = approver.get(&format!("/tasks/{id}")).await.done();
            let running = page["clocks"].as_array().unwrap().iter().filter(|clock| clock["stopped_at"].is_null());
            let order = ["normal", "warning", "yellow", "red"];
            let worst = running.filter_map(|clock| order.iter().position(|light| clock["light"] == *light)).max();
            assert_eq!(row["light"], order[worst.unwrap()], "after {days} days");
            assert_eq!(row["light"], page["light"]);
            lights.push(order[worst.unwrap()]);
        }
    }
    let [assigned, accepted] = lights;
    let (n, w, y, r) = ("normal", "warning", "yellow", "red");
    assert_eq!(assigned, [n, n, w, w, r, r, r, r, r], "five working days, a holiday among them");
    assert_eq!(accepted, [n, n, w, w, y, y, r, r, r], "promised in five, by law in ten");
}

async fn the_days_of_an_open_task_are_reckoned_anew_when_the_service_starts(department: TestDepartment) {
    let id = department.task(1).await;
    let row = async || department.department.store().read().await.unwrap().task(id).await.unwrap().unwrap();
    let right = row().await;
    // As an older program, or an older calendar, has left it.
    let left = store::TaskRow { due_at: None, lights: Default::default(), ..right.clone() };
    department.department.store().write(async move |tx| tx.put_task(&left).await).await.unwrap();
    let workers = department.departments.start();
    until("the days are reckoned", async || (row().await == right).then_some(())).await;
    workers.stop().await;
}

async fn a_garbled_query_is_named(department: TestDepartment) {
    let approver = department.desk("approver").await;
    department.task(1).await;
    let number = web::page::cursor(&7);
    let id = web::page::cursor(&uuid::Uuid::from_u128(7));
    let due = web::page::cursor(&(Some(1_i64), uuid::Uuid::from_u128(7)));
    let mut lines = vec![];
    let queries = [
        "/tasks?limit=0".to_owned(),
        "/tasks?limit=1&limit=2".to_owned(),
        "/tasks?after=garbage".to_owned(),
        format!("/tasks?after={number}"),
        format!("/tasks?after={id}"),
        format!("/tasks?state=done&after={due}"),
        format!("/tasks?q=x&after={due}"),
        "/tasks?state=lost".to_owned(),
        "/tasks/7".to_owned(),
        "/tasks/0193b000-0000-7000-8000-00000000dead".to_owned(),
        "/tasks/0193b000-0000-7000-8000-00000000dead/clocks/intake".to_owned(),
        "/papers/0193b000-0000-7000-8000-00000000dead".to_owned(),
    ];
    for query in queries {
        let line = department.refusal(approver.ask(Method::GET, &query)).await;
        lines.push(format!("{query}\n    -> {line}"));
    }
    for text in ["%00", "%27", "%E2%80%AE", &encoded(&"😀".repeat(2000))] {
        let found = approver.get(&format!("/tasks?q={text}")).await.done();
        assert!(found["items"].as_array().unwrap().is_empty(), "{text:.20}");
    }
    insta::assert_snapshot!("a_garbled_query_is_named", lines.join("\n"));
}

async fn a_material_is_fetched_from_the_hall_and_checked(department: TestDepartment) {
    let approver = department.desk("approver").await;
    let id = department.task(1).await;
    let path = format!("/tasks/{id}/materials/0");
    let sha256 = sha256(b"%PDF-");
    let files =
        || std::fs::read_dir(department.departments.config().files.join(DEPARTMENT.to_string())).unwrap().count();
    for wrong in [None, Some(b"%PDF!".as_slice()), Some(b"%PD"), Some(b"%PDF- and more than was announced")] {
        if let Some(bytes) = wrong {
            department.hall_files.put(&sha256, bytes);
        }
        let answer = approver.get(&path).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (502, Some("backend-unreachable")), "{wrong:?}");
        answer.shows_no_inner_workings();
        assert_eq!(files(), 0, "nothing wrong is kept");
    }
    department.hall_files.put(&sha256, b"%PDF-");
    let answer = approver.get(&path).await;
    assert_eq!((answer.status, answer.bytes.as_slice()), (200, b"%PDF-".as_slice()));
    assert_eq!(answer.header("content-disposition"), format!("inline; filename*=UTF-8''{}.pdf", encoded("申请书")));
    // Kept here, it is not asked for again.
    department.hall_files.put(&sha256, b"gone");
    assert_eq!(approver.get(&path).await.bytes, b"%PDF-");
    let none = department.refusal(approver.ask(Method::GET, &format!("/tasks/{id}/materials/1"))).await;
    assert_eq!(none, "404 material-not-found");
}
