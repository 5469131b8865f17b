//! Which files a lint opens: regular ones under the lint root, and no others.

use std::{fmt::Write, os::unix::fs::symlink};

use crate::program::{Place, Ran};

/// A document whose schemas refer to the given files.
fn referring(paths: &[&str]) -> String {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: Pets, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n",
    );
    for (at, path) in paths.iter().enumerate() {
        write!(text, "    S{at}:\n      $ref: '{path}'\n").unwrap();
    }
    text
}

/// What a referred file holds; nobody may see it who may not.
const SCHEMA: &str = "type: string\ndescription: SECRET-7f3a\n";

/// The paths of the documents that a run read.
fn read(ran: &Ran) -> Vec<String> {
    assert!(!ran.text().contains("SECRET-7f3a"), "{}", ran.text());
    let report = ran.json();
    let documents = report["documents"].as_array().unwrap().iter();
    documents.map(|it| it["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn files_are_named_by_joined_paths() {
    let place = Place::with(&[
        ("api/openapi.yaml", &referring(&["./sub/../a.yaml", "../b.yaml"])),
        ("api/a.yaml", SCHEMA),
        ("b.yaml", SCHEMA),
    ]);
    let ran = place.treaty(&["lint", "./api/openapi.yaml", "--format", "json"]);
    assert_eq!(read(&ran), ["./api/openapi.yaml", "api/a.yaml", "b.yaml"]);
}

#[test]
fn nothing_outside_the_root_is_opened() {
    let outside = Place::with(&[("secret.yaml", SCHEMA)]);
    let secret = outside.path("secret.yaml");
    let absolute = secret.to_str().unwrap();
    let place = Place::with(&[
        ("spec/openapi.yaml", ""),
        ("spec/inside.yaml", SCHEMA),
        ("secret.yaml", SCHEMA),
    ]);
    symlink(&secret, place.path("spec/out.yaml")).unwrap();
    symlink(outside.path("."), place.path("spec/folder")).unwrap();
    symlink("inside.yaml", place.path("spec/in.yaml")).unwrap();
    let paths = [
        "../secret.yaml",
        "%2e%2e/secret.yaml",
        "sub/../../secret.yaml",
        absolute,
        "out.yaml",
        "folder/secret.yaml",
        "/dev/zero",
        "in.yaml",
    ];
    place.file("spec/openapi.yaml", referring(&paths));
    let root = place.path("spec");
    let spec = root.to_str().unwrap();
    let ran = place.treaty(&["lint", "spec/openapi.yaml", "--root", "spec", "--format", "json"]);
    assert_eq!(read(&ran), ["spec/openapi.yaml", "spec/in.yaml"], "a link that stays is followed");
    let elsewhere = Place::empty();
    let document = format!("{spec}/openapi.yaml");
    let ran = elsewhere.treaty(&["lint", &document, "--format", "json"]);
    assert_eq!(read(&ran), [document, format!("{spec}/in.yaml")], "the document's own directory");
}

#[test]
fn only_regular_files_are_opened() {
    let place =
        Place::with(&[("openapi.yaml", &referring(&["pipe.yaml", "folder.yaml", "none.yaml"]))]);
    std::fs::create_dir(place.path("folder.yaml")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(place.path("pipe.yaml")).status();
    assert!(made.unwrap().success());
    let ran = place.treaty(&["lint", "openapi.yaml", "--format", "json"]);
    assert_eq!(read(&ran), ["openapi.yaml"]);
}

#[test]
fn a_referred_file_above_the_limit_ends_the_work() {
    let place = Place::with(&[("openapi.yaml", &referring(&["large.yaml"]))]);
    place.file("large.yaml", SCHEMA.repeat(100));
    let ran = place.treaty(&["lint", "openapi.yaml", "--max-bytes", "500", "--format", "json"]);
    assert_eq!((ran.code, &ran.json()["incomplete"]["path"]), (2, &"large.yaml".into()));
}

#[test]
fn a_root_that_is_no_directory_is_an_error() {
    let place = Place::with(&[("openapi.yaml", &referring(&[]))]);
    let ran = place.treaty(&["lint", "--root", "openapi.yaml"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.starts_with("error: cannot use openapi.yaml as the lint root\n"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_missing_behind_a_link_may_lie_outside() {
    let place = Place::with(&[("spec/openapi.yaml", ""), ("spec/sub/kept.yaml", SCHEMA)]);
    symlink("../gone.yaml", place.path("spec/file.yaml")).unwrap();
    symlink("..", place.path("spec/up")).unwrap();
    symlink("up", place.path("spec/twice")).unwrap();
    symlink("sub/gone.yaml", place.path("spec/inner.yaml")).unwrap();
    symlink("sub", place.path("spec/folder")).unwrap();
    let outside = ["file.yaml", "up/gone.yaml", "up/spec/../gone.yaml", "twice/gone.yaml"];
    let missing = ["inner.yaml", "folder/gone.yaml", "up/spec/gone.yaml"];
    place.file("spec/openapi.yaml", referring(&[&outside[..], &missing[..]].concat()));
    let ran = place.treaty(&["lint", "spec/openapi.yaml", "--root", "spec", "--format", "json"]);
    let report = ran.json();
    let told = |rule: &str| {
        let findings = report["findings"].as_array().unwrap().iter();
        findings.filter(|it| it["rule"] == rule).count()
    };
    // Two of the four are one file by its name.
    assert_eq!((told("unread-reference"), told("unresolved-reference")), (3, 3), "{}", ran.text());
}
