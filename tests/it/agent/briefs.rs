//! Random mandates: two parties who want this and that, in words of their own.

use proptest::prelude::*;

/// What a party thinks of a thing.
pub(crate) type Want = &'static str;

/// A field as one party sees it.
#[derive(Clone, Debug)]
pub(crate) struct FieldWish {
    pub(crate) name: &'static str,
    pub(crate) want: Want,
    /// The type in the party's own words.
    pub(crate) word: &'static str,
    pub(crate) optional: bool,
    pub(crate) owner: Option<&'static str>,
    /// Fields of an object, or of each item of a list.
    pub(crate) inner: Vec<FieldWish>,
    pub(crate) list: bool,
    /// More keys of the brief, a line each.
    pub(crate) more: Vec<&'static str>,
}

/// An operation as one party sees it.
#[derive(Clone, Debug)]
pub(crate) struct OperationWish {
    pub(crate) key: &'static str,
    pub(crate) want: Want,
    pub(crate) parameters: Vec<FieldWish>,
    pub(crate) request: Vec<FieldWish>,
    pub(crate) response: Vec<FieldWish>,
    pub(crate) sample: bool,
}

/// A party's brief.
#[derive(Clone, Debug)]
pub(crate) struct Wishes {
    pub(crate) party: &'static str,
    pub(crate) provides: bool,
    pub(crate) operations: Vec<OperationWish>,
    /// The fields of the object that several bodies share.
    pub(crate) shared: Vec<FieldWish>,
    pub(crate) refuses_unlisted: bool,
}

/// How names and types may differ between the parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variety {
    /// One name always has one type, and nobody claims to own anything.
    Plain,
    /// Types and owners differ too.
    Wild,
}

const OPERATIONS: [[&str; 2]; 5] = [
    ["POST /orders", "POST /orders"],
    ["GET /orders/{id}", "GET /orders/{orderId}"],
    ["PATCH /orders/{id}", "PATCH /orders/{order_id}"],
    ["GET /items", "GET /items"],
    ["PUT /items/{key}/parts/{part}", "PUT /items/{item}/parts/{number}"],
];
/// The spellings of one name, and its type in plain briefs.
const FIELDS: [([&str; 2], &str); 6] = [
    (["orderId", "order_id"], "code"),
    (["createdAt", "created_at"], "moment"),
    (["total", "Total"], "amount"),
    (["count", "count"], "whole"),
    (["isOpen", "is-open"], "yesno"),
    (["remark", "remark"], "string"),
];
const GROUPS: [&str; 2] = ["address", "lines"];
const PARAMETERS: [(&str, &str); 3] = [("page", "whole"), ("since", "moment"), ("mode", "string")];
const MORE: [&str; 4] =
    ["key: true", "computed: true", "accepts: [moment, day, string]", "example: 24.12.2026"];
const WORDS: [&str; 7] = ["code", "moment", "day", "amount", "whole", "yesno", "string"];

fn want(refusals: bool) -> impl Strategy<Value = Want> {
    let refused = if refusals { 2 } else { 0 };
    prop_oneof![4 => Just("needed"), 3 => Just("preferred"), 1 => Just("offered"),
        refused => Just("refused")]
}

fn leaf(index: usize, party: usize, variety: Variety) -> impl Strategy<Value = FieldWish> {
    let (names, plain) = FIELDS[index];
    let wild = variety == Variety::Wild;
    let word =
        if wild { proptest::sample::select(&WORDS[..]).boxed() } else { Just(plain).boxed() };
    let owner = if wild {
        prop_oneof![5 => Just(None), 1 => Just(Some("left")), 1 => Just(Some("right"))].boxed()
    } else {
        Just(None).boxed()
    };
    let mostly_plain = prop_oneof![3 => Just(plain), u32::from(wild) => word];
    let name = prop_oneof![Just(names[0]), Just(names[party])];
    let more = if wild { MORE.len() } else { 0 };
    let more = proptest::sample::subsequence(&MORE[..], 0..=more.min(2));
    (name, want(true), mostly_plain, any::<bool>(), owner, more).prop_map(
        |(name, want, word, optional, owner, mut more)| {
            more.retain(|it| owner.is_some() || !it.starts_with("computed"));
            let (inner, list) = (Vec::new(), false);
            FieldWish { name, want, word, optional, owner, inner, list, more }
        },
    )
}

fn leaves(party: usize, variety: Variety) -> impl Strategy<Value = Vec<FieldWish>> {
    proptest::sample::subsequence((0..FIELDS.len()).collect::<Vec<_>>(), 0..=4).prop_flat_map(
        move |chosen| {
            chosen.into_iter().map(|index| leaf(index, party, variety)).collect::<Vec<_>>()
        },
    )
}

fn fields(
    party: usize,
    variety: Variety,
    shared: Vec<FieldWish>,
) -> impl Strategy<Value = Vec<FieldWish>> {
    let group = (proptest::option::of(0..GROUPS.len()), want(true), leaves(party, variety));
    let group = (group, proptest::option::weighted(0.4, want(true)));
    (leaves(party, variety), group).prop_map(move |(mut fields, ((group, want, inner), thing))| {
        let wish = |name, want, word, inner, list| FieldWish {
            name,
            want,
            word,
            optional: false,
            owner: None,
            inner,
            list,
            more: Vec::new(),
        };
        if let Some(at) = group.filter(|_| !inner.is_empty()) {
            fields.push(wish(GROUPS[at], want, "", inner, at == 1));
        }
        if let Some(want) = thing.filter(|_| !shared.is_empty()) {
            fields.push(wish("thing", want, "Thing", shared.clone(), false));
        }
        fields
    })
}

fn parameters() -> impl Strategy<Value = Vec<FieldWish>> {
    let all: Vec<usize> = (0..PARAMETERS.len()).collect();
    let wants = proptest::collection::vec(want(true), PARAMETERS.len());
    (proptest::sample::subsequence(all, 0..=2), wants).prop_map(|(chosen, wants)| {
        let wish = |index: usize| FieldWish {
            name: PARAMETERS[index].0,
            want: wants[index],
            word: PARAMETERS[index].1,
            optional: true,
            owner: None,
            inner: Vec::new(),
            list: false,
            more: Vec::new(),
        };
        chosen.into_iter().map(wish).collect()
    })
}

fn operation(
    index: usize,
    party: usize,
    variety: Variety,
    shared: &[FieldWish],
) -> impl Strategy<Value = OperationWish> + use<> {
    let key = OPERATIONS[index][party];
    let fields = || fields(party, variety, shared.to_vec());
    let parts = (fields(), fields(), parameters());
    (want(true), parts, any::<bool>()).prop_map(
        move |(want, (request, response, parameters), sample)| OperationWish {
            key,
            want,
            parameters,
            request: if key.starts_with("GET") { Vec::new() } else { request },
            response,
            sample,
        },
    )
}

pub(crate) fn wishes(party: usize, variety: Variety) -> impl Strategy<Value = Wishes> {
    let all: Vec<usize> = (0..OPERATIONS.len()).collect();
    let chosen = proptest::sample::subsequence(all, 0..=3);
    let strict = proptest::bool::weighted(if variety == Variety::Wild { 0.1 } else { 0.0 });
    (chosen, leaves(party, variety), strict).prop_flat_map(move |(chosen, shared, strict)| {
        let one = |index| operation(index, party, variety, &shared);
        let operations = chosen.into_iter().map(one).collect::<Vec<_>>();
        operations.prop_map(move |operations| Wishes {
            party: ["left", "right"][party],
            provides: party == 1,
            operations,
            shared: shared.clone(),
            refuses_unlisted: strict,
        })
    })
}

impl Wishes {
    /// The brief as its party writes it.
    pub(crate) fn text(&self) -> String {
        let role = if self.provides { "provider" } else { "consumer" };
        let mut text = format!("party: {}\nrole: {role}\n{DICTIONARY}", self.party);
        if self.refuses_unlisted {
            text.push_str("unlisted: refused\n");
        }
        if !self.shared.is_empty() {
            text.push_str("objects:");
            part(&mut text, "Thing", 2, &self.shared);
            text.push('\n');
        }
        text.push_str("operations:");
        if self.operations.is_empty() {
            text.push_str(" {}");
        }
        for operation in &self.operations {
            text.push_str(&format!("\n  {}:\n    want: {}", operation.key, operation.want));
            text.push_str("\n    summary: Do it");
            part(&mut text, "parameters", 4, &operation.parameters);
            for (name, fields) in
                [("request", &operation.request), ("response", &operation.response)]
            {
                if fields.is_empty() {
                    continue;
                }
                text.push_str(&format!("\n    {name}:"));
                if operation.sample {
                    text.push_str("\n      sample: OurSample");
                }
                part(&mut text, "fields", 6, fields);
            }
        }
        text.push('\n');
        text
    }
}

/// Two systems' words; the second one's are the same here, what they mean is not always.
const DICTIONARY: &str = "dictionary:
  code: { type: string, pattern: '^[A-Z]{2}[0-9]+$', example: AB12 }
  moment: { type: string, format: date-time }
  day: { type: string, format: date }
  amount: { type: number, format: double, minimum: 0 }
  whole: { type: integer, format: int32 }
  yesno: { type: boolean }
";

fn part(text: &mut String, name: &str, indent: usize, fields: &[FieldWish]) {
    if fields.is_empty() {
        return;
    }
    let margin = " ".repeat(indent);
    text.push_str(&format!("\n{margin}{name}:"));
    for field in fields {
        text.push_str(&format!("\n{margin}  {}:\n{margin}    want: {}", field.name, field.want));
        if !field.word.is_empty() {
            text.push_str(&format!("\n{margin}    type: {}", field.word));
        }
        text.push_str(&format!("\n{margin}    optional: {}", field.optional));
        if let Some(owner) = field.owner {
            text.push_str(&format!("\n{margin}    owner: {owner}"));
        }
        for more in &field.more {
            text.push_str(&format!("\n{margin}    {more}"));
        }
        if field.word == "Thing" {
            continue;
        }
        if field.list {
            text.push_str(&format!("\n{margin}    items:"));
            part(text, "fields", indent + 6, &field.inner);
        } else {
            part(text, "fields", indent + 4, &field.inner);
        }
    }
}
