//! The `treaty` program.

fn main() {}
