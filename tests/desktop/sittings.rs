//! What a day at the windows brings, each by keyboard alone, in one run of the desktop program.

use std::path::PathBuf;

use fantoccini::wd::WindowHandle;
use serde_json::Value;
use yichuang_tests::display::Display;
use yichuang_tests::driver::Pages;
use yichuang_tests::journey::hands::{ALT, ENTER, F8, Hands, SPACE, TAB};
use yichuang_tests::journey::paper::{Printed, documents_in};
use yichuang_tests::journey::window::{Applicant, MOST_KEYS, Taken};
use yichuang_tests::journey::{self, DEMO, Place};
use yichuang_tests::{Result, built, traces, wait};

/// Whose card the reader finds first.
const TRADER: Applicant = Applicant { name: "白晓兰", id: "990100198802140023", phone: "13900000001" };
/// Old enough for a card of the old.
const OLD: Applicant = Applicant { name: "何守正", id: "990100196212250039", phone: "13900000002" };
/// Who acts for him.
const AGENT: Applicant = Applicant { name: "顾启明", id: "990100197511030110", phone: "13900000003" };

/// Why no permit is needed.
const REASON: &str = "仅销售预包装食品，只需备案。";

/// The desks of the program, and what it keeps.
struct Hall<'a> {
    pages: &'a Pages,
    clerk: WindowHandle,
    printer: PathBuf,
    files: PathBuf,
}

#[tokio::test]
async fn a_day_at_the_windows() -> Result<()> {
    let display = Display::open(1400, 900).await?;
    let data = display.home().join("hall");
    let environment = [("YICHUANG_DATA", data.to_str().unwrap_or_default())];
    let pages = Pages::desktop(&display, &built("yichuang"), &environment).await?;
    let clerk = pages.client.window().await?;
    let hall = Hall { pages: &pages, clerk, printer: data.join("demo/printer"), files: display.home().to_path_buf() };
    let day = hall.day().await;
    if let Err(error) = &day {
        // The failure of the journey is what counts, whether or not there is a picture of it.
        let _ = pages.picture("sittings-failed").await;
        let at = pages.ask("return `${location.href} ${document.activeElement?.outerHTML.slice(0, 300)}`").await;
        eprintln!("{error}; at {at:?}");
    }
    day?;
    pages.close().await
}

impl Hall<'_> {
    async fn day(&self) -> Result<()> {
        journey::session(self.pages, &DEMO.clerk, "03").await?;
        let licence = self.an_immediate_item_is_decided_and_printed_at_one_sitting().await?;
        let before = self.a_certificate_issued_before_is_used_again(&licence).await?;
        self.a_known_applicant_needs_few_keys(&before).await?;
        self.an_agent_applies().await?;
        let (short, refused) = self.two_cases_for_the_department().await?;

        let department = self.another_desk().await?;
        let hands = Hands::on(self.pages);
        journey::department::sign_in_at_the_department(&hands, &DEMO.approver).await?;
        self.what_is_missing_is_asked_for_handed_in_and_accepted(&short, &department).await?;
        self.pages.client.switch_to_window(department).await?;
        self.a_case_is_refused_and_the_refusal_handed_over(&refused).await
    }

    /// An unknown applicant registers a business and takes the licence along.
    async fn an_immediate_item_is_decided_and_printed_at_one_sitting(&self) -> Result<String> {
        let hands = Hands::on(self.pages);
        hands.pick_item("gtgsh", "个体工商户").await?;
        hands.ask_who(&TRADER).await?;
        hands.press(&[ENTER]).await?;
        hands.until_at("#question-place input").await?;
        hands.answer("place", '4', "online").await?;
        hands.fill("trade_name", "安澜市桂花街小白小吃店").await?;
        hands.fill_choice("composition", "个人经营").await?;
        hands.fill("premises", "安澜市桂花街12号").await?;
        hands.fill("industry", "快餐服务").await?;
        hands.fill("scope", "餐饮服务").await?;
        hands.fill("staff", "2").await?;
        hands.fill_choice("education", "大专").await?;
        hands.to_gap("[data-testid=material-file-application]").await?;
        hands.go_through_materials(&[]).await?;
        let taken = hands.take_and_grant().await?;
        self.note("unknown", &taken);
        assert!(taken.keys - taken.said <= MOST_KEYS, "{} keys, {} of them said", taken.keys, taken.said);

        let decision = &taken.case["decision"];
        let reason = text(&decision["reason"]);
        assert!(
            decision["outcome"] == "granted" && reason.contains("小白小吃店"),
            "{decision}: the item's text, filled in"
        );
        let before = documents_in(&self.printer).map_or(0, |printed| printed.len());
        hands.print_all(&["intake-receipt", "acceptance-notice", "decision", "certificate"]).await?;
        self.pages.picture("sittings-1-immediate").await?;
        assert_eq!(documents_in(&self.printer)?.len(), before + 4, "not every paper came out of the printer");
        let printed = journey::case_of(self.pages, &taken.number).await?;
        assert_eq!(printed["state"], "issued", "{printed}");
        hands.next_applicant().await?;
        Ok(text(&taken.case["decision"]["certificate"]["number"]))
    }

    /// The licence of the business is not brought again for the next permit.
    async fn a_certificate_issued_before_is_used_again(&self, licence: &str) -> Result<Taken> {
        let hands = Hands::on(self.pages);
        hands.pick_item("spjy", "食品经营许可").await?;
        hands.say(TRADER.id).await?;
        // The hall knows name and telephone: the first that is missing is the situation.
        hands.press(&[ENTER]).await?;
        hands.until_at("#question-standing input").await?;
        hands.answer("standing", '1', "licence").await?;
        hands.until_at("#question-staff input").await?;
        hands.answer("staff", '1', "hired").await?;
        hands.take_all().await?;
        let used = format!(
            "return document.querySelector('[data-testid=material-name-business-licence]')?.textContent.includes('{licence}') === true"
        );
        self.pages.until("the licence that was issued before", &used).await?;
        hands.until_at("#root_person_in_charge").await?;
        hands.say(TRADER.name).await?;
        hands.fill("premises", "安澜市桂花街12号").await?;
        hands.fill("area", "48.5").await?;
        hands.fill_choice("business_type", "餐饮服务经营者").await?;
        hands.press(&[F8]).await?;
        // Choosing from a list says what the applicant says, wherever it is done.
        let before = hands.strokes();
        let scope = "const it = document.activeElement; return it.matches('input[type=checkbox]') && it.closest('label')?.textContent.trim() === '热食类食品制售'";
        hands.tab_until("热食类食品制售", scope).await?;
        hands.press(&[SPACE]).await?;
        hands.count_as_said(hands.strokes() - before);
        hands.fill("safety_officer", TRADER.name).await?;
        hands.to_gap("[data-testid=material-file-application]").await?;
        let plan = self.file("布局图（桂花街12号）.pdf", "Kitchen")?;
        let rules = self.file("食品安全规章制度.pdf", "Rules")?;
        hands.go_through_materials(&[("floor-plan", &plan), ("safety-rules", &rules)]).await?;
        let taken = hands.take().await?;
        self.note("reuse", &taken);
        assert!(taken.keys - taken.said <= MOST_KEYS, "{} keys, {} of them said", taken.keys, taken.said);

        let licences = materials(&taken.case, "business-licence");
        let [material] = licences.as_slice() else { panic!("one licence, not {licences:?}") };
        assert!(!material["reused_from"].is_null(), "brought anew: {material}");
        self.pages.picture("sittings-2-reuse").await?;
        hands.next_applicant().await?;
        Ok(taken)
    }

    /// Who was here before shows the card, and everything is there.
    async fn a_known_applicant_needs_few_keys(&self, before: &Taken) -> Result<()> {
        let hands = Hands::on(self.pages);
        hands.pick_item("spjy", "食品经营许可").await?;
        hands.read_card(&TRADER).await?;
        let known = format!(
            "return document.querySelector('[data-testid=known-applicant]')?.textContent.includes('{}') === true",
            text(&before.case["number_spoken"])
        );
        self.pages.until("the case of before", &known).await?;
        hands.take_all().await?;
        hands.go_through_materials(&[]).await?;
        let taken = hands.take().await?;
        self.note("known", &taken);
        assert!(taken.keys <= MOST_KEYS, "{} keys", taken.keys);
        for code in ["business-licence", "floor-plan", "safety-rules"] {
            let handed = materials(&taken.case, code);
            assert!(handed.len() == 1 && !handed[0]["reused_from"].is_null(), "{code}, brought anew: {handed:?}");
        }
        self.pages.picture("sittings-3-known").await?;
        hands.next_applicant().await
    }

    /// Somebody acts for who applies, with what shows that they may.
    async fn an_agent_applies(&self) -> Result<()> {
        let hands = Hands::on(self.pages);
        hands.pick_item("lnr", "老年人优待证").await?;
        hands.ask_who(&OLD).await?;
        hands.press(&[ALT, 'a']).await?;
        hands.until_at("[data-testid=agent-id_number]").await?;
        for said in [AGENT.id, AGENT.name, AGENT.phone] {
            hands.say(said).await?;
            hands.press(&[TAB]).await?;
        }
        hands.until_at("[data-testid=agent-authority]").await?;
        hands.say("代为申请并领取老年人优待证").await?;
        hands.to_gap("#question-household input").await?;
        hands.answer("household", '1', "local").await?;
        hands.fill_choice("class", "60—69周岁").await?;
        hands.fill("residence", "安澜市石桥镇清溪村3组").await?;
        hands.fill("emergency_contact", AGENT.name).await?;
        hands.fill("emergency_phone", AGENT.phone).await?;
        hands.to_gap("[data-testid=material-file-id-card]").await?;
        hands.go_through_materials(&[]).await?;
        let taken = hands.take_and_grant().await?;
        self.note("agent", &taken);

        assert_eq!(taken.case["agent"]["name"], AGENT.name);
        assert_eq!(taken.case["applicant"]["name"], OLD.name);
        for code in ["authorisation", "agent-id-card"] {
            assert_eq!(materials(&taken.case, code).len(), 1, "{code}: {}", taken.case["materials"]);
        }
        hands.print_all(&["intake-receipt", "acceptance-notice", "decision", "certificate"]).await?;
        self.pages.picture("sittings-4-agent").await?;
        hands.next_applicant().await
    }

    /// Two cases that the window only takes, both of the example that the item brings along.
    async fn two_cases_for_the_department(&self) -> Result<(Taken, Taken)> {
        let mut taken = Vec::new();
        for with_screen in [true, false] {
            let hands = Hands::on(self.pages);
            hands.pick_item("spjy", "食品经营许可").await?;
            hands.press(&[ALT, 'e']).await?;
            hands.to_gap("input[data-point]").await?;
            hands.go_through_materials(&[]).await?;
            if with_screen {
                self.the_applicant_reads_and_confirms(&hands).await?;
            }
            taken.push(hands.take().await?);
            hands.next_applicant().await?;
        }
        let [short, refused] = taken.try_into().unwrap_or_else(|_| unreachable!("two were taken"));
        Ok((short, refused))
    }

    /// The clerk opens the screen on the other side of the glass; the applicant confirms there what they read.
    async fn the_applicant_reads_and_confirms(&self, hands: &Hands<'_>) -> Result<()> {
        let client = &self.pages.client;
        let at_the_desk = client.windows().await?;
        let state = |state: &str| {
            format!("return document.querySelector('[data-testid=screen-state]')?.dataset.state === '{state}'")
        };
        hands.press(&[ALT, 's']).await?;
        self.pages.until("that no screen is open yet", &state("closed")).await?;
        hands.tab_or_back_to("[data-testid=screen-open]").await?;
        hands.press(&[ENTER]).await?;
        let screen = wait::until("the applicant's screen", async || {
            client.windows().await.ok()?.into_iter().find(|window| !at_the_desk.contains(window))
        })
        .await?;
        client.switch_to_window(screen).await?;
        self.pages.until("what was entered", "return document.body.textContent.includes('990100198001010026')").await?;
        let cases = self.pages.ask_later("fetch('/api/hall/cases').then((answer) => done(answer.status))").await?;
        assert_eq!(cases, 403, "an applicant's screen reads the cases of others");
        let at_it = Hands::on(self.pages);
        at_it.until_at("[data-testid=screen-confirm]").await?;
        self.pages.picture("sittings-10-screen").await?;
        at_it.press(&[ENTER]).await?;
        client.switch_to_window(self.clerk.clone()).await?;
        self.pages.until("confirmed, at the desk", &state("confirmed")).await
    }

    /// The department says what is missing, the window takes it, and the department accepts.
    async fn what_is_missing_is_asked_for_handed_in_and_accepted(
        &self,
        taken: &Taken,
        department: &WindowHandle,
    ) -> Result<()> {
        let hands = Hands::on(self.pages);
        hands.open_task(&taken.number).await?;
        hands.ask_for("plan-washing").await?;
        self.pages.picture("sittings-5-asked").await?;

        self.pages.client.switch_to_window(self.clerk.clone()).await?;
        hands.find_case(&taken.number).await?;
        self.pages.element("[data-testid=hand-in-submit]").await?;
        let plan = self.file("布局图（补正）.pdf", "Kitchen, counter, washroom")?;
        hands.hand_in_supplement("floor-plan", &plan, &["plan-separated", "plan-washing"]).await?;
        self.pages.picture("sittings-6-handed-in").await?;
        let case = journey::case_of(self.pages, &taken.number).await?;
        assert!(!case["notices"][0]["supplied_at"].is_null(), "still asked for: {}", case["notices"]);

        self.pages.client.switch_to_window(department.clone()).await?;
        hands.accept().await?;
        self.pages.picture("sittings-7-accepted").await?;
        self.pages.client.switch_to_window(self.clerk.clone()).await?;
        let accepted =
            "return document.querySelector('[data-testid=case-state]')?.textContent.includes('已受理') === true";
        self.pages.until("已受理, at the window", accepted).await
    }

    /// The department does not accept a case, and the output desk hands the refusal over, with the proof of it.
    async fn a_case_is_refused_and_the_refusal_handed_over(&self, taken: &Taken) -> Result<()> {
        let hands = Hands::on(self.pages);
        hands.open_task(&taken.number).await?;
        hands.reject(REASON).await?;
        self.pages.picture("sittings-8-refused").await?;

        self.another_desk().await?;
        let hands = Hands::on(self.pages);
        journey::sign_in_at_the_hall(&hands, &DEMO.output, "09").await?;
        hands.hand_over_to(&taken.number, journey::APPLICANT_ID, &["rejection"]).await?;
        self.pages.picture("sittings-9-handed-over").await?;

        let case = journey::case_of(self.pages, &taken.number).await?;
        assert_eq!(case["rejection"]["reason"], REASON, "{case}");
        assert!(!case["handed_over_at"].is_null(), "{case}");
        let printed: Vec<_> = documents_in(&self.printer)?
            .iter()
            .map(|bytes| Printed::keep("sittings", bytes)?.text())
            .collect::<Result<_>>()?;
        let refusals = printed.iter().filter(|text| text.contains(REASON)).count();
        assert_eq!(refusals, 1, "the refusal with its reason, once out of the printer");
        Ok(())
    }

    async fn another_desk(&self) -> Result<WindowHandle> {
        journey::another_desk(&Hands::on(self.pages), &Place::Desktop).await?;
        Ok(self.pages.client.window().await?)
    }

    /// Writes down how many keys a case took.
    fn note(&self, name: &str, Taken { keys, said, .. }: &Taken) {
        let line = format!("{keys} keys, {said} of them said what only the applicant knows\n");
        eprint!("{name}: {line}");
        let kept =
            traces().and_then(|folder| Ok(std::fs::write(folder.join(format!("sitting-{name}-keys.txt")), line)?));
        kept.expect("the folder of the traces can be written");
    }

    /// A file that an applicant brings.
    fn file(&self, name: &str, line: &str) -> Result<PathBuf> {
        let file = self.files.join(name);
        std::fs::write(&file, journey::page(line))?;
        Ok(file)
    }
}

/// What was handed in under a code.
fn materials(case: &Value, code: &str) -> Vec<Value> {
    case["materials"].as_array().into_iter().flatten().filter(|one| one["code"] == code).cloned().collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
