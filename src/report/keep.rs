//! What a report keeps of the documents beside the findings: nothing that no format shows.

use super::Format;

/// What is kept of the documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// The lines around each finding, for [`Format::Pretty`].
    pub(super) excerpts: bool,
    /// The text, or the lines around the findings, for [`Format::Html`].
    pub(super) sheets: bool,
    /// The object around each cause, for [`Format::Agent`].
    pub(super) objects: bool,
}

impl Keep {
    /// What the given formats show.
    pub fn of(formats: impl IntoIterator<Item = Format>) -> Self {
        let mut keep = Self::default();
        for format in formats {
            match format {
                Format::Pretty => keep.excerpts = true,
                Format::Html => keep.sheets = true,
                Format::Agent => keep.objects = true,
                _ => {}
            }
        }
        keep
    }
}
