//! Which devices a window has: the file `devices.toml` on the window's computer.

use std::{
    fmt, fs, io,
    net::IpAddr,
    path::{Path, PathBuf},
};

use reqwest::Url;
use serde::Deserialize;

/// The devices of one window.
#[derive(Debug, Clone, Default)]
pub struct DeviceSettings {
    /// Card reader and camera.
    pub bridge: Option<BridgeSettings>,
    /// A scanner that speaks eSCL.
    pub scanner: Option<ScannerSettings>,
}

/// A bridge and what this window uses of it.
#[derive(Clone)]
pub struct BridgeSettings {
    /// On loopback, by number.
    pub url: Url,
    /// What the bridge wants to see.
    pub token: String,
    /// Which reader, where the bridge has several; otherwise its first.
    pub card_reader: Option<String>,
    /// Which camera, where the bridge has several; otherwise its first.
    pub camera: Option<String>,
}

impl fmt::Debug for BridgeSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BridgeSettings").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

/// A scanner and how this window scans.
#[derive(Debug, Clone)]
pub struct ScannerSettings {
    /// What people call it; otherwise the name it has itself.
    pub name: Option<String>,
    /// Where its eSCL begins, usually `http://…/eSCL`.
    pub url: Url,
    /// Dots per inch.
    pub resolution: u16,
    /// Colours, or shades of grey.
    pub colour: bool,
}

/// The settings cannot be used. Tokens are not shown.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there and cannot be read.
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] io::Error),
    /// The file is no such settings.
    #[error("{file}, line {line}: {what}")]
    Malformed {
        /// The file.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// What the parser says, without values.
        what: String,
    },
    /// A value cannot be.
    #[error("{file}: {key} {what}")]
    Value {
        /// The file.
        file: PathBuf,
        /// The key.
        key: &'static str,
        /// Why not.
        what: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bridge: Option<BridgeTable>,
    scanner: Option<ScannerTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BridgeTable {
    url: String,
    token: Option<String>,
    token_file: Option<PathBuf>,
    card_reader: Option<String>,
    camera: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScannerTable {
    name: Option<String>,
    url: String,
    resolution: Option<u16>,
    colour: Option<bool>,
}

/// What is scanned in a hall is read by people and printed again, not enlarged.
pub(crate) const USUAL_RESOLUTION: u16 = 200;
const RESOLUTIONS: std::ops::RangeInclusive<u16> = 75..=600;

impl DeviceSettings {
    /// Reads the file; none when there is none.
    ///
    /// # Errors
    /// [`SettingsError`] for the first thing that is wrong.
    pub fn read(file: &Path) -> Result<Option<Self>, SettingsError> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SettingsError::Unreadable(file.to_owned(), error)),
        };
        Self::parse(&text, file).map(Some)
    }

    fn parse(text: &str, file: &Path) -> Result<Self, SettingsError> {
        let wrong = |key, what: &str| SettingsError::Value { file: file.to_owned(), key, what: what.to_owned() };
        let File { bridge, scanner } = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            // Of a value that has the wrong kind the parser shows it; it may be a token.
            let what = error.message().split(['"', '`']).step_by(2).collect::<Vec<_>>().join("…");
            SettingsError::Malformed { file: file.to_owned(), line, what }
        })?;
        let bridge = bridge.map(|BridgeTable { url, token, token_file, card_reader, camera }| {
            let url = address(&url).ok_or_else(|| wrong("bridge.url", "is no http:// address"))?;
            if !is_loopback(&url) {
                return Err(wrong("bridge.url", "must be 127.0.0.1 or [::1], by number: cards do not travel"));
            }
            let token = match (token, token_file) {
                (Some(token), None) => token,
                (None, Some(file)) => {
                    fs::read_to_string(&file).map_err(|error| SettingsError::Unreadable(file, error))?
                }
                _ => return Err(wrong("bridge", "must have one of token and token_file")),
            };
            let token = token.trim().to_owned();
            if token.len() < 16 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(wrong("bridge.token", "must have at least 16 visible ASCII characters"));
            }
            Ok(BridgeSettings { url, token, card_reader, camera })
        });
        let scanner = scanner.map(|ScannerTable { name, url, resolution, colour }| {
            let url = address(&url).ok_or_else(|| wrong("scanner.url", "is no http:// address"))?;
            let resolution = resolution.unwrap_or(USUAL_RESOLUTION);
            if !RESOLUTIONS.contains(&resolution) {
                return Err(wrong("scanner.resolution", "must be between 75 and 600"));
            }
            Ok(ScannerSettings { name, url, resolution, colour: colour.unwrap_or(true) })
        });
        Ok(Self { bridge: bridge.transpose()?, scanner: scanner.transpose()? })
    }
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.scheme() == "http"
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then_some(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        [bridge]
        url = "http://127.0.0.1:9470"
        token = "0123456789abcdef"
        card_reader = "usb-1"

        [scanner]
        url = "http://192.0.2.20/eSCL"
    "#;

    fn parse(text: &str) -> Result<DeviceSettings, String> {
        DeviceSettings::parse(text, Path::new("devices.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_window_may_have_all_or_none() {
        let DeviceSettings { bridge, scanner } = parse(WHOLE).unwrap();
        let (bridge, scanner) = (bridge.unwrap(), scanner.unwrap());
        assert_eq!((bridge.card_reader.as_deref(), bridge.camera.as_deref()), (Some("usb-1"), None));
        assert_eq!((scanner.resolution, scanner.colour), (200, true));
        let nothing = parse("").unwrap();
        assert!(nothing.bridge.is_none() && nothing.scanner.is_none());
        assert!(DeviceSettings::read(Path::new("/nowhere/devices.toml")).unwrap().is_none());
    }

    #[test]
    fn cards_do_not_travel() {
        for url in ["http://192.0.2.7:9470", "http://localhost:9470", "http://127.0.0.1.example:9470"] {
            let refused = parse(&WHOLE.replace("http://127.0.0.1:9470", url)).unwrap_err();
            assert!(refused.starts_with("devices.toml: bridge.url must be 127.0.0.1"), "{refused}");
        }
        assert!(parse(&WHOLE.replace("127.0.0.1", "[::1]")).is_ok());
        let refused = parse(&WHOLE.replace("http://127", "https://127")).unwrap_err();
        assert_eq!(refused, "devices.toml: bridge.url is no http:// address");
    }

    #[test]
    fn what_is_wrong_is_named_and_a_token_is_not_shown() {
        let refused = parse(&WHOLE.replace("card_reader", "reader")).unwrap_err();
        assert!(refused.starts_with("devices.toml, line 5: unknown field"), "{refused}");
        let refused = parse(&WHOLE.replace("\"0123456789abcdef\"", "[\"hunter2\"]")).unwrap_err();
        assert!(refused.contains("line 4") && !refused.contains("hunter2"), "{refused}");
        let refused = parse(&WHOLE.replace("0123456789abcdef", "hunter2")).unwrap_err();
        assert_eq!(refused, "devices.toml: bridge.token must have at least 16 visible ASCII characters");
        let refused = parse(&WHOLE.replace("token = ", "token_file = \"/x\"\ntoken = ")).unwrap_err();
        assert_eq!(refused, "devices.toml: bridge must have one of token and token_file");
        let shown = format!("{:?}", parse(WHOLE).unwrap());
        assert!(!shown.contains("0123456789abcdef"));
        let refused = parse(&WHOLE.replace("/eSCL\"", "/eSCL\"\nresolution = 1200")).unwrap_err();
        assert_eq!(refused, "devices.toml: scanner.resolution must be between 75 and 600");
    }
}
