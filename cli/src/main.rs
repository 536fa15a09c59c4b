//! The one command: arguments in, calls of the libraries, text and exit code out.
//!
//! Nothing is decided here; every command is a few calls of the crate that does the work.

mod args;
mod commands;
mod disk;
mod interrupt;
mod output;
mod parallel;
mod programs;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::Args::read() {
        Ok(args) => args,
        Err(code) => return code,
    };
    match commands::run(args) {
        Ok(code) => code,
        Err(failure) => {
            output::error(&failure.to_string());
            ExitCode::from(2)
        }
    }
}
