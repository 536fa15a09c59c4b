#![allow(clippy::all, clippy::unwrap_used, clippy::print_stdout, missing_docs)]
fn main() {
    let mut files = kohyo_compiler::Files::new();
    fn go(root: &std::path::Path, p: &std::path::Path, f: &mut kohyo_compiler::Files) {
        for e in std::fs::read_dir(p).unwrap() {
            let e = e.unwrap().path();
            if e.is_dir() {
                go(root, &e, f)
            } else if e.extension().is_some_and(|x| x == "kohyo") {
                f.insert(
                    e.strip_prefix(root).unwrap().to_str().unwrap(),
                    std::fs::read_to_string(&e).unwrap(),
                );
            }
        }
    }
    let root = std::path::Path::new("forms");
    go(root, root, &mut files);
    for (p, _) in files.definitions() {
        let c = kohyo_compiler::compile(&files, p);
        println!(
            "{p}: program {} diags {}",
            c.program.is_some(),
            c.diagnostics.len()
        );
        for d in &c.diagnostics {
            if d.file == p {
                let t = files.get(&d.file).unwrap_or("");
                let lc = kohyo_dsl::LineIndex::new(t).line_column(t, d.span.start);
                println!(
                    "   {}:{} {} {} [{}] {:?}",
                    lc.line,
                    lc.column,
                    d.code,
                    d.message,
                    d.span.of(t),
                    d.help
                );
            }
        }
    }
}
