//! Papers as files: what other programs read from them, and where everything stands.

// The crate is `documents` to everyone who uses it.
use yichuang_documents as documents;

mod samples;

#[path = "papers/delivery.rs"]
mod delivery;
#[path = "papers/filing.rs"]
mod filing;
#[path = "papers/guide.rs"]
mod guide;
#[path = "papers/results.rs"]
mod results;

use std::path::{Path, PathBuf};
use std::process::Command;

use documents::layout::Placed;
use documents::{
    AcceptanceNotice, CertificateRow, DocumentError, Fonts, IntakeReceipt, Layout, Material, MaterialForm, Outcome,
    Paper, render,
};
use insta::assert_snapshot;

#[test]
fn everything_has_its_place() {
    for (name, paper) in samples::all() {
        assert_snapshot!(name, paper.layout(Fonts::shared()));
    }
}

#[test]
fn everything_stays_on_the_sheet() {
    for (_, paper) in samples::all() {
        assert_stays_on_the_sheet(&paper.layout(Fonts::shared()));
    }
}

#[test]
fn the_text_can_be_read_again() {
    let receipt = File::of("text-receipt", &samples::receipt());
    let text = receipt.text();
    for expected in [
        "收件凭证",
        "4401 2603 0503 0012",
        "欧阳𬱖",
        "110105********002X",
        "2026年3月5日 09:05",
        "食品经营许可（新办）",
        "原件和复印件",
        "以上材料共 5 种 6 份。",
        "逾期不告知\n的，自收到申请材料之日起即为受理，本凭证即为受理凭证。",
        "※ 待核对",
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    assert!(without_spaces(&text).contains("第1页共1页"), "{text}");
    let decision = File::of("text-decision", &samples::decision(Outcome::Denied)).text();
    assert!(decision.contains("安市监食许〔2026〕12号"), "{decision}");
    assert!(without_spaces(&decision).contains("本机关决定：不予行政许可。"), "{decision}");
}

#[test]
fn a_decision_of_another_kind_speaks_its_own_words() {
    for outcome in [Outcome::Granted, Outcome::Denied] {
        let ruling = if outcome == Outcome::Granted { "予以行政确认" } else { "不予行政确认" };
        let mut paper = samples::decision(outcome);
        (paper.title, paper.ruling, paper.basis) =
            (format!("{ruling}决定书"), ruling.into(), "《某办法》第十条".into());
        paper.content = "登记事项：无。".into();
        let text = without_spaces(&File::of(&format!("confirmation-{outcome:?}"), &paper).text());
        assert!(text.contains(&format!("{ruling}决定书")), "{text}");
        assert!(text.contains(&format!("根据《某办法》第十条，本机关决定：{ruling}。")), "{text}");
        assert!(!text.contains("行政许可。"), "{text}");
    }
}

#[test]
fn a_notice_without_a_limit_promises_no_day() {
    let mut paper = samples::notice();
    assert!(File::of("with-limit", &paper).text().contains("决定期限"));
    paper.decision_by = None;
    let text = File::of("without-limit", &paper).text();
    assert!(!text.contains("决定期限") && !text.contains("作出决定"), "{text}");
}

#[test]
fn a_notice_names_only_the_limits_that_there_are() {
    let said = |statutory: &str, promised: &str| {
        let paper = AcceptanceNotice {
            statutory_limit: statutory.into(),
            promised_limit: promised.into(),
            ..samples::notice()
        };
        let layout = paper.layout(Fonts::shared());
        let has = |part: &str| texts(&layout).any(|text| text.contains(part));
        (has("法定办结时限"), has("承诺办结时限"), has("无"))
    };
    assert_eq!(said("20个工作日", "8个工作日"), (true, true, false));
    assert_eq!(said("20个工作日", ""), (true, false, false));
    assert_eq!(said("", "8个工作日"), (false, true, false));
    assert_eq!(said("", ""), (false, false, false));
}

#[test]
fn a_notice_after_silence_has_its_own_date_and_claims_no_review() {
    let mut paper = samples::notice();
    (paper.by_silence, paper.accepted_on, paper.issued_on) =
        (true, jiff::civil::date(2026, 3, 5), jiff::civil::date(2026, 3, 20));
    let text = without_spaces(&File::of("after-silence", &paper).text());
    assert!(text.contains("该申请自收到申请材料之日即2026年3月5日起视为受理。"), "{text}");
    assert!(text.contains("受理日期2026年3月5日") && text.contains("2026年3月20日"), "{text}");
    assert!(!text.contains("材料齐全") && !text.contains("决定自"), "{text}");
}

#[test]
fn a_radical_is_read_as_the_character_it_looks_like() {
    let mut paper = samples::receipt();
    // U+2F24 and U+5927 share a glyph.
    paper.applicant = "⼤大".into();
    assert!(File::of("radical", &paper).text().contains("大大"));
}

#[test]
fn every_font_is_embedded_and_reduced() {
    for (name, paper) in samples::all() {
        let file = File::of(&format!("fonts-{name}"), paper.as_ref());
        let listed = file.read_with("pdffonts", &[], &[]);
        let fonts: Vec<&str> = listed.lines().skip(2).collect();
        assert_eq!(fonts.len(), 2, "{listed}");
        for font in fonts {
            assert!(font.contains("+Noto"), "{font}");
            assert!(font.contains("yes yes yes"), "not embedded, reduced and readable: {font}");
        }
    }
}

#[test]
fn papers_are_small() {
    for (name, paper) in samples::all() {
        let size = render(paper.as_ref(), Fonts::shared()).expect("a paper").len();
        let pages = paper.layout(Fonts::shared()).pages.len();
        assert!(size < 80_000 + 20_000 * pages, "{name} has {size} bytes on {pages} pages");
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    for (_, paper) in samples::all() {
        let bytes = || render(paper.as_ref(), Fonts::shared()).expect("a paper");
        assert!(bytes() == bytes());
    }
}

#[test]
fn the_file_says_what_it_is() {
    let file = File::of("info", &samples::notice());
    let info = file.read_with("pdfinfo", &["-isodates"], &[]);
    for expected in [
        "Title:           行政许可申请受理通知书",
        "Subject:         安市监食受〔2026〕1号",
        "Author:          安市市场监督管理局",
        "CreationDate:    2026-03-06T00:00:00+08",
        "PDF version:     1.7",
        "Page size:       595.276 x 841.89 pts (A4)",
    ] {
        assert!(info.contains(expected), "{expected} is not in:\n{info}");
    }
}

#[test]
fn two_papers_have_two_ids() {
    let id = |paper: &IntakeReceipt| {
        let bytes = render(paper, Fonts::shared()).expect("a paper");
        let at = bytes.windows(5).position(|w| w == b"/ID[(").expect("an id");
        bytes[at..at + 40].to_vec()
    };
    let one = samples::receipt();
    let other = IntakeReceipt { number: "4401260305030020".into(), ..one.clone() };
    assert_ne!(id(&one), id(&other));
}

#[test]
fn the_codes_can_be_scanned_at_the_resolution_of_a_label_printer() {
    let papers: [(&str, Box<dyn Paper>, String); 3] = [
        ("receipt", Box::new(samples::receipt()), samples::receipt().progress_url),
        ("notice", Box::new(samples::notice()), samples::notice().progress_url),
        ("certificate", Box::new(samples::certificate()), samples::certificate().link),
    ];
    for (name, paper, link) in papers {
        let page = File::of(&format!("codes-{name}"), paper.as_ref()).picture();
        let image = image::open(&page).expect("a picture").to_luma8();
        let mut prepared = rqrr::PreparedImage::prepare(image);
        let found: Vec<String> =
            prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, content)| content).collect();
        assert_eq!(found, [link], "{name}");
    }
    assert_eq!(File::of("codes-bars", &samples::receipt()).scanned("code128"), ["CODE-128:4401260305030012"]);
}

#[test]
fn the_codes_of_the_other_papers_can_be_scanned_too() {
    let linked: [(&str, Box<dyn Paper>, String); 5] = [
        ("supplement-notice", Box::new(samples::supplement_notice()), samples::supplement_notice().progress_url),
        ("approval", Box::new(samples::approval()), samples::approval().link),
        ("registration", Box::new(samples::registration()), samples::registration().link),
        ("card-receipt", Box::new(samples::card_receipt()), samples::card_receipt().link),
        ("guide", Box::new(samples::guide()), samples::guide().link),
    ];
    for (name, paper, link) in linked {
        let scanned = File::of(&format!("codes-{name}"), paper.as_ref()).scanned("qrcode");
        assert_eq!(scanned, [format!("QR-Code:{link}")], "{name}");
    }
    let numbered: [(&str, Box<dyn Paper>); 4] = [
        ("supplement-receipt", Box::new(samples::supplement_receipt())),
        ("withdrawal", Box::new(samples::withdrawal())),
        ("delivery-proof", Box::new(samples::delivery_proof())),
        ("transcription-card", Box::new(samples::transcription_card())),
    ];
    for (name, paper) in numbered {
        let scanned = File::of(&format!("bars-{name}"), paper.as_ref()).scanned("code128");
        assert_eq!(scanned, ["CODE-128:4401260305030012"], "{name}");
    }
}

#[test]
fn a_character_without_glyph_is_reported_not_printed() {
    let mut paper = samples::receipt();
    paper.applicant = "王😀\u{e000}".into();
    let refused = render(&paper, Fonts::shared()).expect_err("no box is printed");
    let DocumentError::MissingGlyphs { characters, text } = &refused else { panic!("{refused}") };
    assert_eq!(characters, &['\u{e000}', '😀']);
    assert_eq!(text, "王😀\u{e000}");
    assert!(refused.to_string().contains("U+1F600"), "{refused}");
}

#[test]
fn no_paper_prints_a_box_for_a_name() {
    let mut names = [
        samples::supplement_notice().applicant,
        samples::rejection().applicant,
        samples::withdrawal().applicant,
        samples::delivery_proof().addressee,
    ];
    names.iter_mut().for_each(|name| name.push('😀'));
    let [told, rejected, withdrawn, served] = names;
    let papers: [Box<dyn Paper>; 9] = [
        Box::new(documents::SupplementNotice { applicant: told, ..samples::supplement_notice() }),
        Box::new(documents::Rejection { applicant: rejected, ..samples::rejection() }),
        Box::new(documents::WithdrawalConfirmation { applicant: withdrawn, ..samples::withdrawal() }),
        Box::new(documents::DeliveryProof { addressee: served, ..samples::delivery_proof() }),
        Box::new(documents::Approval { note: "😀".into(), ..samples::approval() }),
        Box::new(documents::Registration { statement: "😀".into(), ..samples::registration() }),
        Box::new(documents::CardReceipt { place: "😀".into(), ..samples::card_receipt() }),
        Box::new(documents::Guide { item: "😀".into(), ..samples::guide() }),
        Box::new(documents::TranscriptionCard { applicant: "😀".into(), ..samples::transcription_card() }),
    ];
    for paper in papers {
        let refused = render(paper.as_ref(), Fonts::shared()).expect_err("no box is printed");
        let DocumentError::MissingGlyphs { characters, .. } = refused else { panic!("{refused}") };
        assert_eq!(characters, ['😀']);
    }
}

#[test]
fn nothing_lies_on_a_code() {
    for (name, paper) in samples::all() {
        for page in paper.layout(Fonts::shared()).pages {
            let codes = page.things.iter().filter_map(|thing| match thing {
                Placed::Qr { left, top, side, .. } => Some((*left, *top, *side, *side)),
                Placed::Barcode { left, top, width, height, .. } => Some((*left, *top, *width, *height)),
                _ => None,
            });
            for (left, top, width, height) in codes {
                let on = |x: f32, y: f32| x > left - 1.0 && x < left + width + 1.0 && y > top - 1.0 && y < top + height;
                let text =
                    page.things.iter().find(|thing| matches!(thing, Placed::Text(text) if on(text.at.0, text.at.1)));
                assert!(text.is_none(), "{name}: {text:?}");
            }
        }
    }
}

#[test]
fn a_character_missing_on_a_seal_is_reported_too() {
    let mut paper = samples::notice();
    paper.seal.authority = "😀局".into();
    let refused = render(&paper, Fonts::shared()).expect_err("no seal with a hole");
    assert!(matches!(refused, DocumentError::MissingGlyphs { .. }), "{refused}");
}

#[test]
fn characters_without_shape_are_left_out() {
    let mut paper = samples::notice();
    paper.number = "安市监\u{200b}受\n1号\u{7}".into();
    paper.applicant = "甲\u{feff}公司\t\u{a0}".into();
    let text = File::of("shapeless", &paper).text();
    assert!(text.contains("甲公司"), "{text}");
    assert!(Fonts::shared().missing("甲\u{feff}\u{200b}\n\u{7}").is_empty());
}

#[test]
fn a_number_that_is_none_has_no_bar_code() {
    let mut paper = samples::receipt();
    paper.number = "安12".into();
    assert!(matches!(render(&paper, Fonts::shared()), Err(DocumentError::Code(_))));
}

/// Ten thousand different-looking characters in paragraphs of prose.
fn endless() -> String {
    let sentence = "甲方于二〇二六年三月提出申请，所附材料共一百二十三页（详见附件），经核对无误。";
    sentence.chars().cycle().take(10_000).collect()
}

#[test]
fn ten_thousand_characters_go_on_over_pages() {
    let endless = endless();
    let mut decision = samples::decision(Outcome::Denied);
    decision.facts.clone_from(&endless);
    let mut remedies = samples::decision(Outcome::Denied);
    remedies.remedies.clone_from(&endless);
    let mut receipt = samples::receipt();
    receipt.statement.clone_from(&endless);
    let mut notice = samples::notice();
    notice.materials[1].name.clone_from(&endless);
    let mut certificate = samples::certificate();
    certificate.rows[6].value.clone_from(&endless);
    let papers: [(&str, Box<dyn Paper>); 5] = [
        ("decision", Box::new(decision)),
        ("remedies", Box::new(remedies)),
        ("receipt", Box::new(receipt)),
        ("notice", Box::new(notice)),
        ("certificate", Box::new(certificate)),
    ];
    for (name, paper) in papers {
        assert_goes_on(name, paper.as_ref(), &endless);
        render(paper.as_ref(), Fonts::shared()).expect("a long paper");
    }
}

#[test]
fn ten_thousand_characters_go_on_in_the_other_papers_too() {
    let endless = endless();
    let mut supplement = samples::supplement_notice();
    supplement.points[1].reason.clone_from(&endless);
    let mut rejection = samples::rejection();
    rejection.reason.clone_from(&endless);
    let mut withdrawal = samples::withdrawal();
    withdrawal.reason.clone_from(&endless);
    let mut proof = samples::posted_proof();
    proof.note.clone_from(&endless);
    let mut approval = samples::approval();
    approval.rows[2].value.clone_from(&endless);
    let mut approved = samples::approval();
    approved.text.clone_from(&endless);
    let mut registration = samples::registration();
    registration.rows[4].value.clone_from(&endless);
    let mut card = samples::card_receipt();
    card.note.clone_from(&endless);
    let mut guide = samples::guide();
    guide.materials[2].standard.clone_from(&endless);
    let mut answer = samples::guide();
    answer.questions[2].answer.clone_from(&endless);
    let mut typed = samples::transcription_card();
    typed.fields[3].value.clone_from(&endless);
    let papers: [(&str, Box<dyn Paper>); 11] = [
        ("supplement", Box::new(supplement)),
        ("rejection", Box::new(rejection)),
        ("withdrawal", Box::new(withdrawal)),
        ("proof", Box::new(proof)),
        ("approval", Box::new(approval)),
        ("approved", Box::new(approved)),
        ("registration", Box::new(registration)),
        ("card", Box::new(card)),
        ("guide", Box::new(guide)),
        ("answer", Box::new(answer)),
        ("typed", Box::new(typed)),
    ];
    for (name, paper) in papers {
        assert_goes_on(name, paper.as_ref(), &endless);
    }
}

fn assert_goes_on(name: &str, paper: &dyn Paper, endless: &str) {
    let layout = paper.layout(Fonts::shared());
    assert_stays_on_the_sheet(&layout);
    assert_seal_stands_with_text(&layout);
    assert!(layout.pages.len() > 4, "{name} has {} pages", layout.pages.len());
    let text: String = texts(&layout).collect();
    assert!(text.matches("（详见附件）").count() + text.matches("核对无误").count() > 400, "{name}");
    let printed = text.chars().filter(|c| endless.contains(*c)).count();
    assert!(printed >= 10_000, "{name} lost some of the text: {printed}");
}

#[test]
fn pages_are_numbered_and_headings_of_tables_repeated() {
    let mut paper = samples::notice();
    let material = |n: u32| Material { name: format!("材料{n}"), copies: n, form: MaterialForm::Copy };
    paper.materials = (1..=80).map(material).collect();
    let text = File::of("numbered", &paper).text();
    let pages = text.matches('\u{c}').count();
    assert!(pages >= 3, "{pages}");
    let label = format!("第{pages}页共{pages}页");
    assert!(without_spaces(&text).contains(&label), "{text}");
    assert!(text.matches("材料名称").count() >= 3, "{text}");
    assert!(text.contains("材料80"));
    // The seal stands with text on the last page.
    let last = last_page(&text);
    assert!(last.contains("特此通知。") && last.contains("2026年3月6日"), "{last}");
}

#[test]
fn only_the_demo_hall_prints_specimens() {
    let mut paper = samples::decision(Outcome::Granted);
    paper.facts = endless();
    let layout = paper.layout(Fonts::shared());
    for page in &layout.pages {
        assert!(page.things.iter().any(|t| matches!(t, Placed::Watermark { .. })));
    }
    let marked = texts(&layout).filter(|text| text.contains("样张")).count();
    assert_eq!(marked, layout.pages.len());
    for (name, paper) in samples::all() {
        for page in paper.layout(Fonts::shared()).pages {
            assert!(page.things.iter().any(|t| matches!(t, Placed::Watermark { .. })), "{name}");
        }
    }

    paper.specimen = false;
    assert!(!paper.layout(Fonts::shared()).to_string().contains("样张"));
}

#[test]
fn what_is_empty_says_so() {
    let mut paper = samples::receipt();
    (paper.phone, paper.materials, paper.seal) = (String::new(), Vec::new(), None);
    (paper.copies, paper.unverified) = (String::new(), Vec::new());
    let text = File::of("empty", &paper).text();
    assert!(text.contains("联系电话     无"), "{text}");
    assert!(text.contains("以上材料共 0 种 0 份。"), "{text}");
    assert!(!text.contains("待核对"), "{text}");

    let mut certificate = samples::certificate();
    certificate.valid_until = None;
    certificate.rows = vec![CertificateRow { label: "住所".into(), value: String::new() }];
    let text: Vec<String> = texts(&certificate.layout(Fonts::shared())).collect();
    assert!(text.contains(&"无".to_owned()), "{text:?}");
    assert!(text.contains(&"自2026年3月16日起，长期有效".to_owned()), "{text:?}");
}

fn texts(layout: &Layout) -> impl Iterator<Item = String> {
    layout.pages.iter().flat_map(|page| &page.things).filter_map(|thing| match thing {
        Placed::Text(text) => Some(text.text.clone()),
        _ => None,
    })
}

fn assert_stays_on_the_sheet(layout: &Layout) {
    const EDGE: f32 = 9.0;
    for page in &layout.pages {
        let inside =
            |x: f32, y: f32| (EDGE..=page.width - EDGE).contains(&x) && (EDGE..=page.height - EDGE).contains(&y);
        for thing in &page.things {
            let (from, to) = match thing {
                Placed::Text(text) => {
                    let em = text.size * 25.4 / 72.0;
                    let count = text.text.chars().count() as f32;
                    let wide = text.text.chars().filter(|c| !c.is_ascii()).count() as f32;
                    // Ascii characters are about half as wide; a little tolerance for wide ones.
                    let width = (wide + (count - wide) * 0.5) * em;
                    (text.at, (text.at.0 + width - em, text.at.1))
                }
                Placed::Cell { left, top, width, height, .. } | Placed::Barcode { left, top, width, height, .. } => {
                    ((*left, *top), (left + width, top + height))
                }
                Placed::Qr { left, top, side, .. } => ((*left, *top), (left + side, top + side)),
                Placed::Seal { centre: (x, y), .. } => ((x - 21.0, y - 21.0), (x + 21.0, y + 21.0)),
                _ => continue,
            };
            assert!(inside(from.0, from.1) && inside(to.0, to.1), "off the sheet: {thing}");
        }
    }
}

/// A seal is not alone on its page: something that is read stands above it.
fn assert_seal_stands_with_text(layout: &Layout) {
    for page in &layout.pages {
        let seals = page.things.iter().filter_map(|thing| match thing {
            Placed::Seal { centre, .. } => Some(centre.1),
            _ => None,
        });
        for seal in seals {
            // Below the header of a page, above the name of who issues it.
            let above = |y: f32| y > 19.5 && y < seal - 10.0;
            let stands = page.things.iter().any(|thing| matches!(thing, Placed::Text(text) if above(text.at.1)));
            assert!(stands, "a seal without text: {layout}");
        }
    }
}

fn is_picture(thing: &Placed) -> bool {
    matches!(thing, Placed::Picture { .. })
}

/// The text of the last page.
fn last_page(text: &str) -> &str {
    text.trim_end_matches('\u{c}').rsplit('\u{c}').next().unwrap_or_default()
}

/// `pdftotext` decides by itself how many spaces to show.
fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A paper written to disk for other programs to read.
struct File(PathBuf);

impl File {
    fn of(name: &str, paper: &(impl Paper + ?Sized)) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let file = folder.join(name).with_extension("pdf");
        let bytes = render(paper, Fonts::shared()).expect("a paper");
        std::fs::write(&file, bytes).expect("room for a file");
        Self(file)
    }

    fn text(&self) -> String {
        self.read_with("pdftotext", &["-layout"], &["-"])
    }

    /// The first page as a picture at the resolution of a label printer.
    fn picture(&self) -> PathBuf {
        let prefix = self.0.with_extension("");
        let arguments = ["-r", "203", "-png", "-singlefile"];
        run(Command::new("pdftoppm").args(arguments).arg(&self.0).arg(&prefix));
        prefix.with_extension("png")
    }

    /// What a scanner that knows one kind of code finds on the first page.
    fn scanned(&self, kind: &str) -> Vec<String> {
        let only = format!("-S{kind}.enable");
        let found = run(Command::new("zbarimg").args(["-q", "-Sdisable", &only]).arg(self.picture()));
        found.lines().map(str::to_owned).collect()
    }

    fn read_with(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        run(Command::new(program).args(before).arg(&self.0).args(after))
    }
}

fn run(command: &mut Command) -> String {
    let output =
        command.output().unwrap_or_else(|error| panic!("{command:?} (apt install poppler-utils zbar-tools): {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text in UTF-8")
}
