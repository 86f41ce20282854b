//! A first start as a real hall: no demo data, the first administrator, one department, one item imported, one case to the
//! end; and then a new version of the item, while the hall goes on working.

use std::{fs, process::Stdio, time::Duration};

use serde_json::{Value, json};
use server::walk::{APPLICATION_FORM, Desk, ITEM, Service, WalkError, example_filing, walk};

use crate::{
    papers::{demand_a_closed_case, text_of},
    processes::{FOOD, HALL, Pair, PostgresDatabase, add_account, open_desks, person},
};

const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue");

/// Asks again until the hall has noticed what was published: it looks every second.
async fn item_when(desk: &Desk, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..200 {
        let items: Value = desk.get("/items").await.unwrap();
        if wanted(&items["items"]) {
            return items["items"].clone();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the hall did not notice what was published");
}

async fn a_first_start_as_a_real_hall(hall_database: &str, department_database: &str) {
    let pair = Pair::set_up(hall_database, department_database, "").await;
    let food = format!("{CATALOGUE}/{FOOD}");
    if hall_database.starts_with("sqlite") {
        let too_soon = pair.of_hall(&["import", "catalogue", &food]).unwrap_err();
        assert!(too_soon.contains("there is no database"), "{too_soon}");
    }

    // Nothing is there, and the hall says what to do.
    let log = |service: &str| pair.folder.path().join(format!("{service}.log"));
    let [hall, department] = pair.start(|service| Stdio::from(fs::File::create(log(service)).unwrap()));
    let welcome = pair.site.wait_for(Service::Hall).await.unwrap();
    assert!(!welcome.demo);
    pair.site.wait_for(Service::Department).await.unwrap();
    let said = fs::read_to_string(log("hall")).unwrap();
    for command in [&format!("accounts add --kind hall --office {HALL}"), "import catalogue --config FILE PATH"] {
        assert!(said.contains(command), "{said}");
    }

    // The first administrator, who finds no item.
    add_account(hall_database, &["--kind", "hall", "--office", HALL], "admin", "何立新", "administrator").unwrap();
    let admin = Desk::sign_in(&pair.site, Service::Hall, &person("admin", None)).await.unwrap();
    let items: Value = admin.get("/items").await.unwrap();
    assert_eq!(items["items"], json!([]));

    // The whole city's catalogue is not for a hall with one of its departments: refused whole, each file named.
    let refused = pair.of_hall(&["import", "catalogue", CATALOGUE]).unwrap_err();
    let strangers = refused.matches("/department is no department that the hall knows").count();
    let own = fs::read_dir(format!("{CATALOGUE}/items")).unwrap().count() - strangers;
    assert!(strangers > 20 && own > 1 && !refused.contains("food-operation-licence.toml"), "{refused}");
    let text = fs::read_to_string(&food).unwrap();
    let broken = pair.folder.path().join("broken.toml");
    fs::write(
        &broken,
        text.replacen("version = 1", "version = 0", 1).replacen("immediate = false", "immediate = 1", 1),
    )
    .unwrap();
    let refused = pair.of_hall(&["import", "catalogue", &food, &broken.display().to_string()]).unwrap_err();
    for (line, field) in
        [(line_of(&text, "version = 1"), "/version"), (line_of(&text, "immediate = false"), "/immediate")]
    {
        let place = format!("{}, line {line}: {field} ", broken.display());
        assert!(refused.contains(&place), "{place} is not in {refused}");
    }
    assert_eq!(pair.of_hall(&["items", "list"]).unwrap(), "", "nothing was published");

    // One item, once.
    let imported = pair.of_hall(&["import", "catalogue", &food, "--by", "何立新"]).unwrap();
    assert!(imported.contains(&format!("{ITEM}  version 1  食品经营许可（新办）: new\n")), "{imported}");
    assert!(imported.ends_with("Published: 1 new, 0 in a new version. Items: 1.\n"), "{imported}");
    let again = pair.of_hall(&["import", "catalogue", &food, "--by", "何立新"]).unwrap();
    assert!(again.contains(": unchanged\nNothing is published"), "{again}");
    let listed = pair.of_hall(&["items", "list"]).unwrap();
    assert!(listed.contains(&format!("{ITEM}  version 1")) && listed.trim_end().ends_with("by 何立新"), "{listed}");
    let there = item_when(&admin, |items| items.as_array().is_some_and(|items| items.len() == 1)).await;
    assert_eq!(there[0]["code"], ITEM);

    // One case to the end.
    let people = open_desks(hall_database, department_database);
    let walked = walk(&pair.site, &people, &mut |_| {}).await.unwrap();
    demand_a_closed_case(&walked, &pair.printer.printed());

    // A case that is open while the item changes is shown, and decided, as it was taken.
    let clerk = Desk::sign_in(&pair.site, Service::Hall, &people.clerk).await.unwrap();
    let file = json!(clerk.upload("申请书.pdf", APPLICATION_FORM).await.unwrap());
    let first: Value = clerk.get(&format!("/items/{ITEM}")).await.unwrap();
    let filing = |item: &Value| example_filing(pair.site.id(), pair.site.id(), item, Some(&file));
    let open = clerk.take(&filing(&first)).await.unwrap();
    let changed = pair.folder.path().join("changed.toml");
    let renamed = text.replacen("name = \"食品经营许可（新办）", "name = \"食品经营许可（新办，新版）", 1);
    fs::write(&changed, &renamed).unwrap();
    let import = || pair.of_hall(&["import", "catalogue", &changed.display().to_string(), "--by", "何立新"]);
    let refused = import().unwrap_err();
    assert!(refused.contains("/version was published with another text; what is changed is version 2"), "{refused}");
    fs::write(&changed, renamed.replacen("version = 1", "version = 2", 1)).unwrap();
    let imported = import().unwrap();
    assert!(imported.contains("version 2  食品经营许可（新办，新版）: new version, after 1\n"), "{imported}");
    item_when(&clerk, |items| items[0]["name"] == "食品经营许可（新办，新版）").await;
    let refused = clerk.take(&filing(&first)).await.unwrap_err();
    assert!(matches!(&refused, WalkError::Refused { body, .. } if body.contains("item-version-changed")), "{refused}");
    let second: Value = clerk.get(&format!("/items/{ITEM}")).await.unwrap();
    let new = clerk.take(&filing(&second)).await.unwrap();
    let approver = Desk::sign_in(&pair.site, Service::Department, &people.approver).await.unwrap();
    for (case, name) in [(&open, "食品经营许可（新办）"), (&new, "食品经营许可（新办，新版）")] {
        let shown: Value = clerk.get(&format!("/cases/{}", case.id)).await.unwrap();
        assert_eq!(shown["item_name"], name);
        let task = approver.task_when_there(case.id).await.unwrap();
        let task = approver.accept(&task).await.unwrap();
        approver.grant(&approver.task_with_papers(task.id).await.unwrap()).await.unwrap();
        let issued =
            |case: &server::walk::Case| case.state == "issued" && case.papers.iter().all(|it| it.state == "ready");
        let case = clerk.case_when(case.id, "the case is issued", issued).await.unwrap();
        let decision = case.papers.iter().find(|paper| paper.kind == "decision").unwrap();
        let text = text_of(&clerk.bytes(&format!("/papers/{}", decision.id)).await.unwrap());
        let text: String = text.split_whitespace().collect();
        assert_eq!(text.contains("新版"), name.contains("新版"), "{text}");
    }

    // Withdrawn, it takes no case.
    let withdrawn = pair.of_hall(&["items", "withdraw", ITEM]).unwrap();
    assert!(withdrawn.ends_with("（新办，新版）: withdrawn\n"), "{withdrawn}");
    let listed = pair.of_hall(&["items", "list"]).unwrap();
    assert!(listed.lines().count() == 2 && listed.trim_end().ends_with("by helixin"), "{listed}");
    let refused = clerk.take(&filing(&second)).await.unwrap_err();
    assert!(matches!(&refused, WalkError::Refused { body, .. } if body.contains("/cases/0/item_code")), "{refused}");
    item_when(&clerk, |items| items.as_array().is_some_and(Vec::is_empty)).await;
    hall.end();
    department.end();
}

fn line_of(text: &str, line: &str) -> usize {
    text.lines().position(|found| found == line).unwrap() + 1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_as_a_real_hall_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    a_first_start_as_a_real_hall(&database("hall"), &database("department")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_as_a_real_hall_on_postgres() {
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else { return };
    let database = PostgresDatabase::create(server);
    a_first_start_as_a_real_hall(&database.url(), &database.url()).await;
}
