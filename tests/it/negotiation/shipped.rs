//! The scenarios that ship, run by the program itself.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::program::{Ran, treaty};

use super::{
    boundary::{plain, shared_bytes},
    play::{commits, directory},
};

const EPOCH: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795564800");

fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/negotiation");
    let mut folders: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn name(scenario: &Path) -> &str {
    scenario.file_name().unwrap().to_str().unwrap()
}

fn negotiate(folder: &Path, scenario: &Path, more: &[&str]) -> Ran {
    let arguments = [&["negotiate", scenario.to_str().unwrap()], more].concat();
    treaty(folder, &arguments, &[EPOCH], "")
}

#[test]
fn every_scenario_ends_as_its_snapshot_says() {
    for scenario in scenarios() {
        let folder = directory();
        let ran = negotiate(folder.path(), &scenario, &[]);
        let json = negotiate(folder.path(), &scenario, &["--format", "json"]);
        assert_eq!(ran.code, json.code);
        let out = folder.path().join("treaty-out").join(name(&scenario));
        let contract = fs::read_to_string(out.join("openspec.yaml")).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&scenario);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            let told = format!("exit {}\n{}{}", ran.code, ran.out, ran.err);
            insta::assert_snapshot!("outcome", format!("{told}\n{}\n{contract}", json.out));
        });
        let linted = treaty(&out, &["lint", "openspec.yaml"], &[], "");
        assert_eq!(linted.code, 0, "{}", linted.out);
    }
}

#[test]
fn two_runs_give_the_same_commits_whoever_runs_them() {
    let scenario = &scenarios()[0];
    let folder = directory();
    let home = folder.path().join("home");
    fs::create_dir(&home).unwrap();
    let odd = "[init]\ndefaultBranch = odd\ntemplateDir = /nowhere\n[core]\nautocrlf = true\n\
               hooksPath = /nowhere\nlogAllRefUpdates = always\n[commit]\ngpgSign = true\n\
               [user]\nname = Olga Operator\nemail = olga@corp.internal\n";
    fs::write(home.join(".gitconfig"), odd).unwrap();
    let run = |out: &str, environment: &[(&str, &str)]| {
        let arguments = ["negotiate", scenario.to_str().unwrap(), "--out", out, "--quiet"];
        let ran = treaty(folder.path(), &arguments, environment, "");
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
        commits(&folder.path().join(out))
    };
    let first = run("first", &[EPOCH]);
    let second = run("second", &[EPOCH, ("HOME", home.to_str().unwrap()), ("USER", "olga")]);
    assert_eq!(first, second);
    let shared = plain(&shared_bytes(&folder.path().join("second"), "", ""));
    assert!(!shared.contains("olga") && !shared.contains("corpinternal"));
}

#[test]
fn no_private_term_of_a_shipped_mandate_is_shared() {
    for scenario in scenarios() {
        let folder = directory();
        let ran = negotiate(folder.path(), &scenario, &[]);
        let out = folder.path().join("treaty-out").join(name(&scenario));
        let shared = plain(&shared_bytes(&out, &ran.out, &ran.err));
        let mut terms = 0;
        for entry in fs::read_dir(&scenario).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let line = text.lines().find_map(|line| line.strip_prefix("private_terms:"));
            let list = line.map(|line| line.trim().trim_matches(['[', ']'])).unwrap_or_default();
            for term in list.split(',').map(|term| plain(term.as_bytes())) {
                assert!(term.is_empty() || !shared.contains(&term), "{term} is shared");
                terms += usize::from(!term.is_empty());
            }
        }
        assert!(terms > 1, "{} has private terms", scenario.display());
        for party in fs::read_dir(out.with_extension("private")).unwrap() {
            let party = party.unwrap().path();
            let drafts = fs::read_dir(&party).into_iter().flatten().map(|it| it.unwrap().path());
            for draft in drafts.filter(|it| it.to_str().unwrap().ends_with("-bounced.yaml")) {
                let draft = plain(&fs::read(&draft).unwrap());
                assert!(!shared.contains(&draft), "a bounced draft of {}", party.display());
            }
        }
    }
}

#[test]
fn an_enclosing_repository_sees_nothing_of_a_run() {
    let folder = directory();
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(folder.path()).args(arguments);
        let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "-q"]);
    negotiate(folder.path(), &scenarios()[0], &[]);
    assert_eq!(git(&["status", "--porcelain", "--untracked-files=all"]), "");
}

#[test]
fn a_wrong_input_is_told_where_and_leaves_nothing_behind() {
    let shipped = &scenarios()[0];
    let mut said = String::new();
    for (file, from, to) in [
        ("treaty.yaml", "version: 1", "version: 1\nrules: { missing-operation: error }"),
        ("treaty.yaml", "parties:", "party:"),
        ("treaty.yaml", "version: 1", "version: 1\nlimits: { act_bytes: 2048 }"),
        ("shop.mandate.yaml", "party: shop", "party: erp"),
        ("shop.mandate.yaml", "party: shop", "party: shop\nseat: { exec: [./agent] }"),
        ("shop.mandate.yaml", "private_terms: [", "private_terms: [a, "),
        ("erp.mandate.yaml", "dictionary:", "dictonary:"),
    ] {
        let folder = directory();
        let scenario = folder.path().join("scenario");
        fs::create_dir(&scenario).unwrap();
        for entry in fs::read_dir(shipped).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, scenario.join(path.file_name().unwrap())).unwrap();
        }
        let text = fs::read_to_string(scenario.join(file)).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        let text = text.replacen("seat: embedded\n", "", 1).replacen(from, to, 1);
        fs::write(scenario.join(file), text).unwrap();
        let ran = treaty(folder.path(), &["negotiate", "scenario"], &[], "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
        said.push_str(&ran.err);
    }
    let folder = directory();
    for arguments in [&["nowhere"][..], &["."]] {
        let ran = treaty(folder.path(), &[&["negotiate"], arguments].concat(), &[], "");
        assert_eq!(ran.code, 2);
        said.push_str(&ran.err);
    }
    let scenario = shipped.to_str().unwrap();
    let odd = [("SOURCE_DATE_EPOCH", "yesterday")];
    said.push_str(&treaty(folder.path(), &["negotiate", scenario], &odd, "").err);
    insta::assert_snapshot!(said);
}

/// A log is read by both sides; who holds both mandates can ask for more.
#[test]
fn a_log_says_of_a_bounce_what_both_sides_may_know() {
    let folder = directory();
    let scenario = &scenarios()[0];
    let quiet = negotiate(folder.path(), scenario, &["--out", "one"]);
    let loud = negotiate(folder.path(), scenario, &["--out", "two", "--verbose"]);
    assert!(!quiet.out.contains("error["), "{}", quiet.out);
    let told = "         in full: one.private/shop/0001-findings.json";
    assert!(quiet.out.lines().any(|line| line == told), "{}", quiet.out);
    assert!(folder.path().join(told.trim().trim_start_matches("in full: ")).is_file());
    assert!(loud.out.contains("error[missing-operation-id]: `POST /orders`"), "{}", loud.out);
}
