//! One case from the window to the applicant's hand, by keyboard alone: the same hands on the desktop and in a browser.
//!
//! No step clicks. What the hands cannot reach with keys, nobody can who works without a mouse.

pub mod department;
pub mod hands;
pub mod output;
pub mod paper;
pub mod window;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::driver::Pages;
use crate::{HarnessError, Result, traces, wait};
use department::sign_in_at_the_department;
use hands::{CONTROL, DOWN, ENTER, F2, F9, Hands, SHIFT, SPACE};

/// Who applies and collects.
pub const APPLICANT: &str = "李秀兰";
/// The applicant's number: the division exists nowhere, the check character is right.
pub const APPLICANT_ID: &str = "990100198001010026";
/// Where the applicant will cook.
pub const PREMISES: &str = "安澜市桂花街12号";

const ITEM: &str = "食品";
/// How the decision of the item begins, before anybody wrote a word.
const DECIDED: &str = "经审查，李秀兰申请在安澜市桂花街12号以餐饮服务经营者业态从事食品经营，";

/// What the applicant brings as a file: the code of the material, its name in the catalogue, the name of the file, and a
/// line that stands in it.
const BROUGHT: [(&str, &str, &str, &str); 2] = [
    ("application", "食品经营许可申请书", "食品经营许可申请书（李秀兰）.pdf", "Application of Li Xiulan, signed"),
    (
        "floor-plan",
        "与食品经营相适应的主要设备设施布局、操作流程等文件",
        "布局图（桂花街12号）.pdf",
        "Kitchen, counter, washroom",
    ),
];

/// The originals that the window keeps of this item.
const KEPT: [&str; 3] = ["application", "floor-plan", "safety-rules"];

/// One page with a line on it.
#[must_use]
pub fn page(line: &str) -> Vec<u8> {
    let drawn = format!("BT /F 24 Tf 72 740 Td ({line}) Tj ET");
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
         2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length {}>>stream\n{drawn}\nendstream endobj\n\
         5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n\
         trailer<</Root 1 0 R>>\n%%EOF\n",
        drawn.len()
    )
    .into_bytes()
}

/// Somebody who signs in.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The login.
    pub login: &'static str,
    /// The password.
    pub password: &'static str,
    /// The name on the desk.
    pub name: &'static str,
}

/// The three people of a journey.
#[derive(Debug, Clone, Copy)]
pub struct People {
    /// At window 03.
    pub clerk: Person,
    /// In the back office.
    pub approver: Person,
    /// At the output desk, window 09.
    pub output: Person,
}

/// Those of the demo.
pub const DEMO: People = People {
    clerk: Person { login: "chuangkou", password: "anlan-2026", name: "陈思远" },
    approver: Person { login: "shenpi", password: "anlan-2026", name: "王建国" },
    output: Person { login: "chuzheng", password: "anlan-2026", name: "林小燕" },
};

/// Where the desks of the journey are.
#[derive(Debug, Clone)]
pub enum Place {
    /// In windows of the desktop program, each signed in for itself.
    Desktop,
    /// In a browser, where all pages share the sessions: the hall is left before somebody else signs in.
    Browser {
        /// The address of the pages.
        base: String,
    },
}

/// A paper as the preview shows it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What it is.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A closed case.
#[derive(Debug, Clone)]
pub struct Walked {
    /// The number of the case, without spaces.
    pub number: String,
    /// The number as it is said.
    pub spoken: String,
    /// The case as the hall shows it at the end.
    pub case: Value,
    /// The papers that were printed, in that order.
    pub printed: Vec<Seen>,
    /// How many keys each person pressed.
    pub strokes: Vec<(&'static str, u32)>,
}

impl Walked {
    /// A printed paper.
    ///
    /// # Errors
    /// Where there is none of the kind.
    pub fn paper(&self, kind: &str) -> Result<&Seen> {
        self.printed.iter().find(|paper| paper.kind == kind).ok_or_else(|| HarnessError::InVain(kind.to_owned()))
    }

    /// One line that says how many keys it took.
    #[must_use]
    pub fn strokes_in_words(&self) -> String {
        let all: u32 = self.strokes.iter().map(|(_, strokes)| strokes).sum();
        let each: Vec<_> = self.strokes.iter().map(|(name, strokes)| format!("{name} {strokes}")).collect();
        format!("{all} keys: {}", each.join(", "))
    }
}

/// Writes the files that the applicant brings, under their Chinese names.
///
/// # Errors
/// Where one cannot be written.
pub fn brought_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let write = |(_, _, name, line): (&str, &str, &str, &str)| {
        let file = folder.join(name);
        std::fs::write(&file, page(line))?;
        Ok(file)
    };
    BROUGHT.into_iter().map(write).collect()
}

/// Something that must be so, or the journey ends here.
pub(crate) fn demand(right: bool, what: impl FnOnce() -> String) -> Result<()> {
    if right { Ok(()) } else { Err(HarnessError::InVain(what())) }
}

/// Walks one case to its end. `pages` shows the sign-in page of the hall; `files` are those of [`brought_files`]; `name`
/// begins the names of the pictures. How many keys it took is left as `<name>-keys.txt`. Where a step fails, the page it
/// failed on is left as `<name>-failed.png`.
///
/// # Errors
/// Where a step cannot be made.
pub async fn walk(pages: &Pages, place: &Place, people: &People, files: &[PathBuf], name: &str) -> Result<Walked> {
    let walked = Journey { pages, place, people, name }.walk(files).await;
    if let Ok(walked) = &walked {
        let keys = walked.strokes_in_words();
        eprintln!("{name}: {keys}");
        std::fs::write(traces()?.join(format!("{name}-keys.txt")), format!("{keys}\n"))?;
    }
    if let Err(error) = &walked {
        // The failure of the journey is what counts, whether or not there is a picture of it.
        let _ = pages.picture(&format!("{name}-failed")).await;
        let where_ = pages.ask("return `${location.href} ${document.activeElement?.outerHTML.slice(0, 300)}`").await;
        eprintln!("{name}: {error}; at {where_:?}");
    }
    walked
}

struct Journey<'a> {
    pages: &'a Pages,
    place: &'a Place,
    people: &'a People,
    name: &'a str,
}

impl Journey<'_> {
    async fn walk(&self, files: &[PathBuf]) -> Result<Walked> {
        let People { clerk, approver, output } = self.people;
        let first = self.pages.client.window().await?;

        let hands = Hands::on(self.pages);
        sign_in_at_the_hall(&hands, clerk, "03").await?;
        let (number, spoken) = self.take(&hands, files).await?;
        hands.print("intake-receipt").await?;
        self.picture("1-taken").await?;
        let mut printed = vec![self.seen("intake-receipt", &number).await?];
        another_desk(&hands, self.place).await?;
        let mut strokes = vec![(clerk.name, hands.strokes())];

        let hands = Hands::on(self.pages);
        self.decide(&hands, approver, &number).await?;
        if matches!(self.place, Place::Desktop) {
            another_desk(&hands, self.place).await?;
        } else {
            self.pages.client.switch_to_window(first).await?;
        }
        strokes.push((approver.name, hands.strokes()));

        let hands = Hands::on(self.pages);
        if matches!(self.place, Place::Browser { .. }) {
            self.leave(&hands).await?;
        }
        sign_in_at_the_hall(&hands, output, "09").await?;
        let case = self.hand_over(&hands, &number).await?;
        for kind in ["decision", "certificate", "delivery-proof"] {
            printed.push(self.seen(kind, &number).await?);
        }
        strokes.push((output.name, hands.strokes()));
        Ok(Walked { number, spoken, case, printed, strokes })
    }

    /// At the window: from the question of the applicant to the number that is said aloud.
    async fn take(&self, hands: &Hands<'_>, files: &[PathBuf]) -> Result<(String, String)> {
        hands.until_at("[data-testid=item-search]").await?;
        hands.type_text(ITEM).await?;
        self.pages
            .until(
                "食品经营许可 as the first answer",
                "return document.querySelector('[role=option][aria-selected=true]')?.textContent.includes('食品经营许可') === true",
            )
            .await?;
        hands.press(&[ENTER]).await?;

        hands.until_at("[data-testid=applicant-id]").await?;
        hands.type_text(APPLICANT_ID).await?;
        // Nobody with that number was here before: Enter leads to what is missing.
        hands.press(&[ENTER]).await?;
        hands.until_at("[data-testid=applicant-name]").await?;
        hands.type_text(APPLICANT).await?;
        hands.tab_to("[data-testid=applicant-phone]").await?;
        hands.type_text("13800000000").await?;
        hands.to_gap("#question-standing input").await?;
        hands.answer("standing", '1', "licence").await?;
        // The next question has the keyboard by itself.
        hands.until_at("#question-staff input").await?;
        hands.answer("staff", '1', "hired").await?;
        hands.to_gap("#root_person_in_charge").await?;
        hands.type_text(APPLICANT).await?;
        hands.tab_to("#root_premises").await?;
        hands.type_text(PREMISES).await?;
        hands.tab_to("#root_area").await?;
        hands.type_text("48.5").await?;
        hands.tab_to("#root_business_type").await?;
        hands.choose("餐饮服务经营者").await?;
        for scope in ["热食类食品制售", "自制饮品制售"] {
            hands.tab_until(scope, &focused_box(scope)).await?;
            hands.press(&[SPACE]).await?;
            self.pages.until(scope, "return document.activeElement.checked === true").await?;
        }
        hands.tab_to("#root_staff").await?;
        hands.type_text("4").await?;
        hands.tab_to("#root_safety_officer").await?;
        hands.type_text("赵志强").await?;
        // The hall looks at the form by itself, and what it finds is read before one goes on.
        let met = "const found = [...document.querySelectorAll('[data-finding]')]; return found.length > 0 && found.every((point) => point.dataset.finding === 'met')";
        self.pages.until("every point that the machine looks at, met", met).await?;
        hands.to_gap("[data-testid=material-file-application]").await?;
        hands.hand_in("application", files.first().map(PathBuf::as_path)).await?;
        hands.tick(&["application-signed"]).await?;
        hands.hand_in("business-licence", None).await?;
        hands.tick(&["licence-same-premises", "licence-food"]).await?;
        hands.hand_in("floor-plan", files.get(1).map(PathBuf::as_path)).await?;
        hands.tick(&["plan-separated", "plan-washing"]).await?;
        hands.hand_in("safety-rules", None).await?;
        hands.tick(&["rules-complete"]).await?;
        hands.hand_in("health-certificates", None).await?;
        hands.tick(&["health-in-date"]).await?;
        // Beside the materials, F9 leads before it ticks.
        hands.press(&[F9]).await?;
        hands.until_at("[data-testid=point-officer-not-barred]").await?;
        hands.tick(&["officer-not-barred"]).await?;
        let complete = "return document.querySelector('.checklist .gap') === null && document.querySelector('[data-testid=checklist-heading]')?.textContent === '已齐全'";
        self.pages.until("nothing that is missing or advised", complete).await?;
        self.picture("0-complete").await?;

        hands.press(&[CONTROL, ENTER]).await?;
        let number = self.pages.element("[data-testid=filing-number]").await?;
        let spoken = number.text().await?;
        let number = number.attr("data-number").await?.unwrap_or_default();
        demand(number.len() == 16 && spoken.chars().filter(char::is_ascii_digit).eq(number.chars()), || {
            format!("a number of 16 digits instead of {number}, said as {spoken}")
        })?;
        Ok((number, spoken))
    }

    /// In the back office: the task is found in the queue, looked at, accepted and granted.
    async fn decide(&self, hands: &Hands<'_>, approver: &Person, number: &str) -> Result<()> {
        sign_in_at_the_department(hands, approver).await?;
        hands.open_task(number).await?;

        let told = "return document.querySelector('.checked-points .point-met') !== null && document.querySelector('.checked-points .point-unmet') === null && [...document.querySelectorAll('.task-columns dd')].some((it) => it.textContent === '营业执照（企业、个体工商户）')";
        self.pages.until("what was answered and ticked at the window", told).await?;
        for (_, name, _, line) in BROUGHT {
            let button = format!(".materials button[aria-pressed][aria-label*='{name}']");
            hands.tab_to(&button).await?;
            hands.press(&[ENTER]).await?;
            let shown = format!("return document.querySelector(\"{button}\")?.getAttribute('aria-pressed') === 'true'");
            self.pages.until(&format!("{name}, shown"), &shown).await?;
            let preview = self.pages.element(".viewer .preview").await?;
            let address = preview.attr("src").await?.unwrap_or_default();
            let there = self.sha256_of(&address).await?;
            demand(there == hands::sha256(&page(line)), || format!("the file of {name} at {address}"))?;
        }
        self.pages.until_still().await?;
        self.picture("2-material").await?;

        hands.press(&[CONTROL, ENTER]).await?;
        hands.until_at("[data-testid=confirm-ok]").await?;
        hands.press(&[ENTER]).await?;
        let noticed = "return document.querySelector('[data-testid=paper-state-acceptance-notice]')?.dataset.state === 'ready' && document.querySelector('[data-testid=task-decide-grant]') !== null";
        self.pages.until("the notice of acceptance", noticed).await?;
        // Nothing is chosen yet: the same keys lead to what is missing.
        hands.press(&[CONTROL, ENTER]).await?;
        hands.until_at("[data-testid=task-decide-grant]").await?;
        hands.press(&[SPACE]).await?;
        let begun = format!("return document.getElementById('task-opinion')?.value.startsWith('{DECIDED}') === true");
        self.pages.until("the text of the item, filled in from the application", &begun).await?;
        self.picture("3-decide").await?;
        hands.press(&[CONTROL, ENTER]).await?;
        hands.until_at("[data-testid=confirm-ok]").await?;
        hands.press(&[ENTER]).await?;
        let decided = "return ['decision', 'certificate'].every((kind) => document.querySelector(`[data-testid=paper-state-${kind}]`)?.dataset.state === 'ready')";
        self.pages.until("decision and certificate", decided).await?;
        self.picture("4-decided").await?;
        Ok(())
    }

    /// At the output desk: found by its number, printed, handed over, closed.
    async fn hand_over(&self, hands: &Hands<'_>, number: &str) -> Result<Value> {
        hands.until_at("[data-testid=scan-box]").await?;
        hands.type_text(number).await?;
        hands.press(&[ENTER]).await?;
        hands.print("decision").await?;
        hands.print("certificate").await?;
        self.picture("5-printed").await?;
        hands.tab_to("[data-testid=deliver-open]").await?;
        hands.press(&[ENTER]).await?;
        hands.until_at("[data-testid=collector-id]").await?;
        hands.type_text(APPLICANT_ID).await?;
        hands.press(&[CONTROL, ENTER]).await?;
        let closed = "return document.querySelector('[data-testid=case-state]')?.textContent.includes('办结') === true";
        self.pages.until("办结", closed).await?;
        // The proof of service comes out by itself.
        let proof =
            "return document.querySelector('[data-testid=paper-state-delivery-proof]')?.dataset.state === 'done'";
        self.pages.until("送达回证, printed", proof).await?;
        // The hand is back where the next number goes.
        hands.until_at("[data-testid=scan-box]").await?;
        self.picture("6-closed").await?;
        let case = case_of(self.pages, number).await?;
        let fates: Vec<_> =
            case["originals"].as_array().into_iter().flatten().map(|it| (&it["code"], &it["fate"])).collect();
        let kept = fates.len() == KEPT.len()
            && fates.iter().all(|(code, fate)| KEPT.iter().any(|it| *code == it) && *fate == "archived");
        demand(kept, || format!("{KEPT:?}, kept and archived, not {fates:?}"))?;
        Ok(case)
    }

    /// Signs out by the menu under one's own name.
    async fn leave(&self, hands: &Hands<'_>) -> Result<()> {
        hands.tab_or_back_to("[data-testid=account-menu]").await?;
        hands.press(&[ENTER]).await?;
        hands.until_at(".ant-dropdown [role=menu], .ant-dropdown [role=menuitem]").await?;
        let last =
            "return document.activeElement === [...document.querySelectorAll('.ant-dropdown [role=menuitem]')].at(-1)";
        let line = "[...document.querySelectorAll('.ant-dropdown [role=menuitem]')].indexOf(document.activeElement)";
        for _ in 0..4 {
            if self.pages.ask(last).await? == true {
                break;
            }
            // The menu goes on a moment after the key.
            let before = self.pages.ask(&format!("return {line}")).await?;
            hands.press(&[DOWN]).await?;
            self.pages.until("another line of the menu", &format!("return {line} !== {before}")).await?;
        }
        self.pages.until("the last line of the menu", last).await?;
        hands.press(&[ENTER]).await
    }

    /// A paper of a case, by the bytes that its preview shows.
    async fn seen(&self, kind: &str, number: &str) -> Result<Seen> {
        let case = case_of(self.pages, number).await?;
        let papers = case["papers"].as_array().into_iter().flatten();
        let paper = papers.rev().find(|paper| paper["kind"] == kind);
        let text = |key: &str| paper.and_then(|paper| paper[key].as_str()).unwrap_or_default().to_owned();
        let sha256 = self.sha256_of(&format!("/api/hall/papers/{}", text("id"))).await?;
        Ok(Seen { kind: kind.to_owned(), number: text("number"), sha256 })
    }

    async fn sha256_of(&self, address: &str) -> Result<String> {
        let script = format!(
            "fetch('{address}').then((answer) => answer.arrayBuffer()).then((bytes) => crypto.subtle.digest('SHA-256', bytes)).then((sum) => done([...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, '0')).join('')), (error) => done(String(error)))"
        );
        Ok(self.pages.ask_later(&script).await?.as_str().unwrap_or_default().to_owned())
    }

    async fn picture(&self, step: &str) -> Result<()> {
        self.pages.picture(&format!("{}-{step}", self.name)).await?;
        Ok(())
    }
}

/// Another desk, by its keys. In a browser the back office has an address of its own.
///
/// # Errors
/// Where it does not open.
pub async fn another_desk(hands: &Hands<'_>, place: &Place) -> Result<()> {
    let client = &hands.pages().client;
    let before = client.windows().await?;
    hands.press(&[CONTROL, SHIFT, 'D']).await?;
    let opened = wait::until("another desk", async || {
        client.windows().await.ok()?.into_iter().find(|window| !before.contains(window))
    })
    .await?;
    client.switch_to_window(opened).await?;
    if let Place::Browser { base } = place {
        client.goto(&format!("{base}/department")).await?;
    }
    Ok(())
}

/// The case as the hall shows it to who is signed in.
///
/// # Errors
/// Where the hall does not answer.
pub async fn case_of(pages: &Pages, number: &str) -> Result<Value> {
    let read = "const read = (path) => fetch(`/api/hall${path}`).then((answer) => answer.json());";
    let script = format!(
        "{read} read('/cases?limit=50').then(({{ items }}) => read(`/cases/${{items.find((it) => it.number === '{number}').id}}`)).then(done, (error) => done(String(error)))"
    );
    pages.ask_later(&script).await
}

/// Signs in at a window of the hall, from its sign-in page.
///
/// # Errors
/// Where the desk does not come.
pub async fn sign_in_at_the_hall(hands: &Hands<'_>, person: &Person, window: &str) -> Result<()> {
    name_and_password(hands, person).await?;
    hands.tab_to("[data-testid=sign-in-window]").await?;
    hands.replace_text(window).await?;
    hands.press(&[ENTER]).await?;
    at_the_desk_of(hands, person).await
}

async fn name_and_password(hands: &Hands<'_>, person: &Person) -> Result<()> {
    hands.until_at("[data-testid=sign-in-login]").await?;
    hands.replace_text(person.login).await?;
    hands.tab_to("[data-testid=sign-in-password]").await?;
    hands.type_text(person.password).await
}

async fn at_the_desk_of(hands: &Hands<'_>, person: &Person) -> Result<()> {
    let there = format!(
        "return document.querySelector('[data-testid=account-menu]')?.textContent.includes('{}') === true",
        person.name
    );
    hands.pages().until(&format!("the desk of {}", person.name), &there).await
}

/// Whether a checkbox with these words has the keyboard.
fn focused_box(words: &str) -> String {
    format!(
        "return document.activeElement.matches('input[type=checkbox]') && document.activeElement.closest('label')?.textContent.trim() === '{words}'"
    )
}

/// Reads a code with a scanner, which types what it says into the find box, and Enter.
///
/// # Errors
/// Where that does not lead to the page of the case.
pub async fn scan(hands: &Hands<'_>, code: &str, walked: &Walked) -> Result<()> {
    hands.press(&[F2]).await?;
    hands.until_at("[data-testid=scan-box]").await?;
    hands.type_text(code).await?;
    hands.press(&[ENTER]).await?;
    demand_case_page(hands.pages(), walked).await
}

/// The page of the closed case is shown.
///
/// # Errors
/// Where it is not.
pub async fn demand_case_page(pages: &Pages, walked: &Walked) -> Result<()> {
    let Walked { case, number, .. } = walked;
    let id = case["id"].as_str().unwrap_or_default();
    let shown = format!(
        "return location.pathname === '/cases/{id}' && document.querySelector('.case-head [data-number]')?.dataset.number === '{number}' && document.querySelector('[data-testid=case-state]')?.textContent.includes('办结') === true"
    );
    pages.until(&format!("the page of case {number}"), &shown).await
}

/// Gives the page a session at the hall without keys, for a test whose keys are taken by an input method.
///
/// # Errors
/// Where nobody is let in.
pub async fn session(pages: &Pages, person: &Person, window: &str) -> Result<()> {
    let Person { login, password, .. } = person;
    pages.element("[data-testid=sign-in-login]").await?;
    let body = serde_json::json!({ "login": login, "password": password, "window": window });
    let script = format!(
        "fetch('/api/hall/sessions', {{ method: 'POST', body: JSON.stringify({body}), headers: {{ 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }} }}).then((answer) => done(answer.ok))"
    );
    let let_in = pages.ask_later(&script).await?;
    demand(let_in == true, || format!("{login}, let in"))?;
    Ok(pages.client.refresh().await?)
}
