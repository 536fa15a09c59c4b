//! Draws.
use crate::diagnostic::Diagnostic;
/// Palette.
#[derive(Clone, Copy, Debug)]
pub enum Palette {
    /// Plain.
    Plain,
    /// Colour.
    Colour,
}
/// Renders.
pub fn render(_d: &[Diagnostic], _s: &[(&str, &str)], _p: Palette) -> String {
    String::new()
}
