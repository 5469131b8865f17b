//! The issue ledger: the places that the two seats have named, open or settled.
//!
//! * **Shape.** An issue is keyed by its pointer. A question, a refusal or conflicting edits
//!   open it. It settles when each seat in turn has let the same text stand there: a proposal
//!   that changes the place stands for its author alone, one that leaves it adds its author.
//!   What settles takes its constraints and questions with it.
//! * **Errors.** None: what is not allowed is decided before the ledger hears of it.

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use crate::{
    charter::PartyIndex,
    document::{Value, pointer},
};

use super::act::Constraint;

/// Whether an issue is still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IssueState {
    /// The seats differ, or have not said that they do not.
    Open,
    /// Both have let one text stand; the place is locked.
    Settled,
}

/// A constraint and who named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedConstraint {
    /// The party's name.
    pub party: String,
    /// Its place at the table.
    pub seat: PartyIndex,
    /// What must hold.
    pub constraint: Constraint,
}

impl NamedConstraint {
    /// The constraint as the report and the wire have it.
    pub fn to_value(&self) -> Value {
        let Constraint { pointer, kind, value } = &self.constraint;
        Value::object([
            ("party", Value::from(self.party.as_str())),
            ("pointer", Value::from(pointer.as_str())),
            ("kind", Value::from(kind.as_str())),
            ("value", value.clone()),
        ])
    }
}

impl Serialize for NamedConstraint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

/// One place that a seat has named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The place.
    pub pointer: String,
    /// Open or settled.
    pub state: IssueState,
    /// The party that opened it last.
    pub opened_by: String,
    /// What the seats say must hold.
    pub constraints: Vec<NamedConstraint>,
    /// Who waits for an answer.
    pub asked_by: [bool; 2],
    /// Who has let the present text stand.
    stands: [bool; 2],
    /// Who has opened it, since it was last settled.
    opened: [bool; 2],
    /// Who has opened it again, ever.
    reopened: [bool; 2],
}

impl Issue {
    /// An issue as the wire tells it to a seat, which hears no more of it.
    pub(super) fn told(
        pointer: String,
        state: IssueState,
        opened_by: String,
        constraints: Vec<NamedConstraint>,
    ) -> Self {
        let nobody = [false, false];
        let (asked_by, stands, opened, reopened) = (nobody, nobody, nobody, nobody);
        Self { pointer, state, opened_by, constraints, asked_by, stands, opened, reopened }
    }
}

impl Serialize for Issue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut issue = serializer.serialize_struct("Issue", 4)?;
        issue.serialize_field("pointer", &self.pointer)?;
        issue.serialize_field("state", &self.state)?;
        issue.serialize_field("opened_by", &self.opened_by)?;
        issue.serialize_field("constraints", &self.constraints)?;
        issue.end()
    }
}

/// Every issue of a negotiation, in the order in which they were opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    issues: Vec<Issue>,
}

impl Ledger {
    /// The issues.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The issues of one state.
    pub fn with(&self, state: IssueState) -> impl Iterator<Item = &Issue> {
        self.issues.iter().filter(move |issue| issue.state == state)
    }

    /// The settled issue that locks `place`: its own or one above it.
    pub fn lock(&self, place: &str) -> Option<&Issue> {
        self.with(IssueState::Settled).find(|issue| lies_within(place, &issue.pointer))
    }

    /// The open issue at `place`.
    pub fn open_at(&self, place: &str) -> Option<&Issue> {
        self.with(IssueState::Open).find(|issue| issue.pointer == place)
    }

    /// The open places that a seat has opened, asks about or has said something about.
    pub fn opened_by(&self, seat: PartyIndex) -> Vec<String> {
        let named = |issue: &&Issue| {
            *seat.of(&issue.asked_by)
                || *seat.of(&issue.opened)
                || issue.constraints.iter().any(|it| it.seat == seat)
        };
        self.with(IssueState::Open).filter(named).map(|issue| issue.pointer.clone()).collect()
    }

    /// How many times the seats together may still reopen one of these issues.
    pub fn reopens_left(&self) -> u64 {
        let spent = |issue: &Issue| issue.reopened.iter().filter(|it| **it).count() as u64;
        self.issues.iter().map(|issue| 2 - spent(issue)).sum()
    }

    /// Whether `seat` may reopen the issue at `place`.
    pub fn can_reopen(&self, place: &str, seat: PartyIndex) -> bool {
        self.with(IssueState::Settled)
            .any(|issue| issue.pointer == place && !seat.of(&issue.reopened))
    }

    /// Whether `seat` may reopen anything.
    pub fn can_reopen_any(&self, seat: PartyIndex) -> bool {
        self.with(IssueState::Settled).any(|issue| !seat.of(&issue.reopened))
    }

    /// Opens an issue, or says again that it is open.
    pub(super) fn open(&mut self, place: &str, party: &str) -> &mut Issue {
        let at = self.issues.iter().position(|issue| issue.pointer == place);
        let at = at.unwrap_or_else(|| {
            self.issues.push(Issue {
                pointer: place.to_owned(),
                state: IssueState::Settled,
                opened_by: String::new(),
                constraints: Vec::new(),
                asked_by: [false; 2],
                stands: [false; 2],
                opened: [false; 2],
                reopened: [false; 2],
            });
            self.issues.len() - 1
        });
        let issue = self.issues.get_mut(at).expect("it was found or pushed");
        if issue.state == IssueState::Settled {
            issue.state = IssueState::Open;
            party.clone_into(&mut issue.opened_by);
        }
        issue.stands = [false; 2];
        issue
    }

    /// Opens a settled issue again, at the cost of the seat's one reopening.
    pub fn reopen(&mut self, place: &str, seat: PartyIndex, party: &str) {
        let issue = self.open(place, party);
        *seat.of_mut(&mut issue.opened) = true;
        *seat.of_mut(&mut issue.reopened) = true;
    }

    /// A seat asks about a place.
    pub fn ask(&mut self, place: &str, seat: PartyIndex, party: &str) {
        let issue = self.open(place, party);
        *seat.of_mut(&mut issue.asked_by) = true;
    }

    /// Whether the counterpart of `seat` waits for an answer, about `place` or at all.
    pub fn waits_for_answer(&self, place: Option<&str>, seat: PartyIndex) -> bool {
        self.with(IssueState::Open).any(|issue| {
            *seat.other().of(&issue.asked_by) && place.is_none_or(|it| issue.pointer == it)
        })
    }

    /// A seat answers the counterpart's question.
    pub fn answer(&mut self, place: &str, seat: PartyIndex) {
        for issue in self.issues.iter_mut().filter(|issue| issue.pointer == place) {
            *seat.other().of_mut(&mut issue.asked_by) = false;
        }
    }

    /// A seat refuses a place and says what must hold; what it said about that place before
    /// no longer counts. Gives the counterpart's constraint that no contract can satisfy too.
    pub fn decline(&mut self, place: &str, named: NamedConstraint) -> Option<NamedConstraint> {
        let (seat, party) = (named.seat, named.party.clone());
        for issue in &mut self.issues {
            issue
                .constraints
                .retain(|it| it.seat != seat || it.constraint.pointer != named.constraint.pointer);
        }
        let clash = self
            .constraints()
            .find(|it| it.seat != seat && it.constraint.clashes_with(&named.constraint))
            .cloned();
        self.open(place, &party).constraints.push(named);
        clash
    }

    /// Every constraint on an open issue.
    pub fn constraints(&self) -> impl Iterator<Item = &NamedConstraint> {
        self.with(IssueState::Open).flat_map(|issue| &issue.constraints)
    }

    /// A revision of `seat` stands: `changed` says which places differ from its base.
    /// Gives the places that settle by it.
    pub fn stand(&mut self, seat: PartyIndex, changed: impl Fn(&str) -> bool) -> Vec<String> {
        let mut settled = Vec::new();
        for issue in self.issues.iter_mut().filter(|it| it.state == IssueState::Open) {
            if changed(&issue.pointer) {
                issue.stands = [false; 2];
            }
            *seat.of_mut(&mut issue.stands) = true;
            if issue.stands == [true; 2] {
                issue.settle();
                settled.push(issue.pointer.clone());
            }
        }
        settled
    }

    /// Agreement on the whole text is agreement on every place.
    pub fn settle_all(&mut self) {
        self.issues.iter_mut().for_each(Issue::settle);
    }
}

impl Issue {
    fn settle(&mut self) {
        self.state = IssueState::Settled;
        self.constraints.clear();
        self.asked_by = [false; 2];
        self.opened = [false; 2];
    }
}

/// Whether `place` is `area` or lies below it.
fn lies_within(place: &str, area: &str) -> bool {
    let (place, area) = (pointer::tokens(place), pointer::tokens(area));
    place.zip(area).is_some_and(|(place, area)| place.starts_with(&area))
}
