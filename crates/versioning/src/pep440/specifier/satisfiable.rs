use super::super::PreKind;
use super::super::parts::{Parts, Segment};
use super::{Operator, Prereleases, Specifier};

/// Whether some version, or the text of a `===`, can fulfil all clauses.
pub(super) fn is_satisfiable(clauses: &[Specifier<'_>], prereleases: Prereleases) -> bool {
    let arbitrary = clauses.iter().filter(|clause| clause.operator() == Operator::Arbitrary);
    let mut texts = arbitrary.map(Specifier::version);
    match texts.next() {
        None => interval_is_satisfiable(clauses, prereleases),
        Some(first) => {
            let first_lower = first.to_lowercase();
            texts.all(|text| text.to_lowercase() == first_lower)
                && text_is_admitted(clauses, first, prereleases)
        }
    }
}

/// Whether the only text that `===` leaves fulfils the other clauses.
fn text_is_admitted(clauses: &[Specifier<'_>], text: &str, prereleases: Prereleases) -> bool {
    let others = || clauses.iter().filter(|clause| clause.operator() != Operator::Arbitrary);
    match text.parse() {
        Ok(version) => {
            others().all(|clause| clause.contains(&version, prereleases))
            && super::admits(&version, prereleases)
            // Clauses that contradict each other are not asked about the text.
            && interval_is_satisfiable(clauses, prereleases)
        }
        Err(_) => others().next().is_none(),
    }
}

/// Whether there is a version between all bounds of the clauses, apart from `===`.
fn interval_is_satisfiable(clauses: &[Specifier<'_>], prereleases: Prereleases) -> bool {
    let mut from = Cut::first();
    let mut to = None;
    let mut holes = Vec::new();
    for clause in clauses {
        let Some((start, end)) = range(clause) else { continue };
        if clause.operator() == Operator::NotEqual {
            holes.push((start, end));
        } else {
            from = from.max(start);
            to = match (to, end) {
                (Some(to), Some(end)) => Some(Ord::min(to, end)),
                (to, end) => to.or(end),
            };
        }
    }
    holes.sort();
    let gap = |from: &Cut, to: Option<&Cut>| {
        let first = if prereleases == Prereleases::Exclude { &from.first_final() } else { from };
        to.is_none_or(|to| first < to)
    };
    for (start, end) in holes {
        if start > from && gap(&from, Some(to.as_ref().map_or(&start, |to| to.min(&start)))) {
            return true;
        }
        match end {
            Some(end) => from = from.max(end),
            None => return false,
        }
    }
    gap(&from, to.as_ref())
}

/// The versions that a clause asks for, or that `!=` leaves out: from one cut up to another.
fn range(clause: &Specifier<'_>) -> Option<(Cut, Option<Cut>)> {
    let parts = clause.clause.parts(clause.text);
    let before = Cut::before(&parts);
    Some(match clause.operator() {
        Operator::Arbitrary => return None,
        Operator::AtLeast => (before, None),
        Operator::AtMost => (Cut::first(), Some(before.after_locals())),
        Operator::Greater if parts.post.is_some() || parts.dev.is_some() => (before.after_locals(), None),
        Operator::Greater => (before.after_posts(), None),
        Operator::Less if parts.is_prerelease() => (Cut::first(), Some(before)),
        Operator::Less => (Cut::first(), Some(Cut::before(&Parts { dev: Some(0), ..parts }))),
        Operator::Equal | Operator::NotEqual if clause.is_wildcard() => (
            Cut::series(&parts, parts.count),
            Some(Cut::series(&parts, parts.count).next_series(parts.count)),
        ),
        Operator::Equal | Operator::NotEqual if parts.local.is_empty() => {
            let after = before.clone().after_locals();
            (before, Some(after))
        }
        Operator::Equal | Operator::NotEqual => {
            let after = Cut { after: true, ..before.clone() };
            (before, Some(after))
        }
        Operator::Compatible => {
            let count = parts.count - 1;
            (before, Some(Cut::series(&parts, count).next_series(count)))
        }
    })
}

/// A place in the order of versions at which nothing stands: right before a version, or right after a local one.
///
/// Cuts are made so that between two different ones there is always a version: the place after `1.0` and all its local
/// versions is the one before `1.0.post0.dev0`. Numbers are wider than those of versions, to have a next one for each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    epoch: u64,
    /// Without zeros at its end.
    release: Vec<u128>,
    phase: Phase,
    /// The number of a pre-release, else 0.
    pre: u128,
    post: Post,
    dev: Dev,
    local: Vec<Local>,
    after: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Dev,
    Pre(PreKind),
    Final,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Post {
    None,
    Number(u128),
    /// After all post-releases.
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Dev {
    Number(u128),
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Local {
    Text(Vec<u8>),
    Number(u64),
}

impl Cut {
    /// Before the oldest version, `0.dev0`.
    fn first() -> Self {
        Self::series(&Parts::default(), 0)
    }

    fn before(version: &Parts<'_>) -> Self {
        let phase = match (version.pre, version.post, version.dev) {
            (Some((kind, _)), ..) => Phase::Pre(kind),
            (None, None, Some(_)) => Phase::Dev,
            (None, ..) => Phase::Final,
        };
        let local = version.segments().map(|segment| match segment {
            Segment::Text(text) => Local::Text(text.to_ascii_lowercase()),
            Segment::Number(number) => Local::Number(number),
        });
        let mut cut = Self {
            epoch: version.epoch,
            release: version.numbers().map(u128::from).collect(),
            phase,
            pre: version.pre.map_or(0, |(_, number)| number.into()),
            post: version.post.map_or(Post::None, |number| Post::Number(number.into())),
            dev: version.dev.map_or(Dev::None, |number| Dev::Number(number.into())),
            local: local.collect(),
            after: false,
        };
        cut.trim();
        cut
    }

    /// Before everything whose release starts with the first `count` numbers of a version.
    fn series(version: &Parts<'_>, count: usize) -> Self {
        let mut cut = Self {
            epoch: version.epoch,
            release: version.numbers().take(count).map(u128::from).collect(),
            phase: Phase::Dev,
            pre: 0,
            post: Post::None,
            dev: Dev::Number(0),
            local: Vec::new(),
            after: false,
        };
        cut.trim();
        cut
    }

    /// After everything whose release starts like this one, of `count` numbers.
    fn next_series(mut self, count: usize) -> Self {
        self.release.resize(count, 0);
        if let Some(last) = self.release.last_mut() {
            *last += 1;
        }
        self
    }

    fn trim(&mut self) {
        while self.release.last() == Some(&0) {
            self.release.pop();
        }
    }

    /// After the version that this is the place before, and after all its local versions.
    fn after_locals(mut self) -> Self {
        self.local.clear();
        match (self.dev, self.post) {
            (Dev::Number(number), _) => self.dev = Dev::Number(number + 1),
            (Dev::None, Post::Number(number)) => {
                (self.post, self.dev) = (Post::Number(number + 1), Dev::Number(0));
            }
            (Dev::None, _) => (self.post, self.dev) = (Post::Number(0), Dev::Number(0)),
        }
        self
    }

    /// After the final or pre-release that this is the place before, and after all its post-releases.
    fn after_posts(mut self) -> Self {
        if self.phase == Phase::Final {
            self.post = Post::All;
        } else {
            (self.pre, self.dev) = (self.pre + 1, Dev::Number(0));
        }
        self
    }

    /// The first place from here on that is before a version which is no pre-release, or before many of them.
    fn first_final(&self) -> Self {
        let mut first = self.clone();
        if first.phase != Phase::Final {
            (first.phase, first.pre, first.post) = (Phase::Final, 0, Post::None);
            first.local.clear();
            first.after = false;
        } else if first.dev != Dev::None {
            first.local.clear();
            first.after = false;
        }
        first.dev = Dev::None;
        first
    }
}
