//! What crosses and what does not, byte for byte.

use std::{fs, path::Path};

use treaty::cli::negotiate::Format;

use super::{
    play::Room,
    table::{CANARY, Move, charter},
};

/// Every byte that both sides, or anyone with the repository, can see; objects inflated.
pub(crate) fn shared_bytes(repository: &Path, out: &str, err: &str) -> Vec<u8> {
    let mut bytes = [out.as_bytes(), err.as_bytes()].concat();
    let opened = git2::Repository::open(repository).unwrap();
    let odb = opened.odb().unwrap();
    odb.foreach(|id| {
        bytes.extend(odb.read(*id).unwrap().data());
        bytes.push(0);
        true
    })
    .unwrap();
    let mut directories = vec![repository.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            bytes.extend(path.file_name().unwrap().to_str().unwrap().as_bytes());
            if path.is_dir() {
                directories.push(path);
            } else {
                bytes.extend(fs::read(path).unwrap());
            }
        }
    }
    bytes
}

/// The bytes as a search engine reads them: letters and digits, in lower case.
pub(crate) fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[test]
fn no_byte_of_what_is_shared_holds_a_private_term_or_a_bounced_draft() {
    let room = Room::new(&charter("{}"));
    let moves = [
        Move::Leak,
        Move::LeakyQuestion,
        Move::Propose(1, 1),
        Move::Faulty(7),
        Move::Propose(2, 2),
        Move::LeakyQuestion,
        Move::Accept,
    ];
    for format in [Format::Pretty, Format::Json] {
        let (code, out, err) = room.run(&moves, format);
        assert_eq!(code, 0, "{out}{err}");
        let shared = shared_bytes(&room.out(), &out, &err);
        let text = plain(&shared);
        assert!(!text.contains(&plain(CANARY.as_bytes())));
        assert!(!text.contains("afault1"), "a bounced draft is shared");
        assert!(text.contains("openspecyaml"), "the scan reads what is there");
    }
    // What its own side keeps names the place and the entry, never the term.
    let notes = fs::read_to_string(room.private().join("shop/0001-findings.json")).unwrap();
    assert!(notes.contains("entry 1 of `private_terms`"), "{notes}");
    assert!(!plain(notes.as_bytes()).contains(&plain(CANARY.as_bytes())), "{notes}");
    let draft = fs::read_to_string(room.private().join("shop/0001-bounced.yaml")).unwrap();
    assert!(draft.contains(CANARY));
    // Nor does one side keep anything of the other.
    let other = fs::read_to_string(room.private().join("erp/journal.jsonl")).unwrap();
    assert!(!plain(other.as_bytes()).contains(&plain(CANARY.as_bytes())));
}

/// A side cannot find out the other's private terms by writing guesses into the contract.
#[test]
fn a_guess_in_the_contract_stops_nobody() {
    let room = Room::new(&charter("{}"));
    let moves = [
        Move::Propose(1, 1),
        Move::Leak,          // erp guesses a term of the shop's; to the erp it is none
        Move::Patch(2),      // shop
        Move::LeakyQuestion, // erp
        Move::Answer(0),     // shop
        Move::Ask(1),        // erp
        Move::LeakyQuestion, // shop; it quotes what stands in the head
        Move::Leak,          // erp
        Move::Accept,
    ];
    let (code, out, err) = room.run(&moves, Format::Pretty);
    assert_eq!(code, 0, "{out}{err}");
    assert!(!out.contains("stopped"), "{out}");
    let journal = fs::read_to_string(room.out().join("journal.jsonl")).unwrap();
    assert!(!journal.contains("stopped") && journal.contains(CANARY), "{journal}");
}

#[test]
#[cfg(unix)]
fn private_records_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new(&charter("{}"));
    room.run(&[Move::Leak, Move::Exit], Format::Json);
    let mode = |path: &str| {
        let path = room.private().join(path);
        path.metadata().unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("shop"), 0o700);
    for name in ["run.json", "shop/journal.jsonl", "shop/0001-bounced.yaml"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    for name in [".gitignore", "shop/.gitignore", "erp/.gitignore"] {
        assert_eq!(fs::read_to_string(room.private().join(name)).unwrap(), "*\n");
    }
}
