//! The protocol: one event, one step.
//!
//! * **Turns.** The holder alone is asked. `reopen` keeps the turn; every other act that
//!   crosses passes it, and so does a forfeit; a bounce and a fault keep it. A response passes
//!   the turn, so that there is one response to a proposal; a seat that declined a head may
//!   still accept it in a later turn.
//! * **Agreement.** A proposal is its author's accept. The negotiation is agreed when the other
//!   seat accepts the same digest, or proposes the same bytes; that settles every issue.
//! * **Time.** It is what the seats took, as it was logged. A turn that takes too long is a
//!   fault and its clock begins again; all turns together have `turns` times `turn_seconds`.
//! * **Progress** of a turn: an issue settles, a question is answered, a seat says of a place
//!   for the first time what must hold there, its proposal meets what the other said must hold,
//!   or differs from its base in fewer places than any of its proposals before. So the final
//!   offers do not come before both have said what blocks them.

mod propose;

use crate::charter::PartyIndex;

use super::{
    act::{Act, Answer},
    diagnostic::{diagnostic, no_place},
    event::{Crossed, Effect, Entry, Event, Heard, Note, What},
    fault::{Fault, SeatFault},
    issue::NamedConstraint,
    outcome::OutcomeKind,
    request::{Digested, LastAct},
    state::{Bounced, FinalStage, IDLE_TURNS_MAX, State},
    story::{counted, must, short},
    words::place_in_words,
};
use crate::finding::{Finding, Verdict};

/// Forfeits of a seat, one after the other, that hand the matter to people.
const FORFEITS_MAX: u32 = 2;

/// The state after an event, and what comes of it. After the end nothing comes of anything.
pub fn step(state: State, event: Event) -> (State, Vec<Effect>) {
    if state.outcome.is_some() {
        return (state, Vec::new());
    }
    let Event { time, took_ms, heard } = event;
    let mut step = Step { turn: state.turn, seat: state.holder, state, time, effects: Vec::new() };
    step.run(took_ms, heard);
    (step.state, step.effects)
}

/// A step on its way.
struct Step {
    state: State,
    /// Whose event it is, and in which turn it came.
    seat: PartyIndex,
    turn: u32,
    time: u64,
    effects: Vec<Effect>,
}

impl Step {
    fn run(&mut self, took_ms: u64, heard: Heard) {
        let limits = self.state.table.limits;
        self.state.acts += 1;
        self.state.turn_ms = self.state.turn_ms.saturating_add(took_ms);
        self.state.session_ms = self.state.session_ms.saturating_add(took_ms);
        let heard = if self.state.turn_ms > limits.turn_ms() {
            Heard::Fault(SeatFault::TimedOut.into())
        } else {
            heard
        };
        match heard {
            Heard::Fault(fault) => self.fault(&fault),
            Heard::Stopped { proposal, findings } => self.stopped(proposal, findings),
            Heard::Proposal(proposal) => self.propose(*proposal),
            Heard::Act(answer) => match self.state.check(&answer) {
                Ok(()) => self.act(answer),
                Err(fault) => self.fault(&fault),
            },
        }
        if self.state.outcome.is_none() && self.state.session_ms > limits.session_ms() {
            self.state.end(OutcomeKind::Budget, "the time of the session is spent");
        }
        if let Some(outcome) = self.state.outcome.clone() {
            self.share(What::End(outcome));
        }
    }

    fn party(&self) -> String {
        self.state.table.party(self.seat).to_owned()
    }

    fn share(&mut self, what: What) {
        let (act, time, turn, party) = (self.state.acts, self.time, self.turn, self.seat);
        self.effects.push(Effect::Share(Entry { act, time, turn, party, what }));
    }

    fn keep(&mut self, proposal: Option<Digested>, findings: Vec<Finding>) {
        let (act, party) = (self.state.acts, self.seat);
        self.effects.push(Effect::Keep(Note { party, act, proposal, findings }));
    }

    /// A fault costs no bounce and no turn, and the clock of the turn begins again.
    fn fault(&mut self, fault: &Fault) {
        let place = no_place("the answer", "");
        let finding = diagnostic(fault.word(), place, fault.to_string(), "answer again");
        self.state.turn_ms = 0;
        let seat = self.seat.of_mut(&mut self.state.seats);
        seat.faults += 1;
        seat.findings.retain(|it| it.place.path.as_ref() != "the answer");
        seat.findings.insert(0, finding.clone());
        let left = self.state.faults_left(self.seat);
        self.keep(None, vec![finding]);
        self.share(What::Fault { word: fault.word(), left });
        if left == 0 {
            let faults = self.state.table.limits.faults();
            let party = self.party();
            let faults = counted(faults as usize, "fault", "faults");
            let reason = format!("`{party}` spent its {faults}, the last by `{}`", fault.word());
            self.state.end(OutcomeKind::FailedSeat, reason);
        }
    }

    fn stopped(&mut self, proposal: Option<Digested>, findings: Vec<Finding>) {
        let left = self.state.bounces_left.saturating_sub(1);
        self.bounce(proposal, findings, What::Stopped { left });
    }

    /// Something goes back: the turn stays, until its bounces are spent.
    fn bounce(&mut self, proposal: Option<Digested>, findings: Vec<Finding>, what: What) {
        self.state.bounces_left = self.state.bounces_left.saturating_sub(1);
        self.keep(proposal.clone(), findings.clone());
        self.share(what);
        let seat = self.seat.of_mut(&mut self.state.seats);
        seat.bounces += 1;
        seat.findings.clone_from(&findings);
        seat.last_bounced =
            proposal.map(|Digested { sha256, document }| Bounced { sha256, document, findings });
        if let Some(bounced) = &seat.last_bounced
            && seat.bounced.iter().all(|it| it.sha256 != bounced.sha256)
        {
            seat.bounced.push(bounced.clone());
        }
        if self.state.bounces_left == 0 {
            self.forfeit();
        }
    }

    fn forfeit(&mut self) {
        let seat = self.seat.of_mut(&mut self.state.seats);
        seat.forfeits_in_row += 1;
        seat.idle_turns += 1;
        let in_row = seat.forfeits_in_row;
        self.share(What::Forfeit);
        if in_row >= FORFEITS_MAX {
            let reason = format!("`{}` forfeited {in_row} turns in a row", self.party());
            self.state.end(OutcomeKind::Escalated, reason);
        } else {
            self.pass_turn(None);
        }
    }

    /// An act other than a proposal, which is allowed.
    fn act(&mut self, answer: Answer) {
        let (seat, party) = (self.seat, self.party());
        let act = answer.act;
        let ledger = &mut self.state.ledger;
        let mut progress = false;
        let mut clash = None;
        match &act {
            Act::Ask { pointer, .. } => ledger.ask(pointer, seat, &party),
            Act::Answer { pointer, .. } => {
                ledger.answer(pointer, seat);
                progress = true;
            }
            Act::Decline { issue, constraint, more, .. } => {
                let others = more.iter().map(|it| (it.pointer.as_str(), it));
                for (issue, constraint) in
                    std::iter::once((issue.as_str(), constraint)).chain(others)
                {
                    let constraint = constraint.clone();
                    let said = &mut seat.of_mut(&mut self.state.seats).named;
                    progress |= said.insert((constraint.pointer.clone(), constraint.kind));
                    let named = NamedConstraint { party: party.clone(), seat, constraint };
                    let other = ledger.decline(issue, named.clone());
                    clash = clash.or_else(|| other.map(|other| [other, named]));
                }
                if let Some(head) = self.state.heads.last_mut().filter(|head| head.by != seat) {
                    head.declined = true;
                }
            }
            Act::Reopen { issue } => {
                ledger.reopen(issue, seat, &party);
                seat.of_mut(&mut self.state.seats).bounced.clear();
            }
            Act::Withdraw => self.withdraw(),
            Act::Accept { .. } => ledger.settle_all(),
            Act::Propose { .. } | Act::Escalate { .. } | Act::Exit => {}
        }
        self.cross(&act, act.body(), answer.base, Vec::new(), None);
        match act {
            Act::Accept { sha256 } => self.agree(&sha256),
            Act::Escalate { reason } => {
                let reason = format!("`{party}` escalates: {reason}");
                self.state.end(OutcomeKind::Escalated, reason);
            }
            Act::Exit => {
                self.state.end(OutcomeKind::Withdrawn, format!("`{party}` left the table"));
            }
            Act::Reopen { .. } => self.state.forget_turn(seat),
            _ => match clash {
                Some(clash) => self.clash(clash),
                None => self.finish_turn(progress, None),
            },
        }
    }

    fn agree(&mut self, sha256: &str) {
        let reason = format!("both accepted the contract {}", short(sha256));
        self.state.end(OutcomeKind::Agreed, reason);
    }

    fn clash(&mut self, clash: [NamedConstraint; 2]) {
        let [first, second] = &clash;
        let place = self.state.name_of(&first.constraint.pointer);
        let says = |it: &NamedConstraint| format!("`{}` says {}", it.party, must(&it.constraint));
        let reason = format!(
            "no contract can satisfy both about {place}: {}, {}",
            says(first),
            says(second)
        );
        self.state.end(OutcomeKind::Impasse, reason);
        if let Some(outcome) = &mut self.state.outcome {
            outcome.constraints = clash.into();
        }
    }

    /// Everything that the seat offered is off the table; what the other offered last is there
    /// again.
    fn withdraw(&mut self) {
        let seat = self.seat;
        self.state.heads.retain(|head| head.by != seat);
        self.state.forget_bounced();
    }

    /// Writes the act into the shared record and tells the counterpart.
    fn cross(
        &mut self,
        act: &Act,
        body: crate::document::Value,
        base: Option<String>,
        settled: Vec<String>,
        verdict: Option<Verdict>,
    ) {
        let kind = act.kind();
        let last = LastAct { seat: self.party(), act: kind, body: body.clone() };
        *self.seat.of_mut(&mut self.state.last_acts) = Some(last);
        let head = self.state.base().map(str::to_owned);
        let offer = matches!(act, Act::Propose { .. });
        let final_offer = offer && self.state.final_stage.is_some();
        let constraints = match act {
            Act::Decline { constraint, more, .. } => {
                std::iter::once(constraint).chain(more).cloned().collect()
            }
            _ => Vec::new(),
        };
        let said = ["pointer", "issue"].into_iter().filter_map(|key| body.get(key)?.as_str());
        let about = constraints.iter().map(|it| it.pointer.as_str());
        let places = said.chain(about).chain(settled.iter().map(String::as_str));
        let names = places.map(|it| (it.to_owned(), self.state.name_of(it))).collect();
        let crossed =
            Crossed { kind, body, base, head, constraints, final_offer, settled, names, verdict };
        self.share(What::Act(Box::new(crossed)));
    }

    /// The turn was used.
    fn finish_turn(&mut self, progress: bool, repeated: Option<String>) {
        let seat = self.seat.of_mut(&mut self.state.seats);
        seat.forfeits_in_row = 0;
        seat.idle_turns = if progress { 0 } else { seat.idle_turns + 1 };
        self.pass_turn(repeated);
    }

    /// The turn goes to the counterpart, or the negotiation ends.
    fn pass_turn(&mut self, repeated: Option<String>) {
        let state = &mut self.state;
        let idle = self.seat.of(&state.seats).idle_turns >= IDLE_TURNS_MAX;
        let next = self.seat.other();
        state.forget_turn(self.seat);
        state.turns_left = state.turns_left.saturating_sub(1);
        state.turn += 1;
        state.bounces_left = state.table.limits.bounces();
        state.holder = next;
        let answerable = state.head().is_some_and(|head| head.by == self.seat);
        state.final_stage = match state.final_stage {
            Some(FinalStage::FirstOffer) => Some(FinalStage::SecondOffer),
            Some(FinalStage::SecondOffer) if answerable => Some(FinalStage::LastWord),
            Some(FinalStage::SecondOffer | FinalStage::LastWord) => {
                let reason = "the final offers were not accepted";
                return state.end(OutcomeKind::Impasse, reason);
            }
            None => (idle || repeated.is_some()).then_some(FinalStage::FirstOffer),
        };
        if state.final_stage == Some(FinalStage::FirstOffer) {
            state.turns_left = state.turns_left.min(3);
        }
        if state.turns_left == 0 {
            let turns = state.table.limits.turns();
            let spent = if turns == 1 {
                "the one turn is spent".to_owned()
            } else {
                format!("the {turns} turns are spent")
            };
            return state.end(OutcomeKind::Budget, spent);
        }
        if state.final_stage == Some(FinalStage::FirstOffer) {
            let party = self.party();
            let reason = repeated.unwrap_or_else(|| {
                format!("{IDLE_TURNS_MAX} turns of `{party}` brought nothing nearer")
            });
            self.share(What::FinalOffers { reason });
        }
    }
}

impl State {
    /// What a place is called, as the head has it.
    pub fn name_of(&self, place: &str) -> String {
        place_in_words(place, self.head().map(|head| head.document.as_str()))
    }

    /// Whether an answer may be given now.
    pub(super) fn check(&self, answer: &Answer) -> Result<(), Fault> {
        self.check_base(answer.base.as_deref())?;
        let kind = answer.act.kind();
        let allowed = self.allowed_acts();
        if !allowed.contains(&kind) {
            let words: Vec<_> = allowed.iter().map(|it| it.as_str()).collect();
            let message = format!("`{}`; allowed are {}", kind.as_str(), words.join(", "));
            return Err(Fault::NotAllowed(message));
        }
        let not = |message: String| Err(Fault::NotAllowed(message));
        match &answer.act {
            Act::Accept { sha256 } if self.base() != Some(sha256) => {
                Err(Fault::StaleAccept(self.base().map(str::to_owned)))
            }
            Act::Ask { pointer, .. } => self.check_lock(pointer),
            Act::Answer { pointer, .. }
                if !self.ledger.waits_for_answer(Some(pointer), self.holder) =>
            {
                not(format!("nobody asked about `{pointer}`"))
            }
            Act::Decline { issue, constraint, more, .. } => {
                self.check_lock(issue)?;
                for constraint in std::iter::once(constraint).chain(more) {
                    self.check_lock(&constraint.pointer)?;
                }
                let open = self.head().is_some_and(|it| it.by != self.holder && !it.declined);
                if open || self.ledger.open_at(issue).is_some() {
                    return Ok(());
                }
                not(format!("there is no open proposal, and no open issue at `{issue}`"))
            }
            Act::Reopen { issue } if !self.ledger.can_reopen(issue, self.holder) => {
                not(format!("`{issue}` is no settled issue, or this seat has reopened it before"))
            }
            _ => Ok(()),
        }
    }

    /// Whether `base` is the head.
    pub(super) fn check_base(&self, base: Option<&str>) -> Result<(), Fault> {
        if base == self.base() {
            return Ok(());
        }
        Err(Fault::StaleBase(self.base().map(str::to_owned)))
    }

    fn check_lock(&self, place: &str) -> Result<(), Fault> {
        match self.ledger.lock(place) {
            Some(issue) => Err(Fault::SettledPointer(issue.pointer.clone())),
            None => Ok(()),
        }
    }

    /// What a seat was told in its turn is over.
    fn forget_turn(&mut self, seat: PartyIndex) {
        let seat = seat.of_mut(&mut self.seats);
        seat.findings.clear();
        seat.last_bounced = None;
        self.turn_ms = 0;
    }

    /// Another head: what went back on the last one may be offered again.
    fn forget_bounced(&mut self) {
        self.seats.iter_mut().for_each(|seat| seat.bounced.clear());
    }
}
