//! What a field is: its name, its versions and the shape of its value.

use crate::openapi::version::Versions;

use super::Kind;

/// A fixed field.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The versions that have it.
    pub versions: Versions,
    /// The versions that require it.
    pub required: Versions,
    /// What its value is.
    pub shape: Shape,
}

impl Field {
    /// A field of all versions that none requires.
    pub(super) const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, versions: Versions::ALL, required: Versions::NONE, shape }
    }

    /// The field in `versions` alone.
    pub(super) const fn only(self, versions: Versions) -> Self {
        Self { name: self.name, versions, required: self.required, shape: self.shape }
    }

    /// The field, required in `versions`.
    pub(super) const fn required(self, versions: Versions) -> Self {
        Self { name: self.name, versions: self.versions, required: versions, shape: self.shape }
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Anything; its inside is data and is not looked into.
    Any,
    /// A string.
    Text(Text),
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A number above 0.
    PositiveNumber,
    /// An integer, 0 or more.
    Count,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// An object of a kind.
    Object(Kind, Role),
    /// An object of a kind, or a Reference Object in its place.
    Referable(Kind, Role),
    /// A schema, or a boolean in its place.
    SchemaOrBool(Role),
    /// An array of these, at least so many.
    Array(&'static Shape, u8),
    /// An array of strings in which none stands twice, at least so many.
    Set(u8),
    /// An object whose keys are names.
    Map(Keys, &'static Shape),
    /// The `type` of a schema: what it may be is for the rules about types.
    Type,
    /// `exclusiveMinimum` and `exclusiveMaximum` in the form of the other version
    /// are for the rules about types; this is their own form.
    Bound(&'static Shape),
}

impl Shape {
    /// Whether such a value holds objects that the tables describe.
    pub(in crate::openapi) fn holds_objects(self) -> bool {
        match self {
            Self::Object(..) | Self::Referable(..) | Self::SchemaOrBool(_) => true,
            Self::Array(inner, _) | Self::Map(_, inner) | Self::Bound(inner) => {
                inner.holds_objects()
            }
            _ => false,
        }
    }
}

/// What a string must look like, where the specification says MUST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Anything.
    Plain,
    /// A URI or URL, relative references included.
    Uri,
    /// A URI reference without a fragment.
    UriWithoutFragment,
    /// A URI with its scheme.
    AbsoluteUri,
    /// An address for e-mail.
    Email,
    /// A name that a fragment can carry: `^[A-Za-z_][-A-Za-z0-9._]*$`.
    Anchor,
}

/// Which keys a map or a patterned field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Any string.
    Any,
    /// `^[a-zA-Z0-9\.\-_]+$`
    Component,
    /// `/…`
    Path,
    /// A runtime expression, or text with expressions in braces.
    Expression,
    /// A media type or a range of them.
    MediaRange,
    /// `200`, `2XX`; `default` is a fixed field.
    StatusCode,
    /// The name of an HTTP header, which 3.2 requires to be a token.
    Header,
    /// An HTTP method that has no fixed field of its own.
    Method,
}

/// What part an object plays where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The root of the description.
    Root,
    /// A member of the Components Object.
    Component,
    /// The target of a reference, at a place that has no meaning of its own.
    Fragment,
    /// Under `paths`.
    Path,
    /// Under `webhooks`.
    Webhook,
    /// In a Callback Object.
    Callback,
    /// In a Path Item Object.
    PathItem,
    /// In an Operation Object.
    Operation,
    /// In a Parameter Object.
    Parameter,
    /// In a Header Object.
    Header,
    /// In a Media Type Object.
    MediaType,
    /// In `content`.
    Content,
    /// In a Response Object.
    Response,
    /// In an Encoding Object.
    Encoding,
    /// Anywhere else.
    Other,
    /// A schema under `properties`.
    Property,
    /// A schema under `patternProperties`.
    PatternProperty,
    /// A schema as `additionalProperties` or `unevaluatedProperties`.
    OtherProperty,
    /// A schema as `items`, `unevaluatedItems` or `contains`.
    Item,
    /// A schema under `prefixItems`.
    PrefixItem,
    /// A schema under `allOf`.
    AllOf,
    /// A schema under `anyOf`.
    AnyOf,
    /// A schema under `oneOf`.
    OneOf,
    /// A schema as `not`.
    Not,
    /// A schema as `if`, `then`, `else` or under `dependentSchemas`.
    Conditional,
    /// A schema as `propertyNames`.
    PropertyName,
    /// A schema as `contentSchema`.
    DecodedContent,
    /// A schema under `$defs`.
    Definition,
}

/// A string.
pub(super) const TEXT: Shape = Shape::Text(Text::Plain);
/// A URI or URL.
pub(super) const URI: Shape = Shape::Text(Text::Uri);
/// An array of strings.
pub(super) const TEXTS: Shape = Shape::Array(&TEXT, 0);
/// An object whose values are strings.
pub(super) const MAP_OF_TEXTS: Shape = Shape::Map(Keys::Any, &TEXT);
