//! What we tell others to write into their CI: it is well-formed, and every command exists.

use std::{collections::BTreeMap, path::Path};

use serde_yaml::Value;

/// The texts under `docs/` and the front page, by path.
fn pages() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = BTreeMap::new();
    for top in ["docs", "README.md", ".pre-commit-hooks.yaml"] {
        for entry in ignore::WalkBuilder::new(root.join(top)).build().flatten() {
            let path = entry.path().strip_prefix(root).unwrap().display().to_string();
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                pages.insert(path, text);
            }
        }
    }
    pages
}

fn parse(path: &str, text: &str) -> Value {
    let parsed = serde_yaml::from_str(text);
    assert!(parsed.is_ok(), "{path}: {parsed:?}");
    parsed.unwrap()
}

/// The blocks of a page that hold commands, or the whole text of another file.
fn commands(path: &str, text: &str) -> Vec<Vec<String>> {
    let is_page = Path::new(path).extension().is_some_and(|it| it == "md");
    let mut is_shell = !is_page;
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```").filter(|_| is_page) {
            is_shell = matches!(language, "sh" | "bash" | "console" | "yaml");
        } else if is_shell {
            let line = line.trim_start().trim_start_matches("- ");
            let line = ["run: ", "entry: ", "$ "]
                .iter()
                .find_map(|it| line.strip_prefix(it))
                .unwrap_or(line);
            found.extend(
                parts(line)
                    .into_iter()
                    .filter(|words| words.first().is_some_and(|it| it == "treaty")),
            );
        }
    }
    found
}

/// The simple commands of a line of shell, in words without their quotes.
fn parts(line: &str) -> Vec<Vec<String>> {
    let mut parts = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    for char in line.chars() {
        match char {
            char if quote == Some(char) => quote = None,
            '\'' | '"' if quote.is_none() => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            '#' if quote.is_none() && word.is_none() => break,
            ' ' | ';' | '|' | '&' | '(' | ')' | '>' | '<' if quote.is_none() => {
                parts.last_mut().unwrap().extend(word.take());
                if char != ' ' {
                    parts.push(Vec::new());
                }
            }
            char => word.get_or_insert_default().push(char),
        }
    }
    parts.last_mut().unwrap().extend(word);
    parts
}

#[test]
fn every_command_that_is_written_down_exists() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (path, text) in pages() {
        for words in commands(&path, &text) {
            count += 1;
            if let Err(refused) = treaty::cli::command().try_get_matches_from(&words) {
                let is_help = !refused.use_stderr();
                if !is_help {
                    wrong.push(format!("{path}: {}\n{refused}", words.join(" ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(count >= 15, "only {count} commands were seen");
}

#[test]
fn commands_are_taken_out_of_lines_of_shell() {
    let words = |line| parts(line).into_iter().map(|words| words.join("|")).collect::<Vec<_>>();
    assert_eq!(words("a 'b c' \"d\"e # f"), ["a|b c|de"]);
    assert_eq!(words("a>b && c"), ["a", "b", "", "c"]);
    let text =
        "text\n```sh\ntreaty lint .\n```\ntreaty fly\n```yaml\n- run: x | treaty rules\n```\n";
    assert_eq!(commands("x.md", text), [vec!["treaty", "lint", "."], vec!["treaty", "rules"]]);
}

#[test]
fn workflows_are_well_formed_and_pin_what_they_use() {
    let mut steps = 0;
    for (path, text) in pages().into_iter().filter(|(path, _)| path.starts_with("docs/ci/github/"))
    {
        let workflow = parse(&path, &text);
        assert!(workflow["name"].is_string() && workflow.get("on").is_some(), "{path}");
        assert_eq!(workflow["permissions"], Value::Mapping(serde_yaml::Mapping::new()), "{path}");
        for (_, job) in workflow["jobs"].as_mapping().unwrap() {
            assert!(job["runs-on"].is_string() && job["permissions"].is_mapping(), "{path}");
            for step in job["steps"].as_sequence().unwrap() {
                steps += 1;
                let (uses, run) = (step["uses"].as_str(), step["run"].as_str());
                assert_eq!(uses.is_some(), run.is_none(), "{path}: {step:?}");
                // What a stranger writes never becomes a part of a script.
                assert!(!run.is_some_and(|run| run.contains("${{")), "{path}: {run:?}");
                let Some(uses) = uses else { continue };
                let commit = uses.split_once('@').unwrap().1;
                assert!(commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit()));
                assert!(text.contains(&format!("{uses} # v")), "{path}: {uses} says no version");
            }
        }
    }
    assert!(steps >= 10, "only {steps} steps were seen");
}

#[test]
fn the_template_for_gitlab_is_well_formed() {
    let path = "docs/ci/gitlab.yaml";
    let template = parse(path, &pages()[path]);
    let stages = template["stages"].as_sequence().unwrap();
    for name in ["lint", "gate", "negotiate"] {
        let job = &template[name];
        assert_eq!(job["extends"], ".treaty", "{name}");
        assert!(stages.contains(&job["stage"]), "{name}");
        assert!(job["script"].as_sequence().unwrap().iter().all(Value::is_string), "{name}");
    }
}

#[test]
fn the_workflows_install_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    for (path, text) in pages().into_iter().filter(|(path, _)| path.starts_with("docs/ci/")) {
        for line in text.lines().filter(|line| line.contains("TREATY_VERSION: ")) {
            assert!(line.ends_with(&format!(": {version}")), "{path}: {line}");
        }
        assert!(!text.contains("rev: ") || text.contains(&format!("rev: v{version}")), "{path}");
    }
}

#[test]
fn the_hooks_for_pre_commit_are_this_program() {
    let path = ".pre-commit-hooks.yaml";
    let hooks = parse(path, &pages()[path]);
    let hooks = hooks.as_sequence().unwrap();
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        assert_eq!(hook["entry"], "treaty hook run --quiet");
        assert_eq!((&hook["always_run"], &hook["require_serial"]), (&true.into(), &true.into()));
    }
}
