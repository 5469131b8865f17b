//! The segments of all paths as a tree, to find those that match the same requests.

use std::collections::BTreeMap;

use super::segment::Segment;

/// Paths by their segments.
#[derive(Debug, Default)]
pub(super) struct Tree<'d> {
    literals: BTreeMap<&'d str, Tree<'d>>,
    templates: Option<Box<Tree<'d>>>,
    /// By their shapes.
    mixed: BTreeMap<String, (Segment<'d>, Tree<'d>)>,
    routes: Vec<usize>,
}

impl<'d> Tree<'d> {
    pub(super) fn insert(&mut self, segments: &[Segment<'d>], route: usize) {
        let mut tree = self;
        for segment in segments {
            tree = match *segment {
                Segment::Literal(text) => tree.literals.entry(text).or_default(),
                Segment::Template(_) => tree.templates.get_or_insert_default(),
                Segment::Mixed(_) => {
                    let new = || (*segment, Self::default());
                    &mut tree.mixed.entry(segment.shape()).or_insert_with(new).1
                }
            };
        }
        tree.routes.push(route);
    }

    /// The routes with as many segments, each of which may have a text in common with this path's.
    /// Nothing where that takes more than `steps`.
    pub(super) fn candidates(
        &self,
        segments: &[Segment<'d>],
        steps: &mut usize,
    ) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        let mut level: Vec<&Self> = vec![self];
        for segment in segments {
            let mut next = Vec::new();
            for tree in level {
                tree.step(*segment, &mut next, steps)?;
            }
            level = next;
        }
        for tree in level {
            found.extend(&tree.routes);
        }
        found.sort_unstable();
        Some(found)
    }

    fn step<'t>(
        &'t self,
        segment: Segment<'d>,
        next: &mut Vec<&'t Self>,
        steps: &mut usize,
    ) -> Option<()> {
        let literals: &mut dyn Iterator<Item = &'t Self> = match segment {
            Segment::Literal(text) => &mut self.literals.get(text).into_iter(),
            Segment::Template(_) => {
                &mut self.literals.iter().filter(|(text, _)| !text.is_empty()).map(|(_, it)| it)
            }
            Segment::Mixed(_) => &mut self
                .literals
                .iter()
                .filter(|(text, _)| segment.may_meet(Segment::Literal(text)))
                .map(|(_, tree)| tree),
        };
        for tree in literals {
            *steps = steps.checked_sub(1)?;
            next.push(tree);
        }
        if segment != Segment::Literal("") {
            next.extend(self.templates.as_deref());
        }
        for (other, tree) in self.mixed.values() {
            *steps = steps.checked_sub(1)?;
            if segment.may_meet(*other) {
                next.push(tree);
            }
        }
        *steps = steps.checked_sub(1)?;
        Some(())
    }
}
