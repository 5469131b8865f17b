//! The budgets of a negotiation.
//!
//! * **Units.** `turns` counts both seats together, `bounces` within one turn, `faults` of one
//!   seat in the whole run; `turn_seconds` is the time of one turn, `act_bytes` the size of
//!   one answer.

use serde::{Deserialize, Deserializer, de};

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounded<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Bounded<MIN, MAX> {
    /// The number nearest to `value` that is allowed.
    pub fn clamped(value: u32) -> Self {
        Self(value.clamp(MIN, MAX))
    }

    /// The number.
    pub fn value(self) -> u32 {
        self.0
    }
}

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Bounded<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(deserializer)?;
        u32::try_from(value).ok().filter(|it| (MIN..=MAX).contains(it)).map(Self).ok_or_else(|| {
            de::Error::custom(format!("{value} is out of bounds; use a number from {MIN} to {MAX}"))
        })
    }
}

/// How long a negotiation may take, in every respect that can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    turns: Bounded<1, 1000>,
    bounces: Bounded<1, 100>,
    faults: Bounded<1, 100>,
    turn_seconds: Bounded<1, 86_400>,
    act_bytes: Bounded<1024, 16_777_216>,
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(12, 3, 3, 600, 262_144)
    }
}

impl Limits {
    /// Limits with these numbers, each moved into its bounds.
    pub fn new(turns: u32, bounces: u32, faults: u32, turn_seconds: u32, act_bytes: u32) -> Self {
        Self {
            turns: Bounded::clamped(turns),
            bounces: Bounded::clamped(bounces),
            faults: Bounded::clamped(faults),
            turn_seconds: Bounded::clamped(turn_seconds),
            act_bytes: Bounded::clamped(act_bytes),
        }
    }

    /// Turns of both seats together.
    pub fn turns(self) -> u32 {
        self.turns.value()
    }

    /// Bounces in one turn; the last of them forfeits it.
    pub fn bounces(self) -> u32 {
        self.bounces.value()
    }

    /// Faults of one seat in the run; with the last of them the seat has failed.
    pub fn faults(self) -> u32 {
        self.faults.value()
    }

    /// Milliseconds that a seat has for one turn.
    pub fn turn_ms(self) -> u64 {
        u64::from(self.turn_seconds.value()) * 1000
    }

    /// Milliseconds that all turns together may take.
    pub fn session_ms(self) -> u64 {
        u64::from(self.turns()) * self.turn_ms()
    }

    /// Bytes of one answer.
    pub fn act_bytes(self) -> usize {
        self.act_bytes.value() as usize
    }
}
