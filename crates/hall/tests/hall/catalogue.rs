//! Items that are published, changed and withdrawn while a hall works: a case keeps the version it was taken by.

use serde_json::{Value, json};
use store::{NewItemVersion, Store};
use yichuang_hall::{ItemFile, Publication, PublishError, PublishedItem, Publisher, publish_items, withdraw_item};

use crate::{
    fake_department::{Told, accepted, case_id},
    stage::{MORNING, until},
    test_hall::{DEPARTMENT, ITEM, ITEM_FILE, OTHER_DEPARTMENT, Setup, TestHall},
};

crate::on_both_databases! { TestHall::open:
    an_import_with_anything_wrong_is_refused_whole_with_every_fault
    the_same_import_again_publishes_nothing
    what_was_published_is_never_replaced
    a_running_hall_takes_new_cases_by_the_new_version_and_goes_on_with_the_old_ones
    a_mark_stays_with_the_department_that_counts_by_it
    a_withdrawn_item_takes_no_case_until_a_new_version_is_published
    a_version_that_can_no_longer_be_read_takes_no_case_and_keeps_no_hall_from_starting
}

const OTHER_CODE: &str = "11990100MB000131013000131901002";

/// The item in its second version, under another name, with shorter limits and other words on its papers.
fn second() -> String {
    let second = ITEM_FILE.replacen("version = 1", "version = 2", 1).replacen("（新办）", "（新办，电子证照）", 1);
    let sooner = second.replacen("working_days = 5", "working_days = 3", 1);
    sooner.replacen("title = \"行政许可申请受理通知书\"", "title = \"受理通知书（新版）\"", 1)
}

fn file(name: &str, text: impl Into<String>) -> ItemFile {
    ItemFile { name: name.to_owned(), text: text.into() }
}

async fn import(hall: &TestHall, files: Vec<ItemFile>) -> Result<Vec<PublishedItem>, Vec<String>> {
    let publisher = Publisher { by: "何立新".to_owned(), at: MORNING.parse().unwrap() };
    let published = publish_items(hall.hall.store(), &hall.hall.config().department_names(), files, publisher).await;
    published.map_err(|error| match error {
        PublishError::Refused(faults) => faults.iter().map(ToString::to_string).collect(),
        PublishError::Store(error) => panic!("{error}"),
    })
}

async fn outcomes(hall: &TestHall, files: Vec<ItemFile>) -> Vec<(u32, Publication)> {
    import(hall, files).await.unwrap().iter().map(|item| (item.version, item.outcome)).collect()
}

async fn mark(store: &Store) -> u64 {
    store.read().await.unwrap().catalogue_mark().await.unwrap()
}

async fn an_import_with_anything_wrong_is_refused_whole_with_every_fault(hall: TestHall) {
    let before = mark(hall.hall.store()).await;
    let other = |text: &str| text.replacen(ITEM, OTHER_CODE, 1);
    let strange = other(ITEM_FILE).replacen(&DEPARTMENT.to_string(), "0193b000-0000-7000-8000-0000000000ff", 1);
    let broken = other(ITEM_FILE).replacen("working_days = 5", "working_days = \"soon\"", 1).replacen(
        "kind = \"行政许可\"",
        "kind = \"行政\"",
        1,
    );
    let faults =
        import(&hall, vec![file("second.toml", second()), file("strange.toml", strange), file("broken.toml", broken)]);
    insta::assert_snapshot!("an_import_is_refused_whole", faults.await.unwrap_err().join("\n"));
    let twice = vec![file("one.toml", other(ITEM_FILE)), file("another.toml", other(ITEM_FILE))];
    let faults = import(&hall, twice).await.unwrap_err();
    assert_eq!(faults, [format!("another.toml, line 2: /code is in one.toml too, in the same version: {OTHER_CODE}")]);
    let marked = |text: &str| text.replacen("[result]\n", "[result]\nmark = \"安市监照\"\n", 1);
    let moved = other(ITEM_FILE).replacen(&DEPARTMENT.to_string(), &OTHER_DEPARTMENT.to_string(), 1);
    let shared = vec![file("one.toml", marked(&second())), file("moved.toml", marked(&moved))];
    let faults = import(&hall, shared).await.unwrap_err();
    let [fault] = faults.as_slice() else { panic!("{faults:?}") };
    assert!(fault.starts_with("moved.toml, line 60: /result/mark is the mark of another department's item"), "{fault}");
    assert_eq!(mark(hall.hall.store()).await, before, "nothing was published");
    hall.hall.refresh_catalogue().await.unwrap();
    let items = hall.clerk().await.get("/items").await.done();
    assert_eq!(
        (items["items"].as_array().unwrap().len(), &items["items"][0]["name"]),
        (1, &json!("食品经营许可（新办）"))
    );
}

async fn the_same_import_again_publishes_nothing(hall: TestHall) {
    let files = || vec![file("first.toml", ITEM_FILE), file("second.toml", second())];
    let once = outcomes(&hall, files()).await;
    assert_eq!(once, [(1, Publication::Unchanged), (2, Publication::NewVersion { after: 1 })]);
    let after = mark(hall.hall.store()).await;
    assert_eq!(outcomes(&hall, files()).await, [(1, Publication::Unchanged), (2, Publication::Unchanged)]);
    assert_eq!(mark(hall.hall.store()).await, after);
    let moved =
        ITEM_FILE.replacen(&DEPARTMENT.to_string(), &OTHER_DEPARTMENT.to_string(), 1).replacen(ITEM, OTHER_CODE, 1);
    assert_eq!(outcomes(&hall, vec![file("other.toml", moved)]).await, [(1, Publication::New)]);
    let kept = hall.hall.store().read().await.unwrap().item_version(ITEM, 2).await.unwrap().unwrap();
    assert_eq!((kept.row.published_by.as_str(), kept.row.published_at.to_string()), ("何立新", MORNING.to_owned()));
    assert_eq!(kept.text, second().into_bytes());
}

async fn a_mark_stays_with_the_department_that_counts_by_it(hall: TestHall) {
    let marked = |text: &str| text.replacen("[result]\n", "[result]\nmark = \"安市监照\"\n", 1);
    let other = ITEM_FILE.replacen(ITEM, OTHER_CODE, 1);
    let moved = other.replacen(&DEPARTMENT.to_string(), &OTHER_DEPARTMENT.to_string(), 1);
    import(&hall, vec![file("one.toml", marked(&second()))]).await.unwrap();
    let faults = import(&hall, vec![file("moved.toml", marked(&moved))]).await.unwrap_err();
    let why =
        "/result/mark is the mark of another department's item, 食品经营许可（新办，电子证照）, which was published";
    let [fault] = faults.as_slice() else { panic!("{faults:?}") };
    assert!(fault.contains(why), "{fault}");
    import(&hall, vec![file("own.toml", marked(&other))]).await.expect("its own department counts on");
}

async fn what_was_published_is_never_replaced(hall: TestHall) {
    let before = mark(hall.hall.store()).await;
    let changed = ITEM_FILE.replacen("（新办）", "（变更）", 1);
    let refused = import(&hall, vec![file("food.toml", changed)]).await.unwrap_err();
    assert_eq!(
        refused,
        ["food.toml, line 3: /version was published with another text; what is changed is version 2: 1"]
    );
    assert_eq!(mark(hall.hall.store()).await, before);
    let third = second().replacen("version = 2", "version = 3", 1);
    assert_eq!(outcomes(&hall, vec![file("food.toml", third)]).await, [(3, Publication::NewVersion { after: 1 })]);
    let refused = import(&hall, vec![file("food.toml", second())]).await.unwrap_err();
    assert_eq!(refused, ["food.toml, line 3: /version is older than version 3, which was published: 2"]);
}

async fn a_running_hall_takes_new_cases_by_the_new_version_and_goes_on_with_the_old_ones(hall: TestHall) {
    let workers = hall.start();
    let clerk = hall.clerk().await;
    let old = hall.taken_case(&clerk).await;
    let path = format!("/cases/{}", case_id(&old));
    until("the receipt is rendered", async || {
        (clerk.get(&path).await.done()["papers"][0]["state"] == "ready").then_some(())
    })
    .await;
    let shown = clerk.get(&path).await.done();

    import(&hall, vec![file("second.toml", second())]).await.unwrap();
    until("the hall has noticed it", async || {
        (clerk.get(&format!("/items/{ITEM}")).await.done()["version"] == 2).then_some(())
    })
    .await;
    assert_eq!(clerk.get(&path).await.done(), shown, "a case is shown as before");
    assert_eq!(clerk.get(&format!("{path}/item")).await.done()["version"], 1, "and worked on by its own version");
    let refused = clerk.post("/filings", &hall.filing(&clerk).await).await;
    assert_eq!((refused.status, refused.code()), (409, "item-version-changed".to_owned()));
    let mut filing = hall.filing(&clerk).await;
    filing["cases"][0]["item_version"] = json!(2);
    let new = clerk.post("/filings", &filing).await.done()["cases"][0].clone();
    let names = |row: &Value| row["item_name"].as_str().unwrap().to_owned();
    let rows = clerk.get("/cases").await.done();
    let rows: Vec<_> = rows["items"].as_array().unwrap().iter().map(names).collect();
    assert_eq!(rows, ["食品经营许可（新办，电子证照）", "食品经营许可（新办）"]);
    let due = |case: &Value| case["due"].as_str().unwrap().to_owned();
    assert!(due(&new) < due(&shown), "three working days are over before five");

    // What the department says later is read by the version of the case too.
    let mut told = Told::default();
    let mut titles = vec![];
    for case in [&old, &new] {
        told.tell(&hall, accepted(&hall, case_id(case))).await;
        let case = clerk.get(&format!("/cases/{}", case_id(case))).await.done();
        let papers = case["papers"].as_array().unwrap();
        let notice = papers.iter().find(|paper| paper["kind"] == "acceptance-notice").unwrap();
        titles.push(notice["title"].as_str().unwrap().to_owned());
    }
    assert_eq!(titles, ["行政许可申请受理通知书", "受理通知书（新版）"]);
    workers.stop().await;

    let shown = clerk.get(&path).await.done();
    let (place, item) = (hall.place.clone(), |_: String| second());
    drop(hall);
    let again = TestHall::open_with(place, Setup { item, seed: 8, ..Setup::default() }).await;
    assert_eq!(again.clerk().await.get(&path).await.done(), shown, "also after a restart");
}

async fn a_withdrawn_item_takes_no_case_until_a_new_version_is_published(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let path = format!("/cases/{}", case_id(&case));
    let filing = hall.filing(&clerk).await;
    let withdraw = async || {
        let publisher = Publisher { by: "何立新".to_owned(), at: MORNING.parse().unwrap() };
        withdraw_item(hall.hall.store(), ITEM.to_owned(), publisher).await.unwrap().unwrap().withdrawn.is_some()
    };
    assert!(!withdraw().await);
    assert!(withdraw().await, "it was withdrawn before");
    // Nobody looks in between: whoever takes a case does.
    let refused = clerk.post("/filings", &filing).await;
    assert_eq!(
        refused.refusal(),
        "422 validation-failed | /cases/0/item_code withdrawn = \"11990100MB000131013000131901001\""
    );
    assert_eq!(clerk.get("/items").await.done()["items"], json!([]));
    assert_eq!(clerk.get(&format!("/items/{ITEM}")).await.code(), "item-not-found");
    assert_eq!(clerk.get(&path).await.done(), case, "its cases go on");
    assert_eq!(clerk.get(&format!("{path}/item")).await.done()["version"], 1);
    assert_eq!(outcomes(&hall, vec![file("food.toml", ITEM_FILE)]).await, [(1, Publication::Withdrawn)]);
    import(&hall, vec![file("food.toml", second())]).await.unwrap();
    let mut filing = filing;
    filing["cases"][0]["item_version"] = json!(2);
    assert_eq!(clerk.post("/filings", &filing).await.status, 201);
    assert!(
        withdraw_item(
            hall.hall.store(),
            OTHER_CODE.to_owned(),
            Publisher { by: "何立新".to_owned(), at: MORNING.parse().unwrap() }
        )
        .await
        .unwrap()
        .is_none()
    );
}

async fn a_version_that_can_no_longer_be_read_takes_no_case_and_keeps_no_hall_from_starting(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let spoilt = NewItemVersion {
        code: ITEM.to_owned(),
        version: 2,
        name: "食品经营许可".to_owned(),
        department: DEPARTMENT,
        published_at: MORNING.parse().unwrap(),
        published_by: "of-later".to_owned(),
        text: b"written = \"by a later program\"".to_vec(),
    };
    hall.hall.store().write(async move |tx| tx.publish_item(&spoilt).await).await.unwrap();
    let filing = hall.filing(&clerk).await;
    assert_eq!(clerk.post("/filings", &filing).await.status, 422);
    assert_eq!(clerk.get(&format!("/cases/{}", case_id(&case))).await.done(), case);
    let (place, seed) = (hall.place.clone(), 8);
    drop(hall);
    let again = TestHall::open_with(place, Setup { seed, ..Setup::default() }).await;
    let clerk = again.clerk().await;
    assert_eq!(clerk.get("/items").await.done()["items"], json!([]));
    assert_eq!(clerk.get(&format!("/cases/{}", case_id(&case))).await.done(), case);
}
