//! What the agent says beside its acts: in words of its own mandate, never of the other side's.

use crate::{
    charter::{
        Mandate,
        mandate::{Facets, Field, Shape, Want},
    },
    document::Value,
};

use super::{
    difference::{Change, Difference},
    judge::differences,
    own,
};

/// How many things one sentence names.
const NAMES_MAX: usize = 6;

/// What is said about a place that the brief does not know.
pub(super) const NOTHING: &str = "Our brief says nothing about this place.";

/// What a first document offers.
pub(super) fn of_draft(mandate: &Mandate) -> Option<String> {
    let offered = mandate.operations.iter().filter(|it| it.want != Want::Refused);
    let names: Vec<String> = offered.map(|it| format!("`{}`", it.endpoint)).collect();
    (!names.is_empty()).then(|| format!("Our draft: {}.", list(&names)))
}

/// What a revision does about the differences that the head had.
pub(super) fn of_revision(mandate: &Mandate, head: &Value, wanted: &Value) -> String {
    let left = differences(mandate, wanted);
    let is_left = |it: &Difference<'_>| left.iter().any(|other| other.constraint == it.constraint);
    let done: Vec<Difference<'_>> =
        differences(mandate, head).into_iter().filter(|it| !is_left(it)).collect();
    let sentences = [
        "Adds",
        "Takes out",
        "Gives our type to",
        "Requires",
        "Leaves optional",
        "Names the owner of",
    ];
    let said = sentences.iter().filter_map(|verb| {
        let about = done.iter().filter(|it| self::verb(&it.change) == *verb);
        let mut names: Vec<String> = about.map(|it| it.subject.clone()).collect();
        names.dedup();
        (!names.is_empty()).then(|| format!("{verb} {}.", list(&names)))
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() {
        return "Goes along with what you say must hold.".to_owned();
    }
    said.join(" ")
}

fn verb(change: &Change<'_>) -> &'static str {
    match change {
        Change::AddOperation(_)
        | Change::AddParameter(..)
        | Change::AddRequest(..)
        | Change::AddResponse(..)
        | Change::AddError(..)
        | Change::AddField(..) => "Adds",
        Change::RemoveOperation | Change::RemoveParameter(_) | Change::RemoveField(..) => {
            "Takes out"
        }
        Change::Retype(..) | Change::Resize(..) => "Gives our type to",
        Change::Require(_) | Change::Key(_) => "Requires",
        Change::Unrequire(_) => "Leaves optional",
        Change::Own(..) => "Names the owner of",
    }
}

/// What a mandate says about a place that the other side asks about.
pub(super) fn of_place(mandate: &Mandate, root: &Value, place: &str) -> Option<String> {
    let places = own::places(mandate, root);
    let field = places.iter().find(|it| it.listed == place)?.field;
    let mut sentences = vec![format!("`{}` is {}.", field.name, kind(field))];
    sentences.extend(field.description.clone());
    sentences
        .extend(field.owner.as_ref().map(|it| format!("`{}` is responsible for it.", it.party)));
    if field.key {
        sentences.push("Records are matched by it, so it is unique.".to_owned());
    }
    Some(sentences.join(" "))
}

fn kind(field: &Field) -> String {
    match &field.shape {
        Shape::Scalar(Facets { kind, format: Some(format), .. }) => {
            format!("of the type `{}` with the format `{format}`", kind.as_str())
        }
        Shape::Scalar(facets) => format!("of the type `{}`", facets.kind.as_str()),
        Shape::Object { .. } => "an object".to_owned(),
        Shape::Array { .. } => "a list".to_owned(),
        Shape::Any => "of no type that we know".to_owned(),
    }
}

fn list(names: &[String]) -> String {
    let text = names.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMES_MAX) {
        Some(more @ 1..) => format!("{text} and {more} more"),
        _ => text,
    }
}
