//! The formats that are registered, and the types that each is for.
//!
//! * **Source.** The OpenAPI Format Registry, <https://spec.openapis.org/registry/format/>, and
//!   the data types of OpenAPI 3.0.4, section 4.4. A format of a number is one of an integer too.

const STRING: &[&str] = &["string"];
const NUMBER: &[&str] = &["number", "integer"];
const INTEGER: &[&str] = &["integer", "number"];
const BOTH: &[&str] = &["number", "integer", "string"];

/// Name and types, by name.
static FORMATS: &[(&str, &[&str])] = &[
    ("base64url", STRING),
    ("binary", STRING),
    ("byte", STRING),
    ("char", STRING),
    ("commonmark", STRING),
    ("date", STRING),
    ("date-time", STRING),
    ("date-time-local", STRING),
    ("decimal", BOTH),
    ("decimal128", BOTH),
    ("double", NUMBER),
    ("double-int", INTEGER),
    ("duration", STRING),
    ("email", STRING),
    ("float", NUMBER),
    ("hostname", STRING),
    ("html", STRING),
    ("http-date", STRING),
    ("idn-email", STRING),
    ("idn-hostname", STRING),
    ("int16", NUMBER),
    ("int32", NUMBER),
    ("int64", BOTH),
    ("int8", NUMBER),
    ("ipv4", STRING),
    ("ipv6", STRING),
    ("iri", STRING),
    ("iri-reference", STRING),
    ("json-pointer", STRING),
    ("media-range", STRING),
    ("password", STRING),
    ("regex", STRING),
    ("relative-json-pointer", STRING),
    ("sf-binary", STRING),
    ("sf-boolean", STRING),
    ("sf-decimal", NUMBER),
    ("sf-integer", NUMBER),
    ("sf-string", STRING),
    ("sf-token", STRING),
    ("time", STRING),
    ("time-local", STRING),
    ("uint16", NUMBER),
    ("uint32", NUMBER),
    ("uint64", BOTH),
    ("uint8", NUMBER),
    ("uri", STRING),
    ("uri-reference", STRING),
    ("uri-template", STRING),
    ("uuid", STRING),
];

/// Names that people write for a registered format.
static ALIASES: &[(&str, &str)] = &[
    ("guid", "uuid"),
    ("mail", "email"),
    ("url", "uri"),
    ("urireference", "uri-reference"),
    ("uriref", "uri-reference"),
    ("long", "int64"),
    ("integer32", "int32"),
    ("integer64", "int64"),
    ("base64", "byte"),
];

/// The types that a registered format is for; nothing for a format that is not registered.
pub fn registered(format: &str) -> Option<&'static [&'static str]> {
    let at = FORMATS.binary_search_by(|(name, _)| (*name).cmp(format)).ok()?;
    FORMATS.get(at).map(|(_, types)| *types)
}

/// A registered format that was meant by another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The registered name.
    pub format: &'static str,
    /// Nothing else can have been meant: the names differ in case and separators alone.
    pub plain: bool,
}

/// The registered format that was meant: the same but for case and separators, an alias,
/// or one letter away.
pub fn meant(format: &str) -> Option<Meant> {
    let folded = fold(format);
    let same = FORMATS.iter().find(|(name, _)| fold(name) == folded).map(|(name, _)| *name);
    let alias = || ALIASES.iter().find(|(name, _)| *name == folded).map(|(_, meant)| *meant);
    let plain = same.map(|format| Meant { format, plain: true });
    let other = || alias().or_else(|| one_letter_away(&folded));
    plain.or_else(|| other().map(|format| Meant { format, plain: false }))
}

fn fold(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn one_letter_away(folded: &str) -> Option<&'static str> {
    if folded.len() < 5 || folded.ends_with(|char: char| char.is_ascii_digit()) {
        return None;
    }
    let near = |name: &str| strsim::osa_distance(&fold(name), folded) == 1;
    let mut candidates = FORMATS.iter().map(|(name, _)| *name).filter(|name| near(name));
    candidates.next().filter(|_| candidates.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(FORMATS.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        for (name, meaning) in [
            ("datetime", Some("date-time")),
            ("dateTime", Some("date-time")),
            ("uuidd", Some("uuid")),
            ("UUID", Some("uuid")),
            ("emial", Some("email")),
            ("url", Some("uri")),
            ("ulid", None),
            ("money", None),
            ("unix-time", None),
            ("int128", None),
            ("json", None),
            ("ip", None),
        ] {
            assert_eq!(meant(name).map(|it| it.format), meaning, "{name}");
        }
    }
}
