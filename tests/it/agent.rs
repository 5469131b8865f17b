//! The mandate agent, at the table with another one.

mod briefs;
mod hostile;
mod mandates;
mod oracle;
mod pairs;
mod play;
mod scenarios;

use proptest::prelude::*;

use treaty::negotiate::OutcomeKind;

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

/// Plays two briefs and holds the outcome to what both say.
fn kept(left: &Wishes, right: &Wishes) -> Game {
    let game = play(CHARTER, [&left.text(), &right.text()]);
    let tale = || {
        format!(
            "{}\n{}\n{}\n{}",
            left.text(),
            right.text(),
            game.story.join("\n"),
            game.contract.clone().unwrap_or_default()
        )
    };
    let outcome = &game.outcome;
    if outcome.kind == OutcomeKind::Agreed {
        let contract = game.contract.as_deref().unwrap();
        for party in [left, right] {
            let broken = oracle::broken(party, &value_of(contract));
            assert!(broken.is_empty(), "{}: {broken:?}\n{}", party.party, tale());
        }
        let findings = lint(contract);
        let loud: Vec<_> = findings
            .iter()
            .filter(|it| it.severity <= treaty::finding::Severity::Warn)
            .map(|it| format!("{} {}", it.rule, it.place.pointer))
            .collect();
        assert!(loud.is_empty(), "{loud:?}\n{}", tale());
    } else {
        assert_eq!(outcome.kind, OutcomeKind::Impasse, "{}", tale());
        let parties: Vec<&str> = outcome.constraints.iter().map(|it| it.party.as_str()).collect();
        assert!(parties.contains(&"left") && parties.contains(&"right"), "{}", tale());
    }
    game
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(40), ..ProptestConfig::default() })]

    #[test]
    fn plain_briefs_end_as_they_must(
        left in wishes(0, Variety::Plain),
        right in wishes(1, Variety::Plain),
    ) {
        let game = kept(&left, &right);
        let clashes = oracle::clashes(&left, &right);
        let agreed = game.outcome.kind == OutcomeKind::Agreed;
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
        kept(&left, &right);
    }
}
