//! Places of a contract in words.
//!
//! A pointer into an OpenAPI document names every step of the way; people want the field and
//! the operation. The journal and the report keep the pointer.

use crate::document::{is_invisible, pointer};

use super::story::one_line;

/// A pointer as people say it: `` `total` in the request of `POST /orders` ``; one that leads
/// to something else stays a pointer.
pub fn place_in_words(place: &str) -> String {
    let in_words = pointer::tokens(place).and_then(|tokens| {
        let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
        let plain = tokens.iter().all(|it| !it.is_empty() && !it.chars().any(is_invisible));
        plain.then(|| words(&tokens))?
    });
    in_words.map_or_else(|| format!("`{}`", one_line(place)), |words| one_line(&words))
}

fn words(tokens: &[&str]) -> Option<String> {
    match tokens {
        [] => Some("the whole contract".to_owned()),
        ["paths", path] => Some(format!("`{path}`")),
        ["paths", path, method, rest @ ..] => {
            within(rest, &format!("`{} {path}`", method.to_uppercase()))
        }
        ["components", "schemas", name, rest @ ..] => {
            within_schema(rest, &format!("the schema `{name}`"))
        }
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
        ["parameters", number] => Some(format!("parameter {number} of {operation}")),
        ["parameters", number, "schema", rest @ ..] => {
            within_schema(rest, &format!("parameter {number} of {operation}"))
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
            ("/info/title", "`/info/title`"),
            ("/a\u{202e}", "`/a\\u{202e}`"),
            ("/paths/~1a\u{202e}", "`/paths/~1a\\u{202e}`"),
            ("/paths/x/get/a/b/c", "`/paths/x/get/a/b/c`"),
        ] {
            assert_eq!(place_in_words(pointer), words, "{pointer}");
        }
    }
}
