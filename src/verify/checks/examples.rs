//! Values that a description gives as examples, defaults and choices, against their schemas.
//!
//! * **Source.** OpenAPI 3.1.1, sections 4.8.12, 4.8.14, 4.8.19 and 4.8.24; JSON Schema 2020-12
//!   validation, sections 6.1.2, 6.1.3 and 9.2.
//!
//! Each value is judged where it stands, by the schema where that stands, and in the direction
//! in which it would be sent. What the evaluator leaves open, the stand-in may settle.

mod external;
mod judge;
mod places;
mod repair;

use crate::finding::Coverage;

use crate::verify::{context::Context, sink::Sink};

/// Reports values that do not fit.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, coverage: &mut Coverage) {
    let mut judge = judge::Judge::new(cx, sink);
    places::schemas(cx, &mut judge);
    places::carriers(cx, &mut judge);
    let tally = judge.finish();
    coverage.add("examples", tally);
    external::check(cx, sink);
}
