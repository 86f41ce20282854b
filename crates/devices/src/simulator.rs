//! Devices without hardware: a bridge with a card reader and a camera, and an eSCL scanner, on loopback ports. For tests, for
//! the demo, and for whoever writes a bridge and wants to see one.
//!
//! They are real servers, so that whoever reads a card from them has read it through the real client. How they behave may
//! change at any time:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use yichuang_devices::{Trouble, WindowDevices, simulator::{Condition, SimulatedDevices}};
//!
//! let simulated = SimulatedDevices::start("a token of this doctest").await?;
//! let window = WindowDevices::new(simulated.settings());
//! assert_eq!(window.card().await?.name, "白晓兰");
//!
//! simulated.bridge.set_reader(Condition::NoCard);
//! assert_eq!(window.card().await, Err(Trouble::NoCard));
//! # Ok(())
//! # }
//! ```

mod bridge;
mod people;
mod scanner;

use std::{fmt, io, str::FromStr};

pub use bridge::SimulatedBridge;
pub use people::people;
pub use scanner::SimulatedScanner;

use crate::{
    DeviceSettings,
    settings::{BridgeSettings, ScannerSettings, USUAL_RESOLUTION},
};

/// How a simulated device behaves. Each understands what can happen to it; the rest is as [`Condition::Ready`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Condition {
    /// It works.
    #[default]
    Ready,
    /// Reader: no card lies on it.
    NoCard,
    /// Reader: the card cannot be read. Camera: no picture comes.
    Fails,
    /// Reader: one digit of the number is another. Camera and scanner: what comes is no picture.
    Garbled,
    /// Reader and camera: the cable is out.
    Unplugged,
    /// It is at work for somebody else.
    Busy,
    /// Requests are read and never answered.
    Silent,
    /// Scanner: no paper in the feeder.
    FeederEmpty,
    /// Scanner: the second sheet is stuck.
    Jam,
    /// Scanner: the cover is open.
    CoverOpen,
    /// Scanner: the first page is asked for twice before it comes.
    Slow,
}

const WORDS: [(Condition, &str); 11] = [
    (Condition::Ready, "ready"),
    (Condition::NoCard, "no-card"),
    (Condition::Fails, "fails"),
    (Condition::Garbled, "garbled"),
    (Condition::Unplugged, "unplugged"),
    (Condition::Busy, "busy"),
    (Condition::Silent, "silent"),
    (Condition::FeederEmpty, "feeder-empty"),
    (Condition::Jam, "jam"),
    (Condition::CoverOpen, "cover-open"),
    (Condition::Slow, "slow"),
];

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = WORDS.iter().find(|(condition, _)| condition == self).map(|(_, word)| *word);
        f.write_str(word.unwrap_or("ready"))
    }
}

impl FromStr for Condition {
    type Err = UnknownCondition;

    fn from_str(text: &str) -> Result<Self, UnknownCondition> {
        let found = WORDS.iter().find(|(_, word)| *word == text).map(|(condition, _)| *condition);
        found.ok_or_else(|| UnknownCondition(text.to_owned()))
    }
}

/// A word that names no [`Condition`].
#[derive(Debug, thiserror::Error)]
#[error("a simulated device is never {0:?}")]
pub struct UnknownCondition(String);

/// All devices of a window, simulated. Dropping it switches them off.
#[derive(Debug)]
pub struct SimulatedDevices {
    /// Card reader and camera.
    pub bridge: SimulatedBridge,
    /// The scanner.
    pub scanner: SimulatedScanner,
}

impl SimulatedDevices {
    /// Starts all on free ports.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(token: &str) -> io::Result<Self> {
        Ok(Self { bridge: SimulatedBridge::start(0, token).await?, scanner: SimulatedScanner::start(0).await? })
    }

    /// What a window needs to use them.
    pub fn settings(&self) -> DeviceSettings {
        let bridge = BridgeSettings {
            url: self.bridge.url(),
            token: self.bridge.token().to_owned(),
            card_reader: None,
            camera: None,
        };
        let scanner =
            ScannerSettings { name: None, url: self.scanner.url(), resolution: USUAL_RESOLUTION, colour: true };
        DeviceSettings { bridge: Some(bridge), scanner: Some(scanner) }
    }
}

/// Serves a router on loopback.
async fn serve(port: u16, router: axum::Router) -> io::Result<(std::net::SocketAddr, tokio::task::AbortHandle)> {
    let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(error = &error as &dyn std::error::Error, "a simulated device is no longer served");
        }
    });
    Ok((address, serving.abort_handle()))
}
