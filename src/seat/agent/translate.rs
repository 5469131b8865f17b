//! Examples in a system's own words, as the standard's words say them.
//!
//! * **Shape.** Dates with the day first (`24.11.2026 09:30`) or with a space instead of the
//!   `T`, a date where a time is asked for and the other way round, and numbers with a decimal
//!   comma, grouped digits or a unit behind them. What can be read in two ways, such as
//!   `02/03/2026`, is left alone.

use regex::Regex;

use crate::{
    charter::mandate::{Facets, Kind},
    document::Value,
};

/// What an example may mean under a type, the likelier first.
pub(super) fn readings(example: &Value, facets: &Facets) -> Vec<Value> {
    let Some(text) = example.as_str() else { return Vec::new() };
    match facets.kind {
        Kind::Number | Kind::Integer => number(text).into_iter().collect(),
        Kind::Boolean => truth(text).into_iter().collect(),
        Kind::String => match facets.format.as_deref() {
            Some("date") => moment(text).map(|it| Value::from(it.date)).into_iter().collect(),
            Some("date-time") => moment(text)
                .map(|it| Value::from(format!("{}T{}Z", it.date, it.time)))
                .into_iter()
                .collect(),
            _ => listed(text, facets).into_iter().collect(),
        },
        Kind::Object => Vec::new(),
    }
}

/// The listed value that differs in case at most.
fn listed(text: &str, facets: &Facets) -> Option<Value> {
    let same = |it: &&Value| it.as_str().is_some_and(|it| it.to_lowercase() == text.to_lowercase());
    facets.enumeration.iter().find(same).cloned()
}

fn truth(text: &str) -> Option<Value> {
    match text.to_lowercase().as_str() {
        "y" | "yes" | "true" | "1" | "on" => Some(Value::Bool(true)),
        "n" | "no" | "false" | "0" | "off" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// `1 299,50 EUR` as 1299.50.
fn number(text: &str) -> Option<Value> {
    let form = r"^([+-]?)([0-9]{1,3}(?:[ '\u{a0}][0-9]{3})+|[0-9]+)(?:[.,]([0-9]+))?\s*\p{L}*$";
    let parts = Regex::new(form).ok()?.captures(text.trim())?;
    let part = |at: usize| parts.get(at).map_or("", |it| it.as_str());
    let digits: String = part(2).chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let whole = if digits.is_empty() { "0" } else { digits };
    let sign = if part(1) == "-" { "-" } else { "" };
    let fraction = part(3).trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(Value::Number(format!("{sign}{whole}{point}{fraction}").into()))
}

struct Moment {
    date: String,
    time: String,
}

fn moment(text: &str) -> Option<Moment> {
    let time = r"(?:[T ,]+([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?(?:\.[0-9]+)?Z?)?";
    let year_first = format!("^([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){time}$");
    let day_first = format!(r"^([0-9]{{1,2}})\.([0-9]{{1,2}})\.([0-9]{{4}}|[0-9]{{2}}){time}$");
    let capture = |form: &str| Regex::new(form).ok()?.captures(text.trim());
    let (parts, order) = match capture(&year_first) {
        Some(parts) => (parts, [1, 2, 3]),
        None => (capture(&day_first)?, [3, 2, 1]),
    };
    let part = |at: usize| parts.get(at).map_or("", |it| it.as_str());
    let [year, month, day] = order.map(part);
    let century = if year.len() == 2 { "20" } else { "" };
    let number = |at: usize| if part(at).is_empty() { "0" } else { part(at) };
    let (hour, minute, second) = (number(4), number(5), number(6));
    Some(Moment {
        date: format!("{century}{year}-{month:0>2}-{day:0>2}"),
        time: format!("{hour:0>2}:{minute:0>2}:{second:0>2}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, kind: Kind, format: &str) -> Option<String> {
        let format = (!format.is_empty()).then(|| format.to_owned());
        let facets = Facets { kind, format, ..Facets::default() };
        readings(&Value::from(text), &facets).first().map(Value::to_json)
    }

    #[test]
    fn numbers_in_words_of_their_own() {
        for (text, number) in [
            ("1 299,50", Some("1299.5")),
            ("2 599,00", Some("2599")),
            ("12,5 kg", Some("12.5")),
            ("-0.50", Some("-0.5")),
            ("1'000'000", Some("1000000")),
            ("0007", Some("7")),
            ("1.299,50", None),
            ("many", None),
            ("12 34", None),
        ] {
            assert_eq!(read(text, Kind::Number, "").as_deref(), number, "{text}");
        }
    }

    #[test]
    fn moments_in_words_of_their_own() {
        for (text, format, moment) in [
            ("24.11.2026 09:30", "date-time", Some(r#""2026-11-24T09:30:00Z""#)),
            ("24.11.26 9:30", "date-time", Some(r#""2026-11-24T09:30:00Z""#)),
            ("24.11.2026", "date-time", Some(r#""2026-11-24T00:00:00Z""#)),
            ("2026-11-24T09:30:00Z", "date", Some(r#""2026-11-24""#)),
            ("2026-11-24 09:30:15", "date-time", Some(r#""2026-11-24T09:30:15Z""#)),
            ("5.3.2026", "date", Some(r#""2026-03-05""#)),
            ("02/03/2026 7.15", "date-time", None),
            ("tomorrow", "date", None),
        ] {
            assert_eq!(read(text, Kind::String, format).as_deref(), moment, "{text}");
        }
    }
}
