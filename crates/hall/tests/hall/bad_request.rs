//! Headers, queries, paths and files that cannot be used.

use http::Method;
use serde_json::json;

use crate::{
    stage::encoded,
    test_hall::{PDF, TestHall},
};

crate::on_both_databases! { TestHall::open:
    an_idempotency_key_is_there_once_and_short
    a_garbled_query_is_named
    an_address_that_leads_nowhere_is_a_problem_too
    only_small_pdf_and_image_files_under_a_plain_name_are_kept
    a_file_is_kept_once
}

async fn an_idempotency_key_is_there_once_and_short(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let mut lines = vec![];
    let without = clerk.posting("/filings", &filing).without("idempotency-key");
    lines.push(format!("no key\n    -> {}", hall.refusal(without).await));
    let long = "k".repeat(201);
    for key in ["", "two words", "号码", "tab\there", long.as_str()] {
        let ask = clerk.posting("/filings", &filing).key(key);
        lines.push(format!("the key {key:.20?}\n    -> {}", hall.refusal(ask).await));
    }
    assert_eq!(clerk.posting("/filings", &filing).key(&"k".repeat(200)).send().await.status, 201);
    let other = hall.filing(&clerk).await;
    let ask = clerk.posting("/filings", &other).key(&"k".repeat(200));
    lines.push(format!("the key of another filing\n    -> {}", hall.refusal(ask).await));
    insta::assert_snapshot!("an_idempotency_key_is_there_once_and_short", lines.join("\n"));
}

async fn a_garbled_query_is_named(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let id = case["id"].as_str().unwrap();
    let long = "x".repeat(2000);
    let mut lines = vec![];
    let queries = [
        "/cases?limit=0".to_owned(),
        "/cases?limit=101".to_owned(),
        "/cases?limit=-1".to_owned(),
        "/cases?limit=ten".to_owned(),
        "/cases?limit=99999999999999999999".to_owned(),
        "/cases?after=garbage".to_owned(),
        "/cases?after=%22%22".to_owned(),
        // The cursor of a number, where an id is.
        "/cases?after=Nw".to_owned(),
        format!("/cases?after={long}"),
        "/cases?state=lost".to_owned(),
        "/cases?state=".to_owned(),
        "/cases?state=taken&state=closed".to_owned(),
        "/cases?after=%00".to_owned(),
        "/prints?limit=1.5".to_owned(),
        "/prints?after=Nw".to_owned(),
        format!("/cases/{id}/timeline?after=garbage"),
        format!("/cases/{id}/timeline?after=LTE"),
        "/cases/find".to_owned(),
        "/items?limit=x".to_owned(),
    ];
    for query in queries {
        let ask = clerk.ask(Method::GET, &query);
        lines.push(format!("GET {:.70}\n    -> {}", query.replace(id, "{id}"), hall.refusal(ask).await));
    }
    // What is merely not found is an empty list, whatever it is made of.
    for text in ["%00", "%ff%fe", "%27%20OR%201%3D1--", "%E2%80%AE", "%25", "_", &encoded(&"😀".repeat(2_000)), "%20"]
    {
        let found = clerk.get(&format!("/cases?q={text}")).await.done();
        // Blanks alone look for nothing.
        let all = text == "%20";
        assert_eq!(found["items"].as_array().unwrap().len(), usize::from(all), "{text:.40}");
    }
    for scan in
        ["%00", "", "%27", "%E2%80%AE", "000126061501001", &"9".repeat(5000), "https%3A%2F%2Fevil.example%2Fc%2F1"]
    {
        let ask = clerk.ask(Method::GET, &format!("/cases/find?scan={scan}"));
        lines.push(format!("scan {scan:.40}\n    -> {}", hall.refusal(ask).await));
    }
    insta::assert_snapshot!("a_garbled_query_is_named", lines.join("\n"));
}

async fn an_address_that_leads_nowhere_is_a_problem_too(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let id = case["id"].as_str().unwrap();
    let nobody = "0193b000-0000-7000-8000-00000000dead";
    let mut lines = vec![];
    let asks = [
        (Method::GET, "/nowhere".to_owned()),
        (Method::DELETE, "/cases".to_owned()),
        (Method::PUT, "/filings".to_owned()),
        (Method::GET, "/filings".to_owned()),
        (Method::GET, "/items/unknown".to_owned()),
        (Method::GET, "/items/%00".to_owned()),
        (Method::GET, "/items/%ff".to_owned()),
        (Method::GET, format!("/cases/{nobody}")),
        (Method::GET, "/cases/7".to_owned()),
        (Method::GET, "/cases/%27%3B--".to_owned()),
        (Method::GET, "/cases/%00".to_owned()),
        (Method::GET, format!("/cases/{nobody}/timeline")),
        (Method::GET, format!("/cases/{id}/clocks/lunch")),
        (Method::GET, format!("/cases/{id}/clocks/promised")),
        (Method::GET, format!("/cases/{nobody}/clocks/intake")),
        (Method::GET, format!("/cases/{id}/materials/1")),
        (Method::GET, format!("/cases/{id}/materials/-1")),
        (Method::GET, format!("/cases/{id}/materials/99999999999999999999999")),
        (Method::GET, format!("/cases/{nobody}/materials/0")),
        (Method::GET, format!("/papers/{nobody}")),
        (Method::GET, format!("/papers/{id}")),
        (Method::GET, "/papers/..%2F..%2Fetc%2Fpasswd".to_owned()),
        (Method::POST, format!("/papers/{nobody}/prints")),
        (Method::POST, format!("/prints/{nobody}/cancel")),
        (Method::POST, format!("/prints/{nobody}/retry")),
        (Method::POST, "/prints/x/retry".to_owned()),
    ];
    for (method, path) in asks {
        let ask = clerk.ask(method.clone(), &path).key("k");
        lines.push(format!("{method} {}\n    -> {}", path.replace(id, "{id}"), hall.refusal(ask).await));
    }
    insta::assert_snapshot!("an_address_that_leads_nowhere_is_a_problem_too", lines.join("\n"));
}

async fn only_small_pdf_and_image_files_under_a_plain_name_are_kept(hall: TestHall) {
    let clerk = hall.clerk().await;
    let mut lines = vec![];
    let exe = [b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".as_slice(), &[0; 200]].concat();
    let html = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
    let zip = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    let large = [PDF, &vec![b' '; 21 << 20]].concat();
    let long = "长".repeat(256);
    let files: [(&str, &str, Vec<u8>); 16] = [
        ("an exe renamed", "发票.pdf", exe),
        ("a page renamed", "page.png", html),
        ("an archive renamed", "docs.pdf", zip),
        ("text", "notes.txt", "只是文字".into()),
        ("nothing", "empty.pdf", vec![]),
        ("21 MB", "large.pdf", large),
        ("half a signature", "cut.pdf", b"%PD".to_vec()),
        ("no name", "", PDF.to_vec()),
        ("a name too long", &long, PDF.to_vec()),
        ("a name that climbs", "../../etc/passwd.pdf", PDF.to_vec()),
        ("a name with a slash", "a/b.pdf", PDF.to_vec()),
        ("a name with a backslash", "a\\b.pdf", PDF.to_vec()),
        ("a name with NUL", "a\0.pdf", PDF.to_vec()),
        ("a name with a line break", "a\r\nSet-Cookie: x.pdf", PDF.to_vec()),
        ("a name that reads backwards", "gpj\u{202e}fdp.exe", PDF.to_vec()),
        ("a name of blanks", "   ", PDF.to_vec()),
    ];
    for (label, name, bytes) in files {
        let path = format!("/files?name={}", encoded(name));
        let ask = clerk.ask(Method::PUT, &path).bytes("application/octet-stream", bytes);
        lines.push(format!("{label}\n    -> {}", hall.refusal(ask).await));
    }
    let ask = clerk.ask(Method::PUT, "/files").bytes("application/pdf", PDF);
    lines.push(format!("no name at all\n    -> {}", hall.refusal(ask).await));
    let ask = clerk.ask(Method::PUT, "/files?name=%ff.pdf").bytes("application/pdf", PDF);
    lines.push(format!("a name that is no text\n    -> {}", hall.refusal(ask).await));
    insta::assert_snapshot!("only_small_pdf_and_image_files_under_a_plain_name_are_kept", lines.join("\n"));
}

async fn a_file_is_kept_once(hall: TestHall) {
    let clerk = hall.clerk().await;
    let first = clerk.put("/files?name=a.pdf", PDF).await.done();
    let again = clerk.put("/files?name=b.jpg", PDF).await.done();
    assert_eq!(first["sha256"], again["sha256"]);
    // By what is in it, whatever the name says.
    assert_eq!(again["media_type"], "application/pdf");
    assert_eq!((&first["name"], &again["name"]), (&json!("a.pdf"), &json!("b.jpg")));
    let kept = std::fs::read_dir(&hall.hall.config().files).unwrap().count();
    assert_eq!(kept, 1);
    let most = [PDF, &vec![b' '; (20 << 20) - PDF.len()]].concat();
    assert_eq!(clerk.put("/files?name=most.pdf", most).await.done()["size"], 20 << 20);
}
