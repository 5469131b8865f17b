//! A table to test the protocol at: a charter, a gate that is easy to foresee, and moves that
//! a seat can make, sensible and hostile ones.

use std::cell::RefCell;

use treaty::{
    charter::{Charter, PrivateTerm},
    document::{Document, Limits, NodeRef, Value, sha256_hex},
    finding::{Class, Digests, Finding, Outcome, Place, Severity, Verdict},
    negotiate::{
        Act, Answer, Constraint, ConstraintKind, Content, Gate, Judgement, Offer, SeatFault,
        TurnRequest,
    },
};

/// The private term of the first party.
pub(crate) const CANARY: &str = "b24_sale_order";

pub(crate) fn charter(limits: &str) -> String {
    format!(
        "version: 1\nparties:\n  shop: {{ agent: Shop_Bot, owns: [] }}\n  \
         erp: {{ agent: ERP_Bot, owns: [] }}\nlimits: {limits}\n"
    )
}

pub(crate) fn parsed(charter: &str) -> Charter {
    Charter::parse("treaty.yaml", charter.as_bytes()).unwrap()
}

pub(crate) fn private_terms() -> [Vec<PrivateTerm>; 2] {
    [vec![PrivateTerm::new(CANARY).unwrap()], vec![PrivateTerm::new("zz_secret_ledger").unwrap()]]
}

/// Bounces what does not parse, and what holds the word `fault`; remembers what passed.
#[derive(Default)]
pub(crate) struct SimpleGate {
    pub(crate) passed: RefCell<Vec<String>>,
}

impl Gate for SimpleGate {
    fn judge(&self, offer: Offer<'_>) -> Judgement {
        let Offer { base, revision: proposal, proposer, .. } = offer;
        let document = Document::parse("openspec.yaml", proposal.to_vec(), &Limits::default());
        let faulty = !document.faults().is_empty() || document.root().is_none();
        let faulty = faulty || document.text().contains("fault");
        let findings: Vec<_> = faulty.then(|| finding(&document)).into_iter().collect();
        let canonical = document.root().map(NodeRef::to_value).map(|it| it.to_yaml().into_bytes());
        if !faulty && let Some(bytes) = &canonical {
            self.passed.borrow_mut().push(sha256_hex(bytes));
        }
        let verdict = Verdict {
            outcome: if faulty { Outcome::Bounce } else { Outcome::Pass },
            reasons: findings.iter().map(|it: &Finding| it.id.clone()).collect(),
            proposer: Some(proposer.to_owned()),
            digests: Digests {
                base: base.map(sha256_hex),
                revision: sha256_hex(proposal),
                charter: None,
                ruleset: "none".to_owned(),
                waivers: None,
            },
        };
        Judgement { canonical, verdict, findings }
    }
}

fn finding(document: &Document) -> Finding {
    let range = document.range(document.root().map(NodeRef::span).unwrap_or_default());
    Finding {
        id: "f1".to_owned(),
        rule: "no-fault".into(),
        severity: Severity::Error,
        class: Class::Violation,
        message: "a fault stands here".to_owned(),
        place: Place { path: document.path().into(), pointer: String::new(), range },
        related: Vec::new(),
        help: None,
        found: None,
        expected: None,
        witness: None,
        fix: None,
        source: "test".into(),
    }
}

/// What a seat does with a question.
#[derive(Clone, Debug)]
pub(crate) enum Move {
    Propose(u8, u8),
    Patch(u8),
    Faulty(u8),
    Leak,
    LeakyQuestion,
    Accept,
    AcceptOther,
    Ask(u8),
    Answer(u8),
    Decline(u8, u8),
    Reopen(u8),
    Escalate,
    Withdraw,
    Exit,
    Stale,
    WrongRequest,
    Garbage(Vec<u8>),
    Silent,
}

fn place(number: u8) -> String {
    ["/a", "/b", "", "/a/x", "/c"][usize::from(number) % 5].to_owned()
}

pub(crate) fn contract(a: u8, b: u8) -> String {
    format!("a: {a}\nb: {{ x: {b} }}\n")
}

/// The bytes that a seat says.
pub(crate) fn say(request: &TurnRequest, what: &Move) -> Result<Vec<u8>, SeatFault> {
    let propose = |text: String| Act::Propose {
        content: Content::Document(text),
        note: Some("a note".into()),
    };
    let other = "0".repeat(64);
    let act = match what {
        Move::Propose(a, b) => propose(contract(a % 3, b % 3)),
        Move::Faulty(number) => propose(format!("a: fault {}\n", number % 3)),
        Move::Patch(number) => {
            let patch = format!(r#"[{{"op":"replace","path":"/a","value":{}}}]"#, number % 4);
            let patch = Value::from_json(&patch).unwrap();
            Act::Propose { content: Content::Patch(patch), note: None }
        }
        Move::Leak => propose(format!("a: 1\nB24SaleOrder: {CANARY}\n")),
        Move::LeakyQuestion => Act::Ask { pointer: "/a".into(), question: format!("a {CANARY}?") },
        Move::Accept => Act::Accept { sha256: request.base.clone().unwrap_or(other) },
        Move::AcceptOther => Act::Accept { sha256: other },
        Move::Ask(number) => Act::Ask { pointer: place(*number), question: "why?\nwhy?".into() },
        Move::Answer(number) => Act::Answer { pointer: place(*number), answer: "so".into() },
        Move::Decline(at, kind) => {
            let kind = ConstraintKind::ALL[usize::from(*kind) % 4];
            let value = match kind {
                ConstraintKind::Type => Value::from(["string", "integer"][usize::from(*at) % 2]),
                ConstraintKind::Owner => Value::from(request.seat.as_str()),
                _ => Value::Null,
            };
            let constraint = Constraint { pointer: place(*at), kind, value };
            // Some refusals say more than one thing.
            let more =
                (0..*at / 40).map(|it| Constraint { pointer: place(it), ..constraint.clone() });
            let (more, reason_code) = (more.collect(), "not-needed".into());
            Act::Decline { issue: place(*at), reason_code, constraint, more }
        }
        Move::Reopen(number) => Act::Reopen { issue: place(*number) },
        Move::Escalate => Act::Escalate { reason: "people must decide".into() },
        Move::Withdraw => Act::Withdraw,
        Move::Exit | Move::Stale | Move::WrongRequest => Act::Exit,
        Move::Garbage(bytes) => return Ok(bytes.clone()),
        Move::Silent => return Err(SeatFault::TimedOut),
    };
    let mut answer =
        Answer { request_id: request.request_id.clone(), base: request.base.clone(), act };
    match what {
        Move::Stale => answer.base = Some("1".repeat(64)),
        Move::WrongRequest => answer.request_id.push('x'),
        _ => {}
    }
    Ok(answer.to_json().into_bytes())
}
