//! The conformance kits in a release: for each form and each format a ZIP, its index beside it.
//!
//! A kit has thousands of small records; as files of their own they would be more than a release
//! holds, and nobody wants one of them alone.

use crate::commands::kit::kit_as;
use crate::commands::release::contents::pack;
use crate::disk::Failure;
use kohyo_bundle::{FormRef, Packed};
use kohyo_compiler::kit::{Format, Kit, kit};
use kohyo_engine::{Form, Lineage};
use kohyo_exchange::Library;
use std::io::{Cursor, Write};
use std::sync::Arc;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// The records of a kit in a release.
pub const RECORDS: &str = "records.zip";

/// The kits of a form, packed; `forms` are all of the release, among them the edition by whose rules
/// its renewals are judged as well.
pub fn files(form: &Arc<Form>, forms: &[Arc<Form>]) -> Result<Vec<Packed>, Failure> {
    let program = form.program();
    let failed = |error: &dyn std::error::Error| Failure::Other(error.to_string());
    let own = || forms.iter().filter(|f| f.program().key == program.key);
    let previous = Lineage::fallback(own(), form).map_err(|error| failed(&error))?;
    let library = Library::new(own().cloned()).map_err(|error| failed(&error))?;
    let made = kit(form, previous.as_ref());
    let mut files = Vec::new();
    for format in [Format::Xml, Format::Csv, Format::Fhir] {
        let kit = kit_as(made.clone(), format, form, &library);
        files.extend(packed(&kit, &FormRef::of(program))?);
    }
    Ok(files)
}

fn packed(kit: &Kit, form: &FormRef) -> Result<Vec<Packed>, Failure> {
    let (mut files, mut stem) = (Vec::new(), String::new());
    for artefact in kit.artefacts() {
        let Some((folder, name)) = artefact.path.rsplit_once('/') else {
            continue;
        };
        folder.clone_into(&mut stem);
        if name.starts_with("index.") {
            files.push(pack(&artefact.path, Some(form.clone()), &artefact.content)?);
        }
    }
    let path = format!("{stem}/{RECORDS}");
    files.push(pack(&path, Some(form.clone()), &zipped(kit)?)?);
    Ok(files)
}

/// The records as one ZIP, without anything of the machine or the moment. They are not compressed
/// in it: the release compresses it as a whole, and as one record is much like the next, that makes
/// less than a tenth of what they would be one by one.
fn zipped(kit: &Kit) -> Result<Vec<u8>, Failure> {
    let failed =
        |error: String| Failure::Other(format!("適合確認キットのZIPを作れません: {error}"));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for record in &kit.records {
        zip.start_file(record.file.as_str(), options)
            .map_err(|error| failed(error.to_string()))?;
        zip.write_all(&record.document)
            .map_err(|error| failed(error.to_string()))?;
    }
    let bytes = zip.finish().map_err(|error| failed(error.to_string()))?;
    Ok(bytes.into_inner())
}
