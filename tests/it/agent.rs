//! The mandate agent, at the table with another one.

mod bounds;
mod briefs;
mod hostile;
mod mandates;
mod oracle;
mod pairs;
mod play;
mod scenarios;

use proptest::prelude::*;

use treaty::negotiate::{NamedConstraint, OutcomeKind};

use briefs::{Variety, Wishes, wishes};
use play::{Game, lint, play, value_of};

/// How many random cases are played.
fn cases(quick: u32) -> u32 {
    if std::env::var_os("RUN_SLOW_TESTS").is_some() { quick * 20 } else { quick }
}

const CHARTER: &str = "version: 1
parties: { left: { agent: Left_Agent }, right: { agent: Right_Agent } }
limits: { turns: 20 }
";

/// Where each side owns a part by the charter.
const OWNED: &str = "version: 1
parties:
  left: { agent: Left_Agent, owns: [/paths/~1orders] }
  right: { agent: Right_Agent, owns: [/paths/~1items, /components/schemas/Thing] }
limits: { turns: 20 }
";

/// Plays two briefs; what is agreed keeps to both and lints clean.
fn kept(charter: &str, left: &Wishes, right: &Wishes) -> Game {
    let game = play(charter, [&left.text(), &right.text()]);
    if game.outcome.kind == OutcomeKind::Agreed {
        let contract = game.contract.as_deref().unwrap();
        for party in [left, right] {
            let broken = oracle::broken(party, &value_of(contract));
            assert!(broken.is_empty(), "{}: {broken:?}\n{}", party.party, tale(&game, left, right));
        }
        let findings = lint(contract);
        let loud: Vec<_> = findings
            .iter()
            .filter(|it| it.severity <= treaty::finding::Severity::Warn)
            .map(|it| format!("{} {}", it.rule, it.place.pointer))
            .collect();
        assert!(loud.is_empty(), "{loud:?}\n{}", tale(&game, left, right));
    }
    game
}

fn tale(game: &Game, left: &Wishes, right: &Wishes) -> String {
    let contract = game.contract.as_deref().unwrap_or_default();
    format!("{}\n{}\n{}\n{contract}", left.text(), right.text(), game.story.join("\n"))
}

/// What is not agreed is an impasse with two constraints on one place that no contract meets.
fn named(game: &Game, left: &Wishes, right: &Wishes) {
    let outcome = &game.outcome;
    if outcome.kind != OutcomeKind::Agreed {
        assert_eq!(outcome.kind, OutcomeKind::Impasse, "{}", tale(game, left, right));
        let named = &outcome.constraints;
        let against = |one: &NamedConstraint, other: &NamedConstraint| {
            one.party != other.party && one.constraint.clashes_with(&other.constraint)
        };
        let both = named.iter().any(|one| named.iter().any(|other| against(one, other)));
        assert!(both, "{named:?}\n{}", tale(game, left, right));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(40), ..ProptestConfig::default() })]

    #[test]
    fn plain_briefs_end_as_they_must(
        left in wishes(0, Variety::Plain),
        right in wishes(1, Variety::Plain),
    ) {
        let game = kept(CHARTER, &left, &right);
        named(&game, &left, &right);
        let clashes = oracle::clashes(&left, &right);
        let agreed = game.outcome.kind == OutcomeKind::Agreed;
        prop_assert!(agreed || game.outcome.constraints.len() == 2);
        prop_assert!(
            agreed == clashes.is_empty(),
            "{clashes:?}\n{}\n{}\n{}", left.text(), right.text(), game.story.join("\n")
        );
    }

    #[test]
    fn wild_briefs_end_without_harm(
        left in wishes(0, Variety::Wild),
        right in wishes(1, Variety::Wild),
    ) {
        let game = kept(CHARTER, &left, &right);
        named(&game, &left, &right);
        let clashes = oracle::clashes(&left, &right);
        let agreed = game.outcome.kind == OutcomeKind::Agreed;
        prop_assert!(!agreed || clashes.is_empty(), "{clashes:?}\n{}", tale(&game, &left, &right));
    }

    #[test]
    fn briefs_under_an_owning_charter_end_by_themselves(
        left in wishes(0, Variety::Wild),
        right in wishes(1, Variety::Wild),
    ) {
        let game = kept(OWNED, &left, &right);
        let ends = [OutcomeKind::Agreed, OutcomeKind::Impasse, OutcomeKind::Escalated];
        prop_assert!(ends.contains(&game.outcome.kind), "{}", tale(&game, &left, &right));
    }
}
