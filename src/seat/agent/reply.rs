//! Answering what the other side says must hold: going along, or naming what stands against it.
//!
//! * **Shape.** [`stance`] tries the constraint on the contract. Where the mandate then finds
//!   something firm that it did not find before, the two clash; otherwise the contract as it
//!   would be is what this side can live with.
//! * **Data.** Of what the other side gives as a value only a schema's structure is taken over:
//!   standard types, names of properties and what narrows them; never a text.

use crate::{
    charter::{
        Mandate,
        mandate::{Kind, METHODS, Operation, Unlisted, Want},
    },
    document::{Value, pointer},
    negotiate::{Constraint, ConstraintKind, NamedConstraint},
};

use super::{
    amend::Amender,
    difference::{Change, Difference, Weight},
    find,
    judge::differences,
    own, owner, put,
    schema::{is_named, required},
    tree::{at_mut, last, parent, resolve, set},
    write::Words,
};

/// How deep a schema of the other side is read.
const DEPTH_MAX: usize = 6;

/// What a mandate says to a constraint.
pub(super) enum Stance {
    /// It can live with the contract as it would be.
    Comply(Value),
    /// It cannot, and this is why.
    Clash(Constraint),
    /// The constraint holds already, or cannot be met by this side alone.
    Neutral,
}

/// What a mandate says to the other side's constraint on a contract.
pub(super) fn stance(mandate: &Mandate, root: &Value, named: &NamedConstraint) -> Stance {
    let NamedConstraint { party, constraint, .. } = named;
    let place = constraint.pointer.as_str();
    let mut wanted = root.clone();
    match constraint.kind {
        ConstraintKind::Required => {
            if refuses(mandate, root, place) {
                let kind = ConstraintKind::Forbidden;
                return clash(place, kind, Value::Null);
            }
            require(mandate, &mut wanted, place, &constraint.value);
            let mut marked = wanted.clone();
            mark(&mut marked, place, &constraint.value, party);
            if marked != wanted
                && matches!(judged(mandate, root, constraint, marked.clone()), Stance::Comply(_))
            {
                wanted = marked;
            }
        }
        ConstraintKind::Forbidden => {
            let outer = place.split('/').count() < 4 || !place.starts_with("/paths/");
            if outer && root.at(place).is_some() {
                return clash(place, ConstraintKind::Required, Value::Null);
            }
            put::remove_any(&mut wanted, place, mandate);
            if wanted != *root && owner::is_shared(mandate, root, place) {
                if let clash @ Stance::Clash(_) = judged(mandate, root, constraint, wanted) {
                    return clash;
                }
                // What the other side owns is for it to take away, once nothing is ours there.
                wanted = root.clone();
                owner::release(mandate, &mut wanted, place);
            }
        }
        ConstraintKind::Type => {
            let Some(schema) = plain_schema(&constraint.value, 0) else { return Stance::Neutral };
            put::put_type(&mut wanted, place, &schema);
        }
        ConstraintKind::Owner => {
            if root.at(place).is_none() {
                return Stance::Neutral;
            }
            put::put_owner(&mut wanted, place, constraint.value.clone());
        }
    }
    if wanted == *root {
        return Stance::Neutral;
    }
    judged(mandate, root, constraint, wanted)
}

/// The contract as it would be, unless something firm stands against it.
fn judged(mandate: &Mandate, root: &Value, constraint: &Constraint, wanted: Value) -> Stance {
    let before: Vec<Constraint> = firm(mandate, root).map(|it| it.constraint).collect();
    let mut against = firm(mandate, &wanted).filter(|it| !before.contains(&it.constraint));
    let Some(first) = against.next() else { return Stance::Comply(wanted) };
    let place = constraint.pointer.as_str();
    let same = |it: &Difference<'_>| {
        it.constraint.pointer == place && it.constraint.kind == constraint.kind
    };
    let value = if same(&first) {
        first.constraint.value
    } else {
        against.find(same).map_or(Value::Null, |it| it.constraint.value)
    };
    match constraint.kind {
        ConstraintKind::Required => clash(place, ConstraintKind::Forbidden, Value::Null),
        ConstraintKind::Forbidden => clash(place, ConstraintKind::Required, Value::Null),
        // The counterpart names a type or an owner that nothing here can take.
        kind if value != Value::Null => clash(place, kind, value),
        kind => match known_value(root, place, kind) {
            Some(value) => clash(place, kind, value),
            None => Stance::Neutral,
        },
    }
}

fn firm<'m>(mandate: &'m Mandate, root: &Value) -> impl Iterator<Item = Difference<'m>> + use<'m> {
    differences(mandate, root).into_iter().filter(|it| it.weight == Weight::Firm)
}

fn clash(place: &str, kind: ConstraintKind, value: Value) -> Stance {
    Stance::Clash(Constraint { pointer: place.to_owned(), kind, value })
}

/// What stands in the contract now, in the respect of the constraint.
fn known_value(root: &Value, place: &str, kind: ConstraintKind) -> Option<Value> {
    let place = resolve(root, place)?;
    match kind {
        ConstraintKind::Owner => root.at(&place)?.get("x-owner").cloned(),
        _ => plain_schema(root.at(&place)?, 0),
    }
}

/// Whether the mandate refuses what a place that is not there yet would hold.
fn refuses(mandate: &Mandate, root: &Value, place: &str) -> bool {
    let stranger = mandate.unlisted == Unlisted::Refused;
    if let Some((path, method)) = operation_at(place) {
        let meant = meant_operation(mandate, &path, &method);
        return meant.map_or(stranger, |it| it.want == Want::Refused);
    }
    if let Some((operation, name)) = parameter_at(root, place) {
        let Some(meant) = meant_operation(mandate, &operation.path, &operation.method) else {
            return false;
        };
        let field = meant.parameters.iter().map(|it| &it.field);
        let field = field.into_iter().find(|it| is_named(&name, &it.name, &it.aliases));
        return field.map_or(stranger, |it| it.want == Want::Refused);
    }
    let Some((schema, name)) = property_at(place) else { return false };
    let places = own::places(mandate, root);
    let holders = places.iter().filter(|it| {
        let stands = super::schema::parts(root, &it.listed, &["allOf", "anyOf", "oneOf"]);
        stands.contains(&schema)
    });
    let mut refused = false;
    for holder in holders {
        if let crate::charter::mandate::Shape::Object { fields, .. } = &holder.field.shape {
            let field = fields.iter().find(|it| is_named(&name, &it.name, &it.aliases));
            refused |= field.map_or(stranger, |it| it.want == Want::Refused);
        }
    }
    refused
}

/// Takes over what the other side says of a value beside its type: that it owns it, and that
/// records are matched by it.
fn mark(wanted: &mut Value, place: &str, value: &Value, party: &str) {
    if property_at(place).is_none() || wanted.at(place).is_none() {
        return;
    }
    if value.get("x-owner").and_then(Value::as_str) == Some(party) {
        put::put_owner(wanted, place, Value::from(party));
    }
    let unique = |value: &Value| value.get("x-unique") == Some(&Value::Bool(true));
    if unique(value) && !wanted.at(place).is_some_and(unique) {
        put::put_key(wanted, place);
    }
}

/// Adds what is required, in the mandate's own way where it knows the thing.
fn require(mandate: &Mandate, wanted: &mut Value, place: &str, value: &Value) {
    if let Some((schema, name)) = property_at(place).filter(|(it, _)| wanted.at(it).is_some()) {
        let listed = wanted.at(place).is_some();
        if !listed {
            let amended = own_addition(mandate, wanted, place);
            if let Some(amended) = amended {
                *wanted = amended;
            } else if let Some(value) = plain_schema(value, 0) {
                put::put_property(wanted, &schema, &name, value);
            }
        }
        if wanted.at(place).is_some() && !required(wanted, &schema).contains(&name) {
            put::require(wanted, &schema, &name);
        }
        return;
    }
    if let Some(schema) = place.strip_suffix("/x-unique").filter(|it| wanted.at(it).is_some()) {
        return put::put_key(wanted, schema);
    }
    let method = operation_at(place).map(|(_, method)| method);
    if (method.is_some() || parameter_at(wanted, place).is_some())
        && let Some(amended) = own_addition(mandate, wanted, place)
    {
        *wanted = amended;
    }
}

/// The contract with what the mandate itself would add at a place.
fn own_addition(mandate: &Mandate, root: &Value, place: &str) -> Option<Value> {
    let all = differences(mandate, root);
    let adds = |it: &&Difference<'_>| {
        let name = last(place).unwrap_or_default();
        let same = last(&it.constraint.pointer).unwrap_or_default();
        let here = parent(&it.constraint.pointer) == parent(place);
        let named = match &it.change {
            Change::AddField(_, field) => is_named(&name, &field.name, &field.aliases),
            Change::AddParameter(_, parameter) => {
                is_named(&name, &parameter.field.name, &parameter.field.aliases)
            }
            Change::AddOperation(_) => name == same,
            _ => false,
        };
        here && named
    };
    let difference = all.iter().find(adds)?;
    let mut amended = root.clone();
    Amender { mandate, words: Words::Standard }.amend(&mut amended, &[difference]);
    Some(amended)
}

fn meant_operation<'m>(mandate: &'m Mandate, path: &str, method: &str) -> Option<&'m Operation> {
    let found = find::FoundOperation {
        method: method.to_owned(),
        path: path.to_owned(),
        place: String::new(),
        item: String::new(),
    };
    let is_it = |it: &&Operation| {
        [&it.endpoint].into_iter().chain(&it.aliases).any(|it| find::is_at(&found, it))
    };
    mandate.operations.iter().find(is_it)
}

/// `/paths/~1orders/post` as path and method.
fn operation_at(place: &str) -> Option<(String, String)> {
    let tokens = pointer::tokens(place)?;
    match tokens.as_slice() {
        [first, path, method] if first == "paths" && METHODS.contains(&method.as_ref()) => {
            Some((path.to_string(), method.to_string()))
        }
        _ => None,
    }
}

/// The operation and the name of a parameter that is not there.
fn parameter_at(root: &Value, place: &str) -> Option<(find::FoundOperation, String)> {
    let operation = parent(place).strip_suffix("/parameters")?;
    let found = find::operations(root).into_iter().find(|it| it.place == operation)?;
    Some((found, last(place)?))
}

/// The schema and the name of a property.
fn property_at(place: &str) -> Option<(String, String)> {
    let schema = parent(place).strip_suffix("/properties")?;
    Some((schema.to_owned(), last(place)?))
}

/// The structure of a schema, without a word of text.
fn plain_schema(value: &Value, depth: usize) -> Option<Value> {
    let word = value.get("type")?.as_str()?;
    if depth > DEPTH_MAX || Kind::from_word(word).is_none() && word != "array" {
        return None;
    }
    let mut schema = Value::object([("type", Value::from(word))]);
    for (key, value) in value.members() {
        let taken = match key.as_str() {
            "format" | "pattern" => matches!(value, Value::String(_)).then(|| value.clone()),
            "nullable" | "uniqueItems" => matches!(value, Value::Bool(_)).then(|| value.clone()),
            "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems" => {
                matches!(value, Value::Number(_)).then(|| value.clone())
            }
            "enum" => {
                let plain = |it: &Value| !matches!(it, Value::Array(_) | Value::Object(_));
                let listed = !value.items().is_empty() && value.items().iter().all(plain);
                listed.then(|| value.clone())
            }
            "required" => {
                let named = value.items().iter().all(|it| it.as_str().is_some());
                (!value.items().is_empty() && named).then(|| value.clone())
            }
            "items" => plain_schema(value, depth + 1),
            "properties" => {
                let inner = value.members().iter();
                let inner = inner
                    .filter_map(|(name, it)| Some((name.clone(), plain_schema(it, depth + 1)?)));
                Some(Value::Object(inner.collect()))
            }
            _ => None,
        };
        if let Some(taken) = taken {
            set(&mut schema, "", key, taken);
        }
    }
    if word == "array" && schema.get("items").is_none() {
        return None;
    }
    let names: Vec<Value> = schema
        .get("properties")
        .map(Value::members)
        .unwrap_or_default()
        .iter()
        .map(|(name, _)| Value::from(name.as_str()))
        .collect();
    if let Some(Value::Array(required)) = at_mut(&mut schema, "/required") {
        required.retain(|it| names.contains(it));
    }
    if schema.get("required").is_some_and(|it| it.items().is_empty()) {
        super::tree::remove(&mut schema, "/required");
    }
    Some(schema)
}
