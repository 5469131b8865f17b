//! Patterns of ECMA-262, matched so that none can stall the verifier.
//!
//! * **Source.** ECMA-262, section 22.2; JSON Schema 2020-12 core, section 6.4.
//! * **Errors.** A pattern that is no regular expression, and one that cannot be decided here.

mod backtracking;
mod forms;

use std::borrow::Cow;

use fancy_regex::{Regex as BacktrackingRegex, RegexBuilder as BacktrackingBuilder};
use jsonschema_regex::{is_valid_ecma_regex, to_rust_regex};
use regex::{Regex, RegexBuilder};

pub(super) use forms::has_references;

/// How much memory one compiled pattern may take.
const COMPILED_BYTES: usize = 1 << 20;
/// How many steps back a pattern with look-around or back-references may take.
const BACKTRACKS: usize = 100_000;

/// With more alternatives than this a pattern is parsed by a parser without recursion.
const ALTERNATIVES_MAX: usize = 500;

/// By which grammar of ECMA-262 a pattern is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// With the `u` flag, as JSON Schema advises.
    Unicode,
    /// Only without it, by Annex B.
    Legacy,
}

impl Grammar {
    /// The grammar of a pattern.
    pub fn of(pattern: &str) -> Result<Self, PatternError> {
        if pattern.matches('|').count() > ALTERNATIVES_MAX {
            let valid = is_valid_ecma_regex(pattern);
            return if valid { Ok(Self::Unicode) } else { Err(PatternError::Undecided) };
        }
        let parses = |unicode| {
            let flags = regress::Flags { unicode, no_opt: true, ..regress::Flags::default() };
            regress::Regex::with_flags(pattern, flags).is_ok()
        };
        if parses(true) {
            Ok(Self::Unicode)
        } else if parses(false) {
            Ok(Self::Legacy)
        } else {
            Err(PatternError::Invalid)
        }
    }
}

/// A pattern that is ready to match.
#[derive(Debug)]
pub enum Pattern {
    /// In linear time.
    Linear(Regex),
    /// With a limit on its steps.
    Limited(Box<BacktrackingRegex>),
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It is no regular expression of ECMA-262.
    #[error("it is no regular expression of ECMA-262")]
    Invalid,
    /// It is one, but compiles to more than the limit, or needs what no engine here has.
    #[error("it cannot be matched within the limits")]
    Undecided,
}

impl Pattern {
    /// A text on which an engine that backtracks needs exponential time; nothing where none was
    /// found.
    pub fn exploding(pattern: &str) -> Option<String> {
        backtracking::witness(&Self::translated(pattern).ok()?)
    }

    /// Makes a pattern ready.
    pub fn new(pattern: &str) -> Result<Self, PatternError> {
        let translated = Self::translated(pattern)?;
        let linear = RegexBuilder::new(&translated).size_limit(COMPILED_BYTES).build();
        match linear {
            Ok(regex) => Ok(Self::Linear(regex)),
            Err(regex::Error::CompiledTooBig(_)) => Err(PatternError::Undecided),
            Err(_) => BacktrackingBuilder::new(&translated)
                .backtrack_limit(BACKTRACKS)
                .delegate_size_limit(COMPILED_BYTES)
                .build()
                .map(|regex| Self::Limited(Box::new(regex)))
                .map_err(|_| PatternError::Undecided),
        }
    }

    /// The pattern as the engines write it.
    fn translated(pattern: &str) -> Result<String, PatternError> {
        let pattern = match Grammar::of(pattern)? {
            Grammar::Unicode => Cow::Borrowed(pattern),
            Grammar::Legacy => {
                let modern = forms::modernized(pattern).ok_or(PatternError::Undecided)?;
                match Grammar::of(&modern) {
                    Ok(Grammar::Unicode) => Cow::Owned(modern),
                    _ => return Err(PatternError::Undecided),
                }
            }
        };
        let translated = to_rust_regex(&pattern).map_err(|()| PatternError::Undecided)?;
        forms::translated(&translated).ok_or(PatternError::Undecided)
    }

    /// Whether the pattern matches somewhere in `text`; nothing where the limit was reached.
    pub fn is_match(&self, text: &str) -> Option<bool> {
        match self {
            Self::Linear(regex) => Some(regex.is_match(text)),
            Self::Limited(regex) => regex.is_match(text).ok(),
        }
    }
}
