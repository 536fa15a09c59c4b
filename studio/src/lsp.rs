//! The language server: what `kohyo_compiler::ide` answers, spoken in the protocol that editors
//! speak.
//!
//! ```text
//! bytes ─ wire ─► Message ─ Server::handle ─► Messages ─ wire ─► bytes
//!                              │ folder: files on disk with the open buffers over them
//!                              └ findings: what has to be compiled again, when nobody waits
//! ```
//!
//! Messages are handled one after the other in the order in which they came, so that an answer is
//! always about the text that was sent before the question. Findings are worked out only while no
//! message waits: however fast somebody types, the last text is compiled once. Nothing is written
//! to disk, nothing leaves the machine.

mod convert;
mod findings;
mod folder;
mod server;
mod wire;

use lsp_server::{ErrorCode, Message, Response};
use server::Server;
use std::collections::VecDeque;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use wire::Incoming;

/// Serves one editor until it says goodbye or hangs up; whether it said goodbye as agreed
/// (`shutdown`, then `exit`).
///
/// `forms` is the folder of definitions; if it is not given, it is looked for in and around the
/// folder that the editor has opened.
///
/// # Errors
/// The editor cannot be written to.
pub fn language_server(
    forms: Option<PathBuf>,
    input: impl BufRead + Send + 'static,
    mut output: impl Write,
) -> io::Result<bool> {
    let (sender, receiver) = channel();
    // Reading is its own thread only so that a look at what waits does not block. It ends with the
    // editor's end of the pipe, or with the process.
    std::thread::spawn(move || {
        let mut input = input;
        loop {
            let incoming = wire::read(&mut input).unwrap_or(Incoming::End);
            let last = matches!(incoming, Incoming::End);
            if sender.send(incoming).is_err() || last {
                return;
            }
        }
    });
    let mut server = Server::new(forms);
    let mut queue = Queue {
        waiting: VecDeque::new(),
        receiver,
        open: true,
    };
    loop {
        let idle = server.has_work();
        match queue.next(idle) {
            Next::Message(Incoming::Message(message)) => {
                if let Some(cancelled) = queue.cancelled(&message) {
                    wire::write(&mut output, &cancelled)?;
                    continue;
                }
                for answer in server.handle(message) {
                    wire::write(&mut output, &answer)?;
                }
                if let Some(agreed) = server.farewell() {
                    return Ok(agreed);
                }
            }
            Next::Message(Incoming::Malformed { code, reason }) => {
                wire::refuse(&mut output, code, &reason)?;
            }
            Next::Nothing => {
                for finding in server.work() {
                    wire::write(&mut output, &finding)?;
                }
            }
            Next::Message(Incoming::End) | Next::End => return Ok(false),
        }
    }
}

/// Messages that have arrived and not been handled.
struct Queue {
    waiting: VecDeque<Incoming>,
    receiver: Receiver<Incoming>,
    open: bool,
}

/// What comes next.
enum Next {
    Message(Incoming),
    /// Nothing waits.
    Nothing,
    /// Nothing will come any more.
    End,
}

impl Queue {
    /// The next message; if there is other work to do, only one that has arrived already.
    fn next(&mut self, other_work: bool) -> Next {
        loop {
            match self.receiver.try_recv() {
                Ok(incoming) => self.waiting.push_back(incoming),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.open = false;
                    break;
                }
            }
        }
        if let Some(incoming) = self.waiting.pop_front() {
            return Next::Message(incoming);
        }
        if !self.open {
            return Next::End;
        }
        if other_work {
            return Next::Nothing;
        }
        match self.receiver.recv() {
            Ok(incoming) => Next::Message(incoming),
            Err(_) => Next::End,
        }
    }

    /// The answer to a request that was taken back while it waited.
    fn cancelled(&self, message: &Message) -> Option<Message> {
        let Message::Request(request) = message else {
            return None;
        };
        let id = serde_json::to_value(&request.id).ok()?;
        let taken_back = self.waiting.iter().any(|incoming| match incoming {
            Incoming::Message(Message::Notification(n)) => {
                n.method == "$/cancelRequest" && n.params.get("id") == Some(&id)
            }
            _ => false,
        });
        taken_back.then(|| {
            let reason = "取り消されました".to_owned();
            let code = ErrorCode::RequestCanceled as i32;
            Message::Response(Response::new_err(request.id.clone(), code, reason))
        })
    }
}
