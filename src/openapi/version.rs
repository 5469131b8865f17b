//! The versions of the specification that we know, and sets of them.
//!
//! * **Source.** OpenAPI 3.0.4, 3.1.1 and 3.2.0, section "Versions": the patch number is not
//!   to be considered.

/// A feature set of the OpenAPI Specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 3.0.x
    V30,
    /// 3.1.x
    V31,
    /// 3.2.x
    V32,
}

impl Version {
    /// The versions, the oldest first.
    pub const ALL: [Self; 3] = [Self::V30, Self::V31, Self::V32];

    /// `3.0`, `3.1` or `3.2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V30 => "3.0",
            Self::V31 => "3.1",
            Self::V32 => "3.2",
        }
    }

    /// The newest text of this version, which findings cite.
    pub fn text(self) -> &'static str {
        match self {
            Self::V30 => "https://spec.openapis.org/oas/v3.0.4.html",
            Self::V31 => "https://spec.openapis.org/oas/v3.1.1.html",
            Self::V32 => "https://spec.openapis.org/oas/v3.2.0.html",
        }
    }

    /// Whether schemas are those of JSON Schema 2020-12.
    pub fn has_json_schema(self) -> bool {
        self != Self::V30
    }

    /// The version that `major.minor` or `major.minor.patch` names; the patch does not matter.
    pub fn from_text(text: &str) -> Option<Self> {
        let (number, suffix) = text.split_once('-').unwrap_or((text, "x"));
        let mut parts = number.split('.');
        let (major, minor) = (parts.next()?, parts.next()?);
        let patch = parts.next().unwrap_or("0");
        let digits = !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit());
        if major != "3" || parts.next().is_some() || !digits || suffix.is_empty() {
            return None;
        }
        Self::ALL.into_iter().find(|version| version.as_str().strip_prefix("3.") == Some(minor))
    }

    fn bit(self) -> u8 {
        match self {
            Self::V30 => 1,
            Self::V31 => 2,
            Self::V32 => 4,
        }
    }
}

/// A set of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions(u8);

impl Versions {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// 3.0, 3.1 and 3.2.
    pub const ALL: Self = Self(7);
    /// 3.0 alone.
    pub const ONLY_30: Self = Self(1);
    /// 3.0 and 3.1.
    pub const UNTIL_31: Self = Self(3);
    /// 3.1 alone.
    pub const ONLY_31: Self = Self(2);
    /// 3.1 and 3.2.
    pub const SINCE_31: Self = Self(6);
    /// 3.2 alone.
    pub const SINCE_32: Self = Self(4);

    /// Whether `version` is one of them.
    pub fn contains(self, version: Version) -> bool {
        self.0 & version.bit() != 0
    }

    /// The oldest of them.
    pub fn first(self) -> Option<Version> {
        Version::ALL.into_iter().find(|version| self.contains(*version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_without_their_patch() {
        for (text, version) in [
            ("3.0.3", Some(Version::V30)),
            ("3.1.10", Some(Version::V31)),
            ("3.2.0-rc1", Some(Version::V32)),
            ("3.1", Some(Version::V31)),
            ("3", None),
            ("v3.0.0", None),
            ("3.3.0", None),
            ("3.0.x", None),
            ("3.0.0.0", None),
            ("4.0.0", None),
            ("3.0.0-", None),
        ] {
            assert_eq!(Version::from_text(text), version, "{text}");
        }
    }
}
