//! JSON Patch over values that keep their numbers.
//!
//! * **Source.** RFC 6902.
//! * **Errors.** A patch is applied whole or not at all.

use super::{
    Value,
    pointer::{array_index, tokens},
};

/// Why a patch does not apply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The patch is no array of operations.
    #[error("a patch is an array of operations")]
    NoArray,
    /// An operation lacks a member, or has one that is wrong.
    #[error("operation {at}: {what}")]
    Operation {
        /// The operation's place in the patch, from 0.
        at: usize,
        /// What is wrong with it.
        what: String,
    },
}

impl Value {
    /// Applies a patch and returns what comes of it.
    pub fn patched(&self, patch: &Self) -> Result<Self, PatchError> {
        let Self::Array(operations) = patch else { return Err(PatchError::NoArray) };
        let mut value = self.clone();
        for (at, operation) in operations.iter().enumerate() {
            apply(&mut value, operation).map_err(|what| PatchError::Operation { at, what })?;
        }
        Ok(value)
    }
}

fn apply(root: &mut Value, operation: &Value) -> Result<(), String> {
    let member = |name: &str| operation.get(name).ok_or(format!("`{name}` is missing"));
    let text = |name: &str| {
        member(name)?.as_str().map(str::to_owned).ok_or(format!("`{name}` must be a string"))
    };
    let path = text("path")?;
    match text("op")?.as_str() {
        "add" => add(root, &path, member("value")?.clone()),
        "remove" => remove(root, &path).map(|_| ()),
        "replace" => {
            *find(root, &path)? = member("value")?.clone();
            Ok(())
        }
        "move" => {
            let from = text("from")?;
            if path.starts_with(&format!("{from}/")) {
                return Err(format!("`{from}` cannot move into itself"));
            }
            let value = remove(root, &from)?;
            add(root, &path, value)
        }
        "copy" => {
            let value = find(root, &text("from")?)?.clone();
            add(root, &path, value)
        }
        "test" => {
            let same = *find(root, &path)? == *member("value")?;
            if same { Ok(()) } else { Err(format!("`{path}` is not what `test` says")) }
        }
        other => Err(format!("there is no operation `{other}`")),
    }
}

fn find<'v>(root: &'v mut Value, pointer: &str) -> Result<&'v mut Value, String> {
    let missing = || format!("nothing stands at `{pointer}`");
    let mut value = root;
    for token in tokens(pointer).ok_or_else(|| format!("`{pointer}` is no JSON pointer"))? {
        value = match value {
            Value::Array(items) => array_index(&token).and_then(|index| items.get_mut(index)),
            other => other.get_mut(&token),
        }
        .ok_or_else(missing)?;
    }
    Ok(value)
}

/// The parent of what a pointer names, and the last token.
fn parent<'v>(root: &'v mut Value, pointer: &str) -> Result<(&'v mut Value, String), String> {
    let Some((before, _)) = pointer.rsplit_once('/') else {
        return Err("the whole document can only be replaced".to_owned());
    };
    let last =
        tokens(pointer).and_then(|mut tokens| tokens.pop()).map(std::borrow::Cow::into_owned);
    let last = last.ok_or_else(|| format!("`{pointer}` is no JSON pointer"))?;
    Ok((find(root, before)?, last))
}

fn add(root: &mut Value, pointer: &str, value: Value) -> Result<(), String> {
    if pointer.is_empty() {
        *root = value;
        return Ok(());
    }
    let (parent, token) = parent(root, pointer)?;
    match parent {
        Value::Object(members) => match members.iter_mut().find(|(key, _)| *key == token) {
            Some((_, old)) => *old = value,
            None => members.push((token, value)),
        },
        Value::Array(items) => {
            let index = if token == "-" { Some(items.len()) } else { array_index(&token) };
            match index.filter(|index| *index <= items.len()) {
                Some(index) => items.insert(index, value),
                None => return Err(format!("`{pointer}` is past the end of the array")),
            }
        }
        _ => return Err(format!("`{pointer}` has no parent that could hold it")),
    }
    Ok(())
}

fn remove(root: &mut Value, pointer: &str) -> Result<Value, String> {
    let missing = format!("nothing stands at `{pointer}`");
    let (parent, token) = parent(root, pointer)?;
    match parent {
        Value::Object(members) => {
            let at = members.iter().position(|(key, _)| *key == token).ok_or(missing)?;
            Ok(members.remove(at).1)
        }
        Value::Array(items) => {
            let at = array_index(&token).filter(|at| *at < items.len()).ok_or(missing)?;
            Ok(items.remove(at))
        }
        _ => Err(missing),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn patched(value: &str, patch: &str) -> Result<String, PatchError> {
        let (value, patch) = (Value::from_json(value).unwrap(), Value::from_json(patch).unwrap());
        value.patched(&patch).map(|value| value.to_json())
    }

    #[test]
    fn operations_of_rfc_6902() {
        let value = r#"{"a":[1.10,2],"b":{"c":1e3}}"#;
        for (patch, result) in [
            (r#"[{"op":"add","path":"/a/1","value":9}]"#, r#"{"a":[1.10,9,2],"b":{"c":1e3}}"#),
            (r#"[{"op":"add","path":"/a/-","value":9}]"#, r#"{"a":[1.10,2,9],"b":{"c":1e3}}"#),
            (r#"[{"op":"remove","path":"/a/0"}]"#, r#"{"a":[2],"b":{"c":1e3}}"#),
            (r#"[{"op":"replace","path":"/b/c","value":0}]"#, r#"{"a":[1.10,2],"b":{"c":0}}"#),
            (r#"[{"op":"move","from":"/b/c","path":"/d"}]"#, r#"{"a":[1.10,2],"b":{},"d":1e3}"#),
            (
                r#"[{"op":"copy","from":"/a","path":"/e"}]"#,
                r#"{"a":[1.10,2],"b":{"c":1e3},"e":[1.10,2]}"#,
            ),
        ] {
            assert_eq!(patched(value, patch).unwrap(), result);
        }
        for patch in [
            r#"[{"op":"test","path":"/a","value":0}]"#,
            r#"[{"op":"remove","path":"/x"}]"#,
            r#"[{"op":"add","path":"/a/7","value":0}]"#,
            r#"[{"op":"move","from":"/b","path":"/b/c"}]"#,
            r#"[{"op":"nope","path":"/a"}]"#,
            r#"{"op":"remove"}"#,
        ] {
            assert!(patched(value, patch).is_err(), "{patch}");
        }
    }
}
