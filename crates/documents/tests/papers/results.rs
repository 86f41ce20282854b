//! What a granted application ends with.

use crate::documents::{CertificateRow, Fonts, Paper};
use crate::{File, assert_seal_stands_with_text, assert_stays_on_the_sheet, samples, without_spaces};

fn rows(count: usize) -> Vec<CertificateRow> {
    (1..=count).map(|n| CertificateRow { label: format!("项目{n}"), value: format!("内容{n}") }).collect()
}

#[test]
fn each_result_has_its_own_layout() {
    let approval = without_spaces(&File::of("approved", &samples::approval()).text());
    for expected in ["同意你单位举办下列演出活动：", "核定观众人数每场不超过1200人", "自2026年3月20日至2026年4月12日"]
    {
        assert!(approval.contains(expected), "{expected} is not in:\n{approval}");
    }
    let registration = without_spaces(&File::of("registered", &samples::registration()).text());
    for expected in ["登记编号990102202603000026", "备注无", "自2026年3月9日起，长期有效", "特此证明。"]
    {
        assert!(registration.contains(expected), "{expected} is not in:\n{registration}");
    }
    let card = without_spaces(&File::of("card", &samples::card_receipt()).text());
    for expected in ["领取地点安市政务服务中心出证窗口", "2026年3月23日起", "领取时携带", "卡证名称老年人优待证"]
    {
        assert!(card.contains(expected), "{expected} is not in:\n{card}");
    }
}

#[test]
fn a_card_whose_day_is_not_known_is_told_of_later() {
    let mut paper = samples::card_receipt();
    paper.from = None;
    let text = File::of("card-later", &paper).text();
    assert!(text.contains("另行通知"), "{text}");
}

#[test]
fn a_registration_whose_number_is_the_registers_names_it_once() {
    let mut paper = samples::registration();
    paper.register_number = String::new();
    paper.edition = "正本".into();
    let text = File::of("one-number", &paper).text();
    assert!(!text.contains("登记编号") && text.contains("（正本）"), "{text}");
}

#[test]
fn however_many_rows_a_result_has_the_seal_stands_with_text() {
    for count in 0..45 {
        let mut approval = samples::approval();
        approval.rows = rows(count);
        let mut without_note = approval.clone();
        without_note.note = String::new();
        let mut registration = samples::registration();
        registration.rows = rows(count);
        let mut silent = registration.clone();
        silent.statement = String::new();
        let mut card = samples::card_receipt();
        card.rows = rows(count);
        let papers: [&dyn Paper; 5] = [&approval, &without_note, &registration, &silent, &card];
        for paper in papers {
            let layout = paper.layout(Fonts::shared());
            assert_stays_on_the_sheet(&layout);
            assert_seal_stands_with_text(&layout);
            if count > 0 {
                assert!(layout.to_string().contains(&format!("内容{count}")));
            }
        }
    }
}

#[test]
fn nothing_at_all_is_still_a_result() {
    let mut approval = samples::approval();
    (approval.applicant, approval.text, approval.link, approval.note) = Default::default();
    (approval.rows, approval.unverified) = Default::default();
    assert!(File::of("empty-approval", &approval).text().contains("有效期限"));

    let mut registration = samples::registration();
    (registration.register_number, registration.link, registration.statement) = Default::default();
    (registration.rows, registration.note) = Default::default();
    assert!(File::of("empty-registration", &registration).text().contains("有效期限"));

    let mut card = samples::card_receipt();
    (card.title, card.place, card.hours, card.bring) = Default::default();
    (card.phone, card.link, card.note, card.rows) = Default::default();
    let text = File::of("empty-card", &card).text();
    assert!(text.contains("领卡凭证") && text.contains("请凭本凭证领取。"), "{text}");
}
