//! Who had pull requests merged before.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Deserialize;
use tminus_http::Safety;

use super::super::graphql::quoted;
use super::super::{GitHub, malformed};
use super::READ;
use crate::{Contributor, ForgeError};

/// Searches in one query.
const BATCH: usize = 25;

#[derive(Deserialize)]
struct Found {
    total_count: u64,
}

impl GitHub {
    pub(super) async fn contributed(
        &self,
        people: &[Contributor],
    ) -> Result<BTreeMap<String, bool>, ForgeError> {
        let mut asked: BTreeMap<&str, i64> = BTreeMap::new();
        for one in people {
            let before = asked.entry(&one.login).or_insert(one.before);
            *before = one.before.min(*before);
        }
        let searches: Vec<(&str, String)> = asked
            .into_iter()
            .filter_map(|(login, before)| Some((login, self.terms(login, before)?)))
            .collect();
        let mut told = BTreeMap::new();
        if self.has_credential() {
            for chunk in searches.chunks(BATCH) {
                self.search_batch(chunk, &mut told).await?;
            }
            return Ok(told);
        }
        // Anonymous searches are few in a minute, so there is no hurry.
        for (login, terms) in searches {
            let mut url = self.root(&["search", "issues"]);
            url.query_pairs_mut().append_pair("q", &terms).append_pair("per_page", "1");
            let call = self.call(&format!("the earlier pull requests of {login}"), READ);
            let found: Found = self.get(&url, &call).await?;
            told.insert(login.to_owned(), found.total_count > 0);
        }
        Ok(told)
    }

    /// The search for one login; `None` where it cannot be asked about.
    fn terms(&self, login: &str, before: i64) -> Option<String> {
        let moment = Timestamp::from_second(before).ok()?;
        let (prefix, name) = login.strip_suffix("[bot]").map_or(("", login), |app| ("app/", app));
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let known = plain && !name.is_empty() && login != "ghost";
        known.then(|| {
            format!("repo:{} is:pr is:merged author:{prefix}{name} merged:<{moment}", self.repository)
        })
    }

    async fn search_batch(
        &self,
        searches: &[(&str, String)],
        told: &mut BTreeMap<String, bool>,
    ) -> Result<(), ForgeError> {
        let mut query = "query {".to_owned();
        for (at, (_, terms)) in searches.iter().enumerate() {
            let terms = quoted(terms);
            let _ = write!(query, " a{at}: search(type: ISSUE, query: {terms}, first: 1) {{ issueCount }}");
        }
        query.push_str(" }");
        let call = self.call("the earlier pull requests of its contributors", READ);
        let answered = self.query(&query, Safety::Safe, &call).await?;
        if let Some(error) = answered.errors.first() {
            let words = error.message.clone();
            return Err(ForgeError::Invalid { what: call.what, words, already_exists: false });
        }
        for (at, (login, _)) in searches.iter().enumerate() {
            let count =
                answered.data.get(&format!("a{at}")).and_then(|found| found.get("issueCount")?.as_u64());
            let count = count.ok_or_else(|| malformed(&call, "a search without a count"))?;
            told.insert((*login).to_owned(), count > 0);
        }
        Ok(())
    }
}
