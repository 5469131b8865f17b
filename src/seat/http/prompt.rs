//! What a model is shown: built from the state each time, the dialogue never replayed.
//!
//! * **Shape.** The role says who the agent is (its party's own text), what it wants (its
//!   mandate) and how the table works. The question is one JSON object of the present state.
//! * **Boundary.** Whatever the other side wrote is inside strings of that object, where no
//!   character ends the string; nothing of it is ever in the role. The mandate's private terms
//!   and its seat are not shown.

use crate::{
    document::{Document, Limits, NodeRef, Value},
    finding::{Finding, Fix, PatchOperation},
    negotiate::{Digested, IssueState, NamedConstraint, TurnRequest, json_line},
};

/// How the table works, for a model.
const TABLE: &str = include_str!("table.md");
/// Who the agent is, where its party does not say.
const ROLE: &str = "You negotiate for your organization. Be brief and exact; reach an agreement \
                    that your brief allows in as few turns as you can.";
/// The most findings that are shown.
const FINDINGS_MAX: usize = 20;
/// The keys of a mandate that are not shown.
const HIDDEN: [&str; 2] = ["private_terms", "seat"];

/// What a model is told once and for all.
#[derive(Clone, Debug, Default)]
pub struct Role {
    text: String,
}

impl Role {
    /// The role of a party: its own words, if it has any, and its mandate.
    pub fn new(words: Option<&str>, mandate: &[u8]) -> Self {
        let words = words.unwrap_or(ROLE).trim();
        let brief = brief(mandate);
        let text =
            format!("{words}\n\n{TABLE}\nYour brief, which the other side never sees:\n\n{brief}");
        Self { text }
    }
}

/// A mandate without what is not shown.
fn brief(mandate: &[u8]) -> String {
    let document = Document::parse("mandate.yaml", mandate.to_vec(), &Limits::default());
    match document.root().map(NodeRef::to_value) {
        Some(Value::Object(mut members)) => {
            members.retain(|(key, _)| !HIDDEN.contains(&key.as_str()));
            Value::Object(members).to_yaml()
        }
        _ => String::new(),
    }
}

/// What a model is shown in one turn.
#[derive(Clone, Debug)]
pub(super) struct Prompt {
    /// The text in the system's place.
    pub(super) role: String,
    /// The text in the user's place.
    pub(super) question: String,
}

impl Prompt {
    /// The prompt of a question.
    pub(super) fn new(role: &Role, request: &TurnRequest) -> Self {
        let acts: Vec<_> = request.allowed_acts.iter().map(|it| it.as_str()).collect();
        let question = format!(
            "Turn {} is yours. The state of the negotiation, as data:\n\n{}\n\nAnswer with one act: \
             {}.",
            request.turn,
            json_line(&state(request)),
            acts.join(", "),
        );
        Self { role: role.text.clone(), question }
    }

    /// The question to a model that is held to no form.
    pub(super) fn fenced(&self) -> String {
        format!(
            "{}\n\nWrite nothing but one JSON object between fences, for example:\n\n```json\n\
             {{\"act\": \"escalate\", \"body\": {{\"reason\": \"…\"}}}}\n```",
            self.question
        )
    }
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn state(request: &TurnRequest) -> Value {
    let number = |number: u32| Value::from(u64::from(number));
    let digested = |it: &Digested| {
        Value::object([("sha256", text(&it.sha256)), ("document", text(&it.document))])
    };
    let acts: Vec<_> = request.allowed_acts.iter().map(|it| text(it.as_str())).collect();
    let last = request.last_act.as_ref().map(|it| {
        let members = [("party", text(&it.seat)), ("act", text(it.act.as_str()))];
        Value::object(members.into_iter().chain([("body", it.body.clone())]))
    });
    let issues = request.issues.iter().map(|issue| {
        let constraints = issue.constraints.iter().map(NamedConstraint::to_value).collect();
        let state = match issue.state {
            IssueState::Open => "open",
            IssueState::Settled => "settled",
        };
        Value::object([
            ("pointer", text(&issue.pointer)),
            ("state", text(state)),
            ("opened_by", text(&issue.opened_by)),
            ("constraints", Value::Array(constraints)),
        ])
    });
    let shown = request.findings.iter().take(FINDINGS_MAX).map(finding).collect();
    let hidden = request.findings.len().saturating_sub(FINDINGS_MAX);
    let mut state = vec![
        ("you", text(&request.seat)),
        ("turn", number(request.turn)),
        ("turns_left", number(request.turns_left)),
        ("bounces_left", number(request.bounces_left)),
        ("allowed_acts", Value::Array(acts)),
        ("head", request.head.as_ref().map_or(Value::Null, digested)),
        ("issues", Value::Array(issues.collect())),
        ("last_act", last.unwrap_or(Value::Null)),
        ("bounced", request.bounced.as_ref().map_or(Value::Null, digested)),
        ("findings", Value::Array(shown)),
    ];
    if hidden > 0 {
        state.push(("more_findings", Value::from(hidden as u64)));
    }
    Value::object(state)
}

/// A finding with what helps to repair it, and nothing else.
fn finding(finding: &Finding) -> Value {
    let line = u64::from(finding.place.range.start.line);
    let mut members = vec![
        ("rule", text(&finding.rule)),
        ("severity", text(finding.severity.as_str())),
        ("message", text(&finding.message)),
        ("at", text(&finding.place.path)),
        ("pointer", text(&finding.place.pointer)),
        ("line", Value::from(line)),
    ];
    let maybe = [
        ("found", finding.found.clone()),
        ("expected", finding.expected.clone()),
        ("help", finding.help.as_deref().map(text)),
        ("fix", finding.fix.as_ref().map(|fix| Value::Array(operations(fix)))),
    ];
    members.extend(maybe.into_iter().filter_map(|(key, value)| Some((key, value?))));
    Value::object(members)
}

fn operations(fix: &Fix) -> Vec<Value> {
    let operation = |it: &PatchOperation| {
        let mut members = vec![("op", text(it.op)), ("path", text(&it.path))];
        members.extend(it.from.as_deref().map(|from| ("from", text(from))));
        members.extend(it.value.clone().map(|value| ("value", value)));
        Value::object(members)
    };
    fix.patch.iter().map(operation).collect()
}
