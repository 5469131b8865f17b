//! What a model is shown: built from the state each time, the dialogue never replayed.
//!
//! * **Shape.** The role says who the agent is (its party's own text), what it wants (its
//!   mandate) and how the table works. The question is one JSON object of the present state.
//! * **Boundary.** Whatever the other side wrote is inside strings of that object, where no
//!   character ends the string; nothing of it is ever in the role. The mandate's private terms
//!   and its seat are not shown.

use crate::{
    document::{Document, Limits, NodeRef, Value},
    finding::{Place, causes, reprint},
    negotiate::{Digested, IssueState, NamedConstraint, TurnRequest, json_line},
};

/// How the table works, for a model.
const TABLE: &str = include_str!("table.md");
/// Who the agent is, where its party does not say.
const ROLE: &str = "You negotiate for your organization. Be brief and exact; reach an agreement \
                    that your brief allows in as few turns as you can.";
/// The most causes of findings that are shown.
const CAUSES_MAX: usize = 20;
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
        let brief = format!("Your brief, which the other side never sees:\n\n{brief}");
        let text = format!("{words}\n\n{TABLE}\n{brief}");
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
            "Turn {} is yours. The state of the negotiation, as data:\n\n{}\n\n\
             Answer with one act: {}.",
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
    let (shown, hidden) = diagnosis(request);
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

/// What is wrong with the bounced proposal, cause by cause, each with the object around it.
fn diagnosis(request: &TurnRequest) -> (Vec<Value>, usize) {
    let causes = causes(&request.findings);
    let proposal = request.bounced.as_ref().zip(request.findings.first()).map(|(it, first)| {
        let bytes = it.document.as_bytes().to_vec();
        Document::parse(&first.place.path, bytes, &Limits::default())
    });
    let object = |place: &Place| {
        let document = proposal.as_ref().filter(|it| it.path() == &*place.path)?;
        reprint(document, place)
    };
    let shown = causes.iter().take(CAUSES_MAX);
    let shown = shown.map(|it| it.to_value(object(&it.finding.place).as_deref())).collect();
    (shown, causes.len().saturating_sub(CAUSES_MAX))
}
