//! References without a `$ref`: the mapping of a discriminator, and `$dynamicRef`.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.25; OpenAPI 3.2.0, section 4.25 (`defaultMapping`).

use crate::{
    document::{Document, NodeRef},
    openapi::{resolve::Target, tables::Kind},
};

use super::{
    Reference,
    walker::{Task, Walker},
};

/// The schemas that the Components Object of a document holds.
pub(super) fn component_schemas(document: &Document) -> Option<NodeRef<'_>> {
    document.root()?.get("components")?.get("schemas")
}

impl<'d> Walker<'d> {
    /// Follows the values of a discriminator's mapping.
    pub(super) fn mapping(&mut self, task: Task<'d>) {
        let mapping = task.node.get("mapping").into_iter().flat_map(NodeRef::entries);
        let values = mapping.map(|entry| entry.value).chain(task.node.get("defaultMapping"));
        for value in values.collect::<Vec<_>>() {
            let Some(text) = value.as_str() else { continue };
            let target = match self.component(task.node, text) {
                Some(schema) => Target::Node(schema),
                None => self.resolver.target(task.node, text),
            };
            self.visit_target(task, &target, Kind::Schema);
            if !task.quiet {
                let kind = Kind::Schema;
                self.mappings.push(Reference { node: task.node, value, kind, target });
            }
        }
    }

    /// Follows the `$dynamicRef` of a schema to where it leads when nothing around it says more.
    pub(super) fn dynamic_reference(&mut self, task: Task<'d>) {
        let Some(value) = task.node.get("$dynamicRef") else { return };
        let Some(text) = value.as_str() else { return };
        let target = self.resolver.target(task.node, text);
        self.visit_target(task, &target, Kind::Schema);
        if !task.quiet {
            self.mappings.push(Reference { node: task.node, value, kind: Kind::Schema, target });
        }
    }

    /// The component schema of a name, in the document of `node` or in the entry.
    fn component(&mut self, node: NodeRef<'d>, name: &str) -> Option<NodeRef<'d>> {
        let own = component_schemas(node.document());
        let entry = component_schemas(self.description.entry());
        let found = own.and_then(|schemas| self.resolver.member(schemas, name));
        found.or_else(|| self.resolver.member(entry?, name))
    }
}
