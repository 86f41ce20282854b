//! One suite for both databases: on SQLite always, on PostgreSQL when `TEST_POSTGRES_URL` is set
//! (`export TEST_POSTGRES_URL=$(scripts/postgres start DIR)`).

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests make their own ids")]

mod accounts;
mod applicants;
mod drafts;
mod engine;
mod events;
mod files;
mod items;
mod journal;
mod messages;
mod papers;
mod retention;
mod rows;
mod search;
mod stage;
pub(crate) mod statements;

use stage::Stage;

/// Every scenario is a test on each database, and all of them together show that every statement runs on both.
macro_rules! scenarios {
    ($($area:ident { $($name:ident)+ })+) => {
        mod on_sqlite {
            $(mod $area {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let stage = crate::tests::Stage::sqlite();
                    crate::tests::$area::$name(&stage).await;
                })+
            })+
        }

        mod on_postgres {
            $(mod $area {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(stage) = crate::tests::Stage::postgres().await {
                        crate::tests::$area::$name(&stage).await;
                        stage.clear().await;
                    }
                })+
            })+
        }

        async fn all(stage: &mut Stage) {
            $($({
                stage.another_office();
                $area::$name(stage).await;
            })+)+
        }
    };
}

scenarios! {
    engine {
        a_write_is_kept_and_read_back
        a_refused_write_leaves_nothing
        one_failing_write_in_a_batch_spoils_nothing
        a_swallowed_failure_is_not_committed
        a_panicking_write_hurts_nobody_else
        numbers_of_32_callers_are_unique_and_without_gaps
        writes_from_a_spawned_task_are_send
        one_office_does_not_see_another
        offices_of_one_database_write_side_by_side
        a_closed_store_is_unavailable
        a_store_opens_again_with_what_it_had
        a_new_database_may_be_opened_by_many_at_once
    }
    journal {
        events_come_back_in_order
        an_append_to_another_version_is_stale
        of_32_appends_to_one_version_one_succeeds
        each_fault_is_named
        any_tampering_shows
        the_whole_journal_is_verified
        a_record_is_sealed_and_erased
        a_changed_record_differs
    }
    messages {
        messages_leave_in_order_per_stream
        a_failed_message_is_tried_again_and_a_dead_one_waits_for_a_person
        a_claim_is_leased
        what_waits_behind_another_message_is_not_due
        one_document_serves_many_recipients
        two_couriers_never_claim_the_same
        a_message_is_received_once_and_in_order
        an_answer_is_given_again
    }
    accounts {
        accounts_are_found_by_login
        the_departments_of_a_service_have_their_people_in_common
        a_session_lives_and_expires
        login_failures_are_counted_for_anybody
    }
    search {
        any_part_of_a_name_is_found
        recall_is_that_of_like
        pages_follow_each_other
        a_replaced_or_forgotten_name_is_not_found
    }
    rows {
        cases_are_listed_newest_first
        cases_of_a_window_and_of_a_department_come_newest_first
        cases_are_found_by_what_is_known_as_a_whole
        silent_cases_come_the_longest_silent_first
        cases_that_somebody_must_look_at_are_listed
        cases_are_found_by_numbers_filing_and_name
        open_tasks_come_by_due_date
        tasks_are_listed_and_counted_by_who_has_them
        tasks_are_found_by_name
    }
    papers {
        a_paper_waits_until_its_bytes_are_here
        a_fetched_paper_must_be_the_expected_one
        prints_are_counted_per_paper
        prints_that_wait_are_counted
        a_print_is_claimed_by_one_station
        leases_end_once_where_no_other_program_can_hold_one
        a_print_changes_only_from_the_expected_state
    }
    files {
        a_file_is_known_once
        bytes_come_back_and_are_checked
        a_file_goes_unless_it_was_put_just_now
        what_was_put_long_ago_is_found_whole_or_in_part
    }
    retention {
        answers_go_by_age_and_few_at_a_time
        a_session_goes_some_time_after_its_end
        a_failure_stays_while_its_login_is_locked
        the_newest_arrival_of_a_sender_stays
        the_newest_delivery_to_a_recipient_stays
        a_document_goes_when_it_has_arrived_everywhere
        an_upload_waits_until_a_case_takes_it
        a_draft_goes_when_nobody_touches_it
        an_upload_stays_while_a_draft_mentions_it
    }
    drafts {
        a_draft_is_kept_in_versions
        a_draft_that_is_too_long_is_refused
        drafts_of_somebody_come_newest_first
        only_the_newest_version_is_confirmed
        a_window_shows_one_draft
    }
    applicants {
        an_applicant_has_one_number
        what_was_handed_in_comes_by_kind_newest_first
        what_is_no_longer_good_is_left_out
        a_file_that_was_handed_in_stays
        an_applicant_is_erased
        certificates_of_an_applicant_come_newest_first
        a_certificate_is_found_by_number
        a_void_certificate_stays_void
    }
    items {
        a_version_is_published_once
        a_version_is_withdrawn_for_good
        the_mark_changes_with_the_catalogue
        versions_come_in_order_a_page_at_a_time
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_runs_on_sqlite() {
    all(&mut Stage::sqlite()).await;
    statements::assert_all_ran("SQLite");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_runs_on_postgres() {
    if let Some(mut stage) = Stage::postgres().await {
        all(&mut stage).await;
        statements::assert_all_ran("PostgreSQL");
        stage.clear().await;
    }
}
