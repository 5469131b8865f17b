//! What a mandate may not say, because no contract could follow from it.

use unicode_normalization::is_nfc;

use crate::document::{Document, NodeRef, Value, is_invisible, pointer};

use super::{
    super::{PartyName, PrivateTerm},
    brief::{Brief, TypeBrief},
    types::{Facets, Field, Kind, Mandate},
};

/// Something wrong, and where.
#[derive(Debug)]
pub(super) struct Wrong {
    pub pointer: String,
    pub message: String,
}

pub(super) fn wrong(pointer: impl Into<String>, message: impl Into<String>) -> Wrong {
    Wrong { pointer: pointer.into(), message: message.into() }
}

/// A name without case and separators: names that are equal so mean the same field.
pub fn folded(name: &str) -> String {
    let folded: String =
        name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if folded.is_empty() { name.to_owned() } else { folded }
}

/// Every text of the file is one that may cross, and none that would cross is private.
pub(super) fn texts(document: &Document, terms: &[PrivateTerm]) -> Result<(), Wrong> {
    let needles: Vec<(String, bool)> =
        terms.iter().map(|term| (PrivateTerm::normalized(term.as_str()), term.is_long())).collect();
    let Some(root) = document.root() else { return Ok(()) };
    let mut nodes: Vec<(NodeRef<'_>, bool)> = Vec::new();
    for entry in root.entries().filter(|entry| entry.key != "private_terms") {
        nodes.push((entry.value, !matches!(entry.key, "system" | "seat" | "party")));
    }
    nodes.reverse();
    while let Some((node, crosses)) = nodes.pop() {
        // Type words and samples are said at first and taken back; own words stay at home.
        let own = ["type", "sample", "accepts", "aliases"].iter().any(|it| node.key() == Some(it));
        let word = node.parent().is_some_and(|it| it.key() == Some("dictionary"));
        let crosses = crosses && !(own && node.is_empty());
        let key = node.key().filter(|_| !word);
        for text in key.into_iter().chain(node.as_str()) {
            if text.chars().any(is_refused) || !is_nfc(text) {
                let message = "a text holds characters that may not cross; write it plainly";
                return Err(wrong(node.pointer(), message));
            }
            let plain = PrivateTerm::normalized(text);
            let private =
                |(needle, long): &(String, bool)| *long && plain.contains(needle.as_str());
            if let Some(entry) = needles.iter().position(private).filter(|_| crosses) {
                let message = format!(
                    "entry {} of `private_terms` stands in a text that would cross; reword it",
                    entry + 1
                );
                return Err(wrong(node.pointer(), message));
            }
        }
        let inner = node.entries().map(|it| it.value).chain(node.items());
        let mut inner: Vec<_> = inner.map(|it| (it, crosses)).collect();
        inner.reverse();
        nodes.extend(inner);
    }
    Ok(())
}

fn is_refused(char: char) -> bool {
    is_invisible(char)
        || matches!(char, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
            | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdd0}'..='\u{fdef}')
}

/// The dictionary and the named objects say what they should.
pub(super) fn words(brief: &Brief) -> Result<(), Wrong> {
    for (word, meant) in &brief.dictionary.0 {
        let at = pointer::join("/dictionary", word);
        if brief.objects.get(word).is_some() {
            let message = format!("`{word}` is a word and an object; rename one");
            return Err(wrong(at, message));
        }
        standard(&at, meant)?;
    }
    for name in brief.objects.names() {
        let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-');
        if name.is_empty() || !name.bytes().all(plain) || Kind::from_word(name).is_some() {
            let message = format!("an object cannot be called `{name}`; use letters and digits");
            return Err(wrong(pointer::join("/objects", name), message));
        }
    }
    Ok(())
}

fn standard(at: &str, brief: &TypeBrief) -> Result<(), Wrong> {
    if Kind::from_word(&brief.r#type).is_some() {
        return Ok(());
    }
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| format!("`{}`", kind.as_str())).collect();
    let message = format!("`{}` is no standard type; use {}", brief.r#type, kinds.join(", "));
    Err(wrong(pointer::join(at, "type"), message))
}

/// What narrows a type leaves something of it.
pub(super) fn facets(at: &str, facets: &Facets) -> Result<(), Wrong> {
    let numeric = matches!(facets.kind, Kind::Integer | Kind::Number);
    let text = facets.kind == Kind::String;
    let kind = facets.kind.as_str();
    let finite = |it: Option<f64>| it.is_none_or(f64::is_finite);
    if !numeric && (facets.minimum.is_some() || facets.maximum.is_some()) {
        return Err(wrong(at, format!("`minimum` and `maximum` say nothing about a {kind}")));
    }
    if !text && (facets.pattern.is_some() || facets.min_length.or(facets.max_length).is_some()) {
        return Err(wrong(at, format!("`pattern` and lengths say nothing about a {kind}")));
    }
    let bounds = facets.minimum.zip(facets.maximum).is_some_and(|(min, max)| min > max);
    let lengths = facets.min_length.zip(facets.max_length).is_some_and(|(min, max)| min > max);
    if bounds || lengths || !finite(facets.minimum) || !finite(facets.maximum) {
        return Err(wrong(at, "the bounds leave nothing; correct the least or the greatest"));
    }
    if let Some(odd) = facets.enumeration.iter().find(|value| !is_of(value, facets)) {
        let message = format!("`enum` holds {}, which is no {kind}", odd.to_json());
        return Err(wrong(pointer::join(at, "enum"), message));
    }
    Ok(())
}

/// Whether a value has the JSON type of the facets.
pub fn is_of(value: &Value, facets: &Facets) -> bool {
    match (value, facets.kind) {
        (Value::Null, _) => facets.nullable,
        (Value::String(_), Kind::String)
        | (Value::Bool(_), Kind::Boolean)
        | (Value::Number(_), Kind::Number)
        | (Value::Object(_), Kind::Object) => true,
        (Value::Number(text), Kind::Integer) => {
            text.parse::<f64>().is_ok_and(|it| it.fract() == 0.0)
        }
        _ => false,
    }
}

/// The party sits at the table, and no operation stands twice.
pub(super) fn mandate(
    mandate: &Mandate,
    keys: &[String],
    parties: Option<[&PartyName; 2]>,
) -> Result<(), Wrong> {
    if parties.is_some_and(|parties| !parties.contains(&&mandate.party)) {
        let message = format!("the charter knows no party `{}`; correct one", mandate.party);
        return Err(wrong("/party", message));
    }
    let mut templates = Vec::new();
    for (operation, key) in mandate.operations.iter().zip(keys) {
        for endpoint in operation.aliases.iter().chain([&operation.endpoint]) {
            let template = endpoint.template();
            if templates.contains(&template) {
                let message =
                    format!("`{endpoint}` stands twice, under one name or another; keep one");
                return Err(wrong(pointer::join("/operations", key), message));
            }
            templates.push(template);
        }
    }
    Ok(())
}

/// An owner is one of the parties.
pub(super) fn owner(
    at: &str,
    owner: Option<&PartyName>,
    parties: Option<[&PartyName; 2]>,
) -> Result<(), Wrong> {
    let Some((owner, parties)) = owner.zip(parties) else { return Ok(()) };
    if parties.contains(&owner) {
        return Ok(());
    }
    let names = parties.map(|it| format!("`{it}`")).join(" or ");
    let message = format!("the owner `{owner}` is no party; use {names}");
    Err(wrong(pointer::join(at, "owner"), message))
}

/// No two fields of one place have names that mean the same.
pub(super) fn alike(at: &str, fields: &[Field]) -> Result<(), Wrong> {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for field in fields {
        for name in field.aliases.iter().chain([&field.name]) {
            let plain = folded(name);
            let other = seen.iter().find(|(it, by)| *it == plain && *by != field.name);
            if let Some((_, other)) = other {
                let name = &field.name;
                let message =
                    format!("`{name}` and `{other}` differ in case and separators at most");
                let remedy = "keep one, or it would be needed and refused at once";
                return Err(wrong(pointer::join(at, name), format!("{message}; {remedy}")));
            }
            seen.push((plain, &field.name));
        }
        if field.name.trim().is_empty() {
            return Err(wrong(pointer::join(at, &field.name), "a field has no name; give it one"));
        }
    }
    Ok(())
}
