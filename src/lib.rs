//! `treaty`: two organizations' agents negotiate an OpenAPI contract through a verifier.

pub mod cli;
pub mod document;
pub mod finding;
pub mod openapi;
pub mod report;
pub mod ruleset;
pub mod schema;
pub mod verify;
