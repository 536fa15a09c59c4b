//! An editor talks to `kohyo lsp`: a real process, real pipes, one conversation after the other.
//!
//! The transcripts show what the editor sends (→) and what comes back (←); places are written as
//! line:column, both from 0, columns in UTF-16 units.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const MODULE: &str = r#"module scale.yahr "Hoehn-Yahr重症度分類" {
  prefix yahr
}

section severity "重症度" {
  field stage "Hoehn-Yahr" : choice {
    0 stage0 "0度" points 0
    3 stage3 "3度" points 3
  } required
}

criterion stage3_or_more "3度以上" = stage >= 3
"#;

const FORM: &str = r#"disease shitei 006 "パーキンソン病" {
  edition "2020" from 2017-04-01
  source notice "通知"
}

use scale.yahr as hy

section diagnosis "診断" {
  field tremor "振戦" : choice {
    1 present "あり"
    2 absent  "なし"
  } required
  field igg4 "IgG4" : decimal 5.1 "mg/dL" 0..9999.9 required
}

criterion 𠮷所見 "所見" = tremer is present and igg4 >= 135 mg/dL

judgement diagnosis "診断" {
  category definite "確実" when 𠮷所見 and hy.stage3_or_more
  otherwise none "なし"
  eligible definite
}

judgement severity "重症度" {
  category meets "対象" when hy.stage = 3
  otherwise below "対象外"
  eligible meets
}
"#;

const CASES: &str = "disease: shitei-006\nbase:\n  tremor: present\ncases: []\n";

/// An editor.
struct Editor {
    server: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    /// The address of the folder, and what the transcripts call it.
    root: String,
    form: String,
    folder: tempfile::TempDir,
    next: i64,
    /// Notifications that came before anybody waited for them.
    told: Vec<Value>,
}

impl Editor {
    /// Starts the server on a folder with a Japanese name.
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let forms = folder.path().join("様式 一覧/forms");
        for (path, text) in [
            ("scale/yahr.kohyo", MODULE),
            ("shitei/006/form.kohyo", FORM),
            ("shitei/006/cases.yaml", CASES),
        ] {
            let file = forms.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let mut server = Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .arg("lsp")
            .env_remove("KOHYO_FORMS")
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take();
        let mut stdout = BufReader::new(server.stdout.take().unwrap());
        let (sender, output) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let root = address(&folder.path().join("様式 一覧"));
        Self {
            server,
            input,
            output,
            form: format!("{root}/forms/shitei/006/form.kohyo"),
            root,
            folder,
            next: 0,
            told: Vec::new(),
        }
    }

    /// Starts it and gets through the greetings with a client that can do `capabilities`.
    fn greeted(capabilities: Value) -> Self {
        let mut editor = Self::start();
        let root = editor.root.clone();
        editor.ask(
            "initialize",
            json!({ "processId": null, "rootUri": root, "capabilities": capabilities }),
        );
        editor.tell("initialized", json!({}));
        editor
    }

    fn write(&mut self, body: &str) {
        self.raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    }

    fn raw(&mut self, bytes: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    /// Sends a request and waits for its answer.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.write(&request.to_string());
        loop {
            let message = self.receive();
            if message.get("id") == Some(&json!(id)) && message.get("method").is_none() {
                return message;
            }
            self.told.push(message);
        }
    }

    /// The result of a request about the form.
    fn about(&mut self, method: &str, mut params: Value) -> Value {
        params["textDocument"] = json!({ "uri": self.form });
        let answer = self.ask(method, params);
        answer
            .get("result")
            .cloned()
            .unwrap_or_else(|| panic!("{method}: {answer}"))
    }

    fn receive(&mut self) -> Value {
        self.output.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    /// Waits for a notification that `wanted` accepts.
    fn told(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(at) = self.told.iter().position(&wanted) {
                return self.told.remove(at);
            }
            let message = self.receive();
            self.told.push(message);
        }
    }

    /// Waits for the findings in version `version` of the form.
    fn findings(&mut self, version: i64) -> String {
        let form = self.form.clone();
        let told = self.told(|m| {
            m["method"] == "textDocument/publishDiagnostics"
                && m["params"]["uri"] == form
                && m["params"]["version"] == version
        });
        let found = told["params"]["diagnostics"].as_array().unwrap().clone();
        let lines: Vec<String> = found
            .iter()
            .map(|d| {
                format!(
                    "{} {} {}",
                    range(&d["range"]),
                    d["code"].as_str().unwrap(),
                    d["message"].as_str().unwrap().replace('\n', " / ")
                )
            })
            .collect();
        lines.join("\n")
    }

    fn open(&mut self, text: &str) {
        let uri = self.form.clone();
        let document = json!({ "uri": uri, "languageId": "kohyo", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn change(&mut self, version: i64, changes: Value) {
        let document = json!({ "uri": self.form, "version": version });
        self.tell(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": changes }),
        );
    }

    /// A path in the folder instead of its address.
    fn short(&self, uri: &str) -> String {
        uri.replace(&self.root, "")
            .trim_start_matches("/forms/")
            .to_owned()
    }

    /// Edits by file, as text.
    fn edits(&self, changes: &Value) -> String {
        let mut lines: Vec<String> = changes
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(uri, edits)| {
                let file = self.short(uri);
                let edits = edits.as_array().unwrap().clone();
                edits
                    .into_iter()
                    .map(move |e| format!("{file} {} {}", range(&e["range"]), e["newText"]))
            })
            .collect();
        lines.sort();
        lines.join("\n")
    }

    /// Says goodbye; the exit code.
    fn goodbye(mut self) -> i32 {
        let answer = self.ask("shutdown", Value::Null);
        assert_eq!(answer["result"], Value::Null);
        self.tell("exit", Value::Null);
        self.server.wait().unwrap().code().unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim() {
            "" => break,
            line => length = line.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The `file:` address of a path, the way editors write it.
fn address(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    for byte in path.to_str().unwrap().bytes() {
        match byte {
            b'/' | b'.' | b'_' | b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn range(range: &Value) -> String {
    let place = |at: &Value| format!("{}:{}", at["line"], at["character"]);
    format!("{}-{}", place(&range["start"]), place(&range["end"]))
}

/// The place of the `nth` (from 0) `word` in the form, `after` UTF-16 units behind its beginning.
fn at(word: &str, nth: usize, after: usize) -> Value {
    let (offset, _) = FORM.match_indices(word).nth(nth).unwrap();
    let line = FORM[..offset].matches('\n').count();
    let start = FORM[..offset].rfind('\n').map_or(0, |n| n + 1);
    let character = FORM[start..offset].encode_utf16().count() + after;
    json!({ "line": line, "character": character })
}

#[test]
fn from_a_mistake_to_the_sound_form() {
    let mut editor = Editor::start();
    let root = editor.root.clone();
    let greeting = editor.ask(
        "initialize",
        json!({
            "processId": null,
            "rootUri": root,
            "capabilities": { "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } },
        }),
    );
    let mut abilities: Vec<String> = greeting["result"]["capabilities"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    abilities.sort();
    insta::assert_snapshot!(abilities.join("\n"), @r"
    codeActionProvider
    completionProvider
    definitionProvider
    documentFormattingProvider
    documentHighlightProvider
    documentSymbolProvider
    foldingRangeProvider
    hoverProvider
    positionEncoding
    referencesProvider
    renameProvider
    semanticTokensProvider
    textDocumentSync
    ");
    editor.tell("initialized", json!({}));

    // → didOpen with a mistake  ← publishDiagnostics
    editor.open(FORM);
    insta::assert_snapshot!(editor.findings(1), @"15:22-15:28 E0204 「tremer」という名前はありません / ヒント: `tremor` ではありませんか");

    // → codeAction at the mistake  ← the repair
    let actions = editor.about(
        "textDocument/codeAction",
        json!({
            "range": { "start": at("tremer", 0, 2), "end": at("tremer", 0, 2) },
            "context": { "diagnostics": [] },
        }),
    );
    let action = &actions[0];
    insta::assert_snapshot!(
        format!("{} {}\n{}", action["kind"], action["title"], editor.edits(&action["edit"]["changes"])),
        @r#"
    "quickfix" "`tremor` ではありませんか"
    shitei/006/form.kohyo 15:22-15:28 "tremor"
    "#
    );

    // → didChange: the repair, as an incremental change  ← no findings
    let repair = action["edit"]["changes"][&editor.form][0].clone();
    editor.change(
        2,
        json!([{ "range": repair["range"], "text": repair["newText"] }]),
    );
    insta::assert_snapshot!(editor.findings(2), @"");

    // → hover  ← the meaning in Japanese
    let hover = editor.about(
        "textDocument/hover",
        json!({ "position": at("𠮷所見", 1, 3) }),
    );
    insta::assert_snapshot!(
        format!("{}\n{}", range(&hover["range"]), hover["contents"]["value"].as_str().unwrap()),
        @r"
    18:30-18:34
    **基準** 「所見」 `𠮷所見`

    - 振戦が「あり」、かつIgG4が135mg/dL以上

    使用: 1か所

    - 判定「診断」
    "
    );

    // → completion behind an alias  ← what the module shows
    let items = editor.about(
        "textDocument/completion",
        json!({ "position": at("hy.stage3", 0, 3) }),
    );
    let items: Vec<String> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|i| {
            format!(
                "{} {} {}",
                i["label"], i["detail"], i["textEdit"]["newText"]
            )
        })
        .collect();
    insta::assert_snapshot!(items.join("\n"), @r#"
    "stage" "Hoehn-Yahr　一つ選択" "stage"
    "stage3_or_more" "3度以上　基準" "stage3_or_more"
    "#);

    // → definition of a name in a module  ← its place there
    let definition = editor.about(
        "textDocument/definition",
        json!({ "position": at("stage3_or_more", 0, 1) }),
    );
    insta::assert_snapshot!(
        format!("{} {}", editor.short(definition["uri"].as_str().unwrap()), range(&definition["range"])),
        @"scale/yahr.kohyo 11:10-11:24"
    );

    // → references  ← in every file
    let references = editor.about(
        "textDocument/references",
        json!({ "position": at("stage = 3", 0, 0), "context": { "includeDeclaration": true } }),
    );
    let references: Vec<String> = references
        .as_array()
        .unwrap()
        .iter()
        .map(|l| {
            format!(
                "{} {}",
                editor.short(l["uri"].as_str().unwrap()),
                range(&l["range"])
            )
        })
        .collect();
    insta::assert_snapshot!(references.join("\n"), @r"
    scale/yahr.kohyo 5:8-5:13
    scale/yahr.kohyo 11:34-11:39
    shitei/006/form.kohyo 24:30-24:35
    ");

    // → rename of a field  ← edits in form, cases and `was`; a warning
    let place = json!({ "position": at("tremor", 0, 0) });
    let range_ = editor.about("textDocument/prepareRename", place.clone());
    assert_eq!(range(&range_), "8:8-8:14");
    let mut params = place;
    params["newName"] = json!("resting_tremor");
    let edit = editor.about("textDocument/rename", params);
    insta::assert_snapshot!(editor.edits(&edit["changes"]), @r#"
    shitei/006/cases.yaml 2:2-2:8 "resting_tremor"
    shitei/006/form.kohyo 11:12-11:12 " was tremor"
    shitei/006/form.kohyo 15:22-15:28 "resting_tremor"
    shitei/006/form.kohyo 8:8-8:14 "resting_tremor"
    "#);
    let warning = editor.told(|m| m["method"] == "window/showMessage");
    insta::assert_snapshot!(warning["params"]["message"].as_str().unwrap(), @"項目名はXML・CSVでの名前です。`tremor` を `resting_tremor` に変えると、これまでの記録では `was tremor` が必要です");

    // → formatting  ← only the line that changes
    editor.change(
        3,
        json!([{ "range": repair["range"], "text": "tremor" },
               { "range": { "start": { "line": 5, "character": 3 }, "end": { "line": 5, "character": 4 } }, "text": "   " }]),
    );
    let edits = editor.about(
        "textDocument/formatting",
        json!({ "options": { "tabSize": 2, "insertSpaces": true } }),
    );
    let edits: Vec<String> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|e| format!("{} {}", range(&e["range"]), e["newText"]))
        .collect();
    insta::assert_snapshot!(edits.join("\n"), @r#"5:0-6:0 "use scale.yahr as hy\n""#);

    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn outline_folding_highlights_and_colours() {
    let mut editor = Editor::greeted(json!({}));
    editor.open(FORM);
    let symbols = editor.about("textDocument/documentSymbol", json!({}));
    let symbols: Vec<String> = symbols
        .as_array()
        .unwrap()
        .iter()
        .map(|s| {
            format!(
                "{} {} {}",
                s["name"],
                s["detail"],
                s["children"].as_array().unwrap().len()
            )
        })
        .collect();
    insta::assert_snapshot!(symbols.join("\n"), @r#"
    "006" "パーキンソン病" 0
    "scale.yahr" "hy" 0
    "diagnosis" "診断" 2
    "𠮷所見" "所見" 0
    "diagnosis" "診断" 2
    "severity" "重症度" 2
    "#);
    let folds = editor.about("textDocument/foldingRange", json!({}));
    let folds: Vec<String> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|f| format!("{}-{}", f["startLine"], f["endLine"]))
        .collect();
    insta::assert_snapshot!(folds.join(" "), @"0-2 7-12 8-10 17-20 23-26");
    let marks = editor.about(
        "textDocument/documentHighlight",
        json!({ "position": at("definite", 0, 0) }),
    );
    let marks: Vec<String> = marks
        .as_array()
        .unwrap()
        .iter()
        .map(|m| format!("{} {}", range(&m["range"]), m["kind"]))
        .collect();
    insta::assert_snapshot!(marks.join("\n"), @r"
    18:11-18:19 3
    20:11-20:19 2
    ");
    let colours = editor.about("textDocument/semanticTokens/full", json!({}));
    let numbers = colours["data"].as_array().unwrap();
    assert!(numbers.len() > 100 && numbers.len().is_multiple_of(5));
    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn a_module_changed_on_disk_is_judged_in_the_diseases_that_use_it() {
    let mut editor = Editor::greeted(json!({}));
    let form = FORM.replace("tremer", "tremor");
    editor.open(&form);
    assert_eq!(editor.findings(1), "");
    let module = editor
        .folder
        .path()
        .join("様式 一覧/forms/scale/yahr.kohyo");
    std::fs::write(module, MODULE.replace("stage3_or_more", "stage4_or_more")).unwrap();
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let form = editor.form.clone();
    // What the form on the disk has may be told first.
    let told = editor.told(|m| {
        let first = &m["params"]["diagnostics"][0]["message"];
        m["params"]["uri"] == form && first.as_str().is_some_and(|text| text.contains("stage"))
    });
    insta::assert_snapshot!(told["params"]["diagnostics"][0]["message"].as_str().unwrap(), @r"
    「stage3_or_more」という名前はありません
    ヒント: `stage4_or_more` ではありませんか
    ");
    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn a_sound_form_is_proven_and_what_is_refuted_has_an_example_patient() {
    let mut editor = Editor::greeted(json!({}));
    let table =
        "table t \"表\" : a | b {\n  | igg4 < 1 mg/dL | >= 2\n  igg4 < 9 mg/dL | a | b\n}\n";
    editor.open(&(FORM.replace("tremer", "tremor") + "\n" + table));
    let form = editor.form.clone();
    // What the file on the disk has may be told first; it has no table.
    let told = editor.told(|m| {
        let first = &m["params"]["diagnostics"][0]["message"];
        m["params"]["uri"] == form && first.as_str().is_some_and(|text| text.contains("表"))
    });
    insta::assert_snapshot!(told["params"]["diagnostics"][0]["message"].as_str().unwrap(), @r"
    「表」には、どれにも当てはまらない値があります
    例: IgG4 9.0mg/dL
    ヒント: 境目の値（以上・超える・未満・以下）を確かめ、足りない行か列を加えてください。公式の表になければ `gap in` で宣言します
    ");
    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn a_gap_that_no_patient_falls_in_disappears_once_it_is_proven() {
    let mut editor = Editor::greeted(json!({}));
    let bands = "score half \"半点\" = sum of { 0.5 when tremor is present; 1.5 when igg4 > 1 mg/dL }\n\
                 score step \"段階\" = bands of half { <= 0.5 gives 0; >= 1.5 gives 1 }\n";
    editor.open(&(FORM.replace("tremer", "tremor") + "\n" + bands));
    let form = editor.form.clone();
    // What the file on the disk has may be told before; it has no version.
    let own = |m: &Value| m["params"]["uri"] == form && m["params"]["version"] == 1;
    let told = editor.told(|m| own(m) && m["params"]["diagnostics"][0]["code"] == "E0621");
    assert_eq!(told["params"]["diagnostics"].as_array().unwrap().len(), 1);
    let told = editor.told(own);
    assert_eq!(told["params"]["diagnostics"], json!([]));
    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn the_old_name_of_a_field_is_the_authors_choice_where_the_editor_can_ask() {
    let edits = json!({ "documentChanges": true, "changeAnnotationSupport": {} });
    let mut editor = Editor::greeted(json!({ "workspace": { "workspaceEdit": edits } }));
    editor.open(FORM);
    let edit = editor.about(
        "textDocument/rename",
        json!({ "position": at("igg4", 0, 0), "newName": "igg4_value" }),
    );
    let kept = &edit["documentChanges"].as_array().unwrap().last().unwrap()["edits"][0];
    assert_eq!(kept["newText"], " was igg4");
    assert_eq!(kept["annotationId"], "was");
    assert_eq!(edit["changeAnnotations"]["was"]["needsConfirmation"], true);
    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn names_that_cannot_be_are_refused_with_a_reason() {
    let mut editor = Editor::greeted(json!({}));
    editor.open(FORM);
    let uri = editor.form.clone();
    let answer = editor.ask(
        "textDocument/rename",
        json!({ "textDocument": { "uri": uri }, "position": at("igg4", 0, 0), "newName": "tremor" }),
    );
    insta::assert_snapshot!(answer["error"]["message"].as_str().unwrap(), @"「tremor」は shitei/006/form.kohyo にすでにあります");
    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn nonsense_is_answered_and_survived() {
    let mut editor = Editor::start();
    let mut answers = Vec::new();
    let early = editor.ask("textDocument/hover", json!({}));
    answers.push(early["error"].clone());
    let root = editor.root.clone();
    editor.ask("initialize", json!({ "rootUri": root, "capabilities": {} }));
    editor.tell("initialized", json!({}));
    for body in [
        "{",
        "[]",
        "\"あ\"",
        "{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":5}",
    ] {
        editor.write(body);
        let answer = editor.told(|m| m.get("id") == Some(&Value::Null));
        answers.push(answer["error"].clone());
    }
    editor.raw("not a header\r\n");
    let answer = editor.told(|m| m.get("id") == Some(&Value::Null));
    answers.push(answer["error"].clone());
    // Notifications that make no sense cannot be answered; nothing may break either.
    editor.tell("textDocument/didOpen", json!({ "textDocument": 1 }));
    editor.tell("textDocument/didChange", json!(null));
    editor.change(7, json!([{ "text": "x" }]));
    editor.tell("$/cancelRequest", json!({ "id": "none" }));
    editor.tell("no/such/notification", json!([]));
    editor.open(FORM);
    editor.change(
        2,
        json!([{ "range": { "start": { "line": 4_000_000, "character": 9 }, "end": { "line": 3, "character": 4_000_000 } }, "text": "𠮷" }]),
    );
    let uri = editor.form.clone();
    let odd = [
        ("no/such/request", json!({})),
        (
            "textDocument/hover",
            json!({ "textDocument": { "uri": "file:///none" }, "position": { "line": 0, "character": 0 } }),
        ),
        (
            "textDocument/hover",
            json!({ "textDocument": { "uri": uri }, "position": { "line": -1, "character": 0 } }),
        ),
        ("initialize", json!({ "capabilities": {} })),
    ];
    for (method, params) in odd {
        answers.push(editor.ask(method, params)["error"].clone());
    }
    let far = json!({ "position": { "line": 4_000_000, "character": 4_000_000 } });
    for method in ["hover", "completion", "definition", "documentHighlight"] {
        editor.about(&format!("textDocument/{method}"), far.clone());
    }
    let lines: Vec<String> = answers
        .iter()
        .map(|e| {
            let message = e["message"].as_str().unwrap();
            format!("{} {}", e["code"], message.split(": ").next().unwrap())
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    -32002 initialize の前です
    -32700 JSONとして読めません
    -32600 要求でも通知でも応答でもありません
    -32600 要求でも通知でも応答でもありません
    -32600 要求でも通知でも応答でもありません
    -32700 見出し行が正しくありません
    -32601 「no/such/request」には答えられません
    -32602 file:///none は開かれていません
    -32602 パラメーターを読めません
    -32600 initialize はもう済んでいます
    ");
    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn a_request_taken_back_while_it_waits_is_not_worked_on() {
    let mut editor = Editor::greeted(json!({}));
    editor.open(FORM);
    editor.findings(1);
    let uri = editor.form.clone();
    let ask = |id: i64| {
        let params =
            json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } });
        json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/completion", "params": params })
            .to_string()
    };
    let cancel = json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 901 } });
    let bodies = [ask(900), ask(901), cancel.to_string()];
    let frames = bodies.map(|b| format!("Content-Length: {}\r\n\r\n{b}", b.len()));
    editor.raw(&frames.concat());
    // Whether it was still waiting is a matter of time; that it is answered is not.
    let answer = editor.told(|m| m["id"] == 901);
    assert!(answer.get("result").is_some() || answer["error"]["code"] == -32800);
    assert_eq!(editor.goodbye(), 0);
}

#[test]
fn leaving_without_shutdown_is_a_failure() {
    let mut editor = Editor::greeted(json!({}));
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.wait().unwrap().code(), Some(1));

    let mut editor = Editor::greeted(json!({}));
    drop(editor.input.take());
    assert_eq!(editor.server.wait().unwrap().code(), Some(1));
}

#[test]
fn findings_follow_an_edit_quickly() {
    let mut editor = Editor::greeted(json!({}));
    editor.open(FORM);
    editor.findings(1);
    let start = Instant::now();
    for version in 2..12 {
        let text = format!("# {version}\n{FORM}");
        editor.change(version, json!([{ "text": text }]));
        editor.findings(version);
    }
    // Generous: the tests run unoptimised beside others; `kohyo bench` measures.
    assert!(start.elapsed() < Duration::from_secs(20));
}
