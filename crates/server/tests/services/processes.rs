//! Hall and department as processes of their own, that share nothing but the protocol.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use printing::simulator::SimulatedPrinter;
use protocol::Secret;
use server::walk::{People, Person, Service, Site, walk};
use web::source::{Chance, instant};

use crate::{papers::demand_a_closed_case, program::program};

const HALL: &str = "0193b000-0000-7000-8000-000000000101";
const SERVICE: &str = "0193b000-0000-7000-8000-000000000121";
const DEPARTMENT: &str = "0193b000-0000-7000-8000-000000000031";
const OTHER_DEPARTMENT: &str = "0193b000-0000-7000-8000-000000000032";
const PASSWORD: &str = "correct-horse";

/// A service that is ended, if need be by force.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().unwrap())
    }

    /// Asks it to end, and demands that it ends well and soon.
    fn end(mut self) {
        let killed = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let since: Instant = instant();
        while since.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.0.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the service did not end");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port below those that listeners on port 0 get, so that no other test takes it meanwhile.
fn free_port() -> u16 {
    let chance = Chance::system();
    let port = || 10_000 + u16::try_from(chance.number() % 10_000).unwrap();
    std::iter::repeat_with(port).find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}

fn write_private(file: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Adds an account `--office …`; what the program says when it does not.
fn add_account(database: &str, place: &[&str], login: &str, name: &str, roles: &str) -> Result<(), String> {
    let mut adding = program()
        .args(["accounts", "add", "--login", login, "--name", name, "--roles", roles])
        .args(place)
        .env("YICHUANG_DATABASE", database)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(adding.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    let output = adding.wait_with_output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8(output.stderr).unwrap()) }
}

fn person(login: &str, window: Option<&str>) -> Person {
    Person { login: login.to_owned(), password: PASSWORD.to_owned(), window: window.map(str::to_owned) }
}

fn verify(database: &str, kind: &str, office: &str) -> (bool, String) {
    let output = program()
        .args(["verify-journal", "--kind", kind, "--office", office])
        .env("YICHUANG_DATABASE", database)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// Both services on these databases: the whole case, the journals, and that they end when asked.
async fn a_case_between_two_processes(hall_database: &str, department_database: &str) {
    let folder = tempfile::tempdir().unwrap();
    let printer = SimulatedPrinter::start().await.unwrap();
    let (hall_port, department_port) = (free_port(), free_port());
    let secret = Secret::generate(Chance::system().bytes()).expose();
    let data = |name: &str| folder.path().join(name).display().to_string();

    let secret_file = folder.path().join("secret");
    write_private(&secret_file, &secret);
    let hall_file = folder.path().join("hall.toml");
    let hall = format!(
        r#"
            listen = "127.0.0.1:{hall_port}"
            data = "{}"
            id = "{HALL}"
            name = "安澜市政务服务中心"
            number = "0001"
            receipt_mark = "安政服收"
            windows = ["03", "09"]
            public_url = "https://zwfw.anlan.example"
            department_service = "http://127.0.0.1:{department_port}"

            [printers]
            "出证窗口" = "{}"

            [[departments]]
            id = "{DEPARTMENT}"
            name = "安澜市市场监督管理局"
            url = "http://127.0.0.1:{department_port}/departments/{DEPARTMENT}"
            secret_file = "{}"
        "#,
        data("hall"),
        printer.uri(),
        secret_file.display(),
    );
    write_private(&hall_file, &hall);
    let department_file = folder.path().join("department.toml");
    let department = format!(
        r#"
            listen = "127.0.0.1:{department_port}"
            data = "{}"
            id = "{SERVICE}"
            name = "安澜市政务服务中心后台"

            [[departments]]
            id = "{DEPARTMENT}"
            name = "安澜市市场监督管理局"
            notice_mark = "安市监许受"
            decision_mark = "安市监许决"
            certificate_mark = "安市监食证"
            seal = "行政许可专用章"
            contact = "安澜市澜江路1号"
            remedies = "可以依法申请行政复议。"

            [[departments]]
            id = "{OTHER_DEPARTMENT}"
            name = "安澜市卫生健康委员会"
            notice_mark = "安卫许受"
            decision_mark = "安卫许决"
            certificate_mark = "安卫证"
            seal = "行政许可专用章"
            contact = "安澜市澜江路1号"
            remedies = "可以依法申请行政复议。"

            [[halls]]
            id = "{HALL}"
            name = "安澜市政务服务中心"
            url = "http://127.0.0.1:{hall_port}"
            secret = "{secret}"
        "#,
        data("department"),
    );
    write_private(&department_file, &department);

    let start = |service: &str, file: &Path, database: &str| {
        let mut command = program();
        command.args([service, "--config"]).arg(file).env("YICHUANG_DATABASE", database).env("YICHUANG_LOG", "warn");
        Running::start(&mut command)
    };
    let hall = start("hall", &hall_file, hall_database);
    let department = start("department", &department_file, department_database);
    let site = Site::new(&format!("http://127.0.0.1:{hall_port}")).unwrap();
    let welcome = site.wait_for(Service::Hall).await.unwrap();
    assert!(!welcome.demo);
    site.wait_for(Service::Department).await.unwrap();

    let hall_place = ["--kind", "hall", "--office", HALL];
    add_account(hall_database, &hall_place, "clerk", "陈思远", "window_clerk").unwrap();
    add_account(hall_database, &hall_place, "output", "林小燕", "output_clerk").unwrap();
    let service = ["--kind", "department", "--office", SERVICE];
    let [here, there] = [DEPARTMENT, OTHER_DEPARTMENT].map(|id| [&service[..], &["--department", id]].concat());
    let add = |place: &[&str]| add_account(department_database, place, "approver", "王建国", "approver,delegate");
    let nowhere = add(&service).unwrap_err();
    assert!(nowhere.contains("department cannot be \"none\""), "{nowhere}");
    let as_office = add(&["--kind", "department", "--office", DEPARTMENT, "--department", DEPARTMENT]).unwrap_err();
    assert!(as_office.contains("which is the service"), "{as_office}");
    add(&here).unwrap();
    let taken = add(&there).unwrap_err();
    assert!(taken.contains("login cannot be \"approver\"") && taken.contains(DEPARTMENT), "{taken}");
    let again = add(&here).unwrap_err();
    assert!(again.contains("somebody has it already"), "{again}");
    let people = People {
        clerk: person("clerk", Some("03")),
        approver: person("approver", None),
        output: person("output", Some("09")),
    };
    let walked = walk(&site, &people, &mut |_| {}).await.unwrap();

    demand_a_closed_case(&walked, &printer.printed());
    hall.end();
    department.end();
    for (database, kind, office) in [(hall_database, "hall", HALL), (department_database, "department", DEPARTMENT)] {
        let (good, report) = verify(database, kind, office);
        assert!(good, "{report}");
        assert!(report.starts_with("1 cases with ") && report.ends_with("events: 0 with a fault\n"), "{report}");
    }
    assert_eq!(verify(department_database, "department", SERVICE), (false, String::new()), "it has no journal");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_between_two_processes_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    a_case_between_two_processes(&database("hall"), &database("department")).await;
}

/// With one database for both: the office is in every key.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_between_two_processes_on_postgres() {
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else { return };
    let database = PostgresDatabase::create(server);
    a_case_between_two_processes(&database.url(), &database.url()).await;
}

/// A database that is gone with the test.
struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    fn create(server: String) -> Self {
        let name = format!("server_{}", Chance::system().number());
        administer(&server, &format!("CREATE DATABASE {name}"));
        Self { server, name }
    }

    fn url(&self) -> String {
        let (base, _) = self.server.rsplit_once('/').unwrap();
        format!("{base}/{}", self.name)
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        administer(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// Through `psql`, because only the store speaks SQL in this house.
fn administer(server: &str, statement: &str) {
    let done = Command::new("psql").args(["-q", "-v", "ON_ERROR_STOP=1", server, "-c", statement]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
