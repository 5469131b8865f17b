//! Which files and which places in them something is about.
//!
//! * **Source.** `files` are lines of a `.gitignore`, from the folder of the configuration;
//!   `pointers` are RFC 6901, each with all that lies below it, and a step `*` is any step.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::{Deserialize, Deserializer};

use crate::document::pointer;

use super::checked;

/// A pattern for files, as a line of a `.gitignore`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePattern(String);

impl FilePattern {
    fn new(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() || text.starts_with(['!', '#']) {
            return Err(format!("`{text}` is no pattern for files; write e.g. `api/*.yaml`"));
        }
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        match builder.add_line(None, text).and_then(|builder| builder.build()) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) => {
                let reason = match error {
                    ignore::Error::Glob { err, .. } => err,
                    other => other.to_string(),
                };
                Err(format!("`{text}` is no pattern for files ({reason}); correct it"))
            }
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one file that the pattern can be about; nothing where it can be several.
    pub fn single(&self) -> Option<&str> {
        let path = self.0.strip_prefix('/').unwrap_or(&self.0);
        let is_anchored = self.0.contains('/') && !self.0.ends_with('/');
        (is_anchored && !self.0.contains(['*', '?', '[', '\\'])).then_some(path)
    }
}

impl<'de> Deserialize<'de> for FilePattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, "a pattern for files", Self::new)
    }
}

/// A JSON Pointer in which `*` is any one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointerPattern(String);

impl PointerPattern {
    /// A pattern, or what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        if pointer::tokens(text).is_some() {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "`{text}` is no JSON Pointer; begin each step with `/` and write `~1` for `/` and \
             `~0` for `~` inside one, e.g. `/paths/~1orders`"
        ))
    }

    /// Whether it names `place` or something that holds it.
    pub fn covers(&self, place: &str) -> bool {
        let mut steps = place.split('/');
        self.0.split('/').all(|own| steps.next().is_some_and(|step| own == step || own == "*"))
    }
}

impl<'de> Deserialize<'de> for PointerPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, "a JSON Pointer", Self::new)
    }
}

/// Files, and places in them; where neither is said, everything.
#[derive(Debug)]
pub struct Places {
    files: Option<Gitignore>,
    pointers: Vec<PointerPattern>,
}

impl Places {
    /// The places that match one of each kind of pattern, where there are some of that kind.
    pub fn new(files: &[FilePattern], pointers: &[PointerPattern]) -> Self {
        let mut builder = GitignoreBuilder::new("");
        for pattern in files {
            // Each was tried when it was read.
            let _ = builder.add_line(None, pattern.as_str());
        }
        let files = (!files.is_empty()).then(|| builder.build().unwrap_or(Gitignore::empty()));
        Self { files, pointers: pointers.to_vec() }
    }

    /// Whether a file matches; `path` is seen from the folder of the configuration, nothing
    /// where the file lies outside of it.
    pub fn has_file(&self, path: Option<&str>) -> bool {
        self.files.as_ref().is_none_or(|files| {
            path.is_some_and(|path| files.matched_path_or_any_parents(path, false).is_ignore())
        })
    }

    /// Whether a place matches.
    pub fn has(&self, path: Option<&str>, place: &str) -> bool {
        let mut pointers = self.pointers.iter();
        let is_there = self.pointers.is_empty() || pointers.any(|it| it.covers(place));
        is_there && self.has_file(path)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{FilePattern, Places, PointerPattern};

    #[test]
    fn pointers_cover_what_lies_below_them() {
        let covers = |own: &str, place: &str| PointerPattern::new(own).unwrap().covers(place);
        for (own, place) in [
            ("", ""),
            ("", "/paths"),
            ("/paths", "/paths"),
            ("/paths/*/get", "/paths/~1a/get/responses"),
            ("/paths/~1a", "/paths/~1a/get"),
        ] {
            assert!(covers(own, place), "{own} {place}");
        }
        for (own, place) in [
            ("/paths", ""),
            ("/paths", "/pathsy"),
            ("/paths/*/get", "/paths/~1a/put"),
            ("/paths/*", "/paths"),
        ] {
            assert!(!covers(own, place), "{own} {place}");
        }
        assert!(PointerPattern::new("paths").is_err() && PointerPattern::new("/~2").is_err());
    }

    #[test]
    fn files_match_as_in_a_gitignore() {
        let has = |pattern: &str, path: &str| {
            Places::new(&[FilePattern::new(pattern).unwrap()], &[]).has(Some(path), "")
        };
        for (pattern, path) in [
            ("old.yaml", "a/b/old.yaml"),
            ("/old.yaml", "old.yaml"),
            ("legacy/", "legacy/a/b.yaml"),
            ("api/**/v1.*", "api/x/y/v1.yaml"),
        ] {
            assert!(has(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("/old.yaml", "a/old.yaml"), ("api/*.yaml", "api/x/y.yaml")] {
            assert!(!has(pattern, path), "{pattern} {path}");
        }
        for wrong in ["", " ", "!a", "a[b"] {
            assert!(FilePattern::new(wrong).is_err(), "{wrong}");
        }
        let single = |text: &str| FilePattern::new(text).unwrap().single().map(str::to_owned);
        assert_eq!(single("/a.yaml").as_deref(), Some("a.yaml"));
        assert_eq!(single("api/a.yaml").as_deref(), Some("api/a.yaml"));
        assert!(single("a.yaml").is_none() && single("api/*.yaml").is_none());
    }
}
