//! What ties the fields of one object to each other.

use rustc_hash::FxHashMap;

use crate::{
    document::NodeRef,
    finding::{At, Draft},
    openapi::{
        tables::{self, Constraint, Form, Kind},
        version::Version,
    },
};

use super::{
    keys::is_token,
    subject::{alternatives, shown, subject, value_of},
    walker::Walker,
};

impl<'d> Walker<'d> {
    pub(super) fn check_constraints(&mut self, node: NodeRef<'d>, kind: Kind, version: Version) {
        for rule in tables::table(kind, version).rules {
            if rule.versions.contains(version) {
                self.constraint(node, kind, &rule.constraint);
            }
        }
    }

    fn constraint(&mut self, node: NodeRef<'d>, kind: Kind, constraint: &'static Constraint) {
        match *constraint {
            Constraint::AtMostOne(fields) => self.at_most_one(node, fields),
            Constraint::ExactlyOne(fields) => {
                self.at_least_one(node, kind, fields);
                self.at_most_one(node, fields);
            }
            Constraint::AtLeastOne(fields) => self.at_least_one(node, kind, fields),
            Constraint::AtLeastOnePatternedOr(field) => self.patterned(node, kind, field),
            Constraint::OneKindOfExample => self.one_kind_of_example(node),
            Constraint::NotBeside { beside, fields } => {
                for field in fields {
                    self.exclusive(node, beside, field);
                }
            }
            Constraint::Needs { when, is, fields } => {
                if text(node, when) == Some(is) && !self.is_cut(node) {
                    self.needs(node, when, is, fields);
                }
            }
            Constraint::OnlyFor { field, when, is } => {
                let decided = text(node, when);
                if decided.is_some_and(|it| !is.iter().any(|is| is.eq_ignore_ascii_case(it))) {
                    let where_ = format!("applies only where `{when}` is {}", alternatives(is));
                    self.misplaced(node, field, when, &where_);
                }
            }
            Constraint::NotFor { field, when, is } => {
                if text(node, when) == Some(is) {
                    let where_ = format!("does not apply where `{when}` is `{is}`");
                    self.misplaced(node, field, when, &where_);
                }
            }
            Constraint::Words { when, is, field, words } => {
                self.words(node, when, is, field, words);
            }
            Constraint::Form { when, is, field, form } => {
                if text(node, when) == Some(is) {
                    self.form(node, field, form);
                }
            }
            Constraint::NotBothTrue(left, right) => self.not_both_true(node, left, right),
            Constraint::OneEntry(field) => self.one_entry(node, field),
            Constraint::Holds { field, value } => self.holds(node, field, value),
            Constraint::NotEmpty(field) => {
                if let Some(array) = node.get(field).filter(|it| it.is_array() && it.is_empty()) {
                    self.must_not_be_empty(array);
                }
            }
            Constraint::UniqueNames { field, name } => self.unique_names(node, field, name),
        }
    }

    fn at_most_one(&mut self, node: NodeRef<'d>, fields: &[&'static str]) {
        let mut present = fields.iter().filter(|field| node.get(field).is_some());
        if let Some(first) = present.next() {
            for second in present {
                self.exclusive(node, first, second);
            }
        }
    }

    fn at_least_one(&mut self, node: NodeRef<'d>, kind: Kind, fields: &[&'static str]) {
        if fields.iter().any(|field| node.get(field).is_some()) || self.is_cut(node) {
            return;
        }
        self.problems.add("missing-field", || {
            let message = format!("{} must have {}", kind.name(), alternatives(fields));
            Draft::new("missing-field", At::Key(node), message).fact(fields.join("|"))
        });
    }

    fn patterned(&mut self, node: NodeRef<'d>, kind: Kind, field: &'static str) {
        let any = node.entries().any(|entry| entry.key == field || !entry.key.starts_with("x-"));
        if !any && !self.is_cut(node) {
            self.problems.add("missing-field", || {
                let message = format!("{} must have a status code or `{field}`", kind.name());
                Draft::new("missing-field", At::Key(node), message).fact(field)
            });
        }
    }

    /// Two fields of which only one may stand: the later one is too many.
    fn exclusive(&mut self, node: NodeRef<'d>, left: &'static str, right: &'static str) {
        let (Some(one), Some(other)) = (node.get(left), node.get(right)) else { return };
        self.problems.add("exclusive-fields", || {
            let message = format!("`{left}` and `{right}` exclude each other");
            pair("exclusive-fields", (left, one), (right, other), message)
        });
    }

    fn one_kind_of_example(&mut self, node: NodeRef<'d>) {
        let (Some(one), Some(many)) = (node.get("example"), node.get("examples")) else { return };
        self.problems.add("example-with-examples", || {
            let message = "`example` and `examples` exclude each other".to_owned();
            pair("example-with-examples", ("example", one), ("examples", many), message)
        });
    }

    fn needs(&mut self, node: NodeRef<'d>, when: &str, is: &str, fields: &[&'static str]) {
        for field in fields.iter().filter(|field| node.get(field).is_none()) {
            self.problems.add("missing-field", || {
                let message = format!("`{field}` is required where `{when}` is `{is}`");
                Draft::new("missing-field", At::Key(node), message).fact(*field)
            });
        }
    }

    fn misplaced(&mut self, node: NodeRef<'d>, field: &str, when: &str, where_: &str) {
        let Some(value) = node.get(field) else { return };
        self.problems.add("misplaced-field", || {
            let draft =
                Draft::new("misplaced-field", At::Key(value), format!("`{field}` {where_}"));
            match node.get(when) {
                Some(decides) => draft.related(At::Value(decides), "this decides"),
                None => draft,
            }
        });
    }

    fn words(
        &mut self,
        node: NodeRef<'d>,
        when: &str,
        is: &str,
        field: &str,
        words: &[&'static str],
    ) {
        let Some(value) = node.get(field) else { return };
        let (Some(decided), Some(word)) = (text(node, when), value.as_str()) else { return };
        if decided != is || words.contains(&word) {
            return;
        }
        self.problems.add("invalid-field-value", || {
            let message = format!(
                "`{field}` must be {} where `{when}` is `{is}`, not `{}`",
                alternatives(words),
                shown(word)
            );
            Draft::new("invalid-field-value", At::Value(value), message)
        });
    }

    fn form(&mut self, node: NodeRef<'d>, field: &str, form: Form) {
        let Some(value) = node.get(field) else { return };
        let Some(name) = value.as_str() else { return };
        let fault = match form {
            Form::Token if !is_token(name) => "is no name of an HTTP header",
            Form::NoBraces if name.is_empty() || name.contains(['{', '}']) => {
                "is no name that a path template can hold"
            }
            _ => return,
        };
        self.invalid(value, format!("`{}` {fault}", shown(name)));
    }

    fn not_both_true(&mut self, node: NodeRef<'d>, left: &'static str, right: &'static str) {
        let (Some(one), Some(other)) = (node.get(left), node.get(right)) else { return };
        if one.as_bool() == Some(true) && other.as_bool() == Some(true) {
            self.problems.add("exclusive-fields", || {
                let message = format!("`{left}` and `{right}` must not both be true");
                pair("exclusive-fields", (left, one), (right, other), message)
            });
        }
    }

    fn one_entry(&mut self, node: NodeRef<'d>, field: &str) {
        let Some(map) = node.get(field).filter(|map| map.is_object() && map.len() != 1) else {
            return;
        };
        let message = format!("{} must have exactly one entry, not {}", subject(map), map.len());
        self.problems.add("invalid-field-value", || {
            Draft::new("invalid-field-value", At::Key(map), message)
        });
    }

    fn holds(&mut self, node: NodeRef<'d>, field: &str, value: &str) {
        let (Some(array), Some(value)) = (node.get(field), node.get(value)) else { return };
        let Some(text) = value.as_str() else { return };
        let empty = !array.is_array() || array.is_empty();
        if empty || array.items().any(|item| item.scalar_text() == Some(text)) {
            return;
        }
        self.problems.add("invalid-field-value", || {
            let message = format!("{} `{}` is not in `{field}`", subject(value), shown(text));
            Draft::new("invalid-field-value", value_of(value), message)
                .related(At::Key(array), "the values that there are")
        });
    }

    fn unique_names(&mut self, node: NodeRef<'d>, field: &str, name: &str) {
        let Some(array) = node.get(field) else { return };
        let mut first: FxHashMap<&str, NodeRef<'d>> = FxHashMap::default();
        for value in array.items().filter_map(|item| item.get(name)) {
            let Some(text) = value.as_str() else { continue };
            let Some(earlier) = first.get(text) else {
                first.insert(text, value);
                continue;
            };
            self.problems.add("duplicate-tag", || {
                let message = format!("the tag `{}` is declared twice", shown(text));
                Draft::new("duplicate-tag", At::Value(value), message)
                    .fact(text)
                    .related(At::Value(*earlier), "first declared here")
            });
        }
    }
}

/// The text of a field that is a string.
fn text<'d>(node: NodeRef<'d>, field: &str) -> Option<&'d str> {
    node.get(field)?.as_str()
}

/// A finding at the later of two members, with the earlier one beside it.
fn pair<'d>(
    rule: &'static str,
    left: (&'static str, NodeRef<'d>),
    right: (&'static str, NodeRef<'d>),
    message: String,
) -> Draft<'d> {
    let start = |node: NodeRef<'d>| node.key_span().map_or(node.span().start, |key| key.start);
    let (first, later) =
        if start(left.1) <= start(right.1) { (left, right) } else { (right, left) };
    let mut fields = [left.0, right.0];
    fields.sort_unstable();
    let draft = Draft::new(rule, At::Key(later.1), message).fact(fields.join(" "));
    let draft = match later.1.parent() {
        Some(object) => draft.named_by(object),
        None => draft,
    };
    draft.related(At::Key(first.1), format!("`{}` stands here", first.0))
}
