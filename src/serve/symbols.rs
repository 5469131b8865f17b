//! The outline of a document: paths with their operations, webhooks, components, tags.

use lsp_types::{DocumentSymbol, Range, SymbolKind};
use serde_json::{Value as Json, json};

use crate::document::{Document, Entry, NodeRef};

use super::{
    analysis::{File, Open},
    client::{Ability, Client},
    diagnostics,
    questions::Spot,
};

/// The keys of a path item that hold operations.
const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The outline, as a tree where the editor shows trees.
pub(super) fn symbols(spot: Spot<'_>, client: &Client, open: &Open) -> Json {
    let document = spot.analysis.description.documents().get(spot.slot);
    let Some(root) = document.and_then(Document::root) else { return Json::Null };
    let outline = Outline(spot.file);
    let symbols: Vec<_> = root.entries().filter_map(|entry| outline.section(entry)).collect();
    if client.can(Ability::SymbolTree) {
        return json!(symbols);
    }
    let Some(uri) = diagnostics::address(spot.file, open) else { return Json::Null };
    let mut flat = Vec::new();
    flatten(symbols, None, &mut |symbol: &DocumentSymbol, container: Option<&str>| {
        flat.push(json!({
            "name": symbol.name,
            "kind": symbol.kind,
            "location": { "uri": uri, "range": symbol.range },
            "containerName": container,
        }));
    });
    json!(flat)
}

fn flatten(
    symbols: Vec<DocumentSymbol>,
    container: Option<&str>,
    take: &mut impl FnMut(&DocumentSymbol, Option<&str>),
) {
    for mut symbol in symbols {
        let children = symbol.children.take().unwrap_or_default();
        take(&symbol, container);
        flatten(children, Some(&symbol.name), take);
    }
}

/// A symbol for each member but extensions.
fn each(node: NodeRef<'_>, symbol: impl Fn(Entry<'_>) -> DocumentSymbol) -> Vec<DocumentSymbol> {
    node.entries().filter(|entry| !entry.key.starts_with("x-")).map(symbol).collect()
}

/// Makes symbols of one file.
struct Outline<'f>(&'f File);

impl Outline<'_> {
    /// A field at the top.
    fn section(&self, entry: Entry<'_>) -> Option<DocumentSymbol> {
        let children = match entry.key {
            "paths" | "webhooks" => each(entry.value, |it| self.path_item(it)),
            "components" => each(entry.value, |it| self.group(it)),
            "tags" | "servers" | "security" => Vec::new(),
            "info" => {
                let title = entry.value.get("title").and_then(NodeRef::scalar_text);
                return Some(self.symbol(entry, SymbolKind::MODULE, title, Vec::new()));
            }
            _ => return None,
        };
        Some(self.symbol(entry, SymbolKind::NAMESPACE, None, children))
    }

    fn path_item(&self, entry: Entry<'_>) -> DocumentSymbol {
        let own = entry.value.entries().filter(|it| METHODS.contains(&it.key));
        let operations = own.map(|operation| {
            let id = operation.value.get("operationId").and_then(NodeRef::scalar_text);
            let id = id.or_else(|| operation.value.get("summary")?.scalar_text());
            self.symbol(operation, SymbolKind::METHOD, id, Vec::new())
        });
        let operations = operations.collect();
        self.symbol(entry, SymbolKind::INTERFACE, None, operations)
    }

    /// Components of one kind.
    fn group(&self, entry: Entry<'_>) -> DocumentSymbol {
        let kind = match entry.key {
            "schemas" => SymbolKind::CLASS,
            "securitySchemes" => SymbolKind::KEY,
            "parameters" | "headers" => SymbolKind::VARIABLE,
            "examples" => SymbolKind::CONSTANT,
            "pathItems" => SymbolKind::INTERFACE,
            _ => SymbolKind::OBJECT,
        };
        let children = each(entry.value, |it| {
            let properties = it.value.get("properties").filter(|_| entry.key == "schemas");
            let properties = properties.map_or_else(Vec::new, |properties| {
                each(properties, |property| {
                    let kind = property.value.get("type").and_then(NodeRef::scalar_text);
                    self.symbol(property, SymbolKind::PROPERTY, kind, Vec::new())
                })
            });
            self.symbol(it, kind, None, properties)
        });
        self.symbol(entry, SymbolKind::NAMESPACE, None, children)
    }

    fn symbol(
        &self,
        entry: Entry<'_>,
        kind: SymbolKind,
        detail: Option<&str>,
        children: Vec<DocumentSymbol>,
    ) -> DocumentSymbol {
        let key = entry.key_span;
        let selection_range = self.0.text.range(key.start as usize, key.end as usize);
        let value = entry.value.span();
        let end = value.end.max(key.end) as usize;
        let range = Range { end: self.0.text.position(end), ..selection_range };
        // An empty name is against the protocol.
        let name = Some(diagnostics::shown(entry.key)).filter(|name| !name.trim().is_empty());
        #[expect(deprecated, reason = "the field has to be given")]
        DocumentSymbol {
            name: name.unwrap_or_else(|| "(empty)".to_owned()),
            detail: detail.map(diagnostics::shown),
            kind,
            tags: None,
            deprecated: None,
            range,
            selection_range,
            children: (!children.is_empty()).then_some(children),
        }
    }
}
