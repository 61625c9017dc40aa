//! Shapes that several answers share. Unknown fields are ignored: the API grows.

use serde::Deserialize;

use crate::{State, StateFilter};

#[derive(Deserialize)]
pub(super) struct Account {
    login: String,
    #[serde(rename = "type", default)]
    kind: String,
}

/// Whether the account is an app.
pub(super) fn is_bot(account: Option<&Account>) -> bool {
    account.is_some_and(|account| account.kind == "Bot")
}

/// The account's name; GitHub shows `ghost` for accounts that are gone, and gives `null`.
pub(super) fn login(account: Option<Account>) -> String {
    account.map_or_else(|| "ghost".to_owned(), |account| account.login)
}

/// A label as an object or, which GitHub's description of issues allows as well, as its bare name.
#[derive(Deserialize)]
#[serde(from = "serde_json::Value")]
pub(super) struct Label(Option<String>);

impl From<serde_json::Value> for Label {
    fn from(value: serde_json::Value) -> Self {
        let name = value.as_str().or_else(|| value.get("name").and_then(serde_json::Value::as_str));
        Self(name.map(str::to_owned))
    }
}

/// The names; the description also allows a label without one.
pub(super) fn names(labels: Vec<Label>) -> Vec<String> {
    labels.into_iter().filter_map(|label| label.0).collect()
}

#[derive(Deserialize)]
pub(super) struct MilestoneOf {
    pub(super) number: u64,
    pub(super) title: String,
}

pub(super) fn state(text: &str) -> Result<State, String> {
    match text {
        "open" => Ok(State::Open),
        "closed" => Ok(State::Closed),
        other => Err(format!("{other:?} is neither open nor closed")),
    }
}

pub(super) fn filter(filter: StateFilter) -> &'static str {
    match filter {
        StateFilter::Open => "open",
        StateFilter::Closed => "closed",
        StateFilter::All => "all",
    }
}
