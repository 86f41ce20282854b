use jiff::civil::{Date, Time};

use super::closing::{captioned_qr, footnote};
use super::dates::day;
use super::tables::{Column, Facts, SIZE, list, list_in};
use crate::layout::{Align, Flow, Ink, Page, Running, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper};

/// What applicants need to know of an item before they come (办事指南).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// Name of the hall.
    pub hall: String,
    /// Where the hall is.
    pub address: String,
    /// Where to ask, by phone.
    pub phone: String,
    /// The item.
    pub item: String,
    /// What people call it.
    pub aliases: Vec<String>,
    /// Its code (实施编码).
    pub code: String,
    /// Its kind, such as 行政许可.
    pub kind: String,
    /// The department.
    pub department: String,
    /// Who may apply (服务对象).
    pub subjects: Vec<String>,
    /// What must be so (受理条件), in order.
    pub conditions: Vec<String>,
    /// What is to be handed in, in order.
    pub materials: Vec<GuideMaterial>,
    /// What it costs.
    pub fee: Stated,
    /// How long it takes.
    pub limits: Vec<GuideLimit>,
    /// The law that it rests on (设定依据).
    pub basis: Vec<Stated>,
    /// What one gets in the end, such as 食品经营许可证.
    pub result: String,
    /// For how long it is valid.
    pub validity: Stated,
    /// Who accepts (受理).
    pub accepts: String,
    /// Who decides (决定).
    pub decides: String,
    /// What is often asked.
    pub questions: Vec<GuideQuestion>,
    /// The address in the QR code, where the guide is kept up to date; no code if empty.
    pub link: String,
    /// When it was printed.
    pub printed_on: Date,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

/// Something that rests on a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// What is said.
    pub text: String,
    /// Whether nobody has held it against its source (待核对).
    pub unverified: bool,
}

/// A material of a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideMaterial {
    /// What it is called.
    pub name: Stated,
    /// Who issues it.
    pub source: String,
    /// How many.
    pub copies: u32,
    /// Whether the original is asked for.
    pub original: OriginalAsked,
    /// What it must be like (受理标准).
    pub standard: String,
    /// Whether nothing is accepted without it.
    pub required: bool,
    /// When it is needed, in words; always if empty.
    pub when: String,
}

/// Whether the original of a material is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginalAsked {
    /// 不需要
    No,
    /// 核验后退回
    Shown,
    /// 收取
    Kept,
}

impl OriginalAsked {
    fn word(self) -> &'static str {
        match self {
            Self::No => "不需要",
            Self::Shown => "核验后退回",
            Self::Kept => "收取",
        }
    }
}

/// A limit of a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideLimit {
    /// Which it is, such as 法定办结时限.
    pub name: String,
    /// How long, such as 自受理之日起20个工作日.
    pub length: String,
    /// Where it is written, such as 《中华人民共和国行政许可法》第四十二条.
    pub law: Stated,
}

/// What is often asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideQuestion {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

impl Stated {
    /// The text, with a mark if nobody has held it against its source.
    fn marked(&self) -> String {
        let Self { text, unverified } = self;
        if *unverified { format!("{text}〔待核对〕") } else { text.clone() }
    }

    /// The same with the mark on a line of its own, for a narrow column.
    fn marked_below(&self) -> String {
        let Self { text, unverified } = self;
        if *unverified { format!("{text}\n〔待核对〕") } else { text.clone() }
    }
}

impl Paper for Guide {
    fn title(&self) -> &str {
        "办事指南"
    }

    fn number(&self) -> &str {
        &self.code
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        Layout {
            title: format!("{}　{}", self.title(), self.item),
            number: self.code.clone(),
            author: self.hall.clone(),
            issued_at: self.printed_on.to_datetime(Time::midnight()),
            pages: fitted(|density| self.pages(fonts, density)),
        }
    }
}

/// Space before the title of a part.
const BETWEEN: f32 = 4.0;
/// Space after it.
const UNDER: f32 = 1.5;
/// The type of running text.
const TEXT: Style = Style { align: Align::Justified, ..Style::song(SIZE) };

impl Guide {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            hall,
            address,
            phone,
            item,
            aliases,
            code,
            kind,
            department,
            subjects,
            conditions,
            materials,
            fee,
            limits,
            basis,
            result,
            validity,
            accepts,
            decides,
            questions,
            link,
            printed_on,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::FORM).with_density(density);

        head(&mut flow, [hall, address, phone], link);
        flow.paragraph(self.title(), &Style::hei(22.0).align(Align::Centre));
        flow.paragraph(item, &Style::hei(16.0).align(Align::Centre));
        if !aliases.is_empty() {
            let called = format!("又称：{}", aliases.join("、"));
            flow.paragraph(&called, &Style::song(9.0).align(Align::Centre).ink(Ink::Grey));
        }
        flow.space(3.0);
        Facts::new(flow.sheet, 24.0)
            .whole("实施编码", code)
            .pair(("事项类型", kind), ("实施机关", department))
            .whole("服务对象", &subjects.join("、"))
            .pair(("受理", accepts), ("决定", decides))
            .pair(("办理结果", result), ("有效期", &validity.marked()))
            .whole("收费", &fee.marked())
            .place(&mut flow);

        numbered(&mut flow, "一、受理条件", conditions.iter().cloned());

        flow.space(BETWEEN);
        let columns = [
            Column::words("材料名称", 40.0),
            Column::words("来源", 23.0),
            Column::short("份数", 12.0),
            Column::short("原件", 20.0),
            Column::rest("受理标准"),
            Column::words("是否必须", 26.0),
        ];
        let entries = materials.iter().map(|material| {
            let GuideMaterial { name, source, copies, original, standard, required, when } = material;
            let needed = if *required { "必须" } else { "非必须" };
            let needed = if when.is_empty() { needed.to_owned() } else { format!("{needed}：{when}") };
            let copies = copies.to_string();
            [name.marked_below(), source.clone(), copies, original.word().to_owned(), standard.clone(), needed]
        });
        list_in(&mut flow, 9.0, ("二、申请材料", UNDER), columns, entries);

        flow.space(BETWEEN);
        let columns = [Column::words("时限", 34.0), Column::words("期限", 52.0), Column::rest("依据")];
        let entries = limits.iter().map(|limit| {
            let GuideLimit { name, length, law } = limit;
            [name.clone(), length.clone(), law.marked()]
        });
        list(&mut flow, ("三、办理时限", UNDER), columns, entries);

        numbered(&mut flow, "四、设定依据", basis.iter().map(Stated::marked));

        part(&mut flow, "五、常见问题", questions.is_empty());
        for GuideQuestion { question, answer } in questions {
            flow.ensure(4.0 * TEXT.leading);
            flow.paragraph(&format!("问：{question}"), &Style::hei(SIZE));
            flow.paragraph(&format!("答：{answer}"), &TEXT);
            flow.space(1.5);
        }

        flow.space(BETWEEN);
        let printed = format!("打印日期：{}", day(*printed_on));
        flow.paragraph(&printed, &Style::song(9.0).ink(Ink::Grey).align(Align::Right));
        if self.has_unverified() {
            footnote(&mut flow, "※ 标有〔待核对〕的内容，依据尚未核实。");
        }
        let header = format!("{}　{item}", self.title());
        flow.finish(&Running { header, specimen: *specimen, numbered: true })
    }

    fn has_unverified(&self) -> bool {
        let materials = self.materials.iter().map(|material| &material.name);
        let limits = self.limits.iter().map(|limit| &limit.law);
        let mut stated = [&self.fee, &self.validity].into_iter().chain(materials).chain(limits).chain(&self.basis);
        stated.any(|stated| stated.unverified)
    }
}

/// The hall, where it is and its phone at the left, the code at the right.
fn head(flow: &mut Flow<'_>, [hall, address, phone]: [&str; 3], link: &str) {
    const CODE: f32 = 50.0;
    let (left, top) = (flow.sheet.left, flow.sheet.top);
    let right = flow.sheet.width - flow.sheet.right;
    let room = right - left - if link.is_empty() { 0.0 } else { CODE };
    let mut y = top + flow.block(hall, (left, top), room, &Style::hei(14.0));
    for (label, value) in [("地址", address), ("电话", phone)] {
        if !value.is_empty() {
            y += flow.block(&format!("{label}：{value}"), (left, y), room, &Style::song(SIZE));
        }
    }
    if !link.is_empty() {
        captioned_qr(flow, (right - 27.0 - 5.0, top), link, "扫码查看本指南");
    }
    flow.y = y + 4.0;
}

/// The title of a part, with room under it; 无 if nothing follows.
fn part(flow: &mut Flow<'_>, title: &str, empty: bool) {
    let heading = Style::hei(12.0);
    flow.space(BETWEEN);
    flow.ensure(heading.leading + UNDER + 3.0 * TEXT.leading);
    flow.paragraph(title, &heading);
    flow.space(UNDER);
    if empty {
        flow.paragraph("无。", &TEXT);
    }
}

/// A part of entries, each beside its number; a single one has none.
fn numbered(flow: &mut Flow<'_>, title: &str, entries: impl ExactSizeIterator<Item = String>) {
    const NUMBER: f32 = 7.0;
    let count = entries.len();
    part(flow, title, count == 0);
    let (left, width) = (flow.sheet.left, flow.sheet.text_width());
    for (n, entry) in (1..).zip(entries) {
        flow.ensure(TEXT.leading);
        if count > 1 {
            flow.block(&format!("{n}."), (left, flow.y), NUMBER, &TEXT);
            flow.running_block(&entry, left + NUMBER, width - NUMBER, &TEXT, 0.0);
        } else {
            flow.running_block(&entry, left, width, &TEXT, 0.0);
        }
        flow.space(0.8);
    }
}
