//! Which members and items of one instance some schema has spoken about.
//!
//! * **Source.** JSON Schema 2020-12 core, section 11 (`unevaluatedItems`,
//!   `unevaluatedProperties`).

/// What the schemas applied to one instance have evaluated.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Members or items, by their place; bits of 64.
    bits: Vec<u64>,
    /// All of them.
    all: bool,
    /// Some schema lists properties.
    pub(super) declares: bool,
    /// Some schema could not be decided, so that more may have been evaluated.
    pub(super) unsure: bool,
}

impl Seen {
    pub(super) fn mark(&mut self, place: usize) {
        let (word, bit) = (place / 64, place % 64);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        if let Some(word) = self.bits.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    pub(super) fn mark_all(&mut self) {
        self.all = true;
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.all || self.bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Takes over what a subschema that holds has evaluated.
    pub(super) fn merge(&mut self, other: &Self) {
        if self.bits.len() < other.bits.len() {
            self.bits.resize(other.bits.len(), 0);
        }
        for (mine, theirs) in self.bits.iter_mut().zip(&other.bits) {
            *mine |= theirs;
        }
        self.all |= other.all;
        self.declares |= other.declares;
        self.unsure |= other.unsure;
    }
}
