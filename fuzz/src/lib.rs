//! What must hold for every input, whoever made it.
//!
//! Each function takes what a fuzz target was given and panics if a promise is broken. They hold no
//! state, so an input that was found can be replayed anywhere.

use kohyo_compiler::Files;
use kohyo_dsl::{Palette, Severity, Span, TokenKind};
use kohyo_engine::program::Application;
use kohyo_engine::{
    Answers, Context, Date, Form, RawAnswers, evaluate, from_json, page_view, to_json,
};
use kohyo_exchange::seal::{
    Contents, NewKey, Passphrase, PlatformKeys, Register, SealedBox, SigningKey, State, seal,
};
use kohyo_exchange::{Checker, Library as Forms, Options, check_records};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::io::{Cursor, Read, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Any text is read without a crash, both ways the same, and every place lies in the text.
pub fn parse(text: &str) {
    let parsed = kohyo_dsl::parse("x.kohyo", text);
    assert!(
        parsed == kohyo_dsl::parse_by_grammar("x.kohyo", text),
        "read otherwise by the grammar"
    );
    let inside = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end));
    };
    for found in &parsed.diagnostics {
        inside(found.span);
        found.labels.iter().for_each(|label| inside(label.span));
        found.fix.iter().for_each(|fix| inside(fix.span));
    }
    parsed.file.items.iter().for_each(|item| inside(item.span));
    kohyo_dsl::render(&parsed.diagnostics, |_| Some(text), Palette::Plain);
}

/// What has no mistake is laid out; laid out again it stays the same, means the same and has kept
/// its comments.
pub fn format(text: &str) {
    let Ok(once) = kohyo_dsl::format(text) else {
        let found = kohyo_dsl::parse("x.kohyo", text).diagnostics;
        assert!(found.iter().any(|d| d.severity == Severity::Error));
        return;
    };
    assert_eq!(kohyo_dsl::format(&once).as_ref(), Ok(&once));
    assert_eq!(meaning(text), meaning(&once));
    assert_eq!(comments(text), comments(&once));
}

/// The syntax without places.
fn meaning(text: &str) -> String {
    let tree = format!("{:?}", kohyo_dsl::parse("x.kohyo", text).file);
    let mut parts = tree.split("Span { start: ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    out
}

fn comments(text: &str) -> Vec<&str> {
    let words = kohyo_dsl::words(text).into_iter();
    words
        .filter(|word| word.kind == TokenKind::Comment)
        .map(|word| word.span.of(text).trim())
        .collect()
}

/// The definition that is fuzzed; it may use the modules of the library.
const DEFINITION: &str = "shitei/999_fuzz/form.kohyo";

/// A definition compiles or has an error, never both; what compiles is a form that can be judged.
pub fn compile(text: &str) {
    let mut files = LIBRARY.clone();
    files.insert(DEFINITION, text);
    let compiled = kohyo_compiler::compile(&files, DEFINITION);
    let judges = kohyo_compiler::forms(&files)
        .iter()
        .any(|disease| disease.path == DEFINITION);
    assert_eq!(
        compiled.program.is_some(),
        judges && !compiled.has_errors(),
        "{:?}",
        compiled.diagnostics
    );
    let found = &compiled.diagnostics;
    kohyo_dsl::render(found, |file| files.get(file), Palette::Plain);
    // Effort is counted, but a large one is dear all the same.
    if text.len() < 2_000 {
        kohyo_compiler::prove(&compiled);
    }
    if let Some(program) = compiled.program {
        let form = Form::new(program).expect("what has no error is accepted");
        judged(&form);
        let json = to_json(form.program());
        let again = from_json(json.as_bytes()).expect("a program can be read again");
        assert_eq!(again.program(), form.program());
    }
}

/// Modules and code tables, without the diseases.
static LIBRARY: LazyLock<Files> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms");
    let mut files = Files::new();
    let mut folders = ["codes", "common", "scale"].map(|f| root.join(f)).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "kohyo")
                && let (Ok(name), Ok(text)) =
                    (path.strip_prefix(&root), std::fs::read_to_string(&path))
            {
                files.insert(name.to_string_lossy(), text);
            }
        }
    }
    files
});

/// Any bytes are a program that can be judged, or refused.
pub fn program(json: &[u8]) {
    if let Ok(form) = from_json(json) {
        judged(&form);
    }
}

/// The empty form, judged and drawn.
fn judged(form: &Form) {
    let context = Context {
        today: Date::day(2026, 4, 1).expect("a day of the calendar"),
        application: Application::New,
    };
    let answers = Answers::new(form);
    let outcome = evaluate(form, &answers, &context);
    assert_eq!(outcome.shown.len(), form.program().fields.len());
    page_view(form, &RawAnswers::default(), &context, &outcome);
}

/// Any bytes are a container that is refused; what is sealed opens again, and opens no more when a
/// byte of it is changed.
pub fn container(bytes: &[u8]) {
    let world = &*WORLD;
    assert!(
        opened(bytes).is_none(),
        "nobody can make a container but the hospital"
    );
    let Some((&at, payload)) = bytes.split_first() else {
        return;
    };
    if payload.is_empty() {
        return;
    }
    let contents = Contents {
        payload,
        records: 1,
        created: SEALED,
        tool: "fuzz",
        release: "fuzz",
    };
    let mut container = Vec::new();
    let rng = &mut StdRng::seed_from_u64(u64::from(at));
    seal(&contents, &world.hospital, rng, &mut container).expect("a small payload is sealed");
    assert_eq!(opened(&container).as_deref(), Some(payload));
    let place = usize::from(at) * container.len() / 256;
    container[place] ^= 1;
    assert!(opened(&container).is_none(), "changed at {place}");
}

fn opened(container: &[u8]) -> Option<Vec<u8>> {
    let sealed = SealedBox::begin(Cursor::new(container)).ok()?;
    let verified = sealed.verify(&WORLD.platform, &WORLD.register, SEALED);
    let mut payload = Vec::new();
    verified
        .ok()?
        .payload()
        .ok()?
        .read_to_end(&mut payload)
        .ok()?;
    Some(payload)
}

/// When the containers of the fuzzer are sealed.
const SEALED: u64 = 1_780_272_000;

struct World {
    platform: PlatformKeys,
    hospital: SigningKey,
    register: Register,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let rng = &mut StdRng::seed_from_u64(1);
    let passphrase = Passphrase::new("a passphrase for the fuzzer");
    let platform = PlatformKeys::generate("fuzz", rng).expect("a name");
    let new = NewKey {
        hospital: "1310000001".into(),
        name: "fuzz".into(),
        not_before: 0,
        not_after: u64::from(u32::MAX),
        tool_min_version: "0".into(),
    };
    let file = platform.issue(&new, &passphrase, rng).expect("a key");
    let hospital = file.unlock(&passphrase).expect("its passphrase");
    let mut register = Register::default();
    register.set(hospital.certificate().clone(), State::Active);
    World {
        platform,
        hospital,
        register,
    }
});

/// Any bytes are read as CSV without a crash, and its records are numbered one by one.
pub fn csv(bytes: &[u8]) {
    let today = Date::day(2026, 4, 1).expect("a day of the calendar");
    let mut last = 0;
    Checker::new(FORMS.clone(), today)
        .normalising()
        .check_csv(|| Ok(bytes), &mut |report| {
            assert!(report.number == 0 || report.number == last + 1);
            last = last.max(report.number);
            ControlFlow::Continue(())
        });
}

/// Any bytes are read as XML without a crash; read in one piece or through the window, whose border
/// lies somewhere in them, the same is found.
pub fn xml(bytes: &[u8]) {
    let bytes = &*across_the_window(bytes);
    let today = Date::day(2026, 4, 1).expect("a day of the calendar");
    let mut checker = Checker::new(FORMS.clone(), today);
    let mut whole = Vec::new();
    checker.check_slice(bytes, &mut |report| {
        whole.push((report.number, report.result, report.findings));
        ControlFlow::Continue(())
    });
    let mut pieces = Vec::new();
    checker.check(bytes, &mut |report| {
        pieces.push((report.number, report.result, report.findings));
        ControlFlow::Continue(())
    });
    assert_eq!(whole, pieces);
}

/// The same bytes behind so many comments that the window of the reader ends at one of them, which
/// their sum chooses. What can only stand at the very beginning stays there.
fn across_the_window(bytes: &[u8]) -> Vec<u8> {
    /// Bytes that the reader looks at together (`runtime/exchange/src/read.rs`).
    const WINDOW: usize = 128 * 1024;
    const COMMENT: &[u8] = b"<!-- -->";
    let declared = bytes.starts_with(b"<?xml") || bytes.starts_with("\u{feff}<?xml".as_bytes());
    let end = bytes.windows(2).position(|two| two == b"?>");
    let head = end.filter(|_| declared).map_or(0, |end| end + 2);
    let (head, rest) = bytes.split_at(head);
    let sum: usize = rest.iter().map(|byte| usize::from(*byte)).sum();
    let padding = WINDOW.saturating_sub(head.len() + sum % (rest.len() + 1));
    let comments = COMMENT.repeat(padding / COMMENT.len());
    let blanks = vec![b' '; padding % COMMENT.len()];
    [head, &comments, &blanks, rest].concat()
}

/// Any bytes are read as a ZIP without a crash; what is found in a file is found in it packed, too.
pub fn zip(bytes: &[u8]) {
    checked("x.zip", bytes);
    let Some((&kind, content)) = bytes.split_first() else {
        return;
    };
    let name = if kind % 2 == 0 { "a.xml" } else { "a.csv" };
    // A sealed container or an archive is known by its first bytes, whatever its name.
    if content.starts_with(b"KOHYOBOX") || content.starts_with(b"PK") {
        return;
    }
    let method = match kind / 2 % 2 {
        0 => CompressionMethod::Stored,
        _ => CompressionMethod::Deflated,
    };
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    archive.start_file(name, options).expect("a plain name");
    archive.write_all(content).expect("memory");
    let archive = archive.finish().expect("memory").into_inner();
    let packed = checked("x.zip", &archive);
    // What grows too much is refused.
    if !packed.iter().any(|found| found.contains("zip.bomb")) {
        assert_eq!(packed, checked(name, content));
    }
}

/// What is found in a file of this name: record, result and findings.
fn checked(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = &*FOLDER;
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("room for a file");
    let options = Options {
        today: Date::day(2026, 4, 1).expect("a day of the calendar"),
        threads: NonZeroUsize::MIN,
        normalise: false,
        keep_records: false,
        except: &[],
    };
    let mut found = Vec::new();
    let summary = check_records(
        &[path],
        &FORMS,
        options,
        |_| {},
        |_, report| {
            let findings = report.findings;
            found.push(format!(
                "{} {:?} {findings:?}",
                report.number, report.result
            ));
            Ok(())
        },
    );
    assert_eq!(summary.expect("the sink never fails").files, 1);
    found
}

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a folder for files"));

/// Two forms of the library.
static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/editions/forms");
    let mut files = Files::new();
    for entry in std::fs::read_dir(root.join("shitei/999_test"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = format!("shitei/999_test/{}", entry.file_name().to_string_lossy());
        if let Ok(text) = std::fs::read_to_string(entry.path()) {
            files.insert(name, text);
        }
    }
    let programs = kohyo_compiler::diseases(&files);
    let programs = programs
        .iter()
        .filter_map(|disease| kohyo_compiler::compile(&files, &disease.path).program);
    let forms = programs.map(|program| Arc::new(Form::new(program).expect("a compiled form")));
    Forms::new(forms).expect("editions that fit")
});
