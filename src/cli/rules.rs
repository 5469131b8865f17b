//! `treaty rules` and `treaty explain`: the catalogue, and one rule of it.

use std::fmt::Write;

use crate::{
    document::visible,
    finding::Severity,
    ruleset::{Catalog, Rule},
};

use super::{Exit, error::RunError, output::print};

/// Lists every rule: its id, its severity in a lint and in a contract, its class, what it is.
pub(super) fn list() -> Result<Exit, RunError> {
    let catalog = Catalog::built_in();
    let width = catalog.iter().map(|rule| rule.id().len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  LINT   CONTRACT  CLASS      WHAT IS WRONG\n", "RULE");
    for rule in catalog.iter() {
        let _ = writeln!(
            text,
            "{:width$}  {:5}  {:8}  {:9}  {}",
            rule.id(),
            level(rule.severity()),
            level(rule.contract_severity()),
            rule.class().as_str(),
            rule.page().summary
        );
    }
    print(&text)?;
    Ok(Exit::Clean)
}

/// Says what a rule is about.
pub(super) fn explain(id: &str) -> Result<Exit, RunError> {
    print(&page(Catalog::built_in().find(id)?))?;
    Ok(Exit::Clean)
}

fn page(rule: &Rule) -> String {
    let page = rule.page();
    let mut text = format!(
        "{} ({}, {}; {} in a contract)\n\n{}\n\nWhy: {}\nFix: {}\nSource: {}\nSince: {}\n",
        rule.id(),
        level(rule.severity()),
        rule.class().as_str(),
        level(rule.contract_severity()),
        page.summary,
        page.why,
        page.fix,
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

fn level(severity: Option<Severity>) -> &'static str {
    severity.map_or("off", Severity::as_str)
}
