//! The charter: what it means by itself, and what is said of one that is wrong.

use treaty::charter::{Charter, PartyIndex, PrivateTerm, RuleLevel, Undecided};

const SMALLEST: &str = "\
version: 1
parties:
  shop: { agent: Bitrix_Lead_Bot, owns: [/paths/~1orders] }
  erp: { agent: ERPSYS_Head_Bot, owns: [] }
";

fn parse(text: &str) -> Result<Charter, String> {
    Charter::parse("treaty.yaml", text.as_bytes()).map_err(|error| error.to_string())
}

#[test]
fn the_smallest_charter_has_a_default_for_everything_else() {
    let charter = parse(SMALLEST).unwrap();
    assert_eq!(charter.contract.as_str(), "openspec.yaml");
    assert_eq!(charter.transcript.as_str(), "chat-history.txt");
    assert_eq!(charter.party(PartyIndex::First).name.as_str(), "shop");
    assert_eq!(charter.party(PartyIndex::First).owns[0].as_str(), "/paths/~1orders");
    assert_eq!(charter.index_of("erp"), Some(PartyIndex::Second));
    assert_eq!(charter.policy.undecided, Undecided::Pass);
    let limits = charter.limits;
    assert_eq!((limits.turns(), limits.bounces(), limits.faults()), (12, 3, 3));
    assert_eq!((limits.turn_ms(), limits.act_bytes()), (600_000, 262_144));
    assert_eq!(charter.rule("no-such-rule"), None);
}

#[test]
fn a_charter_can_say_everything() {
    let more = "contract: api.yaml\ntranscript: talk.txt\nglossary: { formats: [sku] }\n\
                rules: { a-rule: off, b-rule: hint }\npolicy: { undecided: bounce }\n\
                limits: { turns: 4, bounces: 1, faults: 2, turn_seconds: 5, act_bytes: 2048 }\n";
    let charter = parse(&format!("{SMALLEST}{more}")).unwrap();
    assert_eq!(charter.rule("a-rule"), Some(RuleLevel::Off));
    assert_eq!(charter.glossary.formats, ["sku"]);
    assert_eq!(charter.policy.undecided, Undecided::Bounce);
    assert_eq!(charter.limits.session_ms(), 20_000);
}

#[test]
fn a_charter_that_is_wrong_is_told_where_and_what_to_do() {
    let party =
        |name: &str, agent: &str| SMALLEST.replace("shop", name).replace("Bitrix_Lead_Bot", agent);
    let more = |text: &str| format!("{SMALLEST}{text}\n");
    let mut said = String::new();
    for text in [
        String::new(),
        "version: 1".to_owned(),
        SMALLEST.replace("version: 1", "version: 2"),
        SMALLEST.replace("parties", "partys"),
        SMALLEST.replace("agent: B", "agnet: B"),
        more("version: 1"),
        more("limits: { turnes: 4 }"),
        more("limits: { turns: 0 }"),
        more("limits: { turns: many }"),
        more("policy: { undecided: bounces }"),
        more("rules: { a-rule: eror }"),
        more("rules: { a-rule: error, a-rule: off }"),
        more("contract: ../openspec.yaml"),
        more("contract: .git"),
        more("contract: Journal.JSONL"),
        more("contract: openspec.json"),
        more("contract: Chat.yaml\ntranscript: chat.YAML"),
        more("seat: { exec: [sh] }"),
        more("glossary: [sku]"),
        party("Shop", "A"),
        party("treaty", "A"),
        party("erp", "A"),
        party("shop", "A <a@b>"),
        party("shop", "\"A\\u202e\""),
        party("shop", "erpsys_head_bot"),
        SMALLEST.replace("owns: []", "owns: [/paths/~1orders]"),
        SMALLEST.replace("/paths/~1orders", "paths/orders"),
        SMALLEST.replace("/paths/~1orders", "/paths/~2orders"),
        more("  third: { agent: C }"),
        SMALLEST.lines().take(3).collect::<Vec<_>>().join("\n"),
        more("---\nversion: 1"),
        more("contract: [\n"),
        more("\"\\e[31mred\": 1"),
    ] {
        said.push_str(&parse(&text).unwrap_err());
        said.push('\n');
    }
    insta::assert_snapshot!(said);
    assert!(Charter::parse("treaty.yaml", b"version: \xff").is_err());
    assert!(Charter::parse("treaty.yaml", &vec![b' '; 2 << 20]).is_err());
}

#[test]
fn a_private_term_is_never_shown() {
    let term = PrivateTerm::new("b24_sale_order").unwrap();
    assert!(!format!("{term:?}").contains("b24"));
    assert!(PrivateTerm::new("a-1").unwrap_err().contains("at least 3"));
}

#[test]
fn a_rule_that_there_is_none_of_is_told_where() {
    let folder = tempfile::tempdir().unwrap();
    let parties = "parties: { shop: { agent: Shop_Bot }, erp: { agent: Erp_Bot } }";
    let charter = format!("version: 1\n{parties}\nrules:\n  duplicate-kye: error\n");
    std::fs::write(folder.path().join("treaty.yaml"), charter).unwrap();
    let contract = "openapi: 3.0.3\ninfo: { title: Orders, version: '1' }\npaths: {}\n";
    std::fs::write(folder.path().join("openspec.yaml"), contract).unwrap();
    for party in ["shop", "erp"] {
        let name = folder.path().join(format!("{party}.mandate.yaml"));
        std::fs::write(name, format!("party: {party}\n")).unwrap();
    }
    for arguments in [&["gate", "--base", "openspec.yaml"][..], &["negotiate", "."]] {
        let ran = crate::program::treaty(folder.path(), arguments, &[], "");
        assert_eq!(ran.code, 2, "{arguments:?}");
        let place = "treaty.yaml:4:3: there is no rule `duplicate-kye`; did you mean \
                     `duplicate-key`?";
        assert!(ran.err.contains(place), "{}", ran.err);
    }
}
