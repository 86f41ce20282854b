//! The same pages in a browser, from the headless program.

mod processes;

use yichuang_tests::Result;
use yichuang_tests::demo::Demo;
use yichuang_tests::driver::Pages;

#[tokio::test]
async fn the_headless_program_serves_the_same_pages_and_axe_finds_nothing() -> Result<()> {
    let demo = Demo::start().await?;
    let pages = Pages::chromium(1280, 800).await?;
    pages.client.goto(&demo.url).await?;
    pages.element("#sign-in-login").await?;
    pages.until_still().await?;
    assert_eq!(pages.accessibility_faults().await?, Vec::<String>::new());
    pages.close().await
}
