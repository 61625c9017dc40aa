//! The command line, by its specification: exit codes, the essentials of messages, and what must not change.

mod backport;
mod bed;
mod changes;
mod checks;
mod dry;
mod events;
mod happy;
mod history;
mod init;
mod lock;
mod malformed;
mod once;
mod packages;
mod preconditions;
mod regressions;
mod rehearse;
mod selection;
mod servers;
mod status;
mod stops;
mod tokens;
mod versions;
