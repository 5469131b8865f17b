//! Dates, times and durations.
//!
//! * **Source.** RFC 3339, sections 5.6 and appendix A; RFC 9110, section 5.6.7.

use super::Judgement::{self, Fits, Wrong};

const DATE: &str = "a date is `YYYY-MM-DD`";
const TIME: &str = "a time is `hh:mm:ss`, with an optional fraction and `Z` or `±hh:mm`";
const DATE_TIME: &str = "a date and time is `YYYY-MM-DDThh:mm:ssZ` (RFC 3339)";

fn digits(text: &str, length: usize) -> Option<u32> {
    let fits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

pub(super) fn date(text: &str) -> Judgement {
    let parts: Vec<_> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return Wrong(DATE) };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2))
    else {
        return Wrong(DATE);
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return Wrong("there is no such month"),
    };
    Judgement::of((1..=days).contains(&day), "there is no such day in that month")
}

pub(super) fn time(text: &str) -> Judgement {
    let Some(offset_at) = text.find(['Z', 'z', '+', '-']) else {
        return Wrong("the time has no `Z` or `±hh:mm`");
    };
    let (local, offset) = text.split_at(offset_at);
    let Some((hour, minute, second)) = clock(local) else { return Wrong(TIME) };
    let minutes = match offset.get(1..).unwrap_or_default() {
        "" if offset.eq_ignore_ascii_case("z") => 0,
        zone => {
            let Some((hours, minutes)) = zone.split_once(':') else { return Wrong(TIME) };
            let (Some(hours), Some(minutes)) = (digits(hours, 2), digits(minutes, 2)) else {
                return Wrong(TIME);
            };
            if hours > 23 || minutes > 59 || offset.starts_with(['Z', 'z']) {
                return Wrong("there is no such time zone");
            }
            let minutes = i64::from(hours * 60 + minutes);
            if offset.starts_with('-') { -minutes } else { minutes }
        }
    };
    if second == 60 {
        let utc = (i64::from(hour * 60 + minute) - minutes).rem_euclid(24 * 60);
        return Judgement::of(utc == 24 * 60 - 1, "a leap second falls at 23:59:60 UTC");
    }
    Fits
}

/// `hh:mm:ss` with an optional fraction; a second may be 60.
fn clock(text: &str) -> Option<(u32, u32, u32)> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if fraction.is_some_and(|it| it.is_empty() || !it.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let mut parts = whole.split(':').map(|part| digits(part, 2));
    let clock = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && clock.0 < 24 && clock.1 < 60 && clock.2 <= 60).then_some(clock)
}

pub(super) fn time_local(text: &str) -> Judgement {
    Judgement::of(
        clock(text).is_some_and(|(_, _, second)| second < 60),
        "a local time is `hh:mm:ss` without a zone",
    )
}

fn split_date(text: &str) -> Option<(&str, &str)> {
    text.split_once(['T', 't'])
}

pub(super) fn date_time(text: &str) -> Judgement {
    let Some((day, clock)) = split_date(text) else { return Wrong(DATE_TIME) };
    match date(day) {
        Fits => time(clock),
        _ => Wrong(DATE_TIME),
    }
}

pub(super) fn date_time_local(text: &str) -> Judgement {
    let Some((day, clock)) = split_date(text) else { return Wrong(DATE_TIME) };
    match date(day) {
        Fits => time_local(clock),
        _ => Wrong(DATE_TIME),
    }
}

pub(super) fn duration(text: &str) -> Judgement {
    Judgement::of(is_duration(text), "a duration is `P3D`, `PT1H30M` or the like (RFC 3339)")
}

fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    if let Some(weeks) = rest.strip_suffix('W') {
        return !weeks.is_empty() && weeks.bytes().all(|byte| byte.is_ascii_digit());
    }
    let (days, clock) = match rest.split_once('T') {
        Some((days, clock)) => (days, Some(clock)),
        None => (rest, None),
    };
    let days_fit = days.is_empty() && clock.is_some() || units(days, &["Y", "M", "D"]);
    days_fit && clock.is_none_or(|clock| units(clock, &["H", "M", "S"]))
}

/// One to three amounts whose units stand side by side in `order`.
fn units(text: &str, order: &[&str]) -> bool {
    let mut rest = text;
    let mut last: Option<usize> = None;
    while !rest.is_empty() {
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest.get(count..=count).unwrap_or_default();
        let Some(place) = order.iter().position(|it| *it == unit) else { return false };
        if count == 0 || last.is_some_and(|last| place != last + 1) {
            return false;
        }
        last = Some(place);
        rest = rest.get(count + 1..).unwrap_or_default();
    }
    last.is_some()
}

pub(super) fn http_date(text: &str) -> Judgement {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<_> = text.split(' ').collect();
    let fits = match parts.as_slice() {
        [day, number, month, year, clock_text, "GMT"] => {
            day.strip_suffix(',').is_some_and(|day| DAYS.contains(&day))
                && digits(number, 2).is_some()
                && MONTHS.contains(month)
                && digits(year, 4).is_some()
                && clock(clock_text).is_some()
        }
        _ => false,
    };
    Judgement::of(fits, "an HTTP date is `Sun, 06 Nov 1994 08:49:37 GMT`")
}
