//! Every place of a contract that a mandate has something to say about.

use crate::{
    charter::{
        Mandate,
        mandate::{Field, Location, Operation, Shape, Want, template_parameters},
    },
    document::{Value, pointer},
};

use super::{
    find::{self, FoundOperation},
    schema::{is_named, parts, properties},
    tree::resolve,
};

/// How deep fields within fields are looked for.
const DEPTH_MAX: usize = 24;
/// How many places are looked for.
const PLACES_MAX: usize = 5_000;

/// A schema of the contract that one of the mandate's fields stands for.
#[derive(Clone, Debug)]
pub(super) struct Place<'m> {
    /// Where the schema is listed, a reference perhaps.
    pub listed: String,
    /// The field.
    pub field: &'m Field,
}

/// The places of all fields, the outer before the inner.
pub(super) fn places<'m>(mandate: &'m Mandate, root: &Value) -> Vec<Place<'m>> {
    let mut places = Vec::new();
    for operation in mandate.operations.iter().filter(|it| it.want != Want::Refused) {
        let Some(found) = find::operation(root, operation) else { continue };
        parameters(operation, root, &found, &mut places);
        let response = find::response(root, &found.place, operation.response.status);
        let request = find::request(root, &found.place);
        let bodies = [(operation.request.as_ref(), request), (Some(&operation.response), response)];
        for (body, place) in bodies {
            let Some((body, place)) = body.zip(place) else { continue };
            let media = find::media(root, &place, &body.media);
            if let Some((media, content)) = media.zip(body.content.as_ref()) {
                value(root, pointer::join(&media, "schema"), content, 0, &mut places);
            }
        }
    }
    places
}

fn parameters<'m>(
    operation: &'m Operation,
    root: &Value,
    found: &FoundOperation,
    places: &mut Vec<Place<'m>>,
) {
    let present = find::parameters(root, found);
    let own: Vec<&str> = operation.endpoint.parameters().collect();
    let theirs: Vec<&str> = template_parameters(&found.path).collect();
    for parameter in operation.parameters.iter().filter(|it| it.field.want != Want::Refused) {
        let field = &parameter.field;
        let at = own.iter().position(|name| *name == field.name);
        let meant = present.iter().find(|it| {
            let in_path = parameter.location == Location::Path;
            let by_path = in_path && at.and_then(|at| theirs.get(at)) == Some(&it.name.as_str());
            find::is_in(it, parameter.location)
                && (by_path || !in_path && is_named(&it.name, &field.name, &field.aliases))
        });
        if let Some(meant) = meant {
            value(root, pointer::join(&meant.place, "schema"), field, 0, places);
        }
    }
}

fn value<'m>(
    root: &Value,
    listed: String,
    field: &'m Field,
    depth: usize,
    places: &mut Vec<Place<'m>>,
) {
    let Some(place) = resolve(root, &listed).filter(|it| root.at(it).is_some()) else { return };
    places.push(Place { listed, field });
    if depth >= DEPTH_MAX || places.len() >= PLACES_MAX {
        return;
    }
    match &field.shape {
        Shape::Object { fields, .. } => {
            for property in properties(root, &place) {
                let meant = fields.iter().find(|field| {
                    is_named(&property.name, &field.name, &field.aliases)
                        && field.want != Want::Refused
                });
                if let Some(field) = meant {
                    value(root, property.place, field, depth + 1, places);
                }
            }
        }
        Shape::Array { items, .. } => {
            for part in parts(root, &place, &["allOf"]) {
                let listed = pointer::join(&part, "items");
                if root.at(&listed).is_some() {
                    value(root, listed, items, depth + 1, places);
                }
            }
        }
        Shape::Scalar(_) | Shape::Any => {}
    }
}

/// The names of the objects that an operation speaks of.
pub(super) fn object_names(operation: &Operation) -> Vec<String> {
    fn collect(field: &Field, names: &mut Vec<String>) {
        match &field.shape {
            Shape::Object { name, fields } => {
                names.extend(name.clone());
                for field in fields {
                    collect(field, names);
                }
            }
            Shape::Array { items, .. } => collect(items, names),
            Shape::Scalar(_) | Shape::Any => {}
        }
    }
    let mut names = Vec::new();
    let bodies = operation.request.iter().chain([&operation.response]);
    bodies.filter_map(|it| it.content.as_ref()).for_each(|it| collect(it, &mut names));
    names
}
