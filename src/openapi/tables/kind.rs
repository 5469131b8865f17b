//! The objects of the specification by name.

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// OpenAPI Object
    OpenApi,
    /// Info Object
    Info,
    /// Contact Object
    Contact,
    /// License Object
    License,
    /// Server Object
    Server,
    /// Server Variable Object
    ServerVariable,
    /// Components Object
    Components,
    /// Tag Object
    Tag,
    /// External Documentation Object
    ExternalDocumentation,
    /// Reference Object
    Reference,
    /// Paths Object
    Paths,
    /// Path Item Object
    PathItem,
    /// Operation Object
    Operation,
    /// Parameter Object
    Parameter,
    /// Callback Object
    Callback,
    /// Link Object
    Link,
    /// Request Body Object
    RequestBody,
    /// Media Type Object
    MediaType,
    /// Encoding Object
    Encoding,
    /// Responses Object
    Responses,
    /// Response Object
    Response,
    /// Example Object
    Example,
    /// Header Object
    Header,
    /// Schema Object
    Schema,
    /// Discriminator Object
    Discriminator,
    /// XML Object
    Xml,
    /// Security Scheme Object
    SecurityScheme,
    /// OAuth Flows Object
    OAuthFlows,
    /// OAuth Flow Object under `implicit`
    ImplicitFlow,
    /// OAuth Flow Object under `password`
    PasswordFlow,
    /// OAuth Flow Object under `clientCredentials`
    ClientCredentialsFlow,
    /// OAuth Flow Object under `authorizationCode`
    AuthorizationCodeFlow,
    /// OAuth Flow Object under `deviceAuthorization`
    DeviceAuthorizationFlow,
    /// Security Requirement Object
    SecurityRequirement,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 34] = [
        Self::OpenApi,
        Self::Info,
        Self::Contact,
        Self::License,
        Self::Server,
        Self::ServerVariable,
        Self::Components,
        Self::Tag,
        Self::ExternalDocumentation,
        Self::Reference,
        Self::Paths,
        Self::PathItem,
        Self::Operation,
        Self::Parameter,
        Self::Callback,
        Self::Link,
        Self::RequestBody,
        Self::MediaType,
        Self::Encoding,
        Self::Responses,
        Self::Response,
        Self::Example,
        Self::Header,
        Self::Schema,
        Self::Discriminator,
        Self::Xml,
        Self::SecurityScheme,
        Self::OAuthFlows,
        Self::ImplicitFlow,
        Self::PasswordFlow,
        Self::ClientCredentialsFlow,
        Self::AuthorizationCodeFlow,
        Self::DeviceAuthorizationFlow,
        Self::SecurityRequirement,
    ];

    /// The specification's name with its article, as it stands in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenApi => "an OpenAPI Object",
            Self::Info => "an Info Object",
            Self::Contact => "a Contact Object",
            Self::License => "a License Object",
            Self::Server => "a Server Object",
            Self::ServerVariable => "a Server Variable Object",
            Self::Components => "a Components Object",
            Self::Tag => "a Tag Object",
            Self::ExternalDocumentation => "an External Documentation Object",
            Self::Reference => "a Reference Object",
            Self::Paths => "a Paths Object",
            Self::PathItem => "a Path Item Object",
            Self::Operation => "an Operation Object",
            Self::Parameter => "a Parameter Object",
            Self::Callback => "a Callback Object",
            Self::Link => "a Link Object",
            Self::RequestBody => "a Request Body Object",
            Self::MediaType => "a Media Type Object",
            Self::Encoding => "an Encoding Object",
            Self::Responses => "a Responses Object",
            Self::Response => "a Response Object",
            Self::Example => "an Example Object",
            Self::Header => "a Header Object",
            Self::Schema => "a Schema Object",
            Self::Discriminator => "a Discriminator Object",
            Self::Xml => "an XML Object",
            Self::SecurityScheme => "a Security Scheme Object",
            Self::OAuthFlows => "an OAuth Flows Object",
            Self::ImplicitFlow => "an OAuth Flow Object under `implicit`",
            Self::PasswordFlow => "an OAuth Flow Object under `password`",
            Self::ClientCredentialsFlow => "an OAuth Flow Object under `clientCredentials`",
            Self::AuthorizationCodeFlow => "an OAuth Flow Object under `authorizationCode`",
            Self::DeviceAuthorizationFlow => "an OAuth Flow Object under `deviceAuthorization`",
            Self::SecurityRequirement => "a Security Requirement Object",
        }
    }

    /// The name that rule files use.
    pub fn word(self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::Info => "info",
            Self::Contact => "contact",
            Self::License => "license",
            Self::Server => "server",
            Self::ServerVariable => "server-variable",
            Self::Components => "components",
            Self::Tag => "tag",
            Self::ExternalDocumentation => "external-documentation",
            Self::Reference => "reference",
            Self::Paths => "paths",
            Self::PathItem => "path-item",
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Callback => "callback",
            Self::Link => "link",
            Self::RequestBody => "request-body",
            Self::MediaType => "media-type",
            Self::Encoding => "encoding",
            Self::Responses => "responses",
            Self::Response => "response",
            Self::Example => "example",
            Self::Header => "header",
            Self::Schema => "schema",
            Self::Discriminator => "discriminator",
            Self::Xml => "xml",
            Self::SecurityScheme => "security-scheme",
            Self::OAuthFlows => "oauth-flows",
            Self::ImplicitFlow => "implicit-flow",
            Self::PasswordFlow => "password-flow",
            Self::ClientCredentialsFlow => "client-credentials-flow",
            Self::AuthorizationCodeFlow => "authorization-code-flow",
            Self::DeviceAuthorizationFlow => "device-authorization-flow",
            Self::SecurityRequirement => "security-requirement",
        }
    }

    /// The kind that a rule file names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
