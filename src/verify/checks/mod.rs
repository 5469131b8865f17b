//! The rules that look at meaning: one file for each check that rule files name.

mod access;
mod agreements;
mod alike;
mod bodies;
mod components;
mod compositions;
mod conjunctions;
mod consistency;
mod data;
mod discriminators;
mod each;
mod encodings;
mod endless;
mod enums;
mod examples;
mod formats;
mod given;
mod limits;
mod links;
mod lists;
mod messages;
mod naming;
mod operation_ids;
mod overlaps;
mod parameters;
mod path_forms;
mod paths;
mod patterns;
mod property_names;
mod prose;
mod readings;
mod required;
mod responses;
mod scalars;
mod security;
mod servers;
mod tags;
mod text;
mod types;
mod untyped;
mod words;

use crate::finding::Coverage;

use super::{context::Context, sink::Sink};

/// A check: it states facts, and says what it looked at.
pub(super) type Check = for<'d> fn(&Context<'_, 'd>, &mut Sink<'_, 'd>, &mut Coverage);

/// Every check by the name that rule files give it.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("operation_ids", operation_ids::check),
    ("types", types::check),
    ("formats", formats::check),
    ("patterns", patterns::check),
    ("examples", examples::check),
    ("untyped", untyped::check),
    ("required", required::check),
    ("property_names", property_names::check),
    ("consistency", consistency::check),
    ("scalars", scalars::check),
    ("paths", paths::check),
    ("readings", readings::check),
    ("conjunctions", conjunctions::check),
    ("endless", endless::check),
    ("overlaps", overlaps::check),
    ("text", text::check),
    ("access", access::check),
    ("agreements", agreements::check),
    ("bodies", bodies::check),
    ("components", components::check),
    ("compositions", compositions::check),
    ("data", data::check),
    ("discriminators", discriminators::check),
    ("encodings", encodings::check),
    ("enums", enums::check),
    ("limits", limits::check),
    ("links", links::check),
    ("lists", lists::check),
    ("messages", messages::check),
    ("naming", naming::check),
    ("parameters", parameters::check),
    ("path_forms", path_forms::check),
    ("prose", prose::check),
    ("responses", responses::check),
    ("security", security::check),
    ("servers", servers::check),
    ("tags", tags::check),
];
