//! The proof that documents were served.

use crate::documents::{DeliveredDocument, DocumentError, Fonts, Paper, render};
use crate::{File, assert_seal_stands_with_text, assert_stays_on_the_sheet, last_page, samples, without_spaces};

#[test]
fn a_proof_says_what_was_served_to_whom_where_how_and_when() {
    let text = File::of("served", &samples::delivery_proof()).text();
    for expected in [
        "安市监食许〔2026〕12号",
        "JY24403990000017",
        "安市老街坊餐饮服务有限公司",
        "直接送达",
        "2026年3月17日 09:35",
        "代理人",
        "110105********002X",
        "授权委托书（2026年3月1日）",
        "房屋租赁合同",
        "赵明",
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    assert!(!text.contains("邮件号码"), "{text}");
}

#[test]
fn what_was_posted_can_be_traced_and_is_signed_for_by_hand() {
    let file = File::of("posted", &samples::posted_proof());
    let text = file.text();
    assert!(text.contains("1234567890123") && text.contains("2026年3月17日 16:05"), "{text}");
    assert_eq!(without_spaces(&text).matches("年月日").count(), 2, "{text}");
    assert_eq!(pictures(&file), 0);
}

#[test]
fn a_signature_is_a_picture_with_nothing_around_its_ink() {
    let file = File::of("signed", &samples::delivery_proof());
    // The ink and its opacity.
    assert_eq!(pictures(&file), 2);
    assert!(file.read_with("pdfimages", &["-list"], &[]).contains("smask"));
}

#[test]
fn a_signature_that_is_no_picture_is_refused() {
    let mut paper = samples::delivery_proof();
    paper.signature = Some(b"no picture".to_vec());
    assert!(matches!(render(&paper, Fonts::shared()), Err(DocumentError::Picture(_))));
}

#[test]
fn two_signatures_make_two_ids() {
    let mut paper = samples::delivery_proof();
    let one = paper.layout(Fonts::shared()).to_string();
    paper.signature = paper.signature.map(|mut png| {
        png.push(0);
        png
    });
    assert_ne!(one, paper.layout(Fonts::shared()).to_string());
}

#[test]
fn many_documents_go_on_and_the_signature_stays_with_the_seal() {
    for count in 0..60 {
        let mut paper = samples::delivery_proof();
        let document = |n: u32| DeliveredDocument { title: format!("文书{n}"), number: format!("{n}号"), copies: n };
        paper.documents = (1..=count).map(document).collect();
        let layout = paper.layout(Fonts::shared());
        assert_stays_on_the_sheet(&layout);
        assert_seal_stands_with_text(&layout);
        let signed = layout.pages.iter().position(|page| page.things.iter().any(crate::is_picture));
        assert_eq!(signed, Some(layout.pages.len() - 1), "{count}");
    }
    let mut paper = samples::delivery_proof();
    let document = |n: u32| DeliveredDocument { title: format!("文书{n}"), number: format!("{n}号"), copies: n };
    paper.documents = (1..=80).map(document).collect();
    let text = File::of("many-documents", &paper).text();
    assert!(text.matches("文书名称").count() >= 3 && text.contains("文书80"), "{text}");
    assert!(last_page(&text).contains("收件人签名"), "{text}");
}

#[test]
fn nothing_at_all_is_still_a_proof() {
    let mut paper = samples::posted_proof();
    (paper.hall, paper.note, paper.place, paper.way) = Default::default();
    (paper.posting, paper.seal, paper.documents) = (None, None, Vec::new());
    (paper.deliverer, paper.addressee) = Default::default();
    let text = File::of("empty-proof", &paper).text();
    assert!(text.contains("受送达人") && !text.contains("备注"), "{text}");
}

fn pictures(file: &File) -> usize {
    file.read_with("pdfimages", &["-list"], &[]).lines().skip(2).count()
}
