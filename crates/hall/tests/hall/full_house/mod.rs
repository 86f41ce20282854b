//! A hall with 100,000 cases in its store: every list, every search and the page of a case within 50 ms at p95, over HTTP.

mod multiply;

use std::time::{Duration, Instant};

use http::Request;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

use self::multiply::{Copied, Template, multiply};
use crate::{
    fake_department::{Told, accepted, case_id},
    printing_and_delivery,
    stage::{Place, encoded},
    test_hall::{Setup, TestHall},
};

crate::on_both_databases! { filled:
    every_question_is_answered_within_50_ms
}

const CASES: usize = 100_000;
const QUESTIONS: usize = 100;
const ROUNDS: usize = 3;
/// What 95 of 100 questions of each kind may take at most.
const LONGEST: Duration = Duration::from_millis(50);

struct FullHouse {
    hall: TestHall,
    cases: Vec<Copied>,
}

/// A few cases that went through the hall, and copies of them: for each that waits for somebody there are many closed ones.
async fn filled(place: Place) -> FullHouse {
    let scene = printing_and_delivery::open(place).await;
    let clerk = scene.hall.clerk().await;
    let taken = case_id(&scene.hall.taken_case(&clerk).await);
    let under_way = case_id(&scene.hall.taken_case(&clerk).await);
    Told::default().tell(&scene.hall, accepted(&scene.hall, under_way)).await;
    let issued = case_id(&scene.issued_case().await.1);
    let closed = scene.closed_case().await;
    scene.workers.stop().await;
    scene.hall.hall.store().close().await;

    let place = scene.hall.place.clone();
    let of = |case, copies| Template { case, copies };
    let templates =
        [of(taken, CASES / 100), of(under_way, CASES / 25), of(issued, CASES / 50), of(closed, CASES / 100 * 93)];
    let cases = multiply(&place, &templates).await;
    assert_eq!(cases.len(), CASES);
    let hall = TestHall::open_with(place, Setup { seed: 8, ..Setup::default() }).await;
    FullHouse { hall, cases }
}

async fn every_question_is_answered_within_50_ms(house: FullHouse) {
    let FullHouse { hall, cases } = &house;
    let desk = Desk::at(hall).await;
    let total = count(hall).await;
    assert!(total >= CASES, "{total} cases");

    // Spread over all of them, the same each time.
    let some = |n: usize| &cases[(n * 7919 + 13) % cases.len()];
    let waiting = |n: usize| &cases[(n * 61 + 7) % (CASES / 100 * 7)];
    let mut pages: Vec<String> = vec![];
    for _ in 0..QUESTIONS / 5 {
        let after = pages.last().map(|after| format!("&after={after}")).unwrap_or_default();
        let page = desk.get(&format!("/cases?limit=100{after}")).await;
        pages.push(page["next"].as_str().unwrap().to_owned());
    }
    let q = |text: &str| format!("/cases?limit=50&q={}", encoded(text));
    type Question<'a> = Box<dyn Fn(usize) -> String + 'a>;
    let questions: Vec<(&str, Question<'_>)> = vec![
        ("newest cases", Box::new(|_| "/cases?limit=50".to_owned())),
        ("a later page", Box::new(|n| format!("/cases?limit=50&after={}", pages[n % pages.len()]))),
        ("those to hand over", Box::new(|_| "/cases?limit=50&state=issued".to_owned())),
        ("those of the window", Box::new(|_| "/cases?limit=50&window=mine".to_owned())),
        ("by number", Box::new(|n| q(&some(n).number))),
        ("by a document's number", Box::new(|n| q(&some(n).id_number))),
        ("by phone", Box::new(|n| q(&some(n).phone))),
        ("by name", Box::new(|n| q(&some(n).name))),
        ("by a surname", Box::new(|n| q(&some(n).name[..3]))),
        ("by two characters", Box::new(|n| q(&some(n).name[3..]))),
        ("by name to hand over", Box::new(|n| q(&waiting(n).name) + "&state=issued")),
        ("by a surname to hand over", Box::new(|n| q(&some(n).name[..3]) + "&state=issued")),
        ("by a surname, rejected", Box::new(|n| q(&some(n).name[..3]) + "&state=rejected")),
        ("by a name nobody has", Box::new(|_| q("王国王国"))),
        ("those that are asked something", Box::new(|_| "/cases?limit=50&attention=asked".to_owned())),
        ("those that are the window's", Box::new(|_| "/cases?limit=50&attention=with-window".to_owned())),
        ("those told again", Box::new(|_| "/cases?limit=50&attention=told-again".to_owned())),
        ("the prints", Box::new(|_| "/prints?limit=50".to_owned())),
        ("what did not arrive", Box::new(|_| "/deliveries/failed?limit=50".to_owned())),
        ("by scan", Box::new(|n| format!("/cases/find?scan={}", some(n).number))),
        ("a case", Box::new(|n| format!("/cases/{}", some(n).id))),
        ("a case that waits", Box::new(|n| format!("/cases/{}", waiting(n).id))),
        ("its timeline", Box::new(|n| format!("/cases/{}/timeline", some(n).id))),
    ];
    let mut slow = vec![];
    for (what, question) in &questions {
        let mut p95 = Duration::MAX;
        // What else the computer does may slow down one round, not three.
        for _ in 0..ROUNDS {
            let mut waits = vec![];
            for n in 0..QUESTIONS {
                let asked = Instant::now();
                desk.get(&question(n)).await;
                waits.push(asked.elapsed());
            }
            waits.sort_unstable();
            p95 = p95.min(waits[QUESTIONS * 95 / 100]);
            eprintln!("{what:28} p50 {:>8.1?}  p95 {p95:>8.1?}", waits[QUESTIONS / 2]);
            if p95 <= LONGEST {
                break;
            }
        }
        if p95 > LONGEST {
            slow.push(format!("{what}: {p95:.1?}"));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");

    // The answers are right, too.
    let seen = desk.get(&format!("/cases/{}", some(1).id)).await;
    assert_eq!(seen["number"], some(1).number);
    assert_eq!(seen["applicant"]["name"], some(1).name);
    for text in [&some(2).number, &some(2).id_number, &some(2).phone] {
        let found = desk.get(&q(text)).await;
        assert_eq!(found["items"][0]["id"], some(2).id.to_string(), "{text}");
    }
    let page = desk.get("/cases?limit=50").await;
    assert_eq!(page["items"].as_array().map(Vec::len), Some(50));
}

async fn count(hall: &TestHall) -> usize {
    let mut tx = hall.hall.store().read().await.unwrap();
    tx.cases(None, u32::MAX).await.unwrap().len()
}

/// Somebody who asks over a socket.
struct Desk {
    client: Client<HttpConnector, axum::body::Body>,
    base: String,
    cookie: String,
}

impl Desk {
    async fn at(hall: &TestHall) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/api/hall", listener.local_addr().unwrap());
        let router = hall.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let cookie = hall.clerk().await.cookie().to_owned();
        Self { client: Client::builder(TokioExecutor::new()).build_http(), base, cookie }
    }

    async fn get(&self, path: &str) -> Value {
        let request = Request::get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        let answer = self.client.request(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        let bytes = axum::body::to_bytes(axum::body::Body::new(answer.into_body()), 1 << 24).await.unwrap();
        assert!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap()
    }
}
