//! The receipt that is kept beside the file: the status of the import, byte for byte as the
//! platform said it.

use super::parcel::Parcel;
use super::status::{State, Status};
use crate::disk::Failure;
use kohyo_tool::add_with;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where the receipt is kept.
pub struct Filed(PathBuf);

impl Filed {
    /// At the place that is named, or else beside the file that is sent.
    pub fn beside(named: Option<&Path>, file: &Path) -> Self {
        Self(named.map_or_else(
            || {
                let mut path = file.as_os_str().to_owned();
                path.push(".receipt.json");
                path.into()
            },
            Path::to_owned,
        ))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The receipt of this very file, if it is kept already.
    ///
    /// # Errors
    /// Something else lies there, which must not be lost.
    pub fn known(&self, parcel: &Parcel) -> Result<Option<Status>, Failure> {
        let said = match std::fs::read(&self.0) {
            Ok(said) => said,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(Failure::Read {
                    path: self.0.clone(),
                    source,
                });
            }
        };
        let status = Status::parse(&said)
            .filter(|status| status.state == State::Done && status.sha256 == parcel.sha256);
        match status {
            Some(status) => Ok(Some(status)),
            None => Err(Failure::Other(format!(
                "{} に、別のものがすでにあります\n  消してよいものか確かめるか、`--receipt FILE` で別の保存先を指定してください",
                self.0.display()
            ))),
        }
    }

    /// Keeps a receipt; nothing is ever replaced.
    ///
    /// # Errors
    /// A place that cannot be written to.
    pub fn keep(&self, status: &Status) -> Result<(), Failure> {
        add_with(&self.0, |file| file.write_all(&status.said)).map_err(|source| Failure::Write {
            path: self.0.clone(),
            source,
        })
    }
}
