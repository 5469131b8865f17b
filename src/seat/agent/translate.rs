//! Examples in a system's own words, as the standard's words say them.
//!
//! * **Shape.** Dates with the day first (`24.11.2026 09:30`) or with a space instead of the
//!   `T`, a date where a time is asked for and the other way round, and numbers with a decimal
//!   comma, grouped digits or a unit behind them. What can be read in two ways, such as
//!   `02/03/2026`, is left alone.

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
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let amount = text.trim_end_matches(|it: char| it.is_alphabetic()).trim_end();
    let (whole, fraction) = amount.split_once([',', '.']).unwrap_or((amount, ""));
    let mut groups = whole.split([' ', '\'', '\u{a0}']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || first.len() <= 3 && rest.iter().all(|it| it.len() == 3);
    if first.is_empty() || !grouped || !digits(first) || !digits(fraction) {
        return None;
    }
    if !rest.iter().all(|it| digits(it)) {
        return None;
    }
    let whole: String = std::iter::once(first).chain(rest).collect();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(Value::Number(format!("{sign}{whole}{point}{fraction}").into()))
}

fn digits(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_digit())
}

struct Moment {
    date: String,
    time: String,
}

/// `24.11.2026 09:30`, or `2026-11-24`, with or without a time.
fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let end = text.find(['T', ' ', ',']).unwrap_or(text.len());
    let (date, time) = text.split_at(end);
    let parts: Vec<&str> = date.split(['.', '-']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if date.contains('-') { (first, last) } else { (last, first) };
    let century = if year.len() == 2 && !date.contains('-') { "20" } else { "" };
    let sane = (century.len() + year.len() == 4) && (1..=2).contains(&month.len());
    if !sane || !(1..=2).contains(&day.len()) || !parts.iter().all(|it| digits(it)) {
        return None;
    }
    Some(Moment {
        date: format!("{century}{year}-{month:0>2}-{day:0>2}"),
        time: time_of(time.trim_start_matches(['T', ' ', ',']))?,
    })
}

/// `9:30`, `09.30` or `09:30:15Z` as hours, minutes and seconds; nothing is midnight.
fn time_of(text: &str) -> Option<String> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    if text.is_empty() {
        return Some("00:00:00".to_owned());
    }
    let parts: Vec<&str> = text.split([':', '.']).collect();
    let numbers = parts.iter().all(|it| digits(it) && (1..=2).contains(&it.len()));
    if !numbers {
        return None;
    }
    match parts.as_slice() {
        [hour, minute] => Some(format!("{hour:0>2}:{minute:0>2}:00")),
        [hour, minute, second] => Some(format!("{hour:0>2}:{minute:0>2}:{second:0>2}")),
        _ => None,
    }
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
