//! One segment of a path template.

/// What a segment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment<'d> {
    /// Text alone.
    Literal(&'d str),
    /// One parameter alone.
    Template(&'d str),
    /// Text and parameters, such as `{name}.{extension}`.
    Mixed(&'d str),
}

/// The segments of a path; nothing where it does not begin with `/` or its braces do not match.
pub(super) fn segments(path: &str) -> Option<Vec<Segment<'_>>> {
    path.strip_prefix('/')?.split('/').map(segment).collect()
}

fn segment(text: &str) -> Option<Segment<'_>> {
    let (open, close) = (text.matches('{').count(), text.matches('}').count());
    if open != close {
        return None;
    }
    if open == 0 {
        return Some(Segment::Literal(text));
    }
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match inner.filter(|inner| !inner.contains(['{', '}'])) {
        Some(name) => Some(Segment::Template(name)),
        None => Some(Segment::Mixed(text)),
    }
}

impl<'d> Segment<'d> {
    /// The segment without the names of its parameters.
    pub(super) fn shape(&self) -> String {
        match self {
            Self::Literal(text) => (*text).to_owned(),
            Self::Template(_) => "{}".to_owned(),
            Self::Mixed(text) => literals(text).join("{}"),
        }
    }

    pub(super) fn parameter(&self) -> Option<&'d str> {
        if let Self::Template(name) = self { Some(name) } else { None }
    }

    /// A text that both segments match; nothing where there is none, or where one cannot tell.
    pub(super) fn common(&self, other: &Self) -> Option<String> {
        match (self, other) {
            (Self::Literal(one), Self::Literal(other)) => (one == other).then(|| (*one).to_owned()),
            (Self::Literal(text), Self::Template(_)) | (Self::Template(_), Self::Literal(text)) => {
                (!text.is_empty()).then(|| (*text).to_owned())
            }
            (Self::Literal(text), Self::Mixed(mixed))
            | (Self::Mixed(mixed), Self::Literal(text)) => {
                matches(&literals(mixed), text).then(|| (*text).to_owned())
            }
            (Self::Template(_), Self::Template(_)) => Some("x".to_owned()),
            (Self::Mixed(mixed), Self::Template(_)) | (Self::Template(_), Self::Mixed(mixed)) => {
                Some(literals(mixed).join("x"))
            }
            (Self::Mixed(one), Self::Mixed(other)) => {
                (one == other).then(|| literals(one).join("x"))
            }
        }
    }
}

/// The texts before, between and behind the parameters.
fn literals(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        parts.push(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    parts.push(rest);
    parts
}

/// Whether `text` is the parts in order with at least one character between each two.
fn matches(parts: &[&str], text: &str) -> bool {
    let [first, middle @ .., last] = parts else { return false };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for part in middle {
        let Some(at) = rest.get(1..).and_then(|rest| rest.find(part)) else { return false };
        rest = rest.get(1 + at + part.len()..).unwrap_or_default();
    }
    rest.len() > last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_segments_match_texts() {
        let mixed = |text| segment(text).and_then(|it| it.common(&Segment::Literal("report.pdf")));
        assert!(mixed("{name}.{extension}").is_some());
        assert!(mixed("{name}.pdf").is_some());
        assert!(mixed("{name}.txt").is_none());
        assert!(mixed("report.pdf{rest}").is_none());
        assert_eq!(segment("{a"), None);
    }
}
