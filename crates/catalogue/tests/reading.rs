//! Reading item files: what is right is read, and of what is wrong everything is named, with its line.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use domain::ids::DepartmentId;
use jiff::civil::date;
use serde_json::json;
use yichuang_catalogue::{Catalogue, CatalogueItem, Finding, Looked};

const ITEM: &str = include_str!("files/dance-hall.toml");
const CODE: &str = "11990100MB000131013000120001001";

fn departments() -> BTreeMap<DepartmentId, String> {
    let id = "0193b000-0000-7000-8000-000000000031".parse().unwrap();
    BTreeMap::from([(DepartmentId(id), "安澜市市场监督管理局".to_owned())])
}

fn read(text: &str) -> Result<Catalogue, Vec<String>> {
    let faults = |faults: Vec<yichuang_catalogue::Fault>| faults.iter().map(ToString::to_string).collect();
    Catalogue::read([("dance-hall.toml", text)], &departments()).map_err(faults)
}

fn with_item<T>(look: impl FnOnce(&CatalogueItem) -> T) -> T {
    look(read(ITEM).unwrap().item(CODE).unwrap())
}

#[test]
fn situations_select_materials_points_and_the_fee() {
    with_item(|it| {
        let today = date(2026, 6, 15);
        let review = it.rules.review(&it.item, &it.example, Looked::met(&["signed"]), today);
        assert_eq!(review.questions, ["place"]);
        assert_eq!(review.materials, ["application", "lease"]);
        assert_eq!(review.open().count(), 0);
        assert_eq!(review.fee, Some(0));

        let mut own = it.example.clone();
        own.answers = json!({ "place": "own" });
        own.form = json!({ "name": "桂花歌舞厅", "area": 50 });
        let review = it.rules.review(&it.item, &own, Looked::default(), today);
        assert_eq!(review.materials, ["application"]);
        assert_eq!(review.open().map(|point| point.code).collect::<Vec<_>>(), ["signed"]);
        assert_eq!(review.fee, Some(1));
    });
}

#[test]
fn a_point_is_open_until_the_machine_can_tell() {
    with_item(|it| {
        let mut blank = it.example.clone();
        blank.form = json!({});
        let review = it.rules.review(&it.item, &blank, Looked::default(), date(2026, 6, 15));
        let found = |code: &str| review.points.iter().find(|point| point.code == code).unwrap().finding;
        assert_eq!(found("name-short"), Finding::Open);
        assert_eq!(found("lease-runs"), Finding::Violated);
        assert_eq!(found("adult"), Finding::Met);
    });
}

#[test]
fn everything_that_is_wrong_with_a_file_is_named_with_its_line() {
    let broken = [
        ITEM.replace("version = 1", "version = \"one\"")
            .replace("key = false", "")
            .replace("status = \"sourced\"\nsource = \"测试\"", "status = \"sourced\""),
        ITEM.replace("form.area >= 100", "form.aera >= 100")
            .replace("rule = \"size(form.name) <= 20\"", "rule = \"size(form.name <= 20\""),
        ITEM.replace("form.area >= 100", "form.aera >= 100"),
        ITEM.replace("lease_until = \"2020-01-01\"", "lease_until = \"2098-01-01\"")
            .replace("area = 120.5", "area = 0"),
        ITEM.replace("0193b000-0000-7000-8000-000000000031", "0193b000-0000-7000-8000-0000000000ff"),
        ITEM.replace("pointer = \"/form/name\"", "pointer = \"/form/nme\"")
            .replace("answers = { place = \"rent\" }", "answers = { place = \"borrowed\" }"),
        ITEM.replace("[fee]", "[fee"),
    ];
    let said: Vec<String> = broken.iter().map(|text| read(text).unwrap_err().join("\n")).collect();
    insta::assert_snapshot!(said.join("\n\n"));
}
