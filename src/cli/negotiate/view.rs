//! The story as it happens, for whoever runs the negotiation.
//!
//! * **Shape.** One line for each entry of the shared record, with the turn in front. Of what
//!   went back no more is said than both sides may know, since a log is read by many, and the
//!   file of its party's private record is named. Who asks for more and holds both mandates
//!   sees a reason of each rule. On a terminal a last line says who is thinking, and is drawn
//!   over by what comes next.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::Path,
};

use crate::{
    charter::Charter,
    finding::Finding,
    negotiate::{
        ActKind, Entry, Note, OutcomeKind, Session, Teller, TurnRequest, What, one_line,
        place_in_words,
    },
};

use super::{Arguments, Format, Streams, inputs::shown};

/// How many findings of a bounce are shown.
const REASONS_MAX: usize = 5;
/// What draws over the last line of a terminal.
pub(super) const OVER: &str = "\r\u{1b}[2K";

/// Who watches.
pub struct View<'v> {
    charter: Charter,
    stream: &'v mut dyn Write,
    shown: bool,
    live: bool,
    color: bool,
    detail: Detail,
    reasons: Vec<String>,
}

/// What is shown of something that went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// Where it lies.
    File,
    /// A finding of each rule.
    Findings,
}

/// What a line is, to colour it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something went well.
    Good,
    /// Something went back.
    Back,
    /// Something went wrong.
    Bad,
    /// A side remark.
    Aside,
    /// Anything else.
    Plain,
}

impl Tone {
    fn of(entry: &Entry) -> Self {
        match &entry.what {
            What::Act(crossed) => match crossed.kind {
                ActKind::Accept => Self::Good,
                ActKind::Decline | ActKind::Withdraw => Self::Back,
                ActKind::Escalate | ActKind::Exit => Self::Bad,
                _ => Self::Plain,
            },
            What::Bounce { .. } | What::Stopped { .. } => Self::Back,
            What::Fault { .. } | What::Forfeit => Self::Bad,
            What::FinalOffers { .. } => Self::Aside,
            What::End(outcome) => Self::of_end(outcome.kind),
        }
    }

    /// The tone of an end.
    pub(super) fn of_end(kind: OutcomeKind) -> Self {
        if kind == OutcomeKind::Agreed { Self::Good } else { Self::Bad }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Good => "\u{1b}[32m",
            Self::Back => "\u{1b}[33m",
            Self::Bad => "\u{1b}[31m",
            Self::Aside => "\u{1b}[2m",
            Self::Plain => "",
        }
    }
}

impl<'v> View<'v> {
    /// The view that the arguments ask for.
    pub fn new(charter: &Charter, arguments: &Arguments, streams: &'v mut Streams<'_>) -> Self {
        let shown = arguments.format == Format::Pretty && !arguments.quiet;
        Self {
            charter: charter.clone(),
            shown,
            live: streams.live && shown,
            color: streams.color && shown,
            detail: if arguments.verbose { Detail::Findings } else { Detail::File },
            stream: &mut *streams.out,
            reasons: Vec::new(),
        }
    }

    fn teller(&self) -> Teller<'_> {
        Teller { charter: &self.charter }
    }

    /// Whether the story is shown.
    pub(super) fn is_shown(&self) -> bool {
        self.shown
    }

    /// Writes a line, in colour where there is colour.
    pub(super) fn line(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        let over = if self.live { OVER } else { "" };
        match (self.color, tone.code()) {
            (false, _) | (_, "") => self.write(&format!("{over}{text}\n")),
            (true, code) => self.write(&format!("{over}{code}{text}\u{1b}[0m\n")),
        }
    }

    /// Writes text. A reader that has seen enough does not end a negotiation.
    fn write(&mut self, text: &str) -> io::Result<()> {
        match self.stream.write_all(text.as_bytes()).and_then(|()| self.stream.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.shown = false;
                self.live = false;
                Ok(())
            }
            written => written,
        }
    }

    /// Writes something that is no part of the story.
    pub(super) fn plain(&mut self, text: &str) -> io::Result<()> {
        self.write(&format!("{text}\n"))
    }

    /// The run begins, or goes on from `replayed` answers.
    pub(super) fn begins(&mut self, session: &Session<'_>, replayed: usize) -> io::Result<()> {
        if !self.shown {
            return Ok(());
        }
        let [first, second] = &self.charter.parties;
        let text = format!(
            "{} ({}) and {} ({}) negotiate {}, session {}",
            first.agent,
            first.name,
            second.agent,
            second.name,
            self.charter.contract,
            session.state().table.session
        );
        self.line(Tone::Aside, &text)?;
        if replayed > 0 {
            let answers = if replayed == 1 { "answer is" } else { "answers are" };
            self.line(Tone::Aside, &format!("{replayed} {answers} on record"))?;
        }
        Ok(())
    }

    /// A seat is asked.
    pub(super) fn asks(&mut self, request: &TurnRequest) -> io::Result<()> {
        if !self.live {
            return Ok(());
        }
        let index = self.charter.index_of(&request.seat);
        let agent = index.map_or("", |index| self.charter.party(index).agent.as_str());
        let text = format!("{OVER}turn {:>2}  {agent} is thinking…", request.turn);
        self.write(&text)
    }

    /// Something went back, and its party's own record says in full why.
    pub(super) fn keeps(&mut self, note: &Note, file: &Path) {
        if self.detail == Detail::File {
            self.reasons = vec![format!("in full: {}", one_line(&shown(file)))];
            return;
        }
        let mut rules = BTreeSet::new();
        let first = |finding: &&Finding| rules.insert(finding.rule.clone());
        let told = note.findings.iter().filter(first).take(REASONS_MAX);
        self.reasons = told.map(reason).collect();
        let more = note.findings.len().saturating_sub(self.reasons.len());
        if more > 0 {
            self.reasons.push(format!("and {more} more"));
        }
    }

    /// Something was shared.
    pub(super) fn tells(&mut self, entry: &Entry) -> io::Result<()> {
        let reasons = std::mem::take(&mut self.reasons);
        if !self.shown || matches!(entry.what, What::End(_)) {
            return Ok(());
        }
        let teller = self.teller();
        let (who, what) = (teller.speaker(entry), teller.sentence(entry));
        let text = format!("turn {:>2}  {who} {what}", entry.turn);
        let quote = teller.quote(entry);
        self.line(Tone::of(entry), &text)?;
        for reason in reasons {
            self.line(Tone::Aside, &format!("         {reason}"))?;
        }
        for quoted in quote {
            self.line(Tone::Aside, format!("         | {quoted}").trim_end())?;
        }
        Ok(())
    }
}

fn reason(finding: &Finding) -> String {
    let (severity, rule) = (finding.severity.as_str(), &finding.rule);
    let message = one_line(&finding.message);
    let pointer = &finding.place.pointer;
    if pointer.is_empty() {
        return format!("{severity}[{rule}]: {message}");
    }
    format!("{severity}[{rule}]: {message} ({})", place_in_words(pointer, None))
}
