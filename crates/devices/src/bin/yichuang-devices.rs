//! `yichuang-devices`: simulated devices of a window, and a look at a bridge that somebody has written.

use std::{error::Error, io::Write as _, path::PathBuf};

use clap::{Parser, Subcommand};
use yichuang_devices::{
    DeviceSettings, Trouble, WindowDevices,
    simulator::{Condition, SimulatedBridge, SimulatedScanner},
};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// The devices of a window (窗口设备).
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves a simulated bridge (card reader, camera) and a simulated eSCL scanner until it is ended.
    Simulate {
        /// The loopback port of the bridge.
        #[arg(long, default_value_t = 9470)]
        bridge: u16,
        /// The loopback port of the scanner.
        #[arg(long, default_value_t = 9471)]
        scanner: u16,
        /// What the bridge wants to see, at least 16 characters.
        #[arg(long, env = "YICHUANG_DEVICES_TOKEN", hide_env_values = true)]
        token: String,
        /// How the card reader behaves: ready, no-card, fails, garbled, unplugged, busy, silent.
        #[arg(long, default_value = "ready")]
        reader: Condition,
        /// How the camera behaves: ready, fails, garbled, unplugged, busy, silent.
        #[arg(long, default_value = "ready")]
        camera: Condition,
        /// How the scanner behaves: ready, feeder-empty, jam, cover-open, busy, slow, garbled, silent.
        #[arg(long, default_value = "ready")]
        scans: Condition,
    },
    /// Asks every device of a devices.toml for what it is there for, and says what came; for whoever writes a bridge.
    Check {
        /// The settings of a window.
        settings: PathBuf,
    },
}

#[tokio::main]
async fn main() -> Outcome {
    match Cli::parse().command {
        Command::Simulate { bridge, scanner, token, reader, camera, scans } => {
            let bridge = SimulatedBridge::start(bridge, &token).await?;
            let scanner = SimulatedScanner::start(scanner).await?;
            bridge.set_reader(reader);
            bridge.set_camera(camera);
            scanner.set(scans);
            say(&format!("bridge {}  scanner {}", bridge.url(), scanner.url()))?;
            tokio::signal::ctrl_c().await?;
            Ok(())
        }
        Command::Check { settings } => {
            let read =
                DeviceSettings::read(&settings)?.ok_or_else(|| format!("{} is not there", settings.display()))?;
            check(&WindowDevices::new(read)).await
        }
    }
}

/// What came is told by its size: what stands on a card is nobody's business here.
async fn check(window: &WindowDevices) -> Outcome {
    for device in window.list().await.devices {
        let kind = serde_json::to_string(&device.kind)?;
        say(&format!("{}  {}  {}", kind.trim_matches('"'), device.name, device.trouble.unwrap_or("ready")))?;
    }
    let card = window
        .card()
        .await
        .map(|card| format!("in order, {} a photo", if card.photo.is_some() { "with" } else { "without" }));
    let picture = window.picture().await.map(|picture| format!("{} bytes of JPEG", picture.len()));
    let mut failed = false;
    for (what, outcome) in [("card", card), ("picture", picture), ("scan", scan(window).await)] {
        let words = match &outcome {
            Ok(words) => words.clone(),
            Err(Trouble::NotConfigured) => "not configured".to_owned(),
            Err(trouble) => {
                failed = true;
                format!("{}: {trouble}", trouble.code())
            }
        };
        say(&format!("{what}: {words}"))?;
    }
    if failed { Err("not every device did what it is there for".into()) } else { Ok(()) }
}

async fn scan(window: &WindowDevices) -> Result<String, Trouble> {
    let scan = window.begin_scan().await?;
    let mut sizes = Vec::new();
    while let Some(page) = window.next_page(scan.id).await? {
        sizes.push(page.len().to_string());
    }
    Ok(format!("{} pages of {} bytes", sizes.len(), sizes.join(", ")))
}

fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
