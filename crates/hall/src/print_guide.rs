//! The guide of an item (办事指南) as a paper: shown, and printed for whoever asks. It belongs to no case.

use catalogue::CatalogueItem;
use documents::{Fonts, Guide, GuideLimit, GuideMaterial, GuideQuestion, OriginalAsked, Stated};
use domain::{
    clock::{Article, ClockKind, ClockRule},
    item::{Faq, Item, Material, Original, Seat, Subject, Validity},
    rights::Right,
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use store::{NewPrint, PaperRow, PaperState};
use uuid::Uuid;
use web::{
    Actor, ProblemCode,
    idempotency::{Kept, Once},
    view::Download,
};

use crate::{Hall, HallConfig, HallError, News, station::STATION, views::PrintView};

/// The case of a paper that is of none.
pub(crate) const OF_NO_CASE: Uuid = Uuid::nil();

/// The kind of such a paper.
const GUIDE: &str = "guide";
const TITLE: &str = "办事指南";

impl Hall {
    /// The guide of an item, as it would be printed today.
    ///
    /// # Errors
    /// [`ProblemCode::ItemNotFound`], [`HallError::Document`] with the characters that cannot be printed.
    pub async fn guide(&self, actor: &Actor, code: &str) -> Result<Download, HallError> {
        self.demand(actor, Right::ReadItem, None)?;
        let (bytes, name) = self.rendered_guide(code).await?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok(Download { bytes, media_type: "application/pdf".to_owned(), name: format!("{TITLE} {name}.pdf"), sha256 })
    }

    /// Prints the guide of an item. Each print is a paper of its own, kept like every other: what somebody was told can be
    /// looked up when the item has changed.
    ///
    /// # Errors
    /// As [`Hall::guide`], and [`HallError::NoPrinter`].
    pub async fn print_guide(&self, actor: &Actor, once: Once, code: &str) -> Result<Kept, HallError> {
        self.demand(actor, Right::PrintPaper, None)?;
        if let Some(kept) = once.earlier(&mut self.0.store.read().await?).await? {
            return Ok(kept);
        }
        if self.0.config.printers.is_empty() {
            return Err(HallError::NoPrinter);
        }
        let (bytes, name) = self.rendered_guide(code).await?;
        let kept = self.0.files.put(bytes).await?;
        let now = self.0.clock.now();
        let paper = PaperRow {
            id: self.new_id(),
            case: OF_NO_CASE,
            kind: GUIDE.to_owned(),
            title: format!("{TITLE} {name}"),
            number: code.to_owned(),
            state: PaperState::Ready,
            sha256: Some(kept.sha256),
            size: Some(kept.size),
            model: None,
            created_at: now,
        };
        let print = NewPrint {
            id: self.new_id(),
            paper: paper.id,
            reason: None,
            station: Some(STATION.to_owned()),
            printer: None,
            requested_by: format!("staff:{}", actor.account()),
            requested_at: now,
        };
        let kept = self
            .0
            .store
            .write(async move |tx| {
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok::<_, HallError>(kept);
                }
                tx.keep_file(kept.sha256, kept.size, "application/pdf", now).await?;
                tx.put_paper(&paper).await?;
                tx.queue_print(&print).await?;
                let row = tx.print(print.id).await?.ok_or(HallError::NotFound(ProblemCode::PrintNotFound))?;
                Ok(once.keep(tx, 201, &PrintView::of(row)).await?)
            })
            .await?;
        self.0.wake.station.notify_one();
        self.tell(News::Print(OF_NO_CASE));
        Ok(kept)
    }

    async fn rendered_guide(&self, code: &str) -> Result<(Vec<u8>, String), HallError> {
        let catalogue = self.catalogue();
        let entry = catalogue.item(code).ok_or(HallError::NotFound(ProblemCode::ItemNotFound))?;
        let guide = guide_of(&self.0.config, entry, self.0.clock.today());
        let name = guide.item.clone();
        let rendered = tokio::task::spawn_blocking(move || documents::render(&guide, Fonts::shared())).await;
        Ok((rendered.map_err(HallError::network)??, name))
    }
}

/// What the guide says of an item.
fn guide_of(config: &HallConfig, entry: &CatalogueItem, today: Date) -> Guide {
    let item = &entry.item;
    let seat = |seat| match seat {
        Seat::Department => item.department_name.clone(),
        Seat::Window => format!("{}综合窗口", config.name),
    };
    let subject = |subject: &Subject| match subject {
        Subject::Person => "自然人".to_owned(),
        Subject::Organisation => "法人、非法人组织".to_owned(),
    };
    Guide {
        hall: config.name.clone(),
        address: config.address.clone(),
        phone: config.phone.clone(),
        item: item.name.clone(),
        aliases: item.aliases.clone(),
        code: item.code.to_string(),
        kind: item.kind.term().to_owned(),
        department: item.department_name.clone(),
        subjects: item.subjects.iter().map(subject).collect(),
        conditions: item.conditions.clone(),
        materials: item.materials.iter().map(material).collect(),
        fee: fee(item),
        limits: item.profile.limits.iter().map(limit).collect(),
        basis: item.basis.iter().map(cited).collect(),
        result: item.result.certificate_title.clone(),
        validity: validity(entry),
        accepts: seat(item.accepts),
        decides: seat(item.decides),
        questions: item
            .faq
            .iter()
            .map(|Faq { question, answer }| GuideQuestion { question: question.clone(), answer: answer.clone() })
            .collect(),
        link: String::new(),
        printed_on: today,
        specimen: config.demo,
    }
}

fn material(material: &Material) -> GuideMaterial {
    GuideMaterial {
        name: Stated { text: material.name.clone(), unverified: !material.sourced },
        source: material.source.clone(),
        copies: u32::from(material.copies),
        original: match material.original {
            Original::No => OriginalAsked::No,
            Original::Shown => OriginalAsked::Shown,
            Original::Kept => OriginalAsked::Kept,
        },
        standard: material.standard.clone(),
        required: material.required,
        when: if material.when.is_some() { "视办理情形".to_owned() } else { String::new() },
    }
}

fn fee(item: &Item) -> Stated {
    let lines = item.fee.lines.iter().map(|line| format!("{}{}.{:02}元", line.label, line.fen / 100, line.fen % 100));
    let lines: Vec<_> = lines.collect();
    let text = match lines.is_empty() {
        true => item.fee.text.clone(),
        false => format!("{}（{}）", item.fee.text.trim_end_matches('。'), lines.join("；")),
    };
    Stated { text, unverified: !item.fee.sourced }
}

fn limit(rule: &ClockRule) -> GuideLimit {
    let name = match rule.kind {
        ClockKind::Intake => "受理期限",
        ClockKind::Statutory => "法定办结时限",
        ClockKind::Promised => "承诺办结时限",
    };
    let length = format!("自{}", rule.length_in_words());
    GuideLimit { name: name.to_owned(), length, law: cited(&rule.article) }
}

fn cited(article: &Article) -> Stated {
    Stated { text: format!("《{}》{}", article.law, article.article), unverified: !article.is_sourced() }
}

fn validity(entry: &CatalogueItem) -> Stated {
    let result = &entry.item.result;
    let text = match &result.validity {
        Validity::Unlimited => "长期有效".to_owned(),
        Validity::Years(years) => format!("{years}年"),
        Validity::Months(months) => format!("{months}个月"),
        Validity::Until(pointer) => format!("至所填“{}”之日", field_title(entry, pointer)),
    };
    Stated { text, unverified: !result.sourced }
}

/// What the form calls a field.
fn field_title(entry: &CatalogueItem, pointer: &str) -> String {
    let mut path = pointer.trim_start_matches("/form").split('/').filter(|part| !part.is_empty());
    let found = path.clone().try_fold(&entry.schema, |schema, name| schema.get("properties")?.get(name));
    let title = found.and_then(|field| field.get("title")?.as_str());
    title.or_else(|| path.next_back()).unwrap_or(pointer).to_owned()
}
