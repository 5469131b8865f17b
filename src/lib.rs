//! `treaty`: two organizations' agents negotiate an OpenAPI contract through a verifier.

pub mod boundary;
pub mod charter;
pub mod cli;
pub mod document;
#[cfg(feature = "http")]
pub mod fetch;
pub mod finding;
pub mod gate;
pub mod git;
#[cfg(feature = "http")]
pub mod https;
pub mod negotiate;
pub mod openapi;
pub mod report;
pub mod ruleset;
pub mod schema;
pub mod seat;
pub mod serve;
pub mod verify;
