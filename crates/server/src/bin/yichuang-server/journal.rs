//! Verifies a journal and reports.

use store::{Fault, JournalProgress, Kind};

use crate::{Outcome, cli::OfficeArgs, open, say};

pub(crate) async fn verify(office: &OfficeArgs) -> Outcome {
    let store = open(office).await?;
    // A service has people and no journal: that nothing is wrong in it would be no news.
    if store.kind() == Kind::Department && !store.read().await?.accounts().await?.is_empty() {
        store.close().await;
        return Err(format!("{} is a department service; each of its departments has a journal", office.office).into());
    }
    let progress = |JournalProgress { streams, events, faults }| {
        tracing::info!(streams, events, faults, "verifying");
    };
    let report = store.verify_journal(progress).await?;
    store.close().await;
    for fault in &report.faults {
        say(format_args!("{}  event {}: {}", fault.stream, fault.seq, words(fault.what)))?;
    }
    let (streams, events, faults) = (report.streams, report.events, report.faults.len());
    say(format_args!("{streams} cases with {events} events: {faults} with a fault"))?;
    if faults > 0 {
        return Err(format!("the journal is not as it was written, in {faults} of {streams} cases").into());
    }
    Ok(())
}

fn words(fault: Fault) -> &'static str {
    match fault {
        Fault::Changed => "is not what was written",
        Fault::Missing => "is missing",
        Fault::Inserted => "was inserted",
        Fault::HeadDiffers => "is not the end that was noted",
    }
}
