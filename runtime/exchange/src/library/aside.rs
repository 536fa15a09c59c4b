//! Forms put aside: in a file without a name, so that memory does not grow with the forms of a check,
//! but for their code tables, most of which are the same in many forms.

use kohyo_engine::program::CodeTable;
use kohyo_engine::{Form, PackedForm};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// What has been put aside. Nobody else can open the file, and it goes with the process.
#[derive(Default)]
pub(super) struct Aside {
    /// Made with the first form.
    file: Mutex<Option<File>>,
    /// Every code table once; they are only asked for.
    tables: Mutex<HashSet<Arc<CodeTable>>>,
}

/// Where a form lies.
#[derive(Debug)]
pub(super) struct Put {
    at: u64,
    bytes: usize,
    tables: Box<[Arc<CodeTable>]>,
}

impl Put {
    /// Its code tables.
    pub(super) fn tables(&self) -> Vec<Arc<CodeTable>> {
        self.tables.to_vec()
    }
}

impl Aside {
    /// Puts a form aside; there may be no room.
    pub(super) fn put(&self, form: &PackedForm) -> io::Result<Put> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *file {
            Some(file) => file,
            nothing => nothing.insert(tempfile::tempfile()?),
        };
        let at = file.seek(SeekFrom::End(0))?;
        file.write_all(&form.bytes)?;
        let mut known = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        // Copied: the thread that loaded the form shall keep none of its memory.
        let table = |table: &Arc<CodeTable>| match known.get(table) {
            Some(table) => Arc::clone(table),
            None => {
                let table = Arc::new(CodeTable::clone(table));
                known.insert(Arc::clone(&table));
                table
            }
        };
        Ok(Put {
            at,
            bytes: form.bytes.len(),
            tables: form.tables.iter().map(table).collect(),
        })
    }

    /// Brings it back.
    pub(super) fn get(&self, put: &Put) -> io::Result<Form> {
        let mut bytes = vec![0; put.bytes];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let file = file.as_mut().ok_or(io::ErrorKind::NotFound)?;
            file.seek(SeekFrom::Start(put.at))?;
            file.read_exact(&mut bytes)?;
        }
        let form = Form::unpacked(&bytes, put.tables());
        form.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}
