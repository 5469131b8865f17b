//! How an act is asked of a model: by structured output, by a tool call, in plain words.
//!
//! * **Shape.** A model chooses the act and its body; version, question and base are ours to
//!   add. The schema that it is given is narrower than that of an act: the acts that are
//!   allowed now, whole documents and no patches, the head's digest and no other, every member
//!   required and nothing beside it, so that strict services take it.
//! * **Source.** `response_format` and `tools` of chat completions; `output_config.format` and
//!   `tools` of Anthropic's messages.

use serde_json::{Value, json};

use crate::{
    charter::mandate::Api,
    negotiate::{ActKind, ConstraintKind, TurnRequest},
};

use super::prompt::Prompt;

/// How the act is asked for; the later ones are for services that lack the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// By a schema that the service holds the model to.
    Structured,
    /// As the arguments of a tool.
    Tool,
    /// As JSON between fences.
    Fenced,
}

impl Form {
    /// Every form, the best first.
    pub(super) const ALL: [Self; 3] = [Self::Structured, Self::Tool, Self::Fenced];

    /// What it is, for the log.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Structured => "structured output",
            Self::Tool => "a tool call",
            Self::Fenced => "fenced JSON",
        }
    }
}

/// The name of the tool, and of the schema.
const NAME: &str = "act";

/// How a model is asked.
#[derive(Clone, Debug)]
pub(super) struct Asking<'a> {
    /// The language of the service.
    pub(super) api: Api,
    /// What the service calls the model.
    pub(super) model: &'a str,
    /// The most tokens of the answer.
    pub(super) tokens: u64,
    /// What the service calls that number.
    pub(super) tokens_member: &'static str,
}

impl Asking<'_> {
    /// The body of a call.
    pub(super) fn body(&self, form: Form, prompt: &Prompt, request: &TurnRequest) -> String {
        let schema = schema(request, self.api == Api::OpenAi);
        let words = if form == Form::Fenced { prompt.fenced() } else { prompt.question.clone() };
        let mut body = match self.api {
            Api::OpenAi => json!({
                "model": self.model,
                "messages": [
                    { "role": "system", "content": prompt.role },
                    { "role": "user", "content": words },
                ],
            }),
            Api::Anthropic => json!({
                "model": self.model,
                "system": prompt.role,
                "messages": [{ "role": "user", "content": words }],
            }),
        };
        let more = match (self.api, form) {
            (_, Form::Fenced) => json!({}),
            (Api::OpenAi, Form::Structured) => json!({ "response_format": {
                "type": "json_schema",
                "json_schema": { "name": NAME, "strict": true, "schema": schema },
            }}),
            (Api::OpenAi, Form::Tool) => json!({
                "tools": [{ "type": "function", "function": {
                    "name": NAME, "description": "Make one act.", "parameters": schema,
                }}],
                // There is one tool, and some servers take no more than this word.
                "tool_choice": "required",
            }),
            (Api::Anthropic, Form::Structured) => json!({
                "output_config": { "format": { "type": "json_schema", "schema": schema } },
            }),
            (Api::Anthropic, Form::Tool) => json!({
                "tools": [{ "name": NAME, "description": "Make one act.", "input_schema": schema }],
                "tool_choice": { "type": "tool", "name": NAME },
            }),
        };
        if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
            body.insert(self.tokens_member.to_owned(), json!(self.tokens));
            body.extend(more);
        }
        body.to_string()
    }
}

/// The schema of `{ "answer": { "act", "body" } }`; an object at the top, since some services
/// take nothing else there.
fn schema(request: &TurnRequest, patterns: bool) -> Value {
    let acts = request.allowed_acts.iter().map(|kind| {
        let word = json!({ "type": "string", "enum": [kind.as_str()] });
        object(&[("act", word), ("body", body(*kind, request, patterns))])
    });
    object(&[("answer", json!({ "anyOf": acts.collect::<Vec<_>>() }))])
}

fn object(members: &[(&str, Value)]) -> Value {
    let names: Vec<_> = members.iter().map(|(name, _)| *name).collect();
    let members: serde_json::Map<_, _> =
        members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    json!({
        "type": "object",
        "properties": members,
        "required": names,
        "additionalProperties": false,
    })
}

/// The codes of a refusal that a model chooses from.
const REASON_CODES: [&str; 6] =
    ["needed", "not-needed", "other-type", "other-owner", "not-ours", "unclear"];

fn body(kind: ActKind, request: &TurnRequest, patterns: bool) -> Value {
    let text = |what: &str| json!({ "type": "string", "description": what });
    let place = |what: &str| {
        let mut place = text(&format!("{what}, as a JSON Pointer, e.g. `/paths/~1orders/post`"));
        if let (true, Value::Object(place)) = (patterns, &mut place) {
            place.insert("pattern".to_owned(), json!("^(/([^~/]|~[01])*)*$"));
        }
        place
    };
    let maybe = |it: Value| json!({ "anyOf": [it, { "type": "null" }] });
    match kind {
        ActKind::Propose => object(&[
            ("document", text("The whole contract: an OpenAPI document as YAML or JSON text.")),
            ("note", maybe(text("A word to the other side."))),
        ]),
        ActKind::Accept => {
            let head = request.base.iter().collect::<Vec<_>>();
            object(&[("sha256", json!({ "type": "string", "enum": head }))])
        }
        ActKind::Ask => object(&[
            ("pointer", place("What the question is about")),
            ("question", text("The question.")),
        ]),
        ActKind::Answer => {
            object(&[("pointer", place("What was asked about")), ("answer", text("The answer."))])
        }
        ActKind::Decline => {
            let kinds = ConstraintKind::ALL.map(ConstraintKind::as_str);
            let value =
                "The type or the party that must stand there; null where the kind says all.";
            let constraint = object(&[
                ("pointer", place("Where it must hold")),
                ("kind", json!({ "type": "string", "enum": kinds })),
                ("value", maybe(text(value))),
            ]);
            object(&[
                ("issue", place("What is refused")),
                ("reason_code", json!({ "type": "string", "enum": REASON_CODES })),
                ("constraint", constraint),
            ])
        }
        ActKind::Reopen => object(&[("issue", place("The settled issue"))]),
        ActKind::Escalate => object(&[("reason", text("What people must decide."))]),
        ActKind::Withdraw | ActKind::Exit => object(&[]),
    }
}
