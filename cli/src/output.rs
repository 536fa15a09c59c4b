//! The only place that writes to the terminal.

use kohyo_dsl::Palette;
use std::io::{IsTerminal, Write};

/// A line to standard output. A closed pipe ends the program quietly, as `| head` expects.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        std::process::exit(0);
    }
}

/// A message about progress or trouble to standard error; nothing can be done if that fails.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// An error that ends the command.
pub fn error(text: &str) {
    note(&format!("エラー: {text}"));
}

/// Colours only on a terminal, and never against the user's wish.
pub fn palette() -> Palette {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    if wanted && std::io::stdout().is_terminal() {
        Palette::Colour
    } else {
        Palette::Plain
    }
}
