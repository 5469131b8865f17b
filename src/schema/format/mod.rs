//! What the formats demand of a value.
//!
//! * **Shape.** One function a format, from the text to a [`Judgement`].
//! * **Source.** JSON Schema 2020-12 validation, section 7.3; the OpenAPI Format Registry.

mod net;
pub mod registry;
mod text;
mod time;
mod uri;

use crate::document::{Decimal, Number};

/// What a format says about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The value has the format.
    Fits,
    /// It has not, and why.
    Wrong(&'static str),
    /// The format demands nothing that could be checked here.
    Open,
}

impl Judgement {
    fn of(fits: bool, otherwise: &'static str) -> Self {
        if fits { Self::Fits } else { Self::Wrong(otherwise) }
    }
}

/// Judges a string.
pub fn judge(format: &str, text: &str) -> Judgement {
    match format {
        "date" => time::date(text),
        "date-time" => time::date_time(text),
        "date-time-local" => time::date_time_local(text),
        "time" => time::time(text),
        "time-local" => time::time_local(text),
        "duration" => time::duration(text),
        "http-date" => time::http_date(text),
        "email" => net::email(text),
        "idn-email" => net::idn_email(text),
        "hostname" => net::hostname(text),
        "ipv4" => net::ipv4(text),
        "ipv6" => net::ipv6(text),
        "uri" => uri::uri(text),
        "uri-reference" => uri::reference(text),
        "iri" => uri::iri(text),
        "iri-reference" => uri::iri_reference(text),
        "uri-template" => uri::template(text),
        "uuid" => text::uuid(text),
        "json-pointer" => text::json_pointer(text),
        "relative-json-pointer" => text::relative_json_pointer(text),
        "regex" => text::regex(text),
        "byte" => text::base64(text),
        "base64url" => text::base64url(text),
        "char" => Judgement::of(text.chars().count() == 1, "it is not a single character"),
        "media-range" => text::media_range(text),
        "decimal128" if matches!(text, "NaN" | "INF" | "-INF") => Judgement::Fits,
        "decimal" | "decimal128" => {
            Judgement::of(Decimal::parse(text).is_some(), "it is not a decimal number")
        }
        "int64" | "uint64" => integer_text(format, text),
        _ => Judgement::Open,
    }
}

/// 64-bit integers may be written as strings (Format Registry, `int64` and `uint64`).
fn integer_text(format: &str, text: &str) -> Judgement {
    let fits =
        if format == "int64" { text.parse::<i64>().is_ok() } else { text.parse::<u64>().is_ok() };
    Judgement::of(fits, "it is not an integer in the range of the format")
}

/// Judges a number.
pub fn judge_number(format: &str, number: Number<'_>) -> Judgement {
    let (least, greatest): (i128, i128) = match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint64" => (0, u64::MAX.into()),
        "double-int" => (-9_007_199_254_740_991, 9_007_199_254_740_991),
        "float" => return float(number, f64::from(f32::MAX)),
        "double" => return float(number, f64::MAX),
        _ => return Judgement::Open,
    };
    let Some(decimal) = number.decimal() else { return Judgement::Open };
    if !decimal.is_integer() {
        return Judgement::Wrong("it is not an integer");
    }
    let within = [least, greatest].map(|bound| Decimal::parse(&bound.to_string()));
    let [Some(least), Some(greatest)] = within else { return Judgement::Open };
    Judgement::of(least <= decimal && decimal <= greatest, "it is outside the format's range")
}

fn float(number: Number<'_>, greatest: f64) -> Judgement {
    match number.as_f64() {
        Some(value) => Judgement::of(value.abs() <= greatest, "it is outside the format's range"),
        None => Judgement::Open,
    }
}
