//! The fixed and patterned fields of every object of OpenAPI 3.0, 3.1 and 3.2, as data.
//!
//! * **Shape.** A [`Table`] for each [`Kind`] of object: [`Field`]s in the specification's order,
//!   each with the versions that have it and require it and the [`Shape`] of its value; what a key
//!   that is no fixed field may be; and the [`Rule`]s that tie fields to each other.
//! * **Source.** OpenAPI 3.0.4, 3.1.1 and 3.2.0, the section that each table names;
//!   JSON Schema 2020-12 (core, validation) and Wright Draft 00 for the keywords of schemas.

mod field;
mod kind;
mod messages;
mod paths;
mod root;
mod rules;
mod schema;
mod security;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::version::Version;

pub use field::{Field, Keys, Role, Shape, Text};
pub use kind::Kind;
pub use rules::{Constraint, Form, Rule};

/// What one kind of object may hold.
#[derive(Debug)]
pub struct Table {
    /// The anchor of its section.
    pub section: &'static str,
    /// The fixed fields, in the specification's order.
    pub fields: &'static [Field],
    /// The fields that have no fixed name: which keys, and what they hold.
    pub patterned: Option<(Keys, Shape)>,
    /// Whether keys that begin with `x-` are extensions.
    pub extensible: bool,
    /// What ties fields to each other.
    pub rules: &'static [Rule],
}

/// The table of a kind of object.
pub fn table(kind: Kind, version: Version) -> &'static Table {
    match kind {
        Kind::OpenApi => &root::OPENAPI,
        Kind::Info => &root::INFO,
        Kind::Contact => &root::CONTACT,
        Kind::License => &root::LICENSE,
        Kind::Server => &root::SERVER,
        Kind::ServerVariable => &root::SERVER_VARIABLE,
        Kind::Components => &root::COMPONENTS,
        Kind::Tag => &root::TAG,
        Kind::ExternalDocumentation => &root::EXTERNAL_DOCUMENTATION,
        Kind::Reference if version == Version::V30 => &root::REFERENCE_30,
        Kind::Reference => &root::REFERENCE,
        Kind::Paths => &paths::PATHS,
        Kind::PathItem => &paths::PATH_ITEM,
        Kind::Operation => &paths::OPERATION,
        Kind::Parameter => &paths::PARAMETER,
        Kind::Callback => &paths::CALLBACK,
        Kind::Link => &paths::LINK,
        Kind::RequestBody => &messages::REQUEST_BODY,
        Kind::MediaType => &messages::MEDIA_TYPE,
        Kind::Encoding => &messages::ENCODING,
        Kind::Responses => &messages::RESPONSES,
        Kind::Response => &messages::RESPONSE,
        Kind::Example => &messages::EXAMPLE,
        Kind::Header => &messages::HEADER,
        Kind::Schema if version == Version::V30 => &schema::SCHEMA_30,
        Kind::Schema => &schema::SCHEMA,
        Kind::Discriminator => &schema::DISCRIMINATOR,
        Kind::Xml => &schema::XML,
        Kind::SecurityScheme => &security::SECURITY_SCHEME,
        Kind::OAuthFlows => &security::OAUTH_FLOWS,
        Kind::ImplicitFlow => &security::IMPLICIT_FLOW,
        Kind::PasswordFlow => &security::PASSWORD_FLOW,
        Kind::ClientCredentialsFlow => &security::CLIENT_CREDENTIALS_FLOW,
        Kind::AuthorizationCodeFlow => &security::AUTHORIZATION_CODE_FLOW,
        Kind::DeviceAuthorizationFlow => &security::DEVICE_AUTHORIZATION_FLOW,
        Kind::SecurityRequirement => &security::SECURITY_REQUIREMENT,
    }
}

/// The address of the section that describes a kind of object.
pub fn section(kind: Kind, version: Version) -> String {
    format!("{}#{}", version.text(), table(kind, version).section)
}

type Index = [[FxHashMap<&'static str, &'static Field>; 3]; Kind::ALL.len()];

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    Kind::ALL.map(|kind| {
        Version::ALL.map(|version| {
            let fields = table(kind, version).fields.iter();
            let known = fields.filter(|field| field.versions.contains(version));
            known.map(|field| (field.name, field)).collect()
        })
    })
});

/// The fixed field `name` of a kind of object.
pub fn field(kind: Kind, version: Version, name: &str) -> Option<&'static Field> {
    INDEX.get(kind as usize)?.get(version as usize)?.get(name).copied()
}

static REQUIRED: LazyLock<[[Vec<&'static str>; 3]; Kind::ALL.len()]> = LazyLock::new(|| {
    Kind::ALL.map(|kind| {
        Version::ALL.map(|version| {
            let required = fields(kind, version).filter(|it| it.required.contains(version));
            required.map(|field| field.name).collect()
        })
    })
});

/// The fixed fields that a kind of object must have.
pub fn required(kind: Kind, version: Version) -> &'static [&'static str] {
    let versions = REQUIRED.get(kind as usize);
    versions.and_then(|it| it.get(version as usize)).map_or(&[], Vec::as_slice)
}

/// The fixed fields of a kind of object, in the specification's order.
pub fn fields(kind: Kind, version: Version) -> impl Iterator<Item = &'static Field> + Clone {
    table(kind, version).fields.iter().filter(move |field| field.versions.contains(version))
}

/// What the value of `key` is in an object of a kind; nothing where the key has no meaning.
pub fn shape(kind: Kind, version: Version, key: &str) -> Option<&'static Shape> {
    if let Some(field) = field(kind, version, key) {
        return Some(&field.shape);
    }
    let table = table(kind, version);
    if table.extensible && key.starts_with("x-") {
        return None;
    }
    table.patterned.as_ref().map(|(_, shape)| shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_version_has_a_field_twice() {
        for kind in Kind::ALL {
            for version in Version::ALL {
                let mut names: Vec<_> = fields(kind, version).map(|field| field.name).collect();
                let count = names.len();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), count, "{kind:?} {version:?}");
            }
        }
    }

    #[test]
    fn rules_name_fields_that_exist() {
        for kind in Kind::ALL {
            for version in Version::ALL {
                let rules = table(kind, version).rules.iter();
                for rule in rules.filter(|rule| rule.versions.contains(version)) {
                    for name in rule.constraint.fields() {
                        assert!(
                            field(kind, version, name).is_some(),
                            "{kind:?} {version:?} {name}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn kinds_stand_in_their_order() {
        for (at, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at);
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
    }
}
