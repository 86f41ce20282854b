//! A morning's work, so that the pictures show a hall and not an empty house.

use serde_json::Value;
use server::walk::{APPLICATION_FORM, Desk, ITEM, People, Service, Site, WalkError, example_filing};

/// Who comes, with which number, where the shop is, and how far the case gets before the pictures are taken.
const MORNING: [(&str, &str, &str, Stage); 7] = [
    ("陈桂英", "990100198001010026", "安澜市南门街8号", Stage::Closed),
    ("马国强", "990100197109080013", "安澜市北门街23号", Stage::Issued),
    ("欧阳小雨", "990100196203120021", "安澜市桂花街12号", Stage::Issued),
    ("何丽娟", "99010019851130004X", "安澜市学府路101号", Stage::Denied),
    ("张伟", "990100199005050038", "安澜市河滨路77号", Stage::Accepted),
    ("李秀兰", "990100199312120067", "安澜市桂花街16号", Stage::Taken),
    ("周建华", "990100196707240051", "安澜市解放路5号", Stage::Taken),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Taken,
    Accepted,
    Denied,
    Issued,
    Closed,
}

/// Takes the cases of a morning at a demo hall, and lets the department decide some of them.
pub(crate) async fn a_morning(base: &str) -> Result<(), WalkError> {
    let site = Site::new(base)?;
    site.wait_for(Service::Hall).await?;
    let people = People::of_the_demo();
    let clerk = Desk::sign_in(&site, Service::Hall, &people.clerk).await?;
    let approver = Desk::sign_in(&site, Service::Department, &people.approver).await?;
    let output = Desk::sign_in(&site, Service::Hall, &people.output).await?;
    let item: Value = clerk.get(&format!("/items/{ITEM}")).await?;
    let file = clerk.upload("食品经营许可申请书.pdf", APPLICATION_FORM).await?;
    let file = serde_json::json!(file);
    for (name, number, premises, stage) in MORNING {
        let case = clerk.take(&of(&site, &item, &file, [name, number, premises])).await?;
        let task = approver.task_when_there(case.id).await?;
        if stage == Stage::Taken {
            continue;
        }
        let task = approver.accept(&task).await?;
        match stage {
            Stage::Taken => continue,
            Stage::Accepted => {
                let question = serde_json::json!({ "text": "健康证明是哪家机构出具的？" });
                let _: Value = approver.post(&format!("/tasks/{}/enquiries", task.id), &question, None).await?;
                continue;
            }
            Stage::Denied => {
                let denial =
                    serde_json::json!({ "outcome": "denied", "opinion": "经营场所布局不能避免生熟食品交叉污染。" });
                let _: Value =
                    approver.post(&format!("/tasks/{}/decide", task.id), &denial, Some(task.version)).await?;
            }
            Stage::Issued | Stage::Closed => {
                approver.grant(&task).await?;
            }
        }
        let case = output.case_when(case.id, "the case is issued", |case| case.state == "issued").await?;
        if stage == Stage::Closed {
            for paper in case.papers.iter().filter(|paper| paper.kind != "acceptance-notice") {
                output.print(case.id, paper).await?;
            }
            output.hand_over(&output.case(case.id).await?, name).await?;
        }
    }
    Ok(())
}

fn of(site: &Site, item: &Value, file: &Value, [name, number, premises]: [&str; 3]) -> Value {
    let mut filing = example_filing(site.id(), site.id(), item, Some(file));
    filing["applicant"]["name"] = name.into();
    filing["applicant"]["id_number"] = number.into();
    filing["applicant"]["address"] = premises.into();
    filing["cases"][0]["form"]["person_in_charge"] = name.into();
    filing["cases"][0]["form"]["premises"] = premises.into();
    filing
}
