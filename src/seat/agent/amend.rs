//! Carrying out changes on a contract, so that nothing else of it changes.

use crate::{
    charter::{
        Mandate,
        mandate::{Field, Operation, Shape},
    },
    document::{Value, pointer},
};

use super::{
    difference::{Change, Difference},
    example::fits,
    find::{self, is_without_body},
    fit::adjusted,
    judge,
    name::operation_id,
    put::{
        add_component, drop_if_empty, prune, push, put_body, put_key, put_owner, put_type,
        references, remove_field, remove_operation, rename_path_parameters, replace_member,
        require, say,
    },
    schema::read,
    tree::{at_mut, ensure, parent, remove, resolve, set},
    write::{Words, Writer, owner_sentence},
};

/// Carries out changes in one mandate's name.
pub(super) struct Amender<'m> {
    pub mandate: &'m Mandate,
    pub words: Words,
}

impl Amender<'_> {
    /// Carries out the changes of every difference.
    pub(super) fn amend(&self, root: &mut Value, differences: &[&Difference<'_>]) {
        let used = references(root);
        // Items of a list go last and from its end, so that their places stay true until then.
        let mut items: Vec<&str> = Vec::new();
        for difference in differences {
            match &difference.change {
                Change::RemoveParameter(listed) => items.push(listed),
                change => self.carry_out(root, &difference.constraint.pointer, change),
            }
        }
        items.sort_by_key(|place| {
            let at = place.rsplit_once('/').and_then(|(_, at)| at.parse::<usize>().ok());
            std::cmp::Reverse(at)
        });
        for place in items {
            remove(root, place);
            drop_if_empty(root, parent(place));
        }
        prune(root, &used, self.mandate);
    }

    fn carry_out(&self, root: &mut Value, place: &str, change: &Change<'_>) {
        match change {
            Change::AddOperation(operation) => self.add_operation(root, operation),
            Change::RemoveOperation => remove_operation(root, place),
            Change::AddParameter(operation, parameter) => {
                let value = self.write(root, |writer| writer.parameter(parameter));
                let list = ensure(root, operation, "parameters", Value::Array(Vec::new()));
                push(root, list.as_deref(), value);
            }
            Change::RemoveParameter(_) => {}
            Change::AddRequest(operation, body) => {
                let value = self.write(root, |writer| writer.request(body));
                put_body(root, &pointer::join(operation, "requestBody"), body, value);
            }
            Change::AddResponse(operation, body) => {
                let value = self.write(root, |writer| writer.response(body));
                let found = find::response(root, operation, body.status);
                let Some(all) = ensure(root, operation, "responses", Value::Object(Vec::new()))
                else {
                    return;
                };
                let fresh = pointer::join(&all, &body.status.to_string());
                if let Some(empty) = found.as_deref().filter(|it| is_without_body(it)) {
                    return replace_member(root, empty, &body.status.to_string(), value);
                }
                put_body(root, &found.unwrap_or(fresh), body, value);
            }
            Change::AddError(operation, status, text) => {
                let value = self.write(root, |writer| writer.error(text));
                let all = ensure(root, operation, "responses", Value::Object(Vec::new()));
                set(root, &all.unwrap_or_default(), &status.to_string(), value);
            }
            Change::AddField(schema, field) => {
                let value = self.write(root, |writer| writer.field(field));
                let Some(all) = ensure(root, schema, "properties", Value::Object(Vec::new()))
                else {
                    return;
                };
                set(root, &all, &field.name, value);
                if !field.presence.is_optional() {
                    require(root, schema, &field.name);
                }
            }
            Change::RemoveField(holder, name) => remove_field(root, holder, name),
            Change::Retype(listed, field, reads) => {
                self.retype(root, listed, &as_it_may_stand(root, listed, field, *reads));
            }
            Change::Resize(place, size, _) => {
                for (key, bound) in [("minItems", size.least), ("maxItems", size.most)] {
                    match bound {
                        Some(bound) => set(root, place, key, Value::from(bound)),
                        None => {
                            remove(root, &pointer::join(place, key));
                        }
                    }
                }
            }
            Change::Require(requirement) => requirement.set(root, true),
            Change::Unrequire(requirement) => requirement.set(root, false),
            Change::Own(listed, owner, field) => {
                put_owner(root, listed, Value::from(owner.as_str()));
                let computed = field.and_then(|it| it.owner.as_ref()).is_some_and(|it| it.computed);
                if computed {
                    say(root, listed, &owner_sentence(owner));
                }
            }
            Change::Key(listed) => put_key(root, listed),
        }
    }

    /// Writes something that may use components, and puts those that are missing into the
    /// contract. A component of the same name that says something else is left alone, and what
    /// it would have been is written out where it is used.
    fn write(&self, root: &mut Value, what: impl Fn(&mut Writer) -> Value) -> Value {
        let mut writer = Writer::new(self.words, Vec::new());
        let value = what(&mut writer);
        let mut missing = Vec::new();
        let mut inline = Vec::new();
        for (name, schema, fields) in writer.components() {
            let place = format!("/components/schemas/{name}");
            match root.at(&place) {
                None => missing.push((name, schema)),
                Some(there) if *there == schema => {}
                Some(_) if judge::holds(self.mandate, root, &place, &fields) => {}
                Some(_) => inline.push(name),
            }
        }
        if !inline.is_empty() {
            // An object within a foreign one may be used by no other, so all is written anew.
            let mut writer = Writer::new(self.words, inline);
            let value = what(&mut writer);
            for (name, schema, _) in writer.components() {
                if root.at(&format!("/components/schemas/{name}")).is_none() {
                    add_component(root, &name, schema);
                }
            }
            return value;
        }
        for (name, schema) in missing {
            add_component(root, &name, schema);
        }
        value
    }

    fn add_operation(&self, root: &mut Value, operation: &Operation) {
        let endpoint = &operation.endpoint;
        let path = find::path_like(root, &endpoint.path).unwrap_or_else(|| endpoint.path.clone());
        let id = match &operation.id {
            None if self.words == Words::Own => None,
            given => Some(operation_id(root, endpoint, given.as_deref(), "")),
        };
        let mut value = self.write(root, |writer| writer.operation(operation, id.clone()));
        rename_path_parameters(&mut value, &endpoint.path, &path);
        let all = ensure(root, "", "paths", Value::Object(Vec::new())).unwrap_or_default();
        let item = ensure(root, &all, &path, Value::Object(Vec::new())).unwrap_or_default();
        let Some(item) = resolve(root, &item) else { return };
        set(root, &item, &endpoint.method, value);
        if self.words == Words::Standard {
            super::refresh::samples(root, &pointer::join(&item, &endpoint.method), operation);
        }
    }

    /// Gives the schema at `listed` the type of a field, and leaves what it says otherwise. An
    /// example that is none any more becomes the one that the field brings, if any.
    pub(super) fn retype(&self, root: &mut Value, listed: &str, field: &Field) {
        // A parameter says about itself what another value says in its schema.
        let parameter = root.at(parent(listed)).is_some_and(|it| it.get("in").is_some());
        let bare = Field { description: None, example: None, ..field.clone() };
        let written = if parameter && listed.ends_with("/schema") { &bare } else { field };
        let mut fresh = self.write(root, |writer| writer.field(written));
        if parameter && let Value::Object(members) = &mut fresh {
            members.retain(|(key, _)| key != "example" && key != "description");
        }
        let whole = matches!(root.at(listed), Some(old) if old.get("$ref").is_none());
        if !whole || fresh.get("$ref").is_some() {
            if let Some(there) = at_mut(root, listed) {
                *there = fresh;
            }
            return;
        }
        if let (Some(Value::Object(members)), Shape::Scalar(facets)) =
            (at_mut(root, listed), &field.shape)
        {
            let outdated = |key: &str| matches!(key, "default" | "example");
            let brings = |key: &str| key == "default" || fresh.get(key).is_some();
            members.retain(|(key, value)| !outdated(key) || !brings(key) || fits(value, facets));
        }
        put_type(root, listed, &fresh);
        super::refresh::example(root, listed);
        if parameter {
            super::refresh::of_parameter(root, parent(listed), field);
        }
    }
}

/// The field with what the contract says of its type, as far as its side can live with that.
fn as_it_may_stand(root: &Value, listed: &str, field: &Field, reads: bool) -> Field {
    let mut field = field.clone();
    let reading = read(root, listed);
    let [kind] = reading.types.as_slice() else { return field };
    if let Shape::Scalar(facets) = &mut field.shape
        && facets.kind.as_str() == kind
    {
        *facets = adjusted(facets, &reading.facets, reads);
    }
    field
}
