//! How much of a text is read before the parser says that it is too much.

/// Budgets of one document.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: usize,
    /// How deep collections nest.
    pub depth: usize,
    /// How many nodes a document has, each alias counted with all that it stands for.
    pub nodes: u64,
    /// How many faults of syntax are kept before the rest of the file is given up.
    pub syntax_faults: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 100_000_000, depth: 255, nodes: 10_000_000, syntax_faults: 20 }
    }
}
