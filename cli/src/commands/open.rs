//! `kohyo open`: a sealed container → its records, after all of it has been checked.

use crate::args::OpenArgs;
use crate::commands::key::{now, platform_keys, register};
use crate::disk::{Failure, add_with};
use crate::{interrupt, output};
use kohyo_exchange::count_records;
use kohyo_exchange::seal::{BoxError, SealedBox};
use kohyo_tool::Outputs;
use std::fs::File;
use std::io;
use std::process::ExitCode;

pub fn run(args: &OpenArgs) -> Result<ExitCode, Failure> {
    Outputs::of(std::slice::from_ref(&args.file)).fresh(&args.out)?;
    let keys = platform_keys(&args.platform, &args.passphrase)?;
    let register = register(&args.register, keys.public())?;
    let file = File::open(&args.file).map_err(|source| Failure::Read {
        path: args.file.clone(),
        source,
    })?;
    let fail = |error: BoxError| {
        Failure::Other(format!(
            "{}: {error}（{}）\n  {}",
            args.file.display(),
            error.check(),
            error.help()
        ))
    };
    let sealed = SealedBox::begin(file).map_err(fail)?;
    let mut verified = sealed.verify(&keys, &register, now()).map_err(fail)?;
    let records = verified
        .payload()
        .map(count_records)
        .map_err(|error| fail(error.into()))?;
    verified.has_all(records).map_err(fail)?;
    interrupt::watch("何も書いていません");
    add_with(&args.out, |out| {
        let mut payload = verified.payload()?;
        io::copy(&mut payload, out).map(|_| ())
    })?;
    let header = verified.header();
    output::note(&format!(
        "{}（{}）の鍵 {} で封緘された個票 {} 件を {} に書きました（{}、様式 {}）",
        verified.sender().name(),
        header.hospital,
        header.kid,
        header.records,
        args.out.display(),
        header.tool,
        header.release
    ));
    Ok(ExitCode::SUCCESS)
}
