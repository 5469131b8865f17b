//! Repairing a proposal that went back.
//!
//! * **Shape.** Each finding is answered by the first of these that changes anything: its own
//!   fix together with what the dictionary says about the field that it stands in; a name for
//!   an operation; an example made from its schema; what the head has at that place; leaving
//!   out what may be left out. A proposal that has gone back before is then put into standard
//!   words as a whole.

use crate::{
    boundary::Vocabulary,
    charter::{
        Mandate, PrivateTerm,
        mandate::{Endpoint, Kind, Shape},
    },
    document::{Value, pointer},
    finding::{Finding, Severity},
    negotiate::PRIVATE_TERM,
};

use super::{
    amend::Amender,
    example::Direction,
    find, name, own, refresh,
    schema::read,
    tree::{at_mut, last, lies_within, parent, remove, set},
    write::{TITLE, Words},
};

/// The gate's rule against changes of what the other side owns.
const CHANGE_BY_NON_OWNER: &str = "change-by-non-owner";
/// So many findings that there may be more of the same.
const FINDINGS_MANY: usize = 100;
/// Members that may be left out of whatever holds them.
const OPTIONAL: [&str; 17] = [
    "format",
    "pattern",
    "example",
    "examples",
    "default",
    "description",
    "summary",
    "tags",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "x-owner",
    "x-unique",
];

/// A proposal that went back, and what for.
pub(super) struct Repair<'a> {
    pub mandate: &'a Mandate,
    pub head: Option<&'a Value>,
    pub findings: &'a [Finding],
    /// Whether this is the last try of the turn.
    pub last: bool,
}

impl Repair<'_> {
    /// The proposal as it can be offered again.
    pub(super) fn of(&self, bounced: &Value) -> Value {
        let mut value = bounced.clone();
        let mut findings: Vec<&Finding> =
            self.findings.iter().filter(|it| it.severity == Severity::Error).collect();
        if findings.is_empty() {
            findings = self.findings.iter().collect();
        }
        // What is not ours to change comes first and goes back. Examples come last, since they
        // follow from the types; and the rest from the end, so that the places of the findings
        // still to come stay true.
        findings.sort_by_key(|it| {
            let place = &it.place;
            let examples = is_in_example(&place.pointer);
            let order = if is_of_owner(it) { 0 } else { 1 + u8::from(examples) };
            (order, std::cmp::Reverse(place.range.start.offset))
        });
        for finding in findings {
            self.answer(&mut value, bounced, finding);
        }
        let more = self.findings.len() >= FINDINGS_MANY;
        if self.last || more || value == *bounced {
            self.standardize(&mut value);
        }
        let unknown = self.unknown_formats(bounced);
        if !unknown.is_empty() {
            self.forget(&mut value, &unknown);
        }
        refresh::changed(&mut value, self.head);
        value
    }

    fn answer(&self, value: &mut Value, bounced: &Value, finding: &Finding) {
        let place = finding.place.pointer.as_str();
        let before = value.clone();
        if finding.rule.as_ref() == PRIVATE_TERM {
            return hide(value, place, &self.mandate.private_terms);
        }
        if is_of_owner(finding) {
            return self.restore(value, place);
        }
        mechanical(value, finding);
        let fixed = *value != before;
        self.translate(value, &before, place, fixed);
        let repairs: [&dyn Fn(&mut Value); 3] =
            [&|value| identify(value, place), &|value| exemplify(value, place), &|value| {
                unlist(value, place);
            }];
        for repair in repairs {
            if *value != before {
                return;
            }
            repair(value);
        }
        // Another finding about the same place may have been answered already.
        let answered = value.at(place) != bounced.at(place);
        let last_resorts: [&dyn Fn(&mut Value); 2] =
            [&|value| self.restore(value, place), &|value| leave_out(value, place)];
        for resort in last_resorts {
            if answered || *value != before {
                return;
            }
            resort(value);
        }
    }

    /// The formats of the mandate's own fields that the findings are about, though the fields
    /// have them in standard words already: nobody else knows them.
    fn unknown_formats(&self, bounced: &Value) -> Vec<Value> {
        let places = own::places(self.mandate, bounced);
        let about = self.findings.iter().map(|it| it.place.pointer.as_str());
        let mut unknown: Vec<Value> = Vec::new();
        for place in about.filter(|it| it.ends_with("/format")) {
            let Some(format) = bounced.at(place) else { continue };
            let own = places.iter().find(|it| parent(place) == it.listed).map(|it| it.field);
            let standard = own.is_some_and(|field| match &field.shape {
                Shape::Scalar(facets) => facets.format.as_deref() == format.as_str(),
                _ => false,
            });
            if standard && !unknown.contains(format) {
                unknown.push(format.clone());
            }
        }
        unknown
    }

    /// Leaves formats out of every field of the mandate's own.
    fn forget(&self, value: &mut Value, formats: &[Value]) {
        for own in own::places(self.mandate, value) {
            let place = pointer::join(&own.listed, "format");
            if value.at(&place).is_some_and(|it| formats.contains(it)) {
                remove(value, &place);
            }
        }
    }

    /// Gives the mandate's field that a place lies in the type that the dictionary says.
    /// A field that was in standard words before keeps what the finding's own fix made of it.
    fn translate(&self, value: &mut Value, before: &Value, place: &str, fixed: bool) {
        let places = own::places(self.mandate, value);
        let within = places.iter().filter(|it| lies_within(place, &it.listed));
        let Some(own) = within.max_by_key(|it| it.listed.len()) else { return };
        let steps = place.strip_prefix(&own.listed).unwrap_or_default();
        let inner = steps.starts_with("/properties") || steps.starts_with("/items");
        let kept = fixed && is_standard(before, &own.listed);
        if matches!(own.field.shape, Shape::Scalar(_)) && !inner && !kept {
            self.amender().retype(value, &own.listed, own.field);
        }
    }

    /// Puts everything of the mandate's own that is not yet standard into standard words.
    fn standardize(&self, value: &mut Value) {
        for own in own::places(self.mandate, value) {
            if matches!(own.field.shape, Shape::Scalar(_)) && !is_standard(value, &own.listed) {
                self.amender().retype(value, &own.listed, own.field);
            }
        }
        for operation in find::operations(value) {
            identify(value, &operation.place);
        }
    }

    fn amender(&self) -> Amender<'_> {
        Amender { mandate: self.mandate, words: Words::Standard }
    }

    /// Puts back what the head has at a place, or, where neither has anything there, at the
    /// nearest place above it where one of them has.
    fn restore(&self, value: &mut Value, place: &str) {
        let Some(head) = self.head else { return };
        let mut place = place;
        while !place.is_empty() {
            let (there, here) = (head.at(place), value.at(place));
            if there.is_some() || here.is_some() {
                match there.cloned() {
                    None => {
                        remove(value, place);
                        unrequire(value, place);
                    }
                    Some(there) if here.is_some() => {
                        if let Some(here) = at_mut(value, place) {
                            *here = there;
                        }
                    }
                    Some(there) => {
                        let key = last(place).unwrap_or_default();
                        set(value, parent(place), &key, there);
                    }
                }
                return;
            }
            place = parent(place);
        }
    }
}

/// Whether the type at a place is said, and in standard words.
fn is_standard(root: &Value, place: &str) -> bool {
    let types = read(root, place).types;
    !types.is_empty() && types.iter().all(|word| Kind::from_word(word).is_some())
}

/// Whether a finding is that the other side owns what is changed.
fn is_of_owner(finding: &Finding) -> bool {
    finding.rule.as_ref() == CHANGE_BY_NON_OWNER
}

/// Applies the fix that a finding brings.
fn mechanical(value: &mut Value, finding: &Finding) {
    let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.patch.is_empty()) else { return };
    let patch = serde_json::to_string(&fix.patch).ok().and_then(|text| Value::from_json(&text));
    if let Some(Ok(fixed)) = patch.map(|patch| value.patched(&patch)) {
        *value = fixed;
    }
}

/// Gives the operation at a place an id of its own, where it has none or the id is the fault.
fn identify(value: &mut Value, place: &str) {
    let named = place.strip_suffix("/operationId");
    let operations = find::operations(value);
    let at = |it: &&find::FoundOperation| it.place == named.unwrap_or(place);
    let Some(operation) = operations.iter().find(at) else { return };
    let there = value.at(&operation.place).and_then(|it| it.get("operationId"));
    if named.is_none() && there.is_some() {
        return;
    }
    let endpoint = Endpoint { method: operation.method.clone(), path: operation.path.clone() };
    let id = name::operation_id(value, &endpoint, None, &operation.place);
    set(value, &operation.place.clone(), "operationId", Value::from(id));
}

/// What holds the example that a place lies in.
fn example_holder(place: &str) -> Option<&str> {
    let mut holder = place;
    while !holder.is_empty() {
        let key = last(holder).unwrap_or_default();
        holder = parent(holder);
        let names = last(holder).is_some_and(|it| it == "properties");
        if matches!(key.as_str(), "example" | "examples") && !names {
            return Some(holder);
        }
    }
    None
}

fn is_in_example(place: &str) -> bool {
    example_holder(place).is_some()
}

/// Makes the example that a place lies in anew.
fn exemplify(value: &mut Value, place: &str) {
    let Some(holder) = example_holder(place) else { return };
    let Some(object) = value.at(holder) else { return };
    if object.get("in").is_some() && object.get("schema").is_some() {
        remove(value, &pointer::join(holder, "example"));
        remove(value, &pointer::join(holder, "examples"));
    } else if object.get("schema").is_some() {
        let request = place.contains("/requestBody/");
        let direction = if request { Direction::Request } else { Direction::Response };
        let before = value.clone();
        refresh::of_media(value, holder, direction);
        if *value == before {
            remove(value, &pointer::join(holder, "example"));
        }
    } else {
        refresh::example(value, holder);
    }
}

/// Takes a name out of `required` whose property is not there.
fn unlist(value: &mut Value, place: &str) {
    let list = parent(place);
    let Some(schema) = list.strip_suffix("/required") else { return };
    let name = value.at(place).and_then(Value::as_str).map(str::to_owned);
    let there =
        |name: &String| super::schema::properties(value, schema).iter().any(|it| it.name == *name);
    if name.is_some_and(|name| !there(&name)) {
        remove(value, place);
        if value.at(list).is_some_and(|it| it.items().is_empty()) {
            remove(value, list);
        }
    }
}

/// Takes the name of a property that is gone out of `required`.
fn unrequire(value: &mut Value, property: &str) {
    let Some(schema) = parent(property).strip_suffix("/properties") else { return };
    let name = last(property).unwrap_or_default();
    let list = pointer::join(schema, "required");
    if let Some(Value::Array(items)) = at_mut(value, &list) {
        items.retain(|it| it.as_str() != Some(name.as_str()));
    }
    if value.at(&list).is_some_and(|it| it.items().is_empty()) {
        remove(value, &list);
    }
}

fn leave_out(value: &mut Value, place: &str) {
    let key = last(place).unwrap_or_default();
    let named = last(parent(place)).is_some_and(|it| it == "properties");
    if OPTIONAL.contains(&key.as_str()) && !named {
        remove(value, place);
    }
}

/// Takes a private term away: the text that holds it, or the members whose name does.
fn hide(value: &mut Value, place: &str, terms: &[PrivateTerm]) {
    if place == "/info/title" {
        return set(value, "/info", "title", Value::from(TITLE));
    }
    let Some(Value::Object(members)) = value.at(place) else {
        let key = last(place).unwrap_or_default();
        if key == "operationId" {
            return identify(value, place);
        }
        if key == "$ref" {
            return exemplify(value, place);
        }
        return leave_out(value, place);
    };
    let vocabulary = Vocabulary::new(terms);
    let names: Vec<_> =
        members.iter().map(|(name, _)| name).filter(|it| vocabulary.holds(it)).collect();
    let places: Vec<_> = names.iter().map(|name| pointer::join(place, name)).collect();
    for place in places {
        remove(value, &place);
        unrequire(value, &place);
    }
}
