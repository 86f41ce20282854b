//! Settings of the services: one TOML file, every key of it also as an environment variable, which goes before the file.
//!
//! A key that does not exist and a value that cannot be used are refused, with the file and line, or the variable. What
//! is secret is never shown.

use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use domain::{
    identity::DivisionPrefix,
    ids::{DepartmentId, HallId},
    number::{HallNumber, WindowNumber},
};
use hall::Delegation;
use protocol::Secret;
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};
use uuid::Uuid;

use crate::{DemoDate, folder::open_to_others};

/// What every variable begins with.
pub const PREFIX: &str = "YICHUANG_";

/// Variables that are no key of a file.
const OTHER_VARIABLES: [&str; 2] = ["YICHUANG_CONFIG", "YICHUANG_LOG"];

/// Why settings were refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("the settings {0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// A key or value of the file.
    #[error("{place}: {what}")]
    InFile {
        /// File, line and key.
        place: String,
        /// What is wrong, with the value.
        what: String,
    },
    /// A variable that has no meaning.
    #[error("{0} is no variable of this program; `--help` has them all")]
    UnknownVariable(String),
    /// The value of a variable.
    #[error("{variable}: {what}")]
    InVariable {
        /// The variable.
        variable: String,
        /// What is wrong, with the value.
        what: String,
    },
    /// A key without which nothing can start.
    #[error("{key} is missing: give it in the file of settings, or as {variable}")]
    Missing {
        /// The key.
        key: &'static str,
        /// Its variable.
        variable: String,
    },
    /// Values that do not go together.
    #[error("{key}: {what}")]
    Contradiction {
        /// Where.
        key: String,
        /// What is wrong.
        what: String,
    },
    /// A file with a secret cannot be read.
    #[error("the secret file {0} cannot be read")]
    SecretFile(PathBuf, #[source] std::io::Error),
}

/// A key, for `--help`.
struct Key {
    name: &'static str,
    help: &'static str,
}

/// The keys of a service, each of which may be missing.
trait Keys: DeserializeOwned + Default {
    const KEYS: &'static [Key];

    /// With what is missing taken from `below`.
    fn over(self, below: Self) -> Self;
}

macro_rules! keys {
    ($name:ident { $($(#[doc = $help:literal])+ $key:ident: $type:ty,)+ }) => {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct $name { $($key: Option<$type>,)+ }

        impl Keys for $name {
            const KEYS: &'static [Key] = &[$(Key { name: stringify!($key), help: concat!($($help),+) }),+];

            fn over(self, below: Self) -> Self {
                Self { $($key: self.$key.or(below.$key),)+ }
            }
        }
    };
}

keys!(HallKeys {
    /// Address and port to serve at. Usual: 127.0.0.1:8470.
    listen: Parsed<SocketAddr>,
    /// Folder for files and, with SQLite, the database. One program at a time.
    data: PathBuf,
    /// sqlite:///path/hall.db or postgres://user:password@host/name. Usual: hall.db in the data folder.
    database: Database,
    /// Id of the hall (UUID); never changed afterwards.
    id: Parsed<Uuid>,
    /// Name of the hall, as on its papers.
    name: String,
    /// Where the hall is, as printed on guides.
    address: String,
    /// Where to ask, by phone, as printed on guides.
    phone: String,
    /// Divisions that are known beside the provinces of the country, or how they begin, 2 to 6 digits, such as ["9901"]: a number with another one is shown as odd.
    divisions: Vec<Parsed<DivisionPrefix>>,
    /// First four digits of all case numbers, such as "0001".
    number: Parsed<HallNumber>,
    /// Mark of the receipts' numbers, such as "安政服收".
    receipt_mark: String,
    /// Numbers of the windows, such as ["01", "02"].
    windows: Vec<Parsed<WindowNumber>>,
    /// Where applicants look up their case; what QR codes say.
    public_url: String,
    /// Folder with calendar.txt, and items/*.toml that are published at the first start, as long as nothing was published; later ones are imported. Usual: the calendar that comes with the program and no items; in a demo, those of the fictional city.
    catalogue: PathBuf,
    /// Address of the department service for the pages of the back office, such as "http://10.0.0.2:8471"; none, none.
    department_service: String,
    /// Departments: [{ id, name, url, secret }], the url without /protocol/v1, with secret_file = "path" instead of secret if it is kept apart.
    /// With delegation = { agreement, from, until, notice_mark, decision_mark, certificate_mark, seal, contact, remedies, remedies_verified } where the department has left acceptance or decision to the windows; its marks are not those that the department uses itself.
    departments: Vec<PeerEntry>,
    /// Printers of the print station by name: { "出证窗口" = "ipp://10.0.0.9/ipp/print" }.
    printers: BTreeMap<String, String>,
    /// Whether people reach the pages by HTTPS only, through a proxy in front. Usual: false.
    https: bool,
    /// Demo: 演示 on every screen, 样张 on every paper, accounts that everybody knows. Usual: false.
    demo: bool,
    /// Date of the demo, such as 2026-06-15; each change moves it.
    demo_date: Parsed<DemoDate>,
});

keys!(DepartmentKeys {
    /// Address and port to serve at. Usual: 127.0.0.1:8471.
    listen: Parsed<SocketAddr>,
    /// Folder for files and, with SQLite, the database. One program at a time.
    data: PathBuf,
    /// sqlite:///path/department.db or postgres://user:password@host/name. Usual: department.db in the data folder.
    database: Database,
    /// Id of the department service (UUID); never changed afterwards.
    id: Parsed<Uuid>,
    /// Name of the department service, as shown at sign-in.
    name: String,
    /// The departments that work here, each of which halls reach at /departments/ and its id: [{ id, name, notice_mark, decision_mark, certificate_mark, seal, contact, remedies,
    /// remedies_verified }]; supplement_mark and rejection_mark, if the usual ones beside notice_mark (受 as 补, as 不受) do not do.
    departments: Vec<DepartmentEntry>,
    /// Halls: [{ id, name, url, secret }], with secret_file = "path" instead of secret if it is kept apart.
    halls: Vec<PeerEntry>,
    /// Folder with calendar.txt and items/. Usual: the calendar that comes with the program.
    catalogue: PathBuf,
    /// Whether people reach the service by HTTPS only, through a proxy in front. Usual: false.
    https: bool,
    /// Demo: 演示 on every screen, 样张 on every paper, accounts that everybody knows. Usual: false.
    demo: bool,
    /// Date of the demo, such as 2026-06-15; each change moves it.
    demo_date: Parsed<DemoDate>,
});

/// The settings of a hall.
#[derive(Debug)]
pub struct HallSettings {
    /// Where to serve.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// The database; none for SQLite in the data folder.
    pub database: Option<Database>,
    /// The hall.
    pub id: HallId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Where to ask.
    pub phone: String,
    /// Divisions that are known.
    pub divisions: Vec<DivisionPrefix>,
    /// The first four digits of its case numbers.
    pub number: HallNumber,
    /// Mark of its receipts.
    pub receipt_mark: String,
    /// Its windows.
    pub windows: Vec<WindowNumber>,
    /// Where applicants look up their case.
    pub public_url: String,
    /// The catalogue folder; none for the built-in calendar, and in a demo the built-in items.
    pub catalogue: Option<PathBuf>,
    /// The server of the back office's pages.
    pub department_service: Option<String>,
    /// The departments.
    pub departments: BTreeMap<DepartmentId, PeerSettings>,
    /// The printers, by name.
    pub printers: BTreeMap<String, String>,
    /// Whether pages are reached by HTTPS.
    pub https: bool,
    /// Whether it is a demo.
    pub demo: bool,
    /// The date of the demo.
    pub demo_date: Option<DemoDate>,
}

/// The settings of a department service.
#[derive(Debug)]
pub struct DepartmentSettings {
    /// Where to serve.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// The database; none for SQLite in the data folder.
    pub database: Option<Database>,
    /// The service.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The departments that work here.
    pub departments: Vec<DepartmentEntry>,
    /// The halls.
    pub halls: BTreeMap<HallId, PeerSettings>,
    /// The catalogue folder, of which the calendar is used; none for the built-in one.
    pub catalogue: Option<PathBuf>,
    /// Whether pages are reached by HTTPS.
    pub https: bool,
    /// Whether it is a demo.
    pub demo: bool,
    /// The date of the demo.
    pub demo_date: Option<DemoDate>,
}

/// A hall or department on the other side.
#[derive(Clone)]
pub struct PeerSettings {
    /// Its name.
    pub name: String,
    /// Base address of its protocol.
    pub url: String,
    /// The shared secret.
    pub secret: Secret,
    /// What a department has left to the windows of the hall.
    pub delegation: Option<Delegation>,
}

impl fmt::Debug for PeerSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerSettings").field("name", &self.name).field("url", &self.url).finish_non_exhaustive()
    }
}

/// A department that works in a department service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentEntry {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Mark of the numbers of its acceptance notices.
    pub notice_mark: String,
    /// Mark of the numbers of its notices of what is missing. Usual: notice_mark with 补 in place of 受 at its end.
    #[serde(default)]
    pub supplement_mark: Option<String>,
    /// Mark of the numbers of what it does not accept. Usual: notice_mark with 不受 in place of 受 at its end.
    #[serde(default)]
    pub rejection_mark: Option<String>,
    /// Mark of the numbers of its decisions.
    pub decision_mark: String,
    /// Mark of the numbers of its certificates.
    pub certificate_mark: String,
    /// Name of its seal.
    pub seal: String,
    /// Address and telephone, as printed.
    pub contact: String,
    /// Where a decision may be challenged, as printed.
    pub remedies: String,
    /// Whether that was held against the law; otherwise it is printed with 待核对.
    #[serde(default)]
    pub remedies_verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeerEntry {
    id: Uuid,
    name: String,
    url: String,
    #[serde(default)]
    secret: Option<Hidden>,
    #[serde(default)]
    secret_file: Option<PathBuf>,
    #[serde(default)]
    delegation: Option<Delegation>,
}

/// The address of a database. Its password is never shown.
#[derive(Clone)]
pub struct Database(String);

impl Database {
    /// The whole address. Keep it out of logs.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// The file of an SQLite database.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.0.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }
}

/// Not the address of a database.
#[derive(Debug, thiserror::Error)]
#[error("it begins with {0:?}, not with sqlite:/// or postgres://")]
pub struct NoDatabase(String);

impl FromStr for Database {
    type Err = NoDatabase;

    fn from_str(url: &str) -> Result<Self, NoDatabase> {
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        if known {
            return Ok(Self(url.to_owned()));
        }
        // Whatever comes later may be a password.
        Err(NoDatabase(url.split([':', '@', '/']).next().unwrap_or_default().chars().take(12).collect()))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.starts_with("sqlite:") { &self.0 } else { "postgres://…" })
    }
}

impl<'de> Deserialize<'de> for Database {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let Hidden(text) = Hidden::deserialize(source)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// A text that no message shows.
struct Hidden(String);

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(source)? {
            toml::Value::String(text) => Ok(Self(text)),
            _ => Err(D::Error::custom("it is not a text")),
        }
    }
}

/// A value that is written as text.
struct Parsed<T>(T);

/// What can be read from a text that may be shown.
trait Read: Sized {
    fn read(text: &str) -> Result<Self, String>;
}

macro_rules! read {
    ($($type:ty = $read:expr),+ $(,)?) => {$(
        impl Read for $type {
            fn read(text: &str) -> Result<Self, String> {
                $read(text).map_err(|error| error.to_string())
            }
        }
    )+};
}

read! {
    SocketAddr = |text: &str| text.parse::<SocketAddr>(),
    Uuid = |text: &str| text.parse::<Uuid>(),
    DemoDate = |text: &str| text.parse::<DemoDate>(),
    HallNumber = HallNumber::parse,
    WindowNumber = WindowNumber::parse,
    DivisionPrefix = DivisionPrefix::parse,
}

impl<'de, T: Read> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        let read = T::read(&text);
        read.map(Self).map_err(|why| D::Error::custom(format_args!("cannot be {:?}: {why}", shortened(&text))))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

impl HallSettings {
    /// From a file and the environment, whose variables go first.
    ///
    /// # Errors
    /// [`SettingsError`] for the first thing that is wrong.
    pub fn read(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let keys: HallKeys = read_keys(file, environment)?;
        let departments = peers("departments", keys.departments.unwrap_or_default())?;
        Ok(Self {
            listen: keys.listen.map_or(SocketAddr::from(([127, 0, 0, 1], 8470)), |Parsed(listen)| listen),
            data: keys.data.ok_or_else(|| missing("data"))?,
            database: keys.database,
            id: keys.id.map(|Parsed(id)| HallId(id)).ok_or_else(|| missing("id"))?,
            name: keys.name.ok_or_else(|| missing("name"))?,
            address: keys.address.unwrap_or_default(),
            phone: keys.phone.unwrap_or_default(),
            divisions: keys.divisions.unwrap_or_default().into_iter().map(|Parsed(division)| division).collect(),
            number: keys.number.map(|Parsed(number)| number).ok_or_else(|| missing("number"))?,
            receipt_mark: keys.receipt_mark.ok_or_else(|| missing("receipt_mark"))?,
            windows: keys.windows.ok_or_else(|| missing("windows"))?.into_iter().map(|Parsed(window)| window).collect(),
            public_url: keys.public_url.ok_or_else(|| missing("public_url"))?.trim_end_matches('/').to_owned(),
            catalogue: keys.catalogue,
            department_service: keys.department_service,
            departments: departments.into_iter().map(|(id, peer)| (DepartmentId(id), peer)).collect(),
            printers: keys.printers.unwrap_or_default(),
            https: keys.https.unwrap_or_default(),
            demo: keys.demo.unwrap_or_default(),
            demo_date: keys.demo_date.map(|Parsed(date)| date),
        })
    }

    /// The keys and what they mean, for `--help`.
    pub fn help() -> String {
        help::<HallKeys>()
    }
}

impl DepartmentSettings {
    /// From a file and the environment, whose variables go first.
    ///
    /// # Errors
    /// [`SettingsError`] for the first thing that is wrong.
    pub fn read(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let keys: DepartmentKeys = read_keys(file, environment)?;
        let halls = peers("halls", keys.halls.unwrap_or_default())?;
        Ok(Self {
            listen: keys.listen.map_or(SocketAddr::from(([127, 0, 0, 1], 8471)), |Parsed(listen)| listen),
            data: keys.data.ok_or_else(|| missing("data"))?,
            database: keys.database,
            id: keys.id.map(|Parsed(id)| id).ok_or_else(|| missing("id"))?,
            name: keys.name.ok_or_else(|| missing("name"))?,
            departments: keys.departments.ok_or_else(|| missing("departments"))?,
            halls: halls.into_iter().map(|(id, peer)| (HallId(id), peer)).collect(),
            catalogue: keys.catalogue,
            https: keys.https.unwrap_or_default(),
            demo: keys.demo.unwrap_or_default(),
            demo_date: keys.demo_date.map(|Parsed(date)| date),
        })
    }

    /// The keys and what they mean, for `--help`.
    pub fn help() -> String {
        help::<DepartmentKeys>()
    }
}

/// The environment of this program.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into(), value.to_string_lossy().into()))
}

fn missing(key: &'static str) -> SettingsError {
    SettingsError::Missing { key, variable: variable(key) }
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

fn help<K: Keys>() -> String {
    let mut text = String::from(
        "Settings: keys of the TOML file, and environment variables, which go before the file. Lists and tables are \
         written as in TOML.\n",
    );
    for Key { name, help } in K::KEYS {
        text.push_str(&format!("\n  {name}  ({})\n     {help}\n", variable(name)));
    }
    text
}

fn read_keys<K: Keys>(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<K, SettingsError> {
    let mut keys = K::default();
    for (name, value) in environment {
        if let Some(part) = read_variable::<K>(&name, &value)? {
            keys = part.over(keys);
        }
    }
    match file {
        Some(file) => Ok(keys.over(read_file(file)?)),
        None => Ok(keys),
    }
}

fn read_variable<K: Keys>(name: &str, value: &str) -> Result<Option<K>, SettingsError> {
    if !name.starts_with(PREFIX) || OTHER_VARIABLES.contains(&name) {
        return Ok(None);
    }
    let Some(key) = K::KEYS.iter().find(|key| variable(key.name) == name) else {
        return Err(SettingsError::UnknownVariable(name.to_owned()));
    };
    let read = |value: toml::Value| K::deserialize(toml::Table::from_iter([(key.name.to_owned(), value)]));
    // A text needs no quotes; whatever is none is written as in a file.
    let as_text = match read(toml::Value::String(value.to_owned())) {
        Ok(part) => return Ok(Some(part)),
        Err(error) => error,
    };
    let as_toml = toml::from_str::<toml::Table>(&format!("value = {value}"));
    let what = match as_toml.map(|mut table| table.remove("value")) {
        Ok(Some(value)) => match read(value) {
            Ok(part) => return Ok(Some(part)),
            Err(error) => error,
        },
        Err(error) if value.trim_start().starts_with(['[', '{']) => error,
        _ => as_text,
    };
    // What the parser adds about the place would name a table that nobody wrote.
    Err(SettingsError::InVariable { variable: name.to_owned(), what: without_secrets(what.message()) })
}

fn read_file<K: Keys>(file: &Path) -> Result<K, SettingsError> {
    let text = std::fs::read_to_string(file).map_err(|error| SettingsError::Unreadable(file.to_owned(), error))?;
    let keys = toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let key = text.lines().nth(line - 1).and_then(|line| Some(line.split_once('=')?.0.trim().to_owned()));
        let key = key.map(|key| format!(": {key}")).unwrap_or_default();
        SettingsError::InFile {
            place: format!("{}:{line}{key}", file.display()),
            what: without_secrets(error.message()),
        }
    })?;
    if text.contains("whsec_") && matches!(open_to_others(file), Ok(Some(_))) {
        tracing::warn!(file = %file.display(), "the file of settings holds a secret and is open to others: chmod 600");
    }
    Ok(keys)
}

/// A message of the parser, which quotes what it could not use.
fn without_secrets(message: &str) -> String {
    let mut parts = message.split("whsec_");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let secret = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
        shown.push_str("whsec_…");
        shown.push_str(part.trim_start_matches(secret));
    }
    shown
}

fn peers(key: &str, entries: Vec<PeerEntry>) -> Result<BTreeMap<Uuid, PeerSettings>, SettingsError> {
    let mut peers = BTreeMap::new();
    for (n, PeerEntry { id, name, url, secret, secret_file, delegation }) in entries.into_iter().enumerate() {
        let wrong = |what: String| SettingsError::Contradiction { key: format!("{key}[{n}]"), what };
        let text = match (secret, secret_file) {
            (Some(Hidden(secret)), None) => secret,
            (None, Some(file)) => {
                std::fs::read_to_string(&file).map_err(|error| SettingsError::SecretFile(file, error))?
            }
            _ => return Err(wrong("there must be one of secret and secret_file".to_owned())),
        };
        let secret = Secret::parse(&text).map_err(|error| wrong(format!("the secret is none: {error}")))?;
        if key == "halls" && delegation.is_some() {
            return Err(wrong("a hall delegates nothing".to_owned()));
        }
        if peers.insert(id, PeerSettings { name, url, secret, delegation }).is_some() {
            return Err(wrong(format!("{id} is there twice")));
        }
    }
    Ok(peers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        listen = "127.0.0.1:8470"
        data = "/var/lib/yichuang"
        id = "0193b000-0000-7000-8000-000000000001"
        name = "安澜市政务服务中心"
        number = "0001"
        receipt_mark = "安政服收"
        windows = ["01", "03"]
        public_url = "https://zwfw.anlan.example/"
    "#;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<HallSettings, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hall.toml");
        std::fs::write(&file, text).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let read = HallSettings::read(Some(&file), variables);
        read.map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
    }

    #[test]
    fn a_variable_goes_before_the_file() {
        let settings = read(
            FILE,
            &[
                ("YICHUANG_LISTEN", "127.0.0.1:1"),
                ("YICHUANG_WINDOWS", r#"["07"]"#),
                ("YICHUANG_PRINTERS", r#"{ "出证" = "ipp://127.0.0.1/" }"#),
                ("YICHUANG_DEMO", "true"),
                ("HOME", "/root"),
            ],
        );
        let settings = settings.unwrap();
        assert_eq!(settings.listen.port(), 1);
        assert_eq!(settings.windows[0].to_string(), "07");
        assert_eq!(settings.printers["出证"], "ipp://127.0.0.1/");
        assert!(settings.demo);
        assert_eq!(settings.public_url, "https://zwfw.anlan.example");
    }

    #[test]
    fn a_number_of_digits_is_a_text_in_a_variable() {
        assert_eq!(read(FILE, &[("YICHUANG_NUMBER", "1000")]).unwrap().number.to_string(), "1000");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let refused = read(&format!("{FILE}\nlisten_at = \"x\""), &[]).unwrap_err();
        assert!(refused.starts_with("hall.toml:11: listen_at: unknown field `listen_at`"), "{refused}");
    }

    #[test]
    fn a_wrong_value_is_refused_with_line_key_and_value() {
        let refused = read(&FILE.replace("\"0001\"", "\"12x4\""), &[]).unwrap_err();
        assert!(refused.starts_with("hall.toml:6: number: cannot be \"12x4\": "), "{refused}");
        let refused = read(&FILE.replace("\"0001\"", "7"), &[]).unwrap_err();
        assert!(refused.starts_with("hall.toml:6: number: invalid type: integer `7`"), "{refused}");
    }

    #[test]
    fn what_is_no_division_is_refused() {
        for wrong in ["", "9", "99０1", " 9901", "9901001", "安澜"] {
            let refused = read(&format!("{FILE}\ndivisions = [\"33\", {wrong:?}]"), &[]).unwrap_err();
            assert_eq!(refused, format!("hall.toml:11: divisions: cannot be {wrong:?}: 2 to 6 digits are needed"));
        }
        let refused = read(FILE, &[("YICHUANG_DIVISIONS", r#"[""]"#)]).unwrap_err();
        assert_eq!(refused, "YICHUANG_DIVISIONS: cannot be \"\": 2 to 6 digits are needed");
        assert_eq!(read(&format!("{FILE}\ndivisions = [\"33\", \"990100\"]"), &[]).unwrap().divisions.len(), 2);
    }

    #[test]
    fn a_wrong_variable_is_refused_with_name_and_value() {
        let refused = read(FILE, &[("YICHUANG_LISTEN", "port 80")]).unwrap_err();
        assert!(refused.starts_with("YICHUANG_LISTEN: cannot be \"port 80\": "), "{refused}");
        let refused = read(FILE, &[("YICHUANG_DEMO", "perhaps")]).unwrap_err();
        assert!(refused.starts_with("YICHUANG_DEMO: invalid type: string \"perhaps\""), "{refused}");
        let refused = read(FILE, &[("YICHUANG_LISTNE", "x")]).unwrap_err();
        assert!(refused.starts_with("YICHUANG_LISTNE is no variable"), "{refused}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let refused = read(&FILE.replace("name = ", "# "), &[]).unwrap_err();
        assert!(refused.contains("name is missing") && refused.contains("YICHUANG_NAME"), "{refused}");
    }

    #[test]
    fn what_is_secret_is_not_shown() {
        let peer = |secret: &str| {
            format!(
                "{FILE}\n[[departments]]\nid = \"0193b000-0000-7000-8000-000000000031\"\nname = \"局\"\n\
                 url = \"http://127.0.0.1:1\"\nsecret = {secret}"
            )
        };
        let refused = read(&peer("\"hunter2\""), &[]).unwrap_err();
        assert!(refused.starts_with("departments[0]: the secret is none"), "{refused}");
        assert!(!refused.contains("hunter2"));
        let refused = read(&peer("4711"), &[]).unwrap_err();
        assert!(!refused.contains("4711"), "{refused}");
        let refused = read(FILE, &[("YICHUANG_DATABASE", "mysql://root:hunter2@db/x")]).unwrap_err();
        assert_eq!(refused, "YICHUANG_DATABASE: it begins with \"mysql\", not with sqlite:/// or postgres://");
        for misplaced in [
            "whsec_aHVudGVyMg==",
            "[{ secret = \"whsec_aHVudGVyMg==\", idd = 1 }]",
            "[{ secret = \"whsec_aHVudGVyMg==\"",
        ] {
            let refused = read(FILE, &[("YICHUANG_DEPARTMENTS", misplaced)]).unwrap_err();
            assert!(refused.starts_with("YICHUANG_DEPARTMENTS: ") && !refused.contains("aHVudGVyMg"), "{refused}");
        }
        let settings = read(FILE, &[("YICHUANG_DATABASE", "postgres://root:hunter2@db/x")]).unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn help_explains_every_key_with_its_variable() {
        for (help, keys) in [(HallSettings::help(), HallKeys::KEYS), (DepartmentSettings::help(), DepartmentKeys::KEYS)]
        {
            for key in keys {
                assert!(help.contains(key.name) && help.contains(&variable(key.name)), "{}", key.name);
            }
        }
    }
}
