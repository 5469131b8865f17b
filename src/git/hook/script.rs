//! The hook itself: a script for any POSIX shell, the one of Git for Windows included.
//!
//! Its second line holds the script's version and the digest of all that follows, so that ours
//! is told from others' and from what somebody made of it.

use std::path::Path;

use git2::{ObjectType, Oid};

/// How the second line begins; the version comes next.
const MARK: &str = "# treaty hook ";
/// The version of the script.
const VERSION: u32 = 1;
/// Stands in the script where the directory was made for it.
const MADE_FOLDER: &str = "# The directory of hooks was made for it.\n";

/// What the script depends on.
pub(super) struct Script<'a> {
    pub(super) program: &'a Path,
    /// What `hook run` is told besides.
    pub(super) arguments: &'a [String],
    pub(super) made_folder: bool,
}

/// What stands in the hook's place.
pub(super) enum Found {
    Nothing,
    /// Ours, of this version or another.
    Ours {
        text: Vec<u8>,
        is_executable: bool,
        made_folder: bool,
    },
    /// It was ours once.
    Edited,
    Foreign,
}

impl Found {
    /// What the bytes of a file are.
    pub(super) fn of(text: Vec<u8>, is_executable: bool) -> Self {
        let Some(rest) = text.strip_prefix(b"#!/bin/sh\n") else { return Self::Foreign };
        let Some(rest) = rest.strip_prefix(MARK.as_bytes()) else { return Self::Foreign };
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return Self::Edited };
        let (mark, body) = (rest.get(..end), rest.get(end + 1..).unwrap_or_default());
        let digest = mark.and_then(|mark| mark.split(|byte| *byte == b' ').nth(1));
        if digest != Some(digest_of(body).as_bytes()) {
            return Self::Edited;
        }
        let made_folder = body.starts_with(MADE_FOLDER.as_bytes());
        Self::Ours { text, is_executable, made_folder }
    }
}

impl Script<'_> {
    /// The bytes of the hook.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut body = Vec::new();
        if self.made_folder {
            body.extend_from_slice(MADE_FOLDER.as_bytes());
        }
        body.extend_from_slice(ABOUT.as_bytes());
        body.extend_from_slice(b"program=");
        body.extend(quoted(&path_bytes(self.program)));
        body.extend_from_slice(BODY.as_bytes());
        for argument in self.arguments {
            body.push(b' ');
            body.extend(quoted(argument.as_bytes()));
        }
        body.extend_from_slice(b" || exit $?\n");
        let digest = digest_of(&body);
        [format!("#!/bin/sh\n{MARK}{VERSION} {digest}\n").as_bytes(), &body].concat()
    }
}

const ABOUT: &str = "\
# `treaty hook install` wrote this; `treaty hook uninstall` brings back what was here before.
# It verifies the staged OpenAPI documents; `git commit --no-verify` skips it.

";

const BODY: &str = r#"
case $0 in
*/*) kept=${0%/*}/pre-commit.before-treaty ;;
*) kept=./pre-commit.before-treaty ;;
esac
if [ -f "$kept" ] && [ -x "$kept" ]; then
    "$kept" "$@" || exit $?
fi

if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    if ! command -v treaty >/dev/null 2>&1; then
        exec >&2
        printf '%s\n' "error: the pre-commit hook finds no treaty: no $program, none on PATH" \
            "  help: run \`treaty hook install\` again, or \`git commit --no-verify\`"
        exit 2
    fi
    program=treaty
fi
"$program" hook run --quiet"#;

fn digest_of(body: &[u8]) -> String {
    Oid::hash_object(ObjectType::Blob, body).map(|id| id.to_string()).unwrap_or_default()
}

/// A word of the shell that means exactly these bytes.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut word = vec![b'\''];
    for byte in bytes {
        match byte {
            b'\'' => word.extend_from_slice(br"'\''"),
            byte => word.push(*byte),
        }
    }
    word.push(b'\'');
    word
}

#[cfg(unix)]
fn path_bytes(path: &Path) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec()
}

/// With `/`, which the shell of Git for Windows takes as well.
#[cfg(not(unix))]
fn path_bytes(path: &Path) -> Vec<u8> {
    let text = path.to_string_lossy();
    text.strip_prefix(r"\\?\").unwrap_or(&text).replace('\\', "/").into_bytes()
}
