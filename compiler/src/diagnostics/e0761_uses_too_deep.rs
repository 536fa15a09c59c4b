//! Modules that use modules that use modules, too far down.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span, in_sample};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0761",
    severity: Severity::Error,
    title: "use の連なりが長すぎる",
    explanation: "モジュールがモジュールを使う連なりは 64 段までです。
どの病気の定義にどの項目が入るのか、読む人が追えなくなります。",
    wrong: Example::MadeFolder {
        told: "70 個のモジュールが、次々に次のモジュールを使う",
        files: chain,
    },
    right: Example::Items("criterion c0 \"甲\" = tremor is present\n"),
};

pub(crate) fn uses_too_deep(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "use の連なりが長すぎます（64 段まで）")
        .help("使うモジュールを、もっと上のファイルから直接 use してください")
}

fn chain() -> Vec<(String, String)> {
    let mut files = vec![("form.kohyo".to_owned(), in_sample("use m0\n"))];
    for n in 0..70 {
        let next = if n < 69 {
            format!("use m{}\n", n + 1)
        } else {
            String::new()
        };
        files.push((
            format!("m{n}.kohyo"),
            format!("module m{n} \"甲\" {{ }}\n{next}"),
        ));
    }
    files
}
