//! The guide of an item: a paper of no case, shown and printed like every other.

use http::Method;
use printing::simulator::Condition;
use serde_json::{Value, json};

use crate::{
    stage::{Office, Place, until},
    test_hall::{ITEM, TestHall, with_printer},
};

crate::on_both_databases! { open:
    a_guide_waits_for_paper_and_is_printed_once
    a_guide_is_not_printed_where_there_is_no_printer
}

async fn open(place: Place) -> Place {
    place
}

async fn print_when(desk: &Office, print: &Value, state: &str) -> Value {
    let path = format!("/prints/{}", print["id"].as_str().unwrap());
    until(&format!("a print that is {state}"), async || {
        Some(desk.get(&path).await.done()).filter(|print| print["state"] == state)
    })
    .await
}

async fn a_guide_waits_for_paper_and_is_printed_once(place: Place) {
    let (hall, printer) = with_printer(place, None).await;
    let workers = hall.start();
    let clerk = hall.clerk().await;
    let path = format!("/items/{ITEM}/guide");
    let shown = clerk.get(&path).await;
    assert_eq!(shown.header("content-type"), "application/pdf");

    printer.set(Condition::PaperOut);
    let ask = || clerk.ask(Method::POST, &format!("{path}/prints")).key("guide");
    let print = ask().send().await.done();
    let held = print_when(&clerk, &print, "held").await;
    assert_eq!(held["trouble"], "paper-out");
    assert_eq!(ask().send().await.done()["id"], print["id"], "repeated, it is the same print");
    printer.set(Condition::Ready);
    print_when(&clerk, &print, "done").await;
    let printed = printer.printed();
    assert_eq!(printed.len(), 1);
    assert_eq!(printed[0].bytes, shown.bytes, "what is printed is what was shown");

    // What was printed can be looked at when the item has changed; a second applicant gets a print without any reason.
    let paper = format!("/papers/{}", print["paper_id"].as_str().unwrap());
    assert_eq!(clerk.get(&paper).await.bytes, shown.bytes);
    let second = clerk.ask(Method::POST, &format!("{path}/prints")).key("second").send().await.done();
    assert_eq!((&second["nth"], &second["reason"]), (&json!(1), &Value::Null));
    print_when(&clerk, &second, "done").await;
    assert_eq!(clerk.get("/items/none/guide").await.refusal(), "404 item-not-found");
    let desk = hall.desk("administrator").await;
    assert_eq!(desk.ask(Method::POST, &format!("{path}/prints")).key("x").send().await.refusal(), "403 forbidden");
    workers.stop().await;
}

async fn a_guide_is_not_printed_where_there_is_no_printer(place: Place) {
    let hall = TestHall::open(place).await;
    let clerk = hall.clerk().await;
    let ask = clerk.ask(Method::POST, &format!("/items/{ITEM}/guide/prints")).key("guide");
    assert_eq!(hall.refusal(ask).await, "404 printer-not-found");
}
