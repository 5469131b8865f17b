//! Where the things that a mandate speaks of stand in a contract.

use crate::{
    charter::mandate::{Endpoint, Location, Operation, template_of},
    document::{Value, pointer},
};

use super::tree::resolve;

/// An operation of the contract.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FoundOperation {
    /// Its method, in small letters.
    pub method: String,
    /// Its path, as the contract writes it.
    pub path: String,
    /// Where it stands.
    pub place: String,
    /// Where its path item stands.
    pub item: String,
}

/// A parameter of the contract.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FoundParameter {
    /// Its name.
    pub name: String,
    /// Where it is listed, a reference perhaps.
    pub listed: String,
    /// Where it is defined.
    pub place: String,
    /// Where the parameter is sent.
    pub location: String,
}

/// Every operation of the contract, in its order.
pub(super) fn operations(root: &Value) -> Vec<FoundOperation> {
    let mut found = Vec::new();
    for (path, _) in root.get("paths").map(Value::members).unwrap_or_default() {
        let Some(item) = resolve(root, &pointer::join("/paths", path)) else { continue };
        for (method, operation) in root.at(&item).map(Value::members).unwrap_or_default() {
            let known = crate::charter::mandate::METHODS.contains(&method.as_str());
            if known && matches!(operation, Value::Object(_)) {
                found.push(FoundOperation {
                    method: method.clone(),
                    path: path.clone(),
                    place: pointer::join(&item, method),
                    item: item.clone(),
                });
            }
        }
    }
    found
}

/// The operation that a mandate means.
pub(super) fn operation(root: &Value, meant: &Operation) -> Option<FoundOperation> {
    let found = operations(root);
    let endpoints = [&meant.endpoint].into_iter().chain(&meant.aliases);
    let mut matches = endpoints.filter_map(|it| found.iter().find(|other| is_at(other, it)));
    matches.next().cloned()
}

/// Whether an operation is the one that an endpoint names.
pub(super) fn is_at(found: &FoundOperation, endpoint: &Endpoint) -> bool {
    (found.method.clone(), template_of(&found.path)) == endpoint.template()
}

/// The path of the contract that has the same template.
pub(super) fn path_like(root: &Value, path: &str) -> Option<String> {
    let template = template_of(path);
    let paths = root.get("paths").map(Value::members).unwrap_or_default();
    paths.iter().map(|(path, _)| path).find(|it| template_of(it) == template).cloned()
}

/// The parameters of an operation; its own come before those of its path.
pub(super) fn parameters(root: &Value, operation: &FoundOperation) -> Vec<FoundParameter> {
    let mut found: Vec<FoundParameter> = Vec::new();
    for holder in [&operation.place, &operation.item] {
        let list = pointer::join(holder, "parameters");
        let count = root.at(&list).map_or(0, |it| it.items().len());
        for listed in (0..count).map(|at| format!("{list}/{at}")) {
            let Some(place) = resolve(root, &listed) else { continue };
            let text = |key| root.at(&place)?.get(key)?.as_str().map(str::to_owned);
            let (Some(name), Some(location)) = (text("name"), text("in")) else { continue };
            if !found.iter().any(|it| it.name == name && it.location == location) {
                found.push(FoundParameter { name, listed, place, location });
            }
        }
    }
    found
}

/// Whether a parameter stands where `location` says.
pub(super) fn is_in(found: &FoundParameter, location: Location) -> bool {
    found.location == location.as_str()
}

/// The media type of a body that a mandate means, where the body itself is known.
pub(super) fn media(root: &Value, body: &str, meant: &str) -> Option<String> {
    let body = resolve(root, body)?;
    let content = pointer::join(&body, "content");
    let listed = root.at(&content)?.members();
    let essence =
        |media: &str| media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = |media: &str| essence(media).ends_with("json");
    let exact = listed.iter().find(|(media, _)| essence(media) == essence(meant));
    let alike = || listed.iter().find(|(media, _)| json(media) && json(meant));
    let (media, _) = exact.or_else(alike).or_else(|| listed.first())?;
    Some(pointer::join(&content, media))
}

/// Where an operation says what it is sent.
pub(super) fn request(root: &Value, operation: &str) -> Option<String> {
    let place = pointer::join(operation, "requestBody");
    root.at(&place).map(|_| place)
}

/// Where an operation says what it answers when it went well: under the status that the mandate
/// means, or under another success.
pub(super) fn response(root: &Value, operation: &str, meant: u16) -> Option<String> {
    let responses = pointer::join(operation, "responses");
    let listed = root.at(&responses)?.members();
    let exact = listed.iter().find(|(status, _)| *status == meant.to_string());
    let success = || listed.iter().find(|(status, _)| status.starts_with('2'));
    let (status, _) = exact.or_else(success)?;
    Some(pointer::join(&responses, status))
}

/// Whether a response has a code after which no body comes (RFC 9110, sections 15.3.5, 15.3.6).
pub(super) fn is_without_body(place: &str) -> bool {
    matches!(place.rsplit('/').next(), Some("204" | "205"))
}

/// Whether an operation says what it answers with an error of this status.
pub(super) fn has_error(root: &Value, operation: &str, status: u16) -> bool {
    let responses = root.at(&pointer::join(operation, "responses"));
    let range = format!("{}XX", status / 100);
    [status.to_string(), range, "default".to_owned()]
        .iter()
        .any(|key| responses.is_some_and(|it| it.get(key).is_some()))
}
