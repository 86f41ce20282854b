//! Takes a file from a desk: kept once, by its content.

use serde_json::json;
use store::StoreError;
use web::{Actor, Problem, ProblemCode, ProblemField};

use domain::rights::{Right, may};

use crate::{Hall, HallError, faults::Faults, views::FileView};

/// The largest file that is taken, in bytes.
pub(crate) const LARGEST_FILE: usize = 20 * 1024 * 1024;

/// What is taken: by the content, whatever the name says.
pub(crate) const TAKEN: [&str; 3] = ["application/pdf", "image/png", "image/jpeg"];

impl Hall {
    /// Keeps a file, or finds it kept already.
    ///
    /// # Errors
    /// [`HallError::File`], when it is too large, empty or of a kind that is not taken.
    pub async fn upload_file(&self, actor: &Actor, name: String, bytes: Vec<u8>) -> Result<FileView, HallError> {
        // Materials at a window, a signature at the output desk.
        let hands_over = may(&actor.grants(), Right::DeliverCase, None, self.0.clock.today());
        self.demand(actor, if hands_over { Right::DeliverCase } else { Right::TakeCase }, None)?;
        let refuse = |code, field: ProblemField| HallError::File(Box::new(Problem::new(code).field(field)));
        let mut faults = Faults::default();
        faults.file_name("?name", &name);
        let fields = faults.into_fields();
        if !fields.is_empty() {
            return Err(HallError::Invalid(fields));
        }
        if bytes.len() > LARGEST_FILE {
            let params = json!({ "max": LARGEST_FILE, "size": bytes.len() });
            return Err(refuse(
                ProblemCode::FileTooLarge,
                ProblemField::new("", "too-large").value(name).params(params),
            ));
        }
        let found = infer::get(&bytes).map(|kind| kind.mime_type());
        let Some(media_type) = TAKEN.into_iter().find(|taken| Some(*taken) == found) else {
            let params = json!({ "found": found, "taken": TAKEN });
            return Err(refuse(
                ProblemCode::FileTypeRefused,
                ProblemField::new("", "refused").value(name).params(params),
            ));
        };
        let kept = self.0.files.put(bytes).await?;
        let now = self.0.clock.now();
        let (sha256, size) = (kept.sha256, kept.size);
        self.0
            .store
            .write(async move |tx| tx.keep_upload(sha256, size, media_type, now).await)
            .await
            .map_err(|error: StoreError| HallError::from(error))?;
        Ok(FileView { sha256: hex::encode(sha256), size, media_type: media_type.to_owned(), name })
    }
}
