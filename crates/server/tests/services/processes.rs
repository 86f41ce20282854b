//! Hall and department as processes of their own, that share nothing but the protocol.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use printing::simulator::SimulatedPrinter;
use protocol::Secret;
use server::walk::{People, Person, Service, Site, walk};
use web::source::{Chance, instant};

use crate::{papers::demand_a_closed_case, program::program};

pub(crate) const HALL: &str = "0193b000-0000-7000-8000-000000000101";
const SERVICE: &str = "0193b000-0000-7000-8000-000000000121";
const DEPARTMENT: &str = "0193b000-0000-7000-8000-000000000031";
const OTHER_DEPARTMENT: &str = "0193b000-0000-7000-8000-000000000032";
const PASSWORD: &str = "correct-horse";
/// The item of a walk.
pub(crate) const FOOD: &str = "items/food-operation-licence.toml";

/// A service that is ended, if need be by force.
pub(crate) struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().unwrap())
    }

    /// Asks it to end, and demands that it ends well and soon.
    pub(crate) fn end(mut self) {
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
pub(crate) fn add_account(database: &str, place: &[&str], login: &str, name: &str, roles: &str) -> Result<(), String> {
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

pub(crate) fn person(login: &str, window: Option<&str>) -> Person {
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

/// Hall and department service as they are set up, before either is started.
pub(crate) struct Pair {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) printer: SimulatedPrinter,
    pub(crate) hall_file: PathBuf,
    pub(crate) department_file: PathBuf,
    pub(crate) site: Site,
    hall_database: String,
    department_database: String,
}

impl Pair {
    /// With these databases; `more` are further settings of the hall.
    pub(crate) async fn set_up(hall_database: &str, department_database: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let printer = SimulatedPrinter::start().await.unwrap();
        let ports = (free_port(), free_port());
        let secret = Secret::generate(Chance::system().bytes()).expose();
        let hall = hall_settings(folder.path(), ports, &printer, more);
        let department = department_settings(folder.path(), ports, &secret);
        write_private(&folder.path().join("secret"), &secret);
        let [hall_file, department_file] =
            [("hall.toml", hall), ("department.toml", department)].map(|(name, text)| {
                let file = folder.path().join(name);
                write_private(&file, &text);
                file
            });
        Self {
            folder,
            printer,
            hall_file,
            department_file,
            site: Site::new(&format!("http://127.0.0.1:{}", ports.0)).unwrap(),
            hall_database: hall_database.to_owned(),
            department_database: department_database.to_owned(),
        }
    }

    /// What the services say goes where it is read from, and to the test's own output otherwise.
    pub(crate) fn start(&self, log: impl Fn(&str) -> Stdio) -> [Running; 2] {
        let services = [
            ("hall", &self.hall_file, &self.hall_database),
            ("department", &self.department_file, &self.department_database),
        ];
        services.map(|(service, file, database)| {
            let mut command = program();
            command.args([service, "--config"]).arg(file);
            command.env("YICHUANG_DATABASE", database).env("YICHUANG_LOG", "warn").stderr(log(service));
            Running::start(&mut command)
        })
    }

    /// A command about the hall: what it prints, or what it says when it fails.
    pub(crate) fn of_hall(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = program();
        command.args(arguments).arg("--config").arg(&self.hall_file).env("YICHUANG_DATABASE", &self.hall_database);
        let output = command.env("USER", "helixin").stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }
}

fn hall_settings(folder: &Path, (port, department): (u16, u16), printer: &SimulatedPrinter, more: &str) -> String {
    format!(
        r#"
            listen = "127.0.0.1:{port}"
            data = "{}"
            id = "{HALL}"
            name = "安澜市政务服务中心"
            number = "0001"
            receipt_mark = "安政服收"
            windows = ["03", "09"]
            public_url = "https://zwfw.anlan.example"
            department_service = "http://127.0.0.1:{department}"
            {more}

            [printers]
            "出证窗口" = "{}"

            [[departments]]
            id = "{DEPARTMENT}"
            name = "安澜市市场监督管理局"
            url = "http://127.0.0.1:{department}/departments/{DEPARTMENT}"
            secret_file = "{}"
        "#,
        folder.join("hall").display(),
        printer.uri(),
        folder.join("secret").display(),
    )
}

fn department_settings(folder: &Path, (hall, port): (u16, u16), secret: &str) -> String {
    format!(
        r#"
            listen = "127.0.0.1:{port}"
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
            url = "http://127.0.0.1:{hall}"
            secret = "{secret}"
        "#,
        folder.join("department").display(),
    )
}

/// The people of a walk, who can sign in from now on.
pub(crate) fn open_desks(hall_database: &str, department_database: &str) -> People {
    let hall_place = ["--kind", "hall", "--office", HALL];
    add_account(hall_database, &hall_place, "clerk", "陈思远", "window_clerk").unwrap();
    add_account(hall_database, &hall_place, "output", "林小燕", "output_clerk").unwrap();
    let here = ["--kind", "department", "--office", SERVICE, "--department", DEPARTMENT];
    add_account(department_database, &here, "approver", "王建国", "approver,delegate").unwrap();
    People {
        clerk: person("clerk", Some("03")),
        approver: person("approver", None),
        output: person("output", Some("09")),
    }
}

/// Both services on these databases: the whole case, the journals, and that they end when asked.
async fn a_case_between_two_processes(hall_database: &str, department_database: &str) {
    let catalogue = tempfile::tempdir().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    fs::create_dir(catalogue.path().join("items")).unwrap();
    for file in ["calendar.txt", FOOD] {
        fs::copy(folder.join(file), catalogue.path().join(file)).unwrap();
    }
    let more = format!("catalogue = \"{}\"", catalogue.path().display());
    let pair = Pair::set_up(hall_database, department_database, &more).await;
    let [hall, department] = pair.start(|_| Stdio::inherit());
    let welcome = pair.site.wait_for(Service::Hall).await.unwrap();
    assert!(!welcome.demo);
    pair.site.wait_for(Service::Department).await.unwrap();

    let people = open_desks(hall_database, department_database);
    let service = ["--kind", "department", "--office", SERVICE];
    let [here, there] = [DEPARTMENT, OTHER_DEPARTMENT].map(|id| [&service[..], &["--department", id]].concat());
    let add = |place: &[&str]| add_account(department_database, place, "approver", "王建国", "approver,delegate");
    let nowhere = add(&service).unwrap_err();
    assert!(nowhere.contains("department cannot be \"none\""), "{nowhere}");
    let as_office = add(&["--kind", "department", "--office", DEPARTMENT, "--department", DEPARTMENT]).unwrap_err();
    assert!(as_office.contains("which is the service"), "{as_office}");
    let taken = add(&there).unwrap_err();
    assert!(taken.contains("login cannot be \"approver\"") && taken.contains(DEPARTMENT), "{taken}");
    let again = add(&here).unwrap_err();
    assert!(again.contains("somebody has it already"), "{again}");
    let walked = walk(&pair.site, &people, &mut |_| {}).await.unwrap();

    demand_a_closed_case(&walked, &pair.printer.printed());
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
pub(crate) struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    pub(crate) fn create(server: String) -> Self {
        let name = format!("server_{}", Chance::system().number());
        administer(&server, &format!("CREATE DATABASE {name}"));
        Self { server, name }
    }

    pub(crate) fn url(&self) -> String {
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
