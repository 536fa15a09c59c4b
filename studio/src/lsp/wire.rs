//! Messages as bytes: a header with the length, then JSON.
//!
//! The reader of `lsp-server` ends at the first malformed message; this one says what is wrong and
//! reads on, and does not believe any length.

use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};

/// No message of an editor comes near it.
const LARGEST: usize = 64 * 1024 * 1024;

/// Header lines are far shorter.
const LONGEST_LINE: u64 = 4096;

/// What arrived.
#[derive(Debug)]
pub(super) enum Incoming {
    Message(Message),
    /// Something that is no message.
    Malformed {
        code: ErrorCode,
        reason: String,
    },
    /// The other side hung up.
    End,
}

/// Reads one message.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Incoming> {
    let mut length = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = input
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if count == 0 {
            return Ok(Incoming::End);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() {
            match length {
                Some(_) => break,
                // Blank lines between messages do no harm.
                None => continue,
            }
        }
        match text.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("content-length") => {
                match value.trim().parse::<usize>() {
                    Ok(value) if value <= LARGEST => length = Some(value),
                    _ => return Ok(malformed("Content-Length が正しくありません")),
                }
            }
            Some(_) => {}
            None => return Ok(malformed("見出し行が正しくありません")),
        }
    }
    let mut body = vec![0; length.unwrap_or(0)];
    if input.read_exact(&mut body).is_err() {
        return Ok(Incoming::End);
    }
    Ok(parse(&body))
}

fn parse(body: &[u8]) -> Incoming {
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(_) => return malformed("JSONとして読めません"),
    };
    match serde_json::from_value(value) {
        Ok(message) => Incoming::Message(message),
        Err(_) => Incoming::Malformed {
            code: ErrorCode::InvalidRequest,
            reason: "要求でも通知でも応答でもありません".to_owned(),
        },
    }
}

fn malformed(reason: &str) -> Incoming {
    Incoming::Malformed {
        code: ErrorCode::ParseError,
        reason: reason.to_owned(),
    }
}

/// Writes one message.
pub(super) fn write(output: &mut impl Write, message: &Message) -> io::Result<()> {
    message.write(output)
}

/// Answers something that was no message.
pub(super) fn refuse(output: &mut impl Write, code: ErrorCode, reason: &str) -> io::Result<()> {
    let answer = json!({
        "jsonrpc": "2.0",
        "id": null,
        "error": { "code": code as i32, "message": reason },
    })
    .to_string();
    write!(output, "Content-Length: {}\r\n\r\n{answer}", answer.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> Vec<String> {
        let mut input = bytes;
        let mut found = Vec::new();
        loop {
            match read(&mut input).unwrap() {
                Incoming::Message(Message::Request(r)) => found.push(format!("要求 {}", r.method)),
                Incoming::Message(Message::Notification(n)) => {
                    found.push(format!("通知 {}", n.method));
                }
                Incoming::Message(Message::Response(_)) => found.push("応答".to_owned()),
                Incoming::Malformed { code, reason } => {
                    found.push(format!("{} {reason}", code as i32));
                }
                Incoming::End => return found,
            }
        }
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_no_message_is_refused_and_the_next_is_read() {
        let text = framed("{")
            + framed("[1]").as_str()
            + "あ\r\n"
            + "Content-Length: 99999999999999\r\n\r\n"
            + "\r\n"
            + framed(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#).as_str()
            + "content-length:33\r\nX: y\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}"
            + "Content-Length: 9\r\n\r\n{";
        assert_eq!(
            check(text.as_bytes()),
            [
                "-32700 JSONとして読めません",
                "-32600 要求でも通知でも応答でもありません",
                "-32700 見出し行が正しくありません",
                "-32700 Content-Length が正しくありません",
                "要求 shutdown",
                "通知 exit",
            ]
        );
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm() {
        assert_eq!(
            check(b"Content-Length: 2\r\n\r\n\xff\xfe"),
            ["-32700 JSONとして読めません"]
        );
        assert_eq!(check(&[0xff; 5000]).len(), 2);
    }
}
