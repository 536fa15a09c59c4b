//! Text to text.
use crate::diagnostic::Diagnostic;
/// Formats.
pub fn format(file: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
    let _ = file;
    Ok(text.to_owned())
}
