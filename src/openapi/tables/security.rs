//! Security schemes and what an operation requires of them.

use crate::openapi::version::Versions;

use super::{
    Constraint, Field, Keys, Kind, Role, Rule, Shape, Table,
    field::{MAP_OF_TEXTS, TEXT, TEXTS, URI},
};

const ALL: Versions = Versions::ALL;
const SINCE_32: Versions = Versions::SINCE_32;

pub(super) static SECURITY_SCHEME: Table = Table {
    section: "security-scheme-object",
    fields: &[
        Field::new("type", Shape::Word(&["apiKey", "http", "oauth2", "openIdConnect"]))
            .only(Versions::ONLY_30)
            .required(ALL),
        Field::new(
            "type",
            Shape::Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]),
        )
        .only(Versions::SINCE_31)
        .required(ALL),
        Field::new("description", TEXT),
        Field::new("name", TEXT),
        Field::new("in", Shape::Word(&["query", "header", "cookie"])),
        Field::new("scheme", TEXT),
        Field::new("bearerFormat", TEXT),
        Field::new("flows", Shape::Object(Kind::OAuthFlows, Role::Other)),
        Field::new("openIdConnectUrl", URI),
        Field::new("oauth2MetadataUrl", URI).only(SINCE_32),
        Field::new("deprecated", Shape::Bool).only(SINCE_32),
    ],
    patterned: None,
    extensible: true,
    rules: &[
        Rule::new(ALL, Constraint::Needs { when: "type", is: "apiKey", fields: &["name", "in"] }),
        Rule::new(ALL, Constraint::Needs { when: "type", is: "http", fields: &["scheme"] }),
        Rule::new(ALL, Constraint::Needs { when: "type", is: "oauth2", fields: &["flows"] }),
        Rule::new(
            ALL,
            Constraint::Needs { when: "type", is: "openIdConnect", fields: &["openIdConnectUrl"] },
        ),
        Rule::new(ALL, Constraint::OnlyFor { field: "name", when: "type", is: &["apiKey"] }),
        Rule::new(ALL, Constraint::OnlyFor { field: "in", when: "type", is: &["apiKey"] }),
        Rule::new(ALL, Constraint::OnlyFor { field: "scheme", when: "type", is: &["http"] }),
        Rule::new(ALL, Constraint::OnlyFor { field: "bearerFormat", when: "type", is: &["http"] }),
        Rule::new(
            ALL,
            Constraint::OnlyFor { field: "bearerFormat", when: "scheme", is: &["bearer"] },
        ),
        Rule::new(ALL, Constraint::OnlyFor { field: "flows", when: "type", is: &["oauth2"] }),
        Rule::new(
            ALL,
            Constraint::OnlyFor { field: "openIdConnectUrl", when: "type", is: &["openIdConnect"] },
        ),
        Rule::new(
            SINCE_32,
            Constraint::OnlyFor { field: "oauth2MetadataUrl", when: "type", is: &["oauth2"] },
        ),
    ],
};

pub(super) static OAUTH_FLOWS: Table = Table {
    section: "oauth-flows-object",
    fields: &[
        Field::new("implicit", Shape::Object(Kind::ImplicitFlow, Role::Other)),
        Field::new("password", Shape::Object(Kind::PasswordFlow, Role::Other)),
        Field::new("clientCredentials", Shape::Object(Kind::ClientCredentialsFlow, Role::Other)),
        Field::new("authorizationCode", Shape::Object(Kind::AuthorizationCodeFlow, Role::Other)),
        Field::new(
            "deviceAuthorization",
            Shape::Object(Kind::DeviceAuthorizationFlow, Role::Other),
        )
        .only(SINCE_32),
    ],
    patterned: None,
    extensible: true,
    rules: &[],
};

const fn flow(fields: &'static [Field]) -> Table {
    Table { section: "oauth-flow-object", fields, patterned: None, extensible: true, rules: &[] }
}

pub(super) static IMPLICIT_FLOW: Table = flow(&[
    Field::new("authorizationUrl", URI).required(ALL),
    Field::new("refreshUrl", URI),
    Field::new("scopes", MAP_OF_TEXTS).required(ALL),
]);

pub(super) static PASSWORD_FLOW: Table = flow(&[
    Field::new("tokenUrl", URI).required(ALL),
    Field::new("refreshUrl", URI),
    Field::new("scopes", MAP_OF_TEXTS).required(ALL),
]);

pub(super) static CLIENT_CREDENTIALS_FLOW: Table = flow(&[
    Field::new("tokenUrl", URI).required(ALL),
    Field::new("refreshUrl", URI),
    Field::new("scopes", MAP_OF_TEXTS).required(ALL),
]);

pub(super) static AUTHORIZATION_CODE_FLOW: Table = flow(&[
    Field::new("authorizationUrl", URI).required(ALL),
    Field::new("tokenUrl", URI).required(ALL),
    Field::new("refreshUrl", URI),
    Field::new("scopes", MAP_OF_TEXTS).required(ALL),
]);

pub(super) static DEVICE_AUTHORIZATION_FLOW: Table = flow(&[
    Field::new("deviceAuthorizationUrl", URI).required(ALL),
    Field::new("tokenUrl", URI).required(ALL),
    Field::new("refreshUrl", URI),
    Field::new("scopes", MAP_OF_TEXTS).required(ALL),
]);

pub(super) static SECURITY_REQUIREMENT: Table = Table {
    section: "security-requirement-object",
    fields: &[],
    patterned: Some((Keys::Any, TEXTS)),
    extensible: false,
    rules: &[],
};
