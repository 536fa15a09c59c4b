//! Files on their way in: sealed on the disk, resumable after any end of the process.
//!
//! The bytes of a file are cut into frames of 64 KiB, each sealed for its place with the
//! installation's key; only the last one is shorter. So the length on the disk says how much is
//! there, a frame that was being written counts as not received, and what was received can be
//! read from any place. Whether every bit is right is proven by the hash of all before anything is
//! done with it.

use crate::keys::Keys;
use crate::seal::{self, OVERHEAD, Place};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of a file in one frame.
pub(crate) const FRAME: u64 = 64 * 1024;
const SEALED_FRAME: u64 = FRAME + OVERHEAD as u64;

/// Where files lie until they have been dealt with.
#[derive(Clone, Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
}

/// Which file: an import of a hospital, of so many bytes.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) hospital: String,
    pub(crate) import: String,
    pub(crate) size: u64,
}

impl Spool {
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join("spool"),
        }
    }

    fn path(&self, import: &str) -> PathBuf {
        self.folder.join(import)
    }

    /// How many bytes of a file are there for good.
    pub(crate) fn offset(&self, incoming: &Incoming) -> u64 {
        std::fs::metadata(self.path(&incoming.import))
            .map_or(0, |found| received(found.len(), incoming.size))
    }

    /// Goes on writing where the last complete frame ends.
    pub(crate) fn append(&self, keys: &Keys, incoming: &Incoming) -> io::Result<Appending> {
        std::fs::create_dir_all(&self.folder)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.path(&incoming.import))?;
        // The name of the file outlives a power cut only if the folder was written, too.
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        let offset = received(file.metadata()?.len(), incoming.size);
        let end = sealed_length(offset);
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        Ok(Appending {
            keys: keys.clone(),
            incoming: incoming.clone(),
            file,
            offset,
            pending: Vec::new(),
        })
    }

    /// Reads a file that is complete.
    pub(crate) fn open(&self, keys: &Keys, incoming: &Incoming) -> io::Result<Reading> {
        let file = File::open(self.path(&incoming.import))?;
        if received(file.metadata()?.len(), incoming.size) != incoming.size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Reading {
            keys: keys.clone(),
            incoming: incoming.clone(),
            file,
            position: 0,
            frame: None,
        })
    }

    /// Removes a file that has been dealt with.
    pub(crate) fn discard(&self, import: &str) {
        // What is not there any more is gone already.
        let _ = std::fs::remove_file(self.path(import));
    }

    /// Every file that lies here, by the import it belongs to.
    pub(crate) fn list(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect()
    }
}

/// Length on the disk of so many bytes.
fn sealed_length(plain: u64) -> u64 {
    // A size that is not known yet is larger than any.
    plain.saturating_add(plain.div_ceil(FRAME).saturating_mul(OVERHEAD as u64))
}

/// How many bytes of a file of `size` are there for good when so many are on the disk.
fn received(on_disk: u64, size: u64) -> u64 {
    if size > 0 && on_disk == sealed_length(size) {
        return size;
    }
    let frames = (on_disk / SEALED_FRAME).min(size / FRAME);
    frames * FRAME
}

fn place(incoming: &Incoming, frame: u64) -> Place<'_> {
    Place {
        tenant: &incoming.hospital,
        table: "spool",
        row: &incoming.import,
        column: "frame",
        version: i64::try_from(frame).unwrap_or(i64::MAX),
    }
}

/// A file being written.
pub(crate) struct Appending {
    keys: Keys,
    incoming: Incoming,
    file: File,
    offset: u64,
    pending: Vec<u8>,
}

impl Appending {
    /// Bytes there for good before what is still being collected.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes there when what is being collected has been written.
    pub(crate) fn reached(&self) -> u64 {
        self.offset + self.pending.len() as u64
    }

    /// Takes more bytes; the caller has made sure that they do not exceed the size.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let room = usize::try_from(FRAME)
                .unwrap_or(usize::MAX)
                .saturating_sub(self.pending.len());
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() as u64 == FRAME {
                self.write_frame()?;
            }
        }
        Ok(())
    }

    fn write_frame(&mut self) -> io::Result<()> {
        let place = place(&self.incoming, self.offset / FRAME);
        let sealed = seal::seal(&self.keys, place, &self.pending)
            .map_err(|error| io::Error::other(error.to_string()))?;
        self.file.write_all(&sealed)?;
        self.offset += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }

    /// Makes what was taken durable; gives the bytes there for good. A last, shorter frame is
    /// written only if it ends the file.
    pub(crate) fn finish(mut self) -> io::Result<u64> {
        if !self.pending.is_empty() && self.reached() == self.incoming.size {
            self.write_frame()?;
        }
        self.file.sync_all()?;
        Ok(self.offset)
    }

    /// The same for a file whose size was not known before: it ends here.
    pub(crate) fn end(mut self) -> io::Result<u64> {
        self.incoming.size = self.reached();
        self.finish()
    }
}

/// A file being read.
pub(crate) struct Reading {
    keys: Keys,
    incoming: Incoming,
    file: File,
    position: u64,
    /// The frame at hand with its number.
    frame: Option<(u64, Vec<u8>)>,
}

impl Reading {
    fn frame(&mut self, number: u64) -> io::Result<&[u8]> {
        if self.frame.as_ref().is_none_or(|(at, _)| *at != number) {
            let plain = self.incoming.size.saturating_sub(number * FRAME).min(FRAME);
            let length = usize::try_from(plain + OVERHEAD as u64).unwrap_or(usize::MAX);
            let mut sealed = vec![0; length];
            self.file.seek(SeekFrom::Start(number * SEALED_FRAME))?;
            self.file.read_exact(&mut sealed)?;
            let opened = seal::open(&self.keys, place(&self.incoming, number), &sealed)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            self.frame = Some((number, opened));
        }
        Ok(self.frame.as_ref().map_or(&[], |(_, bytes)| bytes))
    }
}

impl Read for Reading {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.incoming.size || out.is_empty() {
            return Ok(0);
        }
        let position = self.position;
        let within = usize::try_from(position % FRAME).unwrap_or(usize::MAX);
        let frame = self.frame(position / FRAME)?;
        let rest = frame.get(within..).unwrap_or_default();
        let count = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Reading {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.incoming.size.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: u64) -> Vec<u8> {
        (0..length).map(|n| (n % 251) as u8).collect()
    }

    fn incoming(size: u64) -> Incoming {
        Incoming {
            hospital: "h1".to_owned(),
            import: "i1".to_owned(),
            size,
        }
    }

    #[test]
    fn what_was_written_in_any_pieces_is_read_from_any_place() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        for size in [1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME + 17] {
            let spool = Spool::new(folder.path());
            let all = bytes(size);
            let incoming = incoming(size);
            // Each piece begins where the spool says that the one before has ended.
            let mut at = 0;
            while at < size {
                let mut file = spool.append(&keys, &incoming).unwrap();
                assert_eq!(file.offset(), at);
                let end = (at + 100_000).min(size);
                file.push(&all[at as usize..end as usize]).unwrap();
                at = file.finish().unwrap();
                assert_eq!(spool.offset(&incoming), at);
            }
            let mut read = Vec::new();
            let mut file = spool.open(&keys, &incoming).unwrap();
            file.read_to_end(&mut read).unwrap();
            assert!(read == all, "{size}");
            file.seek(SeekFrom::Start(size / 2)).unwrap();
            read.clear();
            file.read_to_end(&mut read).unwrap();
            assert!(read == all[(size / 2) as usize..], "{size}");
            spool.discard(&incoming.import);
        }
    }

    #[test]
    fn a_frame_that_was_being_written_counts_as_not_received() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let spool = Spool::new(folder.path());
        let incoming = incoming(2 * FRAME + 5);
        let mut file = spool.append(&keys, &incoming).unwrap();
        file.push(&bytes(2 * FRAME + 5)).unwrap();
        assert_eq!(file.finish().unwrap(), 2 * FRAME + 5);
        let path = folder.path().join("spool").join("i1");
        let whole = std::fs::read(&path).unwrap();
        for cut in [1, OVERHEAD, OVERHEAD + 5] {
            std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            assert_eq!(spool.offset(&incoming), 2 * FRAME, "{cut}");
            assert!(spool.open(&keys, &incoming).is_err());
        }
        std::fs::write(&path, &whole[..40]).unwrap();
        assert_eq!(spool.offset(&incoming), 0);
    }

    #[test]
    fn nothing_on_the_disk_is_in_the_clear_and_frames_do_not_change_places() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let spool = Spool::new(folder.path());
        let incoming = incoming(2 * FRAME);
        let mut file = spool.append(&keys, &incoming).unwrap();
        file.push(
            "金糸雀 "
                .repeat(20_000)
                .as_bytes()
                .get(..2 * FRAME as usize)
                .unwrap(),
        )
        .unwrap();
        file.finish().unwrap();
        let path = folder.path().join("spool").join("i1");
        let on_disk = std::fs::read(&path).unwrap();
        let name = "金糸雀".as_bytes();
        assert!(!on_disk.windows(name.len()).any(|window| window == name));
        let (first, second) = on_disk.split_at(SEALED_FRAME as usize);
        std::fs::write(&path, [second, first].concat()).unwrap();
        let mut read = Vec::new();
        let mut swapped = spool.open(&keys, &incoming).unwrap();
        let error = swapped.read_to_end(&mut read).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
