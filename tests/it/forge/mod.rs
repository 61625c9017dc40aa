//! The client of the forge against the forge of the sandbox: two readings of one published interface.

mod bed;
mod commits;
mod failures;
mod lookup;
mod opening;
mod people;
