//! Every crate that is built in comes under a licence that `deny.toml` allows.

use std::process::Command;

use regex::Regex;
use serde_json::Value as Json;

/// What cargo says when it is asked.
fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_crate_comes_under_a_licence_that_is_allowed() {
    let root = env!("CARGO_MANIFEST_DIR");
    let deny = std::fs::read_to_string(format!("{root}/deny.toml")).unwrap();
    let list = deny.split("allow = [").nth(1).unwrap().split(']').next().unwrap();
    let allowed: Vec<_> = list.split('"').skip(1).step_by(2).collect();
    let host = cargo(&["-vV"]);
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata =
        cargo(&["metadata", "--locked", "--format-version=1", "--filter-platform", host]);
    let metadata: Json = serde_json::from_str(&metadata).unwrap();
    let either = Regex::new(" OR |/").unwrap();
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or("none");
        let fits = licence.split(" AND ").all(|part| {
            let part = part.trim_matches(['(', ')']);
            either.split(part).any(|one| allowed.contains(&one))
        });
        if !fits {
            wrong.push(format!("{} comes under {licence}", package["name"]));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
