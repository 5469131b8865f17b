//! Reading an answer: deny by default.
//!
//! * **Shape.** `{v, request_id, act, base, body}`, exactly these members, and exactly the
//!   members of the act's body; a repeated or unknown member is refused, and so is a value of
//!   the wrong kind, a text that is too long, and a character that may not cross.
//! * **Errors.** The first thing that is wrong, as a [`Fault`].

use crate::{
    charter::PartyName,
    document::{Document, Limits, NodeRef, Value, pointer, visible},
};

use super::{
    act::{Act, ActKind, Answer, Constraint, ConstraintKind, Content},
    fault::Fault,
    screen::{POINTER_CHARACTERS_MAX, PROSE_CHARACTERS_MAX, WORD_CHARACTERS_MAX, refused},
    state::ISSUES_PER_ACT_MAX,
};

/// How deep an answer nests, a patch's values included.
const DEPTH_MAX: usize = 64;
/// The most operations of a patch.
const OPERATIONS_MAX: usize = 1_000;
/// The most `copy` operations of a patch; each can double the document.
const COPIES_MAX: usize = 4;

/// Reads an answer of at most `bytes_max` bytes; an owner is one of `parties`.
pub fn parse_answer(
    bytes: &[u8],
    bytes_max: usize,
    parties: [&PartyName; 2],
) -> Result<Answer, Fault> {
    if bytes.len() > bytes_max {
        let message = format!("{} bytes where {bytes_max} are allowed", bytes.len());
        return Err(Fault::TooLong(message));
    }
    let limits = Limits { file_bytes: bytes_max, depth: DEPTH_MAX, ..Limits::default() };
    let document = Document::parse("answer.json", bytes.to_vec(), &limits);
    if let Some(fault) = document.faults().first() {
        return Err(Fault::Garbage(visible(&fault.message).into_owned()));
    }
    let root = document.root().ok_or_else(|| Fault::Garbage("it is empty".to_owned()))?;
    members(root, &["v", "request_id", "act", "base", "body"], &[])?;
    screen(root)?;
    if member(root, "v")?.as_number().is_none_or(|it| it.to_json() != "1") {
        return Err(shape("`v` must be 1"));
    }
    let word = text(root, "act", WORD_CHARACTERS_MAX)?;
    let kind = ActKind::from_word(&word)
        .ok_or_else(|| shape(format!("there is no act `{}`", visible(&word).replace('\n', " "))))?;
    Ok(Answer {
        request_id: text(root, "request_id", WORD_CHARACTERS_MAX)?,
        base: if member(root, "base")?.is_null() { None } else { Some(sha256(root, "base")?) },
        act: act(kind, member(root, "body")?, parties)?,
    })
}

fn act(kind: ActKind, body: NodeRef<'_>, parties: [&PartyName; 2]) -> Result<Act, Fault> {
    let only = |names: &[&str]| members(body, names, &[]);
    Ok(match kind {
        ActKind::Propose => propose(body)?,
        ActKind::Accept => {
            only(&["sha256"])?;
            Act::Accept { sha256: sha256(body, "sha256")? }
        }
        ActKind::Ask => {
            only(&["pointer", "question"])?;
            Act::Ask { pointer: place(body, "pointer")?, question: prose(body, "question")? }
        }
        ActKind::Answer => {
            only(&["pointer", "answer"])?;
            Act::Answer { pointer: place(body, "pointer")?, answer: prose(body, "answer")? }
        }
        ActKind::Decline => {
            members(body, &["issue", "reason_code", "constraint"], &["more"])?;
            Act::Decline {
                more: more(body, parties)?,
                issue: place(body, "issue")?,
                reason_code: code(body, "reason_code")?,
                constraint: constraint(member(body, "constraint")?, parties)?,
            }
        }
        ActKind::Reopen => {
            only(&["issue"])?;
            Act::Reopen { issue: place(body, "issue")? }
        }
        ActKind::Escalate => {
            only(&["reason"])?;
            Act::Escalate { reason: prose(body, "reason")? }
        }
        ActKind::Withdraw => {
            only(&[])?;
            Act::Withdraw
        }
        ActKind::Exit => {
            only(&[])?;
            Act::Exit
        }
    })
}

/// What a refusal says beside its first constraint.
fn more(body: NodeRef<'_>, parties: [&PartyName; 2]) -> Result<Vec<Constraint>, Fault> {
    let Some(listed) = body.get("more") else { return Ok(Vec::new()) };
    if !listed.is_array() {
        return Err(shape("`more` must be an array of constraints"));
    }
    if listed.len() >= ISSUES_PER_ACT_MAX {
        let message = format!("a refusal names at most {ISSUES_PER_ACT_MAX} constraints");
        return Err(Fault::TooLong(message));
    }
    listed.items().map(|it| constraint(it, parties)).collect()
}

fn propose(body: NodeRef<'_>) -> Result<Act, Fault> {
    members(body, &[], &["document", "patch", "note"])?;
    let note = body.get("note").map(|_| prose(body, "note")).transpose()?;
    let content = match (body.get("document"), body.get("patch")) {
        (Some(document), None) => {
            let text = document.as_str().ok_or_else(|| shape("`document` must be a string"))?;
            Content::Document(text.to_owned())
        }
        (None, Some(patch)) => Content::Patch(checked_patch(patch)?),
        _ => return Err(shape("a proposal has either a `document` or a `patch`")),
    };
    Ok(Act::Propose { content, note })
}

fn checked_patch(patch: NodeRef<'_>) -> Result<Value, Fault> {
    if !patch.is_array() {
        return Err(shape("`patch` must be an array of operations"));
    }
    let copies = patch.items().filter(|it| it.get("op").and_then(NodeRef::as_str) == Some("copy"));
    if patch.len() > OPERATIONS_MAX || copies.count() > COPIES_MAX {
        return Err(Fault::TooLong(format!(
            "a patch has at most {OPERATIONS_MAX} operations, at most {COPIES_MAX} of them `copy`"
        )));
    }
    for operation in patch.items() {
        members(operation, &["op", "path"], &["from", "value"])?;
    }
    Ok(patch.to_value())
}

fn constraint(node: NodeRef<'_>, parties: [&PartyName; 2]) -> Result<Constraint, Fault> {
    members(node, &["pointer", "kind"], &["value"])?;
    let word = text(node, "kind", WORD_CHARACTERS_MAX)?;
    let kind = ConstraintKind::from_word(&word)
        .ok_or_else(|| shape("`kind` must be `required`, `forbidden`, `type` or `owner`"))?;
    let value = node.get("value").map_or(Value::Null, NodeRef::to_value);
    let fits = match kind {
        ConstraintKind::Required | ConstraintKind::Forbidden => true,
        ConstraintKind::Type => value != Value::Null,
        ConstraintKind::Owner => parties.iter().any(|party| value.as_str() == Some(party.as_str())),
    };
    if !fits || value.to_json().len() > PROSE_CHARACTERS_MAX {
        return Err(shape(format!("`value` is no {word} that a constraint can name")));
    }
    Ok(Constraint { pointer: place(node, "pointer")?, kind, value })
}

fn shape(message: impl Into<String>) -> Fault {
    Fault::Shape(message.into())
}

/// The node is an object with all of `needed`, perhaps some of `allowed`, and nothing else.
fn members(node: NodeRef<'_>, needed: &[&str], allowed: &[&str]) -> Result<(), Fault> {
    let name = if node.pointer().is_empty() { "the answer".to_owned() } else { node.pointer() };
    if !node.is_object() {
        return Err(shape(format!("{name} must be an object")));
    }
    for entry in node.entries() {
        if !needed.contains(&entry.key) && !allowed.contains(&entry.key) {
            let key = visible(entry.key).replace('\n', " ");
            return Err(shape(format!("{name} has an unknown member `{key}`")));
        }
    }
    match needed.iter().find(|key| node.get(key).is_none()) {
        Some(key) => Err(shape(format!("{name} lacks `{key}`"))),
        None => Ok(()),
    }
}

fn member<'d>(node: NodeRef<'d>, key: &str) -> Result<NodeRef<'d>, Fault> {
    node.get(key).ok_or_else(|| shape(format!("`{key}` is missing")))
}

fn text(node: NodeRef<'_>, key: &str, characters_max: usize) -> Result<String, Fault> {
    let text = member(node, key)?.as_str();
    let text = text.ok_or_else(|| shape(format!("`{key}` must be a string")))?;
    if text.chars().count() > characters_max {
        return Err(Fault::TooLong(format!("`{key}` has more than {characters_max} characters")));
    }
    Ok(text.to_owned())
}

fn prose(node: NodeRef<'_>, key: &str) -> Result<String, Fault> {
    let text = text(node, key, PROSE_CHARACTERS_MAX)?;
    if text.trim().is_empty() { Err(shape(format!("`{key}` is empty"))) } else { Ok(text) }
}

fn place(node: NodeRef<'_>, key: &str) -> Result<String, Fault> {
    let text = text(node, key, POINTER_CHARACTERS_MAX)?;
    if pointer::tokens(&text).is_none() || text.contains('\n') {
        return Err(shape(format!("`{key}` must be a JSON Pointer")));
    }
    Ok(text)
}

fn sha256(node: NodeRef<'_>, key: &str) -> Result<String, Fault> {
    let text = text(node, key, WORD_CHARACTERS_MAX)?;
    let hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if hex && text.len() == 64 {
        return Ok(text);
    }
    Err(shape(format!("`{key}` must be a SHA-256 in lowercase hex")))
}

/// A code is a small word and no prose: `[a-z][a-z0-9_-]*`.
fn code(node: NodeRef<'_>, key: &str) -> Result<String, Fault> {
    let text = text(node, key, WORD_CHARACTERS_MAX)?;
    let inner = text.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
    if inner && text.starts_with(|it: char| it.is_ascii_lowercase()) {
        return Ok(text);
    }
    Err(shape(format!("`{key}` must be a code such as `not-needed`")))
}

/// Refuses characters in every string but a proposal's document, which is judged as one.
fn screen(root: NodeRef<'_>) -> Result<(), Fault> {
    let document = root.get("body").and_then(|body| body.get("document"));
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        for entry in node.entries() {
            check(node, entry.key)?;
            if Some(entry.value) != document {
                nodes.push(entry.value);
            }
        }
        nodes.extend(node.items());
        if let Some(text) = node.as_str() {
            check(node, text)?;
        }
    }
    Ok(())
}

fn check(node: NodeRef<'_>, text: &str) -> Result<(), Fault> {
    refused(text).map_or(Ok(()), |what| {
        let at = visible(&node.pointer()).replace('\n', " ");
        Err(Fault::RefusedCharacter { at, what: what.to_string() })
    })
}
