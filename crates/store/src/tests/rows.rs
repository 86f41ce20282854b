//! Rows of cases and tasks.

use super::stage::{Stage, at, id};
use crate::{CaseRow, Store, TaskCounts, TaskList, TaskRow};
use domain::clock::LightDays;
use jiff::civil::date;
use uuid::Uuid;

pub(super) fn case(number: &str, state: &str, filing: Uuid) -> CaseRow {
    CaseRow {
        id: id(),
        number: number.into(),
        official_number: None,
        filing,
        item_code: "food-licence".into(),
        item_version: 2,
        item_name: "食品经营许可".into(),
        department: id(),
        department_name: "市场监督管理局".into(),
        applicant_masked: "陈*远".into(),
        state: state.into(),
        deemed_accepted: false,
        outcome: None,
        window: "03".into(),
        taken_at: at(0),
        due_at: None,
        lights: LightDays::default(),
        silent_from: None,
        asked_at: None,
        told_again_at: None,
        version: 1,
        updated_at: at(0),
    }
}

fn lights() -> LightDays {
    LightDays { warning: Some(date(2026, 6, 19)), yellow: None, red: Some(date(2026, 7, 1)) }
}

async fn put(store: &Store, row: &CaseRow) {
    let row = row.clone();
    store.write(async move |tx| tx.put_case(&row).await).await.unwrap();
}

fn numbers(rows: &[CaseRow]) -> Vec<&str> {
    rows.iter().map(|row| row.number.as_str()).collect()
}

pub(super) async fn cases_are_listed_newest_first(stage: &Stage) {
    let store = stage.hall().await;
    let mut last = None;
    for n in 1..=5 {
        let row = case(&n.to_string(), if n % 2 == 0 { "issued" } else { "taken" }, id());
        put(&store, &row).await;
        last = Some(row);
    }
    let mut tx = store.read().await.unwrap();
    let page = tx.cases(None, 2).await.unwrap();
    assert_eq!(numbers(&page), ["5", "4"]);
    assert_eq!(numbers(&tx.cases(Some(page[1].id), 9).await.unwrap()), ["3", "2", "1"]);
    let issued = tx.cases_in("issued", None, 9).await.unwrap();
    assert_eq!(numbers(&issued), ["4", "2"]);
    assert_eq!(numbers(&tx.cases_in("issued", Some(issued[0].id), 9).await.unwrap()), ["2"]);
    drop(tx);

    let changed = CaseRow {
        state: "decided".into(),
        outcome: Some("granted".into()),
        official_number: Some("91".into()),
        due_at: Some(at(77)),
        lights: lights(),
        deemed_accepted: true,
        version: 4,
        ..last.unwrap()
    };
    put(&store, &changed).await;
    assert_eq!(store.read().await.unwrap().case(changed.id).await.unwrap(), Some(changed));
}

pub(super) async fn cases_of_a_window_and_of_a_department_come_newest_first(stage: &Stage) {
    let store = stage.hall().await;
    let department = id();
    for n in 1..=5 {
        let mut row = case(&n.to_string(), "taken", id());
        if n % 2 == 1 {
            row.window = "04".into();
        }
        if n > 2 {
            row.department = department;
        }
        put(&store, &row).await;
    }
    let mut tx = store.read().await.unwrap();
    let page = tx.cases_at("04", None, 2).await.unwrap();
    assert_eq!(numbers(&page), ["5", "3"]);
    assert_eq!(numbers(&tx.cases_at("04", Some(page[1].id), 2).await.unwrap()), ["1"]);
    let page = tx.cases_of_department(department, None, 2).await.unwrap();
    assert_eq!(numbers(&page), ["5", "4"]);
    assert_eq!(numbers(&tx.cases_of_department(department, Some(page[1].id), 2).await.unwrap()), ["3"]);
}

async fn add_keys(store: &Store, case: Uuid, keys: &'static [(&'static str, &'static str)]) {
    store.write(async move |tx| tx.add_case_keys(case, keys).await).await.unwrap();
}

pub(super) async fn cases_are_found_by_what_is_known_as_a_whole(stage: &Stage) {
    let store = stage.hall().await;
    let mut rows = vec![];
    for n in 1..=4 {
        let row = case(&n.to_string(), if n == 3 { "issued" } else { "taken" }, id());
        put(&store, &row).await;
        rows.push(row);
    }
    add_keys(&store, rows[0].id, &[("id_number", "11010519491231002X"), ("phone", "13800000001")]).await;
    add_keys(&store, rows[1].id, &[("agent_id_number", "11010519491231002X"), ("id_number", "11010519491231002X")])
        .await;
    add_keys(&store, rows[2].id, &[("agent_id_number", "11010519491231002X")]).await;
    add_keys(&store, rows[3].id, &[("id_number", "110105194912310038"), ("official", r#"安〔2026〕"1"\"#)]).await;
    // The same again, and one more.
    add_keys(&store, rows[0].id, &[("phone", "13800000001"), ("phone", "13800000002")]).await;
    add_keys(&store, id(), &[("phone", "13800000002")]).await;

    let by = async |fields: &[&str], value, state, after, limit| {
        let found = store.read().await.unwrap().cases_by_key(fields, value, state, after, limit).await.unwrap();
        numbers(&found).join(" ")
    };
    let number = "11010519491231002X";
    assert_eq!(by(&["id_number"], number, None, None, 9).await, "2 1");
    let both = ["id_number", "agent_id_number"];
    assert_eq!(by(&both, number, None, None, 9).await, "3 2 1");
    assert_eq!(by(&both, number, None, None, 2).await, "3 2");
    assert_eq!(by(&both, number, None, Some(rows[1].id), 2).await, "1");
    assert_eq!(by(&both, number, Some("taken"), None, 1).await, "2");
    assert_eq!(by(&both, "1101051949123100", None, None, 9).await, "");
    assert_eq!(by(&["phone"], "13800000002", None, None, 9).await, "1");
    assert_eq!(by(&["official"], r#"安〔2026〕"1"\"#, None, None, 9).await, "4");
    assert_eq!(by(&[], number, None, None, 9).await, "");

    let erased = rows[1].id;
    let forget = async || store.write(async move |tx| tx.forget_case_keys(erased).await).await.unwrap();
    assert_eq!((forget().await, forget().await), (2, 0));
    assert_eq!(by(&both, number, None, None, 9).await, "3 1");
}

pub(super) async fn silent_cases_come_the_longest_silent_first(stage: &Stage) {
    let store = stage.hall().await;
    let mut silent = vec![];
    for (number, day) in [("1", Some(24)), ("2", None), ("3", Some(22)), ("4", Some(23)), ("5", Some(24))] {
        let silent_from = day.map(|day| date(2026, 6, day));
        let row = CaseRow { silent_from, ..case(number, "taken", id()) };
        put(&store, &row).await;
        silent.push(row.id);
    }
    let mut tx = store.read().await.unwrap();
    assert!(tx.silent_cases(date(2026, 6, 21), None, 9).await.unwrap().is_empty());
    let found = tx.silent_cases(date(2026, 6, 23), None, 9).await.unwrap();
    assert_eq!(found.iter().map(|found| found.id).collect::<Vec<_>>(), [silent[2], silent[3]]);
    let (mut after, mut pages) = (None, vec![]);
    while let Some(page) = tx.silent_cases(date(2026, 7, 1), after, 1).await.unwrap().pop() {
        pages.push((page.silent_from, page.id));
        after = Some(page);
    }
    let (first, second, third) = (date(2026, 6, 22), date(2026, 6, 23), date(2026, 6, 24));
    assert_eq!(pages, [(first, silent[2]), (second, silent[3]), (third, silent[0]), (third, silent[4])]);
}

pub(super) async fn cases_that_somebody_must_look_at_are_listed(stage: &Stage) {
    let store = stage.hall().await;
    let asked = |row: CaseRow| CaseRow { asked_at: Some(at(1)), ..row };
    let again = |row: CaseRow| CaseRow { told_again_at: Some(at(2)), ..row };
    let new = |number: &str| case(number, "taken", id());
    for row in [new("1"), asked(new("2")), again(new("3")), again(asked(new("4"))), asked(new("5"))] {
        put(&store, &row).await;
    }
    let mut tx = store.read().await.unwrap();
    let page = tx.cases_asked(None, 2).await.unwrap();
    assert_eq!(numbers(&page), ["5", "4"]);
    assert_eq!((page[1].asked_at, page[1].told_again_at), (Some(at(1)), Some(at(2))));
    assert_eq!(numbers(&tx.cases_asked(Some(page[1].id), 9).await.unwrap()), ["2"]);
    assert_eq!(numbers(&tx.cases_told_again(None, 9).await.unwrap()), ["4", "3"]);
    assert_eq!(numbers(&tx.cases_with_window(None, 2).await.unwrap()), ["5", "4"]);
    assert_eq!(numbers(&tx.cases_with_window(Some(page[1].id), 9).await.unwrap()), ["3", "2", "1"]);
    put(&store, &CaseRow { state: "accepted".into(), ..page[1].clone() }).await;
    assert_eq!(numbers(&store.read().await.unwrap().cases_with_window(None, 2).await.unwrap()), ["5", "3"]);
    put(&store, &CaseRow { asked_at: None, ..page[0].clone() }).await;
    assert_eq!(numbers(&store.read().await.unwrap().cases_asked(None, 9).await.unwrap()), ["4", "2"]);
}

pub(super) async fn cases_are_found_by_numbers_filing_and_name(stage: &Stage) {
    let store = stage.hall().await;
    let filing = id();
    let rows: Vec<CaseRow> = (1..=3)
        .map(|n| CaseRow {
            official_number: Some(format!("official-{n}")),
            ..case(&format!("000{n}"), if n == 2 { "issued" } else { "taken" }, filing)
        })
        .collect();
    for row in &rows {
        put(&store, row).await;
        let stream = row.id;
        store.write(async move |tx| tx.index_name(stream, "applicant", "陈思远").await).await.unwrap();
    }
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.case_by_number("0002").await.unwrap().as_ref(), Some(&rows[1]));
    assert_eq!(tx.case_by_official("official-3").await.unwrap().as_ref(), Some(&rows[2]));
    assert_eq!(tx.case_by_number("2").await.unwrap(), None);
    assert_eq!(tx.cases_of_filing(filing).await.unwrap(), rows);
    assert_eq!(numbers(&tx.cases_found("思远", None, None, 2).await.unwrap()), ["0003", "0002"]);
    assert_eq!(numbers(&tx.cases_found("思远", None, Some(rows[1].id), 2).await.unwrap()), ["0001"]);
    assert_eq!(numbers(&tx.cases_found("陈思远", Some("issued"), None, 1).await.unwrap()), ["0002"]);
    assert_eq!(numbers(&tx.cases_found("思远", Some("taken"), None, 1).await.unwrap()), ["0003"]);
    drop(tx);

    let taken = case("0001", "taken", id());
    let twice = store.write(async move |tx| tx.put_case(&taken).await).await;
    assert_eq!(twice.unwrap_err().code(), "database");
}

fn task(number: i64, department: Uuid, due: Option<i64>) -> TaskRow {
    TaskRow {
        id: id(),
        hall: id(),
        hall_name: "安澜市政务服务中心".into(),
        number: number.to_string(),
        official_number: None,
        item_name: "食品经营许可".into(),
        department,
        applicant_masked: "陈*远".into(),
        state: "assigned".into(),
        deemed_accepted: false,
        outcome: None,
        claimed_by: None,
        notices: 0,
        open_enquiries: 0,
        open: true,
        assigned_at: at(number),
        due_at: due.map(at),
        lights: LightDays::default(),
        version: 1,
        updated_at: at(number),
    }
}

async fn put_task(store: &Store, row: &TaskRow) {
    let row = row.clone();
    store.write(async move |tx| tx.put_task(&row).await).await.unwrap();
}

fn task_numbers(rows: &[TaskRow]) -> Vec<&str> {
    rows.iter().map(|row| row.number.as_str()).collect()
}

pub(super) async fn open_tasks_come_by_due_date(stage: &Stage) {
    let store = stage.department().await;
    let department = id();
    let mut rows = Vec::new();
    for (number, due) in [(1, Some(50)), (2, None), (3, Some(10)), (4, Some(10)), (5, None)] {
        let row = task(number, department, due);
        put_task(&store, &row).await;
        rows.push(row);
    }
    put_task(&store, &task(6, id(), Some(1))).await;

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.read().await.unwrap().open_tasks(department, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key());
        seen.extend(page);
    }
    assert_eq!(task_numbers(&seen), ["3", "4", "1", "2", "5"]);
    assert_eq!(seen[3], rows[1]);

    for row in &mut rows[..2] {
        row.state = "decided".into();
        row.outcome = Some("denied".into());
        row.open = false;
        row.lights = lights();
        row.deemed_accepted = true;
        (row.claimed_by, row.notices, row.open_enquiries) = (Some(id()), 2, 3);
        put_task(&store, row).await;
    }
    let mut tx = store.read().await.unwrap();
    assert_eq!(task_numbers(&tx.open_tasks(department, None, 9).await.unwrap()), ["3", "4", "5"]);
    assert_eq!(tx.task(rows[0].id).await.unwrap().as_ref(), Some(&rows[0]));
    assert_eq!(tx.task(id()).await.unwrap(), None);
    let done = tx.done_tasks(department, None, 9).await.unwrap();
    assert_eq!(done, [rows[1].clone(), rows[0].clone()]);
    assert_eq!(task_numbers(&tx.done_tasks(department, Some(done[0].id), 9).await.unwrap()), ["1"]);
}

pub(super) async fn tasks_are_listed_and_counted_by_who_has_them(stage: &Stage) {
    let store = stage.department().await;
    let (department, me, other) = (id(), id(), id());
    let rows = [
        (1, Some(50), Some(me), "assigned"),
        (2, None, Some(me), "supplement-asked"),
        (3, Some(10), Some(me), "accepted"),
        (4, Some(10), Some(other), "assigned"),
        (5, Some(40), None, "assigned"),
        (6, Some(30), None, "reviewed"),
        (7, None, None, "supplement-asked"),
        (8, Some(1), Some(me), "decided"),
    ];
    for (number, due, claimed_by, state) in rows {
        let open = state != "decided";
        put_task(&store, &TaskRow { claimed_by, state: state.into(), open, ..task(number, department, due) }).await;
    }
    put_task(&store, &TaskRow { claimed_by: Some(me), ..task(9, id(), Some(1)) }).await;

    let mut tx = store.read().await.unwrap();
    let mine = tx.claimed_tasks(department, me, None, 2).await.unwrap();
    assert_eq!(task_numbers(&mine), ["3", "1"]);
    assert_eq!(task_numbers(&tx.claimed_tasks(department, me, Some(mine[1].key()), 2).await.unwrap()), ["2"]);
    let unclaimed = tx.unclaimed_tasks(department, None, 1).await.unwrap();
    assert_eq!(task_numbers(&unclaimed), ["6"]);
    let rest = tx.unclaimed_tasks(department, Some(unclaimed[0].key()), 9).await.unwrap();
    assert_eq!(task_numbers(&rest), ["5"]);
    let waiting = tx.waiting_tasks(department, None, 1).await.unwrap();
    assert_eq!(task_numbers(&waiting), ["2"]);
    assert_eq!(task_numbers(&tx.waiting_tasks(department, Some(waiting[0].key()), 9).await.unwrap()), ["7"]);

    let counts = TaskCounts { open: 7, claimed: 3, unclaimed: 2, waiting: 2, done: 1 };
    assert_eq!(tx.task_counts(department, me, 100).await.unwrap(), counts);
    let first_two = TaskCounts { open: 2, claimed: 2, unclaimed: 2, waiting: 2, done: 1 };
    assert_eq!(tx.task_counts(department, me, 2).await.unwrap(), first_two);
    assert_eq!(tx.task_counts(id(), me, 100).await.unwrap(), TaskCounts::default());
}

pub(super) async fn tasks_are_found_by_name(stage: &Stage) {
    let store = stage.department().await;
    let (department, me) = (id(), id());
    let rows = [
        (1, None, "assigned"),
        (2, None, "decided"),
        (3, Some(me), "accepted"),
        (4, Some(id()), "assigned"),
        (5, None, "supplement-asked"),
    ];
    for (number, claimed_by, state) in rows {
        let open = state != "decided";
        let row = TaskRow { open, claimed_by, state: state.into(), ..task(number, department, None) };
        put_task(&store, &row).await;
        store.write(async move |tx| tx.index_name(row.id, "applicant", "陈思远").await).await.unwrap();
    }
    let elsewhere = task(6, id(), None);
    put_task(&store, &elsewhere).await;
    store.write(async move |tx| tx.index_name(elsewhere.id, "applicant", "陈思远").await).await.unwrap();

    let mut tx = store.read().await.unwrap();
    for text in ["陈", "思远", "陈思远"] {
        for (list, expected) in [
            (TaskList::Open, "5 4 3 1"),
            (TaskList::Claimed(me), "3"),
            (TaskList::Unclaimed, "1"),
            (TaskList::Waiting, "5"),
            (TaskList::Done, "2"),
        ] {
            let found = tx.tasks_found(department, list, text, None, 9).await.unwrap();
            assert_eq!(task_numbers(&found).join(" "), expected, "{text} {list:?}");
        }
        let page = tx.tasks_found(department, TaskList::Open, text, None, 2).await.unwrap();
        assert_eq!(task_numbers(&page), ["5", "4"]);
        let rest = tx.tasks_found(department, TaskList::Open, text, Some(page[1].id), 2).await.unwrap();
        assert_eq!(task_numbers(&rest), ["3", "1"]);
    }
    assert!(tx.tasks_found(department, TaskList::Open, "思陈", None, 9).await.unwrap().is_empty());
}
