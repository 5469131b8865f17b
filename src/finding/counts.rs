//! How many findings there are, and how much was looked at.

use std::ops::AddAssign;

use serde::{Serialize, Serializer};

use super::{Class, Finding, Severity};

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Of severity `error`.
    pub error: usize,
    /// Of severity `warn`.
    pub warn: usize,
    /// Of severity `info`.
    pub info: usize,
    /// Of severity `hint`.
    pub hint: usize,
    /// Of class `undecided`; they are among `info` too.
    pub undecided: usize,
}

impl Counts {
    /// Counts one finding.
    pub fn add(&mut self, finding: &Finding) {
        *self.of_mut(finding.severity) += 1;
        self.undecided += usize::from(finding.class == Class::Undecided);
    }

    /// How many findings of one severity there are.
    pub fn of(self, severity: Severity) -> usize {
        let mut counts = self;
        *counts.of_mut(severity)
    }

    /// How many findings there are.
    pub fn total(self) -> usize {
        self.error + self.warn + self.info + self.hint
    }

    /// How many findings fail a lint that fails at `severity`: what is undecided never does.
    pub fn failing(self, severity: Severity) -> usize {
        let graver = Severity::ALL.into_iter().filter(|it| *it <= severity);
        let undecided = if severity >= Severity::Info { self.undecided } else { 0 };
        graver.map(|it| self.of(it)).sum::<usize>().saturating_sub(undecided)
    }

    fn of_mut(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Error => &mut self.error,
            Severity::Warn => &mut self.warn,
            Severity::Info => &mut self.info,
            Severity::Hint => &mut self.hint,
        }
    }
}

impl<'f> FromIterator<&'f Finding> for Counts {
    fn from_iter<T: IntoIterator<Item = &'f Finding>>(findings: T) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            counts.add(finding);
        }
        counts
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.error += other.error;
        self.warn += other.warn;
        self.info += other.info;
        self.hint += other.hint;
        self.undecided += other.undecided;
    }
}

/// How much of one kind of thing was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many could be checked.
    pub checked: usize,
    /// How many could not.
    pub undecided: usize,
}

/// What a run looked at: operations, schemas, examples, references and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    tallies: Vec<(&'static str, Tally)>,
}

impl Coverage {
    /// Adds to the tally of one kind of thing, named in the plural; kinds keep their first order.
    pub fn add(&mut self, what: &'static str, tally: Tally) {
        let known = self.tallies.iter_mut().find(|(name, _)| *name == what);
        let Some((_, sum)) = known else {
            self.tallies.push((what, tally));
            return;
        };
        sum.checked += tally.checked;
        sum.undecided += tally.undecided;
    }

    /// Adds all that another run looked at.
    pub fn merge(&mut self, other: &Self) {
        for (what, tally) in other.tallies() {
            self.add(what, tally);
        }
    }

    /// The tallies, in order.
    pub fn tallies(&self) -> impl Iterator<Item = (&'static str, Tally)> {
        self.tallies.iter().copied()
    }
}

impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.tallies())
    }
}
