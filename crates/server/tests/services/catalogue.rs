//! Every item of the fictional city, through a running hall and its departments: from the window to the certificate, not
//! accepted and denied once for each way of deciding, and refused for each point alone.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value, json};
use server::{
    City,
    embedded::{self, Embedded, EmbeddedConfig},
    walk::{APPLICATION_FORM, Case, Desk, Paper, People, Service, Site, Task, WalkError, example_filing},
};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::{JoinHandle, JoinSet, LocalSet},
};

use crate::papers::words_of;

/// The files of the catalogue, each with its text.
fn files() -> Vec<(String, toml::Table)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue/items");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            (path.file_stem().unwrap().to_string_lossy().into_owned(), text.parse().unwrap())
        })
        .collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

/// What violates each point that the machine checks, by the point's code.
fn violations(file: &toml::Table) -> BTreeMap<String, Value> {
    let points = |table: &toml::Table| -> Vec<toml::Value> {
        table.get("points").and_then(|points| points.as_array()).cloned().unwrap_or_default()
    };
    let materials = file["materials"].as_array().unwrap();
    let under = materials.iter().flat_map(|material| points(material.as_table().unwrap()));
    let all = points(file).into_iter().chain(under);
    let violated = all.filter_map(|point| {
        let change = point.get("violated_by")?.clone();
        Some((point["code"].as_str().unwrap().to_owned(), serde_json::to_value(change).unwrap()))
    });
    violated.collect()
}

/// JSON merge patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    for (name, value) in patch {
        match value {
            Value::Null => drop(target.as_object_mut().unwrap().remove(name)),
            value => merge(&mut target[name], value),
        }
    }
}

/// A filing of the item's example with one thing changed, in the words of the catalogue: form, answers, materials, agent.
fn changed(mut filing: Value, change: &Value) -> Value {
    for (name, change) in change.as_object().unwrap() {
        match name.as_str() {
            "form" | "answers" => merge(&mut filing["cases"][0][name], change),
            "materials" => {
                for (code, change) in change.as_object().unwrap() {
                    let materials = filing["cases"][0]["materials"].as_array_mut().unwrap();
                    if change.is_null() {
                        materials.retain(|material| material["code"] != *code);
                        continue;
                    }
                    let material = materials.iter_mut().find(|material| material["code"] == *code).unwrap();
                    for (field, value) in change.as_object().unwrap() {
                        material[if field == "date" { "dated" } else { field }] = value.clone();
                    }
                }
            }
            "applicant" => merge(&mut filing["applicant"], change),
            "agent" => {
                filing["agent"] = json!({
                    "name": "赵志强", "id_number": "990100197506150013", "phone": "13900000000", "authority": "代为申请",
                });
                merge(&mut filing["agent"], change);
            }
            other => panic!("nothing is known of {other}"),
        }
    }
    filing
}

/// The demo, running, with its clerk and one file that is handed in for everything.
struct Demo {
    site: Site,
    clerk: Desk,
    file: Value,
    embedded: Embedded,
    served: JoinHandle<()>,
    end: oneshot::Sender<()>,
    _folder: tempfile::TempDir,
}

impl Demo {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let embedded = embedded::start(EmbeddedConfig::demo(folder.path())).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Site::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let gateway = embedded.gateway.clone();
        let served = tokio::spawn(async move {
            let ended = async {
                let _ = ended.await;
            };
            web::server::serve(listener, gateway, ended).await.unwrap();
        });
        let clerk = Desk::sign_in(&site, Service::Hall, &People::of_the_demo().clerk).await.unwrap();
        let file = json!(clerk.upload("申请书.pdf", APPLICATION_FORM).await.unwrap());
        Self { site, clerk, file, embedded, served, end, _folder: folder }
    }

    async fn stop(self) {
        self.end.send(()).unwrap();
        self.served.await.unwrap();
        self.embedded.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_blocking_point_of_every_item_blocks_alone_and_says_why() {
    let demo = Demo::start().await;
    let Demo { site, clerk, file, .. } = &demo;
    let (mut checked, mut ticked) = (0, 0);
    for (name, text) in files() {
        let code = text["code"].as_str().unwrap();
        let item: Value = clerk.get(&format!("/items/{code}")).await.unwrap();
        let whole = example_filing(site.id(), site.id(), &item, Some(file));
        let violations = violations(&text);
        let points = item["points"].as_array().unwrap().iter();
        let under = item["materials"].as_array().unwrap().iter().flat_map(|it| it["points"].as_array().unwrap());
        for point in points.chain(under) {
            let code = point["code"].as_str().unwrap();
            let filing = match violations.get(code) {
                Some(change) => changed(whole.clone(), change),
                None => {
                    let mut filing = whole.clone();
                    filing["cases"][0]["ticked"].as_array_mut().unwrap().retain(|ticked| ticked != code);
                    filing
                }
            };
            if point["blocking"] == false {
                continue;
            }
            let mut filing = filing;
            (filing["id"], filing["cases"][0]["id"]) = (json!(site.id()), json!(site.id()));
            let refused = match clerk.take(&filing).await {
                Err(WalkError::Refused { body, .. }) => body,
                // A ticked point that this application does not have: it is of another situation.
                Ok(_) if !violations.contains_key(code) => continue,
                other => panic!("{name}: {code} did not block: {other:?}"),
            };
            let found = format!("/cases/0/points/{code}");
            assert!(refused.contains(&found), "{name}: {code} is not named in {refused}");
            assert_eq!(refused.matches("/cases/0/points/").count(), 1, "{name}: more than {code} in {refused}");
            let reason = point["reason"].as_str().unwrap();
            assert!(refused.contains(reason), "{name}: {code} does not say why in {refused}");
            if violations.contains_key(code) { checked += 1 } else { ticked += 1 }
        }
    }
    assert!(checked > 60 && ticked > 60, "{checked} checked by the machine, {ticked} ticked");
    demo.stop().await;
}

/// How an item comes to its decision: who accepts, who decides, and whether review and decision need two persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    accepted_at_window: bool,
    decided_at_window: bool,
    two_persons: bool,
}

impl Way {
    fn of(file: &toml::Table) -> Self {
        let at_window = |what: &str| file[what].as_str() == Some("window");
        Self {
            accepted_at_window: at_window("accepts"),
            decided_at_window: at_window("decides"),
            two_persons: file["review_and_decision_in_one"].as_bool() == Some(false),
        }
    }
}

/// What becomes of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Granted,
    Denied,
    Rejected,
}

const GRANTED: &str = "经审查，申请材料齐全，符合法定条件。";
const DENIED: &str = "经审查，申请不符合法定条件：现场与申报不一致。";
const REJECTED: &str = "申请事项依法不属于本机关职权范围，应向有关机关申请。";

/// What stands on the results of one kind alone; a registration has none of it.
const MARKS: [(&str, &str); 3] = [("certificate", "发证机关"), ("approval", "一式两份"), ("card-receipt", "领卡人")];

/// Everybody whom a case meets on its way.
struct Staff {
    clerk: Desk,
    output: Desk,
    /// Of the item's department: who does everything, and who decides where that may not be the same person.
    officer: Desk,
    chief: Desk,
}

/// An application on its way: the item as the catalogue has it, what was handed in, and what the item's file says.
struct Journey {
    site: Site,
    staff: Arc<Staff>,
    name: String,
    file: toml::Table,
    way: Way,
    filing: Value,
}

impl Journey {
    /// Takes it, and does at the window what the department has left to the window.
    async fn take(&self, end: End) -> Case {
        let Way { accepted_at_window, decided_at_window, .. } = self.way;
        let then = match end {
            End::Rejected if accepted_at_window => Some(json!({
                "act": "reject", "ground": "not-competent", "reason": REJECTED, "competent_authority": "安澜市人民政府",
            })),
            End::Granted if decided_at_window => {
                Some(json!({ "act": "decide", "outcome": "granted", "reason": GRANTED }))
            }
            End::Denied if decided_at_window => Some(json!({ "act": "decide", "outcome": "denied", "reason": DENIED })),
            _ if accepted_at_window => Some(json!({ "act": "accept" })),
            _ => None,
        };
        let mut filing = self.filing.clone();
        (filing["id"], filing["cases"][0]["id"]) = (json!(self.site.id()), json!(self.site.id()));
        if let Some(then) = then {
            filing["cases"][0]["then"] = then;
        }
        self.staff.clerk.take(&filing).await.unwrap_or_else(|error| panic!("{} {end:?}: {error}", self.name))
    }

    async fn step(&self, desk: &Desk, task: &Task, step: &str, body: Value) -> Task {
        let path = format!("/tasks/{}/{step}", task.id);
        let done = desk.post(&path, &body, Some(task.version)).await;
        done.unwrap_or_else(|error| panic!("{}: {step}: {error}", self.name))
    }

    /// What the department does: accepts, reviews and decides, by two persons where the item wants that; or rejects.
    async fn decide(&self, case: &Case, end: End) {
        let Staff { officer, chief, .. } = &*self.staff;
        let mut task = officer.task_when_there(case.id).await.unwrap();
        if self.way.accepted_at_window {
            // That the window has accepted is a message of its own.
            while task.state == "assigned" {
                task = officer.task_when_there(case.id).await.unwrap();
            }
        } else if end == End::Rejected {
            let body = json!({
                "ground": "not-competent", "reason": REJECTED, "competent_authority": "安澜市人民政府",
            });
            self.step(officer, &task, "reject", body).await;
            return;
        } else {
            task = officer.accept(&task).await.unwrap();
        }
        let (outcome, opinion) = if end == End::Granted { ("granted", GRANTED) } else { ("denied", DENIED) };
        let mut decision = json!({ "outcome": outcome, "opinion": opinion });
        if end == End::Granted {
            let result = &task.result;
            decision["certificate"] = json!({
                "rows": result.rows, "valid_from": result.valid_from, "valid_until": result.valid_until,
            });
        }
        let mut decider = officer;
        if self.way.two_persons {
            let review = json!({ "proposal": outcome, "opinion": opinion });
            task = self.step(officer, &task, "review", review).await;
            let alone =
                officer.post::<Task>(&format!("/tasks/{}/decide", task.id), &decision, Some(task.version)).await;
            let refused = matches!(&alone, Err(WalkError::Refused { body, .. }) if body.contains("same-person"));
            assert!(refused, "{}: whoever reviewed decided too: {alone:?}", self.name);
            decider = chief;
        }
        self.step(decider, &task, "decide", decision).await;
    }

    /// Prints everything and hands it over; gives the paper with the result, and the result of a grant.
    async fn hand_over(&self, case: &Case, end: End) -> (Case, Paper, Option<Paper>) {
        let output = &self.staff.output;
        let wanted = if end == End::Rejected { "rejected" } else { "issued" };
        let ready = |case: &Case| case.state == wanted && case.papers.iter().all(|paper| paper.state == "ready");
        let case = output.case_when(case.id, "the papers are at the hall", ready).await;
        let case = case.unwrap_or_else(|error| panic!("{} {end:?}: {error}", self.name));
        for paper in &case.papers {
            output.print(case.id, paper).await.unwrap_or_else(|error| panic!("{}: {}: {error}", self.name, paper.kind));
        }
        let case = output.case(case.id).await.unwrap();
        let applicant = &self.filing["applicant"];
        let collector = if applicant["kind"] == "person" {
            json!({ "name": applicant["name"], "id_number": applicant["id_number"], "relation": "self" })
        } else {
            json!({ "name": "李秀兰", "id_number": "990100198001010026", "relation": "agent", "authority": "授权委托书" })
        };
        let held = case.originals.iter().filter(|original| original.fate.is_none());
        let archived: Vec<&str> = held.map(|original| original.code.as_str()).collect();
        let body = json!({ "collector": collector, "originals": { "archived": archived } });
        let closed: Result<Case, _> =
            output.post(&format!("/cases/{}/deliver", case.id), &body, Some(case.version)).await;
        let closed = closed.unwrap_or_else(|error| panic!("{} {end:?}: {error}", self.name));
        let paper = |kind: &str| closed.papers.iter().find(|paper| paper.kind == kind).cloned();
        let ruling = paper(if end == End::Rejected { "rejection" } else { "decision" }).unwrap();
        let certificate = paper("certificate");
        (closed, ruling, certificate)
    }

    /// What stands on a paper, without spaces and ends of lines.
    async fn text(&self, paper: &Paper) -> String {
        let bytes = self.staff.output.bytes(&format!("/papers/{}", paper.id)).await.unwrap();
        tokio::task::spawn_blocking(move || words_of(&bytes)).await.unwrap()
    }

    async fn walk(&self, end: End) {
        let case = self.take(end).await;
        let Way { accepted_at_window, decided_at_window, .. } = self.way;
        let at_window = if end == End::Rejected { accepted_at_window } else { decided_at_window };
        if !at_window {
            self.decide(&case, end).await;
        }
        let (case, ruling, certificate) = self.hand_over(&case, end).await;
        assert_eq!(case.state, "closed", "{} {end:?}", self.name);
        let text = self.text(&ruling).await;
        let title = match end {
            End::Granted => "granted",
            End::Denied => "denied",
            End::Rejected => "refusal",
        };
        let title = self.file["papers"][title]["title"].as_str().unwrap();
        assert_eq!(ruling.title, title, "{} {end:?}", self.name);
        let reason = match end {
            End::Granted => GRANTED,
            End::Denied => DENIED,
            End::Rejected => REJECTED,
        };
        let holder = self.filing["applicant"]["name"].as_str().unwrap();
        for said in [title, holder, reason, &ruling.number] {
            assert!(text.contains(said), "{} {end:?}: {said} is not in {text}", self.name);
        }
        match (end, certificate) {
            (End::Granted, Some(certificate)) => self.demand_result(&certificate).await,
            (End::Denied | End::Rejected, None) => {}
            (end, certificate) => panic!("{} {end:?}: {certificate:?}", self.name),
        }
    }

    /// The result is of the item's kind, under its title, with every row that the item has and what the application says there.
    async fn demand_result(&self, certificate: &Paper) {
        let (name, result) = (&self.name, self.file["result"].as_table().unwrap());
        let title = result["certificate_title"].as_str().unwrap();
        assert_eq!(certificate.title, title, "{name}");
        let text = self.text(certificate).await;
        for said in [title, &certificate.number] {
            assert!(text.contains(said), "{name}: {said} is not in {text}");
        }
        let template = result["template"].as_str().unwrap();
        for (of, mark) in MARKS {
            assert_eq!(text.contains(mark), of == template, "{name}: {mark}, as on a {of}, in {text}");
        }
        let said = json!({ "applicant": self.filing["applicant"], "form": self.filing["cases"][0]["form"] });
        for row in result["rows"].as_array().unwrap() {
            let (label, pointer) = (row["label"].as_str().unwrap(), row["pointer"].as_str().unwrap());
            let label: String = label.split_whitespace().collect();
            assert!(text.contains(&label), "{name}: {label} is not in {text}");
            // Numbers and choices are printed in words of their own.
            if let Some(value) = said.pointer(pointer).and_then(Value::as_str) {
                let value: String = value.split_whitespace().collect();
                assert!(text.contains(&value), "{name}: {label} {value} is not in {text}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_item_goes_from_the_window_to_its_certificate() {
    let demo = Demo::start().await;
    let Demo { site, clerk, file, .. } = &demo;
    let sign_in = async |service: Service, login: &str| {
        let mut person = People::of_the_demo().clerk;
        person.login = login.to_owned();
        person.window = (service == Service::Hall).then(|| "09".to_owned());
        Desk::sign_in(site, service, &person).await.unwrap()
    };
    let output = sign_in(Service::Hall, "chuzheng").await;
    let mut staff: BTreeMap<String, Arc<Staff>> = BTreeMap::new();
    for (at, department) in City::anlan().unwrap().departments.iter().enumerate() {
        let nth = if at == 0 { String::new() } else { (at + 1).to_string() };
        let officer = sign_in(Service::Department, &format!("shenpi{nth}")).await;
        let chief = sign_in(Service::Department, &format!("shouxi{nth}")).await;
        let (clerk, output) = (clerk.clone(), output.clone());
        staff.insert(department.id.to_string(), Arc::new(Staff { clerk, output, officer, chief }));
    }

    let mut refused: BTreeMap<Way, String> = BTreeMap::new();
    let (here, mut journeys) = (LocalSet::new(), JoinSet::new());
    let files = files();
    assert_eq!(files.len(), 30);
    for (name, text) in files {
        let item: Value = clerk.get(&format!("/items/{}", text["code"].as_str().unwrap())).await.unwrap();
        let way = Way::of(&text);
        let journey = Journey {
            site: site.clone(),
            staff: Arc::clone(&staff[text["department"].as_str().unwrap()]),
            name: name.clone(),
            way,
            filing: example_filing(site.id(), site.id(), &item, Some(file)),
            file: text,
        };
        // The first item of each way is also not accepted, and denied.
        let first = !refused.contains_key(&way);
        refused.entry(way).or_insert(name);
        journeys.spawn_local_on(
            async move {
                journey.walk(End::Granted).await;
                if first {
                    journey.walk(End::Denied).await;
                    journey.walk(End::Rejected).await;
                }
            },
            &here,
        );
    }
    here.run_until(async {
        while let Some(ended) = journeys.join_next().await {
            ended.unwrap();
        }
    })
    .await;
    assert_eq!(refused.len(), 4, "{refused:?}");
    demo.stop().await;
}
