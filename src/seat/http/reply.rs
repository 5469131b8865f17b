//! What a service said: the model's words, what they cost, and the act in them.
//!
//! * **Shape.** [`Reply::read`] takes a body of either language; [`Reply::act`] finds the act
//!   in the words and adds what is ours to add. Whether it is an act the schema decides.

use serde_json::{Map, Value, json};

use crate::{charter::mandate::Api, negotiate::TurnRequest};

/// A model's reply.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    /// The words, or the arguments of the tool.
    pub(super) text: String,
    /// Tokens of question and answer, where the service counts them.
    pub(super) tokens: Option<u64>,
    /// Whether the words end because they were too many.
    pub(super) cut: bool,
}

impl Reply {
    /// Reads the body of an answer; nothing where it is none.
    pub(super) fn read(api: Api, body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        match api {
            Api::OpenAi => Self::chat(&body),
            Api::Anthropic => Self::messages(&body),
        }
    }

    fn chat(body: &Value) -> Option<Self> {
        let choice = body.pointer("/choices/0")?;
        let message = choice.get("message")?;
        let called = message.pointer("/tool_calls/0/function/arguments");
        // Some servers give the arguments as JSON and not as its text.
        let called = called.map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
        let said = || message.get("content").and_then(Value::as_str).unwrap_or_default();
        let usage = body.get("usage");
        let count = |name: &str| usage?.get(name)?.as_u64();
        let parts = || Some(count("prompt_tokens")? + count("completion_tokens")?);
        Some(Self {
            text: called.unwrap_or_else(|| said().to_owned()),
            tokens: count("total_tokens").or_else(parts),
            cut: choice.get("finish_reason").and_then(Value::as_str) == Some("length"),
        })
    }

    fn messages(body: &Value) -> Option<Self> {
        let blocks = body.get("content")?.as_array()?;
        let is = |it: &&Value, kind: &str| it.get("type").and_then(Value::as_str) == Some(kind);
        let mut calls = blocks.iter().filter(|it| is(it, "tool_use"));
        let called = calls.find_map(|it| it.get("input")).map(Value::to_string);
        let texts = blocks.iter().filter(|it| is(it, "text"));
        let said = texts.filter_map(|it| it.get("text")?.as_str()).collect::<String>();
        let usage = body.get("usage").and_then(Value::as_object);
        let tokens = usage.map(|usage| {
            let counted = usage.iter().filter(|(name, _)| name.ends_with("_tokens"));
            counted.filter_map(|(_, it)| it.as_u64()).sum()
        });
        Some(Self {
            text: called.unwrap_or(said),
            tokens,
            cut: body.get("stop_reason").and_then(Value::as_str) == Some("max_tokens"),
        })
    }

    /// The answer that the words hold, if they hold one.
    pub(super) fn act(&self, request: &TurnRequest) -> Option<Value> {
        let said = candidates(&self.text).into_iter().find_map(|text| {
            let value: Value = serde_json::from_str(text).ok()?;
            let inner = value.get("answer").filter(|it| it.get("act").is_some()).cloned();
            let value = inner.unwrap_or(value);
            value.get("act").is_some().then_some(value)
        })?;
        let mut body = said.get("body").cloned().unwrap_or(json!({}));
        drop_nulls(&mut body);
        Some(json!({
            "v": 1,
            "request_id": request.request_id,
            "act": said.get("act"),
            "base": request.base,
            "body": body,
        }))
    }
}

/// The parts of a text that may be the JSON: all of it, what stands between fences (the last
/// first), and what stands between the outermost braces.
fn candidates(text: &str) -> Vec<&str> {
    // What a model thinks aloud is not what it says.
    let said = text.rsplit_once("</think>").map_or(text, |(_, said)| said).trim();
    let mut found = vec![said];
    let fenced = said.split("```").skip(1).step_by(2);
    let fenced = fenced.map(|it| it.trim_start_matches(|it: char| it.is_ascii_alphabetic()).trim());
    let fenced: Vec<_> = fenced.collect();
    found.extend(fenced.into_iter().rev());
    if let (Some(start), Some(end)) = (said.find('{'), said.rfind('}')) {
        found.extend(said.get(start..=end));
    }
    found
}

/// Members that a strict schema makes a model write though they are not there.
fn drop_nulls(value: &mut Value) {
    let without = |map: &mut Map<String, Value>| map.retain(|_, it| !it.is_null());
    if let Value::Object(body) = value {
        without(body);
        if let Some(Value::Object(constraint)) = body.get_mut("constraint") {
            without(constraint);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn chat(message: &Value) -> String {
        let body = json!({ "choices": [{ "message": message, "finish_reason": "stop" }] });
        Reply::read(Api::OpenAi, body.to_string().as_bytes()).unwrap().text
    }

    #[test]
    fn both_languages_are_read() {
        assert_eq!(chat(&json!({ "content": "words" })), "words");
        assert_eq!(chat(&json!({ "content": null })), "");
        let call = |arguments: Value| json!({ "tool_calls": [{ "function": { "arguments": arguments } }] });
        assert_eq!(chat(&call(json!("{\"act\":1}"))), "{\"act\":1}");
        assert_eq!(chat(&call(json!({ "act": 1 }))), "{\"act\":1}");
        let body = json!({
            "content": [{ "type": "thinking" }, { "type": "text", "text": "wo" }, { "type": "text", "text": "rds" }],
            "stop_reason": "max_tokens",
            "usage": { "input_tokens": 3, "cache_read_input_tokens": 4, "output_tokens": 5 },
        });
        let reply = Reply::read(Api::Anthropic, body.to_string().as_bytes()).unwrap();
        assert_eq!(reply, Reply { text: "words".to_owned(), tokens: Some(12), cut: true });
        for nonsense in ["", "{}", "[]", "<html>", "{\"choices\":[]}", "{\"content\":1}"] {
            for api in [Api::OpenAi, Api::Anthropic] {
                assert_eq!(Reply::read(api, nonsense.as_bytes()), None, "{nonsense}");
            }
        }
    }

    #[test]
    fn json_is_found_in_words() {
        for text in [
            "{\"act\": 1}",
            "  {\"act\": 1}\n",
            "I accept:\n```json\n{\"act\": 1}\n```\nThat is all.",
            "First ```{\"act\": 2``` then\n```\n{\"act\": 1}\n```",
            "<think>{\"act\": 3}</think>{\"act\": 1}",
            "So {\"act\": 1} it is.",
        ] {
            let found = candidates(text).into_iter().find_map(|it| serde_json::from_str(it).ok());
            assert_eq!(found, Some(json!({ "act": 1 })), "{text}");
        }
    }
}
