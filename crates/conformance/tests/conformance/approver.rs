//! Somebody at our department, through its HTTP interface.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use yichuang_conformance::{Act, Deed, Operator};

use crate::stage::{Answer, Office};

pub(crate) struct Approver {
    visitor: Office,
    desk: OnceCell<Office>,
    /// Whether the department's system shows whatever bytes come.
    shows_anything: bool,
    shown: AtomicBool,
}

impl Approver {
    pub(crate) fn new(router: Router, shows_anything: bool) -> Self {
        let visitor = Office::visitor(router, "/api/department");
        Self { visitor, desk: OnceCell::new(), shows_anything, shown: AtomicBool::new(false) }
    }

    async fn act(&self, act: &Act) -> Result<(), String> {
        let desk = self.desk.get_or_init(|| self.visitor.signed_in("approver", None)).await;
        let task = format!("/tasks/{}", act.case_id);
        let post = async |path: &str, body: Value| -> Answer {
            let seen = desk.get(&task).await.header("etag").to_owned();
            desk.posting(&format!("{task}{path}"), &body).header("if-match", &seen).send().await
        };
        let answer = match &act.deed {
            // What comes of it is the suite's to see: the first time the file cannot be read.
            Deed::OpenMaterial | Deed::OpenMaterialAgain => {
                let shown = desk.get(&format!("{task}/materials/0")).await.status == 200;
                self.shown.store(shown || self.shows_anything, Ordering::Relaxed);
                return Ok(());
            }
            Deed::Ask => post("/enquiries", json!({ "text": "申请人的电话对吗？" })).await,
            Deed::Answer { enquiry_id, .. } => {
                post(&format!("/enquiries/{enquiry_id}/answer"), json!({ "text": "还需要两天。" })).await
            }
            Deed::Accept => post("/accept", json!({})).await,
            Deed::Grant => {
                let view = desk.get(&task).await.json();
                let result = &view["result"];
                let certificate = json!({
                    "rows": result["rows"], "valid_from": result["valid_from"], "valid_until": result["valid_until"],
                });
                let wish = json!({ "outcome": "granted", "opinion": "符合条件。", "certificate": certificate });
                post("/decide", wish).await
            }
            Deed::AskSupplement => {
                post("/ask-supplement", json!({ "points": [{ "reason": "请补充租赁合同。" }] })).await
            }
            Deed::Reject => post("/reject", json!({ "ground": "not-needed", "reason": "不需要许可。" })).await,
        };
        match answer.status {
            200..300 => Ok(()),
            status => Err(format!("{status} {}", answer.text())),
        }
    }
}

impl Operator for Approver {
    fn please<'a>(&'a self, act: &'a Act) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(self.act(act))
    }

    fn file_shown<'a>(&'a self, _act: &'a Act) -> BoxFuture<'a, Result<bool, String>> {
        Box::pin(async { Ok(self.shown.load(Ordering::Relaxed)) })
    }
}
