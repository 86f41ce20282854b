//! The devices of a window (窗口设备): the reader of identity cards (读卡器), the document camera (高拍仪), the scanner (扫描仪).
//!
//! Card readers and cameras come with a vendor's own library, each different; a *bridge* on the window's computer speaks with
//! them and serves our [`contract`] on loopback (`docs/devices.md` is for whoever writes one). Scanners in the network speak
//! eSCL, a standard, as printers speak IPP. [`WindowDevices`] is what the pages are given: they name a kind of device and
//! never an address. The [`simulator`] has all three, over real HTTP.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bridge;
mod card;
pub mod contract;
mod escl;
mod http_client;
mod settings;
pub mod simulator;
mod trouble;
mod window;

pub use bridge::Bridge;
pub use card::{IdCard, Misread, Sex};
pub use escl::{Scan, Scanner, Source};
pub use http_client::Patience;
pub use settings::{BridgeSettings, DeviceSettings, ScannerSettings, SettingsError};
pub use trouble::Trouble;
pub use window::{DeviceKind, DeviceView, DevicesView, ScanView, WindowDevices};
