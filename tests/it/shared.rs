//! The outside suites and documents, which lie beside the repository where they are present.

use std::path::PathBuf;

/// A path below `../shared`; nothing, with a word, where it is absent.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not here", path.display());
    None
}

/// Every file of the corpus that is YAML or JSON, in order.
pub(crate) fn corpus() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<_> = shared("corpus").into_iter().collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "json")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
