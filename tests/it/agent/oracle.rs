//! What must come of two random briefs, worked out without the agent's own judgement.

use treaty::document::{Value, pointer};

use super::briefs::{FieldWish, OperationWish, Wishes};

pub(crate) fn folded(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn template(key: &str) -> String {
    key.split('/')
        .map(|it| if it.starts_with('{') { "{}" } else { it })
        .collect::<Vec<_>>()
        .join("/")
}

/// Everything that one side cannot do without and the other cannot bear.
pub(crate) fn clashes(one: &Wishes, other: &Wishes) -> Vec<String> {
    let mut found = Vec::new();
    for (one, other) in [(one, other), (other, one)] {
        for mine in one.operations.iter().filter(|it| it.want == "needed") {
            let same = |it: &&OperationWish| template(it.key) == template(mine.key);
            let Some(theirs) = other.operations.iter().find(same) else { continue };
            if theirs.want == "refused" {
                found.push(mine.key.to_owned());
                continue;
            }
            clashing_fields(&mine.parameters, &theirs.parameters, &mut found);
            clashing_fields(&mine.request, &theirs.request, &mut found);
            clashing_fields(&mine.response, &theirs.response, &mut found);
            if theirs.want == "needed" && mine_sends(one, other) {
                left_out(&mine.request, &theirs.request, &mut found);
                left_out(&theirs.response, &mine.response, &mut found);
            }
        }
    }
    found
}

/// Whether one side calls what the other answers.
fn mine_sends(one: &Wishes, other: &Wishes) -> bool {
    !one.provides && other.provides
}

/// What a sender may leave out and its receiver needs in every message.
fn left_out(sent: &[FieldWish], taken: &[FieldWish], found: &mut Vec<String>) {
    for field in sent.iter().filter(|it| it.want == "needed") {
        let same = |it: &&FieldWish| folded(it.name) == folded(field.name) && it.want == "needed";
        let Some(other) = taken.iter().find(same) else { continue };
        if field.optional && !other.optional {
            found.push(format!("{} in every message", field.name));
        }
        left_out(&field.inner, &other.inner, found);
    }
}

fn clashing_fields(mine: &[FieldWish], theirs: &[FieldWish], found: &mut Vec<String>) {
    for field in mine.iter().filter(|it| it.want == "needed") {
        let same = |it: &&FieldWish| folded(it.name) == folded(field.name);
        let Some(other) = theirs.iter().find(same) else { continue };
        if other.want == "refused" {
            found.push(field.name.to_owned());
        } else {
            clashing_fields(&field.inner, &other.inner, found);
        }
    }
}

/// What of a brief's needs and refusals a contract does not keep.
pub(crate) fn broken(wishes: &Wishes, contract: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    for wish in &wishes.operations {
        let found = operation(contract, wish.key);
        match (found, wish.want) {
            (None, "needed") => broken.push(format!("{} is missing", wish.key)),
            (Some(_), "refused") => broken.push(format!("{} stands", wish.key)),
            (Some(operation), want) => {
                // What is needed in an operation that is not is not needed either.
                let needs = want == "needed";
                parameters(operation, wish, needs, &mut broken);
                let request = operation.at("/requestBody/content");
                check(contract, content(request), &wish.request, needs, &mut broken);
                let success = operation.get("responses").and_then(|all| {
                    all.members().iter().find(|(status, _)| status.starts_with('2'))
                });
                let response = success.and_then(|(_, it)| it.get("content"));
                check(contract, content(response), &wish.response, needs, &mut broken);
            }
            _ => {}
        }
    }
    broken
}

fn operation<'v>(contract: &'v Value, key: &str) -> Option<&'v Value> {
    let (method, path) = key.split_once(' ').unwrap();
    let paths = contract.get("paths")?.members();
    let (_, item) = paths.iter().find(|(it, _)| template(it) == template(path))?;
    item.get(&method.to_lowercase())
}

fn parameters(operation: &Value, wish: &OperationWish, needs: bool, broken: &mut Vec<String>) {
    let listed = operation.get("parameters").map(Value::items).unwrap_or_default();
    for field in &wish.parameters {
        let named = |it: &&Value| {
            let text = |key| it.get(key).and_then(Value::as_str).unwrap_or_default();
            text("in") == "query" && folded(text("name")) == folded(field.name)
        };
        match (listed.iter().find(named), field.want) {
            (None, "needed") if needs => broken.push(format!("`{}` is missing", field.name)),
            (Some(_), "refused") => broken.push(format!("`{}` stands", field.name)),
            _ => {}
        }
    }
}

fn content(content: Option<&Value>) -> Option<&Value> {
    content?.members().first()?.1.get("schema")
}

fn check(
    contract: &Value,
    schema: Option<&Value>,
    wishes: &[FieldWish],
    needs: bool,
    broken: &mut Vec<String>,
) {
    let schema = schema.map(|it| resolved(contract, it));
    let properties = schema.and_then(|it| it.get("properties")).map(Value::members);
    let properties = properties.unwrap_or_default();
    for wish in wishes {
        let found = properties.iter().find(|(name, _)| folded(name) == folded(wish.name));
        match (found, wish.want) {
            (None, "needed") if needs => broken.push(format!("`{}` is missing", wish.name)),
            (Some(_), "refused") => broken.push(format!("`{}` stands", wish.name)),
            (Some((_, inner)), want) if !wish.inner.is_empty() => {
                let inner = resolved(contract, inner);
                let inner = if wish.list { inner.get("items") } else { Some(inner) };
                check(contract, inner, &wish.inner, needs && want == "needed", broken);
            }
            _ => {}
        }
    }
}

fn resolved<'v>(contract: &'v Value, schema: &'v Value) -> &'v Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
    target
        .filter(|it| pointer::tokens(it).is_some())
        .and_then(|it| contract.at(it))
        .unwrap_or(schema)
}
