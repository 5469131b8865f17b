//! A day of the calendar.

use std::fmt;

use serde::{Deserialize, Deserializer};

use super::checked;

/// A day, as `2026-12-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u32,
    month: u32,
    day: u32,
}

impl Date {
    /// The day that `text` names.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).ok_or_else(|| {
            format!("`{text}` is no day; write year, month and day, e.g. `2026-12-31`")
        })
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |length: usize| {
            let part = parts.next()?;
            let is_plain = part.len() == length && part.bytes().all(|it| it.is_ascii_digit());
            part.parse::<u32>().ok().filter(|_| is_plain)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let is_leap =
            year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
        let days = match month {
            2 => 28 + u32::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let is_day = (1..=days).contains(&day) && parts.next().is_none();
        is_day.then_some(Self { year, month, day })
    }

    /// The day, in UTC, so many seconds after the beginning of 1970.
    pub fn of_seconds(seconds: u64) -> Self {
        // Days since 0000-03-01, in eras of 400 years (Howard Hinnant, `civil_from_days`).
        let days = seconds / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Self { year: narrow(year), month: narrow(month), day: narrow(day) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, "a day, e.g. `2026-12-31`", Self::parse)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::Date;

    #[test]
    fn days_are_read_and_counted() {
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("1999-12-31", 946_684_799),
            ("2000-02-29", 951_782_400),
            ("2026-11-24", 1_795_478_400),
            ("2100-03-01", 4_107_542_400),
        ] {
            assert_eq!(Date::of_seconds(seconds), Date::parse(text).unwrap(), "{text}");
            assert_eq!(Date::of_seconds(seconds).to_string(), text);
        }
        for text in [
            "",
            "2026",
            "2026-2-3",
            "2026-13-01",
            "2026-02-29",
            "2026-04-31",
            "+026-01-01",
            "2026-01-01-01",
            "2026-01-00",
            "tomorrow",
        ] {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }
}
