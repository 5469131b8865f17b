//! Writing a value as block YAML that every parser reads alike.
//!
//! A string is written plain only where YAML 1.1 and 1.2 agree that it is one.

use std::fmt::Write as _;

use super::{Kind, Value, scalar::plain_kind, visible::is_invisible, yaml_1_1::yaml_1_1_reading};

impl Value {
    /// Block YAML: two spaces a level, no comments, no anchors, a line break at the end.
    pub fn to_yaml(&self) -> String {
        let mut text = String::new();
        write_block(&mut text, self, 0, Placement::Root);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }

    /// The value on one line, as YAML's flow style writes it.
    pub fn to_flow_yaml(&self) -> String {
        match self {
            Self::Array(items) => {
                let items: Vec<_> = items.iter().map(Self::to_flow_yaml).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| format!("{}: {}", quote(key), value.to_flow_yaml()))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }
            _ => scalar(self),
        }
    }

    /// What stands after `key:` at `indent` spaces, beginning with a space or a line break.
    pub(super) fn to_yaml_after_key(&self, indent: usize) -> String {
        let mut text = String::new();
        write_block(&mut text, self, indent, Placement::AfterKey);
        text.truncate(text.trim_end_matches('\n').len());
        text
    }

    /// What stands after `-` at `indent` spaces, beginning with a space.
    pub(super) fn to_yaml_after_dash(&self, indent: usize) -> String {
        let mut text = String::new();
        write_block(&mut text, self, indent, Placement::AfterDash);
        text.truncate(text.trim_end_matches('\n').len());
        text
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Placement {
    Root,
    AfterKey,
    AfterDash,
}

/// Writes `value`, whose key or dash stands at `indent`, with the line break that ends it.
fn write_block(text: &mut String, value: &Value, indent: usize, placement: Placement) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let inner = if placement == Placement::Root { 0 } else { indent + 2 };
            for (at, (key, value)) in members.iter().enumerate() {
                begin_line(text, inner, placement, at == 0);
                text.push_str(&quote(key));
                text.push(':');
                write_block(text, value, inner, Placement::AfterKey);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let inner = if placement == Placement::Root { 0 } else { indent + 2 };
            for (at, item) in items.iter().enumerate() {
                begin_line(text, inner, placement, at == 0);
                text.push('-');
                write_block(text, item, inner, Placement::AfterDash);
            }
        }
        Value::String(string) if is_literal(string) => {
            let inner = if placement == Placement::Root { 2 } else { indent + 2 };
            write_literal(text, string, inner, placement);
        }
        _ => {
            if placement != Placement::Root {
                text.push(' ');
            }
            text.push_str(&scalar(value));
            text.push('\n');
        }
    }
}

fn begin_line(text: &mut String, indent: usize, placement: Placement, first: bool) {
    if first && placement == Placement::AfterDash {
        text.push(' ');
        return;
    }
    if first && placement == Placement::AfterKey {
        text.push('\n');
    }
    text.extend(std::iter::repeat_n(' ', indent));
}

/// Whether `|` can hold a string without an indentation indicator.
fn is_literal(string: &str) -> bool {
    let body = string.strip_suffix('\n').unwrap_or(string);
    body.contains('\n')
        && !string.starts_with([' ', '\n', '\t'])
        && !body.ends_with('\n')
        && !string.contains(['\t', '\r'])
        && !string.chars().any(is_escaped)
        && body.lines().all(|line| !line.ends_with(' '))
}

fn write_literal(text: &mut String, string: &str, indent: usize, placement: Placement) {
    if placement != Placement::Root {
        text.push(' ');
    }
    text.push_str(if string.ends_with('\n') { "|\n" } else { "|-\n" });
    for line in string.lines() {
        if !line.is_empty() {
            text.extend(std::iter::repeat_n(' ', indent));
            text.push_str(line);
        }
        text.push('\n');
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) => text.to_string(),
        Value::String(text) => quote(text),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
    }
}

/// A string as a YAML scalar on one line: plain where that is safe, in double quotes otherwise.
pub fn quote(text: &str) -> String {
    if is_plain_safe(text) { text.to_owned() } else { quote_double(text) }
}

/// A string in double quotes, as both JSON and YAML read it.
pub fn quote_double(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_escaped(char) => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

fn is_escaped(char: char) -> bool {
    is_invisible(char) || matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether every parser of YAML 1.1 and 1.2 reads `text`, unquoted, as this very string,
/// in block and in flow style.
pub fn is_plain_safe(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let ends = text.ends_with(':') || text.trim() != text;
    let indicator = matches!(
        first,
        '-' | '?'
            | ':'
            | ','
            | '['
            | ']'
            | '{'
            | '}'
            | '#'
            | '&'
            | '*'
            | '!'
            | '|'
            | '>'
            | '\''
            | '"'
            | '%'
            | '@'
            | '`'
            | '='
            | '~'
            | '<'
    );
    let inner = text.contains(": ")
        || text.contains(" #")
        || text.contains([',', '[', ']', '{', '}', '\n', '\r', '\t'])
        || text.chars().any(is_escaped);
    !ends
        && !indicator
        && !inner
        && plain_kind(text) == Kind::String
        && yaml_1_1_reading(text).is_none()
        // Some readers take `09:00` for a number, though YAML 1.1 does not.
        && !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}
