//! Whole negotiations with programs at the table.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::{
    negotiation::play::commits,
    program::{Place, treaty},
};

/// The second at which these runs begin.
const EPOCH: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795564800");

fn environment() -> Vec<(&'static str, String)> {
    vec![("PATH", std::env::var("PATH").unwrap()), (EPOCH.0, EPOCH.1.to_owned())]
}

/// A scenario in a directory of its own, with every file changed by `change`.
fn scenario(folder: &str, change: impl Fn(&str, String) -> String) -> Place {
    let place = Place::empty();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        place.file(&format!("scenario/{name}"), change(&name, text));
    }
    place
}

/// Negotiates; gives the report.
fn negotiated(place: &Place) -> serde_json::Value {
    let environment = environment();
    let environment: Vec<_> = environment.iter().map(|(key, it)| (*key, it.as_str())).collect();
    let arguments = ["negotiate", "scenario", "--out", "out", "--format", "json"];
    let ran = treaty(&place.path(""), &arguments, &environment, "");
    assert_eq!(ran.err, "");
    ran.json()
}

/// The files of a contract repository as its last commit has them.
fn contents(place: &Place) -> BTreeMap<String, String> {
    ["openspec.yaml", "chat-history.txt", "journal.jsonl", "treaty.yaml"]
        .map(|name| (name.to_owned(), place.read(&format!("out/{name}"))))
        .into()
}

pub(super) fn has(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        eprintln!("skipped: there is no {program}");
    }
    there
}

#[test]
fn a_mandate_agent_behind_a_pipe_ends_alike() {
    for folder in ["bitrix-erp", "clinic-lab", "customs-broker"] {
        let folder = format!("fixtures/negotiation/{folder}");
        let embedded = scenario(&folder, |_, text| text);
        let report = negotiated(&embedded);
        let program = env!("CARGO_BIN_EXE_treaty");
        for parties in [1, 2] {
            let seated = std::cell::Cell::new(0);
            let piped = scenario(&folder, |name, text| {
                if !name.ends_with(".mandate.yaml") || seated.get() == parties {
                    return text;
                }
                seated.set(seated.get() + 1);
                format!("{text}\nseat: {{ exec: [{program}, agent, ./{name}] }}\n")
            });
            assert_eq!(negotiated(&piped), report, "{folder}");
            assert_eq!(seated.get(), parties);
            assert_eq!(contents(&piped), contents(&embedded), "{folder}");
            assert_eq!(commits(&piped.path("out")), commits(&embedded.path("out")));
        }
    }
}

#[test]
fn two_programs_of_any_language_agree() {
    if !has("python3") {
        return;
    }
    let place = scenario("fixtures/agents", |_, text| text);
    let report = negotiated(&place);
    assert_eq!(report["outcome"], "agreed", "{report}");
    assert_eq!(report["bounces"]["merchant"], 1);
    assert_eq!(report["faults"], serde_json::json!({ "merchant": 0, "courier": 0 }));
    insta::assert_snapshot!(place.read("out/chat-history.txt"));
    let log = place.read("out.private/merchant/agent.log");
    assert!(log.contains("-1: propose\n") && log.contains("ended (exit status: 0)"), "{log}");
}

/// An agent that notes what it is asked, and once, at question `$1`, kills the negotiation:
/// before it answers, or when it has (`$2`).
const KILLER: &str = r#"
while IFS= read -r question; do
    printf '%s\n' "$question" >>"asked"
    answer=$(printf '%s\n' "$question" | "$TREATY" agent "$3")
    hit=
    case $question in
    *'"request_id":"'????????-"$1"'"'*) [ -e killed ] || { : >killed; hit=$2; } ;;
    esac
    [ "$hit" = before ] && kill -9 $PPID
    printf '%s\n' "$answer"
    [ "$hit" = after ] && kill -9 $PPID
done
"#;

#[test]
fn a_negotiation_of_programs_that_is_killed_asks_nothing_again() {
    let folder = "fixtures/negotiation/customs-broker";
    let whole = scenario(folder, |_, text| text);
    let report = negotiated(&whole);
    let program = env!("CARGO_BIN_EXE_treaty");
    for (number, when) in (1..=4).flat_map(|it| [(it, "before"), (it, "after")]) {
        let place = scenario(folder, |name, text| {
            if !name.ends_with(".mandate.yaml") {
                return text;
            }
            let command = format!("[sh, ./killer.sh, \"{number}\", {when}, ./{name}]");
            format!("{text}\nseat: {{ exec: {command} }}\n")
        });
        place.file("scenario/killer.sh", format!("TREATY={program}\n{KILLER}"));
        let environment = environment();
        let environment: Vec<_> = environment.iter().map(|(key, it)| (*key, it.as_str())).collect();
        let arguments = ["negotiate", "scenario", "--out", "out"];
        let killed = treaty(&place.path(""), &arguments, &environment, "");
        assert_eq!(killed.code, -1, "{number} {when}: {}", killed.text());
        assert_eq!(negotiated(&place), report, "{number} {when}");
        assert_eq!(contents(&place), contents(&whole), "{number} {when}");
        assert_eq!(commits(&place.path("out")), commits(&whole.path("out")));
        let asked = place.read("scenario/asked");
        let mut questions = BTreeMap::<&str, usize>::new();
        for line in asked.lines() {
            *questions.entry(line).or_default() += 1;
        }
        let hit = format!("-{number}\"");
        for (question, times) in questions {
            let most = 1 + usize::from(question.contains(&hit));
            assert!(times <= most, "{number} {when}: {times} times {question}");
        }
        // A finished run asks nobody.
        place.file("scenario/asked", "");
        assert_eq!(negotiated(&place), report);
        assert_eq!(place.read("scenario/asked"), "");
    }
}

/// A scenario whose opener is this script.
fn opened_by(script: &str, limits: &str) -> Place {
    let place = Place::empty();
    place.file(
        "scenario/treaty.yaml",
        format!(
            "version: 1\nparties: {{ shop: {{ agent: Shop }}, erp: {{ agent: Erp }} }}\nlimits: {limits}\n"
        ),
    );
    place.file("scenario/erp.mandate.yaml", "party: erp\n");
    place.file("scenario/shop.mandate.yaml", "party: shop\nseat: { exec: [sh, agent.sh] }\n");
    place.file("scenario/agent.sh", script);
    place
}

/// The faults in a shared journal, in order.
fn faults(place: &Place) -> Vec<String> {
    let journal = place.read("out/journal.jsonl");
    let entries = journal.lines().map(|line| serde_json::from_str(line).unwrap());
    let faults = entries.filter(|it: &serde_json::Value| it["type"] == "fault");
    faults.map(|it| it["fault"].as_str().unwrap().to_owned()).collect()
}

/// The start of an answering script: what `$id` and `$answer` are.
const ANSWERS: &str = "answer() { printf '{\"v\":1,\"request_id\":\"%s\",\"act\":\"exit\",\"base\":%s,\"body\":{}}\\n' \"$1\" \"$2\"; }\n\
    id() { printf '%s\\n' \"$q\" | sed 's/.*\"request_id\":\"\\([^\"]*\\)\".*/\\1/'; }\n";

#[test]
fn a_program_that_misbehaves_fails_its_seat_by_name() {
    let deep = "printf '%2000s\\n' | tr ' ' '['";
    for (script, named) in [
        ("while read -r q; do echo hello; done", "garbage"),
        ("while read -r q; do printf '\\377\\n'; done", "garbage"),
        (&format!("while read -r q; do {deep}; done"), "garbage"),
        ("while read -r q; do echo '{}'; done", "no-act"),
        ("while read -r q; do printf '%300000s\\n' x; done", "too-long"),
        ("while read -r q; do answer other null; done", "wrong-request"),
        ("while read -r q; do answer $(id) '\"'$(printf '%064d' 0)'\"'; done", "stale-base"),
        ("while read -r q; do printf 'a\\n'; printf 'b\\n'; done", "unasked"),
        ("read -r q", "ended"),
        // How much has come before the next question is the machine's affair.
        ("yes", "flooded or unasked"),
        ("cat /dev/zero", "flooded"),
        ("sleep 300", "timed-out"),
    ] {
        let place = opened_by(&format!("{ANSWERS}{script}"), "{ turn_seconds: 1 }");
        let report = negotiated(&place);
        assert_eq!(report["outcome"], "failed-seat", "{script}: {report}");
        assert_eq!(report["faults"]["shop"], 3, "{script}");
        let faults = faults(&place);
        let named = || named.split(" or ");
        assert!(faults.iter().any(|it| named().any(|name| it == name)), "{script}: {faults:?}");
        assert_eq!(faults.len(), 3, "{script}");
    }
}

#[test]
fn an_agent_sees_no_more_of_the_environment_than_it_should() {
    let place = opened_by("env >env.txt; pwd >>env.txt", "{ faults: 1 }");
    let mandate = "party: shop\nseat: { exec: [sh, ./agent.sh], environment: [SHOP_KEY] }\n";
    place.file("scenario/shop.mandate.yaml", mandate);
    let path = std::env::var("PATH").unwrap();
    let environment = [
        ("PATH", path.as_str()),
        ("LC_ALL", "C"),
        ("SHOP_KEY", "mine"),
        ("ERP_KEY", "secret"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    treaty(&place.path(""), &["negotiate", "scenario", "--out", "out"], &environment, "");
    let seen = place.read("scenario/env.txt");
    for line in ["LC_ALL=C", "SHOP_KEY=mine"] {
        assert!(seen.lines().any(|it| it == line), "{seen}");
    }
    assert!(!seen.contains("secret"), "{seen}");
    let directory = place.path("scenario").canonicalize().unwrap();
    assert!(seen.ends_with(&format!("{}\n", directory.display())), "{seen}");
}

#[test]
fn a_program_that_is_not_there_ends_nothing() {
    let place = opened_by("", "{}");
    place.file("scenario/shop.mandate.yaml", "party: shop\nseat: { exec: [no-such-program] }\n");
    let environment = environment();
    let environment: Vec<_> = environment.iter().map(|(key, it)| (*key, it.as_str())).collect();
    let arguments = ["negotiate", "scenario", "--out", "out"];
    let ran = treaty(&place.path(""), &arguments, &environment, "");
    insta::assert_snapshot!(ran.text());
    // Nothing was begun: with another mandate the same command begins.
    place.file("scenario/shop.mandate.yaml", "party: shop\nseat: { exec: [sh, agent.sh] }\n");
    assert_eq!(negotiated(&place)["outcome"], "failed-seat");
}

#[cfg(feature = "http")]
mod model {
    //! A model at one side of a whole negotiation.

    use std::path::{Path, PathBuf};

    use serde_json::json;

    use super::{negotiated, scenario};
    use crate::{
        program::treaty,
        seats::service::{Asked, Play, Service, chat_text},
    };

    const KEY: &str = "sk-whole-0123456789abcdef";

    /// Declines once, then accepts whatever is on the table; says its key to everybody.
    fn willing(asked: &Asked) -> String {
        let words = asked.body["messages"][1]["content"].as_str().unwrap();
        let state = words.lines().find(|it| it.starts_with('{')).unwrap();
        let state: serde_json::Value = serde_json::from_str(state).unwrap();
        let words = if state["turn"] == 2 {
            json!({ "act": "ask", "body": {
                "pointer": "/paths/~1orders/post", "question": format!("Is {KEY} our key?"),
            }})
        } else {
            json!({ "act": "accept", "body": { "sha256": state["head"]["sha256"] } })
        };
        chat_text(&words.to_string())
    }

    /// Every file below a directory.
    fn below(directory: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(directory).unwrap().map(|it| it.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
    }

    #[test]
    fn a_model_agrees_and_its_key_stays_at_home() {
        let service = Service::new(vec![Play::Made(willing)]);
        let place = scenario("fixtures/negotiation/bitrix-erp", |name, text| {
            let brief = format!(
                "seat: {{ http: {{ url: \"{}\", model: m, key_variable: ERP_KEY, prompt: erp.prompt.md }} }}",
                service.url
            );
            if name == "erp.mandate.yaml" { format!("{text}\n{brief}\n") } else { text }
        });
        let path = std::env::var("PATH").unwrap();
        let environment =
            [("PATH", path.as_str()), ("ERP_KEY", KEY), ("SOURCE_DATE_EPOCH", "1795564800")];
        let arguments = ["negotiate", "scenario", "--out", "out"];
        let refused = treaty(&place.path(""), &arguments, &environment[..1], "");
        assert_eq!(refused.code, 2);
        insta::assert_snapshot!(refused.err.replace(&service.url, "URL"));
        let ran = treaty(&place.path(""), &arguments, &environment, "");
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(!ran.text().contains(KEY));
        for file in below(&place.path("")) {
            let bytes = std::fs::read(&file).unwrap();
            let found = bytes.windows(KEY.len()).any(|it| it == KEY.as_bytes());
            assert!(!found, "{}", file.display());
        }
        assert!(place.read("out/chat-history.txt").contains("Is [key] our key?"));
        let asked = service.asked();
        assert!(asked.iter().all(|it| it.head.contains(&format!("Bearer {KEY}"))));
        let role = asked[0].body["messages"][0]["content"].as_str().unwrap();
        assert!(role.starts_with("You are `ERPSYS_Head_Bot`."), "{role}");
        assert!(!asked[0].body.to_string().contains("erpdb01"));
        // A run that has ended needs neither the key nor the service.
        let report = negotiated(&place);
        assert_eq!(report["outcome"], "agreed");
        assert_eq!(service.asked().len(), asked.len());
    }
}
