//! Files that cannot hold records, told by their first bytes: a scan, a PDF, a workbook.
//!
//! Whoever chose one of them by mistake is told what it is. Read as text, it would only be called
//! text of a wrong encoding.

use crate::finding::{Place, RecordFinding};

/// A file that records are not read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// A PDF.
    Pdf,
    /// A picture: a scan or a photograph.
    Picture,
    /// A workbook or a letter of an office program.
    Office,
    /// Packed in a way other than ZIP.
    Packed,
    /// A page of the web: what a server answers to whoever has to sign in.
    WebPage,
}

impl Foreign {
    /// So many bytes are enough to tell.
    pub(crate) const START: usize = 64;

    /// What a file is that begins with these bytes; nothing if it may hold records.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let begins = |signs: &[&[u8]]| signs.iter().any(|sign| start.starts_with(sign));
        let at = |place: usize, sign: &[u8]| {
            start
                .get(place..)
                .is_some_and(|rest| rest.starts_with(sign))
        };
        if begins(&[b"%PDF-", b"\xef\xbb\xbf%PDF-"]) {
            Some(Self::Pdf)
        } else if is_picture(start) {
            Some(Self::Picture)
        } else if begins(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"])
            // The name of the first file of a ZIP.
            || (begins(&[b"PK\x03\x04"]) && (at(30, b"[Content_Types].xml") || at(30, b"mimetype")))
        {
            Some(Self::Office)
        } else if begins(&[b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08"]) {
            Some(Self::Packed)
        } else if is_web_page(start) {
            Some(Self::WebPage)
        } else {
            None
        }
    }

    /// Stable id of the finding about such a file.
    fn check(self) -> &'static str {
        match self {
            Self::Office => "file.office",
            Self::Pdf | Self::Picture | Self::Packed | Self::WebPage => "file.foreign",
        }
    }

    /// What it seems to be, and that records are not read from it.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Pdf => "PDFのファイルです。個票として読むことはできません",
            Self::Picture => "画像のファイルです。個票として読むことはできません",
            Self::Office => "ExcelやWordのファイルは点検できません",
            Self::Packed => "ZIP以外の方式の圧縮ファイルです。このままでは読めません",
            Self::WebPage => "ウェブページ（HTML）のファイルです。個票として読むことはできません",
        }
    }

    /// What to do about it where records are checked.
    fn help(self) -> &'static str {
        match self {
            Self::Pdf | Self::Picture => {
                "印刷やスキャンではなく、個票を作成したソフトからXML、CSV又はFHIRで書き出したファイルを指定してください"
            }
            Self::Office => "Excelの「CSV UTF-8」で保存したファイルを指定してください",
            Self::Packed => "展開してフォルダーのまま指定するか、ZIPで圧縮し直してください",
            Self::WebPage => {
                "ログインの画面などを保存していないか確認し、個票のファイルを受け取り直してください"
            }
        }
    }

    /// The finding about the file.
    pub(crate) fn finding(self) -> RecordFinding {
        RecordFinding::error(self.check(), Place::default(), self.message(), self.help())
    }
}

fn is_picture(start: &[u8]) -> bool {
    let at = |from, to| start.get(from..to);
    let signs: [&[u8]; 5] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF8",
        b"II*\0",
        b"MM\0*",
    ];
    signs.iter().any(|sign| start.starts_with(sign))
        // Its length stands after the letters, and four empty bytes after that: `BMI,…` is a CSV.
        || (start.starts_with(b"BM") && at(6, 10) == Some(&[0; 4]))
        || (start.starts_with(b"RIFF") && at(8, 12) == Some(b"WEBP"))
        || (at(4, 8) == Some(b"ftyp")
            && matches!(at(8, 12), Some(b"heic" | b"heix" | b"mif1" | b"avif")))
}

fn is_web_page(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let start = start.trim_ascii_start();
    let begins = |sign: &[u8]| {
        let same = |head: &[u8]| head.eq_ignore_ascii_case(sign);
        start.get(..sign.len()).is_some_and(same)
    };
    begins(b"<!doctype html") || begins(b"<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_records_is_known_by_its_first_bytes() {
        let docx = [&b"PK\x03\x04"[..], &[0; 26], b"[Content_Types].xml"].concat();
        let cases: [(&[u8], Foreign); 10] = [
            (b"%PDF-1.7\n", Foreign::Pdf),
            (b"\x89PNG\r\n\x1a\n\0\0", Foreign::Picture),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Foreign::Picture),
            (b"BM\x46\0\0\0\0\0\0\0", Foreign::Picture),
            (b"\0\0\0\x18ftypheic\0\0", Foreign::Picture),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", Foreign::Office),
            (b"{\\rtf1\\ansi", Foreign::Office),
            (&docx, Foreign::Office),
            (b"Rar!\x1a\x07\x01", Foreign::Packed),
            (b"\r\n<!DOCTYPE HTML><html>", Foreign::WebPage),
        ];
        for (start, kind) in cases {
            assert_eq!(Foreign::of(start), Some(kind), "{start:?}");
        }
    }

    #[test]
    fn a_file_that_may_hold_records_is_not_foreign() {
        let zip = [&b"PK\x03\x04"[..], &[0; 26], b"a.xml"].concat();
        let cases: [&[u8]; 8] = [
            b"",
            b"<?xml version=\"1.0\"?>",
            b"<!DOCTYPE record>",
            b"BMI,form_key,height",
            b"MM,II,GIF",
            b"{\"resourceType\":\"Bundle\"}",
            b"KOHYOBOX\0\x01",
            &zip,
        ];
        for start in cases {
            assert_eq!(Foreign::of(start), None, "{start:?}");
        }
    }
}
