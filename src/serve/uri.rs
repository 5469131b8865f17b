//! Files as editors name them.
//!
//! * **Source.** RFC 8089; RFC 3986, section 2.

use std::{
    fmt::Write as _,
    path::{Component, Path, PathBuf},
    str::FromStr,
};

use lsp_types::Uri;

use crate::openapi::percent_decode;

/// The file that an address names, without `.` and `..`; nothing where it names none.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let rest = rest.split(['?', '#']).next()?;
    // An authority names a machine; ours is the empty one.
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') {
        return None;
    }
    let path = percent_decode(path).filter(|path| !path.contains('\0'))?;
    let bytes = path.as_bytes();
    let is_drive = cfg!(windows) && bytes.get(2) == Some(&b':');
    let path = if is_drive { path.get(1..)? } else { &*path };
    Some(normalize(Path::new(path)))
}

/// The address of a file.
pub(super) fn of_path(path: &Path) -> Option<Uri> {
    let text = path.to_str()?;
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
            b'\\' if cfg!(windows) => uri.push('/'),
            byte if byte.is_ascii_alphanumeric() => uri.push(byte.into()),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    Uri::from_str(&uri).ok()
}

/// The path without `.`, and without `..` where there is something to take back.
pub(super) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_paths_are_two_names_of_one_file() {
        for (uri, path) in [
            ("file:///a/b.yaml", "/a/b.yaml"),
            ("file://localhost/a%20b/%C3%A4.yaml", "/a b/ä.yaml"),
            ("file:///a/../../b/./c.yaml", "/b/c.yaml"),
            ("file:///a%3Ab#x", "/a:b"),
        ] {
            assert_eq!(to_path(uri).as_deref(), Some(Path::new(path)), "{uri}");
        }
        for uri in
            ["untitled:Untitled-1", "file://host/a", "file:///%ff", "file:///%0", "https://a/b"]
        {
            assert_eq!(to_path(uri), None, "{uri}");
        }
        let odd = Path::new("/a b/50%:ä#?.yaml");
        let uri = of_path(odd).map(|uri| uri.as_str().to_owned());
        assert_eq!(uri.as_deref().and_then(to_path).as_deref(), Some(odd));
    }
}
