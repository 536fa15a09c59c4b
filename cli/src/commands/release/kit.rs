//! The conformance kit in a release: one ZIP for each form, its index beside it.
//!
//! A kit has thousands of small records; as files of their own they would be more than a release
//! holds, and nobody wants one of them alone.

use crate::commands::release::contents::pack;
use crate::disk::Failure;
use kohyo_bundle::{FormRef, Packed};
use kohyo_compiler::emit::Artefact;
use kohyo_compiler::kit::kit;
use kohyo_engine::{Form, Lineage};
use std::io::{Cursor, Write};
use std::sync::Arc;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// The kit of a form, packed; `forms` are all of the release, among them the edition by whose rules
/// its renewals are judged as well.
pub fn files(form: &Arc<Form>, forms: &[Arc<Form>]) -> Result<Vec<Packed>, Failure> {
    let program = form.program();
    let own = forms.iter().filter(|f| f.program().key == program.key);
    let previous =
        Lineage::fallback(own, form).map_err(|error| Failure::Other(error.to_string()))?;
    let artefacts = kit(form, previous.as_ref()).artefacts();
    let name = FormRef::of(program);
    let stem = format!("kit/{}-{}", program.key, program.edition);
    let (index, records): (Vec<&Artefact>, Vec<&Artefact>) = artefacts
        .iter()
        .partition(|artefact| artefact.path.contains("/index."));
    let mut files = Vec::new();
    for artefact in index {
        let name = artefact.path.rsplit('/').next().unwrap_or_default();
        files.push((format!("{stem}/{name}"), artefact.content.clone()));
    }
    files.push((format!("{stem}/records.zip"), zipped(&records)?));
    files
        .into_iter()
        .map(|(path, content)| pack(&path, Some(name.clone()), &content))
        .collect()
}

/// The records as one ZIP, without anything of the machine or the moment.
fn zipped(records: &[&Artefact]) -> Result<Vec<u8>, Failure> {
    let failed =
        |error: String| Failure::Other(format!("適合確認キットのZIPを作れません: {error}"));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for record in records {
        // kit/shitei-006-2020/0001-….xml stands in the ZIP as 0001-….xml.
        let name = record.path.splitn(3, '/').nth(2).unwrap_or(&record.path);
        zip.start_file(name, options)
            .map_err(|error| failed(error.to_string()))?;
        zip.write_all(&record.content)
            .map_err(|error| failed(error.to_string()))?;
    }
    let bytes = zip.finish().map_err(|error| failed(error.to_string()))?;
    Ok(bytes.into_inner())
}
