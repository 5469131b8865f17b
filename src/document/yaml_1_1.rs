//! Plain scalars that YAML 1.1 and 1.2 read differently.
//!
//! * **Source.** YAML 1.2.2, section 10.3.2; the type repository of YAML 1.1
//!   (bool, int, float, timestamp).

use super::{Kind, Number, Value, scalar::plain_kind};

/// What YAML 1.1 reads where YAML 1.2 reads something else; nothing where they agree.
pub fn yaml_1_1_reading(text: &str) -> Option<&'static str> {
    let core = plain_kind(text);
    let old = reading(text);
    match (core, old) {
        (Kind::String, Some(old)) => Some(old),
        (Kind::Number, Some(old)) if is_octal(text) => Some(old),
        (Kind::Number, None) => Some("a string"),
        _ => None,
    }
}

/// The value that YAML 1.1 reads where YAML 1.2 reads something else; a date as the text of one.
pub fn yaml_1_1_value(text: &str) -> Option<Value> {
    let old = yaml_1_1_reading(text)?;
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = unsigned.replace('_', "");
    let number = |value: Option<u128>| Value::from_json(&format!("{sign}{}", value?));
    match old {
        "a boolean" => {
            let lower = text.to_ascii_lowercase();
            Some(Value::from(matches!(lower.as_str(), "yes" | "on" | "true" | "y")))
        }
        "an octal number" => number(u128::from_str_radix(&digits, 8).ok()),
        "a number in base 60" => {
            let whole = digits.split('.').next().unwrap_or_default();
            let parts = whole.split(':').map(|part| part.parse::<u128>().ok());
            let sum =
                |sum: Option<u128>, part: Option<u128>| sum?.checked_mul(60)?.checked_add(part?);
            number(parts.fold(Some(0), sum))
        }
        "a number" => {
            let radix = |prefix, radix| {
                let digits = digits.strip_prefix(prefix)?;
                u128::from_str_radix(digits, radix).ok()
            };
            let based = radix("0b", 2).or_else(|| radix("0x", 16));
            match based {
                Some(value) => number(Some(value)),
                None => Some(Value::number(Number::new(&format!("{sign}{digits}")))),
            }
        }
        "a date" => Some(Value::from(format!("the date {text}"))),
        _ => Some(Value::from(text)),
    }
}

fn reading(text: &str) -> Option<&'static str> {
    if is_bool(text) {
        return Some("a boolean");
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if is_octal(unsigned) {
        return Some("an octal number");
    }
    if is_integer(unsigned) {
        return Some("a number");
    }
    if is_sexagesimal(unsigned) {
        return Some("a number in base 60");
    }
    if is_float(unsigned) {
        return Some("a number");
    }
    is_timestamp(text).then_some("a date")
}

fn is_bool(text: &str) -> bool {
    const WORDS: [&str; 6] = ["yes", "no", "on", "off", "true", "false"];
    let lower = text.to_ascii_lowercase();
    let capital = text.chars().next().is_some_and(char::is_uppercase);
    let mut rest = text.chars().skip(1);
    let cased = text == lower
        || text == text.to_ascii_uppercase()
        || capital && rest.all(char::is_lowercase);
    cased && (WORDS.contains(&lower.as_str()) || matches!(lower.as_str(), "y" | "n"))
}

fn is_octal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    unsigned.strip_prefix('0').is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| matches!(byte, b'0'..=b'7' | b'_'))
    })
}

fn is_integer(text: &str) -> bool {
    let all = |digits: &str, of: fn(&u8) -> bool| {
        !digits.is_empty() && digits.bytes().all(|byte| byte == b'_' || of(&byte))
    };
    if let Some(digits) = text.strip_prefix("0b") {
        return all(digits, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, u8::is_ascii_hexdigit);
    }
    text == "0"
        || text.starts_with(|char: char| matches!(char, '1'..='9')) && all(text, u8::is_ascii_digit)
}

fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let digits = first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    if first.is_empty() || !digits || first.starts_with('_') {
        return false;
    }
    // `09:00` is text; only with a fraction may the first digit be a zero.
    if first.starts_with('0') && !text.contains('.') {
        return false;
    }
    let rest: Vec<_> = parts.collect();
    let (last, middle) = match rest.split_last() {
        Some((last, middle)) => (last.split('.').next().unwrap_or_default(), middle),
        None => return false,
    };
    middle.iter().copied().chain([last]).all(|part| {
        matches!(part.len(), 1 | 2)
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u8>().is_ok_and(|part| part < 60)
    })
}

/// `[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?` and the forms that begin with the point.
fn is_float(text: &str) -> bool {
    if matches!(text, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((whole, rest)) = text.split_once('.') else { return false };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let (fraction, exponent) = match rest.find(['e', 'E']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let exponent = exponent.get(1..).unwrap_or_default();
    let exponent_fits = exponent.is_empty() && !rest.contains(['e', 'E'])
        || exponent.strip_prefix(['+', '-']).is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
    let some = !whole.is_empty() || fraction.starts_with(|char: char| char.is_ascii_digit());
    some && digits(whole) && !whole.starts_with('_') && digits(fraction) && exponent_fits
}

fn is_timestamp(text: &str) -> bool {
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let parts: Vec<_> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let digits = |text: &str, lengths: &[usize]| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let short = if rest.is_empty() { &[2][..] } else { &[1, 2][..] };
    if !(digits(year, &[4]) && digits(month, short) && digits(day, short)) {
        return false;
    }
    let clock = rest.trim_start_matches(['T', 't', ' ']);
    let hour = clock.split(':').next().unwrap_or_default();
    rest.is_empty() || clock.matches(':').count() >= 2 && digits(hour, &[1, 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_that_differ() {
        for (text, old) in [
            ("NO", Some("a boolean")),
            ("on", Some("a boolean")),
            ("y", Some("a boolean")),
            ("nO", None),
            ("true", None),
            ("010", Some("an octal number")),
            ("0o17", Some("a string")),
            ("1:30", Some("a number in base 60")),
            ("09:00", None),
            ("09:00.5", Some("a number in base 60")),
            ("12:30:45", Some("a number in base 60")),
            ("1:99", None),
            ("1_000", Some("a number")),
            ("0b11", Some("a number")),
            ("1e3", Some("a string")),
            ("1.5e3", Some("a string")),
            ("1.5e+3", None),
            ("1.5", None),
            ("10", None),
            ("0x1F", None),
            ("2020-01-01", Some("a date")),
            ("2020-1-1", None),
            ("2020-01-01T10:00:00Z", Some("a date")),
            ("null", None),
            ("abc", None),
            ("1.2.3", None),
        ] {
            assert_eq!(yaml_1_1_reading(text), old, "{text}");
        }
    }
}
