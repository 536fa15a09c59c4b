//! `kohyo release`: everything that vendors, hospitals and servers receive, as one signed file.

mod build;
pub mod contents;
mod documents;
pub mod kit;

use crate::args::{ReleaseArgs, ReleaseCommand, Trusted};
use crate::commands::check_records::parse_day;
use crate::commands::{emit, key};
use crate::disk::{self, Failure, add, keep, make_folder, read_text};
use crate::{output, programs};
use kohyo_bundle::{Bundle, FileEntry, Kind, Manifest, PublicKey, ReleaseKey, TrustedKeys, Use};
use kohyo_tool::Outputs;
use rand::Rng;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const SECRET_FILE: &str = "release.kohyo-secret";
const PUBLIC_FILE: &str = "release.kohyo-pub";

pub fn run(forms: Option<&Path>, args: ReleaseArgs) -> Result<ExitCode, Failure> {
    match args.command {
        None => build::run(&disk::workspace(forms, disk::Texts::All)?, &args.build),
        Some(ReleaseCommand::Verify { file, on, trusted }) => {
            verify(&file, on.as_deref(), &trusted)
        }
        Some(ReleaseCommand::List {
            file,
            files,
            json,
            trusted,
        }) => list(&file, files, json, &trusted),
        Some(ReleaseCommand::Extract {
            file,
            paths,
            out,
            trusted,
        }) => extract(&file, &paths, &out, &trusted),
        Some(ReleaseCommand::Key { name, out }) => new_key(&name, &out),
        Some(ReleaseCommand::Trust { file, keys }) => trust(&file, keys),
    }
}

/// The keys named, or those that were registered.
pub fn trusted_keys(trusted: &Trusted) -> Result<TrustedKeys, Failure> {
    keys(&trusted.trusted, trusted.keys.clone())
}

/// The keys in these files, or else those registered in a folder of keys.
pub fn keys(files: &[PathBuf], folder: Option<PathBuf>) -> Result<TrustedKeys, Failure> {
    Ok(kohyo_tool::trusted_keys(files, &key::keys_folder(folder)?)?)
}

fn open(file: &Path, trusted: &Trusted, purpose: Use) -> Result<Bundle, Failure> {
    Bundle::open_file(file, &trusted_keys(trusted)?, purpose).map_err(|e| programs::refused(&e))
}

// ---- looking at a release

fn verify(file: &Path, on: Option<&str>, trusted: &Trusted) -> Result<ExitCode, Failure> {
    let purpose = match on {
        Some(day) => Use::On(parse_day(day)?),
        None => Use::Archive,
    };
    let bundle = open(file, trusted, purpose)?;
    let bar = emit::progress_bar(bundle.manifest().files.len());
    let outcome = bundle.verify_all(|entry| {
        bar.set_message(entry.path.clone());
        bar.inc(1);
    });
    bar.finish_and_clear();
    if let Err(wrong) = outcome {
        for error in &wrong {
            output::error(&programs::told(error));
        }
        return Ok(ExitCode::FAILURE);
    }
    output::line(&headline(&bundle));
    output::line(&format!(
        "署名と {} ファイルの内容を確かめました",
        bundle.manifest().files.len()
    ));
    Ok(ExitCode::SUCCESS)
}

/// リリース 2026-12（…）: what it is, how long it is valid, who signed it.
fn headline(bundle: &Bundle) -> String {
    let Manifest {
        release,
        platform,
        published,
        valid_from,
        valid_until,
        previous,
        made_with,
        ..
    } = bundle.manifest();
    let key = bundle.signed_by();
    let previous = previous
        .as_ref()
        .map_or("なし".to_owned(), |previous| previous.release.clone());
    format!(
        "リリース: {release}\n配布元: {platform}\n公表日: {}\n有効期間: {} から {} まで\n前のリリース: {previous}\n目録のハッシュ: {}\n署名の鍵: {}（鍵番号 {}、指紋 {}）\n作成: {made_with}",
        published.japanese(),
        valid_from.japanese(),
        valid_until.japanese(),
        bundle.hash(),
        key.name(),
        key.id(),
        key.fingerprint()
    )
}

fn list(file: &Path, files: bool, json: bool, trusted: &Trusted) -> Result<ExitCode, Failure> {
    let bundle = open(file, trusted, Use::Archive)?;
    let manifest = bundle.manifest();
    if json {
        output::line(String::from_utf8_lossy(bundle.manifest_json()).trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    output::line(&headline(&bundle));
    output::line(&format!("\n様式 {} 件", manifest.forms.len()));
    for form in &manifest.forms {
        output::line(&format!(
            "  {:<16} {:>6}年版  {}",
            form.key, form.edition, form.title
        ));
    }
    output::line(&format!("\nファイル {} 件", manifest.files.len()));
    let mut kinds: BTreeMap<(Kind, &str), (usize, u64)> = BTreeMap::new();
    for entry in &manifest.files {
        let target = entry.target.as_deref().unwrap_or_default();
        let (count, bytes) = kinds.entry((entry.kind, target)).or_default();
        *count += 1;
        *bytes += entry.size;
    }
    for ((kind, target), (count, bytes)) in kinds {
        output::line(&format!(
            "  {:<24} {count:>6} 件 {:>12} バイト",
            format!("{} {target}", word(kind)).trim_end(),
            bytes
        ));
    }
    if files {
        output::line("");
        for entry in &manifest.files {
            output::line(&format!(
                "  {}  {:>10}  {}",
                entry.sha256, entry.size, entry.path
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Program => "programs",
        Kind::Artefact => "artefacts",
        Kind::Card => "cards",
        Kind::Kit => "kit",
        Kind::Changes => "changes",
        Kind::Document => "docs",
    }
}

fn extract(
    file: &Path,
    paths: &[String],
    out: &Path,
    trusted: &Trusted,
) -> Result<ExitCode, Failure> {
    let bundle = open(file, trusted, Use::Archive)?;
    let wanted = |entry: &&FileEntry| {
        let inside = |folder: &String| {
            let rest = entry.path.strip_prefix(folder.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        paths.is_empty() || paths.iter().any(inside)
    };
    let mut written = 0;
    let mut outputs = Outputs::of(&[file.to_owned()]);
    for entry in bundle.manifest().files.iter().filter(wanted) {
        let content = bundle
            .read(&entry.path)
            .map_err(|e| programs::refused(&e))?;
        // The names of a bundle lead nowhere else.
        let path = out.join(&entry.path);
        outputs.file(&path)?;
        make_folder(path.parent().unwrap_or(out))?;
        disk::write(&path, &content)?;
        written += 1;
    }
    if written == 0 {
        return Err(Failure::Other(format!(
            "{} というファイルはリリースにありません\n  `kohyo release list --files` で確認してください",
            paths.join("、")
        )));
    }
    output::note(&format!(
        "{} に {written} ファイルを取り出しました",
        out.display()
    ));
    Ok(ExitCode::SUCCESS)
}

// ---- keys

fn new_key(name: &str, out: &Path) -> Result<ExitCode, Failure> {
    let secret = out.join(SECRET_FILE);
    for file in [&secret, &out.join(PUBLIC_FILE)] {
        if file.exists() {
            return Err(Failure::Other(format!(
                "{} はすでにあります\n  署名の鍵を失うと、登録した公開鍵を配り直すことになるため、上書きしません",
                file.display()
            )));
        }
    }
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    rand::rng().fill_bytes(seed.as_mut_slice());
    let key = ReleaseKey::from_seed(name, &seed).map_err(|e| Failure::Other(e.to_string()))?;
    make_folder(out)?;
    add(&secret, key.to_text().as_bytes())?;
    add(&out.join(PUBLIC_FILE), key.public().to_text().as_bytes())?;
    output::line(&format!(
        "{} と {PUBLIC_FILE} を作りました\n鍵番号: {}\n指紋: {}\n秘密鍵ファイルを読める人は、リリースに署名できます。ほかの人の読めない場所に置いてください。公開鍵ファイルは、指紋とは別の方法で配ってください",
        secret.display(),
        key.public().id(),
        key.public().fingerprint()
    ));
    Ok(ExitCode::SUCCESS)
}

fn trust(file: &Path, folder: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let text = read_text(file)?;
    let public =
        PublicKey::parse(&text).map_err(|e| Failure::Other(format!("{}: {e}", file.display())))?;
    let folder = key::keys_folder(folder)?;
    let path = folder.path().join(kohyo_tool::release_key_file(&public));
    make_folder(folder.path())?;
    keep(&path, public.to_text().as_bytes())?;
    output::line(&format!(
        "登録しました: {}（鍵番号 {}）\n指紋: {}（配布元からの書面の指紋と同じか確かめてください。違うときは {} を取り除いてください）",
        public.name(),
        public.id(),
        public.fingerprint(),
        path.display()
    ));
    Ok(ExitCode::SUCCESS)
}
