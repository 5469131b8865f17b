//! The negotiation, played with scripted seats.

pub(crate) mod play;
pub(crate) mod table;

use treaty::cli::negotiate::Format;

use play::{Room, commits};
use table::{Move, charter};

/// A negotiation with a fault, bounces of both kinds, a question, a refusal and an agreement.
pub(crate) fn eventful() -> Vec<Move> {
    vec![
        Move::Garbage(b"{nonsense".to_vec()), // shop
        Move::Faulty(0),
        Move::Leak,
        Move::Propose(1, 1),
        Move::LeakyQuestion, // erp; the term is the shop's, so it passes
        Move::Answer(0),     // shop
        Move::Decline(1, 2), // erp
        Move::Patch(2),      // shop
        Move::Faulty(1),     // erp
        Move::Propose(2, 2),
        Move::Accept, // shop
    ]
}

#[test]
fn a_negotiation_tells_its_story() {
    let room = Room::new(&charter("{}"));
    let (code, out, err) = room.run(&eventful(), Format::Pretty);
    let log: String =
        commits(&room.out()).iter().map(|(id, subject)| format!("{id} {subject}\n")).collect();
    let transcript = std::fs::read_to_string(room.out().join("chat-history.txt")).unwrap();
    insta::assert_snapshot!(format!("exit {code}\n{out}{err}\n{log}\n{transcript}"));
}
