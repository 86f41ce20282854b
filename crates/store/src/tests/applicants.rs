//! Applicants, what they handed in, and what was issued to them.

use super::stage::{Stage, at, id};
use crate::{ApplicantMaterial, ApplicantRow, CertificateRow, CertificateState, Store};
use jiff::civil::date;
use uuid::Uuid;

fn applicant(id_number: &str) -> ApplicantRow {
    ApplicantRow {
        id: id(),
        id_kind: "resident-id".into(),
        id_number: id_number.into(),
        body: br#"{ "name": "..." }"#.to_vec(),
        updated_at: at(1),
    }
}

async fn put(store: &Store, row: &ApplicantRow) -> Uuid {
    let row = row.clone();
    store.write(async move |tx| tx.put_applicant(&row).await).await.unwrap()
}

pub(super) async fn an_applicant_has_one_number(stage: &Stage) {
    let store = stage.hall().await;
    let first = applicant("11010519491231002X");
    let other = ApplicantRow { id_kind: "uscc".into(), ..applicant("11010519491231002X") };
    assert_eq!(put(&store, &first).await, first.id);
    assert_eq!(put(&store, &other).await, other.id);
    // With the id that it has, and with a new one.
    for (new_id, updated_at) in [(first.id, at(2)), (id(), at(3))] {
        let again = ApplicantRow { id: new_id, body: b"{}".to_vec(), updated_at, ..first.clone() };
        assert_eq!(put(&store, &again).await, first.id);
        let known = store.read().await.unwrap().applicant(first.id).await.unwrap();
        assert_eq!(known, Some(ApplicantRow { id: first.id, ..again }));
    }
    let mut tx = store.read().await.unwrap();
    let by_number = tx.applicant_by_number("resident-id", &first.id_number).await.unwrap().unwrap();
    assert_eq!((by_number.id, by_number.updated_at), (first.id, at(3)));
    assert_eq!(tx.applicant_by_number("uscc", &first.id_number).await.unwrap(), Some(other));
    assert_eq!(tx.applicant_by_number("passport", &first.id_number).await.unwrap(), None);
    drop(tx);
    let taken = ApplicantRow { id: first.id, ..applicant("110105194912310038") };
    let refused = store.write(async move |tx| tx.put_applicant(&taken).await).await;
    assert_eq!(refused.unwrap_err().code(), "database");
}

fn material(applicant: Uuid, kind: &str, file: u8, handed_at: i64) -> ApplicantMaterial {
    ApplicantMaterial {
        applicant,
        kind: kind.into(),
        sha256: [file; 32],
        name: "房屋租赁合同".into(),
        file_name: "合同.pdf".into(),
        media_type: "application/pdf".into(),
        size: 7,
        dated: None,
        valid_until: None,
        case: id(),
        handed_at: at(handed_at),
    }
}

async fn hand_in(store: &Store, material: &ApplicantMaterial) {
    let material = material.clone();
    store
        .write(async move |tx| {
            tx.keep_upload(material.sha256, material.size, &material.media_type, material.handed_at).await?;
            tx.put_applicant_material(&material).await
        })
        .await
        .unwrap();
}

fn kinds(materials: &[ApplicantMaterial]) -> Vec<(&str, u8)> {
    materials.iter().map(|material| (material.kind.as_str(), material.sha256[0])).collect()
}

pub(super) async fn what_was_handed_in_comes_by_kind_newest_first(stage: &Stage) {
    let store = stage.hall().await;
    let applicant = id();
    for (kind, file, handed_at) in
        [("lease", 1, 1), ("id-card", 2, 9), ("lease", 3, 2), ("lease", 4, 2), ("id-card", 5, 3)]
    {
        hand_in(&store, &material(applicant, kind, file, handed_at)).await;
    }
    hand_in(&store, &material(id(), "lease", 1, 1)).await;
    let (mut seen, mut after) = (vec![], None);
    loop {
        let page = store.read().await.unwrap().applicant_materials(applicant, after.as_ref(), 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key());
        seen.extend(page);
    }
    assert_eq!(kinds(&seen), [("lease", 4), ("lease", 3), ("lease", 1), ("id-card", 2), ("id-card", 5)]);

    // Handed in again, it is the same row, and the newest.
    let again = ApplicantMaterial {
        dated: Some(date(2026, 6, 1)),
        valid_until: Some(date(2027, 5, 31)),
        name: "租赁合同".into(),
        ..material(applicant, "lease", 1, 10)
    };
    hand_in(&store, &again).await;
    let mut tx = store.read().await.unwrap();
    let all = tx.applicant_materials(applicant, None, 9).await.unwrap();
    assert_eq!(kinds(&all), [("lease", 1), ("lease", 4), ("lease", 3), ("id-card", 2), ("id-card", 5)]);
    assert_eq!(all[0], again);
    assert_eq!(tx.applicant_material(applicant, "lease", [1; 32]).await.unwrap(), Some(again));
    assert_eq!(tx.applicant_material(applicant, "id-card", [1; 32]).await.unwrap(), None);
}

pub(super) async fn what_is_no_longer_good_is_left_out(stage: &Stage) {
    let store = stage.hall().await;
    let applicant = id();
    for (file, until) in [(1, Some(date(2026, 6, 14))), (2, Some(date(2026, 6, 15))), (3, None)] {
        hand_in(&store, &ApplicantMaterial { valid_until: until, ..material(applicant, "lease", file, file.into()) })
            .await;
    }
    let mut tx = store.read().await.unwrap();
    let good = tx.valid_applicant_materials(applicant, date(2026, 6, 15), None, 9).await.unwrap();
    assert_eq!(kinds(&good), [("lease", 3), ("lease", 2)]);
    let after = good[0].key();
    let rest = tx.valid_applicant_materials(applicant, date(2026, 6, 15), Some(&after), 9).await.unwrap();
    assert_eq!(kinds(&rest), [("lease", 2)]);
}

pub(super) async fn a_file_that_was_handed_in_stays(stage: &Stage) {
    let store = stage.hall().await;
    let applicant = id();
    let unknown = material(applicant, "lease", 9, 1);
    let refused = store.write(async move |tx| tx.put_applicant_material(&unknown).await).await;
    assert_eq!(refused.unwrap_err().code(), "stale");

    hand_in(&store, &material(applicant, "lease", 1, 1)).await;
    assert_eq!(store.write(async |tx| tx.forget_uploads(at(99), 9).await).await.unwrap(), 0);
    assert!(store.read().await.unwrap().file([1; 32]).await.unwrap().is_some());
}

pub(super) async fn an_applicant_is_erased(stage: &Stage) {
    let store = stage.hall().await;
    let (row, other) = (applicant("11010519491231002X"), applicant("110105194912310038"));
    for row in [&row, &other] {
        put(&store, row).await;
        hand_in(&store, &material(row.id, "lease", 1, 1)).await;
    }
    put_certificate(&store, &certificate(row.id, "1", 1)).await;
    let erase = async || {
        let applicant = row.id;
        store.write(async move |tx| tx.erase_applicant(applicant).await).await.unwrap()
    };
    assert!(erase().await);
    assert!(!erase().await);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.applicant(row.id).await.unwrap(), None);
    assert_eq!(tx.applicant_by_number(&row.id_kind, &row.id_number).await.unwrap(), None);
    assert!(tx.applicant_materials(row.id, None, 9).await.unwrap().is_empty());
    assert_eq!(tx.certificates_of(row.id, None, 9).await.unwrap().len(), 1);
    assert_eq!(tx.applicant(other.id).await.unwrap().as_ref(), Some(&other));
    assert_eq!(tx.applicant_materials(other.id, None, 9).await.unwrap().len(), 1);
    drop(tx);
    // Who comes again is new.
    let again = applicant(&row.id_number);
    assert_eq!(put(&store, &again).await, again.id);
}

fn certificate(applicant: Uuid, number: &str, issued_at: i64) -> CertificateRow {
    CertificateRow {
        paper: id(),
        case: id(),
        applicant,
        kind: Some("food-licence".into()),
        title: "食品经营许可证".into(),
        number: number.into(),
        valid_from: date(2026, 6, 15),
        valid_until: Some(date(2031, 6, 14)),
        state: CertificateState::Valid,
        sha256: [7; 32],
        issued_at: at(issued_at),
    }
}

async fn put_certificate(store: &Store, row: &CertificateRow) -> bool {
    let row = row.clone();
    store.write(async move |tx| tx.put_certificate(&row).await).await.unwrap()
}

fn numbers(rows: &[CertificateRow]) -> Vec<&str> {
    rows.iter().map(|row| row.number.as_str()).collect()
}

pub(super) async fn certificates_of_an_applicant_come_newest_first(stage: &Stage) {
    let store = stage.hall().await;
    let applicant = id();
    let for_good = CertificateRow { kind: None, valid_until: None, ..certificate(applicant, "2", 2) };
    let over = CertificateRow { valid_until: Some(date(2026, 6, 19)), ..certificate(applicant, "3", 2) };
    let to_come = CertificateRow { valid_from: date(2026, 6, 21), ..certificate(applicant, "4", 3) };
    let five_years = certificate(applicant, "1", 1);
    for row in [&five_years, &for_good, &over, &to_come, &certificate(id(), "5", 9)] {
        assert!(put_certificate(&store, row).await);
    }
    let mut tx = store.read().await.unwrap();
    let page = tx.certificates_of(applicant, None, 2).await.unwrap();
    assert_eq!(numbers(&page), ["4", "3"]);
    let rest = tx.certificates_of(applicant, Some(page[1].key()), 9).await.unwrap();
    assert_eq!(rest, [for_good, five_years]);
    let day = date(2026, 6, 20);
    let valid = tx.valid_certificates_of(applicant, day, None, 1).await.unwrap();
    assert_eq!(numbers(&valid), ["2"]);
    let rest = tx.valid_certificates_of(applicant, day, Some(valid[0].key()), 9).await.unwrap();
    assert_eq!(numbers(&rest), ["1"]);
    // Its first and its last day are among those on which it is valid.
    for (day, expected) in [(date(2026, 6, 14), 0), (date(2026, 6, 15), 3), (date(2026, 6, 19), 3), (day, 2)] {
        assert_eq!(tx.valid_certificates_of(applicant, day, None, 9).await.unwrap().len(), expected, "{day}");
    }
}

pub(super) async fn a_certificate_is_found_by_number(stage: &Stage) {
    let store = stage.hall().await;
    let rows = [certificate(id(), "JY1", 1), certificate(id(), "JY1", 2), certificate(id(), "JY11", 3)];
    for row in &rows {
        assert!(put_certificate(&store, row).await);
    }
    let mut tx = store.read().await.unwrap();
    let page = tx.certificates_by_number("JY1", None, 1).await.unwrap();
    assert_eq!(page, [rows[1].clone()]);
    assert_eq!(tx.certificates_by_number("JY1", Some(page[0].key()), 9).await.unwrap(), [rows[0].clone()]);
    assert!(tx.certificates_by_number("JY", None, 9).await.unwrap().is_empty());
}

pub(super) async fn a_void_certificate_stays_void(stage: &Stage) {
    let store = stage.hall().await;
    let row = certificate(id(), "1", 1);
    let void = async || {
        let paper = row.paper;
        store.write(async move |tx| tx.void_certificate(paper).await).await.unwrap()
    };
    assert!(!void().await);
    assert!(put_certificate(&store, &row).await);
    assert!(void().await);
    assert!(!void().await);
    assert!(!put_certificate(&store, &row).await, "the same news again revives nothing");
    let mut tx = store.read().await.unwrap();
    let known = tx.certificate(row.paper).await.unwrap().unwrap();
    assert_eq!(known, CertificateRow { state: CertificateState::Void, ..row.clone() });
    assert!(tx.valid_certificates_of(row.applicant, row.valid_from, None, 9).await.unwrap().is_empty());
}
