//! `treaty gate`, from the outside.

use insta::assert_snapshot;

use crate::program::{Place, Ran, treaty};

const BASE: &str = "\
openapi: 3.1.1
info: { title: Orders, version: '1' }
paths: {}
components:
  schemas:
    Order:
      type: object
      properties:
        total: { type: number, x-owner: erp, description: In euros. }
        note: { type: string }
";

const CHARTER: &str = "\
version: 1
parties: { shop: { agent: Shop_Bot }, erp: { agent: Erp_Bot } }
";

/// A base with a charter, and a revision that changes what the ERP owns.
fn place() -> Place {
    let revision = BASE.replace("type: number", "type: string");
    Place::with(&[
        ("old/base.yaml", BASE),
        ("old/treaty.yaml", CHARTER),
        ("openspec.yaml", &revision),
        ("same.yaml", BASE),
    ])
}

fn gate(place: &Place, arguments: &[&str]) -> Ran {
    place.treaty(&[&["gate", "--base", "old/base.yaml"], arguments].concat())
}

#[test]
fn every_text_says_the_verdict_and_why() {
    let place = place();
    let mut said = String::new();
    for format in ["compact", "github", "junit", "markdown", "pretty"] {
        for path in ["openspec.yaml", "same.yaml"] {
            let ran = gate(&place, &[path, "--proposer", "shop", "--format", format]);
            assert_eq!(ran.code, i32::from(path == "openspec.yaml"), "{}", ran.text());
            said += &format!("{format} {path}\n{}\n", ran.out);
        }
    }
    assert_snapshot!(said);
    let quiet = gate(&place, &["--quiet", "same.yaml", "--proposer", "shop"]);
    assert_eq!(quiet.text(), "exit 0\n");
}

#[test]
fn nothing_softens_a_verdict() {
    let place = place();
    for severity in ["never", "hint", "error"] {
        let more = ["--proposer", "shop", "--fail-severity", severity];
        assert_eq!(gate(&place, &[&["openspec.yaml"], &more[..]].concat()).code, 1);
        assert_eq!(gate(&place, &[&["same.yaml"], &more[..]].concat()).code, 0);
    }
    assert_eq!(gate(&place, &["same.yaml", "--fail-severity", "nevr"]).code, 2);
}

#[test]
fn a_revision_comes_from_standard_input() {
    let place = place();
    let revision = place.read("openspec.yaml");
    let run = |input: &str, more: &[&str]| {
        let arguments =
            ["gate", "--base", "old/base.yaml", "--proposer", "shop", "--format", "compact", "-"];
        place.treaty_reading(input, &[&arguments[..], more].concat())
    };
    let ran = run(&revision, &[]);
    assert!(
        ran.out.starts_with("openspec.yaml:9:24: error[change-by-non-owner]"),
        "{}",
        ran.text()
    );
    assert_eq!(run(BASE, &[]).code, 0);
    let ran = run(&revision, &["--stdin-filename", "api/v2.yaml"]);
    assert!(ran.code == 1 && ran.out.starts_with("api/v2.yaml:9:24: error["), "{}", ran.text());
    // References are followed from where the text belongs.
    place.file("api/order.yaml", "{ type: object }\n");
    let linked = BASE.replace("note: { type: string }", "note: { $ref: ./order.yaml }");
    assert_eq!(run(&linked, &["--stdin-filename", "api/v2.yaml"]).code, 0);
    assert!(run(&linked, &[]).out.contains("error[unresolved-reference]"));
    assert_eq!(run(&revision, &["--max-bytes", "9"]).code, 2);
}

#[test]
fn a_proposer_is_one_of_the_parties() {
    let place = place();
    assert_snapshot!(gate(&place, &["same.yaml", "--proposer", "shp"]).text(), @"
    exit 2
    --- err
    error: `shp` is no party of treaty.yaml
      help: did you mean `shop`?
    ");
    // Without a charter, `x-owner` alone names parties.
    let run = |base: &str, proposer: &str| {
        let arguments = ["gate", "--base", base, "--proposer", proposer, "same.yaml"];
        place.treaty(&[&arguments[..], &["--format", "compact"]].concat())
    };
    place.file("base.yaml", BASE);
    assert_eq!(run("base.yaml", "erp").text(), "exit 0\n--- out\nthe gate says pass\n");
    assert_snapshot!(run("base.yaml", "erpp").text(), @r"
    exit 0
    --- out
    same.yaml:1:1: info[undecided-ownership] whether `erpp` is a party is not known: there is no charter, and no `x-owner` of the base names it
    the gate says pass
    ");
    place.file("base.yaml", BASE.replace(", x-owner: erp", ""));
    assert!(run("base.yaml", "shop").out.contains("info[undecided-ownership] whether `shop`"));
    let ran = gate(&place, &["openspec.yaml", "--proposer", "erpp"]);
    assert_eq!(ran.code, 2, "{}", ran.text());
}

#[test]
fn no_line_on_standard_error_is_a_command() {
    let odd = "a\n::error::b.yaml";
    let place = Place::with(&[("openspec.yaml", BASE), ("treaty.yaml", CHARTER)]);
    let agent = CHARTER.replace("Shop_Bot", "\"A\\n::error::x ##[error]y\"");
    place.file("bad/treaty.yaml", agent);
    place.file("bad/base.yaml", BASE);
    let runs: &[&[&str]] = &[
        &["lint", odd],
        &["lint", "--root", odd],
        &["lint", "--exclude", "[\n::error::x"],
        &["lint", "--select", "\n::error::x"],
        &["lint", "--severity", "a=\n::error::x"],
        &["lint", "--fail-severity", "\n::error::x"],
        &["lint", "--\n::error::x"],
        &["lint", "-o", "no\n::error::x/y", "openspec.yaml"],
        &["\n  ::error::x"],
        &["gate", "--base", odd],
        &["gate", "--base", "openspec.yaml", "--proposer", odd],
        &["gate", "--base", "bad/base.yaml"],
        &["negotiate", "bad"],
        &["negotiate", odd],
        &["agent", odd],
        &["fix", odd],
        &["explain", "\n::error::x"],
        &["man", "\n::error::x"],
        &["init", odd],
        &["hook", "run", odd],
    ];
    for arguments in runs {
        let ran = place.treaty(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}\n{}", ran.text());
        let err = ran.err.lines().chain(ran.out.lines());
        let commands: Vec<_> = err
            .filter(|line| line.trim_start().starts_with("::") || line.contains("##["))
            .collect();
        assert!(commands.is_empty(), "{arguments:?}\n{}", ran.text());
    }
}

#[test]
fn every_limit_has_an_option() {
    let paths: String =
        (0..40).map(|at| format!("  /{{a}}/b{at}: {{}}\n  /a{at}/{{b}}: {{}}\n")).collect();
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}");
    let place = Place::with(&[("openapi.yaml", &text)]);
    let undecided = |more: &[&str]| {
        let ran = treaty(
            &place.path(""),
            &[&["lint", "openapi.yaml", "--format", "json"], more].concat(),
            &[],
            "",
        );
        ran.json()["summary"]["undecided"].as_u64().unwrap()
    };
    assert_eq!(undecided(&[]), 0);
    assert!(undecided(&["--max-path-steps", "5"]) > 0);
}
