//! Laws of the protocol, against seats that do anything at all.

use proptest::prelude::*;

use treaty::{
    boundary::Vocabulary,
    charter::PartyIndex,
    negotiate::{ActKind, Effect, Event, Heard, Listener, OutcomeKind, State, Table, What, step},
};

use crate::negotiation::table::{Move, SimpleGate, charter, parsed, private_terms, say};

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        8 => (any::<u8>(), any::<u8>()).prop_map(|(a, b)| Move::Propose(a, b)),
        3 => any::<u8>().prop_map(Move::Patch),
        3 => any::<u8>().prop_map(Move::Faulty),
        1 => Just(Move::Leak),
        1 => Just(Move::LeakyQuestion),
        2 => Just(Move::Accept),
        1 => Just(Move::AcceptOther),
        3 => any::<u8>().prop_map(Move::Ask),
        3 => any::<u8>().prop_map(Move::Answer),
        4 => (any::<u8>(), any::<u8>()).prop_map(|(at, kind)| Move::Decline(at, kind)),
        4 => any::<u8>().prop_map(Move::Reopen),
        1 => Just(Move::Escalate),
        2 => Just(Move::Withdraw),
        1 => Just(Move::Exit),
        1 => Just(Move::Stale),
        1 => Just(Move::WrongRequest),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Move::Garbage),
        1 => Just(Move::Silent),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_negotiation_keeps_the_laws(
        script in prop::collection::vec((moves(), 0..20_000_u64), 0..60),
        turns in 1..14_u32,
        bounces in 1..4_u32,
        faults in 1..4_u32,
    ) {
        let text = charter(&format!(
            "{{ turns: {turns}, bounces: {bounces}, faults: {faults}, turn_seconds: 30 }}"
        ));
        play(&text, &script);
    }
}

/// Plays a script to its end and checks every law on the way.
fn play(text: &str, script: &[(Move, u64)]) {
    let charter = parsed(text);
    let terms = private_terms().map(|terms| Vocabulary::new(&terms));
    let gate = SimpleGate::default();
    let mut state = State::new(Table::new(&charter, "c", 0));
    let mut accepted: Vec<(PartyIndex, String)> = Vec::new();
    let mut moves = script.iter();
    while let Some(request) = state.request() {
        let (what, took_ms) = moves.next().cloned().unwrap_or((Move::Silent, 0));
        let said = say(&request, &what);
        let listener = Listener {
            parties: charter.names(),
            private_terms: state.holder.of(&terms),
            gate: &gate,
        };
        let heard = listener.hear(&state, said.as_deref().map_err(|it| *it));
        let before = state.clone();
        let (after, effects) = step(state, Event { time: 0, took_ms, heard: heard.clone() });
        assert!(after.measure() < before.measure(), "{what:?} leaves {:?}", before.measure());
        check_head(&before, &after, &heard, &gate);
        for effect in &effects {
            let Effect::Share(entry) = effect else { continue };
            let What::Act(crossed) = &entry.what else { continue };
            match crossed.kind {
                ActKind::Propose | ActKind::Accept => {
                    accepted.push((entry.party, crossed.head.clone().unwrap()));
                }
                ActKind::Withdraw => accepted.retain(|(party, _)| *party != entry.party),
                _ => {}
            }
        }
        state = after;
    }
    check_end(&state, &accepted, &gate);
}

/// The head changes only to what passed, or back to what was the head before.
fn check_head(before: &State, after: &State, said: &Heard, gate: &SimpleGate) {
    let Some(head) = after.head().filter(|head| Some(head.sha256.as_str()) != before.base()) else {
        return;
    };
    assert!(gate.passed.borrow().contains(&head.sha256), "a head that never passed");
    match said {
        Heard::Proposal(proposal) => {
            let judgement = proposal.judgement.as_ref().unwrap();
            assert_eq!(judgement.passed().unwrap(), head.document.as_bytes());
            assert_eq!(head.by, before.holder);
        }
        Heard::Act(answer) => assert_eq!(answer.act.kind(), ActKind::Withdraw),
        other => assert_eq!(after.base(), before.base(), "{other:?}"),
    }
}

fn check_end(state: &State, accepted: &[(PartyIndex, String)], gate: &SimpleGate) {
    let outcome = state.outcome.as_ref().unwrap();
    let limits = state.table.limits;
    assert!(state.turn <= limits.turns() + 1);
    for seat in &state.seats {
        assert!(seat.faults <= limits.faults());
        assert!(seat.bounces <= limits.bounces() * limits.turns());
    }
    if outcome.kind != OutcomeKind::Agreed {
        return;
    }
    let head = state.base().unwrap().to_owned();
    assert!(gate.passed.borrow().contains(&head));
    for party in PartyIndex::BOTH {
        let last = accepted.iter().rfind(|(who, _)| *who == party).unwrap();
        assert_eq!(last.1, head, "{party:?} accepted something else last");
    }
    let open = state.ledger.issues().iter().filter(|it| it.constraints.is_empty()).count();
    assert_eq!(open, state.ledger.issues().len());
}
