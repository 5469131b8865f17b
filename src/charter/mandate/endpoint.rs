//! `POST /orders/{id}`: reading an operation's method and path.

use super::{super::nearest, types::Endpoint};

/// The methods of OpenAPI 3.0, in small letters.
pub const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Endpoint {
    /// Reads a method and a path's template, or says what is wrong with them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let remedy = "write a method and a path, e.g. `POST /orders`";
        let Some((method, path)) = text.trim().split_once(char::is_whitespace) else {
            return Err(format!("`{text}` is no operation; {remedy}"));
        };
        let method = method.to_lowercase();
        if !METHODS.contains(&method.as_str()) {
            let remedy = nearest(&method, METHODS)
                .map_or(remedy.to_owned(), |it| format!("did you mean `{}`?", it.to_uppercase()));
            return Err(format!("there is no method `{}`; {remedy}", method.to_uppercase()));
        }
        let path = path.trim();
        let sane = path.starts_with('/')
            && !path.contains(['?', '#', '\\', '"', '\'', '`', '<', '>'])
            && !path.contains(char::is_whitespace);
        if !sane {
            return Err(format!(
                "`{path}` is no path; begin it with `/`, without a query, a fragment or spaces"
            ));
        }
        let endpoint = Self { method, path: path.to_owned() };
        let mut names: Vec<&str> = Vec::new();
        for segment in endpoint.path.split('/') {
            let braces = segment.contains(['{', '}']);
            match segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
                Some(name) if name.is_empty() || name.contains(['{', '}']) => {
                    return Err(format!("`{segment}` names no parameter; write e.g. `{{id}}`"));
                }
                Some(name) if names.contains(&name) => {
                    return Err(format!("`{{{name}}}` stands twice in the path; rename one"));
                }
                Some(name) => names.push(name),
                None if braces => {
                    return Err(format!("`{segment}` mixes text and parameter; make it two steps"));
                }
                None => {}
            }
        }
        Ok(endpoint)
    }

    /// The names of the path's parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        template_parameters(&self.path)
    }

    /// What is equal for two endpoints that take the same requests, whatever the names of the
    /// path's parameters.
    pub fn template(&self) -> (String, String) {
        (self.method.clone(), template_of(&self.path))
    }
}

/// The names of a template's parameters, in order.
pub fn template_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'))
}

/// A path's template without the names of its parameters and without a slash at its end.
pub fn template_of(path: &str) -> String {
    let steps = path.split('/').map(|step| match step.strip_prefix('{') {
        Some(inner) if inner.ends_with('}') => "{}",
        _ => step,
    });
    let template = steps.collect::<Vec<_>>().join("/");
    template.strip_suffix('/').map_or(template.clone(), str::to_owned)
}
