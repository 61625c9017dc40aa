use std::collections::VecDeque;

/// Older events are dropped beyond this many, so that a long-lived server stays small.
const KEPT: usize = 100_000;

/// One request as the server saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Counts from 1 in the order in which requests were answered.
    pub seq: u64,
    /// The method, in capitals.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent, without the question mark; empty when there was none.
    pub query: String,
    /// The status answered, or that would have been; 0 when a fault came before any answer.
    pub status: u16,
    /// Whether the request carried the right token. The token itself is never kept.
    pub authorised: bool,
    /// The name of the fault that struck, if one did.
    pub fault: Option<&'static str>,
}

/// What the server saw, in order, with the token blotted out wherever it was written.
#[derive(Debug, Default)]
pub(crate) struct EventLog {
    events: VecDeque<Event>,
    count: u64,
}

impl EventLog {
    pub(crate) fn push(&mut self, mut event: Event, token: &str) {
        self.count += 1;
        event.seq = self.count;
        if !token.is_empty() {
            event.path = event.path.replace(token, "***");
            event.query = event.query.replace(token, "***");
        }
        if self.events.len() == KEPT {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    pub(crate) fn list(&self) -> Vec<Event> {
        self.events.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.events.clear();
    }
}
