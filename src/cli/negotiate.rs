//! `treaty negotiate`: run or resume a negotiation to its outcome.
//!
//! * **Shape.** The inputs are read and checked before anything is written. Then the run is
//!   opened (directories, lock, records), replayed from the records, and goes on from there.
//!   What is asked, heard and done is decided by `negotiate`; here it is carried out.
//! * **Errors.** [`NegotiateError`], exit code 2. Outcomes are no errors: 0, 3, 4, 5.

mod disk;
mod error;
mod inputs;
mod parts;
mod place;
mod records;
mod report;
mod run;
mod view;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use crate::{
    charter::{PartyIndex, PrivateTerm},
    negotiate::{Gate, Seat},
};

pub use super::options::Colour;
pub use disk::{Change, Disk, World};
pub use error::NegotiateError;
pub use inputs::{Mandate, Scenario};
pub(in crate::cli) use parts::run;
pub use place::Place;
pub use report::report;
pub use run::{Clock, Finished, carry_out};
pub use view::View;

/// The arguments of `treaty negotiate`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The charter, or the directory that holds `treaty.yaml` and the mandates.
    #[arg(value_name = "DIR|treaty.yaml")]
    pub scenario: PathBuf,
    /// Where the contract repository is made [default: `treaty-out/` and its name].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Move an earlier run aside and begin anew.
    #[arg(long)]
    pub restart: bool,
    /// How the outcome is printed.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
    /// Colours; `auto` means on a terminal, unless `NO_COLOR` is set.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
    /// Print the findings of what went back, which the private records hold.
    #[arg(long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Print nothing but errors and, with `--format json`, the report.
    #[arg(long)]
    pub quiet: bool,
}

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The story, turn by turn, for people.
    Pretty,
    /// One JSON object.
    Json,
}

/// Where the program speaks.
pub struct Streams<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Everything else.
    pub err: &'a mut dyn Write,
    /// Whether results go to a terminal, where a line may be drawn again.
    pub live: bool,
    /// Whether results are coloured.
    pub color: bool,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Streams {{ live: {}, color: {} }}", self.live, self.color)
    }
}

/// One party at the table.
pub struct Seated {
    /// What never crosses.
    pub private_terms: Vec<PrivateTerm>,
    /// Its agent.
    pub seat: Box<dyn Seat>,
}

/// Where a run takes its gate, its agents and its clock from.
pub trait Parts {
    /// The gate of the charter.
    fn gate(&self, scenario: &Scenario) -> Result<Box<dyn Gate>, NegotiateError>;

    /// The agent that a party's mandate seats; `private` is the party's private directory,
    /// which is there when the agent is asked first.
    fn seat(
        &self,
        scenario: &Scenario,
        party: PartyIndex,
        private: &Path,
    ) -> Result<Seated, NegotiateError>;

    /// The clock.
    fn clock(&self) -> Result<Clock, NegotiateError>;
}

/// Runs or resumes a negotiation; gives the exit code.
pub fn run_with(arguments: &Arguments, streams: &mut Streams<'_>, parts: &dyn Parts) -> u8 {
    match negotiate(arguments, streams, parts) {
        Ok(code) => code,
        Err(error) => {
            // Where even the error cannot be written, the exit code still says it.
            if streams.live {
                let _ = write!(streams.out, "{}", view::OVER).and_then(|()| streams.out.flush());
            }
            let _ = error::write(&error, streams.err);
            2
        }
    }
}

fn negotiate(
    arguments: &Arguments,
    streams: &mut Streams<'_>,
    parts: &dyn Parts,
) -> Result<u8, NegotiateError> {
    let scenario = Scenario::read(&arguments.scenario)?;
    let gate = parts.gate(&scenario)?;
    let place = Place::new(arguments.out.as_deref(), &scenario)?;
    let [first, second] = PartyIndex::BOTH.map(|party| {
        let private = place.private_of(&scenario.charter.party(party).name);
        parts.seat(&scenario, party, &private)
    });
    let mut seated = [first?, second?];
    let clock = parts.clock()?;
    if arguments.restart || !place.has_begun() {
        run::ready(&scenario, &seated)?;
    }
    let mut disk = Disk::open(&place, arguments.restart)?;
    let view = View::new(&scenario.charter, arguments, streams);
    let (finished, view) =
        carry_out(&scenario, gate.as_ref(), &mut seated, clock, &mut disk, view)?;
    let code = finished.outcome.kind.exit_code();
    report(&finished, &place, &scenario.charter, arguments.format, view)?;
    Ok(code)
}
