//! Files in a ZIP. Nothing is unpacked to a disk, and no name in it is ever used as a path.

use crate::check::{Checker, RecordReport};
use crate::csv;
use crate::finding::{Place, RecordFinding, Trouble};
use encoding_rs::SHIFT_JIS;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use zip::ZipArchive;
use zip::result::ZipError;

/// An archive has at most so many entries.
const MAX_ENTRIES: u16 = 20_000;
/// What an archive says about its entries takes at most so many bytes.
const MAX_DIRECTORY: u32 = 8 * 1024 * 1024;
/// Unpacked, an archive has at most so many bytes.
const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
/// An entry grows at most so many times, once it is larger than [`SMALL`].
const MAX_RATIO: u64 = 200;
const SMALL: u64 = 1024 * 1024;

/// Checks every record of the XML and CSV files in an archive, in the order of their names.
/// `on_report` is given the name of the file in the archive; nothing for the archive as a whole.
pub(crate) fn check_archive(
    mut file: File,
    checker: &mut Checker,
    on_report: &mut dyn FnMut(Option<&str>, RecordReport) -> ControlFlow<()>,
) {
    let outcome = preflight(&mut file).and_then(|()| {
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| broken(&e))?;
        if archive.has_overlapping_files().map_err(|e| broken(&e))? {
            return Err(Box::new(bomb(
                "ZIPの中のファイルが、同じ場所のデータを共有しています",
            )));
        }
        Ok(archive)
    });
    match outcome {
        Ok(mut archive) => {
            let _ = check_entries(&mut archive, checker, on_report);
        }
        // It is the only report.
        Err(finding) => drop(on_report(None, RecordReport::of_file(*finding))),
    }
}

fn check_entries(
    archive: &mut ZipArchive<BufReader<File>>,
    checker: &mut Checker,
    on_report: &mut dyn FnMut(Option<&str>, RecordReport) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut of_archive = |finding| on_report(None, RecordReport::of_file(finding));
    if archive.has_duplicate_names() {
        of_archive(RecordFinding::error(
            "zip.duplicate_name",
            Place::default(),
            "ZIPの中に同じ名前のファイルが二つ以上あります",
            "名前を変えて、ZIPを作り直してください",
        ))?;
    }
    let entries = entries(archive);
    if entries
        .iter()
        .any(|entry| entry.name == "[Content_Types].xml")
    {
        return of_archive(RecordFinding::error(
            "file.office",
            Place::default(),
            "ExcelやWordのファイルは点検できません",
            "Excelの「CSV UTF-8」で保存したファイルを指定してください",
        ));
    }
    if !entries.iter().any(|entry| entry.kind != Kind::Other) {
        return of_archive(RecordFinding::error(
            "zip.no_records",
            Place::default(),
            "ZIPの中にXMLファイル（*.xml）もCSVファイル（*.csv）もありません",
            "個票のファイルをZIPに入れ直してください",
        ));
    }
    let budget = Cell::new(MAX_UNPACKED);
    for entry in entries {
        let inside = Some(entry.name.as_str());
        if let Some(finding) = entry.refused() {
            on_report(inside, RecordReport::of_file(finding))?;
            continue;
        }
        let mut flow = ControlFlow::Continue(());
        let mut report = |report| {
            flow = on_report(inside, report);
            flow
        };
        match entry.kind {
            Kind::Xml => match unpacked(archive, &entry, &budget) {
                Ok(file) => checker.check(file, &mut report),
                Err(finding) => drop(report(RecordReport::of_file(*finding))),
            },
            Kind::Csv => {
                let charset = unpacked(archive, &entry, &budget).and_then(csv::detect);
                let input = charset.and_then(|charset| {
                    let file = unpacked(archive, &entry, &budget)?;
                    Ok(csv::Decoded::new(file, charset))
                });
                match input {
                    Ok(input) => checker.check_decoded(input, &mut report),
                    Err(finding) => drop(report(RecordReport::of_file(*finding))),
                }
            }
            Kind::Archive | Kind::Other => {}
        }
        flow?;
    }
    ControlFlow::Continue(())
}

/// Looks at the end of the file, where an archive says how many entries it has: reading that many
/// is the first thing that costs memory.
fn preflight(file: &mut File) -> Result<(), Box<RecordFinding>> {
    const END: usize = 22;
    let mut tail = Vec::new();
    let read = |file: &mut File, tail: &mut Vec<u8>| -> io::Result<()> {
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(length.saturating_sub(END as u64 + 0xffff)))?;
        file.read_to_end(tail)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(())
    };
    read(file, &mut tail).map_err(|e| Box::new(RecordFinding::unreadable(Place::default(), &e)))?;
    let end = tail
        .windows(END)
        .rev()
        .find(|end| end.starts_with(b"PK\x05\x06"));
    let numbers = end.and_then(|end| {
        let entries = u16::from_le_bytes(end.get(10..12)?.try_into().ok()?);
        let directory = u32::from_le_bytes(end.get(12..16)?.try_into().ok()?);
        Some((entries, directory))
    });
    match numbers {
        None => Err(Box::new(RecordFinding::error(
            "zip.broken",
            Place::default(),
            "ZIPが途中で切れているか、壊れています",
            "ZIPを作り直すか、複写し直してください",
        ))),
        Some((entries, directory)) if entries > MAX_ENTRIES || directory > MAX_DIRECTORY => {
            Err(Box::new(RecordFinding::error(
                "zip.too_many",
                Place::default(),
                format!("ZIPの中のファイルが多すぎます（{MAX_ENTRIES}個まで）"),
                "いくつかのZIPに分けるか、フォルダーのまま指定してください",
            )))
        }
        Some(_) => Ok(()),
    }
}

/// What an entry is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Xml,
    Csv,
    /// An archive in the archive.
    Archive,
    Other,
}

/// What an archive says about one of its files.
struct EntryInfo {
    index: usize,
    /// The name as it is shown.
    name: String,
    kind: Kind,
    encrypted: bool,
    link: bool,
    /// Packed in a way that is read.
    readable: bool,
}

impl EntryInfo {
    /// Why it is not read, if it is not.
    fn refused(&self) -> Option<RecordFinding> {
        let error = |check, message: &str, help: &str| {
            Some(RecordFinding::error(check, Place::default(), message, help))
        };
        if self.kind == Kind::Other {
            return None;
        }
        if is_trap(&self.name) {
            return error(
                "zip.name",
                "ZIPの中のファイル名が、ZIPの外の場所を指しています",
                "ZIPの出どころを確認し、個票のフォルダーから作り直してください",
            );
        }
        if self.link {
            return error(
                "zip.link",
                "ZIPの中に、ファイルではなくリンクが入っています",
                "リンク先のファイルそのものを入れて、ZIPを作り直してください",
            );
        }
        if self.encrypted {
            return error(
                "zip.encrypted",
                "ZIPのファイルにパスワードが付いています",
                "パスワードのないZIPにするか、フォルダーのまま指定してください",
            );
        }
        if self.kind == Kind::Archive {
            return error(
                "zip.nested",
                "ZIPの中にZIPがあります",
                "中のZIPを展開してから指定してください",
            );
        }
        if !self.readable {
            return error(
                "zip.method",
                "ZIPの圧縮方式が対応していないものです",
                "ふつうのZIP（Deflate）で作り直すか、フォルダーのまま指定してください",
            );
        }
        None
    }
}

/// A name that would lead out of the folder in which the archive is unpacked.
fn is_trap(name: &str) -> bool {
    let absolute = name.starts_with(['/', '\\']) || name.get(1..2) == Some(":");
    absolute || name.contains('\0') || name.split(['/', '\\']).any(|part| part == "..")
}

/// The entries in the order of their names, without folders and what systems leave behind.
fn entries(archive: &ZipArchive<BufReader<File>>) -> Vec<EntryInfo> {
    let mut entries: Vec<EntryInfo> = (0..archive.len())
        .filter_map(|index| {
            let entry = archive.by_index_data(index).ok()?;
            let name = shown_name(entry.name_raw());
            let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
            if entry.is_dir() || name.starts_with("__MACOSX/") || last.starts_with('.') {
                return None;
            }
            let kind = match last.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()) {
                Some(extension) if extension == "xml" => Kind::Xml,
                Some(extension) if extension == "csv" => Kind::Csv,
                Some(extension) if extension == "zip" => Kind::Archive,
                _ => Kind::Other,
            };
            Some(EntryInfo {
                index,
                kind,
                encrypted: entry.encrypted(),
                link: entry.is_symlink(),
                readable: matches!(
                    entry.compression(),
                    zip::CompressionMethod::Stored | zip::CompressionMethod::Deflated
                ),
                name,
            })
        })
        .collect();
    entries.sort_by(|a, b| (&a.name, a.index).cmp(&(&b.name, b.index)));
    entries
}

/// Names are UTF-8 or, from Windows, Shift_JIS.
fn shown_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(raw).0.into_owned(),
    }
}

fn broken(error: &ZipError) -> Box<RecordFinding> {
    Box::new(match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            RecordFinding::unreadable(Place::default(), error)
        }
        _ => RecordFinding::error(
            "zip.broken",
            Place::default(),
            "ZIPが途中で切れているか、壊れています",
            "ZIPを作り直すか、複写し直してください",
        ),
    })
}

fn bomb(message: &str) -> RecordFinding {
    RecordFinding::error(
        "zip.bomb",
        Place::default(),
        message,
        "ZIPの出どころを確認してください。個票であれば、フォルダーのまま指定してください",
    )
}

fn unpacked<'b>(
    archive: &'b mut ZipArchive<BufReader<File>>,
    entry: &EntryInfo,
    budget: &'b Cell<u64>,
) -> Result<Unpacked<'b, impl Read>, Box<RecordFinding>> {
    let file = archive.by_index(entry.index).map_err(|e| broken(&e))?;
    let allowed = file.compressed_size().saturating_mul(MAX_RATIO).max(SMALL);
    Ok(Unpacked {
        missing: file.size(),
        file,
        allowed,
        budget,
    })
}

/// An entry being unpacked, as far as it may grow.
struct Unpacked<'b, R> {
    file: R,
    /// What should still come, by what the archive says.
    missing: u64,
    allowed: u64,
    /// What the whole archive may still grow.
    budget: &'b Cell<u64>,
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = match self.file.read(out) {
            Ok(0) if !out.is_empty() && self.missing > 0 => return Err(not_as_said()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(_) => return Err(not_as_said()),
        };
        let grown = count as u64;
        self.budget.set(self.budget.get().saturating_sub(grown));
        if grown > self.allowed || self.budget.get() == 0 {
            return Err(
                Trouble(bomb("ZIPの中のファイルが、展開すると異常に大きくなります")).into(),
            );
        }
        self.allowed -= grown;
        self.missing = self.missing.saturating_sub(grown);
        Ok(count)
    }
}

fn not_as_said() -> io::Error {
    Trouble(RecordFinding::error(
        "zip.broken",
        Place::default(),
        "ZIPの中のファイルを最後まで展開できません（大きさか検査値が記載と違います）",
        "ZIPを作り直すか、複写し直してください",
    ))
    .into()
}
