//! URIs, IRIs and URI templates.
//!
//! * **Source.** RFC 3986, appendix A; RFC 3987; RFC 6570, section 2.

use std::net::Ipv6Addr;

use super::Judgement::{self, Wrong};

pub(super) fn uri(text: &str) -> Judgement {
    absolute(text, false)
}

pub(super) fn iri(text: &str) -> Judgement {
    absolute(text, true)
}

pub(super) fn reference(text: &str) -> Judgement {
    relative(text, false)
}

pub(super) fn iri_reference(text: &str) -> Judgement {
    relative(text, true)
}

fn absolute(text: &str, beyond_ascii: bool) -> Judgement {
    match scheme(text) {
        Some(rest) => parts(rest, beyond_ascii),
        None => Wrong("it has no scheme such as `https:`"),
    }
}

fn relative(text: &str, beyond_ascii: bool) -> Judgement {
    let rest = scheme(text);
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    if rest.is_none() && first.contains(':') {
        return Wrong("its first segment has a colon but is no scheme");
    }
    parts(rest.unwrap_or(text), beyond_ascii)
}

/// What follows the scheme and its colon.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let fits = scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    fits.then_some(rest)
}

fn parts(rest: &str, beyond_ascii: bool) -> Judgement {
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let fits = chars(fragment, "!$&'()*+,;=:@/?", beyond_ascii)
        && chars(query, "!$&'()*+,;=:@/?", beyond_ascii)
        && chars(path, "!$&'()*+,;=:@/", beyond_ascii);
    if !fits {
        return Wrong("it has a character that must be percent-encoded");
    }
    Judgement::of(is_authority(authority, beyond_ascii), "its host or port is malformed")
}

fn is_authority(authority: &str, beyond_ascii: bool) -> bool {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    if !chars(user, "!$&'()*+,;=:", beyond_ascii) {
        return false;
    }
    let (host, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else { return false };
            let future = address.starts_with(['v', 'V']);
            if !future && address.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            ("", port)
        }
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    let port_fits =
        port.is_empty() || port.starts_with(':') && digits.bytes().all(|it| it.is_ascii_digit());
    port_fits && chars(host, "!$&'()*+,;=", beyond_ascii)
}

/// Unreserved characters, `allowed` ones, and percent-encodings.
fn chars(text: &str, allowed: &str, beyond_ascii: bool) -> bool {
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        let fits = match char {
            '%' => {
                let mut digit = || rest.next().is_some_and(|char| char.is_ascii_hexdigit());
                digit() && digit()
            }
            _ if char.is_ascii() => {
                char.is_ascii_alphanumeric() || "-._~".contains(char) || allowed.contains(char)
            }
            _ => beyond_ascii && !char.is_control() && !char.is_whitespace(),
        };
        if !fits {
            return false;
        }
    }
    true
}

pub(super) fn template(text: &str) -> Judgement {
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let (_, tail) = rest.split_at(open);
        let Some(inner) = tail.strip_prefix('{') else { return Wrong("a `}` closes nothing") };
        let Some((expression, after)) = inner.split_once('}') else {
            return Wrong("a `{` is not closed");
        };
        if !is_expression(expression) {
            return Wrong("an expression is malformed");
        }
        rest = after;
    }
    let literal = !text.chars().any(|char| {
        matches!(char, ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '|') || char.is_control()
    });
    Judgement::of(literal, "it has a character that must be percent-encoded")
}

fn is_expression(expression: &str) -> bool {
    let variables =
        expression.strip_prefix(['+', '#', '.', '/', ';', '?', '&']).unwrap_or(expression);
    !variables.is_empty()
        && variables.split(',').all(|variable| {
            let name = variable.strip_suffix('*').unwrap_or(variable);
            let name = match name.split_once(':') {
                Some((name, length)) => {
                    if length.is_empty()
                        || length.len() > 4
                        || length.starts_with('0')
                        || !length.bytes().all(|it| it.is_ascii_digit())
                    {
                        return false;
                    }
                    name
                }
                None => name,
            };
            let dots = name.starts_with('.') || name.ends_with('.') || name.contains("..");
            !name.is_empty() && !dots && !name.contains(['-', '~']) && chars(name, "", false)
        })
}
