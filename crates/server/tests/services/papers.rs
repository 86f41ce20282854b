//! What stands on papers, read by a program that did not make them.

use std::{io::Write as _, process::Command};

use server::walk::{APPLICANT, Walked};

/// The text of a PDF, as it lies on the page.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    read(pdf, "-layout")
}

/// The text of a PDF without spaces and ends of lines, in the order in which it was written: what fills several lines of a
/// table's cell stays together.
pub(crate) fn words_of(pdf: &[u8]) -> String {
    read(pdf, "-raw").split_whitespace().collect()
}

fn read(pdf: &[u8], how: &str) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let output = Command::new("pdftotext").arg(how).arg(file.path()).arg("-").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The case is closed, and receipt, decision and certificate name the applicant and their numbers.
pub(crate) fn demand_a_closed_case(walked: &Walked, printed: &[printing::simulator::Received]) {
    let Walked { case, papers } = walked;
    assert_eq!(case.state, "closed");
    assert_eq!(case.outcome.as_deref(), Some("granted"));
    assert_eq!(case.materials[0].file_name.as_deref(), Some(server::walk::FILE_NAME));
    assert!(case.materials[0].has_file);
    assert_eq!(case.delivery_to_department.as_ref().unwrap()["state"], "delivered");
    assert!(case.collector.is_some());

    assert_eq!(
        papers.iter().map(|it| it.paper.kind.as_str()).collect::<Vec<_>>(),
        ["intake-receipt", "decision", "certificate"]
    );
    assert_eq!(printed.len(), 3);
    for (carried, printed) in papers.iter().zip(printed) {
        assert!(printed.printed);
        assert_eq!(printed.bytes, carried.bytes, "{}", carried.paper.title);
        let text = text_of(&printed.bytes);
        assert!(text.contains(APPLICANT), "{text}");
        // A receipt goes by the number of its case.
        let number = if carried.paper.kind == "intake-receipt" { &case.number_spoken } else { &carried.paper.number };
        assert!(text.contains(number), "{number} is not in {text}");
    }
}
