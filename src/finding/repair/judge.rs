//! Whether a change of some texts made what is found in them better.

use std::{collections::HashMap, sync::Arc};

use super::Finding;

/// What is found in one description.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The findings.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub omitted: usize,
}

/// What a change has to live up to.
#[derive(Clone, Copy, Debug)]
pub enum Bar<'b> {
    /// It brings no finding and removes what it says.
    Clean,
    /// It removes what it says and brings no finding of these rules.
    Without(&'b [&'b str]),
}

impl Bar<'_> {
    /// Whether a change lives up to it that is said to remove these findings, each named by its
    /// description and id.
    pub(super) fn is_met(
        self,
        before: &[Found],
        after: &[Found],
        removed: &[&(usize, String)],
    ) -> bool {
        before.len() == after.len()
            && before.iter().zip(after).enumerate().all(|(at, (before, after))| {
                let own = removed.iter().filter(|(description, _)| *description == at);
                let ids: Vec<&str> = own.map(|(_, id)| id.as_str()).collect();
                match self {
                    Self::Clean => is_cleaner(before, after, &ids),
                    Self::Without(rules) => {
                        is_gone(after, &ids)
                            && rules.iter().all(|rule| count(after, rule) <= count(before, rule))
                    }
                }
            })
    }
}

fn count(found: &Found, rule: &str) -> usize {
    found.findings.iter().filter(|finding| &*finding.rule == rule).count()
}

fn is_gone(after: &Found, ids: &[&str]) -> bool {
    !after.findings.iter().any(|finding| ids.contains(&finding.id.as_str()))
}

/// Whether as many findings are gone as are said to be, and none is new.
fn is_cleaner(before: &Found, after: &Found, removed: &[&str]) -> bool {
    let total = |found: &Found| found.findings.len() + found.omitted;
    if total(after) + removed.len() > total(before) {
        return false;
    }
    // What was left out before may come to light without being new.
    before.omitted > 0 || !brings_any(before, after)
}

/// Whether a finding is there that was not: neither one of its id, nor, since an edit may move
/// what it leaves alone, one that says the same.
fn brings_any(before: &Found, after: &Found) -> bool {
    let mut ids: HashMap<&str, bool> = HashMap::new();
    for finding in &before.findings {
        ids.insert(&finding.id, false);
    }
    let mut unknown = Vec::new();
    for finding in &after.findings {
        match ids.get_mut(finding.id.as_str()) {
            Some(is_still_there) => *is_still_there = true,
            None => unknown.push(finding),
        }
    }
    let mut moved: HashMap<(&Arc<str>, &str), usize> = HashMap::new();
    for finding in &before.findings {
        if ids.get(finding.id.as_str()) == Some(&false) {
            *moved.entry((&finding.rule, &finding.message)).or_default() += 1;
        }
    }
    unknown.into_iter().any(|finding| {
        match moved.get_mut(&(&finding.rule, finding.message.as_str())) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        }
    })
}
