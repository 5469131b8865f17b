//! Every test of the project but the unit tests, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::panic,
    reason = "a test fails by panicking, and says on the way what it skips"
)]

mod agent;
mod boundary;
mod briefs;
mod charter;
mod ci;
mod cli;
mod config;
mod document;
mod files;
mod fixes;
mod fixtures;
mod formats;
mod gate;
mod git;
mod hook;
mod html;
mod judged;
mod laws;
mod licences;
mod lsp;
mod negotiation;
#[cfg(feature = "http")]
mod network;
mod oai;
mod options;
mod oracle;
mod ownership;
mod pages;
mod past;
mod program;
mod protocol_laws;
mod repair;
mod repair_laws;
mod report;
mod report_laws;
mod resume;
mod rules;
mod schema;
mod seats;
mod shared;
mod subset;
mod tidy;
mod walk;
