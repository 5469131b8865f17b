//! A proposal: does it stand, and what does it move?

use crate::{
    charter::PartyIndex,
    document::{Document, Limits, Value, sha256_hex},
    finding::{Finding, Verdict},
    negotiate::{
        act::{Act, ActKind, Content},
        changes::{changed_places, standing, value_of},
        diagnostic::{diagnostic, no_place, place_of},
        event::{Proposal, What},
        fault::Fault,
        issue::{IssueState, NamedConstraint},
        state::{Head, ISSUES_PER_ACT_MAX},
    },
};

use super::Step;

/// The rule that a repeated proposal breaks.
const REPEATED: &str = "repeated-proposal";
/// The rule that a change of a settled place breaks.
const SETTLED: &str = "settled-pointer";

/// A revision that passed, beside the head that it would replace.
struct Revision {
    text: String,
    sha256: String,
    base: Value,
    value: Value,
}

impl Revision {
    fn changes(&self, place: &str) -> bool {
        standing(&self.base, place) != standing(&self.value, place)
    }
}

impl Step {
    pub(super) fn propose(&mut self, proposal: Proposal) {
        if let Err(fault) = self.check_proposal(&proposal) {
            return self.fault(&fault);
        }
        if let Some(findings) = self.repeated(&proposal) {
            return self.send_back(proposal, findings, vec![REPEATED.to_owned()], 1);
        }
        let Some(judgement) = proposal.judgement.clone() else {
            let message = "the proposal was not judged".to_owned();
            return self.fault(&Fault::Shape(message));
        };
        let text = judgement.passed().and_then(|it| std::str::from_utf8(it).ok());
        let Some(text) = text.map(str::to_owned) else {
            let (rules, count) = judgement.public_reasons();
            return self.send_back(proposal, judgement.findings, rules, count);
        };
        let revision = Revision {
            sha256: sha256_hex(text.as_bytes()),
            base: value_of(self.state.head().map(|head| head.document.as_str())),
            value: value_of(Some(&text)),
            text,
        };
        let findings = self.settled_places(&proposal, &revision);
        if !findings.is_empty() {
            let count = findings.len();
            return self.send_back(proposal, findings, vec![SETTLED.to_owned()], count);
        }
        self.stand(proposal, revision, judgement.verdict);
    }

    fn check_proposal(&self, proposal: &Proposal) -> Result<(), Fault> {
        self.state.check_base(proposal.base.as_deref())?;
        if self.state.allowed_acts().contains(&ActKind::Propose) {
            return Ok(());
        }
        Err(Fault::NotAllowed("only the last word on the final offer is left".to_owned()))
    }

    fn send_back(
        &mut self,
        proposal: Proposal,
        findings: Vec<Finding>,
        rules: Vec<String>,
        count: usize,
    ) {
        let left = self.state.bounces_left.saturating_sub(1);
        let sha256 = proposal.judged.sha256.clone();
        self.bounce(Some(proposal.judged), findings, What::Bounce { sha256, rules, count, left });
    }

    /// Why the proposal goes back unread, where the same bytes went back on this head before.
    fn repeated(&self, proposal: &Proposal) -> Option<Vec<Finding>> {
        let seat = self.seat.of(&self.state.seats);
        let at = seat.bounced.iter().position(|it| it.sha256 == proposal.judged.sha256)?;
        let before = seat.bounced.get(at)?;
        let place = no_place(&self.state.table.contract, "");
        let message = format!("the proposal is identical to bounce {} on this head", at + 1);
        let finding = diagnostic(REPEATED, place, message, "change what the findings name");
        let earlier = before.findings.iter().filter(|it| it.rule.as_ref() != REPEATED);
        Some([finding].into_iter().chain(earlier.cloned()).collect())
    }

    /// One finding for each settled place that the revision changes.
    fn settled_places(&self, proposal: &Proposal, revision: &Revision) -> Vec<Finding> {
        if self.state.head().is_none() {
            return Vec::new();
        }
        let settled = self.state.ledger.with(IssueState::Settled);
        let changed: Vec<_> = settled.filter(|it| revision.changes(&it.pointer)).collect();
        if changed.is_empty() {
            return Vec::new();
        }
        let bytes = proposal.judged.document.clone().into_bytes();
        let document = Document::parse(&self.state.table.contract, bytes, &Limits::default());
        let finding = |pointer: &str| {
            let message = format!("`{pointer}` is settled and this changes it");
            let help = "leave it as the head has it, or `reopen` the issue first";
            diagnostic(SETTLED, place_of(&document, pointer), message, help)
        };
        changed.iter().map(|issue| finding(&issue.pointer)).collect()
    }

    /// The revision passed: it agrees with the head, or becomes the head.
    fn stand(&mut self, proposal: Proposal, revision: Revision, verdict: Verdict) {
        let seat = self.seat;
        let base = proposal.base;
        let mut body = vec![("sha256", Value::from(revision.sha256.as_str()))];
        body.extend(proposal.note.iter().map(|note| ("note", Value::from(note.as_str()))));
        let body = Value::object(body);
        // What crosses is the digest and the note; the text crosses as the head.
        let content = Content::Document(String::new());
        let act = Act::Propose { content, note: proposal.note };
        let head = self.state.head().map(|head| (head.sha256 == revision.sha256, head.by));
        if head == Some((true, seat.other())) {
            self.state.ledger.settle_all();
            self.cross(&act, body, base, Vec::new(), Some(verdict));
            return self.agree(&revision.sha256);
        }
        let differences = changed_places(&revision.base, &revision.value);
        self.open_conflicts(&revision, &differences);
        let meets = |it: &&NamedConstraint| {
            it.seat != seat
                && !it.constraint.is_met(&revision.base)
                && it.constraint.is_met(&revision.value)
        };
        let met = self.state.ledger.constraints().any(|it| meets(&it));
        let settled = self.state.ledger.stand(seat, |place| revision.changes(place));
        let progress = self.is_nearer(differences.len()) || met || !settled.is_empty();
        let again = self.state.seen.contains(&revision.sha256);
        let repeated = again.then(|| {
            let short = revision.sha256.get(..12).unwrap_or_default();
            format!("the contract {short} was on the table before")
        });
        self.state.seen.insert(revision.sha256.clone());
        let (sha256, document) = (revision.sha256, revision.text);
        self.state.heads.push(Head { sha256, document, by: seat, declined: false });
        self.state.forget_bounced();
        self.cross(&act, body, base, settled, Some(verdict));
        self.finish_turn(progress, repeated);
    }

    /// A place that this seat wrote, the other changed, and this seat changes again.
    fn open_conflicts(&mut self, revision: &Revision, differences: &[String]) {
        let party = self.party();
        let own = self.own_text_before();
        let Some(own) = own.map(|text| value_of(Some(&text))) else { return };
        let conflict = |place: &&String| {
            let (mine, theirs) = (own.at(place), revision.base.at(place));
            mine.is_some() && theirs.is_some() && mine != theirs
        };
        for place in differences.iter().filter(conflict).take(ISSUES_PER_ACT_MAX) {
            self.state.ledger.open(place, &party);
        }
    }

    /// What this seat had on the table before the head, where the head is the other's.
    fn own_text_before(&self) -> Option<String> {
        let mut heads = self.state.heads.iter().rev();
        let theirs: PartyIndex = heads.next()?.by;
        let before = heads.next()?;
        (theirs != self.seat && before.by == self.seat).then(|| before.document.clone())
    }

    /// Whether the proposal is nearer to its base than any of the seat's before.
    fn is_nearer(&mut self, differences: usize) -> bool {
        let fewest = &mut self.seat.of_mut(&mut self.state.seats).fewest_differences;
        let nearer = fewest.is_none_or(|fewest| differences < fewest);
        *fewest = Some(fewest.map_or(differences, |fewest| fewest.min(differences)));
        nearer
    }
}
