//! Which preferences are still asked for.
//!
//! A turn is what asking costs, so what is asked for is halved with each turn that the seat has
//! had: everything at first, then the more important half, and so on to nothing; what is merely
//! offered is mentioned in the first turn alone, as is what the other side would own, since only
//! that side could take it out again. Nothing is asked for again where an issue is open, or once so
//! few turns are left that a refusal could cost the agreement.

use crate::{
    charter::mandate::{Body, Field, Ownership, Shape},
    negotiate::{IssueState, TurnRequest},
};

use super::{
    difference::{Change, Difference, Weight},
    tree::{lies_within, parent},
};

/// A wish that is new takes two turns: to say it, and to accept it.
const TURNS_FOR_A_WISH: u32 = 2;
/// One that is said again takes four: to say it, to refuse it, to give it up, and to accept.
const TURNS_FOR_A_SECOND_WISH: u32 = 4;

/// The differences that are not firm and are still worth a word, in their order.
pub(super) fn insisted<'d, 'm>(
    differences: &'d [Difference<'m>],
    request: &TurnRequest,
) -> Vec<&'d Difference<'m>> {
    let soft = |weight| move |it: &&Difference<'_>| it.weight == weight;
    let preferred = differences.iter().filter(soft(Weight::Preferred));
    let spent = own_turns_before(request.turn);
    if spent == 0 && request.turns_left >= TURNS_FOR_A_WISH {
        return preferred.chain(differences.iter().filter(soft(Weight::Offered))).collect();
    }
    if request.turns_left < TURNS_FOR_A_SECOND_WISH {
        return Vec::new();
    }
    let open: Vec<_> = preferred
        .filter(|it| !is_contested(&it.constraint.pointer, request) && !is_for_other(it, request))
        .collect();
    let left = open.len().checked_shr(spent).unwrap_or_default();
    open.into_iter().take(left).collect()
}

/// Whether what would undo a difference holds something that the other side owns.
fn is_for_other(difference: &Difference<'_>, request: &TurnRequest) -> bool {
    let seat = request.seat.as_str();
    let body = |body: &Body| body.content.as_ref().is_some_and(|it| has_other_owner(it, seat));
    match &difference.change {
        Change::AddField(_, field) => has_other_owner(field, seat),
        Change::AddParameter(_, parameter) => has_other_owner(&parameter.field, seat),
        Change::AddRequest(_, content) | Change::AddResponse(_, content) => body(content),
        Change::AddOperation(operation) => {
            operation.owner.as_ref().is_some_and(|owner| owner.as_str() != seat)
                || operation.parameters.iter().any(|it| has_other_owner(&it.field, seat))
                || operation.request.iter().chain([&operation.response]).any(body)
        }
        _ => false,
    }
}

/// Whether a field, or one within it, is another party's than `seat`.
fn has_other_owner(field: &Field, seat: &str) -> bool {
    let is_own = |owner: &Ownership| owner.party.as_str() == seat;
    !field.owner.as_ref().is_none_or(is_own)
        || match &field.shape {
            Shape::Object { fields, .. } => fields.iter().any(|it| has_other_owner(it, seat)),
            Shape::Array { items, .. } => has_other_owner(items, seat),
            Shape::Scalar(_) | Shape::Any => false,
        }
}

/// How many turns the seat has had before this one.
pub(super) fn own_turns_before(turn: u32) -> u32 {
    turn.saturating_sub(1) / 2
}

/// Whether an open issue is about this place, or about one above or below it. An issue about
/// the list of what an object requires is about its properties.
pub(super) fn is_contested(place: &str, request: &TurnRequest) -> bool {
    let mut open = request.issues.iter().filter(|it| it.state == IssueState::Open);
    open.any(|it| {
        let of_object = it.pointer.strip_suffix("/required");
        let property = |object: &str| parent(place).strip_suffix("/properties") == Some(object);
        lies_within(place, &it.pointer)
            || lies_within(&it.pointer, place)
            || of_object.is_some_and(property)
    })
}

/// Whether a settled issue locks this place.
pub(super) fn is_settled(place: &str, request: &TurnRequest) -> bool {
    let mut settled = request.issues.iter().filter(|it| it.state == IssueState::Settled);
    settled.any(|it| lies_within(place, &it.pointer) || lies_within(&it.pointer, place))
}
