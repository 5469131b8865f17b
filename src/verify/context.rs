//! What every check is given.

use crate::openapi::Walk;

use super::{Options, schemas::Schemas};

/// One description, walked.
pub(super) struct Context<'c, 'd> {
    /// The walk and its index.
    pub(super) walk: &'c Walk<'d>,
    /// The references between schemas.
    pub(super) schemas: Schemas<'c, 'd>,
    /// Formats that the parties have agreed on beside the registered ones.
    pub(super) formats: &'c [String],
    /// How many steps the comparison of all paths with each other may take.
    pub(super) path_steps: usize,
}

impl<'c, 'd> Context<'c, 'd> {
    pub(super) fn new(walk: &'c Walk<'d>, options: &Options<'c>) -> Self {
        let Options { formats, path_steps, .. } = *options;
        Self { walk, schemas: Schemas::new(walk), formats, path_steps }
    }
}
