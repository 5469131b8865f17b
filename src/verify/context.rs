//! What every check is given.

use crate::openapi::Walk;

use super::schemas::Schemas;

/// One description, walked.
pub(super) struct Context<'c, 'd> {
    /// The walk and its index.
    pub(super) walk: &'c Walk<'d>,
    /// The references between schemas.
    pub(super) schemas: Schemas<'c, 'd>,
    /// Formats that the parties have agreed on beside the registered ones.
    pub(super) formats: &'c [String],
}

impl<'c, 'd> Context<'c, 'd> {
    pub(super) fn new(walk: &'c Walk<'d>, formats: &'c [String]) -> Self {
        Self { walk, schemas: Schemas::new(walk), formats }
    }
}
