//! Answering what the other side says must hold: going along, or naming what stands against it.
//!
//! * **Shape.** [`stance`] tries the constraint on the contract. Where the mandate then finds
//!   something firm that it did not find before, the two clash; otherwise the contract as it
//!   would be is what this side can live with.
//! * **Data.** Of what the other side gives as a value only a schema's structure is taken over:
//!   standard types, names of properties and what narrows them; never a text.

mod types;

use crate::{
    charter::{
        Mandate,
        mandate::{METHODS, Operation, Unlisted, Want},
    },
    document::{Value, pointer},
    negotiate::{Constraint, ConstraintKind, NamedConstraint},
};

use super::{
    amend::Amender,
    difference::{Change, Difference, Weight},
    find,
    judge::differences,
    own, owner, put, requirement,
    schema::{is_named, required},
    tree::{last, parent, resolve},
    write::Words,
};

use types::plain_schema;

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
    if let Some(requirement) = requirement::at(root, place) {
        let must = constraint.kind == ConstraintKind::Required;
        if !must && constraint.kind != ConstraintKind::Forbidden {
            return Stance::Neutral;
        }
        requirement.set(&mut wanted, must);
        return if wanted == *root {
            Stance::Neutral
        } else {
            judged(mandate, root, constraint, wanted)
        };
    }
    match constraint.kind {
        ConstraintKind::Required => {
            if refuses(mandate, root, place) {
                let kind = ConstraintKind::Forbidden;
                return clash(place, kind, Value::Null);
            }
            let bare = with_addition(mandate, root, place, &constraint.value);
            require(&mut wanted, &bare, place);
            if matches!(judged(mandate, root, constraint, wanted.clone()), Stance::Clash(_)) {
                // Perhaps it may stand, but not in every message.
                wanted.clone_from(&bare);
            }
            let mut marked = wanted.clone();
            mark(&mut marked, place, &constraint.value, party);
            if marked != wanted
                && matches!(judged(mandate, root, constraint, marked.clone()), Stance::Comply(_))
            {
                wanted = marked;
            }
        }
        ConstraintKind::Forbidden => {
            let Some(place) = parameter_meant(root, constraint) else { return Stance::Neutral };
            let place = place.as_str();
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
            return types::stance(mandate, root, constraint);
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

/// The contract with what is required, in the mandate's own way where it knows the thing.
fn with_addition(mandate: &Mandate, root: &Value, place: &str, value: &Value) -> Value {
    let mut wanted = root.clone();
    if let Some((schema, name)) = property_at(place).filter(|(it, _)| root.at(it).is_some()) {
        if root.at(place).is_some() {
            return wanted;
        }
        if let Some(amended) = own_addition(mandate, root, place) {
            return amended;
        }
        if let Some(value) = plain_schema(value, 0) {
            put::put_property(&mut wanted, &schema, &name, value);
        }
        return wanted;
    }
    if let Some(schema) = place.strip_suffix("/x-unique").filter(|it| root.at(it).is_some()) {
        put::put_key(&mut wanted, schema);
        return wanted;
    }
    let known = operation_at(place).is_some() || parameter_at(root, place).is_some();
    let amended = known.then(|| own_addition(mandate, root, place)).flatten();
    amended.unwrap_or(wanted)
}

/// Makes of the contract with the addition one whose messages all hold it.
fn require(wanted: &mut Value, added: &Value, place: &str) {
    wanted.clone_from(added);
    if let Some((schema, name)) = property_at(place).filter(|_| added.at(place).is_some())
        && !required(added, &schema).contains(&name)
    {
        put::require(wanted, &schema, &name);
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

/// Where what is refused stands now: a parameter that is named stands perhaps at another number
/// of its list, or at none.
fn parameter_meant(root: &Value, constraint: &Constraint) -> Option<String> {
    let list = parent(&constraint.pointer);
    let named = constraint.value.get("name").filter(|_| list.ends_with("/parameters"));
    let Some(name) = named.and_then(Value::as_str) else { return Some(constraint.pointer.clone()) };
    let location = constraint.value.get("in").and_then(Value::as_str);
    let count = root.at(list).map_or(0, |it| it.items().len());
    (0..count).map(|at| format!("{list}/{at}")).find(|listed| {
        let there = resolve(root, listed).and_then(|it| root.at(&it));
        let text = |key: &str| there.and_then(|it| it.get(key)?.as_str());
        text("name") == Some(name) && (location.is_none() || text("in") == location)
    })
}

/// The schema and the name of a property.
fn property_at(place: &str) -> Option<(String, String)> {
    let schema = parent(place).strip_suffix("/properties")?;
    Some((schema.to_owned(), last(place)?))
}
