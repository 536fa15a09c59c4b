//! Passwords: argon2id, off the async threads, a few at a time, at the same cost whether an account
//! exists or not.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Each password takes 19 MiB and a core, and anybody can ask for one: so many are worked on at a
/// time, the others wait.
static TURNS: Semaphore = Semaphore::const_new(4);

/// Does such work when its turn has come; nothing if it panics.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let turn = TURNS.acquire().await.ok()?;
    let done = tokio::task::spawn_blocking(move || {
        // The turn ends with the work, also where nobody waits for it any more.
        let _turn = turn;
        work()
    });
    done.await.ok()
}

/// Hash of a password as a PHC string with its own salt.
pub(crate) async fn hash(password: String) -> Option<String> {
    in_turn(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .ok()
            .map(|hash| hash.to_string())
    })
    .await
    .flatten()
}

/// Whether a password fits a stored hash; with none, as much work is done and the answer is no.
pub(crate) async fn fits(password: String, stored: Option<String>) -> bool {
    in_turn(move || {
        let Some(stored) = stored else {
            let _ = Argon2::default().hash_password(password.as_bytes());
            return false;
        };
        PasswordHash::new(&stored).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    })
    .await
    .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let stored = hash("correct horse battery".into()).await;
        assert!(stored.as_deref().unwrap().starts_with("$argon2id$"));
        assert!(fits("correct horse battery".into(), stored.clone()).await);
        assert!(!fits("correct horse batterY".into(), stored).await);
        assert!(!fits("anything".into(), None).await);
    }

    #[tokio::test]
    async fn only_a_few_are_worked_on_at_a_time() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        let one = || {
            tokio::spawn(in_turn(|| {
                let beside = NOW.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(20));
                NOW.fetch_sub(1, Ordering::SeqCst);
                beside
            }))
        };
        let all: Vec<_> = (0..16).map(|_| one()).collect();
        for one in all {
            assert!(one.await.unwrap().unwrap() < 4);
        }
    }
}
