//! What becomes of a finding before it is counted: overrides, waivers, and what was known before.
//!
//! * **Shape.** [`Scope`] is what the caller knows; a [`Sieve`] asks it about each finding of one
//!   description and remembers which waivers were needed.
//! * **Source.** The configuration's `overrides` and `waivers`, and `x-treaty-allow` at an object
//!   of a document, which is about that object and all that it holds.

use std::{cell::RefCell, collections::BTreeSet};

use serde::Deserialize;

use crate::{
    charter::{Date, Directives, read_value},
    document::{Document, NodeRef},
    finding::{At, Draft, Severity},
    openapi::{Description, Walk},
    ruleset::Ruleset,
};

/// The member of an object that says what is let pass in it.
pub const X_TREATY_ALLOW: &str = "x-treaty-allow";

/// Rules that no document can wave through: they guard what another side owns, and waivers.
const NOT_BY_DOCUMENTS: [&str; 6] = [
    "change-by-non-owner",
    "undecided-ownership",
    "undeclared-owner",
    "unknown-owner",
    "expired-waiver",
    "malformed-waiver",
];

/// Whose `x-treaty-allow` count.
#[derive(Clone, Copy, Debug, Default)]
pub enum Allowed<'o> {
    /// Those of the documents that are verified.
    #[default]
    Own,
    /// Those of an earlier revision.
    Of(&'o Description),
    /// Nobody's.
    None,
}

/// Gives a document's path another beginning; nothing where it has none there.
pub type Placing<'o> = dyn Fn(&str) -> Option<String> + 'o;
/// Says whether a finding was known, by its document's path and its id.
pub type Knowing<'o> = dyn Fn(&str, &str) -> bool + 'o;

/// What is known of places and of findings before a run.
#[derive(Clone, Copy, Default)]
pub struct Scope<'o> {
    /// Overrides and waivers of the configuration.
    pub directives: Option<&'o Directives>,
    /// A document's path as it is seen from the configuration's folder; nothing where it lies
    /// outside.
    pub place: Option<&'o Placing<'o>>,
    /// The day; without it a waiver that expires does not hold.
    pub today: Option<Date>,
    /// Whose `x-treaty-allow` count.
    pub allowed: Allowed<'o>,
    /// Whether a finding was known before, by its document's path and its id.
    pub known: Option<&'o Knowing<'o>>,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Scope").field("today", &self.today).finish_non_exhaustive()
    }
}

/// What a document lets pass at one of its places.
#[derive(Debug)]
struct Allowance<'d> {
    node: NodeRef<'d>,
    /// The document, seen from the entry.
    path: String,
    /// The object and all that it holds.
    pointer: String,
    rule: String,
    expires: Option<Date>,
}

/// One waiver in a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a waiver, e.g. `{ rule: openapi-2, reason: … }`")]
struct Words {
    rule: String,
    #[serde(deserialize_with = "crate::charter::reason")]
    #[serde(rename = "reason")]
    _reason: String,
    #[serde(rename = "owner", default)]
    _owner: Option<String>,
    #[serde(default)]
    expires: Option<Date>,
}

/// What was used of a scope while one description was verified.
#[derive(Debug, Default)]
pub struct Used {
    /// The findings that were waved through, by path and id.
    pub waived: BTreeSet<(String, String)>,
    /// The findings that were known before.
    pub known: BTreeSet<(String, String)>,
    /// The configuration's waivers that were needed, by number.
    pub waivers: BTreeSet<usize>,
    /// The `x-treaty-allow` that were needed, each by its document and its place.
    pub allowances: BTreeSet<(String, String)>,
}

/// Asks a scope about the findings of one description.
pub(super) struct Sieve<'s, 'd> {
    scope: Scope<'s>,
    description: &'d Description,
    allowances: Vec<Allowance<'d>>,
    faults: Vec<Draft<'d>>,
    used: RefCell<Used>,
}

/// What is to be decided about.
pub(super) struct Case<'c> {
    pub(super) rule: &'c str,
    pub(super) path: &'c str,
    pub(super) pointer: &'c str,
}

impl Case<'_> {
    fn key(&self, id: &str) -> (String, String) {
        (self.path.to_owned(), id.to_owned())
    }
}

impl Allowance<'_> {
    fn key(&self) -> (String, String) {
        (self.node.document().path().to_owned(), self.node.pointer())
    }
}

impl<'s: 'd, 'd> Sieve<'s, 'd> {
    pub(super) fn new(scope: Scope<'s>, description: &'d Description, ruleset: &Ruleset) -> Self {
        let mut faults = Vec::new();
        let own = allowances(description, ruleset, scope.today, &mut faults);
        let allowances = match scope.allowed {
            Allowed::Own => own,
            Allowed::Of(base) => allowances(base, ruleset, scope.today, &mut Vec::new()),
            Allowed::None => Vec::new(),
        };
        let used = RefCell::default();
        Self { scope, description, allowances, faults, used }
    }

    /// The severity of a rule in a place; nothing where it is off there.
    pub(super) fn severity(&self, case: &Case<'_>, severity: Severity) -> Option<Severity> {
        match self.scope.directives.filter(|it| it.has_overrides()) {
            Some(directives) => {
                let path = self.configured(case.path);
                directives.severity(case.rule, severity, path.as_deref(), case.pointer)
            }
            None => Some(severity),
        }
    }

    /// Whether overrides speak of places at all.
    pub(super) fn has_overrides(&self) -> bool {
        self.scope.directives.is_some_and(Directives::has_overrides)
    }

    fn configured(&self, path: &str) -> Option<String> {
        match self.scope.place {
            Some(place) => place(path),
            None => Some(path.to_owned()),
        }
    }

    /// Whether any finding could be left out.
    pub(super) fn may_hold_back(&self) -> bool {
        let has_waivers = self.scope.directives.is_some_and(Directives::has_waivers);
        has_waivers || !self.allowances.is_empty() || self.scope.known.is_some()
    }

    /// Whether a finding is to be left out.
    pub(super) fn holds_back(&self, case: &Case<'_>, id: &str) -> bool {
        let mut used = self.used.borrow_mut();
        if let Some(waiver) = self.waiver(case) {
            used.waivers.insert(waiver);
            used.waived.insert(case.key(id));
            return true;
        }
        if let Some(allowance) = self.allowance(case) {
            used.allowances.insert(allowance.key());
            used.waived.insert(case.key(id));
            return true;
        }
        let is_known = self.scope.known.is_some_and(|known| known(case.path, id));
        if is_known {
            used.known.insert(case.key(id));
        }
        is_known
    }

    fn waiver(&self, case: &Case<'_>) -> Option<usize> {
        let directives = self.scope.directives.filter(|it| it.has_waivers())?;
        let path = self.configured(case.path);
        directives.waiver(case.rule, path.as_deref(), case.pointer, self.scope.today)
    }

    fn allowance(&self, case: &Case<'_>) -> Option<&Allowance<'d>> {
        if self.allowances.is_empty() || NOT_BY_DOCUMENTS.contains(&case.rule) {
            return None;
        }
        let path = self.description.place_of(case.path);
        self.allowances.iter().find(|it| {
            let rest = case.pointer.strip_prefix(it.pointer.as_str());
            let is_inside = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let holds =
                it.expires.is_none_or(|last| self.scope.today.is_some_and(|today| today <= last));
            is_inside && holds && it.rule == case.rule && it.path == path
        })
    }

    /// What is wrong with the waivers of the documents themselves.
    pub(super) fn faults(&mut self) -> Vec<Draft<'d>> {
        std::mem::take(&mut self.faults)
    }

    /// What was used, and each waiver of a document that was not, while its rule is in force.
    pub(super) fn finish(self, ruleset: &Ruleset) -> (Used, Vec<Draft<'d>>) {
        let used = self.used.into_inner();
        let is_judged = matches!(self.scope.allowed, Allowed::Own);
        let unused = self.allowances.iter().filter(|it| {
            let is_used = used.allowances.contains(&it.key());
            let is_over = it.expires.zip(self.scope.today).is_some_and(|(last, day)| day > last);
            let is_unsure = it.expires.is_some() && self.scope.today.is_none();
            is_judged && !is_used && !is_over && !is_unsure && ruleset.rule(&it.rule).is_some()
        });
        let unused = unused.map(|it| unused_waiver(it.node, &it.rule)).collect();
        (used, unused)
    }
}

fn unused_waiver<'d>(node: NodeRef<'d>, rule: &str) -> Draft<'d> {
    let message = format!("nothing here breaks `{rule}`, so it needs no waiver");
    Draft::new("unused-waiver", At::Key(node), message).fact(rule)
}

/// Every `x-treaty-allow` of the documents, and what is wrong with some.
fn allowances<'d>(
    description: &'d Description,
    ruleset: &Ruleset,
    today: Option<Date>,
    faults: &mut Vec<Draft<'d>>,
) -> Vec<Allowance<'d>> {
    let mut found = Vec::new();
    let is_there = |it: &Document| it.text().contains(X_TREATY_ALLOW);
    if !description.documents().iter().any(is_there) {
        return found;
    }
    // In a map of things by name it is a name like any other.
    let walk = Walk::new(description);
    for document in description.documents() {
        let path = description.place_of(document.path());
        let mut open: Vec<_> = document.root().into_iter().collect();
        while let Some(node) = open.pop() {
            let children = node.entries().map(|it| it.value).chain(node.items());
            open.extend(children.filter(|child| child.parent() == Some(node)));
            let Some(value) = node.get(X_TREATY_ALLOW) else { continue };
            if walk.kind_of(node).is_none() && node.parent().is_some() {
                continue;
            }
            let pointer = node.pointer();
            let items: Vec<_> =
                if value.is_array() { value.items().collect() } else { vec![value] };
            for item in items {
                match words(item, ruleset) {
                    Ok(words) => {
                        let Words { rule, expires, .. } = words;
                        if let Some((last, _)) = expires.zip(today).filter(|(last, day)| day > last)
                        {
                            let message = format!("the waiver of `{rule}` ended with {last}");
                            let draft = Draft::new("expired-waiver", At::Value(item), message);
                            faults.push(draft.fact(&rule));
                        }
                        let (path, pointer) = (path.clone(), pointer.clone());
                        found.push(Allowance { node: item, path, pointer, rule, expires });
                    }
                    Err(message) => {
                        let message = format!("this waives nothing: {message}");
                        faults.push(Draft::new("malformed-waiver", At::Value(item), message));
                    }
                }
            }
        }
    }
    found
}

fn words(node: NodeRef<'_>, ruleset: &Ruleset) -> Result<Words, String> {
    let words: Words = read_value(&node.to_value())?;
    match ruleset.catalog().find(&words.rule) {
        Ok(_) if NOT_BY_DOCUMENTS.contains(&&*words.rule) => {
            Err(format!("`{}` can be waived by the configuration alone", words.rule))
        }
        Ok(_) => Ok(words),
        Err(unknown) => Err(match &unknown.nearest {
            Some(nearest) => format!("{unknown}; did you mean `{nearest}`?"),
            None => unknown.to_string(),
        }),
    }
}
