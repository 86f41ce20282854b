//! What an older program has left: it is read, and what it began is ended.

use domain::{
    case::{Case, Event},
    ids::CaseId,
    number::{CaseNumber, OfficialNumber},
    paper::NumberedPaper,
};
use store::{CaseRow, Content, PaperRow, Stamp};

use crate::{
    fake_department::case_id,
    stage::{MORNING, until},
    test_hall::TestHall,
};

crate::on_both_databases! { TestHall::open:
    a_receipt_that_was_numbered_before_it_kept_its_words_is_printed
}

/// As a hall kept it before the receipt said what the item's rule says.
const RECEIPT_MODEL: &str = r#"{"receipt_number":"安政服收〔2026〕7号","number":"0001260615010026","window":"01","clerk":"周以宁",
"applicant":{"kind":"person","name":"欧阳晓岚","id_number":"11010519900307283X","phone":"13800138000"},
"item":"食品经营许可（新办）","materials":[{"code":"application","name":"食品经营许可申请书","file_name":null,"media_type":null,
"size":null,"sha256":null,"copies":1,"original":true}],"taken_at":"2026-06-15T01:00:00Z","intake_days":5,"unverified":[]}"#;

async fn a_receipt_that_was_numbered_before_it_kept_its_words_is_printed(hall: TestHall) {
    let taken = case_id(&hall.taken_case(&hall.clerk().await).await);
    let (id, paper, model, now) = (hall.new_id(), hall.new_id(), hall.new_id(), MORNING.parse().unwrap());
    let (number, official) = {
        let case = hall.hall.store().read().await.unwrap().load_case(CaseId(taken)).await.unwrap();
        let intake = case.intake().unwrap();
        let (date, window) = ("2026-06-15".parse().unwrap(), intake.window);
        let number = CaseNumber::new(hall.hall.config().number, date, window, 2).unwrap();
        (number, OfficialNumber::new(intake.item.code.clone(), date, 2).unwrap())
    };
    let write = hall.hall.store().write(async move |tx| {
        let row = tx.case(taken).await?.unwrap();
        let mut intake = tx.load_case(CaseId(taken)).await?.intake().cloned().unwrap();
        intake.receipt = NumberedPaper { id: paper.into(), number: "安政服收〔2026〕7号".to_owned() };
        (intake.number, intake.official) = (number, official.clone());
        let (number, official_number) = (intake.number.to_string(), Some(intake.official.to_string()));
        let stamp = Stamp { occurred_at: now, recorded_at: now, writer: "staff:of-before" };
        tx.append_to_case(Case::draft(CaseId(id)), vec![Event::Taken(intake)], stamp).await?;
        tx.put_case(&CaseRow { id, number, official_number, ..row }).await?;
        Content::new(model, "receipt-model", RECEIPT_MODEL.into()).keep(tx, id, now).await?;
        let receipt = tx.papers(taken).await?.remove(0);
        let number = "安政服收〔2026〕7号".to_owned();
        tx.put_paper(&PaperRow { id: paper, case: id, number, model: Some(model), ..receipt }).await
    });
    assert!(write.await.unwrap());
    let workers = hall.start();
    let clerk = hall.clerk().await;
    until("the receipt is rendered", async || {
        let case = clerk.get(&format!("/cases/{id}")).await.done();
        (case["papers"][0]["state"] == "ready").then_some(())
    })
    .await;
    workers.stop().await;
}
