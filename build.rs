//! Lists the rule files with their examples, so that a new rule needs no line of code.
#![expect(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::{env, error::Error, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let root = env::current_dir()?;
    let mut ids = Vec::new();
    for entry in fs::read_dir(root.join("rules/document"))? {
        let name = entry?.file_name().into_string().map_err(|_| "a rule's name is no UTF-8")?;
        ids.extend(name.strip_suffix(".yaml").map(str::to_owned));
    }
    ids.sort();
    let mut list = String::from("&[\n");
    for id in ids {
        let rule = root.join("rules/document").join(&id).with_extension("yaml");
        let fixture = |name: &str| root.join("fixtures/document").join(&id).join(name);
        let example = |name: &str| match ["yaml", "json"].map(|it| fixture(name).with_extension(it))
        {
            [yaml, _] if yaml.exists() => format!("include_str!({yaml:?})"),
            [_, json] if json.exists() => format!("include_str!({json:?})"),
            _ => "\"\"".to_owned(),
        };
        writeln!(list, "(include_str!({rule:?}), {}, {}),", example("fail"), example("pass"))?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("rules.rs"), list + "]")?;
    println!("cargo:rerun-if-changed=rules\ncargo:rerun-if-changed=fixtures/document");
    Ok(())
}
