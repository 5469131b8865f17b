//! The scenarios that ship.

use std::path::PathBuf;

use treaty::{
    document::Value,
    negotiate::{ConstraintKind, OutcomeKind},
};

use super::play::{Game, lint, play, value_of};

fn text(scenario: &str, file: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/negotiation");
    std::fs::read_to_string(folder.join(scenario).join(file)).unwrap()
}

fn scenario(name: &str, parties: [&str; 2]) -> Game {
    let briefs = parties.map(|party| text(name, &format!("{party}.mandate.yaml")));
    play(&text(name, "treaty.yaml"), [&briefs[0], &briefs[1]])
}

/// The four faults that the parties' systems make in their own words.
const FOUR_FAULTS: [&str; 4] =
    ["missing-operation-id", "unknown-type", "unresolved-reference", "untyped-schema"];

#[test]
fn the_shop_and_the_erp_agree() {
    let game = scenario("bitrix-erp", ["shop", "erp"]);
    assert_eq!(game.outcome.kind, OutcomeKind::Agreed, "{}", game.story.join("\n"));
    for (turn, rules) in &game.bounces {
        assert_eq!(*rules, FOUR_FAULTS, "turn {turn}");
    }
    let turns: Vec<u32> = game.bounces.iter().map(|(turn, _)| *turn).collect();
    assert_eq!(turns, [1, 2]);
    let contract = game.contract.as_deref().unwrap();
    assert!(lint(contract).is_empty());
    let contract = value_of(contract);
    let order = "/paths/~1orders/post/requestBody/content/application~1json/schema/properties";
    for name in ["total", "totalAmount"] {
        let total = contract.at(&format!("{order}/{name}")).unwrap();
        assert_eq!(total.get("x-owner"), Some(&Value::from("erp")));
        assert!(total.get("description").unwrap().as_str().unwrap().contains("Recalculated"));
    }
    assert_eq!(contract.at(&format!("{order}/deliveryDate/format")), Some(&Value::from("date")));
    assert_eq!(contract.at(&format!("{order}/loyaltyPoints")), None);
    let products = contract.at("/paths/~1products").unwrap();
    assert_eq!(products.members().len(), 1, "the shop only reads");
    let sku =
        "/get/responses/200/content/application~1json/schema/properties/items/items/properties/sku";
    assert_eq!(products.at(&format!("{sku}/x-unique")), Some(&Value::Bool(true)));
    assert_eq!(contract.at("/paths/~1products~1ids"), None);
}

#[test]
fn the_importer_and_the_broker_cannot_agree() {
    let game = scenario("customs-broker", ["importer", "broker"]);
    assert_eq!(game.outcome.kind, OutcomeKind::Impasse);
    let named: Vec<_> = game
        .outcome
        .constraints
        .iter()
        .map(|it| (it.party.as_str(), it.constraint.kind, it.constraint.pointer.as_str()))
        .collect();
    let schema = "/paths/~1shipments/post/requestBody/content/application~1json/schema";
    let place = format!("{schema}/properties/customsNumber");
    assert_eq!(
        named,
        [
            ("broker", ConstraintKind::Required, place.as_str()),
            ("importer", ConstraintKind::Forbidden, place.as_str()),
        ]
    );
}

#[test]
fn the_clinic_and_the_laboratory_agree() {
    let game = scenario("clinic-lab", ["clinic", "lab"]);
    assert_eq!(game.outcome.kind, OutcomeKind::Agreed, "{}", game.story.join("\n"));
    assert!(lint(game.contract.as_deref().unwrap()).is_empty());
}

/// Another word in a brief, another outcome.
#[test]
fn a_changed_mandate_changes_the_outcome() {
    let charter = text("bitrix-erp", "treaty.yaml");
    let (shop, erp) =
        (text("bitrix-erp", "shop.mandate.yaml"), text("bitrix-erp", "erp.mandate.yaml"));
    let changed = |from: &str, to: &str| {
        assert!(shop.contains(from) || erp.contains(from), "{from}");
        play(&charter, [&shop.replace(from, to), &erp.replace(from, to)])
    };
    for (from, to, kind, place) in [
        (
            "loyaltyPoints: { type: int, want: preferred",
            "loyaltyPoints: { type: int",
            "required",
            "loyaltyPoints",
        ),
        ("          accepts: [date] # a day will do, if it must\n", "", "type", "deliveryDate"),
        (
            "want: preferred # we would rather push",
            "want: needed",
            "forbidden",
            "/paths/~1products~1ids/post",
        ),
        (
            "total: { type: money, owner: erp, computed: true, optional: true }",
            "total: { type: money, owner: shop, optional: true }",
            "owner",
            "total",
        ),
    ] {
        let game = changed(from, to);
        let tale = game.story.join("\n");
        assert_eq!(game.outcome.kind, OutcomeKind::Impasse, "{tale}");
        let constraints = &game.outcome.constraints;
        assert_eq!(constraints.len(), 2, "{tale}");
        assert!(constraints.iter().all(|it| it.constraint.pointer.ends_with(place)), "{tale}");
        assert!(constraints.iter().any(|it| it.constraint.kind.as_str() == kind), "{tale}");
    }
    let game = changed("loyaltyPoints: { want: refused }", "bonus: { type: int, want: offered }");
    assert_eq!(game.outcome.kind, OutcomeKind::Agreed);
    let contract = game.contract.unwrap();
    assert!(contract.contains("loyaltyPoints") && contract.contains("bonus"));
}

#[test]
fn nothing_private_crosses() {
    for (name, parties, words) in [
        (
            "bitrix-erp",
            ["shop", "erp"],
            vec!["Bitrix24", "ERPSYS", "B24Order", "ZMM_IDS", "money", "datetime"],
        ),
        (
            "customs-broker",
            ["importer", "broker"],
            vec!["CargoBook", "ClearFast", "moment", "hscode"],
        ),
        ("clinic-lab", ["clinic", "lab"], vec!["WardPilot", "BenchLIS", "WpOrder", "ymd"]),
    ] {
        let game = scenario(name, parties);
        let crossed = game.crossed.to_lowercase();
        let terms = game.mandates.iter().flat_map(|it| &it.private_terms);
        let terms = terms.map(|term| term.as_str().to_owned());
        for word in terms.chain(words.into_iter().map(str::to_owned)) {
            assert!(!crossed.contains(&word.to_lowercase()), "{name}: {word} crossed");
        }
        assert!(game.mandates.iter().all(|it| it.private_terms.len() >= 2), "{name}");
    }
}
