//! The mapping of a discriminator: names of schemas, or references to them.
//!
//! * **Source.** OpenAPI 3.1.1, section 4.8.25; OpenAPI 3.2.0, section 4.25 (`defaultMapping`).

use crate::{
    document::NodeRef,
    openapi::{resolve::Target, tables::Kind},
};

use super::{
    Reference,
    walker::{Task, Walker},
};

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

    /// The component schema of a name, in the document of `node` or in the entry.
    fn component(&self, node: NodeRef<'d>, name: &str) -> Option<NodeRef<'d>> {
        let find = |root: NodeRef<'d>| root.get("components")?.get("schemas")?.get(name);
        let own = node.document().root().and_then(find);
        own.or_else(|| self.description.entry().root().and_then(find))
    }
}
