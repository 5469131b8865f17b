//! One segment of a path template: texts and parameters, each of which is at least one character.

use std::collections::VecDeque;

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

/// No steps are left.
#[derive(Debug)]
pub(super) struct Spent;

/// A character that no text of a path has: it stands for whatever a parameter may be.
const ANYTHING: &str = "\u{0}";

impl<'d> Segment<'d> {
    fn text(self) -> String {
        match self {
            Self::Literal(text) | Self::Mixed(text) => text.to_owned(),
            Self::Template(name) => format!("{{{name}}}"),
        }
    }

    /// The texts before, between and behind the parameters; of a text alone, that text.
    fn literals(self) -> Vec<&'d str> {
        match self {
            Self::Literal(text) | Self::Mixed(text) => literals(text),
            Self::Template(_) => vec!["", ""],
        }
    }

    /// The names of the parameters in order.
    pub(super) fn parameters(self) -> Vec<&'d str> {
        match self {
            Self::Literal(_) => Vec::new(),
            Self::Template(name) => vec![name],
            Self::Mixed(text) => {
                let opened = text.split('{').skip(1);
                opened.filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
            }
        }
    }

    /// The segment without the names of its parameters.
    pub(super) fn shape(self) -> String {
        self.literals().join("{}")
    }

    /// The segment with each parameter replaced by a value.
    pub(super) fn filled(self, value: &str) -> String {
        self.literals().join(value)
    }

    /// The values that the parameters have in a text; nothing where it does not match.
    pub(super) fn values(self, text: &str) -> Option<Vec<&str>> {
        values(&self.literals(), text)
    }

    /// Whether every text that this segment matches is matched by the other.
    pub(super) fn is_within(self, other: Self) -> bool {
        other.values(&self.filled(ANYTHING)).is_some()
    }

    /// Whether there may be a text that both match: a quick look.
    pub(super) fn may_meet(self, other: Self) -> bool {
        let (ours, theirs) = (self.literals(), other.literals());
        let begins = |it: &[&'d str]| it.first().copied().unwrap_or_default();
        let ends = |it: &[&'d str]| it.last().copied().unwrap_or_default();
        let start = (begins(&ours), begins(&theirs));
        let end = (ends(&ours), ends(&theirs));
        match (ours.len(), theirs.len()) {
            (1, 1) => ours == theirs,
            (1, _) => other.values(start.0).is_some(),
            (_, 1) => self.values(start.1).is_some(),
            _ => {
                (start.0.starts_with(start.1) || start.1.starts_with(start.0))
                    && (end.0.ends_with(end.1) || end.1.ends_with(end.0))
            }
        }
    }

    /// A shortest text that both match; nothing where there is none.
    pub(super) fn common(self, other: Self, steps: &mut usize) -> Result<Option<String>, Spent> {
        if let (Self::Template(_), Self::Template(_)) = (self, other) {
            return Ok(Some("x".to_owned()));
        }
        let (ours, theirs) = (tokens(&self.text()), tokens(&other.text()));
        let width = theirs.len() + 1;
        *steps = steps.checked_sub((ours.len() + 1).saturating_mul(width)).ok_or(Spent)?;
        Ok(meet(&ours, &theirs))
    }
}

/// What one step through a segment takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    /// One character of a parameter.
    Any,
    /// Any number of further ones.
    More,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        tokens.extend(before.chars().map(Token::Char));
        tokens.extend([Token::Any, Token::More]);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    tokens.extend(rest.chars().map(Token::Char));
    tokens
}

/// A shortest text that leads through both lists of tokens at once.
fn meet(ours: &[Token], theirs: &[Token]) -> Option<String> {
    let width = theirs.len() + 1;
    let mut came: Vec<Option<(usize, Option<char>)>> = vec![None; (ours.len() + 1) * width];
    let mut open = VecDeque::from([0]);
    let end = came.len() - 1;
    while let Some(state) = open.pop_front() {
        if state == end {
            break;
        }
        let (at, other) = (state / width, state % width);
        let (mine, yours) = (ours.get(at), theirs.get(other));
        // Steps that take no character come first, so that the text is a shortest one.
        let mut next = |state: usize, taken: Option<char>, from: usize, first: bool| {
            let Some(place) = came.get_mut(state).filter(|it| it.is_none() && state != 0) else {
                return;
            };
            *place = Some((from, taken));
            if first { open.push_front(state) } else { open.push_back(state) }
        };
        if mine == Some(&Token::More) {
            next(state + width, None, state, true);
        }
        if yours == Some(&Token::More) {
            next(state + 1, None, state, true);
        }
        let (Some(mine), Some(yours)) = (mine, yours) else { continue };
        let taken = match (mine, yours) {
            (Token::Char(mine), Token::Char(yours)) if mine != yours => continue,
            (Token::Char(char), _) | (_, Token::Char(char)) => *char,
            _ => 'x',
        };
        let (down, right) = (usize::from(*mine != Token::More), usize::from(*yours != Token::More));
        next(state + down * width + right, Some(taken), state, false);
    }
    let mut text = Vec::new();
    let mut state = end;
    while state != 0 {
        let (from, taken) = (*came.get(state)?)?;
        text.extend(taken);
        state = from;
    }
    Some(text.iter().rev().collect())
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

/// What stands between the parts in `text`, at least one character each time.
fn values<'t>(parts: &[&str], text: &'t str) -> Option<Vec<&'t str>> {
    let [first, middle @ .., last] = parts else {
        return (parts == [text]).then(Vec::new);
    };
    let mut values = Vec::new();
    let mut rest = text.strip_prefix(first)?;
    for part in middle {
        let skipped = rest.chars().next()?.len_utf8();
        let at = skipped + rest.get(skipped..)?.find(part)?;
        values.push(rest.get(..at)?);
        rest = rest.get(at + part.len()..)?;
    }
    let value = rest.strip_suffix(last).filter(|value| !value.is_empty())?;
    values.push(value);
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Segment<'_> {
        segment(text).expect("the braces match")
    }

    fn common(one: &str, other: &str) -> Option<String> {
        let (one, other) = (parsed(one), parsed(other));
        let found = one.common(other, &mut 10_000).expect("the steps suffice");
        let reversed = other.common(one, &mut 10_000).expect("the steps suffice");
        assert_eq!(found.is_some(), reversed.is_some());
        assert!(found.is_none() || one.may_meet(other));
        for segment in [one, other] {
            assert!(found.iter().all(|text| segment.values(text).is_some()), "{found:?}");
        }
        found
    }

    #[test]
    fn segments_meet_in_a_text() {
        assert_eq!(common("{name}.{extension}", "report.pdf").as_deref(), Some("report.pdf"));
        assert_eq!(common("{name}.txt", "report.pdf"), None);
        assert_eq!(common("report.pdf{rest}", "report.pdf"), None);
        assert_eq!(common("{a}.json", "x.{b}").as_deref(), Some("x.json"));
        assert_eq!(common("{p}a", "{p}").as_deref(), Some("xa"));
        assert_eq!(common("a{p}", "b{q}"), None);
        assert_eq!(common("{a}-{b}", "ü{c}-").as_deref(), Some("ü--"));
        assert_eq!(common("ü{a}", "{b}ü").as_deref(), Some("üü"));
        assert_eq!(common("ab{a}", "{b}bc").as_deref(), Some("abc"));
        assert_eq!(segment("{a"), None);
    }

    #[test]
    fn a_segment_lies_within_another() {
        let within = |one, other| parsed(one).is_within(parsed(other));
        assert!(within("me", "{id}") && !within("{id}", "me"));
        assert!(within("{a}.json", "{b}") && !within("{b}", "{a}.json"));
        assert!(within("{a}-{b}", "{c}-{d}") && !within("{a}.json", "x.{b}"));
        assert!(!within("", "{a}"));
    }
}
