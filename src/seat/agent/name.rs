//! Names for operations that have none.

use crate::{
    charter::mandate::{Endpoint, folded},
    document::Value,
};

use super::find;

/// An `operationId` that no other operation of the contract has, not even in another spelling:
/// the one that is wished for, or one made of method and path. The operation at `place` itself
/// does not count as another.
pub(super) fn operation_id(
    root: &Value,
    endpoint: &Endpoint,
    wished: Option<&str>,
    place: &str,
) -> String {
    let taken: Vec<String> = find::operations(root)
        .iter()
        .filter(|it| it.place != place)
        .filter_map(|it| root.at(&it.place)?.get("operationId")?.as_str().map(folded))
        .collect();
    let usable = |it: &&str| it.starts_with(|it: char| it.is_ascii_alphabetic());
    let base = wished.filter(usable).map_or_else(|| of_path(endpoint), str::to_owned);
    let free = |it: &String| !taken.contains(&folded(it));
    if free(&base) {
        return base;
    }
    let by_path = of_path(endpoint);
    let numbered = (2_u32..).map(|number| format!("{by_path}{number}"));
    [by_path.clone()].into_iter().chain(numbered).find(free).unwrap_or(by_path)
}

/// `GET /orders/{id}` -> `getOrdersById`.
fn of_path(endpoint: &Endpoint) -> String {
    let mut id = endpoint.method.clone();
    for step in endpoint.path.split('/').filter(|step| !step.is_empty()) {
        if let Some(name) = step.strip_prefix('{') {
            id.push_str("By");
            push_words(&mut id, name);
        } else {
            push_words(&mut id, step);
        }
    }
    id
}

fn push_words(id: &mut String, step: &str) {
    for word in step.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty()) {
        let mut chars = word.chars();
        id.extend(chars.next().map(|it| it.to_ascii_uppercase()));
        id.push_str(chars.as_str());
    }
}
