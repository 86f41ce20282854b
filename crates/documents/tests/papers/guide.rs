//! What is read before an application, and what is typed after one.

use crate::documents::layout::Placed;
use crate::documents::{Face, Fonts, Paper, TranscriptionField};
use crate::{File, assert_stays_on_the_sheet, samples, without_spaces};

#[test]
fn a_guide_marks_what_nobody_has_held_against_its_source() {
    let text = without_spaces(&File::of("guide", &samples::guide()).text());
    for expected in [
        "《中华人民共和国食品安全法》第三十五条〔待核对〕",
        "不收费〔待核对〕",
        "又称：食品证、餐饮许可证",
        "问：营业执照必须带原件吗？",
        "必须：委托他",
        "打印日期：2026年3月4日",
        "※标有〔待核对〕的内容，依据尚未核实。",
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    assert!(text.contains("（国家市场监督管理总局令第78号）2."), "what was read in its source has no mark: {text}");

    let mut paper = samples::guide();
    paper.materials.iter_mut().for_each(|material| material.name.unverified = false);
    paper.limits.iter_mut().for_each(|limit| limit.law.unverified = false);
    paper.basis.iter_mut().chain([&mut paper.fee]).for_each(|stated| stated.unverified = false);
    assert!(!File::of("verified-guide", &paper).text().contains("待核对"));
}

#[test]
fn a_guide_of_many_materials_repeats_the_heading_of_its_table() {
    let mut paper = samples::guide();
    paper.materials = paper.materials.iter().cloned().cycle().take(60).collect();
    let text = File::of("many-materials", &paper).text();
    let pages = text.matches('\u{c}').count();
    assert!(pages > 5 && text.matches("受理标准").count() >= pages - 1, "{pages}");
    assert!(without_spaces(&text).contains(&format!("第{pages}页共{pages}页")));
    assert_eq!(text.matches("办事指南").count(), pages, "its title, and a header on every other page");
}

#[test]
fn a_guide_of_an_item_without_anything_says_so() {
    let mut paper = samples::guide();
    (paper.aliases, paper.subjects, paper.conditions, paper.materials) = Default::default();
    (paper.limits, paper.basis, paper.questions) = Default::default();
    (paper.link, paper.address, paper.phone) = Default::default();
    let text = File::of("empty-guide", &paper).text();
    assert_eq!(text.matches("无。").count(), 3, "{text}");
    assert!(!text.contains("又称") && !text.contains("地址"), "{text}");
}

#[test]
fn a_card_lists_the_fields_in_the_order_of_the_screen_each_with_a_box() {
    let text = File::of("card-fields", &samples::transcription_card()).text();
    let places: Vec<Option<usize>> =
        ["SQRMC", "ZJLX", "TYSHXYDM", "JYDZ", "SQRQ"].iter().map(|name| text.find(name)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in:\n{text}");
    assert_eq!(text.matches('□').count(), 13, "{text}");
    assert!(text.contains("（空着，不录）"), "{text}");
}

#[test]
fn numbers_are_set_in_even_digits_and_letters_that_look_alike_in_song() {
    let layout = samples::transcription_card().layout(Fonts::shared());
    let face = |value: &str| {
        layout.pages.iter().flat_map(|page| &page.things).find_map(|thing| match thing {
            Placed::Text(text) if text.text == value => Some((text.face, text.size >= 12.0)),
            _ => None,
        })
    };
    assert_eq!(face("11010519491231002X"), Some((Face::Hei, true)));
    assert_eq!(face("92440300MA5EXAMP1I"), Some((Face::Song, true)));
    assert_eq!(face("laojiefang_O0Il1@mail.example"), Some((Face::Song, true)));
}

#[test]
fn a_long_card_goes_on_with_its_heading_and_the_number_of_the_case() {
    let mut paper = samples::transcription_card();
    let field =
        |n: u32| TranscriptionField { label: format!("栏目{n}"), name: format!("F{n}"), value: format!("内容{n}") };
    paper.fields = (1..=80).map(field).collect();
    let layout = paper.layout(Fonts::shared());
    assert_stays_on_the_sheet(&layout);
    let text = File::of("long-card", &paper).text();
    let pages = text.matches('\u{c}').count();
    assert!(pages >= 4 && text.matches("录入内容").count() == pages, "{pages}: {text}");
    assert!(text.matches("4401 2603 0503 0012").count() > pages, "{text}");
    paper.fields = Vec::new();
    assert!(File::of("empty-card-of-fields", &paper).text().contains("录入人签字"));
}
