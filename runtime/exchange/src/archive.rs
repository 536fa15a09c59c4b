//! Files in a ZIP. Nothing is unpacked to a disk, and no name in it is ever used as a path.

use crate::bulk::is_clutter;
use crate::check::{Checker, RecordReport};
use crate::csv;
use crate::finding::{Place, RecordFinding, Trouble};
use crate::foreign::Foreign;
use encoding_rs::SHIFT_JIS;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::{ControlFlow, Range};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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

/// So many packed bytes of small files are read in a run.
const RUN: u64 = 128 * 1024;

/// An archive with what is in it. Cheap to clone: whoever has one reads from it by himself.
#[derive(Clone)]
pub(crate) struct Archive {
    zip: ZipArchive<Shared>,
    /// What there is to say about the archive as a whole.
    about: Arc<[RecordFinding]>,
    /// What is read, in the order of the names.
    entries: Arc<[EntryInfo]>,
    /// The names of the other files, in the same order.
    unread: Arc<[String]>,
}

impl Archive {
    /// Opens an archive and looks at what it says about its files.
    ///
    /// # Errors
    /// A file that is no archive, or a trap as a whole.
    pub(crate) fn open(mut file: File) -> Result<Self, Box<RecordFinding>> {
        preflight(&mut file)?;
        let mut zip = ZipArchive::new(Shared::new(file)).map_err(|e| broken(&e))?;
        if zip.has_overlapping_files().map_err(|e| broken(&e))? {
            return Err(Box::new(bomb(
                "ZIPの中のファイルが、同じ場所のデータを共有しています",
            )));
        }
        let mut entries = entries(&zip);
        let mut about = Vec::new();
        if zip.has_duplicate_names() {
            about.push(RecordFinding::error(
                "zip.duplicate_name",
                Place::default(),
                "ZIPの中に同じ名前のファイルが二つ以上あります",
                "名前を変えて、ZIPを作り直してください",
            ));
        }
        if let Some(useless) = useless(&entries) {
            about.push(useless);
            entries.clear();
        }
        let (others, entries): (Vec<_>, Vec<_>) = entries
            .into_iter()
            .partition(|entry| entry.kind == Kind::Other);
        Ok(Self {
            zip,
            about: about.into(),
            entries: entries.into(),
            unread: others.into_iter().map(|entry| entry.name).collect(),
        })
    }

    /// The files of which nothing is read. None where the archive as a whole is refused.
    pub(crate) fn unread(&self) -> &[String] {
        &self.unread
    }

    /// How many files there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The files from one on that are read in a run, so that reading small ones by the thousand is
    /// worth handing out, and their packed bytes.
    pub(crate) fn run(&self, from: usize) -> (Range<usize>, u64) {
        let (mut until, mut bytes) = (from, 0);
        for entry in self.entries.iter().skip(from) {
            until += 1;
            bytes += entry.packed;
            if bytes >= RUN {
                break;
            }
        }
        (from..until, bytes)
    }

    /// Checks every record of some of the files. `on_report` is given the name of the file in the
    /// archive; nothing for the archive as a whole, which is told of with the first file.
    pub(crate) fn check(
        &mut self,
        places: Range<usize>,
        checker: &mut Checker,
        on_report: &mut dyn FnMut(Option<&str>, RecordReport) -> ControlFlow<()>,
    ) {
        let about = self.about.iter().take_while(|_| places.start == 0);
        for finding in about {
            if on_report(None, RecordReport::of_file(finding.clone())).is_break() {
                return;
            }
        }
        let entries = Arc::clone(&self.entries);
        for entry in entries.get(places).unwrap_or_default() {
            let mut flow = ControlFlow::Continue(());
            self.check_entry(entry, checker, &mut |report| {
                flow = on_report(Some(&entry.name), report);
                flow
            });
            if flow.is_break() {
                return;
            }
        }
    }

    fn check_entry(
        &mut self,
        entry: &EntryInfo,
        checker: &mut Checker,
        on_report: &mut dyn FnMut(RecordReport) -> ControlFlow<()>,
    ) {
        let refused = match (entry.refused(), entry.kind) {
            (Some(finding), _) => Err(Box::new(finding)),
            (None, Kind::Xml) => {
                unpacked(&mut self.zip, entry).map(|file| checker.check(file, on_report))
            }
            (None, Kind::Responses) => {
                unpacked(&mut self.zip, entry).map(|file| checker.check_responses(file, on_report))
            }
            (None, Kind::Csv) => {
                let charset = unpacked(&mut self.zip, entry).and_then(csv::detect);
                charset.and_then(|charset| {
                    let file = unpacked(&mut self.zip, entry)?;
                    checker.check_decoded(csv::Decoded::new(file, charset), on_report);
                    Ok(())
                })
            }
            // INVARIANT: the one is refused, the other is not among the entries.
            (None, Kind::Archive | Kind::Other) => Ok(()),
        };
        if let Err(finding) = refused {
            // It is the only report of this file; whoever takes it has said whether to go on.
            let _ = on_report(RecordReport::of_file(*finding));
        }
    }
}

/// Why none of these files is read.
fn useless(entries: &[EntryInfo]) -> Option<RecordFinding> {
    if entries
        .iter()
        .any(|entry| entry.name == "[Content_Types].xml")
    {
        return Some(Foreign::Office.finding());
    }
    if entries.iter().any(|entry| entry.kind != Kind::Other) {
        return None;
    }
    Some(RecordFinding::error(
        "zip.no_records",
        Place::default(),
        "ZIPの中にXML（*.xml）、CSV（*.csv）、FHIRのJSON（*.json、*.ndjson）のどのファイルもありません",
        "個票のファイルをZIPに入れ直してください",
    ))
}

/// A file that several read from, each at a place of its own; a clone begins at the beginning.
struct Shared(BufReader<At>);

/// A place in a file.
struct At {
    file: Arc<Mutex<File>>,
    place: u64,
}

impl Shared {
    fn new(file: File) -> Self {
        Self::from_the_beginning(Arc::new(Mutex::new(file)))
    }

    fn from_the_beginning(file: Arc<Mutex<File>>) -> Self {
        Self(BufReader::new(At { file, place: 0 }))
    }
}

impl Clone for Shared {
    fn clone(&self) -> Self {
        Self::from_the_beginning(Arc::clone(&self.0.get_ref().file))
    }
}

impl Read for Shared {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl At {
    fn lock(&self) -> MutexGuard<'_, File> {
        // Whoever reads first says where, so a place that was left halfway does no harm.
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read for At {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut file = self.lock();
        file.seek(SeekFrom::Start(self.place))?;
        let count = file.read(out)?;
        drop(file);
        self.place += count as u64;
        Ok(count)
    }
}

impl Seek for At {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.place = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::End(_) => self.lock().seek(to)?,
            SeekFrom::Current(by) => {
                let place = self.place.checked_add_signed(by);
                place.ok_or(io::ErrorKind::InvalidInput)?
            }
        };
        Ok(self.place)
    }
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
    /// FHIR.
    Responses,
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
    /// Packed bytes, and bytes when it is unpacked.
    packed: u64,
    size: u64,
    /// With all files before it, it is larger than an archive may be.
    beyond: bool,
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
        if self.beyond {
            return Some(bomb("ZIPの中のファイルが、展開すると異常に大きくなります"));
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
fn entries(archive: &ZipArchive<Shared>) -> Vec<EntryInfo> {
    let mut entries: Vec<EntryInfo> = (0..archive.len())
        .filter_map(|index| {
            let entry = archive.by_index_data(index).ok()?;
            let name = shown_name(entry.name_raw());
            let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
            // `..` is no name; whoever leads out of the archive is told.
            let mut parts = name.split(['/', '\\']);
            if entry.is_dir() || parts.any(|part| part != ".." && part != "." && is_clutter(part)) {
                return None;
            }
            let kind = match last.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()) {
                Some(extension) if extension == "xml" => Kind::Xml,
                Some(extension) if extension == "csv" => Kind::Csv,
                Some(extension) if extension == "json" || extension == "ndjson" => Kind::Responses,
                Some(extension) if extension == "zip" => Kind::Archive,
                _ => Kind::Other,
            };
            Some(EntryInfo {
                index,
                kind,
                packed: entry.compressed_size(),
                size: entry.size(),
                beyond: false,
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
    let mut unpacked: u64 = 0;
    for entry in &mut entries {
        unpacked = unpacked.saturating_add(entry.size);
        entry.beyond = unpacked > MAX_UNPACKED;
    }
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

fn unpacked<'z>(
    zip: &'z mut ZipArchive<Shared>,
    entry: &EntryInfo,
) -> Result<Unpacked<impl Read + use<'z>>, Box<RecordFinding>> {
    Ok(Unpacked {
        file: zip.by_index(entry.index).map_err(|e| broken(&e))?,
        missing: entry.size,
        allowed: entry.packed.saturating_mul(MAX_RATIO).max(SMALL),
    })
}

/// An entry being unpacked, as far as it may grow.
struct Unpacked<R> {
    file: R,
    /// What should still come, by what the archive says.
    missing: u64,
    allowed: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = match self.file.read(out) {
            Ok(0) if !out.is_empty() && self.missing > 0 => return Err(not_as_said()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(_) => return Err(not_as_said()),
        };
        let grown = count as u64;
        self.allowed = self
            .allowed
            .checked_sub(grown)
            .ok_or_else(|| Trouble(bomb("ZIPの中のファイルが、展開すると異常に大きくなります")))?;
        self.missing = self.missing.checked_sub(grown).ok_or_else(not_as_said)?;
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
