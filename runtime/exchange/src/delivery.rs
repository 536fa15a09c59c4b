//! What a hospital sends to the platform → checked records: a sealed container or plain record XML.
//!
//! ```text
//! bytes ─ kind ─► sealed ─ verify every byte, count the records ─┐
//!                 plain ─────────────────────────────────────────┴► Delivery ─ check ─► reports
//! ```
//!
//! A [`Delivery`] can be read as often as it is wanted, and gives the same reports each time: the
//! receiver looks at all of it before the first record is taken over. The reports are those of
//! the bulk check, so whoever receives finds what the sender's tool found.

use crate::check::{Checker, RecordReport};
use crate::finding::{Place, RecordFinding};
use crate::foreign::Foreign;
use crate::library::{FormName, Library};
use crate::read::Reader;
use crate::seal::{BoxError, Header, PlatformKeys, Register, SealedBox, Verified};
use crate::{Summary, bulk};
use kohyo_engine::Form;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What the first bytes of a file say that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryKind {
    /// A sealed container.
    Sealed,
    /// Record XML.
    Plain,
}

impl DeliveryKind {
    /// So many bytes are enough to tell.
    pub const START: usize = Foreign::START;

    /// What a file is that begins with these bytes, if it is taken.
    ///
    /// # Errors
    /// A ZIP, which nobody has sealed, or a file that cannot hold records.
    pub fn of(start: &[u8]) -> Result<Self, DeliveryError> {
        if start.starts_with(b"KOHYOBOX") {
            Ok(Self::Sealed)
        } else if let Some(foreign) = Foreign::of(start) {
            Err(DeliveryError::Foreign(foreign))
        } else if start.starts_with(b"PK") {
            Err(DeliveryError::Archive)
        } else {
            Ok(Self::Plain)
        }
    }
}

/// How much of a delivery is looked at before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Records.
    pub records: u64,
    /// Findings of all records together.
    pub findings: u64,
}

/// Why a delivery is refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The container.
    #[error(transparent)]
    Sealed(#[from] BoxError),
    /// Neither a container nor XML.
    #[error("ZIPのファイルは、そのままでは受け付けられません")]
    Archive,
    /// A file that cannot hold records.
    #[error("{}", .0.message())]
    Foreign(Foreign),
    /// The input gave no more bytes.
    #[error("受け取ったファイルを読めません: {0}")]
    Io(#[from] io::Error),
    /// More records than are taken at a time.
    #[error("個票が{0}件を超えています")]
    TooManyRecords(u64),
    /// More findings than are kept.
    #[error("エラーや警告が合わせて{0}件を超えたため、点検を打ち切りました")]
    TooManyFindings(u64),
    /// Whoever wanted the reports wants no more of them.
    #[error("点検が打ち切られました")]
    Stopped,
}

impl DeliveryError {
    /// Stable id.
    pub fn check(&self) -> &'static str {
        match self {
            Self::Sealed(error) => error.check(),
            Self::Archive => "import.archive",
            Self::Foreign(_) => "import.foreign",
            Self::Io(_) => "import.unreadable",
            Self::TooManyRecords(_) => "import.too_many_records",
            Self::TooManyFindings(_) => "import.too_many_findings",
            Self::Stopped => "import.stopped",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Sealed(error) => error.help(),
            Self::Archive => {
                "点検ツールの「封緘」で封緘ファイル（.kohyo-box）にするか、XMLファイルを送ってください"
            }
            Self::Foreign(_) => {
                "個票を作成したソフトから記録XMLで書き出したファイルか、点検ツールの「封緘」で作った封緘ファイル（.kohyo-box）を送ってください"
            }
            Self::Io(_) | Self::Stopped => "しばらく待ってから、同じファイルを送り直してください",
            Self::TooManyRecords(_) => "いくつかのファイルに分けて送ってください",
            Self::TooManyFindings(_) => {
                "点検ツールで点検し、書き出しの誤りを直してから送り直してください"
            }
        }
    }
}

/// A file that may be read: plain, or a container of which every byte has been verified and which
/// holds as many records as it says.
pub struct Delivery<R>(Source<R>);

enum Source<R> {
    Sealed(Box<Verified<R>>),
    Plain(R),
}

impl<R: Read + Seek> Delivery<R> {
    /// A plain file.
    pub fn plain(input: R) -> Self {
        Self(Source::Plain(input))
    }

    /// A container: verified to its last byte, then its records are counted. Nothing of it is
    /// looked at otherwise before both are right.
    ///
    /// `received` is the time of receipt in seconds since 1970.
    ///
    /// # Errors
    /// The first reason why the container is not accepted.
    pub fn sealed(
        container: SealedBox<R>,
        platform: &PlatformKeys,
        register: &Register,
        received: u64,
    ) -> Result<Self, BoxError> {
        let mut verified = container.verify(platform, register, received)?;
        let records = verified.payload().map(count_records)?;
        verified.has_all(records)?;
        Ok(Self(Source::Sealed(Box::new(verified))))
    }

    /// What the header of a container says; nothing for a plain file.
    pub fn header(&self) -> Option<&Header> {
        match &self.0 {
            Source::Sealed(verified) => Some(verified.header()),
            Source::Plain(_) => None,
        }
    }

    /// Checks every record from the first to the last, and hands over each report until told to
    /// stop.
    ///
    /// # Errors
    /// A file beyond the budget, an input that fails, or the wish to stop.
    pub fn check(
        &mut self,
        checker: &mut Checker,
        budget: Budget,
        on_report: &mut dyn FnMut(RecordReport) -> ControlFlow<()>,
    ) -> Result<Summary, DeliveryError> {
        let mut summary = bulk::Summary {
            files: 1,
            ..Summary::default()
        };
        let mut refused = None;
        let mut take = |report: RecordReport| {
            summary.add(&report);
            if report.number > budget.records {
                refused = Some(DeliveryError::TooManyRecords(budget.records));
                return ControlFlow::Break(());
            }
            let findings = summary.errors + summary.warnings + summary.information;
            if findings > budget.findings {
                refused = Some(DeliveryError::TooManyFindings(budget.findings));
                return ControlFlow::Break(());
            }
            let flow = on_report(report);
            if flow.is_break() {
                refused = Some(DeliveryError::Stopped);
            }
            flow
        };
        match &mut self.0 {
            Source::Sealed(verified) => checker.check(verified.payload()?, &mut take),
            Source::Plain(input) => {
                input.seek(SeekFrom::Start(0))?;
                checker.check(input, &mut take);
            }
        }
        match refused {
            Some(refused) => Err(refused),
            None => Ok(summary),
        }
    }
}

/// How many records a payload has; which forms they are of is no matter here.
pub fn count_records(payload: impl Read) -> u64 {
    let mut reader = Reader::new();
    let read = reader.read(payload, &Library::default(), &mut |_| {
        ControlFlow::Continue(())
    });
    read.unwrap_or_else(|broken| broken.record.unwrap_or(0).saturating_sub(1))
}

impl RecordReport {
    /// Whether a receiver takes the record over: it could be read and judged, and has no error.
    pub fn is_acceptable(&self) -> bool {
        self.number > 0 && self.result.is_some() && !self.has_errors()
    }

    /// A report as it was, put together again from what was kept of it and the form that judged.
    pub fn kept(
        number: u64,
        result: Option<kohyo_engine::ResultKind>,
        previous: Option<kohyo_engine::ResultKind>,
        stopped: bool,
        findings: Vec<RecordFinding>,
        form: Option<Arc<Form>>,
    ) -> Self {
        Self {
            stopped,
            of: form.map(|form| Arc::new(FormName::of(form.program()))),
            number,
            result,
            previous,
            findings,
            ..Self::of_file(RecordFinding::error("", Place::default(), "", ""))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use crate::seal::{Contents, KeyFile, NewKey, Passphrase, State, seal};
    use crate::{RecordWriter, RecordsWriter};
    use std::io::Cursor;

    const ALL: Budget = Budget {
        records: 10,
        findings: 100,
    };

    /// A clean record, one without a name, and the first again.
    fn payload() -> Vec<u8> {
        let form = samples::form();
        let layout = RecordWriter::new(&form);
        let mut writer = RecordsWriter::new(Vec::new()).unwrap();
        let mut nameless = samples::full();
        nameless.remove("name");
        for raw in [samples::full(), nameless, samples::full()] {
            writer
                .write(&layout, crate::generate::heading(), &raw)
                .unwrap();
        }
        writer.finish().unwrap()
    }

    fn checked(
        delivery: &mut Delivery<Cursor<Vec<u8>>>,
        budget: Budget,
    ) -> Result<Vec<bool>, DeliveryError> {
        let library = Library::new([samples::form()]).unwrap();
        let mut checker = Checker::new(library, "2026-07-01".parse().unwrap());
        let mut taken = Vec::new();
        delivery.check(&mut checker, budget, &mut |report| {
            taken.push(report.is_acceptable());
            ControlFlow::Continue(())
        })?;
        Ok(taken)
    }

    fn container(claimed: u32) -> (Vec<u8>, PlatformKeys, Register) {
        let rng = &mut rand::rng();
        let platform = PlatformKeys::generate("試験の受付", rng).unwrap();
        let passphrase = Passphrase::new("二月の梅、三月の桃、四月の桜");
        let new = NewKey {
            hospital: "1310000001".into(),
            name: "東病院".into(),
            not_before: 1_000,
            not_after: 9_000,
            tool_min_version: "0.1.0".into(),
        };
        let file = platform.issue(&new, &passphrase, rng).unwrap();
        let key = KeyFile::parse(&file.to_text(), platform.public())
            .unwrap()
            .unlock(&passphrase)
            .unwrap();
        let mut register = Register::default();
        register.set(key.certificate().clone(), State::Active);
        let contents = Contents {
            payload: &payload(),
            records: claimed,
            created: 2_000,
            tool: "kohyo",
            release: "test",
        };
        let mut bytes = Vec::new();
        seal(&contents, &key, rng, &mut bytes).unwrap();
        (bytes, platform, register)
    }

    #[test]
    fn a_plain_file_and_a_container_give_the_same_reports_as_often_as_they_are_read() {
        let mut plain = Delivery::plain(Cursor::new(payload()));
        let (bytes, platform, register) = container(3);
        let sealed = SealedBox::begin(Cursor::new(bytes)).unwrap();
        let mut sealed = Delivery::sealed(sealed, &platform, &register, 2_000).unwrap();
        for _ in 0..2 {
            assert_eq!(checked(&mut plain, ALL).unwrap(), [true, false, true]);
            assert_eq!(checked(&mut sealed, ALL).unwrap(), [true, false, true]);
        }
        assert_eq!(plain.header(), None);
        assert_eq!(sealed.header().unwrap().records, 3);
    }

    #[test]
    fn a_container_with_another_number_of_records_is_no_delivery() {
        for claimed in [2, 4] {
            let (bytes, platform, register) = container(claimed);
            let sealed = SealedBox::begin(Cursor::new(bytes)).unwrap();
            let error = Delivery::sealed(sealed, &platform, &register, 2_000)
                .err()
                .unwrap();
            assert_eq!(error.check(), "box.count");
        }
    }

    #[test]
    fn a_budget_ends_the_check_before_it_is_exceeded() {
        let refused = |budget| {
            checked(&mut Delivery::plain(Cursor::new(payload())), budget)
                .unwrap_err()
                .check()
        };
        assert_eq!(
            refused(Budget { records: 2, ..ALL }),
            "import.too_many_records"
        );
        assert_eq!(
            refused(Budget { findings: 0, ..ALL }),
            "import.too_many_findings"
        );
    }

    #[test]
    fn what_a_file_is_stands_in_its_first_bytes() {
        assert_eq!(
            DeliveryKind::of(b"KOHYOBOX\0\x01").unwrap(),
            DeliveryKind::Sealed
        );
        assert_eq!(DeliveryKind::of(b"<?xml ve").unwrap(), DeliveryKind::Plain);
        assert_eq!(
            DeliveryKind::of(b"PK\x03\x04").unwrap_err().check(),
            "import.archive"
        );
        assert_eq!(
            DeliveryKind::of(b"%PDF-1.7").unwrap_err().check(),
            "import.foreign"
        );
    }
}
