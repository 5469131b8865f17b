//! Exact comparison of numbers by their text.
//!
//! * **Source.** RFC 8259, section 6; JSON Schema compares numbers as mathematics does.

use std::cmp::Ordering;

use super::Number;

/// A number as `±0.d₁d₂d₃… × 10^magnitude`, without leading or trailing zeros.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    digits: String,
    magnitude: i64,
}

impl Number<'_> {
    /// The number's exact value; nothing for what JSON cannot hold, or an exponent beyond 10^12.
    pub fn decimal(self) -> Option<Decimal> {
        let text = self.to_json();
        Decimal::parse(&text)
    }
}

impl Decimal {
    /// Reads a number in JSON's grammar.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|it| it.is_ascii_digit())
        {
            return None;
        }
        let exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let leading = i64::try_from(all.len() - digits.len()).ok()?;
        let magnitude =
            i64::try_from(whole.len()).ok()?.checked_sub(leading)?.checked_add(exponent)?;
        let digits = digits.trim_end_matches('0').to_owned();
        if magnitude.unsigned_abs() > 1_000_000_000_000 {
            return None;
        }
        if digits.is_empty() {
            return Some(Self { negative: false, digits, magnitude: 0 });
        }
        Some(Self { negative, digits, magnitude })
    }

    /// Whether the number has no fraction.
    pub fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|length| length <= self.magnitude.max(0))
    }

    /// Whether this is a multiple of `step`; nothing where the numbers are too far apart to tell.
    pub fn is_multiple_of(&self, step: &Self) -> Option<bool> {
        if self.digits.is_empty() {
            return Some(true);
        }
        let size = |number: &Self| Self { negative: false, ..number.clone() };
        if size(self) < size(step) {
            return Some(false);
        }
        let scale = |number: &Self| {
            number.magnitude - i64::try_from(number.digits.len()).unwrap_or(i64::MAX)
        };
        let shift = scale(self) - scale(step);
        let (mut left, mut right): (u128, u128) =
            (self.digits.parse().ok()?, step.digits.parse().ok().filter(|step| *step > 0)?);
        let factor = 10_u128.checked_pow(u32::try_from(shift.unsigned_abs()).ok()?);
        if shift >= 0 {
            // left × 10^shift is a multiple of right: cancel what they share, bit by bit.
            let Some(factor) = factor else { return multiple_by_steps(left, right, shift) };
            left = match left.checked_mul(factor) {
                Some(left) => left,
                None => return multiple_by_steps(left, right, shift),
            };
        } else {
            right = right.checked_mul(factor?)?;
        }
        Some(left % right == 0)
    }
}

/// `left × 10^shift mod right`, one factor at a time; for steps below 10^37.
fn multiple_by_steps(left: u128, right: u128, shift: i64) -> Option<bool> {
    if right > u128::MAX / 10 || shift > 100_000 {
        return None;
    }
    let mut rest = left % right;
    for _ in 0..shift {
        rest = rest * 10 % right;
    }
    Some(rest == 0)
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let (left, right) = (sign(self), sign(other));
        if left != right || left == 0 {
            return left.cmp(&right);
        }
        let size =
            self.magnitude.cmp(&other.magnitude).then_with(|| self.digits.cmp(&other.digits));
        if self.negative { size.reverse() } else { size }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn order_and_equality_are_exact() {
        let ascending =
            ["-1e3", "-2.5", "-0.1", "0", "1e-30", "0.1", "0.10000000000000000001", "1", "9", "10"];
        for pair in ascending.windows(2) {
            let [left, right] = pair else { continue };
            assert!(decimal(left) < decimal(right), "{left} < {right}");
        }
        assert_eq!(decimal("1.0"), decimal("1"));
        assert_eq!(decimal("-0"), decimal("0"));
        assert_eq!(decimal("1e2"), decimal("100.00"));
    }

    #[test]
    fn integers_and_multiples() {
        assert!(
            decimal("1.0").is_integer() && decimal("1e3").is_integer() && decimal("0").is_integer()
        );
        assert!(!decimal("1.5").is_integer() && !decimal("1e-3").is_integer());
        assert_eq!(decimal("0.3").is_multiple_of(&decimal("0.1")), Some(true));
        assert_eq!(decimal("4.02").is_multiple_of(&decimal("0.01")), Some(true));
        assert_eq!(decimal("43.6").is_multiple_of(&decimal("3.4e38")), Some(false));
        assert_eq!(decimal("7").is_multiple_of(&decimal("2")), Some(false));
        assert_eq!(decimal("1e308").is_multiple_of(&decimal("0.123456789")), Some(false));
        assert_eq!(decimal("12391239123").is_multiple_of(&decimal("1e-8")), Some(true));
    }
}
