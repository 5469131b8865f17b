//! What to do about a head: go along, put in, take out, or name what stands against it.

use crate::{
    document::Value,
    negotiate::{ActKind, Constraint, ConstraintKind, IssueState},
};

use super::{
    Agent,
    amend::Amender,
    concede,
    difference::{Change, Difference, Weight},
    judge::differences,
    owner, refresh,
    reply::{self, Stance},
    share,
    write::Words,
};

/// How often a plan is made anew because one change called for another.
const PASSES_MAX: usize = 8;

/// What an agent would do with a head.
pub(super) enum Plan<'a> {
    /// Offer this contract.
    Offer(Value),
    /// Refuse for these reasons.
    Refuse(Vec<Difference<'a>>),
    /// Refuse what the other side says must hold.
    Oppose { issue: String, constraint: Constraint },
}

impl<'a> Agent<'a> {
    /// What to do about a head.
    pub(super) fn plan(&self, head: &Value) -> Plan<'a> {
        let mut wanted = head.clone();
        let issues = self.request.issues.iter().filter(|it| it.state == IssueState::Open);
        let party = self.mandate.party.as_str();
        for issue in issues {
            for named in issue.constraints.iter().filter(|it| it.party != party) {
                match reply::stance(self.mandate, &wanted, named) {
                    Stance::Comply(complied) => wanted = complied,
                    Stance::Clash(constraint) => {
                        return Plan::Oppose { issue: issue.pointer.clone(), constraint };
                    }
                    Stance::Neutral => {}
                }
            }
        }
        let found = differences(self.mandate, &wanted);
        let firm = found.iter().filter(|it| it.weight == Weight::Firm);
        let blocked = firm.filter(|it| self.is_blocked(&wanted, it, &found)).cloned();
        let blocked: Vec<Difference<'_>> = blocked.collect();
        if !blocked.is_empty() {
            return Plan::Refuse(blocked);
        }
        self.amend(&mut wanted);
        match self.words() {
            // What the system's own export adds is left as it says it.
            Words::Own => refresh::known(&mut wanted, head),
            Words::Standard => refresh::changed(&mut wanted, Some(head)),
        }
        let mut found = differences(self.mandate, &wanted).into_iter();
        match found.find(|it| self.stands(it)) {
            Some(firm) => Plan::Refuse(vec![firm]),
            None => Plan::Offer(wanted),
        }
    }

    /// Undoes what is firm and what is still worth a word.
    fn amend(&self, wanted: &mut Value) {
        let amender = Amender { mandate: self.mandate, words: self.words() };
        let mut first = true;
        for _ in 0..PASSES_MAX {
            let found = differences(self.mandate, wanted);
            let firm = found
                .iter()
                .filter(|it| if first { it.weight == Weight::Firm } else { self.stands(it) });
            let mut changes: Vec<&Difference<'_>> = firm.collect();
            if first {
                let soft = concede::insisted(&found, self.request).into_iter();
                changes.extend(soft.filter(|it| self.is_editable(wanted, it)));
            }
            if changes.is_empty() {
                return;
            }
            let sites = share::sites(wanted, &changes, &found);
            if sites.is_empty() {
                amender.amend(wanted, &changes);
                first = false;
            }
            for site in sites {
                share::copy(wanted, &site);
            }
        }
    }

    /// Whether a difference is firm, and more than a word of the own system's where its meaning
    /// will stand.
    fn stands(&self, difference: &Difference<'_>) -> bool {
        let own = self.words() == Words::Own && is_own_word(difference);
        difference.weight == Weight::Firm && !own
    }

    /// Whether a firm difference is to be named rather than undone.
    fn is_blocked(
        &self,
        root: &Value,
        difference: &Difference<'_>,
        all: &[Difference<'_>],
    ) -> bool {
        if share::is_shared(root, difference, all)
            && let Some(via) = &difference.via
            && !owner::is_foreign(self.mandate, root, via)
            && !concede::is_settled(via, self.request)
        {
            // The place gets a copy of its own, which nobody has spoken about.
            return false;
        }
        let place = &difference.constraint.pointer;
        let issues = &self.request.issues;
        // What is refused may be new to the other side when it first stands in the head.
        let turns_to_know = match difference.constraint.kind {
            ConstraintKind::Forbidden => 2,
            _ => 1,
        };
        let turns = concede::own_turns_before(self.request.turn);
        let party = self.mandate.party.as_str();
        let open = issues.iter().filter(|it| it.state == IssueState::Open);
        let refused = open.flat_map(|it| &it.constraints).any(|it| it.party == party);
        // What the other side has made this side's own, only this side can give back.
        let given = difference.constraint.kind == ConstraintKind::Owner
            && owner::of(self.mandate, root, place) == Some(party);
        let last_stage = !self.may(ActKind::Ask);
        let known = turns >= turns_to_know || last_stage;
        let known = known && !refused && !given;
        let last = self.request.turns_left <= 1;
        let contested = concede::is_contested(place, self.request);
        let said = self.has_said(place);
        !self.is_editable(root, difference) || (known || last || contested) && !said
    }

    /// Whether this side has an open constraint about a place already.
    pub(super) fn has_said(&self, place: &str) -> bool {
        let party = self.mandate.party.as_str();
        self.request.issues.iter().filter(|it| it.state == IssueState::Open).any(|issue| {
            let mut constraints = issue.constraints.iter();
            constraints.any(|it| it.party == party && it.constraint.pointer == place)
        })
    }

    /// Whether the change touches nothing that is the other side's, and nothing that is settled.
    fn is_editable(&self, root: &Value, difference: &Difference<'_>) -> bool {
        let place = &difference.constraint.pointer;
        let foreign = owner::is_foreign(self.mandate, root, place);
        let removes = matches!(
            difference.change,
            Change::RemoveOperation
                | Change::RemoveField(..)
                | Change::RemoveParameter(_)
                | Change::Retype(..)
                | Change::Resize(..)
                | Change::Unrequire(_)
        );
        let shared = removes && owner::is_shared(self.mandate, root, place);
        !foreign && !shared && !concede::is_settled(place, self.request)
    }
}

/// Whether a difference is that a system's own word stands where its meaning will.
fn is_own_word(difference: &Difference<'_>) -> bool {
    use crate::charter::mandate::Word;
    matches!(&difference.change, Change::Retype(_, field, _) if field.word != Word::Standard)
}
