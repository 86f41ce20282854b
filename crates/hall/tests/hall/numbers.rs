//! A number is taken inside the write that uses it, and never twice.

use std::collections::BTreeSet;

use store::StoreError;

use crate::test_hall::{TestHall, filing_with};

crate::on_both_databases! { TestHall::open:
    two_hundred_filings_at_once_have_consecutive_numbers
    the_thousandth_case_of_a_window_is_refused
    each_window_and_each_day_counts_for_itself
}

async fn two_hundred_filings_at_once_have_consecutive_numbers(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let sha256 = filing["cases"][0]["materials"][0]["sha256"].as_str().unwrap();
    let submits: Vec<_> = (0..200)
        .map(|_| {
            let filing = filing_with(&[hall.new_id()], hall.new_id(), sha256);
            tokio::spawn(clerk.posting("/filings", &filing).send())
        })
        .collect();
    let (mut short, mut official, mut receipts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for submit in submits {
        let case = submit.await.unwrap().done()["cases"][0].clone();
        short.insert(case["number"].as_str().unwrap()[12..15].to_owned());
        official.insert(case["official_number"].as_str().unwrap().to_owned());
        receipts.insert(case["papers"][0]["number"].as_str().unwrap().to_owned());
    }
    let expected: BTreeSet<String> = (1..=200).map(|n| format!("{n:03}")).collect();
    assert_eq!(short, expected);
    assert_eq!((official.len(), receipts.len()), (200, 200));
    assert!(receipts.contains("安政服收〔2026〕200号"), "{receipts:?}");
    assert!(hall.hall.store().verify_journal(|_| ()).await.unwrap().faults.is_empty());
}

async fn the_thousandth_case_of_a_window_is_refused(hall: TestHall) {
    let clerk = hall.clerk().await;
    let used: Result<(), StoreError> = hall
        .hall
        .store()
        .write(async |tx| {
            for _ in 0..998 {
                tx.next("case/01/2026-06-15").await?;
            }
            Ok(())
        })
        .await;
    used.unwrap();
    let last = hall.taken_case(&clerk).await;
    assert_eq!(&last["number"].as_str().unwrap()[12..15], "999");
    let filing = hall.filing(&clerk).await;
    for _ in 0..2 {
        let refused = hall.refusal(clerk.posting("/filings", &filing)).await;
        assert_eq!(refused, r#"409 numbers-used-up | /window used-up = "01""#);
    }
    // Another window goes on, and so does this one tomorrow.
    let second = hall.visitor().signed_in("window_clerk", Some("02")).await;
    assert_eq!(second.post("/filings", &filing).await.status, 201);
    hall.clock.advance(std::time::Duration::from_secs(24 * 3600));
    let clerk = hall.clerk().await;
    assert_eq!(&hall.taken_case(&clerk).await["number"].as_str().unwrap()[12..15], "001");
}

async fn each_window_and_each_day_counts_for_itself(hall: TestHall) {
    let clerk = hall.clerk().await;
    let first = hall.taken_case(&clerk).await;
    let second = hall.taken_case(&clerk).await;
    let other = hall.taken_case(&hall.visitor().signed_in("window_clerk", Some("03")).await).await;
    // Two minutes before and after midnight in Shanghai.
    hall.clock.move_to("2026-06-15T15:58:00Z".parse().unwrap());
    let clerk = hall.clerk().await;
    let evening = hall.taken_case(&clerk).await;
    hall.clock.move_to("2026-06-15T16:02:00Z".parse().unwrap());
    let night = hall.taken_case(&clerk).await;
    let spoken: Vec<_> = [first, second, other, evening, night]
        .iter()
        .map(|case| {
            format!("{} {}", case["number_spoken"].as_str().unwrap(), case["official_number"].as_str().unwrap())
        })
        .collect();
    insta::assert_snapshot!("each_window_and_each_day_counts_for_itself", spoken.join("\n"));
}
