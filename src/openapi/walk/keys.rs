//! Keys that are names: of paths, status codes, media types, components and so on.
//!
//! * **Source.** OpenAPI 3.1.1, sections 4.8.7 (Components), 4.8.8 (Paths), 4.8.16 (Responses),
//!   4.8.18 (Callback and runtime expressions); RFC 9110, sections 5.6.2 and 8.3.1.

use crate::{
    document::{Entry, edit},
    finding::{Draft, PatchOperation, Safety},
    openapi::{tables::Keys, version::Version},
};

use super::{
    subject::{key_of, shown, subject},
    walker::{Task, Walker},
};

/// Methods that have a fixed field in a Path Item Object of 3.2.
const FIXED_METHODS: [&str; 9] =
    ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"];

impl<'d> Walker<'d> {
    /// Checks a key of a map or a patterned field.
    pub(super) fn key(&mut self, task: Task<'d>, keys: Keys, entry: &Entry<'d>) {
        let key = entry.key;
        let (fault, meant) = match keys {
            Keys::Component if !is_component(key) => {
                ("may hold only letters, digits, `.`, `-` and `_`", None)
            }
            Keys::Path if !key.starts_with('/') => ("must begin with `/`", Some(format!("/{key}"))),
            Keys::Path if self.version(task.slot) == Version::V32 && !has_whole_braces(key) => {
                ("has braces that enclose no name", None)
            }
            Keys::StatusCode if !is_status_code(key) => {
                ("is neither a status code, nor a range such as `2XX`, nor `default`", code(key))
            }
            Keys::MediaRange if !is_media_range(key) => return self.media_range(task, entry),
            Keys::Header if self.version(task.slot) == Version::V32 && !is_token(key) => {
                ("is no name of an HTTP header", None)
            }
            Keys::Method if FIXED_METHODS.contains(&key) => {
                ("has a field of its own, so it is no additional operation", None)
            }
            Keys::Method if !is_token(key) => ("is no HTTP method", None),
            Keys::Expression if !has_expressions(key) => {
                ("holds something that is no runtime expression", None)
            }
            _ => return,
        };
        self.problems.add("invalid-map-key", || {
            let at = key_of(task.node, entry);
            let place = subject(task.node);
            let message = format!("the key `{}` in {place} {fault}", shown(key));
            let draft = Draft::new("invalid-map-key", at, message).fact(key).found(key);
            let is_free = |meant: &String| task.node.get(meant).is_none();
            let Some(meant) = meant.filter(is_free) else { return draft };
            let from = entry.value.pointer();
            let to = crate::document::pointer::join(&task.node.pointer(), &meant);
            let draft =
                draft.help(format!("did you mean `{}`?", shown(&meant))).expected(meant.as_str());
            let edit = edit::rename(entry.value, &meant);
            draft.fix(Safety::NeedsReview, edit, [PatchOperation::rename(from, to)])
        });
    }
}

impl<'d> Walker<'d> {
    /// The specification says SHOULD of media types (RFC 6838).
    fn media_range(&mut self, task: Task<'d>, entry: &Entry<'d>) {
        self.problems.add("invalid-media-type", || {
            let key = entry.key;
            let message = format!("`{}` is neither a media type nor a range of them", shown(key));
            Draft::new("invalid-media-type", key_of(task.node, entry), message).fact(key)
        });
    }
}

fn is_component(key: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !key.is_empty() && key.bytes().all(allowed)
}

fn is_status_code(key: &str) -> bool {
    match key.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', rest @ ..] => rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// The status code that was probably meant.
fn code(key: &str) -> Option<String> {
    let meant = key.trim().to_ascii_uppercase().replace('O', "0");
    if is_status_code(&meant) {
        return Some(meant);
    }
    key.trim().eq_ignore_ascii_case("default").then(|| "default".to_owned())
}

/// A token of RFC 9110, section 5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'&'
                    | b'\''
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'^'
                    | b'_'
                    | b'`'
                    | b'|'
                    | b'~'
            )
    };
    !text.is_empty() && text.bytes().all(allowed)
}

fn is_media_range(key: &str) -> bool {
    let (range, _parameters) = key.split_once(';').unwrap_or((key, ""));
    let Some((kind, subtype)) = range.trim().split_once('/') else { return false };
    is_token(kind) && is_token(subtype)
}

/// Whether every brace encloses a name: `/a/{b}`, not `/a/{b` or `/a/{}`.
fn has_whole_braces(path: &str) -> bool {
    let mut rest = path;
    while let Some(open) = rest.find(['{', '}']) {
        let Some(after) = rest.get(open..).and_then(|it| it.strip_prefix('{')) else {
            return false;
        };
        let Some(close) = after.find(['{', '}']) else { return false };
        if close == 0 || !after.get(close..).unwrap_or_default().starts_with('}') {
            return false;
        }
        rest = after.get(close + 1..).unwrap_or_default();
    }
    true
}

/// Whether what begins with `$`, whole or in braces, is a runtime expression.
fn has_expressions(key: &str) -> bool {
    if key.starts_with('$') {
        return is_expression(key);
    }
    key.split('{').skip(1).all(|part| match part.split_once('}') {
        Some((inner, _)) => !inner.starts_with('$') || is_expression(inner),
        None => !part.starts_with('$'),
    })
}

/// Whether a text is a runtime expression: `$url`, `$method`, `$statusCode`, `$request.…` and
/// `$response.…`.
pub fn is_expression(text: &str) -> bool {
    if matches!(text, "$url" | "$method" | "$statusCode") {
        return true;
    }
    let Some(source) = text.strip_prefix("$request.").or_else(|| text.strip_prefix("$response."))
    else {
        return false;
    };
    if let Some(name) = source.strip_prefix("header.") {
        return is_token(name);
    }
    if source.starts_with("query.") || source.starts_with("path.") {
        return source.split_once('.').is_some_and(|(_, name)| !name.is_empty());
    }
    match source.strip_prefix("body") {
        Some(pointer) => {
            pointer.is_empty()
                || pointer.strip_prefix('#').is_some_and(|it| it.is_empty() || it.starts_with('/'))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_codes_and_what_was_meant() {
        for code in ["200", "599", "2XX"] {
            assert!(is_status_code(code), "{code}");
        }
        for (key, meant) in [
            ("2xx", Some("2XX")),
            ("20O", Some("200")),
            ("Default", Some("default")),
            ("999", None),
            ("20", None),
        ] {
            assert!(!is_status_code(key), "{key}");
            assert_eq!(code(key).as_deref(), meant, "{key}");
        }
    }

    #[test]
    fn expressions_and_templates() {
        for key in [
            "{$request.body#/url}/data",
            "$request.query.callbackUrl",
            "http://example.com?id={$request.body#/id}&e={$response.header.Location}",
            "onEvent",
            "{$request.body#}",
        ] {
            assert!(has_expressions(key), "{key}");
        }
        for key in ["{$request.bdy#/url}", "$requst.body", "{$request.body/url}", "{$url"] {
            assert!(!has_expressions(key), "{key}");
        }
        for (path, whole) in [
            ("/a/{b}", true),
            ("/{a}{b}", true),
            ("/{}", false),
            ("/{a", false),
            ("/a}", false),
            ("/{a{b}}", false),
        ] {
            assert_eq!(has_whole_braces(path), whole, "{path}");
        }
    }
}
