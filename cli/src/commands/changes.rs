//! `kohyo changes`: what changed between two releases or folders of definitions.

use crate::args::ChangesArgs;
use crate::commands::{emit, release};
use crate::disk::{Failure, write_text};
use crate::{output, programs};
use kohyo_compiler::changes::changes;
use kohyo_tool::Outputs;
use std::process::ExitCode;

/// Compares; the exit code is 1 if anything changed. The text goes to standard output if no other
/// place is named.
pub fn run(options: &ChangesArgs) -> Result<ExitCode, Failure> {
    let mut outputs = Outputs::of(&[options.old.clone(), options.new.clone()]);
    for path in [&options.html, &options.csv].into_iter().flatten() {
        outputs.file(path)?;
    }
    let keys = || release::trusted_keys(&options.trusted);
    let old = programs::load(&options.old, keys)?;
    let new = programs::load(&options.new, keys)?;
    if let (Some(before), Some(after)) = (old.published, new.published)
        && before.first_day() > after.first_day()
    {
        output::note(&format!(
            "警告: 前のリリース {}（{}公表）が、後のリリース {}（{}公表）より新しいものです。順序を確かめてください",
            old.name,
            before.japanese(),
            new.name,
            after.japanese()
        ));
    }
    let bar = emit::progress_bar(0);
    let list = changes(
        (&old.name, &old.of_records()),
        (&new.name, &new.of_records()),
        |done, all| {
            bar.set_length(u64::try_from(all).unwrap_or(0));
            bar.set_position(u64::try_from(done).unwrap_or(0));
        },
    );
    bar.finish_and_clear();
    if let Some(path) = &options.html {
        write_text(path, &list.page().map_err(Failure::Other)?)?;
    }
    if let Some(path) = &options.csv {
        write_text(path, &list.sheet().csv())?;
    }
    if options.json {
        output::line(list.json().trim_end());
    } else if options.html.is_none() && options.csv.is_none() {
        output::line(list.text().trim_end());
    }
    Ok(super::found(!list.is_empty()))
}
