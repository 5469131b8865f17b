//! The parameters of an operation: missing, refused, of another type, left out.

use crate::{
    charter::mandate::{Location, Operation, Role, Unlisted, Want, template_parameters},
    document::{Value, pointer},
    negotiate::ConstraintKind,
};

use super::super::{
    difference::{Change, Weight, weight},
    find::{self, FoundOperation, FoundParameter},
    requirement::{self, Requirement},
    schema::is_named,
};
use super::{Judge, Scope};

impl<'m> Judge<'m, '_> {
    pub(super) fn parameters(
        &mut self,
        operation: &'m Operation,
        found: &FoundOperation,
        floor: Weight,
        title: &str,
    ) {
        let present = find::parameters(self.root, found);
        let own_path: Vec<&str> = operation.endpoint.parameters().collect();
        let path: Vec<&str> = template_parameters(&found.path).collect();
        let mut known = Vec::new();
        for parameter in &operation.parameters {
            let field = &parameter.field;
            let name = match own_path.iter().position(|name| *name == field.name) {
                Some(at) if parameter.location == Location::Path => path.get(at).copied(),
                _ => None,
            };
            let meant = present.iter().find(|it| {
                find::is_in(it, parameter.location)
                    && match name {
                        Some(name) => it.name == name,
                        None => is_named(&it.name, &field.name, &field.aliases),
                    }
            });
            let subject = format!("`{}` of {title}", field.name);
            let weight = weight(field.want).max(floor);
            let Some(meant) = meant else {
                if field.want != Want::Refused && parameter.location != Location::Path {
                    let list = pointer::join(&found.place, "parameters");
                    let place = pointer::join(&list, &field.name);
                    let change = Change::AddParameter(found.place.clone(), parameter);
                    self.require(weight, &place, change, subject);
                }
                continue;
            };
            known.push(meant.listed.clone());
            if field.want == Want::Refused {
                self.refuse_parameter(meant, subject);
                continue;
            }
            let reads = operation.role == Role::Provider;
            let scope = Scope { reads, weight, title, depth: 0 };
            if parameter.location != Location::Path {
                let requirement = Requirement::Parameter(meant.place.clone());
                let holds = requirement.holds(self.root);
                let at = requirement::of_parameter(&meant.place);
                self.requirement(scope, field, (requirement, at, holds), &subject);
            }
            let schema = pointer::join(&meant.place, "schema");
            if !field.implied && self.root.at(&schema).is_some() {
                self.value(scope, &schema, field);
            }
        }
        if self.mandate.unlisted == Unlisted::Refused {
            for stranger in present.iter().filter(|it| !known.contains(&it.listed)) {
                if !find::is_in(stranger, Location::Path) {
                    let subject = format!("a parameter of {title} that our brief does not know");
                    self.refuse_parameter(stranger, subject);
                }
            }
        }
    }

    /// Its number in the list changes with the list, so the parameter itself is named too.
    fn refuse_parameter(&mut self, parameter: &FoundParameter, subject: String) {
        let change = Change::RemoveParameter(parameter.listed.clone());
        let kind = ConstraintKind::Forbidden;
        let value = Value::object([
            ("name", Value::from(parameter.name.as_str())),
            ("in", Value::from(parameter.location.as_str())),
        ]);
        self.push(Weight::Firm, kind, &parameter.listed, value, change, subject);
    }
}
