//! Which rules are in force where: `treaty.yaml`, sets of rules, waivers.

use insta::assert_snapshot;

use crate::program::{Place, Ran, treaty};

/// A document with an operation that has no id, and a misspelled format.
pub(crate) const FAULTY: &str = "\
openapi: 3.1.0
info: { title: Pets, version: '1' }
paths:
  /pets:
    get:
      responses: { '200': { description: The pets., content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } }
components:
  schemas:
    Pet: { type: object, properties: { id: { type: string, format: uuidd } } }
";

pub(crate) fn lint(place: &Place, arguments: &[&str]) -> Ran {
    place.treaty(&[&["lint", "--format", "compact"], arguments].concat())
}

/// The rules that a run names, in order.
pub(crate) fn rules(ran: &Ran) -> Vec<String> {
    let names = ran.out.lines().filter_map(|line| {
        let (_, rest) = line.split_once('[')?;
        Some(rest.split_once(']')?.0.to_owned())
    });
    names.collect()
}

/// Runs `lint` on one document beside a configuration.
fn configured(config: &str) -> Ran {
    lint(&Place::with(&[("openapi.yaml", FAULTY), ("treaty.yaml", config)]), &["openapi.yaml"])
}

#[test]
fn a_configuration_needs_no_parties() {
    let both = ["missing-operation-id", "misspelled-format"];
    assert_eq!(rules(&configured("version: 1\n")), both);
    assert_eq!(rules(&configured("\u{feff}version: 1\r\nrules: {}\r\n")), both);
    let ran = configured("version: 1\nrules: { missing-operation-id: off }\n");
    assert_eq!((ran.code, rules(&ran)), (1, vec![both[1].to_owned()]), "{}", ran.text());
    let ran =
        configured("version: 1\nrules: { missing-operation-id: warn, misspelled-format: hint }\n");
    assert_eq!((ran.code, rules(&ran).len()), (0, 2), "{}", ran.text());
    let ran = configured("version: 1\nglossary: { formats: [uuidd] }\n");
    assert_eq!(rules(&ran), [both[0]], "{}", ran.text());
}

#[test]
fn a_configuration_that_is_wrong_says_where_and_what_is_near() {
    let mut said = String::new();
    for config in [
        "version: 1\nrules: { missing-operation-ids: off }\n",
        "version: 1\nrulse: {}\n",
        "version: 1\nrules: { missing-operation-id: eror }\n",
        "version: 1\nextends: [treaty:recomended]\n",
        "version: 1\nextends: [spectral:oas]\n",
        "version: 1\noverrides:\n  - { files: ['a[b'], rules: { openapi-2: off } }\n",
        "version: 1\noverrides:\n  - { pointers: [paths], rules: { openapi-2: off } }\n",
        "version: 1\noverrides:\n  - { file: [a], rules: { openapi-2: off } }\n",
        "version: 1\noverrides:\n  - files: [a]\n    rules: { openapi2: off }\n",
        "version: 1\noverrides:\n  - files: [a]\n",
        "version: 1\nwaivers:\n  - { rule: openapi-2 }\n",
        "version: 1\nwaivers:\n  - { rule: openapi-2, reason: ' ' }\n",
        "version: 1\nwaivers:\n  - rule: openapi2\n    reason: Old.\n",
        "version: 1\nwaivers:\n  - { rule: openapi-2, reason: Old., expires: 2026-02-30 }\n",
        "version: 1\nwaivers: waivers.yaml\n",
        "version: 1\nwaivers: ../waivers.yaml\n",
        "version: 1\nwaivers: 7\n",
        "rules: {}\n",
        "",
    ] {
        let ran = configured(config);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{config}\n{}", ran.text());
        said += &ran.err;
    }
    assert_snapshot!(said);
}

#[test]
fn the_nearest_configuration_up_to_the_repository_counts() {
    let off = "version: 1\nrules: { missing-operation-id: off, misspelled-format: off }\n";
    let place = Place::with(&[
        ("treaty.yaml", off),
        ("repo/api/openapi.yaml", FAULTY),
        ("repo/deep/er/openapi.yaml", FAULTY),
        ("repo/deep/treaty.yaml", "version: 1\nrules: { missing-operation-id: off }\n"),
        ("all.yaml", "version: 1\nrules: { misspelled-format: off }\n"),
    ]);
    std::fs::create_dir(place.path("repo/.git")).unwrap();
    // The outer configuration belongs to no repository of these documents.
    assert_eq!(rules(&lint(&place, &["repo/api"])).len(), 2);
    assert_eq!(rules(&lint(&place, &["repo/deep"])), ["misspelled-format"]);
    assert_eq!(rules(&lint(&place, &["repo"])).len(), 3);
    assert_eq!(rules(&lint(&place, &["repo", "--isolated"])).len(), 4);
    assert_eq!(rules(&lint(&place, &["repo", "--config", "all.yaml"])).len(), 2);
    assert_eq!(lint(&place, &["repo", "--config", "gone.yaml"]).code, 2);
    assert_eq!(lint(&place, &["repo", "--config", "all.yaml", "--isolated"]).code, 2);
    // From the folder of the document, the one above it still counts, inside the repository.
    let run = |folder: &str, more: &[&str]| {
        let arguments = [&["lint", "--format", "compact", "."], more].concat();
        rules(&treaty(&place.path(folder), &arguments, &[], ""))
    };
    assert_eq!(run("repo/deep/er", &[]), ["misspelled-format"]);
    assert_eq!(run("repo/api", &[]).len(), 2);
    let input = ["lint", "-", "--format", "compact", "--stdin-filename", "repo/deep/new.yaml"];
    assert_eq!(rules(&place.treaty_reading(FAULTY, &input)), ["misspelled-format"]);
    // Without a repository, nothing above the current directory counts.
    std::fs::remove_dir(place.path("repo/.git")).unwrap();
    assert_eq!(run("repo/api", &[]).len(), 2);
    assert_eq!(rules(&lint(&place, &["repo/api"])).len(), 0);
}

#[test]
fn overrides_are_about_files_and_places() {
    let place = Place::with(&[
        ("api/openapi.yaml", FAULTY),
        ("api/old/openapi.yaml", FAULTY),
        ("openapi.yaml", FAULTY),
    ]);
    let run = |overrides: &str| {
        place.file("treaty.yaml", format!("version: 1\noverrides:\n{overrides}"));
        let ran = lint(&place, &["."]);
        let mut lines: Vec<_> = ran
            .out
            .lines()
            .map(|line| {
                let (place, rest) = line.split_once(": ").unwrap();
                let path = place.split(':').next().unwrap();
                format!("{path} {}", rest.split_once(']').unwrap().0)
            })
            .collect();
        lines.sort();
        lines.join("\n")
    };
    assert_eq!(
        run("- { files: [api/], rules: { missing-operation-id: off, misspelled-format: off } }\n"),
        "openapi.yaml error[missing-operation-id\nopenapi.yaml error[misspelled-format"
    );
    assert_snapshot!(run("\
- { files: ['*'], rules: { missing-operation-id: hint } }
- { files: [old/, /openapi.yaml], rules: { missing-operation-id: warn } }
- { pointers: [/components/schemas/*/properties], rules: { misspelled-format: off } }
- { files: [api/openapi.yaml], pointers: [/components], rules: { misspelled-format: info } }
"), @r"
    api/old/openapi.yaml warn[missing-operation-id
    api/openapi.yaml hint[missing-operation-id
    api/openapi.yaml info[misspelled-format
    openapi.yaml warn[missing-operation-id
    ");
    // A rule that a lint does not have is on in its place, and nowhere else.
    let untyped = FAULTY.replace("    Pet:", "    Any: { description: Anything. }\n    Pet:");
    place.file(
        "api/openapi.yaml",
        untyped.replace("    get:\n", "    get:\n      operationId: a\n"),
    );
    place.file("openapi.yaml", untyped);
    let said = run("- { files: [api/openapi.yaml], rules: { untyped-schema: error } }\n");
    assert!(said.contains("api/openapi.yaml error[untyped-schema"), "{said}");
}

#[test]
fn sets_of_rules_come_by_name_or_from_a_file() {
    let place = Place::with(&[
        ("openapi.yaml", FAULTY),
        ("only.yaml", "rules: { misspelled-format: warn }\n"),
        ("house.yaml", "extends: [treaty:recommended]\nrules: { misspelled-format: off }\n"),
        ("near.yaml", "extends: [treaty:recommended]\nrules: { misspeled-format: off }\n"),
        ("set.yaml", "extends: [treaty:recomended]\n"),
        ("spectral.yaml", "rules:\n  a: { given: $, then: { function: truthy } }\n"),
        ("oas.yaml", "extends: [[spectral:oas, all]]\n"),
    ]);
    let run = |sets: &[&str]| {
        let sets = sets.iter().flat_map(|set| ["--ruleset", set]);
        lint(&place, &["openapi.yaml"].into_iter().chain(sets).collect::<Vec<_>>())
    };
    assert_eq!(rules(&run(&["only.yaml"])), ["misspelled-format"]);
    assert_eq!(rules(&run(&["house.yaml"])), ["missing-operation-id"]);
    assert_eq!(rules(&run(&["house.yaml", "only.yaml"])).len(), 2);
    assert_eq!(rules(&run(&["treaty:recommended"])).len(), 2);
    assert!(rules(&run(&["treaty:contract"])).len() >= 2);
    // What is broken is said whatever the set.
    place.file("openapi.yaml", "openapi: [\n");
    assert!(rules(&run(&["only.yaml"])).contains(&"syntax-error".to_owned()));
    let mut said = String::new();
    for set in [
        "near.yaml",
        "set.yaml",
        "spectral.yaml",
        "oas.yaml",
        "treaty:securty",
        "gone.yaml",
        "spectral:oas",
    ] {
        let ran = run(&[set]);
        assert_eq!(ran.code, 2, "{}", ran.text());
        said += &ran.err;
    }
    assert_snapshot!(said);
    // A file can extend sets as well.
    place.file("openapi.yaml", FAULTY);
    place.file("treaty.yaml", "version: 1\nextends: [treaty:security]\n");
    let secure = rules(&lint(&place, &["openapi.yaml"]));
    assert!(secure.contains(&"unsecured-read".to_owned()), "{secure:?}");
    assert!(!secure.contains(&"missing-operation-id".to_owned()), "{secure:?}");
    let named = lint(&place, &["openapi.yaml", "--ruleset", "treaty:recommended"]);
    assert_eq!(rules(&named).len(), 2);
}

#[test]
fn waivers_hold_until_their_day_and_are_needed() {
    let place = Place::with(&[("openapi.yaml", FAULTY), ("b.yaml", FAULTY)]);
    let run = |waivers: &str, paths: &[&str], epoch: &str| {
        place.file("treaty.yaml", format!("version: 1\nwaivers:\n{waivers}"));
        let arguments = [&["lint", "--format", "compact"], paths].concat();
        treaty(&place.path(""), &arguments, &[("SOURCE_DATE_EPOCH", epoch)], "")
    };
    let both = "\
- { rule: missing-operation-id, reason: Old clients., files: [/openapi.yaml] }
- rule: misspelled-format
  reason: Theirs.
  owner: pets team
  pointers: [/components/schemas/Pet]
  expires: 2026-11-24
";
    let (last, next) = ("1795564799", "1795564800");
    assert_eq!(rules(&run(both, &["openapi.yaml"], last)), Vec::<String>::new());
    let over = run(both, &["openapi.yaml"], next);
    assert_eq!(over.code, 1, "{}", over.text());
    assert_eq!(rules(&over), ["misspelled-format", "expired-waiver"]);
    assert_eq!(rules(&run(both, &["b.yaml"], last)), ["missing-operation-id"]);
    // One that nothing needs is told where all that it can be about was verified.
    let unused = "\
- { rule: openapi-2, reason: It was one., files: [/openapi.yaml] }
- { rule: duplicate-key, reason: Somewhere. }
- { rule: untyped-schema, reason: Off., files: [/openapi.yaml], pointers: [/paths] }
";
    let told = run(unused, &["openapi.yaml"], last);
    let said: Vec<_> = rules(&told).into_iter().filter(|it| it == "unused-waiver").collect();
    assert_eq!(said.len(), 2, "{}", told.text());
    assert!(told.out.contains("treaty.yaml:3:3: warn[unused-waiver]"), "{}", told.text());
    assert_eq!(run(unused, &["."], last).out.matches("unused-waiver").count(), 3);
    assert_eq!(run(unused, &["b.yaml"], last).out.matches("unused-waiver").count(), 0);
    let bad = treaty(&place.path(""), &["lint", "."], &[("SOURCE_DATE_EPOCH", "soon")], "");
    assert_eq!((bad.code, bad.err.contains("SOURCE_DATE_EPOCH")), (2, true), "{}", bad.text());
    let json = place.treaty(&["lint", "openapi.yaml", "--format", "json", "--isolated"]).json();
    assert!(json.get("waived").is_none());
    place.file("treaty.yaml", format!("version: 1\nwaivers:\n{both}").replace("2026", "9999"));
    let json = place.treaty(&["lint", "openapi.yaml", "--format", "json"]).json();
    assert_eq!((json["waived"].as_u64(), json["summary"]["error"].as_u64()), (Some(2), Some(0)));
}

#[test]
fn waivers_can_have_a_file_and_stand_in_documents() {
    let place = Place::with(&[
        ("openapi.yaml", FAULTY),
        ("treaty.yaml", "version: 1\nwaivers: waivers.yaml\n"),
        ("waivers.yaml", "version: 1\nwaivers:\n- { rule: misspelled-format, reason: Theirs. }\n"),
    ]);
    assert_eq!(rules(&lint(&place, &["openapi.yaml"])), ["missing-operation-id"]);
    place.file(
        "waivers.yaml",
        "version: 1\nwaivers:\n- { rule: mispelled-format, reason: Theirs. }\n",
    );
    let ran = lint(&place, &["openapi.yaml"]);
    assert!(
        ran.code == 2 && ran.err.contains("waivers.yaml:3:5: there is no rule"),
        "{}",
        ran.text()
    );
    std::fs::remove_file(place.path("treaty.yaml")).unwrap();
    // A file that two documents share: what one of them needs is no waiver too many.
    let shared = "x-treaty-allow: { rule: misspelled-format, reason: Theirs. }\ntype: string\nformat: uuidd\n";
    place.file("shared.yaml", shared);
    let user = |schema: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{ title: A, version: '1' }}\npaths: {{}}\ncomponents: {{ schemas: {{ S: {schema} }} }}\n"
        )
    };
    place.file("openapi.yaml", user("{ $ref: shared.yaml }"));
    place.file("b.yaml", user("{ $ref: shared.yaml }"));
    let ran = place.treaty(&["lint", "openapi.yaml", "b.yaml", "--format", "json"]);
    assert_eq!((ran.code, ran.json()["waived"].as_u64()), (0, Some(1)), "{}", ran.text());
    place.file("shared.yaml", shared.replace("uuidd", "uuid"));
    assert_eq!(rules(&lint(&place, &["openapi.yaml", "b.yaml"])), ["unused-waiver"]);
}

#[test]
fn stats_say_what_was_found_and_how_long_it_took() {
    let place = Place::with(&[("openapi.yaml", FAULTY)]);
    let ran = place.treaty(&["lint", "openapi.yaml", "--stats", "--format", "json"]);
    let json = ran.json();
    let stats = json["stats"].as_array().unwrap();
    let found = |rule: &str| stats.iter().find_map(|stat| stat["rules"][rule].as_u64());
    assert_eq!((found("missing-operation-id"), found("misspelled-format")), (Some(1), Some(1)));
    for check in ["reading", "walk"] {
        assert!(stats.iter().any(|stat| stat["check"] == check), "{}", ran.text());
    }
    let head = ran.err.lines().next().unwrap();
    assert!(head.starts_with("CHECK") && head.ends_with("MILLISECONDS  FOUND"), "{}", ran.err);
    assert!(
        place.treaty(&["lint", "openapi.yaml", "--format", "json"]).json().get("stats").is_none()
    );
}

#[test]
fn a_fix_leaves_alone_what_is_waived_or_off() {
    let place = Place::with(&[
        ("openapi.yaml", FAULTY),
        ("treaty.yaml", "version: 1\nwaivers: [{ rule: missing-operation-id, reason: Old. }]\n"),
    ]);
    place.treaty(&["fix", "openapi.yaml"]);
    assert_eq!(place.read("openapi.yaml"), FAULTY);
    place.treaty(&["fix", "openapi.yaml", "--isolated"]);
    assert!(place.read("openapi.yaml").contains("operationId: getPets"));
}

#[test]
fn a_gate_takes_waivers_from_the_base_alone() {
    let allow = "    get:\n      x-treaty-allow: { rule: missing-operation-id, reason: Old. }\n";
    let format = FAULTY.replace("uuidd", "uuid");
    let waived = format.replace("    get:\n", allow);
    let place = Place::with(&[("old/base.yaml", &format), ("openspec.yaml", &waived)]);
    let run = |more: &[&str]| {
        let arguments = ["gate", "--base", "old/base.yaml", "--format", "json", "openspec.yaml"];
        let ran = place.treaty(&[&arguments[..], more].concat());
        (ran.code, ran.json()["waived"].as_u64())
    };
    assert_eq!(run(&[]), (1, None), "the proposal waives nothing");
    place.file("treaty.yaml", "version: 1\nrules: { missing-operation-id: off }\n");
    assert_eq!(run(&[]), (1, None), "nor does a configuration beside it");
    place.file("old/base.yaml", &waived);
    assert_eq!(run(&[]), (0, Some(1)));
    place.file("old/base.yaml", &format);
    let charter = "version: 1\nwaivers:\n- { rule: missing-operation-id, reason: Old., files: [openspec.yaml], pointers: [/paths/~1pets] }\n";
    place.file("old/treaty.yaml", charter);
    assert_eq!(run(&[]), (0, Some(1)));
    place.file("old/treaty.yaml", charter.replace("~1pets", "~1cats"));
    assert_eq!(run(&[]), (1, None));
    place.file("old/treaty.yaml", "version: 1\nwaivers: waivers.yaml\n");
    place.file("old/waivers.yaml", charter);
    assert_eq!(run(&[]), (0, Some(1)));
    place.file(
        "old/treaty.yaml",
        "version: 1\noverrides: [{ pointers: [/paths], rules: { missing-operation-id: warn } }]\n",
    );
    assert_eq!(run(&[]), (0, None));
}

#[test]
fn a_configuration_that_leads_out_is_not_read() {
    let outside = Place::with(&[("secret.yaml", "SECRET-7f3a: 1\n")]);
    let place = Place::with(&[("api/openapi.yaml", FAULTY)]);
    let link = |to: &std::path::Path, at: &str| {
        let _ = std::fs::remove_file(place.path(at));
        std::os::unix::fs::symlink(to, place.path(at)).unwrap();
    };
    link(&outside.path("secret.yaml"), "treaty.yaml");
    for arguments in [&["lint", "."][..], &["fix", "api"], &["lint", "api/openapi.yaml"]] {
        let ran = place.treaty(arguments);
        assert_eq!(ran.code, 2, "{}", ran.text());
        assert!(ran.err.contains("leads out of"), "{}", ran.text());
        assert!(!ran.text().contains("SECRET"), "{}", ran.text());
    }
    assert_eq!(lint(&place, &[".", "--isolated"]).code, 1);
    std::fs::remove_file(place.path("treaty.yaml")).unwrap();
    place.file("treaty.yaml", "version: 1\nwaivers: more.yaml\n");
    link(&outside.path("secret.yaml"), "more.yaml");
    let ran = lint(&place, &["."]);
    assert!(ran.code == 2 && !ran.text().contains("SECRET"), "{}", ran.text());
    // A directory of that name is none, and a link that stays inside is followed.
    std::fs::remove_file(place.path("treaty.yaml")).unwrap();
    std::fs::create_dir(place.path("treaty.yaml")).unwrap();
    assert_eq!(lint(&place, &["."]).code, 1);
    std::fs::remove_dir(place.path("treaty.yaml")).unwrap();
    place.file("rules/house.yaml", "version: 1\nrules: { missing-operation-id: off }\n");
    link(&place.path("rules/house.yaml"), "treaty.yaml");
    assert_eq!(rules(&lint(&place, &["api"])), ["misspelled-format"]);
}
