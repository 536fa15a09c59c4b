//! What a sender is told about an import: the same words and numbers whenever it is asked again.

use super::{Progress, State};
use crate::clock;
use crate::error::Error;
use crate::keys::hex;
use crate::seal::{self, Place};
use crate::start::App;
use crate::store::imports::Import;
use serde::Serialize;

/// An import as its sender sees it.
#[derive(Serialize)]
pub(crate) struct Status {
    pub(crate) id: String,
    pub(crate) state: &'static str,
    pub(crate) name: String,
    pub(crate) sha256: String,
    pub(crate) size: i64,
    pub(crate) mode: String,
    /// Bytes that are there.
    pub(crate) offset: i64,
    /// What goes on, while it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) progress: Option<ProgressNow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) receipt: Option<Receipt>,
    /// Why nothing was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<Refusal>,
}

#[derive(Serialize)]
pub(crate) struct ProgressNow {
    pub(crate) phase: &'static str,
    pub(crate) label: &'static str,
    pub(crate) records: u64,
    pub(crate) of: u64,
}

/// What the platform says about a file it has dealt with.
#[derive(Serialize)]
pub(crate) struct Receipt {
    /// A keyed hash of the lines of this receipt: nobody else can make it.
    pub(crate) number: String,
    pub(crate) received_at: String,
    pub(crate) finished_at: String,
    pub(crate) judged_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) container: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kid: Option<String>,
    pub(crate) records: i64,
    pub(crate) registered: i64,
    pub(crate) duplicates: i64,
    pub(crate) refused: i64,
}

#[derive(Serialize)]
pub(crate) struct Refusal {
    pub(crate) error: String,
    pub(crate) message: String,
}

impl Status {
    /// What there is to say about an import now.
    pub(crate) fn of(app: &App, import: &Import) -> Result<Self, Error> {
        let state = state_of(import)?;
        let size = u64::try_from(import.size).unwrap_or(0);
        let offset = match state {
            State::Receiving => app.imports.spool.offset(&incoming(import)),
            State::Queued | State::Done | State::Refused => size,
            State::Expired => 0,
        };
        let progress = (state == State::Queued).then(|| {
            let now = app.imports.progress(&import.id).unwrap_or_default();
            let Progress { records, of, .. } = now;
            ProgressNow {
                phase: if now.phase.is_empty() {
                    "waiting"
                } else {
                    now.phase
                },
                label: now.label(),
                records,
                of,
            }
        });
        Ok(Self {
            id: import.id.clone(),
            state: state.name(),
            name: name_of(app, import)?,
            sha256: import.sha256.clone(),
            size: import.size,
            mode: import.mode.clone(),
            offset: i64::try_from(offset).unwrap_or(i64::MAX),
            progress,
            receipt: (state == State::Done).then(|| receipt(app, import)),
            refusal: (state == State::Refused).then(|| Refusal {
                error: import.reason.clone(),
                message: import.message.clone(),
            }),
        })
    }
}

fn receipt(app: &App, import: &Import) -> Receipt {
    let at = |moment: Option<i64>| moment.map(clock::utc).unwrap_or_default();
    let mut receipt = Receipt {
        number: String::new(),
        received_at: at(import.received_at),
        finished_at: at(import.finished_at),
        judged_on: import.judged_on.clone().unwrap_or_default(),
        container: import.container.clone(),
        kid: import.kid.clone(),
        records: import.records,
        registered: import.registered,
        duplicates: import.duplicates,
        refused: import.records - import.registered - import.duplicates,
    };
    let lines = format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n{} {} {}\n",
        import.id,
        import.hospital,
        import.sha256,
        receipt.received_at,
        receipt.finished_at,
        receipt.judged_on,
        receipt.records,
        receipt.registered,
        receipt.duplicates
    );
    let mac = app.keys.mac("import/receipt", lines.as_bytes());
    receipt.number = hex(mac.first_chunk::<16>().map_or(&[], <[u8; 16]>::as_slice));
    receipt
}

/// The state of an import.
pub(crate) fn state_of(import: &Import) -> Result<State, Error> {
    State::parse(&import.state)
        .ok_or_else(|| Error::Internal(format!("unknown state {}", import.state)))
}

/// Its file in the spool.
pub(crate) fn incoming(import: &Import) -> super::spool::Incoming {
    super::spool::Incoming {
        hospital: import.hospital.clone(),
        import: import.id.clone(),
        size: u64::try_from(import.size).unwrap_or(0),
    }
}

fn place<'a>(hospital: &'a str, import: &'a str, column: &'static str, version: i64) -> Place<'a> {
    Place {
        tenant: hospital,
        table: "import",
        row: import,
        column,
        version,
    }
}

/// The name of a file as it is kept: names of files may carry names of patients.
pub(crate) fn seal_name(
    app: &App,
    hospital: &str,
    import: &str,
    name: &str,
) -> Result<Vec<u8>, Error> {
    let place = place(hospital, import, "sealed_name", 0);
    Ok(seal::seal(&app.keys, place, name.as_bytes())?)
}

/// The name of its file, as the sender gave it.
pub(crate) fn name_of(app: &App, import: &Import) -> Result<String, Error> {
    let place = place(&import.hospital, &import.id, "sealed_name", 0);
    let name = seal::open(&app.keys, place, &import.sealed_name)?;
    Ok(String::from_utf8_lossy(&name).into_owned())
}

/// Where the findings of an entry stand.
pub(crate) fn findings_place<'a>(hospital: &'a str, import: &'a str, seq: i64) -> Place<'a> {
    Place {
        table: "import_record",
        ..place(hospital, import, "sealed_findings", seq)
    }
}

/// The last part of a name, short and without control characters.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|character| !character.is_control())
        .take(200)
        .collect();
    if plain.trim().is_empty() {
        "upload".to_owned()
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(
            plain_name("C:\\個票\\2026-06.kohyo-box"),
            "2026-06.kohyo-box"
        );
        assert_eq!(plain_name("a\n\0b"), "ab");
        assert_eq!(plain_name("x/ "), "upload");
    }
}
