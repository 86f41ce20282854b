//! The secret that an embedded hall and its department share: made once, kept in a file for one person's eyes.

use protocol::Secret;
use serde::Deserialize;
use web::source::Chance;

use crate::{
    ServerError,
    folder::{DataFolder, open_to_others, read_if_there, write_private},
};

const FILE: &str = "secrets.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretsFile {
    hall_and_department: String,
}

/// The secret of the folder; a new one at the first start.
pub(crate) fn shared_secret(folder: &DataFolder, chance: &Chance) -> Result<Secret, ServerError> {
    let file = folder.join(FILE);
    let Some(text) = read_if_there(&file)? else {
        let secret = Secret::generate(chance.bytes());
        let text = format!(
            "# Signs what hall and department send each other. Nobody else may read it.\nhall_and_department = \"{}\"\n",
            secret.expose()
        );
        write_private(&file, &text)?;
        return Ok(secret);
    };
    if let Some(mode) = open_to_others(&file)? {
        return Err(ServerError::OpenToOthers { file, mode });
    }
    // The parser would quote the line, and the line is the secret.
    let secrets: Option<SecretsFile> = toml::from_str(&text).ok();
    let secret = secrets.and_then(|secrets| Secret::parse(&secrets.hall_and_department).ok());
    secret.ok_or_else(|| ServerError::NoSecret(file.display().to_string()))
}
