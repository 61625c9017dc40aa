#![doc = include_str!("../README.md")]

mod bugs;
pub mod due;
mod label;
mod milestone;
mod pull_requests;
mod verdict;
mod waiver;

pub use bugs::{BugRule, IssueFacts, bugs_decided};
pub use due::{Span, SpanError};
pub use milestone::{MilestoneFacts, MilestoneItem, OpenIssues, milestone_ready};
pub use pull_requests::{Exclusions, PullRequestFacts, pull_requests_labelled};
pub use verdict::{CheckName, CheckNameError, Finding, Outcome, Verdict, all_clear};
pub use waiver::{Waiver, apply_waivers, unmatched_waivers};
