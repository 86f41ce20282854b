//! One case in the real window, by keyboard alone, to the certificate in the printer.

use std::fs::File;
use std::path::Path;

use yichuang_tests::display::Display;
use yichuang_tests::driver::Pages;
use yichuang_tests::journey::hands::{ALT, Hands};
use yichuang_tests::journey::paper::{demand_right_papers, documents_in};
use yichuang_tests::journey::{self, DEMO, Place};
use yichuang_tests::{Result, built, wait};

#[tokio::test]
async fn a_case_is_taken_decided_printed_and_handed_over_by_keyboard() -> Result<()> {
    let display = Display::open(1400, 900).await?;
    let files = journey::brought_files(display.home())?;
    let data = display.home().join("hall");
    let environment = [("YICHUANG_DATA", data.to_str().unwrap_or_default())];

    let pages = Pages::desktop(&display, &built("yichuang"), &environment).await?;
    let walked = journey::walk(&pages, &Place::Desktop, &DEMO, &files, "desktop").await?;
    display.picture("desktop-screen").await?;
    let documents = documents_in(&data.join("demo/printer"))?;
    let link = demand_right_papers("desktop", &walked, &documents)?;

    // A scanner types what it reads, and Enter.
    let hands = Hands::on(&pages);
    hands.press(&[ALT, '2']).await?;
    pages.element("[data-testid=cases-search]").await?;
    journey::scan(&hands, &link, &walked).await?;
    pages.picture("desktop-7-scanned").await?;

    // What was closed is there when the program is started again.
    close_all_windows(&display, &data.join("demo/lock")).await?;
    drop(pages);
    let pages = Pages::desktop(&display, &built("yichuang"), &environment).await?;
    let hands = Hands::on(&pages);
    journey::sign_in_at_the_hall(&hands, &DEMO.clerk, "03").await?;
    journey::scan(&hands, &walked.number, &walked).await?;
    pages.picture("desktop-8-started-again").await?;
    pages.close().await
}

/// Closes one window after the other, as people do, and waits until the program has put everything down.
async fn close_all_windows(display: &Display, lock: &Path) -> Result<()> {
    wait::until("the end of the program", async || {
        if let Some(window) = display.window("一窗").await {
            // It may be closing just now.
            display.activate(&window).await?;
            display.press(&["alt+F4"]).await.ok()?;
            return None;
        }
        File::open(lock).ok()?.try_lock().ok()
    })
    .await
}
