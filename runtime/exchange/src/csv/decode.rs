//! Bytes → text: UTF-8 with or without a byte order mark, or Shift_JIS as Windows writes it
//! (CP932). Nothing is ever replaced: what is neither ends the file at its byte.

use crate::finding::{Place, RecordFinding};
use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, UTF_8};
use std::io::{self, Read};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    /// Shift_JIS with the additions of Windows (①, 髙, …).
    Cp932,
}

impl Charset {
    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Cp932 => SHIFT_JIS,
        }
    }
}

const BLOCK: usize = 64 * 1024;
/// A file with so many Japanese characters that are right as UTF-8 is UTF-8.
const CERTAIN: usize = 2;

/// Reads a file once to find out how it is written.
pub(crate) fn detect(input: impl Read) -> Result<Charset, Box<RecordFinding>> {
    let mut look = Look::default();
    let mut block = vec![0; BLOCK];
    let mut input = input;
    let mut kept = 0;
    loop {
        let room = block.get_mut(kept..).unwrap_or_default();
        let got = match input.read(room) {
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(RecordFinding::unreadable(Place::default(), &error).into()),
        };
        let bytes = block.get(..kept + got).unwrap_or_default();
        if let Some(found) = look.at(bytes, got == 0)? {
            return Ok(found);
        }
        // At most three bytes of a character are left over.
        let rest = bytes.len() - look.taken;
        let from = look.taken;
        block.copy_within(from..from + rest, 0);
        kept = rest;
        look.base += from as u64;
    }
}

/// What has been seen so far.
#[derive(Default)]
struct Look {
    /// Bytes of the block that are done.
    taken: usize,
    /// Bytes before the block.
    base: u64,
    /// Japanese characters that were right as UTF-8.
    japanese: usize,
    /// It begins with the byte order mark of UTF-8.
    marked: bool,
}

impl Look {
    fn at(&mut self, bytes: &[u8], last: bool) -> Result<Option<Charset>, Box<RecordFinding>> {
        if self.base == 0 && is_utf_16(bytes) {
            return Err(other("UTF-16"));
        }
        self.marked |= self.base == 0 && bytes.starts_with(b"\xef\xbb\xbf");
        let (text, wrong) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let (valid, rest) = bytes
                    .split_at_checked(error.valid_up_to())
                    .unwrap_or_default();
                let cut_off = error.error_len().is_none() && !last;
                (
                    std::str::from_utf8(valid).unwrap_or_default(),
                    (!cut_off).then(|| rest.first().copied().unwrap_or_default()),
                )
            }
        };
        if text.contains("\u{1b}$") {
            return Err(other("ISO-2022-JP（JISコード）"));
        }
        self.taken = text.len();
        if self.japanese < CERTAIN {
            let japanese = |c: &char| ('\u{3000}'..='\u{9fff}').contains(c);
            self.japanese += text.chars().filter(japanese).take(CERTAIN).count();
        }
        match wrong {
            // In Shift_JIS the first Japanese characters are already no UTF-8.
            Some(value) if self.japanese >= CERTAIN => Err(bad_byte(
                Charset::Utf8,
                self.base + text.len() as u64,
                Some(value),
            )),
            Some(_) if self.marked => Err(mark_and_text_differ(self.base + text.len() as u64)),
            Some(_) if looks_like_euc(bytes.get(text.len()..).unwrap_or_default()) => {
                Err(other("EUC-JP"))
            }
            Some(_) => Ok(Some(Charset::Cp932)),
            None if last => Ok(Some(Charset::Utf8)),
            None => Ok(None),
        }
    }
}

/// Begins with the mark of UTF-16, or with a letter that takes two bytes.
fn is_utf_16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=0x7f, ..] | [1..=0x7f, 0, ..]
    )
}

/// Whether all that is no ASCII stands in the pairs of EUC-JP, and some of them are kana: read as
/// Shift_JIS, such text would be half-width katakana without any error.
fn looks_like_euc(bytes: &[u8]) -> bool {
    let mut kana = 0;
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        if byte.is_ascii() {
            continue;
        }
        match rest.next() {
            Some(0xa1..=0xfe) if (0xa1..=0xfe).contains(&byte) => {}
            // Cut off at the end of the block.
            None if (0xa1..=0xfe).contains(&byte) => {}
            _ => return false,
        }
        kana += u32::from(matches!(byte, 0xa4 | 0xa5));
    }
    kana >= 2
}

fn other(name: &str) -> Box<RecordFinding> {
    Box::new(RecordFinding::error(
        "file.encoding",
        Place::default(),
        format!("文字コードが{name}になっています"),
        "UTF-8かShift_JISで保存し直してください（ExcelではCSV UTF-8）",
    ))
}

/// What the mark at the beginning says and what follows are two things.
fn mark_and_text_differ(before: u64) -> Box<RecordFinding> {
    Box::new(RecordFinding::error(
        "file.encoding",
        Place::default(),
        format!(
            "先頭にUTF-8の印（BOM）がありますが、先頭から{}バイト目からはUTF-8ではありません",
            before + 1
        ),
        "印を除いてShift_JISにするか、全体をUTF-8で保存し直してください",
    ))
}

/// A byte that is no character.
fn bad_byte(charset: Charset, before: u64, value: Option<u8>) -> Box<RecordFinding> {
    let (name, help) = match charset {
        Charset::Utf8 => (
            "UTF-8",
            "一つのファイルに二つの文字コードが混ざっていないか確認し、UTF-8で保存し直してください",
        ),
        Charset::Cp932 => (
            "Shift_JIS",
            "ファイルが壊れていないか確認し、UTF-8かShift_JISで保存し直してください",
        ),
    };
    let value = value.map_or_else(String::new, |value| format!("（0x{value:02X}）"));
    Box::new(RecordFinding::error(
        "file.encoding",
        Place::default(),
        format!(
            "{name}として正しくないバイト{value}が先頭から{}バイト目にあります",
            before + 1
        ),
        help,
    ))
}

/// The text of a file, block by block.
pub(crate) struct Decoded<R> {
    input: R,
    charset: Charset,
    decoder: encoding_rs::Decoder,
    /// The last bytes of the block before, then the block.
    block: Vec<u8>,
    /// How many these last bytes are.
    kept: usize,
    /// Bytes of the file before the block.
    base: u64,
    done: bool,
    /// What is wrong behind the text that has been given.
    wrong: Option<Box<RecordFinding>>,
}

/// A character is at most so many bytes long.
const LONGEST: usize = 4;

impl<R: Read> Decoded<R> {
    pub(crate) fn new(input: R, charset: Charset) -> Self {
        Self::with(
            input,
            charset,
            charset.encoding().new_decoder_with_bom_removal(),
            0,
        )
    }

    /// What follows in a file behind so many bytes, from the beginning of a character.
    pub(crate) fn following(input: R, charset: Charset, base: u64) -> Self {
        let decoder = charset.encoding().new_decoder_without_bom_handling();
        Self::with(input, charset, decoder, base)
    }

    fn with(input: R, charset: Charset, decoder: encoding_rs::Decoder, base: u64) -> Self {
        Self {
            input,
            charset,
            decoder,
            block: vec![0; LONGEST + BLOCK],
            kept: 0,
            base,
            done: false,
            wrong: None,
        }
    }

    /// Appends more text; false at the end of the file. Text before a byte that is no character is
    /// given first, however the file is cut into blocks.
    pub(crate) fn more(&mut self, out: &mut String) -> Result<bool, Box<RecordFinding>> {
        if let Some(wrong) = self.wrong.take() {
            return Err(wrong);
        }
        if self.done {
            return Ok(false);
        }
        let kept = self.kept;
        let got = loop {
            let room = self.block.get_mut(kept..).unwrap_or_default();
            match self.input.read(room) {
                Ok(got) => break got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(RecordFinding::unreadable(Place::default(), &error).into());
                }
            }
        };
        self.done = got == 0;
        let bytes = self.block.get(..kept + got).unwrap_or_default();
        let mut at = kept;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let room = self
                .decoder
                .max_utf8_buffer_length_without_replacement(rest.len());
            out.reserve(room.unwrap_or(rest.len() * 3).max(16));
            let (result, read) = self
                .decoder
                .decode_to_string_without_replacement(rest, out, self.done);
            at += read;
            match result {
                DecoderResult::InputEmpty => {
                    self.base += got as u64;
                    self.kept = LONGEST.min(kept + got);
                    self.block
                        .copy_within(kept + got - self.kept..kept + got, 0);
                    return Ok(true);
                }
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    // It may have begun in the block before.
                    let back = usize::from(length) + usize::from(after);
                    let begun = at.saturating_sub(back);
                    let before = (self.base + begun as u64).saturating_sub(kept as u64);
                    let value = bytes.get(begun).copied();
                    self.wrong = Some(bad_byte(self.charset, before, value));
                    return Ok(true);
                }
            }
        }
    }
}
