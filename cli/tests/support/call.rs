//! A call of the command as a snapshot shows it.

use std::path::Path;
use std::process::Command;

/// The call in this folder, what it prints on both outputs, and its exit code; no variable of the
/// machine has a say.
pub fn kohyo(folder: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kohyo"))
        .args(args)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("KOHYO_FORMS")
        .env_remove("KOHYO_KEYS")
        .env_remove("KOHYO_TEXTS")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    format!(
        "$ kohyo {}\n{}{}（終了コード {}）\n",
        args.join(" "),
        text(output.stdout),
        text(output.stderr),
        output.status.code().unwrap()
    )
}
