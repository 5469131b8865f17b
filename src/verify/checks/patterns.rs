//! Patterns that are no regular expressions.
//!
//! * **Source.** JSON Schema 2020-12 core, section 6.4; ECMA-262, section 22.2.1.

use rustc_hash::FxHashSet;

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft, Tally},
    openapi::Kind as Object,
    schema::{Grammar, Pattern, PatternError},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports patterns that ECMA-262 does not know.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, coverage: &mut Coverage) {
    let mut tally = Tally::default();
    let mut seen = FxHashSet::default();
    for visit in cx.walk.visits(Object::Schema) {
        if let Some(node) = visit.node.get("pattern")
            && let Some(pattern) = node.as_str()
        {
            judge(pattern, At::Value(node), &mut seen, sink, &mut tally);
        }
        for entry in visit.node.get("patternProperties").into_iter().flat_map(NodeRef::entries) {
            judge(entry.key, At::Key(entry.value), &mut seen, sink, &mut tally);
        }
    }
    coverage.add("patterns", tally);
}

/// How many different patterns are tried for texts on which they explode.
const EXPLODING_MAX: usize = 2_000;

fn judge<'d>(
    pattern: &str,
    at: At<'d>,
    seen: &mut FxHashSet<String>,
    sink: &mut Sink<'_, 'd>,
    tally: &mut Tally,
) {
    match Grammar::of(pattern) {
        Err(PatternError::Invalid) => {
            let message = format!("`{pattern}` is no regular expression of ECMA-262");
            sink.push(Draft::new("invalid-pattern", at, message).fact(pattern));
        }
        Ok(Grammar::Legacy) => {
            let message = format!("`{pattern}` is a regular expression only without the `u` flag");
            let draft = Draft::new("pattern-without-unicode", at, message).fact(pattern);
            let anchor = [("\\A", "^"), ("\\z", "$"), ("\\Z", "$")];
            let anchor = anchor.into_iter().find(|(written, _)| pattern.contains(written));
            sink.push(match anchor {
                Some((written, meant)) => {
                    draft.help(format!("`{written}` is only a letter here; write `{meant}`"))
                }
                None => draft,
            });
        }
        _ => {}
    }
    if seen.insert(pattern.to_owned())
        && seen.len() <= EXPLODING_MAX
        && sink.wants("backtracking-pattern")
        && let Some(witness) = Pattern::exploding(pattern)
    {
        let message =
            format!("matching `{pattern}` by backtracking takes exponential time on some texts");
        let draft = Draft::new("backtracking-pattern", at, message).fact(pattern);
        sink.push(draft.witness(witness));
    }
    match Pattern::new(pattern) {
        Err(PatternError::Undecided) => tally.undecided += 1,
        _ => tally.checked += 1,
    }
}
