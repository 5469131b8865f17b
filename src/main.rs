//! The `treaty` program.

use treaty::cli::{self, Exit};

fn main() -> Exit {
    cli::run(std::env::args_os())
}
