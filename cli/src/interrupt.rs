//! Ctrl+C while something is written: nothing half done stays.

use crate::output;
use kohyo_tool::{interrupted, remove_unfinished};

/// From now on, whoever stops the command is told what has not been done.
pub fn watch(undone: &'static str) {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        // Without it the system stops the command as it would stop any other.
        let Ok(runtime) = runtime else { return };
        let code = runtime.block_on(interrupted());
        remove_unfinished();
        output::note(&format!("中止しました。{undone}"));
        std::process::exit(code.into());
    });
}
