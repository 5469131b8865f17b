//! `treaty agent`: the mandate agent as a program for the exec seat.
//!
//! * **Shape.** A question a line on standard input, an answer a line on standard output, until
//!   the input ends. What it would say in `treaty negotiate` it says here, byte for byte.
//! * **Errors.** A line that is no question ends it: the negotiation counts that, and starts
//!   it again.

use std::{
    fs,
    io::{self, BufRead as _, Write as _},
    path::PathBuf,
};

use crate::{
    charter::Mandate,
    negotiate::{Seat as _, SeatFault, parse_question},
    seat::EmbeddedSeat,
};

use super::{Exit, error::RunError};

/// What `agent` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The mandate; its `seat` is ignored.
    mandate: PathBuf,
}

/// Answers questions until there are no more.
pub(super) fn run(args: &Args) -> Result<Exit, RunError> {
    let path = args.mandate.to_string_lossy();
    #[expect(clippy::disallowed_methods, reason = "files are read in `cli` and `git` alone")]
    let bytes = fs::read(&args.mandate)
        .map_err(|source| RunError::Read { path: path.clone().into_owned(), source })?;
    let mut seat = EmbeddedSeat::new(Mandate::parse(&path, &bytes, None)?);
    let mut questions = io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        if questions.read_until(b'\n', &mut line).map_err(RunError::Stdin)? == 0 {
            return Ok(Exit::Clean);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let request = parse_question(&line).map_err(RunError::Question)?;
        let answer = seat.answer(&request).map_err(unanswered)?;
        let mut out = io::stdout().lock();
        let written = out.write_all(&answer).and_then(|()| out.write_all(b"\n"));
        written.and_then(|()| out.flush()).map_err(RunError::Stdout)?;
    }
}

fn unanswered(fault: SeatFault) -> RunError {
    RunError::Question(fault.to_string())
}
