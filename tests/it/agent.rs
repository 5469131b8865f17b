//! The mandate agent, at the table with another one.

mod play;

use std::path::PathBuf;

use play::{Game, play};

/// A scenario that ships.
fn scenario(name: &str) -> Game {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/negotiation").join(name);
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let charter = text("treaty.yaml");
    let parsed = treaty::charter::Charter::parse("treaty.yaml", charter.as_bytes()).unwrap();
    let briefs = parsed.names().map(|name| text(&format!("{name}.mandate.yaml")));
    play(&charter, [&briefs[0], &briefs[1]])
}

#[test]
fn the_shop_and_the_erp_agree() {
    let game = scenario("bitrix-erp");
    println!("{}\n{}", game.story.join("\n"), game.contract.unwrap());
}

#[test]
fn the_importer_and_the_broker_cannot_agree() {
    let game = scenario("customs-broker");
    println!("{}\n{}", game.story.join("\n"), game.contract.unwrap());
}

#[test]
fn the_clinic_and_the_laboratory_agree() {
    let game = scenario("clinic-lab");
    println!("{}\n{}", game.story.join("\n"), game.contract.unwrap());
}

#[test]
fn debug_findings() {
    let game = scenario("bitrix-erp");
    let gate = play::TestGate::new(&game.charter);
    for proposal in game.proposals.iter().take(3) {
        for finding in gate.findings(&play::value_of(proposal).to_yaml()) {
            println!("{} {} fix={:?}", finding.rule, finding.place.pointer, finding.fix.map(|it| it.patch));
        }
        println!("----");
    }
}
