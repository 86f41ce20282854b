//! Finding by a part of a name.

use super::rows::case;
use super::stage::{Stage, id};
use crate::{CaseRow, Store, fold};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;
use uuid::Uuid;

async fn index(store: &Store, stream: Uuid, field: &'static str, text: &str) {
    let (text, row) = (text.to_owned(), CaseRow { id: stream, ..case(&stream.to_string(), "taken", id()) });
    store
        .write(async move |tx| {
            tx.put_case(&row).await?;
            tx.index_name(stream, field, &text).await
        })
        .await
        .unwrap();
}

async fn search(store: &Store, text: &str) -> Vec<Uuid> {
    page(store, text, None, 1000).await
}

async fn page(store: &Store, text: &str, after: Option<Uuid>, limit: u32) -> Vec<Uuid> {
    let found = store.read().await.unwrap().cases_found(text, None, after, limit).await.unwrap();
    found.into_iter().map(|case| case.id).collect()
}

pub(super) async fn any_part_of_a_name_is_found(stage: &Stage) {
    let store = stage.hall().await;
    let (person, company) = (id(), id());
    index(&store, person, "applicant", "欧阳思远").await;
    index(&store, company, "applicant", "安澜 Coffee（中国）有限公司").await;
    for text in ["欧", "欧阳", "思远", "阳思远", "欧阳思远", "欧 阳"] {
        assert_eq!(search(&store, text).await, [person], "{text}");
    }
    for text in ["安澜coffee", "ＣＯＦＦＥＥ", "(中国)", "有限公司", "e（中国"] {
        assert_eq!(search(&store, text).await, [company], "{text}");
    }
    for text in ["", " ", "欧思", "欧阳远", "coffee有限", "%", "__", "有限公司有限公司"] {
        assert!(search(&store, text).await.is_empty(), "{text}");
    }
}

pub(super) async fn recall_is_that_of_like(stage: &Stage) {
    let store = stage.hall().await;
    // Few letters, so that many parts are in many texts.
    let letters = proptest::sample::select(vec!['陈', '思', '远', 'A', 'a', '司', '%', '\'', ' ', '。']);
    let text = |most: usize| proptest::collection::vec(letters.clone(), 1..most).prop_map(String::from_iter);
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let wanted = (proptest::collection::vec(text(9), 6), proptest::collection::vec(text(5), 12));
    let mut all: Vec<(Uuid, String)> = Vec::new();
    tokio::task::block_in_place(|| {
        let wait = tokio::runtime::Handle::current();
        let all = std::cell::RefCell::new(&mut all);
        runner
            .run(&wanted, |(texts, parts)| {
                let mut all = all.borrow_mut();
                for text in &texts {
                    let stream = id();
                    wait.block_on(index(&store, stream, "applicant", text));
                    all.push((stream, fold(text)));
                }
                for part in parts.iter().filter(|part| !fold(part).is_empty()) {
                    let like: BTreeSet<Uuid> =
                        all.iter().filter(|(_, text)| text.contains(&fold(part))).map(|(stream, _)| *stream).collect();
                    let found = wait.block_on(search(&store, part));
                    prop_assert!(found.is_sorted_by(|a, b| a > b));
                    prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), like);
                }
                Ok(())
            })
            .unwrap();
    });
}

pub(super) async fn pages_follow_each_other(stage: &Stage) {
    let store = stage.hall().await;
    let mut streams = Vec::new();
    for n in 0..25 {
        let stream = id();
        index(&store, stream, "applicant", &format!("安澜市第{n}商贸有限公司")).await;
        streams.push(stream);
    }
    streams.reverse();
    for text in ["市", "有限", "商贸有限公司"] {
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = page(&store, text, after, 10).await;
            let Some(last) = page.last() else { break };
            after = Some(*last);
            pages.extend(page);
        }
        assert_eq!(pages, streams, "{text}");
    }
}

pub(super) async fn a_replaced_or_forgotten_name_is_not_found(stage: &Stage) {
    let store = stage.hall().await;
    let stream = id();
    index(&store, stream, "applicant", "王建国").await;
    index(&store, stream, "contact", "王小燕").await;
    index(&store, stream, "applicant", "李建军").await;
    for (text, found) in [("建国", false), ("国", false), ("王建国", false), ("建军", true), ("王", true), ("建", true)]
    {
        assert_eq!(!search(&store, text).await.is_empty(), found, "{text}");
    }
    store.write(async move |tx| tx.forget_names(stream).await).await.unwrap();
    for text in ["王", "李", "建军", "王小燕"] {
        assert!(search(&store, text).await.is_empty(), "{text}");
    }
}
