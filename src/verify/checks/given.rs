//! The values that a schema gives for itself, to see whether a repair would fit them.

use crate::{
    document::{Kind, NodeRef},
    schema::format::{self, Judgement},
};

/// Whether all values that a schema shows or lists have a type and a format.
pub(super) fn fit(schema: NodeRef<'_>, kind: Option<&str>, format: Option<&str>) -> bool {
    let single = ["example", "default", "const"].into_iter().filter_map(|key| schema.get(key));
    let lists = ["examples", "enum"].into_iter().filter_map(|key| schema.get(key));
    let mut values = single.chain(lists.flat_map(NodeRef::items));
    values.all(|value| {
        let typed = kind.is_none_or(|kind| value.is_null() || has_type(value, kind));
        let judged = format.zip(value.as_str()).map(|(format, text)| format::judge(format, text));
        typed && !matches!(judged, Some(Judgement::Wrong(_)))
    })
}

fn has_type(value: NodeRef<'_>, name: &str) -> bool {
    match value.kind() {
        Kind::Null => name == "null",
        Kind::Bool => name == "boolean",
        Kind::Number => matches!(name, "number" | "integer"),
        Kind::String => name == "string",
        Kind::Array => name == "array",
        Kind::Object => name == "object",
    }
}
