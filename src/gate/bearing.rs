//! Changes outside of an owned value that change what it means: a schema beside it, or around it,
//! that now says more of it, or less.
//!
//! * **Shape.** What a change adds is looked up in the base, what it takes away in the revision:
//!   what stays said changes nothing. A place that is new as a whole binds only those who use it.

use rustc_hash::FxHashSet;

use crate::{document::NodeRef, schema::equal};

use super::{
    applied::{Applied, Context, Schemas},
    comparison::{Change, Comparison, Key},
    reach::Reach,
    statements::{Gatherer, Statement, is_said},
};

/// What a change outside does to a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touch<'d> {
    /// The part, by number.
    pub(super) part: usize,
    /// What says more or less of it, or no longer leads to it.
    pub(super) node: NodeRef<'d>,
    pub(super) keyword: &'d str,
    pub(super) effect: Effect,
}

/// How a change bears on a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Something says more of it.
    Said,
    /// Something that was said of it is not any more.
    Unsaid,
    /// A reference that led to it is gone.
    Lost,
}

/// Looks for what changes outside of owned values do to them.
pub(super) struct Bearing<'s, 'd> {
    comparison: &'s Comparison<'d>,
    reach: &'s Reach<'s, 'd>,
    base: Schemas<'s, 'd>,
    revision: Schemas<'s, 'd>,
    done: FxHashSet<(bool, Key, &'d str)>,
}

impl<'s, 'd> Bearing<'s, 'd> {
    pub(super) fn new(comparison: &'s Comparison<'d>, reach: &'s Reach<'s, 'd>) -> Self {
        Self {
            comparison,
            reach,
            base: Schemas::of(&comparison.base),
            revision: Schemas::of(&comparison.revision),
            done: FxHashSet::default(),
        }
    }

    /// Whether something could not be found out because it costs too much.
    pub(super) fn is_spent(&self) -> bool {
        self.base.is_spent() || self.revision.is_spent()
    }

    /// The first part that a change bears on.
    pub(super) fn of(&mut self, change: &Change<'d>) -> Option<Touch<'d>> {
        let lost = self.lost(change);
        lost.or_else(|| self.said(change)).or_else(|| self.unsaid(change))
    }

    /// A reference to an owned part, in a place that nobody owns, that now leads elsewhere.
    fn lost(&self, change: &Change<'d>) -> Option<Touch<'d>> {
        let node = change.base?;
        let holder = if node.key() == Some("$ref") { node.parent()? } else { node };
        let target = self.base.target(holder)?;
        let part = self.reach.closed(target)?;
        if self.reach.is_open(holder) {
            return None;
        }
        if let Some(now) = self.comparison.after(holder) {
            let target = self.comparison.after(target)?;
            if self.revision.applied(now, &[], &[]).iter().any(|it| it.schema == target) {
                return None;
            }
        } else if !self.base.is_own_value(holder) {
            return None;
        }
        Some(Touch { part, node, keyword: "$ref", effect: Effect::Lost })
    }

    fn said(&mut self, change: &Change<'d>) -> Option<Touch<'d>> {
        let (schema, keyword) = asked(&self.revision, change.revision?)?;
        let key = self.comparison.revision.key(schema);
        if !self.done.insert((true, key, keyword.unwrap_or_default())) {
            return None;
        }
        let is_owned = |node: NodeRef<'d>| {
            self.comparison.before(node).is_some_and(|it| self.reach.closed(it).is_some())
        };
        let (side, schemas) = (&self.comparison.revision, &self.revision);
        let statements = Gatherer::new(side, schemas, &is_owned).gather(schema, keyword);
        let contexts = contexts(schemas, schema, &statements);
        let pairs = contexts
            .iter()
            .filter_map(|it| Some((self.comparison.before(it.schema)?, it.schema, it)));
        self.find(pairs.collect(), &statements, Effect::Said)
    }

    fn unsaid(&mut self, change: &Change<'d>) -> Option<Touch<'d>> {
        let (schema, keyword) = asked(&self.base, change.base?)?;
        let key = self.comparison.base.key(schema);
        if !self.done.insert((false, key, keyword.unwrap_or_default())) {
            return None;
        }
        let is_owned = |node: NodeRef<'d>| self.reach.closed(node).is_some();
        let (side, schemas) = (&self.comparison.base, &self.base);
        let statements = Gatherer::new(side, schemas, &is_owned).gather(schema, keyword);
        let contexts = contexts(schemas, schema, &statements);
        let pairs = contexts
            .iter()
            .filter_map(|it| Some((it.schema, self.comparison.after(it.schema)?, it)));
        self.find(pairs.collect(), &statements, Effect::Unsaid)
    }

    fn find(
        &self,
        pairs: Vec<(NodeRef<'d>, NodeRef<'d>, &Context<'d>)>,
        statements: &[Statement<'d>],
        effect: Effect,
    ) -> Option<Touch<'d>> {
        for (base, revision, context) in pairs {
            for statement in statements {
                if let Some(part) = self.judge(base, revision, context, statement, effect) {
                    let Statement { keyword, value: node, .. } = *statement;
                    return Some(Touch { part, node, keyword, effect });
                }
            }
        }
        None
    }

    /// The part that a statement of one side, which the other side does not make, is about.
    fn judge(
        &self,
        base: NodeRef<'d>,
        revision: NodeRef<'d>,
        context: &Context<'d>,
        statement: &Statement<'d>,
        effect: Effect,
    ) -> Option<usize> {
        let at = [&context.path[..], &statement.at[..]].concat();
        let whole: Vec<_> = at.iter().chain(&statement.about).cloned().collect();
        let (before, after) = self.branches(context, effect);
        let old = self.base.applied(base, &whole, &before);
        let part = if statement.is_deep {
            self.deep(&old)?
        } else {
            let new = self.revision.applied(revision, &whole, &after);
            old.iter().find_map(|it| {
                let part = self.reach.closed(it.schema)?;
                let now = self.comparison.after(it.schema)?;
                new.iter().any(|it| it.schema == now).then_some(part)
            })?
        };
        let others = match effect {
            Effect::Said => self.base.applied(base, &at, &before),
            _ => self.revision.applied(revision, &at, &after),
        };
        let mut always = others.iter().filter(|it| it.always);
        let is_said = always.any(|it| is_said(statement, it.schema, equal));
        (!is_said).then_some(part)
    }

    /// The alternatives of a context, as they stand in the base and in the revision.
    fn branches(
        &self,
        context: &Context<'d>,
        effect: Effect,
    ) -> (Vec<NodeRef<'d>>, Vec<NodeRef<'d>>) {
        let own = context.branches.clone();
        let others = |other: &dyn Fn(NodeRef<'d>) -> Option<NodeRef<'d>>| {
            own.iter().filter_map(|branch| other(*branch)).collect()
        };
        match effect {
            Effect::Said => (others(&|branch| self.comparison.before(branch)), own),
            _ => (own.clone(), others(&|branch| self.comparison.after(branch))),
        }
    }

    /// A part at a value or anywhere in it.
    fn deep(&self, schemas: &[Applied<'d>]) -> Option<usize> {
        let mut open: Vec<NodeRef<'d>> = schemas.iter().map(|it| it.schema).collect();
        let mut seen = FxHashSet::default();
        while let Some(schema) = open.pop() {
            if !seen.insert(self.comparison.base.key(schema)) {
                continue;
            }
            if let Some(part) = self.reach.closed(schema) {
                return Some(part);
            }
            open.extend(self.base.target(schema));
            open.extend(schema.entries().map(|it| it.value).chain(schema.items()));
        }
        None
    }
}

/// Where statements may apply; nowhere where there are none.
fn contexts<'d>(
    schemas: &Schemas<'_, 'd>,
    schema: NodeRef<'d>,
    statements: &[Statement<'d>],
) -> Vec<Context<'d>> {
    if statements.is_empty() { Vec::new() } else { schemas.contexts(schema) }
}

/// The schema that a change is about, and its keyword where it is not about all of it.
fn asked<'d>(
    schemas: &Schemas<'_, 'd>,
    node: NodeRef<'d>,
) -> Option<(NodeRef<'d>, Option<&'d str>)> {
    let mut up = std::iter::successors(Some(node), |node| node.parent());
    // What judges the names of members is about the members.
    let names = up.clone().find_map(|node| {
        let parent = node.parent().filter(|parent| schemas.is_schema(*parent))?;
        (node.key() == Some("propertyNames")).then_some((parent, node.key()))
    });
    if names.is_some() || schemas.is_schema(node) {
        return names.or(Some((node, None)));
    }
    up.find_map(|node| {
        let parent = node.parent().filter(|parent| schemas.is_schema(*parent))?;
        Some((parent, node.key()))
    })
}
