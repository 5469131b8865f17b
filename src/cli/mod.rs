//! The command line: arguments, exit codes, wiring; no decisions.

pub mod negotiate;
