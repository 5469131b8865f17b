//! How each document of a description is reached from the entry.

use std::collections::VecDeque;

use crate::{
    document::NodeRef,
    openapi::{Target, Walk},
};

/// How many references a chain shows.
const CHAIN_MAX: usize = 8;

/// The first reference that leads to each document but the entry.
#[derive(Debug, Default)]
pub(super) struct Reached<'d> {
    by: Vec<Option<NodeRef<'d>>>,
}

impl<'d> Reached<'d> {
    /// Goes from document to document, along the references in their order.
    pub(super) fn of(walk: &Walk<'d>) -> Self {
        let description = walk.description();
        let count = description.documents().len();
        if count < 2 {
            return Self::default();
        }
        let mut links: Vec<Vec<(usize, NodeRef<'d>)>> = vec![Vec::new(); count];
        for reference in walk.references() {
            let Target::Node(target) = reference.target else { continue };
            let (from, to) = (description.slot(reference.value), description.slot(target));
            if let Some(links) = links.get_mut(from).filter(|_| from != to) {
                links.push((to, reference.value));
            }
        }
        let mut by = vec![None; count];
        let mut open = VecDeque::from([0]);
        while let Some(from) = open.pop_front() {
            for (to, value) in links.get(from).into_iter().flatten() {
                if let Some(first) = by.get_mut(*to).filter(|it| it.is_none() && *to > 0) {
                    *first = Some(*value);
                    open.push_back(*to);
                }
            }
        }
        Self { by }
    }

    /// The references that lead to a document, the last first.
    pub(super) fn chain(
        &self,
        slot: usize,
        slot_of: impl Fn(NodeRef<'d>) -> usize,
    ) -> Vec<NodeRef<'d>> {
        let mut chain = Vec::new();
        let mut slot = slot;
        while let Some(value) = self.by.get(slot).copied().flatten() {
            if chain.len() == CHAIN_MAX {
                break;
            }
            chain.push(value);
            slot = slot_of(value);
        }
        chain
    }
}
