//! The demo city's catalogue is right, and stays right on other days than its examples were written for.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeMap, fs, path::Path};

use domain::ids::DepartmentId;
use jiff::civil::date;
use yichuang_catalogue::{Catalogue, Finding, Looked};

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue"))
}

fn departments() -> BTreeMap<DepartmentId, String> {
    let city: toml::Table = fs::read_to_string(folder().join("city.toml")).unwrap().parse().unwrap();
    let department = |it: &toml::Value| {
        let (id, name) = (it["id"].as_str().unwrap(), it["name"].as_str().unwrap());
        (DepartmentId(id.parse().unwrap()), name.to_owned())
    };
    city["departments"].as_array().unwrap().iter().map(department).collect()
}

fn catalogue() -> Catalogue {
    let mut files = vec![];
    for file in fs::read_dir(folder().join("items")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push((name, fs::read_to_string(path).unwrap()));
    }
    files.sort();
    let read = Catalogue::read(files.iter().map(|(name, text)| (name.as_str(), text.as_str())), &departments());
    read.unwrap_or_else(|faults| panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

#[test]
fn every_item_is_whole_and_its_example_holds_for_years() {
    let catalogue = catalogue();
    for it in catalogue.items() {
        let ticked: Vec<&str> = it.item.all_points().map(|(_, point)| point.code.as_str()).collect();
        for today in [date(2026, 1, 1), date(2026, 12, 31), date(2027, 12, 31)] {
            let mut application = it.example.clone();
            application.tell_age(today);
            let review = it.rules.review(&it.item, &application, Looked::met(&ticked), today);
            let open: Vec<_> = review.points.iter().filter(|point| point.finding != Finding::Met).collect();
            assert!(open.is_empty(), "{} on {today}: {open:?}", it.item.name);
        }
    }
}
