//! Passwords: argon2id, off the async threads, at the same cost whether an account exists or not.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Hash of a password as a PHC string with its own salt.
pub(crate) async fn hash(password: String) -> Option<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .ok()
            .map(|hash| hash.to_string())
    })
    .await
    .ok()
    .flatten()
}

/// Whether a password fits a stored hash; with none, as much work is done and the answer is no.
pub(crate) async fn fits(password: String, stored: Option<String>) -> bool {
    tokio::task::spawn_blocking(move || {
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

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let stored = hash("correct horse battery".into()).await;
        assert!(stored.as_deref().unwrap().starts_with("$argon2id$"));
        assert!(fits("correct horse battery".into(), stored.clone()).await);
        assert!(!fits("correct horse batterY".into(), stored).await);
        assert!(!fits("anything".into(), None).await);
    }
}
