//! `treaty rules` and `treaty explain`: the catalogue, and one rule of it.

use std::fmt::Write;

use crate::{
    document::visible,
    finding::Severity,
    ruleset::{Catalog, Meaning, Profile, Rule},
};

use super::{Exit, error::RunError, output::print};

/// Lists every rule: its id, its severity in each set, its class, what it is.
pub(super) fn list() -> Result<Exit, RunError> {
    let catalog = Catalog::built_in();
    let width = catalog.iter().map(|rule| rule.id().len()).max().unwrap_or(0);
    let mut text =
        format!("{:width$}  LINT   CONTRACT  SECURITY  ALL    CLASS      WHAT IS WRONG\n", "RULE");
    for rule in catalog.iter() {
        let _ = writeln!(
            text,
            "{:width$}  {:5}  {:8}  {:8}  {:5}  {:9}  {}",
            rule.id(),
            level(rule, Profile::Recommended),
            level(rule, Profile::Contract),
            level(rule, Profile::Security),
            level(rule, Profile::All),
            rule.class().as_str(),
            rule.page().summary
        );
    }
    print(&text)?;
    Ok(Exit::Clean)
}

/// Says what a rule is about, by our name or by that of another linter.
pub(super) fn explain(id: &str) -> Result<Exit, RunError> {
    let catalog = Catalog::built_in();
    let text = match (catalog.get(id), catalog.of_other(id)) {
        (None, Some(meaning)) => translated(id, &meaning),
        _ => page(catalog.find(id)?),
    };
    print(&text)?;
    Ok(Exit::Clean)
}

/// What a name of other linters is called here, and the page of it where it is one rule.
fn translated(id: &str, meaning: &Meaning<'_>) -> String {
    let linters = meaning.linters.join(", ");
    match meaning.rules.as_slice() {
        [] => {
            let reason = meaning.reason.as_deref().unwrap_or_default();
            format!("`{id}` ({linters}) has no rule here. {reason}\n")
        }
        [rule] => format!("`{id}` ({linters}) is `{}` here.\n\n{}", rule.id(), page(rule)),
        rules => {
            let mut text = format!("`{id}` ({linters}) is {} rules here:\n\n", rules.len());
            let width = rules.iter().map(|rule| rule.id().len()).max().unwrap_or(0);
            for rule in rules {
                let _ = writeln!(text, "{:width$}  {}", rule.id(), rule.page().summary);
            }
            text
        }
    }
}

fn page(rule: &Rule) -> String {
    let page = rule.page();
    let sets = Profile::ALL.into_iter().filter(|it| rule.severity(*it).is_some());
    let sets: Vec<_> = sets.map(|it| format!("{} {}", it.as_str(), level(rule, it))).collect();
    let mut text = format!(
        "{} ({}, {}; {} in a contract)\n\n{}\n\nWhy: {}\nFix: {}\n\
         Sets: {}\nSource: {}\nSince: {}\n",
        rule.id(),
        level(rule, Profile::Recommended),
        rule.class().as_str(),
        level(rule, Profile::Contract),
        page.summary,
        page.why,
        page.fix,
        sets.join(", "),
        page.source,
        page.since,
    );
    for (title, example) in
        [("It speaks here:", rule.failing_example()), ("And not here:", rule.passing_example())]
    {
        if !example.is_empty() {
            let _ = write!(text, "\n{title}\n\n");
            text.extend(
                visible(example)
                    .lines()
                    .map(|line| format!("    {line}").trim_end().to_owned() + "\n"),
            );
        }
    }
    text
}

fn level(rule: &Rule, profile: Profile) -> &'static str {
    rule.severity(profile).map_or("off", Severity::as_str)
}
