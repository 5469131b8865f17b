//! A mandate: what one party offers, needs, prefers, refuses and owns, in its own words.
//!
//! * **Shape.** [`Mandate::parse`] reads `<party>.mandate.yaml`. `party` alone is enough; a
//!   party that says no more goes along with whatever the other side proposes.
//! * **Defaults.** What is listed is `needed` unless it says otherwise; what is not listed is
//!   `accepted`; a parameter of a path is a `string`; an operation answers 400 and 500, and
//!   404 where its path has parameters; in the body of a `PATCH`, and of parameters outside
//!   the path, everything is `optional`.
//! * **Types.** A field's type is a standard word (`string`, `integer`, `number`, `boolean`,
//!   `object`), a word of the dictionary, or the name of one of the `objects`. The system's
//!   first export says the word itself; `money/decimal` exports type and format. A field
//!   without a type is exported without one, and means what the dictionary says under the
//!   field's own name.
//! * **Errors.** Unknown keys, words and parties, and contradictions, with their place.

mod brief;
mod check;
mod endpoint;
mod facets;
mod resolve;
mod seat;
mod types;

use crate::document::{Document, Limits, pointer};

use super::{Charter, ConfigError, read};

use brief::{Brief, OperationBrief};
use check::Wrong;
use resolve::Resolver;

pub use check::{folded, is_of};
pub use endpoint::{METHODS, template_of, template_parameters};
pub use seat::{Api, Http, HttpUrl, Program, SeatKind, VariableName};
pub use types::{
    Body, Endpoint, Facets, Field, Kind, Location, Mandate, Operation, Ownership, Parameter,
    Presence, Role, Shape, Unlisted, Want, Word,
};

/// The JSON Schema of a mandate.
pub const SCHEMA: &str = include_str!("schema.json");

impl Mandate {
    /// Reads a mandate; `path` names it in errors. Where the charter is known, every owner must
    /// be one of its parties.
    pub fn parse(path: &str, bytes: &[u8], charter: Option<&Charter>) -> Result<Self, ConfigError> {
        let brief: Brief = read(path, bytes)?;
        let document = Document::parse(path, bytes.to_vec(), &Limits::default());
        let error = |it: Wrong| {
            // What is written short has no key of its own: the place is the nearest that has.
            let mut place = it.pointer.as_str();
            while document.at(place).is_none() && !place.is_empty() {
                place = place.rsplit_once('/').map_or("", |(outer, _)| outer);
            }
            ConfigError::at(path, bytes, place, it.message)
        };
        check::texts(&document, &brief.private_terms).map_err(error)?;
        understood(brief, charter).map_err(error)
    }
}

fn understood(brief: Brief, charter: Option<&Charter>) -> Result<Mandate, Wrong> {
    check::words(&brief)?;
    let parties = charter.map(Charter::names);
    let owned = charter
        .into_iter()
        .flat_map(|charter| &charter.parties)
        .flat_map(|party| party.owns.iter().map(|place| (party.name.clone(), place.clone())));
    let resolver = Resolver { brief: &brief, parties };
    let mut operations = Vec::new();
    for (key, OperationBrief(keys)) in &brief.operations.0 {
        operations.push(resolver.operation(&pointer::join("/operations", key), key, keys)?);
    }
    let keys: Vec<String> = brief.operations.names().map(str::to_owned).collect();
    let mandate = Mandate {
        party: brief.party,
        seat: brief.seat,
        private_terms: brief.private_terms,
        title: brief.title,
        unlisted: brief.unlisted,
        operations,
        owned: owned.collect(),
    };
    check::mandate(&mandate, &keys, parties)?;
    Ok(mandate)
}
