//! OpenAPI over the tree: what every object may hold, where references lead, and the one walk.

pub mod tables;
mod version;

pub use tables::Kind;
pub use version::{Version, Versions};
