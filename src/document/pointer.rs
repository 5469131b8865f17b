//! JSON Pointers.
//!
//! * **Source.** RFC 6901; for fragments, section 6 with RFC 3986 percent-encoding.

use std::borrow::Cow;

use super::NodeRef;

/// One reference token, escaped (`~` as `~0`, `/` as `~1`).
pub fn escape(token: &str) -> Cow<'_, str> {
    if token.contains(['~', '/']) {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}

/// One reference token, unescaped; nothing where `~` is followed by neither `0` nor `1`.
pub fn unescape(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut text = String::with_capacity(token.len());
    let mut rest = token.chars();
    while let Some(char) = rest.next() {
        match char {
            '~' => match rest.next() {
                Some('0') => text.push('~'),
                Some('1') => text.push('/'),
                _ => return None,
            },
            _ => text.push(char),
        }
    }
    Some(Cow::Owned(text))
}

/// The tokens of a pointer, unescaped; nothing where it is no pointer.
pub fn tokens(pointer: &str) -> Option<Vec<Cow<'_, str>>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    pointer.strip_prefix('/')?.split('/').map(unescape).collect()
}

/// The pointer of the member or item `token` of what `pointer` names.
pub fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", escape(token))
}

/// The node that `pointer` names, seen from `node`.
pub(super) fn resolve<'d>(node: NodeRef<'d>, pointer: &str) -> Option<NodeRef<'d>> {
    tokens(pointer)?.iter().try_fold(node, |node, token| step(node, token))
}

/// One step from a node to a member or item.
fn step<'d>(node: NodeRef<'d>, token: &str) -> Option<NodeRef<'d>> {
    if node.is_array() { node.item(array_index(token)?) } else { node.get(token) }
}

/// An array index: digits without a leading zero.
pub(super) fn array_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with('0');
    let digits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    (canonical && digits).then(|| token.parse().ok()).flatten()
}
