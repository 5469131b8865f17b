//! Places of a contract in words.
//!
//! A pointer into an OpenAPI document names every step of the way; people want the field and
//! the operation. The journal and the report keep the pointer.

use crate::document::{Value, is_invisible, pointer};

use super::{changes::value_of, story::one_line};

/// A pointer as people say it: `` `total` in the request of `POST /orders` ``; one that leads
/// to something else stays a pointer. A parameter has its name where the contract is given.
pub fn place_in_words(place: &str, contract: Option<&str>) -> String {
    let contract = contract.filter(|_| place.contains("/parameters/"));
    let contract = contract.map_or(Value::Null, |text| value_of(Some(text)));
    let in_words = pointer::tokens(place).and_then(|tokens| {
        let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
        let plain = tokens.iter().all(|it| !it.is_empty() && !it.chars().any(is_invisible));
        plain.then(|| words(&tokens, &contract))?
    });
    in_words.map_or_else(|| format!("`{}`", one_line(place)), |words| one_line(&words))
}

/// Whether a place says that what it belongs to must not be left out of a message: a name in
/// the list of an object, written by itself and not by its number, or the mark of a parameter.
pub(super) fn is_requirement(place: &str) -> bool {
    let Some(tokens) = pointer::tokens(place) else { return false };
    let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
    match tokens.as_slice() {
        [.., "properties", "required", _] => false,
        [.., "required", name] => name.parse::<usize>().is_err(),
        [.., "parameters", _, "required"] => true,
        _ => false,
    }
}

fn words(tokens: &[&str], contract: &Value) -> Option<String> {
    match tokens {
        [] => Some("the whole contract".to_owned()),
        ["paths", path] => Some(format!("`{path}`")),
        ["paths", path, "parameters", number, rest @ ..] => {
            let place = contract.get("paths")?.get(path)?.get("parameters");
            within_parameter(rest, &parameter(contract, place, number), &format!("`{path}`"))
        }
        ["paths", path, method, rest @ ..] => {
            let title = format!("`{} {path}`", method.to_uppercase());
            let place = contract.get("paths").and_then(|it| it.get(path)?.get(method));
            match rest {
                ["parameters", number, rest @ ..] => {
                    let place = place.and_then(|it| it.get("parameters"));
                    within_parameter(rest, &parameter(contract, place, number), &title)
                }
                rest => within(rest, &title),
            }
        }
        ["components", "schemas", name, rest @ ..] => {
            within_schema(rest, &format!("the schema `{name}`"))
        }
        _ => None,
    }
}

/// What a parameter is called: the one at a number of the list, or one that is not there yet
/// and has a name in place of a number.
fn parameter(contract: &Value, list: Option<&Value>, number: &str) -> String {
    let Ok(at) = number.parse::<usize>() else { return format!("parameter `{number}`") };
    let listed = list.and_then(|list| list.items().get(at));
    let target = listed.and_then(|it| it.get("$ref")?.as_str()?.strip_prefix('#'));
    let there = target.map_or(listed, |target| contract.at(target));
    let text = |key: &str| there.and_then(|it| it.get(key)?.as_str());
    match (text("in"), text("name")) {
        (Some(location), Some(name)) => format!("{location} parameter `{name}`"),
        _ => format!("parameter {number}"),
    }
}

fn within_parameter(tokens: &[&str], parameter: &str, operation: &str) -> Option<String> {
    let whole = format!("{parameter} of {operation}");
    match tokens {
        [] | ["required"] => Some(whole),
        ["schema", rest @ ..] => within_schema(rest, &whole),
        [field] => Some(format!("`{field}` of {whole}")),
        _ => None,
    }
}

fn within(tokens: &[&str], operation: &str) -> Option<String> {
    match tokens {
        [] => Some(operation.to_owned()),
        ["requestBody", rest @ ..] => within_body(rest, &format!("the request of {operation}")),
        ["responses", status, rest @ ..] => {
            within_body(rest, &format!("the answer {status} of {operation}"))
        }
        [field] => Some(format!("`{field}` of {operation}")),
        _ => None,
    }
}

fn within_body(tokens: &[&str], body: &str) -> Option<String> {
    match tokens {
        [] | ["content"] | ["content", _] => Some(body.to_owned()),
        ["content", _media, "schema", rest @ ..] => within_schema(rest, body),
        ["content", _media, "example", ..] => Some(format!("the example of {body}")),
        ["content", _media, "examples", name, ..] => {
            Some(format!("the example `{name}` of {body}"))
        }
        [field] => Some(format!("`{field}` of {body}")),
        _ => None,
    }
}

/// A field of a schema: `items.sku`, and perhaps one keyword of it.
fn within_schema(tokens: &[&str], whole: &str) -> Option<String> {
    let mut field = String::new();
    let mut rest = tokens;
    loop {
        match rest {
            ["properties", name, more @ ..] => {
                field.push_str(if field.is_empty() { "" } else { "." });
                field.push_str(name);
                rest = more;
            }
            ["items", more @ ..] => {
                field.push_str("[]");
                rest = more;
            }
            ["required", name] if name.parse::<usize>().is_err() => {
                field.push_str(if field.is_empty() { "" } else { "." });
                field.push_str(name);
                rest = &[];
            }
            [] if field.is_empty() => return Some(whole.to_owned()),
            [] => return Some(format!("`{field}` in {whole}")),
            [keyword] if field.is_empty() => return Some(format!("`{keyword}` of {whole}")),
            [keyword] => return Some(format!("the {keyword} of `{field}` in {whole}")),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_words() {
        let json = "content/application~1json/schema";
        for (pointer, words) in [
            ("", "the whole contract"),
            ("/paths/~1orders", "`/orders`"),
            ("/paths/~1orders/post", "`POST /orders`"),
            ("/paths/~1orders/post/summary", "`summary` of `POST /orders`"),
            ("/paths/~1orders/post/requestBody", "the request of `POST /orders`"),
            (
                &format!("/paths/~1orders/post/requestBody/{json}/properties/items/items/type"),
                "the type of `items[]` in the request of `POST /orders`",
            ),
            (
                &format!("/paths/~1orders/post/responses/201/{json}/properties/a/properties/b"),
                "`a.b` in the answer 201 of `POST /orders`",
            ),
            ("/components/schemas/Order/properties/total", "`total` in the schema `Order`"),
            (
                "/paths/~1orders/get/parameters/0/schema/type",
                "`type` of parameter 0 of `GET /orders`",
            ),
            (
                "/paths/~1a/get/responses/200/content/x/examples/One/$ref",
                "the example `One` of the answer 200 of `GET /a`",
            ),
            ("/paths/~1orders/get/parameters/page", "parameter `page` of `GET /orders`"),
            (
                &format!("/paths/~1orders/post/requestBody/{json}/properties/a/required/b"),
                "`a.b` in the request of `POST /orders`",
            ),
            ("/info/title", "`/info/title`"),
            ("/a\u{202e}", "`/a\\u{202e}`"),
            ("/paths/~1a\u{202e}", "`/paths/~1a\\u{202e}`"),
            ("/paths/x/get/a/b/c", "`/paths/x/get/a/b/c`"),
        ] {
            assert_eq!(place_in_words(pointer, None), words, "{pointer}");
        }
    }

    #[test]
    fn parameters_by_their_names() {
        let contract = "paths:
  /a:
    parameters: [{ $ref: '#/components/parameters/Trace' }]
    get: { parameters: [{ name: page, in: query }, { name: size, in: query }] }
components: { parameters: { Trace: { name: X-Trace, in: header } } }
";
        for (pointer, words) in [
            ("/paths/~1a/get/parameters/1", "query parameter `size` of `GET /a`"),
            ("/paths/~1a/get/parameters/0/schema", "query parameter `page` of `GET /a`"),
            (
                "/paths/~1a/get/parameters/0/schema/maximum",
                "`maximum` of query parameter `page` of `GET /a`",
            ),
            ("/paths/~1a/get/parameters/0/required", "query parameter `page` of `GET /a`"),
            ("/paths/~1a/get/parameters/7", "parameter 7 of `GET /a`"),
            ("/paths/~1a/parameters/0", "header parameter `X-Trace` of `/a`"),
        ] {
            assert_eq!(place_in_words(pointer, Some(contract)), words, "{pointer}");
        }
    }

    #[test]
    fn requirements() {
        for (pointer, is) in [
            ("/a/properties/b/required/c", true),
            ("/a/properties/required/properties", false),
            ("/a/properties/required/type", false),
            ("/a/required/0", false),
            ("/paths/~1a/get/parameters/0/required", true),
            ("/a/required", false),
        ] {
            assert_eq!(is_requirement(pointer), is, "{pointer}");
        }
    }
}
