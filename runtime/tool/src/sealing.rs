//! Records that have no error → a sealed container.

use crate::files::add_with;
use crate::keys::ToolError;
use crate::release::all_usable;
use kohyo_exchange::seal::{BoxError, Contents, SigningKey};
use kohyo_exchange::{
    Library, Options, Pack, PackError, Progress, RecordReport, Summary, check_records,
};
use std::io;
use std::path::{Path, PathBuf};

/// What is to be sealed.
pub struct SealRequest<'a> {
    /// Files and folders of records.
    pub paths: &'a [PathBuf],
    /// The container to write, where nothing is yet.
    pub out: &'a Path,
    /// How records are read; they are kept in any case.
    pub options: Options<'a>,
    /// Leaves records with errors out, instead of sealing nothing. A file that could not be read as a
    /// whole is never left out: nobody knows which records it has.
    pub skip_errors: bool,
    /// The time of sealing, in seconds since 1970.
    pub now: u64,
    /// The program that seals: `kohyo 0.1.0`.
    pub tool: String,
}

/// What came out of packing.
pub enum Packed {
    /// Records in a payload.
    Records {
        /// Record XML.
        payload: Vec<u8>,
        /// How many.
        records: u32,
    },
    /// Nothing: there are files that could not be read as a whole.
    Broken,
    /// Nothing: there are records with errors.
    Errors,
    /// Nothing: there is no record without errors.
    Nothing,
}

/// What came out of sealing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// So many records are sealed.
    Records(u32),
    /// Nothing: there are files that could not be read as a whole; the summary names them.
    Broken,
    /// Nothing: there are records with errors.
    Errors,
    /// Nothing: there is no record without errors.
    Nothing,
}

/// Checks the records and packs those without errors. `on_report` is given every report, and the
/// number of its record in the container if it is packed.
///
/// # Errors
/// Too many records, or what `on_report` returns.
pub fn pack(
    request: &SealRequest<'_>,
    library: &Library,
    on_progress: impl FnMut(Progress),
    mut on_report: impl FnMut(&Path, &RecordReport, Option<u64>) -> io::Result<()>,
) -> Result<(Packed, Summary), ToolError> {
    let full =
        |error: PackError| ToolError::Other(format!("{error}\n  いくつかに分けて封緘してください"));
    let mut pack = Pack::new().map_err(full)?;
    let mut too_many = None;
    let mut next = 0;
    let options = Options {
        keep_records: true,
        ..request.options
    };
    let checked = check_records(
        request.paths,
        library,
        options,
        on_progress,
        |file, report| {
            let mut number = None;
            if let (Some(form), Some(record), false) =
                (&report.form, &report.record, report.has_errors())
            {
                if let Err(error) = pack.add(form, record) {
                    too_many = Some(error);
                    return Err(io::ErrorKind::StorageFull.into());
                }
                next += 1;
                number = Some(next);
            }
            on_report(file, &report, number)
        },
    );
    if let Some(error) = too_many {
        return Err(full(error));
    }
    let summary = checked.map_err(|e| ToolError::write(request.out, e))?;
    if !summary.broken.is_empty() {
        return Ok((Packed::Broken, summary));
    }
    if summary.errors > 0 && !request.skip_errors {
        return Ok((Packed::Errors, summary));
    }
    let (payload, records) = pack.finish().map_err(full)?;
    let packed = match records {
        0 => Packed::Nothing,
        records => Packed::Records { payload, records },
    };
    Ok((packed, summary))
}

/// Checks the records and seals those without errors with this key.
///
/// # Errors
/// As [`pack`], a damaged release, and when the container cannot be written.
pub fn seal_records(
    request: &SealRequest<'_>,
    library: &Library,
    key: &SigningKey,
    on_progress: impl FnMut(Progress),
    on_report: impl FnMut(&Path, &RecordReport, Option<u64>) -> io::Result<()>,
) -> Result<(Sealed, Summary), ToolError> {
    let (packed, summary) = pack(request, library, on_progress, on_report)?;
    // Before anything is written: records of a form that could not be used are errors to leave out.
    all_usable(library)?;
    let (payload, records) = match packed {
        Packed::Records { payload, records } => (payload, records),
        Packed::Broken => return Ok((Sealed::Broken, summary)),
        Packed::Errors => return Ok((Sealed::Errors, summary)),
        Packed::Nothing => return Ok((Sealed::Nothing, summary)),
    };
    let release = match library.release() {
        Some(release) => release.to_owned(),
        None => format!("forms-{}", library.fingerprint()),
    };
    let contents = Contents {
        payload: &payload,
        records,
        created: request.now,
        tool: &request.tool,
        release: &release,
    };
    let mut refused = None;
    let written = add_with(request.out, |out| {
        match kohyo_exchange::seal::seal(&contents, key, &mut rand::rng(), out) {
            Ok(_) => Ok(()),
            Err(BoxError::Io(error)) => Err(error),
            Err(other) => {
                refused = Some(other);
                Err(io::Error::other("not sealed"))
            }
        }
    });
    if let Some(error) = refused {
        return Err(ToolError::Other(format!("{error}\n  {}", error.help())));
    }
    written.map_err(|e| ToolError::write(request.out, e))?;
    Ok((Sealed::Records(records), summary))
}
