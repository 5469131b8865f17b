//! What a contract has otherwise than a mandate, as data.

use crate::{
    charter::{
        PartyName,
        mandate::{Body, Field, Operation, Parameter, Want},
    },
    negotiate::Constraint,
};

use super::{fit::Size, requirement::Requirement};

/// Something that the contract has otherwise than the mandate.
#[derive(Clone, Debug)]
pub(super) struct Difference<'m> {
    /// How much it matters.
    pub weight: Weight,
    /// What would have to hold.
    pub constraint: Constraint,
    /// What would make it so.
    pub change: Change<'m>,
    /// What it is about, in the mandate's words.
    pub subject: String,
    /// The reference by which its place was reached, where it lies behind one.
    pub via: Option<String>,
}

/// How much a difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// There is no agreement with it.
    Firm,
    /// It is given up as turns are spent.
    Preferred,
    /// It is mentioned once.
    Offered,
}

/// What would undo a difference.
#[derive(Clone, Debug)]
pub(super) enum Change<'m> {
    /// The operation is added.
    AddOperation(&'m Operation),
    /// What stands at the constraint's place is taken away: an operation.
    RemoveOperation,
    /// The parameter is added to the operation at this place.
    AddParameter(String, &'m Parameter),
    /// The parameter that is listed at this place is taken away.
    RemoveParameter(String),
    /// The request body is added to the operation at this place.
    AddRequest(String, &'m Body),
    /// The answer is added to the operation at this place.
    AddResponse(String, &'m Body),
    /// The answer with an error is added to the operation at this place.
    AddError(String, u16, &'m str),
    /// The field is added to the schema at this place.
    AddField(String, &'m Field),
    /// The property of this name is taken away from the schema at this place.
    RemoveField(String, String),
    /// The schema at this place gets the field's type, as this side reads or writes it.
    Retype(String, &'m Field, bool),
    /// The list whose schema stands at this place gets this size, as this side reads or writes
    /// it.
    Resize(String, Size, bool),
    /// The object or parameter says that this must not be left out.
    Require(Requirement),
    /// It does not say so.
    Unrequire(Requirement),
    /// The object at this place gets its owner, who perhaps works the field out anew.
    Own(String, &'m PartyName, Option<&'m Field>),
    /// The schema at this place says that it is a matching key.
    Key(String),
}

/// The weight of a want that is not refused.
pub(super) fn weight(want: Want) -> Weight {
    match want {
        Want::Needed | Want::Refused => Weight::Firm,
        Want::Preferred => Weight::Preferred,
        Want::Offered => Weight::Offered,
    }
}
