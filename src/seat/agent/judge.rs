//! Judging a contract by a mandate: what is missing, refused, of another type, or owned by the
//! wrong side.
//!
//! * **Shape.** [`differences`] lists every difference in the mandate's order, each with the
//!   constraint that it comes from and the change that would undo it. What is needed or refused
//!   is firm, with its type, its bounds and whether it may be left out; what is preferred or
//!   offered is not.

mod parameters;

use crate::{
    charter::{
        Mandate, PartyName,
        mandate::{Body, Field, Operation, Presence, Role, Shape, Unlisted, Want},
    },
    document::{Value, pointer},
    negotiate::{Constraint, ConstraintKind},
};

use super::{
    difference::{Change, Difference, Weight, weight},
    find,
    fit::{Size, fits},
    requirement::{self, Requirement},
    schema::{is_named, properties, read, required, schema_of},
    share,
    tree::resolve,
};

/// How deep fields within fields are judged.
const DEPTH_MAX: usize = 24;
/// How many values are judged; a contract in which one field stands in so many places is none.
const STEPS_MAX: usize = 5_000;

/// Every difference between a contract and a mandate.
pub(super) fn differences<'m>(mandate: &'m Mandate, root: &Value) -> Vec<Difference<'m>> {
    let mut judge = Judge { mandate, root, found: Vec::new(), steps: STEPS_MAX, via: None };
    for operation in &mandate.operations {
        judge.operation(operation);
    }
    if mandate.unlisted == Unlisted::Refused {
        for found in find::operations(root) {
            let listed = |it: &&Operation| {
                [&it.endpoint].into_iter().chain(&it.aliases).any(|it| find::is_at(&found, it))
            };
            if mandate.operations.iter().find(listed).is_none() {
                let subject = format!("`{} {}`", found.method.to_uppercase(), found.path);
                judge.refuse(&found.place, Change::RemoveOperation, subject);
            }
        }
    }
    judge.found
}

/// Whether the object whose schema stands at `place` is one that this side can live with,
/// whoever writes it.
pub(super) fn holds(mandate: &Mandate, root: &Value, place: &str, fields: &[Field]) -> bool {
    [true, false].into_iter().all(|reads| {
        let mut judge = Judge { mandate, root, found: Vec::new(), steps: STEPS_MAX, via: None };
        let scope = Scope { reads, weight: Weight::Firm, title: "it", depth: 0 };
        judge.fields(scope, place, fields);
        judge.found.iter().all(|it| it.weight != Weight::Firm)
    })
}

struct Judge<'m, 'v> {
    mandate: &'m Mandate,
    root: &'v Value,
    found: Vec<Difference<'m>>,
    /// How many values may still be judged.
    steps: usize,
    /// The reference by which the present schema was reached.
    via: Option<String>,
}

/// Where fields are judged.
#[derive(Clone, Copy)]
struct Scope<'s> {
    /// Whether this side reads the value; otherwise it writes it.
    reads: bool,
    /// The least weight that a difference has: that of what holds it.
    weight: Weight,
    /// The operation, for people.
    title: &'s str,
    depth: usize,
}

impl<'m> Judge<'m, '_> {
    fn push(
        &mut self,
        weight: Weight,
        kind: ConstraintKind,
        place: &str,
        value: Value,
        change: Change<'m>,
        subject: String,
    ) {
        let constraint = Constraint { pointer: place.to_owned(), kind, value };
        let via = self.via.clone();
        self.found.push(Difference { weight, constraint, change, subject, via });
    }

    fn require(&mut self, weight: Weight, place: &str, change: Change<'m>, subject: String) {
        self.push(weight, ConstraintKind::Required, place, Value::Null, change, subject);
    }

    fn refuse(&mut self, place: &str, change: Change<'m>, subject: String) {
        let kind = ConstraintKind::Forbidden;
        self.push(Weight::Firm, kind, place, Value::Null, change, subject);
    }

    fn operation(&mut self, operation: &'m Operation) {
        let title = format!("`{}`", operation.endpoint);
        let found = find::operation(self.root, operation);
        let Some(found) = found else {
            if operation.want != Want::Refused {
                let path = find::path_like(self.root, &operation.endpoint.path);
                let path = path.as_deref().unwrap_or(&operation.endpoint.path);
                let place = pointer::join("/paths", path);
                let place = pointer::join(&place, &operation.endpoint.method);
                let change = Change::AddOperation(operation);
                self.require(weight(operation.want), &place, change, title);
            }
            return;
        };
        if operation.want == Want::Refused {
            return self.refuse(&found.place, Change::RemoveOperation, title);
        }
        let weight = weight(operation.want);
        self.parameters(operation, &found, weight, &title);
        if let Some(owner) = &operation.owner {
            let change = Change::Own(found.place.clone(), owner, None);
            self.owner(weight, [&found.place, &found.place], owner, (change, title.clone()));
        }
        let provides = operation.role == Role::Provider;
        let scope = Scope { reads: provides, weight, title: &title, depth: 0 };
        if let Some(body) = &operation.request {
            let place = find::request(self.root, &found.place);
            let change = Change::AddRequest(found.place.clone(), body);
            let missing = pointer::join(&found.place, "requestBody");
            self.body(scope, body, place, (missing, change));
        }
        let scope = Scope { reads: !provides, ..scope };
        let response = &operation.response;
        let place = find::response(self.root, &found.place, response.status);
        let change = Change::AddResponse(found.place.clone(), response);
        let missing = format!("{}/responses/{}", found.place, response.status);
        self.body(scope, response, place, (missing, change));
        for (status, text) in &operation.errors {
            if !find::has_error(self.root, &found.place, *status) {
                let place = format!("{}/responses/{status}", found.place);
                let change = Change::AddError(found.place.clone(), *status, text);
                let subject = format!("the answer {status} of {title}");
                self.require(Weight::Preferred.max(weight), &place, change, subject);
            }
        }
    }

    fn body(
        &mut self,
        scope: Scope<'_>,
        body: &'m Body,
        place: Option<String>,
        (missing, change): (String, Change<'m>),
    ) {
        let Some(content) = &body.content else {
            if place.is_none() {
                let subject = format!("the answer of {}", scope.title);
                self.require(scope.weight, &missing, change, subject);
            }
            return;
        };
        let media = place.and_then(|place| find::media(self.root, &place, &body.media));
        let schema = media.map(|media| pointer::join(&media, "schema"));
        if let Some(schema) = schema.filter(|schema| self.root.at(schema).is_some()) {
            return self.value(scope, &schema, content);
        }
        let subject = format!("what {} carries", scope.title);
        self.require(scope.weight, &missing, change, subject);
    }

    /// A field whose schema is there: its type, its parts, its owner.
    fn value(&mut self, scope: Scope<'_>, listed: &str, field: &'m Field) {
        let Some(steps) = self.steps.checked_sub(1).filter(|_| scope.depth < DEPTH_MAX) else {
            return;
        };
        self.steps = steps;
        let Some(place) = resolve(self.root, listed) else { return };
        let subject = match field.name.as_str() {
            "body" | "item" => format!("what {} carries", scope.title),
            name => format!("`{name}` of {}", scope.title),
        };
        if let Some(owner) = field.owner.as_ref().map(|it| &it.party) {
            let change = Change::Own(listed.to_owned(), owner, Some(field));
            self.owner(scope.weight, [listed, &place], owner, (change, subject.clone()));
        }
        let unique = [listed, place.as_str()].iter().any(|it| {
            let schema = self.root.at(it);
            schema.is_some_and(|it| it.get("x-unique") == Some(&Value::Bool(true)))
        });
        if field.key && !unique {
            let mark = pointer::join(listed, "x-unique");
            let change = Change::Key(listed.to_owned());
            self.require(scope.weight, &mark, change, subject.clone());
        }
        let reading = read(self.root, &place);
        let retype = |value, subject| {
            (value, Change::Retype(listed.to_owned(), field, scope.reads), subject)
        };
        let inner = Scope { depth: scope.depth + 1, ..scope };
        let site = share::reference(self.root, listed);
        let wrong = match &field.shape {
            Shape::Any => return,
            Shape::Object { fields, .. }
                if reading.is_object() || reading.composed && reading.types.is_empty() =>
            {
                return self.behind(site, |judge| judge.fields(inner, &place, fields));
            }
            Shape::Object { .. } => {
                retype(Value::object([("type", Value::from("object"))]), subject)
            }
            Shape::Array { items, min_items, max_items } if reading.is_array() => {
                let own = Size { least: *min_items, most: *max_items };
                return self.behind(site, |judge| {
                    judge.size(scope, &place, own, (reading.size, subject));
                    let holders = super::schema::parts(judge.root, &place, &["allOf"]);
                    let within = holders.iter().map(|it| pointer::join(it, "items"));
                    let listed = within.into_iter().find(|it| judge.root.at(it).is_some());
                    if let Some(listed) = listed {
                        judge.value(inner, &listed, items);
                    }
                });
            }
            Shape::Array { .. } => retype(Value::object([("type", Value::from("array"))]), subject),
            Shape::Scalar(facets) => {
                if fits(facets, &reading, scope.reads) {
                    return;
                }
                let bearable = field.accepts.iter().any(|it| fits(it, &reading, scope.reads));
                let weight =
                    if bearable { scope.weight.max(Weight::Preferred) } else { scope.weight };
                let change = Change::Retype(listed.to_owned(), field, scope.reads);
                let kind = ConstraintKind::Type;
                return self.push(weight, kind, listed, schema_of(facets), change, subject);
            }
        };
        let (value, change, subject) = wrong;
        self.push(scope.weight, ConstraintKind::Type, listed, value, change, subject);
    }

    /// How many items a list may have.
    fn size(&mut self, scope: Scope<'_>, place: &str, own: Size, (there, subject): (Size, String)) {
        if !own.fits(there, scope.reads) {
            let wanted = own.adjusted(there, scope.reads);
            let change = Change::Resize(place.to_owned(), wanted, scope.reads);
            let kind = ConstraintKind::Type;
            self.push(scope.weight, kind, place, own.to_schema(), change, subject);
        }
    }

    /// Judges what lies behind a reference, where there is one.
    fn behind(&mut self, site: Option<String>, judge: impl FnOnce(&mut Self)) {
        let outer = self.via.clone();
        self.via = site.or(outer.clone());
        judge(self);
        self.via = outer;
    }

    fn fields(&mut self, scope: Scope<'_>, schema: &str, fields: &'m [Field]) {
        let present = properties(self.root, schema);
        let required = required(self.root, schema);
        let mut known = Vec::new();
        for field in fields {
            let meant = present.iter().filter(|it| is_named(&it.name, &field.name, &field.aliases));
            let meant: Vec<_> = meant.collect();
            let subject = format!("`{}` of {}", field.name, scope.title);
            let weight = weight(field.want).max(scope.weight);
            known.extend(meant.iter().map(|it| it.place.clone()));
            if meant.is_empty() && field.want != Want::Refused {
                let place = pointer::join(&pointer::join(schema, "properties"), &field.name);
                let change = Change::AddField(schema.to_owned(), field);
                self.require(weight, &place, change, subject.clone());
            }
            for property in meant {
                if field.want == Want::Refused {
                    let holder = property.holder.clone();
                    let change = Change::RemoveField(holder, property.name.clone());
                    self.refuse(&property.place, change, subject.clone());
                    continue;
                }
                let is_required = required.contains(&property.name);
                let requirement =
                    Requirement::Property(property.holder.clone(), property.name.clone());
                let at = requirement::of_property(&property.holder, &property.name);
                self.requirement(
                    Scope { weight, ..scope },
                    field,
                    (requirement, at, is_required),
                    &subject,
                );
                self.value(Scope { weight, ..scope }, &property.place, field);
            }
        }
        if self.mandate.unlisted == Unlisted::Refused {
            for stranger in present.iter().filter(|it| !known.contains(&it.place)) {
                let change = Change::RemoveField(stranger.holder.clone(), stranger.name.clone());
                let subject = format!("a field of {} that our brief does not know", scope.title);
                self.refuse(&stranger.place, change, subject);
            }
        }
    }

    /// Whether a field may be left out: its receiver may need it in every message, and its sender
    /// may not have it for every one.
    fn requirement(
        &mut self,
        scope: Scope<'_>,
        field: &Field,
        (requirement, at, holds): (Requirement, String, bool),
        subject: &str,
    ) {
        if scope.weight != Weight::Firm {
            return;
        }
        let (subject, presence) = (subject.to_owned(), field.presence);
        if scope.reads && presence == Presence::Always && !holds {
            self.require(scope.weight, &at, Change::Require(requirement), subject);
        } else if !scope.reads && presence == Presence::Sometimes && holds {
            let (kind, change) = (ConstraintKind::Forbidden, Change::Unrequire(requirement));
            self.push(scope.weight, kind, &at, Value::Null, change, subject);
        }
    }

    fn owner(
        &mut self,
        weight: Weight,
        [listed, place]: [&str; 2],
        owner: &PartyName,
        (change, subject): (Change<'m>, String),
    ) {
        let said = [listed, place].into_iter().find_map(|it| self.root.at(it)?.get("x-owner"));
        if said.and_then(Value::as_str) != Some(owner.as_str()) {
            let (kind, value) = (ConstraintKind::Owner, Value::from(owner.as_str()));
            self.push(weight, kind, listed, value, change, subject);
        }
    }
}
