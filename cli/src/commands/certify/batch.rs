//! A vendor's program that is started once and asked for one file after the other: the path of a
//! file goes in as a line, what it says of it comes back as a line.

use super::child::{Limits, NotStarted, start};
use kohyo_compiler::kit::certify::{Answer, Trouble};
use kohyo_tool::reason;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;

/// A program that runs, or will be started when it is asked again.
#[derive(Default)]
pub struct Batch {
    running: Option<Running>,
}

struct Running {
    child: Child,
    questions: ChildStdin,
    answers: Receiver<Result<Vec<u8>, Trouble>>,
}

impl Batch {
    /// What the program says of a file. One that does not answer in time, or otherwise than in a
    /// line that can be read, is ended; the next file is asked of a new one.
    pub fn answered(
        &mut self,
        words: &[String],
        file: &Path,
        limits: Limits,
    ) -> Result<Result<Answer, Trouble>, NotStarted> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => Running::start(words, limits)?,
        };
        let said = running.ask(file, limits);
        let answer = said.and_then(|line| Answer::parse(&line));
        // After trouble nobody knows which file the next line would be about.
        if answer.is_ok() {
            self.running = Some(running);
        }
        Ok(answer)
    }
}

impl Running {
    fn start(words: &[String], limits: Limits) -> Result<Self, NotStarted> {
        let mut child = start(words, Stdio::piped())?;
        let (Some(questions), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(NotStarted("入出力をつなげません".to_owned()));
        };
        Ok(Self {
            child,
            questions,
            answers: lines(stdout, limits),
        })
    }

    fn ask(&mut self, file: &Path, limits: Limits) -> Result<Vec<u8>, Trouble> {
        // Taken for the answer, it would have every later answer be about the file before.
        if self.answers.try_recv().is_ok() {
            return Err(Trouble("尋ねる前に出力がありました".to_owned()));
        }
        let question = format!("{}\n", file.display());
        let asked = self.questions.write_all(question.as_bytes());
        let asked = asked.and_then(|()| self.questions.flush());
        asked.map_err(|error| {
            let why = reason(&error);
            Trouble(format!("記録の場所を渡せません（終わっています）: {why}"))
        })?;
        match self.answers.recv_timeout(limits.time) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => Err(Trouble(format!(
                "{}秒で1行の答えがないため打ち切りました",
                limits.time.as_secs()
            ))),
            Err(RecvTimeoutError::Disconnected) => Err(Trouble("答えずに終わりました".to_owned())),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Its lines, one by one; ends with what is too long.
fn lines(stdout: ChildStdout, limits: Limits) -> Receiver<Result<Vec<u8>, Trouble>> {
    let (send, receive) = sync_channel(1);
    // A program that says more than it was asked waits here for its next question, or for its end.
    thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        loop {
            let mut line = Vec::new();
            let mut limited = stdout.by_ref().take(limits.bytes.saturating_add(1));
            let read = limited.read_until(b'\n', &mut line);
            let said = match read {
                Ok(0) => return,
                Ok(_) if line.len() as u64 > limits.bytes => Err(Trouble(format!(
                    "出力が{}KBを超えたため打ち切りました",
                    limits.bytes / 1024
                ))),
                Ok(_) => Ok(line),
                Err(error) => Err(Trouble(format!("出力を読めません: {}", reason(&error)))),
            };
            let last = said.is_err();
            if send.send(said).is_err() || last {
                return;
            }
        }
    });
    receive
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use super::*;
    use std::time::Duration;

    #[test]
    fn one_program_is_asked_again_and_again_and_begun_anew_after_trouble() {
        let limits = Limits {
            time: Duration::from_secs(5),
            bytes: 2048,
        };
        // Says how many it was asked, as the name of a check; hangs, ends or floods when told to.
        let script = "n=0; while read file; do n=$((n+1)); case $file in \
                      end*) exit 3;; flood*) yes | head -c 9000 | tr -d '\\n'; echo;; \
                      *) echo \"{\\\"findings\\\":[{\\\"check\\\":\\\"$n\\\"}]}\";; esac; done";
        let words = ["sh", "-c", script].map(str::to_owned);
        let mut batch = Batch::default();
        let mut ask = |file: &str| batch.answered(&words, Path::new(file), limits).unwrap();
        let count = |answer: Result<Answer, Trouble>| answer.unwrap().findings[0].check.clone();
        assert_eq!(count(ask("a.xml")), "1");
        assert_eq!(count(ask("b.xml")), "2");
        assert_eq!(ask("end.xml").unwrap_err().0, "答えずに終わりました");
        assert_eq!(count(ask("c.xml")), "1");
        assert!(ask("flood.xml").unwrap_err().0.contains("2KBを超えた"));
        assert_eq!(count(ask("d.xml")), "1");
    }

    #[test]
    fn what_is_said_without_being_asked_moves_no_answer_to_another_file() {
        let limits = Limits {
            time: Duration::from_secs(5),
            bytes: 2048,
        };
        // Answers with the name of the file, as the name of a check.
        let answers = |first: &str, after: &str| {
            let said = r#"echo "{\"findings\":[{\"check\":\"$file\"}]}""#;
            let script = format!("{first} while read file; do {said}; {after} done");
            let words = ["sh", "-c", &script].map(str::to_owned);
            let mut batch = Batch::default();
            ["a.xml", "b.xml", "c.xml"].map(|file| {
                let answer = batch.answered(&words, Path::new(file), limits).unwrap();
                answer.ok().map(|answer| answer.findings[0].check == file)
            })
        };
        assert_eq!(answers("", ""), [Some(true); 3]);
        assert_eq!(answers("echo ready;", ""), [None; 3]);
        assert_eq!(answers("echo;", ""), [None; 3]);
        let with_a_blank_line_after_each = answers("", "echo;");
        assert_eq!(with_a_blank_line_after_each, [Some(true), None, Some(true)]);
    }

    #[test]
    fn a_program_that_waits_for_the_end_of_its_questions_is_not_waited_for() {
        let limits = Limits {
            time: Duration::from_millis(300),
            bytes: 2048,
        };
        let words = ["sh", "-c", "cat > /dev/null"].map(str::to_owned);
        let said = Batch::default().answered(&words, Path::new("a.xml"), limits);
        assert!(said.unwrap().unwrap_err().0.contains("1行の答えがない"));
    }
}
