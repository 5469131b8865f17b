//! What the walk knows of each node: the kind it was visited as, and from which directions.

use rustc_hash::FxHashMap;

use crate::{
    document::NodeId,
    openapi::{description::Description, tables::Kind},
};

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// With the request.
    Request,
    /// With the response.
    Response,
}

/// A set of directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Directions(u8);

impl Directions {
    /// Neither.
    pub const NONE: Self = Self(0);
    /// Requests alone.
    pub const REQUEST: Self = Self(1);
    /// Responses alone.
    pub const RESPONSE: Self = Self(2);

    /// Whether `direction` is in the set.
    pub fn contains(self, direction: Direction) -> bool {
        let bit = match direction {
            Direction::Request => 1,
            Direction::Response => 2,
        };
        self.0 & bit != 0
    }

    /// The only direction, where there is exactly one.
    pub fn only(self) -> Option<Direction> {
        match self {
            Self::REQUEST => Some(Direction::Request),
            Self::RESPONSE => Some(Direction::Response),
            _ => None,
        }
    }

    /// The directions inside an object of a kind that is reached from `self`.
    pub(super) fn inside(self, kind: Kind) -> Self {
        match kind {
            Kind::RequestBody | Kind::Parameter => Self::REQUEST,
            Kind::Response => Self::RESPONSE,
            Kind::Operation | Kind::PathItem | Kind::Callback | Kind::Link => Self::NONE,
            _ => self,
        }
    }
}

/// How a node was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entered {
    /// For the first time as this kind.
    First,
    /// From a direction that had not reached it yet.
    Farther,
    /// With nothing new.
    Known,
}

#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    /// The kind's number and one; 0 for none.
    kind: u8,
    /// Of a Reference Object, the kind that it stands for.
    stands_for: u8,
    directions: u8,
}

/// One mark for each node of each document.
#[derive(Debug)]
pub(super) struct Marks {
    marks: Vec<Vec<Mark>>,
    /// A node that an alias or a reference uses as a second kind.
    more: FxHashMap<(usize, NodeId, Kind), u8>,
}

impl Marks {
    pub(super) fn new(description: &Description) -> Self {
        let documents = description.documents().iter();
        let marks = documents.map(|it| vec![Mark::default(); it.node_count()]).collect();
        Self { marks, more: FxHashMap::default() }
    }

    pub(super) fn enter(
        &mut self,
        slot: usize,
        id: NodeId,
        kind: Kind,
        directions: Directions,
    ) -> Entered {
        let number = number(kind);
        let Some(mark) = self.marks.get_mut(slot).and_then(|it| it.get_mut(id.index())) else {
            return Entered::Known;
        };
        let known = if mark.kind == 0 {
            *mark = Mark { kind: number, stands_for: 0, directions: directions.0 };
            return Entered::First;
        } else if mark.kind == number {
            &mut mark.directions
        } else {
            match self.more.entry((slot, id, kind)) {
                std::collections::hash_map::Entry::Vacant(vacant) => {
                    vacant.insert(directions.0);
                    return Entered::First;
                }
                std::collections::hash_map::Entry::Occupied(occupied) => occupied.into_mut(),
            }
        };
        if *known | directions.0 == *known {
            return Entered::Known;
        }
        *known |= directions.0;
        Entered::Farther
    }

    /// Says what a Reference Object stands for.
    pub(super) fn stands_for(&mut self, slot: usize, id: NodeId, kind: Kind) {
        if let Some(mark) = self.marks.get_mut(slot).and_then(|it| it.get_mut(id.index())) {
            mark.stands_for = number(kind);
        }
    }

    fn mark(&self, slot: usize, id: NodeId) -> Mark {
        let marks = self.marks.get(slot);
        marks.and_then(|marks| marks.get(id.index())).copied().unwrap_or_default()
    }

    /// The kind that a node was first visited as; of a Reference Object, what it stands for.
    pub(super) fn used_as(&self, slot: usize, id: NodeId) -> Option<Kind> {
        let mark = self.mark(slot, id);
        let kind = from_number(mark.kind)?;
        from_number(mark.stands_for).or(Some(kind))
    }

    /// Whether a node was visited as a Reference Object.
    pub(super) fn is_reference(&self, slot: usize, id: NodeId) -> bool {
        self.mark(slot, id).kind == number(Kind::Reference)
    }

    pub(super) fn directions(&self, slot: usize, id: NodeId, kind: Kind) -> Directions {
        let mark = self.mark(slot, id);
        if mark.kind == number(kind) {
            return Directions(mark.directions);
        }
        Directions(self.more.get(&(slot, id, kind)).copied().unwrap_or_default())
    }
}

fn number(kind: Kind) -> u8 {
    kind as u8 + 1
}

fn from_number(number: u8) -> Option<Kind> {
    Kind::ALL.get(usize::from(number.checked_sub(1)?)).copied()
}
