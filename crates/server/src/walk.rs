//! Walks a case through hall and department by HTTP alone, as three people: the clerk at a window, the approver in the
//! back office, the clerk at the output desk.
//!
//! What is read from the answers is only what a person would look at. A [`Desk`] is one person with a session; its
//! methods are what the person does.

use std::{fmt, time::Duration};

use jiff::civil::Date;
use reqwest::{
    Method, RequestBuilder, Response, StatusCode, Url,
    header::{COOKIE, ETAG, IF_MATCH, SET_COOKIE},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;
use web::source::{self, Chance};

use crate::demo::PASSWORD;

/// The item that is applied for: 食品经营许可（新办）.
pub const ITEM: &str = "11990100MB000131013000131901001";
/// The name of the uploaded file.
pub const FILE_NAME: &str = "食品经营许可申请书.pdf";
/// Who applies.
pub const APPLICANT: &str = "李秀兰";
/// The applicant's number: the division exists nowhere, the check character is right.
const APPLICANT_ID: &str = "990100198001010026";
/// How long anything is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How often one looks whether it is there.
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// A page without anything on it.
pub const APPLICATION_FORM: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// Why a walk ended early.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// Nobody answered.
    #[error("{request} got no answer")]
    NoAnswer {
        /// The request.
        request: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// It was refused.
    #[error("{request} was answered {status}: {body}")]
    Refused {
        /// The request.
        request: String,
        /// The status.
        status: StatusCode,
        /// The problem document, shortened.
        body: String,
    },
    /// The answer is not what it should be.
    #[error("{request} was answered with something else than expected: {what}")]
    Unexpected {
        /// The request.
        request: String,
        /// What was wrong with it.
        what: String,
    },
    /// It did not come.
    #[error("waited {} s in vain until {what}; last seen: {seen}", LONGEST_WAIT.as_secs())]
    InVain {
        /// What was waited for.
        what: &'static str,
        /// What was there instead.
        seen: String,
    },
}

/// Which of the two services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// `/api/hall`.
    Hall,
    /// `/api/department`.
    Department,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hall => "/api/hall",
            Self::Department => "/api/department",
        })
    }
}

/// Where the pages and both services are.
#[derive(Debug, Clone)]
pub struct Site {
    http: reqwest::Client,
    base: Url,
    chance: Chance,
}

impl Site {
    /// A site at `http://host:port`.
    ///
    /// # Errors
    /// When that is no address.
    pub fn new(base: &str) -> Result<Self, WalkError> {
        // There is one provider in the program; if somebody installed it already, that is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]).timeout(LONGEST_WAIT);
        let http = builder.build().map_err(|source| WalkError::NoAnswer { request: base.to_owned(), source })?;
        let unexpected =
            |error| WalkError::Unexpected { request: base.to_owned(), what: format!("it is no address: {error}") };
        Ok(Self { http, base: Url::parse(base).map_err(unexpected)?, chance: Chance::system() })
    }

    /// A new id.
    pub fn id(&self) -> Uuid {
        self.chance.id(source::wall())
    }

    /// Waits until a service answers.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn wait_for(&self, service: Service) -> Result<Welcome, WalkError> {
        wait("the service answers", async || {
            match self.ask(self.request(Method::GET, &format!("{service}/welcome"))).await {
                Ok(answer) => answer.json().map(Ok),
                Err(error) => Ok(Err(error.to_string())),
            }
        })
        .await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut url = self.base.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        self.http.request(method, url)
    }

    async fn ask(&self, request: RequestBuilder) -> Result<Answer, WalkError> {
        let (http, request) = request.build_split();
        let no_answer = |request: &str| {
            let request = request.to_owned();
            move |source: reqwest::Error| WalkError::NoAnswer { request, source: source.without_url() }
        };
        let request = request.map_err(no_answer("a request"))?;
        let name = format!("{} {}", request.method(), request.url().path());
        let response: Response = http.execute(request).await.map_err(no_answer(&name))?;
        let status = response.status();
        let header = |header| {
            let value = response.headers().get(header)?;
            value.to_str().ok().map(str::to_owned)
        };
        let (etag, cookie) = (header(ETAG), header(SET_COOKIE));
        let body = response.bytes().await.map_err(no_answer(&name))?.to_vec();
        if !status.is_success() {
            let body = String::from_utf8_lossy(&body).chars().take(1000).collect();
            return Err(WalkError::Refused { request: name, status, body });
        }
        Ok(Answer { request: name, etag, cookie, body })
    }
}

/// A good answer.
struct Answer {
    request: String,
    etag: Option<String>,
    cookie: Option<String>,
    body: Vec<u8>,
}

impl Answer {
    fn json<T: DeserializeOwned>(&self) -> Result<T, WalkError> {
        serde_json::from_slice(&self.body).map_err(|error| self.unexpected(error.to_string()))
    }

    fn unexpected(&self, what: impl Into<String>) -> WalkError {
        WalkError::Unexpected { request: self.request.clone(), what: what.into() }
    }
}

/// What is seen before signing in.
#[derive(Debug, Clone, Deserialize)]
pub struct Welcome {
    /// The civil date there.
    pub today: Date,
    /// Whether it is a demo.
    pub demo: bool,
}

/// A file that was kept.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct KeptFile {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its name.
    pub name: String,
}

/// A case as a desk of the hall sees it.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// The case.
    pub id: Uuid,
    /// Its short number.
    pub number: String,
    /// The same, grouped as it is said.
    pub number_spoken: String,
    /// Its official number.
    pub official_number: String,
    /// Where it stands.
    pub state: String,
    /// What was decided.
    pub outcome: Option<String>,
    /// Its version.
    pub version: u64,
    /// Its materials.
    pub materials: Vec<Material>,
    /// Its papers.
    pub papers: Vec<Paper>,
    /// How the message to the department stands.
    pub delivery_to_department: Option<Value>,
    /// The decision.
    pub decision: Option<Value>,
    /// The originals that the hall has taken.
    pub originals: Vec<HeldOriginal>,
    /// Who collected.
    pub collector: Option<Value>,
}

/// An original that the hall has taken.
#[derive(Debug, Clone, Deserialize)]
pub struct HeldOriginal {
    /// The code of its material.
    pub code: String,
    /// What became of it; none while the hall holds it.
    pub fate: Option<String>,
}

/// A material of a case.
#[derive(Debug, Clone, Deserialize)]
pub struct Material {
    /// The name of its file.
    pub file_name: Option<String>,
    /// Whether there is a file.
    pub has_file: bool,
}

/// A paper of a case.
#[derive(Debug, Clone, Deserialize)]
pub struct Paper {
    /// The paper.
    pub id: Uuid,
    /// What it is: `intake-receipt`, `acceptance-notice`, `decision`, `certificate`.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// `pending` or `ready`.
    pub state: String,
    /// Its prints.
    pub prints: Vec<Print>,
}

/// A print of a paper.
#[derive(Debug, Clone, Deserialize)]
pub struct Print {
    /// The print.
    pub id: Uuid,
    /// How it stands.
    pub state: String,
    /// What keeps it.
    pub trouble: Option<String>,
}

/// A task as the approver sees it.
#[derive(Debug, Clone, Deserialize)]
pub struct Task {
    /// The task, which is also the case.
    pub id: Uuid,
    /// The short number.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// Its version.
    pub version: u64,
    /// What a grant results in.
    pub result: TaskResult,
    /// Its papers.
    pub papers: Vec<TaskPaper>,
}

/// What a grant results in.
#[derive(Debug, Clone, Deserialize)]
pub struct TaskResult {
    /// The rows of the certificate, filled in from the application.
    pub rows: Value,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity.
    pub valid_until: Option<Date>,
}

/// A paper of a task.
#[derive(Debug, Clone, Deserialize)]
pub struct TaskPaper {
    /// What it is.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// `pending` or `ready`.
    pub state: String,
}

/// One person with a session.
#[derive(Clone)]
pub struct Desk {
    site: Site,
    service: Service,
    cookie: String,
}

impl Desk {
    /// Signs in, at a window where there is one.
    ///
    /// # Errors
    /// When the service does not let the person in.
    pub async fn sign_in(site: &Site, service: Service, person: &Person) -> Result<Self, WalkError> {
        let Person { login, password, window } = person;
        let wish = json!({ "login": login, "password": password, "window": window });
        let answer = site.ask(site.request(Method::POST, &format!("{service}/sessions")).json(&wish)).await?;
        let cookie = answer.cookie.as_deref().and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.ok_or_else(|| answer.unexpected("there is no cookie"))?.to_owned();
        Ok(Self { site: site.clone(), service, cookie })
    }

    /// Reads.
    ///
    /// # Errors
    /// When it is refused, or something else.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, WalkError> {
        self.send(self.request(Method::GET, path)).await?.json()
    }

    /// Reads bytes, such as a paper.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn bytes(&self, path: &str) -> Result<Vec<u8>, WalkError> {
        Ok(self.send(self.request(Method::GET, path)).await?.body)
    }

    /// Changes something, under a new key; `seen` is the version that the change was decided on.
    ///
    /// # Errors
    /// When it is refused, or something else is answered.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        seen: Option<u64>,
    ) -> Result<T, WalkError> {
        let mut request = self.request(Method::POST, path).header("idempotency-key", self.site.id().to_string());
        if let Some(version) = seen {
            request = request.header(IF_MATCH, format!("\"{version}\""));
        }
        self.send(request.json(body)).await?.json()
    }

    /// Uploads a file.
    ///
    /// # Errors
    /// As [`Desk::post`].
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> Result<KeptFile, WalkError> {
        let mut query = Url::parse("http://localhost/")
            .map_err(|error| WalkError::Unexpected { request: "PUT /files".to_owned(), what: error.to_string() })?;
        query.query_pairs_mut().append_pair("name", name);
        let path = format!("/files?{}", query.query().unwrap_or_default());
        self.send(self.request(Method::PUT, &path).body(bytes.to_vec())).await?.json()
    }

    /// Takes a filing with one case.
    ///
    /// # Errors
    /// As [`Desk::post`].
    pub async fn take(&self, filing: &Value) -> Result<Case, WalkError> {
        #[derive(Deserialize)]
        struct Filing {
            cases: Vec<Case>,
        }
        let filing: Filing = self.post("/filings", filing, None).await?;
        let first = filing.cases.into_iter().next();
        first.ok_or_else(|| WalkError::Unexpected { request: "POST /filings".to_owned(), what: "no case".to_owned() })
    }

    /// A case.
    ///
    /// # Errors
    /// As [`Desk::get`].
    pub async fn case(&self, id: Uuid) -> Result<Case, WalkError> {
        let answer = self.send(self.request(Method::GET, &format!("/cases/{id}"))).await?;
        let case: Case = answer.json()?;
        if answer.etag != Some(format!("\"{}\"", case.version)) {
            return Err(answer.unexpected(format!("its ETag is {:?}, its version {}", answer.etag, case.version)));
        }
        Ok(case)
    }

    /// Waits until a case is as wanted.
    ///
    /// # Errors
    /// When it is not in time.
    pub async fn case_when(
        &self,
        id: Uuid,
        what: &'static str,
        wanted: impl Fn(&Case) -> bool,
    ) -> Result<Case, WalkError> {
        wait(what, async || {
            let case = self.case(id).await?;
            Ok(if wanted(&case) { Ok(case) } else { Err(format!("{case:?}")) })
        })
        .await
    }

    /// A task, once it is there.
    ///
    /// # Errors
    /// When it does not come in time.
    pub async fn task_when_there(&self, id: Uuid) -> Result<Task, WalkError> {
        wait("the department has the task", async || match self.get(&format!("/tasks/{id}")).await {
            Ok(task) => Ok(Ok(task)),
            Err(WalkError::Refused { status: StatusCode::NOT_FOUND, body, .. }) => Ok(Err(body)),
            Err(error) => Err(error),
        })
        .await
    }

    /// A task, once its papers are made. Making one is a change too, after which older versions are refused.
    ///
    /// # Errors
    /// When they are not made in time.
    pub async fn task_with_papers(&self, id: Uuid) -> Result<Task, WalkError> {
        wait("the papers of the task are made", async || {
            let task: Task = self.get(&format!("/tasks/{id}")).await?;
            let made = task.papers.iter().all(|paper| paper.state == "ready");
            Ok(if made { Ok(task) } else { Err(format!("{:?}", task.papers)) })
        })
        .await
    }

    /// Accepts a task (受理).
    ///
    /// # Errors
    /// As [`Desk::post`].
    pub async fn accept(&self, task: &Task) -> Result<Task, WalkError> {
        let body = json!({ "opinion": "材料齐全，符合法定形式，予以受理。" });
        self.post(&format!("/tasks/{}/accept", task.id), &body, Some(task.version)).await
    }

    /// Grants what was applied for (准予).
    ///
    /// # Errors
    /// As [`Desk::post`].
    pub async fn grant(&self, task: &Task) -> Result<Task, WalkError> {
        let TaskResult { rows, valid_from, valid_until } = &task.result;
        let body = json!({
            "outcome": "granted",
            "opinion": "经审查，符合许可条件，准予许可。",
            "certificate": { "rows": rows, "valid_from": valid_from, "valid_until": valid_until },
        });
        self.post(&format!("/tasks/{}/decide", task.id), &body, Some(task.version)).await
    }

    /// Prints a paper for the first time and waits until the printer says that it did.
    ///
    /// # Errors
    /// When it is refused, fails, or does not come out in time.
    pub async fn print(&self, case: Uuid, paper: &Paper) -> Result<Print, WalkError> {
        let print: Print = self.post(&format!("/papers/{}/prints", paper.id), &json!({}), None).await?;
        let find = |case: &Case| {
            let mut prints = case.papers.iter().flat_map(|paper| &paper.prints);
            prints.find(|other| other.id == print.id).cloned()
        };
        let ended = |print: &Print| ["done", "failed", "cancelled"].contains(&print.state.as_str());
        let case = self.case_when(case, "the paper is printed", |case| find(case).is_some_and(|print| ended(&print)));
        match find(&case.await?) {
            Some(print) if print.state == "done" => Ok(print),
            other => {
                Err(WalkError::Unexpected { request: format!("printing {}", paper.number), what: format!("{other:?}") })
            }
        }
    }

    /// Hands the result over to the applicant of that name (送达).
    ///
    /// # Errors
    /// As [`Desk::post`].
    pub async fn hand_over(&self, case: &Case, applicant: &str) -> Result<Case, WalkError> {
        let held = case.originals.iter().filter(|original| original.fate.is_none());
        let archived: Vec<&str> = held.map(|original| original.code.as_str()).collect();
        let body = json!({
            "collector": { "name": applicant, "id_number": APPLICANT_ID, "relation": "self" },
            "originals": { "archived": archived },
        });
        self.post(&format!("/cases/{}/deliver", case.id), &body, Some(case.version)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.site.request(method, &format!("{}{path}", self.service)).header(COOKIE, self.cookie.as_str())
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, WalkError> {
        self.site.ask(request).await
    }
}

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub struct Person {
    /// What is typed.
    pub login: String,
    /// What else is typed.
    pub password: String,
    /// Where the person sits.
    pub window: Option<String>,
}

/// The three people of a walk.
#[derive(Debug, Clone)]
pub struct People {
    /// At a window of the hall.
    pub clerk: Person,
    /// In the department.
    pub approver: Person,
    /// At the output desk of the hall.
    pub output: Person,
}

impl People {
    /// Those of the demo.
    pub fn of_the_demo() -> Self {
        let person = |login: &str, window: Option<&str>| Person {
            login: login.to_owned(),
            password: PASSWORD.to_owned(),
            window: window.map(str::to_owned),
        };
        Self {
            clerk: person("chuangkou", Some("03")),
            approver: person("shenpi", None),
            output: person("chuzheng", Some("09")),
        }
    }
}

/// A step that was made.
#[derive(Debug, Clone)]
pub struct Step {
    /// What was done, and what came of it.
    pub what: String,
    /// How long it took.
    pub took: Duration,
}

/// A paper that was carried away.
#[derive(Debug, Clone)]
pub struct Carried {
    /// What it is.
    pub paper: Paper,
    /// Its bytes, as the hall keeps them.
    pub bytes: Vec<u8>,
}

/// What a walk left behind.
#[derive(Debug, Clone)]
pub struct Walked {
    /// The closed case.
    pub case: Case,
    /// The three printed papers: receipt, decision, certificate.
    pub papers: Vec<Carried>,
}

/// A filing of one case, as a page would submit it: the example of an item, with every material handed in and every point
/// ticked. `item` is what `GET /items/{code}` answers; a file is attached to each material that takes one.
pub fn example_filing(id: Uuid, case: Uuid, item: &Value, file: Option<&Value>) -> Value {
    let example = &item["example"];
    let mut applicant = example["applicant"].clone();
    for told in ["age", "birth"] {
        applicant.as_object_mut().map(|fields| fields.remove(told));
    }
    applicant["phone"] = json!("13800000000");
    applicant["address"] = json!("安澜市桂花街12号");
    let list = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let mut points = list(&item["points"]);
    let materials = list(&item["materials"]).into_iter().map(|material| {
        points.extend(list(&material["points"]));
        let handed = &example["materials"][material["code"].as_str().unwrap_or_default()];
        json!({
            "code": material["code"],
            "sha256": file.map(|file| &file["sha256"]),
            "file_name": file.map(|file| &file["name"]),
            "copies": handed["copies"].as_u64().or(material["copies"].as_u64()).unwrap_or(1),
            "original": material["original"] != "no",
            "dated": handed["date"],
        })
    });
    let materials: Vec<Value> = materials.collect();
    let ticked: Vec<&Value> = points.iter().map(|point| &point["code"]).collect();
    json!({
        "id": id,
        "applicant": applicant,
        "cases": [{
            "id": case,
            "item_code": item["code"],
            "item_version": item["version"],
            "answers": example["answers"],
            "form": example["form"],
            "materials": materials,
            "ticked": ticked,
        }],
    })
}

/// Walks one case from the window to the applicant's hand, and tells each step as it is made.
///
/// # Errors
/// [`WalkError`] of the step that failed.
pub async fn walk(site: &Site, people: &People, tell: &mut dyn FnMut(Step)) -> Result<Walked, WalkError> {
    let mut steps = Steps { since: source::instant(), tell };

    let welcome = site.wait_for(Service::Hall).await?;
    site.wait_for(Service::Department).await?;
    steps.made(format!("hall and department answer; today is {}", welcome.today));
    let clerk = Desk::sign_in(site, Service::Hall, &people.clerk).await?;
    let approver = Desk::sign_in(site, Service::Department, &people.approver).await?;
    let output = Desk::sign_in(site, Service::Hall, &people.output).await?;
    steps.made("three people have signed in (登录)");

    let file = clerk.upload(FILE_NAME, APPLICATION_FORM).await?;
    steps.made(format!("uploaded {} (上传)", file.name));
    let item: Value = clerk.get(&format!("/items/{ITEM}")).await?;
    let file = json!(file);
    let case = clerk.take(&example_filing(site.id(), site.id(), &item, Some(&file))).await?;
    steps.made(format!("taken as {} (收件)", case.number_spoken));

    let task = approver.task_when_there(case.id).await?;
    steps.made("the department has the task (派发)");
    let task = approver.accept(&task).await?;
    steps.made(format!("accepted (受理){}", numbers(&task)));
    let task = approver.task_with_papers(task.id).await?;
    steps.made("its notice is made (制文)");
    let task = approver.grant(&task).await?;
    steps.made(format!("granted (准予){}", numbers(&task)));

    let issued = |case: &Case| case.state == "issued" && case.papers.iter().all(|paper| paper.state == "ready");
    let case = output.case_when(case.id, "the case is issued", issued).await?;
    steps.made("the papers of the decision are at the hall (出证)");
    let mut papers = vec![];
    for kind in ["intake-receipt", "decision", "certificate"] {
        let paper = case.papers.iter().find(|paper| paper.kind == kind && paper.state == "ready");
        let paper = paper.ok_or_else(|| WalkError::Unexpected {
            request: format!("GET /cases/{}", case.id),
            what: format!("there is no {kind} ready among {:?}", case.papers),
        })?;
        let bytes = output.bytes(&format!("/papers/{}", paper.id)).await?;
        output.print(case.id, paper).await?;
        steps.made(format!("printed {} {} (打印)", paper.title, paper.number));
        papers.push(Carried { paper: paper.clone(), bytes });
    }

    let case = output.case(case.id).await?;
    let case = output.hand_over(&case, APPLICANT).await?;
    steps.made(format!("handed over; the case is {} (送达)", case.state));
    Ok(Walked { case, papers })
}

fn numbers(task: &Task) -> String {
    task.papers.iter().map(|paper| format!(" {}", paper.number)).collect()
}

struct Steps<'a> {
    since: std::time::Instant,
    tell: &'a mut dyn FnMut(Step),
}

impl Steps<'_> {
    fn made(&mut self, what: impl Into<String>) {
        let took = self.since.elapsed();
        (self.tell)(Step { what: what.into(), took });
        self.since = source::instant();
    }
}

/// Looks again and again, until there is what is wanted.
async fn wait<T>(
    what: &'static str,
    look: impl AsyncFn() -> Result<Result<T, String>, WalkError>,
) -> Result<T, WalkError> {
    let since = source::instant();
    loop {
        match look().await? {
            Ok(found) => return Ok(found),
            Err(seen) if since.elapsed() >= LONGEST_WAIT => return Err(WalkError::InVain { what, seen }),
            Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_applicant_has_a_number_that_the_hall_takes() {
        let today = jiff::civil::date(2026, 6, 15);
        domain::identity::CitizenId::parse(APPLICANT_ID, today).unwrap();
    }
}
