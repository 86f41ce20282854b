//! What stands in the department's own system, field by field.

use protocol::{DepartmentField, Message, RawJson, TaskSupplemented};
use serde_json::json;

use crate::test_department::{TestDepartment, assigned};

crate::on_both_databases! { TestDepartment::open:
    each_field_of_the_department_is_confirmed_also_after_a_supplement
    without_fields_nothing_is_confirmed
    what_is_typed_into_another_system_is_a_card_to_print
}

async fn each_field_of_the_department_is_confirmed_also_after_a_supplement(department: TestDepartment) {
    let mut task = assigned(1);
    let field = |name: &str, label: &str, pointer: &str| DepartmentField {
        name: name.to_owned(),
        label: label.to_owned(),
        pointer: pointer.to_owned(),
    };
    task.item.department_fields = vec![
        field("ENT_NAME", "经营者名称", "/applicant/name"),
        field("ADDR", "经营场所", "/form/premises"),
        field("SCOPE", "经营项目", "/form/scope"),
        field("AREA", "面积", "/form/area"),
        field("AGENT", "代理人", "/agent/name"),
        field("NOTE", "说明", "/form/note"),
    ];
    task.form = RawJson::from(&json!({
        "premises": "安澜市桂花街12号", "scope": ["热食类", "冷食类"], "area": 80, "note": "长".repeat(4001),
    }));
    let (points, materials) = (task.points.clone(), task.materials.clone());
    let id = department.assign(task).await;
    let [(kind, told)] = &department.told().await[..] else { panic!("one message") };
    assert_eq!(kind, "task.received");
    let fields: Vec<_> = told["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| {
            (
                field["name"].as_str().unwrap(),
                field["value"].as_str(),
                field["taken"].as_bool().unwrap(),
                field["note"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("ENT_NAME", Some("欧阳晓岚"), true, None),
            ("ADDR", Some("安澜市桂花街12号"), true, None),
            ("SCOPE", Some("热食类、冷食类"), true, None),
            ("AREA", Some("80"), true, None),
            ("AGENT", None, false, Some("申请中没有这一项。")),
            ("NOTE", None, false, Some("内容过长，没有录入。")),
        ]
    );
    let supplemented = TaskSupplemented {
        case_id: id,
        received_at: web::Clock::now(&department.clock),
        form: RawJson::from(&json!({ "premises": "安澜市桂花街14号" })),
        materials,
        points,
    };
    department.hear(2, Message::TaskSupplemented(Box::new(supplemented))).await;
    let [(kind, told)] = &department.told().await[..] else { panic!("one message") };
    assert_eq!((kind.as_str(), &told["fields"][1]["value"]), ("task.received", &json!("安澜市桂花街14号")));
    assert_eq!(told["fields"][2]["taken"], false);
}

async fn without_fields_nothing_is_confirmed(department: TestDepartment) {
    department.task(1).await;
    assert!(department.told().await.is_empty());
}

async fn what_is_typed_into_another_system_is_a_card_to_print(department: TestDepartment) {
    let mut task = assigned(1);
    task.item.department_fields = vec![DepartmentField {
        name: "ENT_NAME".to_owned(),
        label: "经营者名称".to_owned(),
        pointer: "/applicant/name".to_owned(),
    }];
    let id = department.assign(task).await;
    let approver = department.desk("approver").await;
    let path = format!("/tasks/{id}");
    assert_eq!(approver.get(&path).await.done()["has_transcription_card"], true);
    let card = approver.get(&format!("{path}/transcription-card")).await;
    assert_eq!((card.status, card.header("content-type")), (200, "application/pdf"));
    assert!(card.bytes.starts_with(b"%PDF-"));

    let plain = department.assign(assigned(2)).await;
    assert_eq!(approver.get(&format!("/tasks/{plain}")).await.done()["has_transcription_card"], false);
    let none = approver.get(&format!("/tasks/{plain}/transcription-card")).await;
    assert_eq!(none.refusal(), "404 paper-not-found");
}
