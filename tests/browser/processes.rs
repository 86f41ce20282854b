//! The whole case in a browser, with hall and department as processes of their own.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use printing::simulator::SimulatedPrinter;
use server::walk::{Service, Site};
use tokio::process::{Child, Command};
use yichuang_tests::driver::Pages;
use yichuang_tests::journey::hands::{ALT, Hands};
use yichuang_tests::journey::paper::demand_right_papers;
use yichuang_tests::journey::{self, People, Person, Place};
use yichuang_tests::{HarnessError, Result, built};

const HALL: &str = "0193b000-0000-7000-8000-000000000101";
const SERVICE: &str = "0193b000-0000-7000-8000-000000000121";
const DEPARTMENT: &str = "0193b000-0000-7000-8000-000000000031";
/// Between the two services; no more secret than this file.
const SECRET: &str = "whsec_eWljaHVhbmctZW5kLXRvLWVuZC10ZXN0LXNlY3JldCE=";

/// The item of the journey, in the catalogue.
const FOOD: &str = "items/food-operation-licence.toml";

const PASSWORD: &str = "correct-horse";
const PEOPLE: People = People {
    clerk: Person { login: "clerk", password: PASSWORD, name: "陈思远" },
    approver: Person { login: "approver", password: PASSWORD, name: "王建国" },
    output: Person { login: "output", password: PASSWORD, name: "林小燕" },
};

/// A hall and a department that share nothing but the protocol. Both end with it.
struct Services {
    base: String,
    folder: PathBuf,
    running: [Child; 2],
}

impl Services {
    async fn start(printer: &SimulatedPrinter) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("yichuang-processes-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let [hall_port, department_port] = free_ports()?;
        let data = |name: &str| folder.join(name).display().to_string();

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
                catalogue = "{}"

                [printers]
                "出证窗口" = "{}"

                [[departments]]
                id = "{DEPARTMENT}"
                name = "安澜市市场监督管理局"
                url = "http://127.0.0.1:{department_port}/departments/{DEPARTMENT}"
                secret = "{SECRET}"
            "#,
            data("hall"),
            food(&folder)?.display(),
            printer.uri(),
        );
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

                [[halls]]
                id = "{HALL}"
                name = "安澜市政务服务中心"
                url = "http://127.0.0.1:{hall_port}"
                secret = "{SECRET}"
            "#,
            data("department"),
        );
        let running = [start("hall", &folder, &hall)?, start("department", &folder, &department)?];
        let base = format!("http://127.0.0.1:{hall_port}");
        let services = Self { base: base.clone(), folder, running };
        // Who answers has its database; accounts come after that.
        let site = Site::new(&base).map_err(|error| HarnessError::InVain(error.to_string()))?;
        for service in [Service::Hall, Service::Department] {
            site.wait_for(service).await.map_err(|error| HarnessError::InVain(error.to_string()))?;
        }
        services.add("hall", &["--office", HALL], &PEOPLE.clerk, "window_clerk")?;
        services.add("hall", &["--office", HALL], &PEOPLE.output, "output_clerk")?;
        let department = ["--office", SERVICE, "--department", DEPARTMENT];
        services.add("department", &department, &PEOPLE.approver, "approver,delegate")?;
        Ok(services)
    }

    fn add(&self, kind: &str, place: &[&str], person: &Person, roles: &str) -> Result<()> {
        let Person { login, password, name } = person;
        let mut adding = std::process::Command::new(built("yichuang-server"))
            .args(["accounts", "add", "--kind", kind])
            .args(place)
            .args(["--login", login, "--name", name, "--roles", roles])
            .env("YICHUANG_DATABASE", format!("sqlite://{}/{kind}/{kind}.db", self.folder.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        if let Some(mut input) = adding.stdin.take() {
            writeln!(input, "{password}")?;
        }
        if adding.wait()?.success() {
            return Ok(());
        }
        Err(HarnessError::Failed("yichuang-server accounts add".to_owned(), login.to_string()))
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        for service in &mut self.running {
            // What has ended meanwhile needs no end.
            let _ = service.start_kill();
        }
        // A folder that stays behind in the temporary folder does no harm.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn start(service: &str, folder: &Path, settings: &str) -> Result<Child> {
    let file = folder.join(format!("{service}.toml"));
    fs::write(&file, settings)?;
    private(&file)?;
    let started = Command::new(built("yichuang-server"))
        .args([service, "--config"])
        .arg(&file)
        .env("YICHUANG_LOG", "warn")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    started.map_err(|error| HarnessError::Start("yichuang-server".to_owned(), error))
}

/// A file with a secret is refused where others can read it.
fn private(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(file, fs::Permissions::from_mode(0o600))?)
}

/// A catalogue with the one item of the journey.
fn food(folder: &Path) -> Result<PathBuf> {
    let (from, to) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalogue"), folder.join("catalogue"));
    fs::create_dir_all(to.join("items"))?;
    for file in ["calendar.txt", FOOD] {
        fs::copy(from.join(file), to.join(file))?;
    }
    Ok(to)
}

fn free_ports() -> Result<[u16; 2]> {
    let [one, other] = [TcpListener::bind(("127.0.0.1", 0))?, TcpListener::bind(("127.0.0.1", 0))?];
    Ok([one.local_addr()?.port(), other.local_addr()?.port()])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_by_keyboard_through_two_processes() -> Result<()> {
    let printer = SimulatedPrinter::start().await?;
    let services = Services::start(&printer).await?;
    let files = journey::brought_files(&services.folder)?;
    let pages = Pages::chromium(1280, 800).await?;
    pages.client.goto(&services.base).await?;

    let place = Place::Browser { base: services.base.clone() };
    let walked = journey::walk(&pages, &place, &PEOPLE, &files, "browser").await?;
    let documents: Vec<_> = printer.printed().into_iter().map(|document| document.bytes.to_vec()).collect();
    let link = demand_right_papers("browser", &walked, &documents)?;

    let hands = Hands::on(&pages);
    hands.press(&[ALT, '2']).await?;
    pages.element("[data-testid=cases-search]").await?;
    journey::scan(&hands, &link, &walked).await?;
    pages.picture("browser-7-scanned").await?;
    pages.close().await
}
