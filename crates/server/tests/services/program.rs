//! The program itself: what it prints, and how it ends.

use std::process::{Command, Output, Stdio};

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yichuang-server"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("YICHUANG_") {
            command.env_remove(name);
        }
    }
    command
}

fn outcome(command: &mut Command) -> (bool, String, String) {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.success(), text(stdout), text(stderr))
}

#[test]
fn each_interface_is_described() {
    for (of, path) in [("hall", "/filings"), ("department", "/tasks/{id}/decide"), ("protocol", "/protocol/v1/events")]
    {
        let (good, printed, _) = outcome(program().args(["openapi", of]));
        assert!(good);
        let description: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert!(description["paths"].get(path).is_some(), "{of} has no {path}");
    }
}

#[test]
fn help_explains_keys_and_variables() {
    let (good, printed, _) = outcome(program().args(["hall", "--help"]));
    assert!(good);
    assert!(printed.contains("department_service  (YICHUANG_DEPARTMENT_SERVICE)"), "{printed}");
}

#[test]
fn wrong_settings_end_with_failure_and_name_the_value() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hall.toml");
    std::fs::write(&file, "# 大厅\nlisten = \"everywhere\"\n").unwrap();
    let (good, printed, said) = outcome(program().args(["hall", "--config"]).arg(&file));
    assert!(!good && printed.is_empty());
    assert!(said.contains(&format!("{}:2: listen: cannot be \"everywhere\"", file.display())), "{said}");

    let (good, _, said) = outcome(program().arg("hall").env("YICHUANG_WINDOW", "03"));
    assert!(!good);
    assert!(said.contains("YICHUANG_WINDOW is no variable of this program"), "{said}");
}

#[test]
fn a_database_that_is_not_there_is_not_made_by_verifying_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/none.db", folder.path().display());
    let office = "0193b000-0000-7000-8000-000000000001";
    let (good, _, said) =
        outcome(program().args(["verify-journal", "--kind", "hall", "--office", office, "--database", &database]));
    assert!(!good && said.contains("there is no database"), "{said}");
    assert!(!folder.path().join("none.db").exists());
}

#[test]
fn a_walked_demo_leaves_its_papers_with_readable_names() {
    let folder = tempfile::tempdir().unwrap();
    let papers = folder.path().join("papers");
    let (good, printed, said) = outcome(program().args(["demo", "--walk"]).arg(&papers));
    assert!(good, "{printed}{said}");
    let mut names: Vec<_> = std::fs::read_dir(&papers).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "1 收件凭证 安政服收〔2026〕1号.pdf",
            "2 准予行政许可决定书 安市监许决〔2026〕1号.pdf",
            "3 食品经营许可证 安市监食证〔2026〕1号.pdf"
        ]
    );
    assert!(printed.contains("the case is closed"), "{printed}");
}

#[test]
fn a_department_that_nobody_serves_fails_its_check_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    let (hall, department) = ("0193b000-0000-7000-8000-000000000001", "0193b000-0000-7000-8000-000000000031");
    // Nothing listens on port 1.
    let mut check = program();
    check.args(["check-department", "http://127.0.0.1:1", "--hall", hall, "--department", department]);
    check.args(["--listen", "127.0.0.1:0", "--alone", "--json", "--secret-file"]).arg(&secret);
    let Output { status, stdout, .. } = check.stdin(Stdio::null()).output().unwrap();
    assert_eq!(status.code(), Some(2));
    let report: serde_json::Value = serde_json::from_slice(&stdout).unwrap();
    let first = &report["findings"][0];
    assert_eq!((&first["name"], &first["verdict"]), (&"answers-in-time".into(), &"failed".into()));
    assert!(first["reason"].as_str().unwrap().contains("no connection"), "{first}");
    assert_eq!(report["findings"][1]["verdict"], "skipped");

    let (good, printed, _) = outcome(program().args(["check-department", "--list"]));
    assert!(good && printed.contains("repeat-applied-once  (protocol 5.1)"), "{printed}");
    let (good, _, said) = outcome(program().args(["check-department", "http://127.0.0.1:1"]));
    assert!(!good && said.contains("--secret-file"), "{said}");
}
