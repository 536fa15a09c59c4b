//! A vendor's program, run on one file: with an end, whatever it does.

use kohyo_compiler::kit::certify::{Answer, Trouble};
use kohyo_tool::reason;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// What a program may cost for one file.
#[derive(Clone, Copy)]
pub struct Limits {
    pub time: Duration,
    pub bytes: u64,
}

/// What stands for the file in the command.
const FILE: &str = "{file}";

/// The words of a command: separated by blanks, quoted with `"` or `'`. No shell is involved.
pub fn words(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quote.is_some() {
        return Err(format!("引用符が閉じていません: {command}"));
    }
    Ok(words)
}

/// Whether the command says where the file goes.
pub fn takes_a_file(words: &[String]) -> bool {
    words.iter().skip(1).any(|word| word.contains(FILE))
}

/// Starts a program; what it prints is read, what it says of itself is not.
pub fn start(words: &[String], stdin: Stdio) -> Result<Child, NotStarted> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(NotStarted("コマンドがありません".to_owned()));
    };
    let child = Command::new(program)
        .args(arguments)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    child.map_err(|error| NotStarted(format!("「{program}」を起動できません: {}", reason(&error))))
}

/// Why a program could not be started, for people.
#[derive(Debug)]
pub struct NotStarted(pub String);

/// Runs the program on a file and reads what it prints. Whatever its exit code, what it printed
/// counts; the code is told only if that cannot be read.
pub fn answered(
    words: &[String],
    file: &Path,
    limits: Limits,
) -> Result<Result<Answer, Trouble>, NotStarted> {
    let file = file.to_string_lossy();
    let arguments = words.iter().skip(1).map(|word| word.replace(FILE, &file));
    let words: Vec<String> = words
        .first()
        .cloned()
        .into_iter()
        .chain(arguments)
        .collect();
    let mut child = start(&words, Stdio::null())?;
    let printed = printed(&mut child, limits);
    if printed.is_err() {
        // It may have ended already; it must not go on.
        let _ = child.kill();
    }
    let status = ended(&mut child, limits.time);
    let answer = printed.and_then(|printed| {
        Answer::parse(&printed).map_err(|Trouble(what)| match status {
            Some(status) if !status.success() => Trouble(format!("{what}（{}）", told(status))),
            _ => Trouble(what),
        })
    });
    Ok(answer)
}

/// Everything it prints, in time and within the limit.
fn printed(child: &mut Child, limits: Limits) -> Result<Vec<u8>, Trouble> {
    let Some(stdout) = child.stdout.take() else {
        return Err(Trouble("出力を読めません".to_owned()));
    };
    let (send, receive) = channel();
    // A grandchild may hold the pipe open for ever: nobody waits for this thread.
    thread::spawn(move || {
        let mut printed = Vec::new();
        let read = stdout
            .take(limits.bytes.saturating_add(1))
            .read_to_end(&mut printed);
        // The receiver may have gone.
        let _ = send.send(read.map(|_| printed));
    });
    match receive.recv_timeout(limits.time) {
        Ok(Ok(printed)) if printed.len() as u64 > limits.bytes => Err(Trouble(format!(
            "出力が{}KBを超えたため打ち切りました",
            limits.bytes / 1024
        ))),
        Ok(Ok(printed)) => Ok(printed),
        Ok(Err(error)) => Err(Trouble(format!("出力を読めません: {}", reason(&error)))),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(Trouble(format!(
            "{}秒で終わらないため打ち切りました",
            limits.time.as_secs()
        ))),
    }
}

/// Waits for its end, and makes one if there is none.
fn ended(child: &mut Child, time: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if start.elapsed() < time => thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                return child.wait().ok();
            }
        }
    }
}

fn told(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("終了コード {code}"),
        None => "異常終了".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use super::*;

    #[test]
    fn commands_are_cut_at_blanks_outside_of_quotes() {
        assert_eq!(
            words("'my checker' --in=\"{file}\"  -v").unwrap(),
            ["my checker", "--in={file}", "-v"]
        );
        assert!(words("checker 'x").is_err());
        assert!(!takes_a_file(&words("checker").unwrap()));
        assert!(!takes_a_file(&words("{file}").unwrap()));
        assert!(takes_a_file(&words("checker {file}").unwrap()));
    }

    #[cfg(unix)]
    #[test]
    fn programs_that_hang_flood_or_fail_come_to_an_end() {
        let limits = Limits {
            time: Duration::from_millis(300),
            bytes: 2048,
        };
        let run = |script: &str| {
            let words = ["sh", "-c", script, "sh", "{file}"].map(str::to_owned);
            answered(&words, Path::new("x.xml"), limits).unwrap()
        };
        let answer = run("echo '{\"findings\":[]}'; exit 3").unwrap();
        assert_eq!(answer, Answer::default());
        let trouble = |script: &str| run(script).unwrap_err().0;
        assert!(trouble("sleep 60").contains("打ち切りました"));
        assert!(trouble("yes").contains("2KBを超えた"));
        assert!(trouble("echo no; exit 3").contains("終了コード 3"));
        assert!(trouble("exit 0").contains("何も出力しませんでした"));
        let words = ["no-such-program", "{file}"].map(str::to_owned);
        let missing = answered(&words, Path::new("x"), limits).unwrap_err().0;
        assert_eq!(
            missing,
            "「no-such-program」を起動できません: 見つかりません（OSエラー 2）"
        );
    }
}
