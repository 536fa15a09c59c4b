//! What the suites share: a server with a real database, and those who talk to it.

mod server;
mod postgres;
mod answer;
mod browser;
mod sender;
mod disk;

pub use answer::{Answer, ask};
pub use browser::{Browser, COMPLETE, NEW, Page, complete_but};
pub use disk::assert_nowhere;
pub use sender::{Sender, hash};
pub use server::{START, Server, demo_samples};

/// Runs each promise on both databases.
macro_rules! on_both {
    ($(async fn $name:ident($server:ident: Server) $body:block)*) => {
        $(async fn $name($server: Server) $body)*

        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Server::on_sqlite().await).await;
            })*
        }

        mod postgresql {
            $(#[tokio::test]
            async fn $name() {
                if let Some(server) = super::Server::on_postgresql().await {
                    super::$name(server).await;
                }
            })*
        }
    };
}
pub(crate) use on_both;
