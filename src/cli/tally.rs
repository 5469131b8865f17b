//! What is said of a run as a whole: waivers that nothing needs, what is gone from a baseline, what
//! the checks took.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use crate::{
    charter::Date,
    report::{Collector, Keep, Part, Report, Stat},
    ruleset::{Catalog, Rule},
};

use super::{
    config::{Config, Configs, Seen, notes},
    stopwatch::Stopwatch,
    verifier::{Past, Verified},
};

/// A waiver in a document, by the document's path and its place.
type Place = (String, String);

/// What holds at the end of a run.
#[derive(Clone, Copy)]
pub(super) struct End<'e> {
    pub(super) today: Date,
    pub(super) keep: Keep,
    pub(super) past: &'e Past,
}

/// Gathers what the documents of a run say of waivers.
#[derive(Default)]
pub(super) struct Tally {
    /// The waivers of each configuration that were needed.
    used: BTreeMap<usize, BTreeSet<usize>>,
    /// The documents that were verified under each configuration.
    documents: BTreeMap<usize, BTreeSet<String>>,
    needed: BTreeSet<Place>,
    unused: BTreeMap<Place, Part>,
}

impl Tally {
    /// Takes what one document says, and gives what a report says of it.
    pub(super) fn take(&mut self, number: usize, configs: &Configs, verified: Verified) -> Part {
        let config = configs.all().get(number);
        let places = verified.part.paths().filter_map(|path| config?.place(path));
        self.documents.entry(number).or_default().extend(places);
        self.used.entry(number).or_default().extend(verified.waivers);
        self.needed.extend(verified.needed);
        self.unused.extend(verified.unused);
        verified.part
    }

    /// Says of waivers what nobody needs any more; `is_all` says whether all that a configuration
    /// can be about was verified.
    pub(super) fn finish(
        self,
        configs: &Configs,
        is_all: impl Fn(&Config) -> bool,
        end: End<'_>,
        collector: &mut Collector,
    ) {
        let unused = self.unused.into_iter().filter(|(place, _)| !self.needed.contains(place));
        unused.for_each(|(_, part)| collector.take(part));
        let nothing = (BTreeSet::new(), BTreeSet::new());
        for (number, config) in configs.all().iter().enumerate() {
            let seen = Seen {
                used: self.used.get(&number).unwrap_or(&nothing.0),
                documents: self.documents.get(&number).unwrap_or(&nothing.1),
                is_all: is_all(config),
            };
            // Whether a configuration says more than it did is not for an earlier revision to tell.
            if end.past.earlier.is_some() {
                continue;
            }
            if let Some(part) = notes(config, &seen, end) {
                collector.take(part);
            }
        }
    }
}

/// What each check found and took, the slowest first.
pub(super) fn stats(watch: &Stopwatch, report: &Report, catalog: &Catalog) -> Vec<Stat> {
    let mut stats: BTreeMap<&str, Stat> = BTreeMap::new();
    let stat =
        |check: &str| Stat { check: check.to_owned(), milliseconds: 0.0, rules: BTreeMap::new() };
    for (check, time) in watch.times() {
        let milliseconds = (time.as_secs_f64() * 1e6).round() / 1e3;
        stats.insert(check, Stat { milliseconds, ..stat(check) });
    }
    for finding in &report.findings {
        let check = catalog.get(&finding.rule).and_then(Rule::check).unwrap_or("walk");
        let entry = stats.entry(check).or_insert_with(|| stat(check));
        *entry.rules.entry(finding.rule.to_string()).or_default() += 1;
    }
    let mut stats: Vec<_> = stats.into_values().collect();
    stats.sort_by(|a, b| b.milliseconds.total_cmp(&a.milliseconds));
    stats
}

/// The same as a table for people.
pub(super) fn table(stats: &[Stat]) -> String {
    let width = stats.iter().map(|stat| stat.check.len()).max().unwrap_or(0).max("CHECK".len());
    let mut text = format!("{:width$}  {:>12}  FOUND\n", "CHECK", "MILLISECONDS");
    for stat in stats {
        let rules = stat.rules.iter().map(|(rule, count)| format!("{count} {rule}"));
        let found = rules.collect::<Vec<_>>().join(", ");
        let line = format!("{:width$}  {:>12.3}  {found}", stat.check, stat.milliseconds);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
