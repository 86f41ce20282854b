//! A filing with one thing wrong: refused with field and value, and nothing is taken.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    stage::Ask,
    test_hall::{ITEM, TestHall, case_with, organisation},
};

crate::on_both_databases! { TestHall::open:
    every_field_of_a_filing_is_named_when_it_is_wrong
    hostile_text_is_refused_or_kept_as_text
    a_form_is_held_against_the_schema_of_its_item
    materials_are_held_against_the_item_and_the_uploaded_files
    a_filing_has_one_to_twenty_cases_under_ids_of_its_own
    a_body_that_is_no_filing_is_refused
}

/// Posts a filing changed at each pointer, and says what became of it.
struct Spoiler<'a> {
    hall: &'a TestHall,
    post: Box<dyn Fn(&Value) -> Ask + 'a>,
    filing: Value,
    lines: Vec<String>,
}

impl<'a> Spoiler<'a> {
    async fn new(hall: &'a TestHall) -> Self {
        let clerk = hall.clerk().await;
        let filing = hall.filing(&clerk).await;
        let post = Box::new(move |filing: &Value| clerk.posting("/filings", filing));
        Self { hall, post, filing, lines: vec![] }
    }

    /// `label` says what is wrong; the value is put at the pointer, or taken away with `None`.
    async fn spoil(&mut self, label: &str, pointer: &str, value: Option<Value>) {
        let mut filing = self.filing.clone();
        put(&mut filing, pointer, value);
        self.post(label, &filing).await;
    }

    async fn post(&mut self, label: &str, filing: &Value) {
        let line = self.hall.refusal((self.post)(filing)).await;
        self.lines.push(format!("{label}\n    -> {line}"));
    }

    fn lines(self) -> String {
        self.lines.join("\n")
    }
}

fn put(document: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match (document.pointer_mut(parent).unwrap(), value) {
        (Value::Object(fields), Some(value)) => drop(fields.insert(key.replace("~1", "/").replace("~0", "~"), value)),
        (Value::Object(fields), None) => drop(fields.remove(key)),
        (Value::Array(entries), Some(value)) => entries[key.parse::<usize>().unwrap()] = value,
        (other, value) => panic!("{pointer}: {other} {value:?}"),
    }
}

async fn every_field_of_a_filing_is_named_when_it_is_wrong(hall: TestHall) {
    let mut filing = Spoiler::new(&hall).await;
    let required = [
        "/id",
        "/applicant",
        "/applicant/kind",
        "/applicant/name",
        "/applicant/id_number",
        "/applicant/phone",
        "/cases",
        "/cases/0/id",
        "/cases/0/item_code",
        "/cases/0/item_version",
        "/cases/0/form",
        "/cases/0/materials",
        "/cases/0/materials/0/code",
        "/cases/0/materials/0/copies",
        "/cases/0/materials/0/original",
    ];
    for pointer in required {
        filing.spoil(&format!("{pointer} missing"), pointer, None).await;
        filing.spoil(&format!("{pointer} of another type"), pointer, Some(json!([7]))).await;
    }
    let long = |length| Some(json!("长".repeat(length)));
    let text = |text: &str| Some(json!(text));
    let wrong = [
        ("id without hyphens and short", "/id", text("0193b000")),
        ("id nil", "/id", text("00000000-0000-0000-0000-000000000000")),
        ("case id nil", "/cases/0/id", text("00000000-0000-0000-0000-000000000000")),
        ("case id at the end", "/cases/0/id", text("ffffffff-ffff-ffff-ffff-ffffffffffff")),
        ("kind unknown", "/applicant/kind", text("ghost")),
        ("name empty", "/applicant/name", text("")),
        ("name of blanks", "/applicant/name", text("  　 ")),
        ("name of one character", "/applicant/name", text("岚")),
        ("name of 101 characters", "/applicant/name", long(101)),
        ("id number empty", "/applicant/id_number", text("")),
        ("id number of 15 digits", "/applicant/id_number", text("110105900307283")),
        ("id number with a wrong check digit", "/applicant/id_number", text("110105199003072831")),
        ("id number with an impossible date", "/applicant/id_number", text("11010519900230283X")),
        ("id number of somebody unborn", "/applicant/id_number", text("110105209003072836")),
        ("id number with a letter inside", "/applicant/id_number", text("1101051990O307283X")),
        ("phone empty", "/applicant/phone", text("")),
        ("phone of a word", "/applicant/phone", text("见名片")),
        ("phone too short", "/applicant/phone", text("1380013800")),
        ("phone with a wrong beginning", "/applicant/phone", text("12800138000")),
        ("address empty", "/applicant/address", text("")),
        ("address of 101 characters", "/applicant/address", long(101)),
        ("contact of 31 characters", "/applicant/contact", long(31)),
        ("legal representative of 31 characters", "/applicant/legal_representative", long(31)),
        ("an applicant's field that there is not", "/applicant/adress", text("安澜市")),
        ("a filing's field that there is not", "/window", text("02")),
        ("a case's field that there is not", "/cases/0/number", text("1")),
        ("a material's field that there is not", "/cases/0/materials/0/size", Some(json!(1))),
        ("item unknown", "/cases/0/item_code", text("11990100MB000131013000131901002")),
        ("item of another version", "/cases/0/item_version", Some(json!(2))),
        ("item version negative", "/cases/0/item_version", Some(json!(-1))),
        ("item version beyond 32 bits", "/cases/0/item_version", Some(json!(4_294_967_296_u64))),
    ];
    for (label, pointer, value) in wrong {
        filing.spoil(label, pointer, value).await;
    }
    filing.filing["applicant"] = organisation();
    let wrong = [
        ("credit code with a wrong check character", text("91990100MA0001234E")),
        ("credit code with a letter it never has", text("91990100MA000I234F")),
        ("credit code too long", text("91990100MA0001234FF")),
        ("a person's number for an organisation", text("11010519900307283X")),
    ];
    for (label, value) in wrong {
        filing.spoil(label, "/applicant/id_number", value).await;
    }
    insta::assert_snapshot!("every_field_of_a_filing_is_named_when_it_is_wrong", filing.lines());
}

async fn hostile_text_is_refused_or_kept_as_text(hall: TestHall) {
    let mut filing = Spoiler::new(&hall).await;
    let emoji = "😀".repeat(10_000);
    let hostile = [
        ("control character", "欧阳\u{7}晓岚"),
        ("line break", "欧阳\n晓岚"),
        ("NUL", "欧阳\0晓岚"),
        ("right-to-left override", "欧阳\u{202e}晓岚"),
        ("right-to-left isolate", "欧阳\u{2067}晓岚"),
        ("zero width space", "欧阳\u{200b}晓岚"),
        ("a character that cannot be printed", "欧阳😀晓岚"),
        ("a character of private use", "欧阳\u{e123}晓岚"),
        ("10,000 emoji", emoji.as_str()),
    ];
    let fields = [
        "/applicant/name",
        "/applicant/id_number",
        "/applicant/phone",
        "/applicant/address",
        "/cases/0/item_code",
        "/cases/0/form/premises",
        "/cases/0/materials/0/code",
        "/cases/0/materials/0/file_name",
    ];
    for field in fields {
        for (label, text) in hostile {
            if field.contains("form") && label == "line break" {
                // A form may have lines.
                continue;
            }
            if field.ends_with("file_name") && (label.contains("printed") || label.contains("private")) {
                // The name of a file is not on paper.
                continue;
            }
            filing.spoil(&format!("{field} with {label}"), field, Some(json!(text))).await;
        }
    }
    insta::assert_snapshot!("hostile_text_is_refused", filing.lines());

    // SQL and HTML are text like any other: kept, shown as they are, and they do nothing.
    let clerk = hall.clerk().await;
    let names = ["Robert'); DROP TABLE case_row;--", "<script>alert(1)</script>", "%_\\' OR 1=1"];
    for name in names {
        let mut filing = hall.filing(&clerk).await;
        filing["applicant"]["kind"] = json!("organisation");
        filing["applicant"]["id_number"] = json!("91990100MA0001234F");
        filing["applicant"]["name"] = json!(name);
        let taken = clerk.post("/filings", &filing).await.done();
        let id = taken["cases"][0]["id"].as_str().unwrap();
        assert_eq!(clerk.get(&format!("/cases/{id}")).await.done()["applicant"]["name"], name);
        let found = clerk.get(&format!("/cases?q={}", crate::stage::encoded(name))).await.done();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{name} finds itself and nothing else");
    }
}

async fn a_form_is_held_against_the_schema_of_its_item(hall: TestHall) {
    let mut filing = Spoiler::new(&hall).await;
    let wrong = [
        ("a list instead of a form", "/cases/0/form", Some(json!(["premises"]))),
        ("null instead of a form", "/cases/0/form", Some(json!(null))),
        ("an empty form", "/cases/0/form", Some(json!({}))),
        ("premises missing", "/cases/0/form/premises", None),
        ("premises null", "/cases/0/form/premises", Some(json!(null))),
        ("premises too short", "/cases/0/form/premises", Some(json!("桂花街"))),
        ("premises too long", "/cases/0/form/premises", Some(json!("街".repeat(101)))),
        ("area zero", "/cases/0/form/area", Some(json!(0))),
        ("area negative", "/cases/0/form/area", Some(json!(-3))),
        ("area as text", "/cases/0/form/area", Some(json!("46"))),
        ("area too large", "/cases/0/form/area", Some(json!(100_001))),
        ("business type unknown", "/cases/0/form/business_type", Some(json!("酒吧"))),
        ("scope empty", "/cases/0/form/scope", Some(json!([]))),
        ("scope with one twice", "/cases/0/form/scope", Some(json!(["半成品制售", "半成品制售"]))),
        ("scope with an unknown one", "/cases/0/form/scope", Some(json!(["半成品制售", "卖花"]))),
        ("staff a fraction", "/cases/0/form/staff", Some(json!(1.5))),
        ("staff beyond all numbers", "/cases/0/form/staff", Some(json!(1e300))),
        ("a field that the form has not", "/cases/0/form/owner~0~1x", Some(json!("欧阳晓岚"))),
    ];
    for (label, pointer, value) in wrong {
        filing.spoil(label, pointer, value).await;
    }
    insta::assert_snapshot!("a_form_is_held_against_the_schema_of_its_item", filing.lines());
}

async fn materials_are_held_against_the_item_and_the_uploaded_files(hall: TestHall) {
    let mut filing = Spoiler::new(&hall).await;
    let first = "/cases/0/materials/0";
    let at = |field: &str| format!("{first}/{field}");
    let good = filing.filing.pointer(first).unwrap().clone();
    filing.spoil("none at all, one is required", "/cases/0/materials", Some(json!([]))).await;
    filing.spoil("one twice", "/cases/0/materials", Some(json!([good, good]))).await;
    filing.spoil("an unknown one", &at("code"), Some(json!("passport"))).await;
    for copies in [json!(65_536), json!(-1), json!(1.5), json!("1"), json!(101), json!(null), json!(1e30)] {
        filing.spoil(&format!("{copies} copies"), &at("copies"), Some(copies)).await;
    }
    for original in [json!("yes"), json!(1), json!(null)] {
        filing.spoil(&format!("original {original}"), &at("original"), Some(original)).await;
    }
    let not_uploaded = json!("ab".repeat(32));
    for sha256 in [not_uploaded, json!(""), json!("../../etc/passwd"), json!("zz".repeat(32)), json!(7)] {
        filing.spoil(&format!("the file {sha256}"), &at("sha256"), Some(sha256)).await;
    }
    for name in [json!(null), json!(""), json!("a/b.pdf"), json!("..\\b.pdf"), json!("长".repeat(256)), json!(3)] {
        filing.spoil(&format!("the file name {name}"), &at("file_name"), Some(name)).await;
    }
    let many: Vec<Value> = (0..200).map(|_| good.clone()).collect();
    filing.spoil("200 materials", "/cases/0/materials", Some(json!(many))).await;
    insta::assert_snapshot!("materials_are_held_against_the_item_and_the_uploaded_files", filing.lines());
}

async fn a_filing_has_one_to_twenty_cases_under_ids_of_its_own(hall: TestHall) {
    let clerk = hall.clerk().await;
    let taken = hall.taken_case(&clerk).await;
    let mut filing = Spoiler::new(&hall).await;
    let sha256 = filing.filing["cases"][0]["materials"][0]["sha256"].as_str().unwrap().to_owned();
    let cases = |count: u128| -> Value { (1..=count).map(|n| case_with(numbered(n), &sha256)).collect() };
    filing.spoil("no case", "/cases", Some(json!([]))).await;
    filing.spoil("21 cases", "/cases", Some(cases(21))).await;
    let twice = json!([case_with(numbered(1), &sha256), case_with(numbered(1), &sha256)]);
    filing.spoil("one case twice", "/cases", Some(twice)).await;
    let mut wrong = filing.filing.clone();
    wrong["cases"][0]["id"] = taken["id"].clone();
    filing.post("one case that another filing has", &wrong).await;
    let mut wrong = filing.filing.clone();
    wrong["id"] = taken["filing_id"].clone();
    filing.post("the filing's id that another filing has", &wrong).await;
    let mut second_is_wrong = filing.filing.clone();
    second_is_wrong["cases"] = cases(2);
    second_is_wrong["cases"][1]["form"]["area"] = json!(0);
    filing.post("the second case alone is wrong", &second_is_wrong).await;

    let mut twenty = filing.filing.clone();
    twenty["cases"] = cases(20);
    let answer = clerk.post("/filings", &twenty).await.done();
    assert_eq!(answer["cases"].as_array().unwrap().len(), 20);
    let lines = filing.lines().replace(taken["id"].as_str().unwrap(), "{case}");
    let lines = lines.replace(taken["filing_id"].as_str().unwrap(), "{filing}");
    insta::assert_snapshot!("a_filing_has_one_to_twenty_cases_under_ids_of_its_own", lines);
}

fn numbered(n: u128) -> Uuid {
    Uuid::from_u128(0x0193_b000_1234_7000_8000_0000_0000_0000 + n)
}

async fn a_body_that_is_no_filing_is_refused(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let text = filing.to_string();
    let deep = |depth: usize| format!(r#"{{"cases":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let form = |json: &str| text.replacen(r#""area":46.5"#, &format!(r#""area":{json}"#), 1);
    assert_ne!(form("1"), text);
    let big = format!(r#"{{"applicant":"{}"}}"#, "长".repeat(400_000));
    let bodies = [
        ("nothing", String::new()),
        ("no JSON", "id=1&applicant=2".to_owned()),
        ("half a body", text.chars().take(200).collect()),
        ("JSON and more", format!("{text}{text}")),
        ("a list", "[]".to_owned()),
        ("a text", "\"filing\"".to_owned()),
        ("a number too large for any", form("1e999")),
        ("not a number", form("NaN")),
        ("a lone surrogate", text.replacen("欧阳晓岚", r"\ud83d", 1)),
        ("surrogates in the wrong order", text.replacen("欧阳晓岚", r"\ude00\ud83d", 1)),
        (
            "a field twice",
            text.replacen(r#"{"applicant""#, r#"{"id":"0193b000-0000-7000-8000-000000000001","applicant""#, 1),
        ),
        ("a field of the form twice", form(r#"1,"area":2"#)),
        ("100 lists in each other", deep(100)),
        ("10,000 lists in each other", deep(10_000)),
        ("10,000 lists in a form", form(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)))),
        ("10,000 objects in a form", form(&format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000)))),
        ("1.2 MB", big),
    ];
    let mut lines = vec![];
    for (label, body) in bodies {
        let ask = clerk.posting("/filings", &json!(null)).bytes("application/json", body);
        lines.push(format!("{label}\n    -> {}", hall.refusal(ask).await));
    }
    let latin = [&text.as_bytes()[..40], b"\xff\xfe", &text.as_bytes()[40..]].concat();
    let ask = clerk.posting("/filings", &json!(null)).bytes("application/json", latin);
    lines.push(format!("bytes that are no UTF-8\n    -> {}", hall.refusal(ask).await));
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json"] {
        let ask = clerk.posting("/filings", &filing).bytes(media_type, text.clone());
        lines.push(format!("as {media_type}\n    -> {}", hall.refusal(ask).await));
    }
    let ask = clerk.posting("/filings", &filing).without("content-type");
    lines.push(format!("as nothing\n    -> {}", hall.refusal(ask).await));
    // A megabyte of JSON that is allowed by size and wrong in its fields.
    let mut many = filing.clone();
    many["cases"] = (0..1700_u128)
        .map(|n| {
            json!({ "id": numbered(n), "item_code": ITEM, "item_version": 1,
        "form": { "premises": "长".repeat(150) }, "materials": [] })
        })
        .collect();
    assert!((900_000..1_048_576).contains(&many.to_string().len()), "{}", many.to_string().len());
    lines.push(format!("1 MB of cases\n    -> {}", hall.refusal(clerk.posting("/filings", &many)).await));
    insta::assert_snapshot!("a_body_that_is_no_filing_is_refused", lines.join("\n"));
}
