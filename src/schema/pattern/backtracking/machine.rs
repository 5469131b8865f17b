//! A pattern as places that take a character, and the ways between them.

use std::collections::VecDeque;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// How many states a pattern may have.
const STATES_MAX: usize = 1_500;
/// How many places that take a character.
const PLACES_MAX: usize = 300;
/// A loop with a higher bound than this is taken for one without.
const TURNS_MAX: u32 = 30;
/// How deep the search for ways without a character goes.
const FREE_STEPS_MAX: usize = 20_000;

/// In how many ways one place follows another without a character between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ways {
    One,
    Several,
}

#[derive(Debug)]
enum State {
    /// Takes one of these characters.
    Take(Vec<(char, char)>, usize),
    /// Goes on to any of these, the first one first.
    Free(Vec<usize>),
    /// Goes on where this holds.
    Look(Look, usize),
    Accept,
}

/// The states of a pattern.
#[derive(Debug)]
pub(super) struct Machine {
    states: Vec<State>,
    start: usize,
    /// The states that take a character.
    places: Vec<usize>,
    after: Vec<Vec<(usize, Ways)>>,
}

impl Machine {
    /// The machine of a pattern; nothing where it is too large, or speaks of bytes.
    pub(super) fn of(hir: &Hir) -> Option<Self> {
        let states = vec![State::Accept];
        let mut machine = Self { states, start: 0, places: Vec::new(), after: Vec::new() };
        machine.start = machine.add(hir, 0)?;
        let takes = |(at, state): (usize, &State)| matches!(state, State::Take(..)).then_some(at);
        machine.places = machine.states.iter().enumerate().filter_map(takes).collect();
        if machine.places.len() > PLACES_MAX {
            return None;
        }
        let mut after = Vec::new();
        for state in &machine.places {
            let Some(State::Take(_, next)) = machine.states.get(*state) else { return None };
            after.push(machine.reached(*next)?);
        }
        machine.after = after;
        Some(machine)
    }

    fn push(&mut self, state: State) -> Option<usize> {
        (self.states.len() < STATES_MAX).then_some(())?;
        self.states.push(state);
        Some(self.states.len() - 1)
    }

    /// Adds a part of the pattern that goes on to `next`; returns where it begins.
    fn add(&mut self, hir: &Hir, next: usize) -> Option<usize> {
        match hir.kind() {
            HirKind::Empty => Some(next),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                let mut next = next;
                for char in text.chars().rev() {
                    next = self.push(State::Take(vec![(char, char)], next))?;
                }
                Some(next)
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.iter().map(|range| (range.start(), range.end())).collect();
                self.push(State::Take(ranges, next))
            }
            HirKind::Class(Class::Bytes(_)) => None,
            HirKind::Look(look) => self.push(State::Look(*look, next)),
            HirKind::Capture(capture) => self.add(&capture.sub, next),
            HirKind::Concat(parts) => {
                parts.iter().rev().try_fold(next, |next, part| self.add(part, next))
            }
            HirKind::Alternation(parts) => {
                let starts = parts.iter().map(|part| self.add(part, next));
                let starts = starts.collect::<Option<Vec<_>>>()?;
                self.push(State::Free(starts))
            }
            HirKind::Repetition(repetition) => {
                let mut next = next;
                if let Some(max) = repetition.max.filter(|max| *max <= TURNS_MAX) {
                    let end = next;
                    for _ in repetition.min..max {
                        let body = self.add(&repetition.sub, next)?;
                        next = self.push(State::Free(vec![body, end]))?;
                    }
                } else {
                    let turn = self.push(State::Free(Vec::new()))?;
                    let body = self.add(&repetition.sub, turn)?;
                    if let Some(State::Free(ways)) = self.states.get_mut(turn) {
                        ways.extend([body, next]);
                    }
                    // To come in is not to go around: `(a*)*` takes the next `a` in two ways.
                    next = self.push(State::Free(vec![body, next]))?;
                }
                for _ in 0..repetition.min.min(TURNS_MAX) {
                    next = self.add(&repetition.sub, next)?;
                }
                Some(next)
            }
        }
    }

    /// The places that a state leads to without a character, each with the number of ways. A loop
    /// is gone through once: what only turns of nothing make possible is left out.
    fn reached(&self, state: usize) -> Option<Vec<(usize, Ways)>> {
        let mut reached: Vec<(usize, Ways)> = Vec::new();
        let mut left = FREE_STEPS_MAX;
        let mut open: Vec<(usize, Vec<usize>)> = vec![(state, Vec::new())];
        while let Some((state, way)) = open.pop() {
            left = left.checked_sub(1)?;
            // A turn that takes nothing ends a loop.
            if way.contains(&state) {
                continue;
            }
            match self.states.get(state)? {
                State::Accept => {}
                State::Take(..) => {
                    let place = self.places.binary_search(&state).ok()?;
                    match reached.iter_mut().find(|(it, _)| *it == place) {
                        Some((_, ways)) => *ways = Ways::Several,
                        None => reached.push((place, Ways::One)),
                    }
                }
                State::Look(_, next) => {
                    let mut way = way;
                    way.push(state);
                    open.push((*next, way));
                }
                State::Free(ways) => {
                    let mut way = way;
                    way.push(state);
                    open.extend(ways.iter().map(|next| (*next, way.clone())));
                }
            }
        }
        Some(reached)
    }

    /// How many places there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The places that may follow a place.
    pub(super) fn after(&self, place: usize) -> &[(usize, Ways)] {
        self.after.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    fn ranges(&self, place: usize) -> &[(char, char)] {
        match self.places.get(place).and_then(|state| self.states.get(*state)) {
            Some(State::Take(ranges, _)) => ranges,
            _ => &[],
        }
    }

    /// A character that both places take.
    pub(super) fn shared(&self, one: usize, other: usize) -> Option<char> {
        let others = self.ranges(other);
        let shared = self.ranges(one).iter().flat_map(|(from, to)| {
            others.iter().filter_map(move |(start, end)| {
                let (low, high) = ((*from).max(*start), (*to).min(*end));
                (low <= high).then_some((low, high))
            })
        });
        // A letter or digit is easier to read than what else there may be.
        let shared: Vec<_> = shared.take(100).collect();
        let usual = ['a', '0', 'A'].into_iter();
        let within = |char: &char| shared.iter().any(|(low, high)| (low..=high).contains(&char));
        usual.into_iter().find(within).or_else(|| shared.first().map(|(low, _)| *low))
    }

    /// For each place the circle that it belongs to: the least place of all that lead to each
    /// other.
    pub(super) fn circles(&self) -> Vec<usize> {
        let reach: Vec<Vec<bool>> = (0..self.len()).map(|place| self.reach(place)).collect();
        let leads = |from: usize, to: usize| {
            reach.get(from).and_then(|it| it.get(to)).copied().unwrap_or_default()
        };
        (0..self.len())
            .map(|place| {
                let mutual = |other: &usize| leads(place, *other) && leads(*other, place);
                (0..=place).find(mutual).unwrap_or(place)
            })
            .collect()
    }

    fn reach(&self, place: usize) -> Vec<bool> {
        let mut seen = vec![false; self.len()];
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            for (next, _) in self.after(place) {
                if let Some(seen) = seen.get_mut(*next).filter(|seen| !**seen) {
                    *seen = true;
                    open.push(*next);
                }
            }
        }
        seen
    }

    /// A text that leads from a place by way of the next one back to it.
    pub(super) fn circle(&self, place: usize, next: usize, circles: &[usize]) -> Option<String> {
        let first = self.shared(place, place)?;
        let inside = |it: usize| circles.get(it) == circles.get(place);
        let rest = self.way(&[next], place, inside)?;
        Some(format!("{first}{rest}"))
    }

    /// A text that leads from the start to a place.
    pub(super) fn way_to(&self, place: usize) -> Option<String> {
        let starts: Vec<_> = self.reached(self.start)?.into_iter().map(|it| it.0).collect();
        self.way(&starts, place, |_| true)
    }

    /// A shortest text that leads from one of some places to another.
    fn way(&self, starts: &[usize], end: usize, inside: impl Fn(usize) -> bool) -> Option<String> {
        let mut came: Vec<Option<usize>> = vec![None; self.len()];
        let mut seen = vec![false; self.len()];
        let mut open = VecDeque::new();
        for start in starts {
            if let Some(seen) = seen.get_mut(*start) {
                *seen = true;
            }
            open.push_back(*start);
        }
        while let Some(place) = open.pop_front() {
            if place == end {
                let before = std::iter::successors(Some(place), |it| came.get(*it).copied()?);
                let places: Vec<_> = before.skip(1).collect();
                return places.iter().rev().map(|it| self.shared(*it, *it)).collect();
            }
            for (next, _) in self.after(place).iter().filter(|it| inside(it.0)) {
                if let Some(seen) = seen.get_mut(*next).filter(|seen| !**seen) {
                    *seen = true;
                    if let Some(came) = came.get_mut(*next) {
                        *came = Some(place);
                    }
                    open.push_back(*next);
                }
            }
        }
        None
    }

    /// Whether a match from the start of a text takes more than `steps` before it fails.
    pub(super) fn explodes(&self, text: &str, steps: usize) -> bool {
        let chars: Vec<char> = text.chars().collect();
        // With each state those since the last character: a loop that takes nothing ends.
        let mut open: Vec<(usize, usize, Vec<usize>)> = vec![(self.start, 0, Vec::new())];
        let mut left = steps;
        while let Some((state, at, way)) = open.pop() {
            let Some(rest) = left.checked_sub(1) else { return true };
            left = rest;
            match self.states.get(state) {
                Some(State::Accept) | None => return false,
                Some(State::Take(ranges, next)) => {
                    let taken = chars.get(at).is_some_and(|char| {
                        ranges.iter().any(|(low, high)| (low..=high).contains(&char))
                    });
                    if taken {
                        open.push((*next, at + 1, Vec::new()));
                    }
                }
                Some(State::Look(look, next)) => {
                    let holds = match look {
                        Look::Start => at == 0,
                        Look::End => at == chars.len(),
                        _ => true,
                    };
                    if holds {
                        open.push((*next, at, way));
                    }
                }
                Some(State::Free(_)) if way.contains(&state) => {}
                Some(State::Free(ways)) => {
                    let mut way = way;
                    way.push(state);
                    open.extend(ways.iter().rev().map(|next| (*next, at, way.clone())));
                }
            }
        }
        false
    }
}
