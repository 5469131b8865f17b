//! The two parties of a charter.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};

use super::{AgentName, OwnedPointer, PartyName};

/// Which of the two parties: the first of the charter opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyIndex {
    /// The party that the charter lists first.
    First,
    /// The party that it lists second.
    Second,
}

impl PartyIndex {
    /// Both, the opener first.
    pub const BOTH: [Self; 2] = [Self::First, Self::Second];

    /// The counterpart.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    /// What belongs to this party, of a pair.
    pub fn of<T>(self, pair: &[T; 2]) -> &T {
        let [first, second] = pair;
        match self {
            Self::First => first,
            Self::Second => second,
        }
    }

    /// What belongs to this party, of a pair, to change it.
    pub fn of_mut<T>(self, pair: &mut [T; 2]) -> &mut T {
        let [first, second] = pair;
        match self {
            Self::First => first,
            Self::Second => second,
        }
    }
}

/// One side of a negotiation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The party's name.
    pub name: PartyName,
    /// Its agent's name.
    pub agent: AgentName,
    /// What it owns of the contract.
    pub owns: Vec<OwnedPointer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    agent: AgentName,
    #[serde(default)]
    owns: Vec<OwnedPointer>,
}

/// Exactly two parties, in the charter's order.
pub(super) fn parties<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[Party; 2], D::Error> {
    struct Parties;
    impl<'de> Visitor<'de> for Parties {
        type Value = [Party; 2];

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("two parties, e.g. `shop: { agent: Shop_Bot, owns: [] }`")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut parties: Vec<Party> = Vec::new();
            while let Some((name, body)) = map.next_entry::<PartyName, Body>()? {
                let party = Party { name, agent: body.agent, owns: body.owns };
                if let Some(wrong) = parties.iter().find_map(|other| clash(other, &party)) {
                    return Err(de::Error::custom(wrong));
                }
                parties.push(party);
            }
            <[Party; 2]>::try_from(parties).map_err(|parties| {
                let count = parties.len();
                de::Error::custom(format!("there are {count} parties; name exactly two"))
            })
        }
    }
    deserializer.deserialize_map(Parties)
}

/// Why two parties cannot stand in one charter.
fn clash(one: &Party, other: &Party) -> Option<String> {
    if one.name == other.name {
        return Some(format!("the party `{}` stands twice; remove one", one.name));
    }
    if one.agent.as_str().to_lowercase() == other.agent.as_str().to_lowercase() {
        return Some(format!("both agents are called `{}`; rename one", other.agent));
    }
    let shared = one.owns.iter().find(|pointer| other.owns.contains(pointer))?;
    Some(format!("both parties own `{shared}`; leave it to one"))
}
