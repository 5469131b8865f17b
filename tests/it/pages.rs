//! `treaty init`, `treaty completions` and `treaty man`.

use std::process::{Command, Stdio};

use insta::assert_snapshot;
use treaty::charter::{CHARTER, Charter, TEMPLATE};

use crate::program::{Place, treaty};

#[test]
fn init_writes_a_charter_once() {
    let place = Place::empty();
    assert_eq!(place.treaty(&["init"]).text(), "exit 0\n--- out\nwrote treaty.yaml\n");
    assert_eq!(place.read("treaty.yaml"), TEMPLATE);
    place.file("treaty.yaml", "mine");
    assert_snapshot!(place.treaty(&["init"]).text(), @r"
    exit 2
    --- err
    error: treaty.yaml is there already
      help: `--force` writes over it
    ");
    assert_eq!(place.read("treaty.yaml"), "mine");
    assert_eq!(place.treaty(&["init", "--force"]).code, 0);
    assert_eq!(place.read("treaty.yaml"), TEMPLATE);
    std::fs::create_dir(place.path("api")).unwrap();
    assert_eq!(place.treaty(&["init", "./api"]).text(), "exit 0\n--- out\nwrote api/treaty.yaml\n");
    assert_eq!(place.treaty(&["init", "gone"]).code, 2);
}

#[test]
fn the_settings_of_the_template_are_the_defaults() {
    let charter = Charter::parse(CHARTER, TEMPLATE.as_bytes()).unwrap();
    let full: String = TEMPLATE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting,
            _ => line,
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    let spelled = Charter::parse(CHARTER, full.as_bytes()).unwrap();
    assert_eq!(charter, spelled);
    let schema = serde_json::from_str(treaty::charter::SCHEMA).unwrap();
    let keys: serde_json::Value = serde_yaml::from_str(&full).unwrap();
    assert!(jsonschema::is_valid(&schema, &keys));
    for key in schema["properties"].as_object().unwrap().keys() {
        assert!(keys.get(key).is_some(), "the template says nothing of `{key}`");
    }
}

/// Runs a program on a text; nothing, with a word, where it is absent.
fn accepts(program: &[&str], text: &str) -> Option<bool> {
    let child = Command::new(program[0])
        .args(&program[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: there is no {}", program[0]);
        return None;
    };
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes());
    Some(child.wait().unwrap().success())
}

#[test]
fn every_shell_gets_its_completions() {
    let folder = std::env::temp_dir();
    for (shell, checker) in [
        ("bash", Some(["bash", "-n"])),
        ("zsh", Some(["zsh", "-n"])),
        ("fish", Some(["fish", "-n"])),
        ("powershell", None),
        ("elvish", None),
    ] {
        let ran = treaty(&folder, &["completions", shell], &[], "");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        for word in ["unsafe-fixes", "negotiate", "fail-severity"] {
            assert!(ran.out.contains(word), "{shell} does not know {word}");
        }
        let accepted = checker.and_then(|checker| accepts(&checker, &ran.out));
        assert_ne!(accepted, Some(false), "{shell}");
    }
    assert_eq!(treaty(&folder, &["completions", "cmd"], &[], "").code, 2);
}

#[test]
fn every_command_has_its_page() {
    let place = Place::empty();
    let page = place.treaty(&["man"]).out;
    assert!(page.contains(".TH treaty 1"), "{page}");
    let command = treaty::cli::command();
    for command in command.get_subcommands() {
        let name = command.get_name();
        assert!(page.contains(&format!("treaty\\-{name}(1)")), "{name}");
        let own = place.treaty(&["man", name]).out;
        assert!(own.contains(&format!(".TH treaty-{name} 1  \"treaty ")), "{own}");
        assert_ne!(accepts(&["groff", "-man", "-z", "-ww"], &own), Some(false), "{name}");
    }
    assert!(place.treaty(&["man", "hook", "run"]).out.contains("\ntreaty\\-hook\\-run \\- "));
    assert_eq!(place.treaty(&["man", "--to", "man/man1"]).text(), "exit 0\n");
    assert_eq!(place.read("man/man1/treaty.1"), page);
    assert!(!place.path("man/man1/treaty-help.1").exists());
    assert_snapshot!(place.treaty(&["man", "lnt"]).text(), @r"
    exit 2
    --- err
    error: there is no command `lnt`
      help: did you mean `lint`?
    ");
}
