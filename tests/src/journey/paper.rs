//! What came out of the printer, read by programs that did not make it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::journey::hands::sha256;
use crate::journey::{Walked, demand};
use crate::{HarnessError, Result, traces};

/// The resolution of a label printer.
const DPI: &str = "203";

/// A printed document.
pub struct Printed {
    /// Its bytes, as the printer got them.
    pub bytes: Vec<u8>,
    file: PathBuf,
}

impl Printed {
    /// Keeps a document as `target/e2e/<name>.pdf`.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn keep(name: &str, bytes: &[u8]) -> Result<Self> {
        let file = traces()?.join(format!("{name}.pdf"));
        std::fs::write(&file, bytes)?;
        Ok(Self { bytes: bytes.to_vec(), file })
    }

    /// Its text.
    ///
    /// # Errors
    /// Where it is no PDF.
    pub fn text(&self) -> Result<String> {
        let text = run("pdftotext", &["-raw".as_ref(), self.file.as_ref(), "-".as_ref()])?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// What its QR code says, read from its first page as it is printed.
    ///
    /// # Errors
    /// Where there is not exactly one that can be read.
    pub fn qr(&self) -> Result<String> {
        let page = self.file.with_extension("");
        run(
            "pdftoppm",
            &["-r".as_ref(), DPI.as_ref(), "-png".as_ref(), "-singlefile".as_ref(), self.file.as_ref(), page.as_ref()],
        )?;
        let picture = image::open(page.with_extension("png"))
            .map_err(|error| HarnessError::Failed("image".to_owned(), error.to_string()))?;
        let mut prepared = rqrr::PreparedImage::prepare(picture.to_luma8());
        let found: Vec<String> =
            prepared.detect_grids().iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect();
        let [link] = found.as_slice() else {
            return Err(HarnessError::InVain(format!("one QR code in {}, not {found:?}", self.file.display())));
        };
        Ok(link.clone())
    }
}

/// The printed documents are what the previews show, the decision says what was decided, and the certificate what was
/// applied for. Gives what its QR code says.
///
/// # Errors
/// Where one is something else.
pub fn demand_right_papers(name: &str, walked: &Walked, documents: &[Vec<u8>]) -> Result<String> {
    let sums: Vec<_> = documents.iter().map(|bytes| sha256(bytes)).collect();
    let previews: Vec<_> = walked.printed.iter().map(|paper| paper.sha256.clone()).collect();
    demand(sums == previews, || format!("the printed bytes {sums:?} as previewed: {previews:?}"))?;

    let kept = |kind: &str| {
        let Some(at) = walked.printed.iter().position(|paper| paper.kind == kind) else {
            return Err(HarnessError::InVain(format!("a printed {kind}")));
        };
        Printed::keep(&format!("{name}-{kind}"), &documents[at])
    };
    let decision = kept("decision")?.text()?;
    let said: String = decision.split_whitespace().collect();
    let reason = walked.case["decision"]["reason"].as_str().unwrap_or_default();
    demand(reason.starts_with(super::DECIDED) && said.contains(reason), || {
        format!("{reason} in the decision:\n{decision}")
    })?;

    let certificate = walked.paper("certificate")?;
    let printed = kept("certificate")?;
    let text = printed.text()?;
    let said: String = text.split_whitespace().collect();
    let validity = &walked.case["decision"]["certificate"];
    let days = ["valid_from", "valid_until"].map(|key| chinese_date(validity[key].as_str().unwrap_or_default()));
    let rows = [super::APPLICANT, super::APPLICANT_ID, super::PREMISES, &certificate.number];
    for wanted in rows.into_iter().chain(days.iter().map(String::as_str)) {
        demand(said.contains(wanted), || format!("{wanted} on the certificate:\n{text}"))?;
    }
    printed.qr()
}

/// 2026-06-05 as papers say it: 2026年6月5日.
fn chinese_date(date: &str) -> String {
    let mut pieces = date.split('-').map(|piece| piece.trim_start_matches('0'));
    let mut next = || pieces.next().unwrap_or_default();
    format!("{}年{}月{}日", next(), next(), next())
}

/// The documents in the folder of the demo's printer, in the order in which they were printed.
///
/// # Errors
/// Where the folder cannot be read.
pub fn documents_in(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let number: u32 = name.split('-').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        files.push((number, file));
    }
    files.sort();
    files.iter().map(|(_, file)| Ok(std::fs::read(file)?)).collect()
}

fn run(program: &str, arguments: &[&std::ffi::OsStr]) -> Result<Vec<u8>> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|error| HarnessError::Start(program.to_owned(), error))?;
    crate::display::succeeded(program, &output)?;
    Ok(output.stdout)
}
