//! What a plain YAML scalar is, and numbers that keep their text.
//!
//! * **Source.** YAML 1.2.2, section 10.3.2 (core schema); RFC 8259, section 6.

use super::Kind;

/// The kind of a plain (unquoted) scalar under the core schema of YAML 1.2.
pub(super) fn plain_kind(text: &str) -> Kind {
    match text.as_bytes().first() {
        None => Kind::Null,
        Some(b'~' | b'n' | b'N') => match text {
            "~" | "null" | "Null" | "NULL" => Kind::Null,
            _ => Kind::String,
        },
        Some(b't' | b'T' | b'f' | b'F') => match text {
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Kind::Bool,
            _ => Kind::String,
        },
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') if is_number(text) => Kind::Number,
        Some(_) => Kind::String,
    }
}

/// Whether a core-schema number is one that JSON cannot hold.
pub(super) fn is_non_finite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn is_number(text: &str) -> bool {
    if is_non_finite(text) {
        return true;
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    is_decimal(text.strip_prefix(['+', '-']).unwrap_or(text))
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    let (whole, rest) = split_digits(text);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => split_digits(rest),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return false;
    }
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => rest.is_empty(),
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// A number as it is written: JSON's grammar or the core schema's (`0o17`, `0x1F`, `+1`, `.5`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number<'d> {
    text: &'d str,
}

impl<'d> Number<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { text }
    }

    /// The number as written.
    pub fn text(self) -> &'d str {
        self.text
    }

    /// The same number in JSON's grammar; `null` for what JSON cannot hold.
    pub fn to_json(self) -> String {
        if is_non_finite(self.text) {
            return "null".to_owned();
        }
        for (prefix, radix) in [("0o", 8), ("0x", 16)] {
            if let Some(digits) = self.text.strip_prefix(prefix) {
                return u128::from_str_radix(digits, radix)
                    .map_or_else(|_| "null".to_owned(), |value| value.to_string());
            }
        }
        decimal_to_json(self.text)
    }

    /// The number as an integer, where it is one mathematically (`1.0`, `1e3`) and fits.
    pub fn as_i128(self) -> Option<i128> {
        let text = self.to_json();
        if let Ok(value) = text.parse() {
            return Some(value);
        }
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.as_str()),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        let exponent: i64 = exponent.parse().ok()?;
        let shift = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        if digits == 0 {
            return Some(0);
        }
        let value = if shift >= 0 {
            digits.checked_mul(10_i128.checked_pow(u32::try_from(shift).ok()?)?)?
        } else {
            let divisor = 10_i128.checked_pow(u32::try_from(-shift).ok()?)?;
            (digits % divisor == 0).then_some(digits / divisor)?
        };
        Some(sign * value)
    }

    /// The nearest double; rounds, so never for equality.
    pub fn as_f64(self) -> Option<f64> {
        self.to_json().parse().ok()
    }
}

/// Rewrites `+1`, `.5`, `1.`, `007` as JSON writes them.
fn decimal_to_json(text: &str) -> String {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let mantissa_end = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(mantissa_end);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_schema_kinds() {
        for (text, kind) in [
            ("", Kind::Null),
            ("~", Kind::Null),
            ("NO", Kind::String),
            ("no", Kind::String),
            ("True", Kind::Bool),
            ("1", Kind::Number),
            ("-1.5e+3", Kind::Number),
            (".5", Kind::Number),
            ("1.", Kind::Number),
            (".", Kind::String),
            ("-", Kind::String),
            ("0o17", Kind::Number),
            ("0o18", Kind::String),
            ("0x1F", Kind::Number),
            ("1_000", Kind::String),
            ("1:30", Kind::String),
            (".inf", Kind::Number),
            ("2020-01-01", Kind::String),
            ("1e3", Kind::Number),
            ("1e", Kind::String),
        ] {
            assert_eq!(plain_kind(text), kind, "{text:?}");
        }
    }

    #[test]
    fn numbers_become_json_without_loss() {
        for (text, json, integer) in [
            ("1.10", "1.10", None),
            ("0o17", "15", Some(15)),
            ("+.5", "0.5", None),
            ("1.", "1", Some(1)),
            ("007", "7", Some(7)),
            ("1e3", "1e3", Some(1000)),
            ("10.00", "10.00", Some(10)),
            ("-9223372036854776000", "-9223372036854776000", Some(-9_223_372_036_854_776_000)),
            ("1e400", "1e400", None),
            (".nan", "null", None),
        ] {
            assert_eq!(Number::new(text).to_json(), json, "{text}");
            assert_eq!(Number::new(text).as_i128(), integer, "{text}");
        }
    }
}
