//! Two briefs about one number: what the agents make of them, against sets of numbers.

use proptest::prelude::*;

use treaty::{document::Value, negotiate::OutcomeKind};

use super::play::{play, value_of};

const CHARTER: &str = "version: 1
parties: { left: { agent: Left_Agent }, right: { agent: Right_Agent } }
";

/// What is looked at: a few whole numbers, and nothing at all.
const NUMBERS: std::ops::RangeInclusive<i64> = -2..=9;

/// What a side says of a number.
#[derive(Clone, Debug, Default)]
struct Said {
    least: Option<i64>,
    most: Option<i64>,
    listed: Vec<i64>,
    nullable: bool,
}

impl Said {
    /// Whether a number, or null, is allowed.
    fn allows(&self, value: Option<i64>) -> bool {
        let Some(value) = value else { return self.nullable };
        self.least.is_none_or(|it| value >= it)
            && self.most.is_none_or(|it| value <= it)
            && (self.listed.is_empty() || self.listed.contains(&value))
    }

    fn set(&self) -> Vec<Option<i64>> {
        NUMBERS.map(Some).chain([None]).filter(|it| self.allows(*it)).collect()
    }

    fn brief(&self) -> String {
        let mut keys = vec!["type: integer".to_owned()];
        keys.extend(self.least.map(|it| format!("minimum: {it}")));
        keys.extend(self.most.map(|it| format!("maximum: {it}")));
        if !self.listed.is_empty() {
            keys.push(format!("enum: {:?}", self.listed));
        }
        if self.nullable {
            keys.push("nullable: true".to_owned());
        }
        keys.join(", ")
    }

    fn of_schema(schema: &Value) -> Self {
        let number = |value: &Value| match value {
            Value::Number(text) => text.parse().ok(),
            _ => None,
        };
        Self {
            least: schema.get("minimum").and_then(number),
            most: schema.get("maximum").and_then(number),
            listed: schema
                .get("enum")
                .map(Value::items)
                .unwrap_or_default()
                .iter()
                .filter_map(number)
                .collect(),
            nullable: schema.get("nullable") == Some(&Value::Bool(true)),
        }
    }
}

fn said() -> impl Strategy<Value = Said> {
    let bound = || proptest::option::weighted(0.4, 0..8_i64);
    let listed = prop_oneof![
        3 => Just(Vec::new()),
        1 => proptest::sample::subsequence((0..8).collect::<Vec<i64>>(), 1..4),
    ];
    (bound(), bound(), listed, proptest::bool::weighted(0.2)).prop_map(
        |(least, most, listed, nullable)| {
            let most = most.filter(|most| least.is_none_or(|least| least <= *most));
            // A list of numbers that the bounds refuse says nothing sensible.
            let bounds = Said { least, most, listed: Vec::new(), nullable };
            let listed = listed.into_iter().filter(|it| bounds.allows(Some(*it))).collect();
            Said { listed, ..bounds }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: super::cases(60), ..ProptestConfig::default() })]

    #[test]
    fn a_number_is_agreed_where_its_receiver_takes_what_is_sent(
        sender in said(),
        receiver in said(),
        asked in any::<bool>(),
        provider_opens in any::<bool>(),
    ) {
        let part = if asked { "request" } else { "response" };
        let operation = |it: &Said| {
            format!("operations: {{ POST /a: {{ {part}: {{ fields: {{ n: {{ {} }} }} }} }} }}\n", it.brief())
        };
        let (consumer, provider) = if asked { (&sender, &receiver) } else { (&receiver, &sender) };
        let briefs = [
            format!("party: left\n{}", operation(consumer)),
            format!("party: right\nrole: provider\n{}", operation(provider)),
        ];
        let parties = "right: { agent: Right_Agent }, left: { agent: Left_Agent }";
        let game = if provider_opens {
            let charter = format!("version: 1\nparties: {{ {parties} }}\n");
            play(&charter, [&briefs[1], &briefs[0]])
        } else {
            play(CHARTER, [&briefs[0], &briefs[1]])
        };
        let tale = format!("{}\n{}\n{}", briefs[0], briefs[1], game.story.join("\n"));
        let (sent, taken) = (sender.set(), receiver.set());
        let within = |one: &[Option<i64>], other: &[Option<i64>]| one.iter().all(|it| other.contains(it));
        if within(&sent, &taken) {
            prop_assert_eq!(game.outcome.kind, OutcomeKind::Agreed, "{}", tale);
        }
        if !sent.iter().any(|it| taken.contains(it)) {
            prop_assert_eq!(game.outcome.kind, OutcomeKind::Impasse, "{}", tale);
        }
        if game.outcome.kind == OutcomeKind::Impasse {
            let parties: Vec<&str> =
                game.outcome.constraints.iter().map(|it| it.party.as_str()).collect();
            prop_assert!(parties.contains(&"left") && parties.contains(&"right"), "{}", tale);
            return Ok(());
        }
        prop_assert_eq!(game.outcome.kind, OutcomeKind::Agreed, "{}", tale);
        let contract = value_of(game.contract.as_deref().unwrap());
        let place = if asked { "requestBody" } else { "responses/201" };
        let place = format!("/paths/~1a/post/{place}/content/application~1json/schema/properties/n");
        let agreed = Said::of_schema(contract.at(&place).unwrap());
        prop_assert!(within(&agreed.set(), &taken), "{agreed:?}\n{tale}");
        // What the sender says it may send, as far as it says it, may stand in a message.
        let told = |it: &Option<i64>| match it {
            None => sender.nullable,
            Some(it) => !sender.listed.is_empty() || sender.least == Some(*it) || sender.most == Some(*it),
        };
        let told: Vec<_> = sent.into_iter().filter(told).collect();
        if agreed.listed.is_empty() || !sender.listed.is_empty() {
            prop_assert!(within(&told, &agreed.set()), "{agreed:?}\n{tale}");
        }
        prop_assert!(!agreed.set().is_empty(), "{agreed:?}\n{tale}");
    }
}
