//! What the papers of the department are called, and on what they rest.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bounds::NAME;
use crate::fault::Check;

/// What the papers of the department are called, and on what they rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemPapers {
    /// 受理通知书.
    pub acceptance_notice: NoticeForm,
    /// 补正告知书.
    #[serde(default = "NoticeForm::supplement")]
    pub supplement_notice: NoticeForm,
    /// 不予受理决定书.
    #[serde(default = "NoticeForm::refusal")]
    pub refusal: NoticeForm,
    /// The decision that grants.
    pub granted: DecisionForm,
    /// The decision that denies.
    pub denied: DecisionForm,
}

impl ItemPapers {
    /// The papers of every item, before they were told: those of a licence, as departments then printed them.
    pub(super) fn of_before() -> Self {
        let basis = |article: &str, verified| {
            vec![Article {
                law: "中华人民共和国行政许可法".to_owned(), article: article.to_owned(), verified
            }]
        };
        let decision = |ruling: &str| DecisionForm {
            title: format!("{ruling}决定书"),
            ruling: ruling.to_owned(),
            basis: basis("第三十八条", false),
        };
        Self {
            acceptance_notice: NoticeForm {
                title: "行政许可申请受理通知书".to_owned(),
                basis: basis("第三十二条", true),
            },
            supplement_notice: NoticeForm::supplement(),
            refusal: NoticeForm::refusal(),
            granted: decision("准予行政许可"),
            denied: decision("不予行政许可"),
        }
    }
}

/// The form of a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoticeForm {
    /// 行政许可申请受理通知书.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// The articles it rests on.
    #[schema(max_items = 20)]
    pub basis: Vec<Article>,
}

impl NoticeForm {
    /// What halls of before the supplement had a form meant.
    fn supplement() -> Self {
        Self { title: "申请材料补正告知书".to_owned(), basis: vec![] }
    }

    /// What halls of before the refusal had a form meant.
    fn refusal() -> Self {
        Self { title: "不予受理决定书".to_owned(), basis: vec![] }
    }
}

/// The form of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DecisionForm {
    /// 准予行政许可决定书.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What is decided, in its words (决定主文): 准予行政许可.
    #[schema(min_length = 1, max_length = 200)]
    pub ruling: String,
    /// The articles it rests on.
    #[schema(max_items = 20)]
    pub basis: Vec<Article>,
}

/// An article of a law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Article {
    /// The law, without book-title marks.
    #[schema(min_length = 1, max_length = 200)]
    pub law: String,
    /// The article.
    #[schema(min_length = 1, max_length = 200)]
    pub article: String,
    /// Whether somebody has checked it against the text of the law.
    pub verified: bool,
}

impl ItemPapers {
    pub(super) fn check(&self, check: &mut Check) {
        let ItemPapers { acceptance_notice, supplement_notice, refusal, granted, denied } = self;
        let notices =
            [("acceptance_notice", acceptance_notice), ("supplement_notice", supplement_notice), ("refusal", refusal)];
        for (field, NoticeForm { title, basis }) in notices {
            check.within(field, |check| {
                check.line("title", title, NAME);
                articles(check, basis);
            });
        }
        for (field, DecisionForm { title, ruling, basis }) in [("granted", granted), ("denied", denied)] {
            check.within(field, |check| {
                check.line("title", title, NAME);
                check.line("ruling", ruling, NAME);
                articles(check, basis);
            });
        }
    }
}

fn articles(check: &mut Check, basis: &[Article]) {
    check.list("basis", basis, 20, |check, Article { law, article, verified: _ }| {
        check.line("law", law, NAME);
        check.line("article", article, NAME);
    });
}
