//! One step after the other until the platform has dealt with the file. After any trouble that may
//! pass, the first step is taken again: the platform knows how far it had come.

use super::parcel::Parcel;
use super::status::{State, Status};
use super::web::{Answer, Trouble, Web};
use crate::disk::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::thread::sleep;
use std::time::Duration;

/// So many bytes go in a request.
const PIECE: u64 = 1024 * 1024;
/// How often it is tried again without getting any further; the waits double from a second.
const PATIENCE: u32 = 5;
/// Between two questions how far the platform has come.
const PAUSE: Duration = Duration::from_secs(1);

/// Sends a file and waits until it is done or refused.
///
/// # Errors
/// No connection from the beginning or for long, or a request that is refused.
pub fn send(web: &Web, parcel: &mut Parcel, mode: &str) -> Result<Status, Failure> {
    let bar = progress_bar(parcel);
    let mut status = None;
    let mut reached = None;
    let mut tries = 0;
    loop {
        let trouble = match step(web, parcel, mode, status.take())? {
            Ok(next) => {
                tell(&bar, &next);
                if matches!(next.state, State::Done | State::Refused) {
                    bar.finish_and_clear();
                    return Ok(next);
                }
                let now = Some((next.state, next.offset));
                if now != reached {
                    (reached, tries) = (now, 0);
                }
                status = Some(next);
                continue;
            }
            Err(trouble) => trouble,
        };
        // Without any answer yet, the address is wrong more likely than the connection broken.
        if reached.is_none() || tries >= PATIENCE || !trouble.may_pass() {
            bar.finish_and_clear();
            return Err(trouble.into());
        }
        bar.set_message("つなぎ直しています");
        sleep(Duration::from_secs(1 << tries));
        tries += 1;
    }
}

/// The step that follows: announce, send a piece, finish, or wait.
fn step(
    web: &Web,
    parcel: &mut Parcel,
    mode: &str,
    status: Option<Status>,
) -> Result<Result<Status, Trouble>, Failure> {
    let answer = match status {
        Some(status) if status.state == State::Queued => {
            sleep(PAUSE);
            web.get(&format!("/imports/{}", status.id))
        }
        Some(status) if status.state == State::Receiving && status.offset < parcel.size => {
            let piece = parcel.piece(status.offset, PIECE)?;
            let sent = web.patch(&format!("/imports/{}", status.id), status.offset, &piece);
            return Ok(sent.map(|answer| Status {
                offset: answer.offset.unwrap_or(status.offset),
                ..status
            }));
        }
        Some(status) if status.state == State::Receiving => {
            web.post(&format!("/imports/{}/finish", status.id), "")
        }
        _ => web.post("/imports", &announcement(parcel, mode)),
    };
    Ok(answer.and_then(|Answer { body, .. }| Status::parse(&body).ok_or(Trouble::Stranger(200))))
}

fn announcement(parcel: &Parcel, mode: &str) -> String {
    json!({
        "sha256": parcel.sha256,
        "size": parcel.size,
        "mode": mode,
        "name": parcel.name,
    })
    .to_string()
}

fn progress_bar(parcel: &Parcel) -> ProgressBar {
    let bar = ProgressBar::new(parcel.size);
    // A wrong template would be a mistake of ours; the plain bar is good enough then.
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {bytes}/{total_bytes}  {msg}") {
        bar.set_style(style);
    }
    bar
}

fn tell(bar: &ProgressBar, status: &Status) {
    bar.set_position(status.offset);
    bar.set_message(match &status.progress {
        Some(progress) if progress.of > 0 => {
            format!("{} {}/{} 件", progress.label, progress.records, progress.of)
        }
        Some(progress) => progress.label.clone(),
        None => "送信中".to_owned(),
    });
}
