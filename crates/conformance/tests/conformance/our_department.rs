//! Our department service with its workers, behind a line that may break one thing.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use department::{DepartmentConfig, DepartmentProfile, Departments, HallPeer, Parts, Workers};
use domain::{
    calendar::WorkCalendar,
    ids::{DepartmentId, HallId},
    rights::Role,
};
use protocol::Secret;
use store::{Kind, Store};
use tokio::net::TcpListener;
use uuid::Uuid;
use web::{
    SystemClock,
    session::{SessionCookie, Sessions},
    source::Chance,
};
use yichuang_conformance::{ALL, Report, Setup, Waits, check};

use crate::{
    approver::Approver,
    breaker::{Breaks, Line},
    stage::{Place, account, open_account},
};

const HALL: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000001);
const SERVICE: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000021);
const DEPARTMENT: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000031);
const CALENDAR: &str = include_str!("../../../../catalogue/calendar.txt");

/// Checks our department over a line that breaks one thing, or nothing.
pub(crate) async fn report(breaks: Option<Breaks>, operated: bool) -> Report {
    let place = Place::sqlite();
    let store = Store::open(&place.store_config(), Kind::Department, SERVICE).await.unwrap();
    let roles = [Role::Approver, Role::Delegate];
    open_account(&store, account(1, "approver", "王建国", &roles, Some(DEPARTMENT))).await;

    let secret = Secret::generate([7; 32]);
    let listen = async || TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (hall, line, service) = (listen().await, listen().await, listen().await);
    let address = |listener: &TcpListener| format!("http://{}", listener.local_addr().unwrap());
    let (hall_url, line_url, service_url) = (address(&hall), address(&line), address(&service));

    let config = config(&place, format!("{line_url}/to-hall"), &secret);
    let (clock, chance) = (Arc::new(SystemClock), Chance::system());
    let parts = Parts {
        store: store.clone(),
        clock: clock.clone(),
        chance: chance.clone(),
        calendar: WorkCalendar::parse(CALENDAR).unwrap(),
    };
    let departments = Departments::open(config, parts).unwrap();
    let cookie = SessionCookie { name: "yichuang-department", path: "/api/department", secure: false };
    let sessions = Sessions::new(store, clock, chance, cookie);
    let routes = department::routes(departments.clone(), sessions, None);
    let desk = routes.clone();
    let router = routes.merge(department::protocol_routes(&departments));
    tokio::spawn(async move { axum::serve(service, router).await });
    let workers: Workers = departments.start();

    let department_path = department::protocol_path(DepartmentId(DEPARTMENT));
    let to = Line::new(format!("{service_url}{department_path}"), hall_url, secret.clone(), breaks);
    tokio::spawn(to.serve(line));

    let setup = Setup {
        url: format!("{line_url}/to-department"),
        department: DEPARTMENT,
        hall: HALL,
        secret,
        listener: hall,
        // What does not come is waited for in whole: the machine may be slow, and the tests are many.
        waits: Waits {
            answer: Duration::from_secs(5),
            message: Duration::from_secs(30),
            person: Duration::from_secs(30),
            settle: Duration::from_secs(3),
        },
        operated,
    };
    let report = check(setup, &Approver::new(desk, breaks == Some(Breaks::ShowsAnyBytes))).await.unwrap();
    workers.stop().await;
    assert_eq!(report.findings.len(), ALL.len());
    report
}

fn config(place: &Place, hall_url: String, secret: &Secret) -> DepartmentConfig {
    let peer = HallPeer { name: "协议检查大厅".to_owned(), url: hall_url, secrets: vec![secret.clone()] };
    DepartmentConfig {
        id: SERVICE,
        name: "安澜市政务服务中心后台".to_owned(),
        departments: vec![DepartmentProfile {
            id: DepartmentId(DEPARTMENT),
            name: "安澜市市场监督管理局".to_owned(),
            notice_mark: "安市监许受".to_owned(),
            supplement_mark: "安市监许补".to_owned(),
            rejection_mark: "安市监许不受".to_owned(),
            decision_mark: "安市监许决".to_owned(),
            certificate_mark: "安市监食证".to_owned(),
            seal: "行政许可专用章".to_owned(),
            contact: "安澜市澜江路1号".to_owned(),
            remedies: "可以申请行政复议。".to_owned(),
            remedies_verified: false,
        }],
        halls: BTreeMap::from([(HallId(HALL), peer)]),
        files: place.folder.join("files"),
        demo: true,
    }
}
