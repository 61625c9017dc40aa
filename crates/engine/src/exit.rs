use std::fmt;

/// How a run ended, as the process's exit code.
///
/// This is the published contract with scripts and CI; a test holds the numbers.
///
/// ```
/// use tminus_engine::Exit;
///
/// assert_eq!(Exit::Conflict.code(), 4);
/// assert!(Exit::World.safe_to_repeat());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// 0: everything asked for is done.
    Done,
    /// 1: no-go, or a finding: dirty tree, behind the remote, version location missing, credential refused,
    /// lock held, nothing to release.
    NoGo,
    /// 2: wrong usage, malformed configuration or file.
    Usage,
    /// 3: the outside world failed (no network, 5xx, 429 spent). Safe to run again.
    World,
    /// 4: conflict: the same name with other content.
    Conflict,
    /// 5: incomplete on purpose: an open gate, a wait that has not ended, a once-step of unknown outcome.
    Incomplete,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 7] = [
        Self::Done,
        Self::NoGo,
        Self::Usage,
        Self::World,
        Self::Conflict,
        Self::Incomplete,
        Self::Interrupted,
    ];

    /// The process exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NoGo => 1,
            Self::Usage => 2,
            Self::World => 3,
            Self::Conflict => 4,
            Self::Incomplete => 5,
            Self::Interrupted => 130,
        }
    }

    /// Whether running the same command again may help without anybody changing anything.
    pub fn safe_to_repeat(self) -> bool {
        matches!(self, Self::World | Self::Incomplete | Self::Interrupted)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::NoGo => "no-go",
            Self::Usage => "wrong usage or configuration",
            Self::World => "the outside world failed",
            Self::Conflict => "conflict",
            Self::Incomplete => "incomplete on purpose",
            Self::Interrupted => "interrupted",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_the_published_ones() {
        assert_eq!(Exit::ALL.map(Exit::code), [0, 1, 2, 3, 4, 5, 130]);
    }
}
