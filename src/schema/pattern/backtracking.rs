//! Patterns on which an engine that backtracks may need exponential time.
//!
//! A pattern is dangerous where one text leads around a loop in two ways: each turn doubles the
//! ways that a backtracking engine tries before it gives up. What is found so is tried out; only a
//! text on which the number of ways does explode is told.
//!
//! * **Source.** Weideman et al., "Analyzing Matching Time Behavior of Backtracking Regular
//!   Expression Matchers by Using Ambiguity of NFA" (CIAA 2016): exponential ambiguity.

mod machine;

use std::collections::VecDeque;

use regex_syntax::ast::{self, Ast};
use rustc_hash::FxHashMap;

use machine::{Machine, Ways};

/// How many pairs of places in a pattern are looked at.
const PAIRS_MAX: usize = 60_000;
/// How often the witness goes around the loop.
const TURNS: usize = 28;
/// How many steps of a match show that it explodes.
const STEPS: usize = 200_000;

/// A text on which matching `translated`, a pattern in the syntax of Rust, explodes; nothing where
/// there is none, or where looking for one takes too long.
pub(super) fn witness(translated: &str) -> Option<String> {
    let hir = regex_syntax::parse(&with_branches_apart(translated)?).ok()?;
    let machine = Machine::of(&hir)?;
    let circles = machine.circles();
    let (place, turn) = ambiguous_turn(&machine, &circles)?;
    let prefix = machine.way_to(place)?;
    let body = turn.repeat(TURNS);
    ["", "!", "\u{0}", "\n", "x", "-"].into_iter().find_map(|suffix| {
        let text = format!("{prefix}{body}{suffix}");
        machine.explodes(&text, STEPS).then_some(text)
    })
}

/// The same pattern with a group around each branch, without which branches of one character
/// become one class: `([a-z]|[a-z0-9])*` takes a letter in two ways.
fn with_branches_apart(pattern: &str) -> Option<String> {
    let tree = ast::parse::Parser::new().parse(pattern).ok()?;
    let mut groups: Vec<(usize, &str)> = Vec::new();
    let mut open = vec![&tree];
    while let Some(part) = open.pop() {
        match part {
            Ast::Group(group) => open.push(&group.ast),
            Ast::Repetition(repetition) => open.push(&repetition.ast),
            Ast::Concat(concat) => open.extend(&concat.asts),
            Ast::Alternation(alternation) => {
                for branch in &alternation.asts {
                    let span = branch.span();
                    if span.is_empty() {
                        groups.push((span.start.offset, "()"));
                    } else {
                        groups.extend([(span.start.offset, "("), (span.end.offset, ")")]);
                    }
                    open.push(branch);
                }
            }
            _ => {}
        }
    }
    groups.sort_by_key(|(at, _)| *at);
    let mut apart = String::with_capacity(pattern.len() + groups.len());
    let mut done = 0;
    for (at, text) in groups {
        apart.push_str(pattern.get(done..at)?);
        apart.push_str(text);
        done = at;
    }
    apart.push_str(pattern.get(done..)?);
    Some(apart)
}

/// A place in a loop and a text that leads from there to there in two ways.
fn ambiguous_turn(machine: &Machine, circles: &[usize]) -> Option<(usize, String)> {
    let same = |one: usize, other: usize| circles.get(one) == circles.get(other);
    // One place after the other in two ways without a character between: `(a+)+`.
    for place in 0..machine.len() {
        for (next, ways) in machine.after(place) {
            if *ways == Ways::Several && same(place, *next) {
                let turn = machine.circle(place, *next, circles)?;
                return Some((place, turn));
            }
        }
    }
    // Two places on the same text: `(a|a.)*`.
    let mut left = PAIRS_MAX;
    for place in 0..machine.len() {
        if !machine.after(place).iter().any(|(next, _)| same(place, *next)) {
            continue;
        }
        if let Some(turn) = two_ways(machine, circles, place, &mut left)? {
            return Some((place, turn));
        }
    }
    None
}

/// Two places that the same text leads to, and whether they have been apart on the way.
type Joint = ((usize, usize), bool);

/// How each joint place was come to, and by which character.
type Came = FxHashMap<Joint, (Joint, char)>;

/// A text that leads from a place back to it in two ways; nothing on the outside where the budget
/// is spent.
#[expect(clippy::option_option, reason = "whether the budget lasts, and whether there is a text")]
fn two_ways(
    machine: &Machine,
    circles: &[usize],
    place: usize,
    left: &mut usize,
) -> Option<Option<String>> {
    let inside = |it: usize| circles.get(it) == circles.get(place);
    let start = ((place, place), false);
    let mut came = Came::default();
    let mut open = VecDeque::from([start]);
    while let Some(state @ ((one, other), parted)) = open.pop_front() {
        let Some(shared) = machine.shared(one, other) else { continue };
        for (next_one, _) in machine.after(one).iter().filter(|it| inside(it.0)) {
            for (next_other, _) in machine.after(other).iter().filter(|it| inside(it.0)) {
                *left = left.checked_sub(1)?;
                let parted = parted || next_one != next_other;
                let next = ((*next_one, *next_other), parted);
                if next == start || came.contains_key(&next) {
                    continue;
                }
                came.insert(next, (state, shared));
                if next == ((place, place), true) {
                    return Some(Some(text_of(&came, next, start)));
                }
                open.push_back(next);
            }
        }
    }
    Some(None)
}

fn text_of(came: &Came, end: Joint, start: Joint) -> String {
    let mut text = Vec::new();
    let mut state = end;
    while state != start {
        let Some((before, char)) = came.get(&state) else { break };
        text.push(*char);
        state = *before;
    }
    text.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dangerous_patterns_have_a_witness() {
        for pattern in [
            "^(a+)+$",
            "^(a|aa)+$",
            "^([a-z]+)*[0-9]$",
            "^(?:[0-9a-z]+ ?)*$",
            "^(([a-z])+.)+[A-Z]([a-z])+$",
            "(?:x+x+)+y",
            "^(a|a.)*b$",
            "^(a*)*$",
            "(.*)*x",
            "^(a*b?)*$",
            "^([a-z]|[a-z0-9])*$",
            "^(a|b|(c|c))*$",
        ] {
            assert!(witness(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn harmless_patterns_have_none() {
        for pattern in [
            "^[a-z]+$",
            "^[a-z]+(?:-[a-z]+)*$",
            "^(?:a|b)*$",
            "(a+)+",
            "^[^@]+@[^@]+$",
            "^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$",
            "^\\d{4}-\\d{2}$",
            ".*a.*b.*",
            "^(?:[a-z]+,)*$",
            "^[A-Za-z0-9._-]{1,64}$",
            "^(?:a{0,3}){0,3}$",
            "^(?:[a-z]|[0-9]|_)*$",
            "^(?:a|)(?:|b)$",
            "^(?:a*b)*$",
            "^a*b*$",
        ] {
            assert_eq!(witness(pattern), None, "{pattern}");
        }
    }
}
