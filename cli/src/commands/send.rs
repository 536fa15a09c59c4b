//! `kohyo send`: a file → the platform, in pieces, however often the connection breaks; its receipt
//! and error list come back. The protocol: `docs/exchange/upload.md`, section 4.
//!
//! ```text
//! file ─ parcel ─► upload ─ web ─► platform
//!                     └─► status ─► receipt, error list
//! ```

mod parcel;
mod receipt;
mod status;
mod upload;
mod web;

use crate::args::SendArgs;
use crate::commands::passphrase;
use crate::disk::{self, Failure};
use crate::output;
use kohyo_exchange::head;
use kohyo_tool::Outputs;
use parcel::Parcel;
use receipt::Filed;
use status::{Receipt, State, Status};
use std::path::Path;
use std::process::ExitCode;
use web::Web;

/// Sends a file. The exit code is 1 if the platform did not register every record.
pub fn run(args: &SendArgs) -> Result<ExitCode, Failure> {
    let mut parcel = Parcel::open(&args.file)?;
    let filed = Filed::beside(args.receipt.as_deref(), &args.file);
    if let Some(path) = &args.csv {
        let mut outputs = Outputs::of(std::slice::from_ref(&args.file));
        outputs.file(filed.path())?;
        outputs.list(path, head::CSV.as_bytes())?;
    }
    let known = filed.known(&parcel)?;
    if let Some(status) = &known {
        output::note(&format!(
            "このファイルは、すでに受け付けられています（控え {}）",
            filed.path().display()
        ));
        if args.csv.is_none() {
            return Ok(told(status));
        }
    }
    let token = passphrase::token(args.token_file.as_deref())?;
    let web = Web::new(&args.server, token, args.ca.as_deref())?;
    let status = match known {
        Some(status) => status,
        None => sent(args, &web, &mut parcel, &filed)?,
    };
    if let Some(path) = &args.csv {
        save_errors(&web, &status, path)?;
    }
    Ok(told(&status))
}

/// Sends the file. The receipt is filed before anything else can fail.
fn sent(args: &SendArgs, web: &Web, parcel: &mut Parcel, filed: &Filed) -> Result<Status, Failure> {
    let mode = if args.all_or_nothing { "all" } else { "each" };
    let status = upload::send(web, parcel, mode)?;
    if status.state == State::Done {
        filed.keep(&status)?;
        output::note(&format!("受付の控え {}", filed.path().display()));
    }
    Ok(status)
}

fn save_errors(web: &Web, status: &Status, path: &Path) -> Result<(), Failure> {
    let list = web.get(&format!("/imports/{}/errors.csv", status.id))?;
    disk::write(path, &list.body)
}

/// Says what became of the file.
fn told(status: &Status) -> ExitCode {
    if let Some(refusal) = &status.refusal {
        let help = refusal.help().map(|help| format!("\n  {help}"));
        output::error(&format!(
            "受け付けられませんでした: {}（{}）{}",
            refusal.message,
            refusal.error,
            help.unwrap_or_default()
        ));
    }
    if let Some(receipt) = &status.receipt {
        let Receipt {
            number,
            records,
            registered,
            duplicates,
            refused,
        } = receipt;
        output::note(&format!(
            "受付番号 {number}\n個票 {records} 件: 登録 {registered}、重複 {duplicates}、エラー {refused}"
        ));
    }
    let all = status.receipt.as_ref().is_some_and(|of| of.refused == 0);
    super::found(!all)
}
