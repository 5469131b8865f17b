//! URI references as far as documents need them: split, joined and percent-decoded.
//!
//! * **Source.** RFC 3986, sections 2.1, 3, 4.2 and 5.2.

use std::borrow::Cow;

/// Where a reference leads, its fragment aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// The place that the base names.
    Here,
    /// A file: a path, normalized.
    File(String),
    /// Something with a scheme or a host.
    Url(String),
}

/// A reference without its fragment, and the fragment.
pub(super) fn split(reference: &str) -> (&str, Option<&str>) {
    match reference.split_once('#') {
        Some((resource, fragment)) => (resource, Some(fragment)),
        None => (reference, None),
    }
}

/// The text with `%XX` undone; nothing where a `%` is not followed by two hexadecimal digits
/// or where the bytes are no UTF-8.
pub fn percent_decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Whether the text begins with a scheme or a host, so that it names no file.
pub(super) fn is_url(text: &str) -> bool {
    text.starts_with("//") || scheme(text).is_some()
}

/// The scheme, without its colon.
pub(super) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let mut chars = scheme.chars();
    let first = chars.next()?.is_ascii_alphabetic();
    let rest = chars.all(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.'));
    (first && rest).then_some(scheme)
}

/// Where `resource`, a reference without fragment, leads from `base`.
pub(super) fn locate(base: &str, resource: &str) -> Result<Location, &'static str> {
    if resource.is_empty() {
        return Ok(Location::Here);
    }
    if resource.contains('\\') {
        return Err("a backslash is no separator in a URI reference");
    }
    if is_url(resource) {
        return Ok(Location::Url(resource.to_owned()));
    }
    if is_url(base) {
        return Ok(Location::Url(join_url(base, resource)));
    }
    let path = percent_decode(resource).ok_or("its percent-encoding is broken")?;
    if path.contains('\0') {
        return Err("a path cannot hold a NUL");
    }
    let joined = match base.rsplit_once('/') {
        Some((directory, _)) if !path.starts_with('/') => format!("{directory}/{path}"),
        _ => path.into_owned(),
    };
    Ok(Location::File(normalize(&joined)))
}

/// A path without `.`, `//` and, where a segment stands before it, `..`.
pub(super) fn normalize(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if absolute => {}
            _ => kept.push(segment),
        }
    }
    let joined = kept.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

fn join_url(base: &str, resource: &str) -> String {
    let base = base.split(['#', '?']).next().unwrap_or_default();
    let after_scheme = base.find("//").map_or(0, |at| at + 2);
    let rest = base.get(after_scheme..).unwrap_or_default();
    let path_start = after_scheme + rest.find('/').unwrap_or(rest.len());
    let (origin, path) = base.split_at(path_start);
    let joined = match path.rsplit_once('/') {
        _ if resource.starts_with('/') => resource.to_owned(),
        Some((directory, _)) => format!("{directory}/{resource}"),
        None => format!("/{resource}"),
    };
    format!("{origin}{}", normalize(&joined))
}

/// Whether the text could be a URI or a relative reference.
///
/// Characters beyond ASCII pass: an IRI maps to a URI without loss (RFC 3987, section 3.1).
pub(super) fn is_reference(text: &str) -> bool {
    let allowed = |char: char| {
        !char.is_ascii()
            || char.is_ascii_alphanumeric()
            || matches!(
                char,
                '-' | '.'
                    | '_'
                    | '~'
                    | ':'
                    | '/'
                    | '?'
                    | '#'
                    | '['
                    | ']'
                    | '@'
                    | '!'
                    | '$'
                    | '&'
                    | '\''
                    | '('
                    | ')'
                    | '*'
                    | '+'
                    | ','
                    | ';'
                    | '='
                    | '%'
            )
    };
    text.chars().all(allowed) && has_whole_escapes(text)
}

fn has_whole_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        matches!(rest.as_bytes(), [high, low, ..]
            if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_lead_from_the_file_that_holds_them() {
        for (base, resource, expected) in [
            ("spec/openapi.yaml", "schemas/a.yaml", "spec/schemas/a.yaml"),
            ("spec/openapi.yaml", "./../b.yaml", "b.yaml"),
            ("spec/openapi.yaml", "../../b.yaml", "../b.yaml"),
            ("spec/openapi.yaml", "%2e%2e/secret.yaml", "secret.yaml"),
            ("openapi.yaml", "/etc/hostname", "/etc/hostname"),
            ("/a/openapi.yaml", "../../../x", "/x"),
            ("<stdin>", "a%20b.yaml", "a b.yaml"),
        ] {
            let file = Location::File(expected.to_owned());
            assert_eq!(locate(base, resource), Ok(file), "{base} {resource}");
        }
    }

    #[test]
    fn urls_never_become_files() {
        for (base, resource, expected) in [
            ("openapi.yaml", "http://127.0.0.1/x.yaml", "http://127.0.0.1/x.yaml"),
            ("openapi.yaml", "//host/x.yaml", "//host/x.yaml"),
            ("openapi.yaml", "file:///etc/passwd", "file:///etc/passwd"),
            ("https://example.com/a/b", "../c", "https://example.com/c"),
            ("https://example.com", "c", "https://example.com/c"),
        ] {
            let url = Location::Url(expected.to_owned());
            assert_eq!(locate(base, resource), Ok(url), "{base} {resource}");
        }
        assert!(locate("a/b.yaml", "..\\c.yaml").is_err());
        assert!(locate("a/b.yaml", "%zz").is_err());
    }

    #[test]
    fn uris_hold_what_rfc_3986_allows() {
        for text in ["https://example.com/a?b=c#d", "", "/a", "../b", "https://bücher.example/"] {
            assert!(is_reference(text), "{text}");
        }
        for text in ["http://a b", "https://example.com/{id}", "<x>", "100%", "%4"] {
            assert!(!is_reference(text), "{text}");
        }
    }
}
