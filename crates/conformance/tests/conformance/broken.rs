//! What is broken is found, by name, and nothing else.

use yichuang_conformance::ALL;

use crate::{breaker::Breaks, our_department::report};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_department_passes() {
    let report = report(None, true).await;
    assert_eq!(report.failed(), [""; 0], "{report}");
    assert_eq!(report.skipped(), ["progress-told"], "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_operator_what_needs_one_is_skipped_and_nothing_fails() {
    let report = report(None, false).await;
    assert_eq!(report.failed(), [""; 0], "{report}");
    let skipped = report.skipped();
    for name in ["material-fetched", "acceptance-told", "decision-told", "rejection-told", "question-answered"] {
        assert!(skipped.contains(&name), "{name}: {report}");
    }
    assert!(!skipped.contains(&"receipt-fields"), "{report}");
}

#[test]
fn each_check_has_a_name_of_its_own_and_a_paragraph_that_is_there() {
    let document = include_str!("../../../../docs/protocol.md");
    let mut names: Vec<_> = ALL.iter().map(|check| check.name).collect();
    for check in ALL {
        assert!(document.contains(&format!("\n### {} ", check.paragraph)), "{}: {}", check.name, check.paragraph);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALL.len());
}

/// Checks a department with this fault, and that just these checks say so.
async fn found(breaks: Breaks, operated: bool, expected: &[&str]) {
    let report = report(Some(breaks), operated).await;
    assert_eq!(report.failed(), expected, "{breaks:?}:\n{report}");
    for name in expected {
        assert!(ALL.iter().any(|check| check.name == *name), "{name}");
    }
}

/// Each is a department of its own: `fault: needs somebody there => the checks that say so`.
macro_rules! departments_that_fail {
    ($($name:ident: $breaks:ident $operated:literal => $expected:expr;)+) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            found(Breaks::$breaks, $operated, &$expected).await;
        })+
    };
}

departments_that_fail! {
    one_that_never_answers: NeverAnswers false => ["answers-in-time"];
    one_that_believes_any_signature: BelievesAnySignature false =>
        ["signature-wrong-refused", "signature-key-refused", "signature-covers-body"];
    one_that_believes_the_unsigned: BelievesTheUnsigned false => ["signature-missing-refused"];
    one_that_believes_the_stale: BelievesTheStale false => ["signature-stale-refused"];
    one_that_applies_a_repeat_twice: AppliesTwice false => ["repeat-applied-once"];
    one_that_refuses_a_repeat: RefusesRepeats false => ["repeat-answered-alike"];
    one_that_takes_another_body_under_a_used_id: TakesOtherBody false => ["same-id-other-body-refused"];
    one_that_answers_and_forgets: Forgets false => ["taken-is-kept"];
    one_that_takes_unknown_types: TakesUnknownTypes false => ["unknown-type-refused"];
    one_that_refuses_unknown_fields: RefusesUnknownFields false => ["unknown-fields-passed-over"];
    one_that_takes_gaps: TakesGaps false => ["gap-refused"];
    one_that_shows_files_to_strangers: ShowsFilesToStrangers false => ["files-to-strangers-refused"];
    one_that_loses_a_field: LosesField false => ["receipt-fields"];
    one_that_sends_unsigned: SendsUnsigned false => ["messages-signed"];
    one_that_renames_what_it_sends_again: RenamesOnRetry false => ["message-sent-again"];
    one_that_ignores_the_hash_of_a_file: IgnoresHash true => ["material-hash-checked"];
    one_that_shows_whatever_bytes_come: ShowsAnyBytes true => ["material-hash-checked"];
    one_that_decides_what_it_has_not_accepted: DecidesUnaccepted true => ["decision-follows-acceptance"];
    one_that_skips_numbers: SkipsSequence true => ["messages-in-sequence"];
    one_that_sends_malformed_messages: SendsMalformed true => ["messages-well-formed"];
    one_that_gives_another_paper_than_announced: GivesOtherPaper true => ["papers-fetched"];
}
