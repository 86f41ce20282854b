//! Pages under a driver: the desktop program's own windows, or Chromium.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::display::{Display, start};
use crate::{HarnessError, Result, traces, wait};

/// Pages and the driver that commands them. Both end with it.
pub struct Pages {
    /// Speaks to the page of the current window.
    pub client: Client,
    // Kept for its end.
    _driver: Child,
}

impl Pages {
    /// Starts the desktop program under WebKit's driver. `environment` goes to the program.
    ///
    /// # Errors
    /// Where driver or program do not come up.
    pub async fn desktop(display: &Display, program: &Path, environment: &[(&str, &str)]) -> Result<Self> {
        let mut driver = display.command("WebKitWebDriver");
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true").envs(environment.iter().copied());
        let capabilities = json!({ "webkitgtk:browserOptions": { "binary": program, "args": [] } });
        Self::start(driver, &capabilities).await
    }

    /// Starts Chromium, without a screen, with a window of the given size.
    ///
    /// # Errors
    /// Where driver or browser do not come up.
    pub async fn chromium(width: u32, height: u32) -> Result<Self> {
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--force-prefers-reduced-motion",
            "--force-device-scale-factor=1",
            "--lang=zh-CN",
            &format!("--window-size={width},{height}"),
        ];
        let capabilities = json!({ "goog:chromeOptions": { "args": arguments } });
        let pages = Self::start(Command::new("chromedriver"), &capabilities).await?;
        pages.resize(width, height).await?;
        Ok(pages)
    }

    /// Gives the page a size; what the browser's own bars take away is added.
    ///
    /// # Errors
    /// Where it never has that size.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let bars = self.ask("return [outerWidth - innerWidth, outerHeight - innerHeight]").await?;
        let bar = |at: usize| bars[at].as_u64().unwrap_or_default() as u32;
        self.client.set_window_size(width + bar(0), height + bar(1)).await?;
        self.until("the size", &format!("return innerWidth === {width} && innerHeight === {height}")).await
    }

    async fn start(mut driver: Command, capabilities: &Value) -> Result<Self> {
        let port = free_port()?;
        let driver = start(driver.arg(format!("--port={port}")).stdout(std::process::Stdio::null()))?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().cloned().unwrap_or_default());
        let address = format!("http://127.0.0.1:{port}");
        wait::until("the driver", async || tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok()).await?;
        // A program that was built without the feature `e2e` never answers its driver.
        let connected = tokio::time::timeout(wait::LONG, builder.connect(&address)).await;
        let client =
            connected.map_err(|_| HarnessError::InVain("a session; is the program built with `e2e`?".to_owned()))??;
        Ok(Self { client, _driver: driver })
    }

    /// Asks the page with a script.
    ///
    /// # Errors
    /// Where the script fails.
    pub async fn ask(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, vec![]).await?)
    }

    /// Asks the page with a script that answers later: `done(…)` is its last argument.
    ///
    /// # Errors
    /// Where the script fails.
    pub async fn ask_later(&self, script: &str) -> Result<Value> {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        Ok(self.client.execute_async(&script, vec![]).await?)
    }

    /// Waits until a script's answer is true.
    ///
    /// # Errors
    /// Where it never is.
    pub async fn until(&self, what: &str, script: &str) -> Result<()> {
        wait::until(what, async || {
            let answer = self.ask(script).await.ok()?;
            (answer == Value::Bool(true)).then_some(())
        })
        .await
    }

    /// Waits until the page has its fonts and has stood still for a moment.
    ///
    /// # Errors
    /// Where it never does.
    pub async fn until_still(&self) -> Result<()> {
        let (mut last, mut same) = (Value::Null, 0);
        wait::until("a page that stands still", async || {
            let look = "return document.fonts.status === 'loaded' && !document.querySelector('.ant-spin-spinning, .ant-skeleton-active') ? document.body.innerHTML.length : null";
            let now = self.ask(look).await.ok()?;
            same = if now.is_u64() && now == last { same + 1 } else { 0 };
            last = now;
            (same >= 6).then_some(())
        })
        .await
    }

    /// Waits for an element of a CSS selector.
    ///
    /// # Errors
    /// Where it never comes.
    pub async fn element(&self, css: &str) -> Result<fantoccini::elements::Element> {
        let wait = self.client.wait().at_most(wait::LONG).every(Duration::from_millis(30));
        Ok(wait.for_element(Locator::Css(css)).await?)
    }

    /// Takes a picture of the page into `target/e2e/<name>.png`.
    ///
    /// # Errors
    /// Where it cannot be taken.
    pub async fn picture(&self, name: &str) -> Result<PathBuf> {
        let file = traces()?.join(format!("{name}.png"));
        std::fs::write(&file, self.client.screenshot().await?)?;
        Ok(file)
    }

    /// Ends the session; the program or browser closes.
    ///
    /// # Errors
    /// Where the driver refuses.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
