//! `treaty fix`, from the outside.

use std::os::unix::fs::{PermissionsExt, symlink};

use insta::assert_snapshot;

use crate::program::Place;

/// An operation without a name, and three misspelled formats; the third hides a wrong example.
const FAULTY: &str = "\
openapi: 3.1.0
info: { title: Pets, version: 1.0.0 }
paths:
  /pets: # all of them
    get:
      # nothing but this
      responses:
        '200': { description: 'ok' }
components:
  schemas:
    Birth: { format: datetime, type: string } # of the pet
    Death: {type: string, format: \"datetime\"}
    Sale: { type: string, format: datetime, example: yesterday }
";

#[test]
fn fixes_keep_comments_order_quotes_and_layout() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    assert_snapshot!(place.treaty(&["fix", "--diff"]).text(), @r#"
    exit 1
    --- out
    --- openapi.yaml
    +++ openapi.yaml
    @@ -4,10 +4,11 @@
       /pets: # all of them
         get:
           # nothing but this
    +      operationId: getPets
           responses:
             '200': { description: 'ok' }
     components:
       schemas:
    -    Birth: { format: datetime, type: string } # of the pet
    -    Death: {type: string, format: "datetime"}
    +    Birth: { format: date-time, type: string } # of the pet
    +    Death: {type: string, format: "date-time"}
         Sale: { type: string, format: datetime, example: yesterday }
    --- err
    1 fix needs a look: `--unsafe-fixes` carries out such fixes too
    "#);
    assert_eq!(place.read("openapi.yaml"), FAULTY);
    assert_snapshot!(place.treaty(&["fix", "--format", "compact"]).text(), @r"
    exit 1
    --- out
    openapi.yaml:12:5: info[unused-component] nothing in this description uses `Birth` of `schemas`
    openapi.yaml:13:5: info[unused-component] nothing in this description uses `Death` of `schemas`
    openapi.yaml:14:5: info[unused-component] nothing in this description uses `Sale` of `schemas`
    openapi.yaml:14:35: error[misspelled-format] the format `datetime` is not registered; `date-time` is
    --- err
    changed openapi.yaml: 1 of missing-operation-id, 2 of misspelled-format
    1 fix needs a look: `--unsafe-fixes` carries out such fixes too
    ");
    let fixed = place.read("openapi.yaml");
    assert_ne!(fixed, FAULTY);
    assert_eq!(place.treaty(&["fix", "--check"]).code, 0);
    assert_eq!(place.read("openapi.yaml"), fixed, "a second run changes nothing");
}

#[test]
fn a_check_says_what_would_change() {
    let place = Place::with(&[("openapi.yaml", FAULTY), ("clean.yaml", "openapi: 3.1.0\n")]);
    assert_snapshot!(place.treaty(&["fix", "--check", "openapi.yaml"]).text(), @r"
    exit 1
    --- out
    would change openapi.yaml: 1 of missing-operation-id, 2 of misspelled-format
    --- err
    1 fix needs a look: `--unsafe-fixes` carries out such fixes too
    ");
    assert_eq!(place.read("openapi.yaml"), FAULTY);
    assert_eq!(place.treaty(&["fix", "--check", "--select", "duplicate-key"]).text(), "exit 0\n");
}

#[test]
fn line_ends_and_byte_order_marks_stay() {
    let windows = format!("\u{feff}{}", FAULTY.replace('\n', "\r\n"));
    let place = Place::with(&[("openapi.yaml", &windows)]);
    let diff = place.treaty(&["fix", "--diff", "--ignore", "byte-order-mark"]).out;
    assert!(diff.contains("\n+      operationId: getPets\r\n"), "{diff:?}");
    place.treaty(&["fix"]);
    let fixed = place.read("openapi.yaml");
    assert!(fixed.starts_with("\u{feff}openapi: 3.1.0\r\n"), "{fixed:?}");
    assert_eq!(fixed.matches('\n').count(), fixed.matches("\r\n").count());
    assert_eq!(fixed.matches('\n').count(), FAULTY.matches('\n').count() + 1);
}

#[test]
fn needs_review_needs_a_word() {
    let text = FAULTY.replace("paths:", "path:");
    let place = Place::with(&[("openapi.yaml", &text)]);
    let ran = place.treaty(&["fix", "--format", "compact"]);
    assert!(ran.err.contains("`--unsafe-fixes` carries out such"), "{}", ran.text());
    assert!(place.read("openapi.yaml").contains("\npath:"));
    let ran = place.treaty(&["fix", "--unsafe-fixes", "--format", "compact"]);
    assert!(place.read("openapi.yaml").contains("\npaths:"), "{}", ran.text());
    assert!(place.read("openapi.yaml").contains("operationId: getPets"), "{}", ran.text());
    assert!(place.read("openapi.yaml").contains("date-time, example"), "{}", ran.text());
    assert!(ran.out.contains("error[invalid-example]"), "{}", ran.text());
}

#[test]
fn the_exit_code_says_whether_findings_remain() {
    let clean = FAULTY.replace(", example: yesterday", "");
    let place = Place::with(&[("clean.yaml", &clean), ("faulty.yaml", FAULTY)]);
    assert_eq!(place.treaty(&["fix", "clean.yaml", "--format", "compact"]).code, 0);
    assert_eq!(place.treaty(&["fix", "faulty.yaml", "--format", "compact"]).code, 1);
    let never = ["fix", "faulty.yaml", "--fail-severity", "never"];
    assert_eq!(place.treaty(&never).code, 0);
    assert_eq!(place.treaty(&["fix", "gone.yaml"]).code, 2);
    assert_eq!(place.treaty(&["fix", "--select", "no-such-rule"]).code, 2);
}

#[test]
fn standard_input_comes_out_repaired() {
    let place = Place::empty();
    let ran = place.treaty_reading(FAULTY, &["fix", "-", "--format", "compact"]);
    assert!(ran.out.contains("operationId: getPets\n") && ran.code == 1, "{}", ran.text());
    assert!(ran.err.starts_with("<stdin>:"), "{}", ran.text());
    for text in ["openapi: 3.1.0\ninfo: [\n", "", "\u{feff}plain"] {
        assert_eq!(
            place.treaty_reading(text, &["fix", "-"]).out,
            text,
            "what it cannot read stays"
        );
    }
    let diff = ["fix", "-", "--diff", "--stdin-filename", "api.yaml"];
    let ran = place.treaty_reading(FAULTY, &diff);
    assert!(ran.out.starts_with("--- api.yaml\n+++ api.yaml\n@@ -"), "{}", ran.text());
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    let ran = place.treaty_reading(FAULTY, &["fix", "-", "openapi.yaml"]);
    assert!(ran.code == 2 && ran.err.contains("name `-` alone"), "{}", ran.text());
    assert_eq!(place.treaty_reading(FAULTY, &["fix", "-", "--max-bytes", "9"]).code, 2);
}

#[test]
fn what_is_written_on_standard_input_leaves_files_alone() {
    let text = FAULTY.replace("{ format: datetime, type: string }", "{ $ref: birth.yaml }");
    let place = Place::with(&[("birth.yaml", "type: string\nformat: datetime\n")]);
    let ran = place.treaty_reading(&text, &["fix", "-", "--format", "compact"]);
    assert!(ran.err.contains("birth.yaml:2:9: error[misspelled-format]"), "{}", ran.text());
    assert_eq!(place.read("birth.yaml"), "type: string\nformat: datetime\n");
}

/// Two documents that share a schema; in the second an example stands beside the reference.
fn sharing() -> Place {
    let text = |more: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: Pets, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  \
             schemas:\n    Birth:\n      $ref: '../shared.yaml#/Birth'\n{more}"
        )
    };
    let shared = "Birth: {type: string, format: datetime}\n";
    Place::with(&[
        ("api/one.yaml", &text("")),
        ("api/two.yaml", &text("      example: yesterday\n")),
        ("shared.yaml", shared),
    ])
}

#[test]
fn files_that_are_referred_to_are_repaired_where_they_stand() {
    let place = sharing();
    let ran = place.treaty(&["fix", "./api/one.yaml", "--format", "compact"]);
    assert_eq!(ran.text(), "exit 0\n--- err\nchanged shared.yaml: 1 of misspelled-format\n");
    assert_eq!(place.read("shared.yaml"), "Birth: {type: string, format: date-time}\n");
}

#[test]
fn a_shared_file_is_repaired_for_all_or_not_at_all() {
    let place = sharing();
    let ran = place.treaty(&["fix", "--format", "compact"]);
    assert!(ran.err.contains("1 fix is held back"), "{}", ran.text());
    assert!(place.read("shared.yaml").contains("datetime"), "{}", ran.text());
    let outside = place.treaty(&["fix", "api/one.yaml", "--root", "api", "--format", "compact"]);
    assert!(place.read("shared.yaml").contains("datetime"), "{}", outside.text());
}

#[test]
fn a_file_stays_what_it_is() {
    let place = Place::with(&[("real/openapi.yaml", FAULTY), ("closed.yaml", FAULTY)]);
    symlink("real/openapi.yaml", place.path("openapi.yaml")).unwrap();
    let mode = |path: &str, mode: u32| {
        std::fs::set_permissions(place.path(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    mode("real/openapi.yaml", 0o640);
    mode("closed.yaml", 0o444);
    let ran = place.treaty(&["fix", "openapi.yaml", "closed.yaml", "--format", "compact"]);
    assert!(ran.code == 2 && ran.err.contains("cannot write closed.yaml"), "{}", ran.text());
    assert_eq!(place.read("closed.yaml"), FAULTY);
    assert!(place.read("real/openapi.yaml").contains("operationId"), "{}", ran.text());
    let link = std::fs::symlink_metadata(place.path("openapi.yaml")).unwrap();
    assert!(link.is_symlink());
    let real = std::fs::metadata(place.path("real/openapi.yaml")).unwrap();
    assert_eq!(real.permissions().mode() & 0o777, 0o640);
    let left = std::fs::read_dir(place.path("real")).unwrap().count();
    assert_eq!(left, 1, "nothing half-written remains");
}

#[test]
fn what_is_no_utf_8_is_left_alone() {
    let mut bytes = FAULTY.as_bytes().to_vec();
    bytes.extend(b"x-name: caf\xe9\n");
    let place = Place::empty();
    place.file("openapi.yaml", &bytes);
    place.treaty(&["fix", "--unsafe-fixes"]);
    assert_eq!(std::fs::read(place.path("openapi.yaml")).unwrap(), bytes);
}

#[test]
fn a_diff_gives_no_commands() {
    let forged = "description: |\n        ::error::forged ##[error]\u{202e}\n";
    let text = FAULTY.replace("# nothing but this\n", forged);
    let place = Place::with(&[("openapi.yaml", &text)]);
    let diff = place.treaty(&["fix", "--diff", "--select", "missing-operation-id"]).out;
    assert!(diff.contains("operationId"), "{diff}");
    assert!(!diff.contains("##[") && !diff.contains('\u{202e}'), "{diff}");
    assert!(!diff.lines().any(|line| line.trim_start().starts_with("::")), "{diff}");
}
