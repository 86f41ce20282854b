//! Papers of an application before it is accepted, or instead.

use jiff::civil::date;

use crate::documents::{Again, Fonts, Material, MaterialForm, Original, OriginalFate, Paper, SupplementPoint};
use crate::{File, assert_seal_stands_with_text, assert_stays_on_the_sheet, last_page, samples, without_spaces};

fn points(count: u32) -> Vec<SupplementPoint> {
    let point =
        |n| SupplementPoint { material: format!("材料{n}"), reason: format!("第{n}项的内容需要补正。") };
    (1..=count).map(point).collect()
}

#[test]
fn a_notice_names_everything_that_is_missing_in_order() {
    let text = File::of("missing", &samples::supplement_notice()).text();
    let places: Vec<Option<usize>> = ["申请书没有签字", "布局图没有做到", "健康证明已过有效期", "没有写到门牌号"]
        .iter()
        .map(|w| text.find(w))
        .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in:\n{text}");
    let text = without_spaces(&text);
    for expected in ["办件编号4401260305030012", "2026年3月19日前（含当日）", "以上为需要补正的全部内容", "其他"]
    {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    assert!(!text.contains("第二次告知"), "{text}");
}

#[test]
fn a_second_notice_says_why() {
    let mut paper = samples::supplement_notice();
    for (nth, word) in [(2, "二"), (3, "三"), (11, "11")] {
        paper.again =
            Some(Again { nth, because: "布局图是补正时新交的，首次告知时尚不存在。".into() });
        let text = without_spaces(&File::of("second-notice", &paper).text());
        let said = format!("本次为第{word}次告知，理由：布局图是补正时新交的，首次告知时尚不存在。");
        assert!(text.contains(&said), "{text}");
    }
}

#[test]
fn a_notice_without_telephone_or_last_day_has_no_row_for_them() {
    let mut paper = samples::supplement_notice();
    (paper.until, paper.phone) = (None, " ".into());
    let text = File::of("no-telephone", &paper).text();
    assert!(text.contains("补正方式") && !text.contains("咨询电话") && !text.contains("（含当日）"), "{text}");
}

#[test]
fn a_notice_without_a_last_day_names_none() {
    let mut paper = samples::supplement_notice();
    paper.until = None;
    let text = File::of("no-last-day", &paper).text();
    assert!(!text.contains("补正期限") || text.contains("待核对"), "{text}");
    assert!(!text.contains("（含当日）") && text.contains("咨询电话"), "{text}");
}

#[test]
fn the_hall_gives_a_notice_without_seal() {
    let mut paper = samples::supplement_notice();
    paper.seal = None;
    let layout = paper.layout(Fonts::shared()).to_string();
    assert!(!layout.contains("seal  ") && layout.contains("2026年3月6日"), "{layout}");
}

#[test]
fn a_long_notice_goes_on_with_its_heading_and_ends_with_seal_and_text() {
    let mut paper = samples::supplement_notice();
    paper.points = points(80);
    let text = File::of("long-notice", &paper).text();
    let pages = text.matches('\u{c}').count();
    assert!(pages >= 3 && text.matches("问题和补正要求").count() >= 3, "{pages}: {text}");
    assert!(without_spaces(&text).contains(&format!("第{pages}页共{pages}页")), "{text}");
    assert!(text.contains("第80项的内容需要补正。"));
    let last = last_page(&text);
    assert!(last.contains("特此告知。") && last.contains("2026年3月6日"), "{last}");
}

#[test]
fn however_long_a_notice_is_the_seal_stands_with_text() {
    for count in 0..40 {
        let mut paper = samples::supplement_notice();
        paper.points = points(count);
        let layout = paper.layout(Fonts::shared());
        assert_seal_stands_with_text(&layout);
        assert_stays_on_the_sheet(&layout);
    }
}

#[test]
fn a_receipt_for_a_supplement_names_the_notice_it_answers() {
    let text = File::of("answers", &samples::supplement_receipt()).text();
    for expected in ["补正材料收件凭证", "安市监许补〔2026〕3号", "2026年3月12日 14:40", "以上材料共 3 种 3 份。"]
    {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    let mut paper = samples::supplement_receipt();
    paper.receipt.materials = Vec::new();
    paper.receipt.agent = Some("钱小梅".into());
    let text = without_spaces(&File::of("answers-on-the-spot", &paper).text());
    assert!(text.contains("本次没有新交材料；安市监许补〔2026〕3号所列问题已在窗口当场补正，并经核对。"), "{text}");
    assert!(!text.contains("以上材料共") && text.contains("代理人钱小梅"), "{text}");
    let first = File::of("answers-nothing", &samples::receipt()).text();
    assert!(!first.contains("补正告知书"), "{first}");
}

#[test]
fn a_rejection_says_why_and_who_is_competent() {
    let text = without_spaces(&File::of("rejected", &samples::rejection()).text());
    for expected in [
        "申请事项依法不属于本行政机关职权范围。",
        "由安县市场监督管理局实施。",
        "根据《中华人民共和国行政许可法》第三十二条第一款第二项，本机关决定：不予受理。",
        "请向安县市场监督管理局提出申请。",
        "六个月内依法向安市人民法院提起行政诉讼。",
        "110105********002X",
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    let mut paper = samples::rejection();
    paper.competent_authority = String::new();
    let text = without_spaces(&File::of("nobody-competent", &paper).text());
    assert!(!text.contains("请向"), "{text}");
}

#[test]
fn a_withdrawal_says_who_when_why_and_what_becomes_of_originals() {
    let text = File::of("withdrawn", &samples::withdrawal()).text();
    for expected in ["代理人于2026年3月10日 10:20撤回", "经营场所另行选址", "已退还", "待退还", "归档", "授权委托书"]
    {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    let mut paper = samples::withdrawal();
    (paper.agent, paper.originals) = (None, Vec::new());
    let text = File::of("withdrawn-in-person", &paper).text();
    assert!(text.contains("申请人于2026年3月10日 10:20撤回") && !text.contains("代理权限"), "{text}");
}

#[test]
fn long_lists_of_what_was_handed_in_or_given_back_go_on() {
    let mut paper = samples::withdrawal();
    let original = |n: u32| Original { name: format!("原件{n}"), copies: n, fate: OriginalFate::Returned };
    paper.originals = (1..=80).map(original).collect();
    let text = File::of("many-originals", &paper).text();
    assert!(text.matches("原件名称").count() >= 3 && text.contains("原件80"), "{text}");

    let mut paper = samples::supplement_receipt();
    let material = |n: u32| Material { name: format!("材料{n}"), copies: n, form: MaterialForm::Copy };
    paper.receipt.materials = (1..=80).map(material).collect();
    let layout = paper.layout(Fonts::shared());
    assert_seal_stands_with_text(&layout);
    let text = File::of("many-supplements", &paper).text();
    assert!(text.matches("材料名称").count() >= 3 && text.contains("材料80"), "{text}");
}

#[test]
fn nothing_at_all_is_still_a_paper() {
    let mut notice = samples::supplement_notice();
    (notice.title, notice.points, notice.statement) = (String::new(), Vec::new(), String::new());
    (notice.place, notice.phone, notice.until) = (String::new(), String::new(), None);
    (notice.basis, notice.progress_url, notice.seal) = (String::new(), String::new(), None);
    (notice.copies, notice.unverified) = (String::new(), Vec::new());
    let text = File::of("empty-notice", &notice).text();
    assert!(text.contains("补正告知书") && text.contains("无") && !text.contains("根据"), "{text}");

    let mut rejection = samples::rejection();
    (rejection.title, rejection.applicant_id, rejection.ground) = (String::new(), String::new(), String::new());
    (rejection.reason, rejection.remedies, rejection.basis) = (String::new(), String::new(), String::new());
    (rejection.seal, rejection.decided_on) = (None, date(2026, 1, 1));
    let text = File::of("empty-rejection", &rejection).text();
    assert!(text.contains("不予受理决定书") && text.matches("无。").count() == 3, "{text}");

    let mut withdrawal = samples::withdrawal();
    (withdrawal.window, withdrawal.reason, withdrawal.statement) = (String::new(), String::new(), String::new());
    withdrawal.originals = Vec::new();
    let text = without_spaces(&File::of("empty-withdrawal", &withdrawal).text());
    assert!(text.contains("撤回理由无") && text.contains("撤回上列事项的申请，现予确认。"), "{text}");
}
