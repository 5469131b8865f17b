//! Single changes of a contract: put something in, take something away, nothing else moves.

use crate::{
    charter::{
        Mandate,
        mandate::{Body, METHODS, template_parameters},
    },
    document::{Value, pointer},
};

use super::{
    find, owner,
    schema::TYPE_KEYWORDS,
    tree::{at_mut, ensure, last, parent, remove, resolve, set},
    write::KEY_SENTENCE,
};

/// The keywords of a schema that go when it gets another type.
const SHAPE_KEYWORDS: [&str; 14] = [
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "$ref",
];

/// Replaces what a schema says about its type; what the new one says beside it is added where
/// the old one says nothing.
pub(super) fn put_type(root: &mut Value, place: &str, schema: &Value) {
    let Some(Value::Object(members)) = at_mut(root, place) else { return };
    let shapes = |key: &str| TYPE_KEYWORDS.contains(&key) || SHAPE_KEYWORDS.contains(&key);
    members.retain(|(key, _)| !shapes(key));
    for (key, value) in schema.members() {
        if !members.iter().any(|(name, _)| name == key) {
            members.push((key.clone(), value.clone()));
        }
    }
}

/// Names the owner of what stands at a place.
pub(super) fn put_owner(root: &mut Value, place: &str, owner: Value) {
    wrap_reference(root, place);
    set(root, place, "x-owner", owner);
}

/// Says of the schema at a place that it is a matching key.
pub(super) fn put_key(root: &mut Value, place: &str) {
    wrap_reference(root, place);
    set(root, place, "x-unique", Value::Bool(true));
    say(root, place, KEY_SENTENCE);
}

/// Puts a property into the schema at a place.
pub(super) fn put_property(root: &mut Value, schema: &str, name: &str, value: Value) {
    if let Some(all) = ensure(root, schema, "properties", Value::Object(Vec::new())) {
        set(root, &all, name, value);
    }
}

/// Takes away, in a mandate's name, whatever stands at a place: an operation, a parameter, a
/// property.
pub(super) fn remove_any(root: &mut Value, place: &str, mandate: &Mandate) {
    let used = references(root);
    let operations = find::operations(root);
    let list = parent(place);
    if operations.iter().any(|it| it.place == place) {
        remove_operation(root, place);
    } else if let Some(schema) = list.strip_suffix("/properties") {
        remove_field(root, schema, &last(place).unwrap_or_default());
    } else if let Some(operation) =
        operations.iter().find(|it| format!("{}/parameters", it.place) == list)
    {
        let name = last(place).unwrap_or_default();
        let found = find::parameters(root, operation);
        let named = found.iter().find(|it| it.listed == place || it.name == name);
        if let Some(listed) = named.map(|it| it.listed.clone()) {
            remove(root, &listed);
            drop_if_empty(root, parent(&listed));
        }
    } else {
        remove(root, place);
    }
    prune(root, &used, mandate);
}

pub(super) fn push(root: &mut Value, list: Option<&str>, value: Value) {
    if let Some(Value::Array(items)) = list.and_then(|list| at_mut(root, list)) {
        items.push(value);
    }
}

pub(super) fn add_component(root: &mut Value, name: &str, schema: Value) {
    let Some(all) = ensure(root, "", "components", Value::Object(Vec::new())) else { return };
    let schemas = ensure(root, &all, "schemas", Value::Object(Vec::new()));
    set(root, &schemas.unwrap_or_default(), name, schema);
}

/// Puts a body where there is none, or its content into the one that there is.
pub(super) fn put_body(root: &mut Value, place: &str, body: &Body, value: Value) {
    let there = resolve(root, place).filter(|it| matches!(root.at(it), Some(Value::Object(_))));
    let Some(there) = there else {
        let key = last(place).unwrap_or_default();
        return set(root, parent(place), &key, value);
    };
    let media = value.get("content").and_then(|it| it.get(&body.media)).cloned();
    let content = ensure(root, &there, "content", Value::Object(Vec::new()));
    if let Some((media, content)) = media.zip(content) {
        set(root, &content, &body.media, media);
    }
}

/// Puts a member in the place of another one.
pub(super) fn replace_member(root: &mut Value, place: &str, key: &str, value: Value) {
    let Some(Value::Object(members)) = at_mut(root, parent(place)) else { return };
    let old = last(place).unwrap_or_default();
    if let Some(member) = members.iter_mut().find(|(name, _)| *name == *old) {
        *member = (key.to_owned(), value);
    }
}

pub(super) fn remove_operation(root: &mut Value, place: &str) {
    remove(root, place);
    let item = parent(place);
    let left = root.at(item).is_some_and(|it| {
        it.members().iter().any(|(key, _)| METHODS.contains(&key.as_str()) || key == "$ref")
    });
    if !left && parent(item) == "/paths" {
        remove(root, item);
    }
}

pub(super) fn remove_field(root: &mut Value, holder: &str, name: &str) {
    let all = pointer::join(holder, "properties");
    remove(root, &pointer::join(&all, name));
    drop_if_empty(root, &all);
    unrequire(root, holder, name);
}

/// Makes the object whose schema stands at a place do without a property.
pub(super) fn unrequire(root: &mut Value, schema: &str, name: &str) {
    let required = pointer::join(schema, "required");
    if let Some(Value::Array(items)) = at_mut(root, &required) {
        items.retain(|it| it.as_str() != Some(name));
    }
    drop_if_empty(root, &required);
}

pub(super) fn drop_if_empty(root: &mut Value, place: &str) {
    let empty = root.at(place).is_some_and(|it| it.members().is_empty() && it.items().is_empty());
    if empty {
        remove(root, place);
    }
}

/// Makes the object whose schema stands at a place require a property.
pub(super) fn require(root: &mut Value, schema: &str, name: &str) {
    let list = ensure(root, schema, "required", Value::Array(Vec::new()));
    let Some(Value::Array(items)) = list.and_then(|list| at_mut(root, &list)) else { return };
    if !items.iter().any(|it| it.as_str() == Some(name)) {
        items.push(Value::from(name));
    }
}

/// In OpenAPI 3.0 nothing beside a reference counts, so the reference goes into an `allOf`.
pub(super) fn wrap_reference(root: &mut Value, place: &str) {
    let Some(there) = at_mut(root, place) else { return };
    if there.get("$ref").is_some() {
        let reference = std::mem::replace(there, Value::Null);
        *there = Value::object([("allOf", Value::Array(vec![reference]))]);
    }
}

/// Adds a sentence to a description that does not have it.
pub(super) fn say(root: &mut Value, place: &str, sentence: &str) {
    let said = root.at(place).and_then(|it| it.get("description")).and_then(Value::as_str);
    let text = match said {
        Some(said) if said.contains(sentence) => return,
        Some(said) => format!("{} {sentence}", said.trim_end()),
        None => sentence.to_owned(),
    };
    set(root, place, "description", Value::from(text));
}

/// Gives an operation's path parameters the names that the contract's path has for them.
pub(super) fn rename_path_parameters(operation: &mut Value, own: &str, theirs: &str) {
    let names: Vec<_> = template_parameters(own).zip(template_parameters(theirs)).collect();
    let Some(Value::Array(parameters)) = operation.get_mut("parameters") else { return };
    for parameter in parameters {
        let in_path = parameter.get("in").and_then(Value::as_str) == Some("path");
        let name = parameter.get_mut("name").filter(|_| in_path);
        let Some(Value::String(name)) = name else { continue };
        if let Some((_, theirs)) = names.iter().find(|(own, _)| *own == name.as_str()) {
            (*theirs).clone_into(name);
        }
    }
}

/// Every local reference of a document.
pub(super) fn references(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            found.push(target.to_owned());
        }
        open.extend(value.members().iter().map(|(_, member)| member));
        open.extend(value.items());
    }
    found.sort();
    found.dedup();
    found
}

/// Takes away the components that were used before and are not used any more, but for those of
/// which the other side owns something.
pub(super) fn prune(root: &mut Value, before: &[String], mandate: &Mandate) {
    let mut used = before.to_vec();
    loop {
        let now = references(root);
        let unused: Vec<_> = used.iter().filter(|it| now.binary_search(it).is_err()).collect();
        let places = unused.iter().filter_map(|it| it.strip_prefix('#'));
        let mut any = false;
        let places: Vec<_> = places.filter(|it| it.starts_with("/components/")).collect();
        for place in places {
            if owner::is_shared(mandate, root, place) {
                continue;
            }
            any |= remove(root, place).is_some();
            drop_if_empty(root, parent(place));
        }
        drop_if_empty(root, "/components");
        if !any {
            return;
        }
        used = now;
    }
}
