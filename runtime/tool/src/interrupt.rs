//! The system asks the program to stop → what is unfinished is removed.

/// Waits until the system asks the program to stop (Ctrl+C, the end of the session, a shutdown);
/// gives the exit code that is usual for it.
pub async fn interrupted() -> u8 {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        async fn one(kind: SignalKind) {
            match signal(kind) {
                Ok(mut asked) => drop(asked.recv().await),
                Err(_) => std::future::pending().await,
            }
        }
        let hangup = async {
            match ignores_hangup() {
                true => std::future::pending().await,
                false => one(SignalKind::hangup()).await,
            }
        };
        tokio::select! {
            () = one(SignalKind::interrupt()) => 130,
            () = one(SignalKind::terminate()) => 143,
            () = hangup => 129,
        }
    }
    #[cfg(not(unix))]
    {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        130
    }
}

/// Whether somebody wants the program to go on without its terminal (`nohup`), where the system tells.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // SIGHUP is the first signal.
    mask.is_some_and(|mask| mask & 1 == 1)
}
