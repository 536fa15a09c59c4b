//! What the engine says, seen from outside: programs are built by [`build`], answers are written
//! values, expectations are outcomes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "inside tests a panic is the report"
)]

mod build;

mod conditions;
mod numbers;
mod dates;
mod exactness;
mod brute_force;
mod missing;
mod what_if;
mod findings;
mod explanation;
mod intake;
mod page;
mod wire;
mod editions;
mod malformed;
