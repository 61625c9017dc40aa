#![doc = include_str!("../README.md")]

mod args;
mod commands;
pub mod demo;
mod error;
mod output;
pub mod rehearse;
mod world;

pub use error::CommandError;

use std::process::ExitCode;

use clap::Parser as _;
use tminus_engine::Exit;

use crate::args::{Args, Command};
use crate::output::Output;
use crate::world::World;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            // Help that cannot be written has nobody to read it.
            drop(output::print_usage(&error));
            return ExitCode::from(code.code());
        }
    };
    let output = Output::new(&args.global);
    let exit = match run(args, &output) {
        Ok(exit) => exit,
        Err(error) => {
            output.error(&error);
            error.exit
        }
    };
    ExitCode::from(exit.code())
}

fn run(args: Args, output: &Output) -> Result<Exit, CommandError> {
    let Args { global, command } = args;
    // Asked for where it is needed: `version` is called often, and mostly needs nothing of it.
    let world = || World::of_this_process(&global);
    match command {
        Command::Init(options) => commands::init::run(&world()?, output, &options),
        Command::Plan(options) => block(commands::plan::run(&world()?, output, &global, &options)),
        Command::Release(options) => block(commands::release::run(&world()?, output, &global, &options)),
        Command::Resume(options) => block(commands::resume::run(&world()?, output, &global, &options)),
        Command::Gate(options) => commands::gate::run(&world()?, output, &global, &options),
        Command::Status(options) => commands::status::run(&world()?, output, &global, &options),
        Command::Rehearse(options) => block(commands::rehearse::run(&world()?, output, &global, &options)),
        Command::Version(options) => commands::version::run(output, &global, &options),
        Command::Packages(options) => commands::packages::run(&world()?, output, &options),
        Command::Graph(options) => commands::graph::run(&world()?, output, &options),
        Command::Bump(options) => commands::bump::run(&world()?, output, &options),
        Command::Backport(options) => commands::backport::run(&world()?, output, &global, &options),
        Command::Pin(options) => commands::pin::run(&world()?, output, &options),
        Command::Changelog(options) => block(commands::changelog::run(&world()?, output, &global, &options)),
        Command::Notes(options) => block(commands::notes::run(&world()?, output, &global, &options)),
        Command::Explain(options) => block(commands::explain::run(&world()?, output, &global, &options)),
        Command::Sandbox(options) => commands::sandbox::run(&world()?, output, &options),
    }
}

fn block<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| CommandError::new(Exit::World, format!("no runtime: {error}")))?.block_on(work)
}
