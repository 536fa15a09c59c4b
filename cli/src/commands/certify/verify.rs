//! Whether a report is what somebody signed, and of the kits it should be of.

use super::kits;
use crate::args::KitRelease;
use crate::disk::{Failure, read_text};
use crate::output;
use kohyo_compiler::kit::certify::{KitUsed, Report};
use kohyo_exchange::seal::PlatformPublic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub fn run(
    path: &Path,
    key: &Path,
    folders: &[PathBuf],
    named: &KitRelease,
) -> Result<ExitCode, Failure> {
    let public = PlatformPublic::parse(&read_text(key)?)
        .map_err(|e| Failure::Other(format!("{}: {e}\n  {}", key.display(), e.help())))?;
    let verified = Report::parse(&read_text(path)?)
        .map_err(|problem| Failure::Other(format!("{}: {problem}", path.display())))?;
    let Some(signature) = &verified.signature else {
        return Err(Failure::Other(format!(
            "{} には署名がありません\n  `kohyo certify … --key` で署名した報告書を受け取ってください",
            path.display()
        )));
    };
    if !public.verifies_report(&verified.signed, signature) {
        return Err(Failure::Other(format!(
            "{} の署名が正しくありません\n  報告書が書き換えられたか、別の鍵で署名されています。公開鍵を確かめ、報告書を受け取り直してください",
            path.display()
        )));
    }
    output::line(&format!(
        "署名を確かめました: {}（指紋 {}）",
        public.name,
        public.fingerprint()
    ));
    let report = &verified.report;
    compared(&report.kits, folders, named)?;
    output::line(report.text().trim_end());
    Ok(super::super::found(report.summary.differences() > 0))
}

/// Every kit of the report is one of those at hand, if any are.
fn compared(used: &[KitUsed], folders: &[PathBuf], named: &KitRelease) -> Result<(), Failure> {
    let own: Vec<KitUsed> = match folders {
        [] => Vec::new(),
        folders => kits::opened(folders)?
            .iter()
            .map(kits::Opened::used)
            .collect(),
    };
    let bundle = kits::release(named)?;
    if own.is_empty() && bundle.is_none() {
        output::line(
            "キットは比べていません（`--kit` か `--release` で、手元のキットかリリースと比べられます）",
        );
        return Ok(());
    }
    for kit in used {
        let same =
            |own: &&KitUsed| own.name() == kit.name() && own.index_sha256 == kit.index_sha256;
        let name = kit.name();
        match &bundle {
            Some(bundle) if kits::has(bundle, kit) => output::line(&format!(
                "キット {name} は、リリース {} のものです",
                bundle.manifest().release
            )),
            _ if own.iter().any(|own| same(&own)) => {
                output::line(&format!("キット {name} は、手元のキットと同じです"));
            }
            _ => {
                return Err(Failure::Other(format!(
                    "報告書のキット {name} は、示されたキット・リリースのどれとも違います（索引のSHA-256 {}）\n  キットの版を確かめてください。束とCSV・FHIRのキットはリリースにないので、同じ定義から作り直し、`--kit` で比べてください",
                    kit.index_sha256
                )));
            }
        }
    }
    Ok(())
}
