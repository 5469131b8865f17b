//! What may cross: private terms in every spelling, and what is no leak.

use treaty::{
    boundary::{Shared, Vocabulary},
    charter::PrivateTerm,
    document::{Document, Limits},
};

fn document(text: &str) -> Document {
    Document::parse("it.yaml", text.into(), &Limits::default())
}

fn vocabulary(terms: &[&str]) -> Vocabulary {
    let terms: Vec<_> = terms.iter().map(|it| PrivateTerm::new(it).unwrap()).collect();
    Vocabulary::new(&terms)
}

/// Where a text holds more of a term than a head does: pointers and entries.
fn added(text: &str, term: &str, head: Option<&str>) -> Vec<(String, usize)> {
    let vocabulary = vocabulary(&["unrelated", term]);
    let head = head.map(document);
    let shared = Shared::new(&vocabulary, head.as_ref(), []);
    let leaks = vocabulary.added(&document(text), &shared);
    leaks.into_iter().map(|it| (it.place.pointer, it.entry)).collect()
}

#[test]
fn a_term_is_found_in_every_spelling() {
    for text in [
        "b24_sale_order",
        "the B24SaleOrder here",
        "b24SaleOrder",
        "b24-sale-orders",
        "b24 sale order",
        "b24.sale.order",
        "/x/b24~1sale/order",
        "xb24saleorderx",
        "B24_SALE_ORDER",
        "Ｂ24 SALE ORDER",
        // A look-alike, zero-width insertions, a combining mark, a variation selector.
        "b24_s\u{430}le_\u{43e}rder",
        "b24_sa1e_0rder",
        "b24\u{200b}_sa\u{feff}le_or\u{2060}der",
        "b24_sa\u{301}le_order",
        "b24\u{fe0f}_sale_order",
        // Escapes, and an escape of an escape.
        "b24%5Fsale%5forder",
        "%62%32%34_sale_order",
        "b24%255Fsale%255Forder",
        r"\u0062\u0032\u0034_sale_order",
        r"\x62\x32\x34_sale_order",
        r"\u{62}24_sale_order",
        "b24&lowbar;sale&#95;order",
        "&#98;&#x32;4_sale_order",
        // Base64, of a text that holds it too, and hexadecimal digits.
        "YjI0X3NhbGVfb3JkZXI=",
        "see YjI0X3NhbGVfb3JkZXI for more",
        "T3VyIHRhYmxlIGIyNF9zYWxlX29yZGVyIGhvbGRzIGl0Lg==",
        "YjI0X3Nh\nbGVfb3Jk\nZXI=",
        "6232345f73616c655f6f72646572",
        "62 32 34 5f 73 61 6c 65 5f 6f 72 64 65 72",
        "0x6232345F73616C655F6F72646572",
        // One inside the other.
        "WWpJMFgzTmhiR1ZmYjNKa1pYST0=",
        "%59%6a%49%30X3NhbGVfb3JkZXI=",
    ] {
        let json = format!("{{\"a\": {}}}", serde_json::to_string(text).unwrap());
        assert_eq!(added(&json, "b24_sale_order", None), [("/a".to_owned(), 1)], "{text}");
        assert!(vocabulary(&["b24_sale_order"]).holds(text), "{text}");
    }
}

#[test]
fn a_term_is_found_where_it_is_split() {
    for (text, place) in [
        ("a: [b24, sale, order]", "/a"),
        ("a: [x, b24_sa, le_order]", "/a"),
        ("a: { b24: 1, sale: 2, order: 3 }", "/a"),
        ("a: { x: b24, y: sale, z: order }", "/a"),
        ("a: { b24: sale, order: x }", "/a"),
    ] {
        assert_eq!(added(text, "b24_sale_order", None), [(place.to_owned(), 1)], "{text}");
    }
    assert_eq!(added("a: [b24, sales, order]", "b24_sale_order", None), []);
}

#[test]
fn a_short_term_is_whole_words_of_one_text() {
    for text in [
        "an enterprise in Serpong",
        "[er, p]",
        "{ e: r, p: 1 }",
        "the user port",
        "interpol",
        // Base64 of texts that hold the three letters somewhere.
        "ZW50ZXJwcmlzZQ==",
        "696e746572706f6c",
    ] {
        assert_eq!(added(&format!("a: {text}"), "erp", None), [], "{text}");
    }
    for text in ["our ERP", "erpOrder", "/x/erp~1order", "OrderERP", "%65rp", "ZXJw", "\u{435}rp"] {
        assert_eq!(added(&format!("a: {text}"), "erp", None).len(), 1, "{text}");
    }
}

#[test]
fn a_key_that_holds_a_term_is_named_by_its_object() {
    let found = added("paths:\n  b24_sale_order:\n    b24_sale_order: 1\n", "b24_sale_order", None);
    assert_eq!(found, [("/paths".to_owned(), 1)]);
}

/// Whoever wrote it there knows it: to stop it would tell that the guess was right.
#[test]
fn what_stands_in_the_head_is_not_added() {
    let head = "a: the b24_sale_order table\nb: { b24SaleOrder: 1 }\nc: [b24, sale, order]\n";
    for text in [
        head,
        "a: the b24_sale_order table, as it was\nb: { b24SaleOrder: 2 }\nc: [b24, sale, order]\n",
        "a: our b24_sale_order list\nb: { b24SaleOrder: 1 }\n",
        "x: { y: the b24_sale_order table }\n",
        "x: { b24SaleOrder: 7 }\nc: [b24, sale, order, 4]\n",
    ] {
        assert_eq!(added(text, "b24_sale_order", Some(head)), [], "{text}");
    }
    for text in [
        "a: b24_sale_order and b24_sale_order\n",
        "x: the b24_sale_order\n",
        "x: b24-sale-order\n",
        "c: [b24, sale, order, b24, sale, order]\n",
        "d: [b24, sale, order]\n",
    ] {
        assert_eq!(added(text, "b24_sale_order", Some(head)).len(), 1, "{text}");
    }
}

#[test]
fn what_was_said_is_not_added() {
    let vocabulary = vocabulary(&["b24_sale_order"]);
    let said = ["/paths/~1b24_sale_order/get".to_owned(), "Is b24_sale_order yours?".to_owned()];
    let shared = Shared::new(&vocabulary, None, said);
    let added = |text: &str| vocabulary.added(&document(text), &shared).len();
    assert_eq!(added("pointer: /paths/~1b24_sale_order/get\nquestion: why?"), 0);
    assert_eq!(added("paths: { /b24_sale_order: {} }"), 0);
    assert_eq!(added("a: You ask, Is b24_sale_order yours? No."), 0);
    assert_eq!(added("a: b24_sale_order is ours"), 1);
}

#[test]
fn the_shipped_contracts_hold_no_words_by_chance() {
    let terms = ["erp", "hub", "sap", "crm", "abc", "shipping_ledger", "orders_archive"];
    let vocabulary = vocabulary(&terms);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/planted");
    let mut texts = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let plain = text.to_lowercase();
        let words: Vec<&str> = plain.split(|it: char| !it.is_alphanumeric()).collect();
        let whole = terms.iter().filter(|it| words.contains(it)).count();
        if whole == 0 && !text.is_empty() {
            let leaks = vocabulary.added(&document(&text), &Shared::default());
            assert!(leaks.is_empty(), "{}: {leaks:?}", path.display());
            texts += 1;
        }
    }
    assert!(texts > 0);
}
