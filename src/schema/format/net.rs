//! Hosts and mailboxes.
//!
//! * **Source.** RFC 1123, section 2.1; RFC 5321, section 4.1.2; RFC 6531; RFC 4291, section 2.2.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Judgement::{self, Wrong};

pub(super) fn hostname(text: &str) -> Judgement {
    let fits = !text.is_empty() && text.len() <= 253 && text.split('.').all(is_label);
    Judgement::of(fits, "a host name is labels of letters, digits and hyphens")
}

fn is_label(label: &str) -> bool {
    let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let ends = label.is_empty() || label.starts_with('-') || label.ends_with('-');
    // Two hyphens in the third and fourth place are for `xn--` alone (RFC 5890, section 2.3.1).
    let reserved = label.get(2..4) == Some("--") && !label.to_ascii_lowercase().starts_with("xn--");
    inner && !ends && label.len() <= 63 && !reserved
}

pub(super) fn ipv4(text: &str) -> Judgement {
    Judgement::of(text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address is four numbers up to 255")
}

pub(super) fn ipv6(text: &str) -> Judgement {
    Judgement::of(text.parse::<Ipv6Addr>().is_ok(), "it is not an IPv6 address")
}

pub(super) fn email(text: &str) -> Judgement {
    if !text.is_ascii() {
        return Wrong("a mailbox beyond ASCII has the format `idn-email`");
    }
    idn_email(text)
}

pub(super) fn idn_email(text: &str) -> Judgement {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Wrong("a mailbox has an `@`");
    };
    let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
    let plain = !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|char| {
            char.is_ascii_alphanumeric()
                || "!#$%&'*+-/=?^_`{|}~.".contains(char)
                || !char.is_ascii()
        });
    if !(quoted || plain) {
        return Wrong("the part before the `@` is malformed");
    }
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(address) = literal {
        let fits = match address.strip_prefix("IPv6:") {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => address.parse::<Ipv4Addr>().is_ok(),
        };
        return Judgement::of(fits, "the address after the `@` is malformed");
    }
    let fits = if domain.is_ascii() {
        hostname(domain) == Judgement::Fits
    } else {
        domain.split('.').all(|label| !label.is_empty())
    };
    Judgement::of(fits, "the part after the `@` is no host name")
}
