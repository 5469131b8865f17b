//! The rules that look at meaning: one file for each check that rule files name.

use crate::finding::Coverage;

use super::{context::Context, sink::Sink};

/// A check: it states facts, and says what it looked at.
pub(super) type Check = for<'d> fn(&Context<'_, 'd>, &mut Sink<'_, 'd>, &mut Coverage);

/// Every check by the name that rule files give it.
pub(super) const CHECKS: &[(&str, Check)] = &[];
