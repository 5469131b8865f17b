//! Lists the rule files with their examples, so that a new rule needs no line of code.
#![expect(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::{env, error::Error, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let mut ids = Vec::new();
    for entry in fs::read_dir("rules/document")? {
        let name = entry?.file_name().into_string().map_err(|_| "a rule's name is no UTF-8")?;
        ids.extend(name.strip_suffix(".yaml").map(str::to_owned));
    }
    ids.sort();
    let mut list = String::from("&[\n");
    for id in ids {
        let rule = format!("{root}/rules/document/{id}.yaml");
        let fixtures = format!("{root}/fixtures/document/{id}");
        // An example may be no UTF-8: that is what some rules are about.
        let example = |name: &str| {
            let files = ["yaml", "json"].map(|it| format!("{fixtures}/{name}.{it}"));
            let bytes = files.iter().find_map(|file| fs::read(file).ok());
            String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
        };
        writeln!(list, "(include_str!({rule:?}), {:?}, {:?}),", example("fail"), example("pass"))?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("rules.rs"), list + "]")?;
    println!("cargo:rerun-if-changed=rules\ncargo:rerun-if-changed=fixtures/document");
    Ok(())
}
