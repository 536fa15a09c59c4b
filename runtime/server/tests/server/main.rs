//! The server through its router, on SQLite and on PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test a panic is the report"
)]

mod support;
#[path = "../../../pages/tests/support/sample.rs"]
mod sample;

mod records;
mod renewals;
mod editions;
mod high_cost;
mod pages;
mod access;
mod at_rest;
mod imports;
mod portal;
