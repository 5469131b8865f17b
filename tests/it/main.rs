//! Every test of the project but the unit tests, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says on the way what it skips"
)]

mod document;
mod negotiation;
mod oai;
mod protocol_laws;
mod resume;
mod schema;
mod shared;
