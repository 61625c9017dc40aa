//! The `tminus` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    tminus_cli::main()
}
