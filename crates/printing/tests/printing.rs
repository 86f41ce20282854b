//! The client against the simulated printer and against servers that are no printers.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use yichuang_printing::{
    Job, JobId, JobState, PrintError, Printer, PrinterState, Sides, Timeouts, Trouble,
    simulator::{Condition, SLOW_JOB, Setup, SimulatedPrinter},
};

const PDF: &[u8] = b"%PDF-1.7\n\x00\xff\r\n%%EOF";

async fn simulated() -> (SimulatedPrinter, Printer) {
    let simulated = SimulatedPrinter::start().await.unwrap();
    let printer = Printer::at(simulated.uri()).unwrap();
    (simulated, printer)
}

fn job(name: &str) -> Job {
    Job::new(name, PDF)
}

// Ready.

#[tokio::test]
async fn a_document_comes_out_byte_for_byte() {
    let (simulated, printer) = simulated().await;

    let id = printer.submit(job("receipt-1")).await.unwrap();

    assert_eq!(printer.job(id).await.unwrap(), JobState::Completed);
    let received = simulated.wait_for(1).await;
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].id, id);
    assert_eq!(received[0].name, "receipt-1");
    assert_eq!(received[0].bytes, PDF);
    assert_eq!(received[0].copies, 1);
    assert_eq!(received[0].media.as_deref(), Some("iso_a4_210x297mm"));
    assert_eq!(received[0].sides, None);
    assert!(received[0].printed);
}

#[tokio::test]
async fn a_document_of_five_megabytes_comes_out_byte_for_byte() {
    let (simulated, printer) = simulated().await;
    let pdf: Bytes = (0..5 * 1024 * 1024_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();

    printer.submit(Job::new("big", pdf.clone())).await.unwrap();

    assert!(simulated.received()[0].bytes == pdf);
}

#[tokio::test]
async fn names_are_chinese() {
    let (simulated, printer) = simulated().await;
    let name = "受理通知书 A0123-𬱖㛃";

    let id = printer.submit(job(name)).await.unwrap();

    assert_eq!(simulated.received()[0].name, name);
    assert_eq!(printer.find_job(name).await.unwrap(), Some(id));
}

#[tokio::test]
async fn copies_paper_and_sides_reach_the_printer() {
    let (simulated, printer) = simulated().await;
    let job = job("copies").copies(3).media("iso_a5_148x210mm").sides(Sides::TwoSidedLongEdge);

    printer.submit(job).await.unwrap();

    let received = &simulated.received()[0];
    assert_eq!(received.copies, 3);
    assert_eq!(received.media.as_deref(), Some("iso_a5_148x210mm"));
    assert_eq!(received.sides.as_deref(), Some("two-sided-long-edge"));
}

#[tokio::test]
async fn an_idle_printer_tells_its_name() {
    let (_simulated, printer) = simulated().await;
    let status = printer.status().await.unwrap();
    assert_eq!(status.name, "Simulated printer");
    assert_eq!(status.state, PrinterState::Idle);
    assert!(status.accepting && status.reasons.is_empty() && status.trouble().is_none());
}

// Out of paper, open, jammed.

#[tokio::test]
async fn without_paper_a_job_waits_and_comes_out_once_after_the_refill() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::PaperOut);

    let id = printer.submit(job("a")).await.unwrap();

    assert_eq!(printer.job(id).await.unwrap(), JobState::Processing { trouble: Some(Trouble::PaperOut) });
    assert_eq!(printer.status().await.unwrap().reasons, ["media-empty-error"]);
    assert!(simulated.printed().is_empty());

    simulated.set(Condition::Ready);
    assert_eq!(printer.job(id).await.unwrap(), JobState::Completed);
    assert_eq!(simulated.printed().len(), 1);
}

#[tokio::test]
async fn an_open_door_stops_a_job_until_it_is_shut() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::DoorOpen);

    let id = printer.submit(job("a")).await.unwrap();

    let state = printer.job(id).await.unwrap();
    assert!(matches!(&state, JobState::Stopped { reason, .. } if reason.to_string() == "printer-stopped"));
    assert_eq!(state.trouble(), Some(&Trouble::DoorOpen));
    assert_eq!(printer.status().await.unwrap().state, PrinterState::Stopped);

    simulated.set(Condition::Ready);
    assert_eq!(printer.job(id).await.unwrap(), JobState::Completed);
}

#[tokio::test]
async fn a_jam_aborts_the_job_for_good() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::PaperOut);
    let id = printer.submit(job("a")).await.unwrap();

    simulated.set(Condition::Jam);

    let state = printer.job(id).await.unwrap();
    assert!(state.is_final());
    let JobState::Aborted { reason } = state else { panic!("{state:?}") };
    assert_eq!(reason.to_string(), "aborted-by-system: simulated jam");
    assert_eq!(printer.status().await.unwrap().trouble(), Some(Trouble::PaperJam));

    simulated.set(Condition::Ready);
    assert!(matches!(printer.job(id).await.unwrap(), JobState::Aborted { .. }));
    assert!(simulated.printed().is_empty());
}

#[tokio::test]
async fn a_slow_job_is_printed_in_its_time() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::Slow(Duration::from_secs(3600)));
    let id = printer.submit(job("a")).await.unwrap();
    assert_eq!(printer.job(id).await.unwrap(), JobState::Processing { trouble: None });
    assert_eq!(printer.status().await.unwrap().state, PrinterState::Processing);

    simulated.set(Condition::Slow(Duration::ZERO));

    let printed = async {
        while printer.job(id).await.unwrap() != JobState::Completed {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), printed).await.unwrap();
}

// Not now, not this.

#[tokio::test]
async fn paper_the_printer_does_not_have_is_refused_before_the_document_is_sent() {
    let (simulated, printer) = simulated().await;

    let error = printer.submit(job("a").media("na_letter_8.5x11in")).await.unwrap_err();

    assert_eq!(error.code(), "unsupported");
    assert!(matches!(error, PrintError::Unsupported { attributes } if attributes == ["media"]));
    assert!(simulated.received().is_empty());
}

#[tokio::test]
async fn a_printer_that_refuses_the_paper_takes_no_job() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::RefusesMedia);
    assert_eq!(printer.submit(job("a")).await.unwrap_err().code(), "unsupported");
    simulated.set(Condition::Ready);
    printer.submit(job("a")).await.unwrap();
}

#[tokio::test]
async fn too_many_copies_are_named() {
    let (_simulated, printer) = simulated().await;
    let error = printer.submit(job("a").copies(5000)).await.unwrap_err();
    assert!(matches!(error, PrintError::Unsupported { attributes } if attributes == ["copies"]));
}

#[tokio::test]
async fn a_printer_that_accepts_nothing_may_be_asked_later() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::NotAccepting);

    let error = printer.submit(job("a")).await.unwrap_err();

    assert_eq!(error.code(), "not-now");
    assert!(!printer.status().await.unwrap().accepting);
}

#[tokio::test]
async fn what_no_printer_could_take_is_not_offered() {
    let (simulated, printer) = simulated().await;
    let long = "长".repeat(86);
    for bad in [job(" "), job("a\nb"), job(&long), job("a").copies(0), job("a").media(""), Job::new("a", Bytes::new())]
    {
        assert_eq!(printer.submit(bad).await.unwrap_err().code(), "bad-job");
    }
    assert!(simulated.received().is_empty());
}

// Offline.

#[tokio::test]
async fn an_offline_printer_is_unreachable_and_keeps_its_jobs() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::PaperOut);
    let id = printer.submit(job("a")).await.unwrap();

    simulated.set(Condition::Offline);
    assert_eq!(printer.status().await.unwrap_err().code(), "unreachable");
    assert_eq!(printer.submit(job("b")).await.unwrap_err().code(), "unreachable");

    simulated.set(Condition::Ready);
    assert_eq!(printer.job(id).await.unwrap(), JobState::Completed);
    assert_eq!(simulated.received().len(), 1);
}

#[tokio::test]
async fn a_printer_that_is_switched_off_is_unreachable() {
    let (simulated, printer) = simulated().await;
    drop(simulated);
    let gone = async {
        // The port is closed when the server has been dropped, which the runtime does soon.
        while printer.status().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), gone).await.unwrap();
    assert_eq!(printer.submit(job("a")).await.unwrap_err().code(), "unreachable");
}

#[tokio::test]
async fn going_offline_ends_an_unanswered_question() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::Silent);
    let asking: JoinHandle<_> = tokio::spawn(async move { printer.status().await });
    tokio::task::yield_now().await;
    simulated.set(Condition::Offline);
    let answer = timeout(Duration::from_secs(10), asking).await.unwrap().unwrap();
    assert_eq!(answer.unwrap_err().code(), "unreachable");
}

#[tokio::test]
async fn a_silent_printer_times_out() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::Silent);
    let printer = printer.with_timeouts(Timeouts { query: Duration::from_millis(50), ..Timeouts::default() });
    assert_eq!(printer.status().await.unwrap_err().code(), "timed-out");
    assert_eq!(printer.submit(job("a")).await.unwrap_err().code(), "timed-out");
    assert!(simulated.received().is_empty());
}

// Nothing is printed twice unnoticed.

#[tokio::test]
async fn a_job_whose_answer_was_lost_is_found_by_its_name() {
    let (simulated, printer) = simulated().await;
    printer.submit(job("证照 7-1")).await.unwrap();
    simulated.set(Condition::LosesAnswer);

    let error = printer.submit(job("证照 7-2")).await.unwrap_err();

    assert_eq!(error.code(), "outcome-unknown");
    let id = printer.find_job("证照 7-2").await.unwrap().unwrap();
    assert_eq!(printer.job(id).await.unwrap(), JobState::Completed);
    assert_eq!(simulated.printed().len(), 2);
}

#[tokio::test]
async fn a_job_that_still_waits_for_paper_is_found_too() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::PaperOut);
    let id = printer.submit(job("waits")).await.unwrap();
    assert_eq!(printer.find_job("waits").await.unwrap(), Some(id));
}

#[tokio::test]
async fn a_job_that_was_lost_with_its_answer_is_not_found() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::LosesJob);
    assert_eq!(printer.submit(job("lost")).await.unwrap_err().code(), "outcome-unknown");
    assert_eq!(printer.find_job("lost").await.unwrap(), None);
    assert!(simulated.received().is_empty());
}

#[tokio::test]
async fn of_two_jobs_with_one_name_the_newer_is_found() {
    let (_simulated, printer) = simulated().await;
    let first = printer.submit(job("twice")).await.unwrap();
    let second = printer.submit(job("twice")).await.unwrap();
    assert!(first < second);
    assert_eq!(printer.find_job("twice").await.unwrap(), Some(second));
    assert_eq!(printer.find_job("twic").await.unwrap(), None);
}

// Cancel.

#[tokio::test]
async fn a_canceled_job_does_not_come_out() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::PaperOut);
    let id = printer.submit(job("a")).await.unwrap();

    printer.cancel(id).await.unwrap();
    simulated.set(Condition::Ready);

    let state = printer.job(id).await.unwrap();
    assert!(matches!(&state, JobState::Canceled { reason } if reason.keywords == ["job-canceled-by-user"]));
    assert!(simulated.printed().is_empty());
}

#[tokio::test]
async fn a_printed_job_cannot_be_canceled() {
    let (_simulated, printer) = simulated().await;
    let id = printer.submit(job("a")).await.unwrap();
    let error = printer.cancel(id).await.unwrap_err();
    assert!(matches!(error, PrintError::Refused { status, .. } if status == "client-error-not-possible"));
}

#[tokio::test]
async fn a_job_the_printer_does_not_know_is_no_such_job() {
    let (_simulated, printer) = simulated().await;
    let id = JobId::new(404);
    assert!(matches!(printer.job(id).await.unwrap_err(), PrintError::NoSuchJob(no) if no == id));
    assert_eq!(printer.cancel(id).await.unwrap_err().code(), "no-such-job");
}

// Addresses.

#[test]
fn an_address_is_ipp_with_a_host_and_gets_its_port() {
    let uri = |uri| Printer::at(uri).map(|printer| printer.uri().to_owned()).map_err(|error| error.code());
    assert_eq!(uri("ipp://hall-2/ipp/print").unwrap(), "ipp://hall-2:631/ipp/print");
    assert_eq!(uri("ipp://[::1]:8631").unwrap(), "ipp://[::1]:8631/");
    for bad in ["", "printer", "http://a/", "ipps://a/", "ipp:///p", "ipp://u:p@a/", "ipp://a:99999/", "ipp://a b/"] {
        assert_eq!(uri(bad).unwrap_err(), "bad-address", "{bad}");
    }
}

// The simulator's own promises.

#[tokio::test]
async fn documents_are_kept_in_a_folder_and_never_overwritten() {
    let folder = std::env::temp_dir().join(format!("yichuang-printing-{}", std::process::id()));
    let setup = Setup { folder: Some(folder.clone()), ..Setup::default() };

    for name in ["受理通知书 A/01", "second"] {
        let simulated = SimulatedPrinter::start_with(setup.clone()).await.unwrap();
        Printer::at(simulated.uri()).unwrap().submit(job(name)).await.unwrap();
    }

    assert_eq!(std::fs::read(folder.join("1-受理通知书_A_01.pdf")).unwrap(), PDF);
    assert_eq!(std::fs::read(folder.join("2-second.pdf")).unwrap(), PDF);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn documents_are_waited_for() {
    let (simulated, printer) = simulated().await;
    let sending = tokio::spawn(async move {
        for name in ["a", "b"] {
            printer.submit(job(name)).await.unwrap();
        }
    });
    let received = timeout(Duration::from_secs(10), simulated.wait_for(2)).await.unwrap();
    assert_eq!(received.iter().map(|document| document.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    sending.await.unwrap();
}

#[tokio::test]
async fn a_body_in_chunks_is_put_together() {
    let (simulated, _) = simulated().await;
    let attributes: &[u8] = b"\x02\x00\x00\x02\x00\x00\x00\x07\x01\
        \x47\x00\x12attributes-charset\x00\x05utf-8\
        \x48\x00\x1battributes-natural-language\x00\x02en\
        \x45\x00\x0bprinter-uri\x00\x17ipp://localhost/ipp/pri\
        \x42\x00\x08job-name\x00\x06chunks\
        \x03";
    let mut request = b"POST /ipp/print HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in attributes.chunks(7).chain([PDF]) {
        request.extend(format!("{:x}\r\n", chunk.len()).bytes());
        request.extend(chunk);
        request.extend(b"\r\n");
    }
    request.extend(b"0\r\n\r\n");

    let address = simulated.uri().strip_prefix("ipp://").unwrap().split('/').next().unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();

    assert!(answer.starts_with(b"HTTP/1.1 200"));
    assert_eq!(simulated.received()[0].bytes, PDF);
    assert_eq!(simulated.received()[0].name, "chunks");
}

#[test]
fn conditions_are_read_from_the_words_they_are_shown_as() {
    use Condition as C;
    for condition in [
        C::Ready,
        C::PaperOut,
        C::DoorOpen,
        C::Jam,
        C::Offline,
        C::RefusesMedia,
        C::NotAccepting,
        C::Slow(SLOW_JOB),
        C::LosesAnswer,
        C::LosesJob,
        C::Silent,
        C::Garbled,
    ] {
        assert_eq!(condition.to_string().parse::<Condition>().unwrap(), condition);
    }
    assert!("on-fire".parse::<Condition>().is_err());
}

// Servers that are no printers.

/// Gives each connection the next of these bytes after it has read the request, and then closes it; the last one stays
/// silent when it is `None`.
async fn answering(answers: Vec<Option<Vec<u8>>>) -> Printer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("ipp://{}/ipp/print", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            match answer {
                Some(answer) => stream.write_all(&answer).await.unwrap(),
                None => std::future::pending().await,
            }
        }
    });
    Printer::at(&uri).unwrap()
}

async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    loop {
        stream.read_buf(&mut request).await.unwrap();
        let text = String::from_utf8_lossy(&request).to_lowercase();
        let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let length = text.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap();
        if request.len() >= end + 4 + length.parse::<usize>().unwrap() {
            return;
        }
    }
}

fn http(status: &str, body: &[u8]) -> Option<Vec<u8>> {
    let mut answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend(body);
    Some(answer)
}

/// An IPP answer without attributes.
fn ipp(status: u16) -> Option<Vec<u8>> {
    let [high, low] = status.to_be_bytes();
    http("200 OK", &[1, 1, high, low, 0, 0, 0, 1, 1, 3])
}

#[tokio::test]
async fn garbage_is_a_bad_answer() {
    let garbage: Vec<Option<Vec<u8>>> = vec![
        Some(b"\x00\xff\xfe not HTTP at all\r\n\r\n".to_vec()),
        http("200 OK", b""),
        http("200 OK", b"<html>Welcome to your printer</html>"),
        http("200 OK", b"\x01\x01\x00\x00\x00\x00\x00\x01\x02\x36\x00\x01n\x00\x04\xff\xffzh\x03"),
        http("200 OK", &[0x34; 5000]),
        http("500 Internal Server Error", b"oops"),
        ipp(0x0200),
        ipp(0x0000),
    ];
    let printer = answering(garbage.clone()).await;
    for answer in garbage {
        let error = printer.status().await.unwrap_err();
        assert_eq!(error.code(), "bad-answer", "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn the_garbled_condition_is_a_bad_answer() {
    let (simulated, printer) = simulated().await;
    simulated.set(Condition::Garbled);
    assert_eq!(printer.status().await.unwrap_err().code(), "bad-answer");
    assert_eq!(printer.submit(job("a")).await.unwrap_err().code(), "bad-answer");
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_unreachable() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\x01\x01".to_vec();
    let printer = answering(vec![Some(cut), Some(Vec::new())]).await;
    for _ in 0..2 {
        assert_eq!(printer.status().await.unwrap_err().code(), "unreachable");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let printer = answering(vec![http("200 OK", &vec![0; 5 * 1024 * 1024])]).await;
    assert_eq!(printer.status().await.unwrap_err().code(), "bad-answer");
}

#[tokio::test]
async fn http_says_no_in_its_own_way() {
    let printer = answering(vec![http("401 Unauthorized", b""), http("503 Service Unavailable", b"")]).await;
    let error = printer.status().await.unwrap_err();
    assert!(matches!(error, PrintError::Refused { status, .. } if status == "http-401"));
    assert_eq!(printer.status().await.unwrap_err().code(), "not-now");
}

#[tokio::test]
async fn after_the_document_was_sent_only_a_plain_no_is_believed() {
    for (answer, code) in [
        (http("200 OK", b"thanks"), "outcome-unknown"),
        (http("502 Bad Gateway", b""), "outcome-unknown"),
        (ipp(0x0000), "outcome-unknown"),
        (ipp(0x0200), "outcome-unknown"),
        (ipp(0x0507), "not-now"),
        (ipp(0x0401), "refused"),
        (ipp(0x040a), "unsupported"),
        (http("403 Forbidden", b""), "refused"),
    ] {
        let printer = answering(vec![ipp(0), ipp(0), answer.clone()]).await;
        let error = printer.submit(job("a")).await.unwrap_err();
        assert_eq!(error.code(), code, "{answer:?}");
    }
}

#[tokio::test]
async fn after_the_document_was_sent_silence_is_no_answer_either() {
    let timeouts = Timeouts { submit: Duration::from_millis(50), ..Timeouts::default() };
    let printer = answering(vec![ipp(0), ipp(0), None]).await.with_timeouts(timeouts);
    assert_eq!(printer.submit(job("a")).await.unwrap_err().code(), "outcome-unknown");
}

#[tokio::test]
async fn a_printer_that_cannot_validate_is_simply_asked_to_print() {
    let printed = http("200 OK", b"\x01\x01\x00\x00\x00\x00\x00\x01\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x2a\x03");
    let printer = answering(vec![ipp(0), ipp(0x0501), printed]).await;
    assert_eq!(printer.submit(job("a")).await.unwrap(), JobId::new(42));
}

#[tokio::test]
async fn paper_that_would_be_substituted_is_unsupported() {
    let substitutes =
        http("200 OK", b"\x01\x01\x00\x01\x00\x00\x00\x01\x05\x10\x00\x05media\x00\x00\x10\x00\x05sides\x00\x00\x03");
    let printer = answering(vec![ipp(0), substitutes]).await;
    let error = printer.submit(job("a").sides(Sides::OneSided)).await.unwrap_err();
    assert!(matches!(error, PrintError::Unsupported { attributes } if attributes == ["media"]));
}

/// CUPS answers Validate-Job with yes whatever the paper, and prints on another.
#[tokio::test]
async fn paper_that_is_not_on_the_printers_list_is_unsupported_whatever_it_validates() {
    let letter =
        http("200 OK", b"\x01\x01\x00\x00\x00\x00\x00\x01\x04\x44\x00\x0fmedia-supported\x00\x09na_letter\x03");
    let printer = answering(vec![letter, ipp(0), ipp(0)]).await;
    let error = printer.submit(job("a")).await.unwrap_err();
    assert!(matches!(error, PrintError::Unsupported { attributes } if attributes == ["media"]));
}
