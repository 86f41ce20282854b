//! A printer that is away, jams or forgets, and a program that ends meanwhile: what is asked for comes out, once.

#![allow(clippy::unwrap_used, reason = "these are tests, with their helpers")]

use jiff::SignedDuration;
use printing::simulator::Condition;
use serde_json::{Value, json};
use uuid::Uuid;
use yichuang_faults::{
    desk::Wish,
    town::{Databases, Town},
};

async fn town(folder: &std::path::Path) -> Town {
    Town::open(folder, &Databases::files(folder)).await.unwrap()
}

fn receipt(case: &Value) -> &Value {
    &case["papers"][0]
}

fn print(case: &Value) -> &Value {
    &receipt(case)["prints"][0]
}

/// Takes a case and asks for its receipt on paper.
async fn asked(town: &Town) -> (Uuid, Value) {
    let case = town.take().await.unwrap();
    let view = town.case_when(case, "the receipt is there", |case| receipt(case)["state"] == "ready").await.unwrap();
    let path = format!("/papers/{}/prints", receipt(&view)["id"].as_str().unwrap());
    let print = town.clerk.change(&Wish::to_change(path, &json!({}))).await.unwrap();
    (case, print)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_print_whose_printer_was_away_when_the_program_ended_comes_out_after_all() {
    let folder = tempfile::tempdir().unwrap();
    let before = town(folder.path()).await;
    before.printer.set(Condition::Offline);
    let (case, _) = asked(&before).await;
    before.case_when(case, "it is known", |case| print(case)["trouble"].is_string()).await.unwrap();
    before.close().await;

    let after = town(folder.path()).await;
    after.pass(SignedDuration::from_hours(1));
    after.case_when(case, "it is printed", |case| print(case)["state"] == "done").await.unwrap();
    assert_eq!(after.printer.printed().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_print_that_jammed_comes_out_when_it_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let town = town(folder.path()).await;
    town.printer.set(Condition::Jam);
    let (case, asked_for) = asked(&town).await;
    town.case_when(case, "it has failed", |case| print(case)["state"] == "failed").await.unwrap();

    town.printer.set(Condition::Ready);
    let path = format!("/prints/{}/retry", asked_for["id"].as_str().unwrap());
    town.clerk.change(&Wish::to_change(path, &Value::Null).without_body()).await.unwrap();
    let ended = |case: &Value| print(case)["state"] == "done" || print(case)["state"] == "failed";
    let view = town.case_when(case, "it has ended", ended).await.unwrap();
    assert_eq!(print(&view)["state"], "done", "{}", print(&view));
    assert_eq!(town.printer.printed().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_print_whose_answer_was_lost_comes_out_once() {
    let folder = tempfile::tempdir().unwrap();
    let town = town(folder.path()).await;
    town.printer.set(Condition::LosesAnswer);
    let (case, _) = asked(&town).await;
    town.case_when(case, "it is printed", |case| print(case)["state"] == "done").await.unwrap();
    assert_eq!(town.printer.received().len(), 1);
}
