/// Whether an issue or a milestone is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Open.
    Open,
    /// Closed.
    Closed,
}

/// Which issues or milestones to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum StateFilter {
    /// The open ones.
    #[default]
    Open,
    /// The closed ones.
    Closed,
    /// Both.
    All,
}
