//! From what a mandate writes to what it means: types, defaults, the parameters of paths.
//!
//! * **Errors.** A word that is neither standard nor in the dictionary is refused here: no
//!   bounce could ever be repaired with it.

use crate::document::pointer;

use super::{
    super::{PartyName, nearest},
    brief::{BodyBrief, Brief, FieldBrief, FieldKeys, Named, OperationKeys},
    check::{self, Wrong, wrong},
    facets::{errors, narrowed, of_dictionary, value},
    types::{
        Body, Endpoint, Facets, Field, Kind, Location, Operation, Ownership, Parameter, Presence,
        Shape, Want, Word,
    },
};

/// The media type of a body that names none.
const JSON: &str = "application/json";

/// Makes a mandate's operations out of its brief.
pub(super) struct Resolver<'b> {
    pub brief: &'b Brief,
    /// The parties of the charter, where they are known.
    pub parties: Option<[&'b PartyName; 2]>,
}

/// Where a field stands, as far as its defaults depend on it.
#[derive(Clone, Copy)]
struct Site<'s> {
    pointer: &'s str,
    /// Whether it may be left out unless it says otherwise.
    optional: bool,
    /// Whether it is sent with a request.
    sent: bool,
    /// The named objects that it lies in.
    within: &'s [&'s str],
}

impl<'b> Resolver<'b> {
    /// One operation.
    pub(super) fn operation(
        &self,
        at: &str,
        key: &str,
        keys: &OperationKeys,
    ) -> Result<Operation, Wrong> {
        let endpoint = Endpoint::parse(key).map_err(|message| wrong(at, message))?;
        let aliases = keys.aliases.iter().map(|alias| {
            Endpoint::parse(alias).map_err(|it| wrong(pointer::join(at, "aliases"), it))
        });
        if keys.request.is_some() && matches!(endpoint.method.as_str(), "get" | "head" | "delete") {
            let message = format!("`{endpoint}` carries no request; use `parameters`");
            return Err(wrong(pointer::join(at, "request"), message));
        }
        check::owner(at, keys.owner.as_ref(), self.parties)?;
        let partial = endpoint.method == "patch";
        let (sent, answered) = (pointer::join(at, "request"), pointer::join(at, "response"));
        let site = Site { pointer: &sent, optional: partial, sent: true, within: &[] };
        let request = keys.request.as_ref().map(|it| self.body(site, it)).transpose()?;
        let site = Site { pointer: &answered, optional: false, sent: false, within: &[] };
        let empty = BodyBrief::default();
        let mut response = self.body(site, keys.response.as_ref().unwrap_or(&empty))?;
        if response.status == 0 {
            response.status = match (&response.content, endpoint.method.as_str()) {
                (None, _) => 204,
                (Some(_), "post") => 201,
                _ => 200,
            };
        }
        Ok(Operation {
            aliases: aliases.collect::<Result<_, _>>()?,
            want: keys.want,
            role: keys.role.unwrap_or(self.brief.role),
            id: keys.id.clone(),
            summary: keys.summary.clone(),
            description: keys.description.clone(),
            owner: keys.owner.clone(),
            parameters: self.parameters(at, &endpoint, &keys.parameters)?,
            request,
            response,
            errors: errors(at, keys.errors.as_ref(), &endpoint)?,
            endpoint,
        })
    }

    fn parameters(
        &self,
        at: &str,
        endpoint: &Endpoint,
        listed: &Named<FieldBrief>,
    ) -> Result<Vec<Parameter>, Wrong> {
        let at = pointer::join(at, "parameters");
        let mut parameters = Vec::new();
        let in_path = |name: &str| endpoint.parameters().any(|it| it == name);
        for name in endpoint.parameters().filter(|name| listed.get(name).is_none()) {
            let keys = FieldKeys { r#type: Some("string".to_owned()), ..FieldKeys::default() };
            let site = Site { pointer: &at, optional: false, sent: true, within: &[] };
            let field = Field { implied: true, ..self.field(site, name, &keys)? };
            parameters.push(Parameter { location: Location::Path, field });
        }
        for (name, FieldBrief(keys)) in &listed.0 {
            let at = pointer::join(&at, name);
            let default = if in_path(name) { Location::Path } else { Location::Query };
            let location = keys.r#in.unwrap_or(default);
            if (location == Location::Path) != in_path(name) {
                let message = format!("`{name}` and the path `{}` disagree", endpoint.path);
                return Err(wrong(at, format!("{message}; a path parameter stands in braces")));
            }
            let optional = location != Location::Path;
            let mut field =
                self.field(Site { pointer: &at, optional, sent: true, within: &[] }, name, keys)?;
            if !matches!(field.shape, Shape::Scalar(_) | Shape::Any | Shape::Array { .. }) {
                return Err(wrong(at, format!("the parameter `{name}` cannot have fields")));
            }
            if location == Location::Path {
                field.presence = Presence::Always;
            }
            parameters.push(Parameter { location, field });
        }
        for location in [Location::Path, Location::Query, Location::Header, Location::Cookie] {
            let here = parameters.iter().filter(|it| it.location == location);
            check::alike(&at, &here.map(|it| it.field.clone()).collect::<Vec<_>>())?;
        }
        Ok(parameters)
    }

    fn body(&self, site: Site<'_>, brief: &BodyBrief) -> Result<Body, Wrong> {
        let empty = brief.r#type.is_none() && brief.fields.is_none() && brief.items.is_none();
        let keys = FieldKeys {
            r#type: brief.r#type.clone(),
            example: brief.example.clone(),
            min_items: brief.min_items,
            max_items: brief.max_items,
            ..FieldKeys::default()
        };
        let parts = Parts { fields: brief.fields.as_ref(), items: brief.items.as_deref() };
        let content = if empty { None } else { Some(self.field_of(site, "body", &keys, parts)?) };
        Ok(Body {
            status: match brief.status {
                Some(status) if !(200..300).contains(&status) => {
                    let message = format!("{status} is no success; list it under `errors`");
                    return Err(wrong(pointer::join(site.pointer, "status"), message));
                }
                status => status.unwrap_or_default(),
            },
            media: brief.media.clone().unwrap_or_else(|| JSON.to_owned()),
            description: brief.description.clone(),
            sample: brief.sample.clone(),
            content,
        })
    }

    fn field(&self, site: Site<'_>, name: &str, keys: &FieldKeys) -> Result<Field, Wrong> {
        let parts = Parts { fields: keys.fields.as_ref(), items: keys.items.as_deref() };
        self.field_of(site, name, keys, parts)
    }

    fn field_of(
        &self,
        site: Site<'_>,
        name: &str,
        keys: &FieldKeys,
        parts: Parts<'_>,
    ) -> Result<Field, Wrong> {
        let (word, shape) = self.shape(site, name, keys, parts)?;
        if keys.computed && keys.owner.is_none() {
            let message = format!("`{name}` is computed by nobody; add its `owner`");
            return Err(wrong(pointer::join(site.pointer, "computed"), message));
        }
        if site.sent && keys.read_only && keys.owner.is_none() {
            let message = format!("a request holds `{name}`, which its sender does not write");
            let remedy = "add the `owner` that writes it";
            return Err(wrong(
                pointer::join(site.pointer, "readOnly"),
                format!("{message}; {remedy}"),
            ));
        }
        check::owner(site.pointer, keys.owner.as_ref(), self.parties)?;
        let default = keys.default.as_ref().map(value);
        if let (Some(default), Shape::Scalar(facets)) = (&default, &shape)
            && !check::is_of(default, facets)
        {
            let message = format!("the default of `{name}` is no {}", facets.kind.as_str());
            return Err(wrong(pointer::join(site.pointer, "default"), message));
        }
        let accepts = keys.accepts.iter().map(|word| {
            let facets = self.facets(word).map(|(facets, _)| facets);
            facets.ok_or_else(|| self.unknown(&pointer::join(site.pointer, "accepts"), word))
        });
        Ok(Field {
            name: name.to_owned(),
            aliases: keys.aliases.clone(),
            want: keys.want,
            presence: match keys.optional {
                Some(true) => Presence::Sometimes,
                None if site.optional => Presence::Unsaid,
                _ => Presence::Always,
            },
            implied: false,
            owner: keys.owner.clone().map(|party| Ownership { party, computed: keys.computed }),
            key: keys.key,
            read_only: keys.read_only,
            description: keys.description.clone(),
            example: keys.example.as_ref().map(value),
            default,
            word,
            shape,
            accepts: accepts.collect::<Result<_, _>>()?,
        })
    }

    fn shape(
        &self,
        site: Site<'_>,
        name: &str,
        keys: &FieldKeys,
        parts: Parts<'_>,
    ) -> Result<(Word, Shape), Wrong> {
        let at = pointer::join(site.pointer, "type");
        let word = keys.r#type.as_deref();
        let outer = if parts.items.is_some() { "array" } else { "object" };
        if parts.fields.is_some() && parts.items.is_some() {
            let message = format!("`{name}` has `fields` and `items`; it is either one");
            return Err(wrong(site.pointer, message));
        }
        if let Some(word) = word.filter(|it| parts.any() && *it != outer) {
            let message = format!("`{name}` is an {outer} and has the type `{word}`; remove one");
            return Err(wrong(at, message));
        }
        if let Some(fields) = parts.fields {
            let fields = self.fields(site, &pointer::join(site.pointer, "fields"), fields)?;
            return Ok((Word::Standard, Shape::Object { name: None, fields }));
        }
        if let Some(FieldBrief(items)) = parts.items {
            let outside = site.pointer;
            let at = pointer::join(outside, "items");
            let site = Site { pointer: &at, optional: false, ..site };
            let items = Box::new(self.field(site, "item", items)?);
            let (min_items, max_items) = (keys.min_items, keys.max_items);
            if min_items.zip(max_items).is_some_and(|(min, max)| min > max) {
                let message = format!("`{name}` can hold no list; correct its bounds");
                return Err(wrong(pointer::join(outside, "minItems"), message));
            }
            return Ok((Word::Standard, Shape::Array { items, min_items, max_items }));
        }
        match word {
            Some(word) if self.brief.objects.get(word).is_some() => {
                let shape = self.object(site, &at, word)?;
                Ok((Word::Standard, shape))
            }
            Some(word) => {
                let (facets, said) = self.facets(word).ok_or_else(|| self.unknown(&at, word))?;
                Ok((said, Shape::Scalar(narrowed(site.pointer, facets, keys)?)))
            }
            None if keys.want == Want::Refused => Ok((Word::Standard, Shape::Any)),
            None => {
                let message = format!(
                    "`{name}` has no type; give it one, or say what `{name}` is in the dictionary"
                );
                let meant = self.brief.dictionary.get(name);
                let facets =
                    meant.map(of_dictionary).ok_or_else(|| wrong(site.pointer, message))?;
                Ok((Word::Untyped, Shape::Scalar(narrowed(site.pointer, facets, keys)?)))
            }
        }
    }

    fn object(&self, site: Site<'_>, at: &str, name: &str) -> Result<Shape, Wrong> {
        if site.within.contains(&name) {
            let message = format!("`{name}` holds itself; leave the inner one out");
            return Err(wrong(at, message));
        }
        let within: Vec<&str> = site.within.iter().copied().chain([name]).collect();
        let fields = self.brief.objects.get(name);
        let at = pointer::join("/objects", name);
        let site = Site { within: &within, pointer: &at, ..site };
        let fields = fields.map(|it| self.fields(site, &at, it)).transpose()?.unwrap_or_default();
        Ok(Shape::Object { name: Some(name.to_owned()), fields })
    }

    fn fields(
        &self,
        site: Site<'_>,
        at: &str,
        fields: &Named<FieldBrief>,
    ) -> Result<Vec<Field>, Wrong> {
        let field = |(name, FieldBrief(keys)): &(String, FieldBrief)| {
            self.field(Site { pointer: &pointer::join(at, name), ..site }, name, keys)
        };
        let fields: Vec<Field> = fields.0.iter().map(field).collect::<Result<_, _>>()?;
        check::alike(at, &fields)?;
        Ok(fields)
    }

    /// What a word means, and how a system that uses it writes it.
    fn facets(&self, word: &str) -> Option<(Facets, Word)> {
        if let Some(meant) = self.brief.dictionary.get(word) {
            let said = match word.split_once('/') {
                _ if Kind::from_word(word).is_some() => Word::Standard,
                Some((r#type, format)) => {
                    Word::Own { r#type: r#type.to_owned(), format: Some(format.to_owned()) }
                }
                None => Word::Own { r#type: word.to_owned(), format: None },
            };
            return Some((of_dictionary(meant), said));
        }
        let kind = Kind::from_word(word)?;
        Some((Facets { kind, ..Facets::default() }, Word::Standard))
    }

    fn unknown(&self, at: &str, word: &str) -> Wrong {
        let brief: &'b Brief = self.brief;
        let own = brief.dictionary.names().chain(brief.objects.names());
        let standard = Kind::ALL.iter().map(|kind| -> &'b str { kind.as_str() });
        let remedy = match nearest(word, standard.chain(own)) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "say in the dictionary what it means".to_owned(),
        };
        wrong(at, format!("the type `{word}` is neither standard nor in the dictionary; {remedy}"))
    }
}

/// What a value is made of.
#[derive(Clone, Copy)]
struct Parts<'b> {
    fields: Option<&'b Named<FieldBrief>>,
    items: Option<&'b FieldBrief>,
}

impl Parts<'_> {
    fn any(self) -> bool {
        self.fields.is_some() || self.items.is_some()
    }
}
