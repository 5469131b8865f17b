//! Filling an arena, in document order; both parsers of YAML and the one of JSON use it.

use super::{
    Fault, FaultKind, Kind, Limits, NodeId, Span, Style,
    arena::{Arena, Member, NONE, Node},
    span::offset,
};

/// Text of a scalar: a part of the source, or text that the parser made.
pub(super) enum Text<'a> {
    Source(Span),
    Made(&'a str),
}

#[derive(Debug)]
struct Frame {
    node: u32,
    /// Where this collection's children begin in the pending list.
    pending: usize,
    /// The key that waits for its value.
    key: Option<(u32, Span)>,
    /// How deep the collection nests so far, aliases expanded.
    height: usize,
}

/// Fills an [`Arena`] in document order.
#[derive(Debug)]
pub(super) struct Builder {
    arena: Arena,
    frames: Vec<Frame>,
    pending_members: Vec<Member>,
    pending_items: Vec<u32>,
    /// For each key, the object that saw it last: finds repeated keys in one pass.
    seen: Vec<(u32, u32)>,
    /// Nodes so far, each alias counted with all that it stands for.
    expanded: u64,
    limits: Limits,
    full: bool,
}

impl Builder {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            arena: Arena::default(),
            frames: Vec::new(),
            pending_members: Vec::new(),
            pending_items: Vec::new(),
            seen: Vec::new(),
            expanded: 0,
            limits,
            full: false,
        }
    }

    /// How many collections are open.
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Whether the node budget is spent: the parser should stop.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Whether the innermost collection is an object that waits for a key.
    pub(super) fn wants_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.key.is_none() && self.is_object(frame.node))
    }

    fn is_object(&self, node: u32) -> bool {
        self.arena.nodes.get(node as usize).is_some_and(|node| node.kind == Kind::Object)
    }

    /// The key that waits for its value.
    pub(super) fn waiting_key(&self) -> Option<Span> {
        self.frames.last().and_then(|frame| frame.key).map(|(_, span)| span)
    }

    pub(super) fn fault(&mut self, kind: FaultKind, span: Span, message: impl Into<String>) {
        let message = message.into();
        self.arena.faults.push(Fault { kind, span, message, related: None, node: None });
    }

    /// Notes that the text has an anchor, an alias or a tag.
    pub(super) fn note_anchor(&mut self, span: Span) {
        self.arena.anchor.get_or_insert(span);
    }

    /// Names the key of the next value.
    pub(super) fn key(&mut self, text: &str, span: Span) {
        let id = match self.arena.keys.get_index_of(text) {
            Some(id) => id,
            None => self.arena.keys.insert_full(text.into()).0,
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some((offset(id), span));
        }
    }

    pub(super) fn scalar(&mut self, kind: Kind, style: Style, span: Span, text: &Text<'_>) -> u32 {
        let (owned, first, count) = match *text {
            Text::Source(part) => (false, part.start, part.end.saturating_sub(part.start)),
            Text::Made(made) => {
                let at = offset(self.arena.side.len());
                self.arena.side.push_str(made);
                (true, at, offset(made.len()))
            }
        };
        self.push(Node { kind, style, owned, span, first, count, parent: NONE, slot: NONE })
    }

    pub(super) fn open(&mut self, kind: Kind, style: Style, start: u32) -> u32 {
        let span = Span::new(start, start);
        let id = self.push(Node {
            kind,
            style,
            owned: false,
            span,
            first: 0,
            count: 0,
            parent: NONE,
            slot: NONE,
        });
        let pending = if kind == Kind::Object {
            self.pending_members.len()
        } else {
            self.pending_items.len()
        };
        self.frames.push(Frame { node: id, pending, key: None, height: 1 });
        id
    }

    /// Closes the innermost collection; returns how deep it nests, aliases expanded.
    pub(super) fn close(&mut self, end: u32) -> usize {
        let Some(frame) = self.frames.pop() else { return 0 };
        self.grow(frame.height);
        let (first, count) = if self.is_object(frame.node) {
            self.check_keys(frame.node, frame.pending);
            let first = self.arena.members.len();
            self.arena.members.extend(self.pending_members.drain(frame.pending..));
            (first, self.arena.members.len() - first)
        } else {
            let first = self.arena.items.len();
            self.arena.items.extend(self.pending_items.drain(frame.pending..));
            (first, self.arena.items.len() - first)
        };
        if let Some(node) = self.arena.nodes.get_mut(frame.node as usize) {
            node.first = offset(first);
            node.count = offset(count);
            node.span.end = end.max(node.span.start);
        }
        frame.height
    }

    /// Notes that the innermost collection holds one of this height.
    fn grow(&mut self, height: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.height = frame.height.max(height + 1);
        }
    }

    /// Puts an existing node where a value stands; the tree becomes a graph without cycles.
    /// Where the budgets do not allow that, null stands there.
    pub(super) fn alias(&mut self, target: u32, size: u64, height: usize, span: Span) {
        let fault = if self.expanded.saturating_add(size) > self.limits.nodes {
            Some((FaultKind::Nodes, self.too_many()))
        } else if self.frames.len() + height > self.limits.depth {
            let message =
                format!("collections nest deeper than {}, aliases expanded", self.limits.depth);
            Some((FaultKind::Depth, message))
        } else {
            None
        };
        if let Some((kind, message)) = fault {
            self.fault(kind, span, message);
            self.scalar(Kind::Null, Style::Plain, span, &Text::Made("null"));
            return;
        }
        self.expanded += size;
        self.grow(height);
        self.attach(target);
    }

    /// Nodes so far, each alias counted with all that it stands for.
    pub(super) fn expanded(&self) -> u64 {
        self.expanded
    }

    /// The members of a finished object.
    pub(super) fn members_of(&self, node: u32) -> Vec<Member> {
        let Some(node) = self.arena.nodes.get(node as usize) else { return Vec::new() };
        let from = node.first as usize;
        self.arena.members.get(from..from + node.count as usize).unwrap_or_default().to_vec()
    }

    /// The items of a finished array.
    pub(super) fn items_of(&self, node: u32) -> Vec<u32> {
        let Some(node) = self.arena.nodes.get(node as usize) else { return Vec::new() };
        let from = node.first as usize;
        self.arena.items.get(from..from + node.count as usize).unwrap_or_default().to_vec()
    }

    /// The kind of a node.
    pub(super) fn kind_of(&self, node: u32) -> Option<Kind> {
        self.arena.nodes.get(node as usize).map(|node| node.kind)
    }

    /// Replaces the merge keys of the innermost object, which is about to close, by what they name.
    pub(super) fn merge(&mut self, merge_key: &str) {
        let Some(frame) = self.frames.last() else { return };
        let Some(merge) = self.arena.keys.get_index_of(merge_key) else { return };
        let merge = offset(merge);
        let own = self.pending_members.split_off(frame.pending.min(self.pending_members.len()));
        let mut merged = Vec::new();
        for member in own.iter().filter(|member| member.key == merge) {
            let sources = match self.kind_of(member.value) {
                Some(Kind::Array) => self.items_of(member.value),
                _ => vec![member.value],
            };
            for source in sources {
                merged.extend(self.members_of(source));
            }
        }
        let mut kept: Vec<Member> = own.into_iter().filter(|member| member.key != merge).collect();
        let mut known: rustc_hash::FxHashSet<u32> = kept.iter().map(|member| member.key).collect();
        kept.extend(merged.into_iter().filter(|member| known.insert(member.key)));
        self.pending_members.extend(kept);
    }

    pub(super) fn finish(mut self, end: u32) -> Arena {
        while !self.frames.is_empty() {
            self.complete_pending_key(end);
            self.close(end);
        }
        self.link_children();
        self.arena.nodes.shrink_to_fit();
        self.arena
    }

    /// A key whose value never came (the text broke off) holds null.
    pub(super) fn complete_pending_key(&mut self, end: u32) {
        if self.frames.last().is_some_and(|frame| frame.key.is_some()) {
            self.scalar(Kind::Null, Style::Plain, Span::new(end, end), &Text::Made(""));
        }
    }

    fn push(&mut self, node: Node) -> u32 {
        let id = offset(self.arena.nodes.len());
        let parent = self.frames.last().map_or(NONE, |frame| frame.node);
        self.arena.nodes.push(Node { parent, ..node });
        self.expanded += 1;
        if self.expanded > self.limits.nodes && !self.full {
            self.full = true;
            self.fault(FaultKind::Nodes, node.span, self.too_many());
        }
        self.attach(id);
        id
    }

    fn too_many(&self) -> String {
        format!("the document has more than {} nodes, aliases expanded", self.limits.nodes)
    }

    fn attach(&mut self, id: u32) {
        let Some(frame) = self.frames.last_mut() else {
            self.arena.root.get_or_insert(id);
            return;
        };
        if self.arena.nodes.get(frame.node as usize).is_some_and(|node| node.kind == Kind::Object) {
            if let Some((key, key_span)) = frame.key.take() {
                self.pending_members.push(Member { key, key_span, value: id });
            }
        } else {
            self.pending_items.push(id);
        }
    }

    fn check_keys(&mut self, object: u32, pending: usize) {
        self.seen.resize(self.arena.keys.len(), (NONE, 0));
        let members = self.pending_members.get(pending..).unwrap_or_default();
        for (at, member) in members.iter().enumerate() {
            let Some(seen) = self.seen.get_mut(member.key as usize) else { continue };
            if seen.0 != object {
                *seen = (object, offset(at));
                continue;
            }
            let key = self.arena.keys.get_index(member.key as usize).map_or("", |key| key);
            self.arena.faults.push(Fault {
                kind: FaultKind::DuplicateKey,
                span: member.key_span,
                message: format!("the key `{key}` stands twice in one object"),
                related: members.get(seen.1 as usize).map(|first| first.key_span),
                node: Some(NodeId(member.value)),
            });
        }
    }

    /// Tells each child its place among its parent's children; a shared node keeps its first.
    fn link_children(&mut self) {
        let Arena { nodes, members, items, .. } = &mut self.arena;
        for parent in 0..nodes.len() {
            let Some(node) = nodes.get(parent).copied() else { continue };
            let (from, to) = (node.first as usize, (node.first + node.count) as usize);
            let children: &mut dyn Iterator<Item = u32> = match node.kind {
                Kind::Object => {
                    &mut members.get(from..to).unwrap_or_default().iter().map(|it| it.value)
                }
                Kind::Array => &mut items.get(from..to).unwrap_or_default().iter().copied(),
                _ => continue,
            };
            for (slot, child) in children.enumerate() {
                if let Some(child) = nodes.get_mut(child as usize)
                    && child.parent == offset(parent)
                    && child.slot == NONE
                {
                    child.slot = offset(slot);
                }
            }
        }
    }
}
