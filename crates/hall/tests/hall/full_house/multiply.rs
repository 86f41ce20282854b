//! Copies cases inside a database: rows, journal, records, papers and what they are found by, each with ids, numbers and
//! people of its own. Hashes stay those of the case that was copied.

use domain::number::{CaseNumber, HallNumber, ImplementationCode, OfficialNumber, WindowNumber};
use jiff::{ToSpan, civil::date};
use serde_json::json;
use sqlx::{Connection, PgConnection, Row, SqliteConnection, raw_sql};
use uuid::Uuid;

use crate::{
    stage::{Database, Place},
    test_hall::{ITEM, applicant},
};

/// A case, and how many like it there shall be.
pub(super) struct Template {
    pub(super) case: Uuid,
    pub(super) copies: usize,
}

/// A case that was made.
pub(super) struct Copied {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) id_number: String,
    pub(super) phone: String,
}

/// The tables that know a case, and how its rows are told.
const TABLES: [(&str, &str); 11] = [
    ("event", "t.stream_id"),
    ("stream_head", "t.stream_id"),
    ("record", "t.stream_id"),
    ("outbox_document", "t.stream_id"),
    ("outbox_sequence", "t.stream_id"),
    ("outbox", "t.stream_id"),
    ("searchable", "t.stream_id"),
    ("paper", "t.case_id"),
    ("case_key", "t.case_id"),
    ("print", "(SELECT p.case_id FROM paper AS p WHERE p.office_id = t.office_id AND p.id = t.paper_id)"),
    // Last: the others look here for the numbers of the case that is copied.
    ("case_row", "t.id"),
];

/// The columns whose bytes are a text.
const TEXTS: [&str; 3] = ["body", "content", "bytes"];

/// How many characters the 48 bits of time in an id take, as it is written.
const HEAD: usize = 13;

pub(super) async fn multiply(place: &Place, templates: &[Template]) -> Vec<Copied> {
    let mut db = Db::open(place).await;
    let copies: Vec<(Uuid, Copied)> = templates
        .iter()
        .flat_map(|template| std::iter::repeat_n(template.case, template.copies))
        .zip(0..)
        .map(|(template, n)| (template, copied(template, n)))
        .collect();

    db.run("BEGIN").await;
    db.run("CREATE TABLE copy (template TEXT, head TEXT, number TEXT, official TEXT, name TEXT, masked TEXT, id_number TEXT, phone TEXT)")
        .await;
    for (part, copies) in copies.chunks(10_000).enumerate() {
        let rows: Vec<_> = (part * 10_000..).zip(copies).map(|(n, (template, copy))| row(n, *template, copy)).collect();
        db.run(&db.copies_of(&json!(rows).to_string())).await;
    }
    let mut template_rows =
        String::from("CREATE TABLE template AS SELECT id AS case_id, number, official_number FROM case_row WHERE ");
    template_rows += &templates.iter().map(|template| db.is("id", template.case)).collect::<Vec<_>>().join(" OR ");
    db.run(&template_rows).await;
    for (table, case) in TABLES {
        let columns = db.columns(table).await;
        let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<_> = columns.iter().map(|(name, kind)| db.copied(name, kind)).collect();
        let (names, values, id) = (names.join(", "), values.join(", "), db.written("template.case_id"));
        db.run(&format!(
            "INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS t
             JOIN template ON template.case_id = {case} JOIN copy ON copy.template = {id}"
        ))
        .await;
    }
    let places = "WITH RECURSIVE place (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM place WHERE i < 20)";
    db.run(&format!(
        "INSERT INTO gram (office_id, gram, stream_id)
         {places}, lengths (n) AS (SELECT 1 UNION ALL SELECT 2)
         SELECT DISTINCT office_id, substr(folded, i, n), stream_id FROM searchable, place, lengths
          WHERE i + n - 1 <= length(folded) ON CONFLICT DO NOTHING"
    ))
    .await;
    db.run("DROP TABLE copy; DROP TABLE template; COMMIT").await;
    db.close().await;
    copies.into_iter().map(|(_, copy)| copy).collect()
}

/// A copy a minute, back from the day before.
fn head(n: usize) -> String {
    let day = "2026-06-14T09:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let at = u64::try_from(day.as_millisecond()).unwrap() - n as u64 * 60_000;
    Uuid::from_u128(u128::from(at) << 80).to_string()[..HEAD].to_owned()
}

fn copied(template: Uuid, n: usize) -> Copied {
    const SURNAMES: [char; 20] = [
        '王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高', '林', '何', '郭',
        '马', '罗',
    ];
    const GIVEN: [char; 30] = [
        '伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '超', '秀',
        '霞', '平', '刚', '桂', '英', '华', '玉', '兰', '建', '国', '红', '文',
    ];
    let day = date(2026, 6, 14) - (n as i64 % 2000).days();
    let window = WindowNumber::new(1 + (n % 60) as u8).unwrap();
    let number = CaseNumber::new(HallNumber::parse("0001").unwrap(), day, window, 100 + (n / 2000) as u16).unwrap();
    Copied {
        id: format!("{}{}", head(n), &template.to_string()[HEAD..]).parse().unwrap(),
        number: number.to_string(),
        name: [SURNAMES[n % 20], GIVEN[n / 20 % 30], GIVEN[n / 600 % 30]].iter().collect(),
        id_number: id_number(n),
        phone: format!("139{:08}", 10_000_000 + n),
    }
}

/// A number with the right check character (GB 11643-1999, ISO 7064 MOD 11-2).
fn id_number(n: usize) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let birth = date(1950, 1, 1) + (n as i64 % 18_000).days();
    let body = format!("110105{}{:03}", birth.strftime("%Y%m%d"), n / 18_000);
    let sum: usize = body.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{body}{}", b"10X98765432"[sum % 11] as char)
}

fn row(n: usize, template: Uuid, copy: &Copied) -> serde_json::Value {
    let day = date(2026, 6, 14) - (n as i64 / 9000).days();
    let official = OfficialNumber::new(ImplementationCode::parse(ITEM).unwrap(), day, 1 + (n % 9000) as u16).unwrap();
    let name: Vec<char> = copy.name.chars().collect();
    let masked = format!("{}*{}", name[0], name[2]);
    let Copied { number, name, id_number, phone, .. } = copy;
    json!([template, head(n), number, official.to_string(), name, masked, id_number, phone])
}

enum Db {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Db {
    async fn open(place: &Place) -> Self {
        let url = place.store_config().url;
        match &place.database {
            Database::Sqlite => {
                let mut db = SqliteConnection::connect(&url).await.unwrap();
                // Nobody misses it if it breaks, and with a journal the file would be there twice.
                raw_sql("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF").execute(&mut db).await.unwrap();
                Self::Sqlite(db)
            }
            Database::Postgres { .. } => Self::Postgres(PgConnection::connect(&url).await.unwrap()),
        }
    }

    async fn close(self) {
        match self {
            Self::Sqlite(db) => db.close().await.unwrap(),
            Self::Postgres(db) => db.close().await.unwrap(),
        }
    }

    async fn run(&mut self, sql: &str) {
        let sql = raw_sql(sqlx::AssertSqlSafe(sql));
        match self {
            Self::Sqlite(db) => drop(sql.execute(db).await.unwrap()),
            Self::Postgres(db) => drop(sql.execute(db).await.unwrap()),
        }
    }

    /// The columns of a table with their types.
    async fn columns(&mut self, table: &str) -> Vec<(String, String)> {
        match self {
            Self::Sqlite(db) => {
                let sql = format!("SELECT name, type FROM pragma_table_info('{table}')");
                let rows = raw_sql(sqlx::AssertSqlSafe(sql)).fetch_all(db).await.unwrap();
                rows.iter().map(|row| (row.get(0), row.get(1))).collect()
            }
            Self::Postgres(db) => {
                let sql = format!(
                    "SELECT column_name::text, data_type::text FROM information_schema.columns
                      WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
                );
                let rows = raw_sql(sqlx::AssertSqlSafe(sql)).fetch_all(db).await.unwrap();
                rows.iter().map(|row| (row.get(0), row.get(1))).collect()
            }
        }
    }

    /// Rows of `copy` out of a list of lists.
    fn copies_of(&self, list: &str) -> String {
        let columns: Vec<_> = (0..8).map(|n| format!("value ->> {n}")).collect();
        let each = match self {
            Self::Sqlite(_) => format!("json_each('{list}')"),
            Self::Postgres(_) => format!("json_array_elements('{list}'::json) AS value"),
        };
        format!("INSERT INTO copy SELECT {} FROM {each}", columns.join(", "))
    }

    /// Whether a column is an id.
    fn is(&self, column: &str, id: Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("{column} = x'{}'", id.simple()),
            Self::Postgres(_) => format!("{column} = '{id}'::uuid"),
        }
    }

    /// An id as it is written.
    fn written(&self, column: &str) -> String {
        match self {
            Self::Sqlite(_) => {
                let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)];
                let parts = parts.map(|(from, length)| format!("substr(lower(hex({column})), {from}, {length})"));
                parts.join(" || '-' || ")
            }
            Self::Postgres(_) => format!("{column}::text"),
        }
    }

    /// What stands in a column of a copy.
    fn copied(&self, column: &str, kind: &str) -> String {
        let old = head_of_templates();
        let c = format!("t.{column}");
        match (kind.to_ascii_uppercase().as_str(), self) {
            ("TEXT", _) => replaced(&c),
            ("BLOB", _) if TEXTS.contains(&column) => {
                format!("CAST({} AS BLOB)", replaced(&format!("CAST({c} AS TEXT)")))
            }
            // Not what is no text, such as a printed paper.
            ("BYTEA", _) if TEXTS.contains(&column) => format!(
                "CASE WHEN get_byte({c}, 0) = ascii('{{') THEN convert_to({}, 'UTF8') ELSE {c} END",
                replaced(&format!("convert_from({c}, 'UTF8')"))
            ),
            ("BLOB", _) => {
                let old = old.replace('-', "");
                format!(
                    "CASE WHEN substr({c}, 1, 6) = x'{old}'
                          THEN unhex(replace(copy.head, '-', '') || substr(hex({c}), 13)) ELSE {c} END"
                )
            }
            ("UUID", _) => format!(
                "CASE WHEN left({c}::text, {HEAD}) = '{old}' THEN (copy.head || substr({c}::text, {}))::uuid ELSE {c} END",
                HEAD + 1
            ),
            _ => c,
        }
    }
}

/// The hall's clock stands still: everything has one head.
fn head_of_templates() -> String {
    let now: jiff::Timestamp = crate::stage::MORNING.parse().unwrap();
    let at = u128::try_from(now.as_millisecond()).unwrap();
    Uuid::from_u128(at << 80).to_string()[..HEAD].to_owned()
}

/// A text with the copy's ids, numbers and person.
fn replaced(text: &str) -> String {
    let person = applicant();
    let known = |field: &str| format!("'{}'", person[field].as_str().unwrap());
    let pairs = [
        (format!("'{}'", head_of_templates()), "copy.head"),
        ("template.official_number".to_owned(), "copy.official"),
        ("template.number".to_owned(), "copy.number"),
        (known("name"), "copy.name"),
        ("'欧阳*岚'".to_owned(), "copy.masked"),
        (known("id_number"), "copy.id_number"),
        (known("phone"), "copy.phone"),
    ];
    // What is not known yet would make the whole text unknown.
    pairs.iter().fold(text.to_owned(), |text, (old, new)| format!("replace({text}, coalesce({old}, '∅'), {new})"))
}
