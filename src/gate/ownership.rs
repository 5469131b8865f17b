//! Who may change what.
//!
//! * **Shape.** A change goes back where it lies in a part that the other side owns, in what such
//!   a part refers to or inherits, or where it bears on what such a part means; unless the owner
//!   has opened the part, or the place, again. A place whose declared owner is the proposer is
//!   the proposer's, whoever refers to it.
//! * **Source.** `x-owner` in the base; the charter's pointers.

use crate::{
    charter::{PartyName, Settings, nearest},
    document::{FaultKind, NodeRef, pointer},
    finding::{At, Draft},
    openapi::{Description, Direction, Kind, Version},
};

use super::{
    Terms,
    bearing::{Bearing, Effect, Touch},
    comparison::{Change, Comparison, Side},
    owners::{Owners, Part, X_OWNER},
    reach::{Reach, Reached, Way},
    redirected::redirected,
};

/// What is wrong with who changed what, and with who is said to own what.
pub(super) fn check<'d>(
    base: Option<&'d Description>,
    revision: &'d Description,
    terms: Terms<'d>,
) -> Vec<Draft<'d>> {
    let Some(root) = revision.entry().root() else { return Vec::new() };
    let charter = terms.charter.map(|(charter, _)| charter);
    let mut drafts = Vec::new();
    if let Some(parties) = charter.and_then(Settings::party_names) {
        let side = Side::new(revision);
        let owners = Owners::of(&side, charter);
        declared(&owners, parties, &mut drafts);
        undeclared(&side, &owners, &mut drafts);
    }
    let Some(base) = base else {
        drafts.extend(stranger(root, &Owners::default(), terms));
        return drafts;
    };
    let mut documents = base.documents().iter();
    if documents.any(|document| document.faults().iter().any(|fault| is_loss(fault.kind))) {
        let message = "who owns what is not known: the base cannot be read as a whole";
        drafts.push(Draft::new("undecided-ownership", At::Key(root), message).fact("base"));
    }
    if base.entry().root().is_none() {
        return drafts;
    }
    let comparison = Comparison::of(base, revision);
    let owners = Owners::of(&comparison.base, charter);
    drafts.extend(stranger(root, &owners, terms));
    if owners.parts().is_empty() {
        return drafts;
    }
    let Some(proposer) = terms.proposer else {
        if !comparison.changes.is_empty() || !comparison.gone.is_empty() {
            let message = "whose parts this revision changes is not known: no proposer is named";
            drafts.push(Draft::new("undecided-ownership", At::Key(root), message));
        }
        return drafts;
    };
    let is_closed = |part: &Part<'_>| {
        part.owner != proposer && !is_opened(&part.node.pointer(), terms.reopened)
    };
    let reach = Reach::of(&comparison.base, &owners, is_closed);
    if !reach.is_empty() {
        Judge { comparison: &comparison, reach: &reach, proposer, terms }.judge(root, &mut drafts);
    }
    drafts
}

/// Whether text with such a fault may say more than was read of it.
fn is_loss(kind: FaultKind) -> bool {
    use FaultKind::{Depth, DuplicateKey, Encoding, Nodes, SecondDocument, Syntax, TooLarge};
    matches!(kind, Syntax | Encoding | DuplicateKey | SecondDocument | Depth | Nodes | TooLarge)
}

/// A proposer whom nothing names, where no charter says who the parties are.
fn stranger<'d>(root: NodeRef<'d>, owners: &Owners<'_>, terms: Terms<'_>) -> Option<Draft<'d>> {
    let proposer = terms.proposer?;
    if terms.charter.is_some_and(|(charter, _)| !charter.parties().is_empty()) {
        return None;
    }
    let mut known: Vec<&str> = owners.parts().iter().map(|part| part.owner).collect();
    known.sort_unstable();
    known.dedup();
    if known.contains(&proposer) {
        return None;
    }
    let message = format!(
        "whether `{proposer}` is a party is not known: there is no charter, and no `x-owner` of \
         the base names it"
    );
    let draft = Draft::new("undecided-ownership", At::Key(root), message).fact("proposer");
    Some(match nearest(proposer, known.iter().copied()) {
        Some(name) => draft.help(format!("did you mean `{name}`?")),
        None => draft.help("name the parties in a `treaty.yaml` beside the base"),
    })
}

/// Whether the owner has opened a place, or something that holds it.
fn is_opened(place: &str, reopened: &[String]) -> bool {
    let holds = |rest: &str| rest.is_empty() || rest.starts_with('/');
    reopened.iter().any(|open| place.strip_prefix(open.as_str()).is_some_and(holds))
}

/// Judges each change.
struct Judge<'j, 'd> {
    comparison: &'j Comparison<'d>,
    reach: &'j Reach<'j, 'd>,
    proposer: &'d str,
    terms: Terms<'d>,
}

impl<'d> Judge<'_, 'd> {
    fn judge(&self, root: NodeRef<'d>, drafts: &mut Vec<Draft<'d>>) {
        let mut bearing = Bearing::new(self.comparison, self.reach);
        for change in &self.comparison.changes {
            if self.is_opened(change) {
                continue;
            }
            if let Some(reached) = self.reached(change) {
                drafts.push(self.foreign(change, reached));
            } else if let Some(touch) = bearing.of(change).filter(|_| !change.is_words) {
                drafts.push(self.bears(change, touch));
            } else if decides_all(change) {
                drafts.push(self.version(change));
            }
        }
        drafts.extend(redirected(self.comparison, self.reach, self.proposer));
        for document in &self.comparison.gone {
            let reached = document.root().and_then(|root| self.reach.inside(root));
            if let Some((part, _)) = reached.and_then(|it| Some((self.reach.part(it.0)?, it))) {
                let name = document.path();
                let message = format!(
                    "`{}` takes away `{name}`, but {}, refers to it",
                    self.proposer,
                    owned(part)
                );
                let draft = Draft::new("change-by-non-owner", At::Key(root), message);
                drafts.push(draft.fact(format!("takes away {name}")));
            }
        }
        if bearing.is_spent() {
            let message = "whether this revision changes what owned parts mean is not known: \
                           their schemas hold each other in too many ways";
            drafts.push(Draft::new("undecided-ownership", At::Key(root), message).fact("ways"));
        }
    }

    /// Whether the owner has opened the place of a change, as it stood or stands.
    fn is_opened(&self, change: &Change<'d>) -> bool {
        let mut places = [change.base, change.revision].into_iter().flatten();
        places.any(|node| is_opened(&node.pointer(), self.terms.reopened))
    }

    /// The part in whose meaning a change lies.
    fn reached(&self, change: &Change<'d>) -> Option<Reached> {
        if let Some(node) = change.base {
            // What is owned inside of what was removed or replaced is changed as well.
            return self.reach.inside(node);
        }
        self.reach.member(change.holders.0, change.revision?.key())
    }

    fn foreign(&self, change: &Change<'d>, (part, way): Reached) -> Draft<'d> {
        let (at, what, name) = told(change);
        let proposer = self.proposer;
        let Some(part) = self.reach.part(part) else {
            return Draft::new("change-by-non-owner", at, "");
        };
        let owner = part.owner;
        let place = place_of(part);
        let reason = match way {
            Way::Within => format!("{place} is owned by `{owner}`"),
            Way::Referred => format!("{place}, which is owned by `{owner}`, refers to it"),
            Way::Inherited => format!("{place}, which is owned by `{owner}`, inherits it"),
        };
        let rule = if change.is_words { "rewording-by-non-owner" } else { "change-by-non-owner" };
        let message = format!("`{proposer}` {what} `{name}`, but {reason}");
        let draft = Draft::new(rule, at, message).fact(format!("{what} {name}"));
        self.related(draft, part)
    }

    fn bears(&self, change: &Change<'d>, touch: Touch<'d>) -> Draft<'d> {
        let (at, what, name) = told(change);
        let proposer = self.proposer;
        let Some(part) = self.reach.part(touch.part) else {
            return Draft::new("change-by-non-owner", at, "");
        };
        let owned = owned(part);
        let subject = match touch.keyword {
            "false" => "that".to_owned(),
            keyword if keyword == name => "that".to_owned(),
            keyword => format!("its `{keyword}`"),
        };
        let reason = match touch.effect {
            Effect::Said => format!("{subject} binds {owned}"),
            Effect::Unsaid => format!("{subject} bound {owned}"),
            Effect::Lost => format!("it led to {owned}"),
        };
        let message = format!("`{proposer}` {what} `{name}`, but {reason}");
        let fact = format!("{what} {name}");
        let draft = Draft::new("change-by-non-owner", at, message).fact(fact);
        let is_here = change.revision.is_some_and(|node| node == touch.node);
        let draft = match touch.effect {
            Effect::Said if !is_here => draft.related(At::Value(touch.node), "by this"),
            _ => draft,
        };
        self.related(draft, part)
    }

    fn version(&self, change: &Change<'d>) -> Draft<'d> {
        let (at, what, name) = told(change);
        let message = format!(
            "`{}` {what} `{name}`, which decides how every schema reads, also what others own",
            self.proposer
        );
        Draft::new("change-by-non-owner", at, message).fact(format!("{what} {name}"))
    }

    /// Shows the part, as it stands in the revision.
    fn related(&self, draft: Draft<'d>, part: &Part<'d>) -> Draft<'d> {
        let now = part.said.and_then(|said| self.comparison.after(said));
        match now.filter(|now| now.as_str() == Some(part.owner)) {
            Some(now) => draft.related(At::Value(now), "owned by this"),
            None => draft,
        }
    }
}

/// Whether a change decides how every schema of the document reads.
fn decides_all(change: &Change<'_>) -> bool {
    let Some(node) = change.node() else { return false };
    let is_root = node.parent().is_some_and(|parent| parent.parent().is_none());
    match node.key() {
        Some("jsonSchemaDialect") => is_root,
        Some("openapi") => {
            let version = |node: Option<NodeRef<'_>>| {
                node.and_then(NodeRef::as_str).and_then(Version::from_text)
            };
            let reading = |node| version(node).map(Version::has_json_schema);
            is_root && reading(change.base) != reading(change.revision)
        }
        _ => false,
    }
}

/// Where a change is shown, and what it is.
fn told<'d>(change: &Change<'d>) -> (At<'d>, &'static str, String) {
    match (change.base, change.revision) {
        (Some(_), Some(node)) => (At::Value(node), "changes", name_of(node)),
        (None, Some(node)) => (At::Key(node), "adds", name_of(node)),
        (base, None) => {
            let name = base.map_or_else(String::new, name_of);
            (At::Key(change.holders.1), "removes", name)
        }
    }
}

/// A part as a message names it.
fn place_of(part: &Part<'_>) -> String {
    match part.node.pointer() {
        place if place.is_empty() => "the contract".to_owned(),
        place => format!("`{place}`"),
    }
}

pub(super) fn owned(part: &Part<'_>) -> String {
    format!("{}, which is owned by `{}`", place_of(part), part.owner)
}

fn name_of(node: NodeRef<'_>) -> String {
    node.key()
        .map_or_else(|| crate::openapi::item_identity(node).unwrap_or_default(), str::to_owned)
}

/// An `x-owner` must name a party.
fn declared<'d>(owners: &Owners<'d>, parties: [&PartyName; 2], drafts: &mut Vec<Draft<'d>>) {
    let said = owners.parts().iter().filter_map(|part| part.said);
    for said in said.chain(owners.malformed().iter().copied()) {
        let name = said.as_str().unwrap_or_default();
        let [first, second] = parties;
        if name != first.as_str() && name != second.as_str() {
            let message = format!("`{name}` is no party of the charter");
            let draft = Draft::new("unknown-owner", At::Value(said), message).fact(name);
            drafts.push(draft.help(format!("write `{first}` or `{second}`")));
        }
    }
}

/// A value that only the receiver of a request sets must say whose it is.
fn undeclared<'d>(side: &Side<'d>, owners: &Owners<'d>, drafts: &mut Vec<Draft<'d>>) {
    for visit in side.walk.visits(Kind::Schema) {
        let read_only = visit.node.get("readOnly").and_then(NodeRef::as_bool) == Some(true);
        if !read_only || !visit.directions.contains(Direction::Request) {
            continue;
        }
        if owners.around(side.key(visit.node)).is_empty() {
            let name = visit.node.key().unwrap_or_default();
            let message =
                format!("a request can hold `{name}`, which its sender does not set: whose is it?");
            let draft = Draft::new("undeclared-owner", At::Key(visit.node), message);
            let place = pointer::join(&visit.node.pointer(), X_OWNER);
            drafts.push(
                draft.fact(name).help(format!("add `{place}` with the party that sets the value")),
            );
        }
    }
}
