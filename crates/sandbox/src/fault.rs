use std::time::Duration;

/// One thing that goes wrong, and when.
///
/// A fault looks at every request whose method and path fit. It lets the first `skip` of them pass and then strikes
/// `times` times. Of several faults that fit, the first one added that is due strikes; the others count the request
/// as seen.
///
/// ```
/// use tminus_sandbox::{Fault, FaultAction};
///
/// let lost_answer = Fault::new("POST", "/legacy/", FaultAction::ResetAfter);
/// let third_listing = Fault::new("GET", "/simple/", FaultAction::status(503)).skip(2);
/// assert_eq!((lost_answer.times, third_listing.skip), (1, 2));
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    /// The method it fits, any when `None`.
    pub method: Option<String>,
    /// What the path must begin with, as sent and with its leading slash.
    pub path_prefix: String,
    /// How many fitting requests pass first.
    pub skip: u32,
    /// How often it strikes; `u32::MAX` is for ever.
    pub times: u32,
    /// What happens.
    pub action: FaultAction,
}

/// What a [`Fault`] does.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FaultAction {
    /// Answers this and does nothing.
    Status {
        /// The status code.
        code: u16,
        /// Headers of the answer, such as `Retry-After`.
        headers: Vec<(String, String)>,
        /// The body of the answer.
        body: String,
    },
    /// Waits before it does what was asked.
    Delay(Duration),
    /// Resets the connection; nothing was done.
    ResetBefore,
    /// Does what was asked, then resets the connection: the answer is lost.
    ResetAfter,
    /// Lets an uploaded file be missing from the next `listings` listings of its project. The prefix of such a fault
    /// is compared with the upload path, and with the page of the project, `/simple/NAME/`; only uploads count.
    IndexLag {
        /// How many listings do not show the file yet.
        listings: u32,
    },
    /// Does what was asked, announces the whole answer and sends the first half of it.
    Truncate,
}

impl FaultAction {
    /// Answers with a bare status.
    pub fn status(code: u16) -> Self {
        Self::Status { code, headers: Vec::new(), body: String::new() }
    }

    /// Answers as GitHub does when requests come too fast: 403 with `Retry-After`.
    pub fn secondary_rate_limit(retry_after_seconds: u32) -> Self {
        let body = serde_json::json!({
            "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
            "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            "status": "403",
        });
        Self::Status {
            code: 403,
            headers: vec![
                ("Retry-After".into(), retry_after_seconds.to_string()),
                ("Content-Type".into(), "application/json; charset=utf-8".into()),
            ],
            body: body.to_string(),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Delay(_) => "delay",
            Self::ResetBefore => "reset-before",
            Self::ResetAfter => "reset-after",
            Self::IndexLag { .. } => "index-lag",
            Self::Truncate => "truncate",
        }
    }
}

impl Fault {
    /// Strikes the first request of this method whose path begins so.
    pub fn new(method: &str, path_prefix: &str, action: FaultAction) -> Self {
        Self {
            method: Some(method.to_owned()),
            path_prefix: path_prefix.to_owned(),
            skip: 0,
            times: 1,
            action,
        }
    }

    /// The next uploaded file of any project is missing from this many listings.
    pub fn index_lag(listings: u32) -> Self {
        Self::new("POST", "/legacy/", FaultAction::IndexLag { listings })
    }

    /// Lets this many fitting requests pass first.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Strikes this often instead of once.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }
}

/// The faults that are set, each with its own counters.
#[derive(Debug, Default)]
pub(crate) struct FaultTable {
    faults: Vec<Fault>,
}

impl FaultTable {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    /// The fault that strikes this request, counted.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<FaultAction> {
        self.take(|fault| {
            !matches!(fault.action, FaultAction::IndexLag { .. })
                && fault.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && path.starts_with(&fault.path_prefix)
        })
    }

    /// How many listings an accepted upload of this project stays out of, counted.
    pub(crate) fn lag(&mut self, project: &str) -> Option<u32> {
        let page = format!("/simple/{project}/");
        let action = self.take(|fault| {
            matches!(fault.action, FaultAction::IndexLag { .. })
                && ("/legacy/".starts_with(&fault.path_prefix) || page.starts_with(&fault.path_prefix))
        })?;
        match action {
            FaultAction::IndexLag { listings } => Some(listings),
            _ => None,
        }
    }

    fn take(&mut self, fits: impl Fn(&Fault) -> bool) -> Option<FaultAction> {
        let mut struck = None;
        for fault in self.faults.iter_mut().filter(|fault| fits(fault)) {
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if fault.times > 0 && struck.is_none() {
                if fault.times != u32::MAX {
                    fault.times -= 1;
                }
                struck = Some(fault.action.clone());
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(faults: &[Fault], requests: &[(&str, &str)], expected: &[Option<&str>]) {
        let mut table = FaultTable::default();
        faults.iter().cloned().for_each(|fault| table.add(fault));
        let got: Vec<Option<&str>> = requests
            .iter()
            .map(|(method, path)| table.strike(method, path).map(|action| action.name()))
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn skip_and_times() {
        let get = [("GET", "/simple/a/"); 5];
        let reset = || Fault::new("GET", "/simple/", FaultAction::ResetBefore);
        check(&[reset()], &get[..2], &[Some("reset-before"), None]);
        check(
            &[reset().skip(1).times(2)],
            &get[..4],
            &[None, Some("reset-before"), Some("reset-before"), None],
        );
        check(&[reset().times(0)], &get[..1], &[None]);
        check(&[reset().times(u32::MAX)], &get, &[Some("reset-before"); 5]);
        check(&[reset()], &[("POST", "/simple/a/"), ("GET", "/legacy/")], &[None, None]);
    }

    #[test]
    fn several_faults_take_turns() {
        let first = Fault::new("GET", "/", FaultAction::status(500));
        let second = Fault { method: None, ..Fault::new("", "/", FaultAction::Truncate) };
        check(&[first, second], &[("GET", "/"); 3], &[Some("status"), Some("truncate"), None]);
    }

    #[test]
    fn lag_counts_uploads_only() {
        let mut table = FaultTable::default();
        table.add(Fault::index_lag(3));
        assert!(table.strike("POST", "/legacy/").is_none());
        assert_eq!(table.lag("demo"), Some(3));
        assert_eq!(table.lag("demo"), None);
        table.add(Fault::new("POST", "/simple/demo/", FaultAction::IndexLag { listings: 1 }));
        assert_eq!(table.lag("other"), None);
        assert_eq!(table.lag("demo"), Some(1));
    }
}
