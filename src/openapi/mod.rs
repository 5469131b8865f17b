//! OpenAPI over the tree: what every object may hold, where references lead, and the one walk.

mod description;
mod identity;
mod nearest;
mod resolve;
pub mod tables;
mod uri;
mod version;
mod walk;

pub use description::{Description, NoFiles, Source, SourceError, State, may_lead_elsewhere};
pub use identity::{Identities, item_identity};
pub use nearest::nearest;
pub use resolve::{Target, follow};
pub use tables::Kind;
pub use tables::{Role, section};
pub use uri::percent_decode;
pub use version::{Version, Versions};
pub use walk::{
    Direction, Directions, Operation, Parameter, PathEntry, Reference, Surface, Visit, Walk,
    is_expression,
};
