//! Events as they were stored by every release: bytes never change, and are read for good.

use crate::events::{read_case_event, read_task_event, write_case_event, write_task_event};
use domain::{
    clock::SilenceEffect,
    task::{Assignment, TaskEvent},
};

const SEAL: &str = r#"{"record":"01980000-0000-7000-8000-00000000000a","digest":"0707070707070707070707070707070707070707070707070707070707070707"}"#;
const PAPER: &str = r#"{"id":"01980000-0000-7000-8000-00000000000b","number":"安市监许受〔2026〕1号"}"#;
const DIGEST: &str = "0707070707070707070707070707070707070707070707070707070707070707";
const ID: &str = "01980000-0000-7000-8000-00000000000c";

fn case_events() -> Vec<(&'static str, u16, String)> {
    let accepted = format!(r#"{{"accepted_at":1781485200000000,"officer":{SEAL},"notice":{PAPER}}}"#);
    vec![
        (
            "case.taken",
            1,
            format!(
                r#"{{"filing":"{ID}","number":"0001260615010018","official":"11990100MB000131013000131901001202606150001","item":"11990100MB000131013000131901001","item_version":1,"department":"{ID}","window":"01","taken_at":1781485200000000,"applicant":{SEAL},"form":{SEAL},"materials":[{{"code":"application","file":{SEAL}}}],"receipt":{PAPER}}}"#
            ),
        ),
        ("case.accepted", 1, accepted.clone()),
        ("case.deemed-accepted", 1, r#"{"deemed_at":1782230400000000}"#.to_owned()),
        ("case.acceptance-confirmed", 1, accepted.clone()),
        ("case.accepted-in-time", 1, accepted),
        (
            "case.decided",
            1,
            format!(
                r#"{{"decided_at":1781485200000000,"outcome":"granted","reason":{SEAL},"document":{PAPER},"certificate":{{"paper":{PAPER},"valid_from":"2026-06-15","valid_until":"2031-06-14"}}}}"#
            ),
        ),
        ("case.paper-filed", 1, format!(r#"{{"paper":"{ID}","digest":"{DIGEST}"}}"#)),
        ("case.paper-printed", 1, format!(r#"{{"paper":"{ID}","print":"{ID}","nth":1}}"#)),
        ("case.issued", 1, "{}".to_owned()),
        ("case.delivered", 1, format!(r#"{{"delivered_at":1781485200000000,"collector":{SEAL}}}"#)),
        (
            "case.delivered",
            1,
            format!(r#"{{"delivered_at":1781485200000000,"collector":{SEAL},"way":"post","proof":{PAPER}}}"#),
        ),
        ("case.closed", 1, "{}".to_owned()),
        (
            "case.taken",
            1,
            format!(
                r#"{{"filing":"{ID}","number":"0001260615010018","official":"11990100MB000131013000131901001202606150001","item":"11990100MB000131013000131901001","item_version":1,"department":"{ID}","window":"01","taken_at":1781485200000000,"applicant":{SEAL},"agent":{SEAL},"form":{SEAL},"checked":{SEAL},"materials":[{{"code":"application","file":{SEAL},"kept":true}}],"receipt":{PAPER}}}"#
            ),
        ),
        (
            "case.accepted",
            1,
            format!(
                r#"{{"accepted_at":1781485200000000,"officer":{SEAL},"notice":{PAPER},"agreement":"安政委〔2026〕3号"}}"#
            ),
        ),
        (
            "case.decided",
            1,
            format!(
                r#"{{"decided_at":1781485200000000,"outcome":"denied","reason":{SEAL},"document":{PAPER},"certificate":null,"agreement":"安政委〔2026〕3号"}}"#
            ),
        ),
        (
            "case.supplement-asked",
            1,
            format!(
                r#"{{"asked_at":1781485200000000,"by":"window","content":{SEAL},"paper":{PAPER},"allowed":{SEAL}}}"#
            ),
        ),
        (
            "case.supplemented",
            1,
            format!(
                r#"{{"received_at":1781485200000000,"materials":[{{"code":"lease","file":{SEAL}}}],"form":{SEAL},"checked":{SEAL},"receipt":{PAPER}}}"#
            ),
        ),
        (
            "case.rejected",
            1,
            format!(
                r#"{{"rejected_at":1781485200000000,"by":"department","ground":"not-competent","content":{SEAL},"paper":{PAPER}}}"#
            ),
        ),
        ("case.withdrawn", 1, format!(r#"{{"withdrawn_at":1781485200000000,"content":{SEAL},"paper":{PAPER}}}"#)),
        ("case.progressed", 1, format!(r#"{{"at":1781485200000000,"content":{SEAL}}}"#)),
        ("case.received-by-department", 1, format!(r#"{{"at":1781485200000000,"content":{SEAL}}}"#)),
        ("case.asked", 1, format!(r#"{{"id":"{ID}","asked_at":1781485200000000,"by":"window","content":{SEAL}}}"#)),
        (
            "case.answered",
            1,
            format!(r#"{{"enquiry":"{ID}","answered_at":1781485200000000,"by":"department","content":{SEAL}}}"#),
        ),
        (
            "case.originals-accounted",
            1,
            r#"{"at":1781485200000000,"returned":["lease"],"archived":["application"]}"#.to_owned(),
        ),
        (
            "case.originals-accounted",
            2,
            format!(r#"{{"at":1781485200000000,"returned":["lease"],"archived":["application"],"receiver":{SEAL}}}"#),
        ),
    ]
}

fn assigned(silence: &str) -> String {
    assigned_after("", silence)
}

fn assigned_after(received_at: &str, silence: &str) -> String {
    format!(
        r#"{{"hall":"{ID}","department":"{ID}","number":"0001260615010018","taken_at":1781485200000000{received_at},"assigned_at":1781485200000000,"limits":[{{"clock":"intake","working_days":5,"start":"receipt","law":"中华人民共和国行政许可法","article":"第三十二条","source":"派发大厅的事项目录"{silence}}},{{"clock":"statutory","natural_days":20,"start":"acceptance","law":"某办法","article":"第十条"}}],"review_and_decision_in_one":true,"content":{SEAL}}}"#
    )
}

fn task_events() -> Vec<(&'static str, u16, String)> {
    let accepted = format!(r#"{{"by":"{ID}","accepted_at":1781485200000000,"opinion":null,"notice":{PAPER}}}"#);
    vec![
        ("task.assigned", 2, assigned(r#","silence":"deemed-accepted""#)),
        ("task.assigned", 2, assigned("")),
        ("task.assigned", 3, assigned_after(r#","received_at":1781658000000000"#, "")),
        ("task.accepted", 1, accepted.clone()),
        ("task.deemed-accepted", 1, r#"{"deemed_at":1782230400000000}"#.to_owned()),
        ("task.acceptance-confirmed", 1, accepted),
        (
            "task.decided",
            1,
            format!(
                r#"{{"by":"{ID}","decided_at":1781485200000000,"outcome":"granted","opinion":{SEAL},"document":{PAPER},"certificate":{{"paper":{PAPER},"valid_from":"2026-06-15","valid_until":null,"rows":{SEAL}}}}}"#
            ),
        ),
        ("task.paper-filed", 1, format!(r#"{{"paper":"{ID}","digest":"{DIGEST}"}}"#)),
        (
            "task.paper-filed",
            2,
            format!(
                r#"{{"paper":"{ID}","digest":"{DIGEST}","authority":"安澜市市场监督管理局","seal":"行政许可专用章","sealed_by":"{ID}"}}"#
            ),
        ),
        ("task.claimed", 1, format!(r#"{{"by":"{ID}"}}"#)),
        ("task.released", 1, format!(r#"{{"by":"{ID}"}}"#)),
        (
            "task.supplement-asked",
            1,
            format!(r#"{{"by":"{ID}","asked_at":1781485200000000,"content":{SEAL},"paper":{PAPER}}}"#),
        ),
        ("task.supplemented", 1, format!(r#"{{"at":1781485200000000,"content":{SEAL}}}"#)),
        (
            "task.rejected",
            1,
            format!(
                r#"{{"by":"{ID}","rejected_at":1781485200000000,"ground":"not-needed","content":{SEAL},"paper":{PAPER}}}"#
            ),
        ),
        ("task.accepted-at-window", 1, format!(r#"{{"at":1781485200000000,"content":{SEAL}}}"#)),
        (
            "task.decided-at-window",
            1,
            format!(r#"{{"decided_at":1781485200000000,"outcome":"granted","content":{SEAL}}}"#),
        ),
        (
            "task.reviewed",
            1,
            format!(r#"{{"by":"{ID}","reviewed_at":1781485200000000,"proposal":"denied","opinion":{SEAL}}}"#),
        ),
        ("task.withdrawn", 1, format!(r#"{{"at":1781485200000000,"content":{SEAL}}}"#)),
        ("task.asked", 1, format!(r#"{{"id":"{ID}","asked_at":1781485200000000,"by":"department","content":{SEAL}}}"#)),
        (
            "task.answered",
            1,
            format!(r#"{{"enquiry":"{ID}","answered_at":1781485200000000,"by":"window","content":{SEAL}}}"#),
        ),
    ]
}

#[test]
fn stored_events_are_read_and_written_byte_for_byte() {
    for (kind, version, body) in case_events() {
        let written = write_case_event(&read_case_event(kind, version, body.as_bytes()).unwrap());
        assert_eq!((written.kind, written.version), (kind, version));
        assert_eq!(String::from_utf8(written.body).unwrap(), body);
    }
    for (kind, version, body) in task_events() {
        let written = write_task_event(&read_task_event(kind, version, body.as_bytes()).unwrap());
        assert_eq!((written.kind, written.version), (kind, version));
        assert_eq!(String::from_utf8(written.body).unwrap(), body);
    }
}

#[test]
fn a_task_assigned_before_silence_was_told_believes_the_hall() {
    let silences = |version, body: String| {
        let Ok(TaskEvent::Assigned(Assignment { limits, .. })) =
            read_task_event("task.assigned", version, body.as_bytes())
        else {
            panic!("{body}")
        };
        limits.into_iter().map(|rule| rule.silence).collect::<Vec<_>>()
    };
    assert_eq!(silences(1, assigned("")), [Some(SilenceEffect::DeemedAccepted), None]);
    assert_eq!(silences(1, assigned(r#","silence":"deemed-accepted""#)), [Some(SilenceEffect::DeemedAccepted), None]);
    assert_eq!(silences(2, assigned("")), [None, None]);
}
