//! Files that hold an example, and examples that say too much.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.19 (`externalValue`).

use crate::{
    finding::{At, Draft},
    openapi::{Kind as Object, SourceError},
};

use crate::verify::{context::Context, sink::Sink};

/// Reports files of examples that do not exist.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>) {
    for visit in cx.walk.visits(Object::Example) {
        let Some(value) = visit.node.get("externalValue") else { continue };
        let Some(text) = value.as_str() else { continue };
        let error = cx.walk.description().external_value(value);
        match error {
            Some(SourceError::Missing | SourceError::NotAFile) => {
                let message = format!("there is no file `{text}`");
                sink.push(
                    Draft::new("missing-external-value", At::Value(value), message).fact(text),
                );
            }
            Some(SourceError::Network) | None => {}
            Some(error) => {
                let message = format!("the example in `{text}` was not read: {error}");
                let draft = Draft::new("undecided-example", At::Value(value), message);
                sink.push(draft.fact(text));
            }
        }
    }
}
