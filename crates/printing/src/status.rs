//! How a printer is.

/// What CUPS says while it cannot reach the printer behind a queue; no keyword tells. In English, because our jobs are.
const CUPS_CANNOT_REACH: [&str; 3] =
    ["may not exist or is unavailable", "is unreachable at this time", "is not responding"];

/// How a printer is at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterStatus {
    /// The printer's own name; may be empty.
    pub name: String,
    /// What it is doing.
    pub state: PrinterState,
    /// `printer-state-reasons` as given, without `none`.
    pub reasons: Vec<String>,
    /// `printer-state-message`, the printer's own words; often empty.
    pub message: String,
    /// Whether it takes new jobs. A stopped printer may well take them and keep them.
    pub accepting: bool,
}

impl PrinterStatus {
    /// Everything that somebody has to mend, in the printer's order, each once.
    pub fn troubles(&self) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        let said = CUPS_CANNOT_REACH.iter().any(|words| self.message.contains(words)).then_some(Trouble::Offline);
        for trouble in said.into_iter().chain(self.reasons.iter().filter_map(|reason| Trouble::of(reason))) {
            if !troubles.contains(&trouble) {
                troubles.push(trouble);
            }
        }
        troubles
    }

    /// The first thing that somebody has to mend; those with a name of their own come before the others.
    pub fn trouble(&self) -> Option<Trouble> {
        let troubles = self.troubles();
        let named = troubles.iter().find(|trouble| !matches!(trouble, Trouble::Other(_)));
        named.or(troubles.first()).cloned()
    }
}

/// What a printer is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterState {
    /// Ready for a job.
    Idle,
    /// Printing.
    Processing,
    /// Waits for somebody.
    Stopped,
}

/// What keeps a printer from printing until somebody goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No paper, or not the right paper.
    PaperOut,
    /// Paper is stuck.
    PaperJam,
    /// The print server cannot reach the printer.
    Offline,
    /// A door or cover is open.
    DoorOpen,
    /// No toner or ink.
    TonerOut,
    /// Something else, by its IPP keyword without severity, as `paused`.
    Other(String),
}

impl Trouble {
    /// The trouble behind a `printer-state-reasons` keyword; none for what does not stop the printer, as `toner-low`.
    ///
    /// A `-warning` is believed like an `-error`, because many printers wait for paper with a warning; a `-report` is not,
    /// because it may be of a tray that is not in use, or of yesterday. An unknown keyword counts only as an error.
    pub fn of(reason: &str) -> Option<Self> {
        let severities = ["-error", "-warning", "-report"];
        let keyword = severities.iter().find_map(|severity| reason.strip_suffix(severity)).unwrap_or(reason);
        match keyword {
            // CUPS reports it, and stays at `connecting-to-device` for as long as the printer is switched off.
            "offline" | "shutdown" | "timed-out" | "connecting-to-device" => Some(Self::Offline),
            _ if reason.ends_with("-report") => None,
            "media-empty" | "media-needed" => Some(Self::PaperOut),
            "media-jam" => Some(Self::PaperJam),
            "door-open" | "cover-open" | "interlock-open" => Some(Self::DoorOpen),
            "toner-empty" | "marker-supply-empty" | "developer-empty" => Some(Self::TonerOut),
            "paused"
            | "moving-to-paused"
            | "spool-area-full"
            | "output-area-full"
            | "input-tray-missing"
            | "output-tray-missing"
            | "marker-waste-full"
            | "fuser-over-temp"
            | "fuser-under-temp"
            | "opc-life-over" => Some(Self::Other(keyword.to_owned())),
            _ if reason.ends_with("-error") => Some(Self::Other(keyword.to_owned())),
            _ => None,
        }
    }

    /// The short word for it: `paper-out` and so on, or the printer's keyword.
    pub fn code(&self) -> &str {
        match self {
            Self::PaperOut => "paper-out",
            Self::PaperJam => "paper-jam",
            Self::Offline => "offline",
            Self::DoorOpen => "door-open",
            Self::TonerOut => "toner-out",
            Self::Other(keyword) => keyword,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(reasons: &[&str]) -> PrinterStatus {
        let reasons = reasons.iter().map(|reason| (*reason).to_owned()).collect();
        PrinterStatus {
            name: String::new(),
            state: PrinterState::Idle,
            reasons,
            message: String::new(),
            accepting: true,
        }
    }

    #[test]
    fn a_warning_is_trouble_like_an_error() {
        for reason in ["media-empty", "media-empty-error", "media-empty-warning", "media-needed"] {
            assert_eq!(Trouble::of(reason), Some(Trouble::PaperOut), "{reason}");
        }
        assert_eq!(Trouble::of("media-jam-warning"), Some(Trouble::PaperJam));
        assert_eq!(Trouble::of("cover-open-error"), Some(Trouble::DoorOpen));
        assert_eq!(Trouble::of("marker-supply-empty-error"), Some(Trouble::TonerOut));
        assert_eq!(Trouble::of("offline-report"), Some(Trouble::Offline));
    }

    #[test]
    fn what_does_not_stop_the_printer_is_no_trouble() {
        for reason in [
            "toner-low-warning",
            "cups-waiting-for-job-completed",
            "none",
            "media-low",
            "vendor-nap",
            "media-jam-report",
        ] {
            assert_eq!(Trouble::of(reason), None, "{reason}");
        }
    }

    #[test]
    fn a_printer_that_cups_cannot_reach_is_offline_though_no_keyword_says_so() {
        let message = "The printer may not exist or is unavailable at this time.".to_owned();
        let status = PrinterStatus { message, ..status(&["media-empty-error"]) };
        assert_eq!(status.troubles(), [Trouble::Offline, Trouble::PaperOut]);
        assert_eq!(status.trouble(), Some(Trouble::Offline));
    }

    #[test]
    fn an_unknown_error_is_kept_and_named_trouble_comes_first() {
        let status = status(&["vendor-gremlin-error", "media-empty-warning", "media-needed-error"]);
        assert_eq!(status.troubles(), [Trouble::Other("vendor-gremlin".into()), Trouble::PaperOut]);
        assert_eq!(status.trouble(), Some(Trouble::PaperOut));
    }
}
