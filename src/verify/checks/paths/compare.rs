//! Whether one request matches two paths of which neither comes first.

use crate::openapi::{Operation, PathEntry, Walk};

use super::{
    Route,
    segment::Segment,
    value::{Schema, Values},
};

/// What two paths have in common.
pub(super) enum Meeting {
    /// No request, or one of the two comes first.
    Never,
    /// This one.
    At(Request),
    /// That depends on values that cannot be found here.
    Unknown,
}

/// A request that two paths match.
pub(super) struct Request {
    /// Method and path.
    pub(super) line: String,
    /// The method, where only one of the two has it.
    pub(super) lacks: Option<String>,
}

/// A text that two segments match.
enum Text {
    Never,
    Found(String),
    Unknown,
}

/// Compares the paths of one description.
pub(super) struct Comparer<'c, 'd> {
    pub(super) walk: &'c Walk<'d>,
    /// How many steps all comparisons together may still take.
    pub(super) steps: usize,
}

impl<'c, 'd> Comparer<'c, 'd> {
    /// What two paths of equal length have in common; nothing where the budget is spent.
    pub(super) fn compare(
        &mut self,
        one: &Route<'c, 'd>,
        other: &Route<'c, 'd>,
    ) -> Option<Meeting> {
        let (mut one_first, mut other_first) = (false, false);
        for (left, right) in one.segments.iter().zip(&other.segments) {
            let (within, around) = (left.is_within(*right), right.is_within(*left));
            one_first |= !around;
            other_first |= !within;
        }
        if !(one_first && other_first) {
            return Some(Meeting::Never);
        }
        let (ours, theirs) = (self.operations(one.entry), self.operations(other.entry));
        let pairs = || ours.iter().flat_map(|our| theirs.iter().map(move |their| (our, their)));
        let same = pairs().filter(|(our, their)| our.method == their.method);
        let apart = pairs().filter(|(our, their)| our.method != their.method);
        let mut meeting = Meeting::Never;
        for (our, their) in same.chain(apart) {
            self.steps = self.steps.checked_sub(1)?;
            match self.path(one, other, our, their)? {
                Text::Never => {}
                Text::Unknown => meeting = Meeting::Unknown,
                Text::Found(path) => {
                    let method = our.method.to_ascii_uppercase();
                    let known = theirs.iter().any(|it| it.method == our.method);
                    let line = format!("{method} {path}");
                    let lacks = (!known).then_some(method);
                    return Some(Meeting::At(Request { line, lacks }));
                }
            }
        }
        Some(meeting)
    }

    fn operations(&self, entry: &PathEntry<'d>) -> &'c [Operation<'d>] {
        self.walk.operations().get(entry.operations.clone()).unwrap_or_default()
    }

    /// A path that both templates match.
    fn path(
        &mut self,
        one: &Route<'c, 'd>,
        other: &Route<'c, 'd>,
        our: &Operation<'d>,
        their: &Operation<'d>,
    ) -> Option<Text> {
        let mut path = String::new();
        let mut unknown = false;
        for (left, right) in one.segments.iter().zip(&other.segments) {
            let sides = [Side::new(self.walk, *left, our), Side::new(self.walk, *right, their)];
            match self.text(&sides)? {
                Text::Never => return Some(Text::Never),
                Text::Unknown => unknown = true,
                Text::Found(text) => {
                    path.push('/');
                    path.push_str(&text);
                }
            }
        }
        Some(if unknown { Text::Unknown } else { Text::Found(path) })
    }

    /// A text that both segments match.
    fn text(&mut self, sides: &[Side<'d>; 2]) -> Option<Text> {
        let [one, other] = sides;
        if let (Segment::Literal(left), Segment::Literal(right)) = (one.segment, other.segment) {
            let same = left == right;
            return Some(if same { Text::Found(left.to_owned()) } else { Text::Never });
        }
        let Some(shortest) = one.segment.common(other.segment, &mut self.steps).ok()? else {
            return Some(Text::Never);
        };
        let values = Values { walk: self.walk };
        let literal = sides.iter().any(|side| matches!(side.segment, Segment::Literal(_)));
        let mut texts = vec![shortest];
        if !literal {
            let schemas: Vec<_> = sides.iter().flat_map(|side| &side.schemas).copied().collect();
            let candidates = values.candidates(&schemas);
            self.steps = self.steps.checked_sub(candidates.len())?;
            for value in &candidates {
                texts.extend(sides.iter().map(|side| side.segment.filled(value)));
            }
        }
        let mut unknown = false;
        for text in texts {
            let judged = sides.iter().map(|side| side.accepts(values, &text));
            let judged: Vec<_> = judged.collect();
            if judged.iter().all(|it| *it == Some(true)) {
                return Some(Text::Found(text));
            }
            unknown |= !judged.contains(&Some(false));
        }
        let single = sides.iter().all(|side| side.schemas.len() <= 1);
        let apart = match (one.schemas.as_slice(), other.schemas.as_slice()) {
            _ if literal => !unknown && single,
            ([left], [right]) if sides.iter().all(Side::is_template) => {
                values.are_apart(*left, *right)
            }
            _ => false,
        };
        Some(if apart { Text::Never } else { Text::Unknown })
    }
}

/// A segment of one path with the schemas of its parameters.
struct Side<'d> {
    segment: Segment<'d>,
    schemas: Vec<Schema<'d>>,
}

impl<'d> Side<'d> {
    fn new(walk: &Walk<'d>, segment: Segment<'d>, operation: &Operation<'d>) -> Self {
        let names = segment.parameters();
        let parameters = if names.is_empty() { Vec::new() } else { operation.parameters() };
        let schema = |name: &str| {
            let found = parameters.iter().find(|it| it.location == "path" && it.name == name)?;
            walk.resolve(found.node.get("schema")?)
        };
        Self { segment, schemas: names.into_iter().map(schema).collect() }
    }

    fn is_template(&self) -> bool {
        matches!(self.segment, Segment::Template(_))
    }

    /// Whether the segment could be this text, as far as one can tell.
    fn accepts(&self, values: Values<'_, 'd>, text: &str) -> Option<bool> {
        let Some(parts) = self.segment.values(text) else { return Some(false) };
        let judged: Vec<_> = parts
            .into_iter()
            .zip(&self.schemas)
            .map(|(part, schema)| values.accepts(*schema, part))
            .collect();
        match judged.iter().any(|it| it.is_none() || *it == Some(false)) {
            false => Some(true),
            // Another way to divide the text might do.
            true if judged.len() > 1 || judged.contains(&None) => None,
            true => Some(false),
        }
    }
}
