//! The file that is sent.

use crate::disk::Failure;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A file with what is said about it before it is sent.
pub struct Parcel {
    path: PathBuf,
    file: File,
    /// Its name, without folders.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the whole, in lower-case hexadecimal digits.
    pub sha256: String,
}

impl Parcel {
    /// Opens a file and reads it once.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let failed = |source| Failure::Read {
            path: path.to_owned(),
            source,
        };
        let mut file = File::open(path).map_err(failed)?;
        let (size, sha256) = measured(&mut file).map_err(failed)?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            path: path.to_owned(),
            file,
            size,
            sha256,
        })
    }

    /// At most so many bytes from a place on.
    ///
    /// # Errors
    /// A file that cannot be read any more.
    pub fn piece(&mut self, from: u64, most: u64) -> Result<Vec<u8>, Failure> {
        let mut piece = Vec::new();
        let read = self
            .file
            .seek(SeekFrom::Start(from))
            .and_then(|_| (&self.file).take(most).read_to_end(&mut piece));
        match read {
            Ok(_) => Ok(piece),
            Err(source) => Err(Failure::Read {
                path: self.path.clone(),
                source,
            }),
        }
    }
}

fn measured(file: &mut File) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut block = vec![0; 64 * 1024];
    let mut size = 0;
    loop {
        let got = file.read(&mut block)?;
        if got == 0 {
            let digits = hash
                .finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            return Ok((size, digits));
        }
        size += got as u64;
        hash.update(block.get(..got).unwrap_or_default());
    }
}
