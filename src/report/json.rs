//! The report as JSON, in which no character of a document hides.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::document::is_invisible;

/// Writes a value as indented JSON in which invisible characters are `\uXXXX`.
pub fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Escaping { layout: PrettyFormatter::new() };
    value.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")
}

/// JSON on one line in which invisible characters are `\uXXXX`: outside of its strings it has
/// none.
pub(super) fn escaped(json: &str) -> String {
    let mut shown = Vec::with_capacity(json.len());
    let written = write_escaped(json, &mut shown);
    debug_assert!(written.is_ok(), "memory takes everything");
    String::from_utf8(shown).unwrap_or_default()
}

/// The usual layout, with more escapes.
struct Escaping {
    layout: PrettyFormatter<'static>,
}

/// Hands a call on to the layout.
macro_rules! same {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, out: &mut W, $($argument: $type),*)
            -> io::Result<()>
        {
            self.layout.$name(out, $($argument),*)
        })*
    };
}

impl Formatter for Escaping {
    same! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_escaped(fragment, out)
    }
}

/// Writes a part of a string, invisible characters as escapes, and no command of a runner.
fn write_escaped<W: ?Sized + Write>(fragment: &str, out: &mut W) -> io::Result<()> {
    let mut plain = 0;
    let mut hashes = 0;
    for (at, char) in fragment.char_indices() {
        let runs_a_command = char == '[' && hashes >= 2;
        hashes = if char == '#' { hashes + 1 } else { 0 };
        if runs_a_command || is_invisible(char) {
            out.write_all(fragment.get(plain..at).unwrap_or_default().as_bytes())?;
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            plain = at + char.len_utf8();
        }
    }
    out.write_all(fragment.get(plain..).unwrap_or_default().as_bytes())
}
