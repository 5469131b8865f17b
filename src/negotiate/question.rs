//! Reading a question, for an agent that is asked over the wire.
//!
//! * **Shape.** The inverse of [`TurnRequest::to_json`]: what is read is what was asked, so
//!   that an agent behind a pipe answers as it would at the table. Unknown members are ignored.
//! * **Errors.** The first member that is missing or of the wrong kind, by its pointer.

use std::sync::Arc;

use crate::{
    charter::PartyIndex,
    document::{Document, Limits, NodeRef, Position, Range, Value},
    finding::{Class, Edit, Finding, Fix, PatchOperation, Place, Related, Safety, Severity},
};

use super::{
    act::{ActKind, Constraint, ConstraintKind},
    issue::{Issue, IssueState, NamedConstraint},
    request::{Digested, LastAct, TurnRequest},
};

type Read<T> = Result<T, String>;

/// Reads a question.
pub fn parse_question(line: &[u8]) -> Result<TurnRequest, String> {
    let document = Document::parse("question.json", line.to_vec(), &Limits::default());
    if let Some(fault) = document.faults().first() {
        return Err(format!("it is no JSON: {}", fault.message));
    }
    let root = document.root().ok_or("it is empty")?;
    if word(root, "type")? != "turn_request" || number::<u64>(root, "v")? != 1 {
        return Err("it is no `turn_request` of version 1".to_owned());
    }
    Ok(TurnRequest {
        v: 1,
        kind: "turn_request",
        session: text(root, "session")?,
        request_id: text(root, "request_id")?,
        seat: text(root, "seat")?,
        turn: number(root, "turn")?,
        turns_left: number(root, "turns_left")?,
        bounces_left: number(root, "bounces_left")?,
        base: optional(root, "base", string)?,
        head: optional(root, "head", digested)?,
        issues: list(root, "issues", issue)?,
        last_act: optional(root, "last_act", last_act)?,
        bounced: optional(root, "bounced", digested)?,
        findings: list(root, "findings", finding)?,
        allowed_acts: list(root, "allowed_acts", act_kind)?,
        deadline_ms: number(root, "deadline_ms")?,
    })
}

fn wrong(node: NodeRef<'_>, expected: &str) -> String {
    format!("`{}` must be {expected}", node.pointer())
}

fn member<'d>(node: NodeRef<'d>, key: &str) -> Read<NodeRef<'d>> {
    node.get(key).ok_or_else(|| format!("`{}` lacks `{key}`", node.pointer()))
}

/// A member that may be null or missing.
fn optional<'d, T>(
    node: NodeRef<'d>,
    key: &str,
    read: impl Fn(NodeRef<'d>) -> Read<T>,
) -> Read<Option<T>> {
    node.get(key).filter(|it| !it.is_null()).map(read).transpose()
}

fn list<'d, T>(
    node: NodeRef<'d>,
    key: &str,
    read: impl Fn(NodeRef<'d>) -> Read<T>,
) -> Read<Vec<T>> {
    let items = member(node, key)?;
    if !items.is_array() {
        return Err(wrong(items, "an array"));
    }
    items.items().map(read).collect()
}

fn string(node: NodeRef<'_>) -> Read<String> {
    node.as_str().map(str::to_owned).ok_or_else(|| wrong(node, "a string"))
}

fn text(node: NodeRef<'_>, key: &str) -> Read<String> {
    string(member(node, key)?)
}

fn word<'d>(node: NodeRef<'d>, key: &str) -> Read<&'d str> {
    let node = member(node, key)?;
    node.as_str().ok_or_else(|| wrong(node, "a string"))
}

/// One of the words that `known` knows.
fn one_of<T>(node: NodeRef<'_>, known: impl Fn(&str) -> Option<T>) -> Read<T> {
    node.as_str().and_then(known).ok_or_else(|| wrong(node, "a word that is known"))
}

fn number<T: std::str::FromStr>(node: NodeRef<'_>, key: &str) -> Read<T> {
    let node = member(node, key)?;
    let number = node.as_number().and_then(|it| it.to_json().parse().ok());
    number.ok_or_else(|| wrong(node, "a number"))
}

fn value(node: NodeRef<'_>, key: &str) -> Option<Value> {
    node.get(key).filter(|it| !it.is_null()).map(NodeRef::to_value)
}

fn act_kind(node: NodeRef<'_>) -> Read<ActKind> {
    one_of(node, ActKind::from_word)
}

fn digested(node: NodeRef<'_>) -> Read<Digested> {
    Ok(Digested { sha256: text(node, "sha256")?, document: text(node, "document")? })
}

fn last_act(node: NodeRef<'_>) -> Read<LastAct> {
    Ok(LastAct {
        seat: text(node, "seat")?,
        act: act_kind(member(node, "act")?)?,
        body: member(node, "body")?.to_value(),
    })
}

fn issue(node: NodeRef<'_>) -> Read<Issue> {
    let state = one_of(member(node, "state")?, |word| match word {
        "open" => Some(IssueState::Open),
        "settled" => Some(IssueState::Settled),
        _ => None,
    })?;
    let constraints = list(node, "constraints", constraint)?;
    Ok(Issue::told(text(node, "pointer")?, state, text(node, "opened_by")?, constraints))
}

/// Which place at the table the party has is not told, and an agent does not ask.
fn constraint(node: NodeRef<'_>) -> Read<NamedConstraint> {
    let constraint = Constraint {
        pointer: text(node, "pointer")?,
        kind: one_of(member(node, "kind")?, ConstraintKind::from_word)?,
        value: node.get("value").map_or(Value::Null, NodeRef::to_value),
    };
    Ok(NamedConstraint { party: text(node, "party")?, seat: PartyIndex::First, constraint })
}

fn finding(node: NodeRef<'_>) -> Read<Finding> {
    let related = |node| Ok(Related { place: place(node)?, message: text(node, "message")? });
    let related = node.get("related").map_or(Ok(Vec::new()), |_| list(node, "related", related))?;
    Ok(Finding {
        id: text(node, "id")?,
        rule: word(node, "rule")?.into(),
        severity: one_of(member(node, "severity")?, Severity::from_word)?,
        class: one_of(member(node, "class")?, Class::from_word)?,
        message: text(node, "message")?,
        place: place(node)?,
        related,
        help: optional(node, "help", string)?,
        found: value(node, "found"),
        expected: value(node, "expected"),
        witness: value(node, "witness"),
        fix: optional(node, "fix", fix)?,
        source: optional(node, "source", string)?.map_or_else(|| Arc::from(""), Arc::from),
    })
}

fn place(node: NodeRef<'_>) -> Read<Place> {
    Ok(Place {
        path: word(node, "path")?.into(),
        pointer: text(node, "pointer")?,
        range: range(member(node, "range")?)?,
    })
}

fn range(node: NodeRef<'_>) -> Read<Range> {
    let position = |key| {
        let node = member(node, key)?;
        let (line, column) = (number(node, "line")?, number(node, "column")?);
        Ok::<_, String>(Position { line, column, offset: number(node, "offset")? })
    };
    Ok(Range { start: position("start")?, end: position("end")? })
}

fn fix(node: NodeRef<'_>) -> Read<Fix> {
    let safety = one_of(member(node, "safety")?, |word| match word {
        "safe" => Some(Safety::Safe),
        "needs-review" => Some(Safety::NeedsReview),
        _ => None,
    })?;
    let edit = |node| {
        let (path, text) = (word(node, "path")?.into(), text(node, "text")?);
        Ok(Edit { path, range: range(member(node, "range")?)?, text })
    };
    Ok(Fix { safety, edits: list(node, "edits", edit)?, patch: list(node, "patch", operation)? })
}

fn operation(node: NodeRef<'_>) -> Read<PatchOperation> {
    let known =
        |word: &str| ["add", "remove", "replace", "move"].into_iter().find(|it| *it == word);
    Ok(PatchOperation {
        op: one_of(member(node, "op")?, known)?,
        from: optional(node, "from", string)?,
        path: text(node, "path")?,
        value: node.get("value").map(NodeRef::to_value),
    })
}
